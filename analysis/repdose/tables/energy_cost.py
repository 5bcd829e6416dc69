"""Tables of the report on energy cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from repdose import energy
from repdose.evidence.studies.study_findings import by_id, finding
from repdose.evidence.training.variants import ROLES, exercise, met_analogies
from repdose.multiverse import Multiverse
from repdose.plans import Plan
from repdose.tables.plans import (
    WHOLE_SESSION,
    WHOLE_WEEK,
    has_sessions,
    session_names,
    stage_weeks,
    together,
)
from repdose.tables.words import compared, counted, listed

# How oxygen was measured in body-weight exercises, by study
MEASURED = {
    "vezina2012": "when oxygen was taken up during the set",
    "vezina2014": "when that of the recovery was charged to it",
}
MEASURED_REST = "byrne2005.resting_oxygen_uptake"
MET_STANDS_FOR = "ainsworth2011.oxygen_per_met"
# An ordinary walk, 4.8 km/h: what the energy of a week is set beside
WALK_M_MIN = 80


def energy_by_stage(
    plan: Plan, *, body_mass_kg: float, edition: str, convention: str, time_basis: str
) -> pd.DataFrame:
    """Energy of a session and of a week in each stage, at the low, central and high row.

    Of a plan with whole sessions every exercise has a row, every session one for the whole, and
    every stage one for its week.
    """
    settings = {
        "body_mass_kg": body_mass_kg,
        "edition": edition,
        "convention": convention,
        "time_basis": time_basis,
    }
    if has_sessions(plan):
        return _energy_by_session(plan, settings)
    rows = []
    for weeks, stage in zip(stage_weeks(plan), plan.stages, strict=True):
        ((times, session),) = stage.week_sessions
        spent = energy.session_energy(session, **settings)  # type: ignore[arg-type]
        rows.append(
            {
                "Weeks": weeks,
                "Variant": stage.label,
                "Session [kcal]": spent.gross_kcal["central"],
                **{f"Week, {role} [kcal]": times * spent.gross_kcal[role] for role in ROLES},
                "Week, net [kcal]": times * spent.net_kcal["central"],
                "Week [MET-min]": times * spent.met_min["central"],
            }
        )
    return pd.DataFrame(rows)


def _energy_by_session(plan: Plan, settings: Mapping[str, Any]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for weeks, stage in zip(stage_weeks(plan), plan.stages, strict=True):
        week: list[dict[str, float]] = []
        for name, (times, session) in zip(session_names(stage), stage.week_sessions, strict=True):
            spent = energy.session_energy(session, **settings)
            rows += [
                {
                    "Weeks": weeks,
                    "Session": name,
                    "Exercise": exercise(one.exercise).name,
                    **_amounts(one),
                }
                for one in spent.exercises
            ]
            whole = _amounts(spent)
            rows.append({"Weeks": weeks, "Session": name, "Exercise": WHOLE_SESSION, **whole})
            week.append({column: times * amount for column, amount in whole.items()})
        total = {column: sum(one[column] for one in week) for column in week[0]}
        rows.append({"Weeks": weeks, "Session": "all", "Exercise": WHOLE_WEEK, **total})
    return pd.DataFrame(rows)


def _amounts(spent: energy.ExerciseEnergy | energy.SessionEnergy) -> dict[str, float]:
    return {
        **{f"Gross, {role} [kcal]": spent.gross_kcal[role] for role in ROLES},
        "Net [kcal]": spent.net_kcal["central"],
        "MET-min": spent.met_min["central"],
    }


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
            "Stands in for": exercise(name).name,
            "Reason": row.reason,
        }
        for name in plan.exercises
        for role, row in met_analogies(name, edition=edition).items()
    ]
    return together(rows, "Stands in for").sort_values("MET", kind="stable", ignore_index=True)


def intensity_by_variant(
    plan: Plan, *, edition: str, body_mass_kg: float, stature_m: float, age_y: float, sex: str
) -> pd.DataFrame:
    """Intensity class of each variant, by the standard MET and relative to the person's rest."""
    rows = []
    for variant in plan.exercises:
        analogies = met_analogies(variant, edition=edition)
        standard = [analogies[role].met.met for role in ROLES]
        corrected = energy.corrected_met(
            analogies["central"].met.met,
            body_mass_kg=body_mass_kg,
            stature_m=stature_m,
            age_y=age_y,
            sex=sex,
        )
        classes = list(dict.fromkeys(energy.intensity(value) for value in standard))
        rows.append(
            {
                "Variant": exercise(variant).name,
                "MET, central": analogies["central"].met.met,
                "Class, central": energy.intensity(analogies["central"].met.met),
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
            "Choice": label,
            "Lowest with": low_option if swing else "any, it moves nothing",
            f"Lowest [{universe.unit}]": low,
            "Highest with": high_option if swing else "any",
            f"Highest [{universe.unit}]": high,
            f"Swing [{universe.unit}]": swing,
        }
        for label, _, low, low_option, high, high_option, swing in universe.swing.itertuples(
            index=False, name=None
        )
    )


def measured_met_words() -> str:
    """METs of body-weight exercises as measured, in the set and in the recovery after it."""
    parts = []
    for study, how in MEASURED.items():
        found = [finding(id).value for id in by_id() if _is_met_of(id, study)]
        mets = [value for value in found if value is not None]
        parts.append(
            f"{counted(len(mets), 'body-weight exercise')} came out at {min(mets):g} to "
            f"{max(mets):g} MET {how} [@{study}]"
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


def together_words(plan: Plan) -> str:
    """How the exercises of a session share its time and their rows' range; empty without any."""
    if not has_sessions(plan):
        return ""
    return (
        "Between two exercises stands the rest of the one just done, and it is counted to that "
        "one. The low end has every exercise at its low row, the high end every one at its high."
    )
