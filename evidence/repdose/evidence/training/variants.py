"""Exercises, the MET rows that stand for them, and the muscles that their sets count for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repdose.evidence.compendia.met_tables import Met, met
from repdose.evidence.errors import EvidenceError, UnknownRecordError, near
from repdose.evidence.packs import in_force, load, shipped
from repdose.evidence.records import Record
from repdose.evidence.table_schema import Cell
from repdose.evidence.tables import own_ids, records, resource, rows
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd

Role = Literal["low", "central", "high"]
ROLES: tuple[Role, ...] = ("low", "central", "high")
TEMPO = ("up_s", "top_s", "down_s", "bottom_s")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Exercise(Record):
    """One exercise: what a set of it counts, its sides and its default tempo.

    Parameters
    ----------
    name, equipment, description : str
        Name for reports, what it is done with, and what it is.
    set_unit : {"repetitions", "seconds"}
        What a set counts. One that counts seconds is done in bouts.
    sides : {1, 2}
        How often a set's repetitions or seconds are done: 2 where once on each side.
    up_s, top_s, down_s, bottom_s : float or None
        Default tempo; None where a set counts seconds and is a hold. [s]
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    name: str
    set_unit: str
    sides: int
    up_s: float | None
    top_s: float | None
    down_s: float | None
    bottom_s: float | None
    equipment: str
    description: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if 0 in (self.up_s, self.down_s):
            raise EvidenceError(
                f"{self.id}: up_s and down_s must be above 0 s; a movement takes time"
            )
        missing = [name for name in TEMPO if getattr(self, name) is None]
        if missing and (self.set_unit == "repetitions" or len(missing) < len(TEMPO)):
            raise EvidenceError(
                f"{self.id}: {', '.join(missing)} is empty; a set of repetitions needs its whole "
                "tempo, a set of seconds all of it or none"
            )

    @property
    def stated(self) -> str:
        tempo = "-".join(f"{getattr(self, name):g}" for name in TEMPO if self.up_s is not None)
        return f"{self.name}: " + (f"tempo {tempo} s" if tempo else "a set is a hold of seconds")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SetCredit(Record):
    """How one set of an exercise counts for one muscle, with the grade of the evidence."""

    exercise: str
    muscle: str
    role: str
    grade: str
    reason: str

    @property
    def stated(self) -> str:
        return (
            f"{self.exercise} for {self.muscle}: {self.role}, evidence of grade {self.grade}"
        ).replace("_", " ")


@dataclass(frozen=True, slots=True)
class Analogy:
    """A MET row that stands for an exercise, and why. Not a measurement of it."""

    exercise: str
    role: Role
    reason: str
    met: Met


@kept
def exercises_by_id() -> dict[str, Exercise]:
    """Every exercise, without an entry in a ledger."""
    return records("exercises", Exercise)


@kept
def credits_by_id() -> dict[str, SetCredit]:
    """What a set of each exercise counts for, without an entry in a ledger."""
    return records(
        "set_credits", lambda **row: SetCredit(id=f"{row['exercise']}.{row['muscle']}", **row)
    )


@kept
def _credits_by_exercise() -> dict[str, list[SetCredit]]:
    by_exercise: dict[str, list[SetCredit]] = {}
    for credit in credits_by_id().values():
        by_exercise.setdefault(credit.exercise, []).append(credit)
    return by_exercise


@kept
def _analogies() -> dict[tuple[str, str], list[dict[str, Cell]]]:
    """Rows of the MET analogies by exercise and edition."""
    by_exercise: dict[tuple[str, str], list[dict[str, Cell]]] = {}
    for row in rows("met_analogies"):
        by_exercise.setdefault((str(row["exercise"]), str(row["edition"])), []).append(row)
    return by_exercise


@kept
def _editions() -> dict[str, list[str]]:
    by_exercise: dict[str, list[str]] = {}
    for id, edition in _analogies():
        by_exercise.setdefault(id, []).append(edition)
    return by_exercise


def editions_with_rows(id: str) -> list[str]:
    """Editions of the Compendium of which an exercise has MET rows.

    Examples
    --------
    >>> editions_with_rows("flutter_kick")
    ['2011', '2024']
    """
    return _editions().get(id, [])


