"""The bar that a terminal shows while many rows are read, screened or fitted."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

__all__ = ["steps"]


def __dir__() -> list[str]:
    return __all__


# Fewer rows are done before a bar could be read
MANY_ROWS = 10_000


def steps(names: Sequence[str], what: str, *, rows: int) -> Iterator[str]:
    """Each name in turn, with a bar on a terminal's standard error where there are many rows.

    Parameters
    ----------
    names : sequence of str
        What is worked through.
    what : str
        What is done with it, as the bar says.
    rows : int
        Rows of the data that each step goes over.

    Yields
    ------
    str
        The names as given.

    Examples
    --------
    >>> list(steps(["linear", "log"], "fitted", rows=12))
    ['linear', 'log']
    """
    if rows < MANY_ROWS or not sys.stderr.isatty():
        yield from names
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    shown = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), Elapsed())
    with Progress(*shown, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=len(names))
        for name in names:
            bar.update(task, description=f"{what}: {name}")
            yield name
            bar.advance(task)
