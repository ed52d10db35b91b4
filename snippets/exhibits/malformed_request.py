"""Three ways to spoil a request, each alone, and what a server answers."""

import socket
from concurrent.futures import ThreadPoolExecutor

HOST, PORT = "example.com", 80
REQUESTS = {
    "no target": f"GET HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
    "HTTP:1.1": f"GET / HTTP:1.1\r\nHost: {HOST}\r\n\r\n",
    "a space before Host": f"GET / HTTP/1.1\r\n Host: {HOST}\r\n\r\n",
    "none of these": f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n",
}


def status(request):
    with socket.create_connection((HOST, PORT)) as sock:
        sock.sendall(request.encode())
        with sock.makefile() as answer:
            return answer.readline().partition(" ")[2].strip()


if __name__ == "__main__":
    with ThreadPoolExecutor() as pool:
        answers = dict(zip(REQUESTS, pool.map(status, REQUESTS.values())))
    for what, answer in answers.items():
        print(f"{what}: {answer}")
    *spoilt, right = answers.values()
    assert {*spoilt} == {"400 Bad Request"}, "a spoilt request is accepted"
    assert right == "200 OK", "the right request is not"
