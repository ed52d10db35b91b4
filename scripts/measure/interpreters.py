"""The Pythons of this machine: found, not configured, and each asked once what it is.

Looked for are those on the PATH, those of pyenv and of uv, and what PYTHONS names: paths or versions,
separated by commas, or ``none`` for the one that asks and no other.  Of pyenv it is the folder of
versions that is looked into: its shims on the PATH end with status 127 for versions that are not active.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from scripts import stages
from scripts.files import CACHE, Cache, digest
from scripts.measure.about import about
from scripts.measure.measurements import BadRecords, decode

OLDEST = (3, 8)
"""The oldest version that runs the programs of the story: its assignment expressions are in every one."""
NAME = re.compile(r"(python3(\.\d+t?)?|pypy3(\.\d+)?)(\.exe)?")
LIST = ("python", "list", "--only-installed", "--managed-python", "--offline", "--output-format", "json")
"""What uv is asked: --offline, since it would else look for those that could be downloaded."""
SECONDS = 10.0
"""Until an interpreter that is asked has to have answered."""
ABOUT = Path(__file__).with_name("about.py")
ANSWERS = Cache(CACHE / "interpreters", most=1 << 20)
"""What interpreters said: asked again only where the file has changed."""


class NoInterpreter(LookupError):
    """PYTHONS, or a command line, names a Python that is not to be had here; the message says why."""


class Interpreter(Struct, frozen=True):
    """One Python: how to start it, and what it says of itself.

    `build` is its sys.version, `compiler` what compiled it, `optimized` whether configure was asked for
    --enable-optimizations, which pyenv does not do unless it is told to; a distribution may optimize by other
    means, and does not say so.  `gil` is whether its GIL is on when it starts, `start_method` how it starts
    processes by default.
    """

    path: str
    version: str
    implementation: str
    build: str
    compiler: str
    optimized: bool
    free_threaded: bool
    gil: bool
    jit: bool
    start_method: str

    @property
    def release(self) -> tuple[int, int]:
        """Major and minor version, as in (3, 14)."""
        major, minor = self.version.split(".")[:2]
        return int(major), int(minor)

    @property
    def name(self) -> str:
        """What a command line calls it: 3.14, 3.14t for a free-threaded build, pypy3.11."""
        prefix = "" if self.implementation == "CPython" else self.implementation.lower()
        return f"{prefix}{'.'.join(map(str, self.release))}{'t' if self.free_threaded else ''}"

    @property
    def age(self) -> tuple[int, ...]:
        """The numbers of its version, to be compared with another's."""
        return stages.version(self.version)


class Found(Struct, frozen=True):
    """The interpreters of a machine, the oldest first, one for each name; and why others were left out."""

    interpreters: tuple[Interpreter, ...]
    left_out: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """What the interpreters are called, the oldest first."""
        return [each.name for each in self.interpreters]

    def get(self, name: str) -> Interpreter:
        """The interpreter called `name`, as in 3.14 or 3.14t; raises NoInterpreter."""
        for each in self.interpreters:
            if each.name == name:
                return each
        is_one = NAME.fullmatch(f"python{name}")
        bring = f"`uv python install {name}` brings one" if is_one else "name a version, or a path"
        raise NoInterpreter(f"there is no Python {name} here, only {', '.join(self.names)}: {bring}")


@cache
def this() -> Interpreter:
    """The interpreter that measures, which is this one."""
    return msgspec.convert(about(), Interpreter)


@cache
def here() -> Found:
    """The interpreters that this process's own environment leads to; raises what `find` raises."""
    return find(os.environ)


def of(name: str | None) -> Interpreter:
    """The interpreter with this name or path, or the one that runs now; raises NoInterpreter."""
    if name is None:
        return this()
    return ask(Path(name)) if os.sep in name else here().get(name)


