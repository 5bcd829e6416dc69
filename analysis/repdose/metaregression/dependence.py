"""The covariance of sampling errors that a table of effects implies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.arguments import Range, checked
from repdose.metaregression.data import Rows, listed, numbers, plain, refuse
from repdose.metaregression.groupings import codes

Array = NDArray[Any]

CORRELATION = Range(0, 0.999999, "(a correlation below 1)")
# What the column of allocation says of arms that are limbs of the same people.
WITHIN = "within"


def sampling_covariance(
    data: pd.DataFrame,
    *,
    variance: str = "vi",
    cluster: str = "study",
    people: str | None = None,
    outcome: str | None = None,
    r: float | None = None,
    time: str | None = None,
    r_time: float | None = None,
    allocation: str | None = None,
    r_limbs: float | None = None,
    control: str | None = None,
    n: str = "n",
    n_control: str = "n_control",
    effect: str | None = None,
) -> dict[Any, pd.DataFrame]:
    """Blocks of the sampling covariance, from who was measured, in what, when and against whom.

    Parameters
    ----------
    data : DataFrame
        One row per effect, with a unique index.
    variance, cluster : str
        Columns of the sampling variances [square of the effect's unit] and of the independent
        groups.
    people : str, optional
        Column of the people (the arm) behind each effect, its labels taken within the cluster;
        each row has its own people if not given.
    outcome : str, optional
        Column of what was measured. Each row of the same people is an outcome of its own if not
        given.
    r : float, optional
        Correlation of the errors of two outcomes of the same people, 0 to below 1. Needed where
        people were measured in several.
    time : str, optional
        Column of when it was measured.
    r_time : float, optional
        Correlation of the errors of one outcome at two times, 0 to below 1. Where all measurements
        correlate alike, changes from one baseline correlate by one half.
    allocation : str, optional
        Column that says "within" where the arms of a cluster are limbs of the same people.
    r_limbs : float, optional
        Correlation of the errors of two limbs, 0 to below 1. Needed where there are any.
    control : str, optional
        Column of the control group that each effect is a difference from, its labels taken within
        the cluster.
    n, n_control : str
        Columns of the people in the effect's own group and in its control group, with `control`.
    effect : str, optional
        Column of standardised mean differences; give it if their variances hold the effect too.

    Returns
    -------
    dict of label to DataFrame
        By cluster, the covariance of its rows labelled by the index of the data, for ``V=`` of
        :func:`repdose.metaregression.fit`. Independent clusters need no more.

    Raises
    ------
    ValueError
        If a column is missing or no number, a correlation that is needed is not given or not
        below 1, two rows are of the same people, outcome and time, or the block of a cluster is
        not positive definite.

    Notes
    -----
    With people p, outcome o and time t, the covariance of rows i and j of a cluster is

    .. math:: \\sqrt{v_i v_j}\\; \\kappa_{p_i p_j}\\; r^{[o_i \\ne o_j]}\\;
              r_{time}^{[t_i \\ne t_j]}

    where κ is 1 for the same people, `r_limbs` for their limbs, zero for other people, and for
    two groups that share a control group of n_c people the correlation of their differences

    .. math:: \\kappa_{ij} = \\frac{1/n_c + d_i d_j / 2N}
              {\\sqrt{(1/n_i + 1/n_c + d_i^2/2N)(1/n_j + 1/n_c + d_j^2/2N)}}

    with N people in all groups of that control, and d = 0 without `effect`
    :cite:`gleser1994,becker1988`. With ``people`` and ``r`` alone this is what `rho` and
    `rho_within` of the fit say.

    *Valid for* outcomes and times that correlate alike in all pairs. *Not valid for* clusters that
    share people; correlations are assumed, so sweep them.

    References
    ----------
    :cite:`gleser1994,becker1988,pustejovsky2022`

    Examples
    --------
    >>> import pandas as pd
    >>> rows = pd.DataFrame({"study": ["a"] * 2, "vi": [0.2, 0.2], "n": 10, "n_control": 10})
    >>> blocks = sampling_covariance(rows.assign(against="none"), control="against")
    >>> blocks["a"].round(3).to_numpy().tolist()
    [[0.2, 0.1], [0.1, 0.2]]
    """
    if not data.index.is_unique:
        raise ValueError("data: index labels occur twice, so blocks cannot be matched by them")
    groups = codes(data, cluster, "cluster")
    rows = Rows(data.index, data[cluster])
    v = numbers(data, variance, "variance", rows)
    refuse(variance, "is not positive", v <= 0, data[variance], "correct or drop those rows", rows)
    who = np.arange(len(data)) if people is None else codes(data, people, "people")
    what = None if outcome is None else codes(data, outcome, "outcome")
    when = None if time is None else codes(data, time, "time")
    limbs = _limbs(data, allocation)
    against = None if control is None else codes(data, control, "control")
    d = np.zeros(len(v)) if effect is None else numbers(data, effect, "effect", rows)
    sizes = {} if control is None else {name: _people(data, name, rows) for name in (n, n_control)}
    order = np.argsort(groups, kind="stable")
    labels = data[cluster].tolist()
    blocks = {}
    for at in np.split(order, np.cumsum(np.bincount(groups))[:-1]):
        label = plain(labels[at[0]])
        words = f"{cluster} {label!r}"
        same = _equal(who[at])
        kappa = same.astype(float)
        if limbs[at].any():
            if not limbs[at].all():
                raise ValueError(f"{words}: {allocation!r} differs between its rows")
            if not same.all():
                kappa[~same] = _needed("r_limbs", r_limbs, f"{words} has limbs of the same people")
        elif against is not None:
            shared = _equal(against[at]) & ~same
            share = _share(who[at], against[at], sizes[n][at], sizes[n_control][at], d[at], words)
            kappa[shared] = share[shared]
        single = same.sum(axis=1).max() == 1
        if what is None and when is None and not single and (kappa[~same] > 0).any():
            raise ValueError(
                f"{words}: people with several effects are related to other people, so outcome= "
                "must say which effects are of the same outcome"
            )
        alike = np.ones_like(same) if single and what is None else np.eye(len(at), dtype=bool)
        if what is not None:
            alike = _equal(what[at])
        elif when is not None and not single:
            alike = np.ones_like(same)
        once = np.ones_like(same) if when is None else _equal(when[at])
        related = kappa > 0
        if (related & ~alike).any():
            kappa[~alike] *= _needed("r", r, f"{words} has several outcomes of related people")
        if (related & ~once).any():
            kappa[~once] *= _needed("r_time", r_time, f"{words} was measured at several times")
        twice = np.triu(same & alike & once, 1)
        if twice.any():
            pair = listed(data.index[at[np.argwhere(twice)[0]]])
            raise ValueError(
                f"{words}: rows {pair} are the same people, outcome and time; name a column that "
                "tells them apart, or drop one"
            )
        if np.linalg.eigvalsh(kappa)[0] <= 0:
            raise ValueError(f"{words}: these correlations are not possible together")
        root = np.sqrt(v[at])
        ids = data.index[at]
        blocks[label] = pd.DataFrame(kappa * np.outer(root, root), index=ids, columns=ids)
    return blocks


def _equal(labels: Array) -> Array:
    """Which pairs of rows have the same label."""
    return np.asarray(labels[:, None] == labels)


def _needed(name: str, value: float | None, why: str) -> float:
    """A correlation that the table calls for."""
    if value is None:
        raise ValueError(f"{why}: give the correlation {name}=")
    return float(checked(name, value, CORRELATION))


def _limbs(data: pd.DataFrame, allocation: str | None) -> Array:
    """Which rows are of limbs of the same people."""
    if allocation is None:
        return np.zeros(len(data), dtype=bool)
    codes(data, allocation, "allocation")
    return np.asarray(data[allocation] == WITHIN, dtype=bool)


def _people(data: pd.DataFrame, name: str, rows: Rows) -> Array:
    people = numbers(data, name, name, rows)
    refuse(name, "is not above zero", people <= 0, data[name], "give the number of people", rows)
    return people


def _share(who: Array, against: Array, n: Array, n_control: Array, d: Array, words: str) -> Array:
    """Correlations of differences from one control group."""
    total = np.empty(len(n))
    for group in np.unique(against):
        inside = against == group
        if np.ptp(n_control[inside]):
            raise ValueError(
                f"{words}: one control group with different sizes "
                f"({listed(np.unique(n_control[inside]))})"
            )
        arms = pd.Series(n[inside]).groupby(who[inside]).max()
        total[inside] = n_control[inside][0] + arms.sum()
    covariance = 1 / n_control + np.outer(d, d) / (2 * total)
    own = 1 / n + 1 / n_control + d**2 / (2 * total)
    return np.asarray(covariance / np.sqrt(np.outer(own, own)))
