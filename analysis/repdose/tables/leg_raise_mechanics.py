"""Tables and sentences of the mechanics report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from repdose import mechanics
from repdose.evidence.training.leg_raises import leg_raises
from repdose.evidence.training.variants import exercise
from repdose.mechanics import QUANTITIES, REFERENCE, SEGMENT_SETS, Repetition
from repdose.tables.words import compared, counted, listed

# Choices looked at one at a time: an ankle weight of 1 kg, and stopping 30 degrees short of
# the floor, where a beginner's back would lift.
CHOSEN_ANKLE_KG = 1.0
CHOSEN_START_DEG = 30.0
MEASURE = {"peak": "the peak", "mean": "the mean over the angle", "work": "work"}
# A larger body, to see whether shares depend on it, and what is called no change [points].
HEAVIER, TALLER, SMALL = 1.5, 1.1, 0.1


def repetitions(**person: Any) -> dict[str, Repetition]:
    """One repetition of each variant at its own tempo and range, by variant."""
    return {name: mechanics.repetition(name, **person) for name in leg_raises()}


def repetition_rows(reps: Mapping[str, Repetition]) -> pd.DataFrame:
    """What a repetition of each variant asks of the hips."""
    return pd.DataFrame(
        {
            "Variant": exercise(name).name,
            "Range [deg]": f"{rep.start_deg:g} to {rep.end_deg:g}",
            "Peak moment [N m]": rep.peak_nm,
            "Mean moment [N m]": rep.mean_nm,
            "Work up [J]": rep.work_up_j,
            "Moment-time impulse [N m s]": rep.moment_time_nms,
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
    own = {key: value for key, value in person.items() if key != "segments"}
    return pd.DataFrame(
        {
            "Segments": name,
            "Straight-leg peak [N m]": mechanics.repetition(
                REFERENCE, segments=name, **own
            ).peak_nm,
            "What it is": words,
        }
        for name, words in SEGMENT_SETS.items()
    )


def share_rows(load: pd.DataFrame) -> pd.DataFrame:
    """Least and largest share of each variant, and against which others its place is open."""
    frames = {
        quantity: mechanics.load_order(load, quantity).set_index("variant").to_dict("index")
        for quantity in QUANTITIES
    }
    conflicts = mechanics.order_conflicts(load)
    rows = []
    for name in leg_raises():
        ends = {quantity: order[name] for quantity, order in frames.items()}
        open_to = [
            f"{short(other)} ({quantity})"
            for quantity, row in ends.items()
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
                    for quantity, row in ends.items()
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


def place_rows(load: pd.DataFrame) -> pd.DataFrame:
    """Place of each variant by peak, mean and work: one more than surely lie below it.

    Variants that are level, or that a table or a sex turns round, share a place.
    """
    places = {f"By {quantity}": _places(load, quantity) for quantity in QUANTITIES}
    return pd.DataFrame(
        {
            "Variant": exercise(name).name,
            **{heading: one[name] for heading, one in places.items()},
        }
        for name in leg_raises()
    )


def _places(load: pd.DataFrame, quantity: str) -> dict[str, int]:
    order = mechanics.load_order(load, quantity)
    return {
        row["variant"]: 1
        + len(set(order["variant"].iloc[:at]) - {*_others(row["equal_to"]), *_uncertain(row)})
        for at, row in order.iterrows()
    }


def _others(cell: str) -> list[str]:
    return [one for one in cell.split(", ") if one]


def _uncertain(row: Any) -> list[str]:
    return _others(row["uncertain_against"])


def ends_words(load: pd.DataFrame, quantity: str) -> str:
    """Which variants ask least and most, each end with all that share its place."""
    order = mechanics.load_order(load, quantity)
    ends = []
    for at in (0, -1):
        row = order.iloc[at]
        level = {row["variant"], *_others(row["equal_to"]), *_uncertain(row)}
        rows = order[order["variant"].isin(level)]
        share = percent_range(100 * rows["share_low"].min(), 100 * rows["share_high"].max())
        names = listed(short(one) for one in leg_raises() if one in level)
        ends.append((level, f"the {names} ({share} %)"))
    if len(ends[0][0]) == len(order) or len(ends[1][0]) == len(order):
        return f"By {MEASURE[quantity]} no variant asks more than all others for certain"
    return f"By {MEASURE[quantity]}, least is asked by {ends[0][1]} and most by {ends[1][1]}"


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
        f"Tables or sexes turn {counted(turned, 'pair')} of variants round."
        if turned
        else "No segment table or sex turns any pair of variants round."
    )
    pairs = sum(len(others) for others in mechanics.order_conflicts(load).values()) // 2
    if not pairs:
        return f"{tables} Peak, mean and work give one order."
    return (
        f"{tables} Peak, mean and work order {counted(pairs, 'pair')} of them differently, which "
        f"{'has' if pairs == 1 else 'have'} no order until one of the three is meant."
    )


def segments_words(segments: str) -> str:
    """What the chosen segment table is, as an assumption."""
    words = SEGMENT_SETS[segments]
    return f"Segments: {words}."


def body_words(**person: Any) -> str:
    """How far the shares move in a larger body, computed."""
    own = {name: person[name] for name in ("body_mass_kg", "stature_m", "ankle_mass_kg")}
    other = {
        **own,
        "body_mass_kg": HEAVIER * own["body_mass_kg"],
        "stature_m": TALLER * own["stature_m"],
    }
    share, two = (mechanics.relative_load(**body)["share"] for body in (own, other))
    moved = 100 * float((share - two).abs().max())
    far = f"by less than {SMALL:g}" if moved < SMALL else f"by up to {moved:.1f}"
    return (
        f"In a body {100 * HEAVIER - 100:.0f} % heavier and {100 * TALLER - 100:.0f} % taller the "
        f"shares move {far} percentage points."
    )


def tables_words(rows: pd.DataFrame) -> str:
    """How far the segment tables differ in the peak of the straight-leg raise."""
    peaks = rows["Straight-leg peak [N m]"]
    apart = 100 * (peaks.max() / peaks.min() - 1)
    if f"{apart:.0f}" == "0":
        return "The segment tables give the same peak within half a percent."
    return f"Between the segment tables the peak differs by {apart:.0f} %."


def hovering_words(share: float, stated: str) -> str:
    """What the hovering leg adds to the mean moment; `share` is that of both legs' [1]."""
    half = "half that the raised leg alone would ask"
    how = compared(100 * share, 100 / 2)
    why = ": the hovering leg works against gravity all the time" if how == "more than" else ""
    return (
        "With one leg hovering, the moment averaged over the range is "
        f"{stated} of the straight-leg raise's, {how} the {half}{why}."
    )


def hanging_words(hanging: float, lying: float, stated: str) -> str:
    """How the peak of the hanging straight-leg raise stands to the lying one."""
    return (
        f"In the hanging straight-leg raise the peak hip moment is {stated}, "
        f"{compared(hanging, lying)} that of the lying one ({lying:.0f} N m)."
    )
