"""Effect sizes of two independent groups."""

from __future__ import annotations

from typing import Any

import numpy as np

from repdose.arguments import Range
from repdose.effect_sizes.common import (
    HUGE,
    MEAN,
    PEOPLE,
    POSITIVE,
    Array,
    Effect,
    between_groups,
    checked_arrays,
    effect_of,
)

COUNT = Range(0, HUGE, "people")
CORRECTION = (
    "the usual continuity correction adds 0.5 to the events and to the others of both groups "
    "(events + 0.5, n + 1); make it yourself, and say so"
)


def hedges_g(
    mean_1: Any,
    sd_1: Any,
    n_1: Any,
    mean_2: Any,
    sd_2: Any,
    n_2: Any,
    *,
    vtype: str = "large-sample",
    at: Any = None,
) -> Effect:
    """Standardised mean difference of two independent groups, bias-corrected (Hedges' g).

    Parameters
    ----------
    mean_1, mean_2 : float or array_like
        Group means [unit of the outcome].
    sd_1, sd_2 : float or array_like
        Group SDs [unit of the outcome], above 0.
    n_1, n_2 : float or array_like
        People in each group, above 2.
    vtype : {"large-sample", "exact"}
        Which sampling variance; see Notes.
    at : float or array_like, optional
        True effect at which the variance is taken; by default each estimate for its own, which
        lets weights follow the outcome.

    Returns
    -------
    Effect
        yi [pooled SD], positive where group 1 is higher, and vi [pooled SD squared].

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    .. math:: y = J(m)\\,(\\bar x_1 - \\bar x_2)/s_p, \\quad m = n_1 + n_2 - 2, \\qquad
        v_{large} = a + \\frac{\\delta^2}{2 (n_1 + n_2)}, \\qquad
        v_{exact} = J(m)^2\\,\\frac{m}{m-2}\\,(a + \\delta^2) - \\delta^2

    with :math:`a = 1/n_1 + 1/n_2` and :math:`\\delta` = `at`, or y.

    *Valid for*: separate groups with like SDs. *Not valid for*: the same people twice, or groups
    of clusters.

    References
    ----------
    :cite:`hedges1981`

    Examples
    --------
    >>> effect = hedges_g(12.0, 2.0, 20, 10.0, 2.5, 20)
    >>> round(effect.yi, 4), round(effect.vi, 4)
    (0.8659, 0.1094)
    """
    m1, s1, k1, m2, s2, k2 = _two_groups(mean_1, sd_1, n_1, mean_2, sd_2, n_2, mean=MEAN)
    return between_groups(m1 - m2, s1, k1, s2, k2, 1 / k1 + 1 / k2, vtype=vtype, at=at)


def log_response_ratio(
    mean_1: Any, sd_1: Any, n_1: Any, mean_2: Any, sd_2: Any, n_2: Any
) -> Effect:
    """Log ratio of the means of two independent groups.

    Parameters
    ----------
    mean_1, mean_2 : float or array_like
        Group means [unit of a ratio scale], above 0.
    sd_1, sd_2 : float or array_like
        Group SDs [the same unit], above 0.
    n_1, n_2 : float or array_like
        People in each group, above 2.

    Returns
    -------
    Effect
        yi [natural log], positive where group 1 is higher, and vi.

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    .. math:: y = \\ln(\\bar x_1/\\bar x_2), \\qquad
        v = \\frac{s_1^2}{n_1 \\bar x_1^2} + \\frac{s_2^2}{n_2 \\bar x_2^2}

    *Valid for*: outcomes with a true zero. *Not valid for*: scores that may be negative, or
    means close to zero against their SD.

    References
    ----------
    :cite:`hedges1999lnrr`

    Examples
    --------
    >>> effect = log_response_ratio(12.0, 2.0, 20, 10.0, 2.5, 20)
    >>> round(effect.yi, 4), round(effect.vi, 6)
    (0.1823, 0.004514)
    """
    m1, s1, k1, m2, s2, k2 = _two_groups(mean_1, sd_1, n_1, mean_2, sd_2, n_2, mean=POSITIVE)
    return effect_of(np.log(m1 / m2), (s1 / m1) ** 2 / k1 + (s2 / m2) ** 2 / k2)


