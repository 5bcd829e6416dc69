"""Averages over forms: intervals that hold the doubt about the form."""

from __future__ import annotations

from collections.abc import Sequence
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
    quantile : ndarray
        Half of the confidence interval in standard errors.
    between : ndarray
        Variance of true effects around the mean, all levels together [outcome unit squared].
    degrees : int
        Degrees of freedom of a prediction.
    """

    estimate: Array
    se: Array
    quantile: Array
    between: Array
    degrees: int


def averaged(parts: Sequence[Part], weights: Array) -> tuple[Array, Array, Array]:
    """Weighted mean of the forms, and the ends of its confidence interval.

    Notes
    -----
    Burnham and Anderson's unconditional interval: each form's half-width is widened by how far the
    form lies from the mean :cite:`burnham2002`.
    """
    centre = np.array([part.estimate for part in parts])
    mean = weights @ centre
    quantile = np.array([part.quantile for part in parts])
    halves = quantile * np.array([part.se for part in parts])
    width = weights @ np.sqrt(halves**2 + (quantile * (centre - mean)) ** 2)
    return np.asarray(mean), np.asarray(mean - width), np.asarray(mean + width)


def mixture_quantile(parts: Sequence[Part], weights: Array, share: float) -> Array:
    """The response below which `share` of the forms' mixture of scaled t distributions lies.

    A quantile of the mixture lies between the least and the largest of its parts' quantiles; the
    interval is halved until it is a number.
    """
    centre = np.array([part.estimate for part in parts])
    scale = np.sqrt(np.array([part.se**2 + part.between for part in parts]))
    degrees = np.array([part.degrees for part in parts], dtype=float)[:, None]
    ends = centre + stdtrit(degrees, share) * scale
    low, high = ends.min(axis=0), ends.max(axis=0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        over = weights @ stdtr(degrees, (middle - centre) / scale) > share
        low, high = np.where(over, low, middle), np.where(over, middle, high)
    return np.asarray((low + high) / 2)
