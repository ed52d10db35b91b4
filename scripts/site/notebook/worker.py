"""Executes one notebook and makes Markdown of it: a program of its own, for which the build waits.

    python -P worker.py NOTEBOOK PAGE SECONDS

The cells run in the notebook's folder, each for at most SECONDS, and the Markdown is written beside it.  What
goes wrong is told on standard output, as ``PAGE, cell In[2], line 3: cause``, with exit status 1.

mkdocs-jupyter renders what nbclient has executed.  By itself it would publish failures, and numbers of
earlier builds, wait for ever, know neither the site's Markdown nor Chinese headings, and put half a megabyte
of styles into the page.  So it is given a notebook that needs no execution, and a template of our own.
"""

import os
import re
import shutil
import sys
import threading
import time
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

NATIVE = "python3"
"""Jupyter's name for a kernel of the interpreter at hand: the only one here, whatever others there are."""
COLOURS = re.compile(r"\x1b\[[\d;]*m")
PRE = re.compile(r"<pre\b.*?</pre>", re.DOTALL | re.IGNORECASE)
FILE_OF_CELL = re.compile(r" \(\d+\.py, line \d+\)$")
"""Behind the message of a SyntaxError: IPython's own name for the cell."""
PRIVATE = {"_IncompleteInputError": "SyntaxError"}
"""What Python raises from 3.13 on for input that breaks off, and the public error that it is one of."""


class Failed(Exception):
    """The notebook cannot be shown; the message belongs right behind the page's name."""


def main(path: Path, seconds: float) -> None:
    """Execute that notebook and write its Markdown; raises Failed."""
    notebook = read(path)
    client = NotebookClient(
        notebook,
        km=kernel(notebook, path),
        timeout_func=lambda cell: seconds,
        force_raise_errors=True,  # also where a cell's tag would allow them
        shutdown_kernel="immediate",
    )
    try:
        client.start_new_kernel(cwd=str(path.parent))
    except NoSuchKernel as error:
        raise Failed(f": there is no kernel {error.name!r}, only {NATIVE!r}, from ipykernel") from error
    from mkdocs_jupyter import config, convert  # takes as long as the kernel, which starts meanwhile

    execute(client, seconds)
    for data in (output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])):
        if "text/html" in data:
            data["text/html"] = unbroken(data["text/html"])
    nbformat.write(notebook, path)
    config.settings.templates_dir = str(Path(__file__).with_name("templates"))
    made = convert.nb2html(str(path))
    markdown, _, _ = made.rpartition("<style>")  # which it adds to whatever a template says
    path.with_suffix(".md").write_text(unescape(markdown), "utf-8")


def read(path: Path) -> Any:
    """The notebook in that file; raises Failed."""
    try:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
    except Exception as error:  # each version of the format has errors of its own
        raise Failed(f": this is no notebook: {type(error).__name__}: {str(error).strip()}") from error
    return notebook


def kernel(notebook: Any, path: Path) -> AsyncKernelManager:
    """The kernel that the notebook asks for, not yet started."""
    return AsyncKernelManager(
        kernel_name=notebook.metadata.get("kernelspec", {}).get("name", NATIVE),
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[]),
        transport="ipc" if os.name == "posix" else "tcp",
        connection_file=str(path.with_name("kernel.json")),  # a short name: the sockets are named after it
    )


def execute(client: NotebookClient, seconds: float) -> None:
    """Run each cell, and keep what it shows in the notebook; raises Failed."""
    number = 0
    try:
        with client.setup_kernel(cleanup_kc=True):
            for index, cell in enumerate(client.nb.cells):
                number += cell.cell_type == "code"
                client.execute_cell(cell, index)
    except CellExecutionError as error:
        raise Failed(f", cell In[{number}]{line(error, number)}: {cause(error)}") from error
    except CellTimeoutError as error:
        raise Failed(f", cell In[{number}]: not done after {seconds:g} s") from error
    except DeadKernelError as error:
        raise Failed(f", cell In[{number}]: its kernel has died") from error
    except RuntimeError as error:
        raise Failed(f": the kernel does not start: {error}") from error


def unbroken(html: str) -> str:
    """The HTML without empty lines, behind which Markdown would go on; those in <pre> are written out."""
    html = PRE.sub(lambda pre: pre[0].replace("\n", "&#10;"), html)
    return re.sub(r"\n\s*\n", "\n", html)


def line(error: CellExecutionError, number: int) -> str:
    """The line of the cell, which only the traceback tells."""
    lines = re.findall(rf"Cell In\[{number}\], line (\d+)", COLOURS.sub("", error.traceback))
    return f", line {lines[-1]}" if lines else ""


def cause(error: CellExecutionError) -> str:
    """What to say of it, in Python's own way."""
    name = PRIVATE.get(error.ename, error.ename)
    return ": ".join(filter(None, [name, FILE_OF_CELL.sub("", error.evalue)]))


def end_with(parent: int, folder: Path) -> None:
    """End soon after the build, however it ends, and leave nothing; the kernel sees to itself likewise."""
    while os.getppid() == parent:
        time.sleep(1)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    path, page, seconds = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    threading.Thread(target=end_with, args=[os.getppid(), path.parent], daemon=True).start()
    try:
        main(path, seconds)
    except Failed as failed:
        print(f"{page}{failed}")
        sys.exit(1)
