"""Figures of what assumptions do: the specification curve, the tornado, and a simulation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from repdose.plots import style
from repdose.plots.sheet import Sheet, drawing
from repdose.plots.style import DARK, GRID, LIGHT, MIDDLE
from repdose.tables.words import moved_most

if TYPE_CHECKING:
    import pandas as pd

    from repdose.multiverse import Choice, Multiverse
    from repdose.uncertainty import Simulation

# Columns of the choice matrix; more specifications than that share columns, shaded by share.
COLUMNS = 360
LINE = 0.185  # height of one line of the choice matrix [inch]
OPTION = 20  # letters of a line beside it on a phone
POINT = 1 / 125  # of the curve's height, about
CURVE = 2.3  # height of the curve above it [inch]
BINS = 60


def specification_curve(
    universe: Multiverse,
    *,
    thresholds: Sequence[tuple[float, str]] = (),
    digits: int = 0,
) -> tuple[Sheet, str]:
    """Outcome of every specification in rising order, and below it which options make it.

    Parameters
    ----------
    universe : Multiverse
        What was evaluated.
    thresholds : sequence of (float, str)
        Outcomes to mark, each with its name; the share that reaches it is written next to it.
    digits : int
        Decimals of printed outcomes.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    References
    ----------
    :cite:`simonsohn2020`

    Examples
    --------
    >>> from repdose import multiverse, progression
    >>> universe = multiverse.energy(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}]), body_mass_kg=73)
    >>> figure, alt = specification_curve(universe)
    >>> alt.startswith("Specification curve of 144 combinations")
    True
    """
    table = universe.specifications.sort_values("outcome", kind="stable", ignore_index=True)
    return _specifications(universe, table, thresholds, digits, moved_most(universe))


@style.two_widths
def _specifications(
    universe: Multiverse,
    table: pd.DataFrame,
    thresholds: Sequence[tuple[float, str]],
    digits: int,
    most: str,
) -> tuple[Sheet, str]:
    """The curve of outcomes in rising order, and below it which options make them."""
    outcome = table["outcome"].to_numpy()
    count = len(outcome)
    named = {one.name: one for one in universe.choices}
    order = [named[name] for name in universe.swing.index]
    rows = _rows(order)
    lines = sum(name.count("\n") + 1 for name, _, _ in rows)
    figure, (curve, matrix) = drawing(
        CURVE + LINE * lines, 2, 1, sharex=True, height_ratios=[CURVE, LINE * lines]
    )

    place = np.arange(count) + 0.5
    low, high = universe.range
    default_at = float(place[table["default"].to_numpy().argmax()])
    base = min(low, 0)
    curve.fill_between(place, base, outcome, step="mid", color=LIGHT, linewidth=0)
    curve.plot(place, outcome, color=MIDDLE, linewidth=1.6)
    curve.plot([default_at], [universe.default], "o", color=DARK, markersize=6)
    # Above it to the left; where there is no room below the curve on the other side, and beside
    # it where a line would go through the words
    left = default_at < 0.45 * count
    above = [(value - universe.default) / (POINT * (high - base or 1)) for value, _ in thresholds]
    struck = any(-2 < points < 26 for points in above)
    curve.annotate(
        f"default {universe.default:.{digits}f}",
        (default_at, universe.default),
        xytext=(4, -12) if left else (-8, -2) if struck else (-4, 9),
        textcoords="offset points",
        ha="left" if left else "right",
        fontsize=9,
        color=DARK,
    )
    for value, at, align, shift in ((low, place[0], "left", 4), (high, place[-1], "right", 0)):
        if value == universe.default:  # it has its number
            continue
        curve.annotate(
            f"{value:.{digits}f}",
            (at, value),
            xytext=(shift, 4),
            textcoords="offset points",
            ha=align,
            fontsize=9,
            color=DARK,
        )
    shares = []
    for value, name in thresholds:
        share = f"{100 * universe.share(value):.0f} % reach {value:g}, {name}"
        shares.append(share)
        if low <= value <= high:
            curve.axhline(value, color=DARK, linewidth=1, linestyle=(0, (5, 3)))
            curve.annotate(
                style.wrapped(share, 18),
                (place[0], value),
                xytext=(4, 3),
                textcoords="offset points",
                va="bottom",
                fontsize=9,
                color=DARK,
            )
    curve.set_ylim(base, high + 0.12 * (high - base or 1))
    title = style.wrapped(_axis(universe), 20)
    curve.set_title(title, fontsize=9.5, fontweight="normal", color=DARK)
    curve.grid(axis="x", visible=False)
    _matrix(matrix, table, rows, count)
    alt = (
        f"Specification curve of {count} combinations. {universe.outcome}: {low:.{digits}f} to "
        f"{high:.{digits}f}{_unit(universe)}; the default is {universe.default:.{digits}f}. "
        + "".join(f"{words}. " for words in shares)
        + most
    )
    return figure, alt


def _rows(order: Sequence[Choice]) -> list[tuple[str, Choice, int | None]]:
    """Names beside the matrix, and of which choice and option; a heading has no option."""
    return [
        (style.wrapped(words, OPTION), one, at)
        for one in order
        for at, words in ((None, one.label), *enumerate(one.names))
    ]


def _matrix(
    axes: Any, table: Any, named: Sequence[tuple[str, Choice, int | None]], count: int
) -> None:
    """A row an option, dark where a specification has it; the default options in bold."""
    columns = min(count, COLUMNS)
    edges = np.linspace(0, count, columns + 1).astype(int)
    rows: list[Any] = []
    middles = []
    for name, one, at in named:
        # A heading has no option that any specification could have
        has = np.cumsum(np.append(False, table[one.name].cat.codes.to_numpy() == at))
        lines = name.count("\n") + 1
        middles.append(len(rows) + (lines - 1) / 2)
        rows += [(has[edges[1:]] - has[edges[:-1]]) / np.diff(edges)] * lines
    axes.imshow(
        np.array(rows),
        aspect="auto",
        cmap="Greys",
        vmin=0,
        vmax=1.25,
        interpolation="nearest",
        extent=(0, count, len(rows) - 0.5, -0.5),
    )
    axes.set_yticks(middles, [name for name, _, _ in named], fontsize=9 if style.narrow() else 8)
    for middle, text, (_, one, at) in zip(middles, axes.get_yticklabels(), named, strict=True):
        if at is None:
            text.set_color(MIDDLE)
            axes.axhline(middle, color=GRID, linewidth=1)
        else:
            text.set_color(DARK)
            text.set_fontweight("bold" if one.names[at] == one.default else "normal")
    axes.set_xlim(0, count)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_xlabel(style.wrapped("Specifications in order of their outcome", 24), fontsize=9.5)


@style.two_widths
def tornado(universe: Multiverse, *, digits: int = 0) -> tuple[Sheet, str]:
    """How far each choice alone moves the default, largest first.

    Parameters
    ----------
    universe : Multiverse
        What was evaluated.
    digits : int
        Decimals of printed outcomes.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Examples
    --------
    >>> from repdose import multiverse
    >>> _, alt = tornado(multiverse.relative_load("lying_bent_knee", body_mass_kg=70,
    ...                                           stature_m=1.7), digits=2)
    >>> alt.startswith("One choice at a time, from the default of 0.64")
    True
    """
    swing = universe.swing
    default = universe.default
    narrow = style.narrow()  # no room beside the bars: the choices are named above them
    figure, axes = drawing(0.8 + (0.9 if narrow else 0.55) * len(swing))
    reach = float(max(swing["high"].max() - default, default - swing["low"].min())) or 1.0
    rows = swing.to_dict("records")
    for place, row in enumerate(rows[::-1]):
        thick = 0.3 if narrow else 0.42
        axes.barh(place, row["high"] - row["low"], left=row["low"], height=thick, color=MIDDLE)
        if narrow:
            across = axes.get_yaxis_transform()
            axes.text(0, place + 0.44, row["label"], transform=across, va="center", color=DARK)
        if row["swing"] == 0:
            words = "alone, moves nothing"
            axes.text(default + reach * 0.06, place, words, va="center", fontsize=8.5, color=DARK)
            continue
        for end, align, shift in (("low", "right", -1), ("high", "left", 1)):
            if row[end] == default:
                continue
            axes.text(
                row[end] + shift * reach * 0.03,
                place,
                f"{style.wrapped(row[f'{end}_option'], 16, 22)}\n{row[end]:.{digits}f}",
                va="center",
                ha=align,
                fontsize=8.5,
                color=DARK,
            )
    if narrow:  # beside each bar, and not through the names
        middle = np.arange(len(swing))
        axes.vlines([default] * len(swing), middle - 0.4, middle + 0.26, color=DARK, linewidth=1.4)
    else:
        axes.axvline(default, color=DARK, linewidth=1.4)
    axes.set_yticks(range(len(swing)), [""] * len(swing) if narrow else swing["label"].iloc[::-1])
    axes.set_ylim(-0.5, len(swing) - 0.5 + 0.2 * narrow)
    low, high = float(swing["low"].min()), float(swing["high"].max())
    room = reach * (0.95 if narrow else 0.75)
    axes.set_xlim(low - room, high + room)
    if low >= 0:  # the room left for words is no energy below zero
        axes.set_xticks([tick for tick in axes.get_xticks() if 0 <= tick <= high + reach / 2])
        axes.spines["bottom"].set_bounds(max(axes.get_xlim()[0], 0), axes.get_xlim()[1])
        axes.spines["left"].set_visible(False)
        axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)
    axes.set_xlabel(
        style.wrapped(f"{_axis(universe)}; the line is the default, {default:.{digits}f}", 36, 70)
    )
    alt = (
        f"One choice at a time, from the default of {default:.{digits}f}{_unit(universe)}. "
        + "; ".join(
            f"{row['label']}: {row['low']:.{digits}f} to {row['high']:.{digits}f}" for row in rows
        )
        + "."
    )
    return figure, alt


@style.two_widths
def simulated(
    simulation: Simulation, *, outcome: str, unit: str, default: float, digits: int = 0
) -> tuple[Sheet, str]:
    """Histogram of simulated outcomes with the median, 95 % of the draws, and the default.

    Parameters
    ----------
    simulation : Simulation
        The draws.
    outcome, unit : str
        What was simulated.
    default : float
        Outcome with every input at its default, drawn as a dashed line.
    digits : int
        Decimals of printed outcomes.

    Returns
    -------
    tuple of Sheet and str
        The figure and its alt text.

    Examples
    --------
    >>> from repdose import uncertainty
    >>> mass = uncertainty.body_mass(75, sd_kg=1)
    >>> simulation = uncertainty.simulate(lambda mass: mass, {"mass": mass}, seed=1)
    >>> _, alt = simulated(simulation, outcome="Body mass", unit="kg", default=75)
    >>> alt
    'Histogram of 10000 simulated values. Body mass: median 75 kg, 95 % from 73 to 77 kg; \
default 75 kg.'
    """
    low, high = simulation.range
    figure, axes = drawing(2.9)
    heights, edges = np.histogram(simulation.outcome, bins=BINS)
    share = heights / heights.sum()
    middles = (edges[1:] + edges[:-1]) / 2
    inside = (middles >= low) & (middles <= high)
    axes.bar(
        middles,
        share,
        width=np.diff(edges),
        color=[MIDDLE if within else LIGHT for within in inside],
    )
    top = float(share.max())
    narrow = style.narrow()  # the words above the bars take a line more each
    axes.set_ylim(0, top * (1.5 if narrow else 1.32))
    for value, words in ((low, "2.5 %"), (simulation.middle, "median"), (high, "97.5 %")):
        axes.vlines(value, 0, top * 1.06, color=DARK, linewidth=1.2)
        # The default's line, which is longer, may be close to the median
        aside = "center" if words != "median" else "left" if default < value else "right"
        axes.text(
            value,
            top * 1.08,
            f"{words}{chr(10) if narrow else ' '}{value:.{digits}f}",
            ha=aside,
            va="bottom",
            fontsize=9,
            color=DARK,
        )
    # In a line of its own, for the same reason
    above = 1.36 if narrow else 1.19
    axes.vlines(default, 0, top * above, color=DARK, linewidth=1.2, linestyle=(0, (4, 2)))
    axes.text(
        default,
        top * (above + 0.02),
        f"default {default:.{digits}f}",
        ha="center",
        va="bottom",
        fontsize=9,
        color=DARK,
    )
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False)
    axes.set_ylabel("Share of the draws")
    axes.set_xlabel(style.wrapped(f"{outcome} [{unit}]", 40))
    alt = (
        f"Histogram of {len(simulation.outcome)} simulated values. {outcome}: median "
        f"{simulation.middle:.{digits}f} {unit}, 95 % from {low:.{digits}f} to {high:.{digits}f} "
        f"{unit}; default {default:.{digits}f} {unit}."
    )
    return figure, alt


def _unit(universe: Multiverse) -> str:
    return f" {universe.unit}" if universe.unit else ""


def _axis(universe: Multiverse) -> str:
    return f"{universe.outcome} [{universe.unit}]" if universe.unit else universe.outcome
