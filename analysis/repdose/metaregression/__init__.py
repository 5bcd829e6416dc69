"""Multilevel meta-regression of effects on dose: cost linear in the effects, results without units.

Examples
--------
>>> import pandas as pd
>>> from repdose import metaregression
>>> trials = pd.DataFrame(
...     {
...         "study": ["a", "a", "b", "b", "c", "c", "d", "d"],
...         "arm": range(8),
...         "weekly_sets": [3, 9, 4, 12, 6, 18, 5, 10],
...         "yi": [0.2, 0.35, 0.1, 0.4, 0.3, 0.45, 0.15, 0.4],
...         "vi": [0.02, 0.02, 0.03, 0.03, 0.01, 0.01, 0.04, 0.04],
...     }
... )
>>> fit = metaregression.fit(trials, formula="~ weekly_sets", levels=["study", "arm"])
>>> round(float(fit.coefficients.loc["weekly_sets", "estimate"]), 4)
0.0181
"""

from __future__ import annotations

from repdose.metaregression.dependence import sampling_covariance
from repdose.metaregression.estimation import ConvergenceWarning
from repdose.metaregression.formulas import spline_basis
from repdose.metaregression.model import fit
from repdose.metaregression.results import Fit

__all__ = ["ConvergenceWarning", "Fit", "fit", "sampling_covariance", "spline_basis"]


def __dir__() -> list[str]:
    return sorted(__all__)
