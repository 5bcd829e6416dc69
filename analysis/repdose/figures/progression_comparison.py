"""Figures of the report that sets plans side by side: one panel a metric, one line a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, SHADES
from repdose.tables import progression_comparison as tables

# Told apart by dash, shade and the letter at the end, so that a greyscale print reads as well.
DASHES: tuple[Any, ...] = (
    "-",
    (0, (5, 1.6)),
    (0, (1.2, 1.2)),
    (0, (6, 1.5, 1.2, 1.5)),
    (0, (3, 1, 1, 1, 1, 1)),
    (0, (9, 2)),
    (0, (2.4, 2.4)),
)
# Metrics of the overview: title of the panel, and what a value is multiplied by.
OVERVIEW = {
    "gross_energy": ("Gross energy [kcal/week]", 1.0),
    "time_under_tension": ("Time under tension [min/week]", 1 / 60),
    "fractional_sets_iliopsoas": ("Hip flexors [sets per muscle per week]", 1.0),
    "fractional_sets_rectus_abdominis": ("Rectus abdominis [sets per muscle per week]", 1.0),
    "mechanical_work": ("Mechanical work [kJ/week]", 1 / 1000),
    "moment_time_impulse": ("Moment-time impulse [kN m s/week]", 1 / 1000),
    "relative_peak": ("Peak moment [% of straight-leg raise]", 100.0),
    "recommendations_met": ("Recommendations met [%]", 100.0),
}
CHANGE = {
    "fractional_sets_iliopsoas": "Sets for the hip flexors [%]",
    "moment_time_impulse": "Moment-time impulse [%]",
}
RESPONSE = {
    "response_iliopsoas": "Sets for the hip flexors",
    "response_rectus_abdominis": "Sets for the rectus abdominis",
}
HEIGHT = 2.2  # of a panel, in inches
APART = 0.1  # least distance of two labels, as a share of a panel's height
ROOM = 1.12  # above the highest line


def overview(frame: pd.DataFrame, metrics: Sequence[str]) -> tuple[Sheet, str]:
    """Each metric by week: one panel a metric, one line a plan.

    Parameters
    ----------
    frame : DataFrame
        Result of :func:`repdose.tables.progression_comparison.weekly`.
    metrics : sequence of str
        What to draw of it, as of ``tables.progression_comparison.DOSE`` or ``MECHANICS``.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    there = set(frame["metric"]) & set(metrics)
    shown = {name: what for name, what in OVERVIEW.items() if name in there}
    lines = {
        title: {letter: scale * mine for letter, mine in tables.of_metric(frame, name).items()}
        for name, (title, scale) in shown.items()
    }
    return _panels(lines, "By week. ", from_zero=True)


def changes(frame: pd.DataFrame) -> tuple[Sheet, str]:
    """Change from one week to the next, in percent of the week before.

    Parameters
    ----------
    frame : DataFrame
        Result of :func:`repdose.tables.progression_comparison.weekly`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    lines = {
        title: {letter: 100 * mine for letter, mine in moves.items()}
        for name, title in CHANGE.items()
        if (moves := tables.changing(frame, name))
    }
    return _panels(lines, "Change from the week before. ", extremes=True)


def response(frame: pd.DataFrame) -> tuple[Sheet, str]:
    """A published curve at each week's sets; rings mark doses outside of what was published.

    Parameters
    ----------
    frame : DataFrame
        Result of :func:`repdose.tables.progression_comparison.weekly`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    lines = {title: tables.of_metric(frame, name) for name, title in RESPONSE.items()}
    outside = frame[frame["extrapolated"].eq(True)]
    rings = [outside.loc[outside["metric"] == name, ["week", "value"]] for name in RESPONSE]
    return _with_rings(lines, [one.to_numpy(float).T for one in rings], outside_words(frame))


@style.two_widths
def _with_rings(
    lines: Mapping[str, Mapping[str, pd.Series]], rings: Sequence[Any], words: str
) -> tuple[Sheet, str]:
    """Responses by week, with a ring at each week and value that was given for a panel."""
    opening = "Published gain in muscle size over no sets, in percent. "
    figure, alt = _panels(lines, opening, digits=1, together=True)
    figure.axes[0].set_ylabel("Gain over no sets [%]", fontsize=10)
    for axes, points in zip(figure.axes, rings, strict=True):
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.plot(*points, "o", markersize=6, color=DARK, markerfacecolor="white")
    return figure, f"{alt} {words}"


