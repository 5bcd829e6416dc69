"""What every effect size shares: the pair it returns, its argument checks, the exact correction."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from analysis.arguments import Floats, Range, checked

Array = NDArray[np.float64]
# Wide on purpose: means come in any unit. The bound only keeps infinities out.
HUGE = 1e12
MEAN = Range(-HUGE, HUGE, "")
POSITIVE = Range(0, HUGE, "", above=True)
# The exact correction factor needs 2 degrees of freedom.
PEOPLE = Range(2, HUGE, "people", above=True)
CORRELATION = Range(-1, 1, "", above=True)


class Effect(NamedTuple):
    """An effect size and its sampling variance, of the shape of the input."""

    yi: Floats
    vi: Floats


def small_sample_factor(df: Floats) -> Floats:
    """Exact factor that removes the small-sample bias of a standardised mean.

    Parameters
    ----------
    df : float or ndarray
        Degrees of freedom of the SD, above 1.

    Returns
    -------
    float or ndarray
        Between 0 and 1.

    Notes
    -----
    .. math:: J(m) = \\frac{\\Gamma(m/2)}{\\sqrt{m/2}\\,\\Gamma((m-1)/2)}

    *Valid for*: normally distributed outcomes. *Not valid for*: one degree of freedom.

    References
    ----------
    :cite:`hedges1981`

    Examples
    --------
    >>> round(float(small_sample_factor(10)), 6)
    0.922746
    """
    m = checked("df", df, Range(1, HUGE, "degrees of freedom", above=True))
    half = np.asarray(m) / 2
    factor = np.exp(gammaln(half) - gammaln(half - 0.5)) / np.sqrt(half)
    return float(factor) if np.ndim(m) == 0 else factor


def checked_arrays(**named: tuple[Any, Range]) -> list[Array]:
    """The arguments as float arrays of one shape."""
    arrays = {
        name: np.asarray(checked(name, value, allowed), dtype=np.float64)
        for name, (value, allowed) in named.items()
    }
    shapes = {name: array.shape for name, array in arrays.items() if array.ndim}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"arguments differ in shape: {shapes}")
    return list(arrays.values())


def effect_of(yi: Any, vi: Any) -> Effect:
    """Numbers for numbers, arrays for arrays."""
    if np.ndim(yi) == 0:
        return Effect(float(yi), float(vi))
    return Effect(np.asarray(yi), np.broadcast_to(vi, np.shape(yi)).copy())
