"""Figures of the report on training minutes and risk."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from repdose.dose_response import GroupedFit
from repdose.plots import style
from repdose.plots.dose import mark_areas
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, GREY, GRID, LIGHT, MIDDLE
from repdose.tables.activity_and_risk import cohort

MARKERS = "osD^vP"
STEPS = 200
TICKS = (0.25, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 3.0)
MARGIN = 0.06  # of the log ratio's range, above and below
NAME = 0.06  # height of the name of a dose, as a share of the axes'


def risk_curve(
    fit: GroupedFit,
    *,
    unit: str,
    marks: Mapping[str, float] | None = None,
    covered: float | None = None,
    digits: int = 0,
) -> tuple[Sheet, str]:
    """A curve of ratios on dose with both bands, the cohorts' own curves and their classes.

    Parameters
    ----------
    fit : GroupedFit
        The fit.
    unit : str
        Unit of its dose.
    marks : mapping of str to float, optional
        Doses to point out, by name [unit of dose].
    covered : float, optional
        Dose beyond which hardly anybody was studied; the ground is grey from there.
    digits : int
        Decimals of a dose in the alt text.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    low, high = fit.studied
    doses = np.linspace(low, high, STEPS + 1)
    curve = fit.curve(doses, reference=low)
    columns, own = fit.shape.at(doses, low), {}
    for name, slopes in fit.by_study().iterrows():
        last = next(study for study in fit.studies if study.name == name).dose.max()
        within = doses <= last
        own[str(name)] = doses[within], np.exp(columns[within] @ slopes.to_numpy())
    names = {study: cohort(str(study)) for study in dict.fromkeys(fit.categories()["study"])}
    words = _words(fit, curve, marks or {}, unit, digits)
    return _drawn(fit, curve, own, names, words, unit=unit, marks=marks or {}, covered=covered)


@style.two_widths
def _drawn(
    fit: GroupedFit,
    curve: Any,
    own: Mapping[str, tuple[Any, Any]],
    names: Mapping[Any, str],
    words: str,
    *,
    unit: str,
    marks: Mapping[str, float],
    covered: float | None,
) -> tuple[Sheet, str]:
    """The curve and those of single cohorts, with their classes."""
    low, high = fit.studied
    doses, rows = curve["dose"].to_numpy(), fit.categories()
    figure, axes = drawing(4.8)
    if covered is not None and covered < high:
        axes.axvspan(covered, high, color=GRID, alpha=0.5, linewidth=0)
    axes.axhline(1, color=GREY, linewidth=0.9)
    axes.fill_between(doses, curve["ci_low"], curve["ci_high"], color=LIGHT, alpha=0.8, linewidth=0)
    for side in ("pi_low", "pi_high"):
        axes.plot(doses, curve[side], "--", color=DARK, linewidth=1.1)
    for line in own.values():
        axes.plot(*line, color=GREY, linewidth=0.7)
    axes.plot(doses, curve["rr"], color=DARK, linewidth=2)
    variance = np.concatenate([study.variance[study.others] for study in fit.studies])
    areas = mark_areas(variance)
    dose, log_ratio = rows["dose"].to_numpy(), rows["log_rr"].to_numpy()
    for at, (study, name) in enumerate(names.items()):
        mine = (rows["study"] == study).to_numpy()
        axes.scatter(
            dose[mine],
            np.exp(log_ratio[mine]),
            s=areas[mine],
            marker=MARKERS[at % len(MARKERS)],
            facecolor="white",
            edgecolor=MIDDLE,
            linewidth=1.3,
            zorder=3,
            clip_on=False,  # a mark at the last dose is whole
        )
        axes.scatter(  # what the key shows, of one size
            [],
            [],
            s=36,
            marker=MARKERS[at % len(MARKERS)],
            facecolor="white",
            edgecolor=MIDDLE,
            linewidth=1.3,
            label=name,
        )
    axes.plot([low], [1], marker="s", color=DARK, markersize=7, zorder=4)
    bands = np.log(curve[["pi_low", "pi_high"]].to_numpy())
    seen = np.concatenate([bands.ravel(), rows["log_rr"].to_numpy()])
    room = MARGIN * (seen.max() - seen.min())
    bottom, top = math.exp(seen.min() - room), math.exp(seen.max() + room)
    # Each as high as its name, which stands above the lines of larger doses
    for name, at_dose in marks.items():
        height = 1 - NAME * sum(other < at_dose for other in marks.values())
        axes.axvline(at_dose, ymax=height, color=MIDDLE, linewidth=1, linestyle=(0, (2, 2)))
        axes.annotate(
            name,
            (at_dose, height),
            xycoords=axes.get_xaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="top",
            fontsize=9.5,
            color=DARK,
        )
    axes.set_yscale("log")
    axes.set_ylim(bottom, top)
    ticks = [tick for tick in TICKS if bottom <= tick <= top]
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_xlim(low - 0.02 * (high - low), high * (1.04 if style.narrow() else 1.02))
    axes.set_xlabel(style.wrapped(f"Dose [{unit}]; the square is the reference", 36))
    axes.set_ylabel("Ratio of risk, log scale")
    axes.legend(
        loc="lower center",
        bbox_to_anchor=(0.5, 1.0),
        ncols=min(3 if style.narrow() else len(MARKERS), fit.k),
        fontsize=8.5,
        columnspacing=1.2 if style.narrow() else 2,
    )
    return figure, words


def _words(fit: GroupedFit, curve: Any, marks: Mapping[str, float], unit: str, digits: int) -> str:
    low, high = fit.studied
    at = int(np.argmin(curve["rr"].to_numpy()))
    points = {"lowest point drawn": float(curve["dose"].iloc[at]), **marks, "end": high}
    told = []
    for name, dose in points.items():
        row = fit.curve(dose, reference=low).iloc[0]
        told.append(
            f"{name}, {dose:.{digits}f}: {row['rr']:.2f} ({row['ci_low']:.2f} to "
            f"{row['ci_high']:.2f}; further cohort {row['pi_low']:.2f} to {row['pi_high']:.2f})"
        )
    return (
        f"{int(fit.sums.rows.sum())} classes of {fit.k} cohorts at {low:g} to {high:g} {unit} and "
        f"their curve of the ratio of risk against {low:g}. {'; '.join(told)}."
    )
