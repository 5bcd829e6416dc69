"""The process that forks a child for the cells of each report, and how it is asked to.

It has imported the heavy parts once: IPython, pandas, matplotlib and what the notebooks take
from the package. What a page needs lives in :mod:`analysis.reports.fork_server`, so that
the two are imported side by side.
"""

from __future__ import annotations

import ast
import contextlib
import gc
import json
import os
import random
import select
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from analysis.reports.jobs import CellError, Job

_BEGINS = b"B"  # a line from a child: the number of the cell that begins
_ENDS = b"E"  # a line from a child: the outputs, or the error that ended it
_DEAD = b"D"  # a line from the parent, once a child has ended: its wait status
_LONGEST = 16384  # bytes of a question: a name and a path


class CellsGone(Exception):
    """The process that forks for cells has ended."""


def execute(job: Job, ask: socket.socket, *, time_limit_s: float) -> dict[str, Any]:
    """The executed notebook, its cells run in a child of the process that listens to `ask`.

    Raises
    ------
    CellError
        If a cell raises, takes longer than `time_limit_s` [s], or ends its own process.
    CellsGone
        If nothing listens any more.
    """
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    notebook: dict[str, Any] = load_notebook_node(str(job.source))
    notebook = parameterize_notebook(notebook, dict(job.parameters), kernel_name="python3")
    cells = notebook["cells"]
    ours, theirs = socket.socketpair()
    with ours, ours.makefile("rwb") as channel:
        with theirs, _gone():
            asked = json.dumps([job.notebook, str(job.source)]).encode()
            socket.send_fds(ask, [asked], [theirs.fileno()])
        with _gone():
            channel.write(json.dumps(_to_run(cells)).encode() + b"\n")
            channel.flush()
        at = -1
        for line in channel:
            if line[:1] == _BEGINS:
                at = int(line[1:])
            elif line[:1] == _ENDS:
                return _filled(notebook, json.loads(line[1:]))
            else:
                problem = _cause(int(line[1:]), time_limit_s)
                raise CellError(
                    cell=at, source=cells[at].source if at >= 0 else "", problem=problem
                )
    raise CellsGone


@contextlib.contextmanager
def _gone() -> Iterator[None]:
    try:
        yield
    except OSError:
        raise CellsGone from None


def _to_run(cells: list[Any]) -> list[tuple[int, str]]:
    """Number and source of each cell that is run."""
    return [
        (index, cell.source)
        for index, cell in enumerate(cells)
        if cell.cell_type == "code"
        and cell.source.strip()
        and "skip-execution" not in cell.metadata.get("tags", [])
    ]


