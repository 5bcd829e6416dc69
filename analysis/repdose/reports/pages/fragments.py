"""Pieces of HTML that a report is made of; every string is escaped here."""

from __future__ import annotations

import html
import math
import re
from collections.abc import Hashable, Mapping, Sequence
from functools import lru_cache
from numbers import Real
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from repdose.reports.figure_files import SVG
from repdose.storing import stored
from repdose.tables.numbers import rounded

if TYPE_CHECKING:
    import pandas as pd

# Suffixes of column names, as the package's nomenclature has them, and how they print.
UNITS: tuple[tuple[str, str], ...] = (
    ("_kcal_per_week", "kcal/week"),
    ("_kcal_per_session", "kcal/session"),
    ("_kcal_week", "kcal/week"),
    ("_kcal_day", "kcal/day"),
    ("_met_min", "MET-min"),
    ("_kcal", "kcal"),
    ("_kg", "kg"),
    ("_min", "min"),
    ("_nm", "N m"),
    ("_deg", "°"),
    ("_s", "s"),
    ("_m", "m"),
    ("_y", "y"),
)
# What does not stand as it is in an address between apostrophes
_NOT_IN_AN_ADDRESS = re.compile('[^A-Za-z0-9_~ "<>/=:,.+;-]+')


def escape(text: object) -> str:
    """Text made safe for HTML, attributes included."""
    return html.escape(str(text), quote=True)


_SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def heading_of(column: object) -> str:
    """Column heading in words; a snake_case name becomes words with its unit in brackets.

    Examples
    --------
    >>> heading_of("gross_energy_kcal")
    'Gross energy [kcal]'
    """
    text = str(column)
    if not _SNAKE_CASE.fullmatch(text):
        return text
    for suffix, unit in UNITS:
        if f"_{text}".endswith(suffix):
            text = f"{text[: -len(suffix)]} [{unit}]" if len(text) > len(suffix) else unit
            break
    if len(text) == 1:  # a symbol, as the p of a test: its case is part of it
        return text
    words = text.replace("_", " ")
    return words[0].upper() + words[1:]


# A hyphen that stands before a number and after none, as in "-0.1 to 2" but not "1-2" or "C-1",
# or between two with spaces around it
_MINUS = re.compile(r"(?<![\w\-)])-(?=[\d.])|(?<=[\w)] )-(?= [\d.])")

# A range alone in its cell, as "−0.1 to 2", is kept on one line; so are two parts hardly longer
# than a word, as "CLUE II", and a word with a hyphen
_SPAN = re.compile(r"[-−]?[\d.,]+ to [-−]?[\d.,]+|(?=.{1,9}$).+ .+|[a-z]+-[a-z]+")

# A number written as text, as a p is; a code with a leading zero is none
_NUMBER = re.compile(r"(?:< )?[-−]?(?:0|[1-9][\d,]*)(?:\.\d+)?")

# The unit that ends a heading is kept on one line up to this many characters
_UNIT = re.compile(r"\[[^\]]{1,16}\]$")

_MARKUP = re.compile(r"<[^>]*>")

# Cells with more characters than this get a column wide enough to read them in.
WIDTHS = ((120, "longer"), (40, "long"), (12, "words"))
# A table of more lines than this, at so many characters a line, is folded under its caption.
FOLDED_LINES, LINE = 40, 30


def table(
    frame: pd.DataFrame, *, caption: str, digits: int | Mapping[str, int] = 1, name: str = ""
) -> str:
    """An accessible table: caption, scoped headings, numbers aligned right, scrolls when wide.

    A named index, or one that is not just counting, is shown as the headings of the rows;
    otherwise the first column is. A table longer than a screen is folded.
    """
    import pandas as pd

    columns = columns_of(frame)
    first = next(iter(columns), None)
    right = {
        c: (pd.api.types.is_numeric_dtype(kind) and kind != "bool")
        or (c != first and _of_numbers(values))
        for c, (kind, values) in columns.items()
    }
    head = "".join(
        f'<th scope="col"{_classed("num" if right[c] else "")}>{_heading(c)}</th>' for c in columns
    )
    rows = []
    shown = list(zip(*(values for _, values in columns.values()), strict=True))
    for line in shown:
        cells = []
        for column, value in zip(columns, line, strict=True):
            tag = 'th scope="row"' if column == first else "td"
            places = digits.get(str(column), 1) if isinstance(digits, Mapping) else digits
            kind = "num" if right[column] else _width(value)
            given = f"{_classed(kind)}{_unrounded(value, places) if right[column] else ''}"
            cells.append(f"<{tag}{given}>{cell(value, places)}</{tag.split()[0]}>")
        rows.append(f"<tr>{''.join(cells)}</tr>")
    anchor = f' id="table-{escape(name)}"' if name else ""
    element = scrolled(
        f"<table{anchor}><caption><span>{escape(caption)}</span></caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>",
        caption,
    )
    if _lines(shown) <= FOLDED_LINES:
        return element
    summary = f"{escape(caption)} <small>({len(shown)} rows)</small>"
    return f'<details class="rows"><summary>{summary}</summary>{element}</details>'


