"""The front end of the runner: built once, whole or not at all, and missed in a sentence."""

import json
import subprocess
import sys
import time
import zipfile

import pytest

from scripts.page.runner import bundle
from scripts.page.runner.bundle import (
    KEPT,
    MODULES,
    PROJECT,
    ROOT,
    SOURCES,
    Bundle,
    NoFrontEnd,
    front_end,
    project,
)
from scripts.page.runner.section import runner
from scripts.site.watchdog import watching

EXPERIMENT = """
import json, sys
sys.path = [sys.argv[1], *sys.path]
from scripts.page.runner.experiment import run
asked = json.load(sys.stdin)
print(json.loads(run(json.dumps(asked), lambda text: None))["told"])
print(*sorted({module.__file__ for name, module in sys.modules.items() if name.startswith("scripts") and module.__file__}))
"""
ASKED = {
    "program": "import time\ntime.sleep(3)", "pages": 10, "rtt": 0.1, "service_time": 0.1, "body_size": 1,
    "faults": [], "recorded": {"wall": 1, "cpu": 0, "busy": [], "connections": [], "about": ""},
}  # fmt: skip


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine on which nothing has been built and there is no npm, of any kind."""
    monkeypatch.setattr(bundle, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(bundle.shutil, "which", lambda name: None)
    monkeypatch.setattr(bundle.importlib.util, "find_spec", lambda name: None)


def test_the_lock_file_names_no_address():
    lock = json.loads((SOURCES / "package-lock.json").read_text("utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert not any("resolved" in package for package in packages)
    assert all("integrity" in package for package in packages)


def test_the_worker_gets_every_module_that_it_needs_and_no_second_copy(tmp_path):
    (tmp_path / PROJECT).write_bytes(project())
    with zipfile.ZipFile(tmp_path / PROJECT) as archive:
        archive.extractall(tmp_path / "alone")
    command = [sys.executable, "-I", "-c", EXPERIMENT, str(tmp_path / "alone")]
    told = subprocess.run(command, input=json.dumps(ASKED), capture_output=True, text=True, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    said, files = told.stdout.splitlines()
    assert "墙钟 3 秒" in said
    assert all(file.startswith(str(tmp_path)) for file in files.split())
    assert project() == project()


@pytest.mark.parametrize("pattern", MODULES)
def test_every_module_that_is_named_exists(pattern):
    assert list(ROOT.glob(pattern))


def test_what_is_built_is_kept(monkeypatch):
    built = front_end()
    monkeypatch.setattr(bundle, "tools", lambda: pytest.fail("built again"))
    assert front_end() == built
    assert built.parent == KEPT


def test_a_site_holds_it_under_the_name_of_its_content_if_a_page_asks(tmp_path):
    here = Bundle()
    here.publish(tmp_path)
    assert list(tmp_path.iterdir()) == []
    name = here.name
    here.publish(tmp_path)
    folder = tmp_path / "assets" / "runner" / name
    assert {file.name for file in folder.iterdir()} >= {"panel.js", "worker.js", "pyodide.asm.wasm", PROJECT}


def test_another_module_makes_another_name(monkeypatch):
    before = Bundle().name
    monkeypatch.setattr(bundle, "project", lambda: b"another")
    assert Bundle().name != before


@pytest.mark.usefixtures("nowhere")
def test_without_npm_the_site_is_built_and_says_what_is_missing(tmp_path, caplog):
    bundle.begin()
    assert "装不出浏览器里的运行器" in runner("tasks")
    assert "there is no npm: install Node.js" in caplog.text
    bundle.current.publish(tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.usefixtures("nowhere")
def test_a_step_that_fails_says_which_and_why(monkeypatch):
    fail = [sys.executable, "-c", "import sys; sys.exit('no such package')"]
    monkeypatch.setattr(bundle, "tools", lambda: (fail, fail))
    with pytest.raises(NoFrontEnd, match=r"(?s) ci failed in .*no such package"):
        front_end()
    assert [path for path in bundle.KEPT.iterdir() if path.is_dir()] == []


@pytest.mark.usefixtures("nowhere")
def test_a_program_that_is_not_there_is_told():
    with pytest.raises(NoFrontEnd, match="there-is-none build.mjs failed in"):
        bundle.call(["there-is-none", "build.mjs"], ROOT)


@pytest.mark.measures
def test_what_npm_takes_does_not_count_for_the_block_that_asks(monkeypatch):
    def slow():
        ends = time.monotonic() + 0.3
        while time.monotonic() < ends:
            pass
        raise NoFrontEnd("after all")

    monkeypatch.setattr(bundle, "front_end", slow)
    with watching("docs/zh/x.md:3", 0.1):
        assert Bundle().name is None
