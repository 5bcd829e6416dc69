"""Covariance of log ratios that share a reference category, from what a paper prints.

Every ratio of a study is against the same people, so their errors are correlated; papers print
variances alone. Each function rebuilds the covariance from counts that fit the printed numbers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, root

Array = NDArray[Any]

# How a ratio was estimated, and what `total` holds: odds ratios of controls and cases (subjects),
# cumulative incidence (subjects), incidence rates (person-years).
DESIGNS = ("case-control", "cumulative-incidence", "incidence-rate")
# The search for the odds at the reference: log odds this far from the crude ones hold any table.
WIDEST_LOG_ODDS = 700.0
# Starting points of Hamling's reference counts, as multiples of the least it may be, and the
# relative error at which its two equations count as solved.
STARTS = np.geomspace(1.0001, 1e6, 40)  # above the least, to no limit that data reach
SOLVED = 1e-10
# Where counts would be negative the equations are this far off, so that no search ends there.
FAR = 1e3
# Error of the log odds at which their search ends: rounding.
ODDS_TOLERANCE = 1e-14


class Margins(ValueError):
    """Cases and totals that no table of counts has together with the printed ratios."""


def expected_cases(log_ratio: Array, cases: float, total: Array, design: str) -> Array:
    """Cases by category that fit the adjusted ratios and the total of cases.

    Parameters
    ----------
    log_ratio : ndarray, shape (m,)
        Natural log of the ratios, 0 for the reference [1].
    cases : float
        All cases of the study [persons].
    total : ndarray, shape (m,)
        Subjects or person-years by category [persons or person-years].
    design : {"case-control", "cumulative-incidence", "incidence-rate"}
        What the ratios are.

    Returns
    -------
    ndarray, shape (m,)
        Expected cases; they sum to `cases` [persons].

    Raises
    ------
    ValueError
        If no table of counts has these margins.

    Notes
    -----
    For rates and risks :math:`A_x = M e^{L_x} N_x / \\sum_j e^{L_j} N_j`; for odds ratios the one
    :math:`t` with :math:`\\sum_x N_x t e^{L_x}/(1 + t e^{L_x}) = M`, whose left side is monotone.

    References
    ----------
    :cite:`greenland1992`
    """
    if design != "case-control":
        weight = np.exp(log_ratio) * total
        return np.asarray(cases * weight / weight.sum())
    if not 0 < cases < total.sum():
        raise Margins(
            f"{cases:g} cases of {total.sum():g} subjects in all: of so many subjects the cases "
            f"must be above 0 and below {total.sum():g}"
        )

    def missing(log_odds: float) -> float:
        return float((total / (1 + np.exp(-(log_odds + log_ratio)))).sum() - cases)

    log_odds = brentq(missing, -WIDEST_LOG_ODDS, WIDEST_LOG_ODDS, xtol=ODDS_TOLERANCE)
    return np.asarray(total / (1 + np.exp(-(log_odds + log_ratio))))


def greenland1992(
    log_ratio: Array,
    variance: Array,
    cases: float | None,
    total: Array,
    design: str,
    reference: int,
    *,
    binomial: bool = False,
) -> Array:
    """Covariance of a study's log ratios by Greenland and Longnecker.

    Parameters
    ----------
    log_ratio : ndarray, shape (m,)
        Natural log of the adjusted ratios, 0 for the reference [1].
    variance : ndarray, shape (m,)
        Their printed variances; that of the reference is not read [1].
    cases : float or None
        All cases of the study [persons]; rates and risks do not need it.
    total : ndarray, shape (m,)
        Subjects or person-years by category.
    design : {"case-control", "cumulative-incidence", "incidence-rate"}
        What the ratios are.
    reference : int
        Row of the reference.
    binomial : bool
        Whether risks have the variance of a share, u = 1/A − 1/N, in place of 1/A. Both are in
        use; this one needs the cases.

    Returns
    -------
    ndarray, shape (m - 1, m - 1)
        Covariance of the other rows, in their order [1].

    Raises
    ------
    Margins
        If no table of counts has these cases and totals.

    Notes
    -----
    .. math:: \\mathrm{Cov}(L_x, L_z) = \\frac{u_0}{\\sqrt{s_x s_z}} \\sqrt{v_x v_z},\\quad
              s_x = u_0 + u_x,\\quad u_x = 1/A_x + 1/B_x \\text{ or } 1/A_x

    with expected cases A and controls B. Where u = 1/A the total of cases cancels.

    References
    ----------
    :cite:`greenland1992`

    Examples
    --------
    >>> greenland1992(np.log([1, 2]), np.array([np.nan, 0.04]), None, np.array([50, 50.0]),
    ...               "incidence-rate", 0).round(6).tolist()
    [[0.04]]
    """
    fitted = expected_cases(log_ratio, 1.0 if cases is None else cases, total, design)
    u = 1 / fitted
    if design == "case-control":
        u = u + 1 / (total - fitted)
    elif binomial and design == "cumulative-incidence":
        if (fitted >= total).any():
            at = int(np.argmax(fitted / total))
            raise Margins(
                f"with these ratios {fitted.sum():g} cases in all ask for {fitted[at]:.4g} of the "
                f"{total[at]:g} subjects of row {at + 1} of the study: the cases must be below "
                f"{fitted.sum() * (total / fitted).min():.4g} in all"
            )
        u = u - 1 / total
    others = np.arange(len(u)) != reference
    spread = np.sqrt(u[reference] + u[others])
    correlation = u[reference] / np.outer(spread, spread)
    np.fill_diagonal(correlation, 1.0)
    error = np.sqrt(variance[others])
    return np.asarray(correlation * np.outer(error, error))


def hamling2008(
    log_ratio: Array, variance: Array, cases: Array, total: Array, design: str, reference: int
) -> Array:
    """Covariance of a study's log ratios by Hamling and colleagues.

    Effective counts reproduce every ratio and variance and two ratios of the printed table: the
    reference's share of those without the outcome, and these over the cases.

    Parameters
    ----------
    log_ratio, variance : ndarray, shape (m,)
        As for :func:`greenland1992` [1].
    cases, total : ndarray, shape (m,)
        Cases, and subjects or person-years, by category.
    design : {"case-control", "cumulative-incidence", "incidence-rate"}
        What the ratios are; each design has its own variance, 1/A + 1/B, 1/A - 1/N and 1/A.
    reference : int
        Row of the reference.

    Returns
    -------
    ndarray, shape (m - 1, m - 1)
        Covariance of the other rows, in their order [1].

    Raises
    ------
    Margins
        If no positive counts reproduce the table.

    References
    ----------
    :cite:`hamling2008`
    """
    others = np.arange(len(total)) != reference
    ratio, var = np.exp(log_ratio[others]), variance[others]
    rest = total - cases if design == "case-control" else total
    if (cases <= 0).any() or (rest <= 0).any():
        raise Margins("hamling2008 needs cases, and subjects without the outcome, in every row")
    share, odds = rest[reference] / rest.sum(), rest.sum() / cases.sum()
    counts = _COUNTS[design]

    def off(logs: Array) -> Array:
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            a0, b0 = np.exp(logs)
            a, b = counts(ratio, var, a0, b0)
        every = np.concatenate([[a0, b0], a, b])
        if not (np.isfinite(every).all() and (every > 0).all()):
            return np.full(2, FAR)
        return np.log([b0 / (b0 + b.sum()) / share, (b0 + b.sum()) / (a0 + a.sum()) / odds])

    for multiple in STARTS:
        a0 = multiple / var.min()
        solution = root(off, np.log([a0, a0 * rest[reference] / cases[reference]]), tol=SOLVED)
        if np.abs(off(solution.x)).max() < SOLVED:
            a0, b0 = np.exp(solution.x)
            shared = {"case-control": 1 / a0 + 1 / b0, "incidence-rate": 1 / a0}.get(
                design, 1 / a0 - 1 / b0
            )
            covariance = np.full((len(var), len(var)), shared)
            np.fill_diagonal(covariance, var)
            return covariance
    without = "subjects without the outcome" if design == "case-control" else "column n"
    raise Margins(
        "no positive counts with these ratios and SEs keep the table's two margins (Hamling 2008), "
        f"{100 * share:.3g} % of {without} at the reference and {odds:.4g} of them a case; see "
        "whether cases and n are those of the adjusted model, or use greenland1992"
    )


def _odds(ratio: Array, var: Array, a0: float, b0: float) -> tuple[Array, Array]:
    left = var - 1 / a0 - 1 / b0
    return (1 + a0 / b0 * ratio) / left, (1 + b0 / (a0 * ratio)) / left


def _rates(ratio: Array, var: Array, a0: float, b0: float) -> tuple[Array, Array]:
    a = 1 / (var - 1 / a0)
    return a, a * b0 / (a0 * ratio)


def _risks(ratio: Array, var: Array, a0: float, b0: float) -> tuple[Array, Array]:
    left = var - 1 / a0 + 1 / b0
    return (1 - a0 / b0 * ratio) / left, (b0 / (a0 * ratio) - 1) / left


_COUNTS: dict[str, Callable[[Array, Array, float, float], tuple[Array, Array]]] = {
    "case-control": _odds,
    "incidence-rate": _rates,
    "cumulative-incidence": _risks,
}


def independent(variance: Array, reference: int) -> Array:
    """A diagonal covariance: what most papers without counts leave; it is too narrow."""
    return np.diag(np.delete(variance, reference))
