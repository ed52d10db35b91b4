"""DNS in the lab: refused at once, with a hint."""

import subprocess
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("the lab has a name server on Linux", allow_module_level=True)

from scripts.lab import Settings, run
from scripts.lab.emulated.nameserver import HINT
from tests.patience import PATIENCE

ASK = r"""
import socket, struct
question = struct.pack("!HHHHHH", 4711, 0x0100, 1, 0, 0, 0) + b"\7example\3com\0" + struct.pack("!HH", 1, 1)
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    sock.settimeout(10)
    sock.sendto(b"too short", ("127.0.0.1", 53))
    sock.sendto({times} * question, ("127.0.0.1", 53))
    if {times}:
        number, flags = struct.unpack_from("!HH", sock.recv(512))
        print(number, flags & 0x8000 != 0, flags & 0xF)
"""


def asked(times):
    command = [sys.executable, "-c", ASK.format(times=times)]
    return run(command, Settings("emulated", 0.0, 0.0), stdout=subprocess.PIPE, timeout=PATIENCE)


def test_a_question_is_refused_and_the_caller_told_why():
    outcome = asked(1)
    assert outcome.stdout == b"4711 True 5\n"  # RFC 1035, 4.1.1: REFUSED
    assert HINT in outcome.notes


def test_who_asks_nothing_is_told_nothing():
    assert HINT not in asked(0).notes
