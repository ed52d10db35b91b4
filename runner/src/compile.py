"""Run in Pyodide: /made.zip is /given.zip with those modules compiled that a start and a program import.

The others stay as they are: bytecode is the larger download.
"""

import importlib._bootstrap_external
import sys
import zipfile

LIBRARY = "/lib/python{}{}.zip/".format(*sys.version_info)
"""Where Pyodide keeps its library, for the file names in tracebacks."""
IMPORTED = ("asyncio", "concurrent.futures", "dataclasses", "selectors", "socket")
"""By a program or by the simulator, beyond what Pyodide's start imports itself."""
AT_A_TERMINAL = ("_pyrepl/", "bdb.py", "cmd.py", "doctest.py", "pdb.py", "pydoc.py")
"""What serves somebody who sits at a terminal, and is not shipped."""

for name in IMPORTED:
    importlib.import_module(name)
needed = {getattr(module, "__file__", None) for module in sys.modules.values()}
with zipfile.ZipFile("/given.zip") as given, zipfile.ZipFile("/made.zip", "w") as made:
    for name in given.namelist():
        if name.startswith(AT_A_TERMINAL):
            continue
        content = given.read(name)
        if LIBRARY + name in needed:
            code = compile(content, LIBRARY + name, "exec", dont_inherit=True)
            content = importlib._bootstrap_external._code_to_timestamp_pyc(code, 0, len(content))
            name += "c"
        made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
