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

    from repdose.dose_response.variances import Taken
    from repdose.metaregression import Fit

# By outcome: the trials' own word for it, and how it is printed.
OUTCOMES = {"hypertrophy": ("size", "muscle size"), "strength": ("strength", "strength")}
LEVELS = ("study", "arm", "es_id")
SETS = Range(0, 100, "sets per muscle per week")
Rows = tuple[str, str, str]  # domain, entries, trials kept
Errors = tuple[float, float]  # r, rho
# All that a fit is told of an arm but for the correlations of its errors.
TOLD = ["study", "arm", "es_id", "weekly_sets", "mean_pre", "sd_pre", "mean_post", "n"]
# Rows and errors that others begin at.
USUAL, FIRST = ("corrected", "authors"), (0.9, 0.0)
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
    import pandas as pd

    from repdose.dose_response.forms import FORMS

    domain, printed = OUTCOMES[outcome]

    def slope(
        *, shape: str, entries: str, r: Floats, rho: Floats, trials_kept: str = "authors"
    ) -> Floats:
        formula = FORMS[SHAPES[shape]].format(x="weekly_sets")
        ends = pd.DataFrame({"weekly_sets": [low, high]})
        assumed = zip(np.atleast_1d(r).tolist(), np.atleast_1d(rho).tolist(), strict=True)
        of = (domain, entries, trials_kept)
        fits = [_fit(formula, _told_apart(of, errors[1]), errors) for errors in assumed]
        if not all(fit.converged for fit in fits):
            raise ValueError(f"the fit of {formula} did not converge")
        rows = fits[0].design.matrix(ends)  # the same in all of them
        return np.array([(rows[1] - rows[0]) @ fit.fitted.beta / (high - low) for fit in fits])

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
def _correlations(of: Rows, rho: float) -> list[Any]:
    """Of the sampling errors of those arms, by study."""
    from repdose.dose_response.trial_tables import sampling_correlations
    from repdose.dose_response.trials import R_LIMBS

    return sampling_correlations(trial_rows(*of), rho=rho, r_limbs=R_LIMBS)


@kept
def _told_apart(of: Rows, rho: float) -> Rows:
    """Those arms; or, where no correction touches what a fit is told of them, as corrected."""
    corrected = (of[0], USUAL[0], of[2])
    own, others = (trial_rows(*one)[TOLD].reset_index(drop=True) for one in (of, corrected))
    if not own.equals(others):
        return of
    pairs = zip(_correlations(of, rho), _correlations(corrected, rho), strict=True)
    return corrected if all(np.array_equal(*pair) for pair in pairs) else of


@kept
def _effects(of: Rows, errors: Errors) -> Taken:
    """Effects of those arms, their variances taken at the mean, and the fit of it."""
    from repdose.dose_response.trial_tables import sampling_errors
    from repdose.dose_response.variances import taken

    r, rho = errors

    def covariance(effects: pd.DataFrame) -> dict[str, Any]:
        return {"V": sampling_errors(effects, _correlations(of, rho))}

    return taken(
        trial_rows(*of),
        covariance,
        measure="smcr",
        r=r,
        vtype="exact",
        levels=LEVELS,
        alike=None if errors == FIRST else _effects(of, FIRST).ready,
        start=None if of[1:] == USUAL else _effects((of[0], *USUAL), errors).start,
    )


@kept
def _fit(formula: str, of: Rows, errors: Errors) -> Fit:
    """One specification; it begins where that of the usual rows ended, and that at its mean."""
    from repdose.metaregression.model import fits

    effects = _effects(of, errors)
    start = effects.start
    if of[1:] != USUAL:
        start = _fit(formula, (of[0], *USUAL), errors).fitted
    return fits(effects.ready, formula, ["REML"], start=start)[0]
