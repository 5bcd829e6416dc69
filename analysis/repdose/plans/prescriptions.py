"""One exercise as a session has it: sets, what a set is, load, tempo and rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from repdose.arguments import Range, one_number, whole
from repdose.evidence.training.leg_raises import NO_MODEL, geometry, has_model
from repdose.evidence.training.variants import TEMPO, Exercise, exercise
from repdose.plans.faults import Faults

# Bounds that catch a slip (minutes typed for seconds, a week's sets for a session's); they
# are not recommendations.
SETS = Range(1, 20, "sets a session")
REPETITIONS = Range(1, 200, "repetitions a set")
SET_DURATION_S = Range(1, 600, "s")
REST_S = Range(0, 900, "s")
PHASE_S = Range(0, 30, "s")
LOAD_KG = Range(0, 1000, "kg", above=True)
LOAD_PERCENT_1RM = Range(0, 120, "% of 1RM", above=True)
LOAD_RPE = Range(1, 10, "on the scale of effort")
ANKLE_MASS_KG = Range(0, 20, "kg at each ankle")
LOADS = ("load_kg", "load_percent_1rm", "load_rpe")
CHECKS = {
    "sets": (whole, SETS),
    "rest_s": (one_number, REST_S),
    "load_kg": (one_number, LOAD_KG),
    "load_percent_1rm": (one_number, LOAD_PERCENT_1RM),
    "load_rpe": (one_number, LOAD_RPE),
    "ankle_mass_kg": (one_number, ANKLE_MASS_KG),
    "repetitions": (whole, REPETITIONS),
    "set_duration_s": (one_number, SET_DURATION_S),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """Seconds of one repetition: up, held at the top, down, held at the bottom.

    Parameters
    ----------
    up_s, down_s : float
        Time of the movement, above zero. [s]
    top_s, bottom_s : float
        Time held still, zero or more. [s]
    """

    up_s: float
    top_s: float = 0.0
    down_s: float
    bottom_s: float = 0.0

    def __post_init__(self) -> None:
        tempo_faults({f.name: getattr(self, f.name) for f in fields(self)}).refuse()

    @property
    def repetition_s(self) -> float:
        """Duration of one repetition. [s]"""
        return self.up_s + self.top_s + self.down_s + self.bottom_s


def tempo_faults(given: Mapping[str, Any]) -> Faults:
    """What is wrong with the seconds of a tempo."""
    found = Faults()
    for field in fields(Tempo):
        name = field.name
        if name in given:
            found.check(name, one_number, f"tempo {name}", given[name], PHASE_S)
    for name in ("up_s", "down_s"):
        if given.get(name) == 0:
            found.add(f"tempo {name} must be above 0 s; got 0", name)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Prescription:
    """One exercise of a session at one dose.

    Parameters
    ----------
    exercise : str
        The exercise's id, as in :func:`repdose.evidence.exercises`.
    sets : int
        Sets in the session. For an exercise done one side at a time a set is done when both
        sides have done it.
    repetitions : int, optional
        Repetitions in a set, per side where one side works at a time; required unless the
        exercise is done in seconds.
    set_duration_s : float, optional
        Duration of a set, per side where one side works at a time; required for an exercise
        done in seconds. [s]
    tempo : Tempo, optional
        Seconds of one repetition; the exercise's default where not given.
    rest_s : float
        Rest after each set: between the sets, and before the next exercise. [s]
    load_kg, load_percent_1rm, load_rpe : float, optional
        At most one of: what is lifted in a repetition, both hands' weights together [kg];
        percentage of the one-repetition maximum [%]; effort that a set is to reach, 1 to 10.
        Where nothing but the body is lifted, none.
    ankle_mass_kg : float
        Weight worn at each ankle. [kg]
    start_deg, end_deg : float, optional
        Range of the thigh where it is less than the exercise's own; for exercises whose
        joint angles are known. [deg]

    Raises
    ------
    PlanError
        If a field is out of range or does not go with the exercise; it names every fault.
    """

    exercise: str
    sets: int
    repetitions: int | None = None
    set_duration_s: float | None = None
    tempo: Tempo | None = None
    rest_s: float
    load_kg: float | None = None
    load_percent_1rm: float | None = None
    load_rpe: float | None = None
    ankle_mass_kg: float = 0.0
    start_deg: float | None = None
    end_deg: float | None = None

    def __post_init__(self) -> None:
        prescription_faults({f.name: getattr(self, f.name) for f in fields(self)}).refuse()

    @property
    def kind(self) -> Exercise:
        """The exercise's record."""
        return exercise(self.exercise)

    @property
    def pace(self) -> Tempo | None:
        """The tempo, or the exercise's default; None of a hold, which has none."""
        return self._pace(self.kind)

    def _pace(self, kind: Exercise) -> Tempo | None:
        if self.tempo is not None or kind.up_s is None:
            return self.tempo
        return _tempo(*(getattr(kind, name) for name in TEMPO))

    @property
    def range_deg(self) -> tuple[float, float] | None:
        """Range of the thigh, None where the exercise's joint angles are not known. [deg]"""
        own = own_range_deg(self.exercise)
        if own is None:
            return None
        return (
            own[0] if self.start_deg is None else self.start_deg,
            own[1] if self.end_deg is None else self.end_deg,
        )

    @property
    def set_s(self) -> float:
        """Duration of one set, both sides included where one works at a time. [s]"""
        kind = self.kind
        if self.set_duration_s is not None:
            return self.set_duration_s * kind.sides
        pace = self._pace(kind)
        assert self.repetitions is not None  # the constructor has seen to it
        assert pace is not None  # what counts repetitions has a tempo
        return self.repetitions * pace.repetition_s * kind.sides

    @property
    def work_min(self) -> float:
        """Working time of the session's sets. [min]"""
        return self.sets * self.set_s / 60

    @property
    def all_repetitions(self) -> int:
        """Repetitions of the session, each side's counted; none where sets are seconds."""
        return self.sets * (self.repetitions or 0) * self.kind.sides

    @property
    def load(self) -> str:
        """The load in words, empty where none is given."""
        if self.load_kg is not None:
            return f"{round(self.load_kg, 1):g} kg"
        if self.load_percent_1rm is not None:
            return f"{round(self.load_percent_1rm, 1):g} % of 1RM"
        return "" if self.load_rpe is None else f"effort {self.load_rpe:g} of 10"

    @property
    def volume_load_kg(self) -> float | None:
        """Repetitions of the session times kilograms, None where either is not known. [kg]"""
        if self.load_kg is None or self.repetitions is None:
            return None
        return self.all_repetitions * self.load_kg


