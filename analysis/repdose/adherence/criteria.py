"""The rule by which a stage of a plan is held against each quantity that guidelines bound."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from repdose.adherence.judgements import Judgement, each_within, listed, within
from repdose.evidence.training.leg_raises import has_model
from repdose.evidence.training.recommendations import Guideline
from repdose.evidence.training.variants import exercise, muscles, set_credits
from repdose.plans import WEEKDAYS, AnyStage, Prescription, Stage

HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7
# One guideline says trunk where the other says abdomen.
SAME_GROUP = {"trunk": "abdomen"}
# Unit of a recommendation that counts sessions whatever they train
ANY_SESSION = "sessions per week"


def direct_muscles(name: str) -> list[str]:
    """Muscles that a set of an exercise counts for directly."""
    return [credit.muscle for credit in set_credits(name).values() if credit.role == "direct"]


def _by_muscle(stage: AnyStage) -> dict[str, list[int]]:
    """Places of the sessions of a week that train a muscle directly, repeated as often as done."""
    trained: dict[str, list[int]] = {}
    for place, (times, session) in enumerate(stage.week_sessions):
        for muscle in {m for one in session.exercises for m in direct_muscles(one.exercise)}:
            trained.setdefault(muscle, []).extend([place] * times)
    return {name: trained[id] for id, (name, _) in muscles().items() if id in trained}


def _each_exercise(
    stage: AnyStage, value: Callable[[Prescription], float | None]
) -> dict[str, float]:
    """A value of each exercise by name, those without it left out.

    An exercise that is done at several doses has each of them, told apart by its session.
    """
    found: dict[str, dict[float, list[int]]] = {}
    for number, (_, session) in enumerate(stage.week_sessions, start=1):
        for one in session.exercises:
            mine = value(one)
            if mine is not None:
                name = exercise(one.exercise).name
                found.setdefault(name, {}).setdefault(mine, []).append(number)
    return {
        name if len(doses) == 1 else f"{name} (session {', '.join(map(str, numbers))})": dose
        for name, doses in found.items()
        for dose, numbers in doses.items()
    }


def _sessions(stage: AnyStage, row: Guideline) -> Judgement:
    if row.unit == ANY_SESSION:
        return within(stage.sessions_per_week, "a week", row)
    counts = {muscle: float(len(places)) for muscle, places in _by_muscle(stage).items()}
    return each_within(counts or {"": stage.sessions_per_week}, "a week", row)


def _sets(stage: AnyStage, row: Guideline) -> Judgement:
    return each_within(_each_exercise(stage, lambda one: one.sets), "a session", row)


def _weekly_sets(stage: AnyStage, row: Guideline) -> Judgement:
    # Direct sets only, so that no unvalidated weight of indirect sets decides a verdict.
    sets: dict[str, float] = {}
    for times, one in stage.prescriptions:
        for muscle in direct_muscles(one.exercise):
            sets[muscle] = sets.get(muscle, 0.0) + times * one.sets
    if not sets:
        return Judgement("no direct sets", "not comparable", "no muscle is trained directly")
    named = {name: sets[id] for id, (name, _) in muscles().items() if id in sets}
    return each_within(named, "direct sets a week for each muscle trained directly", row)


def _repetitions(stage: AnyStage, row: Guideline) -> Judgement:
    counted = _each_exercise(stage, lambda one: one.repetitions)
    held = _each_exercise(stage, lambda one: one.set_duration_s)
    if not counted:
        bouts = " and ".join(f"{seconds:g}" for seconds in sorted(set(held.values())))
        return Judgement(
            f"bouts of {bouts} s",
            "not comparable",
            "the variant is done in bouts of time; the recommendation counts repetitions",
        )
    judged = each_within(counted, "a set", row)
    if held:
        planned = f"{judged.planned}; {listed(list(held))} in bouts of time"
        judged = replace(judged, planned=planned)
    if judged.verdict == "met" or not row.outcome:
        return judged
    return replace(judged, why=f"{judged.why} for {row.outcome}")


def _rest(stage: AnyStage, row: Guideline) -> Judgement:
    between = _each_exercise(stage, lambda one: one.rest_s / 60 if one.sets > 1 else None)
    if not between:
        return Judgement("one set", "not comparable", "a single set has no rest between sets")
    return each_within(between, "min", row)


def _hours(stage: AnyStage, row: Guideline) -> Judgement:
    if isinstance(stage, Stage):
        # Sessions on whole days: the widest shortest gap that so many sessions leave in a week.
        hours = DAYS_PER_WEEK // stage.sessions_per_week * HOURS_PER_DAY
        judged = within(hours, "h at best", row)
        spread = f"{stage.sessions_per_week} sessions spread evenly over the week"
        return replace(judged, why=f"{spread}; {judged.why}")
    days = [
        None if session.weekday is None else WEEKDAYS.index(session.weekday)
        for _, session in stage.week_sessions
    ]
    known: dict[str, float] = {}
    unknown: list[str] = []
    for muscle, places in _by_muscle(stage).items():
        dated = [day for place in places if (day := days[place]) is not None]
        if len(dated) == len(places) or len(places) == 1:
            known[muscle] = _shortest_h(dated)
            continue
        unknown.append(muscle)
        gap = _shortest_h(dated)  # other days can only make it shorter
        if row.low is not None and gap < row.low:
            known[muscle] = gap
    dated_ones = each_within(known, "h at least", row) if known else None
    if unknown and (dated_ones is None or dated_ones.verdict == "met"):
        numbers = [str(number) for number, day in enumerate(days, start=1) if day is None]
        return Judgement(
            "not known",
            "not comparable",
            f"the plan gives no weekday for session {listed(numbers)}, so that the time between "
            f"sessions is not known for {listed(unknown)}",
        )
    if dated_ones is None:
        return Judgement("no direct sets", "not comparable", "no muscle is trained directly")
    return dated_ones


def _shortest_h(days: list[int]) -> float:
    """Shortest time between two sessions on given weekdays, the next week's first included."""
    ordered = sorted(days)
    following = [*ordered[1:], *(day + DAYS_PER_WEEK for day in ordered[:1])]
    gaps = [later - day for day, later in zip(ordered, following, strict=True)]
    return float(min(gaps, default=DAYS_PER_WEEK) * HOURS_PER_DAY)


