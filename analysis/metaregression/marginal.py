"""The fitted marginal covariance Σ of studies: dense for small ones, an operator for large ones."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ellipj, ellipkm1

from .estimation import Estimate
from .problem import starts_of

Array = NDArray[Any]

# Relative error asked of the quadrature of an inverse square root.
QUADRATURE = 1e-14


def root_nodes(low: float, high: float) -> tuple[Array, Array]:
    """Nodes t and weights w with λ^(−1/2) = Σ w / (λ + t²) for λ between `low` and `high`.

    Notes
    -----
    t = √low sc(u) with parameter 1 − low / high, u at the midpoints of its quarter period
    :cite:`hale2008`. The upper half follows from the lower by reflection, which keeps its digits.

    Examples
    --------
    >>> t, w = root_nodes(1e-4, 1e4)
    >>> round(float((w / (4.0 + t**2)).sum()), 12)
    0.5
    """
    ratio = low / high
    count = int(np.ceil((3 - np.log(ratio)) * -np.log(QUADRATURE) / (2 * np.pi**2))) + 2
    period = float(ellipkm1(ratio))
    u = (np.arange(count) + 0.5) * period / count
    upper = u > period / 2
    sn, cn, dn, _ = ellipj(np.where(upper, period - u, u), 1 - ratio)
    small = np.sqrt(ratio)
    tangent = np.where(upper, cn / (small * sn), sn / cn)
    slope = np.where(upper, dn / (small * sn**2), dn / cn**2)
    return np.sqrt(low) * tangent, 2 / np.pi * period / count * np.sqrt(low) * slope


class Marginal:
    """Σ = D + Σ_l Z_l G_l Z_l' of rows in tree order, in standardised units."""

    def __init__(self, diagonal: Array, parts: list[tuple[Array, Array, Array]]) -> None:
        self.diagonal, self.parts = diagonal, parts
        self._starts = [starts_of(members) for members, _, _ in parts]
        # group of each row, counted from zero among the rows held here
        self._groups = [
            np.repeat(np.arange(len(starts)), np.diff(starts, append=len(diagonal)))
            for starts in self._starts
        ]

    @classmethod
    def of(cls, fitted: Estimate) -> Marginal:
        """The covariance that a fit implies, levels innermost first."""
        tree, blocks = fitted.tree, fitted.tree.blocks
        row = fitted.standardised[-1][0, 0] if tree.row else 0.0
        parts = []
        members = np.arange(tree.k)
        for level, which in zip(blocks.levels, tree.effect_of, strict=True):
            counts = np.diff(level.starts, append=members[-1] + 1)
            members = np.repeat(np.arange(len(level.starts)), counts)[members]
            free = fitted.standardised[which] if which >= 0 else np.zeros((0, 0))
            g = level.covariance(free)
            parts.append((members, blocks.columns[:, level.z], g))
        return cls(blocks.known + row, parts)

    def take(self, rows: Array) -> Marginal:
        """The same for the rows of some whole studies."""
        parts = [(members[rows], z[rows], g) for members, z, g in self.parts]
        return Marginal(self.diagonal[rows], parts)

    def dense(self, rows: Array) -> Array:
        """Covariances of the rows of each study, for `rows` of shape (studies, size)."""
        size = rows.shape[1]
        out = np.zeros((len(rows), size, size))
        out[:, np.arange(size), np.arange(size)] = self.diagonal[rows]
        for depth, (members, z, g) in enumerate(self.parts):
            zr = z[rows]
            part = zr @ g @ zr.transpose(0, 2, 1)
            if depth < len(self.parts) - 1:
                group = members[rows]
                part *= group[:, :, None] == group[:, None, :]
            out += part
        return out

    def times(self, columns: Array) -> Array:
        """Σ times columns."""
        out = self.diagonal[:, None] * columns
        for (_, z, g), starts, groups in zip(self.parts, self._starts, self._groups, strict=True):
            sums = np.add.reduceat(z[:, :, None] * columns[:, None, :], starts)
            out = out + np.einsum("kq,kqc->kc", z, (g @ sums)[groups])
        return out

    def shifted_solve(self, columns: Array, shift: complex) -> Array:
        """(Σ + shift I)⁻¹ times columns, by the Woodbury identity from the rows up."""
        width = columns.shape[1]
        stacked = np.column_stack([columns, *(z for _, z, _ in self.parts)])
        out = stacked / (self.diagonal + shift)[:, None]
        at = width
        for (_, z, g), starts, groups in zip(self.parts, self._starts, self._groups, strict=True):
            own = slice(at, at + z.shape[1])
            at = own.stop
            sums = np.add.reduceat(z[:, :, None] * out[:, None, :], starts)
            scale = np.eye(len(g)) + sums[:, :, own] @ g
            out = out - np.einsum(
                "kq,kqc->kc", out[:, own], (g @ np.linalg.solve(scale, sums))[groups]
            )
        return out[:, :width]

    def adjusted(self, x: Array, bread: Array, leverage: float) -> Array:
        """The columns A_iΣ_i⁻¹X_i of the CR2 adjustment, for studies too large for dense algebra.

        Parameters
        ----------
        x : ndarray, shape (k, p)
            Design of these rows.
        bread : ndarray, shape (p, p)
            M, the covariance of the coefficients.
        leverage : float
            Largest eigenvalue of X_i'Σ_i⁻¹X_i M among the studies, below 1.

        Returns
        -------
        ndarray, shape (k, p)
            Adjusted columns, row by row.

        Notes
        -----
        AΣ⁻¹X = J⁻¹ᐟ²X with J = Σ² − ΣXMX', and

        .. math:: J^{-1/2} = \\frac{2}{\\pi} \\int_0^\\infty (J + t^2 I)^{-1} dt

        by the midpoint rule after the elliptic substitution of :cite:`hale2008`, whose error
        falls geometrically. (Σ² + t²)⁻¹ is the imaginary part of (Σ − it)⁻¹ over t and Σ(Σ² +
        t²)⁻¹ the real part, so that each node costs one complex solve and, for the low-rank part,
        one p × p inverse per study.
        """
        low = (1 - leverage) * self.diagonal.min() ** 2
        high = self.diagonal.max()
        for (_, z, g), starts in zip(self.parts, self._starts, strict=True):
            outer = np.add.reduceat(z[:, :, None] * z[:, None, :], starts)
            high += np.einsum("gab,ab->g", outer, g).max()
        nodes, weights = root_nodes(low, high**2)
        starts, groups = self._starts[-1], self._groups[-1]
        inverse = np.linalg.inv(bread)
        out = np.zeros_like(x)
        for node, weight in zip(nodes, weights, strict=True):
            solved = self.shifted_solve(x, -1j * node)
            y, z = solved.imag / node, solved.real
            by_y = np.add.reduceat(x[:, :, None] * y[:, None, :], starts)
            by_z = np.add.reduceat(x[:, :, None] * z[:, None, :], starts)
            correction = np.linalg.solve(inverse - by_z, by_y)
            out += weight * (y + np.einsum("kp,kpc->kc", z, correction[groups]))
        return out
