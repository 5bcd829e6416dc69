"""Effects and curves along a dose, on axes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from repdose.plots.style import DARK, GREY, LIGHT

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MARKS = (4.0, 150.0)  # area of the smallest and largest mark [point squared]
POINTS = 60  # of a curve between two doses


def between(low: float, high: float) -> Any:
    """Doses that a curve is drawn through."""
    return np.linspace(low, high, POINTS)


def mark_areas(variance: Any) -> Any:
    """Areas of marks that grow with precision."""
    precision = 1 / np.asarray(variance, dtype=float)
    small, large = MARKS
    return small + (large - small) * precision / precision.max()


def effects_and_curve(axes: Axes, effects: pd.DataFrame, line: pd.DataFrame) -> None:
    """Effects by precision, with a curve, its confidence band and its prediction interval.

    Parameters
    ----------
    axes : Axes
        What to draw on.
    effects : DataFrame
        ``dose``, ``yi`` and ``vi``.
    line : DataFrame
        ``dose``, ``estimate``, ``low``, ``high``, ``pi_low``, ``pi_high`` in order of dose, and
        ``extrapolated`` where some doses were not studied.
    """
    axes.axhline(0, color=GREY, linewidth=0.9)
    axes.scatter(
        effects["dose"],
        effects["yi"],
        s=mark_areas(effects["vi"].to_numpy()),
        facecolor="none",
        edgecolor=GREY,
        linewidth=0.8,
        zorder=2.5,  # above the band, which would make them pale
        label="effects, by precision",
    )
    axes.fill_between(
        line["dose"], line["low"], line["high"], color=LIGHT, alpha=0.8, label="95 % confidence"
    )
    for side in ("pi_low", "pi_high"):
        label = "95 % prediction" if side == "pi_low" else None
        axes.plot(line["dose"], line[side], "--", color=DARK, linewidth=1.1, label=label)
    studied = (
        ~line["extrapolated"].to_numpy() if "extrapolated" in line else np.ones(len(line), bool)
    )
    axes.plot(
        line["dose"],
        np.where(studied, line["estimate"], np.nan),
        color=DARK,
        linewidth=2,
        label="mean",
    )
    axes.plot(line["dose"], np.where(studied, np.nan, line["estimate"]), ":", color=DARK)


def named(axes: Axes, dose: str, response: str) -> None:
    """Name both axes, and what is drawn on them."""
    axes.set_xlabel(dose)
    axes.set_ylabel(response)
    axes.legend()


def curve(
    axes: Axes, line: pd.DataFrame, *, colour: str = DARK, dash: str = "-", label: str | None = None
) -> None:
    """One curve with its interval, where it has one; thin beyond the doses that were studied."""
    if not line["low"].isna().all():
        axes.fill_between(line["dose"], line["low"], line["high"], color=LIGHT, alpha=0.5)
    studied = ~line["extrapolated"].to_numpy(dtype=bool)
    axes.plot(
        line["dose"],
        np.where(studied, line["estimate"], np.nan),
        dash,
        color=colour,
        linewidth=2,
        label=label,
    )
    axes.plot(line["dose"], line["estimate"], dash, color=colour, linewidth=0.8)
