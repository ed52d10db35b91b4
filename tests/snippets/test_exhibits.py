"""The exhibits of the errata: each reproduces its mistake, and fails where there is no mistake left."""

import ast
import re
from pathlib import Path

import pytest

from scripts.lab import Settings
from scripts.stages import SNIPPETS
from tests.strictly import in_the_lab

FOLDER = SNIPPETS / "exhibits"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))
PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "zh" / "errata.md"
QUICK = Settings(rtt=0.01, service_time=0.01)
TIMED = {"context_switch", "four_apis", "gil_released", "stopwatch"}

PRINTED = {
    "arithmetic": r"""
        4 s feel like 334 years, 20 µs like 14\.6 hours
        4\.5 s / 0\.6 s = 7\.5, not 9; 4\.5 s / 0\.43 s = 10\.5
        1 MB from disk takes 40 round trips between two hosts""",
    "context_switch": r"""
        1 MiB each: \d+\.\d µs a switch
        64 MiB each: \d+\.\d µs a switch
        64 MiB copied once: [\d,]+ µs""",
    "fd_setsize": r"""
        select, descriptor 1\d\d\d: filedescriptor out of range in select\(\)
        poll, descriptor 1\d\d\d: ready""",
    "four_apis": r"""
        select: \(\[\d+\], \[\], \[\]\), 0\.1 waits 0\.\d+ s
        poll: \[\(\d+, 1\)\], 0\.1 waits 0\.0\d+ s
        (epoll: \[\(\d+, 1\)\], 0\.1 waits 0\.\d+ s
        )?selectors: \[\(key, EVENT_READ\)\] from each, 0\.1 is in seconds""",
    "frozen_echo": r"""
        frozen: 100,000 reads, no turn of another, no timeout
        mended: it ends at the first empty read""",
    "gil_released": r"""
        sleep: \d+ ms in one thread, the other stood still for \d+\.\d ms at most
        pbkdf2_hmac: \d+ ms in one thread, the other stood still for \d+\.\d ms at most""",
    "left_open": r"""
        nobody closes: 10 left open, 10 ResourceWarnings
        `with` closes: 0 left open, 0 ResourceWarnings""",
    "malformed_request": r"""
        no target: 400 Bad Request
        HTTP:1\.1: 400 Bad Request
        a space before Host: 400 Bad Request
        none of these: 200 OK""",
    "monkey_patch": r"""
        time\.sleep is now of gevent\.hub
        the old one: another greenlet had 0 turns meanwhile
        the new one: [1-9]\d*""",
    "no_main_guard": r"""
        default of this Python: \w+
        fork without a guard: 1
        forkserver without a guard: (concurrent\.futures\.process\.BrokenProcessPool|ConnectionResetError)
        forkserver with a guard: 1
        spawn without a guard: concurrent\.futures\.process\.BrokenProcessPool
        spawn with a guard: 1""",
    "nonblocking_connect": r"""
        connect\(\) by name returned after the look-up had failed
        the system returned EINPROGRESS
        Python raised BlockingIOError\(\d+, '.+'\)""",
    "send_and_recv": r"""
        recv\(4096\) gave 5 bytes
        send\(\) took [\d,]+ of 10,000,000 bytes; the next one waited
        sendall\(\): 10,000,000 bytes came""",
    "stopwatch": r"""
        time\(\): may jump
        perf_counter\(\): only grows
        with the printing: \d\.\d+ s, without: 0\.0\d+ s""",
    "swallowed_refusal": r"""
        except OSError passes over 1 ConnectionRefusedError
        except OSError passes over 99,999 BrokenPipeError
        except BlockingIOError lets it out: .*[Cc]onnection refused""",
    "swallowed_reset": r"""
        except OSError returns \d+ of 30 bytes: b'.*'
        except BlockingIOError lets it out: .*[Cc]onnection reset by peer""",
    "two_sockets": r"""
        /\?page=1: asked [\d,]+ times, 9,\d\d\d bytes
        /\?page=2: asked [\d,]+ times, 9,\d\d\d bytes""",
    "who_calls": r"""
        select\(\) reported 1 ready, 0 calls
        the loop went through the report: 1 call
        (epoll\.register\(\) with a callback: .*integer)?""",
}

