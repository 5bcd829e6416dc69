"""Load as a person rates it: session-RPE, its monotony and strain, and weekly change.

There is no acute:chronic workload ratio here. In its coupled form the acute week stands in
both terms, so that it correlates with itself :cite:`lolli2019`, and dividing by a constant or
by random chronic loads "predicts" injury as well :cite:`impellizzeri2021`. The change from one
week to the next says what can be said.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from repdose.arguments import DURATION_MIN, Floats, Range, checked, one_number, whole
from repdose.plans import RPE, SESSIONS_PER_WEEK, WEEKDAYS

__all__ = [
    "even_days",
    "monotony",
    "session_days",
    "session_rpe_load",
    "strain",
    "weekly_change",
]


def __dir__() -> list[str]:
    return sorted(__all__)


LOAD = Range(0, 1e6, "arbitrary units")
AMOUNT = Range(0, 1e12, "in the unit of the weeks")
DAYS_PER_WEEK = 7


def session_rpe_load(rpe: Floats, duration_min: Floats) -> Floats:
    """Session-RPE load: rated effort times minutes.

    Parameters
    ----------
    rpe : float or array
        Effort of the whole session, CR10 scale. [0 to 10]
    duration_min : float or array
        Length of the session; say whether elapsed or working time, both are in use. [min]

    Returns
    -------
    float or array
        Load. [arbitrary units]

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    *Valid for:* one person's sessions among each other. *Not valid for:* comparing people, or
    sessions timed on different bases; in resistance exercise it follows intensity more than
    volume.

    References
    ----------
    :cite:`foster2001`

    Examples
    --------
    >>> session_rpe_load(5.0, 30)
    150.0
    """
    return checked("rpe", rpe, RPE) * checked("duration_min", duration_min, DURATION_MIN)


def monotony(daily_loads: Sequence[float]) -> float:
    """Monotony of a week: mean over standard deviation of its seven daily loads.

    Parameters
    ----------
    daily_loads : sequence of float
        Seven loads, rest days as 0. [arbitrary units]

    Returns
    -------
    float
        Monotony, with the sample standard deviation (n - 1).

    Raises
    ------
    ValueError
        If there are not seven loads, or all are the same: the ratio is not defined then.

    Notes
    -----
    *Valid for:* describing one week. *Not valid for:* predicting injury or illness.

    References
    ----------
    :cite:`foster2001`

    Examples
    --------
    >>> round(monotony([150, 0, 150, 0, 150, 0, 0]), 3)
    0.802
    """
    loads = _week(daily_loads)
    spread = float(np.std(loads, ddof=1))
    if math.isclose(spread, 0.0, abs_tol=1e-12):
        raise ValueError(
            f"monotony is not defined for a week whose seven daily loads are all {loads[0]:g}: "
            "their standard deviation is 0"
        )
    return float(np.mean(loads)) / spread


def strain(daily_loads: Sequence[float]) -> float:
    """Strain of a week: its load times its monotony.

    Parameters
    ----------
    daily_loads : sequence of float
        Seven loads, rest days as 0. [arbitrary units]

    Returns
    -------
    float
        Strain. [arbitrary units]

    Raises
    ------
    ValueError
        As for :func:`monotony`.

    Notes
    -----
    *Valid for, not valid for:* as :func:`monotony`.

    References
    ----------
    :cite:`foster2001`

    Examples
    --------
    >>> round(strain([150, 0, 150, 0, 150, 0, 0]), 1)
    360.8
    """
    return float(_week(daily_loads).sum()) * monotony(daily_loads)


def even_days(sessions: int, load: float) -> list[float]:
    """Daily loads of a week whose sessions lie as evenly as whole days allow.

    Parameters
    ----------
    sessions : int
        Sessions in the week, at least one; more than seven share days.
    load : float
        Load of one session. [arbitrary units]

    Returns
    -------
    list of float
        Seven loads.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> even_days(3, 100.0)
    [100.0, 0.0, 100.0, 0.0, 100.0, 0.0, 0.0]
    """
    whole("sessions", sessions, SESSIONS_PER_WEEK)
    one_number("load", load, LOAD)
    days = [0.0] * DAYS_PER_WEEK
    for session in range(sessions):
        days[session * DAYS_PER_WEEK // sessions] += load
    return days


def session_days(loads: Sequence[float], weekdays: Sequence[str | None]) -> list[float]:
    """Daily loads of a week of sessions that differ.

    Parameters
    ----------
    loads : sequence of float
        Load of each session in order. [arbitrary units]
    weekdays : sequence of str or None
        Day of each; where one is not given they lie as evenly as whole days allow, in order.
        Up to seven sessions have days of their own, and monotony is the same on any.

    Returns
    -------
    list of float
        Seven loads, Monday's first where the weekdays are given.

    Examples
    --------
    >>> session_days([100.0, 200.0], ["tuesday", "friday"])
    [0.0, 100.0, 0.0, 0.0, 200.0, 0.0, 0.0]
    """
    days = [0.0] * DAYS_PER_WEEK
    for place, (load, day) in enumerate(zip(loads, weekdays, strict=True)):
        at = place * DAYS_PER_WEEK // len(loads) if None in weekdays else WEEKDAYS.index(str(day))
        days[at] += load
    return days


def weekly_change(weekly: Sequence[float]) -> list[float | None]:
    """Change of each week from the week before, as a share of it.

    Parameters
    ----------
    weekly : sequence of float
        One amount a week, in order.

    Returns
    -------
    list of float or None
        None where there is nothing to compare with: the first week, and after an empty one.

    Raises
    ------
    ValueError
        If an amount is no number, or negative.

    Examples
    --------
    >>> weekly_change([10, 12, 6])
    [None, 0.2, -0.5]
    """
    amounts = np.asarray(checked("weekly", weekly, AMOUNT), dtype=float).tolist()
    before = [None, *amounts][: len(amounts)]
    return [
        (now - then) / then if then else None for now, then in zip(amounts, before, strict=True)
    ]


def _week(daily_loads: Sequence[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    loads = np.atleast_1d(np.asarray(checked("daily_loads", daily_loads, LOAD), dtype=float))
    if loads.shape != (DAYS_PER_WEEK,):
        raise ValueError(
            f"daily_loads must be seven loads, one a day with rest days as 0; got {loads.size}"
        )
    return loads
