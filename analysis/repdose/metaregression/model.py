"""Fit a multilevel meta-regression of effects on dose."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.arguments import choice
from repdose.metaregression.estimation import (
    MAX_ITERATIONS,
    ConvergenceWarning,
    Estimate,
    at_variance,
    estimate,
)
from repdose.metaregression.fitted import Emax
from repdose.metaregression.formulas import Design, check_rank
from repdose.metaregression.one_level import MOMENT_METHODS, between_variance
from repdose.metaregression.prepared import Prepared, prepare
from repdose.metaregression.problem import Problem, distinct
from repdose.metaregression.results import Fit

Array = NDArray[Any]

METHODS = ("REML", "ML", *MOMENT_METHODS)
TESTS = ("t", "z", "hartung-knapp")
# An ED50 is sought between a tenth of the smallest dose above zero and ten times the largest.
ED50_REACH = 10
# Doses tried on a logarithmic grid before the best is refined, and the precision of log ED50.
ED50_GRID, ED50_TOLERANCE = 16, 1e-6
# The last digits of an ED50 come from linearised fits.
LINEARISED_STEPS, LINEARISED_TOLERANCE = 50, 1e-9


def fit(
    data: pd.DataFrame,
    *,
    effect: str = "yi",
    variance: str | None = "vi",
    formula: str = "~ 1",
    levels: Sequence[str],
    method: str = "REML",
    slopes: Mapping[str, str] | None = None,
    rho: float = 0.0,
    rho_within: str | None = None,
    V: Any = None,
    test: str = "t",
    missing: str = "refuse",
    max_iterations: int = MAX_ITERATIONS,
) -> Fit:
    """Multilevel random-effects meta-regression.

    Parameters
    ----------
    data : DataFrame
        One row per effect.
    effect, variance : str
        Columns of effects and their sampling variances [unit of the effect, its square].
    formula : str
        One-sided, as ``~ weekly_sets``, ``~ log1p(weekly_sets)``, ``~ weekly_sets +
        I(weekly_sets**2)``, ``~ rcs(weekly_sets, 4)``, ``~ rcs(weekly_sets, [5, 10, 20])`` or ``~
        emax(weekly_sets)``.
    levels : sequence of str
        Columns of the nested groupings, outermost first; each gets a random intercept. Labels
        count within their parent, so ids may restart in every study, as in ``~ 1 | study/es_id``.
        The outermost are the studies, and they are the clusters of robust inference.
    method : {"REML", "ML", "DL", "HE", "SJ", "PM", "EB"}
        Estimator of the variance components; the last five for one level with one effect per group.
    slopes : mapping of level to moderator, optional
        Levels over whose groups the coefficient of a moderator varies too, correlated with the
        intercept.
    rho : float
        Correlation of the sampling errors of two effects in one group of `rho_within`, 0 to below
        1.
    rho_within : str, optional
        Column whose groups share participants, its labels taken within the outermost level; that
        level itself if not given.
    V : array_like, DataFrame, mapping or sequence, optional
        Covariance of the sampling errors [unit of the variance]: in full, or as blocks by group of
        the outermost level (a dictionary, or a list in order of appearance), such as
        :func:`repdose.metaregression.sampling_covariance` returns. DataFrames are matched by the
        index of the data or by labels of the innermost level, arrays are taken in the order of
        the rows. Its diagonal must hold the variances; with ``variance=None`` they are taken
        from it.
    test : {"t", "z", "hartung-knapp"}
        Distribution behind the model-based intervals. "t" has containment degrees of freedom: the
        groups of the outermost level within which a moderator is constant, less the coefficients.
        "hartung-knapp" is for one level.
    missing : {"refuse", "drop"}
        What to do with rows that lack a value of a column used: refuse them all at once, or leave
        them out and count them in `Fit.dropped`.
    max_iterations : int
        Newton steps after which the fit is declared not converged.

    Returns
    -------
    Fit
        Coefficients, variance components, tests, robust inference and predictions.

    Raises
    ------
    ValueError
        For missing or non-positive variances, one study, a constant or collinear moderator, as
        many coefficients as studies, text, dates or complex numbers in a numeric column, a
        function without a finite value, an unknown column, or a V of the wrong size, not positive
        definite, with rows in another order or correlated studies. The message names column,
        rows, studies and what to do.

    Warns
    -----
    ConvergenceWarning
        If the maximum was not reached; `Fit.converged` is then False.
    UserWarning
        If an inner text label, as an endpoint, recurs in most studies: it is taken as nested.

    Notes
    -----
    .. math:: y = X\\beta + \\sum_l Z_l u_l + e,\\quad u_l \\sim N(0, I \\otimes G_l),\\quad
              e \\sim N(0, V)

    V is block-diagonal: as given, or with correlation `rho` within groups. The order of a pandas
    categorical sets the reference. The likelihood and its gradient
    :cite:`harville1977` are built from small cross-products of nested groups, so time and memory
    grow with the number of rows; no matrix of their square is formed. The blocks of a given V
    are turned to their own axes once, where errors are uncorrelated. Results do not depend on
    the units of effects and moderators.

    *Valid for* nested groupings with independent outermost groups and known sampling variances.
    *Not valid for* crossed random effects, or outermost groups that share participants.

    References
    ----------
    :cite:`harville1977,viechtbauer2005,konstantopoulos2011`

    Examples
    --------
    >>> import pandas as pd
    >>> from repdose import metaregression
    >>> trials = pd.DataFrame({"study": [1, 2, 3, 4], "yi": [0.1, 0.3, 0.2, 0.6]})
    >>> trials["vi"] = [0.02, 0.03, 0.02, 0.04]
    >>> fit = metaregression.fit(trials, levels=["study"], method="DL")
    >>> fit.sigma2.round(6).to_dict(), fit.coefficients["estimate"].round(6).to_dict()
    ({'study': 0.012045}, {'Intercept': 0.265871})
    """
    choice("method", method, METHODS)
    choice("test", test, TESTS)
    prepared = prepare(
        data,
        effect=effect,
        variance=variance,
        formulas=[formula, *map(str, (slopes or {}).values())],
        levels=levels,
        rho=rho,
        rho_within=rho_within,
        V=V,
        missing=missing,
    )
    return fits(prepared, formula, [method], slopes, test, max_iterations)[0]


def fits(
    prepared: Prepared,
    formula: str,
    methods: Sequence[str],
    slopes: Mapping[str, str] | None = None,
    test: str = "t",
    max_iterations: int = MAX_ITERATIONS,
    start: Estimate | None = None,
) -> list[Fit]:
    """One model of a table that was checked, by each method; as :func:`fit` otherwise.

    What does not hang on the method is made once: the design, and the profile of an ED50. Each
    search begins where the one before it ended, the first at `start`.
    """
    parsed, x, slope_designs, slope_values = _fixed_and_slopes(prepared, formula, slopes)
    problem = prepared.problem(x, slope_values)
    one_level = len(problem.levels) == 1 and distinct(problem.codes) == len(x) and not slope_values
    independent = one_level and not problem.rho and problem.sampling is None
    for method in methods:
        if (method in MOMENT_METHODS or test == "hartung-knapp") and not independent:
            what = f"method={method!r}" if method in MOMENT_METHODS else f"test={test!r}"
            raise ValueError(
                f"{what} is for one level with one independent effect per group; here levels="
                f"{list(problem.levels)}, rho={problem.rho:g}: use method 'REML' and test 't'"
            )
    profile = None
    if parsed.emax is not None:
        profile = _profiled(problem, parsed, parsed.emax, max_iterations)
    found: list[Fit] = []
    for method in methods:
        working, emax = problem, None
        if profile is not None:
            working, emax = _linearised(problem, parsed, profile, method, max_iterations)
        fitted = start = _estimate(working, method, max_iterations, start)
        if not fitted.converged:
            warnings.warn(
                f"the {method} fit of {parsed.formula!r} did not converge in "
                f"{fitted.iterations} steps; do not use its numbers: raise max_iterations, or "
                "leave out a level or a random slope",
                ConvergenceWarning,
                stacklevel=3,
            )
        found.append(
            Fit(
                fitted=fitted,
                problem=working,
                method=method,
                test=test,
                design=parsed,
                slope_designs=slope_designs,
                emax=emax,
                labels=prepared.labels,
                within=prepared.within,
                data=prepared.data,
                dropped=prepared.dropped,
            )
        )
    return found


def _fixed_and_slopes(
    prepared: Prepared, formula: str, slopes: Mapping[str, str] | None
) -> tuple[Design, Array, dict[str, Design], dict[str, Array]]:
    """Design of the fixed part and of each random slope."""
    rows, names = prepared.rows, prepared.names
    studies = len(prepared.labels)
    parsed, x = prepared.design(formula)
    check_rank(parsed.terms, x, rows)
    coefficients = x.shape[1] + (parsed.emax is not None)
    if coefficients >= studies:
        raise ValueError(
            f"formula {formula!r} has {coefficients} coefficients for {studies} groups of "
            f"{names[0]!r}: it needs more studies than coefficients; simplify the formula"
        )
    designs: dict[str, Design] = {}
    values: dict[str, Array] = {}
    for level, term in (slopes or {}).items():
        if level not in names:
            raise ValueError(f"slopes: no level {level!r}; levels are {', '.join(names)}")
        designs[level], column = prepared.design(f"~ 0 + {term}")
        if column.shape[1] != 1 or designs[level].emax is not None:
            raise ValueError(f"slopes[{level!r}]={term!r} must be one numeric column")
        check_rank(designs[level].terms, column, rows)
        values[level] = column[:, 0]
    return parsed, x, designs, values


def _estimate(
    problem: Problem, method: str, max_iterations: int, start: Estimate | None = None
) -> Estimate:
    if method in MOMENT_METHODS:
        return at_variance(problem, between_variance(problem.y, problem.v, problem.x, method))
    return estimate(problem, method == "REML", start, max_iterations)


@dataclass(frozen=True, slots=True)
class _Profile:
    """An Emax term's column, where its ED50 was sought and found (logs), and whether at an end."""

    position: int
    low: float
    high: float
    best: float
    edge: bool
    at_best: Problem


