"""CSV files read strictly by a Frictionless Table Schema.

Light on purpose: the standard library only, so that one look-up costs no pandas import.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repdose.evidence.errors import EvidenceError
from repdose.evidence.hidden import fault_of_label
from repdose.evidence.input_files import content_of
from repdose.evidence.pack_corrections import PackCorrection, corrected, key_of

if TYPE_CHECKING:
    import pandas as pd

Cell = str | float | int | bool | None
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

    @property
    def file(self) -> str:
        """Its file as messages name it; of a pack's table with the pack."""
        return self.path.name if self.path.is_absolute() else self.path.as_posix()

    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame, columns and rows in file order."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=list(self.columns))


def read_table(
    path: Path,
    schema: Mapping[str, Any],
    *,
    name: str = "",
    content: bytes | None = None,
    corrections: Mapping[str, list[PackCorrection]] | None = None,
) -> Table:
    """Read a CSV file by a Table Schema, refusing whatever does not fit it, all of it at once.

    The `content` is that of the file, or what is given; `corrections` by row are made in it.

    Raises
    ------
    EvidenceError
        A line for each fault: ``file:line column: what was read, what is allowed``.
    """
    file = path.name if content is None else str(path)
    content = content_of(path) if content is None else content
    reader = csv.reader(io.StringIO(text_of(file, content), newline=""), strict=True)
    fields = {item["name"]: item for item in schema["fields"]}
    header = next(reader, [])
    if header != list(fields):
        raise EvidenceError(
            f"{file}:1: the columns are {', '.join(header) or 'missing'}; "
            f"expected {', '.join(fields)}"
        )
    readers = [cache(cell_reader(described)) for described in fields.values()]
    rows: list[dict[str, Cell]] = []
    lines: list[int] = []
    faults: list[str] = []
    key, seen = schema.get("primaryKey", []), set[str]()
    try:
        for cells in reader:
            line = reader.line_num
            if len(cells) != len(header):
                faults.append(
                    f"{file}:{line}: {len(cells)} cells where {len(header)} columns are named"
                )
                continue
            row: dict[str, Cell] = {}
            texts = dict(zip(header, cells, strict=True))
            if corrections:
                seen.add(key_of(texts, key))
                faults += [f"{file}:{line} {said}" for said in corrected(texts, key, corrections)]
            for (column, text), read in zip(texts.items(), readers, strict=True):
                try:
                    row[column] = read(text)
                except ValueError as error:
                    faults.append(f"{file}:{line} {column}: {error}")
            if len(row) == len(header):
                rows.append(row)
                lines.append(line)
    except csv.Error as error:
        faults.append(f"{file}:{reader.line_num}: {error}")
    faults += [
        f"{file}: correction {one.id}: there is no row {row!r}"
        for row, declared in (corrections or {}).items()
        for one in declared
        if row not in seen
    ]
    faults += _repeats(file, schema, rows, lines)
    if faults:
        raise EvidenceError("\n".join(faults))
    digest = hashlib.sha256(content).hexdigest()
    return Table(
        name or path.stem, path, schema, tuple(rows), tuple(lines), tuple(header), sha256=digest
    )


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
    required, enum = limits.get("required"), limits.get("enum")
    fits = re.compile(limits["pattern"]).fullmatch if "pattern" in limits else None

    def read(text: str) -> Cell:
        if text == "":
            if required:
                raise ValueError("empty; a value is required")
            return None
        if text[0].isspace() or text[-1].isspace():
            raise ValueError(f"{text!r} has a space at its end or start; remove it")
        value = of_kind(text)
        if fits and not fits(text):
            raise ValueError(f"{text!r} does not match {limits['pattern']}")
        if enum is not None and value not in enum:
            allowed = ", ".join(map(str, enum))
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


def _label(text: str) -> str:
    if said := fault_of_label(text):
        raise ValueError(said)
    return text


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


_READ: dict[str, Callable[[str], Cell]] = {
    "string": _label,
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


def meanings(fields: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """A line for each column of a layout: its name, what it holds, and what is allowed.

    Examples
    --------
    >>> field = {"name": "sets", "type": "integer", "description": "sets", "constraints": {}}
    >>> print(*meanings([field]))
    sets: sets (integer, may be empty)
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
