"""The simulator: any program of the standard library's sockets and threads, on a network in virtual time.

It needs no process, no socket, and so runs under Pyodide as well.  What it simulates is the operating system:
`_socket`, `select`, `time`, `_thread`; the rest of the standard library, asyncio and the pools included, runs
on that as it is.  Processes are threads that are sent copies.
"""

from scripts.simulator.clock import Deadlock
from scripts.simulator.prices import Prices
from scripts.simulator.recording import Recording
from scripts.simulator.run import Outcome, record, simulate

__all__ = ["Deadlock", "Outcome", "Prices", "Recording", "record", "simulate"]