def _filled(notebook: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """The notebook with what its cells said."""
    if "error" in said:
        raise CellError(**said["error"])
    for cell in notebook["cells"]:
        if cell.cell_type == "code":
            cell["outputs"], cell["execution_count"] = [], None
    for index, count, outputs in said["cells"]:
        notebook["cells"][index]["execution_count"] = count
        notebook["cells"][index]["outputs"] = outputs
    return notebook


def _cause(status: int, time_limit_s: float) -> str:
    """Why a child ended, in words."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGALRM:
        return f"the cell ran longer than {time_limit_s:g} s"
    if number == signal.SIGKILL:
        return "the cell's process was killed; it may have run out of memory"
    if number:
        return f"the cell ended its own process ({signal.Signals(number).name})"
    return f"the cell ended its own process (exit code {os.waitstatus_to_exitcode(status)})"


def warm() -> None:
    """Import and try once what the cells of every report need, so that no child pays for it."""
    from analysis.reports.fork_shell import shell

    shell()  # before matplotlib, whose inline backend looks for it
    import matplotlib.pyplot as plt
    import numpy as np
    import pandas as pd

    import evidence as ev
    from analysis.reports import Report, figure_files, provenance, scenarios  # noqa: F401

    figure_files.use_style()
    figure, axes = plt.subplots(layout="constrained")
    axes.set(title="A", xlabel="b", ylabel="1")
    figure_files.written(figure)
    plt.close("all")
    ev.cite("garber2011")
    provenance.versions()
    pd.DataFrame({"a": np.zeros(1)}).to_string()


def warm_for(source: Path) -> None:
    """Import what a notebook takes from the package, and set the works that it cites."""
    import importlib

    from analysis.reports import citations

    # What is wrong with a notebook is said of the report made from it
    with contextlib.suppress(OSError, ValueError, SyntaxError, KeyError):
        cells = json.loads(source.read_text("utf-8"))["cells"]
        code = "\n".join("".join(one["source"]) for one in cells if one["cell_type"] == "code")
        for line in ast.walk(ast.parse(code)):
            if isinstance(line, ast.ImportFrom) and line.module in ("analysis", "evidence"):
                for name in line.names:
                    with contextlib.suppress(ImportError):
                        importlib.import_module(f"{line.module}.{name.name}")
        citations.listed(citations.known(citations.keys(code)))


class _Cells:
    """Forks a child for each notebook asked for; whoever asks keeps to a number at a time."""

    def __init__(self, asked: socket.socket, time_limit_s: float) -> None:
        self._asked = asked
        self._time_limit_s = time_limit_s
        self._running: dict[int, socket.socket] = {}
        self._warm: set[str] = set()

    def run(self) -> None:
        """Serve until nobody can ask any more and every child has ended."""
        ends, _woken = _woken_by_children()
        is_open = True
        while is_open or self._running:
            listened: list[int | socket.socket] = [ends, *([self._asked] if is_open else [])]
            ready, _, _ = select.select(listened, [], [])
            if ends in ready:
                os.read(ends, 4096)
                self._bury()
            if self._asked in ready:
                asked, handles, _, _ = socket.recv_fds(self._asked, _LONGEST, 1)
                is_open = bool(asked)
                if is_open:
                    notebook, source = json.loads(asked)
                    self._fork(notebook, Path(source), handles[0])

    def _fork(self, notebook: str, source: Path, handle: int) -> None:
        if notebook not in self._warm:
            self._warm.add(notebook)
            warm_for(source)
            gc.freeze()  # pages shared with the children stay shared
        channel = socket.socket(fileno=handle)
        pid = os.fork()
        if pid == 0:
            _child(channel, self._time_limit_s)
        self._running[pid] = channel

    def _bury(self) -> None:
        """Tell of each child that has ended, and end what its cells left running."""
        for pid in list(self._running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
            with self._running.pop(pid) as channel, contextlib.suppress(OSError):
                channel.sendall(_DEAD + str(status).encode() + b"\n")


def _woken_by_children() -> tuple[int, int]:
    """A pipe that can be read from whenever a child has ended."""
    reads, writes = os.pipe()
    os.set_blocking(writes, False)
    signal.set_wakeup_fd(writes, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    return reads, writes


def _child(channel: socket.socket, time_limit_s: float) -> NoReturn:
    """Run the cells, hand over what came of them, and end."""
    status = 1
    try:
        os.setpgid(0, 0)  # so that what the cells start can be ended with it
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        gc.enable()
        _first_to_go()
        _reseed()
        nowhere = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nowhere, 0)
        with channel.makefile("rwb") as file:
            said = _run(json.loads(file.readline()), time_limit_s, file)
            file.write(_ENDS + json.dumps(said).encode() + b"\n")
        status = 0
    finally:
        os._exit(status)


def _run(cells: list[tuple[int, str]], time_limit_s: float, file: Any) -> dict[str, Any]:
    from analysis.reports.fork_shell import run

    def begins(index: int) -> None:
        file.write(_BEGINS + str(index).encode() + b"\n")
        file.flush()

    try:
        return {"cells": run(cells, time_limit_s=time_limit_s, begins=begins)}
    except CellError as error:
        return {"error": vars(error)}


def _first_to_go() -> None:
    """Where memory runs out, the report goes and not the process that makes them all."""
    with contextlib.suppress(OSError):  # not Linux
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _reseed() -> None:
    """Give the child random states of its own, as a new kernel would have."""
    import numpy as np

    random.seed()
    np.random.seed()


def serve(asked: socket.socket, time_limit_s: float) -> None:
    """Warm up and serve whoever asks, each of its cells for at most `time_limit_s` [s]."""
    warm()
    _Cells(asked, time_limit_s).run()
