"""Tables of what assumptions do, under headings a reader knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from repdose.evidence import bibliography
from repdose.evidence.compendia.conventions import intensity_bands
from repdose.evidence.studies.study_findings import finding
from repdose.evidence.training.leg_raises import geometry, has_model
from repdose.evidence.training.recommendations import guideline
from repdose.evidence.training.variants import exercise
from repdose.mechanics import REFERENCE
from repdose.multiverse import Multiverse
from repdose.plans import Plan
from repdose.tables.words import listed, moved_most
from repdose.uncertainty import Sensitivity, Simulation
from repdose.uncertainty.distributions import WORDS

# What a weekly number of sets is held against; the trials' band of most sets begins here.
MOST_SETS = "schoenfeld2017.effect_size_10_plus_sets"
AEROBIC = "met_minutes_per_week"
SLOPE_DIGITS = 3
RATIO_DIGITS = 2  # decimals of a load as a multiple of another


def swings(universe: Multiverse) -> pd.DataFrame:
    """What each choice alone does to the default, largest first, in the outcome's unit."""
    return pd.DataFrame(
        {
            "Choice": row["label"],
            "Kind": row["kind"],
            "From": row["low"],
            "Least with": row["low_option"],
            "To": row["high"],
            "Most with": row["high_option"],
            "Swing": row["swing"],
        }
        for _, row in universe.swing.iterrows()
    )


def extremes(universe: Multiverse) -> pd.DataFrame:
    """The specifications with the least and the largest outcome, and the default, side by side."""
    ends = universe.extremes
    return pd.DataFrame(
        {
            "Choice": one.label,
            "Least": ends.loc["least", one.name],
            "Default": one.default,
            "Largest": ends.loc["largest", one.name],
        }
        for one in universe.choices
    )


def options(universes: Iterable[Multiverse]) -> pd.DataFrame:
    """Every option of every choice with its reason and source, each choice once."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for universe in universes:
        for one in universe.choices:
            if one.kind == "question":
                continue
            for option in one.options:
                rows.setdefault(
                    (one.name, option.name),
                    {
                        "Choice": one.label,
                        "Option": option.name,
                        "Why it can be defended": option.reason,
                        "Source": bibliography.short(option.source),
                    },
                )
    return pd.DataFrame(rows.values())


def by_option(universe: Multiverse, name: str, heading: str) -> pd.DataFrame:
    """Range of the outcome within each option of one choice."""
    ends = universe.by(name)
    columns = {"low": "Least", "default": "Default", "high": "Largest"}
    return ends.rename(columns=columns).rename_axis(heading).reset_index()


def thresholds(given: Iterable[tuple[Multiverse, float, str]]) -> pd.DataFrame:
    """Share of the specifications that reach each threshold."""
    return pd.DataFrame(
        {
            "Outcome": universe.outcome,
            "Threshold": f"{value:g} {universe.unit}, {words}",
            "Least": universe.range[0],
            "Default": universe.default,
            "Largest": universe.range[1],
            "Reach it [%]": 100 * universe.share(value),
            "of": universe.count,
        }
        for universe, value, words in given
    )


def simulated(simulations: Mapping[tuple[str, str], Simulation]) -> pd.DataFrame:
    """Median and the ends of 95 % of the draws, by the rest of one MET and its spread."""
    return pd.DataFrame(
        {
            "Rest one MET stands for": rest,
            "MET between its rows": _shape(shape),
            "Median": draws.middle,
            "2.5 %": draws.range[0],
            "97.5 %": draws.range[1],
            "Draws": len(draws.outcome),
        }
        for (rest, shape), draws in simulations.items()
    )


def inputs(simulations: Mapping[tuple[str, str], Simulation]) -> pd.DataFrame:
    """What was drawn, from which distribution, and what kind of spread that is."""
    rows = {
        (name, one.shape): one
        for draws in simulations.values()
        for name, one in draws.assumed.items()
    }
    return pd.DataFrame(
        {
            "Input": _input(name),
            "Distribution": _shape(one.shape),
            "What the spread is": WORDS[one.kind],
            "Why": one.reason,
        }
        for (name, _), one in rows.items()
    )


def sensitivities(by_outcome: Mapping[str, Sensitivity]) -> pd.DataFrame:
    """Share of the variance that each input makes, alone and with all it does together."""
    rows = []
    for which, one in by_outcome.items():
        rows += [
            {
                "Rest one MET stands for": which,
                "Input": _input(str(name)),
                "Alone [%]": 100 * row["first"],
                "With others [%]": 100 * row["total"],
                "Sampling error [%]": 100 * row["total_ci"],
            }
            for name, row in one.indices.iterrows()
        ]
    return pd.DataFrame(rows)


def most(sensitivity: Sensitivity) -> str:
    """The input that matters most, in words; several where they matter alike in print."""
    level = [_input(name) for name in sensitivity.leading]
    return level[0] if len(level) == 1 else f"{listed(level)}, alike"


def drawn_words(default: float, draws: Simulation, *, low: float, high: float) -> str:
    """How the default stands to the draws beside it, and why their median is another.

    Parameters
    ----------
    default, low, high : float
        Outcome at the central, low and high MET rows, all else at the defaults.
    draws : Simulation
        The draws.
    """
    shown, middle, least, largest = (round(one) for one in (default, draws.middle, *draws.range))
    if least <= shown <= largest:
        place = "within 95 % of the draws"
    else:
        place = f"{'below' if shown < least else 'above'} 95 % of the draws"
    if middle == shown:
        return f"The default lies {place}, and their median is the same in print."
    side, why = _beside(default, draws, low=low, high=high)
    return f"The default lies {place}, and their median {side} it{f': {why}' if why else ''}."


def _beside(default: float, draws: Simulation, *, low: float, high: float) -> tuple[str, str]:
    """On which side of the default the median of the draws lies, and why, if rows say it."""
    side = "above" if draws.middle > default else "below"
    further = {"above": high - default > default - low, "below": high - default < default - low}
    row, other = ("high", "low") if side == "above" else ("low", "high")
    if not further[side]:
        return side, ""
    return side, f"the {row} METs lie further from the central ones than the {other} do"


def assumed_words(draws: Simulation) -> str:
    """What each input was drawn from, and what kind of spread that is, in words."""
    return "; ".join(f"{_input(name)} {_shape(one.words)}" for name, one in draws.assumed.items())


def _shape(text: str) -> str:
    """Words on a distribution; PERT is an abbreviation."""
    return re.sub(r"^pert\b", "PERT", text)


def moderate_words(universe: Multiverse, stated: str) -> str:
    """Whether choices decide that a stage reaches moderate intensity; `stated` is the share."""
    share = universe.share(moderate_met())
    if share == 0:
        return "No combination of choices puts the last stage at moderate intensity or above."
    if share == 1:
        return "Every combination of choices puts the last stage at moderate intensity or above."
    return (
        "Choices decide whether the last stage is light: "
        f"{stated} of the combinations put it at moderate intensity or above."
    )


def load_words(variant: str, universe: Multiverse, stated: str) -> str:
    """How a variant's hip load stands to that of the straight-leg raise."""
    if variant == REFERENCE:
        return (
            f"The plan has no other variant than the {variant_name(REFERENCE)}, "
            "with which the others are compared."
        )
    low, high = (round(end, RATIO_DIGITS) for end in universe.range)
    how = "more" if low > 1 else "less" if high < 1 else "as much" if low == high else ""
    verdict = (
        f"{how} than the lying straight-leg raise does, whatever is chosen"
        if how in ("more", "less")
        else "as much as the lying straight-leg raise does"
        if how
        else "more or less than the lying straight-leg raise does, depending on choices"
    )
    return (
        f"The {variant_name(variant)} asks {verdict}: {stated} times. "
        f"{moved_most(universe, what='the ratio')}"
    )