def _profiled(problem: Problem, parsed: Design, position: int, max_iterations: int) -> _Profile:
    """The ED50 that maximises the profile likelihood under ML."""
    from scipy.optimize import minimize_scalar  # loads long, and most models have no such term

    dose = problem.x[:, position]
    if (dose < 0).any() or not (dose > 0).any():
        raise ValueError(f"term {parsed.terms[position]!r} needs doses of at least zero")
    last: Estimate | None = None

    def saturating(log_ed50: float) -> Problem:
        x = problem.x.copy()
        x[:, position] = dose / (math.exp(log_ed50) + dose)
        return replace(problem, x=x)

    def deviance(log_ed50: float) -> float:
        nonlocal last
        last = estimate(saturating(log_ed50), False, last, max_iterations)
        return -2 * last.loglik

    low = math.log(dose[dose > 0].min() / ED50_REACH)
    high = math.log(dose.max() * ED50_REACH)
    grid = np.linspace(low, high, ED50_GRID)
    best = int(np.argmin([deviance(value) for value in grid]))
    bounds = (grid[max(best - 1, 0)], grid[min(best + 1, ED50_GRID - 1)])
    best_log = minimize_scalar(
        deviance, bounds=bounds, method="bounded", options={"xatol": ED50_TOLERANCE}
    ).x
    edge = min(best_log - low, high - best_log) < (high - low) / ED50_GRID / 2
    return _Profile(position, low, high, best_log, bool(edge), saturating(best_log))


