"""The simulator: any program of the standard library's sockets, on a network in virtual time.

It needs no thread, no process, no socket, and so runs under Pyodide as well.  What it simulates is the
operating system: `_socket`, `select`, `time`; the rest of the standard library, asyncio included, runs on
that as it is.  Only the pools of `concurrent.futures` are its own, since nothing runs beside anything here.
"""

from scripts.simulator.clock import Deadlock
from scripts.simulator.recording import Recording
from scripts.simulator.run import Outcome, record, simulate

__all__ = ["Deadlock", "Outcome", "Recording", "record", "simulate"]
