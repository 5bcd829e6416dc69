"""Tests of small-study effects that respect the clustering of effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.metaregression import inference
from repdose.metaregression.again import estimable, fit_again
from repdose.metaregression.data import Rows, numbers, refuse
from repdose.metaregression.fitted import Fitted
from repdose.metaregression.robust import sandwich

Array = NDArray[Any]

# Variances that rank with the sizes of effects by more than this are said to.
RELATED = 0.2


def small_study_effects(
    fit: Fitted, level: float = 0.95, precision: str | Sequence[str] | None = None
) -> pd.DataFrame:
    """Egger-type slope, PET and PEESE: precision as one more moderator, and CR2 inference.

    Parameters
    ----------
    fit : Fit
        A fit with an intercept.
    level : float
        Coverage of the intervals.
    precision : str or sequence of str, optional
        Column of the number of people behind each effect, or the columns of two groups. The
        sampling variance if not given.

    Returns
    -------
    DataFrame
        Rows "egger" (slope on the standard error; zero without small-study effects), "pet"
        (intercept of that model: the effect at a standard error of zero) and "peese" (intercept
        with the variance as moderator), with the columns of :meth:`Fit.robust` plus se_model.
        Where precision is the sampling variance and that grows with the size of the effect, the
        note says so.

    Raises
    ------
    ValueError
        If the fit has no intercept, there are too few groups, precision does not vary, is
        collinear with the formula, or a number of people is not above zero.

    Notes
    -----
    The variance of a standardised mean change or difference, of a ratio of counts and of a
    correlation holds the effect itself, which alone makes the slope differ from zero
    :cite:`pustejovsky2019`. With `precision`, the moderators are

    .. math:: w = \\sum_j 1/n_j \\quad\\text{(PEESE)}, \\qquad \\sqrt{w}
        \\quad\\text{(Egger, PET)},

    the part of the variance that only sample sizes make. PEESE is preferred to PET where PET
    differs from zero :cite:`stanley2014`.

    *Valid for* a range of precisions. *Not valid for* proof of publication bias: dose and quality
    differ with size too.

    References
    ----------
    :cite:`egger1997,stanley2014,rodgers2021,pustejovsky2019`
    """
    if "Intercept" not in fit.terms:
        raise ValueError(
            f"formula {fit.design.formula!r} has no intercept, the effect that PET and PEESE report"
        )
    problem = fit.problem
    studies = len(fit.labels)
    if problem.x.shape[1] + 1 >= studies:
        raise ValueError(
            f"one more moderator needs more than {problem.x.shape[1] + 1} groups; "
            f"there are {studies}"
        )
    squared, note = _imprecision(fit, precision)
    if np.ptp(squared) == 0:
        raise ValueError("all effects are equally precise, so precision cannot be a moderator")
    intercept = fit.terms.index("Intercept")
    rows: dict[str, dict[Any, Any]] = {}
    for name, extra in (("pet", np.sqrt(squared)), ("peese", squared)):
        augmented = replace(problem, x=np.column_stack([problem.x, extra]))
        if not estimable(augmented):
            raise ValueError(
                f"precision is collinear with {', '.join(fit.terms)}: simplify the formula"
            )
        again = fit_again(augmented, fit.method, fit.fitted)
        if not again.converged:
            raise ValueError(
                f"the {name} model did not converge; leave out a level or a random slope"
            )
        errors = sandwich(again, "CR2")
        terms = [*fit.terms, "egger"]
        table = inference.robust_table(fit, errors, terms, again.beta, again.to_terms, level)
        table["se_model"] = np.sqrt(np.diag(again.covariance))
        rows[name] = table.iloc[intercept].to_dict()
        if name == "pet":
            rows["egger"] = table.iloc[-1].to_dict()
    out = pd.DataFrame([rows["egger"], rows["pet"], rows["peese"]], index=["egger", "pet", "peese"])
    out["note"] = ["; ".join(filter(None, (text, note))) for text in out["note"]]
    return out.rename_axis("test")


def _imprecision(fit: Fitted, precision: str | Sequence[str] | None) -> tuple[Array, str]:
    """Squared imprecision of each effect, and a note where it may hold the effect."""
    problem = fit.problem
    if precision is None:
        from scipy.stats import spearmanr  # loads longer than all the rest

        rank = float(spearmanr(np.abs(problem.y), problem.v).statistic)
        if not rank > RELATED:
            return problem.v, ""
        return problem.v, (
            f"the variance grows with the size of the effect (rank correlation {rank:.2f}): where "
            "its formula holds the effect the slope is arithmetic; name sample sizes by precision="
        )
    columns = [precision] if isinstance(precision, str) else list(precision)
    if not columns:
        raise ValueError("precision names no column")
    rows = Rows(fit.data.index, fit.data[problem.levels[0]])
    squared = np.zeros(len(problem.y))
    for name in columns:
        people = numbers(fit.data, name, "precision", rows)
        advice = "give the number of people behind each effect"
        refuse(name, "is not above zero", people <= 0, fit.data[name], advice, rows)
        squared += 1 / people
    return squared, ""
