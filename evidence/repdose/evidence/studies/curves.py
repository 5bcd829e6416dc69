"""Published dose-response curves: which findings make one up, its units and its studied range.

A curve holds no number of its own beyond its doses: the coefficients are findings.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record
from repdose.evidence.tables import records, table
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Dose = TypeVar("Dose", float, NDArray[np.float64])

Part = TypeVar("Part")
# Forms whose coefficient multiplies a function of the dose; those of a ratio do so on the log
# scale and are zero at no dose.
OF_A_RATIO = ("square root", "reciprocal")


def shape(form: str, dose: Dose) -> Dose:
    """What the coefficient of a curve is multiplied by at a dose; a float or an array.

    Examples
    --------
    >>> shape("square root", 8.0), shape("reciprocal", 1.0)
    (2.0, 0.5)
    """
    if form == "square root":
        root: Dose = (dose + 1) ** 0.5
        return root - 1
    if form == "reciprocal":
        return dose / (dose + 1)
    return dose


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A row of a source's own table along its curve [the curve's units].

    Parameters
    ----------
    dose, estimate, low, high : float
        Dose, response and the interval of the mean response.
    pi_low, pi_high : float or None
        95 % prediction interval, where the source prints one.
    source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    dose: float
    estimate: float
    low: float
    high: float
    pi_low: float | None
    pi_high: float | None
    source: str
    locator: str
    checked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One coefficient of a curve.

    Parameters
    ----------
    role : {"slope", "coefficient", "level", "contrast"}
        Gain per unit of dose, log ratio per unit of the transformed dose, gain at a dose, or
        difference from the reference category.
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
        Shape over the dose: see :func:`shape`. The last two hold on the log scale of a ratio.
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
    points : tuple of Point
        Rows of the source's own table along it, in order of dose; empty if none was seen.
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
    points: tuple[Point, ...] = ()

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if not self.terms:
            raise EvidenceError(f"PublishedCurve {self.id!r}: no term in dose_response_terms.csv")
        if self.quantity == "difference" and self.reference_dose is None:
            raise EvidenceError(f"PublishedCurve {self.id!r}: a difference needs reference_dose")
        if self.form in OF_A_RATIO and (self.quantity, self.outcome_unit) != ("gain", "percent"):
            raise EvidenceError(
                f"PublishedCurve {self.id!r}: {self.form} is the log of a ratio to no dose, hence "
                f"a gain in percent; got {self.quantity} in {self.outcome_unit}"
            )

    @property
    def stated(self) -> str:
        return (
            f"{self.form} {self.quantity} of {self.outcome} in {self.outcome_unit} "
            f"over {self.dose_unit}"
        )


@kept
def by_id() -> dict[str, PublishedCurve]:
    """Every published curve, without an entry in a ledger."""
    terms = _by_curve("dose_response_terms", Term)
    points = _by_curve("dose_response_points", Point)
    curves = records(
        "dose_response_curves",
        lambda **cells: PublishedCurve(
            **cells,
            terms=tuple(terms.get(cells["id"], ())),
            points=tuple(sorted(points.get(cells["id"], ()), key=lambda point: point.dose)),
        ),
    )
    for name, parts in (("dose_response_terms", terms), ("dose_response_points", points)):
        for curve in sorted(set(parts) - set(curves)):
            raise EvidenceError(f"{name}.csv curve: {curve!r} is no curve")
    return curves


def _by_curve(name: str, part: Callable[..., Part]) -> dict[str, list[Part]]:
    """Rows of a table about curves, by the curve they belong to."""
    parts: dict[str, list[Part]] = {}
    for row in table(name).rows:
        cells = dict(row)
        parts.setdefault(str(cells.pop("curve")), []).append(part(**cells))
    return parts


def published_curve(curve: str) -> PublishedCurve:
    """One published curve by its id.

    Raises
    ------
    UnknownRecordError
        If there is no such curve; the message lists near ones.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.published_curve("schoenfeld2017.slope_effect_size").dose_unit
    'sets per muscle per week'
    """
    if curve not in by_id():
        raise unknown("published curve", curve, by_id())
    return read(by_id()[curve])


def published_curves() -> pd.DataFrame:
    """Every published curve: units, form, studied range and limits, indexed by id."""
    return table("dose_response_curves").frame().set_index("id")
