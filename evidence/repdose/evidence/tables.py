"""Packaged CSV tables, read strictly by their Frictionless Table Schema.

Light on purpose: the standard library only, so that one look-up costs no pandas import.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.places import place_of
from repdose.evidence.records import Record, row_of
from repdose.evidence.used import enter_table

if TYPE_CHECKING:
    import pandas as pd

DATA = place_of("data")
Cell = str | float | int | bool | None
R = TypeVar("R", bound=Record)
# Of a whole number: what a 64-bit integer holds
MOST_DIGITS = 18
# Types of the Table Schema that are numbers
NUMBERS = ("number", "integer", "year")


@dataclass(frozen=True)
class Table:
    """A checked table: typed rows, and the line each came from."""

    name: str
    path: Path
    schema: Mapping[str, Any]
    rows: Sequence[dict[str, Cell]]
    lines: Sequence[int]
    columns: Sequence[str] = field(default=())
    sha256: str = ""

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
    descriptor: dict[str, Any] = resources[name]
    return descriptor


def table(name: str) -> Table:
    """One packaged table, read and checked once, and entered in every open ledger.

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
    read = _packaged(name)
    enter_table(read.path.name, read.sha256)
    return read


@cache
def _packaged(name: str) -> Table:
    described = resource(name)
    return read_table(DATA / described["path"], described["schema"], name=name)


def read_table(path: Path, schema: Mapping[str, Any], *, name: str = "") -> Table:
    """Read a CSV file by a Table Schema, refusing whatever does not fit it, all of it at once.

    Raises
    ------
    EvidenceError
        A line for each fault: ``file:line column: what was read, what is allowed``.
    """
    content = content_of(path)
    reader = csv.reader(io.StringIO(text_of(path.name, content), newline=""), strict=True)
    fields = {item["name"]: item for item in schema["fields"]}
    header = next(reader, [])
    if header != list(fields):
        raise EvidenceError(
            f"{path.name}:1: the columns are {', '.join(header) or 'missing'}; "
            f"expected {', '.join(fields)}"
        )
    readers = [cache(cell_reader(described)) for described in fields.values()]
    rows: list[dict[str, Cell]] = []
    lines: list[int] = []
    faults: list[str] = []
    try:
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(header):
                faults.append(
                    f"{path.name}:{line}: {len(cells)} cells where {len(header)} columns are named"
                )
                continue
            row: dict[str, Cell] = {}
            for column, read, text in zip(header, readers, cells, strict=True):
                try:
                    row[column] = read(text)
                except ValueError as error:
                    faults.append(f"{path.name}:{line} {column}: {error}")
            if len(row) == len(header):
                rows.append(row)
                lines.append(line)
    except csv.Error as error:
        faults.append(f"{path.name}:{reader.line_num}: {error}")
    faults += _repeats(path.name, schema, rows, lines)
    if faults:
        raise EvidenceError("\n".join(faults))
    digest = hashlib.sha256(content).hexdigest()
    return Table(
        name or path.stem, path, schema, tuple(rows), tuple(lines), tuple(header), sha256=digest
    )


def content_of(path: Path) -> bytes:
    """Bytes of a file; a folder, or a pipe that could be waited for without end, is refused."""
    if path.is_dir():
        raise EvidenceError(f"{path.name}: this is a folder; name the file in it")
    if not path.exists():
        raise EvidenceError(f"{path.name}: no such file in {path.parent}; give its full path")
    if not path.is_file():
        raise EvidenceError(f"{path.name}: this is a pipe or a device, not a file; save it as one")
    return path.read_bytes()


