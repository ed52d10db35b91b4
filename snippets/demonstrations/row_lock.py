"""One book, three orders at once: without a lock, each of them gets it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from threading import Barrier, BrokenBarrierError, Lock

ORDERS = 3
GAP = 0.5  # seconds at most between looking and taking


def order(row_lock, gap, stock):
    """Whether the book was sold to this customer."""
    with row_lock:
        left = stock["book"]  # look
        with suppress(BrokenBarrierError):
            gap.wait(GAP)  # until the others have looked too, if they can
        if left:
            stock["book"] = left - 1  # take
        return left > 0


def sold(row_lock):
    """How often one book was sold."""
    gap, stock = Barrier(ORDERS), {"book": 1}
    with ThreadPoolExecutor(ORDERS) as customers:
        jobs = [
            customers.submit(order, row_lock, gap, stock)
            for _ in range(ORDERS)
        ]
    return sum(job.result() for job in jobs)


if __name__ == "__main__":
    print("no lock: sold", sold(nullcontext()), "times")
    print("row lock: sold", sold(Lock()), "time")
