"""What was fitted: the ground that inference, influence and the tests of a fit stand on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..arguments import choice
from . import robust
from .data import Dropped
from .estimation import Estimate
from .formulas import Design
from .groupings import Groups
from .problem import Problem

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Emax:
    """Saturating term: its column, ED50 [unit of dose], Emax there, and whether both are found."""

    position: int
    ed50: float
    size: float
    steady: bool


@dataclass(frozen=True, eq=False, repr=False)
class Fitted:
    """What inference, influence and tests of a fit build on; all in the units of the data.

    `within` maps a level whose labels restart to the level they were taken within; `data` are the
    rows fitted, and `dropped` says which were left out.
    """

    fitted: Estimate
    problem: Problem
    method: str
    test: str
    design: Design
    slope_designs: dict[str, Design]
    emax: Emax | None
    labels: Array
    within: dict[str, str]
    data: pd.DataFrame
    dropped: Dropped

    # -- what was fitted ------------------------------------------------------------------------

    @property
    def terms(self) -> list[str]:
        """Names of the coefficients."""
        names = list(self.design.terms)
        if self.emax is not None:
            term = names[self.emax.position]
            names.insert(self.emax.position + 1, term.replace("emax(", "ed50(", 1))
        return names

    @property
    def k(self) -> int:
        """Number of effects."""
        return len(self.problem.y)

    @property
    def groups(self) -> Groups:
        """Number of groups at each level, outermost first; says where labels restart."""
        return Groups(self.problem.groups, self.within)

    @property
    def knots(self) -> dict[str, list[float]]:
        """Knots of each spline term [unit of its dose]."""
        return self.design.knots

    @property
    def converged(self) -> bool:
        """Whether the maximum was reached."""
        return self.fitted.converged and (self.emax is None or self.emax.steady)

    @property
    def boundary(self) -> bool:
        """Whether a variance is zero, or a random slope wholly correlated with its intercept."""
        return self.fitted.boundary

    @cached_property
    def sigma2(self) -> pd.Series:
        """Variance of the random intercept of each level, outermost first [unit of vi]."""
        values = {name: float(g[0, 0]) for name, g in self.fitted.random.items()}
        return pd.Series(values, name="sigma2", dtype=float)

    @cached_property
    def random_effects(self) -> dict[str, pd.DataFrame]:
        """Covariance of each level's random effects: intercept, and slope where there is one."""
        out = {}
        for name, g in self.fitted.random.items():
            labels = ["Intercept"]
            if name in self.slope_designs:
                labels.append(self.slope_designs[name].terms[0])
            out[name] = pd.DataFrame(g, index=labels, columns=labels)
        return out

    @cached_property
    def covariance(self) -> pd.DataFrame:
        """Model-based covariance of the coefficients, with Hartung and Knapp's factor if asked."""
        matrix = self.fitted.covariance * self.scale
        return pd.DataFrame(matrix, index=self.terms, columns=self.terms)

    @property
    def scale(self) -> float:
        """Hartung and Knapp's factor :cite:`hartung2001,knapp2003`."""
        if self.test != "hartung-knapp":
            return 1.0
        return self.fitted.residual_ss / (self.k - len(self.terms))

    # -- likelihood -----------------------------------------------------------------------------

    @property
    def loglik(self) -> float:
        """Log-likelihood; under REML with the term ½ log|X'X|."""
        if self.method not in ("REML", "ML"):
            raise ValueError(
                f"method={self.method!r} maximises no likelihood; refit with 'REML' or 'ML'"
            )
        return self.fitted.loglik

    def _parameters(self) -> int:
        if self.method != "ML":
            raise ValueError(
                f"information criteria compare fits under ML only; this one is {self.method}: "
                "refit with method='ML'"
            )
        return len(self.terms) + len(self.fitted.point)

    @property
    def aic(self) -> float:
        """Akaike's criterion under ML."""
        return 2 * self._parameters() - 2 * self.loglik

    @property
    def bic(self) -> float:
        """Schwarz's criterion under ML, with the number of effects as sample size."""
        return float(np.log(self.k)) * self._parameters() - 2 * self.loglik

    @property
    def aicc(self) -> float:
        """Akaike's criterion under ML, corrected for small samples by the number of effects."""
        count = self._parameters()
        if self.k <= count + 1:
            raise ValueError(f"AICc needs more than {count + 1} effects; there are {self.k}")
        return 2 * count * self.k / (self.k - count - 1) - 2 * self.loglik

    # -- inference ------------------------------------------------------------------------------

    @cached_property
    def degrees_of_freedom(self) -> Array:
        """Degrees of freedom of each coefficient; infinite under test="z"."""
        p = len(self.terms)
        if self.test == "z":
            return np.full(p, np.inf)
        tree, x = self.fitted.tree, self.problem.x
        out = np.full(p, float(self.k - p))
        for name, starts in reversed(list(zip(self.problem.levels, tree.bounds, strict=True))):
            columns = x[tree.order]
            same = np.maximum.reduceat(columns, starts) == np.minimum.reduceat(columns, starts)
            inside = same.all(axis=0)
            if name in self.problem.slopes:
                inside |= (columns == self.problem.slopes[name][tree.order][:, None]).all(axis=0)
            out[inside] = len(starts) - p
        return out

    @cached_property
    def _sandwiches(self) -> dict[str, robust.Sandwich]:
        return {}

    def sandwich(self, kind: str) -> robust.Sandwich:
        """Robust covariance of one kind, worked out once."""
        choice("kind", kind, robust.KINDS)
        if kind not in self._sandwiches:
            self._sandwiches[kind] = robust.sandwich(self.fitted, kind)
        return self._sandwiches[kind]
