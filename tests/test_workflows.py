"""What GitHub runs: pinned, and allowed no more than it needs."""

import re

import pytest
import yaml

from scripts.files import ROOT

FILES = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(params=FILES, ids=lambda file: file.stem)
def workflow(request):
    return yaml.safe_load(request.param.read_text("utf-8"))


def steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_every_action_is_pinned_by_its_commit(workflow):
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)


def test_no_job_may_write_but_the_one_that_deploys(workflow):
    assert workflow["permissions"] == {"contents": "read"}
    writes = {
        name: {what for what, right in job.get("permissions", {}).items() if right == "write"}
        for name, job in workflow["jobs"].items()
    }
    assert all(
        not rights or (name == "deploy" and rights == {"pages", "id-token"})
        for name, rights in writes.items()
    )


def test_no_checkout_keeps_a_token_and_no_job_runs_for_ever(workflow):
    for step in steps(workflow):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False
    assert all("timeout-minutes" in job for job in workflow["jobs"].values())


def test_every_change_is_proved_on_each_python_that_the_makefile_takes():
    check = yaml.safe_load((ROOT / ".github" / "workflows" / "check.yml").read_text("utf-8"))
    oldest = re.search(r"version_info < \(3, (\d+)\)", (ROOT / "Makefile").read_text("utf-8"))[1]
    pythons = check["jobs"]["linux"]["strategy"]["matrix"]["python"]
    assert pythons == [f"3.{minor}" for minor in range(int(oldest), int(oldest) + len(pythons))]
    assert "3.15" in pythons


def test_everything_pinned_is_looked_at_for_updates():
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text("utf-8"))["updates"]
    watched = {
        folder.strip("/") for each in updates for folder in each.get("directories", [each.get("directory")])
    }
    pinned = [
        *ROOT.glob("requirements*.in"),
        *ROOT.glob("r*/requirements.in"),
        *ROOT.glob("scripts/*/*/requirements.in"),
    ]
    locked = [*ROOT.glob("runner/package-lock.json"), *ROOT.glob("scripts/*/package-lock.json")]
    assert {path.parent.relative_to(ROOT).as_posix().strip(".") for path in [*pinned, *locked]} <= watched
