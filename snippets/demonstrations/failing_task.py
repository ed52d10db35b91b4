"""One of ten tasks fails: how soon is that known, and who still runs then?"""

import asyncio
import time
from statistics import median

FAILURE, WORK = 0.05, 1.0
REPETITIONS = 5


async def work(number):
    if number == 3:
        await asyncio.sleep(FAILURE)
        raise OSError("the fourth of ten")
    await asyncio.sleep(WORK)


async def gather(tasks):
    tasks += [asyncio.create_task(work(number)) for number in range(10)]
    await asyncio.gather(*tasks)


async def task_group(tasks):
    async with asyncio.TaskGroup() as group:
        tasks += [group.create_task(work(number)) for number in range(10)]


async def failure(run):
    """Seconds until the error comes, and how many tasks still run then."""
    tasks, start = [], time.perf_counter()
    try:
        await run(tasks)
    except* OSError:
        seconds = time.perf_counter() - start
        running = sum(not task.done() for task in tasks)
    return seconds, running


def demonstrate():
    found = {"failure": FAILURE, "work": WORK}
    for name, run in ("gather", gather), ("TaskGroup", task_group):
        rounds = [asyncio.run(failure(run)) for _ in range(REPETITIONS)]
        seconds, running = zip(*rounds)
        found[f"{name}, seconds"] = median(seconds)
        found[f"{name}, still running"] = max(running)
    return found


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
