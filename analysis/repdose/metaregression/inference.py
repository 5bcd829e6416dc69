"""Tables, tests and intervals of a fit."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from repdose.arguments import Range, checked
from repdose.metaregression.fitted import Fitted
from repdose.metaregression.robust import FEW_DF, Sandwich

Array = NDArray[Any]

WEIGHT = Range(-1e12, 1e12, "")


def quantile(df: Any, level: float) -> Array:
    """Two-sided t quantile; normal for infinite df."""
    return np.asarray(special.stdtrit(np.asarray(df, dtype=float), (1 + level) / 2))


def table(
    terms: Sequence[str], estimate: Array, se: Array, df: Array, level: float
) -> pd.DataFrame:
    """Estimates with t statistics, two-sided p and intervals, and a note where df are few."""
    statistic = estimate / se
    half = quantile(df, level) * se
    low = f"df below {FEW_DF}: p and interval are unreliable"
    columns = {
        "estimate": estimate,
        "se": se,
        "df": df,
        "statistic": statistic,
        "p": 2 * special.stdtr(df, -np.abs(statistic)),
        "ci_low": estimate - half,
        "ci_high": estimate + half,
        "note": [low if value < FEW_DF else "" for value in df],
    }
    return pd.DataFrame(columns, index=pd.Index(terms, name="term"))


def robust_table(
    fit: Fitted,
    errors: Sandwich,
    terms: Sequence[str],
    estimate: Array,
    contrasts: Array,
    level: float,
) -> pd.DataFrame:
    """Estimates with robust errors; where there is none to be had, a note says why."""
    variance, df, why = errors.inference(contrasts, fit.problem.levels[0], fit.labels)
    out = table(terms, estimate, np.sqrt(variance), df, level)
    out["note"] = [text or note for text, note in zip(why, out["note"], strict=True)]
    return out


def wald(fit: Fitted, terms: Sequence[str] | None, kind: str | None) -> pd.Series:
    """Wald test that the coefficients of `terms` are all zero.

    Notes
    -----
    Model-based: b'V⁻¹b is χ² with q degrees of freedom under test="z", else b'V⁻¹b / q is F with
    the smallest degrees of freedom of the terms. Robust: the approximate Hotelling test, in which

    .. math:: F = \\frac{\\eta - q + 1}{\\eta q} b'V_R^{-1}b \\sim F(q, \\eta - q + 1)

    and η matches the total variance of the robust covariance to that of a Wishart matrix
    :cite:`tipton2015hotelling,pustejovsky2018`.
    """
    chosen = (
        [term for term in fit.terms if term != "Intercept" and not term.startswith("ed50(")]
        if terms is None
        else list(terms)
    )
    for term in chosen:
        if term not in fit.terms:
            raise ValueError(f"terms: no coefficient {term!r}; the fit has {', '.join(fit.terms)}")
    if not chosen or len(set(chosen)) < len(chosen):
        raise ValueError(f"terms must name different coefficients to test; got {chosen}")
    at = [fit.terms.index(term) for term in chosen]
    b, q = fit.fitted.beta[at], len(at)
    if kind is None:
        v = fit.covariance.to_numpy()[np.ix_(at, at)]
        root = np.sqrt(np.diag(v))
        statistic = float((b / root) @ np.linalg.solve(v / np.outer(root, root), b / root))
        df = float(fit.degrees_of_freedom[at].min())
        if np.isinf(df):
            return _series(statistic, q, np.inf, float(special.chdtrc(q, statistic)))
        return _series(statistic / q, q, df, float(special.fdtrc(q, df, statistic / q)))
    errors = fit.sandwich(kind)
    contrasts = fit.fitted.to_terms[at]
    _, _, doubts = errors.inference(contrasts, fit.problem.levels[0], fit.labels)
    for term, why in zip(chosen, doubts, strict=True):
        if why:
            raise ValueError(f"coefficient {term!r} cannot be tested ({why}); leave it out")
    v = contrasts @ errors.covariance @ contrasts.T
    root = np.sqrt(np.diag(v))
    statistic = float((b / root) @ np.linalg.solve(v / np.outer(root, root), b / root))
    eta = errors.hotelling_degrees_of_freedom(contrasts)
    if eta <= q - 1:
        raise ValueError(
            f"{len(fit.labels)} groups leave {eta:.2f} degrees of freedom, too few to test "
            f"{q} coefficients at once; test fewer"
        )
    f = (eta - q + 1) / (eta * q) * statistic
    return _series(f, q, eta - q + 1, float(special.fdtrc(q, eta - q + 1, f)))


def _series(statistic: float, df: float, denominator: float, p: float) -> pd.Series:
    values = {"statistic": statistic, "df": df, "df_denominator": denominator, "p": p}
    return pd.Series(values, dtype=float)


def contrast(
    fit: Fitted, weights: Mapping[str, float], kind: str | None, level: float
) -> pd.Series:
    """A weighted sum of coefficients with its test and interval."""
    if not isinstance(weights, Mapping):
        raise ValueError(f"weights must map terms to numbers; got {type(weights).__name__}")
    row = np.zeros((1, len(fit.terms)))
    for term, weight in weights.items():
        if term not in fit.terms:
            raise ValueError(
                f"weights: no coefficient {term!r}; the fit has {', '.join(fit.terms)}"
            )
        row[0, fit.terms.index(term)] = checked(f"weights[{term!r}]", weight, WEIGHT)
    if not row.any():
        raise ValueError("weights are all zero: name at least one coefficient")
    estimate = row @ fit.fitted.beta
    if kind is None:
        variance = np.einsum("ra,ab,rb->r", row, fit.covariance.to_numpy(), row)
        df = np.where(row != 0, fit.degrees_of_freedom, np.inf).min(axis=1)
        out = table(["contrast"], estimate, np.sqrt(variance), df, level)
    else:
        contrasts = row @ fit.fitted.to_terms
        out = robust_table(fit, fit.sandwich(kind), ["contrast"], estimate, contrasts, level)
    return out.iloc[0]


def likelihood_ratio(larger: Fitted, smaller: Fitted) -> pd.Series:
    """Likelihood-ratio test of two nested fits of the same effects.

    Notes
    -----
    A variance tested against zero lies on the boundary; p from χ² is then too large
    :cite:`self1987`.
    """
    if not larger.problem.same_data(smaller.problem):
        raise ValueError(
            "the two fits must be of the same effects and sampling errors, in the same order"
        )
    if larger.method != smaller.method or larger.method not in ("REML", "ML"):
        raise ValueError(
            f"both fits must be ML, or both REML; got {larger.method} and {smaller.method}"
        )
    if larger.method == "REML" and larger.terms != smaller.terms:
        raise ValueError("fits with different coefficients compare under ML only; refit both")
    df = (
        len(larger.terms)
        + len(larger.fitted.point)
        - len(smaller.terms)
        - len(smaller.fitted.point)
    )
    if df <= 0:
        raise ValueError("the fit given must be the smaller one: it has as many parameters or more")
    statistic = 2 * (larger.loglik - smaller.loglik)
    values = {"statistic": statistic, "df": df, "p": float(special.chdtrc(df, max(statistic, 0.0)))}
    return pd.Series(values, dtype=float)


def predictions(
    fit: Fitted, rows: Array, offset: Array, between: Array, level: float, kind: str | None
) -> pd.DataFrame:
    """Means with confidence and prediction intervals, for design rows."""
    studies = len(fit.labels)
    p = len(fit.terms)
    model = np.einsum("ra,ab,rb->r", rows, fit.covariance.to_numpy(), rows)
    estimate = rows @ fit.fitted.beta + offset
    if kind is None:
        used = np.where(rows != 0, fit.degrees_of_freedom, np.inf).min(axis=1)
        variance, df = model, used
    else:
        errors = fit.sandwich(kind)
        contrasts = rows @ fit.fitted.to_terms
        variance, df, why = errors.inference(contrasts, fit.problem.levels[0], fit.labels)
        unknown = [i for i, text in enumerate(why) if text]
        if unknown:
            reasons = "; ".join(dict.fromkeys(why[i] for i in unknown))
            which = ", ".join(map(str, unknown))
            warnings.warn(f"rows {which} of the new data: {reasons}", UserWarning, stacklevel=3)
    se = np.sqrt(variance)
    half = quantile(df, level) * se
    # a new group is no surer than the mean of all, however few degrees of freedom that has
    wide = np.fmax(quantile(studies - p, level) * np.sqrt(model + between), half)
    return pd.DataFrame(
        {
            "estimate": estimate,
            "se": se,
            "ci_low": estimate - half,
            "ci_high": estimate + half,
            "pi_low": estimate - wide,
            "pi_high": estimate + wide,
        }
    )
