"""Sentences of the report that sets plans side by side, each chosen by what is compared."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from repdose import adherence
from repdose.evidence.training.variants import exercise, muscles
from repdose.plans import Plan
from repdose.tables.leg_raise_mechanics import short
from repdose.tables.progression_comparison import GUIDELINE, MUSCLES, changing, label, of_metric
from repdose.tables.words import between, counted, listed, same_order, upper
from repdose.volume import weekly_sets

IMPULSE = "moment_time_impulse"


def rule_words(plan: Plan) -> str:
    """The rule of a plan with the guideline that bounds it cited."""
    return re.sub(r"\bwithin (\w+\d{4})", r"within the recommendations [@\1]", plan.rule)


def not_compared(plans: Mapping[str, Plan], *, edition: str) -> list[str]:
    """Names of the recommendations that no plan can be held against."""
    names: dict[str, bool] = {}
    for plan in plans.values():
        compared = adherence.compare(plan, guideline=GUIDELINE, edition=edition)
        for name, verdict in zip(compared["criterion"], compared["verdict"], strict=True):
            names[name] = names.get(name, False) or verdict != "not comparable"
    return [name for name, compared in names.items() if not compared]


def not_compared_words(names: list[str]) -> str:
    """What no plan can be held against, and why where that is aerobic exercise."""
    if not names:
        return "Some plan can be held against each of the recommendations."
    aerobic = any("aerobic" in name for name in names)
    why = " Strength days count separately from aerobic exercise." if aerobic else ""
    return f"No plan can be held against the advice on {listed(names)}.{why}"


def untrained_words(plans: Mapping[str, Plan]) -> str:
    """Which muscle groups no plan, and which only some plans, leave without direct sets."""
    left = {name: adherence.untrained(plan, guideline=GUIDELINE) for name, plan in plans.items()}
    groups = list(dict.fromkeys(group for mine in left.values() for group in mine))
    without = {group: [name for name, mine in left.items() if group in mine] for group in groups}
    everywhere = [group for group in groups if len(without[group]) == len(plans)]
    none = "The plan has no" if len(plans) == 1 else "No plan has a"
    parts = [f"{none} direct set for {listed(everywhere)}"] if everywhere else []
    parts += [
        f"the {group} get{'' if group.endswith('s') else 's'} none in {listed(names)}"
        for group, names in without.items()
        if group not in everywhere
    ]
    if not parts:
        where = "" if len(plans) == 1 else " in every plan"
        return f"Every major muscle group gets direct sets{where}."
    return f"{upper('; '.join(parts))}."


def one_legged_words(plans: Mapping[str, Plan]) -> str:
    """What a one-legged variant does to a set's time; empty where no plan has one."""
    names = dict.fromkeys(
        short(name)
        for plan in plans.values()
        for name in plan.exercises
        if exercise(name).sides > 1
    )
    if not names:
        return ""
    return (
        f"In weeks with the {listed(names)} each leg does the repetitions, one after the other, "
        "so that a set takes twice the time."
    )


def order_words(energy: pd.Series, impulse: pd.Series) -> str:
    """Whether plans come in the same order by the hip moment, as far as there is a model of it."""
    by = "hip moment times time"
    if set(energy.index) == set(impulse.index):
        return same_order(energy, impulse, by=by)
    without = [str(name) for name in energy.index if name not in impulse.index]
    who = "Every plan" if impulse.empty else upper(listed(without))
    has = "has" if impulse.empty or len(without) == 1 else "have"
    return f"{who} {has} weeks without any exercise that there is a model of the hip moment of."


def named(values: pd.Series, plans: Mapping[str, Plan]) -> pd.Series:
    """Values by the short names of the plans instead of their letters."""
    return values.rename({letter: label(plan) for letter, plan in plans.items()})


def weeks_words(plans: Mapping[str, Plan]) -> str:
    """How long the plans are: ``"6 to 12 weeks long"``."""
    lengths = sorted({len(plan.weeks()) for plan in plans.values()})
    if len(lengths) == 1:
        return f"each {counted(lengths[0], 'week')} long"
    return f"{lengths[0]} to {lengths[-1]} weeks long"


def ends_of(values: pd.Series, *, digits: int = 0) -> dict[str, list[str]]:
    """Names with the least and with the most of a measure, as it is printed."""
    shown = values.map(lambda value: round(float(value), digits))
    return {
        "least": [str(name) for name in shown.index[shown == shown.min()]],
        "most": [str(name) for name in shown.index[shown == shown.max()]],
    }


def jump_words(plans: Mapping[str, Plan], frame: pd.DataFrame) -> str:
    """The largest rise of the moment-time impulse, and whether a variant begins there."""
    rises = {
        (letter, int(week)): round(100 * change)
        for letter, moves in changing(frame, IMPULSE).items()
        for week, change in zip(moves.index.to_list(), moves, strict=True)
    }
    if not rises:
        return "The hip's moment-time impulse is known of no two weeks in a row."
    top = max(rises.values())
    if top <= 0:
        return "The hip's moment-time impulse rises from no week to the next."
    where = [place for place, rise in rises.items() if rise == top]
    trained = {
        letter: {week.number: week.stage.trained for week in plan} for letter, plan in plans.items()
    }
    begins = [trained[letter][week] != trained[letter][week - 1] for letter, week in where]
    why = (
        ", where another variant begins"
        if all(begins)
        else ", with the variant kept"
        if not any(begins)
        else ", where a variant begins in some and is kept in others"
    )
    bound = any(plan.rule for plan in plans.values())
    return (
        f"The hip's moment-time impulse rises most, by {top} %, in "
        f"{listed(f'week {week} of plan {letter}' for letter, week in where)}{why}."
        + (" The rules bound the rise of weekly sets, and not that of the moment." if bound else "")
    )


def basis_words(frame: pd.DataFrame) -> str:
    """What counting working time alone does to the plans and their order."""
    elapsed, working = (
        pd.Series({k: v.mean() for k, v in of_metric(frame, f"gross_energy_{basis}").items()})
        for basis in ("elapsed", "working")
    )
    less = between(100 * (1 - working / elapsed), "%")
    order = same_order(elapsed, working, by="working time alone")
    return f"Without the rests the energy of a mean week is less by {less}. {order}"


def weight_words(plans: Mapping[str, Plan]) -> str:
    """Which muscles' sets depend on what an indirect set counts, and in which plans."""
    moved = {}
    for muscle in MUSCLES:
        moved[muscles()[muscle][0]] = [
            letter
            for letter, plan in plans.items()
            for sets in [weekly_sets(plan, muscle=muscle)]
            if (sets["direct"] != sets["total"]).any()
        ]
    depends = [
        f"{name} in {'every plan' if len(letters) == len(plans) else listed(letters)}"
        for name, letters in moved.items()
        if letters
    ]
    kept = [name for name, letters in moved.items() if not letters]
    parts = [f"it moves the sets for the {listed(depends)}"] if depends else []
    parts += [f"it leaves those for the {listed(kept)}"] if kept else []
    return f"{upper(' and '.join(parts))}."
