"""Resting-energy equations: bands without gaps, units as printed, conversions that agree."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from repdose import evidence as ev
from repdose.evidence.body import resting_equations
from repdose.evidence.body.resting_equations import SEXES, RestingEquation, equation
from repdose.evidence.errors import EvidenceError, UnknownRecordError

# The kcal forms that print gives beside Schofield's MJ forms: (intercept, per kg).
SCHOFIELD_KCAL = {
    ("male", 18): (692.2, 15.057),
    ("male", 30): (873.1, 11.472),
    ("male", 60): (587.7, 11.711),
    ("female", 18): (486.6, 14.818),
    ("female", 30): (845.6, 8.126),
    ("female", 60): (658.5, 9.082),
}


@pytest.mark.parametrize("name", resting_equations.names())
@pytest.mark.parametrize("sex", SEXES)
def test_age_bands_of_an_equation_meet_without_gap_or_overlap(name, sex):
    rows = equation(name, sex)
    for below, above in pairwise(rows):
        assert below.age_high_y == above.age_low_y
    assert rows[-1].age_high_y is None


@pytest.mark.parametrize("name", resting_equations.names())
def test_the_rows_of_an_equation_ask_for_the_same_things(name):
    assert len({row.needs for row in equation(name)}) == 1


@pytest.mark.parametrize(("key", "kcal"), SCHOFIELD_KCAL.items())
def test_schofield_in_megajoules_gives_the_printed_kilocalories(key, kcal):
    sex, age = key
    (row,) = (row for row in equation("schofield1985_weight", sex) if row.age_low_y == age)
    # print rounds the MJ form to 1 kJ, so the kcal form agrees to half of that
    assert abs(row.kcal_day["intercept"] - kcal[0]) < 0.06
    assert abs(row.kcal_day["body_mass_kg"] - kcal[1]) < 0.0006


def test_henry_with_height_in_metres_is_the_centimetre_form_times_a_hundred():
    row = equation("henry2005_weight_height", "male")[0]
    assert math.isclose(row.kcal_day["stature_m"] / 100, 3.13)


def test_harris_and_benedict_give_the_worked_examples():
    for sex, mass, stature, age, expected in (
        ("male", 70, 1.75, 35, 1668.2375),
        ("female", 60, 1.65, 35, 1370.4375),
        ("male", 100, 1.80, 50, 2004.477),
    ):
        (row,) = equation("harris1918", sex)
        each = row.kcal_day
        found = (
            each["intercept"]
            + each["body_mass_kg"] * mass
            + each["stature_m"] * stature
            + each["age_y"] * age
        )
        assert math.isclose(found, expected, abs_tol=1e-9)


def test_mifflin_in_full_and_rounded_are_two_equations():
    full, rounded = equation("mifflin1990", "male")[0], equation("mifflin1990_rounded", "male")[0]
    assert (full.per_kg, rounded.per_kg) == (9.99, 10)
    assert (full.per_y, rounded.per_y) == (-4.92, -5)


def test_only_cunningham_asks_for_lean_mass():
    asking = [
        name for name in resting_equations.names() if "lean_mass_kg" in equation(name)[0].needs
    ]
    assert asking == ["cunningham1980"]


def test_each_sex_of_owen_comes_from_its_own_paper():
    with ev.ledger() as used:
        equation("owen", "female")
    assert used.sources() == ["owen1986"]


def test_recalled_equations_are_not_there():
    with pytest.raises(UnknownRecordError, match="harris1918"):
        equation("roza1984")


def test_a_sex_that_has_no_row_is_refused():
    with pytest.raises(UnknownRecordError, match="female"):
        equation("owen", "f")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sex": "m"}, "sex is 'm'"),
        ({"energy_unit": "kJ/day"}, "energy_unit is 'kJ/day'"),
        ({"per_stature": 6.25}, "per_stature and stature_unit go together"),
        ({"stature_unit": "cm"}, "per_stature and stature_unit go together"),
    ],
)
def test_a_row_without_its_units_is_refused(change, message):
    good = {
        "id": "x.male",
        "equation": "x",
        "sex": "male",
        "intercept": 1.0,
        "energy_unit": "kcal/day",
        "source": "s",
        "locator": "l",
        "checked": "abstract",
    }
    assert RestingEquation(**good).needs == ()
    with pytest.raises(EvidenceError, match=message):
        RestingEquation(**{**good, **change})
