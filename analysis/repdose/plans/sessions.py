"""A session: exercises one after the other, with the rests between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from repdose.arguments import DURATION_MIN, Range, one_number
from repdose.plans.faults import Faults
from repdose.plans.prescriptions import Prescription

RPE = Range(0, 10, "on the CR10 scale")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """An exercise's share of a session: its sets and the rests that follow them.

    Parameters
    ----------
    done : Prescription
        The exercise and its dose.
    rest_min : float
        Rests between its sets, and the one before the next exercise. [min]
    """

    done: Prescription
    rest_min: float

    @property
    def work_min(self) -> float:
        """Working time. [min]"""
        return self.done.work_min

    @property
    def elapsed_min(self) -> float:
        """Working time and rests. [min]"""
        return self.work_min + self.rest_min


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Exercises in order, done in one go.

    Parameters
    ----------
    exercises : tuple of Prescription
        At least one, in the order in which they are done.
    name : str
        Name for reports.
    weekday : str, optional
        Day it is done on, "monday" to "sunday".
    rpe : float, optional
        Effort of the whole session as rated about half an hour after it, 0 to 10 (CR10).

    Raises
    ------
    PlanError
        If there is no exercise, or a field is out of range.

    Notes
    -----
    Between two exercises stands the rest of the one just done: its `rest_s` follows each of
    its sets, the last one too. After the last set of the session there is none.
    """

    exercises: tuple[Prescription, ...]
    name: str = ""
    weekday: str | None = None
    rpe: float | None = None

    def __post_init__(self) -> None:
        session_faults({f.name: getattr(self, f.name) for f in fields(self)}).refuse()

    @property
    def label(self) -> str:
        """Name and weekday, where they are given."""
        return ", ".join(word for word in (self.name, (self.weekday or "").title()) if word)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Each exercise with the rests that are counted to it."""
        last = len(self.exercises) - 1
        return tuple(
            Part(done=one, rest_min=(one.sets - (place == last)) * one.rest_s / 60)
            for place, one in enumerate(self.exercises)
        )

    @property
    def sets(self) -> int:
        """Sets of all exercises."""
        return sum(one.sets for one in self.exercises)

    @property
    def work_min(self) -> float:
        """Working time. [min]"""
        return sum(part.work_min for part in self.parts)

    @property
    def rest_min(self) -> float:
        """Resting time, between sets and between exercises. [min]"""
        return sum(part.rest_min for part in self.parts)

    @property
    def elapsed_min(self) -> float:
        """Working and resting time. [min]"""
        return self.work_min + self.rest_min


def session_faults(given: Mapping[str, Any]) -> Faults:
    """What is wrong with the fields of a session, its exercises' own faults apart."""
    found = Faults()
    exercises = given.get("exercises")
    if not isinstance(exercises, tuple | list):
        found.add(f"exercises must be a list of exercises; got {exercises!r}", "exercises")
    elif not exercises:
        found.add("a session needs at least one exercise; got none", "exercises")
    elif all(isinstance(one, Prescription) for one in exercises):
        lasts = sum(one.sets * (one.set_s + one.rest_s) for one in exercises) / 60
        lasts -= exercises[-1].rest_s / 60
        if not DURATION_MIN.holds(0, lasts):
            found.add(f"the session lasts {lasts:,.0f} min; allowed are {DURATION_MIN}")
    name = given.get("name", "")
    if not isinstance(name, str) or ("name" in given and name != name.strip()):
        found.add(f"name must be a line of text; got {name!r}", "name")
    weekday = given.get("weekday")
    if weekday is not None and weekday not in WEEKDAYS:
        found.add(f"weekday must be one of {', '.join(WEEKDAYS)}; got {weekday!r}", "weekday")
    if given.get("rpe") is not None:
        found.check("rpe", one_number, "rpe", given["rpe"], RPE)
    return found
