"""The reports' style is set whole, whatever was set before."""

from __future__ import annotations

import matplotlib as mpl
import pytest

from repdose.plots import sheet, style
from repdose.plots.svg import svg


@pytest.fixture(autouse=True)
def as_it_was():
    with mpl.rc_context():
        yield


def test_the_style_is_set_again_whatever_was_changed_and_the_backend_left_alone():
    style.use_style()
    before, backend = dict(mpl.rcParams), mpl.get_backend()
    for changed in ({"font.size": 3, "axes.grid": False}, {"lines.linewidth": 9}, {}):
        mpl.rcParams.update(changed)
        style.use_style()
        assert dict(mpl.rcParams) == before
    assert mpl.get_backend() == backend
    assert mpl.rcParams["font.size"] == style.STYLE["font.size"] == 10.5
    assert mpl.rcParams["axes.titley"] is None


def test_lines_are_as_many_as_needed_and_about_as_long_as_each_other():
    """Nineteen letters: of 15 at most there are two lines, and ten is the least for both."""
    assert style.wrapped("one two three four!", 15, 15) == "one two\nthree four!"
    assert style.wrapped("one two three four!", 19, 19) == "one two three four!"
    assert style.wrapped("one two three four!", 7, 7) == "one two\nthree\nfour!"
    assert style.wrapped("one two three four!", 15) == "one two three four!"  # on a page
    # a word that is longer than a line is left whole
    assert style.wrapped("seventeen to one", 4, 4) == "seventeen\nto\none"
    assert style.wrapped("a", 1, 1) == "a"


def test_a_text_on_a_ground_hides_what_lies_behind_it():
    style.use_style()
    figure, axes = sheet.drawing(2)
    axes.annotate("over a line", (0.5, 0.5), color="#000000", bbox=style.GROUND)
    # below the words and above the lines
    axes.axhline(0.5, color="#ff0000")
    drawn = svg(figure)
    line, white = drawn.index("#ff0000"), drawn.rindex('fill="#ffffff"')
    assert line < white < drawn.rindex("<g fill=")
