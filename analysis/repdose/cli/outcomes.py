"""What is said of reports while they are made and once they are: progress, failures, a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from repdose.cli.terminal import Exit, warn
from repdose.reports.folders import INDEX
from repdose.reports.jobs import Outcome


def summary(outcomes: Sequence[Outcome], planned: int, out: Path) -> Exit:
    """Say what was made, and each failure with its notebook, cell and parameters."""
    counts = {"made": 0, "unchanged": 0, "failed": 0}
    for outcome in outcomes:
        counts[outcome.status] += 1
        if outcome.status == "failed":
            warn(failure(outcome))
    left = planned - len(outcomes)
    words = [f"{count} {name}" for name, count in counts.items() if count]
    words += [f"{left} left; the same command makes them"] if left else []
    warn(f"{', '.join(words) or 'nothing to make'}; see {out / INDEX}")
    if counts["failed"]:
        return Exit.NOTEBOOK_FAILED
    return Exit.INTERRUPTED if left else Exit.FINE


def failure(outcome: Outcome) -> str:
    """A failure in a line: notebook, scenario, cell, problem, parameters."""
    job = outcome.job
    given = ", ".join(f"{name}={_short(value)}" for name, value in job.parameters.items())
    return f"repdose: {job.name}: notebook {job.notebook}, {outcome.message}; parameters: {given}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


class Progress:
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar: Any = None
        self._count = 0

    def __enter__(self) -> Progress:
        if self._total and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Reports", total=self._total, rate="")
            self._started = time.perf_counter()
        return self

    def done(self, outcome: Outcome) -> None:
        """Count one report."""
        if self._bar is not None:
            self._count += 1
            rate = self._count / (time.perf_counter() - self._started)
            self._bar.update(
                self._task, advance=1, description=outcome.job.name, rate=f"{rate:.1f}/s"
            )

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()
