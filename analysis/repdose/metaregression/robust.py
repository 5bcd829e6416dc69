"""Cluster-robust covariance with small-sample corrections, study by study."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repdose.metaregression.estimation import Estimate
from repdose.metaregression.marginal import Marginal
from repdose.metaregression.problem import starts_of

Array = NDArray[Any]

KINDS = ("CR0", "CR1", "CR2")
# A study with leverage this close to 1 determines a coefficient alone: that direction has no
# residual to learn from.
FULL_LEVERAGE = 1e-9
# A variance below this share of the model-based one is rounding.
ROUNDING = 1e-10
# Studies with more effects than this are adjusted by quadrature, whose cost is linear in their
# size.
LARGE = 30
# Numbers held at once by a batch of study covariances, so that memory does not grow with the data.
BATCH = 100_000
# Below so many degrees of freedom the t approximation is not to be trusted (Tipton 2015).
FEW_DF = 4


@dataclass(frozen=True, slots=True)
class Sandwich:
    """Robust covariance of standardised coefficients, and what degrees of freedom need.

    For study i with R_i = A_iΣ_i⁻¹X_i: `meat` = R_i'ΣR_i and `cross` = X_i'R_i, each of shape
    (studies, p, p). `alone` holds, as columns, the directions of the coefficients that one study
    determines by itself, scaled to their model-based variance; `owners` says which study.
    """

    kind: str
    bread: Array
    covariance: Array
    meat: Array
    cross: Array
    alone: Array
    owners: Array

    def variance(self, contrasts: Array) -> Array:
        """Robust variance of each row of `contrasts` (standardised basis)."""
        return np.asarray(np.einsum("ra,ab,rb->r", contrasts, self.covariance, contrasts))

    def exact(self, contrasts: Array) -> Array:
        """Whether residuals are zero, but for rounding, in what each row of `contrasts` asks."""
        whole = np.einsum("ra,ab,rb->r", contrasts, self.bread, contrasts)
        return np.asarray(self.variance(contrasts) <= ROUNDING * whole)

    def inference(
        self, contrasts: Array, level: str, labels: Array
    ) -> tuple[Array, Array, list[str]]:
        """Variance and degrees of freedom of each row of `contrasts`, NaN where there are none.

        The third says why there are none, and is empty where there are.

        Notes
        -----
        A study that alone determines a direction of the coefficients is fitted exactly there,
        and leaves no residual that could tell its error. A contrast whose model-based variance
        holds more than rounding of such a direction has no robust variance, whatever the other
        studies say of the rest of it.
        """
        parts = (contrasts @ self.alone) ** 2
        whole = np.einsum("ra,ab,rb->r", contrasts, self.bread, contrasts)
        variance, df = self.variance(contrasts), self.degrees_of_freedom(contrasts)
        exact, out = self.exact(contrasts), []
        for i, part in enumerate(parts):
            owners = dict.fromkeys(self.owners[part > ROUNDING * whole[i]].tolist())
            if owners:
                names = ", ".join(str(labels[owner]) for owner in owners)
                out.append(f"rests on {level} {names} alone: no robust error, p or interval")
            elif exact[i]:
                out.append("residuals are zero: no robust error, p or interval")
            elif not df[i] > 1 - ROUNDING:
                out.append(f"{df[i]:.2g} degrees of freedom, below 1: no robust p or interval")
            else:
                out.append("")
        unknown = np.array([bool(text) for text in out])
        return np.where(unknown, np.nan, variance), np.where(unknown, np.nan, df), out

    def degrees_of_freedom(self, contrasts: Array) -> Array:
        """Satterthwaite degrees of freedom of each row of `contrasts` (standardised basis).

        Notes
        -----
        With a_i = R_i M c, the robust variance is a sum of squares whose working covariance is
        δ_ij a_i'Σ_i a_i − a_i'X_i M X_j'a_j; only these scalars and p-vectors enter.
        """
        c = contrasts @ self.bread
        t = np.einsum("ra,iab,rb->ri", c, self.meat, c)
        root = np.linalg.cholesky(self.bread)
        u = np.einsum("iab,rb,ac->ric", self.cross, c, root)
        own = np.einsum("ric,ric->ri", u, u)
        mean = (t - own).sum(axis=1)
        outer = np.einsum("ria,rib->rab", u, u)
        spread = (t**2).sum(axis=1) - 2 * (t * own).sum(axis=1) + (outer**2).sum(axis=(1, 2))
        df = np.divide(mean**2, spread, out=np.zeros(len(mean)), where=spread > 0)
        return np.asarray(df)

    def hotelling_degrees_of_freedom(self, contrasts: Array) -> float:
        """Degrees of freedom η of the approximate Hotelling test of several contrasts at once.

        Notes
        -----
        With the robust covariance standardised by its expectation, η = q(q + 1) / Σ Var over its
        entries :cite:`tipton2015hotelling`. Entries (s, t) of a sum of outer products of normal
        vectors have variance Σ_ij (w_ij,ss w_ij,tt + w_ij,st w_ij,ts), where w_ij is the working
        covariance of the terms of studies i and j.
        """
        c = contrasts @ self.bread
        q = len(c)
        own = np.einsum("sa,iab,tb->ist", c, self.meat, c)
        root = np.linalg.cholesky(self.bread)
        u = np.einsum("iab,sb,ac->isc", self.cross, c, root)
        expected = (own - np.einsum("isc,itc->ist", u, u)).sum(axis=0)
        values, vectors = np.linalg.eigh(expected)
        whiten = (vectors / np.sqrt(values)).T
        own = whiten @ own @ whiten.T
        u = np.einsum("st,itc->isc", whiten, u)
        # w_ij = δ_ij own_i − u_i u_j'; its products are summed over i and j through sums over
        # studies alone
        spread = 0.0
        gram = np.einsum("isc,itd->stcd", u, u)
        for s in range(q):
            for t in range(q):
                for a, b, e, f in ((s, s, t, t), (s, t, t, s)):
                    diagonal = own[:, a, b] * own[:, e, f]
                    mixed = own[:, a, b] * (u[:, e] * u[:, f]).sum(axis=1)
                    mixed = mixed + own[:, e, f] * (u[:, a] * u[:, b]).sum(axis=1)
                    spread += float(diagonal.sum() - mixed.sum() + (gram[a, e] * gram[b, f]).sum())
        return q * (q + 1) / spread


def sandwich(fitted: Estimate, kind: str = "CR2") -> Sandwich:
    """Robust covariance of a fit, clustered at its outermost level.

    Parameters
    ----------
    fitted : Estimate
        The fit; its marginal covariance is both the weights and the working model.
    kind : {"CR2", "CR1", "CR0"}
        CR0 without correction, CR1 times N / (N − 1) for N studies, CR2 bias-reduced.

    Returns
    -------
    Sandwich
        Covariance and the pieces for degrees of freedom.

    Notes
    -----
    .. math:: V = M \\Big(\\sum_i X_i'W_iA_i e_i e_i'A_i'W_iX_i\\Big) M,\\quad
              M = (X'WX)^{-1},\\quad A_i = D_i'(D_i(\\Sigma_i - X_iMX_i')D_i')^{+1/2}D_i,\\quad
              D_i'D_i = \\Sigma_i

    with W = Σ⁻¹ :cite:`pustejovsky2018`. The rank of the inverse root is read from leverages,
    which have no unit, so the result does not depend on the units of effects and moderators. The
    inverse root of a small study is dense; that of a large one is a quadrature, linear in its size.

    *Valid for* independent studies. *Not valid for* clusters that share participants.

    References
    ----------
    :cite:`pustejovsky2018,tipton2015`
    """
    precision, bread = fitted.precision_by_cluster, fitted.gamma_covariance
    studies = len(precision)
    root = np.linalg.cholesky(bread)
    shares = root.T @ precision @ root
    leverage = np.linalg.eigvalsh(shares)
    if kind == "CR2":
        score, meat, cross = _bias_reduced(fitted, leverage)
    else:
        score, meat, cross = fitted.score_by_cluster, precision, precision
    covariance = bread @ (score.T @ score) @ bread
    if kind == "CR1":
        covariance = covariance * studies / (studies - 1)
    owners, at = np.nonzero(1 - leverage < FULL_LEVERAGE)
    directions = np.linalg.eigh(shares[owners])[1]
    alone = root @ directions[np.arange(len(owners)), :, at].T
    return Sandwich(kind, bread, covariance, meat, cross, alone, owners)


def _bias_reduced(fitted: Estimate, leverage: Array) -> tuple[Array, Array, Array]:
    """R_i'e_i, R_i'ΣR_i and X_i'R_i of every study, in batches of studies of one size."""
    tree, bread = fitted.tree, fitted.gamma_covariance
    p, residuals = tree.p, fitted.residuals
    x = tree.blocks.columns[:, :p]
    starts = starts_of(tree.problem.codes[tree.order, 0])
    sizes = np.diff(starts, append=tree.k)
    lost = (1 - leverage < FULL_LEVERAGE).sum(axis=1)
    score = np.empty((len(starts), p))
    meat, cross = np.empty((2, len(starts), p, p))
    marginal = Marginal.of(fitted)
    large = (sizes > LARGE) & (lost == 0)
    if large.any():
        rows = np.flatnonzero(np.repeat(large, sizes))
        part, xi = marginal.take(rows), x[rows]
        adjusted = part.adjusted(xi, bread, leverage[large].max())
        times, first = part.times(adjusted), np.cumsum(sizes[large]) - sizes[large]
        score[large] = np.add.reduceat(adjusted * residuals[rows][:, None], first)
        meat[large] = np.add.reduceat(adjusted[:, :, None] * times[:, None, :], first)
        cross[large] = np.add.reduceat(xi[:, :, None] * adjusted[:, None, :], first)
    for size in np.unique(sizes[~large]):
        alike = np.flatnonzero((sizes == size) & ~large)
        step = max(1, BATCH // int(size) ** 2)
        for at in range(0, len(alike), step):
            chosen = alike[at : at + step]
            rows = starts[chosen][:, None] + np.arange(size)
            sigma, xi = marginal.dense(rows), x[rows]
            lower = np.linalg.cholesky(sigma)
            upper = lower.transpose(0, 2, 1)
            left = upper @ xi
            middle = upper @ sigma @ lower - left @ bread @ left.transpose(0, 2, 1)
            values, vectors = np.linalg.eigh(middle)
            keep = np.arange(size) >= lost[chosen][:, None]
            inverse_root = np.where(keep, 1 / np.sqrt(np.where(keep, values, 1.0)), 0.0)
            whitened = np.linalg.solve(lower, xi)
            turned = vectors.transpose(0, 2, 1) @ whitened
            adjusted = lower @ (vectors @ (inverse_root[:, :, None] * turned))
            transposed = adjusted.transpose(0, 2, 1)
            score[chosen] = (transposed @ residuals[rows][:, :, None])[:, :, 0]
            meat[chosen] = transposed @ sigma @ adjusted
            cross[chosen] = xi.transpose(0, 2, 1) @ adjusted
    return score, meat, cross
