"""Joint angles of the exercises that have a mechanical model, the leg raises."""

from __future__ import annotations

from dataclasses import dataclass

from repdose.evidence.errors import EvidenceError
from repdose.evidence.records import Record
from repdose.evidence.tables import records
from repdose.evidence.training.variants import exercise
from repdose.evidence.used import kept, read

NO_MODEL = "no model for this exercise"


class NoModelError(EvidenceError):
    """Mechanics was asked of an exercise whose joint angles are not known."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Geometry(Record):
    """Posture, joint angles and legs of one leg raise.

    Angles are those of the thigh: above the horizontal when lying, from straight down when
    hanging. [deg]
    """

    exercise: str
    order: int
    position: str
    knee_deg: float
    working_legs: int
    alternating: bool
    resting_leg: str
    hip_lift: bool
    start_deg: float
    end_deg: float

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if not self.start_deg < self.end_deg:
            raise EvidenceError(
                f"{self.exercise}: start_deg {self.start_deg:g} must be below end_deg "
                f"{self.end_deg:g}"
            )

    @property
    def stated(self) -> str:
        name = self.exercise.replace("_", " ")
        return f"{name}: thigh from {self.start_deg:g} to {self.end_deg:g} degrees"


@kept
def by_exercise() -> dict[str, Geometry]:
    """Every leg raise, easiest first, without an entry in a ledger."""
    declared = records(
        "leg_raise_geometry", lambda **row: Geometry(id=f"{row['exercise']}.geometry", **row)
    ).values()
    return {one.exercise: one for one in sorted(declared, key=lambda one: one.order)}


def leg_raises() -> list[str]:
    """Ids of the exercises with a mechanical model, easiest first.

    Examples
    --------
    >>> leg_raises()[-1]
    'hanging_straight_leg'
    """
    return list(by_exercise())


def has_model(id: str) -> bool:
    """Whether there is a mechanical model of an exercise."""
    return id in by_exercise()


def geometry(id: str) -> Geometry:
    """Posture and joint angles of one exercise.

    Raises
    ------
    UnknownRecordError
        If there is no such exercise; the message lists near ones.
    NoModelError
        If its joint angles are not known: mechanics has no model for it.

    Examples
    --------
    >>> geometry("hanging_straight_leg").position
    'hanging'
    """
    known = by_exercise()
    if id not in known:
        exercise(id)
        raise NoModelError(
            f"{id}: {NO_MODEL}: leg_raise_geometry has no joint angles of it; there are models of "
            f"{', '.join(known)}"
        )
    return read(known[id])
