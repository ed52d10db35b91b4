"""Ways out of the cage, and things to leave behind: a program that tries each once, and tells what it got.

It is told in JSON what there is outside (see test_cage.py), and prints in JSON for each probe what that got, or
null: where the cage holds, a probe raises OSError or returns nothing.
"""

import ctypes
import fcntl
import json
import mmap
import os
import resource
import signal
import socket
import stat
import struct
import sys
from contextlib import suppress
from itertools import islice
from pathlib import Path

PROBES = {}
HARMLESS = set()
"""Names of the probes that get out where there is no cage, and that may be tried there."""
libc = ctypes.CDLL(None, use_errno=True)
INHERITED = [
    number
    for number in range(3, 64)
    if os.path.exists(f"/proc/self/fd/{number}") and os.get_inheritable(number)
]
"""What an exec lets through, and so not libffi's own file, which that holds open (from 3.4 on)."""
NEW_USER, NEW_NET, NEW_MOUNT, NEW_PID = 0x10000000, 0x40000000, 0x00020000, 0x20000000
CALLS = {"x86_64": {"add_key": 248, "keyctl": 250}}.get(os.uname().machine, {"add_key": 217, "keyctl": 219})


def probe(function):
    """A way out."""
    PROBES[function.__name__] = function
    return function


def harmless(function):
    """A way out that any user has outside."""
    HARMLESS.add(function.__name__)
    return probe(function)


def call(name, *arguments):
    """What a function of the C library returned; raises OSError."""
    returned = getattr(libc, name)(*arguments)
    if returned == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return returned or "done"


def system_call(number, *arguments):
    """What that system call returned; raises OSError."""
    return call("syscall", ctypes.c_long(number), *arguments)


def written(path):
    """The path, if it can be opened for writing; nothing is written."""
    os.close(os.open(path, os.O_WRONLY))
    return str(path)


