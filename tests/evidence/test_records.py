"""Every kind of record says in a line what it says; no two records share an id."""

from __future__ import annotations

from collections import Counter

import pytest

from repdose import evidence as ev
from repdose.evidence.body.anthropometry import constant
from repdose.evidence.body.resting_equations import equation
from repdose.evidence.compendia.conventions import intensity_bands
from repdose.evidence.compendia.met_tables import edition
from repdose.evidence.records import Record
from repdose.evidence.training.leg_raises import geometry
from repdose.evidence.training.recommendations import by_id as thresholds


@pytest.fixture(scope="module")
def records():
    return ev.every_record()


def test_every_kind_of_record_is_among_them(records):
    # by name: a class with slots is made twice, and the first stays until it is collected
    kinds = {kind.__name__ for kind in Record.__subclasses__() if "evidence." in kind.__module__}
    # what a pack corrects is in no table of ours
    assert {type(record).__name__ for record in records} == kinds - {"PackCorrection"}


def test_every_record_says_more_than_its_id_in_one_line(records):
    for record in records:
        assert record.stated.strip() == record.stated != record.id, record.id
        assert "\n" not in record.stated
        assert "None" not in record.stated, record.id


def test_no_two_records_share_an_id(records):
    assert [id for id, count in Counter(record.id for record in records).items() if count > 1] == []


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (ev.finding("bazvalle2022.triceps"), "(p = 0.01)"),
        (ev.finding("lindegren2022.lowering_angle"), ": 72.36 degrees (SD 12.54)"),
        (ev.finding("krause2005.lowering_angle_men"), ": 15.4 degrees (SE 2.3)"),
        (ev.finding("haddock2006.net_energy_1_set"), ": 234.7 kJ (± 13.4)"),
        (ev.finding("mcgill2015.hanging_rectus_abdominis"), ": above 130 % MVC"),
        (ev.finding("ralston2017.effect_size_low"), ": 0.82 effect size (95 % CI 0.47 to 1.17)"),
        (thresholds()["garber2011.resistance_sets"], " (sets: 2 to 4)"),
        (thresholds()["hhs2018.resistance_sets"], " (sets: at least 1)"),
        (
            thresholds()["garber2011.intensity_heart_rate_reserve_very_light"],
            " (% of heart-rate reserve: up to 30)",
        ),
        (
            ev.derived_finding("derived.pelland2026_percent_10_to_20_sets"),
            ": 2.359 percentage points (95 % CrI 1.385 to 3.314)",
        ),
        (intensity_bands()[1], "above sedentary and below 3 METs"),
        (
            edition("older-2024"),
            "2024 Older Adult Compendium (MET60+): one MET is 2.7 mL/kg/min",
        ),
        (
            ev.exercise("lying_straight_leg"),
            "straight-leg raise, lying: tempo 2-1-2-0 s",
        ),
        (geometry("lying_straight_leg"), "lying straight leg: thigh from 5 to 90 degrees"),
        (
            equation("mifflin1990")[0],
            "5 + 9.99 × body mass in kg + 6.25 × stature in cm − 4.92 × age in y, in kcal/day",
        ),
        (constant("standard_gravity"), "standard gravity: 9.80665 m/s2"),
        (constant("quasi_static_limit"), "quasi static limit: 0.1"),
    ],
)
def test_a_record_is_stated_with_its_number_interval_and_unit(record, said):
    assert record.stated.endswith(said)