def exercise(id: str) -> Exercise:
    """One exercise by its id, that of a pack with the pack's prefix.

    Raises
    ------
    UnknownRecordError
        If there is no such exercise; the message lists near ones, those of shipped packs that
        are not open among them.

    Examples
    --------
    >>> exercise("hanging_straight_leg").set_unit
    'repetitions'
    """
    declared = exercises_by_id()
    if id not in declared:
        raise _unknown(id)
    return read(declared[id])


def _unknown(id: str) -> UnknownRecordError:
    """Say what is near an exercise that is not there, and how a pack is opened."""
    of_packs = {
        f"{name}.{row}": f"{name}.{row} (pack {name})"
        for name in shipped()
        for row in own_ids(load(name), "exercises")
    }
    known = dict.fromkeys(exercises_by_id(), "") | of_packs
    by_name = {one.rpartition(".")[2]: one for one in sorted(known)}
    close = near(str(id).rpartition(".")[2], by_name)
    listed = [known[by_name[name]] or by_name[name] for name in close]
    message = f"no exercise {id!r}; near it: {', '.join(listed)}"
    closed = [name for name in shipped() if name not in {pack.prefix for pack in in_force()}]
    if closed and any("(pack" in one for one in listed):
        message += (
            f"; open pack {closed[0]} by packs: [{closed[0]}] in the scenario, --pack {closed[0]}, "
            f'or with ev.pack("{closed[0]}")'
        )
    return UnknownRecordError(message)


def exercises() -> pd.DataFrame:
    """All exercises, the shipped ones first, then those of each pack in force, indexed by id.

    Examples
    --------
    >>> len(exercises())
    7
    """
    import pandas as pd

    columns = [item["name"] for item in resource("exercises")["schema"]["fields"]]
    return pd.DataFrame(list(rows("exercises")), columns=columns).set_index("id")


def muscles() -> Mapping[str, tuple[str, str]]:
    """Name and major muscle group of each muscle that is counted, by id."""
    return {str(row["id"]): (str(row["name"]), str(row["group"])) for row in rows("muscles")}


def set_credits(id: str) -> dict[str, SetCredit]:
    """The muscles that a set of an exercise counts for, by muscle.

    A muscle that is not listed gets nothing.
    """
    exercise(id)
    return {credit.muscle: read(credit) for credit in _credits_by_exercise().get(id, [])}


def met_analogies(id: str, *, edition: str | int) -> dict[Role, Analogy]:
    """The low, central and high MET rows that stand for an exercise.

    Few exercises are listed in the Compendium by name, and no leg raise is; each row has a
    reason, which says whether it is an analogy.

    Parameters
    ----------
    id : str
        Exercise.
    edition : {"2011", "2024"}
        Edition of the adult Compendium.

    Raises
    ------
    EvidenceError
        If the exercise has no rows of the edition (of the older-adult and wheelchair lists none
        has), or they are not in order.

    Examples
    --------
    >>> {role: row.met.met for role, row in
    ...  met_analogies("lying_straight_leg", edition=2011).items()}
    {'low': 2.3, 'central': 2.8, 'high': 8.0}
    """
    exercise(id)
    by_role = {str(row["role"]): row for row in _analogies().get((id, str(edition)), [])}
    if missing := [role for role in ROLES if role not in by_role]:
        has = editions_with_rows(id)
        raise EvidenceError(
            f"no MET analogies for edition {edition!r}; of {id} there are some for "
            f"{' and '.join(has) or 'no edition'}"
            if not by_role
            else f"{id}, edition {edition}: no {' and no '.join(missing)} row in met_analogies"
        )
    return dict(_in_order(id, str(edition)))


@kept
def _in_order(id: str, edition: str) -> dict[Role, Analogy]:
    """The three rows of an exercise that has them."""
    by_role = {str(row["role"]): row for row in _analogies()[id, edition]}
    analogies: dict[Role, Analogy] = {
        role: Analogy(
            id,
            role,
            str(by_role[role]["reason"]),
            met(str(by_role[role]["code"]), edition=edition),
        )
        for role in ROLES
    }
    if not analogies["low"].met.met <= analogies["central"].met.met <= analogies["high"].met.met:
        raise EvidenceError(
            f"met_analogies.csv: {id}, edition {edition}: the rows are not in order "
            f"low <= central <= high: {', '.join(f'{analogies[r].met.met:g}' for r in ROLES)} MET"
        )
    return analogies
