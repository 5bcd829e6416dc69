"""Phrases that a comparison of numbers chooses, so that a report says what its numbers show."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import TYPE_CHECKING

from repdose.evidence.training.leg_raises import NO_MODEL

if TYPE_CHECKING:
    import pandas as pd

    from repdose.multiverse import Multiverse


def printed(value: float, digits: int = 0) -> str:
    """A number as prose has it: thousands grouped, a true minus sign, and no minus zero."""
    text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")
    return text.replace("-", "−")


def listed(words: Iterable[str]) -> str:
    """Words as a list in prose: ``"A, B and C"``."""
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def upper(text: str) -> str:
    """Text with a capital at its start."""
    return text[:1].upper() + text[1:]


def lower(text: str) -> str:
    """Text with a small letter at its start, unless an abbreviation stands there."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


def counted(count: int, one: str, many: str = "") -> str:
    """A number of things: ``"1 week"``, ``"2 weeks"``, ``"no week"``."""
    if not count:
        return f"no {one}"
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def span(low: float, high: float, unit: str, *, digits: int = 0) -> str:
    """A range as prose: ``"between 62 and 166 kcal"``, or ``"62 kcal every time"``."""
    ends = [printed(end, digits) for end in (low, high)]
    if ends[0] == ends[1]:
        return f"{ends[0]} {unit} every time"
    return f"between {ends[0]} and {ends[1]} {unit}"


def compared(value: float, other: float, *, digits: int = 0) -> str:
    """How `value` stands to `other` as both are printed: more than, less than, the same as."""
    shown, beside = (round(float(one), digits) for one in (value, other))
    if shown == beside:
        return "the same as"
    return "more than" if shown > beside else "less than"


def moved_most(universe: Multiverse, *, what: str = "the default") -> str:
    """Which choice alone moves an outcome most: one, several alike, or none."""
    if universe.most == "none":
        return f"No single choice moves {what}."
    return f"What moves {what} most: {lower(universe.most)}."


def together(universe: Multiverse) -> str:
    """Whether choices together go beyond what one of them does alone."""
    low, high = universe.range
    alone = universe.swing
    if low < alone["low"].min() or high > alone["high"].max():
        return "Choices together move the answer further than any of them alone."
    return "No combination of choices goes beyond what one of them does alone."


def between(values: pd.Series, unit: str, *, digits: int = 0) -> str:
    """Least and most of named values, with who: ``"between 31 (A and C) and 62 kcal (B)"``."""
    shown = values.map(lambda value: round(float(value), digits))
    least, most = (
        listed(str(name) for name in shown.index[shown == end])
        for end in (shown.min(), shown.max())
    )
    ends = [printed(end, digits) for end in (shown.min(), shown.max())]
    if ends[0] == ends[1]:
        return f"{ends[0]} {unit} in every plan"
    return f"between {ends[0]} ({least}) and {ends[1]} {unit} ({most})"


def same_order(one: pd.Series, other: pd.Series, *, by: str) -> str:
    """Whether named values come in the same order by another measure, in a sentence.

    Values that are the same in three digits are level. What has no value by the other measure is
    left out, and named: mechanics has no model of every exercise.
    """
    if left_out := [str(name) for name in one.index if name not in other.index]:
        said = f"{listed(left_out)} cannot be compared by {by}: {NO_MODEL}."
        rest = same_order(one[other.index], other, by=by) if len(other) > 1 else ""
        return f"{said} {rest}".rstrip()
    first, second = (values.map(lambda value: float(f"{value:.3g}")) for values in (one, other))
    if second.nunique() == 1:
        return f"By {by} the plans are level."
    signs = [
        tuple((one[i] > one[j]) - (one[i] < one[j]) for one in (first.tolist(), second.tolist()))
        for i, j in combinations(range(len(first)), 2)
    ]
    if any(a * b < 0 for a, b in signs):
        least, most = (
            listed(str(name) for name in second.index[second == end])
            for end in (second.min(), second.max())
        )
        return f"By {by} they come in another order: least {least}, most {most}."
    if any(a != b for a, b in signs):
        return f"By {by} they come in the same order, but for those level by one of the two."
    return f"By {by} they come in the same order."


TWO_DECIMALS = 2


def percent(part: float, whole: float) -> float:
    """`part` as a percentage of `whole`."""
    return 100 * part / whole


def per_week(a_day: float) -> float:
    """A week's amount from a day's."""
    # Not at the head: pages are made by a process that has no numpy
    from repdose.adherence import DAYS_PER_WEEK

    return a_day * DAYS_PER_WEEK
