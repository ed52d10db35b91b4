"""asyncio's own loop, on the simulated machine."""

import pytest

HEAD = """
import asyncio, contextvars, time
def now():
    return round(asyncio.get_running_loop().time(), 9)
"""


@pytest.fixture
def see(play):
    """What the body of a coroutine prints, in lines."""

    def see(body, *faults, **settings):
        lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
        output, outcome = play(
            f"{HEAD}\nasync def main():\n{lines}\nasyncio.run(main())", *faults, **settings
        )
        assert outcome.error is None, outcome.error[2]
        return output.splitlines()

    return see


def test_sleeps_of_tasks_run_side_by_side(see):
    body = """
async def nap(seconds):
    await asyncio.sleep(seconds)
    print(seconds, now())
await asyncio.gather(nap(0.3), nap(0.1), nap(0.2))
"""
    assert see(body) == ["0.1 0.1", "0.2 0.2", "0.3 0.3"]


def test_a_timeout_comes_at_its_time(see):
    body = """
try:
    async with asyncio.timeout(0.123_456_789):
        await asyncio.sleep(1)
except TimeoutError:
    print(now())
"""
    assert see(body) == ["0.123456789"]


def test_a_function_in_a_thread_has_a_time_of_its_own(see):
    body = """
def work():
    time.sleep(0.5)
    return time.monotonic()
async def beat():
    for _ in range(3):
        await asyncio.sleep(0.2)
        print("beat", now())
async with asyncio.TaskGroup() as group:
    found = group.create_task(asyncio.to_thread(work))
    group.create_task(beat())
    print("found", await found, now())
"""
    assert see(body) == ["beat 0.2", "beat 0.4", "found 0.5 0.5", "beat 0.6"]


def test_a_blocking_call_holds_the_whole_loop_up(see):
    body = """
async def beat():
    for _ in range(3):
        await asyncio.sleep(0.2)
        print("beat", now())
task = asyncio.create_task(beat())
await asyncio.sleep(0.1)
time.sleep(1)
await task
"""
    assert see(body) == ["beat 1.1", "beat 1.3", "beat 1.5"]


def test_waiting_for_a_thread_can_be_given_up(see):
    body = """
try:
    await asyncio.wait_for(asyncio.to_thread(time.sleep, 1), 0.25)
except TimeoutError:
    print(now())
"""
    assert see(body) == ["0.25"]


def test_a_name_is_looked_up_without_a_thread(see):
    body = """
found = await asyncio.get_running_loop().getaddrinfo("example.com", 80, type=1)
print(found[0][4], now())
reader, writer = await asyncio.open_connection("example.com", 80)
print(writer.get_extra_info("peername"), now())
writer.close()
await writer.wait_closed()
"""
    assert see(body) == ["('192.0.2.2', 80) 0.0", "('192.0.2.2', 80) 0.15"]


def test_sockets_without_a_transport_work_as_well(see):
    body = """
import socket
loop = asyncio.get_running_loop()
with socket.socket() as sock:
    sock.setblocking(False)
    await loop.sock_connect(sock, ("example.com", 80))
    await loop.sock_sendall(sock, b"GET / HTTP/1.0\\r\\n\\r\\n")
    page = b""
    while chunk := await loop.sock_recv(sock, 4096):
        page += chunk
    print(len(page) > 9_000, now(), time.process_time())
"""
    assert see(body) == ["True 0.45 0.0"]


def test_a_refused_connection_is_an_error_of_open_connection(see):
    body = """
try:
    await asyncio.open_connection("example.com", 80)
except ConnectionRefusedError:
    print(now())
"""
    assert see(body, "refuse@1") == ["0.15"]


def test_a_loop_may_be_had_in_every_way_there_is(play):
    lines = """
        import asyncio
        async def main():
            await asyncio.sleep(1)
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            runner.run(main())
        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loop.close()
        print(loop.time())
    """
    assert play(lines)[0] == "2.0\n"
