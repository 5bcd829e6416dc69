"""Published curves against print, and what they refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest

import evidence as ev
from analysis import dose_response as dr


def test_one_more_weekly_set_adds_what_the_abstract_of_schoenfeld_2017_says():
    size = dr.curve_of("schoenfeld2017.slope_effect_size")
    percent = dr.curve_of("schoenfeld2017.slope_percent")
    assert size.response(9, reference_dose=8)["estimate"].item() == pytest.approx(0.023)
    assert percent.response(9, reference_dose=8)["estimate"].item() == pytest.approx(0.37)
    assert percent.slope([1, 9]).tolist() == [0.37, 0.37]


@pytest.mark.parametrize(
    ("curve", "printed"),
    [
        ("schoenfeld2017.categories_effect_size", [0.307, 0.307, 0.378, 0.378, 0.520, 0.520]),
        ("schoenfeld2017.categories_percent", [5.4, 5.4, 6.6, 6.6, 9.8, 9.8]),
    ],
)
def test_the_three_categories_of_schoenfeld_2017_start_at_5_and_at_10_sets(curve, printed):
    answer = dr.curve_of(curve).response([1, 4.9, 5, 9.9, 10, 30])
    assert answer["estimate"].tolist() == printed
    assert answer["low"].isna().all()  # no interval was seen in print
    assert answer["extrapolated"].tolist() == [False, False, False, False, False, True]


def test_a_slope_without_an_intercept_answers_with_differences_and_names_their_reference():
    curve = dr.curve_of("schoenfeld2017.slope_effect_size")
    assert curve.quantity == "difference"
    answer = curve.response([1, 11])
    assert answer["reference_dose"].tolist() == [1, 1]
    assert answer["estimate"].tolist() == pytest.approx([0, 0.23])


def test_the_limits_of_the_ten_set_threshold_are_on_the_curve():
    limits = dr.curve_of("schoenfeld2017.categories_percent").not_valid_for
    assert "0.074" in limits
    assert "trend" in limits


def test_every_curve_has_units_a_range_and_findings_that_were_checked():
    for outcome in dr.OUTCOMES:
        found = dr.curves(outcome=outcome)
        assert found or outcome == "strength"
        for curve in found:
            assert curve.outcome == outcome
            assert curve.dose_unit
            assert curve.outcome_unit
            low, high = curve.studied_range
            assert low is None or high is None or low < high
            for finding in curve.findings:
                assert finding.source == curve.record.source
                assert finding.checked in ("abstract", "second-hand", "full-text")


def test_reading_a_curve_enters_its_findings_in_the_ledger():
    with ev.ledger() as used:
        dr.curve_of("schoenfeld2017.slope_percent").response([5, 10])
    assert used.sources() == ["schoenfeld2017"]
    assert "schoenfeld2017.percent_per_weekly_set" in [record.id for record in used.records()]


def test_a_dose_in_another_unit_is_refused():
    curve = dr.curve_of("schoenfeld2017.slope_percent")
    with pytest.raises(ValueError, match=r"sets per exercise per week.*sets per muscle per week"):
        curve.response([5], dose_unit="sets per exercise per week")


def test_curves_in_different_units_do_not_stand_side_by_side():
    with pytest.raises(ValueError, match="outcome_unit"):
        dr.side_by_side(dr.curves(outcome="hypertrophy")[-2:], [5, 10])


def test_a_gain_and_a_difference_do_not_stand_side_by_side():
    pair = [
        dr.curve_of("schoenfeld2017.categories_percent"),
        dr.curve_of("schoenfeld2017.slope_percent"),
    ]
    with pytest.raises(ValueError, match="quantity"):
        dr.side_by_side(pair, [5, 10])


def test_side_by_side_gives_a_row_for_each_curve_and_dose():
    answer = dr.side_by_side([dr.curve_of("schoenfeld2017.categories_percent")], [2, 12])
    assert answer["curve"].unique().tolist() == ["schoenfeld2017.categories_percent"]
    assert answer["estimate"].tolist() == [5.4, 9.8]


@pytest.mark.parametrize("dose", [-1, math.nan, math.inf, "10", None, [5, math.nan], 1001])
def test_a_dose_that_is_no_dose_is_refused_by_name(dose):
    with pytest.raises(ValueError, match="dose"):
        dr.curve_of("schoenfeld2017.slope_percent").response(dose)


def test_a_reference_dose_cannot_be_chosen_where_the_source_prints_bands():
    with pytest.raises(ValueError, match="reference_dose"):
        dr.curve_of("schoenfeld2017.categories_percent").response([5], reference_dose=2)


def test_an_unknown_curve_or_outcome_says_what_there_is():
    with pytest.raises(KeyError, match=r"schoenfeld2017\.slope_percent"):
        dr.curve_of("schoenfeld2017.slope_percnt")
    with pytest.raises(ValueError, match="hypertrophy, strength"):
        dr.curves(outcome="size")


def test_bands_have_no_slope():
    with pytest.raises(ValueError, match="bands"):
        dr.curve_of("schoenfeld2017.categories_percent").slope(np.array([5.0]))
