"""A coroutine is driven as a generator is; only its words are other ones."""


class Readable:
    def __await__(self):
        chunk = yield "readable?"
        return chunk


async def receive():
    return await Readable()


async def fetch():
    return (await receive()).upper()


page = fetch()
page.send(None)
page.cr_await.__name__
page.cr_frame.f_lineno
next(page)
page.send("<html>")
