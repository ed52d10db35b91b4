"""A generator by hand: it stops, keeps its place and names, and goes on."""


def download():
    response = b""
    while chunk := (yield "readable?"):
        response += chunk
    return response


page = download()
page.gi_frame.f_lineno, page.gi_frame.f_locals
next(page)
page.gi_frame.f_lineno, page.gi_frame.f_locals
page.send(b"<html>")
page.send(b"</html>")
page.gi_frame.f_locals["response"]
page.send(b"")
page.gi_frame is None
