"""The package's own dose-response curve: several forms fitted, weighed and averaged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.arguments import Range, checked, choice
from repdose.dose_response.averaging import Part, mixture_quantile
from repdose.dose_response.forms import FORMS, NEAR_COPIES, checked_doses, weighed
from repdose.dose_response.published import DOSE
from repdose.dose_response.shown import Refitted
from repdose.dose_response.variances import Taken
from repdose.metaregression.prepared import Prepared, prepare

if TYPE_CHECKING:
    from repdose.metaregression import Fit

Array = NDArray[np.float64]

# Half-width over which a slope is taken, as a share of the dose: small against any bend.
SLOPE_STEP = 1e-4
LEVEL = Range(0.5, 1, "(coverage)", below=True)
WEEKLY_SETS = "sets per muscle per week"


@dataclass(frozen=True, repr=False)
class Refit(Refitted):
    """Forms of one dose-response relation, fitted to the same effects.

    Parameters
    ----------
    id : str
        Name on a figure.
    outcome, dose_unit, outcome_unit : str
        As in the published curves.
    dose : str
        Column of the dose.
    forms : DataFrame
        By form, as :class:`repdose.dose_response.forms.Weighed` has it.
    fits : mapping of str to Fit
        The REML fit of each form.
    studied_range : tuple of float
        Lowest and highest dose of the effects [dose unit].
    left_out : mapping of str to str
        Forms that are not averaged, and why: too few studies or doses for their coefficients, or
        no robust interval, because one study alone carries them.
    """

    id: str
    outcome: str
    dose_unit: str
    outcome_unit: str
    dose: str
    forms: pd.DataFrame
    fits: Mapping[str, Fit]
    studied_range: tuple[float, float]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Short name for figures."""
        return self.id

    @property
    def interval(self) -> str:
        """What ``low`` and ``high`` of its responses are, at the default level."""
        return "95% CI"

    @property
    def quantity(self) -> str:
        """A refit has an intercept, so it gives gains."""
        return "gain"

    @property
    def averaged(self) -> list[str]:
        """Forms that are averaged: those fitted without those left out."""
        return [name for name in self.fits if name not in self.left_out]

    def response(
        self,
        dose: float | Sequence[float] | Array,
        *,
        reference_dose: float | None = None,
        form: str | None = None,
        level: float = 0.95,
        kind: str | None = "CR2",
    ) -> pd.DataFrame:
        """Mean response along the dose, averaged over the forms by their Akaike weights.

        Parameters
        ----------
        dose : float or array_like
            Doses [dose unit].
        reference_dose : float, optional
            Count differences from this dose instead of gains.
        form : str, optional
            One form alone.
        level : float
            Coverage of the intervals.
        kind : {"CR2", "CR1", "CR0"} or None
            Cluster-robust standard errors with Satterthwaite's degrees of freedom; None for
            model-based ones with as many as studies less coefficients.

        Returns
        -------
        DataFrame
            A row a dose: ``dose``, ``estimate``, ``low``, ``high`` (confidence), ``pi_low``,
            ``pi_high`` (prediction of the true response of a new group at every level: study,
            arm, effect; NaN for a difference, in which a trial's own level cancels) [outcome
            unit], ``reference_dose`` and ``extrapolated``.

        Raises
        ------
        ValueError
            If a dose, the form, the kind or the level will not do.

        Notes
        -----
        The estimate is the mean of the forms by their weights :math:`w_m` :cite:`burnham2002`.
        Both intervals run between quantiles of a mixture over the forms, so that the doubt about
        the form widens them: the confidence interval by model-averaged tail areas
        :cite:`turek2012`, with :math:`v_m = s_m^2` and each form's own degrees of freedom,

        .. math:: F(y) = \\sum w_m\\,T_{\\nu_m}\\!\\Big(\\frac{y - \\hat y_m}{\\sqrt{v_m}}\\Big)

        the prediction interval with :math:`v_m = s_m^2 + \\sum_l \\sigma_{lm}^2` and
        :math:`\\nu_m = k - p_m - 1` for k studies and :math:`p_m` coefficients, which for a mean
        alone are the k - 2 of :cite:`higgins2009,riley2011`. Where the robust error has so few
        degrees of freedom that the confidence interval reaches further, the prediction interval
        reaches as far. A difference of the constant form is zero without error: a leap of F, which
        pulls a small difference and its interval to zero.

        *Valid for*: doses inside the studied range. *Not valid for*: one person; a causal reading
        beyond the trials' randomised comparisons.

        References
        ----------
        :cite:`burnham2002,turek2012,higgins2009,riley2011,pustejovsky2018`
        """
        x = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
        checked("level", level, LEVEL)
        names, weights = self._weights(form)
        if form is not None and form in self.left_out and kind is not None:
            raise ValueError(
                f"form {form!r} {self.left_out[form]}, so it has no robust interval; kind=None "
                "gives the model-based one"
            )
        reference = None
        if reference_dose is not None:
            reference = float(checked("reference_dose", reference_dose, DOSE))
        parts = [self._one(self.fits[name], x, reference, kind) for name in names]
        centre = np.array([part.estimate for part in parts])
        se = np.array([part.se for part in parts])
        spread = np.sqrt(se**2 + np.array([part.between for part in parts]))
        degrees = np.array([part.confidence for part in parts])
        predicted = np.array([np.full_like(x, part.prediction) for part in parts])
        answer = {"dose": x, "estimate": weights @ centre}
        tails = {"low": (1 - level) / 2, "high": (1 + level) / 2}
        for end, share in tails.items():
            answer[end] = mixture_quantile(centre, se, degrees, weights, share)
        for end, share in tails.items():
            ahead = mixture_quantile(centre, spread, predicted, weights, share)
            answer[f"pi_{end}"] = ahead if reference is None else np.full_like(x, math.nan)
        # a new group is no surer than the mean of all
        answer["pi_low"] = np.minimum(answer["pi_low"], answer["low"])
        answer["pi_high"] = np.maximum(answer["pi_high"], answer["high"])
        return pd.DataFrame(
            {
                **answer,
                "reference_dose": math.nan if reference is None else reference,
                "extrapolated": self.extrapolated(x),
            }
        )

    def extrapolated(self, dose: float | Sequence[float] | Array) -> NDArray[np.bool_]:
        """Whether each dose lies outside the doses of the effects."""
        x = np.asarray(dose, dtype=np.float64)
        low, high = self.studied_range
        return np.asarray((x < low) | (x > high), dtype=np.bool_)

    def slope(self, dose: float | Sequence[float] | Array, *, form: str | None = None) -> Array:
        """Marginal slope at each dose [outcome unit per dose unit], averaged over the forms."""
        x = np.atleast_1d(np.asarray(checked("dose", dose, DOSE), dtype=np.float64))
        names, weights = self._weights(form)
        step = SLOPE_STEP * np.maximum(x, 1)
        below, above = np.maximum(x - step, 0), x + step
        ends = np.array([self._mean(self.fits[name], np.append(above, below)) for name in names])
        rise = ends[:, : len(x)] - ends[:, len(x) :]
        return np.asarray(weights @ rise / (above - below))

    @property
    def heterogeneity(self) -> float:
        """Variance of true effects, all levels together, averaged over the forms."""
        names, weights = self._weights(None)
        return float(weights @ [float(self.fits[name].sigma2.sum()) for name in names])

    def near_copies(self) -> tuple[list[str], float, float]:
        """Forms that are near copies, the least correlation of two of them, and their weight.

        Returns
        -------
        tuple of list of str, float and float
            Names; least correlation of their columns over the effects; summed weight. Without two
            of them: no name, and NaN.
        """
        names = [name for name in NEAR_COPIES if name in self.averaged]
        if len(names) < 2:
            return [], math.nan, math.nan
        columns = np.corrcoef([self.fits[name].problem.x[:, 1] for name in names])
        return names, float(columns.min()), float(self.forms.loc[names, "weight"].sum())

    def _weights(self, form: str | None) -> tuple[list[str], Array]:
        if form is not None:
            choice("form", form, self.fits)
            return [form], np.ones(1)
        names = self.averaged
        return names, self.forms.loc[names, "weight"].to_numpy(dtype=np.float64)

    def _mean(self, fit: Fit, x: Array) -> Array:
        rows, offset, _ = fit._rows(pd.DataFrame({self.dose: x}))
        return np.asarray(rows @ fit.fitted.beta + offset)

    def _one(self, fit: Fit, x: Array, reference: float | None, kind: str | None) -> Part:
        """What one form says at each dose."""
        doses = x if reference is None else np.append(x, reference)
        rows, offset, between = fit._rows(pd.DataFrame({self.dose: doses}))
        if reference is not None:
            rows, offset = rows[:-1] - rows[-1], offset[:-1] - offset[-1]
            between = np.zeros_like(x)
        moved = (rows != 0).any(axis=1)
        if kind is None:
            variance = np.einsum("ra,ab,rb->r", rows, fit.covariance.to_numpy(), rows)
            degrees = np.full(len(rows), float(len(fit.labels) - len(fit.terms)))
        else:
            errors, contrasts = fit.sandwich(kind), rows @ fit.fitted.to_terms
            variance = errors.variance(contrasts)
            degrees = np.full(len(rows), math.inf)
            degrees[moved] = errors.degrees_of_freedom(contrasts[moved])
        degrees[~moved] = math.inf
        return Part(
            estimate=rows @ fit.fitted.beta + offset,
            se=np.sqrt(np.maximum(variance, 0)),
            confidence=degrees,
            between=between,
            prediction=len(fit.labels) - len(fit.terms) - 1,
        )


