"""Columns of each shape, worked on paper."""

from __future__ import annotations

import numpy as np
import pytest

from repdose.dose_response.by_category.shapes import shape_of, weighted_quantiles

DOSES = np.array([0.0, 10, 20, 40, 80])


def columns(text, dose, knots="quantiles", doses=DOSES, weights=None):
    made = shape_of(text, doses, weights, knots)
    return made, made.at(np.array([dose]), 0.0)[0]


def test_a_restricted_cubic_spline_on_paper():
    """Knots 0, 20, 80 at dose 40: (40³ - 20³ · 80/60)/80² = (64000 - 10666.7)/6400 = 8.3333."""
    made, row = columns("rcs(3)", 40.0, knots=[0, 20, 80])
    assert made.knots == (0, 20, 80)
    assert row == pytest.approx([40, (64000 - 8000 * 80 / 60) / 6400])
    _, beyond = columns("rcs(3)", 100.0, knots=[0, 20, 80])
    _, further = columns("rcs(3)", 120.0, knots=[0, 20, 80])
    _, last = columns("rcs(3)", 140.0, knots=[0, 20, 80])
    assert further - beyond == pytest.approx(last - further)  # straight beyond the last knot


def test_four_doses_of_other_shapes_on_paper():
    assert columns("quadratic", 40.0)[1].tolist() == [40, 1600]
    assert columns("piecewise(15, 30)", 40.0)[1].tolist() == [40, 25, 10]
    assert columns("fp(0.5, 2)", 40.0)[1] == pytest.approx([np.sqrt(40), 1600])
    assert columns("fp(1, 1)", 40.0)[1] == pytest.approx([40, 40 * np.log(40)])
    assert columns("spike + linear", 40.0)[1].tolist() == [1, 40]
    assert columns("spike + linear", 0.0)[1].tolist() == [0, 0]


def test_a_logarithm_of_dose_0_is_shifted_by_the_least_step_and_says_so():
    made, row = columns("fp(0)", 40.0)
    assert row == pytest.approx([np.log(50) - np.log(10)])
    assert made.note == "10 was added to the dose, since 0 has no logarithm"
    assert columns("fp(0.5)", 40.0)[0].note == ""


def test_quantiles_of_people_on_paper():
    """Ten people at 0 and ten at 10: half-way between their middles, at a quarter and three."""
    found = weighted_quantiles(np.array([10.0, 0.0]), np.array([10.0, 10.0]), (0.1, 0.5, 0.9))
    assert found == pytest.approx([0, 5, 10])


def test_knots_by_person_years_need_them_and_are_drawn_to_them():
    weights = np.array([1.0, 1, 1, 1, 96])
    with pytest.raises(ValueError, match="needs n in every row"):
        columns("rcs(3)", 40.0, knots="person-years")
    many = np.array([20.0, 20, 20, 20, 20])
    even = columns("rcs(3)", 40.0, knots="person-years", weights=many)[0].knots
    assert even == pytest.approx((0, 20, 80))
    # middles of the weights lie at 0.5, 1.5, 2.5, 3.5 and 52 %: 40 + 40 (10 - 3.5)/48.5 = 45.36
    crowded = columns("rcs(3)", 40.0, knots="person-years", weights=weights)[0].knots
    assert crowded == pytest.approx((45.3608, 78.3505, 80), abs=1e-4)


def test_knots_that_fall_together_at_the_reference_have_those_of_the_others_proposed():
    # two studies with 80 at none each; of the others, ten each at 10 to 80, the middles of the
    # weights lie at 12.5, 37.5, 62.5 and 87.5 %
    doses, weights = np.array([0, 0, *DOSES[1:]]), np.array([80.0, 80, 10, 10, 10, 10])
    with pytest.raises(
        ValueError, match=r"knots 0, 0, .* give them, as knots=\[10, 30, 80\], those of all above 0"
    ):
        columns("rcs(3)", 40.0, knots="person-years", doses=doses, weights=weights)


def test_knots_are_not_passed_over_by_a_shape_that_has_none():
    with pytest.raises(ValueError, match=r"shape 'linear' has no knots; got \[0, 20, 80\]: leave"):
        columns("linear", 40.0, knots=[0, 20, 80])


@pytest.mark.parametrize(
    ("text", "doses", "knots", "says"),
    [
        ("rcs(3)", [0, 0, 60, 60, 60], "quantiles", "the doses are 0, 60: take linear$"),
        ("rcs(3)", [0, 60, 60, 0], [0, 30, 60], "2 coefficients and the doses 0, 60 tell 1 apart"),
        ("rcs(3)", DOSES, [0, 20, 20], "knots 0, 20, 20 are not increasing.*give them, as knots="),
        ("rcs(3)", DOSES, [0, 20], "3 knots are asked for and 2 given"),
        ("rcs(3)", DOSES, ["a", "b", "c"], "knots must be .quantiles., .person-years. or doses"),
        ("rcs(3)", DOSES, [0, np.nan, 60], "knots 0, nan, 60 are not increasing"),
        ("rcs(3)", DOSES, "deciles", "or doses; got 'deciles'"),
        ("piecewise(60, 30)", DOSES, "quantiles", "not known; write one of"),
        ("linear", [0, 0, 0], "quantiles", "1 coefficients and the doses 0 tell 0 apart"),
        (3, DOSES, "quantiles", "shape must be text, one of linear"),
    ],
)  # fmt: skip
def test_a_shape_that_cannot_be_is_refused_with_a_proposal(text, doses, knots, says):
    with pytest.raises(ValueError, match=says):
        shape_of(text, np.array(doses, float), None, knots)
