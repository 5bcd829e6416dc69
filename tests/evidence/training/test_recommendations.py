"""Guidelines as thresholds: what is there, for whom, and in the ledger."""

from __future__ import annotations

import pytest

from repdose import evidence as ev
from repdose.evidence.errors import EvidenceError, UnknownRecordError
from repdose.evidence.training.recommendations import Guideline, muscle_groups


def by_quantity(key, domain, population):
    return {
        row.quantity: (row.low, row.high)
        for row in ev.guideline(key)
        if row.domain == domain and row.population == population
    }


def test_the_acsm_asks_most_adults_for_two_to_four_sets_on_two_to_three_days():
    asked = by_quantity("garber2011", "resistance", "most adults")
    assert asked["sessions_per_week"] == (2, 3)
    assert asked["sets_per_exercise"] == (2, 4)
    assert asked["repetitions"] == (8, 12)
    assert asked["rest_between_sets_min"] == (2, 3)
    assert asked["hours_between_sessions"] == (48, None)


def test_the_us_guidelines_ask_adults_for_strengthening_on_two_days():
    assert by_quantity("hhs2018", "resistance", "adults")["sessions_per_week"] == (2, None)


def test_reading_a_guideline_enters_every_threshold_in_the_ledger():
    with ev.ledger() as used:
        rows = ev.guideline("hhs2018")
    assert {record.id for record in used.records()} == {row.id for row in rows}
    assert used.sources() == ["hhs2018"]


def test_both_lists_of_muscle_groups_have_seven_and_differ_in_the_trunk():
    acsm, us = muscle_groups("garber2011"), muscle_groups("hhs2018")
    assert len(acsm) == len(us) == 7
    assert set(acsm) ^ set(us) == {"trunk", "abdomen"}


def test_both_guidelines_put_the_aerobic_target_at_the_same_met_minutes():
    table = ev.guidelines()
    rows = table[table["quantity"] == "met_minutes_per_week"].set_index("guideline")
    assert set(rows.index) == {"garber2011", "hhs2018"}
    assert (rows["low"] == 500).all()
    assert (rows["high"] == 1000).all()
    # 150 minutes at 3.0 METs are 450, and 75 at 6.0 as much: print rounds up


def test_goals_and_names_of_levels_are_not_advice_for_most_adults():
    table = ev.guidelines()
    asked = table[table["population"].isin(["adults", "most adults"])]
    assert not asked["outcome"].eq("muscular endurance").any()
    assert not asked.index.str.startswith("hhs2018.level_").any()
    levels = table.loc[["hhs2018.level_insufficient", "hhs2018.level_active"]]
    assert levels["high"].tolist() == [150, 300]


def test_an_unknown_guideline_names_near_ones():
    with pytest.raises(UnknownRecordError, match="hhs2018"):
        ev.guideline("hhs2011")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"domain": "core"}, "domain is 'core'"),
        ({"words": ""}, "words is required"),
        ({"guideline": "hhs2018"}, "does not begin with"),
        ({"low": 4.0}, "is above high"),
        ({"unit": ""}, "without a unit"),
        ({"locator": ""}, "locator is required"),
    ],
)
def test_a_threshold_that_lacks_what_it_needs_is_refused(change, message):
    good = {
        "id": "garber2011.resistance_sessions_per_week",
        "guideline": "garber2011",
        "domain": "resistance",
        "quantity": "sessions_per_week",
        "low": 2.0,
        "high": 3.0,
        "unit": "sessions per week",
        "words": "train two to three times a week",
        "source": "garber2011",
        "locator": "abstract",
        "checked": "abstract",
    }
    assert Guideline(**good).low == 2
    with pytest.raises(EvidenceError, match=message):
        Guideline(**{**good, **change})
