"""Packaged CSV tables, read strictly by their Frictionless Table Schema.

Light on purpose: the standard library only, so that one look-up costs no pandas import.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evidence.errors import EvidenceError, unknown
from evidence.records import Record

if TYPE_CHECKING:
    import pandas as pd

DATA = Path(__file__).parent / "data"
Cell = str | float | int | bool | None
R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class Table:
    """A checked table: typed rows, and the line each came from."""

    name: str
    path: Path
    schema: Mapping[str, Any]
    rows: Sequence[dict[str, Cell]]
    lines: Sequence[int]
    columns: Sequence[str] = field(default=())

    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame, columns and rows in file order."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))


@cache
def package() -> dict[str, Any]:
    """The data package's descriptor, evidence/data/datapackage.json."""
    descriptor: dict[str, Any] = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    return descriptor


def resource(name: str) -> dict[str, Any]:
    """Descriptor of one table of the data package."""
    resources = {item["name"]: item for item in package()["resources"]}
    if name not in resources:
        raise unknown("table", name, resources)
    found: dict[str, Any] = resources[name]
    return found


@cache
def table(name: str) -> Table:
    """One packaged table, read and checked once.

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
    described = resource(name)
    return read_table(DATA / described["path"], described["schema"], name=name)


def read_table(path: Path, schema: Mapping[str, Any], *, name: str = "") -> Table:
    """Read a CSV file by a Table Schema, refusing whatever does not fit it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise EvidenceError(
            f"{path.name}: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from None
    fields = {item["name"]: item for item in schema["fields"]}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, [])
    if header != list(fields):
        raise EvidenceError(
            f"{path.name}:1: the columns are {', '.join(header) or 'missing'}; "
            f"expected {', '.join(fields)}"
        )
    readers = [_reader(described) for described in fields.values()]
    rows: list[dict[str, Cell]] = []
    lines: list[int] = []
    try:
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(header):
                raise EvidenceError(
                    f"{path.name}:{line}: {len(cells)} cells where {len(header)} columns are named"
                )
            row: dict[str, Cell] = {}
            for column, read, text in zip(header, readers, cells, strict=True):
                try:
                    row[column] = read(text)
                except ValueError as error:
                    raise EvidenceError(f"{path.name}:{line} {column}: {error}") from None
            rows.append(row)
            lines.append(line)
    except csv.Error as error:
        raise EvidenceError(f"{path.name}:{reader.line_num}: {error}") from None
    _unique(path.name, schema, rows, lines)
    return Table(name or path.stem, path, schema, tuple(rows), tuple(lines), tuple(header))


def _reader(described: Mapping[str, Any]) -> Callable[[str], Cell]:
    """What reads a cell of a column by its field descriptor; it keeps what it has read."""
    limits = described.get("constraints", {})
    of_kind = _READ[described["type"]]
    low, high = limits.get("minimum", -math.inf), limits.get("maximum", math.inf)

    @cache
    def read(text: str) -> Cell:
        if text != text.strip():
            raise ValueError(f"{text!r} has a space at its end or start; remove it")
        if text == "":
            if limits.get("required"):
                raise ValueError("empty; a value is required")
            return None
        value = of_kind(text)
        if "pattern" in limits and not re.fullmatch(limits["pattern"], text):
            raise ValueError(f"{text!r} does not match {limits['pattern']}")
        if "enum" in limits and value not in limits["enum"]:
            allowed = ", ".join(str(item) for item in limits["enum"])
            raise ValueError(f"{text!r} is not one of {allowed}")
        is_number = isinstance(value, float | int) and not isinstance(value, bool)
        if is_number and not low <= value <= high:
            raise ValueError(f"{text} is outside {low} to {high}")
        return value

    return read


def _number(text: str) -> float:
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?", text):
        hint = "; use a decimal point" if re.fullmatch(r"[-+]?\d+,\d+", text) else ""
        raise ValueError(f"{text!r} is not a number{hint}")
    return float(text)


def _integer(text: str) -> int:
    if not re.fullmatch(r"[-+]?\d+", text):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


_READ: dict[str, Callable[[str], Cell]] = {
    "string": str,
    "number": _number,
    "integer": _integer,
    "year": _integer,
    "boolean": _boolean,
}


def _unique(
    name: str, schema: Mapping[str, Any], rows: Sequence[Mapping[str, Cell]], lines: Sequence[int]
) -> None:
    """Refuse a repeated primary key, naming both lines."""
    key = schema.get("primaryKey", [])
    columns = [key] if isinstance(key, str) else list(key)
    seen: dict[tuple[Cell, ...], int] = {}
    for row, line in zip(rows, lines, strict=True):
        value = tuple(row[column] for column in columns)
        if columns and value in seen:
            raise EvidenceError(
                f"{name}:{line} {'+'.join(columns)}: {' '.join(map(str, value))!r} "
                f"repeats line {seen[value]}"
            )
        seen[value] = line


def records(name: str, build: Callable[..., R]) -> dict[str, R]:
    """Every row of a packaged table as a record, by id.

    `build` gets the row's cells as keyword arguments; what it refuses is reported with
    the file and line of the row.
    """
    read = table(name)
    found: dict[str, R] = {}
    for row, line in zip(read.rows, read.lines, strict=True):
        try:
            record = build(**row)
        except EvidenceError as error:
            raise EvidenceError(f"{read.path.name}:{line}: {error}") from error
        if record.id in found:
            raise EvidenceError(f"{read.path.name}:{line}: {record.id!r} is there twice")
        found[record.id] = record
    return found


def names() -> Iterator[str]:
    """Names of all packaged tables."""
    return (item["name"] for item in package()["resources"])
