"""Grouped dose-response: ratios by category of dose, against a reference category each study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from repdose.arguments import choice
from repdose.dose_response.by_category import diagnostics, estimation
from repdose.dose_response.by_category.categories import Study, category_doses, studies
from repdose.dose_response.by_category.fitted import GroupedFit
from repdose.dose_response.by_category.shapes import Shape, designs, shape_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GroupedFit", "Shape", "Study", "category_doses", "grouped", "leave_one_out"]


def grouped(
    data: pd.DataFrame,
    *,
    shape: str = "rcs(3)",
    knots: Any = "quantiles",
    covariance: Any = "greenland1992",
    heterogeneity: str = "unstructured",
    method: str = "REML",
    stages: int = 1,
    open_ended: str = "half-width",
) -> GroupedFit:
    """A curve of log ratios on dose over studies that report categories of dose.

    Parameters
    ----------
    data : DataFrame
        One row a category: ``study``; ``dose``, or ``dose_low`` and ``dose_high`` with, where
        reported, ``dose_median`` or ``dose_mean`` [one unit of dose]; ``rr`` or ``log_rr``;
        ``ci_low`` and ``ci_high`` (95 %) or ``se`` (of the log ratio), empty for the reference,
        whose ratio is 1 and which may stand anywhere; for the covariance also ``design``
        (``case-control``, ``cumulative-incidence`` or ``incidence-rate``), ``cases`` and ``n``
        (subjects, or person-years of a rate).
    shape : str
        ``linear``, ``quadratic``, ``rcs(3)`` to ``rcs(5)``, ``fp(p)`` or ``fp(p, q)``,
        ``piecewise(a, ...)``, each also as ``spike + ...``.
    knots : {"quantiles", "person-years"} or sequence of float
        Knots of a spline: quantiles of the doses, weighted by ``n``, or given [unit of dose].
        They move the answer and are part of the result. Where most people are in the reference
        those by ``n`` fall together there, and the refusal names those of the others.
    covariance : str or mapping of matrices
        How the ratios of a study are correlated: ``greenland1992``, ``greenland1992-binomial``
        (risks with the variance of a share), ``hamling2008`` or ``independent``; a mapping gives
        a matrix for each study, rows in the order of the table without the reference.
    heterogeneity : {"unstructured", "diagonal", "proportional"}
        Covariance of the coefficients between studies: free, diagonal, or one variance times the
        inverse of the studies' mean information.
    method : {"REML", "ML", "fixed"}
        Likelihood; fixed takes one common curve.
    stages : {1, 2}
        One-stage keeps every study; two-stage fits each study first, then the mean of their
        coefficients, and refuses a study that has fewer ratios than coefficients. Where each has
        enough the two give the same coefficients; their likelihoods are of different data.
    open_ended : {"half-width", "1.2 x lower", "1.5 x lower"}
        Dose of a class without upper bound, where the table gives bounds.

    Returns
    -------
    GroupedFit
        Coefficients, curve, tests and the notes that belong with them.

    Raises
    ------
    ValueError
        Naming every fault of the table by study, row and column, a shape that the doses cannot
        carry, or an unknown choice.

    Notes
    -----
    :math:`y_i = X_i b + X_i u_i + e_i` without intercept, rows of X_i are f(dose) − f(reference
    dose), u_i ~ N(0, Ψ), e_i ~ N(0, S_i) :cite:`crippa2019`. The search starts from several
    places; ``optima`` tells when they disagree.

    *Valid for* ratios adjusted alike over categories of one study. *Not valid for* causal claims,
    studies that share people, or doses in different units.

    References
    ----------
    :cite:`greenland1992,hamling2008,crippa2019`

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({
    ...     "study": ["a"] * 3 + ["b"] * 3, "dose": [0, 30, 90] * 2, "design": "incidence-rate",
    ...     "n": [1000, 500, 200] * 2, "cases": [100, 40, 18] * 2,
    ...     "rr": [1, 0.8, 0.9, 1, 0.85, 0.88],
    ...     "se": [None, 0.10, 0.15, None, 0.12, 0.14]})
    >>> fit = grouped(table, shape="linear", method="fixed")
    >>> round(float(fit.curve(60)["rr"].iloc[0]), 3)
    0.894
    """
    choice("heterogeneity", heterogeneity, estimation.STRUCTURES)
    choice("method", method, estimation.METHODS)
    if stages not in (1, 2):
        raise ValueError(f"stages must be 1 or 2; got {stages!r}")
    return of_studies(
        *studies(data, covariance, open_ended),
        shape=shape,
        knots=knots,
        covariance=covariance,
        heterogeneity=heterogeneity,
        method=method,
        stages=stages,
    )


def of_studies(
    parts: Sequence[Study],
    said: Sequence[str],
    *,
    shape: str,
    knots: Any = "quantiles",
    covariance: Any,
    heterogeneity: str = "unstructured",
    method: str,
    stages: int = 1,
) -> GroupedFit:
    """The curve of studies that were checked, and of what was said of them; else as `grouped`."""
    notes = list(said)
    if covariance == "independent":
        notes.append(
            "ratios of a study are taken as independent, though they share a reference: intervals "
            "may be too narrow or too wide"
        )
    doses = np.concatenate([study.dose for study in parts])
    totals = np.concatenate([study.total for study in parts])
    curve = shape_of(shape, doses, totals, knots)
    if curve.note:
        notes.append(curve.note)
    return _fitted(list(parts), curve, notes, covariance, heterogeneity, method, stages)


def _fitted(
    parts: list[Study],
    shape: Shape,
    notes: list[str],
    covariance: Any,
    heterogeneity: str,
    method: str,
    stages: int,
) -> GroupedFit:
    """The fit of checked studies, with the notes that its numbers call for."""
    data = estimation.sums(
        designs(shape, [study.dose for study in parts], [study.reference for study in parts]),
        [study.log_ratio[study.others] for study in parts],
        [study.covariance for study in parts],
    )
    information = data.information.sum(axis=0)
    if np.linalg.cond(information) > 1 / np.finfo(float).eps:
        raise ValueError(
            f"{shape.name}: the studies' own contrasts cannot tell its coefficients apart; take a "
            "simpler shape"
        )
    if method != "fixed" and len(parts) < 2:
        raise ValueError('one study shows no heterogeneity; use method="fixed"')
    terms = len(shape.terms)
    few = [
        study.name
        for study, rank in zip(parts, diagnostics.ranks(data), strict=True)
        if rank < terms
    ]
    if stages == 2 and few:
        raise ValueError(
            f"two stages need {terms} ratios at different doses in every study; fewer in "
            f"{', '.join(few)}: use stages=1, which keeps them, or a simpler shape"
        )
    estimate = estimation.fit(
        data if stages == 1 else estimation.first_stage(data), method, heterogeneity
    )
    fixed = estimation.fit(data, "fixed", heterogeneity)
    noted = list(notes)
    if len(parts) <= terms:
        noted.append(
            f"{len(parts)} studies and {terms} coefficients leave no degrees of freedom for t: "
            "intervals use the normal quantile and are too narrow"
        )
    if estimate.boundary:
        noted.append("heterogeneity is on its boundary: a variance of zero or a correlation of one")
    if len(estimate.optima) > 1:
        noted.append(
            "the likelihood has several maxima: "
            + ", ".join(f"{value:.4f}" for value in estimate.optima)
        )
    if not estimate.converged:
        noted.append("the search did not converge; do not use these numbers")
    named = covariance if isinstance(covariance, str) else "given"
    return GroupedFit(
        tuple(parts),
        shape,
        data,
        estimate,
        fixed,
        named,
        heterogeneity,
        method,
        stages,
        tuple(noted),
    )


def leave_one_out(fit: GroupedFit) -> dict[str, GroupedFit]:
    """The same model without each study in turn, the shape and its knots kept.

    Returns
    -------
    dict
        Name of the study left out -> fit of the others.

    Raises
    ------
    ValueError
        If fewer than three studies are there, or the others cannot carry the shape.
    """
    if fit.k < 3 and fit.method != "fixed":
        raise ValueError(f"leaving one of {fit.k} studies out leaves no heterogeneity to estimate")
    return {
        left.name: _fitted(
            [study for study in fit.studies if study is not left],
            fit.shape,
            [],
            fit.covariance,
            fit.heterogeneity,
            fit.method,
            fit.stages,
        )
        for left in fit.studies
    }
