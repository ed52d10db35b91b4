"""The sockets of the simulated machine answer as the kernel's do."""

import importlib
import sys

import pytest

HEAD = """
import errno, select, selectors, socket, time
sock = socket.socket()
ask = b"GET / HTTP/1.1\\r\\nHost: example.com\\r\\n\\r\\n"
"""


@pytest.fixture
def see(play):
    """What the last line's expression gives, after the lines before it; as it is printed."""

    def see(lines, *faults, **settings):
        *before, last = lines.strip().splitlines()
        output, outcome = play("\n".join([HEAD, *before, f"print(({last}))"]), *faults, **settings)
        return output.strip() or outcome.error[0]

    return see


def test_a_call_that_would_block_says_so_and_one_in_progress_as_well(see):
    assert see('sock.setblocking(False)\nsock.connect_ex(("example.com", 80)) == errno.EINPROGRESS') == "True"
    lines = (
        'sock.setblocking(False)\nsock.connect_ex(("example.com", 80))\nsock.connect_ex(("example.com", 80))'
    )
    assert see(f"{lines} == errno.EALREADY") == "True"
    assert see(f"{lines}\nsock.recv(1)").startswith("BlockingIOError: ")
    assert see(f"{lines}\nsock.send(b'x')").startswith("BlockingIOError: ")


def test_a_connected_socket_says_that_it_is(see):
    lines = 'sock.connect(("example.com", 80))\nsock.connect_ex(("example.com", 80)) == errno.EISCONN'
    assert see(lines) == "True"
    assert see('sock.connect(("example.com", 80))\nsock.getpeername()') == "('192.0.2.2', 80)"


def test_an_error_is_told_once(see):
    lines = """
sock.setblocking(False)
sock.connect_ex(("example.com", 80))
select.select([], [sock], [])
[sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNREFUSED for _ in range(2)]
"""
    assert see(lines, "refuse@1") == "[True, False]"


def test_what_came_before_a_reset_can_still_be_read(see):
    lines = """
sock.connect(("example.com", 80))
sock.sendall(ask)
len(b"".join(iter(lambda: sock.recv(4096), b""))), time.monotonic()
"""
    assert see(lines, "reset@/").startswith("ConnectionResetError: ")
    once = lines.replace(
        'len(b"".join(iter(lambda: sock.recv(4096), b"")))', "len(sock.recv(50_000)) > 4_500"
    )
    assert see(once, "reset@/") == "(True, 0.45)"


def test_a_refused_connection_that_nobody_asked_about_is_told_by_the_next_call(see):
    lines = """
address = ("example.com", 80)
sock.setblocking(False)
sock.connect_ex(address)
time.sleep(1)
[sock.connect_ex(address) == number for number in (errno.ECONNREFUSED, errno.EINPROGRESS)]
"""
    assert see(lines, "refuse@1") == "[True, True]"


def test_who_was_refused_may_try_again(see):
    lines = """
sock.connect_ex(("example.com", 80))
sock.connect(("example.com", 80))
sock.sendall(ask)
len(sock.recv(8)), time.monotonic()
"""
    assert see(lines, "refuse@1") == "(8, 0.6)"


def test_a_reset_forgets_what_the_window_has_not_let_out(see):
    lines = """
sock.connect(("example.com", 80))
sock.sendall(ask)
time.sleep(2)
len(sock.recv(90_000)), sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.ECONNRESET
"""
    assert see(lines, "reset@/", body_size=60_000) == "(14600, True)"


def test_writing_to_who_has_gone_is_an_error(see):
    lines = """
sock.connect(("example.com", 80))
sock.sendall(ask)
time.sleep(2)
[sock.send(b"x") for _ in range(2)]
"""
    assert see(lines, "reset@/").startswith("ConnectionResetError: ")
    assert see(
        lines.replace("[sock", "sock.recv(9_000)\nsock.getsockopt(1, 4)\n[sock"), "reset@/"
    ).startswith("BrokenPipe")
    assert see("one, other = socket.socketpair()\nother.close()\none.send(b'x')").startswith(
        "BrokenPipeError: "
    )


def test_peeking_takes_nothing_away(see):
    lines = """
one, other = socket.socketpair()
one.sendall(b"abc")
other.recv(2, socket.MSG_PEEK), other.recv(9)
"""
    assert see(lines) == "(b'ab', b'abc')"


def test_the_body_of_a_request_is_no_request(see):
    lines = r"""
sock.connect(("example.com", 80))
sock.sendall(b"POST / HTTP/1.1\r\nHost: example.com\r\nContent-Length: 4\r\n\r\nGE")
first = sock.recv(12)
sock.recv(500)
sock.sendall(b"T " + ask)
first, sock.recv(12)
"""
    assert see(lines) == "(b'HTTP/1.1 405', b'HTTP/1.1 200')"


