"""CSV for spreadsheets: text that a spreadsheet would run is made plain, numbers stay numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

# What a spreadsheet takes for the beginning of a formula, full-width forms included
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def plain(cell: Any) -> Any:
    """A cell that a spreadsheet shows and does not run; numbers, and text that is one, as given.

    Examples
    --------
    >>> plain("=HYPERLINK(A1)"), plain("-2.5"), plain(-2.5), plain("- 2 sets")
    ("'=HYPERLINK(A1)", '-2.5', -2.5, "'- 2 sets")
    """
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"  # an apostrophe tells a spreadsheet that text follows
    return cell


def csv_for_people(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV: UTF-8 with the mark by which spreadsheets know it, and no formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([plain(name) for name in header])
    writer.writerows([plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
