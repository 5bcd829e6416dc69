"""Tables that a report shows: model results under headings a reader knows."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis import adherence, dose_response, energy, volume
from analysis.multiverse import Multiverse
from analysis.plans import Plan, Stage
from analysis.words import compared, counted, listed
from evidence.conventions import energy_convention
from evidence.exercises import ROLES, met_analogies, muscles, set_credits
from evidence.findings import finding, findings
from evidence.guidelines import guideline

EDITION_SOURCE = {"2011": "ainsworth2011", "2024": "herrmann2024"}
TWO_DECIMALS = 2
# How oxygen was measured in body-weight exercises, by study
MEASURED = {
    "vezina2012": "when oxygen was taken up during the set",
    "vezina2014": "when that of the recovery was charged to it",
}
MEASURED_REST = "byrne2005.resting_oxygen_uptake"
MET_STANDS_FOR = "ainsworth2011.oxygen_per_met"
BANDS = "schoenfeld2017.effect_size_10_plus_sets"
ALPHA = 0.05  # usual bound below which a difference is called more than chance
CURVES = ("schoenfeld2017.slope_effect_size", "schoenfeld2017.categories_effect_size")


def stage_weeks(plan: Plan) -> list[str]:
    """Weeks of each stage, as in ``"1 to 2"``."""
    numbers: dict[int, list[int]] = {}
    for week in plan:
        numbers.setdefault(week.stage_number, []).append(week.number)
    return [
        f"{weeks[0]}" if len(weeks) == 1 else f"{weeks[0]} to {weeks[-1]}"
        for weeks in numbers.values()
    ]


def dose(stage: Stage) -> str:
    """Sets and what a set is, as in ``"3 × 12 per leg"`` or ``"3 × 20 s"``."""
    if stage.repetitions is None:
        return f"{stage.sets} × {stage.set_duration_s:g} s"
    return f"{stage.sets} × {stage.repetitions}{' per leg' if stage.exercise.sides > 1 else ''}"


def plan_stages(plan: Plan) -> pd.DataFrame:
    """What is done in each stage, with the session's working and elapsed time."""
    return pd.DataFrame(
        {
            "Weeks": weeks,
            "Variant": stage.exercise.name,
            "Sessions a week": stage.sessions_per_week,
            "Sets × repetitions": dose(stage),
            "Rest between sets [s]": stage.rest_s,
            "Working time [min]": stage.work_min,
            "Elapsed time [min]": stage.elapsed_min,
        }
        for weeks, stage in zip(stage_weeks(plan), plan.stages, strict=True)
    )


def energy_by_stage(
    plan: Plan, *, body_mass_kg: float, edition: str, convention: str, time_basis: str
) -> pd.DataFrame:
    """Energy of a session and of a week in each stage, at the low, central and high row."""
    rows = []
    for weeks, stage in zip(stage_weeks(plan), plan.stages, strict=True):
        session = energy.session_energy(
            stage,
            body_mass_kg=body_mass_kg,
            edition=edition,
            convention=convention,
            time_basis=time_basis,
        )
        rows.append(
            {
                "Weeks": weeks,
                "Variant": stage.exercise.name,
                "Session [kcal]": session.gross_kcal["central"],
                **{
                    f"Week, {role} [kcal]": stage.sessions_per_week * session.gross_kcal[role]
                    for role in ROLES
                },
                "Week, net [kcal]": stage.sessions_per_week * session.net_kcal["central"],
                "Week [MET-min]": stage.sessions_per_week * session.met_min["central"],
            }
        )
    return pd.DataFrame(rows)


def met_rows(plan: Plan, *, edition: str) -> pd.DataFrame:
    """The Compendium rows that stand in for the plan's variants, and why.

    Variants that borrow the same row for the same reason share a line.
    """
    rows = [
        {
            "Analogy": role,
            "Code": row.met.code,
            "MET": row.met.met,
            "Activity of the row": row.met.activity,
            "Stands in for": stage.exercise.name,
            "Reason": row.reason,
        }
        for stage in plan.stages
        for role, row in met_analogies(stage.variant, edition=edition).items()
    ]
    return _together(rows, "Stands in for").sort_values("MET", kind="stable", ignore_index=True)


def _together(rows: list[dict[str, object]], column: str) -> pd.DataFrame:
    """Rows that differ in one column only, as one row with its values side by side."""
    frame = pd.DataFrame(rows).drop_duplicates()
    others = [name for name in frame if name != column]
    joined = frame.groupby(others, sort=False, dropna=False)[column].agg("; ".join).reset_index()
    return joined[list(frame.columns)]


