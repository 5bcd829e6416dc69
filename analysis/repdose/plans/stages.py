"""Stages of a plan: one exercise at one dose, or the sessions of a week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeAlias

from repdose.arguments import Range, one_number, whole
from repdose.evidence.training.variants import Exercise, exercise
from repdose.plans.faults import Faults, PlanError
from repdose.plans.prescriptions import Prescription, Tempo, prescription_faults
from repdose.plans.sessions import RPE, Session

WEEKS = Range(1, 104, "weeks")
SESSIONS_PER_WEEK = Range(1, 14, "sessions a week")
CHECKS = {
    "weeks": (whole, WEEKS),
    "start_week": (whole, WEEKS),
    "sessions_per_week": (whole, SESSIONS_PER_WEEK),
    "rpe": (one_number, RPE),
}


class Trained:
    """What every stage says of its weeks, whichever way it was written."""

    __slots__ = ()

    @property
    def week_sessions(self) -> tuple[tuple[int, Session], ...]:
        """Sessions of a week, each with how often it is done."""
        raise NotImplementedError

    @property
    def prescriptions(self) -> tuple[tuple[int, Prescription], ...]:
        """Every exercise of every session in order, each with how often a week it is done."""
        return tuple(
            (times, one) for times, session in self.week_sessions for one in session.exercises
        )

    @property
    def exercises(self) -> tuple[str, ...]:
        """Ids of the exercises, each once, in the order in which they first come."""
        return tuple(dict.fromkeys(one.exercise for _, one in self.prescriptions))

    @property
    def label(self) -> str:
        """What is trained, in a few words: the exercise's name, or how much there is."""
        if len(self.exercises) == 1:
            return exercise(self.exercises[0]).name
        count = sum(times for times, _ in self.week_sessions)
        sessions = "1 session" if count == 1 else f"{count} sessions"
        return f"{len(self.exercises)} exercises in {sessions}"

    @property
    def trained(self) -> str:
        """Ids of the exercises in one line, as tables of weeks have them."""
        return "; ".join(self.exercises)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Trained):
    """One exercise at one dose, for a number of weeks.

    Parameters
    ----------
    variant : str
        The exercise's id, as in :func:`repdose.evidence.exercises`.
    weeks : int
        How many weeks the stage lasts. [weeks]
    sessions_per_week : int
        Sessions in a week. [1/week]
    sets : int
        Sets in a session. For a one-legged variant a set is done when both legs have done it.
    repetitions : int, optional
        Repetitions in a set, per leg for a one-legged variant; required unless the variant
        is done in bouts.
    set_duration_s : float, optional
        Duration of a bout; required for a variant done in bouts (flutter kick). [s]
    tempo : Tempo, optional
        Seconds of one repetition; the variant's default where not given.
    rest_s : float
        Rest between sets. [s]
    start_week : int, optional
        First week of the stage; by default the week after the stage before.
    ankle_mass_kg : float
        Weight worn at each ankle. [kg]
    rpe : float, optional
        Effort of the whole session as rated about half an hour after it, 0 to 10 (CR10).
    start_deg, end_deg : float, optional
        Range of the thigh where it is less than the variant's own. [deg]
    load_kg, load_percent_1rm, load_rpe : float, optional
        As in :class:`repdose.plans.Prescription`. [kg], [%], [1 to 10]
    """

    variant: str
    weeks: int
    sessions_per_week: int
    sets: int
    repetitions: int | None = None
    set_duration_s: float | None = None
    tempo: Tempo | None = None
    rest_s: float
    start_week: int | None = None
    ankle_mass_kg: float = 0.0
    rpe: float | None = None
    start_deg: float | None = None
    end_deg: float | None = None
    load_kg: float | None = None
    load_percent_1rm: float | None = None
    load_rpe: float | None = None

    def __post_init__(self) -> None:
        stage_faults({f.name: getattr(self, f.name) for f in fields(self)}).refuse()

    @property
    def prescription(self) -> Prescription:
        """The stage's one exercise as a session has it."""
        return self.week_sessions[0][1].exercises[0]

    @property
    def week_sessions(self) -> tuple[tuple[int, Session], ...]:
        """The one session, and how often a week it is done."""
        return ((self.sessions_per_week, _session_of(self)),)

    @property
    def exercise(self) -> Exercise:
        """The variant's record."""
        return exercise(self.variant)

    @property
    def pace(self) -> Tempo | None:
        """The stage's tempo, or the exercise's default; None of a hold."""
        return self.prescription.pace

    @property
    def range_deg(self) -> tuple[float, float]:
        """Range of the thigh: the stage's, or the variant's own. [deg]"""
        known = self.prescription.range_deg
        if known is None:
            raise PlanError(f"no joint angles are known for {self.variant}")
        return known

    @property
    def set_s(self) -> float:
        """Duration of one set, both legs of a one-legged variant included. [s]"""
        return self.prescription.set_s

    @property
    def work_min(self) -> float:
        """Working time of a session. [min]"""
        return self.prescription.work_min

    @property
    def rest_min(self) -> float:
        """Resting time of a session: the rests lie between the sets. [min]"""
        return (self.sets - 1) * self.rest_s / 60

    @property
    def elapsed_min(self) -> float:
        """Working and resting time of a session. [min]"""
        return self.work_min + self.rest_min


