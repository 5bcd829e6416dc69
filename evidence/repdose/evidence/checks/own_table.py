"""Check of a user's own MET table: every cell that must not be used, and how to mend it."""

from __future__ import annotations

import csv
import io
import re
import reprlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from repdose.evidence.compendia.met_tables import TABLES, mets
from repdose.evidence.hidden import fault_of_label
from repdose.evidence.input_files import content_of
from repdose.evidence.problems import Problem
from repdose.evidence.records import CHECKED
from repdose.evidence.table_schema import plain_digits

# Far above any label; whoever lifts the csv module's own limit does not lift this one.
LONGEST_CELL = 100_000
REQUIRED = ("code", "met", "activity", "source", "locator")
OPTIONAL: Mapping[str, Sequence[str]] = {
    "heading": (),
    "basis": ("measured", "estimated", "not stated"),
    "checked": CHECKED,
}
# METs that can be meant: the shipped editions run from 0.8 to 23.0.
LOWEST, HIGHEST = 0.5, 25.0
# Where databases with too narrow a column cut every larger MET off, and how many such values
# at a table's top are no chance: no shipped edition has a single one.
CLAMPS, PILE = (9.9, 9.99), 3
# Cells as messages quote them, not by the kilobyte.
_QUOTE = reprlib.Repr()
_QUOTE.maxstring = 80
_short = _QUOTE.repr
CODE = re.compile(r"[0-9]{5}|[0-9]{7}")
NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")


def check_table(path: str | Path) -> list[Problem]:
    """What is wrong with a MET table of one's own.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV file, UTF-8, with the columns code, met, activity, source and locator, and any of
        heading, basis and checked, in any order.

    Returns
    -------
    list of Problem
        In order of line; empty if the table can be used. Each names file, line and column,
        what was read and what to do.

    Raises
    ------
    EvidenceError
        If there is no such file.

    Notes
    -----
    Looked for are the ways in which MET tables are known to break: shifted columns, METs cut
    off at 9.9 or 9.99, codes without their leading zero, text decoded twice, codes entered
    twice, decimal commas, and rows without a source.

    Examples
    --------
    >>> import tempfile
    >>> text = "code,met,activity,source,locator\\n2024,2.8,sit-ups,ainsworth2011,code 02024\\n"
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.csv"
    ...     _ = file.write_text(text, encoding="utf-8")
    ...     print(check_table(file)[0])  # doctest: +ELLIPSIS
    mine.csv:2: code: '2024' lacks its leading zero; write 02024... [leading-zero]
    """
    file = Path(path)
    content = content_of(file)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        message = f"byte {error.start} is not UTF-8; save the file as UTF-8"
        return [Problem(file.name, line, "", "encoding", message)]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return [Problem(file.name, line, "", "csv", "a NUL byte; this is no CSV text")]
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        line = 1
        for cells in reader:
            if any(len(cell) > LONGEST_CELL for cell in cells):
                message = f"a cell of more than {LONGEST_CELL} characters; export the table anew"
                return [Problem(file.name, line, "", "csv", message)]
            if cells:
                rows.append((line, cells))
            line = reader.line_num + 1
    except csv.Error as error:
        return [Problem(file.name, line, "", "csv", f"{error}; export the table anew as CSV")]
    header = rows[0][1] if rows else []
    problems = [
        Problem(file.name, 1, column, rule, message) for column, rule, message in _header(header)
    ]
    if problems:
        return problems
    if len(rows) == 1:
        return [Problem(file.name, 1, "", "empty", "there is no row below the header")]
    return [
        Problem(file.name, line, column, rule, message)
        for line, column, rule, message in _rows(header, rows[1:])
    ]


def _header(header: Sequence[str]) -> list[tuple[str, str, str]]:
    """What is wrong with the column names: column, rule, message."""
    allowed = (*REQUIRED, *OPTIONAL)
    if len(header) == 1 and (mark := re.search(r"[;\t|]", header[0])):
        name = {";": "semicolons", "\t": "tabs", "|": "bars"}[mark[0]]
        return [("", "separator", f"the columns are separated by {name}; export with commas")]
    faults = []
    for column in header:
        if column not in allowed:
            plain = column.strip().lower()
            fix = f"write {plain!r}" if plain in allowed else f"allowed: {', '.join(allowed)}"
            faults.append((column[:80], "column", f"unknown column {_short(column)}; {fix}"))
    for column, count in Counter(header).items():
        if count > 1:
            faults.append((column, "column", f"the column is there {count} times; keep one"))
    meant = {column.strip().lower() for column in header}
    for column in REQUIRED:
        if column not in meant:
            faults.append((column, "column", "the column is missing; add it"))
    return faults


Found = tuple[int, str, str, str]


def _rows(header: Sequence[str], rows: Sequence[tuple[int, list[str]]]) -> list[Found]:
    faults: list[Found] = []
    seen: dict[str, int] = {}
    good: list[tuple[int, str, float]] = []
    for line, cells in rows:
        if len(cells) != len(header):
            faults.append((line, *_uneven(header, cells)))
            continue
        row = dict(zip(header, cells, strict=True))
        wrong = list(_cells(row))
        faults.extend((line, *item) for item in wrong)
        code = row["code"]
        if code in seen and code:
            message = f"{code!r} repeats line {seen[code]}; keep one of the two rows"
            faults.append((line, "code", "duplicate", message))
        seen.setdefault(code, line)
        if not any(column in ("code", "met") for column, _, _ in wrong):
            good.append((line, code, float(row["met"])))
    return sorted(faults + _clamped(good), key=lambda item: item[0])


