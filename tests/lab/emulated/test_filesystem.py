"""What a program in the cage finds: the system, its interpreter, and what belongs to its command."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("the cage needs Linux", allow_module_level=True)

from scripts.lab import LabError, Settings, run
from scripts.lab.emulated.paths import MOST_LINKS, OWN, Way, installation, needs
from scripts.lab.settings import Program
from tests.patience import PATIENCE

NEAR = Settings("emulated", 0.0, 0.0)


@pytest.fixture
def place():
    """A folder that every user may enter, which pytest's own is not."""
    place = Path(tempfile.mkdtemp())
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


def outcome(command, **options):
    done = run(command, NEAR, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, **options)
    assert done.returncode == 0, done.stderr
    return done


def printed(program, *arguments, **options):
    """What a program in Python prints."""
    return outcome([sys.executable, "-c", program, *arguments], **options).stdout.decode().strip()


def test_a_program_finds_its_own_folder_and_the_one_it_is_run_in(place):
    for name in ("own", "here", "neither"):
        (place / name).mkdir()
        (place / name / "module.py").write_text(f"print({name!r})")
    program = place / "own" / "program.py"
    program.write_text("import module, os; print(os.listdir(), sorted(os.listdir('..')))")
    told = outcome([sys.executable, str(program)], cwd=place / "here").stdout.decode()
    assert told.splitlines() == ["own", "['module.py'] ['here', 'own']"]


def test_a_file_in_a_broad_folder_is_shown_alone():
    with tempfile.NamedTemporaryFile("w", suffix=".py") as program, tempfile.NamedTemporaryFile() as other:
        os.chmod(program.name, 0o644)
        program.write("import os, sys; print(os.path.exists(sys.argv[1]))")
        program.flush()
        told = outcome(["sh", "-c", f"{sys.executable} {program.name} {other.name}", program.name]).stdout
    assert told == b"False\n"


def test_what_more_a_program_may_read_or_write(place):
    (place / "data").write_text("data")
    (place / "results").mkdir()
    (place / "results").chmod(0o777)
    program = "import sys; open(sys.argv[1] + '/copy', 'w').write(open(sys.argv[2]).read())"
    # Which the command does not name.
    names = f"sys.argv += [{str(place / 'results')!r}, {str(place / 'data')!r}]"
    printed(f"import sys; {names}; {program}", readable=[place / "data"], writable=[place / "results"])
    assert (place / "results" / "copy").read_text() == "data"


def test_a_folder_within_one_that_is_shown_can_be_written_to(place):
    (place / "results").mkdir()
    (place / "results").chmod(0o777)
    program = "open('results/made', 'w').close()\ntry: open('made', 'w')\nexcept OSError as error: print(error.errno)"
    assert printed(program, cwd=place, writable=[place / "results"]) == "30"
    assert (place / "results" / "made").exists()


@pytest.mark.parametrize("folder", ["/tmp", "/proc", "/dev/shm", "/run"])
def test_a_folder_of_which_the_lab_has_its_own_cannot_be_given(folder):
    if not Path(folder).exists():
        pytest.skip("there is none here")
    with pytest.raises(LabError, match=f"the lab has its own {folder}, or none"):
        run(["true"], NEAR, writable=[folder])
    with pytest.raises(LabError, match=f"the lab has its own {folder}, or none"):
        run(["true"], NEAR, cwd=folder)


def test_a_path_that_is_not_there_cannot_be_given(place):
    with pytest.raises(LabError, match="there is no .*/missing that the command could read or write"):
        run(["true"], NEAR, readable=[place / "missing"])


def test_links_lead_where_they_lead_outside(place):
    (place / "real" / "bin").mkdir(parents=True)
    (place / "real" / "lib").write_text("installed")
    shutil.copy(shutil.which("cat"), place / "real" / "bin" / "cat")
    (place / "linked").symlink_to(place / "real")
    (place / "cat").symlink_to("linked/bin/cat")
    assert outcome([str(place / "cat"), str(place / "linked" / "lib")]).stdout == b"installed"


