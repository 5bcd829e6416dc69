"""Packaged tables, with what the packs in force add to them and correct in them.

Light on purpose: the standard library only, so that one look-up costs no pandas import.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.pack_corrections import PackCorrection
from repdose.evidence.packs import Pack, in_force
from repdose.evidence.places import place_of
from repdose.evidence.records import Record, row_of
from repdose.evidence.table_schema import Cell, Table, read_table
from repdose.evidence.used import enter_table
from repdose.evidence.used import read as enter

DATA = place_of("data")
R = TypeVar("R", bound=Record)
# Columns of a pack's tables that hold ids, and the table in which each is an id
_IDS = {
    "exercises": {"id": "exercises"},
    "muscles": {"id": "muscles"},
    "set_credits": {"exercise": "exercises", "muscle": "muscles"},
    "met_analogies": {"exercise": "exercises", "code": "met"},
    "met": {"code": "met"},
    "leg_raise_geometry": {"exercise": "exercises"},
    "findings": {"id": "findings"},
    "guidelines": {"id": "guidelines"},
    "corrections": {"id": "corrections"},
}
#: What the name of an exercise or a muscle ends with where it comes from the reader.
READERS_OWN = " (reader's own)"
# The column that it is put to
_NAMED = {"exercises": "name", "muscles": "name", "met": "activity"}


@cache
def package() -> dict[str, Any]:
    """The data package's descriptor, evidence/data/datapackage.json."""
    descriptor: dict[str, Any] = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    return descriptor


def resource(name: str) -> dict[str, Any]:
    """Descriptor of one table of the data package, or of one that packs alone have."""
    resources = {item["name"]: item for item in [*package()["resources"], *package()["of_packs"]]}
    if name not in resources:
        raise unknown("table", name, resources)
    descriptor: dict[str, Any] = resources[name]
    return descriptor


def table(name: str) -> Table:
    """One packaged table, read and checked once, and entered in every open ledger.

    What the packs in force correct is corrected in it; what they add is in :func:`stack`.

    Parameters
    ----------
    name : str
        Name of a resource in ``evidence/data/datapackage.json``.

    Raises
    ------
    UnknownRecordError
        If the data package has no such table.
    EvidenceError
        If a cell breaks the schema; the message is ``file:line column: what is wrong``.
    """
    correcting = tuple(pack for pack in in_force() if name in corrections_of(pack))
    read = _packaged(name, correcting)
    enter_table(read.path.name, read.sha256)
    for pack in correcting:
        enter_table(pack.file(pack.tables["corrections"]), table_of(pack, "corrections").sha256)
        for one in corrections_of(pack)[name]:
            enter(one)
    return read


@cache
def _packaged(name: str, correcting: tuple[Pack, ...]) -> Table:
    described = resource(name)
    by_row: dict[str, list[PackCorrection]] = {}
    for pack in correcting:
        for one in corrections_of(pack)[name]:
            by_row.setdefault(one.row, []).append(one)
    return read_table(DATA / described["path"], described["schema"], name=name, corrections=by_row)


def stack(name: str) -> Iterator[tuple[Pack | None, Table]]:
    """A packaged table, then what each pack in force adds to it, entered in every open ledger.

    Of a table that packs alone have, theirs.
    """
    if name in names():
        yield None, table(name)
    for pack in in_force():
        if name in pack.tables:
            added = table_of(pack, name)
            enter_table(pack.file(pack.tables[name]), added.sha256)
            yield pack, added


def rows(name: str) -> Iterator[dict[str, Cell]]:
    """Rows of a packaged table and of what the packs in force add to it."""
    for _, read in stack(name):
        yield from read.rows


@cache
def table_of(pack: Pack, name: str) -> Table:
    """A table of a pack by the schema of the packaged one, with the prefix before its own ids."""
    path = pack.tables[name]
    schema, content = resource(name)["schema"], pack.files[path]
    read = read_table(Path(pack.file(path)), schema, name=name, content=content)
    own = {other: own_ids(pack, other) for other in set(_IDS[name].values()) - {name}}
    if id := _id_column(name):
        own[name] = frozenset(str(row[id]) for row in read.rows)
    named = None if pack.is_shipped else _NAMED.get(name)
    rows = []
    for row in read.rows:
        ids = {
            column: pack.qualified(str(row[column]))
            for column, other in _IDS[name].items()
            if row[column] in own[other]
        }
        rows.append(row | ids | ({named: f"{row[named]}{READERS_OWN}"} if named else {}))
    return replace(read, rows=tuple(rows))


def _id_column(name: str) -> str | None:
    """The column of a pack's table that holds the ids of its own rows."""
    return next((column for column, other in _IDS[name].items() if other == name), None)


@cache
def own_ids(pack: Pack, name: str) -> frozenset[str]:
    """Ids in one of a pack's tables as its file has them, without the prefix."""
    if name not in pack.tables:
        return frozenset()
    start, id = len(pack.qualified("")), _id_column(name)
    return frozenset(str(row[id])[start:] for row in table_of(pack, name).rows if id)


@cache
def corrections_of(pack: Pack) -> Mapping[str, list[PackCorrection]]:
    """What a pack corrects in shipped tables, by table."""
    declared: dict[str, list[PackCorrection]] = {}
    for row in table_of(pack, "corrections").rows if "corrections" in pack.tables else ():
        one = PackCorrection(**{**row, "pack": pack.name})  # type: ignore[arg-type]
        declared.setdefault(one.table, []).append(one)
    return declared


def records(name: str, build: Callable[..., R]) -> dict[str, R]:
    """Every row of a packaged table and of what the packs in force add to it, by id.

    `build`, a kind of record or a function, gets the row's cells as keyword arguments, a kind of
    record an empty text as ""; what it refuses is reported with the file and line of the row.
    """
    built: dict[str, R] = {}
    for pack, read in stack(name):
        of_pack = {} if pack is None else {"pack": pack.name}
        for row, line in zip(read.rows, read.lines, strict=True):
            cells = {**row, **of_pack}
            try:
                record = build(**(row_of(build, cells) if isinstance(build, type) else cells))
            except EvidenceError as error:
                raise EvidenceError(f"{read.file}:{line}: {error}") from error
            if record.id in built:
                raise EvidenceError(f"{read.file}:{line}: {record.id!r} is there twice")
            built[record.id] = record
    return built


def names() -> Iterator[str]:
    """Names of all packaged tables."""
    return (item["name"] for item in package()["resources"])
