"""The front end of the runner: built once, whole or not at all, and missed in a sentence."""

import errno
import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from scripts.files import Cache
from scripts.page import current
from scripts.page.runner import bundle
from scripts.page.runner.bundle import (
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

EXPERIMENT = """
import json, sys
sys.path = [sys.argv[1], *sys.path]
from scripts.page.runner.experiment import run
asked = json.load(sys.stdin)
print(json.loads(run(json.dumps(asked), lambda text: None))["summary"])
print(*sorted({module.__file__ for name, module in sys.modules.items() if name.startswith("scripts") and module.__file__}))
"""
ASKED = {
    "program": "import time\ntime.sleep(3)", "pages": 10, "rtt": 0.1, "service_time": 0.1, "body_size": 1,
    "faults": [], "recorded": {"wall": 1, "cpu": 0, "busy": [], "connections": [], "about": ""},
}  # fmt: skip


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine on which nothing has been built and there is no npm, of any kind."""
    monkeypatch.setattr(bundle, "KEPT", Cache(tmp_path / "kept", 1 << 20))
    monkeypatch.setattr(bundle.shutil, "which", lambda name, path=None: None)
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


def test_what_npm_put_among_the_sources_is_none_of_them(monkeypatch, tmp_path):
    shutil.copytree(SOURCES, tmp_path / "runner")
    monkeypatch.setattr(bundle, "SOURCES", tmp_path / "runner")
    before = bundle.state(bundle.sources())
    (tmp_path / "runner" / "node_modules" / "esbuild").mkdir(parents=True, exist_ok=True)
    (tmp_path / "runner" / "node_modules" / "esbuild" / "index.js").write_text("")
    assert bundle.state(bundle.sources()) == before
    (tmp_path / "runner" / "new.js").write_text("")
    assert bundle.state(bundle.sources()) != before


BUILT_BY_A_COPY = """
import shutil, sys
from pathlib import Path
from scripts.files import Cache
from scripts.files import Cache
from scripts.page import current
from scripts.page.runner import bundle
bundle.KEPT = Cache(Path(sys.argv[1]), 1 << 20)
bundle.tools = lambda: ([], [])
bundle.packages = lambda npm: bundle.packed(bundle.SOURCES / "src")
bundle.call = lambda command, folder: shutil.copytree(bundle.SOURCES / "src", folder / "built") and (KILL)
bundle.front_end()
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGKILL on this system")
def test_a_build_that_is_killed_leaves_nothing_for_long(tmp_path):
    for kill, status in (("os.kill(os.getpid(), 9)", -9), ("None", 0)):
        program = "import os" + BUILT_BY_A_COPY.replace("(KILL)", kill)
        assert subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT).returncode == status
    assert [path.name[:6] for path in tmp_path.iterdir()] == ["built-"]


@pytest.mark.usefixtures("nowhere")
def test_where_there_is_no_room_to_build_it_the_site_goes_without(monkeypatch, caplog):
    def full(npm):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(bundle, "tools", lambda: ([], []))
    monkeypatch.setattr(bundle, "packages", full)
    assert Bundle().name is None
    assert "No space left on device" in caplog.text


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
    current.forget()
    assert "装不出浏览器里的运行器" in runner("tasks")
    assert "there is no npm: install Node.js" in caplog.text
    current.runner().publish(tmp_path / "site")
    assert not (tmp_path / "site").exists()


@pytest.mark.usefixtures("nowhere")
def test_a_step_that_fails_says_which_and_why(monkeypatch, tmp_path):
    fail = [sys.executable, "-c", "import sys; sys.exit('no such package')"]
    monkeypatch.setattr(bundle, "tools", lambda: (fail, fail))
    with pytest.raises(NoFrontEnd, match=r"(?s) ci failed in .*no such package"):
        front_end()
    assert list(tmp_path.glob("kept/*")) == []


@pytest.mark.usefixtures("nowhere")
def test_a_program_that_is_not_there_is_told():
    with pytest.raises(NoFrontEnd, match="there-is-none build.mjs failed in"):
        bundle.call(["there-is-none", "build.mjs"], ROOT)
