"""Figures of effects and curves along a dose, each with alt text made from its own numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from repdose.figures.meta_analysis import rows_for
from repdose.plots import dose as on_axes
from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, GREY, MIDDLE

DASHES = ("-", "--", "-.", ":")
# Labels closer than this share of the axis are moved apart.
APART = 0.055


@style.two_widths
def bubble(
    effects: pd.DataFrame,
    curve: pd.DataFrame,
    *,
    dose: str,
    dose_unit: str,
    unit: str,
    title: str = "",
) -> tuple[Sheet, str]:
    """Effects along the dose, sized by precision, with a curve and its two intervals.

    Parameters
    ----------
    effects : DataFrame
        The dose column, ``yi`` and ``vi``.
    curve : DataFrame
        As :meth:`repdose.dose_response.Refit.response` returns it, in order of dose.
    dose : str
        Column of the dose in `effects`.
    dose_unit, unit, title : str
        Labels of the axes, and above the figure.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Raises
    ------
    ValueError
        If a column is missing, empty or a variance not above 0.
    """
    rows = rows_for(effects, (dose, "yi", "vi"))
    line = rows_for(curve, ("dose", "estimate", "low", "high", "pi_low", "pi_high"), variance=False)
    figure, axes = drawing(4.6)
    on_axes.effects_and_curve(axes, rows.assign(dose=rows[dose]), line)
    last = line.iloc[-1]
    ends = {"mean": "estimate", "95 % confidence": "high", "95 % prediction": "pi_high"}
    _labels(axes, [(float(last["dose"]), float(last[name]), words) for words, name in ends.items()])
    axes.set_xlabel(f"Dose [{dose_unit}]")
    axes.set_ylabel(unit)
    axes.set_title(title)
    first = line.iloc[0]
    alt = (
        f"{len(rows)} effects at {rows[dose].min():g} to {rows[dose].max():g} {dose_unit}, with a "
        f"curve from {_with_interval(first)} at {first['dose']:g} to {_with_interval(last)} at "
        f"{last['dose']:g}; prediction interval there {last['pi_low']:.2f} to "
        f"{last['pi_high']:.2f} {unit}."
    )
    return figure, alt


@style.two_widths
def curves(table: pd.DataFrame, *, title: str = "") -> tuple[Sheet, str]:
    """Dose-response curves on one axis, labelled where they end.

    Parameters
    ----------
    table : DataFrame
        As :func:`repdose.dose_response.side_by_side` returns it: one dose unit, one outcome unit.
    title : str
        Above the figure.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Raises
    ------
    ValueError
        If a column is missing or there is nothing to draw.
    """
    rows = rows_for(table, ("label", "dose", "estimate"), variance=False)
    figure, axes = drawing(4.6)
    axes.axhline(0, color=GREY, linewidth=0.9)
    ends, last_points = [], []
    for place, (name, line) in enumerate(rows.groupby("label", sort=False)):
        shade = (DARK, MIDDLE, GREY)[place % 3]
        on_axes.curve(axes, line, colour=shade, dash=DASHES[place % len(DASHES)])
        last = line.iloc[-1]
        ends.append((float(last["dose"]), float(last["estimate"]), str(name)))
        beyond = ", extrapolated" if last["extrapolated"] else ""
        last_points.append(f"{name} {last['estimate']:.2f} at {last['dose']:g}{beyond}")
    _labels(axes, ends)
    first = rows.iloc[0]
    words = f"Dose [{first['dose_unit']}]; thin: beyond the doses studied"
    axes.set_xlabel(style.wrapped(words, 36))
    axes.set_ylabel(f"{first['quantity'].capitalize()} [{first['outcome_unit']}]")
    axes.set_title(title)
    alt = (
        f"{len(ends)} dose-response curves, {first['quantity']} in {first['outcome_unit']} over "
        f"{first['dose_unit']}: {'; '.join(last_points)}."
    )
    return figure, alt


def _with_interval(row: Any) -> str:
    return f"{row['estimate']:.2f} ({row['low']:.2f} to {row['high']:.2f})"


def _labels(axes: Any, ends: Sequence[tuple[float, float, str]]) -> None:
    """Names at the ends of lines, moved apart where they would overlap, with room for them."""
    low, high = axes.get_ylim()
    named = [(x, y, f" {style.wrapped(words, 14)}".replace("\n", "\n ")) for x, y, words in ends]
    gap = APART * (high - low) * (1 + 0.65 * max(words.count("\n") for _, _, words in named))
    at = -math.inf
    for x, y, words in sorted(named, key=lambda end: end[1]):
        at = max(y, at + gap)
        axes.annotate(
            words,
            (x, y),
            xytext=(x, at),
            textcoords="data",
            fontsize=9,
            color=DARK,
            va="center",
            ha="left",
            annotation_clip=False,
        )
    right = max(x for x, _, _ in ends)
    left = axes.get_xlim()[0]
    # share of the axis that the longest name takes, at the width of a character of its size
    longest = max(len(line) for _, _, words in named for line in words.split("\n"))
    room = min(0.0135 * style.WIDTH / style.width() * longest, 0.6)
    ticks = [tick for tick in axes.get_xticks() if left <= tick <= right]
    axes.set_xlim(left, right + (right - left) * room / (1 - room))
    axes.set_xticks(ticks)
