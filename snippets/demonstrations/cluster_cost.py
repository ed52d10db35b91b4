"""What it costs to have somebody else do nothing: two pools, two clusters."""

import logging
import os
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from statistics import median
from tempfile import TemporaryDirectory

from dask import config
from distributed import Client

TASKS, REPETITIONS = 200, 5
TIMEOUT = 2  # seconds for a scheduler to answer
NO_SCHEDULER = "SCHEDULER is not set"


def local_cluster(stack):
    folder = stack.enter_context(TemporaryDirectory())
    stack.enter_context(config.set(temporary_directory=folder))
    return stack.enter_context(
        Client(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            protocol="tcp",
            dashboard_address="127.0.0.1:0",  # any free port
            silence_logs=logging.CRITICAL,
        )
    )


def real_cluster(stack, address):
    """A client, or None; and why there is none."""
    if not address:
        return None, NO_SCHEDULER
    try:
        client = stack.enter_context(Client(address, timeout=TIMEOUT))
        client.wait_for_workers(1, timeout=TIMEOUT)
    except (OSError, ValueError) as error:  # a time-out is an OSError, too
        return None, str(error)
    return client, None


def in_pool(pool, numbers):
    return list(pool.map(abs, numbers))


def on_cluster(client, numbers):
    return client.gather(client.map(abs, numbers, pure=False))


def seconds(run, where, numbers):
    """For one of so many tasks."""
    start = time.perf_counter()
    run(where, numbers)
    return (time.perf_counter() - start) / len(numbers)


def demonstrate():
    with ExitStack() as stack:
        # Processes first: to fork while threads run is asking for trouble.
        processes = stack.enter_context(ProcessPoolExecutor(2))
        in_pool(processes, range(2))
        threads = stack.enter_context(ThreadPoolExecutor(2))
        ways = {
            "processes": (in_pool, processes),
            "threads": (in_pool, threads),
            "local cluster": (on_cluster, local_cluster(stack)),
        }
        address = os.environ.get("SCHEDULER")
        client, reason = real_cluster(stack, address)
        if client:
            ways["real cluster"] = on_cluster, client
        found = {way: [] for way in ways}
        for way in ways:
            seconds(*ways[way], range(TASKS))  # the first time costs more
        for _ in range(REPETITIONS):
            for way in ways:
                found[way].append(seconds(*ways[way], range(TASKS)))
    medians = {way: median(costs) for way, costs in found.items()}
    return {"real cluster": None, **medians, "no real cluster": reason}


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
