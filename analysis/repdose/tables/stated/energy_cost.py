"""Numbers of the report on energy cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from repdose.energy import locomotion
from repdose.evidence.training.variants import ROLES
from repdose.multiverse import Multiverse
from repdose.tables.energy_cost import WALK_M_MIN
from repdose.tables.numbers import Number
from repdose.tables.words import per_week, percent

# What a week comes to, by the columns that have it
SPENT = ("gross", "net", "met_min")


def numbers(
    weekly: pd.DataFrame, universe: Multiverse, *, daily_rest_kcal: float, body_mass_kg: float
) -> list[Number]:
    """What the report states.

    Parameters
    ----------
    weekly : DataFrame
        Result of :func:`repdose.energy.weekly_energy`.
    universe : Multiverse
        Result of :func:`repdose.multiverse.energy` with the same options as defaults.
    daily_rest_kcal : float
        Predicted resting energy of a day. [kcal]
    body_mass_kg : float
        Body mass. [kg]
    """
    names = [f"{what}_{role}" for what in SPENT for role in ROLES]
    weeks = {name: weekly[name].to_numpy() for name in names}
    mean = {name: float(values.mean()) for name, values in weeks.items()}
    total = {name: float(values.sum()) for name, values in weeks.items()}
    least, largest = universe.range
    week_of_rest = per_week(daily_rest_kcal)
    walks = {
        f"walk_{role}": float(
            locomotion.walking_min(
                mean[f"gross_{role}"], body_mass_kg=body_mass_kg, speed_m_min=WALK_M_MIN
            )
        )
        for role in ROLES
    }
    share = {f"net_{role}": percent(mean[f"net_{role}"], week_of_rest) for role in ROLES}
    return [
        Number(
            id="weekly_energy",
            label="Energy of an average week",
            value=universe.default,
            low=least,
            high=largest,
            unit="kcal/week",
            kind="assumption",
            headline=True,
            note=f"over {universe.count} combinations of {len(universe.choices)} choices",
        ),
        over_rows(
            mean,
            "gross",
            id="weekly_gross_energy",
            label="Gross energy of an average week",
            unit="kcal/week",
            note="the range is low to high MET analogy, all else at the defaults",
        ),
        over_rows(
            mean,
            "net",
            id="weekly_net_energy",
            label="Net energy of an average week",
            unit="kcal/week",
            note="one MET of rest taken off",
        ),
        over_rows(
            total,
            "gross",
            id="plan_gross_energy",
            label="Gross energy of the whole plan",
            unit="kcal",
        ),
        over_rows(
            mean,
            "met_min",
            id="weekly_met_minutes",
            label="MET-minutes of an average week",
            unit="MET-min/week",
        ),
        Number(
            id="daily_resting_energy",
            label="Predicted resting energy of a day",
            value=daily_rest_kcal,
            unit="kcal/day",
            note="Mifflin-St Jeor equation",
        ),
        over_rows(
            share,
            "net",
            id="share_of_resting_energy",
            label="Net energy of an average week as a share of a week's resting energy",
            unit="%",
            digits=1,
        ),
        over_rows(
            walks,
            "walk",
            id="walking_minutes",
            label="Level walking of the same gross energy as an average week",
            unit="min/week",
            note=f"at {WALK_M_MIN:g} m/min, by the ACSM equation for walking",
        ),
    ]


def over_rows(values: pd.Series[float] | Mapping[str, float], quantity: str, **said: Any) -> Number:
    """A number by the central MET row, with its range over the low and the high one."""
    return Number(
        value=float(values[f"{quantity}_central"]),
        low=float(values[f"{quantity}_low"]),
        high=float(values[f"{quantity}_high"]),
        kind="assumption",
        **said,
    )
