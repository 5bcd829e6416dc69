"""A form of the dose, split into what arms of one study show of it and what studies show."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.dose_response.forms import FORMS
from repdose.metaregression import inference
from repdose.metaregression.again import estimable, fit_again
from repdose.metaregression.formulas import COLLINEAR, Design
from repdose.metaregression.model import fits
from repdose.metaregression.prepared import Prepared
from repdose.metaregression.robust import sandwich

if TYPE_CHECKING:
    from repdose.metaregression import Fit
    from repdose.metaregression.estimation import Estimate

Array = NDArray[np.float64]

# A deviation or spread of doses below this share of the largest dose is rounding.
CONSTANT = 1e-9
COVERAGE = 0.95


@dataclass(frozen=True)
class Split:
    """A form of the dose with one set of coefficients within studies and one between them.

    Parameters
    ----------
    form : str
        Name in :data:`repdose.dose_response.FORMS`.
    dose : str
        Column of the dose.
    columns : Design
        The form's columns at any dose.
    fit : Fit
        With terms ``within``, ``between`` for a form of one column, and ``within1``, ``within2``
        and so on for one of several, as far as the doses differ.
    """

    form: str
    dose: str
    columns: Design
    fit: Fit

    def contrast(self, low: float, high: float, part: str = "within") -> Array:
        """Weights of the coefficients in the form's rise from one dose to another."""
        ends = self.columns.matrix(pd.DataFrame({self.dose: [low, high]}, dtype=float))[:, 1:]
        rise = dict(zip(_names(part, ends.shape[1]), ends[1] - ends[0], strict=True))
        return np.array([rise.get(term, 0.0) for term in self.fit.terms])

    def table(self, contrasts: dict[str, Any], kind: str | None = "CR2") -> pd.DataFrame:
        """Weighted sums of the coefficients with their errors and intervals.

        Parameters
        ----------
        contrasts : dict of str to array_like
            Weights by name.
        kind : {"CR2", "CR1", "CR0"} or None
            Cluster-robust with Satterthwaite's degrees of freedom; None for model-based ones with
            as many as studies less coefficients.

        Returns
        -------
        DataFrame
            By name: estimate, se, df, statistic, p, ci_low, ci_high and note.
        """
        fit, names, rows = self.fit, list(contrasts), np.array(list(contrasts.values()))
        estimate = rows @ fit.fitted.beta
        if kind is None:
            variance = np.einsum("ra,ab,rb->r", rows, fit.covariance.to_numpy(), rows)
            degrees = np.full(len(rows), float(len(fit.labels) - len(fit.terms)))
            return inference.table(names, estimate, np.sqrt(variance), degrees, COVERAGE)
        rotated = rows @ fit.fitted.to_terms
        return inference.robust_table(fit, fit.sandwich(kind), names, estimate, rotated, COVERAGE)

    def without_each(self, contrast: Array) -> pd.DataFrame:
        """A weighted sum of the coefficients without each study in turn.

        Returns
        -------
        DataFrame
            By study: ``estimate``, ``low`` and ``high`` (CR2; NaN where there is no robust error)
            without it, and ``distance``, how far all coefficients move (Cook's, in their
            model-based covariance). A study without which the coefficients cannot be estimated
            has no row.

        Notes
        -----
        Everything is estimated again; knots and means of studies stay those of the full fit.
        """
        fit, first = self.fit, self.fit.problem.codes[:, 0]
        to_terms = fit.fitted.to_terms
        inverse = np.linalg.inv(fit.fitted.gamma_covariance)
        rows, names = [], []
        for code, label in enumerate(fit.labels):
            left = fit.problem.take(np.flatnonzero(first != code))
            if not estimable(left):
                continue
            again = fit_again(left, fit.method, fit.fitted)
            others = np.delete(np.asarray(fit.labels, dtype=object), code)
            rotated = (contrast @ again.to_terms)[None, :]
            variance, df, _ = sandwich(again, "CR2").inference(
                rotated, fit.problem.levels[0], others
            )
            half = inference.quantile(df, COVERAGE) * np.sqrt(variance)
            middle = float(contrast @ again.beta)
            moved = np.linalg.solve(to_terms, fit.fitted.beta - again.beta)
            rows.append([middle, middle - half[0], middle + half[0], moved @ inverse @ moved])
            names.append(label)
        index = pd.Index(names, name=fit.problem.levels[0])
        return pd.DataFrame(rows, columns=["estimate", "low", "high", "distance"], index=index)


