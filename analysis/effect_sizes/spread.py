"""The SD of measurements from what a paper prints in its place."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.special import stdtrit

from analysis.arguments import Floats, Range
from analysis.effect_sizes.common import MEAN, PEOPLE, POSITIVE, checked_arrays

# What a paper prints is a 95 % interval.
LEVEL = 0.95
CORRELATION = Range(-1, 0.9999, "", above=True)


def sd_from_se(se: Any, n: Any) -> Floats:
    """SD of measurements from the standard error of their mean.

    Parameters
    ----------
    se : float or array_like
        Standard error of the mean [unit of the outcome], above 0.
    n : float or array_like
        People measured, above 2.

    Returns
    -------
    float or ndarray
        SD [unit of the outcome].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    .. math:: s = SE\\,\\sqrt{n}

    *Valid for*: the error of one group's mean, or of its mean change. *Not valid for*: the
    error of a difference between groups, or one that a model has adjusted.

    References
    ----------
    :cite:`higgins2023`, section 6.5.2

    Examples
    --------
    >>> sd_from_se(1.5, 16)
    6.0
    """
    error, k = checked_arrays(se=(se, POSITIVE), n=(n, PEOPLE))
    return _as_given(error * np.sqrt(k))


def sd_from_interval(low: Any, high: Any, n: Any) -> Floats:
    """SD of measurements from the 95 % confidence interval of their mean.

    Parameters
    ----------
    low, high : float or array_like
        Ends of the interval [unit of the outcome], the first below the second.
    n : float or array_like
        People measured, above 2.

    Returns
    -------
    float or ndarray
        SD [unit of the outcome].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    .. math:: s = \\sqrt{n}\\,\\frac{high - low}{2\\,t_{0.975,\\,n-1}}

    The quantile is Student's, as the interval of a small group's mean is made with.

    *Valid for*: one group's mean, or its mean change. *Not valid for*: an interval made with
    1.96, as some papers do for small groups: the SD then comes out a little too small.

    References
    ----------
    :cite:`higgins2023`, section 6.5.2

    Examples
    --------
    >>> round(sd_from_interval(27.87, 32.13, 16), 3)
    3.997
    """
    bottom, top, k = checked_arrays(low=(low, MEAN), high=(high, MEAN), n=(n, PEOPLE))
    if (bottom >= top).any():
        raise ValueError("low must be below high: the interval has no width")
    half = (top - bottom) / 2
    return _as_given(np.sqrt(k) * half / stdtrit(k - 1, (1 + LEVEL) / 2))


def sd_from_t(change: Any, t: Any, n: Any) -> Floats:
    """SD of the change from the paired t statistic of its mean.

    Parameters
    ----------
    change : float or array_like
        Mean change [unit of the outcome], not 0.
    t : float or array_like
        Paired t statistic, of the same sign.
    n : float or array_like
        People measured, above 2.

    Returns
    -------
    float or ndarray
        SD of the change [unit of the outcome].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape; also if the two
        differ in sign or are 0.

    Notes
    -----
    .. math:: s_d = \\sqrt{n}\\,\\frac{\\bar d}{t}

    *Valid for*: one group measured twice. *Not valid for*: the t of a difference between groups.

    References
    ----------
    :cite:`higgins2023`, section 6.5.2

    Examples
    --------
    >>> sd_from_t(1.5, 3.0, 16)
    2.0
    """
    mean, statistic, k = checked_arrays(change=(change, MEAN), t=(t, MEAN), n=(n, PEOPLE))
    if (mean * statistic <= 0).any():
        raise ValueError("t must have the sign of the change, and neither may be 0")
    return _as_given(np.sqrt(k) * mean / statistic)


def sd_before_from_change(sd_change: Any, *, r: Any) -> Floats:
    """SD before from the SD of the change, taking the SD after to be the same.

    Parameters
    ----------
    sd_change : float or array_like
        SD of the change [unit of the outcome], above 0.
    r : float or array_like
        Correlation of the two measurements, above -1 and below 1; where it is assumed, it moves
        the effect itself: sweep it.

    Returns
    -------
    float or ndarray
        SD before [unit of the outcome].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    :math:`s_d^2 = s_{pre}^2 + s_{post}^2 - 2 r s_{pre} s_{post}` with :math:`s_{post} = s_{pre}`:

    .. math:: s_{pre} = \\frac{s_d}{\\sqrt{2 (1 - r)}}

    *Valid for*: training that moves the mean and leaves the spread. *Not valid for*: a change of
    spread, or r near 1, where a small error of r is a large one of the SD.

    References
    ----------
    :cite:`higgins2023`, section 6.5.2

    Examples
    --------
    >>> sd_before_from_change(2.0, r=0.875)
    4.0
    """
    spread, cor = checked_arrays(sd_change=(sd_change, POSITIVE), r=(r, CORRELATION))
    return _as_given(spread / np.sqrt(2 * (1 - cor)))


def _as_given(values: Any) -> Floats:
    """A number for numbers, an array for arrays."""
    return float(values) if np.ndim(values) == 0 else np.asarray(values)