MENDED = {
    "arithmetic": [
        ("felt(4, YEAR)", "felt(2.4, YEAR)", "4 s are 200 years after all"),
        ("felt(20e-6, HOUR)", "felt(40e-6, HOUR)", "2 KB in 20 µs are not the 14 hours"),
        ("4.5 / 0.6,", "4.5 / 0.5,", "ten processes were nine times as fast"),
        ("4.5 / 0.43\n", "4.5 / 0.45\n", "ten threads were no more than ten times as fast"),
        ("20e-3 / 0.5e-3", "20e-3 / 150e-3", "the disk is not slower than the network"),
    ],
    "context_switch": [
        (
            'TURNS = 2_000\n\n\ndef echo(sock, size):\n    held = bytearray(b"x") * size\n    while sock.recv(1):\n        sock.send(held',
            'TURNS = 20\n\n\ndef echo(sock, size):\n    held = bytearray(b"x") * size\n    while sock.recv(1):\n        sock.send(bytes(held)',
            "a switch takes as long as a copy",
        ),
    ],
    "fd_setsize": [
        ("CLOEXEC, FD_SETSIZE", "CLOEXEC, 100", "select takes any descriptor"),
        ('there.send(b"hello")', "there.fileno()", "poll has a limit, too"),
    ],
    "four_apis": [
        ('"poll", poll.poll', '"poll", lambda timeout: poll.poll(timeout * 1000)', "0.1 is alike to both"),
        (
            "select.select([fd], [], [], timeout)",
            "[(fd, 1)][time.sleep(timeout) or 0 :]",
            "both answer alike",
        ),
        ("selector.select(0.1)", "[]", "not so"),
    ],
    "frozen_echo": [
        ("sock.send(sock", "gevent.sleep(0); sock.send(sock", "another greenlet had its turn"),
        (
            "while data := sock.recv(1024):",
            'while [data := sock.recv(1024), counts["reads"] < 9][1]:',
            "the handler did not end",
        ),
    ],
    "gil_released": [
        ("(time.sleep, 0.1)", "(pow, 3, 2_000_000)", "pow stops all threads"),
        (
            '(pbkdf2_hmac, "sha256", b"word", b"salt", 300_000)',
            "(pow, 3, 2_000_000)",
            "pow stops all threads",
        ),
    ],
    "left_open": [
        ("sock = socket.socket()\n", "sock = socket.socket(); sock.close()\n", "somebody closed the sockets"),
        ("with socket.socket() as sock:", "if sock := socket.socket():", "`with` did not close the sockets"),
    ],
    "malformed_request": [
        ("GET HTTP/1.1", "GET / HTTP/1.1", "a spoilt request is accepted"),
        ("GET / HTTP:1.1", "GET / HTTP/1.1", "a spoilt request is accepted"),
        ("\\r\\n Host", "\\r\\nHost", "a spoilt request is accepted"),
        ('none of these": f"GET /', 'none of these": f"GET', "the right request is not"),
    ],
    "monkey_patch": [
        (
            "= time.sleep\n    monkey.patch_all()",
            "= (monkey.patch_all(), time.sleep)[1]",
            "nothing was replaced",
        ),
        ("turns(taken_before)", "turns(time.sleep)", "the patch noticed a call that it did not replace"),
        ("turns(time.sleep)", "turns(taken_before)", "the replaced call blocks, too"),
    ],
    "no_main_guard": [
        ("if {guard}:", "if {guard} and __name__ == '__main__':", "forkserver needs no guard"),
        ("guard=\"__name__ == '__main__'\"", "guard=True", "a guard does not help forkserver"),
    ],
    "nonblocking_connect": [
        ('"unknown.invalid"', '"192.0.2.2"', "a name was not looked up first"),
        ("sock.setblocking(False)", "sock.setblocking(True)", "the system had more to say"),
        ("sock.connect(address)", "sock.connect_ex(address)", "Python raised nothing"),
    ],
    "send_and_recv": [
        ('b"hello"', "bytes(4096)", "recv(4096) gave as much as it was asked for"),
        ("bytes(10_000_000)", "bytes(1000)", "send() took the whole page"),
        (
            "try:\n            here.send(PAGE)",
            "try:\n            there.recv(1 << 20)\n            here.send(PAGE)",
            "send() did not wait for room",
        ),
        ("sock.sendall(PAGE)", "sock.sendall(PAGE[1:])", "sendall() left something out"),
    ],
    "stopwatch": [
        ("get_clock_info(name)", 'get_clock_info("monotonic")', "nobody can set the clock of time()"),
        ("get_clock_info(name)", 'get_clock_info("time")', "perf_counter() may jump"),
        ("print(page, file=terminal)", "page.strip()", "printing did not wait for its reader"),
    ],
    "swallowed_refusal": [
        (
            "+= 1\n",
            "+= 1\n                if isinstance(error, ConnectionRefusedError):\n                    break\n",
            "the loop found its end",
        ),
        ("insist(connecting(), BlockingIOError)", "insist(connecting(), OSError)", "the port did not refuse"),
    ],
    "swallowed_reset": [
        ("PAGE[: len(PAGE) // 2]", "PAGE", "the whole page came"),
        ('struct.pack("ii", 1, 0)', 'struct.pack("ii", 0, 0)', "the connection was not reset"),
    ],
    "two_sockets": [
        ("GET {path}", "GET /", "/?page=1 did not come"),
        ("sock.setblocking(False)", "sock.setblocking(True)", "/?page=1 came without any asking"),
    ],
    "who_calls": [
        (
            "selector.select()\n",
            "selector.select()\n        called.append(1)\n",
            "somebody called the callback",
        ),
        ("key.data(events)", "key.data", "the loop did not call either"),
        ("epoll.register(here, called.append)", "epoll.register(here, 1)", "epoll took a callback"),
    ],
}