def _uneven(header: Sequence[str], cells: Sequence[str]) -> tuple[str, str, str]:
    """A row with more or fewer cells than there are columns."""
    at = header.index("met")
    pair = cells[at : at + 2]
    if len(cells) == len(header) + 1 and all(re.fullmatch("[0-9]+", one) for one in pair):
        message = f"'{pair[0]},{pair[1]}' has a decimal comma; write {pair[0]}.{pair[1]}"
        return "met", "decimal-comma", message
    return (
        "",
        "shifted",
        f"{len(cells)} cells where {len(header)} columns are named; "
        "put a cell that holds a comma in quotes, and leave no cell out",
    )


def _cells(row: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What is wrong in one row, cell by cell: column, rule, message."""
    faults = []
    for column, text in row.items():
        problem = _text(column, text) or _CHECKS.get(column, _anything)(text)
        if problem:
            rule, message = problem
            faults.append((column, rule, message + _shift(column, rule, row)))
    return faults


def _text(column: str, text: str) -> tuple[str, str] | None:
    if not text.strip() and column in REQUIRED:
        if column in ("source", "locator"):
            return column, f"empty; name the {column} the value was taken from"
        return "empty", "empty; a value is required"
    if "\ufffd" in text:
        return "mojibake", f"{_short(text)} has lost letters; export the table anew as UTF-8"
    meant = _decoded(text)
    if meant != text:
        return "mojibake", f"{_short(text)} was decoded twice; write {_short(meant)}"
    if said := fault_of_label(text):
        return "label", said
    if text != text.strip():
        return "space", f"{_short(text)} has a space at its end or start; remove it"
    return None


def _decoded(text: str) -> str:
    """The text that was meant where UTF-8 has been read as a one-byte encoding."""
    for encoding in ("cp1252", "latin-1"):
        try:
            meant = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return meant if meant == text else _decoded(meant)
    return text


def _code(text: str) -> tuple[str, str] | None:
    if CODE.fullmatch(text):
        return None
    if CODE.fullmatch(plain := plain_digits(text)):
        return "digits", f"{text!r} has other digits than 0 to 9; write {plain}"
    bare = text.removesuffix(".0")
    if re.fullmatch(r"[0-9]{4}|[0-9]{6}", bare):
        fix = f"write 0{bare}, and import the column as text"
        return "leading-zero", f"{text!r} lacks its leading zero; {fix}"
    return (
        "code",
        f"{text!r} is no activity code; a code has five digits, or seven for older adults",
    )


def _met(text: str) -> tuple[str, str] | None:
    if NUMBER.fullmatch(plain := plain_digits(text)) and plain != text:
        return "digits", f"{text!r} has other digits than 0 to 9; write {plain}"
    if re.fullmatch(r"[0-9]+,[0-9]+", text):
        return "decimal-comma", f"{text!r} has a decimal comma; write {text.replace(',', '.')}"
    if not NUMBER.fullmatch(text):
        return "met", f"{_short(text)} is not a number"
    if not LOWEST <= float(text) <= HIGHEST:
        return "met", f"{text} MET is outside {LOWEST:g} to {HIGHEST:g}; look it up again"
    return None


def _one_of(column: str) -> Callable[[str], tuple[str, str] | None]:
    allowed = OPTIONAL[column]

    def check(text: str) -> tuple[str, str] | None:
        if text in ("", *allowed):
            return None
        return column, f"{_short(text)} is not one of {', '.join(allowed)}"

    return check


def _anything(_text: str) -> None:
    return None


_CHECKS: Mapping[str, Callable[[str], tuple[str, str] | None]] = {
    "code": _code,
    "met": _met,
    "basis": _one_of("basis"),
    "checked": _one_of("checked"),
}


def _shift(column: str, rule: str, row: Mapping[str, str]) -> str:
    """Where the value seems to have gone, if the row's columns are shifted."""
    fits = {"code": CODE, "met": NUMBER}.get(column)
    if fits is None or rule not in ("code", "met", "empty"):
        return ""
    other = "met" if column == "code" else "code"
    for name, text in row.items():
        is_its_own = name == other and fits is NUMBER and CODE.fullmatch(text)
        if name != column and fits.fullmatch(text) and not is_its_own:
            return f"; {text!r} stands in column {name!r}, so the row is shifted: move its cells"
    return ""


def _clamped(rows: Sequence[tuple[int, str, float]]) -> list[Found]:
    """METs that a narrow database column has cut off."""
    top = max((met for _, _, met in rows), default=0.0)
    pile = sum(met == top for _, _, met in rows)
    faults = []
    for line, code, met in rows:
        published = _published(code)
        piled = met == top and pile >= PILE
        if met in CLAMPS and (piled or (published and min(published) > met)):
            message = f"{met} looks cut off by a column too narrow for larger METs"
            if published:
                message += f" (the shipped editions have {max(published):g} for {code})"
            faults.append((line, "met", "clamped", f"{message}; import the source anew"))
    return faults


@cache
def _published(code: str) -> tuple[float, ...]:
    """METs that the shipped editions have for a code."""
    rows = (mets(edition).get(f"{edition}:{code}") for edition in TABLES)
    return tuple(row.met for row in rows if row)
