"""A chart answers as axes of matplotlib do, and becomes them for who asks for more."""

from __future__ import annotations

import copy
import pickle

import matplotlib as mpl
import pytest

from repdose.plots import style
from repdose.plots.sheet import Sheet
from repdose.plots.svg import svg


@pytest.fixture
def chart():
    with mpl.rc_context():
        style.use_style()
        yield Sheet(5, 3).axes[0]


def test_it_says_what_it_was_told_without_matplotlib(chart):
    chart.set_xlim(1, 4)
    chart.set_ylim(9, 2)
    chart.set_xticks([1, 3])
    assert chart.get_xlim() == (1, 4)
    assert chart.get_ylim() == (9, 2)
    assert list(chart.get_xticks()) == [1, 3]
    assert chart.get_visible()
    # 0.775 of the width, as of any axes that are not laid out; in points
    assert chart.bbox.width / chart.figure.dpi == pytest.approx(0.775 * 5)
    assert not chart.sheet.is_realised


@pytest.mark.parametrize(
    ("ask", "answer"),
    [
        (lambda chart: [one.get_text() for one in chart.texts], ["words"]),
        (lambda chart: chart.spines["left"].get_visible(), False),
        (lambda chart: chart.spines["bottom"].get_visible(), True),
        (lambda chart: sorted(chart.spines.keys()), ["bottom", "left", "right", "top"]),
        (lambda chart: [one.get_text() for one in chart.get_yticklabels()], ["a", "b"]),
        (lambda chart: chart.get_yticklabels()[1].get_color(), "#aa0000"),
        (lambda chart: chart.yaxis.get_label().get_text(), "up"),
        (lambda chart: chart.get_title(loc="left"), "Above"),
    ],
)
def test_whatever_else_is_asked_matplotlib_answers(chart, ask, answer):
    chart.text(0, 0, "words", color="#000000")
    chart.spines["left"].set_visible(False)
    chart.set_yticks([0, 1], ["a", "b"])
    chart.get_yticklabels()[1].set_color("#aa0000")
    chart.set_ylabel("up")
    chart.set_title("Above")
    assert not chart.sheet.is_realised
    assert ask(chart) == answer
    assert chart.sheet.is_realised
    assert ask(chart) == answer


def lines(text):
    return text.count('stroke="#6b7280"')


def test_the_frame_has_two_sides_which_can_be_left_out_or_end_early():
    def drawn(change=lambda _: None):
        sheet = Sheet(5, 3)
        change(sheet.axes[0])
        return lines(svg(sheet))

    assert drawn() == 2
    assert drawn(lambda one: one.spines["left"].set_visible(False)) == 1
    assert drawn(lambda one: one.spines[:].set_visible(False)) == 0
    assert drawn(lambda one: one.spines["bottom"].set_bounds(0.25, 0.75)) == 2


def test_a_name_that_is_none_of_axes_is_none_of_a_chart(chart):
    with pytest.raises(AttributeError):
        chart.no_such_thing  # noqa: B018
    assert not hasattr(type(chart), "__no_such_thing__")
    with pytest.raises((AttributeError, TypeError, pickle.PicklingError)):
        pickle.dumps(copy.copy(chart).__no_such_thing__)
