"""Resting energy against sums done by hand from the printed coefficients."""

import numpy as np
import pytest

from repdose.resting import resting_energy_kcal_day


@pytest.mark.parametrize(
    ("equation", "person", "by_hand"),
    [
        ("harris1918", (70, 1.75, 35, "male"), 1668.2375),
        ("harris1918", (60, 1.65, 35, "female"), 1370.4375),
        ("harris1918", (100, 1.80, 50, "male"), 2004.477),
        ("mifflin1990", (70, 1.75, 35, "male"), 9.99 * 70 + 6.25 * 175 - 4.92 * 35 + 5),
        ("mifflin1990", (60, 1.65, 35, "female"), 9.99 * 60 + 6.25 * 165 - 4.92 * 35 - 161),
        ("mifflin1990_rounded", (70, 1.75, 35, "male"), 700 + 1093.75 - 175 + 5),
        ("schofield1985_weight", (70, 1.75, 29, "male"), (0.063 * 70 + 2.896) * 1000 / 4.184),
        ("schofield1985_weight", (70, 1.75, 30, "male"), (0.048 * 70 + 3.653) * 1000 / 4.184),
        ("schofield1985_weight", (60, 1.65, 60, "female"), (0.038 * 60 + 2.755) * 1000 / 4.184),
    ],
)
def test_equation_by_hand(equation, person, by_hand):
    assert resting_energy_kcal_day(*person, equation=equation) == pytest.approx(by_hand, rel=1e-9)


def test_the_age_band_changes_on_the_birthday_and_not_before():
    ages = np.array([29.99, 30.0])
    younger, older = resting_energy_kcal_day(
        70, 1.75, ages, "male", equation="schofield1985_weight"
    )
    assert younger == pytest.approx((0.063 * 70 + 2.896) * 1000 / 4.184)
    assert older == pytest.approx((0.048 * 70 + 3.653) * 1000 / 4.184)


def test_arrays_of_people_get_each_their_own_sex():
    both = resting_energy_kcal_day([70, 60], [1.75, 1.65], [35, 35], ["male", "female"])
    alone = [
        resting_energy_kcal_day(70, 1.75, 35, "male"),
        resting_energy_kcal_day(60, 1.65, 35, "female"),
    ]
    assert list(both) == alone
    assert type(alone[0]) is float


@pytest.mark.parametrize(
    ("person", "more", "words"),
    [
        ((70, 175, 35, "male"), {}, "stature_m must be 1.2 to 2.3 m; got 175"),
        ((70, 1.75, 12, "male"), {}, "age_y must be 18 to 100 y; got 12"),
        ((70, 1.75, 35, "man"), {}, "sex must be female or male.*'man'"),
        ((70, 1.75, 35, "male"), {"equation": "mifflin"}, "no resting-energy equation 'mifflin'"),
        ((70, 1.75, 35, "male"), {"equation": "cunningham1980"}, "needs lean_mass_kg"),
    ],
)
def test_bad_people_and_equations_are_refused(person, more, words):
    with pytest.raises(ValueError, match=words):
        resting_energy_kcal_day(*person, **more)
