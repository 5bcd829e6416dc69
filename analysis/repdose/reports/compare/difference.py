"""What differs between two builds: numbers, parameters, assumptions, sources, reports."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from repdose.reports.compare.baseline import Build, Stated
from repdose.tables.numbers import Number

# The last few of a float's sixteen digits depend on the machine's linear algebra
TOLERANCE = 1e-9


@dataclass(frozen=True)
class NumberChange:
    """One number before and after; None where it is not stated."""

    old: Number | None
    new: Number | None

    @property
    def either(self) -> Number:
        """The number, as it is now if it still is."""
        number = self.new or self.old
        assert number is not None  # a change has a side
        return number

    @property
    def what(self) -> str:
        """``added``, ``removed``, ``unit``, ``range`` (it means something else) or ``moved``."""
        if self.old is None:
            return "added"
        if self.new is None:
            return "removed"
        if self.old.unit != self.new.unit:
            return "unit"
        return "moved" if self.old.kind == self.new.kind else "range"

    @property
    def relative(self) -> float | None:
        """Change of the value over its old size [-]; None where that has no meaning."""
        if self.old is None or self.new is None or self.what == "unit" or not self.old.value:
            return None
        return (self.new.value - self.old.value) / abs(self.old.value)

    def content(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "id": self.either.id,
            "label": self.either.label,
            "what": self.what,
            "relative": self.relative,
            "old": self.old and self.old.content(),
            "new": self.new and self.new.content(),
        }


@dataclass(frozen=True)
class ReportChange:
    """What differs in one report that both builds have."""

    name: str
    numbers: Sequence[NumberChange]
    parameters: Mapping[str, tuple[Any, Any]]
    assumptions: tuple[Sequence[str], Sequence[str]]  # no longer made, newly made
    sources: tuple[Sequence[str], Sequence[str]]  # no longer cited, newly cited

    def __bool__(self) -> bool:
        parts = (self.numbers, self.parameters, *self.assumptions, *self.sources)
        return any(len(part) for part in parts)

    def content(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "report": self.name,
            "numbers": [change.content() for change in self.numbers],
            "parameters": _pairs(self.parameters),
            "assumptions": _two(self.assumptions),
            "sources": _two(self.sources),
        }


@dataclass
class SourceChange:
    """What differs in what the package holds of one source."""

    entry: bool = False  # its entry in the bibliography
    records: dict[str, dict[str, tuple[Any, Any]]] = field(default_factory=dict)
    reports: list[str] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "bibliography_entry": self.entry,
            "records": {name: _pairs(fields) for name, fields in self.records.items()},
            "reports": self.reports,
        }


@dataclass(frozen=True)
class Difference:
    """Two builds compared."""

    tolerance: float
    reports: int  # compared
    numbers: int  # compared
    added: Sequence[str]
    removed: Sequence[str]
    mended: Sequence[str]  # had failed, and no longer do
    failing: Mapping[str, str]  # with the problem; before, they did not fail
    still_failing: Mapping[str, str]
    changed: Sequence[ReportChange]
    sources: Mapping[str, SourceChange]

    def __bool__(self) -> bool:
        parts = (self.added, self.removed, self.mended, self.failing, self.changed, self.sources)
        return any(len(part) for part in parts)

    @property
    def moved(self) -> list[tuple[str, NumberChange]]:
        """Every number that changed, with its report; a report's headline numbers first."""
        return [
            (report.name, change)
            for report in self.changed
            for change in sorted(report.numbers, key=lambda one: not one.either.headline)
        ]

    def content(self) -> dict[str, Any]:
        """The difference as plain data."""
        return {
            "differs": bool(self),
            "tolerance": self.tolerance,
            "reports_compared": self.reports,
            "numbers_compared": self.numbers,
            "numbers_changed": len(self.moved),
            "added": list(self.added),
            "removed": list(self.removed),
            "mended": list(self.mended),
            "failing": dict(self.failing),
            "still_failing": dict(self.still_failing),
            "changed": [change.content() for change in self.changed],
            "sources": {key: change.content() for key, change in self.sources.items()},
        }


