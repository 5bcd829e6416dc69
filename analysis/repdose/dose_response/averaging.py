"""Averages over forms: intervals that hold the doubt about the form."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr, stdtrit

Array = NDArray[np.float64]

# Halvings that find a quantile to the last digit of a double.
HALVINGS = 60


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
    A quantile of the mixture lies between the least and the largest of its parts' quantiles; the
    interval is halved until it is a number. As an end of a confidence interval this is the
    model-averaged tail area of :cite:`turek2012`.
    """
    point = scale == 0
    spread = np.where(point, 1, scale)
    ends = centre + np.where(point, 0, stdtrit(degrees, share) * spread)
    low, high = ends.min(axis=0), ends.max(axis=0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        below = np.where(point, middle >= centre, stdtr(degrees, (middle - centre) / spread))
        over = weights @ below > share
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    quantile = (low + high) / 2
    for form in range(len(centre)):
        at_point = point[form] & (low <= centre[form]) & (centre[form] <= high)
        quantile = np.where(at_point, centre[form], quantile)
    return np.asarray(quantile)
