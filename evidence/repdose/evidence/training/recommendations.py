"""Dose recommendations as thresholds that a plan can be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record, frame
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd

DOMAINS = ("aerobic", "resistance", "flexibility", "neuromotor", "intensity", "progression")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Guideline(Record):
    """One threshold of a guideline.

    Parameters
    ----------
    guideline : str
        The guideline it belongs to, by its bibliography key.
    domain : str
        One of `DOMAINS`.
    quantity : str
        What is bounded, as in ``sessions_per_week``.
    low, high : float or None
        Bounds [unit], both included; None where that side is open.
    unit : str
        Unit of the bounds.
    items : str
        Names, separated by ``; ``, where the recommendation is a list.
    population, outcome : str
        For whom, and for what.
    grade : str
        The guideline's own grade of evidence, where it was seen.
    words : str
        The recommendation in words of our own.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    guideline: str
    domain: str
    quantity: str
    low: float | None = None
    high: float | None = None
    unit: str = ""
    items: str = ""
    population: str = ""
    outcome: str = ""
    grade: str = ""
    words: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if self.domain not in DOMAINS:
            raise EvidenceError(
                f"guideline {self.id!r}: domain is {self.domain!r}; allowed: {', '.join(DOMAINS)}"
            )
        if not self.words:
            raise EvidenceError(f"guideline {self.id!r}: words is required and is empty")
        if self.id.removeprefix(f"{self.pack}.").partition(".")[0] != self.guideline:
            raise EvidenceError(
                f"guideline {self.id!r}: the id does not begin with {self.guideline!r}"
            )
        if self.low is not None and self.high is not None and self.low > self.high:
            raise EvidenceError(f"guideline {self.id!r}: low {self.low} is above high {self.high}")
        if (self.low is not None or self.high is not None) and not self.unit:
            raise EvidenceError(f"guideline {self.id!r}: a bound without a unit")

    @property
    def stated(self) -> str:
        if self.items:
            return f"{self.words}: {self.items}"
        if self.low is None and self.high is None:
            return self.words
        if self.high is None:
            bounds = f"at least {self.low:g}"
        elif self.low is None:
            bounds = f"up to {self.high:g}"
        else:
            bounds = f"{self.low:g}" + (f" to {self.high:g}" if self.high > self.low else "")
        return f"{self.words} ({self.unit}: {bounds})"


@kept
def by_id() -> dict[str, Guideline]:
    """Every threshold by its id, without an entry in a ledger."""
    return tables.records("guidelines", Guideline)


def guideline(key: str) -> tuple[Guideline, ...]:
    """Every threshold of one guideline, all entered in the open ledgers.

    Parameters
    ----------
    key : str
        Bibliography key: garber2011, hhs2018, acsm2009 or acsm2026.

    Returns
    -------
    tuple of Guideline
        In the order of the table.

    Raises
    ------
    UnknownRecordError
        If there is no such guideline.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> [(row.quantity, row.low, row.high) for row in ev.guideline("garber2011")
    ...  if row.domain == "resistance"][:2]
    [('sessions_per_week', 2.0, 3.0), ('sets_per_exercise', 2.0, 4.0)]
    """
    rows = tuple(row for row in by_id().values() if row.guideline == key)
    if not rows:
        raise unknown("guideline", key, {row.guideline for row in by_id().values()})
    return tuple(read(row) for row in rows)


def muscle_groups(key: str) -> tuple[str, ...]:
    """Major muscle groups as one guideline lists them.

    Parameters
    ----------
    key : str
        Bibliography key of the guideline.

    Returns
    -------
    tuple of str
        Names in the guideline's order.

    Raises
    ------
    UnknownRecordError
        If there is no such guideline, or it lists none.

    Examples
    --------
    >>> muscle_groups("hhs2018")
    ('legs', 'hips', 'back', 'chest', 'abdomen', 'shoulders', 'arms')
    """
    listed = {row.guideline: row for row in by_id().values() if row.quantity == "muscle_groups"}
    if key not in listed:
        raise unknown("guideline with a list of muscle groups:", key, listed)
    return tuple(read(listed[key]).items.split("; "))


def guidelines() -> pd.DataFrame:
    """Every threshold of every guideline, to browse (no ledger entry).

    Returns
    -------
    DataFrame
        One row a threshold, indexed by id.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.guidelines().loc["garber2011.aerobic_met_minutes_per_week", "low"]
    np.float64(500.0)
    """
    return frame(by_id().values(), None, "guideline")
