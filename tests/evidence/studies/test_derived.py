"""Derived numbers are computed from their parents, named, and say what they cannot tell."""

from __future__ import annotations

import csv
import math
from dataclasses import replace

import pytest

from repdose import evidence as ev
from repdose.evidence.errors import EvidenceError, UnknownRecordError
from repdose.evidence.studies.derived import FORMULAS, built, derived_by_id
from repdose.evidence.studies.study_findings import by_id
from repdose.evidence.tables import table

# Worked by hand from print: gains over no sets of 2.21, 4.18 and 6.12 % at 4, 10 and 18 sets and
# 6.54 % at 20; ln(1.1272) x 2 for one session; and the quotients of the rest.
BY_HAND = {
    "pelland2026_size_per_root_set": (0.01768, 5),
    "pelland2026_percent_4_to_10_sets": (1.97, 2),
    "pelland2026_percent_10_to_18_sets": (1.94, 2),
    "pelland2026_percent_10_to_20_sets": (2.36, 2),
    "pelland2026_strength_per_frequency": (0.2395, 4),
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
    root = ev.derived_finding("derived.pelland2026_size_per_root_set")
    assert (round(root.low, 4), round(root.high, 4)) == (0.0106, 0.0244)
    assert root.interval == "95% CrI"
    assert root.set_unit == "fractional sets per muscle per week"
    more = ev.derived_finding("derived.pelland2026_percent_10_to_20_sets")
    assert (more.low, more.high) == pytest.approx((1.38, 3.31), abs=0.01)
    sessions = ev.derived_finding("derived.pelland2026_strength_per_frequency")
    assert (round(sessions.low, 4), round(sessions.high, 4)) == (0.2010, 0.2804)


def test_every_printed_gain_alone_gives_the_root_coefficient_within_its_rounding():
    root = ev.derived_finding("derived.pelland2026_size_per_root_set")
    # ln(1.0221) / (sqrt(5) - 1), ln(1.0418) / (sqrt(11) - 1), ... by a pocket calculator
    alone = {4: 0.01768, 10: 0.01768, 20: 0.01768, 30: 0.01768, 45: 0.01769}
    assert [parent.rsplit("_", 2)[1] for parent in root.parents] == [str(n) for n in alone]
    for sets, coefficient in alone.items():
        gain = ev.finding(f"pelland2026.size_percent_{sets}_sets")
        assert math.log1p(gain.value / 100) / (math.sqrt(sets + 1) - 1) == pytest.approx(
            coefficient, abs=2e-5
        )
        assert root.value == pytest.approx(coefficient, abs=2e-5)


def test_a_root_coefficient_without_every_interval_has_none():
    gains = [by_id()[f"pelland2026.size_percent_{sets}_sets"] for sets in (4, 10)]
    bare = replace(gains[1], low=None, high=None, interval="")
    value, low, high = FORMULAS["root coefficient"][0]([gains[0], bare], (None, None))
    assert value == pytest.approx(0.01768, abs=2e-5)
    assert low is None
    assert high is None


def test_the_value_is_not_in_the_table():
    with table("derived_findings").path.open(encoding="utf-8") as file:
        assert "value" not in next(csv.reader(file))


def test_reading_a_derived_number_enters_it_and_its_parents_and_nothing_else():
    derived_by_id.cache_clear()
    with ev.ledger() as used:
        ev.derived_finding("derived.vezina2014_method_ratio_lunge")
    assert [record.id for record in used.records()] == [
        "derived.vezina2014_method_ratio_lunge",
        "vezina2012.lunge_met",
        "vezina2014.lunge_met",
    ]
    assert used.sources() == ["vezina2012", "vezina2014"]


def test_a_derived_number_is_checked_no_better_than_its_weakest_parent():
    root = ev.derived_finding("derived.pelland2026_strength_per_frequency")
    assert root.checked == "second-hand"
    assert root.locator == "computed from pelland2026.strength_percent_1_session"


def test_every_derived_number_says_what_it_cannot_tell():
    rows = ev.derived_findings()
    assert (rows["cannot_tell"].str.len() > 0).all()
    root = ev.derived_finding("derived.pelland2026_size_per_root_set")
    assert "prediction interval is far wider" in root.cannot_tell
    with pytest.raises(EvidenceError, match="cannot_tell is required"):
        replace(root, cannot_tell="")


def test_parents_that_count_sets_differently_are_not_joined():
    cells = {"id": "derived.x", "quantity": "q", "unit": "u", "assumes": "a", "cannot_tell": "c"}
    mixed = "schoenfeld2017.effect_size_per_weekly_set; krieger2010.effect_size_1_set"
    with pytest.raises(EvidenceError, match="differ in set unit"):
        built(formula="ratio", parents=mixed, dose_from=None, dose_to=None, **cells)


def test_a_parent_that_is_not_there_is_refused():
    cells = {"id": "derived.x", "quantity": "q", "unit": "u", "assumes": "a", "cannot_tell": "c"}
    with pytest.raises(UnknownRecordError, match="schoenfeld2017"):
        built(formula="ratio", parents="schoenfeld2017.x", dose_from=None, dose_to=None, **cells)


def test_a_gain_without_its_dose_gives_no_coefficient():
    slope = by_id()["pelland2026.strength_percent_per_weekly_set"]
    with pytest.raises(EvidenceError, match="at which one dose"):
        FORMULAS["root coefficient"][0]([slope], (None, None))
    level = by_id()["pelland2026.strength_percent_1_session"]
    with pytest.raises(EvidenceError, match="dose_to must say"):
        FORMULAS["reciprocal coefficient"][0]([level], (None, None))
    gain = by_id()["pelland2026.size_percent_4_sets"]
    with pytest.raises(EvidenceError, match="needs dose_from and dose_to"):
        FORMULAS["root difference"][0]([gain], (4, None))


def test_an_unknown_derived_number_names_near_ones():
    with pytest.raises(UnknownRecordError, match="size_per_root_set"):
        ev.derived_finding("derived.pelland2026_root")
