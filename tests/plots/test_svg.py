"""Figures as SVG: coordinates on paper, each glyph once, nothing that differs between two runs."""

from __future__ import annotations

import base64
import io
import os
import re
from xml.etree import ElementTree

import drawn_figures
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from repdose.plots.svg import svg

USED = "{http://www.w3.org/1999/xlink}href"


def bare(width=1.0, height=1.0):
    """Axes that fill a figure, with nothing of their own drawn, from 0 to 1 both ways."""
    figure = Figure(figsize=(width, height), layout="none")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 1), ylim=(0, 1))
    axes.set_axis_off()
    figure.patch.set_visible(False)
    return figure, axes


def elements(figure, name):
    root = ElementTree.fromstring(svg(figure))
    return [one.attrib for one in root.iter(f"{{http://www.w3.org/2000/svg}}{name}")]


def shapes(figure):
    """Paths that are drawn, without what clips them and without outlines."""
    return [one for one in elements(figure, "path") if {"stroke", "fill"} & one.keys()]


def test_a_picture_has_its_size_in_points_and_twenty_units_in_each():
    figure, _ = bare(2, 1)
    [root] = elements(figure, "svg")
    assert (root["width"], root["height"], root["viewBox"]) == ("144pt", "72pt", "0 0 2880 1440")


def test_a_line_goes_from_its_first_point_to_its_last_and_is_left_out_where_there_is_none():
    figure, axes = bare()
    axes.plot([0, 0.5, np.nan, 0.5, 1], [0, 0.5, 0.7, 0.25, 1], color="#ff0000", linewidth=2)
    [line] = shapes(figure)
    # From below to the middle; anew a quarter up, 720 to the right, three quarters up from there
    assert line["d"] == "m0 1440l720-720m0 360l720-1080"
    assert (line["stroke"], line["fill"], line["stroke-width"]) == ("#ff0000", "none", "40")


def test_an_area_is_closed_and_shows_as_much_through_as_it_is_told():
    figure, axes = bare()
    axes.axvspan(0.25, 0.5, 0, 1, facecolor="#000080", alpha=0.5, linewidth=0)
    [area] = shapes(figure)
    assert area["d"] == "m360 1440h360v-1440h-360z"
    assert (area["fill"], area["opacity"]) == ("#000080", "0.5")
    assert "stroke" not in area


def test_a_glyph_is_written_once_however_often_it_stands():
    figure, axes = bare()
    axes.text(0, 0.5, "no one")
    outlines = [one for one in elements(figure, "path") if "id" in one]
    used = [one[USED].removeprefix("#") for one in elements(figure, "use")]
    assert len(outlines) == 3
    n, o, e = (one["id"] for one in outlines)
    assert used == [n, o, o, n, e]  # the space is none
    places = [int(one.get("x", 0)) for one in elements(figure, "use")]
    assert places == sorted(set(places))
    assert places[0] == 0


def test_texts_of_one_colour_that_follow_each_other_say_it_once():
    figure, axes = bare()
    for place, colour in enumerate(("#ff0000", "#ff0000", "#0000ff")):
        axes.text(0, place / 3, "no", color=colour)
    groups = elements(figure, "g")
    assert [one["fill"] for one in groups if "fill" in one] == ["#ff0000", "#0000ff"]
    assert len([one for one in groups if "transform" in one]) == 3


def test_marks_are_one_shape_at_their_places():
    figure, axes = bare()
    axes.plot([0.25, 0.75], [0.5, 0.25], "s", markersize=10)
    places = [(one["x"], one["y"]) for one in elements(figure, "use")]
    assert places == [("360", "720"), ("1080", "1080")]
    [mark] = [one for one in elements(figure, "path") if "id" in one]
    # A square of ten points about its place
    assert mark["d"].startswith("m-100 100h200v-200")


# Its lowest colour and its highest: black and white, and those of a map in colour
@pytest.mark.parametrize(
    ("colours", "mode", "low", "high"),
    [("gray", "L", (0, 0, 0), (255, 255, 255)), ("bwr", "RGBA", (0, 0, 255), (255, 0, 0))],
)
def test_an_image_stands_upright_in_its_place(colours, mode, low, high):
    figure, axes = bare()
    axes.imshow([[0, 0], [0, 1]], cmap=colours, extent=(0, 0.5, 0, 0.5), aspect="auto")
    axes.set(xlim=(0, 1), ylim=(0, 1))
    [image] = elements(figure, "image")
    assert [image[one] for one in ("x", "y", "width", "height")] == ["0", "720", "720", "720"]
    found = Image.open(io.BytesIO(base64.b64decode(image[USED].partition(",")[2])))
    assert found.mode == mode  # shades of grey take a third of the room
    dots = np.asarray(found.convert("RGB")).tolist()
    corners = [tuple(dots[line][place]) for line in (0, -1) for place in (0, -1)]
    assert corners == [low, low, low, high]


def test_what_is_beside_the_axes_is_clipped_by_them():
    figure, axes = bare()
    axes.set_position((0.25, 0.25, 0.5, 0.5))
    axes.plot([-1, 2], [0.5, 0.5])
    [line] = shapes(figure)
    [clip] = elements(figure, "clipPath")
    assert line["clip-path"] == f"url(#{clip['id']})"
    [outside] = [one for one in elements(figure, "path") if one.keys() == {"d"}]
    assert outside["d"] == "m360 1080l720 0 0-720-720 0z"


def test_a_figure_keeps_its_dots_its_canvas_and_its_layout():
    figure = Figure(figsize=(4, 3), dpi=130, layout="constrained")
    axes = figure.subplots()
    canvas = figure.canvas
    before = axes.get_position().bounds
    first = svg(figure)
    assert (figure.get_dpi(), figure.canvas) == (130, canvas)
    laid_out = axes.get_position().bounds
    assert laid_out != before
    assert svg(figure) == first
    assert axes.get_position().bounds == laid_out


def test_the_same_figure_has_the_same_text_and_names_no_time_and_no_program():
    texts = [svg(drawn_figures.of_every_kind()) for _ in range(2)]
    assert texts[0] == texts[1]
    assert not re.search(r"\d{4}-\d\d-\d\d|matplotlib", texts[0], re.IGNORECASE)


@pytest.mark.parametrize("text", ["$x^2$", r"$\frac{1}{2}$", "“a” & <b>", "−1", "a\nb"])
def test_words_of_any_kind_are_outlines_alone(text):
    figure, axes = bare()
    axes.text(0.1, 0.5, text)
    assert elements(figure, "text") == []
    assert len(elements(figure, "use")) == len(re.sub(r"\$|\\frac|[\^{}\s]", "", text))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_processes_forked_from_one_that_has_drawn_read_the_font_each_for_itself(tmp_path):
    """The place in a file that was open before is shared by all: one reads what another sought."""

    def drawn(signs=range(0x0400, 0x0500)):
        figure, axes = bare()
        for text in map(chr, signs):
            axes.text(0, 0, text)
        return svg(figure)

    drawn(b"a")  # the font is known, and open
    children = []
    for child in range(6):
        if not (pid := os.fork()):
            try:
                (tmp_path / f"{child}.svg").write_text(drawn(), "utf-8")
            finally:
                os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)
    expected = drawn()
    made = sorted(tmp_path.glob("*.svg"))
    assert [path.name for path in made] == [f"{child}.svg" for child in range(6)]
    assert {path.read_text("utf-8") for path in made} == {expected}