def split(
    prepared: Prepared, *, form: str, dose: str, arm: str, start: Estimate | None = None
) -> Split:
    """Fit one form of the dose within studies and between them.

    Parameters
    ----------
    prepared : Prepared
        One row an effect, checked; the outermost of its levels are the studies.
    form : str
        Name in :data:`repdose.dose_response.FORMS`, of columns that the dose alone sets.
    dose, arm : str
        Columns of the dose and of the arm.
    start : Estimate, optional
        A fit of the same effects, where the search begins.

    Returns
    -------
    Split
        The REML fit.

    Raises
    ------
    ValueError
        If the doses do not determine the form.

    Notes
    -----
    With :math:`\\bar f_i` the mean of a column f of the form over the arms of study i,

    .. math:: y = \\beta_0 + \\sum_j \\beta_{wj} \\big(f_j(d) - \\bar f_{ji}\\big)
              + \\sum_j \\beta_{bj} \\bar f_{ji} + \\ldots

    *Valid for*: the coefficients within studies, where arms are allotted by chance. *Not valid
    for*: those between studies as an effect of the dose.

    References
    ----------
    :cite:`enders2007`
    """
    columns, added, made = prepared.once(
        ("split", form, dose, arm), lambda: _apart(prepared, form, dose, arm)
    )
    apart = replace(prepared.assign(**added), made=made)
    (fit,) = fits(apart, f"~ {' + '.join(added)}", ["REML"], start=start)
    return Split(form, dose, columns, fit)


def _apart(
    prepared: Prepared, form: str, dose: str, arm: str
) -> tuple[Design, dict[str, Array], dict[Hashable, Any]]:
    """A form's columns at any dose, those it is split into by term, and what is made of them."""
    data, study = prepared.data, prepared.names[0]
    columns, x = prepared.design(FORMS[form].format(x=dose))
    added: dict[str, Array] = {}
    size = x.shape[1] - 1
    parts: dict[str, list[Any]] = {"within": [], "between": []}
    for j in range(1, size + 1):
        values = pd.Series(x[:, j], index=data.index)
        of_arm = values.groupby([data[study], data[arm]], sort=False).mean()
        mean = data[study].map(of_arm.groupby(level=0, sort=False).mean()).to_numpy(dtype=float)
        parts["within"].append(x[:, j] - mean)
        parts["between"].append(mean)
    # Means of studies only take up what trials beside one another show: one that follows from
    # those before it has nothing to add.
    spanned = np.ones((len(data), 1))
    for part, made in parts.items():
        for j, (name, column) in enumerate(zip(_names(part, size), made, strict=True), start=1):
            if np.ptp(column) <= CONSTANT * float(np.abs(x[:, j]).max()):
                continue
            if part == "between":
                rest = column - spanned @ np.linalg.lstsq(spanned, column, rcond=None)[0]
                if np.linalg.norm(rest) <= COLLINEAR * np.linalg.norm(column):
                    continue
                spanned = np.column_stack([spanned, column])
            added[name] = column
    if not added:
        raise ValueError(f"column {dose!r} is the same in every row: no dose was compared")
    return columns, added, {}


def _names(part: str, size: int) -> list[str]:
    return [part] if size == 1 else [f"{part}{j}" for j in range(1, size + 1)]
