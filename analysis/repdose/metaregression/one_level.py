"""Moment estimators of the variance between effects in a one-level model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

MOMENT_METHODS = ("DL", "HE", "SJ", "PM", "EB")
# Newton's steps for Paule and Mandel's equation come from below and never overshoot, so few are
# needed.
MAX_STEPS = 200
# Relative change at which those steps stop.
STEP = 1e-14


def between_variance(y: Array, v: Array, x: Array, method: str) -> float:
    """Variance between effects by a moment estimator.

    Parameters
    ----------
    y, v : ndarray, shape (k,)
        Effects and sampling variances [unit of yi, its square].
    x : ndarray, shape (k, p)
        Design.
    method : {"DL", "HE", "SJ", "PM", "EB"}
        DerSimonian and Laird, Hedges and Olkin, Sidik and Jonkman, Paule and Mandel, empirical
        Bayes.

    Returns
    -------
    float
        The estimate, zero where the equation has a negative root [unit of vi].

    Notes
    -----
    With P(τ²) the residual projection under weights 1 / (v + τ²):

    - DL: (y'P(0)y − (k − p)) / tr P(0) :cite:`dersimonian1986`
    - HE: (RSS − tr((I − H)V)) / (k − p), unweighted :cite:`hedges1985`
    - SJ: τ₀² y'P(τ₀²)y / (k − p), where τ₀² = Σ(y − ȳ)² / k :cite:`sidik2005`
    - PM: the root of y'P(τ²)y = k − p :cite:`paule1982`
    - EB: Morris's equation has the same root :cite:`morris1983,viechtbauer2005`

    *Valid for* independent effects, one per study. *Not valid for* several effects of a study.

    Examples
    --------
    >>> ones = np.ones((3, 1))
    >>> round(between_variance(np.array([0.0, 1.0, 2.0]), np.full(3, 0.5), ones, "PM"), 12)
    0.5
    """
    k, p = x.shape
    if method == "DL":
        q, trace = _quadratic(y, v, x, 0.0)
        return float(max((q - (k - p)) / trace, 0.0))
    if method == "HE":
        basis, _ = np.linalg.qr(x)
        residual = y - basis @ (basis.T @ y)
        leverage = (basis**2).sum(axis=1)
        return max(float((residual @ residual - ((1 - leverage) * v).sum()) / (k - p)), 0.0)
    if method == "SJ":
        first = float(np.mean((y - y.mean()) ** 2))
        if first == 0:
            return 0.0
        return float(first * _quadratic(y, v, x, first)[0] / (k - p))
    tau2 = 0.0
    for _ in range(MAX_STEPS):
        q, _ = _quadratic(y, v, x, tau2)
        step = (q - (k - p)) / _slope(y, v, x, tau2)
        if step <= STEP * tau2:
            return float(max(tau2 + step, 0.0))
        tau2 += step
    raise ValueError(f"method={method!r} found no root in {MAX_STEPS} steps; use method='REML'")


def _projection(y: Array, v: Array, x: Array, tau2: float) -> tuple[Array, Array, Array]:
    """Weights, orthonormal weighted design, and weighted residuals."""
    w = 1 / (v + tau2)
    basis, _ = np.linalg.qr(x * np.sqrt(w)[:, None])
    z = y * np.sqrt(w)
    return w, basis, z - basis @ (basis.T @ z)


def _quadratic(y: Array, v: Array, x: Array, tau2: float) -> tuple[float, float]:
    """y'Py and tr P."""
    w, basis, residual = _projection(y, v, x, tau2)
    return float(residual @ residual), float((w * (1 - (basis**2).sum(axis=1))).sum())


def _slope(y: Array, v: Array, x: Array, tau2: float) -> float:
    """Minus the derivative of y'Py by τ², y'PPy."""
    w, _, residual = _projection(y, v, x, tau2)
    return float((w * residual**2).sum())