def _muscle_groups(stage: AnyStage, row: Guideline) -> Judgement:
    every = row.items.split("; ")
    missing = left_out([stage], every)
    planned = ", ".join(group for group in every if group not in missing) or "none directly"
    if not missing:
        return Judgement(planned, "met", "every group on the list gets direct sets")
    # Mechanics has a model of leg raises alone
    alone = all(has_model(name) for name in stage.exercises)
    who = "leg raises alone leave" if alone else "the plan leaves"
    return Judgement(planned, "not met", f"{who} {listed(missing)} without direct sets")


def left_out(stages: Iterable[AnyStage], groups: Iterable[str]) -> list[str]:
    """Groups of a list that no stage trains with a direct set."""
    group_of = {muscle: group for muscle, (_, group) in muscles().items()}
    direct = {
        group_of[muscle]
        for stage in stages
        for name in stage.exercises
        for muscle in direct_muscles(name)
    }
    return [group for group in groups if SAME_GROUP.get(group, group) not in direct]


# Names for reports, and the rule for each quantity that a plan states.
CRITERIA: dict[str, tuple[str, Callable[[AnyStage, Guideline], Judgement] | None]] = {
    "sessions_per_week": ("sessions a week", _sessions),
    "sets_per_exercise": ("sets of an exercise", _sets),
    "sets_per_exercise_better": ("sets that may do more", _sets),
    "weekly_sets_per_muscle": ("sets a week for a muscle", _weekly_sets),
    "repetitions": ("repetitions in a set", _repetitions),
    "rest_between_sets_min": ("rest between sets", _rest),
    "hours_between_sessions": ("time between sessions", _hours),
    "muscle_groups": ("major muscle groups", _muscle_groups),
    "effort": ("effort", None),
    "met_minutes_per_week": ("aerobic MET-minutes a week", None),
    "moderate_minutes_per_week": ("moderate aerobic minutes a week", None),
    "vigorous_minutes_per_week": ("vigorous aerobic minutes a week", None),
    "moderate_minutes_per_day": ("moderate aerobic minutes a day", None),
    "vigorous_minutes_per_day": ("vigorous aerobic minutes a day", None),
    "moderate_days_per_week": ("days of moderate aerobic exercise", None),
    "vigorous_days_per_week": ("days of vigorous aerobic exercise", None),
    "days_per_week": ("days of aerobic activity", None),
}