def slope_words(universe: Multiverse, stated: str) -> str:
    """Whether a further weekly set adds to the gain under every choice, some or none."""
    low, high = (round(end, SLOPE_DIGITS) for end in universe.range)
    if low > 0:
        verdict = "A further weekly set adds to the gain by every fit, its sampling error aside"
    elif high < 0:
        verdict = "A further weekly set takes from the gain by every fit, its sampling error aside"
    elif low == high == 0:
        verdict = "A further weekly set changes the gain by no fit"
    else:
        verdict = "Whether a further weekly set adds to the gain depends on choices"
    return f"{verdict}: {stated}. {moved_most(universe, what='the slope')}"


def questions_words(universe: Multiverse) -> str:
    """Which of the axes are questions and not choices."""
    asked = [one.label for one in universe.choices if one.kind == "question"]
    if not asked:
        return "All of them are choices."
    kind = "is a question" if len(asked) == 1 else "are questions"
    return f"{listed(asked)} {kind}, the others are choices."


def _input(name: str) -> str:
    """Name of an input, or of several that share a draw, in words."""
    words = []
    for part in name.split(", "):
        variant = part.removeprefix("met_")
        words.append(
            exercise(variant).name
            if variant != part
            else {"body_mass_kg": "Body mass [kg]", "rest": "Rest of one person"}[part]
        )
    return ("MET of " if name.startswith("met_") else "") + " and ".join(words)


def moderate_met() -> float:
    """Where moderate intensity begins [MET]."""
    band = next(one for one in intensity_bands() if one.band == "moderate")
    assert band.low_met is not None  # only the lowest band is open below
    return band.low_met


def aerobic_met_minutes() -> float:
    """Least weekly MET-minutes of aerobic exercise that Garber 2011 recommends [MET-min]."""
    target = next(row for row in guideline("garber2011") if row.quantity == AEROBIC)
    assert target.low is not None  # a test holds it to print
    return target.low


def most_sets() -> float:
    """Where the highest band of weekly sets begins that Schoenfeld 2017 compared [sets]."""
    sets = finding(MOST_SETS).dose_low
    assert sets is not None  # a test holds it to print
    return sets


def weeks_counted(universe: Multiverse) -> str:
    """Which weeks of the plan the default of a count of sets stands for."""
    return next((one.default for one in universe.choices if one.name == "weeks"), "its one week")


def muscle_name(universe: Multiverse) -> str:
    """Name of the muscle of the default specification."""
    return next(one.default for one in universe.choices if one.name == "muscle")


def variant_name(variant: str) -> str:
    """Name of a variant."""
    return exercise(variant).name


#: Said in place of the relative load of a plan whose exercises have no mechanical model.
NO_LOAD = (
    "Relative load: no model for this exercise. Mechanics knows the hip moment of leg raises, and "
    "the plan has none; every other number stands."
)


def compared(plan: Plan) -> str | None:
    """The plan's last variant in the progression that is not the straight-leg raise itself.

    None where mechanics has a model of none of the plan's exercises.
    """
    variants = [name for name in plan.exercises if has_model(name)]
    others = [one for one in variants if one != REFERENCE] or variants
    return max(others, key=lambda one: geometry(one).order, default=None)