def intensity_by_variant(
    plan: Plan, *, edition: str, body_mass_kg: float, stature_m: float, age_y: float, sex: str
) -> pd.DataFrame:
    """Intensity class of each variant, by the standard MET and relative to the person's rest."""
    rows = []
    for variant in dict.fromkeys(stage.variant for stage in plan.stages):
        found = met_analogies(variant, edition=edition)
        standard = [found[role].met.met for role in ROLES]
        corrected = energy.corrected_met(
            found["central"].met.met,
            body_mass_kg=body_mass_kg,
            stature_m=stature_m,
            age_y=age_y,
            sex=sex,
        )
        classes = list(dict.fromkeys(energy.intensity(value) for value in standard))
        rows.append(
            {
                "Variant": next(s.exercise.name for s in plan.stages if s.variant == variant),
                "MET, central": found["central"].met.met,
                "Class, central": energy.intensity(found["central"].met.met),
                "Classes from low to high": ", ".join(classes),
                "Corrected MET": corrected,
                "Class, corrected": energy.intensity(corrected),
            }
        )
    return pd.DataFrame(rows)


def choices(universe: Multiverse) -> pd.DataFrame:
    """What each choice alone does to the default, the largest swing first."""
    return pd.DataFrame(
        {
            "Choice": row["label"],
            "Lowest with": row["low_option"] if row["swing"] else "any, it moves nothing",
            f"Lowest [{universe.unit}]": row["low"],
            "Highest with": row["high_option"] if row["swing"] else "any",
            f"Highest [{universe.unit}]": row["high"],
            f"Swing [{universe.unit}]": row["swing"],
        }
        for _, row in universe.swing.iterrows()
    )


def volume_by_stage(plan: Plan) -> pd.DataFrame:
    """Weekly sets, repetitions and time under tension in each stage."""
    weekly = volume.weekly_volume(plan).drop_duplicates("stage").set_index("stage")
    return pd.DataFrame(
        {
            "Weeks": stage_weeks(plan),
            "Variant": [stage.exercise.name for stage in plan.stages],
            "Sessions": weekly["sessions"].to_numpy(),
            "Sets": weekly["sets"].to_numpy(),
            "Repetitions": [count or "in bouts" for count in weekly["repetitions"]],
            "Time under tension [s]": weekly["time_under_tension_s"].to_numpy(),
        }
    )


