"""Engines that make reports side by side; each yields an outcome as it is ready."""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from repdose.reports.engines.environment import surroundings
from repdose.reports.jobs import Job, Outcome

if TYPE_CHECKING:
    from repdose.reports.engines.fork import ForkServer

Outcomes = Generator[Outcome, None, None]

# Forking is safe where the parity test runs; macOS's own libraries do not survive it
ENGINES = ("fork", "kernel") if sys.platform == "linux" else ("kernel",)


def warming(
    workers: int, *, engine: str | None
) -> AbstractContextManager[ForkServer] | AbstractContextManager[None]:
    """The processes of the fork engine, which warm up while a plan is made; None of kernels."""
    if _checked(engine) != "fork":
        return nullcontext()
    from repdose.reports.engines.fork import ForkServer

    return ForkServer(workers)


def run_jobs(
    jobs: Sequence[Job],
    *,
    engine: str | None,
    workers: int,
    scheduler: str | None = None,
    warm: ForkServer | None = None,
    halt: threading.Event | None = None,
) -> Outcomes:
    """Make the reports, at most `workers` at a time; the best engine here by default.

    With the address of a dask `scheduler` its workers make them, as many as it has. What is
    `warm` already is used. Once `halt` is set, by the caller or by Ctrl-C, nothing more is
    begun, and what is running is finished.
    """
    chosen = _checked(engine)
    halt = halt or threading.Event()
    if not jobs:
        return
    if scheduler is not None:
        from repdose.reports.engines import cluster

        for outcome in cluster.run(jobs, scheduler=scheduler):
            yield outcome
            if halt.is_set():
                return
    elif chosen == "fork":
        from repdose.reports.engines import fork

        server = warm or fork.ForkServer(min(workers, len(jobs)))
        yield from fork.run(jobs, server, halt)
    else:
        with surroundings():
            yield from _by_kernels(jobs, workers, halt)


def _checked(engine: str | None) -> str:
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)} here; got {engine!r}")
    return engine or ENGINES[0]


def _by_kernels(jobs: Sequence[Job], workers: int, halt: threading.Event) -> Outcomes:
    from repdose.reports.engines.kernel import execute
    from repdose.reports.making import make

    with ThreadPoolExecutor(max_workers=workers) as pool:
        left = {pool.submit(make, job, execute) for job in jobs}
        try:
            while left:
                if halt.is_set():
                    left = {one for one in left if not one.cancel()}
                try:
                    done, left = wait(left, return_when=FIRST_COMPLETED)
                except KeyboardInterrupt:
                    if halt.is_set():  # for the second time
                        raise
                    halt.set()
                    continue
                for future in done:
                    yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)
