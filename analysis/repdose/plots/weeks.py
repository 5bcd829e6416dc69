"""What a plan asks of each week, on axes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from repdose.plots.style import DARK, GREY, MIDDLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST = 2.9  # weeks named below an axis [1/inch]
ROOM = 1.22  # of the axis above the highest bar, for the names


def name_weeks(axes: Axes, weeks: Iterable[int]) -> None:
    """Name the weeks below an axis: each, or each second, third ... where there is no room."""
    most = max(1, int(MOST * axes.bbox.width / axes.figure.dpi))
    named = list(weeks)
    axes.set_xticks(named[:: -(-len(named) // most)])
    axes.set_xlabel("Week")
    axes.grid(axis="x", visible=False)


def bars(axes: Axes, weeks: Sequence[int], amounts: Sequence[float], names: Sequence[str]) -> None:
    """A bar a week, with the name of each run of weeks above it.

    Parameters
    ----------
    axes : Axes
        What to draw on.
    weeks, amounts, names : sequence
        Number, amount and variant of each week.
    """
    axes.bar(weeks, amounts, width=0.7, color=MIDDLE, zorder=2)
    top = max(amounts)
    start = 0
    for at in range(1, len(names) + 1):
        if at < len(names) and names[at] == names[start]:
            continue
        middle = (weeks[start] + weeks[at - 1]) / 2
        axes.text(middle, top * 1.04, names[start], ha="center", va="bottom", color=DARK, wrap=True)
        if start:
            axes.axvline(weeks[start] - 0.5, color=GREY, linewidth=0.8)
        start = at
    axes.set_ylim(0, top * ROOM)
    name_weeks(axes, weeks)
