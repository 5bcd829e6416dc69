"""Sessions: their time, and which rest stands between two exercises."""

import pytest
from two_sessions import PLAN, REST_MIN, WORK_MIN

from repdose.plans import PlanError, Prescription, Session

RAISES = Prescription(exercise="lying_straight_leg", sets=3, repetitions=10, rest_s=120)
SESSIONS = [session for _, session in PLAN.stages[0].week_sessions]


def test_a_session_lasts_as_long_as_its_sets_and_the_rests_between_them():
    assert [one.work_min for one in SESSIONS] == pytest.approx(WORK_MIN)
    assert [one.rest_min for one in SESSIONS] == pytest.approx(REST_MIN)
    assert [one.elapsed_min for one in SESSIONS] == pytest.approx([11.5, 740 / 60])
    assert [one.sets for one in SESSIONS] == [5, 6]


def test_between_two_exercises_stands_the_rest_of_the_one_just_done():
    monday = SESSIONS[0]
    # three rests of 120 s are the first exercise's, one of 60 s the second's
    assert [part.rest_min for part in monday.parts] == [6.0, 1.0]
    assert [part.elapsed_min for part in monday.parts] == [8.5, 3.0]
    turned = Session(exercises=monday.exercises[::-1])
    # two of 60 s, then two of 120 s
    assert [part.rest_min for part in turned.parts] == [2.0, 4.0]


def test_a_session_of_one_exercise_is_the_stage_of_one_exercise():
    alone = Session(exercises=(RAISES,))
    assert (alone.work_min, alone.rest_min, alone.elapsed_min) == (2.5, 4.0, 6.5)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"exercises": ()}, "a session needs at least one exercise; got none"),
        ({"exercises": (RAISES,), "weekday": "Monday"}, "one of monday, tuesday,.*got 'Monday'"),
        ({"exercises": (RAISES,), "rpe": 11}, "rpe must be 0 to 10 on the CR10 scale; got 11"),
        ({"exercises": (RAISES,), "name": 3}, "name must be a line of text; got 3"),
        # 200 times 3 x (50 s and 120 s of rest), but for the last rest of 2 min
        ({"exercises": (RAISES,) * 200}, "the session lasts 1,698 min; allowed are 0 to 1440 min"),
    ],
)
def test_what_is_no_session_is_refused(fields, words):
    with pytest.raises(PlanError, match=words):
        Session(**fields)
