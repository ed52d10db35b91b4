"""One book, three orders at once: without a lock, each of them gets it."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from threading import Barrier, Lock

ORDERS = 3


def order(row_lock, gap, stock):
    """Whether the book was sold to this customer."""
    with row_lock:
        left = stock["book"]  # look
        gap.wait()  # the others look now, as many as can get here
        if left:
            stock["book"] = left - 1  # take
        return left > 0


def sold(row_lock, fit_in_the_gap):
    """How often one book was sold."""
    gap, stock = Barrier(fit_in_the_gap), {"book": 1}
    with ThreadPoolExecutor(ORDERS) as customers:
        jobs = [
            customers.submit(order, row_lock, gap, stock)
            for _ in range(ORDERS)
        ]
    return sum(job.result() for job in jobs)


if __name__ == "__main__":
    print("no lock: sold", sold(nullcontext(), ORDERS), "times")
    print("row lock: sold", sold(Lock(), 1), "time")
