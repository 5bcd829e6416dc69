"""Figures of a meta-analysis, each with alt text made from its own numbers.

They are drawn without pyplot, so nothing outside the figure is touched, and they read in
greyscale: series differ by marker, dash and shade, and are labelled where they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy.special import chdtri, ndtri

from repdose.arguments import Range, checked
from repdose.plots import style
from repdose.plots.dose import mark_areas
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, GREY, LIGHT, MIDDLE

ROW = 0.22  # height of one line of a forest [inch]
TALLEST = 14.0  # a figure still fits a screen [inch]
CONFIDENCE = 0.95


@style.two_widths
def forest(
    studies: pd.DataFrame,
    *,
    summary: Mapping[str, float],
    unit: str,
    title: str = "",
) -> tuple[Sheet, str]:
    """Each study's effect with its interval, and the summary below.

    Parameters
    ----------
    studies : DataFrame
        By study: ``yi`` and ``vi`` [unit, its square], and ``k``, the number of effects.
    summary : mapping
        ``estimate``, ``ci_low``, ``ci_high``, ``pi_low``, ``pi_high`` [unit], as one row of
        :meth:`repdose.metaregression.Fit.predict`.
    unit : str
        Label of the effect.
    title : str
        Above the figure.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Raises
    ------
    ValueError
        If a column is missing, empty or a variance not above 0.
    """
    rows = rows_for(studies, ("yi", "vi")).sort_values("yi")
    z = float(ndtri((1 + CONFIDENCE) / 2))
    half = z * np.sqrt(rows["vi"].to_numpy())
    effect = rows["yi"].to_numpy()
    height = min(TALLEST, 1.3 + ROW * (len(rows) + 2))
    figure, axes = drawing(height)
    place = np.arange(len(rows), 0, -1)
    axes.axvline(0, color=GREY, linewidth=0.9)
    axes.hlines(place, effect - half, effect + half, color=DARK, linewidth=1.2)
    axes.scatter(
        effect, place, s=mark_areas(rows["vi"].to_numpy()), marker="s", color=MIDDLE, zorder=3
    )
    low, mean, high = summary["ci_low"], summary["estimate"], summary["ci_high"]
    axes.hlines(-0.6, summary["pi_low"], summary["pi_high"], color=DARK, linewidth=1.2)
    axes.fill([low, mean, high, mean], [-0.6, -0.2, -0.6, -1.0], color=DARK, zorder=3)
    axes.axvline(mean, color=GREY, linewidth=0.9, linestyle=":")
    names = (
        [f"{name} ({count})" for name, count in rows["k"].astype(int).items()]
        if "k" in rows.columns
        else [str(name) for name in rows.index]
    )
    axes.set_yticks([*place, -0.6], [*names, "Summary"])
    axes.tick_params(axis="y", length=0, labelsize=9)
    axes.grid(axis="y", visible=False)
    axes.set_ylim(-1.6, len(rows) + 0.8)
    lines = style.wrapped("lines: 95 % confidence; line through the diamond: 95 % prediction", 26)
    axes.set_xlabel(f"{unit}\n{lines}")
    axes.set_title(title)
    above = int((effect - half > 0).sum())
    alt = (
        f"Forest plot of {len(rows)} studies. {above} have intervals wholly above zero; effects "
        f"run from {effect.min():.2f} ({rows.index[0]}) to {effect.max():.2f} ({rows.index[-1]}). "
        f"Summary {mean:.2f}, 95 % confidence {low:.2f} to {high:.2f}, prediction "
        f"{summary['pi_low']:.2f} to {summary['pi_high']:.2f} {unit}."
    )
    return figure, alt


@style.two_widths
def funnel(
    effects: pd.DataFrame, *, centre: float, heterogeneity: float = 0.0, unit: str, title: str = ""
) -> tuple[Sheet, str]:
    """Effects against their standard errors, with the region expected around the mean.

    Parameters
    ----------
    effects : DataFrame
        ``yi`` and ``vi`` [unit, its square].
    centre : float
        Mean effect [unit].
    heterogeneity : float
        Summed variance between effects [unit squared]; widens the dashed region.
    unit, title : str
        Label of the effect, and above the figure.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Raises
    ------
    ValueError
        If a column is missing, empty or a variance not above 0.

    Notes
    -----
    The standard error is on the vertical axis, where expected regions have straight sides
    :cite:`sterne2001`. The error of a standardised effect grows with the effect: some tilt is
    arithmetic :cite:`pustejovsky2019`.

    References
    ----------
    :cite:`sterne2001`, :cite:`pustejovsky2019`
    """
    rows = rows_for(effects, ("yi", "vi"))
    between = float(checked("heterogeneity", heterogeneity, Range(0, math.inf, "")))
    se = np.sqrt(rows["vi"].to_numpy())
    effect = rows["yi"].to_numpy()
    z = float(ndtri((1 + CONFIDENCE) / 2))
    grid = np.linspace(0, se.max() * 1.05)
    wide = z * np.sqrt(grid**2 + between)
    figure, axes = drawing(4.4)
    axes.fill_betweenx(grid, centre - z * grid, centre + z * grid, color=LIGHT, alpha=0.5)
    for side in (-1, 1):
        axes.plot(centre + side * wide, grid, "--", color=GREY, linewidth=1.2)
    axes.axvline(centre, color=DARK, linewidth=1.2)
    axes.scatter(effect, se, s=20, color=MIDDLE, edgecolor="white", linewidth=0.4, zorder=3)
    axes.set_ylim(grid[-1], 0)
    notes = ("shaded: sampling error alone", "dashed: heterogeneity added")
    axes.set_xlabel("\n".join((style.wrapped(unit, 36), *(notes if style.narrow() else ()))))
    axes.set_ylabel("Standard error")
    axes.set_title(title)
    for line, words in enumerate(() if style.narrow() else notes):
        axes.annotate(
            words,
            (0.98, 0.95 - 0.06 * line),
            xycoords="axes fraction",
            fontsize=9,
            color=DARK,
            ha="right",
        )
    inside = np.abs(effect - centre) <= z * np.sqrt(se**2 + between)
    right = int((effect[se > np.median(se)] > centre).sum())
    alt = (
        f"Funnel plot of {len(rows)} effects around {centre:.2f} {unit}; standard errors run from "
        f"{se.min():.2f} to {se.max():.2f}. {int(inside.sum())} lie inside the 95 % region with "
        f"heterogeneity; of the {int((se > np.median(se)).sum())} less precise effects {right} lie "
        f"above the mean."
    )
    return figure, alt


@style.two_widths
def orchard(
    effects: pd.DataFrame,
    summaries: pd.DataFrame,
    *,
    group: str,
    unit: str,
    title: str = "",
) -> tuple[Sheet, str]:
    """Every effect of each group, sorted, with the group's mean and both intervals.

    Parameters
    ----------
    effects : DataFrame
        The group column, ``yi`` and ``vi``.
    summaries : DataFrame
        By group: ``estimate``, ``ci_low``, ``ci_high``, ``pi_low``, ``pi_high`` [unit].
    group : str
        Column of the groups.
    unit, title : str
        Label of the effect, and above the figure.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Raises
    ------
    ValueError
        If a column or a group's summary is missing, empty or a variance not above 0.
    """
    rows = rows_for(effects, (group, "yi", "vi"))
    names = list(dict.fromkeys(rows[group]))
    absent = [str(name) for name in names if name not in summaries.index]
    if absent:
        raise ValueError(f"summaries has no row for {group} {', '.join(absent)}")
    figure, axes = drawing(1.2 + 1.25 * len(names))
    axes.axvline(0, color=GREY, linewidth=0.9)
    areas = pd.Series(mark_areas(rows["vi"].to_numpy()), index=rows.index)
    groups = []
    for place, name in enumerate(reversed(names)):
        members = rows[rows[group] == name].sort_values("yi")
        rise = np.linspace(-0.3, 0.3, len(members)) if len(members) > 1 else np.zeros(1)
        axes.scatter(
            members["yi"],
            place + rise,
            s=areas[members.index],
            facecolor=LIGHT,
            edgecolor=GREY,
            linewidth=0.6,
        )
        row = summaries.loc[name]
        axes.hlines(place, row["pi_low"], row["pi_high"], color=DARK, linewidth=1.2)
        axes.hlines(place, row["ci_low"], row["ci_high"], color=DARK, linewidth=5)
        axes.plot(row["estimate"], place, "o", color="white", markeredgecolor=DARK, zorder=4)
        groups.append(
            f"{name} ({len(members)} effects) {row['estimate']:.2f}, confidence "
            f"{row['ci_low']:.2f} to {row['ci_high']:.2f}, prediction {row['pi_low']:.2f} to "
            f"{row['pi_high']:.2f}"
        )
    counts = rows[group].value_counts()
    axes.set_yticks(range(len(names)), [f"{name}\n{counts[name]} effects" for name in names[::-1]])
    axes.grid(axis="y", visible=False)
    axes.set_ylim(-0.6, len(names) - 0.4)
    lines = style.wrapped("thick: 95 % confidence; thin: 95 % prediction", 28)
    axes.set_xlabel(f"{unit}\n{lines}")
    axes.set_title(title)
    return figure, f"Effects by {group}, {unit}: {'; '.join(reversed(groups))}."


@style.two_widths
def influence(
    left_out: pd.DataFrame,
    *,
    estimate: float,
    coefficients: int,
    unit: str,
    title: str = "",
) -> tuple[Sheet, str]:
    """An estimate without each study in turn, beside how far all coefficients move.

    Parameters
    ----------
    left_out : DataFrame
        By study: ``estimate``, ``low`` and ``high`` without it [unit; a study with no interval
        has a dot alone], and ``distance``, Cook's.
    estimate : float
        With every study [unit].
    coefficients : int
        Number of coefficients, for the distance to compare with.
    unit, title : str
        Label of the estimate, and above the figure.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Raises
    ------
    ValueError
        If a column is missing or empty.
    """
    needed = ("estimate", "low", "high", "distance")
    rows = rows_for(left_out, needed, variance=False).sort_values("estimate")
    figure, (left, right) = drawing(
        min(TALLEST, 1.3 + ROW * len(rows)), 1, 2, sharey=True, width_ratios=(3, 2)
    )
    place = np.arange(len(rows), 0, -1)
    value = rows["estimate"].to_numpy()
    left.hlines(place, rows["low"], rows["high"], color=GREY, linewidth=1.2)
    left.plot(value, place, "o", color=MIDDLE, markersize=4)
    left.axvline(estimate, color=DARK, linewidth=1.2)
    left.axvline(0, color=GREY, linewidth=0.9, linestyle=":")
    left.set_yticks(place, [str(name) for name in rows.index])
    left.tick_params(axis="y", length=0, labelsize=9)
    left.set_xlabel(style.wrapped(f"{unit} without the study", 20))
    cook = rows["distance"].to_numpy(dtype=float)
    limit = float(chdtri(coefficients, 0.5))
    right.hlines(place, 0, cook, color=MIDDLE, linewidth=4)
    if cook.max() > limit / 2:
        right.axvline(limit, color=DARK, linestyle="--", linewidth=1.1)
    right.set_xlabel(style.wrapped("Cook's distance", 8))
    for axes in (left, right):
        axes.grid(axis="y", visible=False)
    left.set_title(title)
    far = str(rows.index[int(np.argmax(cook))])
    alt = (
        f"Leave-one-out of {len(rows)} studies: the estimate is {estimate:.4g} with all of them "
        f"and runs from {value.min():.4g} (without {rows.index[0]}) to {value.max():.4g} (without "
        f"{rows.index[-1]}). {far} has the largest Cook's distance, {cook.max():.2f}"
        f"; half of a chi-squared distribution lies below {limit:.2f}."
    )
    return figure, alt


def rows_for(data: pd.DataFrame, needed: Sequence[str], *, variance: bool = True) -> pd.DataFrame:
    """The frame, if it has what a figure needs."""
    absent = [name for name in needed if name not in data.columns]
    if absent:
        raise ValueError(f"a figure needs column {', '.join(absent)}")
    if data.empty:
        raise ValueError("there is nothing to draw: the table has no rows")
    if variance:
        checked("vi", data["vi"].to_numpy(), Range(0, math.inf, "", above=True))
    return data
