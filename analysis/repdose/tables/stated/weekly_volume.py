"""Numbers of the report on weekly volume."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from repdose.multiverse import Multiverse
from repdose.tables import weekly_volume as tables
from repdose.tables.numbers import Number
from repdose.tables.plans import last_week
from repdose.tables.stated.energy_cost import over_rows
from repdose.tables.words import upper

UNIT = "sets per muscle per week"


def numbers(
    weekly: pd.DataFrame,
    sets: pd.DataFrame,
    universe: Multiverse,
    cost: pd.DataFrame,
    *,
    leading: Sequence[str],
    indirect_weight: float,
) -> list[Number]:
    """What the report states.

    Parameters
    ----------
    weekly, sets : DataFrame
        Results of :func:`repdose.volume.weekly_volume` and :func:`repdose.volume.weekly_sets`.
    universe : Multiverse
        Result of :func:`repdose.multiverse.weekly_sets`.
    cost : DataFrame
        Result of :func:`repdose.energy.weekly_energy`.
    leading : sequence of str
        Muscles whose last week is stated, that of most sets first.
    indirect_weight : float
        What an indirect set counts in `sets`.
    """
    last = last_week(sets).to_dict("index")
    ways = universe.by("muscle").to_dict("index")[universe.choices[0].default]
    first = leading[0]
    return [
        *(
            Number(
                id=f"{tables.number_id(muscle)}_sets_last_week",
                label=f"Sets for the {tables.in_words(muscle)} in the last week, indirect "
                f"ones counted {indirect_weight:g}",
                value=float(last[muscle]["fractional"]),
                low=float(last[muscle]["direct"]),
                high=float(last[muscle]["total"]),
                unit=UNIT,
                kind="assumption",
                headline=muscle == first,
                digits=1,
                note="the range runs from direct sets only to every set counted whole"
                if muscle == first
                else "",
            )
            for muscle in leading
        ),
        Number(
            id="sets_last_week",
            label="Sets of the last week, whatever the muscle",
            value=float(weekly["sets"].iloc[-1]),
            unit="sets per week",
        ),
        Number(
            id=f"{tables.number_id(first)}_sets_any_count",
            label=f"{upper(tables.in_words(first))}, sets a week however counted",
            value=float(ways["default"]),
            low=float(ways["low"]),
            high=float(ways["high"]),
            unit=UNIT,
            kind="assumption",
            digits=1,
            note="over the declared ways to count, mean of the weeks by default",
        ),
        over_rows(
            cost.mean(numeric_only=True),
            "met_min",
            id="weekly_met_minutes",
            label="MET-minutes of an average week",
            unit="MET-min/week",
            note="shown for scale; not counted towards the aerobic target",
        ),
    ]
