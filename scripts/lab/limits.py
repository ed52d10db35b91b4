"""How much of the system a run may take (getrlimit(2)); on any POSIX system."""

import resource


def limit_memory(size: int) -> None:
    """Let this process and each child hold at most `size` bytes of data of its own."""
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def open_all_files() -> None:
    """Let this process and its children open as many files as the system grants without asking."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 65_536 if hard == resource.RLIM_INFINITY else min(hard, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
