"""Commands in the cage: what reaches them, what they cannot reach, and that nothing outlives them."""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.lab import Fault, LabOverflow, Settings, run
from scripts.lab.output import MOST_OUTPUT
from tests.lab.killed import killed
from tests.lab.nobody import NOBODY, interpreter_of_nobody
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parent.parent.parent
QUICK = Settings(link="emulated", rtt=0.02, service_time=0.02)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the emulated link needs Linux")


def python(program, settings=QUICK, **options):
    command = [sys.executable, "-c", program]
    return run(command, settings, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, **options)


def printed(program, settings=QUICK):
    outcome = python(program, settings)
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.decode().strip()


def test_output_and_status_of_the_command_are_passed_through():
    outcome = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert (outcome.stdout, outcome.stderr, outcome.returncode) == (b"out\n", b"err\n", 7)


FLOOD = """
import os, sys
with open(int(sys.argv[1]), "wb", closefd=False) as stream:
    while True:
        stream.write(b"y" * 100_000)
"""


@pytest.mark.parametrize("link", ["emulated", "loopback"])
@pytest.mark.parametrize("stream", [1, 2])
def test_who_prints_without_end_is_killed_and_what_it_printed_is_bounded(link, stream):
    command, pipes = (
        [sys.executable, "-c", FLOOD, str(stream)],
        {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE},
    )
    with pytest.raises(LabOverflow, match="killed when it had printed 16 MiB") as overflow:
        run(command, replace(QUICK, link=link), timeout=PATIENCE, **pipes)
    assert [len(overflow.value.stdout), len(overflow.value.stderr)][stream - 1] == MOST_OUTPUT


def test_the_command_line_does_not_depend_on_docstrings():
    lab = [sys.executable, "-OO", "-m", "scripts.lab", "--rtt", "0", "--", sys.executable, "-c", "print(1)"]
    assert subprocess.run(lab, cwd=ROOT, capture_output=True, timeout=PATIENCE).stdout == b"1\n"


def test_a_signal_that_ended_the_command_is_told():
    assert python("import os; os.kill(os.getpid(), 9)").returncode == -signal.SIGKILL


def test_a_command_that_does_not_exist_ends_with_127_and_its_name():
    outcome = run(["no-such-program"], QUICK, stderr=subprocess.PIPE)
    assert outcome.returncode == 127
    assert b"no-such-program" in outcome.stderr


def test_the_page_comes_over_a_link_of_the_length_asked_for():
    program = "import urllib.request as u; print(len(u.urlopen('http://example.com/a').read()))"
    outcome = python(program)
    assert outcome.stdout == b"9000\n"
    assert outcome.link == "emulated"
    (connection,) = outcome.connections
    assert connection.established - connection.syn >= 0.02
    assert connection.first_byte - connection.request >= 0.04
    assert connection.last_byte >= connection.first_byte
    assert connection.closed is not None


def test_the_command_keeps_its_user_unless_that_is_root_and_has_no_capability():
    program = "import os; print(os.getuid(), [l for l in open('/proc/self/status') if l.startswith('Cap')])"
    user, _, capabilities = printed(program).partition(" ")
    assert int(user) == (os.getuid() or NOBODY)
    assert "CapEff:\\t0000000000000000" in capabilities


def test_a_server_outside_the_lab_cannot_be_reached():
    with socket.create_server(("127.0.0.1", 0)) as outside:
        address = outside.getsockname()
        program = f"import socket; print(socket.socket().connect_ex({address!r}))"
        assert printed(program) != "0"


def test_no_other_network_and_no_other_name_exist():
    program = (
        "import errno, socket\n"
        "assert socket.socket().connect_ex(('198.51.100.1', 80)) == errno.ENETUNREACH\n"
        "try: socket.getaddrinfo('example.org', 80)\n"
        "except socket.gaierror: print('unknown')\n"
        "print(sorted(name for _, name in socket.if_nameindex() if name.startswith(('lab', 'lo', 'eth'))))"
    )
    assert printed(program).splitlines() == ["unknown", "['lab0', 'lab1', 'lo']"]


def test_processes_of_the_machine_cannot_be_seen():
    assert (
        printed("import os; print(os.getppid(), len([p for p in os.listdir('/proc') if p.isdigit()]))")
        == "1 4"
    )


def test_runs_from_threads_do_not_disturb_each_other():
    with ThreadPoolExecutor(4) as pool:
        printouts = pool.map(printed, [f"print({number})" for number in range(4)])
    assert list(printouts) == ["0", "1", "2", "3"]