def each(*names_and_more):
    """Parameters, of which those that depend on time run while nothing else does."""
    return [
        pytest.param(*more, marks=[pytest.mark.measures] if more[0] in TIMED else [])
        for more in names_and_more
    ]


def is_assertion(node):
    """Whether that is `assert`, or `raise AssertionError(...)`."""
    return isinstance(node, ast.Assert) or (
        isinstance(node, ast.Raise) and ast.unparse(node).startswith("raise AssertionError(")
    )


@pytest.mark.parametrize("name", each(*[(name,) for name in NAMES]))
def test_an_exhibit_reproduces_its_mistake_and_says_so(name):
    outcome = in_the_lab(FOLDER / f"{name}.py", QUICK)
    assert (outcome.returncode, outcome.stderr) == (0, b"")
    expected = PRINTED[name].replace("\n        ", "\n").strip()
    assert re.fullmatch(expected, outcome.stdout.decode().strip())


@pytest.mark.parametrize(
    ("name", "mistake", "mended", "message"),
    each(*[(name, *change) for name, changes in MENDED.items() for change in changes]),
)
def test_an_exhibit_fails_where_its_mistake_is_mended(name, mistake, mended, message, tmp_path):
    program = (FOLDER / f"{name}.py").read_text("utf-8")
    assert program.count(mistake) == 1
    copy = tmp_path / f"{name}.py"
    copy.write_text(program.replace(mistake, mended), "utf-8")
    outcome = in_the_lab(copy, QUICK)
    assert outcome.returncode != 0
    assert f"AssertionError: {message}" in outcome.stderr.decode()


@pytest.mark.parametrize("name", NAMES)
def test_every_assertion_of_an_exhibit_can_fail(name):
    tree = ast.parse((FOLDER / f"{name}.py").read_bytes())
    assertions = [node for node in ast.walk(tree) if is_assertion(node)]
    assert len(assertions) == len({message for *_, message in MENDED[name]})


def test_the_errata_show_every_exhibit_and_what_it_printed_folded_away():
    blocks = PAGE.read_text("utf-8").split("\n??? example ")[1:]
    shown = [re.findall(r'(?m)^    (source|output)\("(\w+)"\)$', block) for block in blocks]
    assert all(len(block) == 2 for block in shown)
    assert sorted(name for (_, name), _ in shown) == NAMES
    assert all(block == [("source", block[0][1]), ("output", block[0][1])] for block in shown)