def test_a_connection_is_closed_when_it_is_first_said_to_be(play):
    lines = """
        import socket, time
        sock = socket.create_connection(("example.com", 80))
        sock.shutdown(socket.SHUT_WR)
        time.sleep(1)
        sock.close()
    """
    assert play(lines)[1].connections[0]["closed"] == 0.15


def test_a_timeout_is_over_in_virtual_time(see):
    lines = 'sock.settimeout(0.1)\nsock.connect(("example.com", 80))'
    assert see(lines) == "TimeoutError: timed out"
    lines = (
        'sock = socket.create_connection(("example.com", 80), timeout=0.2)\nsock.sendall(ask)\nsock.recv(1)'
    )
    assert see(lines) == "TimeoutError: timed out"


def test_a_timeout_of_connect_ex_is_a_number_too(see):
    assert see('sock.settimeout(0.1)\nsock.connect_ex(("example.com", 80)) == errno.EAGAIN') == "True"


def test_a_name_or_a_place_that_the_lab_has_not_is_an_error(see):
    assert see('socket.gethostbyname("example.org")').endswith(
        "the lab knows example.com only, not example.org"
    )
    assert see('sock.connect(("192.0.2.9", 80))').startswith(
        "OSError: [Errno 101] the lab has no way to 192.0.2.9"
    )
    assert see('sock.connect(("192.0.2.2", 81))').startswith("ConnectionRefusedError: ")
    assert see('sock.connect(("localhost", 80))').startswith("ConnectionRefusedError: ")


def test_nothing_can_listen(see):
    assert "clients only" in see('sock.bind(("127.0.0.1", 0))')
    assert "TCP" in see("socket.socket(type=socket.SOCK_DGRAM)")


def test_a_closed_socket_is_a_bad_descriptor_to_select_and_nothing_to_a_selector(see):
    assert see("number = sock.fileno()\nsock.close()\nselect.select([number], [], [])").startswith(
        "OSError: [Errno 9]"
    )
    lines = """
selector = selectors.DefaultSelector()
selector.register(sock, selectors.EVENT_READ)
sock.close()
selector.select(1), time.monotonic()
"""
    assert see(lines) == "([], 1.0)"


def test_select_and_its_selector_tell_the_same(see):
    lines = """
sock.setblocking(False)
sock.connect_ex(("example.com", 80))
selector = selectors.{name}()
selector.register(sock, selectors.EVENT_READ | selectors.EVENT_WRITE)
selector.select(0.01), selector.select()[0][1] == selectors.EVENT_WRITE, time.monotonic()
"""
    for name in ("DefaultSelector", "SelectSelector"):
        assert see(lines.format(name=name)) == "([], True, 0.15)"


def test_a_connection_that_is_kept_open_answers_again_a_round_trip_later(see):
    lines = """
sock.connect(("example.com", 80))
sock.sendall(ask)
first = sock.recv(50_000)
sock.sendall(ask)
first == sock.recv(50_000), time.monotonic()
"""
    assert see(lines, rtt=0.1, service_time=0.5) == "(True, 1.3)"


def test_two_requests_at_once_are_answered_one_after_another(see):
    lines = """
sock.connect(("example.com", 80))
sock.sendall(ask * 2)
first = sock.recv(50_000)
first == sock.recv(50_000), time.monotonic()
"""
    assert see(lines, rtt=0.1, service_time=0.5) == "(True, 1.2)"


def test_who_says_no_more_before_asking_is_hung_up_on(see):
    lines = 'sock.connect(("example.com", 80))\nsock.shutdown(socket.SHUT_WR)\nsock.recv(1), time.monotonic()'
    assert see(lines) == "(b'', 0.3)"


def test_a_malformed_request_is_answered_with_400(see):
    lines = (
        'sock.connect(("example.com", 80))\nsock.sendall(b"GET\\r\\n\\r\\n")\nsock.recv(12), time.monotonic()'
    )
    assert see(lines) == "(b'HTTP/1.1 400', 0.45)"


def test_a_pair_hands_on_at_once(see):
    lines = """
one, other = socket.socketpair()
one.sendall(b"abc")
one.close()
other.recv(2), other.recv(2), other.recv(2), time.monotonic()
"""
    assert see(lines) == "(b'ab', b'c', b'', 0.0)"


def test_a_file_made_of_a_socket_reads_lines(see):
    lines = 'sock.connect(("example.com", 80))\nsock.sendall(ask)\nsock.makefile("rb").readline()'
    assert see(lines) == "b'HTTP/1.1 200 OK\\r\\n'"


@pytest.mark.parametrize("imported", ["before", "in the run"])
def test_the_library_for_http_runs_on_it_too(imported, see, monkeypatch):
    for name in [name for name in sys.modules if name.startswith(("http", "urllib.request"))]:
        monkeypatch.delitem(sys.modules, name)
    if imported == "before":
        importlib.import_module("urllib.request")
    lines = """
import urllib.request
answer = urllib.request.urlopen("http://example.com/?page=1")
answer.status, len(answer.read()), time.monotonic()
"""
    assert see(lines) == "(200, 9000, 0.45)"
