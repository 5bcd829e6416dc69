"""Plans: their arithmetic, and what is no plan."""

import pytest

from repdose import progression
from repdose.inputs import scenarios
from repdose.progression import PlanError, Stage, Tempo

GOOD = {
    "variant": "lying_straight_leg",
    "weeks": 2,
    "sessions_per_week": 3,
    "sets": 3,
    "repetitions": 12,
    "rest_s": 60,
}


def test_a_session_is_sets_of_repetitions_with_rests_between_them():
    stage = Stage(**GOOD, tempo=Tempo(up_s=2, top_s=1, down_s=2))
    assert stage.set_s == 60
    assert (stage.work_min, stage.rest_min, stage.elapsed_min) == (3.0, 2.0, 5.0)


def test_the_default_tempo_is_the_variants_own():
    assert Stage(**GOOD).pace.repetition_s == 5.0


def test_a_one_legged_set_lasts_until_both_legs_have_done_it():
    two = Stage(**GOOD)
    one = Stage(**{**GOOD, "variant": "lying_single_leg"})
    assert one.set_s == 2 * two.set_s


def test_weeks_follow_each_other_unless_a_start_is_given():
    plan = progression.plan([GOOD, {**GOOD, "start_week": 5}])
    assert [(week.number, week.stage_number) for week in plan] == [(1, 1), (2, 1), (5, 2), (6, 2)]


def test_a_plan_in_python_equals_the_same_plan_in_yaml():
    scenario = scenarios.shipped("flutter_endurance")
    read = progression.plan(scenario.stages, title=scenario.title)
    built = progression.plan(
        [
            Stage(
                variant="flutter_kick",
                weeks=2,
                sessions_per_week=3,
                sets=sets,
                set_duration_s=seconds,
                rest_s=60,
            )
            for sets, seconds in ((3, 20), (4, 30), (4, 45))
        ],
        title=scenario.title,
    )
    assert read == built


@pytest.mark.parametrize(
    ("name", "weeks"), [("foundation", 8), ("to_hanging", 12), ("flutter_endurance", 6)]
)
def test_shipped_scenarios_last_as_long_as_they_say(name, weeks):
    assert len(progression.plan(scenarios.shipped(name).stages).weeks()) == weeks


def test_the_schedule_has_a_row_a_week():
    frame = progression.plan([GOOD]).schedule()
    assert frame["week"].tolist() == [1, 2]
    assert frame["elapsed_min"].tolist() == [5.0, 5.0]


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([], "at least one stage; got none"),
        ("foundation", "a plan is a list of stages; got 'foundation'"),
        ([3], "stage 1: a stage is a mapping"),
        ([{**GOOD, "rest_s": -1}], "stage 1: rest_s must be 0 to 900 s; got -1"),
        ([{**GOOD, "rest_s": float("nan")}], "stage 1: rest_s .* got nan"),
        ([GOOD, {**GOOD, "variant": "leg_rise"}], "stage 2: no exercise 'leg_rise'; near"),
        ([{**GOOD, "reps": 3}], "stage has no field 'reps'; its fields are variant, weeks"),
        ([{k: v for k, v in GOOD.items() if k != "rest_s"}], "field 'rest_s' is missing"),
        ([{**GOOD, "weeks": 0}], "weeks must be 1 to 104 weeks; got 0"),
        ([{**GOOD, "sets": 2.5}], "sets must be a whole number.*got 2.5"),
        ([{**GOOD, "sets": True}], "sets must be a whole number.*got True"),
        ([{**GOOD, "repetitions": "10"}], "repetitions must be a whole number.*'10'"),
        ([{**GOOD, "set_duration_s": 30}], "done in repetitions: give repetitions"),
        ([{**GOOD, "variant": "flutter_kick"}], "done in seconds: give set_duration_s"),
        ([{**GOOD, "tempo": "2-0-2"}], "tempo must be a mapping of up_s.*'2-0-2'"),
        ([{**GOOD, "tempo": {"up_s": 0, "down_s": 2}}], "tempo up_s must be above 0 s"),
        ([{**GOOD, "tempo": {"up_s": 2, "down_s": 0}}], "stage 1: tempo down_s must be above 0 s"),
        ([{**GOOD, "tempo": {"up_s": [2, 3], "down_s": 2}}], "tempo up_s must be one number"),
        ([{**GOOD, "rest_s": [60, 70]}], "stage 1: rest_s must be one number, 0 to 900 s"),
        ([{**GOOD, "start_week": 0}], "stage 1: start_week must be 1 to 104 weeks; got 0"),
        ([{**GOOD, "tempo": {"up_s": 2}}], "tempo field 'down_s' is missing"),
        ([{**GOOD, "tempo": {"up_s": 2, "down": 2}}], "tempo has no field 'down'"),
        ([GOOD, GOOD, {**GOOD, "start_week": 4}], "stage 3 starts in week 4.*free week is 5"),
        ([GOOD, {**GOOD, "start_week": 2}], "stage 2 starts in week 2, which stage 1 still covers"),
    ],
)
def test_what_is_no_plan_is_refused_by_stage_and_field(stages, words):
    with pytest.raises(PlanError, match=words):
        progression.plan(stages)