def sets_by_muscle(plan: Plan, *, indirect_weight: float) -> pd.DataFrame:
    """Weekly sets of each muscle in each stage: fractional, with direct and total around it."""
    sets = volume.weekly_sets(plan, indirect_weight=indirect_weight)
    firsts = {week.stage_number: week.number for week in reversed(plan.weeks())}
    rows = []
    for muscle, (name, _) in muscles().items():
        mine = sets[sets["muscle"] == muscle].set_index("week")
        if not mine["total"].any():
            continue
        row: dict[str, object] = {"Muscle": name}
        for weeks, first in zip(stage_weeks(plan), sorted(firsts.values()), strict=True):
            cell = mine.loc[first]
            row[f"Weeks {weeks}" if " " in weeks else f"Week {weeks}"] = (
                f"{cell['fractional']:g} ({cell['direct']:g} to {cell['total']:g})"
                if cell["total"] != cell["direct"]
                else f"{cell['total']:g}"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def credits(plan: Plan) -> pd.DataFrame:
    """Why a set counts for a muscle, with the grade of the evidence; variants alike together."""
    names = muscles()
    rows: list[dict[str, object]] = [
        {
            "Muscle": names[credit.muscle][0],
            "Counts as": credit.role,
            "Grade": credit.grade,
            "In": stage.exercise.name,
            "Reason": credit.reason,
        }
        for muscle in names
        for stage in plan.stages
        for credit in [set_credits(stage.variant).get(muscle)]
        if credit is not None
    ]
    return _together(rows, "In")


def ways_to_count(universe: Multiverse) -> pd.DataFrame:
    """Least, default and most weekly sets of each muscle over the ways to count them."""
    by_muscle = universe.by("muscle").reset_index()
    return by_muscle.rename(
        columns={"muscle": "Muscle", "low": "Least", "default": "Default", "high": "Most"}
    )


def adherence_by_stage(plan: Plan, *, guideline: str, edition: str) -> pd.DataFrame:
    """Verdicts of one guideline for each stage: a row a recommendation, with the words why."""
    compared = adherence.compare(plan, guideline=guideline, edition=edition)
    stages = {week.number: week.stage_number for week in plan}
    compared["stage"] = compared["week"].map(stages)
    weeks = dict(enumerate(stage_weeks(plan), start=1))
    rows = []
    once = compared.drop_duplicates(["stage", "record"])
    for _, mine in once.groupby("record", sort=False):
        first = mine.iloc[0]
        rows.append(
            {
                "Recommendation": first["criterion"],
                "Recommended": first["recommended"],
                "Verdict": _by_stage(mine, "verdict", weeks),
                "Why": _by_stage(mine, "why", weeks),
            }
        )
    frame = pd.DataFrame(rows)
    # What cannot be compared for one and the same reason is said once.
    apart = frame["Verdict"] != "not comparable"
    group = frame["Why"].where(~apart, frame["Recommendation"])
    merged = frame.groupby(group, sort=False)
    alike = merged.first()
    for column in ("Recommendation", "Recommended"):
        alike[column] = merged[column].agg("; ".join)
    return alike.reset_index(drop=True)[list(frame.columns)]


def _by_stage(mine: pd.DataFrame, column: str, weeks: dict[int, str]) -> str:
    """Different words for different stages, stages that agree together."""
    together: dict[str, list[str]] = {}
    for stage, words in zip(mine["stage"], mine[column], strict=True):
        together.setdefault(str(words), []).append(weeks[int(stage)])
    if len(together) == 1:
        return next(iter(together))
    return "; ".join(f"{_weeks(when)}: {words}" for words, when in together.items())


def _weeks(spans: Sequence[str]) -> str:
    alone = len(spans) == 1 and spans[0].isdigit()
    return f"{'week' if alone else 'weeks'} {', '.join(spans)}"


def response_to_sets(plan: Plan, *, indirect_weight: float) -> pd.DataFrame:
    """What Schoenfeld 2017 found at the plan's highest weekly sets of each muscle.

    The curve counts sets per muscle per week as trained limb and trunk-external muscles got
    them; for the muscles of a leg raise it is an illustration, and direct sets only are used.
    """
    sets = volume.weekly_sets(plan, indirect_weight=indirect_weight)
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


def percent(part: float, whole: float) -> float:
    """`part` as a percentage of `whole`."""
    return 100 * part / whole


def per_week(a_day: float) -> float:
    """A week's amount from a day's."""
    return a_day * adherence.DAYS_PER_WEEK


def last_week(sets: pd.DataFrame) -> pd.DataFrame:
    """Rows of the last week, by muscle."""
    rows: pd.DataFrame = sets[sets["week"] == sets["week"].max()]
    return rows.set_index("muscle")


def convention_words(name: str) -> str:
    """An energy convention in words."""
    return energy_convention(name).words


def aerobic_target() -> str:
    """The weekly MET-minutes of aerobic exercise that Garber 2011 recommends."""
    row = next(r for r in guideline("garber2011") if r.quantity == "met_minutes_per_week")
    return adherence.recommended(row)


def measured_met_words() -> str:
    """METs of body-weight exercises as measured, in the set and in the recovery after it."""
    parts = []
    for study, how in MEASURED.items():
        mets = pd.Series(
            {id: finding(str(id)).value for id in findings().index if _is_met_of(str(id), study)}
        )
        parts.append(
            f"{counted(len(mets), 'body-weight exercise')} came out at {mets.min():g} to "
            f"{mets.max():g} MET {how} [@{study}]"
        )
    return f"Oxygen uptake during leg raises has not been found in print: {listed(parts)}."


def _is_met_of(id: str, study: str) -> bool:
    return id.startswith(f"{study}.") and id.endswith("_met")


def measured_rest_words() -> str:
    """How measured rest stands to the oxygen uptake that one MET stands for."""
    measured, met = (finding(id) for id in (MEASURED_REST, MET_STANDS_FOR))
    assert measured.value is not None  # tests hold both to print
    assert met.value is not None
    return (
        f"Rest as measured in {measured.n} adults averaged {measured.value:g} {measured.unit} "
        f"[@{measured.source}], {compared(measured.value, met.value, digits=1)} the {met.value:g} "
        f"that one MET stands for [@{met.source}]."
    )


def trend_words() -> str:
    """Whether the bands of weekly sets that Schoenfeld 2017 compared differ beyond chance."""
    found = finding(BANDS)
    assert found.p is not None  # a test holds it to print
    if found.p < ALPHA:
        return f"The three bands of weekly sets differ (p = {found.p:g}) [@{found.source}]."
    return (
        f"The three bands of weekly sets do not differ beyond chance (p = {found.p:g}), so that "
        f"no rule of ten sets follows [@{found.source}]."
    )
