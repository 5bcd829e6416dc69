"""Figures of the mechanics report: what is drawn, and what alt text and labels say of it."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
import worked_reports as worked
from two_stages import title
from worked_mechanics import MAN, SHORT, inertia_kgm2, moments, percent_range

from repdose import mechanics
from repdose.figures import leg_raise_mechanics as figures
from repdose.tables import leg_raise_mechanics as tables

A, B = moments(80, 1.80, "male")
PANELS = {
    "Lying": [
        "lying_bent_knee",
        "lying_straight_leg",
        "lying_single_leg",
        "flutter_kick",
    ],
    "Hanging": ["hanging_knee_raise", "hanging_straight_leg"],
}


@pytest.fixture(scope="module")
def load():
    return mechanics.relative_load(body_mass_kg=80.0, stature_m=1.80)


def test_moment_by_angle_draws_the_closed_forms():
    figure, alt = figures.moment_by_angle(**MAN)
    said = []
    for axes, (heading, variants) in zip(figure.axes, PANELS.items(), strict=True):
        assert title(axes) == heading
        *lines, zero = axes.lines
        assert list(zero.get_ydata()) == [0, 0]
        assert [line.get_label() for line in lines] == [SHORT[name] for name in variants]
        assert len({str(line.get_linestyle()) for line in lines}) == len(lines)
        for line, variant in zip(lines, variants, strict=True):
            start, end = worked.RANGE.get(variant, (5, 90))
            angles, drawn = line.get_xdata(), line.get_ydata()
            assert (angles[0], angles[-1]) == (start, end)
            expected = [worked.moment(variant, at, A, B) for at in angles]
            assert list(drawn) == pytest.approx(expected, abs=1e-9)
            said.append(
                f"{SHORT[variant]} from {expected[0]:.0f} at {start}° to {expected[-1]:.0f} N m "
                f"at {end}°"
            )
        shown = [text.get_text() for text in axes.get_legend().get_texts()]
        assert shown == [SHORT[name] for name in variants]
    lying, hanging = figure.axes
    assert lying.get_xlabel() == "Thigh above the horizontal [deg]"
    assert hanging.get_xlabel() == "Thigh from straight down [deg]"
    assert lying.get_ylabel() == "Hip moment, both sides [N m]"
    assert lying.get_ylim() == hanging.get_ylim()
    assert alt == f"Gravitational hip moment against angle. {'; '.join(said)}."


def test_shares_of_the_straight_leg_raise(load):
    figure, alt = figures.share_of_straight_leg(load)
    found = worked.shares(80, 1.80)
    names = list(worked.VARIANTS)[::-1]
    said = []
    for axes, quantity in zip(figure.axes, ("peak", "mean", "work"), strict=True):
        assert title(axes) == quantity.capitalize()
        low = [100 * min(found[quantity][name]) for name in names]
        high = [100 * max(found[quantity][name]) for name in names]
        widths = [bar.get_width() for bar in axes.patches]
        assert widths == pytest.approx([(a + b) / 2 for a, b in zip(low, high, strict=True)])
        middles = [bar.get_y() + bar.get_height() / 2 for bar in axes.patches]
        assert middles == pytest.approx(list(range(7)))
        (ranges,) = axes.collections
        drawn = np.array(ranges.get_segments())
        assert drawn[:, 0, 0] == pytest.approx(low)
        assert drawn[:, 1, 0] == pytest.approx(high)
        assert drawn[:, 0, 1] == pytest.approx(range(7))
        (whole,) = axes.lines
        assert list(whole.get_xdata()) == [100, 100]
        words = [percent_range(found[quantity][name]) for name in names]
        assert [text.get_text() for text in axes.texts] == words
        assert [text.xy for text in axes.texts] == [
            (pytest.approx(end), at) for at, end in enumerate(high)
        ]
        assert list(axes.get_xticks()) == [0, 100]
        left, right = axes.get_xlim()
        assert left == 0
        largest = max(max(end) for of in found.values() for end in of.values())
        assert right == pytest.approx(1.6 * 100 * largest)
        assert axes.get_ylim() == figure.axes[0].get_ylim()
        assert axes.get_subplotspec().get_gridspec().ncols == 3
        said.append(
            f"{quantity}: "
            + ", ".join(
                f"{SHORT[name]} {word}" for name, word in zip(names[::-1], words[::-1], strict=True)
            )
        )
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == [SHORT[name] for name in names]
    assert figure.get_supxlabel() == "Share of the same person's straight-leg raise [%]"
    assert alt == f"Share of the straight-leg raise, in percent. {'; '.join(said)}."


def test_the_inertial_share_falls_with_the_square_of_the_time():
    reps = tables.repetitions(**MAN)
    figure, alt = figures.inertial_share_by_tempo(reps, **MAN)
    (axes,) = figure.axes
    peak = worked.peak("lying_straight_leg", A, B) / 2
    turned = inertia_kgm2(0) * math.radians(85)
    jerk, triangle, limit, own = axes.lines
    assert jerk.get_linestyle() != triangle.get_linestyle()
    assert (own.get_marker(), len(own.get_xdata())) == ("o", 1)
    edges = []
    for line, fastest in ((jerk, 10 / math.sqrt(3)), (triangle, 4.0)):
        seconds = np.asarray(line.get_xdata())
        assert (seconds[0], seconds[-1]) == pytest.approx((0.5, 4.0))
        expected = 100 * turned * fastest / peak / seconds**2
        assert list(line.get_ydata()) == pytest.approx(list(expected))
        edges.append(math.sqrt(turned * fastest / peak / 0.1))
    assert list(limit.get_ydata()) == [10, 10]
    at_own = 100 * turned * 10 / math.sqrt(3) / peak / 4
    assert (own.get_xdata()[0], own.get_ydata()[0]) == (2, pytest.approx(at_own))
    texts = {text.get_text(): text for text in axes.texts}
    assert set(texts) == {
        "minimum jerk",
        "triangular",
        "10 %",
        f"straight-leg raise: {at_own:.0f} %",
    }
    for words, line in (("minimum jerk", jerk), ("triangular", triangle)):
        at, height = texts[words].xy
        near = np.argmin(np.abs(np.asarray(line.get_xdata()) - at))
        assert height == line.get_ydata()[near]
    assert texts["10 %"].get_position() == (pytest.approx(4.0), pytest.approx(11))
    assert texts[f"straight-leg raise: {at_own:.0f} %"].xy == (2, pytest.approx(at_own))
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert list(axes.get_xticks()) == [0.5, 1, 2, 3, 4]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["0.5", "1", "2", "3", "4"]
    assert list(axes.get_yticks()) == [1, 3, 10, 30, 100, 300]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "1",
        "3",
        "10",
        "30",
        "100",
        "300",
    ]
    assert axes.get_xlabel() == "Time of one way [s]"
    assert axes.get_ylabel() == "Inertial share of the peak [%]"
    assert alt == (
        "Inertial share of the straight-leg raise falls with the square of the time of one way. "
        f"It passes 10 % at {edges[0]:.1f} s (minimum jerk) and {edges[1]:.1f} s (triangular); "
        f"at the usual 2 s it is {at_own:.0f} %."
    )


def test_the_time_at_the_limit_is_a_root_and_the_usual_time_that_of_the_way_up(monkeypatch):
    # 0.5058 at one second falls to a tenth at the root of 5.058, 2.249 s
    one = SimpleNamespace(inertial_share=0.5058)
    monkeypatch.setattr(figures.mechanics, "repetition", lambda *_, **__: one)
    quick = SimpleNamespace(name="straight-leg raise", up_s=1.5, down_s=3.0)
    monkeypatch.setattr(figures, "exercise", lambda _: quick)
    figure, alt = figures.inertial_share_by_tempo({figures.REFERENCE: one})
    assert (
        "It passes 10 % at 2.2 s (minimum jerk) and 2.2 s (triangular); at the usual 1.5 s" in alt
    )
    assert figure.axes[0].lines[-1].get_xdata()[0] == 1.5
