"""Verdicts against the recommendations as printed."""

import pytest

from analysis import adherence, progression
from evidence.errors import UnknownRecordError

STAGE = {
    "variant": "hanging_straight_leg",
    "weeks": 1,
    "sessions_per_week": 3,
    "sets": 3,
    "repetitions": 10,
    "rest_s": 150,
}


def verdicts(guideline="garber2011", **changes):
    plan = progression.plan([{**STAGE, **changes}])
    return adherence.compare(plan, guideline=guideline).set_index("criterion")


def test_a_plan_inside_every_bound_meets_them():
    found = verdicts()["verdict"]
    for criterion in (
        "sessions a week",
        "sets of an exercise",
        "repetitions in a set",
        "rest between sets",
        "time between sessions",
    ):
        assert found[criterion] == "met", criterion


@pytest.mark.parametrize(
    ("changes", "criterion", "why"),
    [
        ({"sessions_per_week": 1}, "sessions a week", "below the 2 to 3"),
        ({"sessions_per_week": 4}, "sessions a week", "above the 2 to 3"),
        ({"sets": 1}, "sets of an exercise", "below the 2 to 4"),
        ({"sets": 5}, "sets of an exercise", "above the 2 to 4"),
        ({"repetitions": 7}, "repetitions in a set", "below the 8 to 12"),
        ({"repetitions": 13}, "repetitions in a set", "above the 8 to 12"),
        ({"rest_s": 119}, "rest between sets", "below the 2 to 3 min"),
        ({"rest_s": 181}, "rest between sets", "above the 2 to 3 min"),
        ({"sessions_per_week": 4}, "time between sessions", "below the at least 48 h"),
    ],
)
def test_each_bound_is_missed_on_its_own_side(changes, criterion, why):
    row = verdicts(**changes).loc[criterion]
    assert row["verdict"] == "not met"
    assert why in row["why"]


@pytest.mark.parametrize(
    "edge", [{"rest_s": 120}, {"rest_s": 180}, {"repetitions": 8}, {"sets": 4}]
)
def test_bounds_are_included(edge):
    named = {
        "rest_s": "rest between sets",
        "repetitions": "repetitions in a set",
        "sets": "sets of an exercise",
    }
    assert verdicts(**edge).loc[named[next(iter(edge))], "verdict"] == "met"


def test_muscle_groups_that_leg_raises_leave_out_are_named():
    row = verdicts().loc["major muscle groups"]
    assert row["verdict"] == "not met"
    for group in ("chest", "shoulders", "back", "arms"):
        assert group in row["why"]
    assert row["planned"] == "hips, legs, trunk"


def test_what_the_plan_cannot_tell_is_not_comparable_and_never_met():
    found = verdicts()
    assert found.loc["effort", "verdict"] == "not comparable"
    aerobic = found[found.index.str.contains("aerobic")]
    assert len(aerobic) >= 5
    assert set(aerobic["verdict"]) == {"not comparable"}


def test_bouts_of_time_are_not_held_against_repetitions():
    row = verdicts(variant="flutter_kick", repetitions=None, set_duration_s=30).loc[
        "repetitions in a set"
    ]
    assert row["verdict"] == "not comparable"


def test_us_guidelines_ask_for_two_days():
    assert verdicts("hhs2018", sessions_per_week=2).loc["sessions a week", "verdict"] == "met"
    assert verdicts("hhs2018", sessions_per_week=1).loc["sessions a week", "verdict"] == "not met"


def test_every_verdict_has_words_and_a_record():
    for guideline in ("garber2011", "hhs2018"):
        found = verdicts(guideline)
        assert set(found["verdict"]) <= {"met", "not met", "not comparable"}
        assert found["why"].str.len().min() > 10
        assert found["record"].str.startswith(guideline).all()


def test_an_unknown_guideline_is_refused_with_those_there_are():
    with pytest.raises(UnknownRecordError, match="no guideline 'acsm'; near it: acsm"):
        verdicts("acsm")


def test_a_guideline_without_advice_for_all_adults_gives_an_empty_table_with_its_columns():
    plan = progression.plan([STAGE])
    table = adherence.compare(plan, guideline="acsm2009")
    assert table.empty
    assert list(table.columns) == list(adherence.compare(plan).columns)
