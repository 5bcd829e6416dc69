"""Plans of sessions as mappings: the same in Python, in a scenario and in a notebook."""

import pytest
from two_sessions import MONDAY, PLAN, STAGES, THURSDAY

from repdose import progression
from repdose.inputs import progressions, scenarios
from repdose.inputs.cells import ParameterError
from repdose.inputs.scenarios import ScenarioError
from repdose.inputs.validation import validate
from repdose.plans import PlanError, Prescription, Session, SessionsStage

RAISES = MONDAY["exercises"][0]
TEXT = """\
title: two sessions, on paper
plan:
  - weeks: 3
    sessions:
      - name: floor
        weekday: monday
        rpe: 6
        exercises:
          - {exercise: lying_straight_leg, sets: 3, repetitions: 10, rest_s: 120}
          - {exercise: lying_single_leg, sets: 2, repetitions: 6, rest_s: 60}
      - weekday: thursday
        rpe: 8
        exercises:
          - exercise: flutter_kick
            sets: 4
            set_duration_s: 30
            rest_s: 90
          - exercise: hanging_straight_leg
            sets: 2
            repetitions: 8
            rest_s: 180
            load_kg: 5
"""


def test_python_yaml_and_a_notebooks_parameter_say_it_in_the_same_words(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(TEXT)
    read = scenarios.find(str(path))
    assert read.plan == PLAN
    assert progressions.plan({"title": PLAN.title, "plan": STAGES}) == PLAN
    assert validate("energy_cost", {"progression": read.progression}).progression
    built = SessionsStage(
        weeks=3,
        sessions=tuple(
            Session(**{**one, "exercises": tuple(Prescription(**e) for e in one["exercises"])})
            for one in (MONDAY, THURSDAY)
        ),
    )
    assert progression.plan([built], title=PLAN.title) == PLAN
    assert built.sessions_per_week == 2


def test_the_schedule_has_a_row_for_each_week_session_and_exercise():
    frame = PLAN.schedule()
    assert len(frame) == 3 * 4
    first = frame[frame["week"] == 1]
    assert first["session"].tolist() == [1, 1, 2, 2]
    assert first["elapsed_min"].tolist() == pytest.approx([8.5, 3, 8, 80 / 60 + 3])
    assert first["load_kg"].isna().tolist() == [True, True, True, False]


def changed(session, **fields):
    return [{"weeks": 3, "sessions": [{**MONDAY, **session}, THURSDAY], **fields}]


def with_exercise(**fields):
    return changed({"exercises": [MONDAY["exercises"][0], {**RAISES, **fields}]})


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        (changed({"exercises": []}), "stage 1, session 1 (floor): a session needs at least one"),
        (changed({"exercises": "squat"}), "exercises must be a list of exercises; got 'squat'"),
        (changed({"weekday": "thursday"}), "stage 1: sessions 1 and 2 are both on thursday"),
        (changed({"day": "friday"}), "session has no field 'day'; its fields are exercises, name"),
        (changed({}, sets=3, rest_s=60), "got sessions and sets, rest_s"),
        (changed({}, sessions_per_week=3), "sessions_per_week is 3, but the stage has 2 sessions"),
        (changed({}, reps=3), "stage has no field 'reps'; its fields are weeks, sessions,"),
        ([{"weeks": 3, "sessions": []}], "sessions must be 1 to 14 sessions a week; got 0"),
        ([{"weeks": 3, "sessions": 3}], "sessions must be a list of sessions; got 3"),
        ([{"weeks": 3, "sessions": [4]}], "stage 1, session 1: a session is a mapping of fields"),
        ([{"sessions": [MONDAY]}], "stage 1: stage field 'weeks' is missing"),
        (changed({"exercises": [7]}), "exercise 1: an exercise is a mapping of fields; got 7"),
        (
            with_exercise(set_duration_s=30),
            "stage 1, session 1 (floor), exercise 2 (lying_straight_leg): lying_straight_leg is "
            "done in repetitions: give repetitions, not set_duration_s",
        ),
        (with_exercise(exercise="flutter_kick"), "flutter_kick is done in seconds: give set_dur"),
        (with_exercise(load_percent_1rm=121), "load_percent_1rm must be above 0 to 120 % of 1RM"),
        (with_exercise(load_kg=-1), "load_kg must be above 0 to 1000 kg; got -1"),
        (with_exercise(reps=3), "exercise has no field 'reps'; its fields are exercise, sets"),
        (with_exercise(tempo={"up_s": 0, "down_s": 1}), "tempo up_s must be above 0 s; got 0"),
    ],
)
def test_what_is_no_plan_is_refused_by_stage_session_exercise_and_field(stages, words):
    with pytest.raises(PlanError) as refusal:
        progression.plan(stages)
    assert words in str(refusal.value)
    assert len(refusal.value.faults) == 1


FAULTY = (
    TEXT.replace("monday", "mondy").replace("sets: 4", "sets: 44").replace("load_kg: 5", "kg: 5")
)
FAULTS = [
    ("s.yaml:6 plan: stage 1, session 1 (floor): weekday must be one of monday"),
    ("s.yaml:15 plan: stage 1, session 2, exercise 1 (flutter_kick): sets must be 1 to 20"),
    ("s.yaml:22 plan: stage 1, session 2, exercise 2 (hanging_straight_leg): exercise has no"),
]


def test_all_faults_of_a_file_are_told_at_once_with_their_lines(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text(FAULTY)
    with pytest.raises(ScenarioError) as refusal:
        scenarios.find(str(path))
    told = str(refusal.value).splitlines()
    assert len(told) == len(FAULTS)
    for line, start in zip(told, FAULTS, strict=True):
        assert line.startswith(start)


def test_all_faults_of_a_notebooks_parameter_are_told_at_once():
    faulty = with_exercise(sets=0, load_kg=-1)
    faulty.append({"weeks": 200, "variant": "leg_rise"})
    with pytest.raises(ParameterError) as refusal:
        validate("energy_cost", {"progression": faulty})
    told = str(refusal.value).splitlines()
    assert told[0].startswith("energy_cost: progression: stage 1, session 1 (floor), exercise 2")
    assert all(line.startswith("stage ") for line in told[1:])
    for words in ("sets must be", "load_kg must", "weeks must", "'leg_rise'", "'rest_s' is miss"):
        assert sum(words in line for line in told) == 1


def test_very_many_faults_are_cut_short():
    with pytest.raises(PlanError) as refusal:
        progression.plan([3] * 30)
    assert len(refusal.value.faults) == 30
    assert str(refusal.value).splitlines()[-1] == "and 10 more"
