"""What each study does to a fit, and what another sample of studies would have given."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.metaregression.again import estimable, fit_again
from repdose.metaregression.data import listed, plain
from repdose.metaregression.estimation import ConvergenceWarning
from repdose.metaregression.fitted import Fitted

Array = NDArray[Any]


def leave_one_out(fit: Fitted) -> pd.DataFrame:
    """Coefficients, standard errors and variances without each outermost group in turn.

    Returns
    -------
    DataFrame
        By group: ("estimate", term), ("se", term) and ("sigma2", level) [unit of yi; unit of vi
        for sigma2].

    Raises
    ------
    ValueError
        If what is left without a group does not determine the coefficients; it is named.

    Warns
    -----
    ConvergenceWarning
        Naming the groups without which the fit did not converge.

    Notes
    -----
    Everything is estimated again. Knots and the ED50 of an Emax term stay those of the full fit,
    the latter linearised.
    """
    first = fit.problem.codes[:, 0]
    rows, failed = [], []
    for code, label in enumerate(fit.labels):
        left = fit.problem.take(np.flatnonzero(first != code))
        if not estimable(left):
            raise ValueError(
                f"without {fit.problem.levels[0]} {plain(label)!r} the coefficients cannot be "
                "estimated; "
                "simplify the formula before asking for influence"
            )
        again = fit_again(left, fit.method, fit.fitted)
        if not again.converged:
            failed.append(label)
        row = dict(zip([("estimate", term) for term in fit.terms], again.beta, strict=True))
        se = np.sqrt(np.diag(again.covariance))
        row |= dict(zip([("se", term) for term in fit.terms], se, strict=True))
        row |= {("sigma2", name): g[0, 0] for name, g in again.random.items()}
        rows.append(row)
    if failed:
        warnings.warn(
            f"without {fit.problem.levels[0]} {listed(failed)} the fit did not converge; "
            "do not use those rows, or leave out a level or a random slope",
            ConvergenceWarning,
            stacklevel=3,
        )
    out = pd.DataFrame(rows, index=pd.Index(fit.labels, name=fit.problem.levels[0]))
    out.columns = pd.MultiIndex.from_tuples(list(rows[0]))
    return out.astype(float)


def cooks_distance(fit: Fitted) -> pd.Series:
    """Distance that the coefficients move when a group leaves, in their model-based covariance.

    Notes
    -----
    .. math:: D_i = (b - b_{(i)})' \\widehat{\\mathrm{Var}}(b)^{-1} (b - b_{(i)})

    with variances estimated again; compare with χ² of as many degrees of freedom as coefficients
    :cite:`viechtbauer2010outlier`.
    """
    moved = fit.fitted.beta - leave_one_out(fit)["estimate"].to_numpy()
    standardised = np.linalg.solve(fit.fitted.to_terms, moved.T)
    inverse = np.linalg.inv(fit.fitted.gamma_covariance)
    distance = np.einsum("ai,ab,bi->i", standardised, inverse, standardised)
    return pd.Series(
        distance, index=pd.Index(fit.labels, name=fit.problem.levels[0]), name="cooks_distance"
    )


def bootstrap(fit: Fitted, replicates: int, seed: int) -> pd.DataFrame:
    """Refit samples of outermost groups drawn with replacement.

    Parameters
    ----------
    fit : Fit
        The original.
    replicates : int
        Number of samples.
    seed : int
        Seed of the random generator; the same seed gives the same table.

    Returns
    -------
    DataFrame
        One row per sample: ("estimate", term) and ("sigma2", level). `attrs["redrawn"]` counts
        samples that were drawn again, because a coefficient was not determined or the fit did not
        converge.

    Notes
    -----
    *Valid for* percentile intervals with some tens of groups. *Not valid for* few groups, where
    CR2 is better.
    """
    if isinstance(replicates, bool) or not isinstance(replicates, int) or replicates < 1:
        raise ValueError(f"replicates must be a positive whole number; got {replicates!r}")
    random = np.random.default_rng(seed)
    problem = fit.problem
    studies = len(fit.labels)
    order = np.argsort(problem.codes[:, 0], kind="stable")
    sizes = np.bincount(problem.codes[:, 0], minlength=studies)
    first = np.cumsum(sizes) - sizes
    rows: list[dict[Any, float]] = []
    redrawn = 0
    while len(rows) < replicates:
        if redrawn > 10 * (replicates + 10):
            raise ValueError(
                f"{redrawn} of {redrawn + len(rows)} samples could not be fitted: too few groups"
            )
        drawn = random.integers(studies, size=studies)
        counts = sizes[drawn]
        copy = np.repeat(np.arange(studies), counts)
        within = np.arange(len(copy)) - np.repeat(np.cumsum(counts) - counts, counts)
        chosen = order[np.repeat(first[drawn], counts) + within]
        sample = problem.take(chosen, copy)
        again = fit_again(sample, fit.method, fit.fitted) if estimable(sample) else None
        if again is None or not again.converged:
            redrawn += 1
            continue
        row = dict(zip([("estimate", term) for term in fit.terms], again.beta, strict=True))
        rows.append(row | {("sigma2", name): g[0, 0] for name, g in again.random.items()})
    out = pd.DataFrame(rows, dtype=float)
    out.columns = pd.MultiIndex.from_tuples(list(rows[0]))
    out.index.name = "replicate"
    out.attrs["redrawn"] = redrawn
    return out
