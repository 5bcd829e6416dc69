"""Weekly totals and the average week of a plan of two stages, every metric, on paper."""

import math
from dataclasses import replace

import pytest
import worked_reports as worked
from two_stages import PLAN, STAGES
from worked_mechanics import moments

from repdose import progression
from repdose.energy import average_week
from repdose.plans import Stage, Tempo
from repdose.progression import totals

MAN = {"body_mass_kg": 80.0, "stature_m": 1.80, "sex": "male"}
PER_MET_MIN = 1.4  # 3.5 mL/kg/min x 5 kcal/L x 80 kg


def expected(table="deleva1996", per=PER_MET_MIN):
    a, b = moments(80, 1.80, "male", table)
    single = "lying_single_leg"
    return {
        # 2 sessions of 2 x 6 a leg; 3 sessions of 4 x 30 s, a kick of each leg a second
        "sessions": (2, 3, "sessions"),
        "sets": (4, 12, "sets"),
        "repetitions": (48, 0, "repetitions"),
        "time_under_tension": (240, 360, "s"),
        "working_time": (4, 6, "min"),
        "elapsed_time": (6, 19.5, "min"),
        "peak_hip_moment": (
            worked.peak(single, a, b),
            worked.peak("flutter_kick", a, b),
            "N m",
        ),
        "moment_time_impulse": (
            48 * worked.impulse(single, a, b),
            360 * worked.impulse("flutter_kick", a, b),
            "N m s",
        ),
        "mechanical_work": (
            48 * worked.work(single, a, b),
            360 * worked.work("flutter_kick", a, b),
            "J",
        ),
        "met_minutes_working": (2.8 * 4, 3.8 * 6, "MET-min"),
        "met_minutes_elapsed": (2.8 * 6, 3.8 * 19.5, "MET-min"),
        "gross_energy_working": (2.8 * 4 * per, 3.8 * 6 * per, "kcal"),
        "gross_energy_elapsed": (2.8 * 6 * per, 3.8 * 19.5 * per, "kcal"),
        "net_energy_working": (1.8 * 4 * per, 2.8 * 6 * per, "kcal"),
        "net_energy_elapsed": (1.8 * 6 * per, 2.8 * 19.5 * per, "kcal"),
    }


def check(made, worked_out):
    assert list(made.columns) == ["week", "variant", "metric", "value", "unit"]
    assert len(made) == 3 * len(worked_out)
    for week, stage in ((1, 0), (2, 1), (3, 1)):
        mine = made[made["week"] == week]
        assert mine["metric"].tolist() == list(worked_out)
        assert set(mine["variant"]) == {STAGES[stage]["variant"]}
        for _, row in mine.iterrows():
            *values, unit = worked_out[row["metric"]]
            assert row["value"] == pytest.approx(values[stage], rel=1e-6), row["metric"]
            assert row["unit"] == unit


def test_every_total_of_every_week():
    check(totals.weekly_totals(PLAN, **MAN, edition="2024"), expected())


def test_the_segment_table_and_the_convention_are_the_ones_asked_for():
    made = totals.weekly_totals(
        PLAN, **MAN, edition="2024", segments="winter2009", convention="compendium"
    )
    check(made, expected("winter2009", per=80 / 60))


def test_a_hip_lift_works_more_and_an_ankle_weight_and_range_count():
    stage = {
        **STAGES[0],
        "variant": "lying_hip_lift",
        "ankle_mass_kg": 1.5,
        "start_deg": 30,
        "tempo": {"up_s": 1, "top_s": 0.5, "down_s": 3, "bottom_s": 0.25},
        "rpe": 6,
    }
    made = totals.weekly_totals(progression.plan([stage]), **MAN, edition="2024")
    found = made.set_index("metric")["value"]
    a, b = moments(80, 1.80, "male")
    length = (0.4222 + 0.4340) / 1.741 * 1.80
    total = 2 * worked.G * (a + b + 1.5 * length)
    assert found["peak_hip_moment"] == pytest.approx(total * worked.cos(30))
    lifted = worked.lift_n(80, "male") + 2 * 1.5 * worked.G
    assert found["mechanical_work"] == pytest.approx(
        24 * (total * (1 - worked.sin(30)) + lifted * 0.0635)
    )
    # the mean cosine of a minimum-jerk way, over 1 s up and 3 s down, and a hold at the bottom
    steps = [(step + 0.5) / 2000 for step in range(2000)]
    angles = [30 + 60 * (10 * t**3 - 15 * t**4 + 6 * t**5) for t in steps]
    mean = math.fsum(map(worked.cos, angles)) / 2000
    impulse = total * (4 * mean + 0.25 * worked.cos(30))
    assert found["moment_time_impulse"] == pytest.approx(24 * impulse, rel=1e-6)
    # session-RPE load: 6 x elapsed minutes, 2 x 6 x 4.75 s of work and 1 min of rest
    load = 6 * (2 * 6 * 4.75 / 60 + 1)
    assert found["session_rpe_load"] == pytest.approx(2 * load)
    days = [load, load, 0, 0, 0, 0, 0]
    average = sum(days) / 7
    spread = math.sqrt(sum((day - average) ** 2 for day in days) / 6)
    assert found["monotony"] == pytest.approx(average / spread)
    assert found["strain"] == pytest.approx(2 * load * average / spread)
    units = made.set_index("metric")["unit"]
    assert units[["session_rpe_load", "monotony", "strain"]].tolist() == [
        "arbitrary units",
        "",
        "arbitrary units",
    ]


