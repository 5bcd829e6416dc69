"""Numbers that follow from printed ones: computed here, never stored, with their parents."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import CHECKED, Record, frame
from repdose.evidence.studies.curves import shape
from repdose.evidence.studies.study_findings import Finding, by_id, finding
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd

Ends = tuple[float, float | None, float | None]
Doses = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
        See :class:`repdose.evidence.records.Record`: the first parent's source, "computed from"
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
            spread = f" ({self.interval.replace('%', ' %')} {self.low:.4g} to {self.high:.4g})"
        return f"{self.quantity}: {self.value:.4g} {self.unit}{spread}"


def _printed(parent: Finding) -> float:
    if parent.value is None:
        raise EvidenceError(f"finding {parent.id!r} has no value to compute with")
    return parent.value


def _each(ends: Ends, compute: Callable[[float], float]) -> Ends:
    """A number and the ends of its interval through one rising formula."""
    value, *rest = ends
    low, high = (None if end is None else compute(end) for end in rest)
    return compute(value), low, high


def _log_ratio(percent: float) -> float:
    return math.log1p(percent / 100)


def _root_coefficient(parents: Sequence[Finding], _doses: Doses) -> Ends:
    """b of log ratio = b (sqrt(dose + 1) - 1), by least squares over printed gains."""
    shapes = []
    for parent in parents:
        if parent.dose_low is None or parent.dose_low != parent.dose_high:
            raise EvidenceError(f"finding {parent.id!r} does not say at which one dose it holds")
        shapes.append(shape("square root", parent.dose_low))

    def fitted(percents: Sequence[float]) -> float:
        logs = zip(shapes, map(_log_ratio, percents), strict=True)
        return sum(one * log for one, log in logs) / sum(one * one for one in shapes)

    lows = [parent.low for parent in parents if parent.low is not None]
    highs = [parent.high for parent in parents if parent.high is not None]
    every = len(lows) == len(highs) == len(shapes)
    value = fitted([_printed(parent) for parent in parents])
    return (value, fitted(lows), fitted(highs)) if every else (value, None, None)


def _root_difference(parents: Sequence[Finding], doses: Doses) -> Ends:
    """Gain at one dose minus gain at another; it rises with the one coefficient."""
    start, end = doses
    if start is None or end is None:
        raise EvidenceError("a difference between two doses needs dose_from and dose_to")
    back, to = shape("square root", start), shape("square root", end)
    return _each(
        _root_coefficient(parents, doses),
        lambda b: 100 * (math.exp(b * to) - math.exp(b * back)),
    )


def _reciprocal_coefficient(parents: Sequence[Finding], doses: Doses) -> Ends:
    """c of log ratio = c dose / (dose + 1), from the printed gain at a dose."""
    (level,) = parents
    at = doses[1]
    if not at:
        raise EvidenceError(f"dose_to must say at which dose above 0 {level.id!r} stands")
    ends = _printed(level), level.low, level.high
    return _each(ends, lambda gain: _log_ratio(gain) / shape("reciprocal", at))


def _ratio(parents: Sequence[Finding], _doses: Doses) -> Ends:
    above, below = parents
    return _printed(above) / _printed(below), None, None


def _percent(parents: Sequence[Finding], doses: Doses) -> Ends:
    return 100 * _ratio(parents, doses)[0], None, None


# Formula by its name in the table, and what it computes in words.
FORMULAS: dict[str, tuple[Callable[[Sequence[Finding], Doses], Ends], str]] = {
    "root coefficient": (
        _root_coefficient,
        "least squares of ln(1 + gain/100) on square root of (dose + 1) - 1, no constant",
    ),
    "root difference": (
        _root_difference,
        "100 x (exp(b x (square root of (dose_to + 1) - 1)) - the same at dose_from), b the root "
        "coefficient of the parents",
    ),
    "reciprocal coefficient": (
        _reciprocal_coefficient,
        "ln(1 + gain/100) x (dose_to + 1) / dose_to",
    ),
    "ratio": (_ratio, "first parent / second parent"),
    "percent": (_percent, "100 x first parent / second parent"),
}


def built(
    *, formula: str, parents: str, dose_from: float | None, dose_to: float | None, **cells: Any
) -> DerivedFinding:
    ids = tuple(parents.split("; "))
    for parent in ids:
        if parent not in by_id():
            raise unknown("finding", parent, by_id())
    # not by finding(), which would enter them in the ledger of whoever asks first
    findings = [by_id()[parent] for parent in ids]
    if len({(parent.set_unit, parent.outcome) for parent in findings}) > 1:
        raise EvidenceError(
            f"derived finding {cells['id']!r}: its parents differ in set unit or outcome"
        )
    compute, equation = FORMULAS[formula]
    value, low, high = compute(findings, (dose_from, dose_to))
    return DerivedFinding(
        value=value,
        low=low,
        high=high,
        interval="" if low is None else findings[0].interval,
        set_unit=findings[0].set_unit,
        outcome=findings[0].outcome,
        equation=equation,
        parents=ids,
        source=findings[0].source,
        locator=f"computed from {' and '.join(ids)}",
        checked=max((parent.checked for parent in findings), key=CHECKED.index),
        **cells,
    )


@kept
def derived_by_id() -> dict[str, DerivedFinding]:
    """Every derived finding, without an entry in a ledger."""
    return tables.records("derived_findings", built)


def derived_finding(id: str) -> DerivedFinding:
    """One derived number by its id; it and its parents are entered in the open ledgers.

    Parameters
    ----------
    id : str
        As in ``derived.pelland2026_size_per_root_set``.

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
    A curve on the log scale, gain = exp(b f(dose)) - 1, has one coefficient, which follows from
    the gains that a source prints at known doses. Since every gain and every difference of two
    gains rises with it, the ends of its interval give theirs.

    *Valid for:* gains and differences of the curve they come from. *Not valid for:* another
    trial or person, whose gains scatter far more than the coefficient does.

    References
    ----------
    :cite:`pelland2026`

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> more = ev.derived_finding("derived.pelland2026_percent_10_to_20_sets")
    >>> round(more.value, 2), round(more.low, 2)
    (2.36, 1.38)
    """
    if id not in derived_by_id():
        raise unknown("derived finding", id, derived_by_id())
    derived = read(derived_by_id()[id])
    for parent in derived.parents:
        finding(parent)
    return derived


def derived_findings() -> pd.DataFrame:
    """All derived numbers, to browse (no ledger entry).

    Returns
    -------
    DataFrame
        One row a number, indexed by id.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.derived_findings().loc["derived.pelland2026_percent_4_to_10_sets", "value"].round(2)
    np.float64(1.97)
    """
    return frame(derived_by_id().values(), None, "derived finding")
