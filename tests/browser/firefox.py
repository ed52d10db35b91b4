"""Debian's Firefox for Playwright, which speaks WebDriver BiDi with it, between the two of them.

    python -m tests.browser.firefox FIREFOX ARGUMENT...

starts it and passes on what both say, but for one command that Playwright sends for every page and that this
Firefox does not know yet: which light is preferred.  That is answered here; Firefox is told by its settings.
"""

import asyncio
import json
import re
import sys

from aiohttp import ClientSession, WSMsgType, web

UNKNOWN = "emulation.setMediaFeaturesOverride"
LISTENS = re.compile(rb"(WebDriver BiDi listening on ws://127\.0\.0\.1:)(\d+)")


async def main(*command: str) -> int:
    """Firefox's exit status; it is said on standard error where to speak with it, as Firefox says it."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr
    async for line in firefox.stderr:
        if listens := LISTENS.match(line):
            line = LISTENS.sub(rb"\g<1>%d" % await relay(int(listens[2])), line)
        sys.stderr.buffer.write(line)
        sys.stderr.flush()
    return await firefox.wait()


async def relay(port: int) -> int:
    """A port of 127.0.0.1 that leads to the other, but for `UNKNOWN`."""

    async def connected(request: web.Request) -> web.WebSocketResponse:
        playwright = web.WebSocketResponse(max_msg_size=0)
        await playwright.prepare(request)
        address = f"ws://127.0.0.1:{port}{request.path}"
        async with ClientSession() as session, session.ws_connect(address, max_msg_size=0) as firefox:
            answers = asyncio.create_task(pass_on(firefox, playwright))
            async for message in playwright:
                told = json.loads(message.data)
                if told["method"] == UNKNOWN:
                    await playwright.send_json({"type": "success", "id": told["id"], "result": {}})
                else:
                    await firefox.send_str(message.data)
            answers.cancel()
        return playwright

    app = web.Application()
    app.router.add_get("/{path:.*}", connected)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    return runner.addresses[0][1]


async def pass_on(source, sink) -> None:
    """Whatever text one says, to the other."""
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await sink.send_str(message.data)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))
