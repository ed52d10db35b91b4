"""What is thrown into a generator is raised where it stopped."""


def download():
    try:
        yield "readable?"
    finally:
        print("closing the socket")


page = download()
next(page)
page.throw(ConnectionResetError("by the other side"))
