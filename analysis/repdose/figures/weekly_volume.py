"""Figures of the report on weekly volume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.ticker import MaxNLocator

from repdose.evidence.training.variants import muscles
from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import LIGHT, MIDDLE

# More muscles than these have a row each in place of a panel each
MOST_PANELS = 9
ROW = 0.27  # height of a row, in inches


def loaded_muscles(sets: pd.DataFrame) -> list[str]:
    """Muscles with sets in any week, in their order."""
    return [str(m) for m, own in sets.groupby("muscle", sort=False) if own["total"].any()]


def key_words(sets: pd.DataFrame) -> str:
    """What marks the fractional sets in the figure, and of which weeks."""
    if len(loaded_muscles(sets)) > MOST_PANELS:
        return "The last week. Dot"
    return "Line"


def sets_by_muscle(sets: pd.DataFrame) -> tuple[Sheet, str]:
    """Weekly sets of each muscle, one small panel a muscle: direct to total, fractional in it.

    Many muscles have a row each, of the last week.

    Parameters
    ----------
    sets : DataFrame
        Result of :func:`repdose.volume.weekly_sets`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    loaded = loaded_muscles(sets)
    if len(loaded) > MOST_PANELS:
        return _rows(sets, loaded)
    own = sets.set_index("muscle")[["week", "direct", "fractional", "total"]]
    weekly = {muscles()[one][0]: own.loc[[one]].to_numpy(float).T for one in loaded}
    return _panels(weekly, float(sets["total"].max()))


@style.two_widths
def _panels(weekly: Mapping[str, Any], most: float) -> tuple[Sheet, str]:
    """A panel for each muscle: weeks, and its direct, fractional and total sets in each."""
    columns = min(2 if style.narrow() else 3, len(weekly))
    lines = -(-len(weekly) // columns)
    figure, panels = drawing(
        0.6 + 1.75 * lines, lines, columns, sharex=True, sharey=True, squeeze=False
    )
    last_weeks = []
    for axes in panels.flat[len(weekly) :]:
        axes.set_visible(False)
    for place, (name, (weeks, direct, fractional, total)) in enumerate(weekly.items()):
        axes = panels.flat[place]
        axes.fill_between(weeks, direct, total, step="mid", color=LIGHT, linewidth=0)
        axes.step(weeks, fractional, where="mid", color=MIDDLE)
        axes.set_title(style.wrapped(name, 16), fontsize=9.5)
        axes.set_ylim(0, most * 1.1)
        # Under a panel with none below it, too, stand its weeks
        axes.tick_params(labelsize=8.5, labelbottom=place + columns >= len(weekly))
        axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        last_weeks.append(
            f"{name}, week {weeks[-1]:.0f}: {fractional[-1]:g} ({direct[-1]:g} to {total[-1]:g})"
        )
    figure.supxlabel("Week", fontsize=10)
    figure.supylabel("Sets per muscle per week", fontsize=10)
    alt = (
        "Weekly sets by muscle; line: fractional sets, band: direct to total sets. "
        + "; ".join(last_weeks)
        + "."
    )
    return figure, alt


@style.two_widths
def _rows(sets: pd.DataFrame, loaded: list[str]) -> tuple[Sheet, str]:
    last = sets[sets["week"] == sets["week"].max()].set_index("muscle").loc[loaded]
    last = last.sort_values("fractional", kind="stable")
    names = [muscles()[str(muscle)][0] for muscle in last.index]
    figure, axes = drawing(0.8 + ROW * len(loaded))
    places = range(len(last))
    axes.hlines(places, last["direct"], last["total"], color=LIGHT, linewidth=9)
    axes.plot(last["fractional"], places, "o", color=MIDDLE, markersize=5)
    axes.set_yticks(places, [style.wrapped(name, 34) for name in names], fontsize=8.5)
    axes.set_xlim(0, float(last["total"].max()) * 1.05)
    axes.xaxis.set_major_locator(MaxNLocator(8, integer=True))
    axes.grid(axis="y", visible=False)
    axes.set_xlabel("Sets per muscle per week", fontsize=10)
    told = "; ".join(
        f"{name}: {row['fractional']:g} ({row['direct']:g} to {row['total']:g})"
        for name, (_, row) in zip(names[::-1], last[::-1].iterrows(), strict=True)
    )
    week = int(sets["week"].max())
    return figure, (
        f"Sets by muscle in week {week}, most first; dot: fractional sets, band: direct to total "
        f"sets. {told}."
    )
