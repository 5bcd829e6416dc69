"""Tables of the report on weekly volume."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from repdose import adherence, dose_response, volume
from repdose.evidence.studies.study_findings import finding
from repdose.evidence.training.variants import exercise, muscles, set_credits
from repdose.multiverse import Multiverse
from repdose.plans import Plan
from repdose.tables.plans import stage_weeks, together
from repdose.tables.words import counted

BANDS = "schoenfeld2017.effect_size_10_plus_sets"
TOLD = 2  # muscles whose last week a report tells of
ALPHA = 0.05  # usual bound below which a difference is called more than chance
CURVES = ("schoenfeld2017.slope_effect_size", "schoenfeld2017.categories_effect_size")


def volume_by_stage(plan: Plan) -> pd.DataFrame:
    """Weekly sets, repetitions and time under tension in each stage."""
    weekly = volume.weekly_volume(plan).drop_duplicates("stage").set_index("stage")
    frame = pd.DataFrame(
        {
            "Weeks": stage_weeks(plan),
            "Variant": [stage.label for stage in plan.stages],
            "Sessions": weekly["sessions"].to_numpy(),
            "Sets": weekly["sets"].to_numpy(),
            "Repetitions": [count or "in bouts" for count in weekly["repetitions"]],
            "Time under tension [s]": weekly["time_under_tension_s"].to_numpy(),
        }
    )
    if weekly["volume_load_kg"].notna().any():
        frame["Volume load [kg]"] = weekly["volume_load_kg"].astype(float).to_numpy()
        frame["Sets without a load in kg"] = weekly["sets_without_load"].to_numpy()
    return frame


def sets_by_muscle(plan: Plan, *, indirect_weight: float) -> pd.DataFrame:
    """Weekly sets of each muscle in each stage: fractional, with direct and total around it."""
    sets = volume.weekly_sets(plan, indirect_weight=indirect_weight)
    firsts = {week.stage_number: week.number for week in reversed(plan.weeks())}
    rows = []
    for muscle, (name, _) in muscles().items():
        own = sets[sets["muscle"] == muscle].set_index("week")
        if not own["total"].any():
            continue
        row: dict[str, object] = {"Muscle": name}
        for weeks, first in zip(stage_weeks(plan), sorted(firsts.values()), strict=True):
            cell = own.loc[first]
            row[f"Weeks {weeks}" if " " in weeks else f"Week {weeks}"] = (
                f"{cell['fractional']:g} ({cell['direct']:g} to {cell['total']:g})"
                if cell["total"] != cell["direct"]
                else f"{cell['total']:g}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def in_words(muscle: str) -> str:
    """Name of a muscle in a sentence."""
    return muscles()[muscle][0].removesuffix(" (iliopsoas)")


def number_id(muscle: str) -> str:
    """A muscle in the id of a number, that of a pack without its dot."""
    return muscle.replace(".", "_")


def credits(plan: Plan) -> pd.DataFrame:
    """Why a set counts for a muscle, with the grade of the evidence; variants alike together."""
    names = muscles()
    rows: list[dict[str, object]] = [
        {
            "Muscle": names[credit.muscle][0],
            "Counts as": credit.role,
            "Grade": credit.grade,
            "In": exercise(trained).name,
            "Reason": credit.reason,
        }
        for muscle in names
        for trained in plan.exercises
        for credit in [set_credits(trained).get(muscle)]
        if credit is not None
    ]
    return together(rows, "In")


def load_words(weekly: pd.DataFrame) -> str:
    """What the volume load of a plan counts and leaves out; empty where no load is known.

    `weekly` is the result of :func:`repdose.volume.weekly_volume`.
    """
    if not weekly["volume_load_kg"].notna().any():
        return ""
    without, sets = int(weekly["sets_without_load"].sum()), int(weekly["sets"].sum())
    left = (
        "Every set of the plan has one"
        if not without
        else f"{counted(without, 'set')} of the plan's {sets:,} have no load in kilograms and are "
        "not in it"
    )
    return (
        f"Volume load is sets times repetitions times kilograms. {left}; body mass and ankle "
        "weights are not counted, and kilograms of one exercise are not those of another."
    )


def ways_to_count(universe: Multiverse) -> pd.DataFrame:
    """Least, default and most weekly sets of each muscle over the ways to count them."""
    by_muscle = universe.by("muscle").reset_index()
    return by_muscle.rename(
        columns={"muscle": "Muscle", "low": "Least", "default": "Default", "high": "Most"}
    )


def adherence_by_stage(plan: Plan, *, guideline: str, edition: str) -> pd.DataFrame:
    """Verdicts of one guideline for each stage: a row a recommendation, with the words why."""
    stages = {week.number: week.stage_number for week in plan}
    weeks = dict(enumerate(stage_weeks(plan), start=1))
    judged: dict[str, dict[int, dict[Hashable, Any]]] = {}
    for one in adherence.compare(plan, guideline=guideline, edition=edition).to_dict("records"):
        judged.setdefault(one["record"], {}).setdefault(stages[one["week"]], one)
    # What cannot be compared for one and the same reason is said once
    alike: dict[str, list[dict[str, str]]] = {}
    for by_stage in judged.values():
        first = next(iter(by_stage.values()))
        row = {
            "Recommendation": first["criterion"],
            "Recommended": first["recommended"],
            "Verdict": _by_stage(by_stage, "verdict", weeks),
            "Why": _by_stage(by_stage, "why", weeks),
        }
        apart = row["Verdict"] != "not comparable"
        alike.setdefault(row["Recommendation"] if apart else row["Why"], []).append(row)
    return pd.DataFrame(
        same[0]
        | {name: "; ".join(row[name] for row in same) for name in ("Recommendation", "Recommended")}
        for same in alike.values()
    )


def _by_stage(
    judged: Mapping[int, Mapping[Hashable, Any]], column: str, weeks: Mapping[int, str]
) -> str:
    """Different words for different stages, stages that agree together."""
    together: dict[str, list[str]] = {}
    for stage, one in judged.items():
        together.setdefault(one[column], []).append(weeks[stage])
    if len(together) == 1:
        return next(iter(together))
    return "; ".join(f"{_weeks(when)}: {words}" for words, when in together.items())


def _weeks(spans: Sequence[str]) -> str:
    alone = len(spans) == 1 and spans[0].isdigit()
    return f"{'week' if alone else 'weeks'} {', '.join(spans)}"


def response_to_sets(plan: Plan) -> pd.DataFrame:
    """What Schoenfeld 2017 found at the plan's highest weekly sets of each muscle.

    The curve counts sets per muscle per week as trained limb and trunk-external muscles got
    them; for the muscles of a leg raise it is an illustration, and direct sets only are used.
    """
    sets = volume.weekly_sets(plan)
    most = sets.groupby("muscle", sort=False)["direct"].max()
    slope, bands = (dose_response.curve_of(name) for name in CURVES)
    rows = []
    for muscle, value in most[most > 0].items():
        # The band below 5 and the slope both start from one weekly set.
        difference = slope.response([value]).iloc[0]
        band = bands.response([value]).iloc[0]
        rows.append(
            {
                "Muscle": muscles()[str(muscle)][0],
                "Direct sets, highest week": value,
                f"Gain over {difference['reference_dose']:g} weekly set [effect size]": difference[
                    "estimate"
                ],
                "Gain in its band of sets [effect size]": band["estimate"],
                "Within the doses studied": "no" if difference["extrapolated"] else "yes",
            }
        )
    return pd.DataFrame(rows)


def trend_words() -> str:
    """Whether the bands of weekly sets that Schoenfeld 2017 compared differ beyond chance."""
    bands = finding(BANDS)
    assert bands.p is not None  # a test holds it to print
    if bands.p < ALPHA:
        return f"The three bands of weekly sets differ (p = {bands.p:g}) [@{bands.source}]."
    return (
        f"The three bands of weekly sets do not differ beyond chance (p = {bands.p:g}), so that "
        f"no rule of ten sets follows [@{bands.source}]."
    )
