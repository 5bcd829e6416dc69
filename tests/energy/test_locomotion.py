"""Oxygen into energy, and the ACSM comparators, against published and worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from repdose import evidence as ev
from repdose.energy import locomotion


@pytest.mark.parametrize(
    ("rq", "kcal"),
    [(0.707, 4.686), (0.75, 4.739), (0.82, 4.825), (0.90, 4.924), (1.0, 5.047)],
)
def test_lusk_is_met_at_its_own_rows(rq, kcal):
    assert locomotion.oxygen_equivalent_kcal_l(rq) == pytest.approx(kcal, abs=1e-12)


def test_between_rows_lusk_is_the_straight_line_of_the_mixture():
    rq = np.linspace(0.707, 1.0, 50)
    line = 4.686 + (rq - 0.707) / 0.293 * 0.361
    assert np.abs(locomotion.oxygen_equivalent_kcal_l(rq) - line).max() < 0.0015


def test_five_kcal_a_litre_overstates_mixed_rest_by_three_percent():
    assert 5 / locomotion.oxygen_equivalent_kcal_l(0.85) == pytest.approx(1.03, abs=0.005)


def test_weir_at_a_quotient_of_085():
    assert locomotion.weir_kcal_min(1.0, 0.85) == pytest.approx(4.8835)
    assert locomotion.weir_kcal_min(np.array([0.25, 1.0]), 0.2).shape == (2,)


@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (locomotion.walking_ml_kg_min, (100, 0.05), 22.5),
        (locomotion.running_ml_kg_min, (160, 0), 35.5),
        (locomotion.leg_cycling_ml_kg_min, (600, 70), 22.43),
        (locomotion.arm_cycling_ml_kg_min, (300, 70), 16.36),
        (locomotion.stepping_ml_kg_min, (24, 0.20), 19.79),
        (locomotion.stepping_ml_kg_min, (30, 0.3048), 31.39),  # published: 6.0 + 21.9 + 3.5 = 31.4
    ],
)
def test_the_equations_give_the_worked_examples(function, arguments, expected):
    assert round(function(*arguments), 2) == expected
    pair = [np.array([value, value], dtype=float) for value in arguments]
    assert function(*pair).shape == (2,)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (locomotion.oxygen_equivalent_kcal_l, (0.7,), "rq"),
        (locomotion.oxygen_equivalent_kcal_l, (1.1,), "rq"),
        (locomotion.weir_kcal_min, (250, 200), "oxygen_l_min"),
        (locomotion.walking_ml_kg_min, (40,), "speed_m_min.*50"),
        (locomotion.walking_ml_kg_min, (80, 5), "grade"),
        (locomotion.running_ml_kg_min, (120,), "speed_m_min.*134"),
        (locomotion.leg_cycling_ml_kg_min, (-1, 70), "power_kgm_min"),
        (locomotion.leg_cycling_ml_kg_min, (600, 7), "body_mass_kg"),
        (locomotion.arm_cycling_ml_kg_min, (100, 70), "power_kgm_min.*150 to 750"),
        (locomotion.stepping_ml_kg_min, (40, 0.2), "steps_per_min.*12 to 30"),
        (locomotion.stepping_ml_kg_min, (20, 0.5), "step_height_m.*0.04 to 0.4"),
        (locomotion.stepping_ml_kg_min, (float("nan"), 0.2), "steps_per_min"),
    ],
)
def test_what_an_equation_is_not_meant_for_is_refused(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(*arguments)


def test_a_calculation_cites_the_source_of_its_coefficients():
    with ev.ledger() as used:
        locomotion.walking_ml_kg_min(100)
        locomotion.oxygen_equivalent_kcal_l(0.85)
    assert used.sources() == ["bushman2020", "lusk1928"]
