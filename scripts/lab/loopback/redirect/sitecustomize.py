"""On loopback, each Python program of the lab imports this first: example.com:80 is then the origin.

Does nothing without LAB_ORIGIN_PORT.  It reaches whatever connects through `socket`, `asyncio`,
gevent or uvloop; any other address than this machine's own is refused, as on the emulated link.  Any Python
from 3.8 on can read it.
"""

import importlib.machinery
import importlib.util
import os
import sys

HOST, ADDRESS, PORT = "example.com", "192.0.2.2", 80
LOCAL = "127.0.0.1"


def install(origin_port: int, refused_port: int, refused: "set[int]") -> None:
    """Patch the socket module, and what brings sockets of its own once it is imported."""
    import _socket
    import errno
    import itertools
    import socket

    connections = itertools.count(1)
    look_up = _socket.getaddrinfo

    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        if _text(host) in (HOST, ADDRESS) and str(port) in (str(PORT), "http"):
            host, port = LOCAL, origin_port
        elif _text(host) == HOST:
            host = ADDRESS
        elif host is not None and not _is_local(_text(host)) and not _is_number(_text(host)):
            raise socket.gaierror(socket.EAI_NONAME, f"the lab knows {HOST} only, not {_text(host)}")
        # Without a network, AI_ADDRCONFIG would find no address at all.
        return look_up(host, port, family, type, proto, flags & ~socket.AI_ADDRCONFIG)

    def gethostbyname(host):
        return getaddrinfo(host, None, socket.AF_INET)[0][4][0]

    def destination(family, address):
        """Where a connection to `address` goes; raises OSError where the lab has no such place."""
        if family not in (socket.AF_INET, socket.AF_INET6):
            return address
        host, port = _text(address[0]), address[1]
        if (host in (HOST, ADDRESS) and port == PORT) or (host == LOCAL and port == origin_port):
            return (LOCAL, refused_port if next(connections) in refused else origin_port)
        if not (_is_local(host) or host == HOST or _is_number(host)):
            raise socket.gaierror(socket.EAI_NONAME, f"the lab knows {HOST} only, not {host}")
        if not _is_local(host):
            raise OSError(errno.ENETUNREACH, f"the lab has no way to {host}:{port}, only to {HOST}:{PORT}")
        return address

    def redirect(kind):
        connect, connect_ex = kind.connect, kind.connect_ex

        def redirected_connect(self, address):
            return connect(self, destination(self.family, address))

        def redirected_connect_ex(self, address):
            try:
                return connect_ex(self, destination(self.family, address))
            except socket.gaierror:
                raise
            except OSError as error:
                return error.errno

        kind.connect, kind.connect_ex = redirected_connect, redirected_connect_ex

    def redirect_gevent(module):
        redirect(module.socket)

    def redirect_uvloop(module):
        create_connection = module.Loop.create_connection

        async def redirected(self, factory, host=None, port=None, **options):
            if host is not None:
                host, port = destination(socket.AF_INET, (host, port))
            return await create_connection(self, factory, host, port, **options)

        module.Loop.create_connection = redirected

    _socket.getaddrinfo = getaddrinfo
    _socket.gethostbyname = socket.gethostbyname = gethostbyname
    redirect(socket.socket)
    sys.meta_path.insert(0, AfterImport({"gevent._socket3": redirect_gevent, "uvloop": redirect_uvloop}))


def _text(host) -> str:
    return host.decode() if isinstance(host, bytes) else str(host)


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1", "", "0.0.0.0", "::") or host.startswith("127.")


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


class AfterImport:
    """Calls a function with a module as soon as that module has been imported."""

    def __init__(self, calls) -> None:
        self.calls = calls

    def find_spec(self, name, path=None, target=None):
        if (call := self.calls.pop(name, None)) is None:
            return None
        spec = importlib.util.find_spec(name)
        if spec is None:
            self.calls[name] = call  # it may be found another time
            return None
        execute = spec.loader.exec_module

        def exec_module(module) -> None:
            execute(module)
            call(module)

        spec.loader.exec_module = exec_module
        return spec


def import_next() -> None:
    """Import the sitecustomize that this one stands in front of."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [path for path in sys.path if os.path.abspath(path) != here]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if "LAB_ORIGIN_PORT" in os.environ:
    numbers = os.environ["LAB_REFUSED"].split(",") if os.environ["LAB_REFUSED"] else []
    install(int(os.environ["LAB_ORIGIN_PORT"]), int(os.environ["LAB_REFUSED_PORT"]), set(map(int, numbers)))
import_next()
