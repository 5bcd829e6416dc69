"""Newton's method on a smooth function of a few parameters, with the curvature it really has."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
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
    """Where the search ended: point, value, whether it converged, in how many steps, and the
    second derivatives there, as far as the search knew them."""

    point: Array
    value: float
    converged: bool
    iterations: int
    curvature: Array


# Asks for values and slopes of a stack of points, and is sent them.
Search = Generator[Array, tuple[Array, Array], Optimum]
# Values (m) and slopes (m, n) at a stack of m points, shape (m, n).
Function = Callable[[Array], tuple[Array, Array]]


def minimum(
    function: Function, start: Array, max_iterations: int, curvature: Array | None = None
) -> Optimum:
    """Minimise `function` from `start`; see :func:`minima`.

    With the `curvature` at the minimum of a similar function a search that begins near its own
    need not ask for it: steps correct it, and where they fall short it is asked for after all.
    """
    return _ended(function, [_search(start, max_iterations, curvature)])[0]


def minima(function: Function, starts: Sequence[Array], max_iterations: int) -> list[Optimum]:
    """Minimise `function` from several starts, side by side, and say where each search ended.

    Newton steps use the absolute values of the eigenvalues of the Hessian, so that a saddle (a
    variance wrongly at zero) is left and not approached, and are halved until the function falls.

    Notes
    -----
    *Valid for* smooth functions of few parameters whose gradient also accepts complex numbers.
    *Not valid for* constrained problems.
    """
    return _ended(function, [_search(start, max_iterations) for start in starts])


def _ended(function: Function, searches: Sequence[Search]) -> list[Optimum]:
    """Run searches to their ends, all that they ask for at once in one call."""
    asked = {i: next(search) for i, search in enumerate(searches)}
    ends: dict[int, Optimum] = {}
    while asked:
        for wanted in (np.isrealobj, np.iscomplexobj):
            group = [i for i, points in asked.items() if wanted(points)]
            if not group:
                continue
            cuts = np.cumsum([len(asked[i]) for i in group])
            values, slopes = function(np.concatenate([asked.pop(i) for i in group]))
            for i, end, start in zip(group, cuts, [0, *cuts], strict=False):
                try:
                    asked[i] = searches[i].send((values[start:end], slopes[start:end]))
                except StopIteration as done:
                    ends[i] = done.value
    return [ends[i] for i in range(len(searches))]


def _hessian(point: Array) -> Generator[Array, tuple[Array, Array], Array]:
    """Second derivatives from an analytic gradient by complex steps, exact to rounding."""
    _, slopes = yield point + 1j * COMPLEX_STEP * np.eye(len(point))
    out = slopes.imag / COMPLEX_STEP
    return np.asarray((out + out.T) / 2)


def _search(start: Array, max_iterations: int, curvature: Array | None = None) -> Search:
    """One search, which asks for what it needs to know of the function."""
    point = start
    values, slopes = yield point[None]
    value, slope = float(values[0]), slopes[0]
    if curvature is None:
        matrix, exact, before = (yield from _hessian(point)), True, np.inf
    else:
        matrix, exact, before = curvature, False, NEAR / SLOW
    last = np.inf
    for iteration in range(1, max_iterations + 1):
        roots, vectors = np.linalg.eigh(matrix)
        largest = np.abs(roots).max()
        along = vectors.T @ slope
        bent = np.maximum(np.abs(roots), max(FLAT * largest, np.finfo(float).tiny))
        step = -vectors @ (along / bent)
        decrement = float(along @ (along / bent))
        if not np.isfinite(decrement):
            return Optimum(point, value, False, iteration, matrix)
        saddle = roots[0] < -SADDLE * largest
        stalled = exact and decrement < NOISE and decrement > SLOW * last
        last = decrement
        if (decrement < DECREMENT or stalled) and not saddle:
            return Optimum(point + step, value, True, iteration, matrix)
        if not exact and decrement > SLOW * before:
            matrix, exact, before = (yield from _hessian(point)), True, np.inf
            continue
        if saddle and decrement < NEAR:
            step = step + np.copysign(ESCAPE, along[0]) * -vectors[:, 0]
        length = min(1.0, REACH / float(np.max(np.abs(step) / (np.abs(point) + 1))))
        for _ in range(HALVINGS):
            trial = point + length * step
            values, slopes = yield trial[None]
            allowed = value - SUFFICIENT * length * decrement + ROUNDING * (1 + abs(value))
            if np.isfinite(values[0]) and values[0] <= allowed:
                break
            length /= 2
        else:
            return Optimum(point, value, False, iteration, matrix)
        change = slopes[0] - slope
        point, value, slope = trial, float(values[0]), slopes[0]
        exact = length < 1 or decrement > NEAR or roots[0] <= 0
        matrix = (yield from _hessian(point)) if exact else _secant(matrix, step, change)
        before = np.inf if exact else decrement
    return Optimum(point, value, False, max_iterations, matrix)


def _secant(matrix: Array, step: Array, change: Array) -> Array:
    """The symmetric rank-one correction that makes `matrix` explain the last change of slope."""
    missed = change - matrix @ step
    along = float(missed @ step)
    if abs(along) <= SKIPPED * float(np.linalg.norm(missed) * np.linalg.norm(step)):
        return matrix
    return np.asarray(matrix + np.outer(missed, missed) / along)
