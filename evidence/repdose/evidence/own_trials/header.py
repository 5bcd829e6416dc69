"""The columns of a reader's table by their header, and the rows that have a cell for each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from repdose.evidence.errors import near
from repdose.evidence.own_trials.layout import FACTORS, TIMES, fields, spreads
from repdose.evidence.own_trials.rows import Fault
from repdose.evidence.own_trials.sheets import SEPARATORS, Sheet
from repdose.evidence.table_schema import NUMBERS, cell_reader

# How alike an unknown column name is to one that is meant: one or two letters in ten.
ALIKE = 0.8


def column_names(sheet: Sheet, faults: list[Fault], notes: list[str]) -> list[str]:
    """The column of each cell of a row; empty where it is none of the layout."""
    known = {item["name"] for item in fields()}
    line, head = sheet.lines[0], sheet.rows[0]
    plain = [re.sub(r"[\s-]+", "_", cell.strip().lower()) for cell in head]
    if len(sheet.rows) > 1 and sum(name in known for name in plain) < 3:
        below = [cell.strip().lower() for cell in sheet.rows[1]]
        if sum(name in known for name in below) >= 3:
            faults.append(
                (line, "", f"the column names stand in line {sheet.lines[1]}; delete what is above")
            )
            return []
    renamed = [
        f"{cell!r} as {name}"
        for cell, name in zip(head, plain, strict=True)
        if name in known and cell != name
    ]
    if renamed:
        notes.append(f"Column names were read in the layout's letters: {', '.join(renamed)}.")
    for name, times in Counter(name for name in plain if name).items():
        if times > 1:
            faults.append((line, name, f"the column is there {times} times; keep one"))
    unused = []
    for at, name in enumerate(plain):
        if not name and any(len(row) > at and row[at].strip() for row in sheet.rows[1:]):
            faults.append((line, "", f"column {at + 1} has cells and no name; name it"))
        if name and name not in known:
            close = [word for word in near(name, known, 1) if _alike(name, word)]
            if close and close[0] not in plain:
                faults.append((line, name, f"no such column; if {close[0]} is meant, write that"))
            else:
                unused.append(head[at].strip())
    if unused:
        notes.append(f"Columns that are not used: {', '.join(unused)}.")
    _missing(plain, line, faults)
    return [name if name in known else "" for name in plain]


def _alike(name: str, word: str) -> bool:
    import difflib

    return difflib.SequenceMatcher(None, name, word).ratio() >= ALIKE


def _missing(plain: Sequence[str], line: int, faults: list[Fault]) -> None:
    """Columns without which nothing can be computed."""
    present = set(plain)
    if len(plain) == 1:
        words = ", ".join(SEPARATORS.values())
        faults.append((line, "", f"one column only, {plain[0]!r:.60}; separate cells by {words}"))
        return
    for item in fields():
        name = item["name"]
        if item["constraints"]["required"] and item["type"] != "boolean" and name not in present:
            faults.append((line, name, f"no such column; add it: {item['description']}"))
    absent = [name for name in FACTORS if name not in present]
    if "weekly_sets" not in present and absent:
        faults.append(
            (line, "weekly_sets", f"no such column, nor {', '.join(absent)} to compute it; add it")
        )
    for wanted, other in (("mean_pre", "mean_change"), ("mean_post", "mean_change")):
        if wanted not in present and other not in present:
            faults.append((line, wanted, f"no such column, nor {other} in its place; add one"))
    ways = [way for time in TIMES if time != "post" for way in spreads(time)]
    if not any(present.issuperset(way) for way in ways):
        words = ", ".join(" with ".join(way) for way in ways[1:])
        faults.append((line, "sd_pre", f"no such column, nor one in its place: {words}"))


def even_rows(
    sheet: Sheet, names: Sequence[str], faults: list[Fault]
) -> tuple[list[Sequence[str]], list[int]]:
    """Rows with a cell for each column, and their lines."""
    rows: list[Sequence[str]] = []
    lines: list[int] = []
    width = len(names)
    mark = names.index("es_id") if "es_id" in names else None
    if not width:
        return rows, lines
    widths = {len(row) for row in sheet.rows[1:]}
    if len(sheet.rows) > 2 and len(widths) == 1 and min(widths) > width and _all_full(sheet, width):
        faults.append(
            (
                sheet.lines[0],
                "",
                f"{width} columns are named and every row has {min(widths)} cells; if numbers have "
                "decimal commas, write points, or separate cells by semicolons",
            )
        )
        return rows, lines
    for at, (row, line) in enumerate(zip(sheet.rows[1:], sheet.lines[1:], strict=True)):
        if len(row) > width and not any(row[width:]):
            row = row[:width]
        if len(row) != width:
            faults.append((line, *_uneven(names, row, sheet)))
        elif mark is not None and row[mark].strip().lower() == "es_id":
            faults.append((line, "", "a second line of column names; keep one"))
        elif at == 0 and _is_words(names, row):
            faults.append((line, "", "no number in it: a second line of column names? keep one"))
        else:
            rows.append(row)
            lines.append(line)
    return rows, lines


def _all_full(sheet: Sheet, width: int) -> bool:
    """Whether the rows hold something beyond the named columns."""
    return all(any(row[width:]) for row in sheet.rows[1:])


def _is_words(names: Sequence[str], row: Sequence[str]) -> bool:
    """Whether the columns of numbers all hold words, as units below a header do."""
    kinds = {item["name"]: item["type"] for item in fields()}
    cells = [
        cell
        for name, cell in zip(names, row, strict=True)
        if kinds.get(name) in NUMBERS and cell.strip()
    ]
    return len(cells) > 1 and not any(re.search(r"\d", cell) for cell in cells)


def _uneven(names: Sequence[str], row: Sequence[str], sheet: Sheet) -> tuple[str, str]:
    """Column and message of a row with more or fewer cells than there are columns."""
    kinds = {item["name"]: item["type"] for item in fields()}
    if len(row) == len(names) + 1 and sheet.separator == ",":
        readers = [_cell_of(name) for name in names]
        places = []
        for at, name in enumerate(names):
            pair = row[at : at + 2]
            if kinds.get(name) != "number" or not all(re.fullmatch("-?[0-9]+", c) for c in pair):
                continue
            joined = [*row[:at], ".".join(pair), *row[at + 2 :]]
            if all(fits(cell.strip()) for fits, cell in zip(readers, joined, strict=True)):
                places.append((name, ",".join(pair)))
        if places:
            # Several may fit; the likeliest stands in a column that has decimals in other rows
            name, text = max(places, key=lambda place: _decimals(sheet, names.index(place[0])))
            return name, f"'{text}' seems to have a decimal comma; write {text.replace(',', '.')}"
    return "", (
        f"{len(row)} cells where {len(names)} columns are named; put a cell that holds a "
        f"{'comma' if sheet.separator == ',' else 'separator'} in quotes, and leave no cell out"
    )


def _decimals(sheet: Sheet, column: int) -> int:
    """How many rows have a decimal point in a column."""
    return sum("." in row[column] for row in sheet.rows[1:] if len(row) > column)


def _cell_of(name: str) -> Callable[[str], bool]:
    """Whether a text fits the column of that name."""
    described = next((item for item in fields() if item["name"] == name), None)
    read = cell_reader(described) if described else None

    def fits(text: str) -> bool:
        try:
            if read is not None:
                read(text)
        except ValueError:
            return False
        return True

    return fits
