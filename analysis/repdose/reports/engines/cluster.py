"""Make reports on the workers of a dask cluster; they come back as bytes and are written here.

Dask's own client is called, not joblib's ``parallel_config(backend="dask")`` around it: joblib
puts several reports into one task and hands over results, not the fate of each task, so that one
report that always kills its worker holds up all the others. Here each report is a task of its
own. One that was running when its worker was lost runs again on another; dask gives it up after
its fourth worker. It is then run once more with no other report beside it, since a report may
have died of its neighbour, and fails alone if it is given up again. So does one under which the
process that forks on its worker has ended.
"""

from __future__ import annotations

import asyncio
import queue
import re
import time
import uuid
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

from repdose.evidence import packs
from repdose.reports import folders
from repdose.reports.engines import cluster_worker
from repdose.reports.jobs import CellError, Job, Outcome

CONNECT_S = 5.0  # to reach a scheduler
WORKERS_S = 10.0  # for its first worker
PATIENCE_S = 60.0  # for a new worker when the last one is lost
LOOK_S = 1.0  # between two looks at who is there
AHEAD = 2  # tasks given out for each thread of a worker: one running, one at hand

_ADDRESS = re.compile(r"(tcp|tls)://(\[[0-9a-fA-F:]+\]|[^\s/:\[\]]+):([0-9]{1,5})")


class ClusterError(ValueError):
    """A scheduler that cannot be used; nothing was run and nothing written."""


def run(jobs: Sequence[Job], *, scheduler: str) -> Generator[Outcome, None, None]:
    """Make the reports on the workers of a scheduler, and yield each as it is written.

    Closing the iterator early lets what is running finish and starts nothing more.

    Raises
    ------
    ClusterError
        If the scheduler cannot be reached, has no workers, or has workers whose installation
        is not this one, or if a report needs a file that workers do not have.
    """
    _refuse_files(jobs)
    with connected(scheduler) as client:
        _refuse_unlike(client)
        sweep = _Sweep(client, jobs)
        try:
            yield from sweep.outcomes()
        finally:
            sweep.finish()


@contextmanager
def connected(scheduler: str) -> Iterator[Any]:
    """A client of the scheduler at an address such as ``tcp://10.0.0.7:8786``."""
    address = _ADDRESS.fullmatch(scheduler)
    if not address or not 0 < int(address[3]) < 65536:
        raise ClusterError(
            f"scheduler {scheduler!r}: write its address as tcp://host:8786 (or tls://host:port)"
        )
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError(
            "--scheduler needs dask.distributed: pip install 'repdose[cluster]'"
        ) from None
    try:
        # Asked first, as Client waits for ever at a port where something else listens
        kind = asyncio.run(asyncio.wait_for(_kind_of(scheduler), CONNECT_S))
        if kind != "Scheduler":
            raise ClusterError(f"{scheduler} is a {kind.lower()}; name the scheduler's address")
        client: Any = Client(  # type: ignore[no-untyped-call]
            scheduler, timeout=CONNECT_S, set_as_default=False
        )
    except ClusterError:
        raise
    # What answers there may be anything, and so may what the client makes of it
    except Exception as error:
        raise ClusterError(
            f"scheduler {scheduler} cannot be reached within {CONNECT_S:g} s "
            f"({type(error).__name__}); start one with: dask scheduler"
        ) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=WORKERS_S)
        except TimeoutError:
            raise ClusterError(
                f"scheduler {scheduler} has no workers; start some with: dask worker {scheduler}"
            ) from None
        yield client


async def _kind_of(address: str) -> str:
    """What serves an address: "Scheduler", "Worker", "Nanny"."""
    from distributed import Security
    from distributed.core import rpc

    connection: Any = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
    asked: Any = rpc(address, connection_args=connection)  # type: ignore[no-untyped-call]
    async with asked as server:
        return str((await server.identity())["type"])


def _refuse_files(jobs: Sequence[Job]) -> None:
    for job in jobs:
        for name, path in job.files.items():
            raise ClusterError(
                f"{job.name}: {name}: {path!r} is a file of this computer, which the workers of a "
                "scheduler do not have; leave --scheduler out, and the reports are made here"
            )

        for pack in job.packs:
            if "place" in pack and pack["place"] not in packs.shipped():
                raise ClusterError(
                    f"{job.name}: pack {pack['place']!r} is a folder of this computer, which the "
                    "workers of a scheduler do not have; leave --scheduler out, and the reports "
                    "are made here"
                )


def _refuse_unlike(client: Any) -> None:
    answers = client.run(cluster_worker.ready, on_error="return")
    for address, answer in sorted(answers.items()):
        if isinstance(answer, BaseException):
            raise ClusterError(
                f"worker {address} cannot make reports: {answer}; install the same repdose there"
            )
        if differs := cluster_worker.unlike(answer):
            raise ClusterError(
                f"worker {address} has {differs}; install there what is installed here"
            )


class _LostError(Exception):
    """The cluster went away during a sweep."""