def find(env: Mapping[str, str]) -> Found:
    """The interpreters that the environment leads to; raises NoInterpreter for what PYTHONS names in vain."""
    wanted = [name.strip() for name in env.get("PYTHONS", "").split(",") if name.strip()]
    if wanted == ["none"]:
        return Found((this(),))
    named = [ask(Path(name)) for name in wanted if os.sep in name]
    answers = list(_ask_all(_candidates(env)))
    asked = [answer for answer in answers if isinstance(answer, Interpreter) and answer.release >= OLDEST]
    left_out = tuple(str(answer) for answer in answers if isinstance(answer, NoInterpreter))
    found = Found(tuple(_one_for_each_name([*named, this(), *asked])), left_out)
    if not wanted:
        return found
    chosen = [found.get(name) for name in wanted if os.sep not in name]
    return Found(tuple(_one_for_each_name([*named, this(), *chosen])), left_out)


def ask(path: Path) -> Interpreter:
    """What the Python at `path` says of itself; raises NoInterpreter where it does not start or answer."""
    try:
        status = path.stat()
        identity = path, path.resolve(), status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
        key = digest([ABOUT.read_bytes(), repr(identity).encode()])
        if (kept := ANSWERS.get(key)) is not None:
            return decode(kept, Interpreter)
        answer = subprocess.run(
            [path, "-I", ABOUT], stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=True
        ).stdout  # fmt: skip
        interpreter = decode(answer, Interpreter)
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["and said nothing"]
        raise NoInterpreter(f"{path} ended with status {error.returncode}: {last[0]}") from error
    except subprocess.TimeoutExpired as error:
        raise NoInterpreter(f"{path} did not answer within {SECONDS:g} s") from error
    except (OSError, BadRecords) as error:
        raise NoInterpreter(f"{path} is no Python that can be asked ({error})") from error
    ANSWERS.put(key, answer)
    return interpreter


def _one_for_each_name(interpreters: Iterable[Interpreter]) -> list[Interpreter]:
    """The first of each name, in the order of their releases."""
    chosen: dict[str, Interpreter] = {}
    for each in interpreters:
        chosen.setdefault(each.name, each)
    return sorted(chosen.values(), key=lambda each: (each.release, each.free_threaded, each.name))


def _ask_all(paths: list[Path]) -> Iterator[Interpreter | NoInterpreter]:
    """What each answers, the newest of a version before older ones, and those last that gave no answer."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(_answer, paths))
    interpreters = (answer for answer in answers if isinstance(answer, Interpreter))
    yield from sorted(interpreters, key=lambda each: each.age, reverse=True)
    yield from (answer for answer in answers if isinstance(answer, NoInterpreter))


def _answer(path: Path) -> Interpreter | NoInterpreter:
    try:
        return ask(path)
    except NoInterpreter as error:
        return error


def _candidates(env: Mapping[str, str]) -> list[Path]:
    """Files that may be interpreters: on the PATH, of pyenv, of uv; each file once, whatever leads to it."""
    root = Path(env.get("PYENV_ROOT") or Path(env.get("HOME", "~")).expanduser() / ".pyenv")
    folders = dict.fromkeys(map(Path, filter(None, env.get("PATH", "").split(os.pathsep))))
    on_path = (file for folder in folders if folder != root / "shims" for file in _files(folder))
    of_pyenv = (file for version in root.glob("versions/*") for file in _files(version / "bin"))
    once = {file.resolve(): file for file in [*on_path, *of_pyenv, *_of_uv(env)]}
    return [file for place, file in once.items() if place != Path(sys.executable).resolve()]


def _files(folder: Path) -> list[Path]:
    """The files in `folder` that bear the name of a Python."""
    try:
        return sorted(file for file in folder.iterdir() if NAME.fullmatch(file.name))
    except OSError:  # PATH may name folders that there are not
        return []


def _of_uv(env: Mapping[str, str]) -> list[Path]:
    """The interpreters that uv has installed; none where there is no uv, or one that does not say."""
    beside = Path(sys.executable).with_name("uv")
    uv = shutil.which("uv", path=env.get("PATH")) or (str(beside) if beside.exists() else None)
    if not uv:
        return []
    try:
        # Without a PATH it asks no interpreter there, which has been asked already.
        answer = subprocess.run(
            [uv, *LIST], env={**env, "PATH": ""}, capture_output=True, timeout=SECONDS, check=True
        )  # fmt: skip
        return [Path(each["path"]) for each in msgspec.json.decode(answer.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError, LookupError, TypeError):
        return []
