"""Published dose-response curves: which findings make one up, its units and its studied range.

A curve holds no number of its own beyond its doses: the coefficients are findings.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from evidence.errors import EvidenceError, unknown
from evidence.ledger import read
from evidence.records import Record
from evidence.tables import records, table

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One coefficient of a curve.

    Parameters
    ----------
    role : {"slope", "coefficient", "level", "contrast", "marginal"}
        Gain per unit of dose, gain per unit of the transformed dose, gain at a dose, difference
        from the reference category, or slope of a bending curve at a dose that was not seen.
    finding : str
        Id of the finding, or derived finding, that holds the number.
    dose_low, dose_high : float or None
        Doses [the curve's dose unit] the term speaks of: from `dose_low` up to but not
        including `dose_high`; None leaves that side open.
    """

    role: str
    finding: str
    dose_low: float | None
    dose_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCurve(Record):
    """A dose-response relation as a source prints it.

    Parameters
    ----------
    label : str
        Short name for figures; unique within an outcome unit.
    outcome : {"hypertrophy", "strength"}
        What was measured.
    quantity : {"gain", "difference"}
        Whether the source gives the gain itself, or only how much it differs between doses.
    form : {"linear", "categories", "square root", "reciprocal"}
        Shape over the dose.
    dose_unit, outcome_unit : str
        Never mixed between curves.
    studied_low, studied_high : float or None
        Doses the studies behind the curve are known to cover [dose unit]; None if not seen.
    reference_dose : float or None
        Dose from which a difference is counted, unless another is asked for.
    range_note, valid_for, not_valid_for : str
        Whence the range; what the curve may and may not be used for.
    terms : tuple of Term
        Its coefficients, in order of dose.
    """

    label: str
    outcome: str
    quantity: str
    form: str
    dose_unit: str
    outcome_unit: str
    studied_low: float | None
    studied_high: float | None
    reference_dose: float | None
    range_note: str
    valid_for: str
    not_valid_for: str
    terms: tuple[Term, ...] = ()

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if not self.terms:
            raise EvidenceError(f"PublishedCurve {self.id!r}: no term in dose_response_terms.csv")
        if self.quantity == "difference" and self.reference_dose is None:
            raise EvidenceError(f"PublishedCurve {self.id!r}: a difference needs reference_dose")

    @property
    def stated(self) -> str:
        return (
            f"{self.form} {self.quantity} of {self.outcome} in {self.outcome_unit} "
            f"over {self.dose_unit}"
        )


@cache
def _curves() -> dict[str, PublishedCurve]:
    terms: dict[str, list[Term]] = {}
    for row in table("dose_response_terms").rows:
        cells = dict(row)
        terms.setdefault(str(cells.pop("curve")), []).append(Term(**cells))  # type: ignore[arg-type]
    found = records(
        "dose_response_curves",
        lambda **cells: PublishedCurve(**cells, terms=tuple(terms.get(cells["id"], ()))),
    )
    for curve in sorted(set(terms) - set(found)):
        raise EvidenceError(f"dose_response_terms.csv curve: {curve!r} is no curve")
    return found


def published_curve(curve: str) -> PublishedCurve:
    """One published curve by its id.

    Raises
    ------
    UnknownRecordError
        If there is no such curve; the message lists near ones.

    Examples
    --------
    >>> import evidence as ev
    >>> ev.published_curve("schoenfeld2017.slope_effect_size").dose_unit
    'sets per muscle per week'
    """
    if curve not in _curves():
        raise unknown("published curve", curve, _curves())
    return read(_curves()[curve])


def published_curves() -> pd.DataFrame:
    """Every published curve: units, form, studied range and limits, indexed by id."""
    return table("dose_response_curves").frame().set_index("id")
