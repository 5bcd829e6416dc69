"""Sentences on what arms of one trial show of the dose, each chosen by its numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from repdose.dose_response import WithinBetween
from repdose.dose_response.trials import Trials
from repdose.dose_response.within import STRAIGHT
from repdose.tables.sentences.dose_response import (
    DIFFER,
    changes,
    curve_name,
    p_text,
    told,
    unsure,
)

if TYPE_CHECKING:
    import pandas as pd

# Names that a sentence lists before it counts.
LISTED = 5


def slope_within(slopes: WithinBetween, text: str) -> str:
    """What arms of one trial say of a further set; `text` is the slope as it is printed."""
    table = slopes.slopes
    if "within" not in table.index:
        return "No trial compared doses between its arms, so there is no randomised slope"
    if slopes.leading != "within":
        why = str(table["note"]["within"]).split(":")[0]
        return f"The slope between arms of one trial has no robust interval ({why})"
    estimate, low, high = (
        float(table[name]["within"]) for name in ("estimate", "ci_low", "ci_high")
    )
    return (
        f"Taken as a straight line over all sets compared, each further weekly set between arms of "
        f"the same trial {changes(estimate)} {text}, which {len(slopes.comparing)} trials "
        f"{told(low, high)}{unsure(float(table['df']['within']))}"
    )


def difference(slopes: WithinBetween, low: float, high: float, compared: str, text: str) -> str:
    """What leads makes of a comparison; `text` is the difference as it is printed.

    Where a straight line would be told otherwise from nothing, that is said with it.
    """
    answer = slopes.difference(low, high)
    verdict, doubt = told(answer["low"], answer["high"]), unsure(answer["df"])
    if slopes.leading != "within":
        why = (
            "No robust slope between arms of one trial is to be had"
            if slopes.comparing
            else "No trial compared doses between its arms"
        )
        return (
            f"{why}; from trial to trial, where all else differs too, {compared} "
            f"{changes(answer['estimate'])} {text}, which they {verdict}{doubt}"
        )
    line = slopes.difference(low, high, form=STRAIGHT)
    other = told(line["low"], line["high"])
    but = "" if other == verdict else f"; by a straight line they {other.split()[0]}"
    return (
        f"Between arms of the same trial {compared} {changes(answer['estimate'])} {text}, which "
        f"{len(slopes.comparing)} trials {verdict}{doubt}{but}"
    )


def form_taken(slopes: WithinBetween, low: float, high: float) -> str:
    """Which form the difference that leads takes, and what that costs."""
    why = slopes.why_straight(low, high)
    if not why:
        return (
            "The difference that leads follows a restricted cubic spline with three knots "
            "[@harrell2015], split into what arms of one trial and what trials show: it is "
            "unbiased where gains rise in a straight line and where they level off, and its "
            "interval is wider than a straight line's."
        )
    whose = "between arms" if slopes.leading == "within" else "between trials"
    return (
        f"The difference that leads is a straight line's, by the slope {whose} over all doses "
        f"compared, because {why}: where gains level off, it says too little of few sets and too "
        "much of many."
    )


def straight_beside(slopes: WithinBetween, low: float, high: float, text: str) -> str:
    """What a straight line makes of the same comparison; empty where it leads itself."""
    if slopes.why_straight(low, high):
        return ""
    line = slopes.difference(low, high, form=STRAIGHT)
    return (
        f"A straight line between arms of one trial makes it {text}, which they "
        f"{told(line['low'], line['high'])}: it spreads what all sets compared add evenly over "
        "them, so where gains level off it says too little of few sets and too much of many."
    )


def slope_between(slopes: WithinBetween, text: str) -> str:
    """What trials beside one another say, and whether it is another slope; empty without one."""
    table = slopes.slopes
    if "between" not in table.index:
        return ""
    sentence = (
        f"From trial to trial the slope is {text}, confounded by all else that differs between "
        "trials"
    )
    if "difference" not in table.index:
        return f"{sentence}."
    p = float(table["p"]["difference"])
    if math.isnan(p):
        return f"{sentence}; whether it differs from that between arms of one trial cannot be told."
    verdict = "differs" if p < DIFFER else "cannot be told apart"
    return f"{sentence}; it {verdict} from that between arms of one trial ({p_text(p)})."


def without_slope(slopes: WithinBetween) -> str:
    """Which trials give no slope within; empty where every one does."""
    count = len(slopes.constant)
    if not count:
        return ""
    names = ", ".join(slopes.constant[:LISTED])
    names += f" and {count - LISTED} more" if count > LISTED else ""
    total = count + len(slopes.comparing)
    return (
        f"{count} of {total} trials gave all their arms the same number of sets and say nothing "
        f"of the slope within trials: {names}."
    )


def fragile(left_out: pd.DataFrame, studies: int) -> str:
    """How far the verdict on the difference that leads hangs on single trials.

    Parameters
    ----------
    left_out : DataFrame
        By trial left out: ``low`` and ``high``, NaN where there is no robust interval.
    studies : int
        Trials there are.
    """
    known = left_out.dropna(subset=["low", "high"])
    if known.empty:
        return "Without any one trial the others have no robust interval for this difference."
    can = ((known["low"] > 0) | (known["high"] < 0)).sum()
    gone = studies - len(known)
    missing = f"; without {gone} there is no robust interval" * bool(gone)
    return (
        f"Without one trial at a time the others can tell this difference from nothing "
        f"{can} times of {len(known)}{missing}."
    )


def arms_differ(trials: Trials) -> str:
    """What the slope within trials rests on."""
    if trials.slopes.leading != "within":
        return (
            "No slope within trials could be had: all that differs between trials is in the slope."
        )
    whose = "are taken to differ" if trials.path else "differ"
    return (
        f"The difference that leads rests on arms of one trial, which {whose} in sets only; "
        f"between trials everything else differs too, so the {curve_name(trials.curve)}, which "
        "blends both, is no randomised comparison."
    )
