"""Engines that make reports side by side; each yields an outcome as it is ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from analysis.reports.jobs import Job, Outcome, surroundings

ENGINES = ("kernel",)


def run_jobs(jobs: Sequence[Job], *, engine: str, workers: int) -> Iterator[Outcome]:
    """Make the reports, at most `workers` at a time."""
    if not jobs:
        return
    if engine not in ENGINES:
        raise ValueError(f"engine must be one of {', '.join(ENGINES)}; got {engine!r}")
    from analysis.reports.kernel_engine import execute
    from analysis.reports.making import make

    with surroundings(), ThreadPoolExecutor(max_workers=workers) as pool:
        futures = [pool.submit(make, job, execute) for job in jobs]
        try:
            for future in as_completed(futures):
                yield future.result()
        finally:  # what has not begun is left for the next build
            pool.shutdown(cancel_futures=True)
