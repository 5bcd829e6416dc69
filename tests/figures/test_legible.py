"""Words within axes of every default report: none on another, none struck by a straight line."""

import itertools

import numpy as np
import pytest
from executed import REPORTS, report
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from repdose.plots import style
from repdose.plots.renderer import Renderer
from repdose.plots.svg import svg

TOUCH = 0.5  # what two boxes may share, and the half of a thin line [point]
# Besides those: minutes of training that stand apart, and those that stand closest
OTHERS = [("activity_and_risk", scenario) for scenario in ("to_hanging", "flutter_endurance")]


def straight(axes):
    """Ends of the upright and level lines, on the picture, the lines of the axes among them."""
    found = []
    for line in (*axes.lines, *(spine for spine in axes.spines.values() if spine.get_visible())):
        points = line.get_path().vertices
        if len(points) == 2:
            found.append(line.get_transform().transform(points))
    for part in axes.collections:
        if isinstance(part, LineCollection):
            found += [part.get_transform().transform(one) for one in part.get_segments()]
    return [np.sort(one, axis=0) for one in found if (np.ptp(one, axis=0) < TOUCH).any()]


def struck(figure):
    """Words that share a place with others or with a line, with what it is."""
    svg(figure)  # which lays it out
    figure.set_dpi(72)
    renderer = Renderer(*(72 * figure.get_size_inches()))
    found = []
    for axes in figure.axes:
        texts = [one for one in axes.texts if one.get_text() and axes.get_visible()]
        boxes = {one: one.get_window_extent(renderer).padded(-TOUCH) for one in texts}
        for one, other in itertools.combinations(texts, 2):
            if boxes[one].overlaps(boxes[other]):
                found.append((one.get_text(), other.get_text()))
        for text, box in boxes.items():
            if text.get_bbox_patch() is not None:  # it has a ground of its own
                continue
            for start, end in straight(axes):
                if (start < box.max).all() and (end > box.min).all():
                    found.append((text.get_text(), (start.tolist(), end.tolist())))
    return found


@pytest.mark.parametrize(("notebook", "scenario"), [*REPORTS, *OTHERS])
def test_no_words_within_axes_lie_on_others_or_on_a_line(notebook, scenario):
    style.use_style()
    for name, (figure, _) in report(notebook, scenario).figures.items():
        for width, shown in (("page", figure), ("phone", style.for_phone(figure))):
            assert struck(shown) == [], (name, width)


def drawn(*words, line=None):
    """A figure with axes of an inch, words at heights in the middle, and an upright line."""
    figure = Figure(figsize=(2, 2), layout="none")
    axes = figure.add_axes((0.25, 0.25, 0.5, 0.5))
    for height, text in words:
        axes.text(0.5, height, text, ha="center", va="center", fontsize=8)
    if line:
        axes.axvline(line)
    return figure


def test_words_are_found_where_they_do_lie_on_others_or_on_a_line():
    assert not struck(drawn((0.3, "one"), (0.7, "two")))
    assert struck(drawn((0.5, "one"), (0.52, "two"))) == [("one", "two")]
    ((text, _),) = struck(drawn((0.5, "one"), line=0.5))
    assert text == "one"
    assert not struck(drawn((0.5, "one"), line=0.9))
    grounded = drawn((0.5, "one"), line=0.5)
    grounded.axes[0].texts[0].set_bbox(style.GROUND)
    assert not struck(grounded)
    # and on the axes' own lines
    assert [text for text, _ in struck(drawn((0, "below")))] == ["below"]
