"""Tables of what assumptions do, under headings a reader knows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from analysis.mechanics import REFERENCE
from analysis.multiverse import Multiverse
from analysis.plans import Plan
from analysis.uncertainty import Sensitivity, Simulation
from analysis.uncertainty.distributions import WORDS
from evidence.conventions import intensity_bands
from evidence.exercises import exercise
from evidence.findings import finding
from evidence.guidelines import guideline

# What a weekly number of sets is held against; the trials' band of most sets begins here.
MOST_SETS = "schoenfeld2017.effect_size_10_plus_sets"
AEROBIC = "met_minutes_per_week"
SLOPE_DIGITS = 3


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
    found = universe.extremes
    return pd.DataFrame(
        {
            "Choice": one.label,
            "Least": found.loc["least", one.name],
            "Default": one.default,
            "Largest": found.loc["largest", one.name],
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
                        "Source": option.source,
                    },
                )
    return pd.DataFrame(rows.values())


def by_option(universe: Multiverse, name: str, heading: str) -> pd.DataFrame:
    """Range of the outcome within each option of one choice."""
    found = universe.by(name)
    columns = {"low": "Least", "default": "Default", "high": "Largest"}
    return found.rename(columns=columns).rename_axis(heading).reset_index()


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


def simulated(simulations: Mapping[str, Simulation]) -> pd.DataFrame:
    """Median and the ends of 95 % of the draws, by the rest that one MET stands for."""
    return pd.DataFrame(
        {
            "Rest one MET stands for": rest,
            "Median": made.middle,
            "2.5 %": made.range[0],
            "97.5 %": made.range[1],
            "Draws": len(made.outcome),
        }
        for rest, made in simulations.items()
    )


def inputs(simulations: Mapping[str, Simulation]) -> pd.DataFrame:
    """What was drawn, from which distribution, and what kind of spread that is."""
    rows = {name: one for made in simulations.values() for name, one in made.assumed.items()}
    return pd.DataFrame(
        {
            "Input": _input(name),
            "Distribution": one.shape,
            "What the spread is": WORDS[one.kind],
            "Why": one.reason,
        }
        for name, one in rows.items()
    )


def sensitivities(found: Mapping[str, Sensitivity]) -> pd.DataFrame:
    """Share of the variance that each input makes, alone and with all it does together."""
    rows = []
    for which, one in found.items():
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


def most(one: Sensitivity) -> str:
    """The input that matters most, in words."""
    return _input(one.most)


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
    found = finding(MOST_SETS).dose_low
    assert found is not None  # a test holds it to print
    return found


def muscle_name(universe: Multiverse) -> str:
    """Name of the muscle of the default specification."""
    return next(one.default for one in universe.choices if one.name == "muscle")


def variant_name(variant: str) -> str:
    """Name of a variant."""
    return exercise(variant).name


def compared(plan: Plan) -> str:
    """The plan's last variant in the progression that is not the straight-leg raise itself."""
    variants = [stage.variant for stage in plan.stages]
    others = [one for one in variants if one != REFERENCE] or variants
    return max(others, key=lambda one: exercise(one).order)
