"""The four reports of a plan, of a plan with whole sessions: their numbers on paper."""

import pytest
from executed import run
from two_sessions import PLAN, STAGES
from two_stages import PER_MET_MIN

GIVEN = {"title": PLAN.title, "plan": STAGES}
AT_80_KG = {"body_mass_kg": 80.0}
# 2.8 x 11.5 min on Monday, 3.8 x 37/3 min on Thursday
MET_MIN = 2.8 * 11.5 + 3.8 * 37 / 3


def test_energy_of_each_exercise_session_and_week():
    made = run("energy_cost", progression=GIVEN, **AT_80_KG)
    assert made.numbers["weekly_gross_energy"]["value"] == pytest.approx(PER_MET_MIN * MET_MIN)
    table = made.tables["energy"][0].set_index(["Session", "Exercise"])["Gross, central [kcal]"]
    assert table["1, floor, Monday", "straight-leg raise, lying"] == pytest.approx(1.4 * 2.8 * 8.5)
    assert table["1, floor, Monday", "whole session"] == pytest.approx(1.4 * 2.8 * 11.5)
    assert table["2, Thursday", "whole session"] == pytest.approx(1.4 * 3.8 * 37 / 3)
    assert table["all", "whole week"] == pytest.approx(1.4 * MET_MIN)
    plan = made.tables["plan"][0].set_index(["Session", "Exercise"])
    assert plan.loc[("2, Thursday", "hanging straight-leg raise"), "Load"] == "5 kg"
    assert plan.loc[("1, floor, Monday", "whole session"), "Elapsed time [min]"] == 11.5
    assumed = " ".join(made.results["assumptions"])
    assert "Between two exercises stands the rest of the one just done" in assumed


def test_sets_by_muscle_and_what_the_volume_load_leaves_out():
    made = run("weekly_volume", progression=GIVEN, **AT_80_KG)
    assert made.numbers["rectus_abdominis_sets_last_week"]["value"] == 6.5
    assert made.numbers["iliopsoas_sets_last_week"]["value"] == 11
    assert made.numbers["sets_last_week"]["value"] == 11
    volume = made.tables["volume"][0].iloc[0]
    assert volume["Variant"] == "4 exercises in 2 sessions"
    # 2 x 8 x 5 kg; 9 of 11 sets have no load in kg, in each of three weeks
    assert (volume["Volume load [kg]"], volume["Sets without a load in kg"]) == (80, 9)
    assert any("27 sets of the plan's 33 have no load in kilograms" in said for said in made.said)


def test_plans_of_sessions_and_of_one_exercise_side_by_side():
    made = run("progression_comparison", progressions=["foundation", GIVEN], rules=[], **AT_80_KG)
    assert made.numbers["gross_energy_b"]["value"] == pytest.approx(PER_MET_MIN * MET_MIN)
    # 470 s a week
    assert made.numbers["time_under_tension_b"]["value"] == pytest.approx(470 / 60)
    frame, shown = made.tables["sets_rows"]
    assert shown["digits"] == 1
    sets = frame.set_index("Muscle")["B"]
    assert sets["hip flexors (iliopsoas)"] == 11
    assert sets["rectus abdominis"] == 6.5
    assert made.tables["plans"][0]["Variants"].tolist()[1] == "4 exercises in 2 sessions"


def test_the_assumptions_of_a_plan_of_sessions():
    made = run("assumptions", progression=GIVEN, **AT_80_KG)
    assert made.numbers["weekly_gross_energy"]["value"] == pytest.approx(PER_MET_MIN * MET_MIN)
    assert made.numbers["weekly_sets"]["value"] == 6.5
