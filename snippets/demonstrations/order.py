"""Three downloads, begun in one order and done in another."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event


def download(page, answer, done):
    answer.wait()  # the network takes as long as it takes
    done.append(page)


def run(begun, answered):
    """The order in which they were done."""
    answers, done = {page: Event() for page in begun}, []
    with ThreadPoolExecutor(len(begun)) as pool:
        jobs = {
            page: pool.submit(download, page, answers[page], done)
            for page in begun
        }
        for page in answered:  # not ours to choose
            answers[page].set()
            jobs[page].result()
    return done


if __name__ == "__main__":
    print("begun:", *"ABC")
    print("done: ", *run("ABC", answered="BCA"))
