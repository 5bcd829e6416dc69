"""Mixed model of log ratios within and between studies, from sums of one small matrix a study.

y_i = X_i b + X_i u_i + e_i with u_i ~ N(0, Psi) and e_i ~ N(0, S_i) :cite:`crippa2019`. All that
the likelihood needs of a study is X'S⁻¹X, X'S⁻¹y and y'S⁻¹y, so its cost does not depend on the
number of categories, and a study with fewer categories than coefficients takes part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repdose.metaregression.optimum import minima

Array = NDArray[Any]

METHODS = ("REML", "ML", "fixed")
STRUCTURES = ("unstructured", "diagonal", "proportional")
# First standard deviations between studies, as multiples of a typical coefficient's error: the
# likelihood may have several maxima, and which one a search finds depends on where it begins.
STARTS = (0.03, 0.3, 1.0, 3.0, 10.0)
MAX_ITERATIONS = 200
# Two ends of a search are the same maximum within this difference of log-likelihood.
SAME = 1e-6
# A standard deviation below this share of a typical error, or a correlation this near 1, is on the
# boundary.
BOUNDARY_SD, BOUNDARY_R = 1e-4, 1e-4


@dataclass(frozen=True, slots=True)
class Sums:
    """What the likelihood needs of k studies and p coefficients, on scaled columns.

    ``information`` X'S⁻¹X (k, p, p), ``score`` X'S⁻¹y (k, p), ``square`` y'S⁻¹y (k,),
    ``log_det`` log|S_i| (k,), ``rows`` (k,), ``crossed`` Σ X'X (p, p).
    """

    information: Array
    score: Array
    square: Array
    log_det: Array
    rows: Array
    crossed: Array
    scale: Array


def sums(designs: Sequence[Array], ratios: Sequence[Array], covariances: Sequence[Array]) -> Sums:
    """Block sums of every study; columns of the designs are scaled by their root mean square."""
    scale = np.sqrt(np.mean(np.concatenate(designs) ** 2, axis=0))
    k, p = len(designs), len(scale)
    information, score = np.empty((k, p, p)), np.empty((k, p))
    square, log_det = np.empty(k), np.empty(k)
    rows = np.array([len(y) for y in ratios])
    for m in np.unique(rows):  # studies of one size at once
        chosen = np.flatnonzero(rows == m)
        x = np.stack([designs[i] for i in chosen.tolist()]) / scale
        y = np.stack([ratios[i] for i in chosen.tolist()])[:, :, None]
        lower = np.linalg.cholesky(np.stack([covariances[i] for i in chosen.tolist()]))
        white = np.linalg.solve(lower, np.concatenate([x, y], axis=2))
        gram = white.transpose(0, 2, 1) @ white
        information[chosen], score[chosen] = gram[:, :p, :p], gram[:, :p, p]
        square[chosen] = gram[:, p, p]
        log_det[chosen] = 2 * np.log(np.diagonal(lower, axis1=1, axis2=2)).sum(axis=1)
    stacked = np.concatenate(designs) / scale
    return Sums(information, score, square, log_det, rows, stacked.T @ stacked, scale)


def first_stage(data: Sums) -> Sums:
    """The same studies as estimates b_i of their own with covariance V_i: y is b_i, X is I.

    X'S⁻¹X and X'S⁻¹y stay what they are, so that coefficients and Psi do; the likelihood is that
    of the b_i alone. Every study must hold every coefficient.
    """
    k, p = data.score.shape
    own = np.linalg.solve(data.information, data.score[:, :, None])[:, :, 0]
    return Sums(
        data.information,
        data.score,
        (own * data.score).sum(axis=1),
        -np.linalg.slogdet(data.information)[1],
        np.full(k, p),
        k * np.eye(p),
        data.scale,
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """A maximum: coefficients, their covariance and Psi in the unit of the dose, and how found.

    ``optima`` are the log-likelihoods of the distinct maxima the searches ended at, best first.
    """

    coefficients: Array
    covariance: Array
    psi: Array
    loglik: float
    optima: tuple[float, ...]
    converged: bool
    boundary: bool
    parameters: int


@cache
def _triangle(p: int) -> tuple[Array, Array]:
    """Places of a lower triangle: asked for at every step of a search."""
    return np.tril_indices(p)


def _factor(theta: Array, structure: str, shape: Array) -> Array:
    """The lower triangular L with Psi = LL', of each of several points."""
    p = len(shape)
    if structure == "proportional":
        return np.asarray(theta[..., None] * shape)
    lower = np.zeros((len(theta), p, p), dtype=theta.dtype)
    if structure == "diagonal":
        lower[:, np.arange(p), np.arange(p)] = theta
    else:
        lower[:, *_triangle(p)] = theta
    return lower


def _slope(matrix: Array, structure: str, shape: Array) -> Array:
    """Derivative with respect to the free numbers of L from that with respect to L."""
    if structure == "proportional":
        return np.asarray((matrix * shape).sum(axis=(1, 2))[:, None])
    if structure == "diagonal":
        return np.diagonal(matrix, axis1=1, axis2=2).copy()
    return np.asarray(matrix[:, *_triangle(len(shape))])


