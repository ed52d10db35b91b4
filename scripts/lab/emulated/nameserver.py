"""A name server that refuses: who asks DNS in the lab hears so at once, and the caller why.

Programs that look names up as the system does read /etc/hosts.  dig, nslookup and some libraries ask the
server in /etc/resolv.conf, or one on this machine; without an answer they would wait for ten seconds and
more.
"""

import socket
from contextlib import suppress

from scripts.lab.emulated.namespaces import step

PORT = 53
HEAD = 12
"""Bytes before the question (RFC 1035, 4.1.1); the third has the flags that are answered here."""
RESPONSE, REFUSED = 0x80, 5
HINT = (
    "the program asked for DNS, which the lab has not: names are looked up in /etc/hosts, as by getent hosts"
)


class NameServer:
    """A socket on which questions to 127.0.0.1 arrive; `asked` is whether any has."""

    def __init__(self) -> None:
        self.asked = False
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        with step("listen on port 53"):
            self.socket.bind(("127.0.0.1", PORT))

    def refuse(self) -> None:
        """Answer a question that has arrived: there is no such service here."""
        with suppress(OSError):  # who asked may have gone
            question, client = self.socket.recvfrom(4096, socket.MSG_DONTWAIT)
            if len(question) >= HEAD:
                self.asked = True
                head = bytes([question[2] | RESPONSE, REFUSED])
                self.socket.sendto(question[:2] + head + question[4:], socket.MSG_DONTWAIT, client)
