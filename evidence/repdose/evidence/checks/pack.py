"""Is a pack as evidence has to be; and the opening of one, which is refused where it is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from repdose.evidence import bibliography, packs, tables
from repdose.evidence.checks.checksums import Checksum, checksum_of, write_descriptor
from repdose.evidence.compendia.met_tables import ADULT, met, mets
from repdose.evidence.errors import EvidenceError, near
from repdose.evidence.packs import BIBLIOGRAPHY, DESCRIPTOR, Pack
from repdose.evidence.problems import Problem
from repdose.evidence.studies import study_findings
from repdose.evidence.table_schema import Table
from repdose.evidence.training import leg_raises, recommendations, variants

_LOCATED = re.compile(
    r"(?P<file>[^:]+):(?P<line>\d+):?\s*(?:(?P<column>[\w.+]+): )?(?P<said>.*)", re.DOTALL
)
#: Tables whose ids ours, or those of a pack below, may be neither redefined nor repeated.
_OWN = ("exercises", "muscles", "findings", "guidelines")


@contextmanager
def pack(wanted: str | Path) -> Iterator[Pack]:
    """Put a pack of evidence on top of what is in force, inside the block.

    Parameters
    ----------
    wanted : str or Path
        Name of a shipped pack, or the path of a folder with a ``datapackage.json``; see
        ``docs/formats.md``. Blocks nest: the later pack may cite the earlier.

    Yields
    ------
    Pack
        Its prefix, title, version and SHA-256.

    Raises
    ------
    EvidenceError
        If anything in it is not as it has to be: a line for each fault, with file and line, or
        another pack in force has its prefix.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> with ev.pack("common"):
    ...     ev.exercise("common.back_squat").set_unit
    'repetitions'
    >>> "common.back_squat" in ev.exercises().index
    False
    """
    opened = checked(wanted)
    with packs.stacked([opened]):
        yield opened


def checked(wanted: str | Path) -> Pack:
    """A pack without a fault, to be put on top of those in force.

    Raises
    ------
    EvidenceError
        As :func:`pack`.
    """
    return sound(packs.load(wanted))


def sound(read: Pack) -> Pack:
    """The pack itself, if what its tables hold is as it has to be."""
    if faults := faults_of(read):
        raise EvidenceError("\n".join(map(str, faults)))
    return read


def check(wanted: str | Path) -> list[Problem]:
    """What is wrong with a pack, on top of those in force; in order of file and line."""
    found = [_located(fault, "pack") for fault in packs.read(wanted)[1]]
    # What the tables hold can be judged whatever their checksums
    read, unreadable = packs.read(wanted, hashes=False)
    return sorted([*found, *(faults_of(read) if read is not None and not unreadable else ())])


def renew(wanted: str | Path) -> list[Checksum]:
    """Write the checksums of a pack's files into its descriptor; those that were otherwise.

    Raises
    ------
    EvidenceError
        If the pack cannot be read, or is a shipped one.
    """
    if str(wanted) in packs.shipped():
        raise EvidenceError(f"pack {wanted} is shipped with the package and not yours to change")
    read, faults = packs.read(wanted, hashes=False)
    if faults or read is None:
        raise EvidenceError("\n".join(faults))
    folder = Path(read.place)
    descriptor = json.loads((folder / DESCRIPTOR).read_text("utf-8-sig"))
    items = [(item["name"], item) for item in descriptor["resources"]]
    if "bibliography" in descriptor:
        items.append((BIBLIOGRAPHY, descriptor["bibliography"]))
    held = [(checksum_of(name, item, folder / item["path"]), item) for name, item in items]
    return write_descriptor(folder / DESCRIPTOR, descriptor, held)


def faults_of(read: Pack) -> tuple[Problem, ...]:
    """What is wrong in the tables of a pack, on top of those in force."""
    return _faults(read, tuple(one for one in packs.in_force() if one != read))


@cache
def _faults(read: Pack, _below: tuple[Pack, ...]) -> tuple[Problem, ...]:
    faults: list[Problem] = []
    held: dict[str, Table] = {}
    for name in read.tables:
        try:
            if name != BIBLIOGRAPHY:
                held[name] = tables.table_of(read, name)
        except EvidenceError as error:
            faults += [_located(line, "table") for line in _lines(error)]
    if faults:  # what hangs on a table that cannot be read cannot be judged, and says it again
        return tuple(sorted(set(faults)))
    try:
        if read.prefix in bibliography.sources():
            message = f"prefix {read.prefix!r} is a key of the bibliography; take another"
            faults.append(Problem(read.file(DESCRIPTOR), 0, "prefix", "pack", message))
        with packs.stacked([read]):
            bibliography.sources()
            wrong = list(_corrected(read, held))
            # Nor can what hangs on a table that cannot be corrected
            for rule in () if wrong else _RULES:
                faults += rule(read, held)
            faults += wrong
            if not faults:
                faults += _records(read)
    except EvidenceError as error:
        faults += [_located(line, "pack") for line in _lines(error)]
    return tuple(sorted(faults))


def _rows(held: Mapping[str, Table], name: str) -> Iterator[tuple[str, int, dict[str, str]]]:
    """File, line and cells as text of each row of one of the pack's tables."""
    if name in held:
        table = held[name]
        file = table.file
        for row, line in zip(table.rows, table.lines, strict=True):
            yield file, line, {column: str(cell or "") for column, cell in row.items()}


