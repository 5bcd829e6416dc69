"""The slope between arms of one trial, which is randomised, apart from that between trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from repdose import metaregression
from repdose.metaregression import inference

if TYPE_CHECKING:
    from repdose.metaregression import Fit

# A deviation or spread of doses below this share of the largest dose is rounding.
CONSTANT = 1e-9
COVERAGE = 0.95


@dataclass(frozen=True)
class WithinBetween:
    """Two slopes of one straight line, and what they rest on.

    Parameters
    ----------
    slopes : DataFrame
        By ``within``, ``between`` and ``difference`` (within less between), as far as they can be
        had: estimate, se, df, statistic, p, ci_low, ci_high and note, cluster-robust (CR2).
    model : DataFrame
        The same with model-based standard errors, and studies less coefficients as df.
    fit : Fit
        The fit of both slopes.
    comparing, constant : tuple of str
        Studies whose arms differ in dose, and those whose do not: the latter give no slope
        within.
    """

    slopes: pd.DataFrame
    model: pd.DataFrame
    fit: Fit
    comparing: tuple[str, ...]
    constant: tuple[str, ...]

    @property
    def leading(self) -> str:
        """The slope to lead with: within studies, or between them where no study compared."""
        return str(self.slopes.index[0])

    def difference(self, low: float, high: float) -> dict[str, float]:
        """The response at one dose less that at another, by the leading slope.

        Returns
        -------
        dict
            ``estimate``, ``low``, ``high`` (robust), ``model_low``, ``model_high`` [unit of the
            effect].
        """
        steps = high - low
        ends = ("ci_low", "ci_high") if steps >= 0 else ("ci_high", "ci_low")

        def times(table: pd.DataFrame, column: str) -> float:
            return steps * float(table[column].to_numpy(dtype=float)[0])

        return {
            "estimate": times(self.slopes, "estimate"),
            "low": times(self.slopes, ends[0]),
            "high": times(self.slopes, ends[1]),
            "model_low": times(self.model, ends[0]),
            "model_high": times(self.model, ends[1]),
        }


def within_between(
    data: pd.DataFrame,
    *,
    dose: str = "weekly_sets",
    arm: str = "arm",
    levels: Sequence[str] = ("study", "es_id"),
    effect: str = "yi",
    variance: str = "vi",
    rho: float = 0.0,
    rho_within: str | None = None,
    V: Any = None,
) -> WithinBetween:
    """Slope over the dose within studies and between them.

    Parameters
    ----------
    data : DataFrame
        One row an effect.
    dose, arm, effect, variance : str
        Columns of the dose, the arm, the effect and its sampling variance.
    levels : sequence of str
        Nested groupings, outermost (the studies) first.
    rho, rho_within, V : float, str, array_like
        As :func:`repdose.metaregression.fit` takes them.

    Returns
    -------
    WithinBetween
        Both slopes [unit of the effect per unit of dose] and the test of their difference.

    Raises
    ------
    ValueError
        If no dose differs, within studies or between them, or the data will not do for a fit.

    Notes
    -----
    With :math:`\\bar d_i` the mean dose over the arms of study i,

    .. math:: y = \\beta_0 + \\beta_w (d - \\bar d_i) + \\beta_b \\bar d_i + \\ldots

    Arms of a study are allotted by chance, so :math:`\\beta_w` compares like with like;
    :math:`\\beta_b` also holds whatever else differs between studies with many sets and with few.
    A single slope is a blend of both, by their precision :cite:`enders2007`.

    *Valid for*: studies that compared doses. *Not valid for*: :math:`\\beta_b` as an effect of the
    dose.

    References
    ----------
    :cite:`enders2007`, :cite:`pustejovsky2018`

    Examples
    --------
    >>> rows = pd.DataFrame({"study": list("aabbccddee"), "arm": range(10), "es_id": range(10)})
    >>> rows["weekly_sets"] = [2.0, 4.0, 5.0, 9.0, 6.0, 12.0, 3.0, 6.0, 8.0, 10.0]
    >>> rows["yi"] = 0.1 * rows["weekly_sets"] + [0, 0.01, 0, -0.01, 0.01, 0, 0, 0.01, 0, 0.01]
    >>> slopes = within_between(rows.assign(vi=0.01), levels=["study", "es_id"])
    >>> round(float(slopes.slopes.loc["within", "estimate"]), 2)
    0.1
    """
    study = levels[0]
    for name in (study, arm, dose):
        if name not in data.columns:
            raise ValueError(f"data has no column {name!r}")
    of_arm = data.groupby([study, arm], sort=False)[dose].mean()
    mean = data[study].map(of_arm.groupby(level=0, sort=False).mean()).to_numpy(dtype=float)
    deviation = data[dose].to_numpy(dtype=float) - mean
    least = CONSTANT * float(np.abs(data[dose]).max())
    spread = data.groupby(study, sort=False)[dose].agg(np.ptp)
    differs = spread > least
    split = data.assign(within=deviation, between=mean, **{dose: data[dose]})
    shared: dict[str, Any] = {
        "effect": effect,
        "variance": variance,
        "levels": list(levels),
        "rho": rho,
        "rho_within": rho_within,
        "V": V,
    }
    terms = [
        name for name, has in (("within", differs.any()), ("between", np.ptp(mean) > least)) if has
    ]
    if not terms:
        raise ValueError(f"column {dose!r} is the same in every row: no dose was compared")
    fit = metaregression.fit(split, formula=f"~ {' + '.join(terms)}", **shared)
    contrasts = {name: [float(term == name) for term in fit.terms] for name in terms}
    if len(terms) == 2:
        contrasts["difference"] = [
            float(term == "within") - float(term == "between") for term in fit.terms
        ]
    return WithinBetween(
        slopes=_table(fit, contrasts, "CR2"),
        model=_table(fit, contrasts, None),
        fit=fit,
        comparing=tuple(str(name) for name in spread.index[differs]),
        constant=tuple(str(name) for name in spread.index[~differs]),
    )


def _table(fit: Fit, contrasts: dict[str, list[float]], kind: str | None) -> pd.DataFrame:
    """Contrasts of a fit's coefficients: robust, or model-based with studies less coefficients
    as degrees of freedom."""
    rows = np.array(list(contrasts.values()))
    estimate = rows @ fit.coefficients["estimate"].to_numpy()
    if kind is None:
        variance = np.einsum("ra,ab,rb->r", rows, fit.covariance.to_numpy(), rows)
        degrees = np.full(len(rows), float(len(fit.labels) - len(fit.terms)))
        table = inference.table(list(contrasts), estimate, np.sqrt(variance), degrees, COVERAGE)
    else:
        rotated = rows @ fit.fitted.to_terms
        table = inference.robust_table(
            fit, fit.sandwich(kind), list(contrasts), estimate, rotated, COVERAGE
        )
    return table.rename_axis("slope")
