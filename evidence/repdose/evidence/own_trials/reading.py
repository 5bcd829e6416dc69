"""Trials of one's own: a table read by its schema, with every fault told at once."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repdose.evidence.errors import EvidenceError
from repdose.evidence.own_trials.header import column_names, even_rows
from repdose.evidence.own_trials.layout import fields
from repdose.evidence.own_trials.rows import Fault, broken_rows
from repdose.evidence.own_trials.sheets import Sheet, read_sheet
from repdose.evidence.table_schema import NUMBERS, Cell, cell_reader
from repdose.evidence.waiting import steps

if TYPE_CHECKING:
    import pandas as pd

# Faults that are told; a file with more of them is of another layout
MOST_FAULTS = 50
BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
OTHER_WORDS = {"domain": {"hypertrophy": "size"}}
_COMMA, _POINT = re.compile(r"[-+]?[0-9]+,[0-9]+"), re.compile(r"[-+]?[0-9]+\.[0-9]+")
# Characters of a cell as a message quotes it
LONGEST = 200
# The largest number that effect sizes are computed from
LARGEST = 1e12
# As good a thousand with its separator as a decimal fraction
_EITHER = re.compile(r"[-+]?[1-9][0-9]{0,2},[0-9]{3}")
_BAD: Any = object()  # stands for a cell whose fault has been told


@dataclass(frozen=True)
class OwnTrials:
    """A reader's table, checked: its cells by column, as entered.

    Parameters
    ----------
    file, sha256 : str
        Name of the file and checksum of its bytes.
    columns : mapping of str to list
        Typed cells of each column that is used; None where empty.
    lines : sequence of int
        Line of the file of each row.
    notes : sequence of str
        Sentences on what was accepted although it is not as the layout has it.
    """

    file: str
    sha256: str
    columns: Mapping[str, list[Cell]]
    lines: Sequence[int]
    notes: Sequence[str]

    def frame(self) -> pd.DataFrame:
        """The table as a DataFrame, missing numbers as NaN."""
        import pandas as pd

        kinds = {item["name"]: item["type"] for item in fields()}
        return pd.DataFrame(
            {
                name: pd.Series(cells, dtype=float)
                if kinds[name] in NUMBERS and None in cells
                else pd.Series(cells)
                for name, cells in self.columns.items()
            }
        )


def read_own_trials(path: str | Path) -> OwnTrials:
    """A reader's own table of trials.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV file (separated by commas, semicolons or tabs) or Excel workbook; its layout is in
        docs/formats.md.

    Returns
    -------
    OwnTrials
        Typed cells, and sentences on what was accepted.

    Raises
    ------
    EvidenceError
        A line for each fault, ``file:line column: what was read, what is allowed``.

    Examples
    --------
    >>> import tempfile
    >>> from repdose.evidence.own_trials import template
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.csv"
    ...     _ = file.write_text(template(), encoding="utf-8")
    ...     own = read_own_trials(file)
    >>> len(own.lines), list(own.columns)[:3], own.notes
    (12, ['es_id', 'study', 'arm'], ())
    """
    sheet = read_sheet(Path(path))
    if not sheet.rows:
        raise EvidenceError(f"{sheet.file}: the file is empty; column names and rows are required")
    notes = list(sheet.notes)
    faults: list[Fault] = []
    names = column_names(sheet, faults, notes)
    told = {column for _, column, _ in faults}
    rows, lines = even_rows(sheet, names, faults)
    columns: dict[str, list[Any]] = {}
    described = {item["name"]: item for item in fields()}
    cells = list(zip(*rows, strict=True)) or [()] * len(names)
    raw = {name: column for name, column in zip(names, cells, strict=True) if name}
    comma = _decimal_comma(sheet, raw, described, notes)
    for name in steps([one for one in described if one in raw], "Reading", rows=len(rows)):
        columns[name] = _column(described[name], raw[name], lines, comma, faults, notes)
    if rows:
        # A column that is not there is told once, not in each row
        faults += [item for item in broken_rows(columns, lines, _BAD) if item[1] not in told]
    elif not faults:
        faults.append((sheet.lines[0], "", "there is no row below the column names"))
    if faults:
        raise EvidenceError(_told(sheet.file, faults, list(described)))
    _labels_in_study(columns, notes)
    if columns and "control_arm" not in columns:
        notes.append("It has no column control_arm: every arm is taken for one that trained.")
    return OwnTrials(sheet.file, sheet.sha256, columns, tuple(lines), tuple(notes))


def _told(file: str, faults: Sequence[Fault], order: Sequence[str]) -> str:
    place = {name: at for at, name in enumerate(order)}
    ordered = sorted(set(faults), key=lambda item: (item[0], place.get(item[1], -1), item[2]))
    told = [
        f"{file}:{line}{' ' * bool(column)}{column}: {message}"
        for line, column, message in ordered[:MOST_FAULTS]
    ]
    if len(ordered) > MOST_FAULTS:
        told.append(f"{file}: and {len(ordered) - MOST_FAULTS} more")
    return "\n".join(told)


def _decimal_comma(
    sheet: Sheet,
    raw: Mapping[str, Sequence[str]],
    described: Mapping[str, Mapping[str, Any]],
    notes: list[str],
) -> bool:
    """Whether numbers are written with a decimal comma, beyond doubt."""
    if sheet.separator == ",":
        return False
    cells = Counter(
        cell.strip()
        for name, column in raw.items()
        if described[name]["type"] in NUMBERS
        for cell in column
    )
    commas = {cell: times for cell, times in cells.items() if _COMMA.fullmatch(cell)}
    points = sum(times for cell, times in cells.items() if _POINT.fullmatch(cell))
    if points or all(_EITHER.fullmatch(cell) for cell in commas):
        return False
    example = next(iter(commas))
    notes.append(
        f"{sum(commas.values())} numbers have a decimal comma: {example} was read as "
        f"{example.replace(',', '.')}."
    )
    return True


def _column(
    described: Mapping[str, Any],
    cells: Sequence[str],
    lines: Sequence[int],
    comma: bool,
    faults: list[Fault],
    notes: list[str],
) -> list[Any]:
    """Typed cells of a column; each text is read once, however often it is there."""
    name, kind, limits = described["name"], described["type"], described["constraints"]
    if kind in NUMBERS:
        limits = {"maximum": LARGEST, **limits}
        if "exclusiveMinimum" not in limits:
            limits = {"minimum": -LARGEST, **limits}
    if kind in NUMBERS and (numbers := _plain_numbers(cells, kind, limits)):
        return numbers
    read = cell_reader({**described, "constraints": limits})
    values: dict[str, Any] = {}
    refused: dict[str, str] = {}
    meant: dict[str, str] = {}
    spaced: set[str] = set()
    for text in dict.fromkeys(cells):
        plain = text.strip()
        if plain != text:
            spaced.add(text)
        word = plain
        if comma and kind in NUMBERS and _COMMA.fullmatch(plain):
            word = plain.replace(",", ".")
        elif kind != "number" and (word := _meant(described, plain)) != plain:
            meant[text] = f"{plain!r} was read as {word}"
        try:
            if word[:1] == "=":
                raise ValueError(f"{plain!r} is a formula; enter its value")
            values[text] = read(word)
        except ValueError as error:
            message = _refusal(described, plain, str(error))
            refused[text] = message if len(plain) < LONGEST else f"{message[:LONGEST]}..."
            values[text] = _BAD
    if refused:
        faults += [
            (line, name, refused[text])
            for text, line in zip(cells, lines, strict=True)
            if text in refused
        ]
    if meant:
        words = Counter(meant[text] for text in cells if text in meant)
        notes += [f"{name}: {word} ({_cells(count)})." for word, count in words.items()]
    if spaced:
        count = sum(text in spaced for text in cells)
        notes.append(f"{name}: spaces at the end or start were left out ({_cells(count)}).")
    return [values[text] for text in cells]


def _plain_numbers(cells: Sequence[str], kind: str, limits: Mapping[str, Any]) -> list[Any]:
    """A column of nothing but numbers within their limits, read in one go; else nothing."""
    form = r"[-+]?[0-9]{1,15}(?:\.[0-9]+)?" if kind == "number" else r"[-+]?[0-9]{1,15}"
    if not re.fullmatch(rf"(?:{form}\n)+", "\n".join((*cells, ""))):
        return []
    try:
        numbers: list[Any] = list(map(float if kind == "number" else int, cells))
    except ValueError:  # a cell of several lines
        return []
    low, high = min(numbers), max(numbers)
    within = limits.get("minimum", -LARGEST) <= low and high <= limits["maximum"]
    return numbers if within and limits.get("exclusiveMinimum", -math.inf) < low else []


def _cells(count: int) -> str:
    return f"{count} cell{'s' * (count > 1)}"


def _meant(described: Mapping[str, Any], text: str) -> str:
    """The layout's own word for a text that can mean nothing else."""
    lower = text.lower()
    if described["type"] == "boolean" and lower in BOOLEANS:
        return str(BOOLEANS[lower]).lower()
    if described["type"] == "integer" and re.fullmatch(r"[-+]?[0-9]+\.0+", text):
        return text.partition(".")[0]
    lower = OTHER_WORDS.get(described["name"], {}).get(lower, lower)
    return lower if lower in described["constraints"].get("enum", ()) else text


