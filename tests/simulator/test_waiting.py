"""Time passes where a program waits; what waits for nothing ends, and says so."""

import pytest


def test_sleeping_takes_virtual_time_and_no_cpu(play):
    output, outcome = play("import time\ntime.sleep(3600)\nprint(time.monotonic(), time.process_time())")
    assert output == "3600.0 0.0\n"
    assert (outcome.wall, outcome.cpu) == (3600, 0)


def test_the_date_goes_on_with_the_clock(play):
    output, _ = play("import time\nbegin = time.time()\ntime.sleep(5)\nprint(round(time.time() - begin, 3))")
    assert output == "5.0\n"


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "lines",
    [
        "import socket\nsocket.create_connection(('example.com', 80)).recv(1)",
        "import selectors\nselectors.DefaultSelector().select()",
        "import asyncio\nasyncio.run(asyncio.Event().wait())",
        "import socket\nsock = socket.create_connection(('example.com', 80))\nsock.setblocking(False)\n"
        "while True:\n    try:\n        sock.recv(1)\n    except BlockingIOError:\n        pass",
        "import asyncio\nasync def spin():\n    while True:\n        await asyncio.sleep(0)\nasyncio.run(spin())",
        "from selectors import DefaultSelector\nwhile True:\n    DefaultSelector().select(0)",
        "import time\nwhile True:\n    time.monotonic()",
        "import socket\nsock = socket.create_connection(('example.com', 80))\nsock.sendall(b'GET / HTTP/1.0\\r\\n\\r\\n')\n"
        "while True:\n    sock.recv(4096)",
    ],
)  # fmt: skip
def test_who_waits_for_what_never_comes_is_told_so(lines, play):
    _, outcome = play(lines)
    message, line, _ = outcome.error
    assert message.startswith("Deadlock: ")
    assert line is not None


def test_no_handler_of_errors_keeps_a_deadlock_from_ending_the_run(play):
    lines = """
        import socket
        try:
            socket.create_connection(("example.com", 80)).recv(1)
        except Exception:
            print("caught")
    """
    output, outcome = play(lines)
    assert output == ""
    assert outcome.error[0].startswith("Deadlock: ")


def test_whoever_watches_the_clock_in_a_loop_sees_it_go(play):
    lines = """
        import time
        end = time.perf_counter() + 1
        while time.perf_counter() < end:
            pass
    """
    _, outcome = play(lines)
    assert outcome.error is None
    assert 1 <= outcome.wall == outcome.cpu <= 1.001


def test_asking_a_socket_once_is_free_and_asking_again_is_not(play):
    lines = """
        import socket, time
        sock = socket.create_connection(("example.com", 80))
        sock.setblocking(False)
        for _ in range(3):
            try:
                sock.recv(1)
            except BlockingIOError:
                print(round(time.process_time() * 1e9))
    """
    output, _ = play(lines)
    first, second, third = map(int, output.split())
    assert first == 0 < second
    assert third == 2 * second


def test_a_busy_loop_with_a_deadline_ends_at_it(play):
    lines = """
        import socket, time
        sock = socket.create_connection(("example.com", 80))
        sock.setblocking(False)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            try:
                sock.recv(1)
            except BlockingIOError:
                pass
    """
    _, outcome = play(lines)
    assert outcome.error is None
    assert outcome.cpu == 2


def test_a_busy_loop_is_not_hopeless_because_much_time_went_by_before(play):
    lines = """
        import socket, time
        sock = socket.create_connection(("example.com", 80))
        sock.setblocking(False)
        time.sleep(60)
        for _ in range(1_000):
            try:
                sock.recv(1)
            except BlockingIOError:
                pass
    """
    assert play(lines)[1].error is None


@pytest.mark.usefixtures("impatient")
def test_nor_as_long_as_something_is_on_its_way(play):
    lines = """
        import socket
        sock = socket.create_connection(("example.com", 80))
        sock.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
        sock.setblocking(False)
        while True:
            try:
                sock.recv(1)
                break
            except BlockingIOError:
                pass
    """
    _, outcome = play(lines, service_time=5)
    assert outcome.error is None
    assert outcome.wall == 5.3


def test_looking_at_the_clock_is_free_for_who_gets_further_in_between(play):
    lines = """
        import time
        for _ in range(3):
            for _ in range(60_000):
                time.monotonic()
            {step}
    """
    steps = "time.sleep(0.001)", "import socket; socket.create_connection(('example.com', 80)).close()"
    assert [play(lines.format(step=step))[1].cpu for step in (*steps, "pass")] == [0, 0, 8]


def test_after_something_came_asking_once_is_free_again(play):
    lines = """
        import socket, time
        sock = socket.create_connection(("example.com", 80))
        sock.setblocking(False)
        def ask():
            try:
                sock.recv(50_000)
            except BlockingIOError:
                pass
            return time.process_time()
        sock.sendall(b"GET / HTTP/1.1\\r\\nHost: example.com\\r\\n\\r\\n")
        print(ask(), time.sleep(1), ask(), ask())
    """
    assert play(lines)[0] == "0.0 None 0.0 0.0\n"
