"""Sentences of the report on training minutes and risk, each chosen by the numbers it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from repdose.dose_response import GroupedFit
from repdose.plans import Plan
from repdose.tables.plans import of_leg_raises
from repdose.tables.words import listed, printed

# p of Q below which cohorts are said to differ.
DIFFER = 0.05
# Shapes as a sentence names them.
SHAPES = {
    "quadratic": "a quadratic",
    "spline": "a restricted cubic spline of three knots",
    "root": "a square root and a line",
}


def not_an_effect(plan: Plan) -> str:
    """What the curve is not, of whatever is planned."""
    what = "leg raises alone were" if of_leg_raises(plan) else "this plan was"
    return f"An association, no effect; {what} never studied."


def where(low: float, high: float) -> str:
    """Where an interval of a ratio lies against that of no training.

    Examples
    --------
    >>> where(0.8, 0.9), where(0.8, 1.1), where(1.1, 1.3)
    ('below that with none', 'not told apart from that with none', 'above that with none')
    """
    if high < 1:
        return "below that with none"
    return "above that with none" if low > 1 else "not told apart from that with none"


def lowest(found: Mapping[str, Any], studied: tuple[float, float], unit: str) -> str:
    """Where the curve is lowest: inside the doses studied, or at an end of them."""
    if not found["at_edge"]:
        return f"the risk is lowest at {printed(found['dose'])} {unit}"
    if found["dose"] == studied[0]:
        return "the risk is nowhere lower than at none"
    return f"the risk falls to the end of the doses studied, {printed(studied[1])} {unit}"


def at_lowest(found: Mapping[str, Any], text: str) -> str:
    """The ratio where the curve is lowest, as it is printed in `text`, if it falls at all."""
    if found["rr"] == 1:
        return "The curve does not fall below 1."
    return f"Where the curve is lowest, the ratio is {text}."


def told_below(fit: GroupedFit) -> list[tuple[float, float]]:
    """Doses between which the upper limit of the ratio lies below 1."""
    low, high = fit.studied
    ends = [low, *fit.crossings(), high]
    middles = [(a + b) / 2 for a, b in pairwise(ends)]
    limits = fit.curve(middles)["ci_high"]
    return [(a, b) for (a, b), limit in zip(pairwise(ends), limits, strict=True) if limit < 1]


def upper_limit(spans: Sequence[tuple[float, float]], studied: tuple[float, float]) -> str:
    """Where the risk can be told to be below that with none.

    Examples
    --------
    >>> upper_limit([(0, 92)], (0, 195))
    'The upper limit of the ratio lies below 1 up to 92 min/week and no further.'
    """
    if not spans:
        return "The upper limit of the ratio is at no dose below 1."
    low, high = studied
    words = []
    for a, b in spans:
        if (a, b) == (low, high):
            return "The upper limit of the ratio lies below 1 at every dose studied."
        if a == low:
            words.append(f"up to {printed(b)}")
        else:
            words.append(f"from {printed(a)} {'on' if b == high else f'to {printed(b)}'}")
    beyond = "" if spans[-1][1] == high else " and no further"
    return f"The upper limit of the ratio lies below 1 {listed(words)} min/week{beyond}."


def outside(minutes: float, studied: tuple[float, float]) -> str:
    """What a plan with more minutes than were studied must be told; empty within them."""
    if minutes <= studied[1]:
        return ""
    return (
        f"{printed(minutes)} min/week lie beyond the {printed(studied[1])} that were studied: what "
        "the curve gives there is an extrapolation."
    )


def prediction(text: str, low: float, high: float) -> str:
    """What a further cohort may find; `text` is the ratio with its prediction interval."""
    end = (
        "it need not find a lower risk than at none"
        if low <= 1 <= high
        else f"its risk would lie {where(low, high).replace('that with none', 'that at none')}"
    )
    return f"A further cohort may find {text} at the same minutes: {end}."


def too_few(fit: GroupedFit) -> str:
    """Said beside an interval that is too narrow; empty where degrees of freedom are left."""
    return "" if fit.k > len(fit.shape.terms) else ", too few for a sure interval,"


def few_cohorts(fit: GroupedFit) -> str:
    """What so few cohorts leave open; empty where degrees of freedom are left."""
    terms = len(fit.shape.terms)
    if fit.k > terms:
        return ""
    return (
        f"{fit.k} cohorts give no degrees of freedom to the {terms} coefficients of the curve: "
        "intervals use the normal quantile and are too narrow."
    )


def heterogeneity(found: Mapping[str, float]) -> str:
    """Whether the cohorts have one curve, by Q."""
    percent = printed(100 * found["i2"])
    if found["p"] < DIFFER:
        return (
            f"The cohorts' own curves differ by more than chance (I² {percent} %): the mean curve "
            "is that of no single one."
        )
    return f"The cohorts' own curves differ no more than chance would have it (I² {percent} %)."


def absolute(differences: Sequence[float], studies: Sequence[str], per: int) -> str:
    """What the ratio means in deaths, by each cohort's own rate at none."""
    parts = [
        f"{printed(abs(value), 1)} {'fewer' if value < 0 else 'more'} by one cohort's rate "
        f"[@{study}]"
        for value, study in zip(differences, studies, strict=True)
    ]
    return f"In {printed(per)} person-years that would be {listed(parts)}, were it an effect."
