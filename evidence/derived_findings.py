"""Numbers that follow from printed ones: computed here, never stored, with their parents."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from evidence import tables
from evidence.errors import EvidenceError, unknown
from evidence.findings import Finding, by_id, finding, frame
from evidence.ledger import read
from evidence.records import CHECKED, Record

if TYPE_CHECKING:
    import pandas as pd

Ends = tuple[float, float | None, float | None]
Doses = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedFinding(Record):
    """A number that no source prints, computed from numbers that sources print.

    Parameters
    ----------
    quantity : str
        What it is.
    value : float
        Computed from the parents [unit].
    low, high : float or None
        Computed from the ends of the parent's interval [unit].
    unit : str
        Unit of the value.
    interval : str
        What `low` and `high` are: the parent's kind of interval.
    set_unit : str
        What is counted as a set, as in the parents.
    outcome : str
        As in the parents.
    equation : str
        How it is computed, in words.
    parents : tuple of str
        Ids of the findings it comes from.
    assumes, cannot_tell : str
        What must hold for it, and what it does not say.
    id, source, locator, checked : str
        See :class:`evidence.records.Record`: the first parent's source, "computed from"
        its parents, and the weakest of their checks.
    """

    quantity: str
    value: float
    low: float | None
    high: float | None
    unit: str
    interval: str
    set_unit: str
    outcome: str
    equation: str
    parents: tuple[str, ...]
    assumes: str
    cannot_tell: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        for name in ("unit", "parents", "assumes", "cannot_tell"):
            if not getattr(self, name):
                raise EvidenceError(f"derived finding {self.id!r}: {name} is required, is empty")

    @property
    def stated(self) -> str:
        spread = ""
        if self.low is not None and self.high is not None:
            spread = f" ({self.interval} {self.low:.4g} to {self.high:.4g})"
        return f"{self.quantity}: {self.value:.4g} {self.unit}{spread}"


def _printed(parent: Finding) -> float:
    if parent.value is None:
        raise EvidenceError(f"finding {parent.id!r} has no value to compute with")
    return parent.value


def _scaled(parent: Finding, factor: float) -> Ends:
    low, high = (None if end is None else end * factor for end in (parent.low, parent.high))
    return _printed(parent) * factor, low, high


def _root_coefficient(parents: Sequence[Finding], _doses: Doses) -> Ends:
    """b of gain = a + b sqrt(dose), whose slope at a dose is b / (2 sqrt(dose))."""
    (slope,) = parents
    if slope.dose_low is None:
        raise EvidenceError(f"finding {slope.id!r} does not say at which dose its slope holds")
    return _scaled(slope, 2 * math.sqrt(slope.dose_low))


def _root_difference(parents: Sequence[Finding], doses: Doses) -> Ends:
    """b (sqrt(to) - sqrt(from)): the intercept cancels."""
    start, end = doses
    if start is None or end is None:
        raise EvidenceError("a difference between two doses needs dose_from and dose_to")
    value, low, high = _root_coefficient(parents, doses)
    factor = math.sqrt(end) - math.sqrt(start)
    ends = [None if end is None else end * factor for end in (low, high)]
    return value * factor, ends[0], ends[1]


def _ratio(parents: Sequence[Finding], _doses: Doses) -> Ends:
    above, below = parents
    return _printed(above) / _printed(below), None, None


def _percent(parents: Sequence[Finding], doses: Doses) -> Ends:
    return 100 * _ratio(parents, doses)[0], None, None


# Formula by its name in the table, and what it computes in words.
FORMULAS: dict[str, tuple[Callable[[Sequence[Finding], Doses], Ends], str]] = {
    "root coefficient": (_root_coefficient, "2 x slope x square root of the slope's dose"),
    "root difference": (
        _root_difference,
        "2 x slope x square root of the slope's dose x (square root of dose_to - of dose_from)",
    ),
    "ratio": (_ratio, "first parent / second parent"),
    "percent": (_percent, "100 x first parent / second parent"),
}


def _build(
    *, formula: str, parents: str, dose_from: float | None, dose_to: float | None, **cells: Any
) -> DerivedFinding:
    ids = tuple(parents.split("; "))
    for parent in ids:
        if parent not in by_id():
            raise unknown("finding", parent, by_id())
    # not by finding(), which would enter them in the ledger of whoever asks first
    found = [by_id()[parent] for parent in ids]
    if len({(parent.set_unit, parent.outcome) for parent in found}) > 1:
        raise EvidenceError(
            f"derived finding {cells['id']!r}: its parents differ in set unit or outcome"
        )
    compute, equation = FORMULAS[formula]
    value, low, high = compute(found, (dose_from, dose_to))
    return DerivedFinding(
        value=value,
        low=low,
        high=high,
        interval="" if low is None else found[0].interval,
        set_unit=found[0].set_unit,
        outcome=found[0].outcome,
        equation=equation,
        parents=ids,
        source=found[0].source,
        locator=f"computed from {' and '.join(ids)}",
        checked=max((parent.checked for parent in found), key=CHECKED.index),
        **cells,
    )


@cache
def _all() -> dict[str, DerivedFinding]:
    return tables.records("derived_findings", _build)


def derived_finding(id: str) -> DerivedFinding:
    """One derived number by its id; it and its parents are entered in the open ledgers.

    Parameters
    ----------
    id : str
        As in ``derived.pelland2026_percent_per_root_set``.

    Returns
    -------
    DerivedFinding
        Computed from what its parents print.

    Raises
    ------
    UnknownRecordError
        If there is none of that name.

    Notes
    -----
    A square-root curve, gain = a + b sqrt(sets), has the slope b / (2 sqrt(sets)); print
    gives the slope at one dose, so b follows and a does not.

    *Valid for:* differences between doses. *Not valid for:* gains, which need a.

    References
    ----------
    :cite:`pelland2026`

    Examples
    --------
    >>> import evidence as ev
    >>> root = ev.derived_finding("derived.pelland2026_percent_per_root_set")
    >>> round(root.value, 2), round(root.low, 2), round(root.high, 2)
    (1.68, 1.05, 2.31)
    """
    if id not in _all():
        raise unknown("derived finding", id, _all())
    found = read(_all()[id])
    for parent in found.parents:
        finding(parent)
    return found


def derived_findings() -> pd.DataFrame:
    """All derived numbers, to browse (no ledger entry).

    Returns
    -------
    DataFrame
        One row a number, indexed by id.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.derived_findings().loc["derived.pelland2026_percent_4_to_10_sets", "value"].round(2)
    np.float64(1.95)
    """
    return frame(_all().values(), None, "derived finding")
