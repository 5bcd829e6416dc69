"""Figures of the mechanics report, each with alt text made from its own numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from repdose import mechanics
from repdose.evidence.body import anthropometry
from repdose.evidence.training.leg_raises import geometry, leg_raises
from repdose.evidence.training.variants import exercise
from repdose.mechanics import QUANTITIES, REFERENCE, Repetition
from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, GREY, LIGHT, MIDDLE, TEAL
from repdose.tables.leg_raise_mechanics import percent_range, short

# Told apart by dashes and shade, so that a greyscale print reads as well.
STYLES = ("-", "--", "-.", ":")
SHADES = (DARK, MIDDLE, GREY, TEAL)
SAMPLES = 181
TEMPO_S = (0.5, 4.0)  # a kick to a slow raise


@style.two_widths
def moment_by_angle(**person: Any) -> tuple[Sheet, str]:
    """Hip moment over each variant's range: lying on the left, hanging on the right.

    Parameters
    ----------
    **person
        As for :func:`repdose.mechanics.hip_moment_nm`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    if style.narrow():
        figure, panels = drawing(7.4, 2, 1)
    else:
        figure, panels = drawing(4.2, 1, 2, sharey=True, width_ratios=(3, 2))
    labels = {
        "lying": "Thigh above the horizontal [deg]",
        "hanging": "Thigh from straight down [deg]",
    }
    peaks = []
    for axes, (position, label) in zip(panels, labels.items(), strict=True):
        shown = [
            one
            for one in leg_raises()
            if geometry(one).position == position and not geometry(one).hip_lift
        ]
        for place, variant in enumerate(shown):
            start, end = geometry(variant).start_deg, geometry(variant).end_deg
            angle = np.linspace(start, end, SAMPLES)
            moment = np.asarray(mechanics.hip_moment_nm(variant, angle, **person))
            axes.plot(
                angle, moment, STYLES[place], color=SHADES[place], linewidth=2, label=short(variant)
            )
            peaks.append(
                f"{short(variant)} from {moment[0]:.0f} at {start:g}° "
                f"to {moment[-1]:.0f} N m at {end:g}°"
            )
        axes.set_title(position.capitalize(), fontsize=10)
        axes.set_xlabel(label)
        axes.axhline(0, color=DARK, linewidth=0.8)
        axes.legend(fontsize=8.5, loc="upper center", bbox_to_anchor=(0.5, -0.2), frameon=False)
    panels[0].set_ylabel("Hip moment, both sides [N m]")
    alt = "Gravitational hip moment against angle. " + "; ".join(peaks) + "."
    return figure, alt


