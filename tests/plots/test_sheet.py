"""Charts are put where matplotlib's constrained layout puts axes, which measures twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from two_stages import PLAN

from repdose import energy, multiverse, volume
from repdose.figures import assumptions, energy_cost, weekly_volume
from repdose.plots import sheet, style
from repdose.plots.sheet import Sheet
from repdose.plots.svg import svg

NEAR = 0.5  # half a point: less than a hair
# Words that stand out take more steps than either has: it ends a point beside
STEP = 1.5
WHO = {"body_mass_kg": 75.0, "edition": "2024", "convention": "oxygen", "time_basis": "elapsed"}
PERSON = {"stature_m": 1.75, "age_y": 35, "sex": "female"}
BLACK = "#000000"


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
    figure, axes = sheet.drawing(3)
    axes.plot([0, 1], [0, 123456], color=BLACK)
    axes.text(0.9, 123456, "far to the right of it", va="bottom", color=BLACK)
    return figure, ""


@style.two_widths
def side_by_side():
    figure, (left, right) = sheet.drawing(3, 1, 2, width_ratios=[1, 2])
    frame = pd.DataFrame({"x": [1, 2], "y": [0.001, 0.002]})
    left.plot(frame["x"], frame["y"], color=BLACK)
    right.set_ylabel("A name")
    right.set_title("T")
    right.set_xlabel("x\ny")
    figure.supxlabel("Week")
    return figure, ""


@pytest.mark.parametrize(
    ("draw", "near"),
    [(one, NEAR) for one in (by_week, choices, specifications, panels, side_by_side)]
    + [(standing_out, STEP)],
)
def test_each_chart_is_where_constrained_layout_puts_it(draw, near):
    for narrow in (False, True):
        figure, _ = draw()
        figure = style.for_phone(figure) if narrow else figure
        theirs, _ = draw()
        theirs = (style.for_phone(theirs) if narrow else theirs).figure
        svg(figure)
        assert not figure.is_realised
        svg(theirs)
        size = np.tile(72 * figure.get_size_inches(), 2)
        found = [chart.box for chart in figure.axes]
        wanted = [size * axes.get_position().bounds for axes in theirs.axes]
        assert np.abs(np.array(found) - wanted).max() < near


def test_charts_stand_line_by_line_and_share_ends_and_ticks():
    sheet = Sheet(6, 4, 2, 2, sharex=True)
    assert [one for line in sheet.charts for one in line] == sheet.axes
    sheet.charts[0, 1].set_xlim(3, 5)
    assert {one.get_xlim() for one in sheet.axes} == {(3, 5)}
    sheet.charts[0, 0].set_ylim(7, 9)
    assert sheet.charts[1, 0].get_ylim() == (0, 1)
    # Only the last line has labels below
    assert [one.across.is_labelled for one in sheet.axes] == [False, False, True, True]
    assert all(one.up.is_labelled for one in sheet.axes)


def test_the_place_of_a_chart_that_is_not_shown_stays_empty():
    sheet = Sheet(6, 4, 1, 2)
    left, right = sheet.axes
    left.set_title("there", color="#123456")
    right.set_title("not there", color="#654321")
    right.set_visible(False)
    drawn = svg(sheet)
    assert "#123456" in drawn
    assert "#654321" not in drawn


def test_a_notebook_shows_a_sheet_by_its_picture():
    sheet = Sheet(6, 4)
    sheet.axes[0].plot([1, 2], [3, 4], color="#123456")
    shown = sheet._repr_svg_()
    assert shown == svg(sheet)
    assert not sheet.is_realised
    sheet.axes[0].minorticks_on()
    assert sheet._repr_svg_() == svg(sheet.figure) != shown


def test_a_sheet_is_matplotlibs_figure_for_who_asks_for_more():
    sheet = Sheet(6, 4)
    (chart,) = sheet.axes
    chart.plot([1, 2], [3, 4], color="#123456")
    assert not sheet.is_realised
    sheet.suptitle("Mine")
    assert sheet.is_realised
    assert sheet.figure.get_suptitle() == "Mine"
    # What is said from then on is said to matplotlib
    chart.set_ylim(0, 9)
    assert sheet.figure.axes[0].get_ylim() == (0, 9)
    assert "#123456" in svg(sheet)
    with pytest.raises(AttributeError):
        sheet.no_such_thing  # noqa: B018
