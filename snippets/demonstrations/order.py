"""Three downloads at once, five times: begun in one order, and done?"""

import time
from concurrent.futures import ThreadPoolExecutor
from random import uniform


def download(page, done):
    time.sleep(uniform(0.001, 0.01))  # the network takes as long as it takes
    done.append(page)


def run(begun):
    """The order in which they were done."""
    done = []
    with ThreadPoolExecutor(len(begun)) as pool:
        jobs = [pool.submit(download, page, done) for page in begun]
    for job in jobs:
        job.result()
    return done


if __name__ == "__main__":
    print("begun:", *"ABC")
    for _ in range(5):
        print("done: ", *run("ABC"))
