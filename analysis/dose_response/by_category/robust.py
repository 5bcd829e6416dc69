"""Cluster-robust covariance of a grouped fit, studies as clusters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.metaregression.robust import FULL_LEVERAGE, Sandwich

Array = NDArray[Any]


def bias_reduced(
    designs: Sequence[Array],
    residuals: Sequence[Array],
    marginals: Sequence[Array],
    bread: Array,
) -> Sandwich:
    """CR2 with the fitted marginal covariance as working model.

    Parameters
    ----------
    designs, residuals, marginals : sequence of ndarray, shapes (m, p), (m,), (m, m)
        Of each study: columns, residuals and fitted covariance.
    bread : ndarray, shape (p, p)
        Model-based covariance of the coefficients.

    Returns
    -------
    Sandwich
        Covariance and the pieces for Satterthwaite degrees of freedom.

    Notes
    -----
    A_i = D'(D(Σ_i − X_i M X_i')D')^{+1/2} D with D'D = Σ_i :cite:`pustejovsky2018`.
    """
    p = len(bread)
    score, meat, cross = np.empty((len(designs), p)), *np.empty((2, len(designs), p, p))
    alone: list[Array] = []
    owners: list[int] = []
    spread = np.linalg.cholesky(bread)
    for i, (x, e, sigma) in enumerate(zip(designs, residuals, marginals, strict=True)):
        lower = np.linalg.cholesky(sigma)
        left = lower.T @ x
        values, vectors = np.linalg.eigh(lower.T @ sigma @ lower - left @ bread @ left.T)
        white = np.linalg.solve(lower, x)
        # A leverage of 1 leaves no residual in its direction; leverages have no unit.
        shares, directions = np.linalg.eigh(spread.T @ white.T @ white @ spread)
        own = np.flatnonzero(1 - shares < FULL_LEVERAGE)
        alone += list((spread @ directions[:, own]).T)
        owners += [i] * len(own)
        lost = len(own)
        keep = np.arange(len(values)) >= lost
        root = np.where(keep, 1 / np.sqrt(np.where(keep, np.maximum(values, 0), 1.0)), 0.0)
        adjusted = lower @ (vectors @ (root[:, None] * (vectors.T @ white)))
        score[i] = adjusted.T @ e
        meat[i] = adjusted.T @ sigma @ adjusted
        cross[i] = x.T @ adjusted
    return Sandwich(
        "CR2",
        bread,
        bread @ (score.T @ score) @ bread,
        meat,
        cross,
        np.array(alone).reshape(-1, p).T,
        np.array(owners, dtype=int),
    )