def _ids(read: Pack, held: Mapping[str, Table]) -> Iterator[Problem]:
    """Ids that ours or those of a pack below have, which would be redefined."""
    for name in _OWN:
        taken = {str(row["id"]) for row in tables.table(name).rows}
        for file, line, row in _rows(held, name):
            id = row["id"].removeprefix(read.qualified(""))
            if id in taken:
                message = (
                    f"{id!r} is a shipped id, which a pack may not redefine; take another, or "
                    "declare a correction in corrections.csv"
                )
                yield Problem(file, line, "id", "shadows", message)


def _sourced(_read: Pack, held: Mapping[str, Table]) -> Iterator[Problem]:
    """Sources that no bibliography has."""
    known = bibliography.sources()
    for name, table in held.items():
        if "source" not in table.columns:
            continue
        for file, line, row in _rows(held, name):
            if row["source"] not in known:
                message = (
                    f"no source {row['source']!r} in the bibliography of the pack or ours; near "
                    f"it: {', '.join(near(row['source'], known))}"
                )
                yield Problem(file, line, "source", "undefined-key", message)
            if not row["locator"].strip():
                yield Problem(file, line, "locator", "record", "empty; say where in the source")


def _keyed(read: Pack, held: Mapping[str, Table]) -> Iterator[Problem]:
    """Credits, MET rows and angles of exercises that are none of the pack's, or muscles of none."""
    own = {str(row["id"]) for row in held["exercises"].rows} if "exercises" in held else set()
    muscles = {str(row["id"]) for row in tables.rows("muscles")}
    for name in ("set_credits", "met_analogies", "leg_raise_geometry"):
        for file, line, row in _rows(held, name):
            if row["exercise"] not in own:
                message = (
                    f"{row['exercise']!r} is no exercise of this pack"
                    f"{_near(row['exercise'], own)}; what others have is changed by corrections"
                )
                yield Problem(file, line, "exercise", "undefined-key", message)
            if "muscle" in row and row["muscle"] not in muscles:
                message = f"no muscle {row['muscle']!r}{_near(row['muscle'], muscles)}"
                yield Problem(file, line, "muscle", "undefined-key", message)
    counted = {row["exercise"] for _, _, row in _rows(held, "set_credits")}
    for file, line, row in _rows(held, "exercises"):
        if row["id"] not in counted:
            message = "no row of set_credits: a set of it would count for no muscle; add one"
            yield Problem(file, line, row["id"].removeprefix(read.qualified("")), "credit", message)