class Fitted(Protocol):
    """Trials that were read, with the curve that was fitted to them."""

    @property
    def curve(self) -> Refit: ...


def refit(
    data: pd.DataFrame | Fitted,
    *,
    outcome: str = "",
    dose: str = "weekly_sets",
    dose_unit: str = WEEKLY_SETS,
    outcome_unit: str = "effect size",
    effect: str = "yi",
    variance: str = "vi",
    levels: Sequence[str] = ("study", "es_id"),
    forms: Sequence[str] | None = None,
    rho: float = 0.0,
    rho_within: str | None = None,
    V: Any = None,
    name: str = "refit",
) -> Refit:
    """Fit several forms of a dose-response relation to the same effects, and weigh them.

    Parameters
    ----------
    data : DataFrame or Trials
        One row an effect, with the columns named below; or what
        :func:`repdose.dose_response.read_trials` gives, which brings the rest with it.
    outcome : {"hypertrophy", "strength"}
        What the effects are of.
    dose, effect, variance : str
        Columns of the dose, the effect and its sampling variance.
    dose_unit, outcome_unit : str
        Their units, in the words of the published curves.
    levels : sequence of str
        Nested groupings, outermost first.
    forms : sequence of str, optional
        Names in :data:`FORMS`; by default the null form and five rising or bent ones, as far as
        studies and doses suffice for their coefficients and for a robust interval.
    rho, rho_within : float, str
        Correlation of sampling errors, and the column within whose groups it holds.
    V : array_like, DataFrame, mapping or sequence, optional
        Their covariance instead, as :func:`repdose.metaregression.fit` takes it.
    name : str
        What to call the curve.

    Returns
    -------
    Refit
        Forms compared under ML, each refitted under REML.

    Raises
    ------
    ValueError
        If an outcome or form is unknown, or the data will not do for a fit.

    Notes
    -----
    Akaike weights :math:`w_m = e^{-\\Delta_m/2} / \\sum e^{-\\Delta/2}` from ML fits
    :cite:`akaike1974,burnham2002`; REML likelihoods of different fixed parts do not compare.

    *Valid for*: forms fitted to the same effects. *Not valid for*: choosing a form and then
    reporting it as if it had been known.

    References
    ----------
    :cite:`akaike1974`, :cite:`burnham2002`, :cite:`crippa2019`
    """
    if not isinstance(data, pd.DataFrame):
        given = locals()
        usual: dict[str, Any] = refit.__kwdefaults__ or {}
        of_its_own = [name for name in usual if given[name] != usual[name]]
        if of_its_own:
            raise ValueError(
                f"{', '.join(of_its_own)}: trials that were read bring their own; choose them in "
                "read_trials, or give the effects alone, as trials.effects"
            )
        return data.curve
    choice("outcome", outcome, ("hypertrophy", "strength"))
    for form in forms or ():
        choice("forms", form, FORMS)
    if forms is not None and (not len(forms) or len(set(forms)) < len(forms)):
        raise ValueError(f"forms must name one form or more, each once; got {list(forms)}")
    names = {"id": name, "outcome": outcome, "dose_unit": dose_unit, "outcome_unit": outcome_unit}

    def prepared() -> Prepared:
        errors: dict[str, Any] = {"rho": rho, "rho_within": rho_within, "V": V}
        return prepare(data, effect=effect, variance=variance, levels=list(levels), **errors)

    taken = Taken(data, None, prepared)
    return refitted(taken, dose=dose, levels=levels, forms=forms, **names)


def refitted(
    taken: Taken,
    *,
    dose: str,
    levels: Sequence[str],
    forms: Sequence[str] | None,
    **names: str,
) -> Refit:
    """The refit of effects with their variances, with the names of a :class:`Refit`."""
    doses = checked_doses(taken.effects, dose)
    found = weighed(taken, dose=dose, levels=levels, forms=forms)
    return Refit(
        **names,
        dose=dose,
        forms=found.table,
        fits=found.fits,
        studied_range=(float(doses.min()), float(doses.max())),
        left_out=found.left_out,
    )
