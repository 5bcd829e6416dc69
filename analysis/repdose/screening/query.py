"""What a screening rule is and what it reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

# A pandas frame or series: its stubs cannot follow values taken row by row.
Frame: TypeAlias = Any


@dataclass(frozen=True, slots=True)
class Query:
    """One thing to check: ids of the rows, study, severity, what was seen, what to do."""

    rows: tuple[Any, ...]
    study: str
    severity: str
    evidence: str
    check: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, the columns it cannot do without, and the function that looks."""

    name: str
    needs: tuple[str, ...]
    look: Callable[[Frame], Iterable[Query]]


def query(rows: Frame, severity: str, evidence: str, check: str, study: str | None = None) -> Query:
    """A query on the rows of a frame."""
    ids = tuple(rows["_id"].tolist())
    where = study if study is not None else "; ".join(dict.fromkeys(rows["study"].astype(str)))
    return Query(ids, where, severity, evidence, check)


def training(rows: Frame) -> Frame:
    """Rows of arms that trained."""
    if "control_arm" in rows.columns:
        return rows[~rows["control_arm"]]
    return rows


def usual(values: Iterable[Any]) -> tuple[Any, int]:
    """The value that stands most often, the first of equals, and how often."""
    return Counter(values).most_common(1)[0]


def listed(values: Iterable[Any], most: int = 6) -> str:
    """Distinct values as text, the first few."""
    distinct: Sequence[str] = list(dict.fromkeys(_text(value) for value in values))
    more = f" and {len(distinct) - most} more" if len(distinct) > most else ""
    return ", ".join(distinct[:most]) + more


def _text(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
