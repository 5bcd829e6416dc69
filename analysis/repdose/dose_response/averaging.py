"""Averages over forms: intervals that hold the doubt about the form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtr, stdtrit

Array = NDArray[np.float64]

# Steps after which a quantile is found to the last digit of a double, were each a halving.
STEPS = 60
# A step below this share of the value, or of the narrowest scale, is rounding.
ROUNDING = 16 * np.finfo(np.float64).eps


@dataclass(frozen=True, slots=True)
class Part:
    """What one form says at each dose.

    Parameters
    ----------
    estimate, se : ndarray
        Mean and its standard error [outcome unit].
    confidence : ndarray
        Degrees of freedom of the standard error.
    between : ndarray
        Variance of true effects around the mean, all levels together [outcome unit squared].
    prediction : int
        Degrees of freedom of a prediction.
    """

    estimate: Array
    se: Array
    confidence: Array
    between: Array
    prediction: int


def mixture_quantile(
    centre: Array, scale: Array, degrees: Array, weights: Array, share: float
) -> Array:
    """The value below which `share` of a mixture of scaled t distributions lies.

    Parameters
    ----------
    centre, scale, degrees : ndarray, forms x doses
        Of each t distribution; a scale of zero is a point, as the null form's difference is.
    weights : ndarray, forms
        Shares of the mixture; they sum to 1.
    share : float
        Between 0 and 1.

    Returns
    -------
    ndarray, doses
        The quantile; a point itself where the mixture leaps over `share` at it.

    Notes
    -----
    A quantile of the mixture lies between the least and the largest of its parts' quantiles. A
    leap either holds it or bounds it; between leaps the mixture is smooth, and Newton's steps are
    taken, or a halving where one would leave the bounds or is no shorter than half the step before
    it. As an end of a confidence interval this is the model-averaged tail area of
    :cite:`turek2012`.
    """
    point = scale == 0
    spread = np.where(point, 1, scale)
    ends = centre + np.where(point, 0, stdtrit(degrees, share) * spread)
    low, high = ends.min(axis=0), ends.max(axis=0)
    smooth = np.where(point, 0, weights[:, None])
    leaps = weights[:, None] - smooth
    for form in np.flatnonzero(point.any(axis=1)):
        at = centre[form]
        held = point[form] & (low <= at) & (at <= high)
        under = (smooth * stdtr(degrees, (at - centre) / spread) + leaps * (centre < at)).sum(
            axis=0
        )
        upto = under + (leaps * (centre == at)).sum(axis=0)
        low = np.where(held & (under <= share), at, low)
        high = np.where(held & (upto > share), at, high)
    wanted = share - (leaps * (centre <= low)).sum(axis=0)
    height = smooth / spread * np.exp(_log_peak(degrees))
    middle, last, done = (low + high) / 2, high - low, low >= high
    narrowest = spread.min(axis=0)
    for _ in range(STEPS):
        t = (middle - centre) / spread
        over = (smooth * stdtr(degrees, t)).sum(axis=0) - wanted
        low, high = np.where(over > 0, low, middle), np.where(over > 0, middle, high)
        slope = (height * _shape(t, degrees)).sum(axis=0)
        with np.errstate(all="ignore"):  # where it is flat there is no step to take
            step = over / slope
        done |= np.abs(step) <= ROUNDING * np.maximum(np.abs(middle), narrowest)
        if done.all():
            break
        ahead = middle - step
        newton = (low <= ahead) & (ahead <= high) & (np.abs(step) <= last / 2)
        ahead = np.where(newton, ahead, (low + high) / 2)
        ahead = np.where(done, middle, ahead)
        last, middle = np.abs(ahead - middle), ahead
    return np.asarray(middle)


def _log_peak(degrees: Array) -> Array:
    """Log density of t at zero; that of the normal for infinite degrees of freedom."""
    finite = np.isfinite(degrees)
    df = np.where(finite, degrees, 1)
    peak = gammaln((df + 1) / 2) - gammaln(df / 2) - np.log(df * np.pi) / 2
    return np.asarray(np.where(finite, peak, -np.log(2 * np.pi) / 2))


def _shape(t: Array, degrees: Array) -> Array:
    """Density of t as a share of that at zero."""
    finite = np.isfinite(degrees)
    df = np.where(finite, degrees, 1)
    tail = np.where(finite, (df + 1) / 2 * np.log1p(t**2 / df), t**2 / 2)
    return np.asarray(np.exp(-tail))
