"""Sentences on what arms of one trial show: each branch of each judging phrase."""

from __future__ import annotations

import math
from types import SimpleNamespace

import pandas as pd
import pytest

from repdose.tables.sentences import between_arms as arms

TEXTS = {"within": "0.01 (0.00 to 0.02) SD", "between": "−0.02 (−0.03 to 0.01) SD"}
CAN, CANNOT = (0.1, 0.3), (-0.1, 0.3)


def slopes(comparing=("a", "b"), constant=(), leading="", df=9.0, **rows):
    """Within, between and difference by estimate, interval and p."""
    columns = ["estimate", "ci_low", "ci_high", "p"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns).assign(df=df)
    return SimpleNamespace(
        slopes=table,
        comparing=comparing,
        constant=constant,
        leading=leading or str(next(iter(rows), "within")),
    )


def compared(
    spline, line=(0.0, 0.0), *, leading="within", why="", comparing=("a", "b"), note="", df=9.0
):
    """What leads, and a straight line, with these intervals around -0.2."""
    ends = {"spline": spline, "linear": line}
    usual = "linear" if why else "spline"

    def difference(low, high, form=None):
        assert (low, high) == (5, 10)
        at = ends[form or usual]
        return {"estimate": -0.2, "low": at[0], "high": at[1], "df": df}

    def straight(low, high):
        assert (low, high) == (5, 10)
        return why

    return SimpleNamespace(
        leading=leading,
        comparing=comparing,
        difference=difference,
        why_straight=straight,
        slopes=pd.DataFrame({"note": [note]}, index=["within"]),
    )


def test_a_slope_within_that_is_told_from_nothing_and_differs_from_the_other():
    found = slopes(
        within=(0.01, 0.001, 0.02, 0.03),
        between=(-0.02, -0.03, 0.01, 0.3),
        difference=(0.03, 0.01, 0.05, 0.014),
    )
    said = arms.slope_within(found, TEXTS["within"])
    assert said.startswith(
        "Taken as a straight line over all sets compared, each further weekly set between arms of "
        "the same trial adds 0.01"
    )
    assert said.endswith("which 2 trials can tell from nothing")
    said = arms.slope_between(found, TEXTS["between"])
    assert "slope is −0.02 (−0.03 to 0.01) SD, confounded by all else" in said
    assert said.endswith("it differs from that between arms of one trial (p = 0.014).")


def test_a_negative_slope_takes_away_and_slopes_alike_cannot_be_told_apart():
    found = slopes(
        within=(-0.01, -0.03, 0.02, 0.4),
        between=(-0.02, -0.03, 0.01, 0.3),
        difference=(0.01, -0.01, 0.03, 0.6),
    )
    said = arms.slope_within(found, TEXTS["within"])
    assert "takes away, as a negative gain, 0.01" in said
    assert "cannot tell from nothing" in said
    said = arms.slope_between(found, TEXTS["between"])
    assert "it cannot be told apart from that between arms of one trial (p = 0.600)" in said


def test_without_a_comparison_inside_trials_no_slope_is_called_randomised():
    found = slopes((), ("a", "b"), between=(0.01, 0, 0.02, 0.05))
    said = arms.slope_within(found, "")
    assert said.startswith("No trial compared doses between its arms, so there is no randomised")
    said = arms.slope_between(found, TEXTS["between"])
    assert said.endswith("confounded by all else that differs between trials.")
    assert arms.slope_between(slopes(within=(0.01, -0.01, 0.02, 0.2)), "") == ""


def test_trials_with_one_dose_are_counted_and_named():
    assert arms.without_slope(slopes()) == ""
    said = arms.without_slope(slopes(tuple("abc"), tuple("defghijk")))
    assert said.startswith("8 of 11 trials gave all their arms the same number of sets")
    assert said.endswith(" and say nothing of the slope within trials: d, e, f, g, h and 3 more.")
    # five are named, none is left to count
    said = arms.without_slope(slopes(tuple("abc"), tuple("defgh")))
    assert said.startswith("5 of 8 trials ")
    assert said.endswith(": d, e, f, g, h.")
    assert arms.without_slope(slopes(("a",), ("d",))).endswith(": d.")


def test_arms_differ_in_sets_only_is_said_of_the_slope_within_alone():
    trials = SimpleNamespace(path="", slopes=slopes((), ("a",), between=(0.1, 0, 0.2, 0.05)))
    assert arms.arms_differ(trials) == (
        "No slope within trials could be had: all that differs between trials is in the slope."
    )
    trials.slopes = slopes(within=(0.1, 0, 0.2, 0.05))
    for forms, curve in ((("linear", "log"), "averaged curve"), (("log",), "log curve")):
        trials.curve = SimpleNamespace(averaged=list(forms))
        assert arms.arms_differ(trials) == (
            "The difference that leads rests on arms of one trial, which differ in sets only; "
            f"between trials everything else differs too, so the {curve}, which blends both, is no "
            "randomised comparison."
        )
    # a reader's own table is taken at its word
    trials.path = "mine.csv"
    assert "arms of one trial, which are taken to differ in sets only;" in arms.arms_differ(trials)


def test_slopes_are_not_told_apart_at_the_limit_itself_nor_without_a_test():
    level = slopes(between=(0.1, 0, 0.2, 0.3), difference=(0.1, 0, 0.2, 0.05))
    assert "cannot be told apart" in arms.slope_between(level, "X")
    untold = slopes(between=(0.1, 0, 0.2, 0.3), difference=(0.1, math.nan, math.nan, math.nan))
    assert arms.slope_between(untold, "X").endswith(
        "; whether it differs from that between arms of one trial cannot be told."
    )


