"""A heart that beats every 10 ms, while a coroutine takes a nap beside it."""

import asyncio
import time
from statistics import median

BEAT, NAP = 0.01, 0.3
REPETITIONS = 3


async def beat(gaps):
    last = time.perf_counter()
    while True:
        await asyncio.sleep(BEAT)
        now = time.perf_counter()
        gaps.append(now - last)
        last = now


async def blocking():
    time.sleep(NAP)


async def in_a_thread():
    await asyncio.to_thread(time.sleep, NAP)


async def largest_gap(nap):
    gaps = []
    heart = asyncio.create_task(beat(gaps))
    await asyncio.sleep(3 * BEAT)
    await nap()
    await asyncio.sleep(3 * BEAT)
    heart.cancel()
    return max(gaps)


def demonstrate():
    rounds = [
        [asyncio.run(largest_gap(nap)) for nap in (blocking, in_a_thread)]
        for _ in range(REPETITIONS)
    ]
    stopped, beating = map(median, zip(*rounds))
    return {
        "beat": BEAT,
        "nap": NAP,
        "time.sleep": stopped,
        "asyncio.to_thread": beating,
    }


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
