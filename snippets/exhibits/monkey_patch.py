"""What monkey.patch_all() does: it replaces names, and watches nothing."""

import time

import gevent
from gevent import monkey


def turns(sleep):
    """How often another greenlet runs while this one sleeps."""
    other = gevent.spawn(another, count := [])
    sleep(0.05)
    other.kill()
    return len(count)


def another(count):
    while True:
        count.append(1)
        gevent.sleep(0.001)


if __name__ == "__main__":
    taken_before = time.sleep
    monkey.patch_all()
    assert time.sleep is not taken_before, "nothing was replaced"
    print(f"time.sleep is now of {time.sleep.__module__}")
    blocked, replaced = turns(taken_before), turns(time.sleep)
    assert blocked == 0, "the patch noticed a call that it did not replace"
    assert replaced > 0, "the replaced call blocks, too"
    print(f"the old one: another greenlet had {blocked} turns meanwhile")
    print(f"the new one: {replaced}")