class _Likelihood:
    """−2 log-likelihood up to its constant, and its derivative, as functions of several Psi."""

    def __init__(self, data: Sums, restricted: bool) -> None:
        self.data, self.restricted = data, restricted
        # what does not depend on Psi is asked for at every step of every search
        self.sides = np.concatenate([data.information, data.score[:, :, None]], axis=2)
        self.eye = np.eye(data.score.shape[1])
        self.square = float(data.square.sum())
        self.score, self.information = data.score.sum(axis=0), data.information.sum(axis=0)

    def curve(self, psi: Array) -> tuple[Array, ...]:
        """I + X'S⁻¹X Psi and X'V⁻¹X by study, their sum, its inverse, b, residuals, X'V⁻¹e."""
        p = psi.shape[-1]
        inner = self.eye + self.data.information @ psi[:, None]
        weighted = np.linalg.solve(inner, self.sides)
        m, t = weighted[..., :p], weighted[..., p]
        total = m.sum(axis=1)
        bread = np.linalg.inv(total)
        b = bread @ t.sum(axis=1)[:, :, None]
        left, of_b = self.data.information @ b[:, None], m @ b[:, None]
        return inner, m, total, bread, b[..., 0], self.data.score - left[..., 0], t - of_b[..., 0]

    def slope(self, found: tuple[Array, ...]) -> Array:
        """Derivative by Psi."""
        _, m, total, bread, _, _, u = found
        slope = total - u.transpose(0, 2, 1) @ u
        if self.restricted:
            slope = slope - (m @ bread[:, None] @ m).sum(axis=1)
        return np.asarray(slope)

    def value(self, psi: Array, found: tuple[Array, ...]) -> Array:
        """The function itself."""
        inner, _, total, _, b, residual, u = found
        value = np.linalg.slogdet(inner)[1].sum(axis=1) - (residual @ psi * u).sum(axis=(1, 2))
        value += self.square - 2 * b @ self.score + (b @ self.information * b).sum(axis=1)
        if self.restricted:
            value += np.linalg.slogdet(total)[1]
        return np.asarray(value)


def fit(data: Sums, method: str, structure: str) -> Estimate:
    """Maximise the (restricted) likelihood from several starts and keep the highest.

    Parameters
    ----------
    data : Sums
        Block sums of the studies.
    method : {"REML", "ML", "fixed"}
        Restricted or full likelihood; fixed takes no heterogeneity.
    structure : {"unstructured", "diagonal", "proportional"}
        Psi free, diagonal, or one variance times the inverse of the mean information, which does
        not depend on the unit of the dose.

    Returns
    -------
    Estimate
        ``loglik`` of REML includes ½ log|ΣX'X|, so that it does not depend on the dose's unit.

    Notes
    -----
    Newton steps on the Cholesky factor of Psi with the analytic gradient; the curvature is exact.

    References
    ----------
    :cite:`crippa2019`
    """
    p = len(data.scale)
    restricted = method == "REML"
    mean = data.information.mean(axis=0)
    shape = np.linalg.cholesky(np.linalg.inv(mean))
    free = {"unstructured": p * (p + 1) // 2, "diagonal": p, "proportional": 1}[structure]

    likelihood = _Likelihood(data, restricted)

    def function(theta: Array) -> tuple[Array, Array]:
        lower = _factor(theta, structure, shape)
        psi = lower @ lower.transpose(0, 2, 1)
        found = likelihood.curve(psi)
        slope = _slope(2 * likelihood.slope(found) @ lower, structure, shape)
        return likelihood.value(psi, found), slope

    ends = []
    if method == "fixed":
        free, lower = 0, np.zeros((1, p, p))
        converged = True
    else:
        first = shape if structure != "diagonal" else np.diag(np.diag(shape))
        one = (
            np.ones((1, 1))
            if structure == "proportional"
            else _slope(first[None], structure, shape)
        )
        ends = minima(function, list(np.outer(STARTS, one)), MAX_ITERATIONS)
        best = min(ends, key=lambda end: end.value)
        lower, converged = _factor(best.point[None], structure, shape), best.converged
    psi = lower @ lower.transpose(0, 2, 1)
    found = likelihood.curve(psi)
    (value,), (bread,), (b,), (psi,) = likelihood.value(psi, found), found[3], found[4], psi
    count = data.rows.sum()
    constant = (count - p * restricted) * np.log(2 * np.pi) + data.log_det.sum()
    if restricted:
        constant -= np.linalg.slogdet(data.crossed)[1]
    optima: list[float] = []
    for loglik in sorted((-(end.value + constant) / 2 for end in ends), reverse=True):
        if not optima or optima[-1] - loglik > SAME:
            optima.append(float(loglik))
    scale = np.outer(data.scale, data.scale)
    return Estimate(
        b / data.scale,
        bread / scale,
        psi / scale,
        float(-(value + constant) / 2),
        tuple(optima),
        converged,
        method != "fixed" and _on_boundary(psi, shape),
        free + p,
    )


def _on_boundary(psi: Array, shape: Array) -> bool:
    """Whether a variance between studies is zero or a correlation one."""
    sd = np.sqrt(np.diagonal(psi))
    if (sd < BOUNDARY_SD * np.sqrt(np.diagonal(shape @ shape.T))).any():
        return True
    correlation = psi / np.outer(sd, sd)
    return bool(np.linalg.eigvalsh(correlation)[0] < BOUNDARY_R)
