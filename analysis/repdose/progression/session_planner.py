"""Whole sessions carried on over weeks under a named rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from repdose.arguments import Range, checked, choice, whole
from repdose.evidence.training.progression_rules import progression_rule
from repdose.plans import (
    WEEKS,
    Plan,
    PlanError,
    Prescription,
    Session,
    SessionsStage,
    plan,
)
from repdose.progression.planner import (
    DELOAD_EVERY,
    RISE,
    Bounds,
    bounds,
    fractional_sets,
    keeps_to_rise,
    load_factor,
)
from repdose.volume import INDIRECT_WEIGHT

Step: TypeAlias = Callable[[Prescription, Bounds], Prescription]


def planned_sessions(
    sessions: Sequence[Session | Mapping[str, Any]],
    weeks: int,
    *,
    rule: str,
    guideline: str = "garber2011",
    max_weekly_rise: float = 0.5,
    indirect_weight: float = 0.5,
    deload_every: int | None = None,
) -> Plan:
    """A plan that carries whole sessions on, week by week, under a named rule.

    Parameters
    ----------
    sessions : sequence of Session or mapping
        The sessions of the first week, as :func:`repdose.progression.plan` reads them.
    weeks : int
        Length of the plan. [weeks]
    rule : {"two_for_two", "load_2_to_10_percent", "volume_before_variant"}
        What advances, see the notes; its words are in the plan's ``rule``.
    guideline : str
        Guideline whose sets and repetitions bound every exercise that advances.
    max_weekly_rise : float
        Largest rise of any muscle's weekly fractional sets over the last full week, as a
        share. [1]
    indirect_weight : float
        What an indirect set counts for. [1]
    deload_every : int, optional
        Every so many weeks the sets are halved and nothing advances. [weeks]

    Returns
    -------
    Plan
        One stage a week.

    Raises
    ------
    PlanError
        If nothing can advance under the rule, or an exercise that advances begins outside the
        guideline's sets or repetitions.
    ValueError
        If an argument is out of range.

    Notes
    -----
    Which exercises there are, and their order, tempo and rest, stay as given. What advances:

    - ``two_for_two``: the repetitions of every exercise, up to the guideline's most; then its
      load, by the middle of the 2 to 10 % of :cite:`acsm2009`, with the guideline's least
      repetitions again. Without a load in kilograms or percent of 1RM the most are kept.
    - ``load_2_to_10_percent``: every week the load of each exercise that has one in kilograms
      or percent of 1RM.
    - ``volume_before_variant``: every week one more set of each exercise, in order, up to the
      guideline's most, as far as the weekly rise lets it.

    Exercises done in seconds keep their seconds; under ``volume_before_variant`` their sets
    rise too. Loads are not rounded to what a bar can carry.

    *Valid for, not valid for:* as :func:`repdose.progression.planned`.

    References
    ----------
    :cite:`acsm2009`, :cite:`garber2011`, :cite:`suchomel2021`, :cite:`bell2023`

    Examples
    --------
    >>> week = [{"exercises": [{"exercise": "hanging_straight_leg", "sets": 2,
    ...     "repetitions": 10, "rest_s": 120, "load_kg": 5.0}]}]
    >>> ramp = planned_sessions(week, 3, rule="two_for_two")
    >>> [(one.repetitions, one.load) for stage in ramp.stages for _, one in stage.prescriptions]
    [(10, '5 kg'), (12, '5 kg'), (8, '5.3 kg')]
    """
    name = choice("rule", rule, STEPS)
    whole("weeks", weeks, WEEKS)
    rise = float(checked("max_weekly_rise", max_weekly_rise, RISE))
    weight = float(checked("indirect_weight", indirect_weight, INDIRECT_WEIGHT))
    if deload_every is not None:
        whole("deload_every", deload_every, DELOAD_EVERY)
    allowed = bounds(guideline)
    (first,) = plan([{"weeks": 1, "sessions": list(sessions)}]).stages
    assert isinstance(first, SessionsStage)  # of sessions, as given
    step = STEPS[name]
    _within_bounds(first, step, allowed, guideline)
    stages = [first]
    full = first
    for number in range(2, weeks + 1):
        if deload_every and number % deload_every == 0:
            stages.append(_each(full, lambda one: replace(one, sets=-(-one.sets // 2))))
            continue
        full = _advanced(full, step, allowed, weight, rise)
        stages.append(full)
    words = [WORDS[name], f"Sets and repetitions of what advances stay within {guideline}."]
    if deload_every is not None:
        words.insert(1, f"Every {deload_every} weeks: {progression_rule('deload').words}")
    title = f"{len(first.sessions)} sessions a week, {progression_rule(name).name}"
    return Plan(tuple(stages), title, " ".join(words))


def _within_bounds(first: SessionsStage, step: Step, allowed: Bounds, guideline: str) -> None:
    """Refuse sessions that nothing of advances, or that begin outside of the guideline."""
    advancing = [one for _, one in first.prescriptions if step(one, allowed) != one]
    if not advancing:
        raise PlanError(
            "nothing in these sessions advances by this rule; give loads in kg or percent of 1RM, "
            "or fewer sets or repetitions than the guideline's most"
        )
    for one in advancing:
        whole(f"{one.exercise}: sets", one.sets, Range(*allowed.sets, f"by {guideline}"))
        if one.repetitions is not None:
            ends = Range(*allowed.repetitions, f"by {guideline}")
            whole(f"{one.exercise}: repetitions", one.repetitions, ends)


def _each(stage: SessionsStage, change: Callable[[Prescription], Prescription]) -> SessionsStage:
    return replace(
        stage,
        sessions=tuple(
            replace(session, exercises=tuple(change(one) for one in session.exercises))
            for session in stage.sessions
        ),
    )


def _advanced(
    full: SessionsStage, step: Step, allowed: Bounds, weight: float, rise: float
) -> SessionsStage:
    """The next week: each exercise in order a step further where the weekly rise allows it."""
    before = fractional_sets(full, weight)
    stage = full
    for at, session in enumerate(full.sessions):
        for place, one in enumerate(session.exercises):
            exercises = list(stage.sessions[at].exercises)
            exercises[place] = step(one, allowed)
            changed = replace(stage.sessions[at], exercises=tuple(exercises))
            sessions = (*stage.sessions[:at], changed, *stage.sessions[at + 1 :])
            wanted = replace(stage, sessions=sessions)
            if keeps_to_rise(fractional_sets(wanted, weight), before, rise):
                stage = wanted
    return stage


def _heavier(one: Prescription) -> Prescription:
    """The exercise with more load, where its load is in kilograms or percent of 1RM."""
    for name in ("load_kg", "load_percent_1rm"):
        load = getattr(one, name)
        if load is not None:
            return replace(one, **{name: load * load_factor()})
    return one


def _two_for_two(one: Prescription, allowed: Bounds) -> Prescription:
    if one.repetitions is None:
        return one
    low, high = allowed.repetitions
    extra = progression_rule("two_for_two").extra_repetitions or 1
    if one.repetitions + extra <= high:
        return replace(one, repetitions=one.repetitions + extra)
    heavier = _heavier(one)
    return one if heavier == one else replace(heavier, repetitions=low)


def _more_load(one: Prescription, _: Bounds) -> Prescription:
    return _heavier(one)


def _more_sets(one: Prescription, allowed: Bounds) -> Prescription:
    return replace(one, sets=one.sets + 1) if one.sets < allowed.sets[1] else one


STEPS: dict[str, Step] = {
    "two_for_two": _two_for_two,
    "load_2_to_10_percent": _more_load,
    "volume_before_variant": _more_sets,
}
WORDS = {
    "two_for_two": "The repetitions of every exercise rise first; at the most of them its load "
    "rises, by the middle of 2 to 10 %, and the repetitions begin again.",
    "load_2_to_10_percent": "The load of every exercise that has one rises each week, by the "
    "middle of 2 to 10 %.",
    "volume_before_variant": "Every exercise gets one more set each week, as far as no muscle's "
    "weekly fractional sets rise too far.",
}