def test_what_leads_says_where_it_comes_from():
    said = arms.difference(compared(CAN, CAN), 5, 10, "10 over 5", "X")
    assert said == (
        "Between arms of the same trial 10 over 5 takes away, as a negative gain, X, which 2 "
        "trials can tell from nothing"
    )
    none = compared((), CANNOT, leading="between", why="no slope", comparing=())
    assert arms.difference(none, 5, 10, "10 over 5", "X") == (
        "No trial compared doses between its arms; from trial to trial, where all else differs "
        "too, 10 over 5 takes away, as a negative gain, X, which they cannot tell from nothing"
    )


def test_a_slope_that_one_trial_carries_has_its_reason_and_does_not_lead():
    note = "rests on study s0 alone: no robust error, p or interval"
    one = compared((), CAN, leading="between", why="no slope", note=note)
    assert arms.difference(one, 5, 10, "10 over 5", "X").startswith(
        "No robust slope between arms of one trial is to be had; from trial to trial, where all "
        "else differs too, 10 over 5"
    )
    found = slopes(leading="between", within=(0.1, math.nan, math.nan, math.nan))
    found.slopes["note"] = note
    assert arms.slope_within(found, "") == (
        "The slope between arms of one trial has no robust interval (rests on study s0 alone)"
    )
    trials = SimpleNamespace(path="", slopes=found)
    assert arms.arms_differ(trials).startswith("No slope within trials could be had")


@pytest.mark.parametrize(
    ("spline", "line", "said"),
    [
        (CAN, CAN, "can tell from nothing"),
        (CANNOT, CANNOT, "cannot tell from nothing"),
        (CAN, CANNOT, "can tell from nothing; by a straight line they cannot"),
        (CANNOT, CAN, "cannot tell from nothing; by a straight line they can"),
    ],
)
def test_where_a_straight_line_is_told_otherwise_the_answer_says_so(spline, line, said):
    found = compared(spline, line)
    assert arms.difference(found, 5, 10, "10 over 5", "X").endswith(f"which 2 trials {said}")


def test_a_straight_line_stands_beside_the_spline_and_not_beside_itself():
    assert arms.straight_beside(compared(CAN, CANNOT), 5, 10, "X") == (
        "A straight line between arms of one trial makes it X, which they cannot tell from "
        "nothing: it spreads what all sets compared add evenly over them, so where gains level off "
        "it says too little of few sets and too much of many."
    )
    assert arms.straight_beside(compared(CAN, CAN, why="no bend"), 5, 10, "X") == ""


def test_the_form_that_leads_says_what_it_takes_for_granted():
    assert arms.form_taken(compared(CAN), 5, 10) == (
        "The difference that leads follows a restricted cubic spline with three knots "
        "[@harrell2015], split into what arms of one trial and what trials show: it is unbiased "
        "where gains rise in a straight line and where they level off, and its interval is wider "
        "than a straight line's."
    )
    why = "a bend leaves 2.3 degrees of freedom, fewer than 4"
    for leading, whose in (("within", "between arms"), ("between", "between trials")):
        said = arms.form_taken(compared(CAN, why=why, leading=leading), 5, 10)
        assert said == (
            f"The difference that leads is a straight line's, by the slope {whose} over all doses "
            f"compared, because {why}: where gains level off, it says too little of few sets and "
            "too much of many."
        )


def test_how_far_the_verdict_hangs_on_one_trial_is_counted():
    left = pd.DataFrame(
        {"low": [0.1, -0.1, 0.0, -0.3, math.nan], "high": [0.2, 0.1, 0.2, -0.1, math.nan]}
    )
    # the first and the fourth hold no zero; one has no interval, and of seven trials two rows more
    # are missing
    assert arms.fragile(left, 7) == (
        "Without one trial at a time the others can tell this difference from nothing 2 times of "
        "4; without 3 there is no robust interval."
    )
    assert arms.fragile(left.iloc[:4], 4).endswith("from nothing 2 times of 4.")
    # an interval that ends at nothing, or has one end alone, tells nothing
    edge = pd.DataFrame({"low": [-0.1, -0.2, -0.3], "high": [0.0, math.nan, -0.1]})
    assert arms.fragile(edge, 3).endswith(
        "from nothing 1 times of 2; without 1 there is no robust interval."
    )
    # two trials carry the slope: without either there is no error of it
    assert arms.fragile(left.iloc[4:], 2) == (
        "Without any one trial the others have no robust interval for this difference."
    )


def test_a_verdict_on_fewer_than_four_degrees_of_freedom_says_so():
    # Tipton 2015: below four the t approximation does not hold
    for df, doubt in ((4.0, ""), (3.9, ", with few degrees of freedom")):
        found = slopes(within=(0.01, 0.001, 0.02, 0.03), df=df)
        assert arms.slope_within(found, "X").endswith(f"2 trials can tell from nothing{doubt}")
        said = arms.difference(compared((), CAN, why="no bend", df=df), 5, 10, "10 over 5", "X")
        assert said.endswith(f"2 trials can tell from nothing{doubt}")
        none = compared((), CANNOT, leading="between", why="no slope", comparing=(), df=df)
        said = arms.difference(none, 5, 10, "10 over 5", "X")
        assert said.endswith(f"which they cannot tell from nothing{doubt}")
