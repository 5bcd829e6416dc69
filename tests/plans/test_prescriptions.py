"""One exercise of a session: time, repetitions, load."""

import pytest

from repdose.plans import PlanError, Prescription

RAISES = {"exercise": "lying_straight_leg", "sets": 3, "repetitions": 10, "rest_s": 120}


def test_sets_repetitions_and_kilograms_make_the_volume_load():
    assert Prescription(**RAISES, load_kg=2.5).volume_load_kg == 75
    one_legged = {**RAISES, "exercise": "lying_single_leg", "load_kg": 2.5}
    assert Prescription(**one_legged).volume_load_kg == 150  # each leg lifts it ten times


@pytest.mark.parametrize("load", [{}, {"load_percent_1rm": 70}, {"load_rpe": 8}])
def test_a_load_that_is_not_in_kilograms_makes_none(load):
    assert Prescription(**RAISES, **load).volume_load_kg is None


def test_seconds_have_no_volume_load():
    held = {"exercise": "flutter_kick", "sets": 2, "set_duration_s": 30, "rest_s": 60}
    assert Prescription(**held, load_kg=2).volume_load_kg is None
    assert Prescription(**held).all_repetitions == 0


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"load_kg": -5}, "load_kg must be above 0 to 1000 kg; got -5"),
        ({"load_kg": 0}, "load_kg must be above 0 to 1000 kg; got 0"),
        ({"load_percent_1rm": 121}, "load_percent_1rm must be above 0 to 120 % of 1RM; got 121"),
        ({"load_rpe": 11}, "load_rpe must be 1 to 10 on the scale of effort; got 11"),
        ({"load_kg": 5, "load_rpe": 8}, "a load is given in one way; got load_kg and load_rpe"),
        ({"set_duration_s": 30}, "lying_straight_leg is done in repetitions: give repetitions"),
        ({"repetitions": None, "set_duration_s": 30}, "give repetitions, not set_duration_s"),
        ({"exercise": "flutter_kick"}, "flutter_kick is done in seconds: give set_duration_s"),
        ({"exercise": 3}, "exercise must be an exercise's id; got 3"),
        ({"start_deg": 80, "end_deg": 20}, "start_deg must be below end_deg; got 80 and 20"),
    ],
)
def test_what_is_no_prescription_is_refused(changes, words):
    with pytest.raises(PlanError, match=words):
        Prescription(**{**RAISES, **changes})
