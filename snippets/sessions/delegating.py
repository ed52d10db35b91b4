"""A generator within a generator: who hands the values through?"""


def receive():
    chunk = yield "readable?"
    return chunk.upper()


def fetch():
    text = yield from receive()
    return f"a page: {text}"


page = fetch()
next(page)
page.gi_yieldfrom.__name__
page.gi_frame.f_lineno, page.gi_yieldfrom.gi_frame.f_lineno
page.send("<html>")
