"""Callback hell: three pages in a row, and an error that forgot who asked."""

import os
import socket
import traceback
from contextlib import suppress
from selectors import EVENT_READ, EVENT_WRITE, DefaultSelector


class Loop:
    def __init__(self, selector):
        self.selector = selector

    def call_when(self, sock, event, callback):
        self.selector.register(sock, event, callback)

    def run(self):
        while self.selector.get_map():
            for key, _ in self.selector.select():
                self.selector.unregister(key.fileobj)
                callback = key.data
                callback()


def fetch(loop, address, path, then):
    sock = socket.socket()
    response = b""

    def send():
        if error := sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            sock.close()  # no `with` spans two callbacks
            raise OSError(error, os.strerror(error))
        sock.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        loop.call_when(sock, EVENT_READ, receive)

    def receive():
        nonlocal response
        if chunk := sock.recv(4096):
            response += chunk
            loop.call_when(sock, EVENT_READ, receive)
        else:
            sock.close()
            then(response)

    sock.setblocking(False)
    with suppress(BlockingIOError):
        sock.connect(address)
    loop.call_when(sock, EVENT_WRITE, send)


def three_in_a_row(loop, address):
    def first(page):
        def second(page):
            def third(page):
                print("three pages, each asked for by the one before")
                two_at_once(loop, address)

            fetch(loop, address, "/?page=2", third)

        fetch(loop, address, "/?page=1", second)

    fetch(loop, address, "/?page=0", first)


def two_at_once(loop, address):
    for path in "/?page=3", "/?page=4":  # the first of them is refused
        try:
            fetch(loop, address, path, lambda page: print("got a page"))
        except OSError:
            print("this is never printed: fetch has long returned")


if __name__ == "__main__":
    with DefaultSelector() as selector:
        loop = Loop(selector)
        try:
            three_in_a_row(loop, (socket.gethostbyname("example.com"), 80))
            loop.run()
        except OSError as error:
            frames = traceback.extract_tb(error.__traceback__)
            way = ", ".join(frame.name for frame in frames)
            print(f"{type(error).__name__} by way of {way}")
        lost = [key.fileobj for key in selector.get_map().values()]
        print(f"and {len(lost)} other download that nobody ends")
        for sock in lost:
            sock.close()
