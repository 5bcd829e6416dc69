"""Tables of what arms of one trial show of the dose, apart from what trials show."""

from __future__ import annotations

import math

import pandas as pd

from repdose.dose_response.trials import Trials
from repdose.tables.dose_response import EFFECT, FORM_WORDS, INTERVAL, NONE, SLOPE, UNIT, intervals
from repdose.tables.packaged_trials import once
from repdose.tables.sentences.dose_response import p_text

SLOPES = {
    "within": "between arms of one trial (randomised)",
    "between": "between trials (confounded)",
    "difference": "the first less the second",
}


def within_between(trials: Trials) -> pd.DataFrame:
    """Slope of a line between arms of one trial, between trials, and their difference.

    A column of notes stands in it where there is one to read.
    """
    robust, model = trials.slopes.slopes, trials.slopes.model
    table = pd.DataFrame(
        {
            "Slope": [SLOPES[name] for name in robust.index],
            f"{UNIT} per set": robust["estimate"].to_numpy(),
            "95 % confidence (CR2)": intervals(robust, "ci_low", "ci_high", SLOPE),
            "Degrees of freedom": [NONE if math.isnan(df) else f"{df:.1f}" for df in robust["df"]],
            "p": [
                NONE if math.isnan(p) else p_text(p).removeprefix("p ").removeprefix("= ")
                for p in robust["p"]
            ],
            "Model-based": intervals(model, "ci_low", "ci_high", SLOPE),
        }
    )
    return table.assign(Note=robust["note"].to_numpy()) if robust["note"].any() else table


@once
def form_by_form(trials: Trials, *, low_sets: float, high_sets: float) -> pd.DataFrame:
    """The difference between two doses between arms of one trial, in each form of the dose.

    Empty where no trial gives a slope within.
    """
    slopes = trials.slopes_in_forms
    if slopes.leading != "within":
        return pd.DataFrame()
    leads = trials.slopes.leading_form(low_sets, high_sets)
    order = [leads, *(form for form in slopes.forms if form != leads)]
    found = pd.DataFrame([slopes.difference(low_sets, high_sets, form=form) for form in order])
    table = pd.DataFrame(
        {
            "Form": [
                f"{FORM_WORDS.get(form, form)}{', leads' * (form == leads)}" for form in order
            ],
            f"{high_sets:g} over {low_sets:g} sets [{UNIT}]": found["estimate"],
            INTERVAL: intervals(found, "low", "high", EFFECT),
            "Degrees of freedom": [NONE if math.isnan(df) else f"{df:.1f}" for df in found["df"]],
            "Model-based": intervals(found, "model_low", "model_high", EFFECT),
        }
    )
    return table.assign(Note=found["note"]) if (found["note"] != "").any() else table


@once
def left_out(trials: Trials, *, low_sets: float, high_sets: float) -> pd.DataFrame:
    """The difference that leads the report without each study in turn, as
    :meth:`repdose.dose_response.splits.Split.without_each` gives it."""
    slopes = trials.slopes
    form = slopes.leading_form(low_sets, high_sets)
    contrast = slopes.contrast(low_sets, high_sets, form=form)
    return slopes.forms[form].without_each(contrast)
