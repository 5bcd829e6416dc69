"""How well a curve fits its categories, and where its studies differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtrc

from repdose.dose_response.by_category.categories import Study
from repdose.dose_response.by_category.estimation import Estimate, Sums

Array = NDArray[Any]

# Directions in which a study has less than this share of its largest information are not told
# apart by it; columns are scaled, so that the share has no unit.
SINGULAR = 1e-10


def heterogeneity(sums: Sums, fixed: Estimate) -> dict[str, float]:
    """Q, its degrees of freedom and p, and I² [share of the variance, 0 to 1].

    Notes
    -----
    Q = Σ (b_i − b)'V_i⁻¹(b_i − b) at the fixed-effect b; a study that cannot hold every
    coefficient counts with those it can.
    """
    b = fixed.coefficients * sums.scale
    residual = sums.score - sums.information @ b
    inverse = np.linalg.pinv(sums.information, rcond=SINGULAR, hermitian=True)
    q = float(np.einsum("ia,iab,ib->", residual, inverse, residual))
    df = int(ranks(sums).sum()) - len(b)
    share = max(0.0, 1 - df / q) if q > 0 else 0.0
    return {"q": q, "df": df, "p": float(chdtrc(df, q)) if df else 1.0, "i2": share}


def ranks(sums: Sums) -> Array:
    """Number of coefficients that each study's own ratios tell apart, shape (k,)."""
    values = np.linalg.eigvalsh(sums.information)
    return np.asarray((values > SINGULAR * values[:, -1:]).sum(axis=1))


def own_coefficients(sums: Sums) -> list[Array | None]:
    """Coefficients of each study alone, on scaled columns; None where it has too few ratios."""
    return [
        np.linalg.solve(information, score) if rank == len(score) else None
        for information, score, rank in zip(sums.information, sums.score, ranks(sums), strict=True)
    ]


def goodness(sums: Sums, fixed: Estimate) -> dict[str, float]:
    """Deviance, its degrees of freedom and p, R² and adjusted R² [share].

    Notes
    -----
    D = Σ (y − Xb)'S⁻¹(y − Xb) at the fixed-effect b, R² = 1 − D / Σ y'S⁻¹y.

    References
    ----------
    :cite:`discacciati2017`
    """
    b = fixed.coefficients * sums.scale
    information = sums.information.sum(axis=0)
    deviance = float(sums.square.sum() - 2 * (sums.score @ b).sum() + b @ information @ b)
    count, total = int(sums.rows.sum()), float(sums.square.sum())
    left, share = count - len(b), 1 - deviance / total
    return {
        "deviance": deviance,
        "df": left,
        "p": float(chdtrc(left, deviance)) if left else 1.0,
        "r2": share,
        "r2_adjusted": 1 - count / left * (1 - share) if left else share,
    }


def categories(
    studies: Sequence[Study], designs: Sequence[Array], psi: Array, fixed: Array
) -> pd.DataFrame:
    """Each category against the reference of its study.

    Returns
    -------
    DataFrame
        ``vpc``, the share of the category's variance that lies between studies
        :cite:`crippa2019`, and ``residual``, decorrelated, at the fixed-effect curve [SD]
        :cite:`discacciati2017`.
    """
    parts = []
    for study, x in zip(studies, designs, strict=True):
        ratio = study.log_ratio[study.others]
        between = np.einsum("ra,ab,rb->r", x, psi, x)
        root = np.linalg.cholesky(study.covariance)
        parts.append(
            pd.DataFrame(
                {
                    "study": study.name,
                    "dose": study.dose[study.others],
                    "log_rr": ratio,
                    "vpc": between / (between + study.variance[study.others]),
                    "residual": np.linalg.solve(root, ratio - x @ fixed),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)
