"""The marginal covariance of nested random effects, used without ever being formed.

Rows are sorted so that every group of every level is contiguous. All that a likelihood needs of
the covariance Σ is the cross-product C'Σ⁻¹C of a few columns C = [X, y, Z]. It is built from the
rows up: each level adds Z G Z' to the blocks below it, and the Woodbury identity turns the
cross-products of its groups into those of the wider covariance. The derivative runs the same tree
from the top down. Both passes cost a fixed amount of work per row and per group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Level:
    """One grouping of the tree, innermost first.

    `starts` holds the first child of each group (rows for the innermost level), `z` the columns
    of C that carry its random effects: first `copies` sets of `free` columns, each with the same
    estimated covariance, then columns of known, uncorrelated variance.
    """

    starts: Array
    z: Array
    free: int
    known: Array
    copies: int = 1

    def covariance(self, free: Array) -> Array:
        """G of all columns of `z`, from that of one set of free ones."""
        if self.copies == 1 and len(self.z) == self.free:
            return free
        q = len(self.z)
        g = np.zeros((*free.shape[:-2], q, q), dtype=free.dtype)
        for at in range(0, self.copies * self.free, self.free or 1):
            g[..., at : at + self.free, at : at + self.free] = free
        if len(self.known):
            known = np.arange(self.copies * self.free, q)
            g[..., known, known] = self.known
        return g

    def by_free(self, by_g: Array) -> Array:
        """Derivative by the free covariance, from that by the G of all columns."""
        f = self.free
        return np.asarray(
            sum(by_g[..., c * f : (c + 1) * f, c * f : (c + 1) * f] for c in range(self.copies))
        )


@dataclass(frozen=True, slots=True)
class Pass:
    """What the upward pass leaves for the downward one: per level K = TZ, T_zz, M and N."""

    totals: Array
    per_group: Array
    log_determinant: Any
    steps: list[tuple[Array, Array, Array, Array]]
    precision: Array


class Blocks:
    """Cross-products under a nested covariance, and their derivative.

    Parameters
    ----------
    columns : ndarray, shape (k, m)
        C = [X, y, Z...], rows in tree order.
    p : int
        Number of columns of X; column p is y.
    known : ndarray, shape (k,)
        Known diagonal variance of each row.
    levels : sequence of Level
        Groupings from the innermost to the outermost.
    row : bool
        Whether each row also has a random intercept of its own.

    Notes
    -----
    With T the cross-product of a group under the covariance of the levels below, and G the
    covariance of its own random effects, the Woodbury identity gives

    .. math:: Q = T - T_{\\cdot z} M T_{z \\cdot},\\quad M = G (I + T_{zz} G)^{-1},\\quad
              \\log|\\Sigma_g| = \\log|S_g| + \\log|I + T_{zz} G|,

    which stays valid when G is singular. The derivative of any function of the sum of Q follows
    by the chain rule from the top: an adjoint Ω of Q gives the adjoint F'ΩF of T with F = I −
    T_{·z} M e_z'.

    *Valid for* levels nested in one another. *Not valid for* crossed random effects.

    References
    ----------
    :cite:`harville1977`
    """

    def __init__(
        self, columns: Array, p: int, known: Array, levels: Sequence[Level], row: bool
    ) -> None:
        self.columns, self.p, self.known, self.row = columns, p, known, row
        self.levels = list(levels)
        self.m = columns.shape[1]
        # only the upper triangle of each row's outer product is kept, one line per pair of columns
        self._i, self._j = np.triu_indices(self.m)
        self._unpack = np.empty((self.m, self.m), dtype=np.intp)
        self._unpack[self._i, self._j] = self._unpack[self._j, self._i] = np.arange(len(self._i))
        by_column = np.ascontiguousarray(columns.T)
        self._products = by_column[self._i] * by_column[self._j]
        self._starts = self.levels[0].starts if self.levels else np.zeros(1, dtype=np.intp)
        self._fixed = None if row else self._gather(1 / known)
        self._fixed_log = 0.0 if row else float(np.log(known).sum())

    def _gather(self, weights: Array) -> Array:
        """Sum of weighted outer products over each innermost group, shape (..., groups, m, m)."""
        weighted = self._products * weights[..., None, :]
        packed = np.add.reduceat(weighted, self._starts, axis=-1)
        return packed.swapaxes(-1, -2)[..., self._unpack]

    def up(self, covariances: Sequence[Array], row_variance: Any = 0.0) -> Pass:
        """Cross-products of the whole and of each outermost group, and log|Σ|.

        `covariances` holds one G of the free columns per level, innermost first; or, with leading
        dimensions that the row variance shares, a stack of them, and so does all that comes of it.
        """
        if self._fixed is None:
            variance = self.known + np.asarray(row_variance)[..., None]
            precision = 1 / variance
            total, log_determinant = self._gather(precision), np.log(variance).sum(axis=-1)
        else:
            precision, total, log_determinant = 1 / self.known, self._fixed, self._fixed_log
        steps = []
        for depth, (level, free) in enumerate(zip(self.levels, covariances, strict=True)):
            if depth:
                total = np.add.reduceat(total, level.starts, axis=-3)
            q = len(level.z)
            g = level.covariance(free)[..., None, :, :]
            k = total[..., level.z]
            t_zz = k[..., level.z, :]
            if q == 1:
                scale = 1 + t_zz * g
                n = 1 / scale
                log_determinant = log_determinant + np.log(scale).sum(axis=(-3, -2, -1))
            else:
                scale = np.eye(q) + t_zz @ g
                n = np.linalg.inv(scale)
                log_determinant = log_determinant + np.linalg.slogdet(scale)[1].sum(axis=-1)
            m = g @ n
            km = k @ m
            total = total - km @ k.swapaxes(-1, -2)
            steps.append((k, t_zz, m, n))
        return Pass(total.sum(axis=-3), total, log_determinant, steps, precision)

    def down(self, passed: Pass, omega: Array) -> tuple[list[Array], Any]:
        """Derivative of log|Σ| + <Ω, C'Σ⁻¹C> by each free G and by the row variance."""
        gradients: list[Array] = []
        adjoint = omega[..., None, :, :]
        squared = self._gather(passed.precision**2) if self.row else None
        by_row = 0.0 if squared is None else passed.precision.sum(axis=-1)
        for depth in reversed(range(len(self.levels))):
            level, (k, t_zz, m, n) = self.levels[depth], passed.steps[depth]
            z = level.z
            omega_k = adjoint @ k
            middle = k.swapaxes(-1, -2) @ omega_k
            n_t = n.swapaxes(-1, -2)
            by_g = (t_zz @ n_t - n @ middle @ n_t).sum(axis=-3)
            gradients.append(level.by_free(by_g))
            if not depth and squared is None:
                break
            cross = omega_k @ m
            corner = m.swapaxes(-1, -2) @ middle @ m + m
            if depth:
                adjoint = np.repeat(adjoint, len(level.starts) // adjoint.shape[-3], axis=-3)
                adjoint = adjoint.astype(cross.dtype)
                adjoint[..., z] -= cross
                adjoint[..., z, :] -= cross.swapaxes(-1, -2)
                adjoint[..., z[:, None], z] += corner
                children = np.diff(level.starts, append=len(self.levels[depth - 1].starts))
                adjoint = np.repeat(adjoint, children, axis=-3)
            elif squared is not None:
                # the rows need only a sum, so their adjoints are not spread out
                by_row += 2 * _total(cross * squared[..., z])
                by_row -= _total(corner * squared[..., z[:, None], z])
        gradients.reverse()
        if squared is not None:
            by_row -= _total(adjoint * squared)
        return gradients, by_row

    def row_products(self, precision: Array) -> Array:
        """Outer product of each row times its precision, shape (k, m, m)."""
        return np.asarray((self._products * precision).T[:, self._unpack])


def _total(products: Array) -> Any:
    """Sum over groups and their matrices."""
    return products.sum(axis=(-3, -2, -1))