ENDLESS_FAMILY = (
    "import os, time; os.fork(); os.setsid() if os.fork() else 0; os.write(1, b'up'); time.sleep(600)"
)


def test_a_timeout_ends_the_command_and_all_it_started():
    assert killed(ENDLESS_FAMILY, QUICK, until=b"up" * 4) == b"up" * 4


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_nothing_outlives_a_caller_that_is_killed(number):
    command = [
        sys.executable,
        "-m",
        "scripts.lab",
        "--link",
        "emulated",
        "--",
        sys.executable,
        "-c",
        ENDLESS_FAMILY,
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, start_new_session=True) as lab:
        assert lab.stdout.read(2) == b"up"
        lab.send_signal(number)
        lab.communicate(timeout=PATIENCE)  # ends when the last process that holds the output has ended


BOMB = """
import os, time
try:
    while True:
        os.fork()
except BlockingIOError:
    os.write(1, b"!")
time.sleep(600)
"""


def test_a_snippet_that_forks_without_end_is_stopped_by_the_limit():
    if any("no limit on processes" in note for note in python("").notes):
        pytest.skip("this kernel has no limit per namespace, and without one it would hit the machine")
    printed = killed(BOMB, Settings("emulated", max_processes=310), until=b"!")
    assert 1 <= len(printed) <= 310  # numbers, of which a namespace may keep some


def test_a_snippet_that_fills_memory_gets_a_memory_error():
    outcome = python("b = bytearray(1 << 30)", Settings("emulated", max_memory=256 << 20))
    assert outcome.returncode == 1
    assert b"MemoryError" in outcome.stderr


def test_the_nth_connection_is_refused_a_round_trip_later():
    program = (
        "import socket, time\n"
        "for _ in range(3):\n"
        "    with socket.socket() as s:\n"
        "        start = time.perf_counter()\n"
        "        print(s.connect_ex(('example.com', 80)), time.perf_counter() - start > 0.02)"
    )
    settings = Settings("emulated", rtt=0.02, service_time=0.0, faults=(Fault("refuse", "2"),))
    assert printed(program, settings).splitlines() == ["0 True", "111 True", "0 True"]


def test_the_first_connection_can_be_refused_even_on_a_link_of_no_length():
    program = "import socket; print(socket.socket().connect_ex(('example.com', 80)))"
    settings = Settings("emulated", rtt=0.0, service_time=0.0, faults=(Fault("refuse", "1"),))
    assert printed(program, settings).strip() == "111"


def test_cpu_of_descendants_that_nobody_waited_for_is_counted():
    program = (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    while time.process_time() < 0.3: pass\n"
        "    os._exit(0)\n"
        "os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)"
    )
    assert python(program).orphans_cpu >= 0.3


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become nobody")
def test_nobody_gets_an_emulated_link_too():
    interpreter = interpreter_of_nobody()
    program = (
        "import os, urllib.request as u; print(os.getuid(), len(u.urlopen('http://example.com/').read()))"
    )
    command = [
        interpreter,
        "-m",
        "scripts.lab",
        "--link",
        "emulated",
        "--rtt",
        "0.02",
        "--",
        interpreter,
        "-c",
        program,
    ]
    lab = subprocess.run(
        command, cwd=ROOT, user=NOBODY, group=NOBODY, capture_output=True, text=True, timeout=PATIENCE
    )
    assert lab.stdout.split() == [str(NOBODY), "9000"], lab.stderr


FORBIDDING = """
import os, sys
from scripts.lab.emulated import linux
linux.unshare(linux.CLONE_NEWUSER)
open("/proc/sys/user/max_user_namespaces", "w").write("0")
os.execv(sys.executable, [sys.executable, "-m", "scripts.lab", *sys.argv[1:]])
"""


def where_namespaces_are_forbidden(*arguments):
    command = [
        sys.executable,
        "-c",
        FORBIDDING,
        *arguments,
        "--rtt",
        "0.01",
        "--",
        sys.executable,
        "-c",
        "print(1)",
    ]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)


def test_where_namespaces_are_forbidden_the_emulated_link_fails_with_the_reason():
    lab = where_namespaces_are_forbidden("--link", "emulated")
    assert (lab.returncode, lab.stdout) == (125, "")
    assert "refused to make user, network, mount, IPC and PID namespaces" in lab.stderr


def test_where_namespaces_are_forbidden_auto_falls_back_and_says_so():
    lab = where_namespaces_are_forbidden("--link", "auto")
    assert (lab.returncode, lab.stdout) == (0, "1\n")
    assert "lab: fell back to loopback: no emulated link here" in lab.stderr
