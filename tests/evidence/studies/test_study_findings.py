"""Findings carry their unit, interval kind and set unit, and refuse to exist without them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from repdose import evidence as ev
from repdose.evidence.errors import EvidenceError, UnknownRecordError
from repdose.evidence.studies.study_findings import SET_UNITS, Finding

SIX = ("ainsworth2011", "garber2011", "schoenfeld2015", "schoenfeld2017", "westcott2012", "hhs2018")
GOOD = {
    "id": "krieger2010.difference",
    "source": "krieger2010",
    "locator": "abstract",
    "checked": "abstract",
    "quantity": "effect size of several sets minus one set",
    "value": 0.1,
    "low": 0.02,
    "high": 0.19,
    "unit": "effect size",
    "interval": "95% CI",
    "set_unit": "sets per exercise per session",
}


def test_a_weekly_set_adds_what_the_abstract_prints():
    slope = ev.finding("schoenfeld2017.effect_size_per_weekly_set")
    assert (slope.value, slope.unit) == (0.023, "effect size per set")
    assert slope.set_unit == "sets per muscle per week"
    assert slope.source == "schoenfeld2017"
    assert (slope.locator, slope.checked) == ("abstract", "abstract")


def test_the_ledger_knows_the_finding_that_was_looked_up():
    with ev.ledger() as used:
        ev.finding("schoenfeld2017.percent_per_weekly_set")
    assert used.sources() == ["schoenfeld2017"]


def test_browsing_the_table_is_not_using_it():
    with ev.ledger() as used:
        ev.findings()
    assert used.records() == []


def test_each_of_the_six_named_studies_has_its_numbers():
    known = set(ev.findings()["source"]) | set(ev.guidelines()["source"])
    assert known >= set(SIX)


def test_every_dose_says_what_a_set_is():
    table = ev.findings()
    doses = table[table["dose_low"].notna() | table["dose_high"].notna()]
    assert set(doses["set_unit"]) <= set(SET_UNITS)
    assert len(doses) > 0


def test_one_source_can_be_browsed_alone():
    assert set(ev.findings("westcott2012")["source"]) == {"westcott2012"}


def test_an_unknown_finding_names_near_ones():
    with pytest.raises(UnknownRecordError, match=r"schoenfeld2017\.effect_size_per_weekly_set"):
        ev.finding("schoenfeld2017.effect_size_per_set")


def test_an_unknown_source_names_near_ones():
    with pytest.raises(UnknownRecordError, match="schoenfeld2017"):
        ev.findings("schoenfeld2016")


def test_a_finding_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        ev.finding("schoenfeld2017.percent_per_weekly_set").value = 0.38


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "source is required"),
        ({"locator": " "}, "locator is required"),
        ({"checked": "recalled"}, "checked is 'recalled'"),
        ({"source": "krieger2009"}, "does not begin with its source"),
        ({"value": None, "low": None, "high": None, "interval": ""}, "neither a value nor a stat"),
        ({"unit": ""}, "has no unit"),
        ({"set_unit": "sets"}, "set_unit is 'sets'"),
        ({"interval": "SE"}, "interval is 'SE'"),
        ({"interval": ""}, "interval and its ends go together"),
        ({"set_unit": "", "dose_low": 2.0}, "needs its set_unit"),
        ({"value": 0.2}, "out of order"),
        ({"value": float("nan")}, "finite number"),
    ],
)
def test_a_finding_that_lacks_what_it_needs_is_refused(change, message):
    assert Finding(**GOOD).value == 0.1
    with pytest.raises(EvidenceError, match=message):
        Finding(**{**GOOD, **change})
