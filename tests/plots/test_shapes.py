"""Each kind of mark is drawn as matplotlib draws it, and what is not known is left to it."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.transforms import IdentityTransform
from pictured import differences, parts

from repdose.plots import style
from repdose.plots.sheet import Sheet
from repdose.plots.svg import svg

RED = "#aa0000"
X = np.linspace(0, 10, 40)
Y = np.sin(X)
HOLED = np.where((X > 3) & (X < 5), np.nan, Y)

SHADES = {
    **{"X": np.eye(3), "aspect": "auto", "cmap": "Greys", "vmin": 0, "vmax": 1},
    **{"interpolation": "nearest", "extent": (0, 1, 0, 1)},
}
STILL = IdentityTransform()

MARKS = {
    "a line": lambda chart: chart.plot(X, Y, color=RED),
    "a line with holes": lambda chart: chart.plot(X, HOLED, "--", color=RED, linewidth=1),
    "a line beyond the axes": lambda chart: (
        chart.plot(X * 5 - 20, Y * 9, ":", color=RED),
        chart.set_xlim(0, 1),
        chart.set_ylim(0, 1),
    ),
    "a line of many points": lambda chart: chart.plot(
        np.linspace(0, 9, 400), np.sqrt(np.linspace(0, 9, 400)), color=RED
    ),
    "marks": lambda chart: chart.plot(X, Y, "o", color=RED, markersize=4, markerfacecolor="white"),
    "a mark": lambda chart: chart.plot([1], [2], marker="s", color=RED, markersize=7),
    "a line with marks": lambda chart: chart.plot(
        X, Y, color=RED, marker="o", linestyle=(1, (6, 1.5, 1.2, 1.5)), linewidth=1.7
    ),
    "nothing": lambda chart: chart.plot([], [], "o", color=RED),
    "steps": lambda chart: chart.step(X, Y, where="mid", color=RED),
    "lines across": lambda chart: (
        chart.axhline(0.3, color=RED),
        chart.axvline(2, ymax=0.5, color=RED, linestyle="-."),
    ),
    "segments": lambda chart: (
        chart.hlines([1, 2, np.nan], 0, [3, 4, 5], color=RED, linewidth=5),
        chart.vlines(2, 0, 9, color=RED, linestyle=(0, (4, 2))),
    ),
    "bars": lambda chart: chart.bar(
        [1, 2, 4], [3, -1, 0], width=[0.5, 1, 1], color=[RED, "#00aa00", RED]
    ),
    "level bars": lambda chart: chart.barh([1, 2, 3], [3, 0, -2], height=0.6, left=1, color=RED),
    "ground": lambda chart: chart.axvspan(0.2, 0.6, color=RED, alpha=0.5, linewidth=0),
    "an area": lambda chart: chart.fill_between(X, Y, 1, color=RED, alpha=0.4),
    "an area with holes": lambda chart: chart.fill_between(X, HOLED, -Y, color=RED, linewidth=0),
    "an area of steps": lambda chart: chart.fill_between(X, 0, Y, step="mid", color=RED),
    "an upright area": lambda chart: chart.fill_betweenx(X, Y - 1, Y + 1, color=RED, alpha=0.4),
    "a polygon": lambda chart: chart.fill([0, 1, 2, 1], [0, 1, 0, -1], color=RED, zorder=3),
    "dots of one size": lambda chart: chart.scatter(X, Y, s=20, color=RED, edgecolor="white"),
    "dots by size": lambda chart: chart.scatter(X, Y, s=X + 2, facecolor="none", edgecolor=RED),
    "squares by size": lambda chart: chart.scatter(X, Y, s=X + 2, marker="s", color=RED),
    "dots beyond the axes": lambda chart: (
        chart.scatter([0, 1], [0, 1], s=[90, 400], color=RED, clip_on=False),
        chart.set_xlim(0, 1),
        chart.set_ylim(0, 1),
    ),
    "shades": lambda chart: chart.imshow(
        np.arange(60).reshape(6, 10) / 59,
        aspect="auto",
        cmap="Greys",
        vmin=0,
        vmax=1.25,
        interpolation="nearest",
        extent=(0, 10, 5.5, -0.5),
    ),
    "words": lambda chart: (
        chart.text(0.2, 0.3, "two\nlines", color=RED, ha="center", va="top"),
        chart.text(0.5, 0.9, "a share", color=RED, transform=chart.get_yaxis_transform()),
        chart.annotate(
            "beside", (0.7, 0.2), xytext=(4, -12), textcoords="offset points", color=RED
        ),
        chart.annotate("far", (3, 3), color=RED),
        chart.annotate(
            "far, and shown",
            (0.2, 0.2),
            xytext=(0.9, 0.5),
            annotation_clip=False,
            color=RED,
            fontweight="bold",
        ),
        chart.annotate("corner", (0.98, 0.95), xycoords="axes fraction", ha="right", color=RED),
        chart.annotate("up", (0.4, 0.5), xycoords=chart.get_xaxis_transform(), color=RED),
        chart.annotate("grounded", (0.5, 0.5), color=RED, bbox=style.GROUND),
        chart.text(0.4, 0.4, "", color=RED),
    ),
    "a title and names": lambda chart: (
        chart.set_title("Two\nlines"),
        chart.set_xlabel("below", fontsize=8),
        chart.set_ylabel("left"),
    ),
    "what lies above what": lambda chart: (
        chart.axvline(2, color=RED, zorder=0.5),
        chart.bar([1, 2], [1, 2], width=1, color="#00aa00", zorder=4),
    ),
}


@pytest.fixture(autouse=True)
def in_style():
    with mpl.rc_context():
        style.use_style()
        yield


@pytest.mark.parametrize("kind", MARKS)
def test_a_mark_is_where_matplotlib_draws_it(kind):
    sheet = Sheet(5, 3)
    MARKS[kind](sheet.axes[0])
    ours = svg(sheet)
    assert not sheet.is_realised
    found = differences(parts(ours), parts(svg(sheet.figure)))
    # Matplotlib's ground of words has its pad in hundredths of their size
    assert [looks for looks, _ in found if looks[:2] != ("#ffffff", None)] == []
    assert kind == "words" or found == []


def colours(text):
    return [one.partition('"')[0] for one in text.split('fill="#')[3:]]


def test_what_lies_higher_is_drawn_later():
    sheet = Sheet(5, 3)
    (chart,) = sheet.axes
    chart.text(0.5, 0.5, "words", color="#000003")
    chart.plot([0, 1], [0, 1], "o", color="#000002")
    chart.bar([0, 1], [0.5, 1], width=1, color="#000001")
    chart.fill([0, 1, 0], [0, 0, 1], color="#000004", zorder=9)
    drawn = [one for one in colours(svg(sheet)) if one.startswith("00000")]
    assert list(dict.fromkeys(drawn)) == ["000001", "000002", "000003", "000004"]


@pytest.mark.parametrize(
    "say",
    [
        lambda chart: chart.plot([0, 1]),  # heights alone
        lambda chart: chart.plot([0, 1], [1, 2]),  # in the next colour
        lambda chart: chart.plot([0, 1], [1, 2], color="red"),
        lambda chart: chart.plot([0, 1], [1, 2], color=RED, alpha=0.5),
        lambda chart: chart.plot([0, 1], [1, 2], color=RED, linestyle="dashed"),
        lambda chart: chart.text(0, 0, "$x^2$", color=RED),
        lambda chart: chart.errorbar([1], [2], yerr=1),
        lambda chart: chart.legend([]),
        lambda chart: chart.set_xlim((0, 4)),
        # values of what is known otherwise
        lambda chart: chart.plot([0, 1], [1, 2], "o-", color=RED),
        lambda chart: chart.step([0, 1], [1, 2], where="pre", color=RED),
        lambda chart: chart.axvspan(0, 1, color=RED, alpha=1, linewidth=2),
        lambda chart: chart.fill_between([0, 1], 0, 1, color=RED, step="post"),
        lambda chart: chart.imshow(**{**SHADES, "aspect": "equal"}),
        lambda chart: chart.imshow(**{**SHADES, "interpolation": "bilinear"}),
        lambda chart: chart.imshow(**{**SHADES, "cmap": "viridis"}),
        lambda chart: chart.text(0, 0, "a", color=RED, ha="center", va="top", transform=STILL),
        lambda chart: chart.annotate("a", (0, 0), color=RED, xycoords="figure fraction"),
        lambda chart: chart.annotate(
            "a", (0, 0), xytext=(1, 1), textcoords="axes fraction", color=RED
        ),
        lambda chart: chart.annotate("a", (0, 0), color=RED, bbox={"facecolor": RED}),
        lambda chart: chart.annotate("a", (0, 0), color=RED, fontweight="light"),
        lambda chart: chart.set_title("a", fontweight="light"),
        lambda chart: chart.get_yticklabels()[0].set_color("red"),
        lambda chart: chart.get_yticklabels()[0].set_fontweight("light"),
        lambda chart: chart.sheet.supxlabel("$x^2$"),
        lambda chart: (
            chart.scatter([1], [1], s=4, color=RED, label="a"),
            chart.legend(loc="upper center", bbox_to_anchor=(0, 0), frameon=True),
        ),
    ],
)
def test_what_is_not_known_is_asked_of_matplotlib_with_all_that_was_said_before(say):
    sheet = Sheet(5, 3)
    (chart,) = sheet.axes
    chart.bar([1], [2], width=1, color=RED)
    chart.set_yticks([0, 1], ["a", "b"])
    say(chart)
    chart.set_ylabel("said later")
    assert sheet.is_realised
    (axes,) = sheet.figure.axes
    assert axes.patches[0].get_height() == 2
    assert axes.get_ylabel() == "said later"
    assert RED in svg(sheet)