def log_variability_ratio(
    mean_1: Any, sd_1: Any, n_1: Any, mean_2: Any, sd_2: Any, n_2: Any
) -> Effect:
    """Log ratio of the coefficients of variation of two independent groups (lnCVR).

    Parameters
    ----------
    mean_1, mean_2 : float or array_like
        Group means [unit of a ratio scale], above 0.
    sd_1, sd_2 : float or array_like
        Group SDs [the same unit], above 0.
    n_1, n_2 : float or array_like
        People in each group, above 2.

    Returns
    -------
    Effect
        yi [natural log], positive where group 1 varies more for its mean, and vi.

    Raises
    ------
    ValueError
        Naming the argument that is no number, out of range or of another shape.

    Notes
    -----
    .. math:: y = \\ln\\frac{s_1/\\bar x_1}{s_2/\\bar x_2}
        + \\frac{1}{2(n_1-1)} - \\frac{1}{2(n_2-1)}, \\qquad
        v = \\sum_{j=1}^{2} \\frac{s_j^2}{n_j \\bar x_j^2} + \\frac{1}{2(n_j - 1)}

    Mean and SD are taken as uncorrelated, as they are for a normal outcome.

    *Valid for*: separate groups, outcomes with a true zero. *Not valid for*: the same people
    twice; a difference in spread is no proof of individual response.

    References
    ----------
    :cite:`nakagawa2015`

    Examples
    --------
    >>> effect = log_variability_ratio(12.0, 2.0, 20, 10.0, 2.5, 20)
    >>> round(effect.yi, 4), round(effect.vi, 5)
    (-0.4055, 0.05715)
    """
    m1, s1, k1, m2, s2, k2 = _two_groups(mean_1, sd_1, n_1, mean_2, sd_2, n_2, mean=POSITIVE)
    one, two = s1 / m1, s2 / m2
    bias_1, bias_2 = 1 / (2 * (k1 - 1)), 1 / (2 * (k2 - 1))
    yi = np.log(one / two) + bias_1 - bias_2
    return effect_of(yi, one**2 / k1 + bias_1 + two**2 / k2 + bias_2)


def log_risk_ratio(events_1: Any, n_1: Any, events_2: Any, n_2: Any) -> Effect:
    """Log ratio of the risks in two independent groups.

    Parameters
    ----------
    events_1, events_2 : float or array_like
        People with the event, above 0.
    n_1, n_2 : float or array_like
        People in each group, at least as many as had the event.

    Returns
    -------
    Effect
        yi [natural log], positive where group 1 has the higher risk, and vi.

    Raises
    ------
    ValueError
        Naming the argument; no event in a group, or everybody in both, is refused, since the
        ratio then has no value or no variance and adding a half to the cells would be a choice
        made unseen.

    Notes
    -----
    .. math:: y = \\ln\\frac{a_1/n_1}{a_2/n_2}, \\qquad v = 1/a_1 - 1/n_1 + 1/a_2 - 1/n_2

    The example is the first of thirteen trials of BCG vaccine :cite:`colditz1994`.

    *Valid for*: independent people, events in both groups. *Not valid for*: rare events with
    empty cells.

    References
    ----------
    :cite:`viechtbauer2010`

    Examples
    --------
    >>> effect = log_risk_ratio(4, 123, 11, 139)
    >>> round(effect.yi, 6), round(effect.vi, 6)
    (-0.889311, 0.325585)
    """
    a1, k1, a2, k2 = checked_arrays(
        events_1=(events_1, COUNT),
        n_1=(n_1, PEOPLE),
        events_2=(events_2, COUNT),
        n_2=(n_2, PEOPLE),
    )
    for name, events in (("events_1", a1), ("events_2", a2)):
        if (events == 0).any():
            raise ValueError(f"{name} is 0, and the log has no value there: {CORRECTION}")
    for name, events, people in (("events_1", a1, k1), ("events_2", a2, k2)):
        if (events > people).any():
            raise ValueError(f"{name} must be at most the people in its group")
    variance = 1 / a1 - 1 / k1 + 1 / a2 - 1 / k2
    return effect_of(np.log((a1 / k1) / (a2 / k2)), variance, cure=CORRECTION)


def _two_groups(
    mean_1: Any, sd_1: Any, n_1: Any, mean_2: Any, sd_2: Any, n_2: Any, *, mean: Range
) -> list[Array]:
    return checked_arrays(
        mean_1=(mean_1, mean),
        sd_1=(sd_1, POSITIVE),
        n_1=(n_1, PEOPLE),
        mean_2=(mean_2, mean),
        sd_2=(sd_2, POSITIVE),
        n_2=(n_2, PEOPLE),
    )