@cache
def _tempo(*seconds: float) -> Tempo:
    """An exercise's own tempo, checked once."""
    return Tempo(**dict(zip(TEMPO, seconds, strict=True)))


def own_range_deg(name: str) -> tuple[float, float] | None:
    """Range of the thigh in an exercise, None where its joint angles are not known. [deg]"""
    if not has_model(name):
        return None
    own = geometry(name)
    return own.start_deg, own.end_deg


def prescription_faults(given: Mapping[str, Any], *, named: str = "exercise") -> Faults:
    """What is wrong with the fields of an exercise; `named` is the field with its id."""
    found = Faults()
    found.check_all(given, CHECKS)
    if given.get("tempo") is not None and not isinstance(given["tempo"], Tempo):
        found.add(
            f"tempo must be a mapping of up_s, top_s, down_s, bottom_s; got {given['tempo']!r}",
            "tempo",
        )
    loads = [name for name in LOADS if given.get(name) is not None]
    if len(loads) > 1:
        found.add(f"a load is given in one way; got {' and '.join(loads)}", loads[1])
    name = given.get(named)
    if not isinstance(name, str):
        if named in given:
            found.add(f"{named} must be an exercise's id; got {name!r}", named)
        return found
    try:
        kind = exercise(name)
    except ValueError as error:
        found.add(str(error), named)
        return found
    _set_unit(found, given, name, kind)
    _angles(found, given, name)
    return found


def _set_unit(found: Faults, given: Mapping[str, Any], name: str, kind: Exercise) -> None:
    wanted, other = (
        ("repetitions", "set_duration_s")
        if kind.set_unit == "repetitions"
        else ("set_duration_s", "repetitions")
    )
    if given.get(wanted) is None or given.get(other) is not None:
        at = other if given.get(other) is not None else wanted
        found.add(f"{name} is done in {kind.set_unit}: give {wanted}, not {other}", at)


def _angles(found: Faults, given: Mapping[str, Any], name: str) -> None:
    own = own_range_deg(name)
    ends = {key: given.get(key) for key in ("start_deg", "end_deg")}
    if own is None:
        for key in (*ends, "ankle_mass_kg"):
            if given.get(key):
                found.add(f"{key}: {NO_MODEL}, {name}; leave it out", key)
        return
    allowed = Range(*own, f"deg, the range of {name}")
    before = len(found)
    for key, value in ends.items():
        if value is not None:
            found.check(key, one_number, key, value, allowed)
    low, high = (
        own_end if value is None else value
        for own_end, value in zip(own, ends.values(), strict=True)
    )
    if len(found) == before and not low < high:
        found.add(f"start_deg must be below end_deg; got {low:g} and {high:g}", "start_deg")
