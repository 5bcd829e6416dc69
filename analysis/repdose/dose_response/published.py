"""Published dose-response curves, evaluated with their units, limits and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from repdose import evidence as ev
from repdose.arguments import Range, checked, choice
from repdose.dose_response.shown import Published
from repdose.evidence.studies.curves import OF_A_RATIO, PublishedCurve, Term, shape
from repdose.evidence.studies.derived import DerivedFinding
from repdose.evidence.studies.study_findings import Finding

if TYPE_CHECKING:
    import pandas as pd

OUTCOMES = ("hypertrophy", "strength")
# Catches a slip of unit, not a finding: no study came near it.
DOSE = Range(0, 1000, "")

PERCENT = 100
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, repr=False)
class Curve(Published):
    """A published curve with its coefficients at hand.

    Parameters
    ----------
    record : PublishedCurve
        Form, units, studied range and limits.
    findings : tuple of Finding or DerivedFinding
        The coefficients, one for each of the record's terms.

    See Also
    --------
    curves : how to get one.
    """

    record: PublishedCurve
    findings: tuple[Finding | DerivedFinding, ...]

    @property
    def id(self) -> str:
        """Name of the curve."""
        return self.record.id

    @property
    def label(self) -> str:
        """Short name for figures."""
        return self.record.label

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
    def interval(self) -> str:
        """What ``low`` and ``high`` of its responses are; empty if none was seen."""
        return self.findings[0].interval

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
            Dose that differences are counted from [``dose_unit``]. Unless given, a curve of
            differences uses its own, ``record.reference_dose``, and a curve of gains gives gains.

        Returns
        -------
        DataFrame
            A row a dose: ``dose``, ``estimate``, ``low``, ``high`` [``outcome_unit``; NaN
            where no interval was seen], ``pi_low``, ``pi_high`` (95 % prediction interval for
            the gain a single trial may find; NaN where none was seen, and for differences),
            ``reference_dose`` [NaN for a gain] and ``extrapolated`` (outside the doses known
            to be studied).

        Raises
        ------
        ValueError
            If the unit is another one, a dose is no finite number from 0 up or lies in no band,
            or the source prints too little: a difference from another band than its own.

        Notes
        -----
        Linear: :math:`b (x - x_0)`. Square root and reciprocal are the log of a ratio to no
        dose, so that a gain in percent is :math:`100 (e^{b f(x)} - 1)` with
        :math:`f(x) = \\sqrt{x + 1} - 1` or :math:`x / (x + 1)`, and a difference is that of two
        gains. Categories: the printed level or contrast of the band the dose lies in. Interval
        ends are those of the coefficient, carried through: a curve of one coefficient rises with
        it everywhere, and so does every difference along it. The difference of two levels has
        none, since their covariance is not printed. A prediction interval is read from the
        source's table, in straight lines between its rows and never beyond them.

        *Valid for*: what the curve's ``valid_for`` says. *Not valid for*: its
        ``not_valid_for``, and a prediction for one person in any case.

        Examples
        --------
        >>> curve = curve_of("schoenfeld2017.slope_effect_size")
        >>> curve.response([5, 10], reference_dose=5)["estimate"].round(3).tolist()
        [0.0, 0.115]
        >>> size = curve_of("pelland2026.size_volume").response(10).round(2)
        >>> size[["estimate", "low", "high", "pi_low", "pi_high"]].to_numpy().tolist()
        [[4.18, 2.49, 5.81, -6.12, 15.62]]
        """
        import pandas as pd

        if dose_unit is not None and dose_unit != self.dose_unit:
            raise ValueError(
                f"dose_unit is {dose_unit!r} but {self.id} counts {self.dose_unit}; the two "
                "are not convertible without the plan: count the dose in the curve's unit"
            )
        x = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
        asked = None
        if reference_dose is not None:
            asked = float(checked("reference_dose", reference_dose, DOSE))
        reference = self.record.reference_dose if asked is None else asked
        if self.form == "categories":
            estimate, low, high = self._bands(x)
            if asked is not None:
                estimate, low, high = self._against(asked, estimate, low, high)
        else:
            estimate, low, high = self._formula(x, float(reference or 0))
        pi_low, pi_high = self._prediction(x, reference)
        return pd.DataFrame(
            {
                "dose": x,
                "estimate": estimate,
                "low": low,
                "high": high,
                "pi_low": pi_low,
                "pi_high": pi_high,
                "reference_dose": math.nan if reference is None else reference,
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

    def covers(self, dose: float | Sequence[float] | Array) -> NDArray[np.bool_]:
        """Whether the source says something at each dose: nothing where it has no band.

        Examples
        --------
        >>> curve_of("ralston2017.categories").covers([3, 7, 12]).tolist()
        [True, False, True]
        """
        x = np.asarray(dose, dtype=np.float64)
        if self.form != "categories":
            return np.ones(x.shape, dtype=bool)
        found = self._of_reference(x)
        for term in self.record.terms:
            found |= _inside(term, x)
        return found

    def slope(self, dose: float | Sequence[float] | Array) -> Array:
        """Marginal slope [outcome unit per dose unit] at each dose, of a curve that is a formula.

        Raises
        ------
        ValueError
            For a curve of categories, which has no slope.

        Notes
        -----
        Of the gain itself, :math:`100\\,b f'(x) e^{b f(x)}` for a log ratio. Sources print the
        slope on the log scale, :math:`100\\,b f'(x)`, which is smaller.

        Examples
        --------
        >>> float(curve_of("schoenfeld2017.slope_percent").slope(8)[0])
        0.37
        """
        x = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
        if self.form == "categories":
            raise ValueError(f"{self.id} has bands and therefore no slope at a dose")
        coefficient = self._coefficient()[0]
        if self.form == "linear":
            return np.full_like(x, coefficient)
        rising = 0.5 / np.sqrt(x + 1) if self.form == "square root" else 1 / (x + 1) ** 2
        return PERCENT * coefficient * rising * np.exp(coefficient * shape(self.form, x))

    def _bands(self, x: Array) -> tuple[Array, Array, Array]:
        """Level or contrast of the band each dose lies in, and the interval."""
        ends = np.full((3, x.size), math.nan)
        for term, printed in zip(self.record.terms, self.findings, strict=True):
            inside = _inside(term, x)
            for row, value in zip(ends, (printed.value, printed.low, printed.high), strict=True):
                row[inside] = math.nan if value is None else value
        ends[:, self._of_reference(x)] = 0
        unknown = ~self.covers(x)
        if unknown.any():
            raise ValueError(f"dose {x[unknown][0]:g} lies in no band of {self.id}")
        return ends[0], ends[1], ends[2]

    def _of_reference(self, x: Array) -> NDArray[np.bool_]:
        """Whether each dose lies in the band that contrasts are from: below the first of them."""
        reference, first = self.record.reference_dose, self.record.terms[0].dose_low
        if self.quantity != "difference" or reference is None:
            return np.zeros(x.shape, dtype=bool)
        return x < (reference if first is None else first)

    def _against(
        self, reference: float, estimate: Array, low: Array, high: Array
    ) -> tuple[Array, Array, Array]:
        """Differences from the band of another dose, without an interval."""
        base = float(self._bands(np.array([reference]))[0][0])
        if self.quantity == "difference":
            if base != 0:
                raise ValueError(
                    f"reference_dose must lie in the reference band of {self.id}, doses like "
                    f"{self.record.reference_dose:g}; its source prints no other contrasts"
                )
            return estimate, low, high
        return estimate - base, np.full_like(low, math.nan), np.full_like(high, math.nan)

    def _formula(self, x: Array, reference: float) -> tuple[Array, Array, Array]:
        """Gain over, or difference from, the reference dose, and the interval carried through."""
        at, base = shape(self.form, x), shape(self.form, np.array(reference))

        def response(coefficient: float | None) -> Array:
            b = math.nan if coefficient is None else coefficient
            if self.form in OF_A_RATIO:
                return PERCENT * (np.exp(b * at) - np.exp(b * base))
            return b * (at - base)

        value, *ends = (response(one) for one in self._coefficient())
        return value, np.minimum(*ends), np.maximum(*ends)

    def _prediction(self, x: Array, reference: float | None) -> tuple[Array, Array]:
        """Prediction interval of a gain, from the source's table."""
        rows = [
            (point.dose, point.pi_low, point.pi_high)
            for point in self.record.points
            if point.pi_low is not None and point.pi_high is not None
        ]
        if not rows or reference is not None:
            return np.full_like(x, math.nan), np.full_like(x, math.nan)
        doses, lows, highs = np.array(rows, dtype=np.float64).T
        low, high = (
            np.interp(x, doses, ends, left=math.nan, right=math.nan) for ends in (lows, highs)
        )
        return low, high

    def _coefficient(self) -> tuple[float, float | None, float | None]:
        """The one coefficient of a formula, and the ends of its interval."""
        printed = self.findings[0]
        return _value(printed), printed.low, printed.high


def _value(printed: Finding | DerivedFinding) -> float:
    if printed.value is None:
        raise ValueError(f"{printed.id} is no number; name another in dose_response_terms.csv")
    return printed.value


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
    findings = tuple(
        ev.derived_finding(term.finding)
        if term.finding.startswith("derived.")
        else ev.finding(term.finding)
        for term in record.terms
    )
    for printed in findings:
        _value(printed)
        if printed.set_unit not in ("", record.dose_unit):
            raise ValueError(
                f"{record.id} counts {record.dose_unit}, but its coefficient {printed.id} counts "
                f"{printed.set_unit}; name another finding in dose_response_terms.csv"
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
