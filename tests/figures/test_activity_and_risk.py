"""The curve of risk as drawn, and what its alt text says of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from repdose.dose_response import grouped
from repdose.figures.activity_and_risk import risk_curve


@pytest.fixture(scope="module")
def fit():
    """Without error: -0.006 x + 4e-5 x², lowest at 75 with exp(-0.225) = 0.80."""
    x = np.array([0, 30, 90, 150.0])
    one = pd.DataFrame(
        {"dose": x, "log_rr": -0.006 * x + 4e-5 * x**2, "se": [np.nan, 0.05, 0.05, 0.1]}
    )
    table = pd.concat([one.assign(study="a"), one.assign(study="b"), one.assign(study="c")])
    return grouped(table, shape="quadratic", covariance="independent", method="fixed")


def test_the_alt_text_has_the_numbers_of_the_curve(fit):
    _, alt = risk_curve(fit, unit="min/week", marks={"elapsed": 30.0})
    assert alt.startswith("9 classes of 3 cohorts at 0 to 150 min/week")
    assert "lowest point drawn, 75: 0.80 (" in alt
    assert "elapsed, 30: 0.87 (" in alt  # exp(-0.144)
    assert "end, 150: 1.00 (" in alt


def test_everything_stands_in_the_figure_on_a_log_axis(fit):
    figure, _ = risk_curve(fit, unit="min/week", marks={"elapsed": 30.0}, covered=120.0)
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    marks = [one for one in axes.collections if isinstance(one, PathCollection)]
    shown = np.concatenate([np.asarray(one.get_offsets()) for one in marks])
    assert len(shown) == 9
    assert shown[:3, 1] == pytest.approx(np.exp([-0.144, -0.216, 0.0]))
    sizes = marks[0].get_sizes()
    assert sizes[0] > sizes[2]  # a larger error, a smaller mark
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["a", "b", "c"]
    assert "elapsed" in [text.get_text() for text in axes.texts]
    low, high = axes.get_ylim()
    assert low < np.exp(-0.225) < 1 < high
    # the grey ground begins where hardly anybody was studied
    grounds = [one for one in axes.patches if one.get_x() == 120.0]
    assert len(grounds) == 1
    bare, _ = risk_curve(fit, unit="min/week")
    assert not bare.axes[0].patches


def drawn(axes):
    """Points of each line, in the order of drawing."""
    return [np.asarray(line.get_xydata(), float) for line in axes.lines]


def test_the_curve_its_bands_and_each_cohorts_own_are_those_of_the_fit(fit):
    figure, _ = risk_curve(fit, unit="min/week", marks={"elapsed": 30.0, "working": 10.0})
    (axes,) = figure.axes
    one, low, high, *own, mean, square, elapsed, working = drawn(axes)
    assert one[:, 1].tolist() == [1, 1]
    doses = np.linspace(0, 150, 201)
    curve = np.exp(-0.006 * doses + 4e-5 * doses**2)
    assert mean[:, 0] == pytest.approx(doses)
    assert mean[:, 1] == pytest.approx(curve, rel=1e-9)
    # cohorts without error of their own have the mean's curve, to their last dose
    assert len(own) == 3
    for line in own:
        assert line[:, 0] == pytest.approx(doses)
        assert line[:, 1] == pytest.approx(curve, rel=1e-6)
    table = fit.curve(doses, reference=0)
    assert {one.get_linestyle() for one in axes.lines[1:3]} == {"--"}
    for line in (low, high):
        assert line[:, 0] == pytest.approx(doses)
    assert low[:, 1] == pytest.approx(table["pi_low"])
    assert high[:, 1] == pytest.approx(table["pi_high"])
    band = next(one for one in axes.collections if not isinstance(one, PathCollection))
    heights = {(x, y) for x, y in band.get_paths()[0].vertices.round(9).tolist()}
    for column in ("ci_low", "ci_high"):
        assert {(150.0, round(float(table[column].iloc[-1]), 9))} <= heights
    assert square.tolist() == [[0, 1]]  # the reference
    assert (elapsed[:, 0].tolist(), working[:, 0].tolist()) == ([30, 30], [10, 10])
    # named at their upper ends, the smaller at the edge and the larger below its name
    assert (elapsed[:, 1].tolist(), working[:, 1].tolist()) == ([0, 0.94], [0, 1])
    bottom, top = axes.get_ylim()
    named = {text.get_text(): text for text in axes.texts}
    assert {name: text.xy for name, text in named.items()} == {
        "elapsed": (30, 0.94),
        "working": (10, 1),
    }
    assert all(text.xycoords == axes.get_xaxis_transform() for text in named.values())
    assert {text.get_rotation() for text in named.values()} == {0}
    # six hundredths of all that is drawn above and below it, on the log scale
    seen = np.log([*table["pi_low"], *table["pi_high"], *np.exp([-0.144, -0.216, 0.0])])
    room = 0.06 * (seen.max() - seen.min())
    assert np.log([bottom, top]) == pytest.approx([seen.min() - room, seen.max() + room])
    ticks = axes.get_yticks()
    assert len(ticks) >= 3
    assert ((bottom <= ticks) & (ticks <= top)).all()
    assert [label.get_text() for label in axes.get_yticklabels()] == [f"{tick:g}" for tick in ticks]
    assert axes.get_xlim() == pytest.approx((-3, 153))
    assert axes.get_xlabel() == "Dose [min/week]; the square is the reference"
    assert axes.get_ylabel() == "Ratio of risk, log scale"


def test_ground_is_grey_where_hardly_anybody_was_studied_alone(fit):
    for covered, grounds in ((120.0, [(120, 30)]), (150.0, []), (200.0, [])):
        (axes,) = risk_curve(fit, unit="min/week", covered=covered)[0].axes
        assert [(one.get_x(), one.get_width()) for one in axes.patches] == grounds


def test_doses_of_the_alt_text_have_the_decimals_asked_for(fit):
    _, alt = risk_curve(fit, unit="MET-h/week", marks={"elapsed": 30.25}, digits=1)
    assert alt.startswith(
        "9 classes of 3 cohorts at 0 to 150 MET-h/week and their curve of the ratio of risk "
        "against 0. lowest point drawn, 75.0: 0.80 ("
    )
    assert "; elapsed, 30.2: 0.87 (" in alt
    assert "; end, 150.0: 1.00 (" in alt
    at = fit.curve(75.0, reference=0).iloc[0]
    assert (
        f"75.0: 0.80 ({at['ci_low']:.2f} to {at['ci_high']:.2f}; further cohort "
        f"{at['pi_low']:.2f} to {at['pi_high']:.2f})"
    ) in alt


def test_the_least_dose_studied_is_the_reference():
    x = np.array([10, 30, 90, 150.0])
    one = pd.DataFrame({"dose": x, "log_rr": -0.002 * (x - 10), "se": [np.nan, 0.05, 0.05, 0.1]})
    line = grouped(
        pd.concat([one.assign(study=name) for name in "abc"]),
        shape="linear",
        covariance="independent",
        method="fixed",
    )
    figure, alt = risk_curve(line, unit="min/week")
    mean, square = drawn(figure.axes[0])[-2:]
    assert mean[[0, -1]] == pytest.approx(np.array([[10, 1], [150, np.exp(-0.28)]]))
    assert square.tolist() == [[10, 1]]
    assert figure.axes[0].get_xlim() == pytest.approx((10 - 0.02 * 140, 153))
    assert "lowest point drawn, 150: 0.76 (" in alt


def test_a_cohorts_own_curve_ends_at_its_last_dose_and_its_marks_by_precision():
    x = np.array([0, 30, 90, 150.0])
    one = pd.DataFrame({"dose": x, "log_rr": -0.002 * x, "se": [np.nan, 0.05, 0.05, 0.1]})
    table = pd.concat([one.assign(study="a"), one.assign(study="b"), one[:3].assign(study="c")])
    line = grouped(table, shape="linear", covariance="independent", method="fixed")
    (axes,) = risk_curve(line, unit="min/week")[0].axes
    ends = [own[-1, 0] for own in drawn(axes)[3:6]]
    assert ends == [150, 150, 90]
    marks = [one for one in axes.collections if isinstance(one, PathCollection)]
    marks, key = marks[::2], marks[1::2]
    assert [(list(one.get_sizes()), len(one.get_offsets())) for one in key] == [([36], 0)] * 3
    # 4 to 150 points squared, in proportion to precision: 1 / 0.05^2 is four times 1 / 0.1^2
    sizes = [list(one.get_sizes()) for one in marks]
    assert sizes == [pytest.approx([150, 150, 4 + 146 / 4])] * 2 + [pytest.approx([150, 150])]
    assert not any(one.get_clip_on() for one in marks)  # a mark at the last dose is whole
