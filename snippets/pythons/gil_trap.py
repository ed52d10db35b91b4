"""An extension that does not say it can do without the GIL brings it back.

It matters to a free-threaded build only, and takes a C compiler.
"""

import importlib
import os
import shutil
import subprocess
import sys
import sysconfig
from tempfile import TemporaryDirectory
from warnings import catch_warnings, simplefilter

SILENT = """
#include <Python.h>
static PyModuleDef silent = {PyModuleDef_HEAD_INIT, "silent"};
PyMODINIT_FUNC PyInit_silent(void) { return PyModule_Create(&silent); }
"""


def gil_is_on():
    return getattr(sys, "_is_gil_enabled", lambda: True)()  # from 3.13


def build(folder):
    """Compile the extension into that folder."""
    source = os.path.join(folder, "silent.c")
    with open(source, "w") as file:
        file.write(SILENT)
    headers = f"-I{sysconfig.get_path('include')}"
    module = os.path.join(folder, "silent.so")
    command = ["cc", "-shared", "-fPIC", headers, source, "-o", module]
    subprocess.run(command, check=True)


def demonstrate():
    if not shutil.which("cc"):
        return {"before": gil_is_on(), "after": None, "warning": None}
    with TemporaryDirectory() as folder, catch_warnings(record=True) as told:
        simplefilter("always")
        build(folder)
        sys.path.insert(0, folder)
        before = gil_is_on()
        importlib.import_module("silent")
        warning = str(told[0].message) if told else None
        return {"before": before, "after": gil_is_on(), "warning": warning}


if __name__ == "__main__":
    for what, found in demonstrate().items():
        print(f"{what}: {found}")
