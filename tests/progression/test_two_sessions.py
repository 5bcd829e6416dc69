"""Weekly totals and the reporting template of a plan with whole sessions, on paper."""

import pytest
import worked_reports as worked
from two_sessions import MONDAY, PLAN, THURSDAY
from worked_mechanics import moments

from repdose import progression, session_load
from repdose.progression import cert, totals

MAN = {"body_mass_kg": 80.0, "stature_m": 1.80, "sex": "male"}
A, B = moments(80, 1.80, "male")
# Repetitions of a week: 3 x 10; 2 x 6 on each leg; 4 x 30 s of a kick of each leg a second; 2 x 8
DONE = {
    "lying_straight_leg": 30,
    "lying_single_leg": 24,
    "flutter_kick": 120,
    "hanging_straight_leg": 16,
}


@pytest.fixture(scope="module")
def first():
    made = totals.weekly_totals(PLAN, edition=2024, **MAN)
    assert set(made["week"]) == {1, 2, 3}
    return made[made["week"] == 1].set_index("metric")["value"]


def test_a_week_totals_every_exercise_of_every_session(first):
    assert first["sessions"] == 2
    assert first["sets"] == 11
    assert first["repetitions"] == 70
    assert first["elapsed_time"] == pytest.approx(1430 / 60)
    assert first["volume_load"] == 80
    assert first["sets_without_load"] == 9
    assert "exercises_without_model" not in first


def test_loads_have_the_units_of_what_is_counted():
    made = totals.weekly_totals(PLAN, edition=2024, **MAN)
    units = made[made["week"] == 1].set_index("metric")["unit"]
    assert (units["volume_load"], units["sets_without_load"]) == ("kg", "sets")


def test_impulse_and_work_add_up_and_the_peak_is_the_largest(first):
    assert first["moment_time_impulse"] == pytest.approx(
        sum(count * worked.impulse(name, A, B) for name, count in DONE.items())
    )
    assert first["mechanical_work"] == pytest.approx(
        sum(count * worked.work(name, A, B) for name, count in DONE.items())
    )
    assert first["peak_hip_moment"] == pytest.approx(max(worked.peak(name, A, B) for name in DONE))


def test_hip_moments_are_those_of_each_exercise():
    made = totals.hip_moments(PLAN.stages[0], **MAN)
    assert made["session"].tolist() == [1, 1, 2, 2]
    assert made["variant"].tolist() == list(DONE)
    assert set(made["model"]) == {"rigid segments"}
    assert made["peak_hip_moment"].tolist() == pytest.approx(
        [worked.peak(name, A, B) for name in DONE]
    )


def test_hip_moments_are_by_the_segment_table_that_is_asked_for():
    made = totals.hip_moments(PLAN.stages[0], segments="winter2009", **MAN)
    theirs = moments(80, 1.80, "male", segments="winter2009")
    assert made["peak_hip_moment"].tolist() == pytest.approx(
        [worked.peak(name, *theirs) for name in DONE]
    )


def test_session_load_is_that_of_the_days_given(first):
    # rated 6 for 690 s on Monday, 8 for 740 s on Thursday
    days = [6 * 11.5, 0, 0, 8 * 740 / 60, 0, 0, 0]
    assert first["session_rpe_load"] == pytest.approx(sum(days))
    assert first["monotony"] == pytest.approx(session_load.monotony(days))
    assert first["strain"] == pytest.approx(session_load.strain(days))


@pytest.mark.parametrize("weekday", ["friday", None])
def test_monotony_is_the_same_on_any_day_of_ones_own(first, weekday):
    moved = {**THURSDAY, "weekday": weekday} if weekday else dict(THURSDAY)
    if not weekday:
        del moved["weekday"]
    plan = progression.plan([{"weeks": 1, "sessions": [MONDAY, moved]}])
    made = totals.weekly_totals(plan, edition=2024, **MAN).set_index("metric")["value"]
    assert made["monotony"] == pytest.approx(first["monotony"])


def test_a_week_has_no_load_where_a_session_is_not_rated():
    bare = {name: value for name, value in THURSDAY.items() if name != "rpe"}
    plan = progression.plan([{"weeks": 1, "sessions": [MONDAY, bare]}])
    made = totals.weekly_totals(plan, edition=2024, **MAN)
    assert not made["metric"].isin(["session_rpe_load", "monotony", "strain"]).any()


def test_the_template_is_filled_session_by_session():
    items = cert.cert(PLAN).set_index("item")["reported"]
    assert items["1"] == "a bar to hang from and loads of 5.0 kg"
    assert items["7b"] == "4 exercises in 2 sessions (weeks 1 to 3)"
    assert items["13"] == (
        "sessions × (sets × repetitions), weeks 1 to 3: floor, Monday × (straight-leg raise, lying "
        "3 × 10, rest 120 s, tempo 2-1-2-0 s (up, top, down, bottom); single-leg raise, lying, "
        "other leg hovering 2 × 6 per leg, rest 60 s, tempo 2-1-2-0 s (up, top, down, bottom), "
        "rated 6 of 10); Thursday × (flutter kick, lying 4 × 30 s, rest 90 s, tempo 0.5-0-0.5-0 s "
        "(up, top, down, bottom); hanging straight-leg raise 2 × 8, 5 kg, rest 180 s, tempo "
        "2-1-2-0 s (up, top, down, bottom), rated 8 of 10)"
    )
    for name in ("straight-leg raise, lying:", "flutter kick, lying:", "hanging straight-leg"):
        assert name in items["8"]