def _linearised(
    problem: Problem, parsed: Design, profile: _Profile, method: str, max_iterations: int
) -> tuple[Problem, Emax]:
    """Linearise the curve at its ED50, so that every error knows its uncertainty.

    The ED50 is refined by fits of the working response :cite:`lindstrom1990` under the method
    asked for, until the linearised coefficient of ED50 stays where it is.
    """
    position, dose = profile.position, problem.x[:, profile.position]
    ed50 = math.exp(profile.best)
    step = _estimate(profile.at_best, method, max_iterations)
    size = float(step.beta[position])
    working, steady = problem, False
    for _ in range(LINEARISED_STEPS):
        x = np.insert(problem.x, position + 1, -size * dose / (ed50 + dose) ** 2, axis=1)
        x[:, position] = dose / (ed50 + dose)
        working = replace(problem, x=x, y=problem.y + x[:, position + 1] * ed50)
        if profile.edge:
            break
        step = _estimate(working, method, max_iterations, step)
        change = float(step.beta[position + 1]) / ed50 - 1
        if not -0.5 < change < 1 or not profile.low < math.log(ed50 * (1 + change)) < profile.high:
            break
        steady = abs(change) < LINEARISED_TOLERANCE
        if steady:
            break
        ed50, size = ed50 * (1 + change), float(step.beta[position])
    if not steady:
        warnings.warn(
            f"the data do not identify the ED50 of {parsed.terms[position]!r} (searched "
            f"{math.exp(profile.low):g} to {math.exp(profile.high):g}); prefer another form",
            ConvergenceWarning,
            stacklevel=4,
        )
    return working, Emax(position, ed50, size, steady)