# A stage is asked for its session by every specification of a multiverse
@lru_cache
def _session_of(stage: Stage) -> Session:
    shared = {field.name for field in fields(Prescription)} & {f.name for f in fields(stage)}
    done = Prescription(exercise=stage.variant, **{name: getattr(stage, name) for name in shared})
    return Session(exercises=(done,), rpe=stage.rpe)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsStage(Trained):
    """Whole sessions, each done once a week, for a number of weeks.

    Parameters
    ----------
    weeks : int
        How many weeks the stage lasts. [weeks]
    sessions : tuple of Session
        The sessions of a week in order; no two on one weekday.
    sessions_per_week : int, optional
        As many as there are sessions; may be left out. [1/week]
    start_week : int, optional
        First week of the stage; by default the week after the stage before.

    Raises
    ------
    PlanError
        If a field is out of range, two sessions are on one weekday, or `sessions_per_week`
        is another number than that of the sessions.
    """

    weeks: int
    sessions: tuple[Session, ...]
    sessions_per_week: int = None  # type: ignore[assignment]  # filled in below
    start_week: int | None = None

    def __post_init__(self) -> None:
        sessions_stage_faults({f.name: getattr(self, f.name) for f in fields(self)}).refuse()
        object.__setattr__(self, "sessions_per_week", len(self.sessions))

    @property
    def week_sessions(self) -> tuple[tuple[int, Session], ...]:
        """The sessions, each once a week."""
        return tuple((1, session) for session in self.sessions)

    @property
    def work_min(self) -> float:
        """Working time of a session, mean of the week's. [min]"""
        return sum(session.work_min for session in self.sessions) / len(self.sessions)

    @property
    def rest_min(self) -> float:
        """Resting time of a session, mean of the week's. [min]"""
        return sum(session.rest_min for session in self.sessions) / len(self.sessions)

    @property
    def elapsed_min(self) -> float:
        """Working and resting time of a session, mean of the week's. [min]"""
        return self.work_min + self.rest_min


AnyStage: TypeAlias = Stage | SessionsStage


def stage_faults(given: Mapping[str, Any]) -> Faults:
    """What is wrong with the fields of a stage of one exercise."""
    found = prescription_faults(given, named="variant")
    found.check_all(given, CHECKS)
    return found


def sessions_stage_faults(given: Mapping[str, Any]) -> Faults:
    """What is wrong with the fields of a stage of sessions, the sessions' own faults apart."""
    found = Faults()
    checks = {name: CHECKS[name] for name in ("weeks", "start_week", "sessions_per_week")}
    found.check_all(given, checks)
    sessions = given.get("sessions")
    if not isinstance(sessions, tuple | list):
        found.add(f"sessions must be a list of sessions; got {sessions!r}", "sessions")
        return found
    if not SESSIONS_PER_WEEK.holds(len(sessions), len(sessions)):
        found.add(f"sessions must be {SESSIONS_PER_WEEK}; got {len(sessions)}", "sessions")
    count = given.get("sessions_per_week")
    if isinstance(count, int) and count != len(sessions):
        found.add(
            f"sessions_per_week is {count}, but the stage has {len(sessions)} sessions, each "
            "done once a week; leave it out",
            "sessions_per_week",
        )
    days: dict[str, int] = {}
    for number, session in enumerate(sessions, start=1):
        own = session if isinstance(session, Mapping) else {}
        day = session.weekday if isinstance(session, Session) else own.get("weekday")
        if not isinstance(day, str):
            continue
        if day in days:
            found.add(
                f"sessions {days[day]} and {number} are both on {day}; one session a day, or "
                "leave the weekdays out",
                "sessions",
                number - 1,
                "weekday",
            )
        days.setdefault(day, number)
    return found
