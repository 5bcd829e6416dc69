"""What a worker of a cluster runs: one report, made there and handed back as bytes.

A worker needs the installed package and no shared disk: the notebook's text comes with the
task, and the files of the report go back with its result.
"""

from __future__ import annotations

import atexit
import json
import platform
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from repdose.evidence import bibliography, tables
from repdose.reports import manifest, provenance
from repdose.reports.engines.environment import surroundings
from repdose.reports.engines.fork import ForkServer
from repdose.reports.jobs import Job


class UnlikeError(RuntimeError):
    """A worker whose package, evidence or libraries are not the client's."""


class ForksLostError(RuntimeError):
    """The process that forks has ended under a report: by this one, or by one beside it."""


@cache
def made_with() -> dict[str, str]:
    """Everything of an installation that moves a report's bytes, by name.

    The parts of a report that a build compares to know whether it is stale; a report of a
    worker that differs in one would be stale as soon as it is written.
    """
    evidence = {path.name: provenance.checksum(path) for path in sorted(tables.DATA.glob("*.*"))}
    return {
        "package": manifest.package_digest(),
        "evidence": manifest.digest(json.dumps(evidence)),
        "bibliography": provenance.checksum(bibliography.path()),
        "platform": f"{platform.system()} {platform.machine()}",
        **provenance.versions(),
        **provenance.export_versions(),
    }


def ready() -> dict[str, str]:
    """What this worker is made with; the processes that fork import theirs meanwhile."""
    if sys.platform == "linux":
        forks()
    return made_with()


def unlike(there: Mapping[str, str]) -> str:
    """In what another installation differs from this one, in words; empty if in nothing."""
    here = made_with()
    parts = []
    for name in sorted(here.keys() | there.keys()):
        mine, other = here.get(name, "none"), there.get(name, "none")
        if mine != other:
            shown = f" {other} in place of {mine}" if max(len(mine), len(other)) < 32 else ""
            parts.append(f"{name}{shown}")
    return ", ".join(parts)


def make(task: Mapping[str, Any]) -> dict[str, Any]:
    """Make a report.

    Parameters
    ----------
    task : mapping
        ``job`` (as plain data), ``text`` of its notebook, and ``made_with`` of the client.

    Returns
    -------
    dict
        ``status``, ``message`` and ``seconds`` as of an outcome, and ``files``: bytes by name.

    Raises
    ------
    UnlikeError
        If this installation is not the client's.
    ForksLostError
        If the process that forks has ended, which may be the doing of another report.
    """
    if there := unlike(task["made_with"]):
        raise UnlikeError(f"the worker's installation differs: the client has {there}")
    with _place() as place:
        source = place / "notebook.ipynb"
        source.write_text(task["text"], "utf-8")
        folder = place / task["job"]["scenario"] / task["job"]["notebook"]
        job = replace(Job.of(task["job"]), source=source, folder=folder)
        answer = forks().make(job) if sys.platform == "linux" else _by_kernel(job)
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    return {**answer, "files": files}


# Folders of reports that were lost, where one of their processes may still write
_left: list[Path] = []


@contextmanager
def _place() -> Iterator[Path]:
    """A folder for one report, removed afterwards.

    Where a report was lost one of its processes may still write there: the folder goes with the
    next report, or when this process ends. An error of removing it would hide what is to be told.
    That it is gone once says nothing: who still writes there makes it again.
    """
    place = Path(tempfile.mkdtemp(prefix="repdose-", dir=scratch_folder())).resolve()
    try:
        yield place
    except BaseException:
        _left.append(place)
        raise
    finally:
        for one in {place, *_left}:
            shutil.rmtree(one, ignore_errors=True)


def scratch_folder() -> str | None:
    """The worker's own folder, which its nanny clears when the worker was killed."""
    from distributed import get_worker

    try:
        return str(get_worker().local_directory)
    except ValueError:  # not on a worker
        return None


def _slots() -> int:
    from distributed import get_worker

    try:
        return int(get_worker().state.nthreads)
    except ValueError:
        return 1


class _Forks:
    """The processes that fork, kept for all reports of this worker: they import things once."""

    def __init__(self, slots: int) -> None:
        self.alive = True
        self._lock = threading.Lock()
        self._closing = threading.Lock()
        self._waiting: dict[str, Future[dict[str, Any]]] = {}
        self._server = ForkServer(slots, scratch=scratch_folder())
        threading.Thread(target=self._listen, daemon=True).start()

    def make(self, job: Job) -> dict[str, Any]:
        future: Future[dict[str, Any]] = Future()
        with self._lock:
            if not self.alive:
                raise ForksLostError("the process that forks has ended")
            self._waiting[str(job.folder)] = future
            with suppress(BrokenPipeError):  # it has ended, and says why where it is heard
                self._server.ask(job)
        return future.result()

    def _listen(self) -> None:
        while answer := self._server.answer():
            with self._lock:
                future = self._waiting.pop(answer.pop("folder"))
            future.set_result(answer)
        with self._lock:
            self.alive = False
        why = ForksLostError(f"the process that forks has ended: {self._server.said()}")
        self.close()
        for future in self._waiting.values():
            future.set_exception(why)

    def close(self) -> None:
        """Let what is running finish, and leave nothing behind."""
        with self._closing:
            self._server.close()


_starting = threading.Lock()
_kept: _Forks | None = None


def forks() -> _Forks:
    global _kept
    with _starting:
        if _kept is None or not _kept.alive:
            _kept = _Forks(_slots())
        return _kept


@atexit.register
def _close() -> None:
    if _kept is not None:
        _kept.close()
    for place in _left:
        shutil.rmtree(place, ignore_errors=True)


def _by_kernel(job: Job) -> dict[str, Any]:
    """Where there is no forking, a kernel for each report, one report at a time."""
    from repdose.reports import making
    from repdose.reports.engines import kernel

    with _starting, surroundings():
        outcome = making.make(job, kernel.execute)
    return {"status": outcome.status, "message": outcome.message, "seconds": outcome.seconds}
