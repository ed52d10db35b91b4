"""A page that names the next, three times: Twisted's chain and generator."""

from twisted.internet.defer import Deferred, inlineCallbacks

PAGES = {"/a": "/b", "/b": "/c", "/c": "the end"}


def fetch(path, network):
    """The page, which is not there yet."""
    deferred = Deferred()
    network.append((path, deferred))
    return deferred


def chain(network):  # 2002
    def follow(page):
        return fetch(page, network)

    def missing(failure):
        failure.trap(OSError)
        return str(failure.value)

    deferred = fetch("/a", network)
    return deferred.addCallback(follow).addCallback(follow).addErrback(missing)


@inlineCallbacks
def generator(network):  # 2006
    page = "/a"
    try:
        for _ in range(3):
            page = yield fetch(page, network)
    except OSError as error:
        return str(error)
    return page


def answer(network, broken):
    """Bring each page that is asked for, until none is."""
    while network:
        path, deferred = network.pop()
        if path == broken:
            deferred.errback(OSError(f"no page {path}"))
        else:
            deferred.callback(PAGES[path])


if __name__ == "__main__":
    for download in chain, generator:
        for broken in None, "/b":
            network, got = [], []
            download(network).addCallback(got.append)
            answer(network, broken)
            print(f"{download.__name__}: {got[0]}")
