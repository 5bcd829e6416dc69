"""Tables and words of a plan that several reports share."""

from __future__ import annotations

import pandas as pd

from repdose import adherence
from repdose.evidence.compendia.conventions import energy_convention
from repdose.evidence.training.leg_raises import has_model
from repdose.evidence.training.recommendations import guideline
from repdose.evidence.training.variants import exercise, met_analogies
from repdose.plans import AnyStage, Plan, Prescription, SessionsStage, Stage
from repdose.tables.words import counted, listed

WHOLE_SESSION, WHOLE_WEEK = "whole session", "whole week"
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


def dose(done: Stage | Prescription) -> str:
    """Sets and what a set is, as in ``"3 × 12 per leg"`` or ``"3 × 20 s"``."""
    one = done.prescription if isinstance(done, Stage) else done
    if one.repetitions is None:
        return f"{one.sets} × {one.set_duration_s:g} s"
    side = "leg" if has_model(one.exercise) else "side"
    return f"{one.sets} × {one.repetitions}{f' per {side}' if one.kind.sides > 1 else ''}"


def has_sessions(*plans: Plan) -> bool:
    """Whether a plan has stages of whole sessions."""
    return any(isinstance(stage, SessionsStage) for plan in plans for stage in plan.stages)


def session_names(stage: AnyStage) -> list[str]:
    """How each session of a week is called in a table, by its number, name and weekday."""
    if isinstance(stage, Stage):
        return [f"{stage.sessions_per_week} a week"]
    return [
        f"{number}, {session.label}" if session.label else str(number)
        for number, session in enumerate(stage.sessions, start=1)
    ]


def plan_stages(plan: Plan) -> pd.DataFrame:
    """What is done in each stage, with the session's working and elapsed time.

    Of a plan with whole sessions every exercise has a row, and every session one for the whole.
    """
    if has_sessions(plan):
        return _plan_sessions(plan)
    return pd.DataFrame(
        {
            "Weeks": weeks,
            "Variant": stage.label,
            "Sessions a week": stage.sessions_per_week,
            "Sets × repetitions": dose(stage),
            "Rest between sets [s]": stage.rest_s,
            "Working time [min]": stage.work_min,
            "Elapsed time [min]": stage.elapsed_min,
        }
        for weeks, stage in zip(stage_weeks(plan), plan.stages, strict=True)
        if isinstance(stage, Stage)
    )


def _plan_sessions(plan: Plan) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for weeks, stage in zip(stage_weeks(plan), plan.stages, strict=True):
        for name, (_, session) in zip(session_names(stage), stage.week_sessions, strict=True):
            where = {"Weeks": weeks, "Session": name}
            rows += [
                {
                    **where,
                    "Exercise": part.done.kind.name,
                    "Sets × repetitions": dose(part.done),
                    "Load": part.done.load or "none given",
                    "Rest after a set [s]": f"{part.done.rest_s:g}",
                    "Working time [min]": part.work_min,
                    "Elapsed time [min]": part.elapsed_min,
                }
                for part in session.parts
            ]
            rows.append(
                {
                    **where,
                    "Exercise": WHOLE_SESSION,
                    "Sets × repetitions": counted(session.sets, "set"),
                    "Load": "",
                    "Rest after a set [s]": "",
                    "Working time [min]": session.work_min,
                    "Elapsed time [min]": session.elapsed_min,
                }
            )
    return pd.DataFrame(rows)


def of_leg_raises(*plans: Plan) -> bool:
    """Whether plans train the shipped leg raises and nothing else."""
    return all(has_model(name) for plan in plans for name in plan.exercises)


def unlisted(*plans: Plan, edition: str) -> str:
    """Which of the plans' exercises no row of the Compendium names."""
    variants = dict.fromkeys(name for plan in plans for name in plan.exercises)
    if of_leg_raises(*plans):
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
    own = [
        exercise(one).name
        for one in plan.exercises
        if any(row.met.pack for row in met_analogies(one, edition=edition).values())
    ]
    added = f" For {listed(own)} a MET stands that no edition lists." if own else ""
    return (
        f"{unlisted(plan, edition=edition)}. A row that names an exercise stands for it at any "
        f"load and pace; every other MET {'of the edition ' if own else ''}is that of another "
        f"activity, taken as an analogy.{added}"
    )


def _is_named(variant: str, edition: str) -> bool:
    """Whether the row of an exercise names it, and is one of the edition rather than a pack's."""
    central = met_analogies(variant, edition=edition)["central"]
    return central.reason.startswith("Named") and not central.met.pack


def together(rows: list[dict[str, object]], column: str) -> pd.DataFrame:
    """Rows that differ in one column only, as one row with its values side by side."""
    alike: dict[tuple[object, ...], list[dict[str, object]]] = {}
    for row in rows:
        others = tuple(value for name, value in row.items() if name != column)
        alike.setdefault(others, []).append(row)
    return pd.DataFrame(
        {**same[0], column: "; ".join(dict.fromkeys(str(row[column]) for row in same))}
        for same in alike.values()
    )


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