def share_of_straight_leg(load: pd.DataFrame) -> tuple[Sheet, str]:
    """Peak, mean and work of each variant as a share of the straight-leg raise.

    Parameters
    ----------
    load : DataFrame
        Result of :func:`repdose.mechanics.relative_load`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    found = 100 * load.groupby(["quantity", "variant"])["share"].agg(["min", "max"])
    parts = {quantity: found.loc[quantity] for quantity in QUANTITIES}
    return _shares(
        {
            quantity: dict(zip(part.index, part.to_numpy().tolist(), strict=True))
            for quantity, part in parts.items()
        }
    )


@style.two_widths
def _shares(ranges: Mapping[str, Mapping[str, Sequence[float]]]) -> tuple[Sheet, str]:
    """A panel for each quantity, with the lowest and highest share of each variant [%]."""
    names = leg_raises()[::-1]
    most = max(high for by_variant in ranges.values() for _, high in by_variant.values())
    count = len(ranges)
    lines, columns, height = (count, 1, 6.9) if style.narrow() else (1, count, 3.6)
    figure, panels = drawing(height, lines, columns, sharey=True, sharex=True)
    shares = []
    for axes, (quantity, by_variant) in zip(panels, ranges.items(), strict=True):
        low, high = np.array([by_variant[name] for name in names]).T
        place = np.arange(len(names))
        axes.axvline(100, color=DARK, linewidth=1, zorder=0.5)
        axes.barh(place, (low + high) / 2, color=LIGHT, height=0.55)
        axes.hlines(place, low, high, color=MIDDLE, linewidth=9)
        for at, name in enumerate(names):
            axes.annotate(
                percent_range(*by_variant[name]),
                (high[at], at),
                xytext=(7, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                color=DARK,
                bbox=style.GROUND,
            )
        axes.set_title(quantity.capitalize(), fontsize=10)
        axes.set_xticks([0, 100])
        axes.set_xlim(0, most * (2.2 if style.narrow() else 1.6))
        axes.grid(axis="y", visible=False)
        shares.append(
            f"{quantity}: "
            + ", ".join(
                f"{short(name)} {percent_range(*by_variant[name])}" for name in reversed(names)
            )
        )
    panels[0].set_yticks(np.arange(len(names)), [short(name) for name in names])
    words = style.wrapped("Share of the same person's straight-leg raise [%]", 36)
    figure.supxlabel(words, fontsize=10)
    alt = "Share of the straight-leg raise, in percent. " + "; ".join(shares) + "."
    return figure, alt


@style.two_widths
def inertial_share_by_tempo(reps: Mapping[str, Repetition], **person: Any) -> tuple[Sheet, str]:
    """Inertial share of the straight-leg raise against the time of one way.

    Parameters
    ----------
    reps : mapping of str to Repetition
        One repetition of each variant at its own tempo, shown as points.
    **person
        As for :func:`repdose.mechanics.repetition`.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.
    """
    limit = 100 * anthropometry.constant("quasi_static_limit").value
    figure, axes = drawing(3.6)
    seconds = np.geomspace(*TEMPO_S, SAMPLES)
    edges = {}
    at = SAMPLES // (3 if style.narrow() else 4)  # where the lines have room for their names
    for place, profile in enumerate(mechanics.PROFILES):
        repetition = mechanics.repetition(REFERENCE, profile=profile, up_s=1, down_s=1, **person)
        # exactly so: time enters squared
        share = 100 * np.asarray(repetition.inertial_share) / seconds**2
        axes.plot(seconds, share, STYLES[place], color=SHADES[place], linewidth=2)
        words = profile.replace("_", " ")
        edges[words] = float(np.sqrt(100 * repetition.inertial_share / limit))
        axes.annotate(
            words,
            (seconds[at], share[at]),
            xytext=(8, 8) if place == 0 else (-8, -8),
            textcoords="offset points",
            ha="left" if place == 0 else "right",
            va="bottom" if place == 0 else "top",
            fontsize=9,
            color=SHADES[place],
        )
    axes.axhline(limit, color=DARK, linewidth=1)
    end, side = (seconds[0], "left") if style.narrow() else (seconds[-1], "right")
    axes.text(end, limit * 1.1, f"{limit:g} %", ha=side, fontsize=9, color=DARK)
    axes.set_xscale("log")
    axes.set_yscale("log")
    ticks = [0.5, 1, 2, 3, 4]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    marks = [1, 3, 10, 30, 100, 300]
    axes.set_yticks(marks, [f"{mark:g}" for mark in marks])
    axes.set_xlabel("Time of one way [s]")
    axes.set_ylabel("Inertial share of the peak [%]")
    at_own = 100 * float(np.asarray(reps[REFERENCE].inertial_share))
    own = exercise(REFERENCE).up_s
    axes.plot([own], [at_own], "o", color=MIDDLE, markersize=8)
    axes.annotate(
        style.wrapped(f"{short(REFERENCE)}: {at_own:.0f} %", 14),
        (own, at_own),
        xytext=(8, 5),
        textcoords="offset points",
        fontsize=9,
        color=DARK,
    )
    crossings = " and ".join(f"{edge:.1f} s ({words})" for words, edge in edges.items())
    alt = (
        "Inertial share of the straight-leg raise falls with the square of the time of one way. "
        f"It passes {limit:g} % at {crossings}; at the usual {own:g} s it is {at_own:.0f} %."
    )
    return figure, alt
