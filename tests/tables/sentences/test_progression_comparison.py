"""Sentences beside plans: what no plan of the default report shows, worked by hand."""

from types import SimpleNamespace

import pandas as pd

from repdose import progression
from repdose.tables.sentences import progression_comparison as sentences

STAGE = {
    "variant": "lying_straight_leg",
    "weeks": 1,
    "sessions_per_week": 3,
    "sets": 3,
    "repetitions": 10,
    "rest_s": 60,
}


def plan(**changes):
    return progression.plan([{**STAGE, **changes}])


def test_the_guideline_that_bounds_a_rule_is_cited_in_its_place():
    ruled = SimpleNamespace(rule="two for two within garber2011, from 2 sets")
    assert sentences.rule_words(ruled) == (
        "two for two within the recommendations [@garber2011], from 2 sets"
    )


def test_advice_is_compared_if_any_plan_is_whichever_comes_first():
    counted, bouts = plan(), plan(variant="flutter_kick", repetitions=None, set_duration_s=30)
    for plans in ({"A": counted, "B": bouts}, {"A": bouts, "B": counted}):
        assert "repetitions in a set" not in sentences.not_compared(plans, edition="2024")
    assert "repetitions in a set" in sentences.not_compared({"A": bouts}, edition="2024")


def test_lengths_run_from_the_shortest_to_the_longest():
    plans = {letter: plan(weeks=weeks) for letter, weeks in zip("ABC", (4, 12, 1), strict=True)}
    assert sentences.weeks_words(plans) == "1 to 12 weeks long"


def test_ends_are_level_in_the_decimals_asked_for():
    values = pd.Series({"A": 1.24, "B": 1.21, "C": 1.3})
    assert sentences.ends_of(values, digits=1) == {"least": ["A", "B"], "most": ["C"]}
    assert sentences.ends_of(values, digits=2) == {"least": ["B"], "most": ["C"]}
    assert sentences.ends_of(values)["least"] == ["A", "B", "C"]


def impulse(*values):
    return pd.DataFrame(
        {"plan": "A", "week": week, "metric": "moment_time_impulse", "value": value}
        for week, value in enumerate(values, start=1)
    )


def test_a_rise_of_one_percent_is_a_rise():
    said = sentences.jump_words({"A": plan(weeks=2)}, impulse(100, 101))
    assert "rises most, by 1 %, in week 2 of plan A" in said
    level = sentences.jump_words({"A": plan(weeks=2)}, impulse(100, 100))
    assert level == "The hip's moment-time impulse rises from no week to the next."


def test_the_rests_are_set_against_the_mean_week_however_long_a_plan():
    frame = pd.DataFrame(
        [
            {"plan": letter, "week": week, "metric": f"gross_energy_{basis}", "value": value}
            for basis, by in {"elapsed": {"A": 100, "B": 60}, "working": {"A": 50, "B": 55}}.items()
            for letter, value in by.items()
            for week in ((1,) if letter == "A" else (1, 2, 3))
        ]
    )
    # a mean week of A has more, though B has more in all its weeks
    assert sentences.basis_words(frame) == (
        "Without the rests the energy of a mean week is less by between 8 (B) and 50 % (A). "
        "By working time alone they come in another order: least A, most B."
    )


def test_a_plan_is_said_to_have_weeks_without_a_model_and_not_to_have_none():
    energy, tail = pd.Series({"Mixed": 3.0, "Raises": 2.0}), "a model of the hip moment of."
    said = sentences.order_words(energy, pd.Series({"Raises": 1.0}))
    assert said == f"Mixed has weeks without any exercise that there is {tail}"
    said = sentences.order_words(energy, pd.Series(dtype=float))
    assert said == f"Every plan has weeks without any exercise that there is {tail}"
    energy["Squats"] = 4.0
    said = sentences.order_words(energy, pd.Series({"Raises": 1.0}))
    assert said == f"Mixed and Squats have weeks without any exercise that there is {tail}"


def test_where_every_plan_has_a_model_the_orders_are_compared():
    energy = pd.Series({"Mixed": 3.0, "Raises": 2.0})
    assert sentences.order_words(energy, 10 * energy) == (
        "By hip moment times time they come in the same order."
    )
