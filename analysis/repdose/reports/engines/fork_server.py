"""The process that has reports made by children: it forks them, and hands them jobs.

Started by :mod:`repdose.reports.engines.fork` as a program of its own, so that no thread of
the caller is alive at a fork. It reads jobs from its input, a line each, and writes outcomes
to its output; when its input ends it starts nothing more and finishes what is running.

The cells of a report are run in a process of their own, which another one forks, see
:mod:`repdose.reports.engines.fork_cells`; what they said becomes a page in a child of this one. So
the two halves of what has to be imported are imported side by side, and a child, in which no
cell runs, can make one report after the other.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import select
import shutil
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any, NoReturn, TextIO

from repdose.reports.engines import fork_cells
from repdose.reports.jobs import CellError, EngineGone, Job, Outcome

_NO_CELLS = 75  # exit code of a child that found nobody to run its cells


def warm(source: Path) -> None:
    """Set a notebook as a page once, without outputs, so that no child pays for the imports."""
    from repdose.reports.engines.environment import import_nbformat

    import_nbformat()
    import nbformat

    from repdose.inputs import scenarios
    from repdose.reports import making, manifest, provenance  # noqa: F401
    from repdose.reports.pages import citations
    from repdose.reports.pages.canonical import canonical
    from repdose.reports.pages.page import page

    manifest.package_digest()
    provenance.versions()
    provenance.export_versions()
    # What is wrong with a scenario or a notebook is said where it is used
    with contextlib.suppress(Exception):
        for name in scenarios.names():
            scenarios.shipped(name)
        notebook = nbformat.read(source, as_version=4)  # type: ignore[no-untyped-call]
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        page(canonical(notebook), None, "Report")
        text = "\n".join(cell.source for cell in notebook.cells)
        citations.listed(citations.known(citations.keys(text)))


class _Child:
    """A process that makes reports, one after the other."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.channel = channel
        self.job: Job | None = None  # what it is making
        self._began = 0.0
        self._said = b""

    def begin(self, line: bytes) -> None:
        """Have it make the job of a line; that it may have ended is seen when it is heard."""
        self.job = Job.of(json.loads(line))
        self._began = time.perf_counter()
        with contextlib.suppress(OSError):
            self.channel.sendall(line + b"\n")

    def hear(self) -> dict[str, Any] | None:
        """The outcome, once it has said all of it; raises EOFError if it has ended."""
        heard = self.channel.recv(65536)
        if not heard:
            raise EOFError
        self._said += heard
        if not self._said.endswith(b"\n"):
            return None
        answer: dict[str, Any] = json.loads(self._said)
        self.job, self._said = None, b""
        return answer

    def end(self) -> dict[str, Any] | None:
        """Let it end; what is said of the job it was making, if it was."""
        self.channel.close()
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if code == _NO_CELLS:
            sys.exit("the process that runs the cells has ended")
        if self.job is None:
            return None
        return _failed(self.job, code, time.perf_counter() - self._began)


def _failed(job: Job, code: int, seconds: float) -> dict[str, Any]:
    """What is said of a report whose process ended before it could say it itself."""
    from repdose.reports.making import failed

    problem = f"the process that writes the page has ended (exit code {code})"
    return _answer(failed(job, CellError(cell=-1, source="", problem=problem), seconds))


def _answer(outcome: Outcome) -> dict[str, Any]:
    return {
        "folder": str(outcome.job.folder),
        "status": outcome.status,
        "message": outcome.message,
        "seconds": outcome.seconds,
    }


class Server:
    """Hands jobs to children, each of which makes one at a time."""

    def __init__(
        self, workers: int, time_limit_s: float, ask: socket.socket, answers: TextIO
    ) -> None:
        self._workers = workers
        self._time_limit_s = time_limit_s
        self._ask = ask
        self._answers = answers
        self._children: list[_Child] = []
        self._waiting: list[bytes] = []
        self._open = True
        self._read = b""

    def run(self) -> None:
        """Serve until the input has ended and everything begun is done."""
        while self._open or any(one.job for one in self._children):
            self._begin()
            listened: list[int | socket.socket] = [one.channel for one in self._children]
            listened += [0] if self._open else []
            ready, _, _ = select.select(listened, [], [])
            for one in list(self._children):
                if one.channel in ready:
                    self._hear(one)
            if 0 in ready:
                self._take_jobs()
        for one in self._children:
            one.end()

    def _begin(self) -> None:
        """Give what waits to children that have nothing to do, and to new ones."""
        while self._waiting:
            idle = next((one for one in self._children if one.job is None), None)
            if idle is None and len(self._children) < self._workers:
                idle = self._fork(Job.of(json.loads(self._waiting[0])).source)
            if idle is None:
                return
            idle.begin(self._waiting.pop(0))

    def _hear(self, child: _Child) -> None:
        try:
            answer = child.hear()
        except (EOFError, OSError):
            self._children.remove(child)
            answer = child.end()
        if answer is not None:
            with contextlib.suppress(BrokenPipeError):  # who asked is gone
                self._answers.write(json.dumps(answer) + "\n")
                self._answers.flush()

    def _take_jobs(self) -> None:
        heard = os.read(0, 65536)
        *lines, self._read = (self._read + heard).split(b"\n")
        self._waiting += lines
        if not heard:
            self._open = False
            self._waiting.clear()

    def _fork(self, source: Path) -> _Child:
        if not self._children:
            warm(source)
            gc.freeze()  # pages shared with the children stay shared
        ours, theirs = socket.socketpair()
        pid = os.fork()
        if pid == 0:
            # An end of a channel that another child kept would never be seen to close
            for channel in (ours, *(one.channel for one in self._children)):
                channel.close()
            self._answers.close()
            _quiet_input()
            self._make(theirs)
        theirs.close()
        child = _Child(pid, ours)
        self._children.append(child)
        return child

    def _make(self, channel: socket.socket) -> NoReturn:
        """Make reports as long as there is something to make, and end."""
        from repdose.reports.making import make

        status = 1
        try:
            gc.enable()
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            with channel.makefile("rwb") as file:
                for line in file:
                    outcome = make(Job.of(json.loads(line)), self._execute)
                    file.write(json.dumps(_answer(outcome)).encode() + b"\n")
                    file.flush()
            status = 0
        except EngineGone:
            status = _NO_CELLS
        finally:
            os._exit(status)

    def _execute(self, job: Job) -> dict[str, Any]:
        return fork_cells.execute(job, self._ask, time_limit_s=self._time_limit_s)


def _quiet_input() -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nowhere, 0)
    os.close(nowhere)


def main() -> None:
    """Serve.

    The arguments are the number of children, the time limit of a cell [s], and the folder of
    this run, which goes when everything is done, whatever has become of who began it; then the
    locks of folders that this process holds as long as it lives.
    """
    workers, time_limit_s, folder = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    # Nothing that a library prints is taken for an answer
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    # Datagrams, so that what children ask at the same time stays apart, and an end is seen
    ask, asked = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    gc.disable()  # an import leaves little to collect, and looking for it takes long
    cells = os.fork()
    if cells == 0:
        ask.close()
        answers.close()
        for lock in map(int, sys.argv[4:]):  # what a cell leaves running holds none
            os.close(lock)
        _quiet_input()
        fork_cells.warm()
        fork_cells.Cells(asked).run()
        os._exit(0)
    asked.close()
    with ask:
        Server(workers, time_limit_s, ask, answers).run()
    os.waitpid(cells, 0)  # it ends when nobody can ask any more
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # what was imported is not worth tidying up


if __name__ == "__main__":
    main()
