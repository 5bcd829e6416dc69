"""A reader's own table file as rows of text: CSV with any usual separator, or a workbook."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path
from typing import Any

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import MOST_BYTES, content_of
from repdose.evidence.table_schema import text_of

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
# A sheet of this name is meant where a workbook has several.
SHEET = "trials"
_ZIP, _OLD_EXCEL, _UTF_16 = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", (b"\xff\xfe", b"\xfe\xff")
_AS_CSV = "in the spreadsheet choose Save as, type CSV UTF-8"


@dataclass(frozen=True)
class Sheet:
    """Rows of a file as text, and what was taken for granted in reading them.

    Parameters
    ----------
    file : str
        Name of the file.
    sha256 : str
        Checksum of its bytes.
    separator : str
        What separates its cells; empty of a workbook.
    rows : sequence of sequence of str
        Every row that is not empty, the column names first.
    lines : sequence of int
        Line of the file, or row of the sheet, in which each row begins.
    notes : sequence of str
        Sentences on what was accepted.
    """

    file: str
    sha256: str
    separator: str
    rows: Sequence[Sequence[str]]
    lines: Sequence[int]
    notes: Sequence[str]


def read_sheet(path: Path) -> Sheet:
    """Rows of a table file.

    Raises
    ------
    EvidenceError
        If it is no file, no table, or one whose separator or sheet cannot be told.
    """
    content = content_of(path)
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(_OLD_EXCEL):
        raise EvidenceError(
            f"{path.name}: this is a workbook of an old Excel, or one with a password; {_AS_CSV}"
        )
    if content.startswith(_UTF_16):
        raise EvidenceError(f"{path.name}: this is text in UTF-16; save it as UTF-8")
    if content.startswith(_ZIP):
        rows, lines, notes = _workbook(path.name, content)
        return Sheet(path.name, digest, "", rows, lines, notes)
    text = text_of(path.name, content)
    notes = (
        ["A byte order mark stands at its start."] if content.startswith(b"\xef\xbb\xbf") else []
    )
    first = 1
    if told := re.match(r"sep=([,;\t])\r?\n", text):
        text, first = text[told.end() :], 2
        notes.append(f"Its first line says that cells are separated by {SEPARATORS[told[1]]}.")
    separator = told[1] if told else _separator(path.name, text)
    if separator != "," and not told:
        notes.append(f"Its cells are separated by {SEPARATORS[separator]}.")
    rows, lines = _cells(path.name, text, separator, first)
    return Sheet(path.name, digest, separator, rows, lines, notes)


def _separator(file: str, text: str) -> str:
    """The separator that makes most columns of the first line."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    width = {mark: len(next(csv.reader([head], delimiter=mark), [])) for mark in SEPARATORS}
    widest = [mark for mark in SEPARATORS if width[mark] == max(width.values())]
    if len(widest) > 1 and max(width.values()) > 1:
        names = " or ".join(SEPARATORS[mark] for mark in widest)
        raise EvidenceError(
            f"{file}:1: the column names may be separated by {names}; separate them by commas"
        )
    return widest[0]


def _cells(file: str, text: str, separator: str, first: int) -> tuple[list[list[str]], list[int]]:
    """Rows that are not empty, each with the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = first
    try:
        for cells in reader:
            if any(cells):
                rows.append(cells)
                lines.append(line)
            line = reader.line_num + first
    except csv.Error as error:
        raise EvidenceError(f"{file}:{line}: {error}; export the table anew as CSV") from None
    return rows, lines


def _workbook(file: str, content: bytes) -> tuple[list[list[str]], list[int], list[str]]:
    """Cells of the one sheet of a workbook that holds any."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(content))
        sheets = [name for name in packed.namelist() if re.match(r"xl/worksheets/.*\.xml$", name)]
        if sum(item.file_size for item in packed.infolist()) > MOST_BYTES:
            raise EvidenceError(f"{file}: unpacked it is too large for a table of trials")
        has_formulas = any(re.search(rb"<f[ >/]", packed.read(name)) for name in sheets)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise EvidenceError(f"{file}: a damaged workbook ({error}); {_AS_CSV}") from None
    if not sheets:
        raise EvidenceError(f"{file}: this is neither CSV text nor an Excel workbook; {_AS_CSV}")
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise EvidenceError(
            f"{file}: this is an Excel workbook; {_AS_CSV}, or install openpyxl, which reads it: "
            "pip install 'repdose[excel]'"
        ) from None
    try:
        books = [
            openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=data_only)
            for data_only in ((True, False) if has_formulas else (True,))
        ]
        full = {
            sheet.title: cells
            for sheet in books[0].worksheets
            if (cells := [list(row) for row in sheet.iter_rows(values_only=True)])
            and any(value is not None for row in cells for value in row)
        }
    # What openpyxl raises over parts of a workbook that are missing or are no XML
    except (KeyError, ValueError, TypeError, AttributeError, SyntaxError) as error:
        raise EvidenceError(f"{file}: a damaged workbook ({error}); {_AS_CSV}") from None
    title = SHEET if SHEET in full else next(iter(full), "")
    if len(full) > 1 and title != SHEET:
        raise EvidenceError(
            f"{file}: the sheets {', '.join(full)} all hold cells; keep one, or name the one that "
            f"is meant {SHEET}"
        )
    notes = [f"It is a workbook; its sheet “{title}” was read."]
    values = full.get(title, [])
    faults: list[str] = []
    if has_formulas:
        typed = [list(row) for row in books[1][title].iter_rows(values_only=True)]
        counted = [
            (line, cell)
            for line, (row, saved) in enumerate(zip(typed, values, strict=True), start=1)
            for cell, value in zip(row, saved, strict=True)
            if isinstance(cell, str) and cell.startswith("=")
        ]
        faults += _unsaved(file, typed, values)
        if counted:
            notes.append(
                f"{len(counted)} cells hold formulas; the values saved with them were read."
            )
    rows: list[list[str]] = []
    lines: list[int] = []
    for line, row in enumerate(values, start=1):
        for value in row:
            if isinstance(value, date | time):
                faults.append(
                    f"{file}:{line}: {value} is a date to the spreadsheet; enter the cell as text"
                )
        texts = [_text(value) for value in row]
        if any(texts):
            rows.append(texts)
            lines.append(line)
    if faults:
        raise EvidenceError("\n".join(faults))
    return rows, lines, notes


def _unsaved(
    file: str, typed: Sequence[Sequence[Any]], saved: Sequence[Sequence[Any]]
) -> Iterable[str]:
    """Formulas whose value was never worked out."""
    for line, (row, values) in enumerate(zip(typed, saved, strict=True), start=1):
        for cell, value in zip(row, values, strict=True):
            if isinstance(cell, str) and cell.startswith("=") and value is None:
                yield (
                    f"{file}:{line}: {cell!r} is a formula whose value was not saved; open and "
                    "save the workbook, or enter the value"
                )


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