def _refusal(described: Mapping[str, Any], text: str, message: str) -> str:
    """What to do about a cell that was refused."""
    if described["type"] == "boolean":
        what = "empty" if not text else repr(text)
        return f"{what}; write true or false (yes, no, 1 and 0 will do)"
    if described["type"] in NUMBERS and _EITHER.fullmatch(text):
        return f"{text!r} may be {text.replace(',', '.')} or {text.replace(',', '')}; write which"
    if described["type"] in NUMBERS and re.fullmatch(r"[A-Za-z/.?–—-]+", text):
        empty = not described["constraints"]["required"]
        return f"{message}{'; leave the cell empty if it is not known' if empty else ''}"
    return message


def _labels_in_study(columns: dict[str, list[Any]], notes: list[str]) -> None:
    """Labels of arms that come back in other studies, taken within their study."""
    study_of: dict[str, str] = {}
    for arm, study in dict.fromkeys(zip(columns["arm"], columns["study"], strict=True)):
        if study_of.setdefault(arm, study) != study:
            break
    else:
        return
    columns["arm"] = [
        f"{study}:{arm}" for arm, study in zip(columns["arm"], columns["study"], strict=True)
    ]
    notes.append(
        f"Labels of arms come back in other studies ({arm}), so each is taken within its study, "
        f"as {columns['arm'][0]}."
    )