def columns_of(frame: pd.DataFrame) -> dict[Hashable, tuple[Any, list[Any]]]:
    """Columns of a table by name, each with its dtype and its values as they are stored.

    The first heads the rows: a named index, or one that is not just counting.
    """
    import pandas as pd

    counts = isinstance(frame.index, pd.RangeIndex) and frame.index.names == [None]
    columns = (frame if counts else frame.reset_index()).items()
    return {name: (one.dtype, list(map(stored, one.tolist()))) for name, one in columns}


def _of_numbers(column: Sequence[Any]) -> bool:
    """Whether a column of mixed kinds has numbers alone, so that they stand under each other."""
    found = [value for value in column if not _missing(value)]
    return bool(found) and all(
        _NUMBER.fullmatch(value)
        if isinstance(value, str)
        else isinstance(value, Real) and not isinstance(value, bool)
        for value in found
    )


def _heading(column: object) -> str:
    text = escape(heading_of(column))
    return _UNIT.sub(lambda unit: f'<span class="unit">{unit[0]}</span>', text)


# Where a name as "garber2011.effort_light" may break; a number with decimals may not
_PART = re.compile(r"(?<=[a-z0-9]_)(?=\w)|(?<=[a-z0-9]\.)(?=[a-z])")


def breakable(text: str) -> str:
    """Escaped text whose long names break where their parts end, and not within a word.

    Examples
    --------
    >>> breakable("set_credits.csv, 0.5")
    'set_<wbr>credits.<wbr>csv, 0.5'
    """
    return _PART.sub("<wbr>", escape(text))


def _missing(value: Any) -> bool:
    return value is None or str(value) in ("", "<NA>", "NaT", "nan")


def _lines(shown: Sequence[Sequence[Any]]) -> int:
    """Lines that a table takes, each row as many as its longest cell."""
    return sum(
        max((-(-len(str(value)) // LINE) for value in values), default=0) for values in shown
    )


def _width(value: Any) -> str:
    if _SPAN.fullmatch(str(value)):
        return "span"
    return next((name for most, name in WIDTHS if len(str(value)) > most), "")


def _unrounded(value: Any, places: int) -> str:
    """The number that a cell shows rounded, for the table's download."""
    if not isinstance(value, float) or not math.isfinite(value) or round(value, places) == value:
        return ""
    return f' data-v="{stored(value):.10g}"'


def _classed(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def cell(value: Any, digits: int) -> str:
    """One value as escaped text; what is missing is a dash."""
    if _missing(value):
        return '<span aria-hidden="true">–</span><span class="spoken">none</span>'
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return "yes" if value else "no"
    if hasattr(value, "__index__"):
        return rounded(float(value), 0)
    if isinstance(value, float) or (hasattr(value, "__float__") and not isinstance(value, str)):
        number = float(value)
        return rounded(number, digits) if math.isfinite(number) else escape(number)
    return signed(breakable(value))


def signed(text: str) -> str:
    """Text with a true minus sign (U+2212) before each negative number.

    Examples
    --------
    >>> signed("from -0.1 to 2, rows 8-12")
    'from −0.1 to 2, rows 8-12'
    """
    return _MINUS.sub("−", text)


def embedded(svg: str) -> str:
    """A picture as the address under which a page has it in itself, between apostrophes.

    As text it is a fifth shorter than in base64.
    """
    written = _NOT_IN_AN_ADDRESS.sub(lambda match: _quoted(match[0]), svg)
    return f"'data:{SVG},{written}'"


@lru_cache(256)
def _quoted(signs: str) -> str:
    return quote(signs, safe="")


def figure(name: str, shown: str, *, caption: str) -> str:
    """A figure of a report's own.

    Parameters
    ----------
    name : str
        Anchor of the figure in the page, and name of its download.
    shown : str
        Ready HTML of the drawing.
    caption : str
        Ready HTML.
    """
    return f'<figure id="figure-{escape(name)}">{shown}<figcaption>{caption}</figcaption></figure>'


def picture(image: str, label: str) -> str:
    """An image that has one width only, in a box in which it scrolls on a phone."""
    return _scrolled(image, label, "picture")


def scrolled(made: str, label: str) -> str:
    """Ready HTML in a box in which it scrolls where it is wider than the page."""
    return _scrolled(made, label, "table-scroll")


def _scrolled(made: str, label: str, css: str) -> str:
    return (
        f'<div class="{css}" role="region" tabindex="0" aria-label="{escape(label)}">{made}</div>'
    )


def simple_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, caption: str) -> str:
    """A table of ready cells (HTML already), the first of each row its heading."""
    head = "".join(f'<th scope="col">{escape(item)}</th>' for item in headings)
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(f"<td{_classed(_width(_MARKUP.sub('', item)))}>{item}</td>" for item in row[1:])
        + "</tr>"
        for row in rows
    )
    return scrolled(
        f"<table><caption><span>{escape(caption)}</span></caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table>",
        caption,
    )
