"""Lines of a text stand where matplotlib puts them, and take its room."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from repdose.plots.renderer import Renderer
from repdose.plots.texts import NotPlain, block, font

WORDS = ("Week", "two lines,\nof them", "a\n\nc", " 12 % ")
NEAR = 0.05  # of a point, which is one unit of a picture


def theirs(text, size, bold, across, up, **turned):
    found = Text(
        0, 0, text, fontproperties=font(size, bold), ha=across, va=up, linespacing=None, **turned
    )
    found.set_figure(Figure(dpi=72))
    return found.get_window_extent(Renderer(1, 1)).extents


@pytest.mark.parametrize("text", WORDS)
@pytest.mark.parametrize("across", ["left", "center", "right"])
@pytest.mark.parametrize("up", ["top", "center", "bottom", "baseline", "center_baseline"])
def test_a_block_takes_the_room_that_matplotlib_says_it_takes(text, across, up):
    for size, bold in ((10.5, False), (8, True)):
        ours = block(text, size, bold, across, up).box
        assert ours == pytest.approx(theirs(text, size, bold, across, up), abs=NEAR)


def test_a_turned_block_reads_upwards():
    ours = block("Sets per week", 10.5, False, "center", "bottom").turned()
    wanted = theirs(
        "Sets per week", 10.5, False, "center", "bottom", rotation=90, rotation_mode="anchor"
    )
    assert ours.box == pytest.approx(wanted, abs=NEAR)
    assert ours.at(5, 7)[:2] == pytest.approx([5 + wanted[0], 7 + wanted[1]])


def test_lines_stand_below_each_other_and_begin_where_they_are_aligned():
    (x, first, _), (other, second, _) = block("a\nlonger", 10, False, "left", "top").lines
    assert x == other == 0
    assert first < 0
    (x, _, _), (other, _, _) = block("a\nlonger", 10, False, "right", "top").lines
    assert other < x < 0
    assert first > second


def test_a_text_of_nothing_takes_no_room_and_a_formula_is_left_to_matplotlib():
    assert block("", 10, False, "left", "top").lines == ()
    with pytest.raises(NotPlain):
        block("$x^2$", 10, False, "left", "top")
