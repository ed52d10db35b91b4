"""What an interpreter says of itself, asked by running this file with it: one line of JSON.

Python 3.6 can read it, so that one which is too old for the programs can say so itself.
"""

import json
import multiprocessing
import platform
import sys
import sysconfig

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def about() -> "dict[str, Any]":
    """The fields of an `Interpreter`: sys._is_gil_enabled came with 3.13, sys._jit with 3.14."""
    jit = getattr(sys, "_jit", None)
    asked = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return {
        "path": sys.executable,
        "version": platform.python_version(),
        "implementation": platform.python_implementation(),
        "build": sys.version,
        "compiler": platform.python_compiler(),
        "optimized": "--enable-optimizations" in asked,
        "free_threaded": bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "jit": bool(jit and jit.is_enabled()),
        "start_method": multiprocessing.get_context().get_start_method(),
    }


if __name__ == "__main__":
    print(json.dumps(about()))