class _Sweep:
    """The reports of one run: waiting, given out, or suspected of killing workers."""

    def __init__(self, client: Any, jobs: Sequence[Job]) -> None:
        self._client = client
        self._waiting = deque(jobs)
        self._suspects: deque[Job] = deque()
        self._out: dict[str, tuple[Any, Job]] = {}
        self._alone = ""  # key of a suspect that runs with no other beside it
        self._done: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._own = uuid.uuid4().hex[:8]
        self._count = 0
        self._slots = 1
        self._looked = 0.0
        self._last_worker = time.monotonic()
        self._texts: dict[Path, str] = {}

    def outcomes(self) -> Iterator[Outcome]:
        """Every outcome, as it comes."""
        try:
            while self._waiting or self._out or self._suspects:
                self._look()
                self._give_out()
                with suppress(queue.Empty):
                    outcome = self._taken_in(self._done.get(timeout=LOOK_S))
                    if outcome is not None:
                        yield outcome
        except _LostError as lost:
            left = [*(job for _, job in self._out.values()), *self._waiting, *self._suspects]
            self._out.clear()
            for job in left:
                yield Outcome(job, "failed", str(lost))

    def finish(self) -> None:
        """Write what is being made; what waits at the scheduler is taken back."""
        if not self._out:
            return
        try:
            running = {key for keys in self._client.processing().values() for key in keys}
        except OSError:  # nobody there to bring anything
            return
        for key in self._out.keys() - running:
            self._out.pop(key)[0].cancel()
        until = time.monotonic() + PATIENCE_S
        with suppress(queue.Empty, _LostError):
            while self._out and (left := until - time.monotonic()) > 0:
                self._taken_in(self._done.get(timeout=left))

    def _look(self) -> None:
        """See now and then how many threads there are."""
        now = time.monotonic()
        if now - self._looked < LOOK_S:
            return
        self._looked = now
        if self._client.status != "running":
            raise _LostError("the scheduler is gone; run the build again to go on")
        try:
            self._slots = sum(self._client.nthreads().values())
        except OSError:  # gone this moment; the client will say so, or reach it again
            return
        if self._slots:
            self._last_worker = now
        elif now - self._last_worker > PATIENCE_S:
            raise _LostError(
                f"no worker is left, and none came within {PATIENCE_S:g} s; "
                "start some and run the build again to go on"
            )

    def _give_out(self) -> None:
        while self._waiting and len(self._out) < AHEAD * max(self._slots, 1):
            self._submit(self._waiting.popleft())
        if self._suspects and not self._out:
            self._alone = self._submit(self._suspects.popleft())

    def _submit(self, job: Job) -> str:
        if job.source not in self._texts:
            self._texts[job.source] = job.source.read_text("utf-8")
        task = {
            "job": job.plain(),
            "text": self._texts[job.source],
            "made_with": cluster_worker.made_with(),
        }
        self._count += 1
        key = f"repdose-{self._own}-{self._count}"
        future = self._client.submit(cluster_worker.make, task, key=key, pure=False)
        self._out[key] = (future, job)
        future.add_done_callback(lambda done: self._done.put(done.key))
        return key

    def _taken_in(self, key: str) -> Outcome | None:
        """Write what a task has brought; None if it is to run again, or was taken back."""
        from distributed import KilledWorker

        if key not in self._out:
            return None
        future, job = self._out.pop(key)
        if future.cancelled():
            self._waiting.appendleft(job)
            if self._client.status == "running":
                return None
            raise _LostError("the scheduler is gone; run the build again to go on")
        try:
            answer = future.result()
        except (KilledWorker, cluster_worker.ForksLostError) as lost:
            if key != self._alone:
                self._suspects.append(job)
                return None
            what = "every worker that ran it was lost" if isinstance(lost, KilledWorker) else lost
            return _failed(
                job,
                f"{what}; a cell ends processes that are not its own, or needs more memory than "
                "a worker has",
            )
        except Exception as error:  # of the worker: this report alone fails, and says why
            return _failed(job, f"{type(error).__name__}: {error}")
        outcome = Outcome(job, answer["status"], answer["message"], answer["seconds"])
        return _written(outcome, checked_files(answer["files"]))


def _failed(job: Job, problem: str) -> Outcome:
    from repdose.reports.making import failed

    return failed(job, CellError(cell=-1, source="", problem=problem), seconds=0.0)


def _written(outcome: Outcome, files: Mapping[str, str | bytes]) -> Outcome:
    """The outcome, once its files are written; a failure if they cannot be, as on a full disk."""
    from repdose.reports.making import put

    try:
        put(outcome.job, files)
    except (OSError, folders.OutputError) as error:
        said = error.strerror if isinstance(error, OSError) else error
        return Outcome(outcome.job, "failed", f"it cannot be written: {said}")
    return outcome


def checked_files(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files as a worker sent them, if each stays inside its report's folder."""
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name:
            raise ClusterError(f"a worker sent a file named {name!r}, outside its report")
    return files
