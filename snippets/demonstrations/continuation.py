"""What is to be done with a page that is not there yet."""

from collections import deque


def fetch(path, then, ready):
    # In place of a network: the page comes after this function has returned.
    ready.append(lambda: then(f"the page of {path}"))


def show(path, ready):
    fetch(path, lambda page: print("received", page), ready)
    print("asked for", path)


if __name__ == "__main__":
    ready = deque()
    show("/a", ready)
    show("/b", ready)
    while ready:
        callback = ready.popleft()
        callback()
