"""Energy of whole sessions: each exercise by its own MET over its own time."""

import pytest
from two_sessions import ELAPSED_MIN, METS, PLAN, SECONDS_OF_WORK
from two_stages import PER_MET_MIN

from repdose import energy, multiverse
from repdose.energy.average_week import average_week_kcal

MONDAY, THURSDAY = (session for _, session in PLAN.stages[0].week_sessions)
AT_80_KG = {"body_mass_kg": 80, "edition": 2024}
MINUTES = {
    "elapsed": ELAPSED_MIN,
    "working": {name: seconds / 60 for name, seconds in SECONDS_OF_WORK.items()},
}


@pytest.mark.parametrize("basis", ["elapsed", "working"])
def test_each_exercise_and_the_whole_session(basis):
    kcal = {name: PER_MET_MIN * METS[name] * MINUTES[basis][name] for name in METS}
    for session, names in (
        (MONDAY, ("lying_straight_leg", "lying_single_leg")),
        (THURSDAY, ("flutter_kick", "hanging_straight_leg")),
    ):
        spent = energy.session_energy(session, time_basis=basis, **AT_80_KG)
        assert [one.exercise for one in spent.exercises] == list(names)
        for one in spent.exercises:
            assert one.gross_kcal["central"] == pytest.approx(kcal[one.exercise])
            assert one.met_min["central"] == pytest.approx(
                METS[one.exercise] * MINUTES[basis][one.exercise]
            )
        assert spent.gross_kcal["central"] == pytest.approx(sum(kcal[name] for name in names))
        minutes = sum(MINUTES[basis][name] for name in names)
        assert spent.gross_kcal["central"] - spent.net_kcal["central"] == pytest.approx(
            PER_MET_MIN * minutes
        )
        assert spent.met["central"] == pytest.approx(spent.met_min["central"] / minutes)


def test_a_week_is_the_sum_of_its_sessions():
    weekly = energy.weekly_energy(PLAN, time_basis="elapsed", **AT_80_KG)
    # 2.8 x 11.5 min and 3.8 x (8 + 4 1/3) min
    met_min = 2.8 * 11.5 + 3.8 * 37 / 3
    assert weekly["week"].tolist() == [1, 2, 3]
    assert weekly["sessions"].tolist() == [2, 2, 2]
    assert weekly["met_min_central"].tolist() == pytest.approx([met_min] * 3)
    assert weekly["gross_central"].tolist() == pytest.approx([PER_MET_MIN * met_min] * 3)
    assert weekly["variant"][0] == "; ".join(METS)
    mean = average_week_kcal(PLAN, METS, 80, time_basis="elapsed")
    assert mean == pytest.approx(PER_MET_MIN * met_min)


def test_every_choice_counts_sessions_as_the_week_does():
    met_min = 2.8 * 11.5 + 3.8 * 37 / 3
    universe = multiverse.energy(PLAN, body_mass_kg=80)
    assert universe.default == pytest.approx(PER_MET_MIN * met_min)
    assert multiverse.weekly_met_minutes(PLAN).default == pytest.approx(met_min)


def test_intensity_of_a_stage_is_the_mean_over_its_working_time():
    person = {"body_mass_kg": 80, "stature_m": 1.8, "age_y": 40, "sex": "male"}
    # 270 s at 2.8, 200 s at 3.8
    expected = (270 * 2.8 + 200 * 3.8) / 470
    assert multiverse.intensity(PLAN.stages[0], **person).default == pytest.approx(expected)
