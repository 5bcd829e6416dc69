"""Does print, typed a second time, say the same; and was it typed from another copy."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from repdose.evidence import bibliography
from repdose.evidence.bibliography.bibtex import read_bibtex
from repdose.evidence.checks import copies
from repdose.evidence.checks.files import PUBLISHED, by_id, checkout, data, named, read
from repdose.evidence.problems import Problem
from repdose.evidence.table_schema import Cell

_NUMBERS = ("number", "integer")
_BY_RECORD = ["record", "field", "value"]
_BY_KEY = ["key", "field", "value"]
#: Columns of a transcription by code that are compared, where it has them.
_MET_COLUMNS = ("met", "basis")
Row = dict[str, str]


def transcriptions() -> Iterator[Problem]:
    """Numbers that differ from a second transcription of print."""
    if not checkout():
        return
    for name, (header, rows) in _files().items():
        path = PUBLISHED / name
        if header == _BY_RECORD:
            for line, row in rows:
                where = (named(path), line)
                yield from _compare(row["record"], row["field"], row["value"], where)
        elif header == _BY_KEY:
            yield from compare_identifiers(path, rows)
        elif header[:2] == ["code", "met"]:
            yield from _compare_met(path, header, rows)


def _files() -> dict[str, tuple[list[str], list[tuple[int, Row]]]]:
    """Header and rows, each with its line, of the CSV files of tests/published."""
    files = {}
    for path in sorted(PUBLISHED.glob("*.csv")):
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))
        files[path.name] = (
            list(reader.fieldnames or []),
            [(reader.line_num, row) for row in reader],
        )
    return files


def _compare(record: str, field: str, printed: str, where: tuple[str, int]) -> Iterator[Problem]:
    """One value of a second transcription with the table that holds the record."""
    holders = [item for item in by_id().get(record, []) if field in item[0].columns]
    if not holders:
        yield Problem(*where, record, "transcription", f"no table has its {field}")
    for table, place in holders:
        value = table.rows[place][field]
        if not _same(value, printed):
            message = f"{field} is {value}, in {where[0]} {printed}"
            yield Problem(named(table.path), table.lines[place], record, "transcription", message)


def _compare_met(path: Path, header: list[str], rows: list[tuple[int, Row]]) -> Iterator[Problem]:
    """A transcription of a MET table, code by code.

    One that is named as the table is complete. Another holds what its copy holds, and says in
    `differs` why where the copy prints another number.
    """
    name = next(
        (item.table for item in copies.statements() if path.name in item.transcriptions), ""
    )
    table = read()[0].get(name or path.stem)
    if table is None:
        return
    shipped = {str(row["code"]): place for place, row in enumerate(table.rows)}
    for line, row in rows:
        code, reason = row["code"], row.get("differs", "")
        if code not in shipped:
            message = f"the table {table.name} has no such code"
            yield Problem(named(path), line, code, "transcription", message)
            continue
        place = shipped[code]
        for column in _MET_COLUMNS:
            if column not in header:
                continue
            value, printed = table.rows[place][column], row[column]
            same = _same(value, printed)
            if same and reason:
                message = f"{column} is {printed} here and in the table; remove the reason"
                yield Problem(named(path), line, code, "transcription", message)
            elif not same and not reason:
                message = f"{column} is {value}, in {named(path)} {printed}"
                yield Problem(named(table.path), table.lines[place], code, "transcription", message)
    missing = set(shipped) - {row["code"] for _, row in rows} if path.stem == table.name else set()
    for code in sorted(missing):
        message = f"not in the second transcription ({named(path)})"
        line = table.lines[shipped[code]]
        yield Problem(named(table.path), line, code, "transcription", message)


def compare_identifiers(path: Path, rows: list[tuple[int, Row]]) -> Iterator[Problem]:
    """Identifiers of the bibliography with those typed again, in both directions."""
    bib = bibliography.path()
    sources = {source.key: source for source in read_bibtex(bib).sources}
    ours = {(key, field): value for key, field, value in copies.identifiers(sources)}
    theirs = {(row["key"], row["field"]): (line, row["value"]) for line, row in rows}
    for (key, field), value in ours.items():
        line = sources[key].lines.get(field, sources[key].line)
        if (key, field) not in theirs:
            message = f"{field} {value} is not typed again in {named(path)}; do so"
            yield Problem(named(bib), line, key, "transcription", message)
        elif theirs[key, field][1] != value:
            message = f"{field} is {value}, in {named(path)} {theirs[key, field][1]}"
            yield Problem(named(bib), line, key, "transcription", message)
    for (key, field), (line, _) in theirs.items():
        if (key, field) not in ours:
            message = f"references.bib has no {field} of it"
            yield Problem(named(path), line, key, "transcription", message)


def _same(value: Cell, printed: str) -> bool:
    if isinstance(value, bool):
        return printed == str(value).lower()
    if isinstance(value, int | float):
        try:
            return float(printed) == value
        except ValueError:
            return False
    return (value or "") == printed


def stated_copies() -> Iterator[Problem]:
    """Rows of which nothing says whence they were typed, and second copies that are none."""
    file = data("copies.csv")
    if "copies" not in read()[0]:
        return  # reported with the tables
    held = _keys()
    for item in copies.statements():
        if item.table == copies.NO_TABLE:
            continue
        problem = (file, item.line, item.table, "copy")
        if item.table not in held:
            known = ", ".join([*sorted(held), copies.NO_TABLE])
            yield Problem(
                *problem, f"no table {item.table!r} has rows from print; allowed: {known}"
            )
            continue
        for pattern in item.records:
            if not any(_only(item, pattern).covers(key) for key in held[item.table]):
                yield Problem(*problem, f"no row of it is called {pattern!r}; remove it")
        if item.second_copy and copies.same_copy(item.copy, item.second_copy):
            message = (
                f"both copies are {item.copy!r}: a transcription from the same copy is no second"
            )
            yield Problem(*problem, f"{message} one; leave second_copy empty")
        if item.second_copy and not item.transcriptions:
            yield Problem(*problem, "a second copy without a transcription; name its file")
    for name, keys in held.items():
        without = [key for key in keys if copies.statement_of(name, key) is None]
        if without:
            message = f"no statement covers {len(without)} of its rows, as {without[0]!r}; add one"
            yield Problem(file, 0, name, "copy", message)
    if checkout():
        yield from _files_stated()
        yield from _typed_twice()


def _only(item: copies.Statement, pattern: str) -> copies.Statement:
    """The statement with one of its patterns alone."""
    return copies.Statement(item.table, (pattern,), item.copy, "", (), item.line)


def _keys() -> dict[str, list[str]]:
    """Row keys of everything that comes from print, by table."""
    held = {
        name: copies.keys(table) for name, table in read()[0].items() if copies.from_print(table)
    }
    sources = {source.key: source for source in read_bibtex(bibliography.path()).sources}
    held[copies.BIBLIOGRAPHY] = [f"{key}.{field}" for key, field, _ in copies.identifiers(sources)]
    return held


def _files_stated() -> Iterator[Problem]:
    """Files of tests/published of which nothing says whence they were typed."""
    present = {path.name for path in PUBLISHED.iterdir() if path.suffix in (".csv", ".json")}
    stated = {name: item for item in copies.statements() for name in item.transcriptions}
    for name in sorted(present - set(stated)):
        message = f"{data('copies.csv')} does not say from which copy it was typed; add a line"
        yield Problem(named(PUBLISHED / name), 0, "", "copy", message)
    for name in sorted(set(stated) - present):
        message = f"there is no tests/published/{name}"
        yield Problem(data("copies.csv"), stated[name].line, name, "copy", message)


def _typed_twice() -> Iterator[Problem]:
    """Rows said to be typed from two copies with a number that is not in the second one."""
    files = _files()
    cells: dict[str, set[tuple[str, str]]] = {}
    for name, (header, rows) in files.items():
        if header in (_BY_RECORD, _BY_KEY):
            cells[name] = {(row[header[0]], row["field"]) for _, row in rows}
        elif header[:2] == ["code", "met"]:
            cells[name] = {(row["code"], "met") for _, row in rows}
    for name, keys in _keys().items():
        for place, key in enumerate(keys):
            item = copies.statement_of(name, key)
            if item is None or not item.second_copy:
                continue
            typed = set().union(*(cells.get(file, set()) for file in item.transcriptions))
            for cell in _numbers(name, key, place):
                if cell not in typed:
                    message = (
                        f"said to be typed from two copies, and its {cell[1]} is not in "
                        f"{', '.join(item.transcriptions)}; type it, or state one copy"
                    )
                    yield Problem(data("copies.csv"), item.line, key, "copy", message)


def _numbers(name: str, key: str, place: int) -> list[tuple[str, str]]:
    """The cells of a row that must be typed twice: its numbers, or the identifier."""
    if name == copies.BIBLIOGRAPHY:
        return [(key.rpartition(".")[0], key.rpartition(".")[2])]
    table = read()[0][name]
    return [
        (key, field["name"])
        for field in table.schema["fields"]
        if field["type"] in _NUMBERS and table.rows[place][field["name"]] is not None
    ] or [(key, "number")]
