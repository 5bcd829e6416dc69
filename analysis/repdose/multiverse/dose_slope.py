"""The slope of gain over weekly sets under every defensible way to fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from repdose.arguments import Floats, Range, checked, choice
from repdose.evidence.studies.trial_data import trials
from repdose.evidence.used import kept
from repdose.multiverse.core import Multiverse, evaluate
from repdose.multiverse.declarations import declared, declared_number

if TYPE_CHECKING:
    import pandas as pd

    from repdose.metaregression.estimation import Estimate
    from repdose.metaregression.prepared import Prepared

# By outcome: the trials' own word for it, and how it is printed.
OUTCOMES = {"hypertrophy": ("size", "muscle size"), "strength": ("strength", "strength")}
LEVELS = ("study", "arm", "es_id")
SETS = Range(0, 100, "sets per muscle per week")
SHAPES = {"linear": "linear", "log": "log", "sqrt": "square root"}


def dose_response_slope(
    outcome: str = "hypertrophy",
    *,
    from_sets: float = 10,
    to_sets: float = 20,
    r: float | None = None,
    rho: float = 0.6,
) -> Multiverse:
    r"""Gain of each further weekly set, re-fitted to the set-volume trials.

    Parameters
    ----------
    outcome : {"hypertrophy", "strength"}
        Which outcomes of the trials.
    from_sets, to_sets : float
        Doses between which the slope is taken. [sets per muscle per week]
    r : {0.5, 0.8, 0.9}, optional
        Pre-post correlation of the default specification; by default the outcome's own, 0.9 for
        muscle size and 0.8 for strength.
    rho : {0, 0.6}
        Its sampling correlation within an arm.

    Returns
    -------
    Multiverse
        Outcome: standardised mean change per further weekly set, over pre-post correlations,
        sampling correlations within an arm, shapes, trials kept, and entries as corrected or
        as entered.

    Raises
    ------
    ValueError
        If an argument is out of range, or a fit does not converge.

    Notes
    -----
    .. math:: \frac{\hat y(d_2) - \hat y(d_1)}{d_2 - d_1}

    of a meta-regression by REML with studies, arms and effects as nested levels, and exact sampling
    variances at one effect for all, see :func:`repdose.dose_response.at_common_effect`. Sampling
    errors correlate as in the dose-response report: within an arm by `rho`, and between limbs of
    the same people. The slope blends that between arms of one trial with that between trials. The
    default is linear, with declared corrections applied and no row left out that is only flagged.
    Trials that the compiler left out are a choice only where they have the outcome.

    *Valid for:* how far the slope depends on choices. *Not valid for:* trunk muscles, which
    no trial measured; and it says nothing of sampling error: see the fit's own intervals.

    References
    ----------
    :cite:`steegen2016`, :cite:`hammarstrom2021`

    Examples
    --------
    >>> universe = dose_response_slope("strength")
    >>> universe.count, universe.share(0)
    (54, 1.0)
    """
    from repdose.dose_response.variances import OWN_R

    choice("outcome", outcome, OUTCOMES)
    low = float(checked("from_sets", from_sets, SETS))
    high = float(checked("to_sets", to_sets, SETS))
    if not low < high:
        raise ValueError(f"from_sets must be below to_sets; got {low:g} and {high:g}")
    default_r = OWN_R[outcome] if r is None else declared_number("r", r)
    return _every_slope(outcome, low, high, default_r, declared_number("rho", rho))


@kept
def _every_slope(
    outcome: str, low: float, high: float, default_r: str, default_rho: str
) -> Multiverse:
    """The same for arguments that were checked, each fitted once a process."""
    # Regression pulls in most of the scientific stack; whoever asks for energy does not pay for it
    from repdose.dose_response.forms import FORMS

    domain, printed = OUTCOMES[outcome]

    def slope(
        *, shape: str, entries: str, r: Floats, rho: Floats, trials_kept: str = "authors"
    ) -> Floats:
        formula = FORMS[SHAPES[shape]].format(x="weekly_sets")
        return np.array(
            [
                _slope(
                    _line(domain, entries, trials_kept, float(one), float(within)),
                    formula,
                    low,
                    high,
                )
                for one, within in zip(np.atleast_1d(r), np.atleast_1d(rho), strict=True)
            ]
        )

    choices = [
        declared("shape", default="linear"),
        declared("r", default=default_r),
        declared("rho", default=default_rho),
        declared("entries", default="corrected"),
    ]
    if len(trial_rows(domain, "raw", "all")) > len(trial_rows(domain, "raw", "authors")):
        choices.append(declared("trials_kept", default="authors"))
    return evaluate(
        slope,
        choices,
        outcome=f"Gain in {printed} of each set from {low:g} to {high:g} weekly sets",
        unit="SD per set",
    )


@kept
def trial_rows(domain: str, entries: str, trials_kept: str) -> pd.DataFrame:
    """Training arms of one domain, with the trials and the entries that are kept."""
    rows = trials("volume", raw=entries == "raw")
    keep = (rows["domain"] == domain) & ~rows["control_arm"]
    if trials_kept == "authors":
        keep &= ~rows["authors_excluded"]
    if entries == "unflagged":
        keep &= rows["flagged"] == ""
    return rows[keep]


@kept
def _correlations(domain: str, entries: str, trials_kept: str, rho: float) -> list[Any]:
    """Of the sampling errors of those arms, by study."""
    from repdose.dose_response.trial_tables import sampling_correlations
    from repdose.dose_response.trials import R_LIMBS

    rows = trial_rows(domain, entries, trials_kept)
    return sampling_correlations(rows, rho=rho, r_limbs=R_LIMBS)


@kept
def _line(
    domain: str, entries: str, trials_kept: str, r: float, rho: float
) -> tuple[Prepared, Estimate]:
    """Effects of those arms, checked for a fit, and the straight line, where each search begins."""
    from repdose.dose_response.trial_tables import sampling_errors
    from repdose.dose_response.variances import at_common_effect
    from repdose.metaregression.model import fits
    from repdose.metaregression.prepared import prepare

    def covariance(effects: pd.DataFrame) -> list[Any]:
        return sampling_errors(effects, _correlations(domain, entries, trials_kept, rho))

    rows = trial_rows(domain, entries, trials_kept)
    effects, _ = at_common_effect(rows, r=r, levels=LEVELS, covariance=covariance)
    ready = prepare(effects, levels=LEVELS, V=covariance(effects))
    return ready, fits(ready, "~ weekly_sets", ["REML"])[0].fitted


def _slope(line: tuple[Prepared, Estimate], formula: str, low: Floats, high: Floats) -> float:
    from repdose.metaregression.model import fits

    ready, start = line
    (fit,) = fits(ready, formula, ["REML"], start=start)
    if not fit.converged:
        raise ValueError(f"the fit of {formula} did not converge")
    ends = fit.predict({"weekly_sets": [low, high]})["estimate"].to_numpy()
    return float((ends[1] - ends[0]) / (high - low))