def _near(wanted: str, known: set[str]) -> str:
    return f"; near it: {', '.join(near(wanted, known))}" if known else ""


def _energy(_read: Pack, held: Mapping[str, Table]) -> Iterator[Problem]:
    """MET rows that the edition lacks, that are missing, or not low <= central <= high."""
    roles: dict[tuple[str, str], dict[str, float | None]] = {}
    places: dict[tuple[str, str], tuple[str, int]] = {}
    known = {edition: mets(edition) for edition in ADULT}
    for file, line, row in _rows(held, "met_analogies"):
        key = row["exercise"], row["edition"]
        places.setdefault(key, (file, line))
        code = known[row["edition"]].get(f"{row['edition']}:{row['code']}")
        if code is None:
            try:
                met(row["code"], edition=row["edition"])
            except EvidenceError as error:
                yield Problem(file, line, "code", "code", str(error))
        roles.setdefault(key, {})[row["role"]] = code.met if code else None
    for (exercise, edition), by_role in roles.items():
        file, line = places[exercise, edition]
        if missing := [role for role in variants.ROLES if role not in by_role]:
            message = f"{exercise}, edition {edition}: no {' and no '.join(missing)} row; add it"
            yield Problem(file, line, "role", "met", message)
            continue
        values = [value for role in variants.ROLES if (value := by_role[role]) is not None]
        if values != sorted(values):
            message = (
                f"{exercise}, edition {edition}: the rows are not in order low <= central <= "
                f"high: {', '.join(f'{value:g}' for value in values)} MET"
            )
            yield Problem(file, line, "role", "met", message)


def _corrected(read: Pack, held: Mapping[str, Table]) -> Iterator[Problem]:
    """Corrections of tables that are none, and what the shipped tables then say."""
    known = set(tables.names())
    declared = list(_rows(held, "corrections"))
    for file, line, row in declared:
        if row["table"] not in known:
            message = f"there is no shipped table {row['table']!r}{_near(row['table'], known)}"
            yield Problem(file, line, "table", "correction", message)
    for name in sorted(known.intersection(tables.corrections_of(read))):
        try:
            tables.table(name)
        except EvidenceError as error:
            for message in _lines(error):
                line = _line_of(message, [row for row in declared if row[2]["table"] == name])
                yield Problem(read.file("corrections.csv"), line, "", "correction", message)


def _line_of(message: str, declared: list[tuple[str, int, dict[str, str]]]) -> int:
    """Line of the correction that a message names, or else of the only one of its column."""
    named = [line for _, line, row in declared if f"correction {row['id']}" in message]
    of_column = [line for _, line, row in declared if f" {row['column']}: " in message]
    return named[0] if named else of_column[0] if len(of_column) == 1 else 0


def _records(read: Pack) -> Iterator[Problem]:
    """Rows that their own kind of record refuses, of the pack or of ours once corrected."""
    readers: tuple[Callable[[], object], ...] = (
        variants.exercises_by_id,
        variants.credits_by_id,
        leg_raises.by_exercise,
        study_findings.by_id,
        recommendations.by_id,
    )
    for records in readers:
        try:
            records()
        except EvidenceError as error:
            for line in _lines(error):
                yield _located(line, "record")
    if read.tables.get("corrections"):
        for id in leg_raises.leg_raises():
            for edition in ADULT:
                try:
                    variants.met_analogies(id, edition=edition)
                except EvidenceError as error:
                    yield Problem(read.file("corrections.csv"), 0, "", "met", str(error))


_RULES = (_ids, _sourced, _keyed, _energy)


def _lines(error: EvidenceError) -> list[str]:
    return str(error).splitlines()


def _located(fault: str, rule: str) -> Problem:
    """A problem from a message that names its file, and its line if there is one."""
    match = _LOCATED.fullmatch(fault)
    if not match:
        file, _, said = fault.partition(": ")
        return Problem(file, 0, "", rule, said)
    column = match["column"] or ""
    return Problem(match["file"], int(match["line"]), column, rule, match["said"])
