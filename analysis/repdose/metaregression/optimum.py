"""Newton's method on a smooth function of a few parameters, with the curvature it really has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

# The squared Newton decrement is twice the drop still expected in the function; in units of −2
# log-likelihood its root is the distance to the optimum in standard errors. One full step beyond
# this threshold squares the error.
DECREMENT = 1e-14
# Where variances exceed sampling variances by many powers of ten, rounding ends the descent
# earlier: a decrement below this one (a thousandth of a standard error) that no longer falls is
# the optimum.
NOISE = 1e-6
# Below this share of the largest curvature a direction is flat: a variance at zero, a correlation
# without meaning.
FLAT = 1e-10
# A step may not move a standard deviation by more than this many times its own size plus one unit
# of typical error.
REACH = 2.0
# Complex-step differentiation has no subtraction, so the step may be far below rounding.
COMPLEX_STEP = 1e-30
# Below this squared decrement the curvature is corrected by the last step instead of computed
# again, as long as the decrement keeps falling at least so fast.
NEAR, SLOW = 1.0, 0.1
# A correction with a smaller angle than this is rounding.
SKIPPED = 1e-8
# A curvature more negative than this share of the largest is a saddle and no minimum.
SADDLE = 1e-6
# Near a saddle the slope says nothing: the step away from it, in standard deviations of the median
# sampling error, halved until the function falls.
ESCAPE = 0.5
# A step halved so often has nothing left to gain.
HALVINGS = 60
# Armijo's constant, and the rounding that a sum of many terms carries.
SUFFICIENT, ROUNDING = 1e-4, 1e-13


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the search ended: point, value, whether it converged, and in how many steps."""

    point: Array
    value: float
    converged: bool
    iterations: int


def hessian(gradient: Callable[[Array], Array], point: Array) -> Array:
    """Second derivatives from an analytic gradient by complex steps, exact to rounding."""
    size = len(point)
    out = np.empty((size, size))
    for i in range(size):
        shifted = point.astype(complex)
        shifted[i] += 1j * COMPLEX_STEP
        out[i] = gradient(shifted).imag / COMPLEX_STEP
    return (out + out.T) / 2


def minimum(
    function: Callable[[Array], tuple[float, Array]],
    gradient: Callable[[Array], Array],
    start: Array,
    max_iterations: int,
) -> Optimum:
    """Minimise `function` (value and gradient) from `start`.

    Newton steps use the absolute values of the eigenvalues of the Hessian, so that a saddle (a
    variance wrongly at zero) is left and not approached, and are halved until the function falls.

    Notes
    -----
    *Valid for* smooth functions of few parameters whose gradient also accepts complex numbers.
    *Not valid for* constrained problems.
    """
    point = start
    value, slope = function(point)
    matrix, exact, before = hessian(gradient, point), True, np.inf
    last = np.inf
    for iteration in range(1, max_iterations + 1):
        values, vectors = np.linalg.eigh(matrix)
        largest = np.abs(values).max()
        curvature = np.maximum(np.abs(values), max(FLAT * largest, np.finfo(float).tiny))
        along = vectors.T @ slope
        step = -vectors @ (along / curvature)
        decrement = float(along @ (along / curvature))
        if not np.isfinite(decrement):
            return Optimum(point, value, False, iteration)
        saddle = values[0] < -SADDLE * largest
        stalled = exact and decrement < NOISE and decrement > SLOW * last
        last = decrement
        if (decrement < DECREMENT or stalled) and not saddle:
            return Optimum(point + step, value, True, iteration)
        if not exact and decrement > SLOW * before:
            matrix, exact, before = hessian(gradient, point), True, np.inf
            continue
        if saddle and decrement < NEAR:
            step = step + np.copysign(ESCAPE, along[0]) * -vectors[:, 0]
        length = min(1.0, REACH / float(np.max(np.abs(step) / (np.abs(point) + 1))))
        for _ in range(HALVINGS):
            trial = point + length * step
            trial_value, trial_slope = function(trial)
            allowed = value - SUFFICIENT * length * decrement + ROUNDING * (1 + abs(value))
            if np.isfinite(trial_value) and trial_value <= allowed:
                break
            length /= 2
        else:
            return Optimum(point, value, False, iteration)
        change = trial_slope - slope
        point, value, slope = trial, trial_value, trial_slope
        exact = length < 1 or decrement > NEAR or values[0] <= 0
        matrix = hessian(gradient, point) if exact else _secant(matrix, step, change)
        before = np.inf if exact else decrement
    return Optimum(point, value, False, max_iterations)


def _secant(matrix: Array, step: Array, change: Array) -> Array:
    """The symmetric rank-one correction that makes `matrix` explain the last change of slope."""
    missed = change - matrix @ step
    along = float(missed @ step)
    if abs(along) <= SKIPPED * float(np.linalg.norm(missed) * np.linalg.norm(step)):
        return matrix
    return np.asarray(matrix + np.outer(missed, missed) / along)
