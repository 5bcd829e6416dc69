"""A plan from plain mappings, as Python, a scenario file and a notebook's parameter have it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from repdose.plans.faults import Fault, Faults, PlanError, known_fields
from repdose.plans.prescriptions import (
    Prescription,
    Tempo,
    prescription_faults,
    tempo_faults,
)
from repdose.plans.sessions import Session, session_faults
from repdose.plans.stages import (
    AnyStage,
    SessionsStage,
    Stage,
    sessions_stage_faults,
    stage_faults,
)
from repdose.plans.weeks import Plan

T = TypeVar("T")
ONE_EXERCISE = {field.name for field in fields(Stage)} - {f.name for f in fields(SessionsStage)}


def plan(stages: Sequence[AnyStage | Mapping[str, Any]] | Plan, *, title: str = "") -> Plan:
    """A checked plan from its stages.

    Parameters
    ----------
    stages : sequence of Stage, SessionsStage or mapping, or Plan
        Stages in order. A mapping has the fields of :class:`Stage`, or those of
        :class:`SessionsStage` with `sessions` a list of mappings with the fields of
        :class:`Session`, whose `exercises` are mappings with the fields of
        :class:`Prescription`; `tempo` is a mapping of `up_s`, `top_s`, `down_s`, `bottom_s`.
    title : str
        Name for reports.

    Returns
    -------
    Plan

    Raises
    ------
    PlanError
        If there is no stage, a field is unknown, missing or out of range, or two stages
        share a week; the message has every fault, each with stage, session, exercise and
        field.

    Examples
    --------
    >>> plan([{"variant": "lying_bent_knee", "weeks": 2, "sessions_per_week": 3, "sets": 3,
    ...        "repetitions": 10, "rest_s": 60}]).stages[0].elapsed_min
    4.5
    >>> two = plan([{"weeks": 8, "sessions": [
    ...     {"weekday": "monday", "exercises": [
    ...         {"exercise": "lying_straight_leg", "sets": 3, "repetitions": 10, "rest_s": 60},
    ...         {"exercise": "flutter_kick", "sets": 2, "set_duration_s": 30, "rest_s": 90}]}]}])
    >>> two.stages[0].elapsed_min  # 3 x 50 s, 3 rests of 60 s, 2 x 30 s and a rest of 90 s
    8.0
    """
    if isinstance(stages, Plan):
        return stages
    if isinstance(stages, str | Mapping) or not isinstance(stages, Sequence):
        raise PlanError(f"a plan is a list of stages; got {stages!r}")
    if not stages:
        raise PlanError("a plan needs at least one stage; got none")
    found = Faults()
    read = [
        _part(found, stage, f"stage {i}", (i - 1,), (Stage, SessionsStage), _stage)
        for i, stage in enumerate(stages, start=1)
    ]
    found.refuse()
    trained = Plan(tuple(one for one in read if one is not None), title)
    trained.weeks()
    return trained


def _part(
    found: Faults, given: Any, place: str, keys: tuple[str | int, ...], kinds: Any, read: Any
) -> Any:
    """A part of the plan, made already or from its mapping; its faults go to what holds it."""
    if isinstance(given, kinds):
        return given
    if not isinstance(given, Mapping):
        what = place.split()[0]
        article = "an" if what.startswith("e") else "a"
        found.append(Fault(f"{article} {what} is a mapping of fields; got {given!r}", keys, place))
        return None
    own, made = read(given)
    found.extend(fault.within(place, *keys) for fault in own)
    return made


def _stage(given: Mapping[str, Any]) -> tuple[Faults, AnyStage | None]:
    if "sessions" in given:
        return _stage_of_sessions(given)
    found = known_fields("stage", given, Stage)
    values = _with_tempo(found, given)
    found.extend(stage_faults(values))
    return found, None if found else Stage(**values)


def _stage_of_sessions(given: Mapping[str, Any]) -> tuple[Faults, SessionsStage | None]:
    short = sorted(ONE_EXERCISE & given.keys(), key=list(given).index)
    found = known_fields("stage", given, SessionsStage, *short)
    if short:
        found.add(
            f"a stage has sessions, or the fields of one exercise; got sessions and "
            f"{', '.join(short)}",
            short[0],
        )
    values: dict[str, Any] = {name: value for name, value in given.items() if name not in short}
    found.extend(sessions_stage_faults(values))
    if isinstance(given["sessions"], list | tuple):
        values["sessions"] = tuple(
            _part(found, one, f"session {i}{_named(one)}", ("sessions", i - 1), Session, _session)
            for i, one in enumerate(given["sessions"], start=1)
        )
    return found, None if found else SessionsStage(**values)


def _session(given: Mapping[str, Any]) -> tuple[Faults, Session | None]:
    found = known_fields("session", given, Session)
    values = dict(given)
    exercises = given.get("exercises")
    if isinstance(exercises, list | tuple):
        values["exercises"] = tuple(
            _part(
                found,
                one,
                f"exercise {i}{_named(one, 'exercise')}",
                ("exercises", i - 1),
                Prescription,
                _prescription,
            )
            for i, one in enumerate(exercises, start=1)
        )
    if "exercises" in given:
        found.extend(session_faults(values))
    return found, None if found else Session(**values)


def _prescription(given: Mapping[str, Any]) -> tuple[Faults, Prescription | None]:
    found = known_fields("exercise", given, Prescription)
    values = _with_tempo(found, given)
    found.extend(prescription_faults(values))
    return found, None if found else Prescription(**values)


def _with_tempo(found: Faults, given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields with the tempo made from its mapping, its faults noted."""
    values = dict(given)
    tempo = values.get("tempo")
    if isinstance(tempo, Mapping):
        own = known_fields("tempo", tempo, Tempo)
        own.extend(tempo_faults(tempo))
        found.extend(Fault(fault.words, ("tempo", *fault.keys)) for fault in own)
        values["tempo"] = None if own else Tempo(**tempo)
    return values


def _named(given: Any, field: str = "name") -> str:
    """What a session or an exercise calls itself, for the place of a fault."""
    name = given.get(field) if isinstance(given, Mapping) else None
    return f" ({name})" if isinstance(name, str) and name else ""
