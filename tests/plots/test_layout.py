"""Axes are put where matplotlib's constrained layout puts them, which measures twice."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from two_stages import PLAN

from repdose import energy, multiverse, volume
from repdose.figures import assumptions, energy_cost, weekly_volume
from repdose.plots import style
from repdose.plots.svg import svg

NEAR = 0.5  # half a point: less than a hair
# Words that stand out take more steps than either has: it ends a point beside
STEP = 1.5
WHO = {"body_mass_kg": 75.0, "edition": "2024", "convention": "oxygen", "time_basis": "elapsed"}
PERSON = {"stature_m": 1.75, "age_y": 35, "sex": "female"}


def by_week():
    return energy_cost.energy_by_week(PLAN, energy.weekly_energy(PLAN, **WHO))


def choices():
    return assumptions.tornado(multiverse.energy(PLAN, **WHO, **PERSON))


def specifications():
    return assumptions.specification_curve(multiverse.energy(PLAN, **WHO, **PERSON))


def panels():
    return weekly_volume.sets_by_muscle(volume.weekly_sets(PLAN, indirect_weight=0.5))


@style.two_widths
def standing_out():
    """Words that stand out of the axes on two sides, at places that move with the axes."""
    figure, axes = style.drawing(3)
    axes.plot([0, 1], [0, 1234567])
    axes.text(0.9, 1234567, "far to the right of it", va="bottom")
    return figure, ""


@style.two_widths
def side_by_side():
    figure, (left, right) = style.drawing(3, 1, 2, width_ratios=[1, 2])
    frame = pd.DataFrame({"x": [1, 2], "y": [0.001, 0.002]})
    left.plot(frame["x"], frame["y"])
    right.set(ylabel="A name", title="T", xlabel="x\ny")
    figure.supxlabel("Week")
    return figure, ""


@pytest.mark.parametrize(
    ("draw", "near"),
    [(one, NEAR) for one in (by_week, choices, specifications, panels, side_by_side)]
    + [(standing_out, STEP)],
)
def test_each_panel_is_where_constrained_layout_puts_it(draw, near):
    with mpl.rc_context():
        style.use_style()
        for narrow in (False, True):
            found, wanted = [], []
            for engine, places in ((None, found), ("constrained", wanted)):
                figure, _ = draw()
                figure = style.for_phone(figure) if narrow else figure
                if engine:
                    figure.set_layout_engine(engine)
                svg(figure)
                size = np.tile(72 * figure.get_size_inches(), 2)
                places += [size * axes.get_position().bounds for axes in figure.axes]
            assert np.abs(np.array(found) - wanted).max() < near
