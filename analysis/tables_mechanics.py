"""Tables and sentences of the mechanics report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import mechanics
from analysis.mechanics import QUANTITIES, REFERENCE, SEGMENT_SETS, Repetition
from evidence.exercises import exercise, exercises

# Choices looked at one at a time: an ankle weight of 1 kg, and stopping 30 degrees short of
# the floor, where a beginner's back would lift.
CHOSEN_ANKLE_KG = 1.0
CHOSEN_START_DEG = 30.0


def repetitions(**person: Any) -> dict[str, Repetition]:
    """One repetition of each variant at its own tempo and range, by variant."""
    return {name: mechanics.repetition(name, **person) for name in exercises().index}


def repetition_rows(reps: Mapping[str, Repetition]) -> pd.DataFrame:
    """What a repetition of each variant asks of the hips."""
    return pd.DataFrame(
        {
            "Variant": exercise(name).name,
            "Range [deg]": f"{rep.start_deg:g} to {rep.end_deg:g}",
            "Peak moment [N m]": rep.peak_nm,
            "Mean moment [N m]": rep.mean_nm,
            "Work up [J]": rep.work_up_j,
            "Moment-time integral [N m s]": rep.moment_time_nms,
            "Time [s]": rep.time_s,
        }
        for name, rep in reps.items()
    )


def inertia_rows(reps: Mapping[str, Repetition]) -> pd.DataFrame:
    """How far acceleration matters at each variant's own tempo."""
    return pd.DataFrame(
        {
            "Variant": exercise(name).name,
            "Up and down [s]": f"{exercise(name).up_s:g} and {exercise(name).down_s:g}",
            "Inertial moment at one hip [N m]": rep.inertial_peak_nm,
            "Share of that hip's peak [%]": 100 * rep.inertial_share,
            "Acceleration": "may be left out" if rep.quasi_static else "matters",
        }
        for name, rep in reps.items()
    )


def table_rows(**person: Any) -> pd.DataFrame:
    """Peak of the straight-leg raise under each segment table, and what the table is."""
    mine = {key: value for key, value in person.items() if key != "segments"}
    return pd.DataFrame(
        {
            "Segments": name,
            "Straight-leg peak [N m]": mechanics.repetition(
                REFERENCE, segments=name, **mine
            ).peak_nm,
            "What it is": words,
        }
        for name, words in SEGMENT_SETS.items()
    )


def share_rows(load: pd.DataFrame) -> pd.DataFrame:
    """Least and largest share of each variant, and against which others its place is open."""
    frames = {
        quantity: mechanics.load_order(load, quantity).set_index("variant")
        for quantity in QUANTITIES
    }
    conflicts = mechanics.order_conflicts(load)
    rows = []
    for name in exercises().index:
        mine = {quantity: order.loc[name] for quantity, order in frames.items()}
        open_to = [
            f"{short(other)} ({quantity})"
            for quantity, row in mine.items()
            for other in row["uncertain_against"].split(", ")
            if other
        ]
        rows.append(
            {
                "Variant": exercise(name).name,
                **{
                    f"{quantity.capitalize()} [%]": percent_range(
                        100 * row["share_low"], 100 * row["share_high"]
                    )
                    for quantity, row in mine.items()
                },
                "Order turns with table or sex against": "; ".join(open_to) or "none",
                "Order turns with the quantity against": "; ".join(map(short, conflicts[name]))
                or "none",
            }
        )
    return pd.DataFrame(rows)


def short(variant: str) -> str:
    """A variant's name without the posture, for labels."""
    return exercise(variant).name.replace(", lying", "").replace(", other leg hovering", "")


def percent_range(low: float, high: float) -> str:
    """Two whole percentages, or one where they are the same in print."""
    return f"{low:.0f}" if f"{low:.0f}" == f"{high:.0f}" else f"{low:.0f} to {high:.0f}"


def order_words(load: pd.DataFrame, quantity: str) -> str:
    """The order in words: < where certain, = where equal, (?) where tables or sexes disagree."""
    order = mechanics.load_order(load, quantity)
    known = order.set_index("variant")
    words = before = ""
    for variant in order["variant"]:
        if before:
            uncertain = known.loc[variant, "uncertain_against"].split(", ")
            equal = known.loc[variant, "equal_to"].split(", ")
            words += " = " if before in equal else " (?) " if before in uncertain else " < "
        words += short(variant)
        before = variant
    return words


def uncertain_pairs(load: pd.DataFrame) -> int:
    """How many pairs of variants change places between segment tables or sexes, over quantities."""
    doubled = sum(
        len([one for one in cell.split(", ") if one])
        for quantity in QUANTITIES
        for cell in mechanics.load_order(load, quantity)["uncertain_against"]
    )
    return doubled // 2


def choices(**person: Any) -> pd.DataFrame:
    """Peak, mean and work of a variant when one thing is done otherwise."""
    rows: list[dict[str, Any]] = []
    for variant, choice, change in (
        (REFERENCE, "as it is", {}),
        (REFERENCE, "Winter 2009 segments", {"segments": "winter2009"}),
        (REFERENCE, "mixed segments", {"segments": "mixed"}),
        (REFERENCE, f"down only to {CHOSEN_START_DEG:g}°", {"start_deg": CHOSEN_START_DEG}),
        (
            REFERENCE,
            f"{CHOSEN_ANKLE_KG:g} kg more at each ankle",
            {"ankle_mass_kg": person.get("ankle_mass_kg", 0) + CHOSEN_ANKLE_KG},
        ),
        ("lying_single_leg", "as it is", {}),
        ("lying_single_leg", "other leg on the floor", {"resting_leg": "floor"}),
        ("lying_bent_knee", "as it is", {}),
        ("lying_bent_knee", "shank held level", {"knee_deg": "level"}),
    ):
        rep = mechanics.repetition(variant, **{**person, **change})
        if not change:
            default = rep.peak_nm
        rows.append(
            {
                "Variant": exercise(variant).name,
                "Done": choice,
                "Peak moment [N m]": rep.peak_nm,
                "Mean moment [N m]": rep.mean_nm,
                "Work up [J]": rep.work_up_j,
                "Times the variant's peak": rep.peak_nm / default,
            }
        )
    return pd.DataFrame(rows)


def certainty_words(load: pd.DataFrame) -> str:
    """Where the order is certain and where it is not, in two sentences."""
    turned = uncertain_pairs(load)
    tables = (
        "No segment table or sex turns any pair round by the same quantity."
        if not turned
        else f"Tables or sexes turn {turned} of the pairs round, marked (?)."
    )
    pairs = sum(len(others) for others in mechanics.order_conflicts(load).values()) // 2
    return (
        f"{tables} But peak, mean and work order {pairs} pairs of variants differently, and for "
        "those there is no order until it is said which of the three is meant."
    )


def segments_words(segments: str) -> str:
    """What the chosen segment table is, as an assumption."""
    words = SEGMENT_SETS[segments]
    return f"Segments: {words}."
