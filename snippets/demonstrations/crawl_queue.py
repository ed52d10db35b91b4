"""Ten workers, 2,000 addresses: how many downloads does it take?"""

import queue
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

ADDRESSES = [f"/?page={number}" for number in range(2000)]
WORKERS = 10


def look_first(fetch, pages):
    for address in ADDRESSES:
        if address not in pages:  # look
            pages[address] = fetch(address)  # do


def claim_first(fetch, pages, claimed, lock):
    for address in ADDRESSES:
        with lock:  # look and claim: nobody comes in between
            if address in claimed:
                continue
            claimed.add(address)
        pages[address] = fetch(address)  # wait outside


def take_from_queue(fetch, pages, waiting):
    while True:
        try:
            address = waiting.get_nowait()
        except queue.Empty:
            return
        pages[address] = fetch(address)


def crawl(work, *shared):
    """The addresses that were downloaded, as often as they were."""
    downloads, pages = [], {}

    def fetch(address):
        time.sleep(0.0002)  # in place of a network, which takes far longer
        downloads.append(address)
        return f"the page of {address}"

    with ThreadPoolExecutor(WORKERS) as pool:
        jobs = [
            pool.submit(work, fetch, pages, *shared) for _ in range(WORKERS)
        ]
    for job in jobs:
        job.result()
    return downloads


def queue_of(addresses):
    waiting = queue.Queue()
    for address in addresses:
        waiting.put(address)
    return waiting


def demonstrate():
    in_a_queue = queue_of(ADDRESSES)
    return {
        "addresses": len(ADDRESSES),
        "downloads, look first": len(crawl(look_first)),
        "downloads, claim first": len(crawl(claim_first, set(), Lock())),
        "downloads, queue": len(crawl(take_from_queue, in_a_queue)),
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
