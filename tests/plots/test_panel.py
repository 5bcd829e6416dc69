"""Ticks that are drawn straight are those that matplotlib draws, in the same places."""

from __future__ import annotations

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.path import Path
from two_stages import PLAN

from repdose import energy, multiverse, volume
from repdose.figures import assumptions, energy_cost, weekly_volume
from repdose.plots import style
from repdose.plots.panel import Panel, Straight
from repdose.plots.svg import Renderer, svg

WHO = {"body_mass_kg": 75.0, "edition": "2024", "convention": "oxygen", "time_basis": "elapsed"}
PERSON = {"stature_m": 1.75, "age_y": 35, "sex": "female"}
NEAR = 0.05  # of a point, which is one unit of a picture


class Recorder(Renderer):
    """Words, lines and marks that a figure draws, without a picture."""

    def __init__(self, figure):
        super().__init__(*(72 * figure.get_size_inches()))
        self.words, self.lines, self.marks = [], [], []

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):  # noqa: ARG002
        looks = prop.get_size_in_points(), prop.get_weight(), mpl.colors.to_hex(gc.get_rgb())
        self.words.append((s, *looks, angle, x, y))

    def draw_path(self, gc, path, transform, rgbFace=None):
        if rgbFace is None:
            self._add(gc, path.transformed(transform))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):  # noqa: ARG002
        mark = marker_path.transformed(marker_trans)
        for place in path.transformed(trans).vertices:
            self._add(gc, Path(mark.vertices + place, mark.codes))

    def _add(self, gc, path):
        """Each part of a line by itself."""
        looks = mpl.colors.to_hex(gc.get_rgb()), gc.get_linewidth()
        points = [points for points, _ in path.iter_segments(simplify=False)]
        codes = [code for _, code in path.iter_segments(simplify=False)]
        for first, second, code in zip(points, points[1:], codes[1:], strict=False):
            if code == Path.LINETO:
                self.lines.append((*looks, *first, *second))


def drawn(figure):
    """What is drawn of a figure's axes, in an order that does not depend on who drew it."""
    figure.set_dpi(72)
    recorder = Recorder(figure)
    for axes in figure.axes:
        axes.xaxis.draw(recorder)
        axes.yaxis.draw(recorder)
    return sorted(recorder.words), sorted(recorder.lines)


