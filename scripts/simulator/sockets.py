"""A stand-in for `_socket`, the part of `socket` that is written in C; the other part runs as it is."""

import _socket
import errno
import importlib
import sys
from collections.abc import Callable, Iterable
from types import BuiltinFunctionType, ModuleType

from scripts.lab.settings import CLIENT
from scripts.simulator.clock import nanoseconds
from scripts.simulator.impossible import Impossible
from scripts.simulator.machine import current
from scripts.simulator.network import look_up
from scripts.simulator.replacing import modules_replaced
from scripts.simulator.stream import End, Pipe, Stream, failure

Address = tuple[str, int]
Buffer = bytes | bytearray | memoryview

CALCULATIONS = (
    "htonl", "htons", "ntohl", "ntohs", "inet_aton", "inet_ntoa", "inet_ntop", "inet_pton",
    "getservbyname", "getprotobyname",
)  # fmt: skip
"""The functions of the real module that ask no network."""


class socket:
    """A TCP socket of a client, or one of a pair; see `socket(2)`."""

    # As in C: the class above this one adds __weakref__, which can be added once only.
    __slots__ = ("_descriptor", "_end", "_family", "_machine", "_peer", "_proto", "_timeout", "_type")

    def __init__(self, family: int = -1, type: int = -1, proto: int = -1, fileno: int | None = None) -> None:
        self._machine = machine = current()
        self._family = _socket.AF_INET if family == -1 else int(family)
        self._type = _socket.SOCK_STREAM if type == -1 else int(type) & 0xF
        self._proto = 0 if proto == -1 else proto
        if fileno is None:
            if self._family != _socket.AF_INET or self._type != _socket.SOCK_STREAM:
                raise OSError(errno.EPROTONOSUPPORT, "the lab has no sockets but TCP's over IPv4")
            fileno = machine.open(Stream(machine))
        self._descriptor: int = fileno
        end = machine.file(fileno)
        assert isinstance(end, End)  # a machine opens no other files
        self._end = end
        self._timeout: float | None = machine.default_timeout
        self._peer: Address | None = None

    def __del__(self) -> None:
        if getattr(self, "_descriptor", -1) >= 0:
            self._machine.close(self._descriptor)

    family = property(lambda self: self._family)
    type = property(lambda self: self._type)
    proto = property(lambda self: self._proto)
    timeout = property(lambda self: self._timeout)

    def fileno(self) -> int:
        return self._descriptor

    def close(self) -> None:
        with self._machine.call("close", self._descriptor):
            descriptor, self._descriptor = self._descriptor, -1
            self._machine.close(descriptor)

    def detach(self) -> int:
        descriptor, self._descriptor = self._descriptor, -1
        return descriptor

    def gettimeout(self) -> float | None:
        return self._timeout

    def settimeout(self, timeout: float | None) -> None:
        if timeout is not None and timeout < 0:
            raise ValueError("Timeout value out of range")
        self._timeout = timeout if timeout is None else float(timeout)

    def getblocking(self) -> bool:
        return self._timeout != 0

    def setblocking(self, flag: bool) -> None:
        self._timeout = None if flag else 0.0

    def connect(self, address: Address) -> None:
        with self._machine.call("connect", self._descriptor) as call:
            if error := self._connect(address):
                call.result = errno.errorcode[error]
                raise failure(error)

    def connect_ex(self, address: Address) -> int:
        with self._machine.call("connect", self._descriptor) as call:
            try:
                error = self._connect(address)
            except _socket.gaierror:
                raise
            except OSError as raised:
                error = raised.errno or errno.EAGAIN  # which a time-out is here, as in C
            call.result = errno.errorcode.get(error)
            return error

    def recv(self, size: int, flags: int = 0) -> bytes:
        end = self._open_end()
        with self._machine.call("recv", self._descriptor) as call:
            self._wait(end.readable, "recv()")
            chunk = end.peek(size) if flags & _socket.MSG_PEEK else end.read(size)
            call.result = len(chunk)
        if chunk:
            self._machine.progress()
        else:  # whoever does not notice the end asks again and again
            self._machine.question()
        return chunk

    def recv_into(self, buffer: Buffer, size: int = 0, flags: int = 0) -> int:
        view = memoryview(buffer).cast("B")
        chunk = self.recv(size or len(view), flags)
        view[: len(chunk)] = chunk
        return len(chunk)

    def send(self, data: Buffer, flags: int = 0) -> int:
        end, payload = self._open_end(), bytes(data)
        with self._machine.call("send", self._descriptor, payload) as call:
            self._wait(end.writable, "send()")
            call.result = sent = end.write(payload)
            return sent

    def sendall(self, data: Buffer, flags: int = 0) -> None:
        self.send(data, flags)

    def sendmsg(self, buffers: Iterable[Buffer], *_: object) -> int:
        return self.send(b"".join(buffers))

    def shutdown(self, how: int) -> None:
        end = self._open_end()
        if not end.connected:
            raise failure(errno.ENOTCONN)
        if how in (_socket.SHUT_WR, _socket.SHUT_RDWR):
            end.end_writing()

    def getsockopt(self, level: int, option: int, length: int = 0) -> int:
        self._machine.spend("getsockopt")
        is_error = (level, option) == (_socket.SOL_SOCKET, _socket.SO_ERROR)
        return self._open_end().take_error() if is_error else 0

    def setsockopt(self, *_: object) -> None:
        self._open_end()

    def getpeername(self) -> Address | str:
        end = self._open_end()
        end.settle()
        if not end.connected:
            raise failure(errno.ENOTCONN)
        return self._peer or ""

    def getsockname(self) -> Address | str:
        self._open_end()
        return (CLIENT, self._descriptor % 65_536) if self._family == _socket.AF_INET else ""

    def bind(self, address: object) -> None:
        raise Impossible("servers")

    listen = accept = bind

    def _connect(self, address: Address) -> int:
        """Connect, or begin to; returns the number of the error, or 0; raises OSError as a look-up does."""
        end = self._open_end()
        end.settle()
        if end.connected:
            return errno.EISCONN
        if error := end.take_error():
            return error
        if not end.connecting:
            host, port = address
            self._peer = look_up(host), port
            end.connect(self._peer)
            end.settle()
            if end.connecting and self._timeout == 0:
                return errno.EINPROGRESS
        elif self._timeout == 0:
            self._ask_again(end)
            return errno.EALREADY
        self._wait(end.writable, "connect()")
        return end.take_error()

    def _open_end(self) -> End:
        if self._descriptor < 0:
            raise failure(errno.EBADF)
        return self._end

    def _wait(self, ready: Callable[[], bool], what: str) -> None:
        """Wait until it is ready, as long as the time-out says; raises BlockingIOError or TimeoutError."""
        if ready():
            return
        if self._timeout == 0:
            self._ask_again(self._end)
            raise failure(errno.EAGAIN)
        machine = self._machine
        deadline = None if self._timeout is None else machine.clock.now + nanoseconds(self._timeout)
        if not machine.wait([self._end], ready, deadline, what):
            raise TimeoutError("timed out")

    def _ask_again(self, end: End) -> None:
        # To ask once is how a program learns that there is nothing yet; only to go on asking is a busy loop.
        if end.asked:
            self._machine.spin()
        end.asked = True


