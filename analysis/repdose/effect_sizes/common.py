"""What every effect size shares: the pair it returns, its argument checks, the exact correction."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from repdose.arguments import Floats, Range, checked, choice

Array = NDArray[np.float64]
# Wide on purpose: means come in any unit. The bound only keeps infinities out.
HUGE = 1e12
MEAN = Range(-HUGE, HUGE, "")
POSITIVE = Range(0, HUGE, "", above=True)
# A variance below this share of the squared effect is rounding.
ROUNDING = 1e-14
# How many places a message lists.
LISTED = 5
# The exact correction factor needs 2 degrees of freedom.
PEOPLE = Range(2, HUGE, "people", above=True)
# At 1 a change has no error, so no variance and no weight.
CORRELATION = Range(-1, 1, "", above=True, below=True)
# How the sampling variance of a standardised effect is had from the true effect.
VTYPES = ("large-sample", "exact")


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


def standardised_variance(
    scale: Array, effect: Array, degrees: Array, people: Array, *, vtype: str, at: Any
) -> Array:
    """Sampling variance of a standardised, bias-corrected mean or difference.

    Parameters
    ----------
    scale : ndarray
        Variance of the unstandardised difference, in squares of the standardising SD.
    effect : ndarray
        Estimates.
    degrees : ndarray
        Degrees of freedom of the standardising SD.
    people : ndarray
        People measured, all groups together.
    vtype : {"large-sample", "exact"}
        Which variance.
    at : float, array_like or None
        True effect at which the variance is taken; None takes each estimate for its own.

    Returns
    -------
    ndarray
        [square of the standardising SD]

    Raises
    ------
    ValueError
        If `vtype` is unknown, `at` is no number, or two or fewer degrees of freedom leave the
        exact variance infinite.

    Notes
    -----
    With the true effect :math:`\\delta`, scale :math:`a`, m degrees of freedom and n people,

    .. math:: v_{large} = a + \\frac{\\delta^2}{2n}, \\qquad
        v_{exact} = J(m)^2\\,\\frac{m}{m-2}\\,(a + \\delta^2) - \\delta^2

    The second is the variance of a non-central t variate, scaled: numerator and SD are independent
    where people are normal :cite:`hedges1981,morris2000,morris2008`. With the estimate for
    :math:`\\delta` the variance follows the outcome, and so does every weight made of it.

    *Valid for*: normally distributed outcomes. *Not valid for*: an SD that is not of the people
    whose means are compared.

    References
    ----------
    :cite:`hedges1981`, :cite:`morris2000`, :cite:`morris2008`
    """
    choice("vtype", vtype, VTYPES)
    true = effect if at is None else np.asarray(checked("at", at, MEAN), dtype=np.float64)
    if vtype == "large-sample":
        return np.asarray(scale + true**2 / (2 * people))
    if (np.asarray(degrees) <= 2).any():
        raise ValueError(
            "vtype 'exact' needs more than 2 degrees of freedom: n above 3 in one group, above 4 "
            "in two together; use 'large-sample' or leave those rows out"
        )
    factor = np.asarray(small_sample_factor(degrees))
    return np.asarray(factor**2 * degrees / (degrees - 2) * (scale + true**2) - true**2)


def between_groups(
    difference: Array,
    s1: Array,
    k1: Array,
    s2: Array,
    k2: Array,
    scale: Array,
    *,
    vtype: str,
    at: Any,
) -> Effect:
    """A difference of two groups by the SD pooled of both, corrected for small samples."""
    df = k1 + k2 - 2
    pooled = np.sqrt(((k1 - 1) * s1**2 + (k2 - 1) * s2**2) / df)
    yi = small_sample_factor(df) * difference / pooled
    return effect_of(yi, standardised_variance(scale, yi, df, k1 + k2, vtype=vtype, at=at))


def checked_arrays(**named: tuple[Any, Range]) -> list[Array]:
    """The arguments as float arrays of one shape; columns of one index."""
    _one_index({name: value for name, (value, _) in named.items() if hasattr(value, "index")})
    arrays = {
        name: np.asarray(checked(name, value, allowed), dtype=np.float64)
        for name, (value, allowed) in named.items()
    }
    shapes = {name: array.shape for name, array in arrays.items() if array.ndim}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"arguments differ in shape: {shapes}")
    return list(arrays.values())


def _one_index(columns: dict[str, Any]) -> None:
    """Refuse columns whose rows carry different labels: they would be paired by position."""
    columns = {name: value for name, value in columns.items() if hasattr(value.index, "equals")}
    first = next(iter(columns), "")
    for name, value in columns.items():
        if not value.index.equals(columns[first].index):
            raise ValueError(
                f"{first} and {name} have different indexes: bring them into one table, or give "
                "plain arrays"
            )


def effect_of(yi: Any, vi: Any, *, cure: str = "find the values that differ") -> Effect:
    """Numbers for numbers, arrays for arrays; an effect without sampling error is refused."""
    spread = np.broadcast_to(vi, np.shape(yi))
    none = spread <= ROUNDING * np.maximum(np.abs(yi), 1) ** 2
    if np.any(none):
        where = "" if np.ndim(yi) == 0 else f" at {np.flatnonzero(none).tolist()[:LISTED]}"
        raise ValueError(
            f"the sampling variance would be zero{where}, so that one effect would outweigh all "
            f"others: {cure}"
        )
    if np.ndim(yi) == 0:
        return Effect(float(yi), float(vi))
    return Effect(np.asarray(yi), np.broadcast_to(vi, np.shape(yi)).copy())
