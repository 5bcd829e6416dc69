"""Derived numbers are computed from their parents, named, and say what they cannot tell."""

from __future__ import annotations

import csv
from dataclasses import replace

import pytest

import evidence as ev
from evidence.derived_findings import FORMULAS, _all, _build
from evidence.errors import EvidenceError, UnknownRecordError
from evidence.findings import by_id
from evidence.tables import table

# Worked by hand from print: 0.24 [0.15, 0.33] at 12.25 sets, and the quotients of the rest.
BY_HAND = {
    "pelland2026_percent_per_root_set": (1.68, 2),
    "pelland2026_percent_4_to_10_sets": (1.95, 2),
    "pelland2026_percent_10_to_18_sets": (1.82, 2),
    "pelland2026_percent_10_to_20_sets": (2.20, 2),
    "schoenfeld2017_percent_per_effect_size_slope": (16.1, 1),
    "schoenfeld2017_percent_per_effect_size_contrast": (16.2, 1),
    "schoenfeld2017_percent_per_effect_size_under_5_sets": (17.6, 1),
    "schoenfeld2017_percent_per_effect_size_10_plus_sets": (18.8, 1),
    "haddock2006_recovery_share_1_set": (40, 0),
    "haddock2006_recovery_share_3_sets": (14, 0),
    "vezina2014_method_ratio_push_up": (2.09, 2),
    "vezina2014_method_ratio_pull_up": (2.58, 2),
    "vezina2014_method_ratio_lunge": (1.86, 2),
    "byrne2005_standard_over_measured": (1.35, 2),
}


def test_every_derived_number_is_worked_by_hand():
    shipped = {name.removeprefix("derived.") for name in ev.derived_findings().index}
    assert shipped == set(BY_HAND)


@pytest.mark.parametrize(("name", "expected"), BY_HAND.items())
def test_a_derived_number_is_what_hand_calculation_gives(name, expected):
    value, places = expected
    assert round(ev.derived_finding(f"derived.{name}").value, places) == value


def test_the_interval_is_the_parents_interval_through_the_same_formula():
    root = ev.derived_finding("derived.pelland2026_percent_per_root_set")
    assert (round(root.low, 2), round(root.high, 2)) == (1.05, 2.31)
    assert root.interval == "95% CrI"
    assert root.set_unit == "fractional sets per muscle per week"


def test_the_value_is_not_in_the_table():
    with table("derived_findings").path.open(encoding="utf-8") as file:
        assert "value" not in next(csv.reader(file))


def test_reading_a_derived_number_enters_it_and_its_parents_and_nothing_else():
    _all.cache_clear()
    with ev.ledger() as used:
        ev.derived_finding("derived.vezina2014_method_ratio_lunge")
    assert [record.id for record in used.records()] == [
        "derived.vezina2014_method_ratio_lunge",
        "vezina2012.lunge_met",
        "vezina2014.lunge_met",
    ]
    assert used.sources() == ["vezina2012", "vezina2014"]


def test_a_derived_number_is_checked_no_better_than_its_weakest_parent():
    root = ev.derived_finding("derived.pelland2026_percent_per_root_set")
    assert root.checked == "second-hand"
    assert root.locator == "computed from pelland2026.hypertrophy_percent_per_weekly_set"


def test_every_derived_number_says_what_it_cannot_tell():
    rows = ev.derived_findings()
    assert (rows["cannot_tell"].str.len() > 0).all()
    root = ev.derived_finding("derived.pelland2026_percent_per_root_set")
    assert "constant" in root.cannot_tell
    with pytest.raises(EvidenceError, match="cannot_tell is required"):
        replace(root, cannot_tell="")


def test_parents_that_count_sets_differently_are_not_joined():
    cells = {"id": "derived.x", "quantity": "q", "unit": "u", "assumes": "a", "cannot_tell": "c"}
    mixed = "schoenfeld2017.effect_size_per_weekly_set; krieger2010.effect_size_1_set"
    with pytest.raises(EvidenceError, match="differ in set unit"):
        _build(formula="ratio", parents=mixed, dose_from=None, dose_to=None, **cells)


def test_a_parent_that_is_not_there_is_refused():
    cells = {"id": "derived.x", "quantity": "q", "unit": "u", "assumes": "a", "cannot_tell": "c"}
    with pytest.raises(UnknownRecordError, match="schoenfeld2017"):
        _build(formula="ratio", parents="schoenfeld2017.x", dose_from=None, dose_to=None, **cells)


def test_a_slope_without_its_dose_gives_no_coefficient():
    slope = by_id()["pelland2026.strength_percent_per_weekly_set"]
    with pytest.raises(EvidenceError, match="at which dose"):
        FORMULAS["root coefficient"][0]([slope], (None, None))


def test_an_unknown_derived_number_names_near_ones():
    with pytest.raises(UnknownRecordError, match="percent_per_root_set"):
        ev.derived_finding("derived.pelland2026_root")
