"""How much effects differ beyond sampling error: Q, I² per level, profile-likelihood intervals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc, chdtri

from repdose.metaregression.estimation import Estimate, Objective
from repdose.metaregression.problem import Effects, Problem, Tree

Array = NDArray[Any]

# Precision of a profile limit, as a share of the standard deviation, and how often its bracket is
# doubled.
PROFILE_TOLERANCE, DOUBLINGS = 1e-10, 60
# Where the search begins for the factors not held, and the least upper bracket, both in standard
# deviations of the median sampling error.
START, LEAST_BRACKET = 0.3, 0.1


def sampling_solve(problem: Problem, columns: Array) -> Array:
    """V⁻¹ times columns, for sampling errors correlated within groups."""
    if problem.sampling is not None:
        return problem.sampling.solve(columns)
    root = np.sqrt(problem.v)[:, None]
    scaled = columns / root
    if problem.rho and problem.rho_codes is not None:
        size = np.bincount(problem.rho_codes)
        sums = np.column_stack(
            [np.bincount(problem.rho_codes, weights=column) for column in scaled.T]
        )
        shared = (problem.rho / (1 + (size - 1) * problem.rho))[:, None] * sums
        scaled = (scaled - shared[problem.rho_codes]) / (1 - problem.rho)
    return np.asarray(scaled / root)


def q_test(problem: Problem) -> tuple[float, int, float]:
    """Q = y'Py without random effects, its degrees of freedom, and p."""
    k, p = problem.x.shape
    basis, _ = np.linalg.qr(problem.x / np.sqrt(problem.v)[:, None])
    x = basis * np.sqrt(problem.v)[:, None]
    solved = sampling_solve(problem, np.column_stack([x, problem.y]))
    gamma = np.linalg.solve(x.T @ solved[:, :-1], x.T @ solved[:, -1])
    residual = problem.y - x @ gamma
    q = float(residual @ sampling_solve(problem, residual[:, None])[:, 0])
    return q, k - p, float(chdtrc(k - p, q))


def typical_variance(problem: Problem) -> float:
    """Sampling variance of a typical effect, (k − p) / tr P [unit of vi] :cite:`higgins2002`."""
    k, p = problem.x.shape
    inverse_diagonal = 1 / problem.v
    if problem.sampling is not None:
        inverse_diagonal = problem.sampling.inverse_diagonal
    elif problem.rho and problem.rho_codes is not None:
        size = np.bincount(problem.rho_codes)[problem.rho_codes]
        inverse_diagonal = inverse_diagonal * (1 - problem.rho / (1 + (size - 1) * problem.rho))
        inverse_diagonal = inverse_diagonal / (1 - problem.rho)
    basis, _ = np.linalg.qr(problem.x / np.sqrt(problem.v)[:, None])
    x = basis * np.sqrt(problem.v)[:, None]
    solved = sampling_solve(problem, x)
    lost = np.trace(np.linalg.solve(x.T @ solved, solved.T @ solved))
    return float((k - p) / (inverse_diagonal.sum() - lost))


def i_squared(problem: Problem, fitted: Estimate) -> pd.Series:
    """I² of each level and in total [share of the variance of a typical effect, 0 to 1].

    Notes
    -----
    I²_l = σ²_l / (Σσ² + s²), where s² is the typical sampling variance (k − p) / tr P
    :cite:`higgins2002,nakagawa2012,jackson2012`. With a random slope σ²_l is the mean of z'Gz
    over the effects.
    """
    ones = np.ones(len(problem.y))
    parts = {}
    for name, g in fitted.random.items():
        slope = problem.slopes.get(name)
        z = np.column_stack([ones] if slope is None else [ones, slope])
        parts[name] = float(np.einsum("ka,ab,kb->k", z, g, z).mean())
    total = sum(parts.values()) + typical_variance(problem)
    shares = {name: value / total for name, value in parts.items()}
    return pd.Series({**shares, "total": sum(shares.values())}, name="i2")


def profile_intervals(fitted: Estimate, restricted: bool, level: float) -> pd.DataFrame:
    """Profile-likelihood interval of every variance.

    Returns
    -------
    DataFrame
        Indexed by level and term: variance, ci_low, ci_high [unit of vi].

    Notes
    -----
    The limits are where twice the log-likelihood, maximised over everything else, has fallen by
    the χ²₁ quantile.

    *Valid for* REML and ML. A lower limit of zero means that the likelihood at zero has not
    fallen so far.
    """
    fall = float(chdtri(1, 1 - level))
    rows = {}
    problem = fitted.tree.problem
    for position, name in enumerate(problem.levels):
        sloped = name in problem.slopes
        tree = Tree(problem, raw=name if sloped else None)
        for term in range(2 if sloped else 1):
            deviance = _profile(tree, position, term, restricted)
            unit = tree.scale * tree.effects[position].basis[term, term]
            estimate = float(fitted.random[name][term, term])
            at = np.sqrt(estimate) / unit
            limits = [limit**2 * unit**2 for limit in _limits(deviance, at, fall)]
            label = "Intercept" if term == 0 else "slope"
            rows[(name, label)] = {"variance": estimate, "ci_low": limits[0], "ci_high": limits[1]}
    out = pd.DataFrame.from_dict(rows, orient="index")
    out.index = pd.MultiIndex.from_tuples(list(rows), names=["level", "term"])
    return out


def _profile(tree: Tree, position: int, term: int, restricted: bool) -> Callable[[float], float]:
    """−2 log-likelihood with one standard deviation held, as a function of it."""
    free = tree.effects[position]
    size = len(free.constant)
    held = np.zeros((size, size))
    held[term, 0] = 1.0
    directions = np.zeros((size * (size - 1), size, size))
    for column in range(len(directions)):
        directions[column, 1 - term, column] = 1.0

    def deviance(sd: float) -> float:
        effects: list[Effects] = list(tree.effects)
        effects[position] = replace(free, constant=held * sd, directions=directions)
        objective = Objective(tree, effects, restricted)
        start = np.full(sum(len(effect.directions) for effect in effects), START)
        optimum = objective.minimise(start)
        if not optimum.converged:
            raise ValueError(
                f"the profile of {free.name!r} did not converge at a variance of "
                f"{(sd * tree.scale) ** 2:g}; leave out a level or a random slope"
            )
        return optimum.value

    return deviance


def _limits(deviance: Callable[[float], float], at: float, fall: float) -> tuple[float, float]:
    """Standard deviations on either side of the minimum where the deviance is up by `fall`."""
    from scipy.optimize import brentq  # loads long, and most fits are not asked for a profile

    lowest = deviance(at)

    def above(sd: float) -> float:
        return deviance(sd) - lowest - fall

    low = 0.0
    if at > 0 and above(0.0) > 0:
        low = float(brentq(above, 0.0, at, xtol=PROFILE_TOLERANCE))
    high = max(2 * at, LEAST_BRACKET)
    for _ in range(DOUBLINGS):
        if above(high) > 0:
            return low, float(brentq(above, at, high, xtol=PROFILE_TOLERANCE))
        high *= 2
    raise ValueError("the likelihood does not fall for large variances: too few groups")
