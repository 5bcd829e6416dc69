"""Energy conventions, intensity classes, oxygen equivalents and metabolic equations."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from repdose import evidence as ev
from repdose.evidence import tables
from repdose.evidence.body.metabolic_equations import equation_terms
from repdose.evidence.compendia.conventions import (
    EnergyConvention,
    energy_convention,
    intensity_bands,
)
from repdose.evidence.errors import EvidenceError, UnknownRecordError


def test_the_oxygen_convention_is_worth_five_percent_more():
    oxygen, compendium = (energy_convention(name) for name in ("oxygen", "compendium"))
    assert (oxygen.convention, compendium.convention) == ("oxygen", "compendium")
    # 3.5 mL/kg/min is 0.21 L/kg/h
    assert math.isclose(oxygen.oxygen_ml_kg_min * 0.06 * oxygen.energy_kcal_l, 1.05)
    assert compendium.energy_kcal_kg_h == 1


def test_a_convention_is_given_by_oxygen_or_by_energy_and_not_by_both():
    kind = {"id": "c.x", "source": "s", "locator": "l", "checked": "abstract", "words": "w"}
    for numbers in (
        {},
        {"oxygen_ml_kg_min": 3.5},
        {"oxygen_ml_kg_min": 3.5, "energy_kcal_l": 5.0, "energy_kcal_kg_h": 1.0},
    ):
        with pytest.raises(EvidenceError, match="give either"):
            EnergyConvention(convention="x", **kind, **numbers)


def test_an_unknown_convention_names_the_two():
    with pytest.raises(UnknownRecordError, match="compendium"):
        energy_convention("kcal")


def test_intensity_classes_leave_no_gap_and_no_overlap():
    bands = intensity_bands()
    assert [band.band for band in bands] == ["sedentary", "light", "moderate", "vigorous"]
    assert bands[0].low_met is None
    assert bands[-1].high_met is None
    for below, above in pairwise(bands):
        assert below.high_met == above.low_met
        assert below.high_included is not above.low_included


def test_three_mets_are_moderate_and_six_vigorous():
    _, light, moderate, vigorous = intensity_bands()
    assert not light.high_included
    assert moderate.low_included
    assert vigorous.low_included


def test_lusk_is_linear_in_the_respiratory_quotient_to_a_thousandth():
    for row in tables.table("lusk").rows:
        line = 4.686 + (row["rq"] - 0.707) / 0.293 * 0.361
        assert abs(line - row["energy_kcal_l"]) < 0.0015


def test_weir_at_a_quotient_of_085_is_within_half_a_percent_of_lusk():
    terms = equation_terms("weir1949")
    weir = terms["oxygen"].coefficient + 0.85 * terms["carbon_dioxide"].coefficient
    lusk_085 = next(row["energy_kcal_l"] for row in tables.table("lusk").rows if row["rq"] == 0.85)
    assert math.isclose(weir, 4.8835)
    assert abs(weir / lusk_085 - 1) < 0.005


def uptake(equation, **doses):
    """Sum of the terms, each coefficient times its dose."""
    terms = equation_terms(equation)
    return sum(terms[name].coefficient * dose for name, dose in doses.items())


def test_metabolic_equations_give_the_worked_examples():
    # 100 m/min at 5 %; 160 m/min level; 600 kg m/min at 70 kg; 300 kg m/min at 70 kg
    assert math.isclose(uptake("acsm_walking", rest=1, speed=100, speed_times_grade=5), 22.5)
    assert math.isclose(uptake("acsm_running", rest=1, speed=160, speed_times_grade=0), 35.5)
    legs = uptake("acsm_leg_cycling", rest=1, unloaded=1, power_per_mass=600 / 70)
    assert round(legs, 2) == 22.43
    assert round(uptake("acsm_arm_cycling", rest=1, power_per_mass=300 / 70), 2) == 16.36


def test_stepping_gives_the_published_example():
    # 30 steps a minute on a 12 inch bench
    factor = equation_terms("acsm_stepping")["lowering_factor"].coefficient
    found = uptake("acsm_stepping", rest=1, rate=30, lift=factor * 30 * 0.3048)
    assert round(found, 1) == 31.4


def test_reading_an_equation_enters_its_terms_in_the_ledger():
    with ev.ledger() as used:
        equation_terms("weir1949")
    assert used.sources() == ["weir1949"]
    assert len(used.records()) == 2


def test_an_unknown_equation_names_near_ones():
    with pytest.raises(UnknownRecordError, match="acsm_walking"):
        equation_terms("acsm_walk")