def test_a_linked_installation_is_whole_also_where_the_command_names_a_program_in_it(place):
    (place / "real" / "bin").mkdir(parents=True)
    (place / "real" / "lib").write_text("installed")
    (place / "real" / "bin" / "tool").write_text('#!/bin/sh\ncat "${0%/bin/tool}/lib"')
    (place / "real" / "bin" / "tool").chmod(0o755)
    (place / "linked").symlink_to(place / "real")
    assert outcome([str(place / "linked" / "bin" / "tool")]).stdout == b"installed"


def test_links_to_links_lead_where_they_lead_outside(place):
    for name in ("a", "b", "c/d"):
        (place / name).mkdir(parents=True)
    (place / "c" / "d" / "data").write_text("data")
    (place / "b" / "second").symlink_to("../c/d")
    (place / "a" / "first").symlink_to(place / "b" / "second")
    assert Way.of(f"{place}/a/first/data") == (
        f"{place}/c/d/data",
        [(f"{place}/a/first", f"{place}/b/second"), (f"{place}/b/second", "../c/d")],
    )
    assert outcome(["cat", f"{place}/a/first/data"]).stdout == b"data"


def test_links_that_go_round_end():
    with tempfile.TemporaryDirectory() as place:
        os.symlink("round", f"{place}/round")
        assert len(Way.of(f"{place}/round").links) == MOST_LINKS


def test_an_installation_is_found_from_each_link_to_a_program(place):
    for name in ("python", "venv"):
        (place / name / "bin").mkdir(parents=True)
    (place / "python" / "bin" / "python3").touch()
    (place / "venv" / "bin" / "python").symlink_to(place / "python" / "bin" / "python3")
    assert list(installation(str(place / "venv" / "bin" / "python"))) == [
        str(place / "venv"),
        str(place / "python"),
    ]


def test_an_environment_without_links_names_the_interpreter_it_came_from(place):
    (place / "venv" / "bin").mkdir(parents=True)
    (place / "venv" / "bin" / "python").touch()
    (place / "venv" / "pyvenv.cfg").write_text(f"home = {place}/python/bin\nversion = 3.14.0\n")
    found = list(installation(str(place / "venv" / "bin" / "python")))
    assert found == [str(place / "venv"), f"{place}/python"]


def test_a_home_is_not_shown_for_the_programs_in_its_bin(place, monkeypatch):
    monkeypatch.setenv("HOME", str(place))
    (place / "bin").mkdir()
    (place / "bin" / "tool").touch()
    assert list(installation(str(place / "bin" / "tool"))) == [str(place / "bin")]
    assert str(place) not in needs(Program((str(place / "bin" / "tool"),)))


def test_home_and_temporary_files_are_in_the_programs_own_folder(place):
    program = "import os, pathlib, tempfile; print(pathlib.Path.home(), tempfile.gettempdir())"
    env = {"HOME": "/root", "TMPDIR": "/var/tmp", "PATH": os.environ["PATH"]}
    assert printed(program, env=env) == f"{OWN} {OWN}"
    place.chmod(0o777)
    assert printed(program, env=env | {"HOME": str(place)}, writable=[place]) == f"{place} {OWN}"


def test_semaphores_and_shared_memory_work():
    program = (
        "from multiprocessing import Lock, shared_memory\n"
        "with Lock(): pass\n"
        "memory = shared_memory.SharedMemory(create=True, size=10); memory.close(); memory.unlink(); print('done')"
    )
    assert printed(program) == "done"


def test_a_terminal_can_be_made():
    assert printed("import os, pty; ours, theirs = pty.openpty(); print(os.ttyname(theirs))") == "/dev/pts/0"


@pytest.mark.skipif(os.getuid() != 0, reason="only root becomes nobody")
def test_root_stays_root_where_nobody_else_may_read_and_a_note_says_so(place):
    (place / "closed").mkdir(0o700)
    done = outcome(["id", "-u"], cwd=place / "closed")
    assert done.stdout == b"0\n"
    assert f"the program ran as root: nobody else may use {place}/closed" in done.notes
    assert outcome(["id", "-u"], cwd=place).stdout == b"65534\n"
