"""Where a curve turns, and where a limit of it crosses a line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import chdtri, ndtri

Array = NDArray[Any]

# Doses between which a turn or a crossing is looked for: their number on the studied range.
GRID = 2001
# Error of the place of a turn, as a share of the range.
PLACE = 1e-7
# Of them every so many are looked at in each of thousands of curves.
COARSE = 4
# Steps after which an iteration for the lattice's root has come to rest.
STEPS = 60


def lowest(function: Callable[[Array], Array], low: float, high: float) -> tuple[float, bool]:
    """Where a function of an array of doses is lowest between two doses, and whether at an end."""
    doses = np.linspace(low, high, GRID)
    at = int(np.argmin(function(doses)))
    if at in (0, GRID - 1):
        return float(doses[at]), True
    found = minimize_scalar(
        lambda dose: float(function(np.array([dose]))[0]),
        bounds=(doses[at - 1], doses[at + 1]),
        method="bounded",
        options={"xatol": PLACE * (high - low)},
    )
    return float(found.x), False


def lowest_of_many(
    contrasts: Array,
    coefficients: Array,
    covariance: Array,
    scale: Array,
    *,
    df: float,
    count: int,
) -> Array:
    """Places of the lowest value of curves spread evenly over the coefficients' distribution.

    Parameters
    ----------
    contrasts : ndarray, shape (n, p)
        Columns at each dose less those at the first.
    coefficients, covariance : ndarray, shapes (p,) and (p, p)
        Estimate and its covariance.
    scale : ndarray, shape (p,)
        Sizes of the columns: they differ by many powers of ten, and the root is taken of what
        is scaled.
    df : float
        Degrees of freedom of t; infinite for the normal.
    count : int
        How many curves.

    Returns
    -------
    ndarray of int, shape (count,)
        Places among the doses, of which every fourth is looked at.
    """
    p = len(coefficients)
    points = _lattice(count, p + 1)
    off = ndtri(points[:, :p])
    if np.isfinite(df):
        off *= np.sqrt(df / chdtri(df, points[:, p:]))
    root = np.linalg.cholesky(covariance * np.outer(scale, scale))
    many = coefficients + off @ root.T / scale
    return np.asarray(COARSE * np.argmin(many @ contrasts[::COARSE].T, axis=1))


def _lattice(count: int, dimensions: int) -> Array:
    """Points that fill the unit cube evenly, shape (count, dimensions).

    Multiples of irrational steps, powers of the root of x^(d+1) = x + 1: their error falls with
    the count itself, that of random draws with its square root, and they need no seed.
    """
    root = 2.0
    for _ in range(STEPS):
        root = (1 + root) ** (1 / (dimensions + 1))
    steps = root ** -np.arange(1.0, dimensions + 1)
    return np.asarray((0.5 + np.outer(np.arange(1.0, count + 1), steps)) % 1)


def crossings(function: Callable[[Array], Array], low: float, high: float) -> list[float]:
    """Where a function of an array of doses crosses 0 between two doses."""
    doses = np.linspace(low, high, GRID)
    values = function(doses)
    turns = np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)
    return [
        float(brentq(lambda dose: float(function(np.array([dose]))[0]), doses[at], doses[at + 1]))
        for at in turns
    ]
