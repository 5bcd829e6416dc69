"""Maximum likelihood, restricted or not, of a nested random-effects meta-regression."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repdose.metaregression.optimum import Optimum, minimum
from repdose.metaregression.problem import Effects, Problem, Tree, starts_of

Array = NDArray[Any]

MAX_ITERATIONS = 100
# In units of the median sampling variance: less than this is zero (a hundred-thousandth of a
# standard error).
ZERO = 1e-10
# A 2 x 2 covariance whose smaller eigenvalue is below this share of the larger is on the boundary
# (correlation ±1).
SINGULAR = 1e-8
# Smallest start of a variance, as a share of the median sampling variance: zero itself would be a
# saddle.
LEAST_START = 0.05
# The same where a search takes over from another, and a variance of zero is likely one again.
NEAR_START = 0.01


class ConvergenceWarning(UserWarning):
    """The likelihood's maximum was not reached; the fit says so in `converged`."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """One fitted problem, in the data's units, and what inference needs besides.

    `curvature` are the second derivatives of the search by `point`, which a search near by may take
    over; `precision_by_cluster` and `score_by_cluster` are X_i'Σ⁻¹X_i and X_i'Σ⁻¹(y − Xβ)_i of the
    outermost groups in the standardised basis, whose change of basis to the data's is `to_terms`
    (β = c R⁻¹ γ).
    """

    tree: Tree
    point: Array
    beta: Array
    covariance: Array
    random: dict[str, Array]
    standardised: list[Array]
    loglik: float
    converged: bool
    boundary: bool
    iterations: int
    curvature: Array
    gamma: Array
    gamma_covariance: Array
    residual_ss: float
    precision_by_cluster: Array
    score_by_cluster: Array
    to_terms: Array

    @property
    def residuals(self) -> Array:
        """Standardised effects minus their fitted mean, in the order and basis of the blocks."""
        columns, p = self.tree.blocks.columns, self.tree.p
        return np.asarray(columns[:, p] - columns[:, :p] @ self.gamma)


class Objective:
    """−2 log-likelihood of a tree, without constants, by the factors of its random effects."""

    def __init__(self, tree: Tree, effects: list[Effects], restricted: bool) -> None:
        self.tree, self.effects, self.restricted = tree, effects, restricted
        sizes = [len(effect.directions) for effect in effects]
        self._cut = np.cumsum([0, *sizes])

    def factors(self, point: Array) -> list[Array]:
        """L of each level, outermost first; of each point, if there are several."""
        return [
            effect.factor(point[..., self._cut[i] : self._cut[i + 1]])
            for i, effect in enumerate(self.effects)
        ]

    def covariances(self, factors: list[Array]) -> tuple[list[Array], Any]:
        """G per level of the blocks, innermost first, and the row variance."""
        none = np.zeros((0, 0))
        own = [factor @ factor.swapaxes(-1, -2) for factor in factors]
        return [own[i] if i >= 0 else none for i in self.tree.effect_of], (
            own[-1][..., 0, 0] if self.tree.row else 0.0
        )

    def value_and_gradient(self, point: Array) -> tuple[Any, Array]:
        """Value and analytic gradient, of one point or of each of a stack; accepts complex ones."""
        p = self.tree.p
        factors = self.factors(point)
        by_block, row = self.covariances(factors)
        passed = self.tree.blocks.up(by_block, row)
        totals = passed.totals
        a = totals[..., :p, :p]
        inverse = np.linalg.inv(a)
        b = (inverse @ totals[..., :p, p, None])[..., 0]
        value = passed.log_determinant + totals[..., p, p] - (totals[..., p, :p] * b).sum(axis=-1)
        omega = np.zeros(totals.shape, dtype=totals.dtype)
        weights = np.concatenate([b, np.full_like(b[..., :1], -1)], axis=-1)
        omega[..., : p + 1, : p + 1] = weights[..., :, None] * weights[..., None, :]
        if self.restricted:
            value = value + np.linalg.slogdet(a)[1]
            omega[..., :p, :p] += inverse
        by_level, by_row = self.tree.blocks.down(passed, omega)
        parts: list[Array] = [np.zeros(0)] * len(self.effects)
        for i, by_g in zip(self.tree.effect_of, by_level, strict=True):
            if i >= 0:
                parts[i] = self.effects[i].chain(by_g, factors[i])
        if self.tree.row:
            parts[-1] = self.effects[-1].chain(by_row[..., None, None], factors[-1])
        return value, np.concatenate(parts, axis=-1)

    def minimise(
        self, start: Array, max_iterations: int = MAX_ITERATIONS, curvature: Array | None = None
    ) -> Optimum:
        """Newton from `start`; a problem without free parameters is at its optimum."""
        if not len(start):
            value, _ = self.value_and_gradient(start)
            return Optimum(start, float(value), True, 0, np.zeros((0, 0)))
        return minimum(self.value_and_gradient, start, max_iterations, curvature)


def moments(tree: Tree) -> Array:
    """Starting point: variances from weighted products of residuals that share a group."""
    total = (tree.y**2 / tree.v).sum() - (tree.k - tree.p)
    tau2 = max(float(total / (1 / tree.v).sum()), LEAST_START)
    weight = 1 / (tree.v + tau2)
    weighted = weight * tree.y
    own, own_weight = weighted @ weighted, weight @ weight
    # variance shared by two rows of one group: the sum over this level and those above it
    shared = []
    for starts in tree.bounds:
        if len(starts) == tree.k:
            excess = (weight**2 * (tree.y**2 - tree.v)).sum() / own_weight
            shared.append(float(excess))
            continue
        pairs = (np.add.reduceat(weight, starts) ** 2).sum() - own_weight
        products = (np.add.reduceat(weighted, starts) ** 2).sum() - own
        shared.append(float(products / pairs))
    start: list[float] = []
    above = 0.0
    for effect, value in zip(tree.effects, shared, strict=True):
        variance = max(value - above, LEAST_START)
        above += variance
        if len(effect.directions) == 1:
            start.append(np.sqrt(variance))
        else:
            start += [np.sqrt(variance), 0.0, np.sqrt(max(variance / 4, LEAST_START))]
    return np.array(start)


def near(found: Estimate, tree: Tree) -> tuple[Array, Array | None]:
    """Starting point: the variances of a fit of much the same rows, none of them at zero.

    And the curvature at its end, if it came to one.
    """
    ratio = found.tree.scale / tree.scale
    start, scaled = [], found.point * ratio
    least, at = math.sqrt(NEAR_START), 0
    for effect in tree.effects:
        own = np.array(scaled[at : at + len(effect.directions)])
        at += len(own)
        if len(own) > 1:
            own[1] = math.copysign(1.0, own[0]) * own[1]  # a column of L has either sign
        own[::2] = np.maximum(np.abs(own[::2]), least)
        start.append(own)
    begun = np.concatenate(start)
    turned = np.where(begun * scaled < 0, -1.0, 1.0) / ratio
    return begun, np.outer(turned, turned) * found.curvature if found.converged else None


def estimate(
    problem: Problem,
    restricted: bool = True,
    start: Estimate | None = None,
    max_iterations: int = MAX_ITERATIONS,
) -> Estimate:
    """Fit by REML (`restricted`) or ML, beginning where a fit of much the same rows ended.

    Notes
    -----
    .. math:: -2\\ell_R = (k-p)\\log 2\\pi - \\log|X'X| + \\log|\\Sigma|
              + \\log|X'\\Sigma^{-1}X| + y'Py

    with β profiled out :cite:`harville1977`. Variances are factored (σ, or a Cholesky factor with
    a slope), so that the search is free of constraints and a variance of zero is an ordinary
    point: there the second derivative by σ is twice the first by σ², so a minimum in σ is a
    minimum on σ² ≥ 0.
    """
    tree = start.tree if start is not None and start.tree.problem is problem else Tree(problem)
    objective = Objective(tree, tree.effects, restricted)
    begun, curvature = (moments(tree), None) if start is None else near(start, tree)
    return finish(objective, objective.minimise(begun, max_iterations, curvature))


def at_variance(problem: Problem, variance: float) -> Estimate:
    """The fit of a one-level problem whose variance is given [unit of vi]."""
    tree = Tree(problem)
    point = np.array([np.sqrt(variance) / tree.scale])
    objective = Objective(tree, tree.effects, restricted=True)
    value, _ = objective.value_and_gradient(point)
    return finish(objective, Optimum(point, float(value), True, 0, np.eye(1)))


def finish(objective: Objective, optimum: Optimum) -> Estimate:
    """Snap vanishing variances to zero, and turn everything back into the data's units."""
    tree, p = objective.tree, objective.tree.p
    factors = objective.factors(optimum.point)
    boundary = False
    for i, factor in enumerate(factors):
        g = factor @ factor.T
        values, vectors = np.linalg.eigh(g)
        if values[-1] <= ZERO:
            factors[i], boundary = np.zeros_like(factor), True
        elif len(g) == 2 and values[0] <= max(ZERO, SINGULAR * values[-1]):
            factors[i] = np.column_stack([vectors[:, 1] * np.sqrt(values[1]), np.zeros(2)])
            boundary = True
    by_block, row = objective.covariances(factors)
    blocks = tree.blocks
    passed = blocks.up(by_block, row)
    inverse = np.linalg.inv(passed.totals[:p, :p])
    gamma = inverse @ passed.totals[:p, p]
    rss = float(passed.totals[p, p] - passed.totals[p, :p] @ gamma)
    minus2 = passed.log_determinant + rss
    degrees = tree.k
    if objective.restricted:
        degrees -= p
        minus2 += np.linalg.slogdet(passed.totals[:p, :p])[1]
        minus2 -= np.linalg.slogdet(tree.x.T @ tree.x)[1]
    minus2 += degrees * np.log(2 * np.pi * tree.scale**2)
    if blocks.levels:
        by_cluster = passed.per_group
        outer = starts_of(tree.problem.codes[tree.order, 0])
        if len(by_cluster) != len(outer):
            raise AssertionError("the outermost grouping is not the outermost level")
    else:
        by_cluster = blocks.row_products(passed.precision)
    precision = by_cluster[:, :p, :p]
    score = by_cluster[:, :p, p] - precision @ gamma
    to_terms = np.linalg.inv(tree.r) * tree.scale
    random = {
        effect.name: tree.scale**2 * effect.basis @ (factor @ factor.T) @ effect.basis.T
        for effect, factor in zip(tree.effects, factors, strict=True)
    }
    return Estimate(
        tree=tree,
        point=optimum.point,
        beta=to_terms @ (tree.offset + gamma),
        covariance=to_terms @ inverse @ to_terms.T,
        random=random,
        standardised=[factor @ factor.T for factor in factors],
        loglik=float(-minus2 / 2),
        converged=optimum.converged,
        boundary=boundary,
        iterations=optimum.iterations,
        curvature=optimum.curvature,
        gamma=gamma,
        gamma_covariance=inverse,
        residual_ss=rss,
        precision_by_cluster=precision,
        score_by_cluster=score,
        to_terms=to_terms,
    )