def difference(old: Build, new: Build, *, tolerance: float = TOLERANCE) -> Difference:
    """Compare two builds report by report and number by number.

    Parameters
    ----------
    old, new : Build
        As :func:`repdose.reports.compare.baseline.read` has them.
    tolerance : float
        How far a value or the end of its range may move, relative to its size [-].

    Returns
    -------
    Difference
        True if anything differs.

    Raises
    ------
    ValueError
        If `tolerance` is not from 0 to below 1.
    BaselineError
        If a report's results cannot be read.

    Notes
    -----
    A part of a number has moved if ``|new - old| > tolerance * max(|new|, |old|, u)``, where
    `u` is one in the last printed decimal: what is nothing to the reader, as 1e-17 beside 0,
    is no move. A change of unit, or of what the range is, is always a difference. Wording is
    none, except that of assumptions.
    """
    if not (math.isfinite(tolerance) and 0 <= tolerance < 1):
        raise ValueError(f"tolerance must be from 0 to below 1 (1e-6 is a millionth); {tolerance}")
    before = old.stated.keys()
    now = new.stated.keys()
    changes: list[ReportChange] = []
    sources: dict[str, SourceChange] = {}
    numbers = 0
    both = sorted(before & now)
    for name in both:
        was, is_now = old.report(name), new.report(name)
        numbers += len(is_now.numbers)
        if change := _report(was, is_now, tolerance):
            changes.append(change)
        _note_sources(sources, was, is_now)
    failing = {name: text for name, text in new.failed.items() if name not in old.failed}
    return Difference(
        tolerance=tolerance,
        reports=len(both),
        numbers=numbers,
        added=sorted(now - before - old.failed.keys()),
        removed=sorted((before | old.failed.keys()) - now - new.failed.keys()),
        mended=sorted(now & old.failed.keys()),
        failing=failing,
        still_failing={name: new.failed[name] for name in new.failed if name not in failing},
        changed=changes,
        sources=dict(sorted(sources.items())),
    )


def _report(old: Stated, new: Stated, tolerance: float) -> ReportChange:
    same = _same_number(tolerance)
    was = {number.id: number for number in old.numbers}
    now = {number.id: number for number in new.numbers}
    pairs = [(was.get(one), now.get(one)) for one in dict.fromkeys([*now, *was])]
    return ReportChange(
        name=new.name,
        numbers=[NumberChange(*pair) for pair in pairs if not same(*pair)],
        parameters=_fields(old.parameters, new.parameters),
        assumptions=_gone_and_new(old.assumptions, new.assumptions),
        sources=_gone_and_new(old.sources, new.sources),
    )


def _same_number(tolerance: float) -> Callable[[Number | None, Number | None], bool]:
    def near(old: float | None, new: float | None, unit: float) -> bool:
        if old is None or new is None:
            return old is new
        return abs(new - old) <= tolerance * max(abs(new), abs(old), unit)

    def same(old: Number | None, new: Number | None) -> bool:
        if old is None or new is None or (old.unit, old.kind) != (new.unit, new.kind):
            return False
        printed = 10.0**-new.digits
        return all(
            near(getattr(old, part), getattr(new, part), printed)
            for part in ("value", "low", "high")
        )

    return same


def _note_sources(changes: dict[str, SourceChange], old: Stated, new: Stated) -> None:
    """Note records and bibliography entries that both have and that are not the same."""
    was = {record["id"]: record for record in old.records}
    touched: set[str] = set()
    for record in new.records:
        if fields := _fields(was.get(record["id"], record), record):
            change = changes.setdefault(record["source"], SourceChange())
            change.records.setdefault(record["id"], {}).update(fields)
            touched.add(record["source"])
    for key in old.bibliography.keys() & new.bibliography.keys():
        if old.bibliography[key] != new.bibliography[key]:
            changes.setdefault(key, SourceChange()).entry = True
            touched.add(key)
    for key in touched:
        changes[key].reports.append(new.name)


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Old and new value of each key that differs."""
    return {
        key: (old.get(key), new.get(key))
        for key in sorted(old.keys() | new.keys())
        if key not in old or key not in new or old[key] != new[key]
    }


def _gone_and_new(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str]]:
    return [one for one in old if one not in new], [one for one in new if one not in old]


def _pairs(fields: Mapping[str, tuple[Any, Any]]) -> dict[str, dict[str, Any]]:
    return {name: {"old": old, "new": new} for name, (old, new) in fields.items()}


def _two(parts: tuple[Sequence[str], Sequence[str]]) -> dict[str, list[str]]:
    return {"removed": list(parts[0]), "added": list(parts[1])}
