"""The same model on other rows or with one column more."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from repdose.metaregression.estimation import Estimate, at_variance, estimate
from repdose.metaregression.one_level import MOMENT_METHODS, between_variance
from repdose.metaregression.problem import Problem

Array = NDArray[Any]

# A design that keeps less than this share of a column after the columns before it cannot be fitted.
SINGULAR = 1e-9


def fit_again(problem: Problem, method: str, start: Estimate) -> Estimate:
    """Fit by the method of the original, from where it ended; or by its moment estimator."""
    if method in MOMENT_METHODS:
        return at_variance(problem, between_variance(problem.y, problem.v, problem.x, method))
    return estimate(problem, method == "REML", start)


def estimable(problem: Problem) -> bool:
    """Whether the rows determine every coefficient and slope, with studies to spare."""
    if len(np.unique(problem.codes[:, 0])) <= problem.x.shape[1]:
        return False
    if any(np.ptp(values) == 0 for values in problem.slopes.values()):
        return False
    scaled = problem.x / np.maximum(np.linalg.norm(problem.x, axis=0), np.finfo(float).tiny)
    return bool(np.linalg.svd(scaled, compute_uv=False)[-1] > SINGULAR)
