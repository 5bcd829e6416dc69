"""The slope of gain over weekly sets under every defensible way to fit it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from analysis import metaregression
from analysis.arguments import Floats, Range, checked, choice
from analysis.effect_sizes import effects
from analysis.multiverse.core import Multiverse, evaluate
from analysis.multiverse.declared import declared
from evidence.choices import declared_options
from evidence.trials import trials

if TYPE_CHECKING:
    import pandas as pd

DOMAINS = {"size": "muscle size", "strength": "strength"}
SETS = Range(0, 100, "sets per muscle per week")
FORMULAS = {
    "linear": "~ weekly_sets",
    "log": "~ log1p(weekly_sets)",
    "sqrt": "~ sqrt(weekly_sets)",
}


def dose_response_slope(
    domain: str = "size",
    *,
    from_sets: float = 10,
    to_sets: float = 20,
    r: float = 0.8,
) -> Multiverse:
    r"""Gain of each further weekly set, re-fitted to the set-volume trials.

    Parameters
    ----------
    domain : {"size", "strength"}
        Which outcomes of the trials.
    from_sets, to_sets : float
        Doses between which the slope is taken. [sets per muscle per week]
    r : {0.5, 0.8, 0.9}
        Pre-post correlation of the default specification.

    Returns
    -------
    Multiverse
        Outcome: standardised mean change per further weekly set, over pre-post correlations,
        sampling correlations within an arm, estimators, shapes, trials kept, and entries as
        corrected or as entered.

    Raises
    ------
    ValueError
        If an argument is out of range, or a fit does not converge.

    Notes
    -----
    .. math:: \frac{\hat y(d_2) - \hat y(d_1)}{d_2 - d_1}

    of a meta-regression with studies, arms and effects as nested levels. The default is
    linear, by REML, with a sampling correlation of 0, declared corrections applied.

    *Valid for:* how far the slope depends on choices. *Not valid for:* trunk muscles, which
    no trial measured; and it says nothing of sampling error: see the fit's own intervals.

    References
    ----------
    :cite:`steegen2016`, :cite:`hammarstrom2021`

    Examples
    --------
    >>> found = dose_response_slope("size")
    >>> found.count, found.share(0)
    (144, 1.0)
    """
    choice("domain", domain, DOMAINS)
    low = checked("from_sets", from_sets, SETS)
    high = checked("to_sets", to_sets, SETS)
    if not low < high:
        raise ValueError(f"from_sets must be below to_sets; got {low:g} and {high:g}")

    def slope(
        *, shape: str, method: str, trials_kept: str, entries: str, r: Floats, rho: Floats
    ) -> Floats:
        rows = _rows(domain, entries, trials_kept)
        return np.array(
            [
                _slope(effects(rows, r=one), FORMULAS[shape], method, within, low, high)
                for one, within in zip(np.atleast_1d(r), np.atleast_1d(rho), strict=True)
            ]
        )

    names = {str(row.value): name for name, row in declared_options("r").items()}
    return evaluate(
        slope,
        [
            declared("shape", default="linear"),
            declared("r", default=names[choice("r", str(float(r)), names)]),
            declared("rho", default="0"),
            declared("method", default="REML"),
            declared("trials_kept", default="authors"),
            declared("entries", default="corrected"),
        ],
        outcome=f"Gain in {DOMAINS[domain]} of each set from {low:g} to {high:g} weekly sets",
        unit="SD per set",
    )


@cache
def _rows(domain: str, entries: str, trials_kept: str) -> pd.DataFrame:
    """Training arms of one domain, with the trials and the entries that are kept."""
    rows = trials("volume", raw=entries == "raw")
    keep = (rows["domain"] == domain) & ~rows["control_arm"]
    if trials_kept == "authors":
        keep &= ~rows["authors_excluded"]
    if entries == "corrected":
        keep &= rows["flagged"] == ""
    return rows[keep & rows["sd_pre"].notna() & rows["mean_post"].notna()]


def _slope(
    rows: pd.DataFrame, formula: str, method: str, rho: float, low: Floats, high: Floats
) -> float:
    fit = metaregression.fit(
        rows,
        formula=formula,
        levels=["study", "arm", "es_id"],
        method=method,
        rho=float(rho),
        rho_within="arm" if rho else None,
    )
    if not fit.converged:
        raise ValueError(f"the {method} fit of {formula} with rho {rho:g} did not converge")
    ends = fit.predict({"weekly_sets": [low, high]})["estimate"].to_numpy()
    return float((ends[1] - ends[0]) / (high - low))
