"""Figures of the report on energy cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from repdose.plans import Plan
from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, LIGHT, MIDDLE, RULE
from repdose.plots.weeks import name_weeks

NAME = 0.07  # height of a line of a name above the bars, as a share of the highest
ACROSS, BEYOND = 28, 14  # letters of such a line along a phone's axis, and to the right of it


@style.two_widths
def energy_by_week(plan: Plan, weekly: pd.DataFrame) -> tuple[Sheet, str]:
    """Gross energy of each week: central analogy as a dot, low to high as a bar.

    Parameters
    ----------
    plan : Plan
        Weeks and stages, for the names above the bars.
    weekly : DataFrame
        Result of :func:`repdose.energy.weekly_energy`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    figure, axes = drawing(3.9)
    axes.vlines(
        weekly["week"],
        weekly["gross_low"],
        weekly["gross_high"],
        color=LIGHT,
        linewidth=min(14, 24 * style.width() / len(weekly)),
    )
    axes.plot(weekly["week"], weekly["gross_central"], "o", color=MIDDLE, markersize=7)
    axes.set_xlim(0.4, float(weekly["week"].max()) + 1.4)
    top = float(weekly["gross_high"].max())
    lines = _stage_names(axes, plan, top)
    last = weekly.iloc[-1]
    together: dict[float, list[str]] = {}  # rows of one MET share a label
    for role in ("high", "central", "low"):
        together.setdefault(float(last[f"gross_{role}"]), []).append(role)
    for height, roles in together.items():
        axes.annotate(
            " = ".join(roles) + (" analogy" if "high" in roles else ""),
            (last["week"], height),
            xytext=(13, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=DARK,
        )
    axes.set_ylim(0, top * (1.1 + NAME * lines))
    name_weeks(axes, weekly["week"])
    axes.set_ylabel("Gross energy [kcal per week]")
    first = weekly.iloc[0]
    alt = (
        f"Gross energy by week. Week {first['week']:.0f}: {first['gross_central']:,.0f} kcal "
        f"({first['gross_low']:,.0f} to {first['gross_high']:,.0f} over the MET analogies). "
        f"Week {last['week']:.0f}: {last['gross_central']:,.0f} kcal "
        f"({last['gross_low']:,.0f} to {last['gross_high']:,.0f})."
    )
    return figure, alt


def _stage_names(axes: Any, plan: Plan, top: float) -> int:
    """Name each run of weeks with one variant above the bars, and part the runs by a line.

    Where runs have no room for their names, these stand one below the other, each at the line
    that its run begins with.

    Returns how many lines the names take.
    """
    runs: list[tuple[str, list[int]]] = []
    for week in plan:
        name = week.stage.label
        if runs and runs[-1][0] == name:
            runs[-1][1].append(week.number)
        else:
            runs.append((name, [week.number]))
    names = [name.replace(", lying", "").replace(", other leg hovering", "") for name, _ in runs]
    if len(runs) > 2 and style.narrow():
        return _flags(
            axes, [(name, weeks[0]) for name, (_, weeks) in zip(names, runs, strict=True)], top
        )
    most = 1
    for index, (words, (_, weeks)) in enumerate(zip(names, runs, strict=True)):
        if len(runs) > 2 or style.narrow():
            words = _two_lines(words)
        most = max(most, words.count("\n") + 1)
        axes.text(
            (weeks[0] + weeks[-1]) / 2,
            top * 1.06,
            words,
            ha="center",
            va="bottom",
            fontsize=9,
            color=DARK,
        )
        if index:
            axes.axvline(weeks[0] - 0.5, color=RULE, linewidth=0.8)
    return most


def _flags(axes: Any, runs: Sequence[tuple[str, int]], top: float) -> int:
    """Name runs, given with their first weeks, the first on top; lines that the names take."""
    end = axes.get_xlim()[1]
    named = [
        (style.wrapped(name, BEYOND + int(ACROSS * (end - week) / end)), week - 0.5)
        for name, week in runs
    ]
    left = lines = sum(words.count("\n") + 1 for words, _ in named)
    for words, start in named:
        height = top * (1.08 + NAME * left)
        axes.annotate(
            words,
            (start, height),
            xytext=(3, 0),
            textcoords="offset points",
            va="top",
            fontsize=9,
            color=DARK,
        )
        if left < lines:
            share = height / (top * (1.1 + NAME * lines))
            axes.axvline(start, ymax=share, color=RULE, linewidth=0.8)
        left -= words.count("\n") + 1
    return lines


def _two_lines(words: str) -> str:
    parts = words.split(" ")
    half = (len(parts) + 1) // 2
    return " ".join(parts[:half]) + "\n" + " ".join(parts[half:])
