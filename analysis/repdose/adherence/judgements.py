"""What is said of a plan held against one recommendation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from repdose.evidence.training.recommendations import Guideline

Verdict = Literal["met", "not met", "not comparable"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was planned, whether it meets the recommendation, and why."""

    planned: str
    verdict: Verdict
    why: str


def recommended(row: Guideline) -> str:
    """The recommendation as a short range, "2 to 3 sessions per week" for instance."""
    unit = f" {row.unit}" if row.unit else ""
    if row.items:
        return row.items.replace("; ", ", ")
    if row.low is not None and row.high is not None:
        same = row.low == row.high
        return f"{row.low:,g}{unit}" if same else f"{row.low:,g} to {row.high:,g}{unit}"
    if row.low is not None:
        return f"at least {row.low:g}{unit.removesuffix('s') if row.low == 1 else unit}"
    if row.high is not None:
        return f"at most {row.high:g}{unit}"
    return row.words


def within(value: float, unit: str, row: Guideline) -> Judgement:
    """A number against the bounds of a recommendation."""
    planned = f"{value:g} {unit}".rstrip()
    side = _side(value, row)
    if side:
        return Judgement(planned, "not met", f"{side} the {recommended(row)} recommended")
    return Judgement(planned, "met", "within the recommendation")


def each_within(values: Mapping[str, float], unit: str, row: Guideline) -> Judgement:
    """Numbers of several muscles or exercises, by name: met where every one of them is.

    Numbers that are all the same are told as one.
    """
    if len(set(values.values())) == 1:
        return within(next(iter(values.values())), unit, row)
    groups: dict[float, list[str]] = {}
    for name, value in sorted(values.items(), key=lambda item: item[1]):
        groups.setdefault(value, []).append(name)
    told = "; ".join(f"{value:g} for {listed(names)}" for value, names in groups.items())
    outside: dict[str, list[str]] = {}
    for name, value in values.items():
        if side := _side(value, row):
            outside.setdefault(side, []).append(name)
    if not outside:
        return Judgement(f"{unit}: {told}", "met", "all within the recommendation")
    why = "; ".join(
        f"{side} the {recommended(row)} recommended: {listed(names)}"
        for side, names in outside.items()
    )
    return Judgement(f"{unit}: {told}", "not met", why)


def _side(value: float, row: Guideline) -> str:
    if row.low is not None and value < row.low:
        return "below"
    if row.high is not None and value > row.high:
        return "above"
    return ""


def listed(words: list[str]) -> str:
    """Words as a list in prose."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
