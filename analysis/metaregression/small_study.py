"""Tests of small-study effects that respect the clustering of effects."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from . import inference
from .again import fit_again
from .fitted import Fitted
from .robust import sandwich


def small_study_effects(fit: Fitted, level: float = 0.95) -> pd.DataFrame:
    """Egger-type slope, PET and PEESE: precision as one more moderator, and CR2 inference.

    Parameters
    ----------
    fit : Fit
        A fit with an intercept.
    level : float
        Coverage of the intervals.

    Returns
    -------
    DataFrame
        Rows "egger" (slope on the standard error; zero without small-study effects), "pet"
        (intercept of that model: the effect at a standard error of zero) and "peese" (intercept
        with the variance as moderator), with the columns of :meth:`Fit.robust` plus se_model.

    Notes
    -----
    The standard error of a standardised mean change grows with the effect itself, which alone
    makes the slope positive :cite:`pustejovsky2019`. PEESE is preferred to PET where PET differs
    from zero :cite:`stanley2014`.

    *Valid for* a range of precisions. *Not valid for* proof of publication bias: dose and quality
    differ with size too.

    References
    ----------
    :cite:`egger1997,stanley2014,rodgers2021`
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
    if np.ptp(problem.v) == 0:
        raise ValueError("all sampling variances are equal, so precision cannot be a moderator")
    intercept = fit.terms.index("Intercept")
    rows: dict[str, dict[Any, Any]] = {}
    for name, extra in (("pet", np.sqrt(problem.v)), ("peese", problem.v)):
        augmented = replace(problem, x=np.column_stack([problem.x, extra]))
        again = fit_again(augmented, fit.method)
        if not again.converged:
            raise ValueError(
                f"the {name} model did not converge; leave out a level or a random slope"
            )
        found = sandwich(again, "CR2")
        terms = [*fit.terms, "egger"]
        table = inference.robust_table(fit, found, terms, again.beta, again.to_terms, level)
        table["se_model"] = np.sqrt(np.diag(again.covariance))
        rows[name] = table.iloc[intercept].to_dict()
        if name == "pet":
            rows["egger"] = table.iloc[-1].to_dict()
    out = pd.DataFrame([rows["egger"], rows["pet"], rows["peese"]], index=["egger", "pet", "peese"])
    return out.rename_axis("test")
