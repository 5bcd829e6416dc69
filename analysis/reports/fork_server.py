"""The process that forks one child for each report, having imported the heavy parts once.

Started by :mod:`analysis.reports.fork_engine` as a program of its own, so that no thread of
the caller is alive at a fork. It reads jobs from its input, a line each, and writes outcomes
to its output; when its input ends it starts nothing more and finishes what is running.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import select
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analysis.reports.jobs import CellError, Job, Outcome

_BEGINS = b"B"  # a line of a child's pipe: the number of the cell that begins
_ENDS = b"E"  # a line of a child's pipe: the outcome


@dataclass
class _Child:
    """A report that is being made."""

    pid: int
    pipe: int
    job: Job
    started: float
    said: bytes = b""
    cell: int = -1
    outcome: dict[str, Any] | None = field(default=None)

    def hear(self) -> bool:
        """Read what the child says; False when it has ended."""
        heard = os.read(self.pipe, 65536)
        *lines, self.said = (self.said + heard).split(b"\n")
        for line in lines:
            if line[:1] == _BEGINS:
                self.cell = int(line[1:])
            elif line[:1] == _ENDS:
                self.outcome = json.loads(line[1:])
        return bool(heard)


def warm() -> None:
    """Import and try once what every report needs, so that no child pays for it."""
    from analysis.reports.fork_shell import shell
    from analysis.reports.jobs import import_nbformat

    import_nbformat()
    running = shell()
    # By the shell, so that matplotlib's inline backend finds it
    running.run_cell(  # type: ignore[no-untyped-call]
        "import matplotlib.pyplot", store_history=False
    )
    import io

    import matplotlib.pyplot as plt
    import numpy
    import pandas
    import papermill.iorw
    import papermill.parameterize  # noqa: F401
    import scipy.stats  # noqa: F401

    import evidence as ev
    from analysis import figures, tables  # noqa: F401
    from analysis.reports import Report, making, page  # noqa: F401
    from analysis.reports.canonical import canonical

    figure, axes = plt.subplots()
    axes.set(title="A", xlabel="b", ylabel="1")
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)
    plt.close("all")
    ev.cite("garber2011")
    page.page(
        canonical({"cells": [{"cell_type": "markdown", "metadata": {}, "source": "# A"}]}), None, ""
    )
    pandas.DataFrame({"a": numpy.zeros(1)}).to_string()
    running.reset(new_session=True)  # type: ignore[no-untyped-call]
    running.execution_count = 1


def child(job: Job, pipe: int, time_limit_s: float) -> None:
    """Make one report, say how it went, and end."""
    os.setpgid(0, 0)  # so that what the cells start can be ended with it
    for number in (signal.SIGINT, signal.SIGALRM, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    _first_to_go()
    _reseed()
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)

    from analysis.reports.fork_shell import execute
    from analysis.reports.making import make

    def begins(index: int) -> None:
        os.write(pipe, _BEGINS + str(index).encode() + b"\n")

    try:
        outcome = make(job, lambda it: execute(it, time_limit_s=time_limit_s, begins=begins))
        said = {"status": outcome.status, "message": outcome.message, "seconds": outcome.seconds}
    except Exception as error:  # a full disk, say: this report alone fails, and says why
        said = {"status": "failed", "message": f"{type(error).__name__}: {error}", "seconds": 0.0}
    os.write(pipe, _ENDS + json.dumps(said).encode("utf-8") + b"\n")


def _first_to_go() -> None:
    """Where memory runs out, the report goes and not the process that makes them all."""
    with contextlib.suppress(OSError):  # not Linux
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")


def _reseed() -> None:
    """Give the child random states of its own, as a new kernel would have."""
    import numpy as np

    random.seed()
    np.random.seed()


class Server:
    """Forks children for jobs, at most so many at a time."""

    def __init__(self, workers: int, time_limit_s: float) -> None:
        self._workers = workers
        self._time_limit_s = time_limit_s
        self._waiting: list[Job] = []
        self._running: list[_Child] = []
        self._open = True
        self._read = b""

    def run(self) -> None:
        """Serve until the input has ended and everything begun is done."""
        while self._open or self._running:
            while self._waiting and len(self._running) < self._workers:
                self._fork(self._waiting.pop(0))
            listened = [one.pipe for one in self._running] + ([0] if self._open else [])
            ready, _, _ = select.select(listened, [], [], 1.0)
            if 0 in ready:
                self._take_jobs()
            for one in list(self._running):
                if one.pipe in ready and not one.hear():
                    self._end(one, os.waitpid(one.pid, 0)[1])
                elif not ready:  # a process that a cell left behind may hold the pipe open
                    pid, status = os.waitpid(one.pid, os.WNOHANG)
                    if pid:
                        self._end(one, status)

    def _take_jobs(self) -> None:
        heard = os.read(0, 65536)
        if not heard:
            self._open = False
            self._waiting.clear()
        *lines, self._read = (self._read + heard).split(b"\n")
        for line in lines:
            given = json.loads(line)
            self._waiting.append(
                Job(
                    given["notebook"],
                    Path(given["source"]),
                    given["scenario"],
                    given["parameters"],
                    Path(given["folder"]),
                )
            )

    def _fork(self, job: Job) -> None:
        reads, writes = os.pipe()
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                os.close(reads)
                child(job, writes, self._time_limit_s)
                status = 0
            finally:
                os._exit(status)
        os.close(writes)
        self._running.append(_Child(pid, reads, job, time.perf_counter()))

    def _end(self, one: _Child, status: int) -> None:
        """Count a child as done; one that died gets its error page here."""
        self._running.remove(one)
        os.close(one.pipe)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(one.pid, signal.SIGKILL)  # what its cells left running
        said = one.outcome
        if said is None:
            error = CellError(cell=one.cell, source=_cell_source(one), problem=self._cause(status))
            said = _failed(one.job, error, time.perf_counter() - one.started)
        sys.stdout.write(json.dumps({"folder": str(one.job.folder), **said}) + "\n")
        sys.stdout.flush()

    def _cause(self, status: int) -> str:
        """Why a child died, in words."""
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        if number == signal.SIGALRM:
            return f"the cell ran longer than {self._time_limit_s:g} s"
        if number == signal.SIGKILL:
            return "the cell's process was killed; it may have run out of memory"
        if number:
            return f"the cell ended its own process ({signal.Signals(number).name})"
        return f"the cell ended its own process (exit code {os.waitstatus_to_exitcode(status)})"


def _failed(job: Job, error: CellError, seconds: float) -> dict[str, Any]:
    from analysis.reports import folders
    from analysis.reports.making import described, error_files

    message = described(error)
    try:
        folders.write_folder(job.folder, error_files(job, error))
    except OSError as problem:
        message += f"; its error page cannot be written: {problem.strerror}"
    outcome = Outcome(job, "failed", message, seconds)
    return {"status": outcome.status, "message": outcome.message, "seconds": outcome.seconds}


def _cell_source(one: _Child) -> str:
    """Source of the cell that a child died in; the second of the parameters is papermill's."""
    from papermill.iorw import load_notebook_node
    from papermill.parameterize import parameterize_notebook

    if one.cell < 0:
        return ""
    notebook = load_notebook_node(str(one.job.source))
    notebook = parameterize_notebook(notebook, dict(one.job.parameters), kernel_name="python3")
    return str(notebook.cells[one.cell].source)


def main() -> None:
    """Serve; the arguments are the number of children at a time and the time limit [s]."""
    workers, time_limit_s = int(sys.argv[1]), float(sys.argv[2])
    warm()
    gc.collect()
    gc.freeze()  # pages shared with the children stay shared
    Server(workers, time_limit_s).run()


if __name__ == "__main__":
    main()