def made(path):
    """The path, if a file can be made there."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)
    return str(path)


# Over the network


@harmless
def a_server_on_this_machine(outside):
    socket.create_connection(("127.0.0.1", outside["port"]), 5).close()
    return outside["port"]


@probe
def another_network(outside):
    socket.create_connection(("198.51.100.1", 80), 1).close()
    return "connected"


@probe
def another_network_by_datagrams(outside):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"!", ("198.51.100.1", 53))


@probe
def another_network_by_version_6(outside):
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"!", ("2001:db8::1", 53))


@probe
def another_name(outside):
    return socket.getaddrinfo("example.org", 80)


@harmless
def a_socket_by_path(outside):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(outside["socket"])
    return outside["socket"]


@harmless
def a_datagram_to_a_socket_by_path(outside):
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with pair[0], pair[1], socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"!", outside["datagrams"])


@harmless
def a_socket_by_name(outside):
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("\0" + outside["abstract"])
    return outside["abstract"]


@probe
def sockets_that_servers_leave(outside):
    """Anywhere but among programs, where none are."""
    interpreter = {sys.base_prefix, os.path.realpath(sys.prefix)}
    programs = {"/opt", "/proc", "/sys", "/usr", outside["project"], *interpreter}
    found = []
    for folder, folders, names in os.walk("/"):
        folders[:] = [
            name for name in folders if os.path.realpath(os.path.join(folder, name)) not in programs
        ]
        paths = [os.path.join(folder, name) for name in names]
        found += [path for path in paths if stat.S_ISSOCK(os.lstat(path).st_mode)]
    return found


@probe
def every_packet_of_the_link(outside):
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 3).close()
    return "a packet socket"


@probe
def packets_made_by_hand(outside):
    socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_TCP).close()
    return "a raw socket"


@probe
def the_host_of_a_virtual_machine(outside):
    socket.socket(40, socket.SOCK_STREAM).close()
    return "AF_VSOCK"


@probe
def rare_families(outside):
    """AF_ALG, bluetooth, CAN and others that no program of ours needs."""
    for family in set(range(46)) - {0, socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK}:
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET, socket.SOCK_RAW):
            with suppress(OSError):
                socket.socket(family, kind).close()
                return family
    return None


@probe
def requests_that_no_filter_sees(outside):
    return system_call(425, 4, ctypes.create_string_buffer(256))  # io_uring_setup(2)


@probe
def the_interfaces(outside):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return fcntl.ioctl(sock, 0x8914, struct.pack("16sH22x", b"lo", 0)) and "SIOCSIFFLAGS"


# Other processes


@harmless
def processes_outside(outside):
    return _is_outside(outside) and outside["pid"]


@harmless
def a_signal_to_a_process_outside(outside):
    os.kill(outside["pid"], 0)
    return _is_outside(outside) and outside["pid"]


def _is_outside(outside):
    """Whether it is that process which has its number here."""
    return Path(f"/proc/{outside['pid']}/cmdline").read_text() == outside["cmdline"]


@harmless
def a_group_or_session_outside(outside):
    """To which kill(0) would go; 0 stands for one that is in another namespace."""
    return (os.getpgid(0), os.getsid(0)) if outside["uncaged"] or 0 in (os.getpgid(0), os.getsid(0)) else None


@probe
def a_controlling_terminal(outside):
    os.close(os.open("/dev/tty", os.O_RDWR))
    return "/dev/tty"


@probe
def a_signal_to_pid_1(outside):
    if outside["scoped"]:
        os.kill(1, 0)
        return "a signal"
    return None


@probe
def a_signal_to_link_or_origin(outside):
    if outside["scoped"]:
        for pid in (2, 3):
            with suppress(PermissionError):
                os.kill(pid, 0)
                return pid
    return None


@probe
def the_memory_of_pid_1(outside):
    return written("/proc/1/mem")


@probe
def the_environment_of_pid_1(outside):
    return Path("/proc/1/environ").read_bytes()


@probe
def the_files_of_pid_1(outside):
    return [os.readlink(f"/proc/1/fd/{number}") for number in os.listdir("/proc/1/fd")]


@probe
def the_root_of_pid_1(outside):
    return os.listdir("/proc/1/root")


@probe
def a_debugger_at_pid_1(outside):
    return call("ptrace", 16, 1, None, None)  # PTRACE_ATTACH


@probe
def a_debugger_at_link_and_origin(outside):
    for pid in (2, 3):
        with suppress(PermissionError):
            return call("ptrace", 16, pid, None, None)
    return None


@probe
def the_namespaces_of_pid_1(outside):
    return [os.open(f"/proc/1/ns/{kind}", os.O_RDONLY) for kind in ("mnt", "net", "user")]


@probe
def files_that_nobody_closed(outside):
    return [os.readlink(f"/proc/self/fd/{number}") for number in INHERITED]


@probe
def a_better_priority(outside):
    os.setpriority(os.PRIO_PROCESS, 0, -5)
    return "-5"


@probe
def the_scheduler_of_real_time(outside):
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    return "SCHED_FIFO"


@probe
def to_be_spared_when_memory_is_short(outside):
    Path("/proc/self/oom_score_adj").write_text("-1000")
    return "-1000"


# Another user, other rights


@probe
def to_be_root(outside):
    return "root" if 0 in os.getresuid() + os.getresgid() else None


@probe
def to_become_root(outside):
    os.setuid(0)
    return "root"


@probe
def other_groups(outside):
    os.setgroups([0])
    return "root's"


@probe
def set_uid_programs(outside):
    status = Path("/proc/self/status").read_text()
    return None if "NoNewPrivs:\t1\n" in status else "honoured"


@probe
def capabilities(outside):
    lines = Path("/proc/self/status").read_text().splitlines()
    return [
        line
        for line in lines
        if line.startswith(("CapInh", "CapPrm", "CapEff", "CapAmb")) and int(line[8:], 16)
    ]


@probe
def a_user_namespace_of_its_own(outside):
    return call("unshare", NEW_USER)


@probe
def another_network_namespace(outside):
    return call("unshare", NEW_NET)


@probe
def another_mount_namespace(outside):
    return call("unshare", NEW_MOUNT)


@probe
def another_pid_namespace(outside):
    return call("unshare", NEW_PID)


# Mounts and devices


@probe
def a_mount(outside):
    return call("mount", b"tmpfs", b"/tmp", b"tmpfs", 0, None)


@probe
def a_mount_by_the_new_calls(outside):
    return system_call(430, b"tmpfs", 0)  # fsopen(2)


@probe
def to_write_where_it_may_only_read(outside):
    return call("mount", None, b"/", None, 0x20 | 0x1000, None)  # MS_REMOUNT | MS_BIND


@probe
def to_write_by_the_new_call(outside):
    return system_call(442, -100, b"/", 0x8000, struct.pack("=QQQQ", 0, 1, 0, 0), 32)  # mount_setattr(2)


@probe
def what_is_under_a_mount(outside):
    return call("umount2", b"/etc/hosts", 2)


@probe
def another_root(outside):
    os.chroot("/tmp")
    return "/tmp"


@probe
def the_root_before(outside):
    return call("pivot_root", b"/tmp", b"/tmp")


@probe
def files_by_handle(outside):
    return system_call(
        {"x86_64": 304}.get(os.uname().machine, 265), -100, ctypes.create_string_buffer(136), 0
    )


@probe
def a_device(outside):
    os.mknod("/tmp/device", stat.S_IFCHR | 0o666, os.makedev(1, 1))
    return "/tmp/device"


@probe
def devices_that_are_not_for_everyone(outside):
    links = {"fd", "ptmx", "pts", "shm", "stderr", "stdin", "stdout"}
    return sorted({*os.listdir("/dev")} - links - {"full", "null", "random", "tty", "urandom", "zero"})


@probe
def the_log_of_the_kernel(outside):
    return written("/dev/kmsg")


@probe
def virtual_machines(outside):
    return written("/dev/kvm")


@probe
def the_memory_of_the_machine(outside):
    return written("/dev/mem")


# Settings of the machine


@probe
def any_setting_of_the_kernel(outside):
    return next(_writable("/proc/sys"), None) or next(_writable("/proc/irq"), None)


@probe
def anything_in_sys(outside):
    folders = ("/sys/fs/cgroup", "/sys/kernel", "/sys/module", "/sys/power")
    return [path for folder in folders for path in islice(_writable(folder), 1)]


def _writable(top):
    for folder, _, names in os.walk(top):
        for name in names:
            path = os.path.join(folder, name)
            with suppress(OSError):
                if stat.S_ISREG(os.lstat(path).st_mode) and stat.S_IMODE(os.lstat(path).st_mode) & 0o222:
                    yield written(path)


@probe
def the_magic_keys(outside):
    return written("/proc/sysrq-trigger")


@probe
def the_name_of_the_machine(outside):
    socket.sethostname(socket.gethostname())
    return "set"


@probe
def the_clock(outside):
    import time

    time.clock_settime(time.CLOCK_REALTIME, time.time())
    return "set"


@probe
def a_restart(outside):
    return call("reboot", 0x89ABCDEF)  # LINUX_REBOOT_CMD_CAD_ON: Ctrl-Alt-Del restarts, which it does already


@probe
def a_module_of_the_kernel(outside):
    return system_call({"x86_64": 175}.get(os.uname().machine, 105), b"", 0, b"")


@probe
def the_ports_of_the_machine(outside):
    return call("ioperm", 0x80, 1, 1) if hasattr(libc, "ioperm") else None


# Files


@harmless
def a_file_of_the_caller(outside):
    return Path(outside["secret"]).read_text()


@probe
def the_home_of_the_caller(outside):
    """But for what has to be seen of it: a part of the way to the interpreter, or to the project."""
    home, shown = outside["home"], (outside["project"], sys.base_prefix, os.path.realpath(sys.prefix))
    paths = [os.path.join(home, name) for name in os.listdir(home)]
    return [path for path in paths if not any(f"{each}/".startswith(f"{path}/") for each in shown)]


@probe
def the_passwords(outside):
    return Path("/etc/shadow").read_text()


@harmless
def a_new_file_in_its_folder(outside):
    return made(os.path.join(outside["folder"], "left"))


@probe
def a_new_file_in_the_project(outside):
    return made(os.path.join(outside["project"], "left"))


@probe
def a_new_file_in_each_folder_of_the_system(outside):
    for folder in (
        "",
        "/bin",
        "/dev",
        "/etc",
        "/etc/cron.d",
        "/lib",
        "/opt",
        "/proc",
        "/usr/lib",
        "/usr/local/bin",
    ):
        with suppress(OSError):
            return made(f"{folder}/left")
    return None


@probe
def the_interpreter(outside):
    return written(os.path.realpath(sys.executable))


@harmless
def a_change_of_a_file(outside):
    return written(outside["own"])


@harmless
def a_file_no_more(outside):
    os.rename(outside["own"], outside["own"] + "!")
    os.rename(outside["own"] + "!", outside["own"])
    return "renamed"


@harmless
def other_rights_to_a_file(outside):
    os.chmod(outside["own"], 0o644)
    return "0644"


@harmless
def other_times_of_a_file(outside):
    os.utime(outside["own"])
    return "now"


@harmless
def a_second_name_of_a_file(outside):
    os.link(outside["own"], os.path.join(outside["folder"], "second"))
    os.unlink(os.path.join(outside["folder"], "second"))
    return "linked"


@probe
def names_that_the_lab_gives(outside):
    os.chmod("/etc/hosts", 0o644)
    return written("/etc/hosts")


@harmless
def shared_memory_outside(outside):
    return Path("/dev/shm", outside["shared"]).read_text()


@harmless
def system_v_memory_outside(outside):
    return call("shmget", outside["segment"], 0, 0)


# Keys and secrets


@harmless
def the_environment_of_the_caller(outside):
    return os.environ.get("CAGE_SECRET")


@harmless
def a_proxy(outside):
    return os.environ.get("http_proxy")


@harmless
def the_keyring_of_the_session(outside):
    return system_call(CALLS["keyctl"], 0, -3, 0) and "KEYCTL_GET_KEYRING_ID"


@harmless
def a_key_for_the_session(outside):
    return system_call(CALLS["add_key"], b"user", b"cage-probe", b"x", 1, -1) and "added"  # this thread's own


# More of everything than there is for it


@probe
def a_file_without_end(outside):
    with open("/tmp/large", "wb") as file:
        try:
            os.posix_fallocate(file.fileno(), 0, 2 << 30)
            return "2 GiB"
        finally:
            os.unlink("/tmp/large")


@probe
def a_folder_without_end(outside):
    return [each for each in ("/tmp", "/dev/shm") if not 0 < os.statvfs(each).f_files <= 1 << 16]


@probe
def shared_memory_without_end(outside):
    room = os.statvfs("/dev/shm")
    return room.f_blocks * room.f_frsize > 1 << 30 and "more than 1 GiB"


@probe
def an_anonymous_file_without_end(outside):
    os.ftruncate(os.memfd_create("large"), 2 << 30)
    return "2 GiB"


@probe
def memory_without_end(outside):
    with suppress(MemoryError):
        mmap.mmap(-1, 64 << 30, mmap.MAP_PRIVATE)
        return "64 GiB"
    return None


@probe
def a_dump_of_memory(outside):
    return max(resource.getrlimit(resource.RLIMIT_CORE)) > 1 and "with a limit that the kernel heeds"


@probe
def higher_limits(outside):
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            return kind
    return None


# What would be left: the test looks for it when the run is over


@probe
def something_left_behind(outside):
    """Files, shared memory, System V memory, and a daemon in a session of its own that no signal but one ends."""
    for folder in ("/tmp", "/dev/shm"):
        with suppress(OSError):
            Path(folder, outside["left"]).write_text("left")
    with suppress(OSError):
        call("shmget", outside["left_segment"], 4096, 0o1600)
    if not os.fork():
        os.setsid()
        if not os.fork():
            os.closerange(3, 64)
            signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
            while True:
                signal.pause()
        os._exit(0)
    os.wait()


def main():
    """Try the probes that the command line names, or all, each in a process of its own."""
    outside = json.loads(sys.argv[1])
    names = sys.argv[2:] or PROBES
    got = {}
    for name in names:
        reader, writer = os.pipe()
        if not os.fork():
            os.close(reader)
            with open(writer, "w") as pipe:
                try:
                    result = PROBES[name](outside)
                    pipe.write(json.dumps(repr(result) if result else None))
                except OSError:
                    pipe.write("null")
                except BaseException as error:
                    pipe.write(json.dumps(f"the probe is broken: {error!r}"))
                pipe.flush()
            os._exit(0)
        os.close(writer)
        with open(reader) as pipe:
            text = pipe.read()
        got[name] = json.loads(text) if text else "the probe was killed"
        os.wait()
    print(json.dumps(got))


if __name__ == "__main__":
    main()
