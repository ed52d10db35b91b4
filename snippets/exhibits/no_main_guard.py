"""A process pool at the top of a program, with and without a guard."""

import multiprocessing
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROGRAM = """
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
if {guard}:
    with ProcessPoolExecutor(1, get_context({method!r})) as pool:
        print(pool.submit(abs, -1).result())
"""


def run(method, guard):
    with TemporaryDirectory() as folder:
        program = Path(folder, "program.py")
        program.write_text(PROGRAM.format(method=method, guard=guard))
        return subprocess.run(
            [sys.executable, program],
            capture_output=True,
            text=True,
            timeout=9,
        )


if __name__ == "__main__":
    print(f"default of this Python: {multiprocessing.get_start_method()}")
    for method in sorted(multiprocessing.get_all_start_methods()):
        alone = run(method, guard=True)
        last = (alone.stdout + alone.stderr).splitlines()[-1]
        print(f"{method} without a guard: {last.partition(':')[0]}")
        if method != "fork":
            assert "bootstrapping" in alone.stderr, f"{method} needs no guard"
            guarded = run(method, guard="__name__ == '__main__'")
            assert guarded.stdout == "1\n", f"a guard does not help {method}"
            print(f"{method} with a guard: {guarded.stdout.strip()}")
