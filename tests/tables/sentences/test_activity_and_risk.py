"""Sentences of the report on minutes and risk: every branch, by made-up numbers."""

from __future__ import annotations

import pandas as pd
import pytest

from repdose import evidence as ev
from repdose import progression
from repdose.dose_response import grouped
from repdose.tables import activity_and_risk as tables
from repdose.tables.sentences import activity_and_risk as sentences
from repdose.tables.sentences import dose_response as of_trials

NAN = float("nan")


def fit_of(log_ratios, *, cohorts=3, shape="quadratic", se=0.01):
    """Cohorts that agree, with the log ratios at 30, 90 and 150 min/week."""
    one = pd.DataFrame(
        {"dose": [0, 30, 90, 150], "log_rr": [0, *log_ratios], "se": [NAN, se, se, se]}
    )
    table = pd.concat(one.assign(study=f"c{i}") for i in range(cohorts))
    return grouped(table, shape=shape, covariance="independent", method="fixed")


@pytest.mark.parametrize(
    ("variants", "says"),
    [
        (["lying_straight_leg"], "leg raises alone were never studied."),
        (["common.back_squat"], "this plan was never studied."),
        (["lying_straight_leg", "common.back_squat"], "this plan was never studied."),
    ],
)
def test_what_was_never_studied_is_what_is_planned(variants, says):
    stage = {"weeks": 1, "sessions_per_week": 2, "sets": 3, "repetitions": 10, "rest_s": 60}
    with ev.pack("common"):
        planned = progression.plan([stage | {"variant": one} for one in variants])
        assert sentences.not_an_effect(planned) == f"An association, no effect; {says}"
        why = "no trial trained leg raises" if "leg" in says else "the trials trained other plans"
        assert of_trials.illustration(planned) == f"an illustration, since {why}"


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ((0.8, 0.99), "below that with none"),
        ((0.8, 1.0), "not told apart from that with none"),
        ((1.0, 1.2), "not told apart from that with none"),
        ((1.01, 1.2), "above that with none"),
    ],
)
def test_where_an_interval_lies(ends, says):
    assert sentences.where(*ends) == says


@pytest.mark.parametrize(
    ("found", "says"),
    [
        ({"at_edge": False, "dose": 79.6}, "the risk is lowest at 80 min/week"),
        ({"at_edge": True, "dose": 0.0}, "the risk is nowhere lower than at none"),
        (
            {"at_edge": True, "dose": 150.0},
            "the risk falls to the end of the doses studied, 150 min/week",
        ),
    ],
)
def test_where_a_curve_is_lowest(found, says):
    assert sentences.lowest(found, (0.0, 150.0), "min/week") == says


def test_the_ratio_at_the_lowest_dose():
    assert sentences.at_lowest({"rr": 1.0}, "x") == "The curve does not fall below 1."
    assert sentences.at_lowest({"rr": 0.8}, "0.80 (0.7 to 0.9)") == (
        "Where the curve is lowest, the ratio is 0.80 (0.7 to 0.9)."
    )


@pytest.mark.parametrize(
    ("spans", "says"),
    [
        ([], "is at no dose below 1."),
        ([(0, 150)], "lies below 1 at every dose studied."),
        ([(0, 92.3)], "lies below 1 up to 92 min/week and no further."),
        ([(40, 150)], "lies below 1 from 40 on min/week."),
        ([(0, 20), (60, 90)], "lies below 1 up to 20 and from 60 to 90 min/week and no further."),
    ],
)
def test_where_the_upper_limit_is_below_one(spans, says):
    assert sentences.upper_limit(spans, (0, 150)) == f"The upper limit of the ratio {says}"


def test_doses_told_below_one_are_those_of_the_fit():
    # -0.006 x + 4e-5 x²: lowest at 75, back at 1 at 150
    u_shape = fit_of([-0.006 * x + 4e-5 * x * x for x in (30, 90, 150)])
    ((low, high),) = sentences.told_below(u_shape)
    assert low == 0
    assert 130 < high < 150
    assert sentences.told_below(fit_of([-0.1, -0.3, -0.5], shape="linear")) == [(0, 150)]
    assert sentences.told_below(fit_of([0.1, 0.3, 0.5], shape="linear")) == []


def test_minutes_beyond_those_studied():
    assert sentences.outside(150, (0, 150)) == ""
    assert sentences.outside(301, (0, 194.5)) == (
        "301 min/week lie beyond the 194 that were studied: what the curve gives there is an "
        "extrapolation."
    )


@pytest.mark.parametrize(
    ("ends", "says"),
    [
        ((0.8, 1.04), "it need not find a lower risk than at none."),
        ((0.8, 1.0), "it need not find a lower risk than at none."),
        ((1.0, 1.2), "it need not find a lower risk than at none."),
        ((0.8, 0.9), "its risk would lie below that at none."),
        ((1.1, 1.2), "its risk would lie above that at none."),
    ],
)
def test_what_a_further_cohort_may_find(ends, says):
    assert (
        sentences.prediction("X", *ends)
        == f"A further cohort may find X at the same minutes: {says}"
    )


def test_few_cohorts_are_said_to_be_few():
    two, three = fit_of([-0.1, -0.2, -0.1], cohorts=2), fit_of([-0.1, -0.2, -0.1])
    assert sentences.too_few(two) == ", too few for a sure interval,"
    assert sentences.few_cohorts(two) == (
        "2 cohorts give no degrees of freedom to the 2 coefficients of the curve: intervals use "
        "the normal quantile and are too narrow."
    )
    assert sentences.too_few(three) == sentences.few_cohorts(three) == ""


def test_cohorts_that_differ_and_that_do_not():
    assert sentences.heterogeneity({"p": 0.04, "i2": 0.801}) == (
        "The cohorts' own curves differ by more than chance (I² 80 %): the mean curve is that of "
        "no single one."
    )
    assert sentences.heterogeneity({"p": 0.05, "i2": 0.0}) == (
        "The cohorts' own curves differ no more than chance would have it (I² 0 %)."
    )


def test_deaths_fewer_and_more():
    assert sentences.absolute([-0.94, 2.0], ["a", "b"], 1000) == (
        "In 1,000 person-years that would be 0.9 fewer by one cohort's rate [@a] and 2.0 more by "
        "one cohort's rate [@b], were it an effect."
    )
    assert "would be 0.0 more by" in sentences.absolute([0.0], ["a"], 1000)


def test_every_shape_of_the_curve_has_its_words():
    assert sentences.SHAPES == {
        "quadratic": "a quadratic",
        "spline": "a restricted cubic spline of three knots",
        "root": "a square root and a line",
    }
    assert list(sentences.SHAPES) == list(tables.SHAPES)
