"""Who is named when something goes wrong three calls deep."""

import traceback


def connect_then(callbacks):
    def failed():
        raise ConnectionRefusedError

    callbacks.append(failed)


def fetch_then(callbacks):
    connect_then(callbacks)


def crawl_then(callbacks):
    fetch_then(callbacks)


def run_callbacks():
    callbacks = []
    crawl_then(callbacks)
    for callback in callbacks:
        callback()


def connect():
    yield
    raise ConnectionRefusedError


def fetch():
    yield from connect()


def crawl():
    yield from fetch()


def run_generators():
    for _ in crawl():
        pass


if __name__ == "__main__":
    for run in run_callbacks, run_generators:
        try:
            run()
        except ConnectionRefusedError as error:
            frames = traceback.extract_tb(error.__traceback__)[1:]
            print(" -> ".join(frame.name for frame in frames))
