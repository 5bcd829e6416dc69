"""Tables and words of a plan that several reports share."""

from __future__ import annotations

import pandas as pd

from repdose import adherence
from repdose.evidence.compendia.conventions import energy_convention
from repdose.evidence.training.leg_raises import has_model
from repdose.evidence.training.recommendations import guideline
from repdose.evidence.training.variants import exercise, met_analogies
from repdose.plans import Plan, Stage
from repdose.tables.words import listed

EDITION_SOURCE = {"2011": "ainsworth2011", "2024": "herrmann2024"}


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


def unlisted(*plans: Plan, edition: str) -> str:
    """Which of the plans' exercises no row of the Compendium names."""
    variants = dict.fromkeys(stage.variant for plan in plans for stage in plan.stages)
    if all(map(has_model, variants)):
        return "No edition of the Compendium lists a leg raise"
    borrowed = [exercise(one).name for one in variants if not _is_named(one, edition)]
    if not borrowed:
        return f"The {edition} Compendium has a row for every exercise planned"
    return f"The {edition} Compendium has no row that names {listed(borrowed)}"


def analogies(plan: Plan, *, edition: str) -> str:
    """What the METs of a plan are, where no row names an exercise and where one does."""
    if unlisted(plan, edition=edition).startswith("No edition"):
        return (
            "No edition of the Compendium lists a leg raise: every MET here is that of another "
            "exercise, taken as an analogy."
        )
    return (
        f"{unlisted(plan, edition=edition)}. A row that names an exercise stands for it at any "
        "load and pace; every other MET is that of another activity, taken as an analogy."
    )


def _is_named(variant: str, edition: str) -> bool:
    return met_analogies(variant, edition=edition)["central"].reason.startswith("Named")


def together(rows: list[dict[str, object]], column: str) -> pd.DataFrame:
    """Rows that differ in one column only, as one row with its values side by side."""
    frame = pd.DataFrame(rows).drop_duplicates()
    others = [name for name in frame if name != column]
    joined = frame.groupby(others, sort=False, dropna=False)[column].agg("; ".join).reset_index()
    return joined[list(frame.columns)]


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
