"""A callback on a ready socket: the kernel reports, and your loop calls."""

import select
import selectors
import socket

if __name__ == "__main__":
    called = []
    here, there = socket.socketpair()
    with here, there, selectors.DefaultSelector() as selector:
        selector.register(here, selectors.EVENT_READ, called.append)
        there.send(b"hello")
        ready = selector.select()
        assert not called, "somebody called the callback"
        print(f"select() reported {len(ready)} ready, {len(called)} calls")
        for key, events in ready:
            key.data(events)
        assert called, "the loop did not call either"
        print(f"the loop went through the report: {len(called)} call")
        if hasattr(select, "epoll"):
            with select.epoll() as epoll:
                try:
                    epoll.register(here, called.append)
                except TypeError as error:
                    print(f"epoll.register() with a callback: {error}")
                else:
                    raise AssertionError("epoll took a callback")
