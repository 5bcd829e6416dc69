"""Tables and words of a plan that several reports share, where two stages do not show it."""

import pytest
from two_sessions import PLAN
from two_stages import rows

from repdose import evidence as ev
from repdose import progression
from repdose.plans import Prescription
from repdose.tables import plans


def test_the_sessions_of_a_plan_with_each_exercise_and_the_whole():
    table = plans.plan_stages(PLAN)
    assert list(table.columns) == [
        "Weeks",
        "Session",
        "Exercise",
        "Sets × repetitions",
        "Load",
        "Rest after a set [s]",
        "Working time [min]",
        "Elapsed time [min]",
    ]
    monday, thursday = "1, floor, Monday", "2, Thursday"
    single = "single-leg raise, lying, other leg hovering"
    expected = [
        [monday, "straight-leg raise, lying", "3 × 10", "none given", "120", 150, 510],
        [monday, single, "2 × 6 per leg", "none given", "60", 120, 180],
        [monday, "whole session", "5 sets", "", "", 270, 690],
        [thursday, "flutter kick, lying", "4 × 30 s", "none given", "90", 120, 480],
        [thursday, "hanging straight-leg raise", "2 × 8", "5 kg", "180", 80, 260],
        [thursday, "whole session", "6 sets", "", "", 200, 740],
    ]
    for row, (*words, work_s, elapsed_s) in zip(rows(table), expected, strict=True):
        assert row[:6] == ["1 to 3", *words]
        assert [60 * minutes for minutes in row[6:]] == [
            pytest.approx(work_s),
            pytest.approx(elapsed_s),
        ]


def test_sides_are_legs_where_mechanics_knows_the_exercise():
    done = {"sets": 3, "repetitions": 10, "rest_s": 60}
    assert plans.dose(Prescription(exercise="lying_single_leg", **done)) == "3 × 10 per leg"
    with ev.pack("common"):
        assert plans.dose(Prescription(exercise="common.lunge", **done)) == "3 × 10 per side"


def test_rows_alike_but_for_one_column_stand_together_in_their_first_order():
    table = plans.together(
        [
            {"Code": "b", "Reason": None, "In": "one"},
            {"Code": "a", "Reason": "why", "In": "two"},
            {"Code": "b", "Reason": None, "In": "three"},
            {"Code": "b", "Reason": None, "In": "one"},
        ],
        "In",
    )
    # an empty cell is a value like any other: its rows are not left out
    assert table["Code"].tolist() == ["b", "a"]
    assert table["In"].tolist() == ["one; three", "two"]


def test_a_session_without_a_name_or_a_day_is_called_by_its_number():
    raises = {"exercise": "lying_straight_leg", "sets": 2, "repetitions": 10, "rest_s": 60}
    sessions = [{"exercises": [raises]}, {"name": "floor", "exercises": [raises]}]
    (stage,) = progression.plan([{"weeks": 1, "sessions": sessions}]).stages
    assert plans.session_names(stage) == ["1", "2, floor"]
