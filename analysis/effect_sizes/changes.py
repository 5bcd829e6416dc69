"""Effect sizes of one group measured before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.arguments import Range, choice
from analysis.effect_sizes.common import (
    CORRELATION,
    MEAN,
    PEOPLE,
    POSITIVE,
    Array,
    Effect,
    checked_arrays,
    effect_of,
    small_sample_factor,
    standardised_variance,
)

if TYPE_CHECKING:
    import pandas as pd


_ARM_COLUMNS = {
    "smcr": ("mean_pre", "sd_pre", "mean_post", "n"),
    "smcc": ("mean_pre", "sd_pre", "mean_post", "sd_post", "n"),
    "log_response_ratio": ("mean_pre", "sd_pre", "mean_post", "sd_post", "n"),
}


def smcr(
    mean_pre: Any,
    sd_pre: Any,
    mean_post: Any,
    n: Any,
    *,
    r: Any,
    vtype: str = "large-sample",
    at: Any = None,
) -> Effect:
    """Standardised mean change with raw-score standardisation: change over the SD before.

    Parameters
    ----------
    mean_pre, mean_post : float or array_like
        Mean before and after [unit of the outcome].
    sd_pre : float or array_like
        SD before [unit of the outcome], above 0.
    n : float or array_like
        People measured, above 2.
    r : float or array_like
        Correlation of the two measurements, above -1 and below 1. It enters the variance
        alone; where it is assumed, sweep it.
    vtype : {"large-sample", "exact"}
        Which sampling variance; see Notes.
    at : float or array_like, optional
        True effect at which the variance is taken; by default each estimate for its own, which
        lets weights follow the outcome.

    Returns
    -------
    Effect
        yi [SD before] and vi [SD before, squared].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    .. math:: y = J(n-1)\\,(\\bar x_{post} - \\bar x_{pre})/s_{pre}, \\qquad
        v_{large} = \\frac{2 (1 - r)}{n} + \\frac{\\delta^2}{2 n}, \\qquad
        v_{exact} = J(n-1)^2\\,\\frac{2(1-r)}{n}\\,\\frac{n-1}{n-3}
        \\Big(1 + \\frac{n\\delta^2}{2(1-r)}\\Big) - \\delta^2

    with :math:`\\delta` = `at`, or y. The exact one is that of one group in :cite:`morris2008`; at
    8 people the large-sample one is a fifth to a quarter too small.

    *Valid for*: one group measured twice, SDs before comparable between studies. *Not valid
    for*: a difference between groups (subtract two of these, or use :func:`hedges_g`); a change
    that training did not cause is in it too.

    References
    ----------
    :cite:`becker1988`, :cite:`morris2000`, :cite:`morris2008`

    Examples
    --------
    >>> effect = smcr(53.3, 7.8, 54.4, 10, r=0.9)
    >>> round(effect.yi, 4), round(effect.vi, 5)
    (0.1289, 0.02083)
    """
    m1, s1, m2, k, cor = checked_arrays(
        mean_pre=(mean_pre, MEAN),
        sd_pre=(sd_pre, POSITIVE),
        mean_post=(mean_post, MEAN),
        n=(n, PEOPLE),
        r=(r, CORRELATION),
    )
    yi = small_sample_factor(k - 1) * (m2 - m1) / s1
    vi = standardised_variance(2 * (1 - cor) / k, yi, k - 1, k, vtype=vtype, at=at)
    return effect_of(yi, vi)


def smcc(
    mean_pre: Any,
    sd_pre: Any,
    mean_post: Any,
    sd_post: Any,
    n: Any,
    *,
    r: Any,
    vtype: str = "large-sample",
    at: Any = None,
) -> Effect:
    """Standardised mean change with change-score standardisation: change over its own SD.

    Parameters
    ----------
    mean_pre, mean_post : float or array_like
        Mean before and after [unit of the outcome].
    sd_pre, sd_post : float or array_like
        SD before and after [unit of the outcome], above 0.
    n : float or array_like
        People measured, above 2.
    r : float or array_like
        Correlation of the two measurements, above -1 and below 1.
    vtype : {"large-sample", "exact"}
        Which sampling variance; see Notes.
    at : float or array_like, optional
        True effect at which the variance is taken; by default each estimate for its own, which
        lets weights follow the outcome.

    Returns
    -------
    Effect
        yi [SD of the change] and vi [SD of the change, squared].

    Raises
    ------
    ValueError
        Naming the argument that is missing, infinite, out of range or of another shape.

    Notes
    -----
    .. math:: s_d^2 = s_{pre}^2 + s_{post}^2 - 2 r s_{pre} s_{post}, \\qquad
        y = J(n-1)\\,(\\bar x_{post} - \\bar x_{pre})/s_d, \\qquad
        v_{large} = \\frac{1}{n} + \\frac{\\delta^2}{2n}, \\qquad
        v_{exact} = J(n-1)^2\\,\\frac{n-1}{n-3}\\Big(\\frac{1}{n} + \\delta^2\\Big) - \\delta^2

    with :math:`\\delta` = `at`, or y.

    *Valid for*: one group measured twice. *Not valid for*: comparing studies of unlike
    measurement reliability; an assumed r moves the effect itself.

    References
    ----------
    :cite:`morris2000`

    Examples
    --------
    >>> effect = smcc(53.3, 7.8, 54.4, 7.2, 10, r=0.9)
    >>> round(effect.yi, 4), round(effect.vi, 4)
    (0.2953, 0.1044)
    """
    m1, s1, m2, s2, k, cor = _before_after(mean_pre, sd_pre, mean_post, sd_post, n, r, mean=MEAN)
    spread = s1**2 + s2**2 - 2 * cor * s1 * s2
    yi = small_sample_factor(k - 1) * (m2 - m1) / np.sqrt(spread)
    return effect_of(yi, standardised_variance(1 / k, yi, k - 1, k, vtype=vtype, at=at))


def log_response_ratio_paired(
    mean_pre: Any, sd_pre: Any, mean_post: Any, sd_post: Any, n: Any, *, r: Any
) -> Effect:
    """Log ratio of the means after and before, of the same people.

    Parameters
    ----------
    mean_pre, mean_post : float or array_like
        Mean before and after [unit of a ratio scale], above 0.
    sd_pre, sd_post : float or array_like
        SD before and after [the same unit], above 0.
    n : float or array_like
        People measured, above 2.
    r : float or array_like
        Correlation of the two measurements, above -1 and below 1.

    Returns
    -------
    Effect
        yi [natural log; 100 (exp(yi) - 1) is the change in percent] and vi.

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    With the coefficients of variation :math:`c = s/\\bar x`,

    .. math:: y = \\ln(\\bar x_{post}/\\bar x_{pre}), \\qquad
        v = (c_{pre}^2 + c_{post}^2 - 2 r c_{pre} c_{post})/n

    the delta-method variance of :cite:`hedges1999lnrr` with the covariance kept.

    *Valid for*: outcomes with a true zero. *Not valid for*: scores that may be negative.

    References
    ----------
    :cite:`hedges1999lnrr`, :cite:`viechtbauer2010`

    Examples
    --------
    >>> effect = log_response_ratio_paired(53.3, 7.8, 54.4, 7.2, 10, r=0.9)
    >>> round(effect.yi, 5), round(effect.vi, 7)
    (0.02043, 0.0004069)
    """
    m1, s1, m2, s2, k, cor = _before_after(
        mean_pre, sd_pre, mean_post, sd_post, n, r, mean=POSITIVE
    )
    before, after = s1 / m1, s2 / m2
    return effect_of(np.log(m2 / m1), (before**2 + after**2 - 2 * cor * before * after) / k)


def effects(
    data: pd.DataFrame,
    *,
    measure: str = "smcr",
    r: Any,
    vtype: str = "large-sample",
    at: Any = None,
) -> pd.DataFrame:
    """An arm-level table with the effect size of every row.

    Parameters
    ----------
    data : DataFrame
        With columns ``mean_pre``, ``sd_pre``, ``mean_post``, ``n`` and, but for ``smcr``,
        ``sd_post``.
    measure : {"smcr", "smcc", "log_response_ratio"}
        See the functions of these names (the ratio is the paired one).
    r : float or array_like
        Pre-post correlation, one or one a row. No default: trials rarely print it.
    vtype : {"large-sample", "exact"}
        Which sampling variance; see Notes.
    at : float or array_like, optional
        True effect at which the variance is taken; by default each estimate for its own, which
        lets weights follow the outcome. Neither is for
        the log ratio, whose variance holds no effect.

    Returns
    -------
    DataFrame
        A copy with columns ``yi`` and ``vi``.

    Raises
    ------
    ValueError
        If a column is missing, or a value: the message names column and rows; also if a log ratio
        is asked for another variance.

    Examples
    --------
    >>> import evidence as ev
    >>> rows = effects(ev.trials("volume", raw=True).head(2), measure="smcr", r=0.9)
    >>> rows["yi"].round(4).tolist()
    [0.1813, 0.2306]
    """
    columns = _ARM_COLUMNS[choice("measure", measure, _ARM_COLUMNS)]
    absent = [name for name in columns if name not in data.columns]
    if absent:
        raise ValueError(f"data has no column {', '.join(absent)}, which {measure} needs")
    for name in columns:
        empty = data.index[data[name].isna()].tolist()
        if empty:
            raise ValueError(
                f"data column {name} is empty in rows {empty[:10]}; leave them out or use a "
                "measure that does not need it"
            )
    given = {name: data[name].to_numpy() for name in columns}
    if measure == "smcr":
        effect = smcr(**given, r=r, vtype=vtype, at=at)
    elif measure == "smcc":
        effect = smcc(**given, r=r, vtype=vtype, at=at)
    elif at is not None or vtype != "large-sample":
        raise ValueError("the variance of log_response_ratio holds no effect: leave out vtype, at")
    else:
        effect = log_response_ratio_paired(**given, r=r)
    done = data.copy()
    done["yi"], done["vi"] = effect
    return done


def _before_after(
    mean_pre: Any, sd_pre: Any, mean_post: Any, sd_post: Any, n: Any, r: Any, *, mean: Range
) -> list[Array]:
    return checked_arrays(
        mean_pre=(mean_pre, mean),
        sd_pre=(sd_pre, POSITIVE),
        mean_post=(mean_post, mean),
        sd_post=(sd_post, POSITIVE),
        n=(n, PEOPLE),
        r=(r, CORRELATION),
    )