def socketpair(
    family: int | None = None, type: int = _socket.SOCK_STREAM, proto: int = 0
) -> tuple[socket, socket]:
    machine = current()
    local = int(getattr(_socket, "AF_UNIX", _socket.AF_INET))
    one, other = (socket(local, type, proto, machine.open(end)) for end in Pipe.pair(machine))
    return one, other


def getaddrinfo(
    host: str | bytes | None,
    port: str | bytes | int | None,
    family: int = 0,
    type: int = 0,
    proto: int = 0,
    flags: int = 0,
) -> list[tuple[int, int, int, str, Address]]:
    if isinstance(port, str | bytes):
        name = port.decode() if isinstance(port, bytes) else port
        port = int(name) if name.isdecimal() else _socket.getservbyname(name)
    if family not in (0, _socket.AF_INET) or type not in (0, _socket.SOCK_STREAM):
        raise _socket.gaierror(_socket.EAI_FAMILY, "the lab has no sockets but TCP's over IPv4")
    return [(_socket.AF_INET, _socket.SOCK_STREAM, _socket.IPPROTO_TCP, "", (look_up(host), port or 0))]


def gethostbyname(host: str) -> str:
    return look_up(host)


def getnameinfo(address: Address, flags: int) -> tuple[str, str]:
    return address[0], str(address[1])


def gethostname() -> str:
    return "localhost"


def getdefaulttimeout() -> float | None:
    return current().default_timeout


def setdefaulttimeout(timeout: float | None) -> None:
    current().default_timeout = timeout


def module() -> ModuleType:
    """The standard library's `socket`, on top of this module."""
    below = ModuleType("_socket")
    below.__dict__.update(
        (name, value)
        for name, value in vars(_socket).items()
        if not isinstance(value, BuiltinFunctionType) or name in CALCULATIONS
    )
    for each in (
        socket, socketpair, getaddrinfo, gethostbyname, getnameinfo, gethostname,
        getdefaulttimeout, setdefaulttimeout,
    ):  # fmt: skip
        setattr(below, each.__name__, each)
    below.__dict__["SocketType"] = socket
    with modules_replaced({"_socket": below, "socket": None}):
        made = importlib.import_module("socket")
    real = sys.modules["socket"]
    # The mark of "no time-out given": whoever imported it from the real module may bring it here.
    made.__dict__["_GLOBAL_DEFAULT_TIMEOUT"] = vars(real)["_GLOBAL_DEFAULT_TIMEOUT"]
    made.create_connection.__defaults__ = real.create_connection.__defaults__
    return made
