"""How a result shows itself in Jupyter: words left and whole, numbers right, sources named."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

import pandas as pd

__all__ = ["Table", "block", "grid"]


def __dir__() -> list[str]:
    return sorted(__all__)


ROWS = 60  # more than a screen of them are counted, not shown
_LEFT, _RIGHT = ("text-align:left;vertical-align:top", "text-align:right;vertical-align:top")


def block(title: str, lines: Iterable[str] = (), *tables: str) -> str:
    """A heading, lines of text below it, and tables of :func:`grid`."""
    below = "".join(f"<br>{escape(line)}" for line in lines if line)
    head = f"<strong>{escape(title)}</strong>" if title else ""
    return f'<div style="text-align:left">{head}{below}{"".join(tables)}</div>'


def grid(frame: pd.DataFrame, *, index: bool = True) -> str:
    """A table whose words stand left and numbers right by the cells' own style."""
    shown = frame.head(ROWS)
    if index:
        shown = shown.reset_index(names=str(frame.index.name or ""))
    sides = [
        _RIGHT if pd.api.types.is_numeric_dtype(kind) and kind.kind != "b" else _LEFT
        for kind in shown.dtypes
    ]
    head = "".join(
        f'<th style="{side}">{escape(str(name))}</th>'
        for name, side in zip(shown.columns, sides, strict=True)
    )
    rows = "".join(
        "<tr>"
        + "".join(
            f'<td style="{side}">{escape(_text(value))}</td>'
            for value, side in zip(row, sides, strict=True)
        )
        + "</tr>"
        for row in shown.itertuples(index=False, name=None)
    )
    more = len(frame) - len(shown)
    rest = f"<small>and {more} more rows</small>" if more else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{rest}"


def _text(value: Any) -> str:
    if value is None or value is pd.NA or value != value:
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(_text, value))
    return f"{value:.4g}" if isinstance(value, float) else str(value)


class Table(pd.DataFrame):
    """A DataFrame that Jupyter shows with its words whole, and with the source of each row.

    What is taken from it is a plain DataFrame. ``attrs["sources"]`` says where the record of a
    row stands, by the id in its column ``record``.
    """

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> str:
        frame = pd.DataFrame(self)
        sources = self.attrs.get("sources", {})
        if sources and "record" in frame:
            frame = frame.assign(source=frame["record"].map(sources))
        return block(self.attrs.get("title", ""), (), grid(frame, index=False))
