"""The ACSM equations for locomotion against published and worked examples."""

from __future__ import annotations

import numpy as np
import pytest

from repdose import evidence as ev
from repdose.energy.locomotion import oxygen_uptake_ml_kg_min, walking_min


@pytest.mark.parametrize(
    ("mode", "doses", "expected"),
    [
        ("walking", {"speed_m_min": 100, "grade": 0.05}, 22.5),
        ("running", {"speed_m_min": 160, "grade": 0}, 35.5),
        ("leg_cycling", {"power_kgm_min": 600, "body_mass_kg": 70}, 22.43),
        ("arm_cycling", {"power_kgm_min": 300, "body_mass_kg": 70}, 16.36),
        ("stepping", {"steps_per_min": 24, "step_height_m": 0.20}, 19.79),
        # published: 6.0 + 21.9 + 3.5 = 31.4
        ("stepping", {"steps_per_min": 30, "step_height_m": 0.3048}, 31.39),
    ],
)
def test_the_equations_give_the_worked_examples(mode, doses, expected):
    assert round(oxygen_uptake_ml_kg_min(mode, **doses), 2) == expected
    pairs = {name: np.array([value, value], dtype=float) for name, value in doses.items()}
    assert oxygen_uptake_ml_kg_min(mode, **pairs).shape == (2,)


@pytest.mark.parametrize(
    ("mode", "doses", "message"),
    [
        ("walking", {"speed_m_min": 40, "grade": 0}, "speed_m_min.*50"),
        ("walking", {"speed_m_min": 80, "grade": 5}, "grade"),
        ("running", {"speed_m_min": 120, "grade": 0}, "speed_m_min.*134"),
        ("leg_cycling", {"power_kgm_min": -1, "body_mass_kg": 70}, "power_kgm_min"),
        ("leg_cycling", {"power_kgm_min": 600, "body_mass_kg": 7}, "body_mass_kg"),
        ("arm_cycling", {"power_kgm_min": 100, "body_mass_kg": 70}, "power_kgm_min.*150 to 750"),
        ("stepping", {"steps_per_min": 40, "step_height_m": 0.2}, "steps_per_min.*12 to 30"),
        ("stepping", {"steps_per_min": 20, "step_height_m": 0.5}, "step_height_m.*0.04 to 0.4"),
        ("stepping", {"steps_per_min": float("nan"), "step_height_m": 0.2}, "steps_per_min"),
        ("stepping", {"steps_per_min": 20}, "stepping takes steps_per_min and step_height_m"),
        ("rowing", {"power_kgm_min": 20}, "mode.*walking"),
    ],
)
def test_what_an_equation_is_not_meant_for_is_refused(mode, doses, message):
    with pytest.raises(ValueError, match=message):
        oxygen_uptake_ml_kg_min(mode, **doses)


def test_minutes_of_walking_by_hand():
    """80 m/min: 3.5 + 8 = 11.5 mL/kg/min; 75 kg: 0.8625 L/min, 4.3125 kcal/min."""
    assert walking_min(43.125, body_mass_kg=75, speed_m_min=80) == pytest.approx(10.0)
    assert walking_min([0.0, 86.25], body_mass_kg=75, speed_m_min=80).tolist() == [0.0, 20.0]


def test_a_calculation_cites_the_source_of_its_coefficients():
    with ev.ledger() as used:
        oxygen_uptake_ml_kg_min("walking", speed_m_min=100, grade=0)
    assert used.sources() == ["bushman2020"]
