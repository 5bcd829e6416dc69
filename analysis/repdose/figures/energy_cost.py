"""Figures of the report on energy cost."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from repdose.plans import Plan
from repdose.plots import style
from repdose.plots.style import DARK, LIGHT, MIDDLE, RULE, drawing
from repdose.plots.weeks import name_weeks


@style.two_widths
def energy_by_week(plan: Plan, weekly: pd.DataFrame) -> tuple[Figure, str]:
    """Gross energy of each week: central analogy as a dot, low to high as a bar.

    Parameters
    ----------
    plan : Plan
        Weeks and stages, for the names above the bars.
    weekly : DataFrame
        Result of :func:`repdose.energy.weekly_energy`.

    Returns
    -------
    tuple of Figure and str
        The figure and its alt text.
    """
    figure, axes = drawing(3.9)
    axes.vlines(
        weekly["week"],
        weekly["gross_low"],
        weekly["gross_high"],
        color=LIGHT,
        linewidth=min(14, 40 * style.width() / len(weekly)),
    )
    axes.plot(weekly["week"], weekly["gross_central"], "o", color=MIDDLE, markersize=7)
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
    axes.set_ylim(0, top * (1.1 + 0.06 * lines))
    axes.set_xlim(0.4, float(weekly["week"].max()) + 1.4)
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

    Returns how many lines the longest name takes.
    """
    runs: list[tuple[str, list[int]]] = []
    for week in plan:
        name = week.stage.label
        if runs and runs[-1][0] == name:
            runs[-1][1].append(week.number)
        else:
            runs.append((name, [week.number]))
    most = 1
    for index, (name, weeks) in enumerate(runs):
        words = name.replace(", lying", "").replace(", other leg hovering", "")
        if len(runs) > 2 and style.narrow():
            words = words.replace(" ", "\n").replace("-", "-\n")
        elif len(runs) > 2 or style.narrow():
            words = _two_lines(words)
        most = max(most, words.count("\n") + 1)
        axes.text(
            (weeks[0] + weeks[-1]) / 2,
            top * 1.06,
            words,
            ha="center",
            va="bottom",
            fontsize=8 if style.narrow() else 9,
            color=DARK,
        )
        if index:
            axes.axvline(weeks[0] - 0.5, color=RULE, linewidth=0.8)
    return most


def _two_lines(words: str) -> str:
    parts = words.split(" ")
    half = (len(parts) + 1) // 2
    return " ".join(parts[:half]) + "\n" + " ".join(parts[half:])
