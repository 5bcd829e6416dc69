"""A build: what is stale is made, in parallel, and the index written."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Generator
from contextvars import copy_context
from typing import TYPE_CHECKING

from repdose.reports import holding
from repdose.reports.builds import overview
from repdose.reports.builds.planning import Todo
from repdose.reports.jobs import Job, Outcome

if TYPE_CHECKING:
    from repdose.reports.engines.fork import ForkServer

# Notebooks whose reports are begun before those of others: a long one first, while which the fits
# are made that reports of the next one share, and none of the long ones last.
FIRST = (
    "progression_comparison",
    "dose_response",
    "weekly_volume",
    "assumptions",
    "activity_and_risk",
)


class UnwrittenError(OSError):
    """The index, or a table over all reports, that cannot be written; the reports are."""


def run(
    todo: Todo,
    *,
    workers: int,
    engine: str | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    warm: ForkServer | None = None,
    done: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Make what is stale and write the index, and of a sweep the table of its numbers.

    Nobody else may be writing there, see :func:`repdose.reports.holding.alone`. Stopped by Ctrl-C,
    or with `fail_fast` by a failure, it lets what is running finish and writes what is done; the
    next build makes the rest.

    Returns
    -------
    list of Outcome
        One for each job that was looked at, in the order of `todo`.

    Raises
    ------
    BusyError
        If another build is writing there.
    UnwrittenError
        If the index or the table cannot be written; what was made stays, and `done` was told.
    """
    outcomes: dict[str, Outcome] = {}
    ahead: dict[str, str] = {}
    halt = threading.Event()

    def count(outcome: Outcome) -> None:
        outcomes[outcome.job.name] = outcome
        if fail_fast and outcome.status == "failed":
            halt.set()
        if done:
            done(outcome)

    with holding.alone(todo.out):
        for one in todo.jobs:
            if not todo.why[one.name]:
                count(Outcome(one, "unchanged"))
        if todo.stale or engine is not None:  # one that there is not is refused in any case
            from repdose.reports import engines

            running = engines.run_jobs(
                sorted(todo.stale, key=_turn),
                engine=engine,
                workers=workers,
                scheduler=scheduler,
                warm=warm,
                halt=halt,
            )
            with _beside(todo, ahead):
                _heard(running, halt, count)
        try:
            overview.write(todo.out, todo.jobs if todo.is_sweep else (), ahead)
        except OSError as error:
            raise UnwrittenError(error.errno, error.strerror, error.filename) from error
    return [outcomes[one.name] for one in todo.jobs if one.name in outcomes]


@contextlib.contextmanager
def _beside(todo: Todo, ahead: dict[str, str]) -> Generator[None, None, None]:
    """Make what lies over all reports meanwhile, if there are reports to make."""
    if not todo.stale:
        yield
        return
    thread = threading.Thread(target=copy_context().run, args=(_make_ahead, todo, ahead))
    thread.start()
    yield
    thread.join()


def _make_ahead(todo: Todo, ahead: dict[str, str]) -> None:
    """Make what lies over all reports, as far as it is known, while others make the reports."""
    if sys.platform == "linux":  # where this thread alone steps back
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
    from repdose.reports.builds import grid

    ahead |= grid.made_ahead(todo.out, todo.stale)


def _turn(job: Job) -> int:
    return FIRST.index(job.notebook) if job.notebook in FIRST else len(FIRST)


def _heard(
    running: Generator[Outcome, None, None], halt: threading.Event, count: Callable[[Outcome], None]
) -> None:
    """Count outcomes as they come; the first Ctrl-C lets what is running finish."""
    with contextlib.closing(running):
        while True:
            try:
                if (outcome := next(running, None)) is None:
                    break
                count(outcome)
            except KeyboardInterrupt:
                if halt.is_set():  # for the second time
                    break
                halt.set()
