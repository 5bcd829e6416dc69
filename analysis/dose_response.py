"""Published dose-response curves, evaluated with their units, limits and intervals.

A curve whose source prints no intercept answers with differences between doses, never with
gains; curves in different units never meet on one axis.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

import evidence as ev
from analysis.arguments import Range, checked, choice
from evidence.curves import PublishedCurve, Term
from evidence.findings import Finding, finding

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("hypertrophy", "strength")
# Catches a slip of unit, not a finding: no study came near it.
DOSE = Range(0, 1000, "")

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """A published curve with its coefficients at hand.

    Parameters
    ----------
    record : PublishedCurve
        Form, units, studied range and limits.
    findings : tuple of Finding
        The coefficients, one for each of the record's terms.

    See Also
    --------
    curves : how to get one.
    """

    record: PublishedCurve
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """Name of the curve."""
        return self.record.id

    @property
    def outcome(self) -> str:
        """hypertrophy or strength."""
        return self.record.outcome

    @property
    def quantity(self) -> str:
        """Gain, or only the difference between the gains at two doses."""
        return self.record.quantity

    @property
    def form(self) -> str:
        """Shape over the dose."""
        return self.record.form

    @property
    def dose_unit(self) -> str:
        """Unit of the dose."""
        return self.record.dose_unit

    @property
    def outcome_unit(self) -> str:
        """Unit of the response."""
        return self.record.outcome_unit

    @property
    def studied_range(self) -> tuple[float | None, float | None]:
        """Lowest and highest dose known to be covered [dose unit]; None if not seen."""
        return self.record.studied_low, self.record.studied_high

    @property
    def valid_for(self) -> str:
        """What the curve may be used for."""
        return self.record.valid_for

    @property
    def not_valid_for(self) -> str:
        """What the curve may not be used for."""
        return self.record.not_valid_for

    @property
    def sources(self) -> list[str]:
        """Bibliography keys of the curve and its coefficients."""
        return sorted({self.record.source, *(finding.source for finding in self.findings)})

    def response(
        self,
        dose: float | Sequence[float] | Array,
        *,
        dose_unit: str | None = None,
        reference_dose: float | None = None,
    ) -> pd.DataFrame:
        """Response at each dose, with the interval the source prints.

        Parameters
        ----------
        dose : float or array_like
            Doses [the curve's ``dose_unit``].
        dose_unit : str, optional
            The unit the doses are in; refused unless it is the curve's own.
        reference_dose : float, optional
            Dose that differences are counted from [``dose_unit``]; the curve's own
            ``record.reference_dose`` unless given. Only for curves that are a formula.

        Returns
        -------
        DataFrame
            A row a dose: ``dose``, ``estimate``, ``low``, ``high`` [``outcome_unit``; NaN
            where the source prints no interval], ``reference_dose`` [NaN for a gain] and
            ``extrapolated`` (outside the doses known to be studied).

        Raises
        ------
        ValueError
            If the unit is another one, a dose is no finite number from 0 up, a reference is
            asked of a curve of categories, or the source prints too little to evaluate it.

        Notes
        -----
        Linear: :math:`b (x - x_0)`. Square root, from the slope :math:`m` printed at
        :math:`x_m`: :math:`2 m \\sqrt{x_m} (\\sqrt{x} - \\sqrt{x_0})`. Reciprocal:
        :math:`m x_m^2 (1/x_0 - 1/x)`. Categories: the printed level or contrast of the band
        the dose lies in. Interval ends are those of the coefficient, carried through.

        *Valid for*: what the curve's ``valid_for`` says. *Not valid for*: its
        ``not_valid_for``, and a prediction for one person in any case.

        Examples
        --------
        >>> curve = curve_of("schoenfeld2017.slope_effect_size")
        >>> curve.response([5, 10], reference_dose=5)["estimate"].round(3).tolist()
        [0.0, 0.115]
        """
        import pandas as pd

        if dose_unit is not None and dose_unit != self.dose_unit:
            raise ValueError(
                f"dose_unit is {dose_unit!r} but {self.id} counts {self.dose_unit}; the two "
                "are not convertible without the plan: count the dose in the curve's unit"
            )
        x = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
        if self.form == "categories":
            if reference_dose is not None:
                raise ValueError(
                    f"reference_dose cannot be chosen for {self.id}: its source prints bands; "
                    "subtract two of its rows and leave out the interval"
                )
            reference = self.record.reference_dose
            estimate, low, high = self._bands(x)
        else:
            given = self.record.reference_dose if reference_dose is None else reference_dose
            reference = float(checked("reference_dose", given, DOSE))
            estimate, low, high = self._formula(x, reference)
        return pd.DataFrame(
            {
                "dose": x,
                "estimate": estimate,
                "low": low,
                "high": high,
                "reference_dose": math.nan if self.quantity == "gain" else reference,
                "extrapolated": self.extrapolated(x),
            }
        )

    def extrapolated(self, dose: float | Sequence[float] | Array) -> NDArray[np.bool_]:
        """Whether each dose lies outside the doses known to be studied."""
        x = np.asarray(dose, dtype=np.float64)
        low, high = self.studied_range
        return (x < (-math.inf if low is None else low)) | (
            x > (math.inf if high is None else high)
        )

    def slope(self, dose: float | Sequence[float] | Array) -> Array:
        """Marginal slope [outcome unit per dose unit] at each dose, of a curve that is a formula.

        Raises
        ------
        ValueError
            For a curve of categories, which has no slope.

        Examples
        --------
        >>> float(curve_of("schoenfeld2017.slope_percent").slope(8)[0])
        0.37
        """
        x = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
        if self.form == "categories":
            raise ValueError(f"{self.id} has bands and therefore no slope at a dose")
        coefficient = self._printed() * self._scale()
        if self.form == "linear":
            return np.full_like(x, coefficient)
        self._refuse_zero("dose", x)
        if self.form == "square root":
            return coefficient / (2 * np.sqrt(x))
        return coefficient / x**2

    def _bands(self, x: Array) -> tuple[Array, Array, Array]:
        """Level or contrast of the band each dose lies in, and the interval."""
        found = np.full((3, x.size), math.nan)
        reference = self.record.reference_dose
        for term, printed in zip(self.record.terms, self.findings, strict=True):
            inside = _inside(term, x)
            for row, value in zip(found, (printed.value, printed.low, printed.high), strict=True):
                row[inside] = math.nan if value is None else value
        if self.quantity == "difference" and reference is not None:
            # the reference band is the doses below the first contrast
            first = self.record.terms[0].dose_low
            found[:, x < (reference if first is None else first)] = 0
        unknown = np.isnan(found[0])
        if unknown.any():
            raise ValueError(f"dose {x[unknown][0]:g} lies in no band of {self.id}")
        return found[0], found[1], found[2]

    def _formula(self, x: Array, reference: float) -> tuple[Array, Array, Array]:
        """Difference from the reference dose, and the interval carried through."""
        if self.form == "reciprocal":
            self._refuse_zero("dose", np.append(x, reference))
            shape = 1 / reference - 1 / x
        elif self.form == "square root":
            shape = np.sqrt(x) - math.sqrt(reference)
        else:
            shape = x - reference
        printed, scale = self.findings[0], self._scale()
        ends = [
            np.full_like(x, math.nan) if end is None else end * scale * shape
            for end in (printed.low, printed.high)
        ]
        low, high = np.minimum(*ends), np.maximum(*ends)
        return self._printed() * scale * shape, low, high

    def _printed(self) -> float:
        """The one coefficient of a formula, as printed."""
        value = self.findings[0].value
        assert value is not None  # curve_of has seen to it
        return value

    def _scale(self) -> float:
        """What turns the printed slope into the form's coefficient."""
        term = self.record.terms[0]
        if self.form == "linear":
            return 1.0
        if term.dose_low is None:
            raise ValueError(
                f"{self.id} cannot be evaluated: its source prints the slope at the mean dose "
                "and that dose was not seen; use the finding "
                f"{term.finding} as the slope it is"
            )
        return 2 * math.sqrt(term.dose_low) if self.form == "square root" else term.dose_low**2

    def _refuse_zero(self, name: str, x: Array) -> None:
        if (x <= 0).any():
            raise ValueError(f"{name} must be above 0 for the {self.form} form of {self.id}")


def _inside(term: Term, x: Array) -> NDArray[np.bool_]:
    low = -math.inf if term.dose_low is None else term.dose_low
    high = math.inf if term.dose_high is None else term.dose_high
    return (x >= low) & (x < high)


def curve_of(curve: str) -> Curve:
    """One published curve by its id.

    Raises
    ------
    UnknownRecordError
        If there is none; the message lists near ones.
    """
    record = ev.published_curve(curve)
    findings = tuple(finding(term.finding) for term in record.terms)
    for found in findings:
        if found.value is None or found.set_unit not in ("", record.dose_unit):
            raise ValueError(
                f"{record.id} counts {record.dose_unit}, but its coefficient {found.id} is "
                f"{found.value} per {found.set_unit}; name another finding in "
                "dose_response_terms.csv"
            )
    return Curve(record, findings)


def curves(*, outcome: str = "hypertrophy") -> tuple[Curve, ...]:
    """The published curves of one outcome.

    Parameters
    ----------
    outcome : {"hypertrophy", "strength"}
        Muscle size or strength.

    Returns
    -------
    tuple of Curve
        In order of id. Their dose and outcome units differ: see :func:`side_by_side`.

    Examples
    --------
    >>> [curve.id for curve in curves(outcome="hypertrophy") if "schoenfeld2017" in curve.id]
    ... # doctest: +NORMALIZE_WHITESPACE
    ['schoenfeld2017.categories_effect_size', 'schoenfeld2017.categories_percent',
     'schoenfeld2017.slope_effect_size', 'schoenfeld2017.slope_percent']
    """
    choice("outcome", outcome, OUTCOMES)
    listed = ev.published_curves()
    return tuple(curve_of(str(key)) for key in sorted(listed.index[listed["outcome"] == outcome]))


def side_by_side(
    chosen: Iterable[Curve],
    dose: float | Sequence[float] | Array,
    *,
    reference_dose: float | None = None,
) -> pd.DataFrame:
    """Several curves at the same doses, if they can stand on the same axes.

    Parameters
    ----------
    chosen : iterable of Curve
        Curves in one dose unit, one outcome unit and one quantity.
    dose : float or array_like
        Doses [their dose unit].
    reference_dose : float, optional
        Dose that differences are counted from; the highest of the curves' own unless given,
        so that no curve is extrapolated to its own reference.

    Returns
    -------
    DataFrame
        The rows of :meth:`Curve.response`, headed by ``curve``, ``dose_unit``,
        ``outcome_unit`` and ``quantity``.

    Raises
    ------
    ValueError
        If units or quantities differ: the message lists which curve has which.
    """
    import pandas as pd

    picked = list(chosen)
    if not picked:
        raise ValueError("chosen holds no curve")
    for name in ("dose_unit", "outcome_unit", "quantity"):
        _same(picked, name)
    options: dict[str, Any] = {}
    formulas = [curve for curve in picked if curve.form != "categories"]
    if formulas:
        own = [curve.record.reference_dose or 0 for curve in formulas]
        options["reference_dose"] = max(own) if reference_dose is None else reference_dose
    parts = []
    for curve in picked:
        answer = curve.response(dose, **(options if curve in formulas else {}))
        for place, name in enumerate(("id", "dose_unit", "outcome_unit", "quantity")):
            answer.insert(place, "curve" if name == "id" else name, getattr(curve, name))
        parts.append(answer)
    return pd.concat(parts, ignore_index=True)


def _same(picked: list[Curve], name: str) -> None:
    values = {getattr(curve, name) for curve in picked}
    if len(values) > 1:
        listed = "; ".join(f"{curve.id}: {getattr(curve, name)}" for curve in picked)
        raise ValueError(
            f"curves of different {name} do not stand on one axis ({listed}); pick curves of "
            "one unit, or convert them yourself and say how"
        )
