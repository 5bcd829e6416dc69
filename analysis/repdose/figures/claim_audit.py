"""Figures of the report that audits claims."""

from __future__ import annotations

import pandas as pd

from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, MIDDLE


@style.two_widths
def verdict_bars(table: pd.DataFrame) -> tuple[Sheet, str]:
    """Claims by verdict.

    Parameters
    ----------
    table : DataFrame
        Result of :func:`verdicts`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    rows = table.iloc[::-1]
    figure, axes = drawing(0.6 + 0.45 * len(rows))
    axes.barh(range(len(rows)), rows["Claims"], color=MIDDLE, height=0.6)
    axes.set_yticks(range(len(rows)), [style.wrapped(verdict, 20) for verdict in rows["Verdict"]])
    for place, count in enumerate(rows["Claims"]):
        axes.annotate(
            f"{count}",
            (count, place),
            xytext=(5, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=DARK,
        )
    axes.set_xlim(0, float(rows["Claims"].max()) * 1.12)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("Claims")
    alt = "Claims by verdict. " + "; ".join(
        f"{verdict}: {count}"
        for verdict, count in zip(table["Verdict"], table["Claims"], strict=True)
    )
    return figure, f"{alt}."
