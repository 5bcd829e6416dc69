"""A legend stands where matplotlib puts it, with what each mark stands for."""

from __future__ import annotations

import matplotlib as mpl
import pytest
from pictured import differences, parts

from repdose.plots import style
from repdose.plots.sheet import Sheet
from repdose.plots.svg import svg


@pytest.fixture(autouse=True)
def in_style():
    with mpl.rc_context():
        style.use_style()
        yield


def drawn(**said):
    sheet = Sheet(5, 3)
    (chart,) = sheet.axes
    chart.plot([0, 1], [0, 1], "--", color="#aa0000", label="a dashed line")
    chart.plot([0, 1], [1, 0], color="#00aa00")
    chart.scatter([], [], s=36, marker="D", color="#0000aa", label="gjp")
    chart.plot([0, 1], [1, 0], color="#00aa00", label="Third")
    chart.legend(fontsize=8.5, **said)
    return sheet


@pytest.mark.parametrize(
    "said",
    [
        {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 3, "columnspacing": 1.2},
        {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0), "ncols": 2},
        {"loc": "upper center", "bbox_to_anchor": (0.5, -0.2), "frameon": False},
        {"loc": "upper center", "bbox_to_anchor": (0.3, -0.2), "ncols": 9},
    ],
)
def test_a_key_is_where_matplotlib_draws_it(said):
    sheet = drawn(**said)
    ours = svg(sheet)
    assert not sheet.is_realised
    assert differences(parts(ours), parts(svg(sheet.figure))) == []


def test_only_marks_with_a_label_are_in_it_and_it_has_room_beside_the_axes():
    sheet = drawn(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3)
    (chart,) = sheet.axes
    assert [one.label for one in chart.key.samples] == ["a dashed line", "gjp", "Third"]
    svg(sheet)
    left, low, right, top = chart.key.box(chart)
    assert low > chart.box[1] + chart.box[3]
    assert top < 3 * 72
    assert 0 < left < right < 5 * 72


def test_a_key_within_the_axes_or_of_an_area_is_left_to_matplotlib():
    assert drawn(loc="best").is_realised
    sheet = Sheet(5, 3)
    (chart,) = sheet.axes
    chart.fill_between([0, 1], 0, 1, color="#aa0000", label="area")
    chart.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0))
    assert sheet.is_realised
