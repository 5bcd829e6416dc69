"""Ticks, their labels and the ends of an axis are those that matplotlib gives it."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.ticker import MaxNLocator
from pictured import differences, parts

from repdose.plots import style
from repdose.plots.sheet import Sheet
from repdose.plots.svg import svg


@pytest.fixture(autouse=True)
def in_style():
    with mpl.rc_context():
        style.use_style()
        yield


def bare(width=4, height=3, **grid):
    sheet = Sheet(width, height, **grid)
    return sheet, sheet.axes[0]


def two_lines():
    sheet, chart = bare()
    chart.set_ylim(0, 2)
    chart.set_yticks([0, 1, 2], ["one line", "a line\nand a longer line", "a\nb\nc"], fontsize=8)
    chart.set_xticks([0, 0.5, 1], ["p\nq", "", "Ape"])
    chart.set_xlabel("across")
    chart.set_ylabel("up")
    return sheet


def logarithmic():
    sheet, chart = bare()
    chart.set_yscale("log")
    chart.set_ylim(0.3, 30)
    chart.set_yticks([0.5, 1, 10], ["0.5", "1", "10"])
    chart.minorticks_off()
    chart.set_xlim(1, 0)
    chart.set_xticks([0, 0.5, 1])
    return sheet


def beyond():
    sheet, chart = bare()
    chart.set_xticks([0, 1, 2], ["a", "b", "beyond"])
    chart.set_xlim(0, 1)
    return sheet


def looks_of_each():
    sheet, chart = bare()
    chart.set_yticks(range(3), "abc")
    for label, colour, weight in zip(
        chart.get_yticklabels(),
        ("#ff0000", "#00ff00", "#0000ff"),
        ("bold", "normal", "bold"),
        strict=True,
    ):
        label.set_color(colour)
        label.set_fontweight(weight)
    return sheet


def without_grid_marks_or_labels():
    sheet = Sheet(4, 3, 2, 1, sharex=True)
    for one in sheet.axes:
        one.grid(axis="x", visible=False)
        one.tick_params(axis="y", length=0, labelsize=7)
    sheet.axes[1].set_yticks([])
    sheet.axes[1].set_ylabel("nothing here")
    return sheet


def few():
    sheet, chart = bare(7, 2)
    chart.set_xlim(-3.3, 1234.5)
    chart.set_ylim(-0.012, 0.047)
    chart.xaxis.set_major_locator(MaxNLocator(4, integer=True))
    return sheet


KINDS = (two_lines, logarithmic, beyond, looks_of_each, without_grid_marks_or_labels, few)


@pytest.mark.parametrize("make", KINDS)
def test_ticks_grid_labels_and_names_are_where_matplotlib_draws_them(make):
    sheet = make()
    ours = svg(sheet)
    assert not sheet.is_realised
    assert differences(parts(ours), parts(svg(sheet.figure))) == []


@pytest.mark.parametrize(
    "say",
    [
        lambda chart: chart.set_xticks([0, 1], ["$x^2$", "b"]),
        lambda chart: chart.set_ylim(1e9, 1e9 + 1),  # with an offset beside the axis
        lambda chart: chart.set_xscale("log"),
        lambda chart: chart.set_yscale("symlog"),
        lambda chart: chart.minorticks_on(),
        lambda chart: chart.xaxis.tick_top(),
        lambda chart: chart.tick_params(axis="x", labelrotation=40),
    ],
)
def test_what_no_report_has_matplotlib_draws(say):
    sheet, chart = bare()
    say(chart)
    assert "<path" in svg(sheet)
    assert sheet.is_realised


def test_an_axis_has_room_beyond_the_data_but_not_below_where_bars_begin():
    _, chart = bare()
    chart.plot([2, 12], [1, 3], color="#000000")
    # a twentieth of ten, and of two, on both sides
    assert chart.get_xlim() == pytest.approx((1.5, 12.5))
    assert chart.get_ylim() == pytest.approx((0.9, 3.1))
    chart.bar([2, 4], [5, 9], width=1, color="#000000")
    assert chart.get_ylim() == pytest.approx((0, 9.45))


def test_an_axis_that_was_put_stays_and_ticks_make_it_longer():
    _, chart = bare()
    chart.set_xlim(0, 2)
    chart.plot([5, 9], [1, 2], color="#000000")
    assert chart.get_xlim() == (0, 2)
    chart.set_xticks([1, 4])
    assert chart.get_xlim() == (0, 4)
    assert list(chart.get_xticks()) == [1, 4]
    chart.set_ylim(3, 1)  # from the top
    chart.set_yticks([0, 2])
    assert chart.get_ylim() == (3, 0)


def test_equal_ratios_are_equal_lengths_on_a_log_axis():
    _, chart = bare()
    chart.set_xscale("log")
    chart.set_xlim(0.1, 1000.0)
    one, ten, hundred = chart.across.at(np.array([1.0, 10.0, 100.0]))
    assert ten - one == pytest.approx(hundred - ten)
    assert chart.across.at(10.0) == pytest.approx(ten)
    left, _, width, _ = chart.box
    assert ten == pytest.approx(left + width / 2)


def test_many_ends_are_those_of_matplotlib():
    """Marks of many kinds, in an order that matters: a line across asks for room if it has none."""
    sheet, chart = bare()
    black = {"color": "#000000"}
    chart.axvline(3, **black)
    chart.plot([1, 2, np.nan], [4, np.nan, 9], **black)
    chart.axhline(12, **black)
    chart.vlines([1, 7], -2, [3, 4], **black)
    chart.scatter([8.5], [1], s=20, **black)
    chart.barh([1, 2], [3, 0], height=0.5, left=[-4, 1], **black)
    chart.fill_between([0, 9], [1, 2], [3, np.nan], **black)
    ours = *chart.get_xlim(), *chart.get_ylim()
    (axes,) = sheet.figure.axes
    assert ours == pytest.approx((*axes.get_xlim(), *axes.get_ylim()))
