"""The leg-raise variants, the MET rows that stand in for them, and the sets they count as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repdose.evidence.compendia.met_tables import Met, met
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record
from repdose.evidence.tables import records, table
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["low", "central", "high"]
ROLES: tuple[Role, ...] = ("low", "central", "high")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Exercise(Record):
    """One variant: posture, joint angles and default tempo.

    Angles are those of the thigh: above the horizontal when lying, from straight down when
    hanging. A variant whose `set_unit` is "seconds" is done in bouts, not counted
    repetitions. Repetitions of a one-legged variant count per leg.
    """

    name: str
    order: int
    position: str
    knee_deg: float
    working_legs: int
    alternating: bool
    resting_leg: str
    hip_lift: bool
    start_deg: float
    end_deg: float
    set_unit: str
    up_s: float
    top_s: float
    down_s: float
    bottom_s: float
    description: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if not self.start_deg < self.end_deg:
            raise EvidenceError(
                f"{self.id}: start_deg {self.start_deg:g} must be below end_deg {self.end_deg:g}"
            )

    @property
    def sides(self) -> int:
        """How often a set's repetitions are done: twice where one leg works at a time."""
        return 2 if self.working_legs == 1 else 1

    @property
    def stated(self) -> str:
        return (
            f"{self.name}: thigh from {self.start_deg:g} to {self.end_deg:g} degrees, tempo "
            f"{self.up_s:g}-{self.top_s:g}-{self.down_s:g}-{self.bottom_s:g} s"
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SetCredit(Record):
    """How one set of a variant counts for one muscle, with the grade of the evidence."""

    variant: str
    muscle: str
    role: str
    grade: str
    reason: str

    @property
    def stated(self) -> str:
        return (
            f"{self.variant} for {self.muscle}: {self.role}, evidence of grade {self.grade}"
        ).replace("_", " ")


@dataclass(frozen=True, slots=True)
class Analogy:
    """A MET row that stands in for a leg raise, and why. Not a measurement."""

    variant: str
    role: Role
    reason: str
    met: Met


@kept
def exercises_by_id() -> dict[str, Exercise]:
    """Every variant, without an entry in a ledger."""
    declared = records("exercises", Exercise)
    return dict(sorted(declared.items(), key=lambda item: item[1].order))


@kept
def credits_by_id() -> dict[str, SetCredit]:
    """What a set of each variant counts for, without an entry in a ledger."""
    return records(
        "set_credits", lambda **row: SetCredit(id=f"{row['variant']}.{row['muscle']}", **row)
    )


def exercise(variant: str) -> Exercise:
    """One variant by name.

    Raises
    ------
    UnknownRecordError
        If there is no such variant; the message lists near ones.

    Examples
    --------
    >>> exercise("hanging_straight_leg").position
    'hanging'
    """
    declared = exercises_by_id()
    if variant not in declared:
        raise unknown("leg-raise variant", variant, declared)
    return read(declared[variant])


def exercises() -> pd.DataFrame:
    """All variants, easiest first, indexed by id.

    Examples
    --------
    >>> len(exercises())
    7
    """
    return table("exercises").frame().sort_values("order").set_index("id")


def muscles() -> Mapping[str, tuple[str, str]]:
    """Name and major muscle group of each muscle that is counted, by id."""
    return {str(row["id"]): (str(row["name"]), str(row["group"])) for row in table("muscles").rows}


def set_credits(variant: str) -> dict[str, SetCredit]:
    """The muscles that a set of `variant` counts for, by muscle.

    A muscle that is not listed gets nothing.
    """
    exercise(variant)
    return {
        credit.muscle: read(credit)
        for credit in credits_by_id().values()
        if credit.variant == variant
    }


def met_analogies(variant: str, *, edition: str | int) -> dict[Role, Analogy]:
    """The low, central and high MET rows that stand in for a variant.

    No edition of the Compendium lists a leg raise, so each is an analogy with a reason.

    Parameters
    ----------
    variant : str
        Leg-raise variant.
    edition : {"2011", "2024"}
        Edition of the adult Compendium.

    Raises
    ------
    EvidenceError
        If the edition has no analogies (the older-adult and wheelchair lists have none).

    Examples
    --------
    >>> {role: row.met.met for role, row in
    ...  met_analogies("lying_straight_leg", edition=2011).items()}
    {'low': 2.3, 'central': 2.8, 'high': 8.0}
    """
    exercise(variant)
    rows = [
        row
        for row in table("met_analogies").rows
        if row["variant"] == variant and row["edition"] == str(edition)
    ]
    if not rows:
        raise EvidenceError(
            f"no MET analogies for edition {edition!r}; there are some for the adult editions "
            "2011 and 2024"
        )
    by_role = {str(row["role"]): row for row in rows}
    analogies: dict[Role, Analogy] = {
        role: Analogy(
            variant,
            role,
            str(by_role[role]["reason"]),
            met(str(by_role[role]["code"]), edition=edition),
        )
        for role in ROLES
    }
    if not analogies["low"].met.met <= analogies["central"].met.met <= analogies["high"].met.met:
        raise EvidenceError(
            f"met_analogies.csv: {variant}, edition {edition}: the rows are not in order "
            f"low <= central <= high: {', '.join(f'{analogies[r].met.met:g}' for r in ROLES)} MET"
        )
    return analogies