def by_matplotlib(figure, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(Straight, "seen", lambda *_: None)
        return drawn(figure)


def bare(**shared):
    figure = Figure(figsize=(4, 3))
    return figure, figure.subplots(subplot_kw={"axes_class": Panel}, **shared)


def assert_alike(ours, theirs):
    for mine, other in zip(ours, theirs, strict=True):
        assert len(mine) == len(other) > 0
        for one, same in zip(mine, other, strict=True):
            for value, wanted in zip(one, same, strict=True):
                assert value == (
                    wanted if isinstance(value, str) else pytest.approx(wanted, abs=NEAR)
                )


def two_lines():
    figure, axes = bare()
    axes.set_ylim(0, 2)
    axes.set_yticks([0, 1, 2], ["one line", "a line\nand a longer line", "a\nb\nc"], fontsize=8)
    axes.set_xticks([0, 0.5, 1], ["p\nq", "", "Ape"])
    axes.set(xlabel="across", ylabel="up")
    return figure


def logarithmic():
    figure, axes = bare()
    axes.set(yscale="log", ylim=(0.3, 30))
    axes.set_yticks([0.5, 1, 10, 100], ["0.5", "1", "10", "beyond"])
    axes.minorticks_off()
    axes.invert_xaxis()
    return figure


def looks_of_each():
    figure, axes = bare()
    axes.set_yticks(range(3), "abc")
    for label, colour, weight in zip(
        axes.get_yticklabels(), ("red", "#00ff00", "blue"), ("bold", 400, "bold"), strict=True
    ):
        label.set_color(colour)
        label.set_fontweight(weight)
    return figure


def without_grid_marks_or_labels():
    figure, axes = bare(sharex=True, nrows=2)
    for one in axes:
        one.grid(axis="x", visible=False)
        one.tick_params(axis="y", length=0, labelsize=7, pad=9, labelcolor="green")
    axes[1].set_yticks([])
    axes[1].set_ylabel("nothing here")
    return figure


def of_a_report(draw, *given, **named):
    return draw(*given, **named)[0]


FIGURES = {
    "two lines": two_lines,
    "logarithmic": logarithmic,
    "looks of each": looks_of_each,
    "without": without_grid_marks_or_labels,
    "energy": lambda: of_a_report(
        energy_cost.energy_by_week, PLAN, energy.weekly_energy(PLAN, **WHO)
    ),
    "tornado": lambda: of_a_report(assumptions.tornado, multiverse.energy(PLAN, **WHO, **PERSON)),
    "specifications": lambda: of_a_report(
        assumptions.specification_curve, multiverse.energy(PLAN, **WHO, **PERSON)
    ),
    "sets": lambda: of_a_report(weekly_volume.sets_by_muscle, volume.weekly_sets(PLAN)),
}


@pytest.fixture(autouse=True)
def in_style():
    with mpl.rc_context():
        style.use_style()
        yield


@pytest.mark.parametrize("name", FIGURES)
def test_ticks_grid_labels_and_names_are_where_matplotlib_draws_them(name, monkeypatch):
    figure = FIGURES[name]()
    svg(figure)  # laid out
    ours = drawn(figure)
    assert_alike(ours, by_matplotlib(figure, monkeypatch))


@pytest.mark.parametrize("name", FIGURES)
def test_an_axis_takes_the_room_that_matplotlib_says_it_takes(name, monkeypatch):
    figure = FIGURES[name]()
    figure.set_dpi(72)
    renderer = Recorder(figure)
    axes = [one for one in figure.axes if one.get_visible()]
    ours = [one.get_tightbbox(renderer, for_layout_only=True).extents for one in axes]
    monkeypatch.setattr(Straight, "seen", lambda *_: None)
    theirs = [one.get_tightbbox(renderer, for_layout_only=True).extents for one in axes]
    np.testing.assert_allclose(ours, theirs, atol=1)  # a name that is collapsed has a dot there


def test_one_tick_is_made_for_all_and_each_for_who_asks():
    figure, axes = style.drawing(3)
    axes.set_xticks([0, 0.25, 1], ["a", "b", "c"], fontsize=6)
    svg(figure)
    assert len(axes.xaxis.majorTicks) == 1
    labels = axes.get_xticklabels()
    assert [label.get_text() for label in labels] == ["a", "b", "c"]
    assert {label.get_fontsize() for label in labels} == {6}
    assert len(axes.xaxis.get_major_ticks()) == 3


@pytest.mark.parametrize(
    "change",
    [
        lambda axes: axes.minorticks_on(),
        lambda axes: axes.xaxis.tick_top(),
        lambda axes: axes.yaxis.tick_right(),
        lambda axes: axes.yaxis.set_label_position("right"),
        lambda axes: axes.tick_params(direction="in"),
        lambda axes: axes.tick_params(axis="x", labelrotation=40),
        lambda axes: axes.grid(linestyle=":"),
        lambda axes: axes.set_xticks([0, 1], ["$x^2$", "b"]),
        lambda axes: axes.set_xticks([0, 1], ["left", "b"], ha="left"),
        lambda axes: axes.set_ylim(1e9, 1e9 + 1),
    ],
)
def test_what_no_report_has_matplotlib_draws(change, monkeypatch):
    figure, axes = bare()
    change(axes)
    figure.set_dpi(72)
    assert None in [axis.seen(Recorder(figure)) for axis in (axes.xaxis, axes.yaxis)]
    assert_alike(drawn(figure), by_matplotlib(figure, monkeypatch))


def test_a_picture_of_another_kind_is_as_of_any_axes():
    shown = []
    for kind in (Panel, Axes):
        figure = Figure(figsize=(4, 3), layout="constrained")
        axes = figure.subplots(subplot_kw={"axes_class": kind})
        axes.plot([0, 2], [10, 30])
        axes.set_yticks([10, 20, 30], ["low", "in the\nmiddle", "high"], fontsize=8)
        axes.tick_params(axis="x", labelsize=7, length=9)
        axes.get_yticklabels()[1].set_color("red")
        axes.set(xlabel="across", ylabel="up", title="both")
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        shown.append(np.asarray(canvas.buffer_rgba()))
    np.testing.assert_array_equal(*shown)


def test_a_grid_that_matplotlib_draws_ends_with_the_axes():
    figure, axes = bare()
    axes.minorticks_on()
    svg(figure)
    lines = [tick.gridline for tick in axes.xaxis.get_major_ticks()]
    assert len(lines) > 1
    assert [line.get_clip_box().bounds for line in lines] == [axes.bbox.bounds] * len(lines)
