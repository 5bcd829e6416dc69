"""What a row of trials must hold so that its effect can be computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from repdose.evidence.own_trials.layout import FACTORS, TIMES, spreads

Fault = tuple[int, str, str]  # line, column, message


def broken_rows(
    columns: Mapping[str, Sequence[Any]], lines: Sequence[int], bad: object
) -> Iterator[Fault]:
    """Faults between the cells of a row, or between rows.

    Parameters
    ----------
    columns : mapping of str to sequence
        Typed cells by column, None where empty.
    lines : sequence of int
        Line of each row.
    bad : object
        What stands for a cell whose own fault has been told: it counts as given.
    """
    yield from _repeated(columns.get("es_id", ()), lines, bad)
    nothing = [None] * len(lines)

    def of(name: str) -> Sequence[Any]:
        return columns.get(name, nothing)

    if "weekly_sets" in columns:
        for cell, line in zip(of("weekly_sets"), lines, strict=True):
            if cell is None:
                yield line, "weekly_sets", "empty; a value is required"
    else:
        for name in FACTORS:
            for cell, line in zip(columns.get(name, ()), lines, strict=False):
                if cell is None:
                    yield line, name, "empty; weekly_sets is computed from it"
    yield from _changes(of("mean_pre"), of("mean_post"), of("mean_change"), lines)
    for time in TIMES:
        yield from _intervals(time, of, lines, bad)
    yield from _spread(of, lines)
    if "t_change" in columns:
        yield from _signs(of, lines, bad)


def _repeated(ids: Sequence[Any], lines: Sequence[int], bad: object) -> Iterator[Fault]:
    if len(set(ids)) == len(ids):
        return
    seen: dict[Any, int] = {}
    for value, line in zip(ids, lines, strict=True):
        if value is not bad and value in seen and value is not None:
            yield line, "es_id", f"{value} repeats line {seen[value]}; number each effect once"
        seen.setdefault(value, line)


def _changes(
    before: Sequence[Any], after: Sequence[Any], change: Sequence[Any], lines: Sequence[int]
) -> Iterator[Fault]:
    for first, last, difference, line in zip(before, after, change, lines, strict=True):
        if difference is not None or (first is not None and last is not None):
            continue
        missing = "mean_pre" if first is None else "mean_post"
        yield line, missing, "empty; give mean_pre and mean_post, or mean_change in their place"


def _intervals(time: str, of: Any, lines: Sequence[int], bad: object) -> Iterator[Fault]:
    low, high = f"ci_low_{time}", f"ci_high_{time}"
    for bottom, top, mean, line in zip(of(low), of(high), of(f"mean_{time}"), lines, strict=True):
        if bottom is None and top is None:
            continue
        if bottom is None or top is None:
            name, other = (low, high) if bottom is None else (high, low)
            yield line, name, f"empty beside {other}; give both ends of the interval"
        elif bad in (bottom, top):
            continue
        elif bottom >= top:
            yield line, low, f"{bottom:g} is not below {high}, {top:g}"
        elif mean is not None and mean is not bad and not bottom < mean < top:
            yield line, f"mean_{time}", f"{mean:g} is outside its interval, {bottom:g} to {top:g}"


def _spread(of: Any, lines: Sequence[int]) -> Iterator[Fault]:
    """Rows with no SD, or with two ways to one."""
    if None not in of("sd_pre") and all(
        cell is None
        for time in TIMES
        for names in spreads(time)
        for name in names
        if not name.startswith("sd_")
        for cell in of(name)
    ):
        return
    texts: dict[str, list[list[str]]] = {}
    for time in TIMES:
        given: list[list[str]] = [[] for _ in lines]
        for names in spreads(time):
            for at, cells in enumerate(zip(*map(of, names), strict=True)):
                if any(cell is not None for cell in cells):
                    given[at].append(names[0])
        texts[time] = given
    for at, line in enumerate(lines):
        for time in TIMES:
            ways = texts[time][at]
            if len(ways) > 1:
                yield line, ways[1], f"stands beside {ways[0]}, which says the same; keep one"
        if not texts["pre"][at] and not texts["change"][at]:
            yield (
                line,
                "sd_pre",
                "empty; give the SD, or se_pre, or ci_low_pre and ci_high_pre, or one of "
                "sd_change, se_change, ci_low_change with ci_high_change, t_change",
            )


def _signs(of: Any, lines: Sequence[int], bad: object) -> Iterator[Fault]:
    """A t statistic has the sign of its change, and neither is zero."""
    columns = ("t_change", "mean_change", "mean_pre", "mean_post")
    for t, change, first, last, line in zip(*map(of, columns), lines, strict=True):
        if t is None or bad in (t, change, first, last):
            continue
        if change is None and (first is None or last is None):
            continue
        difference = last - first if change is None else change
        if t * difference <= 0:
            yield line, "t_change", f"{t:g} has not the sign of the change, {difference:g}"
