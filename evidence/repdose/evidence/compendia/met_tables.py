"""MET tables by edition: one row, a whole table, and what changed from 2011 to 2024."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from repdose.evidence import tables, used
from repdose.evidence.errors import EvidenceError, UnknownRecordError, near, unknown
from repdose.evidence.records import Record
from repdose.evidence.used import kept

if TYPE_CHECKING:
    import pandas as pd

# Which packaged table holds which edition.
TABLES = {
    "2011": "met_2011",
    "2024": "met_2024",
    "older-2024": "met_older_2024",
    "wheelchair": "met_wheelchair",
}
# The adult editions share one system of codes; the other two have codes of their own.
ADULT = ("2011", "2024")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Met(Record):
    """One row of one edition of the Compendium.

    Parameters
    ----------
    code : str
        Activity code. Text, since it starts with a zero, and meaningless without its edition.
    met : float
        Metabolic equivalent [MET], a multiple of the edition's own resting baseline.
    heading, activity : str
        Major heading and activity, in this project's words.
    basis : {"measured", "estimated", "not stated"}
        How the compilers came by the value, where the edition says so.
    edition : {"2011", "2024", "older-2024", "wheelchair"}
        Edition of the Compendium.

    Notes
    -----
    It counts as its number where a MET is asked for: ``float(row)``, ``f"{row:.1f}"``, and as the
    ``met`` of energy functions, which hold its edition against the one they are given.
    """

    code: str
    met: float
    heading: str
    activity: str
    basis: str
    edition: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if not self.met > 0:
            raise EvidenceError(f"Met {self.id!r}: met is {self.met}; it must be above 0")

    def __str__(self) -> str:
        return f"{self.met:g} MET, {self.activity} [{self.source}, code {self.code}]"

    def __float__(self) -> float:
        return self.met

    def __format__(self, spec: str) -> str:
        return format(self.met, spec) if spec else str(self)

    @property
    def stated(self) -> str:
        return f"{self.activity}: {self.met:g} MET"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Edition(Record):
    """One edition of the Compendium and what it calls 1 MET.

    Parameters
    ----------
    edition, title, population : str
        Name as `met` takes it, title, and for whom the values hold.
    baseline_ml_kg_min : float or None
        Oxygen uptake that the edition counts as 1 MET [mL/kg/min]; None where it names none.
    baseline_kcal_kg_h : float or None
        Energy that the edition counts as 1 MET [kcal/kg/h]; None where it names none.

    Notes
    -----
    The two adult conventions are not the same: at 5 kcal per litre of oxygen
    3.5 mL/kg/min is 1.05 kcal/kg/h.
    """

    edition: str
    title: str
    population: str
    baseline_ml_kg_min: float | None
    baseline_kcal_kg_h: float | None

    @property
    def stated(self) -> str:
        named = ((self.baseline_ml_kg_min, "mL/kg/min"), (self.baseline_kcal_kg_h, "kcal/kg/h"))
        words = " or ".join(f"{value:g} {unit}" for value, unit in named if value is not None)
        return f"{self.title}: one MET is {words}"


def met(code: str, *, edition: int | str) -> Met:
    """MET of one activity code in one edition.

    Parameters
    ----------
    code : str
        Activity code with its leading zero, such as ``"02024"``, or that of a row of a pack in
        force, such as ``"mylab.sled_push"``.
    edition : {2011, 2024, "older-2024", "wheelchair"}
        Edition; without a default, because the same code differs between editions.

    Returns
    -------
    Met
        The row, with its source.

    Raises
    ------
    UnknownRecordError
        If the edition has no such code; the message lists near codes, and the editions
        that do have it.

    Notes
    -----
    No edition lists a leg raise, a flutter kick or a hanging raise; a row used for one of
    them is an analogy.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`, :cite:`willis2024`, :cite:`conger2024`

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.met("02024", edition=2011).met
    2.8
    >>> ev.met("02020", edition=2011).met, ev.met("02020", edition=2024).met
    (8.0, 7.5)
    """
    name = edition_name(edition)
    row = mets(name).get(f"{name}:{code}")
    if row is None:
        raise _unknown_code(code, name)
    return used.read(row)


def edition(name: int | str) -> Edition:
    """One edition's baseline: what it counts as 1 MET, and for whom.

    Parameters
    ----------
    name : {2011, 2024, "older-2024", "wheelchair"}
        Edition.

    Raises
    ------
    UnknownRecordError
        If there is no such edition.

    Examples
    --------
    >>> edition("older-2024").baseline_ml_kg_min
    2.7
    >>> edition("wheelchair").baseline_kcal_kg_h
    0.992
    """
    return used.read(editions()[f"edition:{edition_name(name)}"])


def compendium(edition: int | str) -> pd.DataFrame:
    """A whole edition as a table.

    Parameters
    ----------
    edition : {2011, 2024, "older-2024", "wheelchair"}
        Edition.

    Returns
    -------
    pandas.DataFrame, shape (rows, 4)
        Indexed by code: met [MET], heading, activity, basis.

    Raises
    ------
    UnknownRecordError
        If there is no such edition.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> float(ev.compendium(2024).loc["02056", "met"])
    3.0
    """
    frame = tables.table(TABLES[edition_name(edition)]).frame()
    return frame.set_index("code")[["met", "heading", "activity", "basis"]]


def crosswalk(old: int | str, new: int | str) -> pd.DataFrame:
    """What became of every code from one adult edition to the other.

    Parameters
    ----------
    old, new : {2011, 2024}
        Two adult editions. The other two editions have codes of their own, which cannot be
        paired by code.

    Returns
    -------
    pandas.DataFrame, shape (codes, 7)
        Indexed by code: met_old, met_new [MET] (missing where the edition has no such code),
        status, met_changed, activity_old, activity_new, reason. Status is ``redefined`` where the
        code names another activity, whatever its MET; else ``same`` or ``changed`` for a code
        in both editions, ``dropped`` or ``added`` for a code in one. ``met_changed`` counts
        every code in both editions whose MET differs, redefined ones among them; ``reason``
        says what a redefined code meant and means.

    Raises
    ------
    UnknownRecordError
        If there is no such edition.
    EvidenceError
        If an edition is no adult edition, or both are the same.

    Notes
    -----
    *Valid for* comparing codes. *Not valid for* translating old data by code alone: a
    redefined code must be looked up by activity.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> table = ev.crosswalk(2011, 2024)
    >>> int(table["met_changed"].sum())
    180
    >>> table.loc["02001", "status"]
    'redefined'
    """
    names = edition_name(old), edition_name(new)
    strangers = [name for name in names if name not in ADULT]
    if strangers or names[0] == names[1]:
        wrong = f"{strangers[0]} has codes of its own" if strangers else "they are the same"
        raise EvidenceError(
            f"crosswalk of {names[0]} and {names[1]}: {wrong}; "
            f"it pairs two different editions among {', '.join(ADULT)}"
        )
    left, right = compendium(old).add_suffix("_old"), compendium(new).add_suffix("_new")
    frame = left.join(right, how="outer")
    both = frame["met_old"].notna() & frame["met_new"].notna()
    frame["met_changed"] = both & (frame["met_old"] != frame["met_new"])
    frame["status"] = "same"
    frame.loc[frame["met_changed"], "status"] = "changed"
    frame.loc[frame["met_old"].isna(), "status"] = "added"
    frame.loc[frame["met_new"].isna(), "status"] = "dropped"
    reasons = _redefined(*names)
    frame.loc[list(reasons), "status"] = "redefined"
    frame["reason"] = [reasons.get(code, "") for code in frame.index]
    columns = ["met_old", "met_new", "status", "met_changed", "activity_old", "activity_new"]
    return frame[[*columns, "reason"]].sort_index()


def _redefined(old: str, new: str) -> dict[str, str]:
    """Why a code names different activities in the two editions, by code."""
    return {
        str(row["code"]): str(row["reason"])
        for row in tables.table("met_redefined").rows
        if {row["old_edition"], row["new_edition"]} == {old, new}
    }


@kept
def mets(name: str) -> dict[str, Met]:
    """Every row of an edition by id, and of packs beside it, without an entry in a ledger."""

    def build(**row: object) -> Met:
        return Met(id=f"{name}:{row['code']}", edition=name, **row)  # type: ignore[arg-type]

    beside = {id: row for id, row in _of_packs().items() if row.edition == name}
    return tables.records(TABLES[name], build) | beside


@kept
def _of_packs() -> dict[str, Met]:
    """Rows of the packs in force by id, without an entry in a ledger."""

    def build(**row: object) -> Met:
        return Met(id=f"{row['edition']}:{row['code']}", **row)  # type: ignore[arg-type]

    return tables.records("met", build)


@kept
def editions() -> dict[str, Edition]:
    """The editions, without an entry in a ledger."""

    def build(**row: object) -> Edition:
        return Edition(id=f"edition:{row['edition']}", **row)  # type: ignore[arg-type]

    return tables.records("met_editions", build)


def edition_name(edition: int | str) -> str:
    """The edition's name as text, or an error that lists the editions."""
    name = str(edition)
    if name not in TABLES:
        raise unknown("edition of the Compendium", name, TABLES)
    return name


def _unknown_code(code: object, name: str) -> UnknownRecordError:
    """Say what is wrong with a code: its zero, its edition, or the code itself."""
    codes = {row.code for row in mets(name).values()}
    wanted = str(code)
    parts = [f"no code {wanted!r} in the {name} edition of the Compendium"]
    if not isinstance(code, str):
        parts.append('codes are text, because they start with a zero: write met("02024", ...)')
    if "." in wanted:
        parts.append("a row of a pack is there while its pack is open: repdose --pack DIR")
    if f"0{wanted}" in codes:
        parts.append(f"a leading zero is missing: write '0{wanted}'")
    elsewhere = [
        f"{other} ({row.activity})"
        for other in TABLES
        if other != name and (row := mets(other).get(f"{other}:{wanted}"))
    ]
    if elsewhere:
        parts.append(f"the code is in edition {', '.join(elsewhere)}")
    parts.append(f"near it in {name}: {', '.join(_near_codes(wanted, codes))}")
    return UnknownRecordError("; ".join(parts))


def _near_codes(wanted: str, codes: Iterable[str]) -> list[str]:
    """Codes beside the wanted one in order of number, else those that look like it."""
    if not re.fullmatch("[0-9]{1,9}", wanted):
        return near(wanted, codes)
    # Those of packs are words
    distance = {code: abs(int(code) - int(wanted)) for code in codes if code.isdigit()}
    return sorted(sorted(distance, key=lambda code: (distance[code], code))[:5])