def outside_words(frame: pd.DataFrame) -> str:
    """How many weeks of the plans lie outside of the published doses, and what marks them."""
    count = int(frame["extrapolated"].eq(True).sum())
    if not count:
        return "No plan-week lies outside the published doses."
    marked = (
        "week lies outside the published doses and carries"
        if count == 1
        else ("weeks lie outside the published doses and carry")
    )
    return f"{count} plan-{marked} a ring."


@style.two_widths
def _panels(
    lines: Mapping[str, Mapping[str, pd.Series]],
    opening: str,
    *,
    from_zero: bool = False,
    together: bool = False,
    extremes: bool = False,
    digits: int = 0,
) -> tuple[Sheet, str]:
    """Small multiples, two to a line on a page, with alt text from lines' ends or extremes."""
    columns = 1 if style.narrow() else 2
    count = -(-len(lines) // columns)
    figure, panels = drawing(
        0.45 + HEIGHT * count, count, columns, sharex=True, sharey=together, squeeze=False
    )
    words = []
    for place, axes in enumerate(panels.flat):
        if place >= len(lines):
            axes.set_visible(False)
            continue
        title, by_plan = list(lines.items())[place]
        for letter, values in by_plan.items():
            own = tables.LETTERS.index(letter)  # the same in every figure, whoever is in it
            axes.plot(
                values.index,
                values,
                linestyle=DASHES[own],
                color=SHADES[own],
                linewidth=1.7,
                marker="o",
                markersize=2.6,
            )
        if from_zero:
            most = float(np.nanmax([values.max() for values in by_plan.values()]))
            axes.set_ylim(0, most * ROOM or 1)
        axes.set_title(style.wrapped(title, 36, 36), fontsize=10)
        axes.tick_params(labelsize=9.5)
        axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.grid(axis="x", visible=False)
        words.append(
            f"{title}: "
            + ", ".join(
                f"{letter} {low:.{digits}f} to {high:.{digits}f}"
                for letter, values in by_plan.items()
                for low, high in [
                    (values.min(), values.max()) if extremes else (values.iloc[0], values.iloc[-1])
                ]
            )
        )
    # Once all lines are there: panels may share their axis
    for axes, by_plan in zip(panels.flat, lines.values(), strict=False):
        _labels(axes, by_plan)
    figure.supxlabel("Week", fontsize=10)
    what = "Least to most" if extremes else "From first to last week"
    return figure, f"{opening}{what}: {'; '.join(words)}."


def _labels(axes: Any, lines: Mapping[str, pd.Series]) -> None:
    """The letter of each line at its end; lines that end in one point share a label."""
    low, high = axes.get_ylim()
    ends: dict[int, dict[float, list[str]]] = {}
    for letter, values in lines.items():
        height = round(float((values.iloc[-1] - low) / (high - low)), 2)
        ends.setdefault(int(values.index[-1]), {}).setdefault(height, []).append(letter)
    for week, here in ends.items():
        wanted = sorted(here)
        for place, height in zip(heights_apart(np.array(wanted)), wanted, strict=True):
            alone = len(here[height]) == 1
            axes.annotate(
                ", ".join(here[height]),
                (week, low + place * (high - low)),
                xytext=(6, 0),
                textcoords="offset points",
                va="center",
                fontsize=9.5,
                fontweight="bold",
                color=SHADES[tables.LETTERS.index(here[height][0])] if alone else DARK,
                annotation_clip=False,
                bbox=style.GROUND,
            )


def heights_apart(wanted: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Heights near the wanted ones, in order, that are at least `APART` from each other."""
    steps = APART * np.arange(len(wanted))
    # Least-squares with an order kept: pool neighbours that would cross
    pools: list[list[float]] = []
    for value in wanted - steps:
        pools.append([float(value)])
        while len(pools) > 1 and np.mean(pools[-2]) > np.mean(pools[-1]):
            last = pools.pop()
            pools[-1] += last
    level = np.concatenate([[np.mean(pool)] * len(pool) for pool in pools])
    return np.asarray(level + steps)
