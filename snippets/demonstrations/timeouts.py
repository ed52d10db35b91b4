"""A deadline passes: what is cancelled, and what runs then."""

import asyncio


async def page():
    print("page: asks, and gets no answer")
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        print("page: cancelled at its await")
        raise
    finally:
        print("page: finally, closes its socket")


async def site():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(page())
    finally:
        print("site: finally, its tasks have ended")


async def main():
    try:
        async with asyncio.timeout(0.05):
            await site()
    except TimeoutError:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        print(f"main: TimeoutError, {len(others)} tasks left")


if __name__ == "__main__":
    asyncio.run(main())