def test_where_a_repetition_ends_and_the_hold_there_count():
    stage = {
        **STAGES[0],
        "variant": "lying_straight_leg",
        "start_deg": 30,
        "end_deg": 60,
        "tempo": {"up_s": 1, "top_s": 0.5, "down_s": 3, "bottom_s": 0.25},
    }
    made = totals.weekly_totals(progression.plan([stage]), **MAN, edition="2024")
    found = made.set_index("metric")["value"]
    total = 2 * worked.G * sum(moments(80, 1.80, "male"))
    assert found["mechanical_work"] == pytest.approx(24 * total * (worked.sin(60) - worked.sin(30)))
    steps = [(step + 0.5) / 2000 for step in range(2000)]
    angles = [30 + 30 * (10 * t**3 - 15 * t**4 + 6 * t**5) for t in steps]
    mean = math.fsum(map(worked.cos, angles)) / 2000
    held = 0.5 * worked.cos(60) + 0.25 * worked.cos(30)
    assert found["moment_time_impulse"] == pytest.approx(24 * total * (4 * mean + held), rel=1e-6)


def test_seven_equal_days_have_neither_monotony_nor_strain():
    stage = {**STAGES[0], "sessions_per_week": 7, "rpe": 5}
    made = totals.weekly_totals(progression.plan([stage]), **MAN, edition="2024")
    found = made.set_index("metric")["value"]
    assert found["session_rpe_load"] == pytest.approx(7 * 5 * 3)
    assert not {"monotony", "strain"} & set(found.index)


def test_repetitions_as_mechanics_counts_them():
    assert totals.session_mechanics_repetitions(PLAN.stages[0]) == 24.0
    assert totals.session_mechanics_repetitions(PLAN.stages[1]) == 120.0
    quick = Stage(
        variant="flutter_kick",
        weeks=1,
        sessions_per_week=1,
        sets=3,
        set_duration_s=20,
        rest_s=60,
    )
    assert totals.session_mechanics_repetitions(quick) == 60.0
    slow = Tempo(up_s=1, top_s=0.5, down_s=2, bottom_s=0.5)
    # three bouts of 20 s, 4 s a repetition
    assert totals.session_mechanics_repetitions(replace(quick, tempo=slow)) == 15.0


# The average week


METS = {"lying_single_leg": 3.0, "flutter_kick": 5.0}


def week(single, kick):
    """Mean of three weeks: two sessions once, three sessions twice."""
    return (2 * single + 2 * 3 * kick) / 3


@pytest.mark.parametrize(
    ("given", "minutes"),
    [
        ({"time_basis": "elapsed"}, week(3.0 * 3, 5.0 * 6.5)),
        ({"time_basis": "working"}, week(3.0 * 2, 5.0 * 2)),
        ({"time_basis": "elapsed", "net": True}, week(2.0 * 3, 4.0 * 6.5)),
        # rests at lying quietly: 1.0 MET in 2024, 1.3 in 2011
        ({"time_basis": "working_and_rests"}, week(3.0 * 2 + 1, 5.0 * 2 + 4.5)),
        (
            {"time_basis": "working_and_rests", "edition": "2011"},
            week(3.0 * 2 + 1.3, 5.0 * 2 + 1.3 * 4.5),
        ),
    ],
)
def test_energy_of_an_average_week(given, minutes):
    found = average_week.average_week_kcal(PLAN, METS, 80.0, **given)
    assert found == pytest.approx(minutes * PER_MET_MIN)


def test_the_conventions_and_a_rest_of_ones_own():
    minutes = week(3.0 * 3, 5.0 * 6.5)

    def found(**given):
        return average_week.average_week_kcal(PLAN, METS, 80.0, time_basis="elapsed", **given)

    assert found(convention="compendium") == pytest.approx(minutes / 60 * 80)
    assert found(rest_kcal_kg_h=0.9) == pytest.approx(minutes / 60 * 0.9 * 80)
    assert found(rest_kcal_kg_h=0.9, convention="compendium") == pytest.approx(
        minutes / 60 * 0.9 * 80
    )
    assert found(rest_kcal_kg_h=10) == pytest.approx(minutes / 60 * 10 * 80)
    for wrong in (0, 10.1):
        with pytest.raises(ValueError, match="rest_kcal_kg_h must be .* kcal/kg/h"):
            found(rest_kcal_kg_h=wrong)
    with pytest.raises(ValueError, match="variant of the plan must be one of lying_single_leg"):
        average_week.average_week_kcal(PLAN, {"lying_single_leg": 3.0}, 80.0, time_basis="elapsed")


def test_a_measured_rest_as_energy():
    # 2.6 mL/kg/min x 5 kcal/L x 60 min; the other convention measures energy itself
    assert average_week.rest_from(2.6, "oxygen") == pytest.approx(0.78)
    assert average_week.rest_from(0.84, "compendium") == 0.84
    assert average_week.MEASURED_REST == {
        "oxygen": "byrne2005.resting_oxygen_uptake",
        "compendium": "byrne2005.resting_energy",
    }


def test_rests_of_their_own_are_at_lying_quietly():
    assert average_week.basis_of("working_and_rests", "2011") == ("working", 1.3)
    assert average_week.basis_of("working_and_rests", "2024") == ("working", 1.0)
    assert average_week.basis_of("elapsed", "2024") == ("elapsed", None)
    with pytest.raises(ValueError, match="time_basis must be one of elapsed, working, working_and"):
        average_week.basis_of("resting", "2024")
