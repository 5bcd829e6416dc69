"""The reports' style is set whole, and figures made ahead are as those made when asked for."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from matplotlib.figure import Figure

from repdose.plots import style
from repdose.plots.svg import svg


@style.two_widths
def drawn(height: float) -> tuple[Figure, str]:
    figure, axes = style.drawing(height)
    axes.plot([1, 2], [3, 5])
    axes.set_title("A")
    axes.set_xlabel("Weeks")
    return figure, "A line."


@pytest.fixture(autouse=True)
def as_it_was():
    with mpl.rc_context():
        yield
    style.make_ahead(0)


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
    figure, axes = style.drawing(2)
    text = style.grounded(axes.text(0.5, 0.5, "over a line"))
    ground = text.get_bbox_patch()
    assert mpl.colors.to_hex(ground.get_facecolor()) == "#ffffff"
    assert mpl.colors.to_hex(ground.get_edgecolor(), keep_alpha=True) == "#00000000"
    # below the words and above the lines
    axes.axhline(0.5, color="#ff0000")
    drawn = svg(figure)
    line, white = drawn.index("#ff0000"), drawn.rindex('fill="#ffffff"')
    assert line < white < drawn.rindex("<g fill=")


@pytest.mark.parametrize("height", [2.5, 4.0])
def test_a_figure_made_ahead_has_the_text_of_one_made_when_asked_for_at_both_widths(height):
    style.use_style()
    figure, _ = drawn(height)
    wanted = svg(figure), svg(style.for_phone(figure))
    style.make_ahead(2)
    ahead = [figure for figure, _ in style._ahead]
    figure, _ = drawn(height)
    again = style.for_phone(figure)
    assert {id(figure), id(again)} == set(map(id, ahead))
    assert (svg(figure), svg(again)) == wanted
    assert tuple(figure.get_size_inches()) == (7.2, height)
    assert tuple(again.get_size_inches()) == (3.6, height)
    assert drawn(height)[0] not in ahead


def test_a_figure_made_ahead_is_not_taken_under_other_settings():
    style.use_style()
    style.make_ahead(1)
    mpl.rcParams["axes.facecolor"] = "red"
    figure, _ = drawn(3)
    assert mpl.colors.to_hex(figure.axes[0].get_facecolor()) == "#ff0000"
    assert len(style._ahead) == 1
