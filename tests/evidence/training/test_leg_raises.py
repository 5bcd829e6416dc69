"""Joint angles typed a second time, and what mechanics says of exercises that have none."""

from __future__ import annotations

import pytest

from repdose import evidence as ev
from repdose import mechanics, progression
from repdose.evidence import packs
from repdose.evidence.training.leg_raises import NoModelError, geometry, leg_raises
from repdose.progression.totals import weekly_totals

# Position, knee, working legs, in turn, other leg, hip lift, start and end of the thigh [deg]
TYPED = {
    "lying_bent_knee": ("lying", 90, 2, False, "none", False, 55, 90),
    "lying_straight_leg": ("lying", 0, 2, False, "none", False, 5, 90),
    "lying_single_leg": ("lying", 0, 1, False, "hovering", False, 5, 90),
    "lying_hip_lift": ("lying", 0, 2, False, "none", True, 5, 90),
    "flutter_kick": ("lying", 0, 2, True, "none", False, 5, 25),
    "hanging_knee_raise": ("hanging", 90, 2, False, "none", False, 0, 110),
    "hanging_straight_leg": ("hanging", 0, 2, False, "none", False, 0, 90),
}
PERSON = {"body_mass_kg": 75.0, "stature_m": 1.75, "sex": "male"}
WEEK = {"weeks": 1, "sessions_per_week": 3, "sets": 3, "rest_s": 120}


@pytest.fixture
def common():
    with packs.stacked([packs.load("common")]):
        yield


def test_the_leg_raises_are_as_they_were_defined():
    assert leg_raises() == list(TYPED)
    for id, typed in TYPED.items():
        one = geometry(id)
        assert (
            one.position,
            one.knee_deg,
            one.working_legs,
            one.alternating,
            one.resting_leg,
            one.hip_lift,
            one.start_deg,
            one.end_deg,
        ) == typed


@pytest.mark.usefixtures("common")
def test_mechanics_says_that_there_is_no_model_and_of_what_there_is_one():
    for asked in (
        lambda: mechanics.repetition("common.back_squat", **PERSON),
        lambda: mechanics.hip_moment_nm("common.back_squat", 30, **PERSON),
        lambda: geometry("common.back_squat"),
    ):
        with pytest.raises(NoModelError, match=r"common\.back_squat: no model for this exercise"):
            asked()


@pytest.mark.usefixtures("common")
def test_an_exercise_that_is_not_there_is_not_said_to_lack_a_model():
    with pytest.raises(ev.UnknownRecordError, match=r"near it: common\.back_squat"):
        geometry("back_sqat")


@pytest.mark.usefixtures("common")
def test_every_other_number_of_a_week_stands():
    plan = progression.plan([{**WEEK, "variant": "common.back_squat", "repetitions": 10}])
    values = weekly_totals(plan, **PERSON, edition="2024").set_index("metric")["value"]
    assert not [name for name in values.index if "moment" in name or "mechanical" in name]
    # 9 sets of 10 repetitions of 1 + 0 + 2 + 0 s; two rests of 2 min in each of 3 sessions
    assert values["time_under_tension"] == 9 * 10 * 3
    assert values["elapsed_time"] == pytest.approx(9 * 30 / 60 + 3 * 2 * 2)
    # 5.0 MET (2024, 02052) x 3.5 mL/kg/min x 75 kg x 5 kcal/L x minutes
    met = ev.met("02052", edition=2024).met
    assert values["gross_energy_elapsed"] == pytest.approx(met * 3.5 * 75 / 200 * 16.5)
    assert values.notna().all()


@pytest.mark.usefixtures("common")
def test_what_only_a_model_can_use_is_refused_of_an_exercise_without_one():
    stage = {**WEEK, "variant": "common.back_squat", "repetitions": 10}
    for given in ({"start_deg": 10.0}, {"end_deg": 80.0}, {"ankle_mass_kg": 2.0}):
        with pytest.raises(ValueError, match=f"{min(given)}: no model for this exercise"):
            progression.plan([{**stage, **given}])


@pytest.mark.usefixtures("common")
def test_a_hold_on_each_side_lasts_twice_as_long():
    stage = {**WEEK, "variant": "common.side_plank", "set_duration_s": 30.0}
    (one,) = progression.plan([stage]).stages
    assert (one.exercise.sides, one.pace) == (2, None)
    assert one.work_min == pytest.approx(3 * 2 * 30 / 60)