def text_of(name: str, content: bytes) -> str:
    """Text of a file's bytes: UTF-8, with or without a byte order mark, and no NUL in it."""
    if (at := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, at) + 1
        raise EvidenceError(f"{name}:{line}: a NUL byte; this is no CSV text, export it anew")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EvidenceError(
            f"{name}:{line}: byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from None


def cell_reader(described: Mapping[str, Any]) -> Callable[[str], Cell]:
    """What reads a cell of a column by its field descriptor, or refuses it."""
    limits = described.get("constraints", {})
    of_kind = _READ[described["type"]]
    is_number = described["type"] in NUMBERS
    low, high = limits.get("minimum", -math.inf), limits.get("maximum", math.inf)
    above = limits.get("exclusiveMinimum", -math.inf)

    def read(text: str) -> Cell:
        if text == "":
            if limits.get("required"):
                raise ValueError("empty; a value is required")
            return None
        if text[0].isspace() or text[-1].isspace():
            raise ValueError(f"{text!r} has a space at its end or start; remove it")
        value = of_kind(text)
        if "pattern" in limits and not re.fullmatch(limits["pattern"], text):
            raise ValueError(f"{text!r} does not match {limits['pattern']}")
        if "enum" in limits and value not in limits["enum"]:
            allowed = ", ".join(str(item) for item in limits["enum"])
            raise ValueError(f"{text!r} is not one of {allowed}")
        if is_number:
            if not low <= value <= high:
                raise ValueError(f"{text} is outside {low} to {high}")
            if not above < value:
                raise ValueError(f"{text} is not above {above}")
        return value

    return read


_NUMBER = re.compile(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?").fullmatch
_INTEGER = re.compile(r"[-+]?[0-9]+").fullmatch


def _number(text: str) -> float:
    if not _NUMBER(text):
        raise ValueError(f"{text!r} is not a number{_meant(text)}")
    value = float(text)
    if math.isinf(value):
        raise ValueError(f"too large a number: {text}")
    return value


def _integer(text: str) -> int:
    if not _INTEGER(text):
        raise ValueError(f"{text!r} is not a whole number{_meant(text)}")
    if len(text) > MOST_DIGITS:
        raise ValueError(f"too large a number: {text}")
    return int(text)


def plain_digits(text: str) -> str:
    """The text with digits of any script as 0 to 9, and its decimal marks as plain ones."""
    return "".join(str(unicodedata.digit(sign, sign)) for sign in text).translate(_SIGNS)


def _meant(text: str) -> str:
    """What to do about a number in another notation."""
    plain = plain_digits(text)
    if plain != text and re.fullmatch(r"[-+]?[0-9]+([.,][0-9]+)?", plain):
        return f"; write it with the digits 0 to 9: {plain.replace(',', '.')}"
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", text):
        return f"; use a decimal point: {text.replace(',', '.')}"
    return ""


# Full-width and Arabic decimal marks, and the typographic minus
_SIGNS = str.maketrans({"．": ".", "，": ",", "٫": ".", "\u2212": "-", "－": "-"})


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


def _repeats(
    name: str, schema: Mapping[str, Any], rows: Sequence[Mapping[str, Cell]], lines: Sequence[int]
) -> Iterator[str]:
    """Each repeated primary key, with both lines."""
    key = schema.get("primaryKey", [])
    columns = [key] if isinstance(key, str) else list(key)
    seen: dict[tuple[Cell, ...], int] = {}
    for row, line in zip(rows, lines, strict=True):
        value = tuple(row[column] for column in columns)
        if columns and value in seen:
            yield (
                f"{name}:{line} {'+'.join(columns)}: {' '.join(map(str, value))!r} "
                f"repeats line {seen[value]}"
            )
        seen.setdefault(value, line)


def records(name: str, build: Callable[..., R]) -> dict[str, R]:
    """Every row of a packaged table as a record, by id.

    `build`, a kind of record or a function, gets the row's cells as keyword arguments, a kind of
    record an empty text as ""; what it refuses is reported with the file and line of the row.
    """
    read = table(name)
    built: dict[str, R] = {}
    for row, line in zip(read.rows, read.lines, strict=True):
        try:
            record = build(**(row_of(build, row) if isinstance(build, type) else row))
        except EvidenceError as error:
            raise EvidenceError(f"{read.path.name}:{line}: {error}") from error
        if record.id in built:
            raise EvidenceError(f"{read.path.name}:{line}: {record.id!r} is there twice")
        built[record.id] = record
    return built


def names() -> Iterator[str]:
    """Names of all packaged tables."""
    return (item["name"] for item in package()["resources"])


def meanings(fields: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each column of a layout: its name, what it holds, and what is allowed.

    Examples
    --------
    >>> for line in meanings(resource("met_redefined")["schema"]["fields"][:1]):
    ...     print(line)  # doctest: +ELLIPSIS
    code: ... (string, required; pattern ...)
    """
    for item in fields:
        limits = item.get("constraints", {})
        allowed = []
        if "enum" in limits:
            allowed.append(f"one of {', '.join(map(str, limits['enum']))}")
        if "pattern" in limits:
            allowed.append(f"pattern {limits['pattern']}")
        if "exclusiveMinimum" in limits:
            allowed.append(f"above {limits['exclusiveMinimum']}")
        elif "minimum" in limits or "maximum" in limits:
            low, high = limits.get("minimum"), limits.get("maximum")
            words = f"at least {low}" if high is None else f"at most {high}"
            allowed.append(words if None in (low, high) else f"{low} to {high}")
        must = "required" if limits.get("required") else "may be empty"
        limited = "; ".join([f"{item['type']}, {must}", *allowed])
        yield f"{item['name']}: {item['description']} ({limited})"
