"""The plans of docs/formats.md: read or refused as it says, and what they amount to on paper."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from repdose import adherence, energy, progression, session_load, volume
from repdose.inputs import scenarios
from repdose.inputs.scenarios import ScenarioError
from repdose.plans import Prescription, Session, SessionsStage, Stage, Tempo

TEXT = (Path(__file__).parents[2] / "docs" / "formats.md").read_text("utf-8")
PLANS = re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
REFUSED = re.search(r"### What is refused in a plan.*?```text\n(.*?)\n```", TEXT, re.DOTALL)[1]
ONE, WHOLE, FAULTY = PLANS
# Of each exercise in order: sets, seconds of a set, rest after a set [s], central MET of 2024
MONDAY = [(3, 50, 120, 2.8), (3, 40, 120, 2.8), (2, 80, 90, 2.8), (2, 30, 60, 3.8)]
WEDNESDAY = [(3, 40, 120, 3.8), (3, 40, 120, 3.5), (2, 50, 120, 2.8), (2, 30, 60, 3.8)]
FRIDAY = [(3, 30, 150, 3.8), (2, 80, 90, 2.8), (2, 60, 90, 2.8), (2, 45, 60, 3.8)]
DAYS = (MONDAY, WEDNESDAY, FRIDAY)


def read(folder, text):
    path = folder / "mine.yaml"
    path.write_text(text, "utf-8")
    return scenarios.find(str(path))


@pytest.fixture
def plan(tmp_path):
    return read(tmp_path, WHOLE).plan


def seconds(day):
    """Working seconds and elapsed seconds of each exercise; the session's last rest is none."""
    last = len(day) - 1
    return [
        (sets * each, sets * each + (sets - (place == last)) * rest)
        for place, (sets, each, rest, _) in enumerate(day)
    ]


def test_a_plan_of_one_exercise_is_read(tmp_path):
    made = read(tmp_path, ONE)
    assert made.plan.stages[0].elapsed_min == (3 * 50 + 2 * 120) / 60
    assert made.parameters == {"body_mass_kg": 75.0}


def test_fields_are_listed():
    listed = dict(
        line.split(": ")
        for line in re.search(r"```fields\n(.*?)\n```", TEXT, re.DOTALL)[1].splitlines()
    )
    kinds = {
        "stage of one exercise": Stage,
        "stage of sessions": SessionsStage,
        "session": Session,
        "exercise": Prescription,
        "tempo": Tempo,
    }
    assert listed == {
        name: ", ".join(field.name for field in fields(kind)) for name, kind in kinds.items()
    }


def test_the_days_last_as_long_as_on_paper(plan):
    # 490, 400 and 460 s of work; 960, 1020 and 870 s of rest
    sessions = plan.stages[0].sessions
    assert [60 * one.work_min for one in sessions] == pytest.approx([490, 400, 460])
    assert [60 * one.rest_min for one in sessions] == pytest.approx([960, 1020, 870])
    assert len(plan.weeks()) == 8
    assert len(plan.stages[0].prescriptions) == 12


@pytest.mark.parametrize(("basis", "at"), [("working", 0), ("elapsed", 1)])
def test_energy_of_twelve_exercises_over_eight_weeks(plan, basis, at):
    # a MET is 3.5 mL/kg/min at 5 kcal/L; 75 kg
    per_met_s = 3.5 / 1000 * 5 * 75 / 60
    kcal = [
        [per_met_s * met * spent[at] for (*_, met), spent in zip(day, seconds(day), strict=True)]
        for day in DAYS
    ]
    settings = {"body_mass_kg": 75, "edition": 2024, "time_basis": basis}
    for session, each in zip(plan.stages[0].sessions, kcal, strict=True):
        spent = energy.session_energy(session, **settings)
        assert [one.gross_kcal["central"] for one in spent.exercises] == pytest.approx(each)
        assert spent.gross_kcal["central"] == pytest.approx(sum(each))
    weekly = energy.weekly_energy(plan, **settings)
    assert weekly["gross_central"].tolist() == pytest.approx([sum(map(sum, kcal))] * 8)
    if basis == "elapsed":
        # 4180 + 4912 + 4414 MET-seconds
        assert weekly["met_min_central"].tolist() == pytest.approx([13506 / 60] * 8)


def test_weekly_sets_by_muscle(plan):
    # Direct for the hip flexors are all 10 + 10 + 9 sets; for the rectus femoris all but those
    # with bent knees, 3 + 3 + 2; for the abdomen those in a hang and with the hip lift, 3 each
    sets = volume.weekly_sets(plan)
    found = sets[sets["week"] == 8].set_index("muscle")[["direct", "indirect", "fractional"]]
    assert {name: tuple(row) for name, row in zip(found.index, found.to_numpy(), strict=True)} == {
        "iliopsoas": (29, 0, 29),
        "rectus_femoris": (21, 8, 25),
        "rectus_abdominis": (9, 20, 19),
        "obliques": (9, 20, 19),
        "transversus_abdominis": (0, 29, 14.5),
        "latissimus_dorsi": (0, 6, 3),
        "forearm_flexors": (0, 6, 3),
    }


def test_volume_load_and_session_load(plan):
    week = volume.weekly_volume(plan).iloc[0]
    assert (week["volume_load_kg"], week["sets_without_load"]) == (3 * 8 * 5, 29 - 3)
    totals = progression.compare([plan], body_mass_kg=75, stature_m=1.75, sex="male", edition=2024)
    first = totals[totals["week"] == 1].set_index("metric")["value"]
    # rated 5, 7 and 6, for 1450, 1420 and 1330 s
    days = [5 * 1450 / 60, 0, 7 * 1420 / 60, 0, 6 * 1330 / 60, 0, 0]
    assert first["session_rpe_load"] == pytest.approx(sum(days))
    assert first["monotony"] == pytest.approx(session_load.monotony(days))
    assert first["volume_load"] == 120


def test_recommendations_and_groups_left_untrained(plan):
    week = adherence.compare(plan).query("week == 8").set_index("criterion")
    verdicts = week["verdict"]
    assert verdicts["sessions a week"] == "met"  # abdomen on two days, hips on three
    assert week.loc["sessions a week", "planned"] == (
        "a week: 2 for rectus abdominis and abdominal obliques; "
        "3 for hip flexors (iliopsoas) and rectus femoris"
    )
    assert verdicts["sets of an exercise"] == "met"  # two or three
    assert verdicts["repetitions in a set"] == "not met"  # six in a hang
    assert "recommended: hanging straight-leg raise for" in week.loc["repetitions in a set", "why"]
    assert verdicts["rest between sets"] == "not met"
    assert week.loc["rest between sets", "why"] == (
        "below the 2 to 3 min recommended: bent-knee leg raise, lying (session 3), single-leg "
        "raise, lying, other leg hovering and flutter kick, lying"
    )
    # Monday, Wednesday, Friday; the abdomen on Wednesday and Friday
    assert verdicts["time between sessions"] == "met"
    assert week.loc["time between sessions", "planned"] == "48 h at least"
    assert verdicts["major muscle groups"] == "not met"
    assert adherence.untrained(plan) == ("chest", "shoulders", "back", "arms")


def test_what_is_no_plan_is_refused_in_the_words_that_stand_below_it(tmp_path):
    with pytest.raises(ScenarioError) as refusal:
        read(tmp_path, FAULTY)
    assert str(refusal.value).splitlines() == REFUSED.splitlines()
