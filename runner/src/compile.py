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
NOT_SHIPPED = (
    # For somebody who sits at a terminal, over files of programs.
    "_pyrepl/", "bdb.py", "cmd.py", "compileall.py", "doctest.py", "modulefinder.py", "pdb.py", "profile.py",
    "pstats.py", "pyclbr.py", "pydoc.py", "tabnanny.py", "trace.py", "zipapp.py",
    # Servers, and mail in files.
    "mailbox.py", "wsgiref/", "xmlrpc/",
)  # fmt: skip
"""What is of no use where there is no terminal, no file, no server."""

for name in IMPORTED:
    importlib.import_module(name)
needed = {getattr(module, "__file__", None) for module in sys.modules.values()}
with zipfile.ZipFile("/given.zip") as given, zipfile.ZipFile("/made.zip", "w") as made:
    for name in given.namelist():
        if name.startswith(NOT_SHIPPED):
            continue
        content = given.read(name)
        if LIBRARY + name in needed:
            code = compile(content, LIBRARY + name, "exec", dont_inherit=True)
            content = importlib._bootstrap_external._code_to_timestamp_pyc(code, 0, len(content))
            name += "c"
        made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED, 9)
