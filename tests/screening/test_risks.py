"""Screening of risks by category of dose: planted faults are found by row, print is left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from repdose import evidence as ev
from repdose.screening import RISK_RULES, screen

NONE = np.nan


def clean():
    """Two invented cohorts without a fault: crude ratios are the adjusted ones."""
    return pd.DataFrame(
        {
            "row_id": [1, 2, 3, 4, 5, 6],
            "study": ["a"] * 3 + ["b"] * 3,
            "outcome": "death",
            "design": "cumulative-incidence",
            "dose_low": [0.0, 1, 60] * 2,
            "dose_high": [0.0, 60, NONE] * 2,
            "dose_median": [0.0, 25, 90] * 2,
            "cases": [100.0, 80, 90] * 2,
            "n": [1000.0, 1000, 1000] * 2,
            "study_cases": 270,
            "rr": [1.0, 0.80, 0.90] * 2,
            "ci_low": [NONE, 0.64, 0.72] * 2,
            "ci_high": [NONE, 1.00, 1.125] * 2,
        }
    )


def planted(**cells):
    """The clean table with cells (row, value) changed."""
    table = clean()
    for column, changes in cells.items():
        if column not in table:
            table[column] = NONE
        for row, value in [changes] if isinstance(changes, tuple) else changes:
            table.loc[row - 1, column] = value
    return table


def found(table):
    return {(row["rule"], tuple(row["rows"])): row for _, row in screen(table).iterrows()}


def test_a_table_without_fault_has_no_finding_and_runs_every_rule():
    result = screen(clean())
    assert result.empty
    assert result.attrs["not_run"] == {}


@pytest.mark.parametrize(
    ("table", "rule", "rows", "severity", "says"),
    [
        (planted(row_id=(2, 1)), "duplicate_id", (1, 1), "high", "ids 1 name more than one row"),
        (
            planted(rr=(2, 1.0), ci_low=(2, NONE), ci_high=(2, NONE)),
            "references",
            (1, 2),
            "high",
            "2 rows have the ratio 1",
        ),
        (
            planted(se=(1, 0.1)),
            "references",
            (1,),
            "high",
            "has an interval or SE, which a reference has not",
        ),
        (planted(rr=(1, 0.95)), "references", (1, 2, 3), "high", "no row has the ratio 1"),
        (planted(ci_low=(2, 0.85)), "interval_excludes", (2,), "high", "0.85 to 1 does not hold"),
        (planted(ci_low=(2, NONE)), "interval_excludes", (2,), "high", "one limit"),
        # the middle of 0.6 to 1.2 is sqrt(0.72) = 0.849; off by ln(0.849/0.7) = 0.19 of 0.35
        (
            planted(rr=(3, 0.7), ci_low=(3, 0.6), ci_high=(3, 1.2), cases=(3, 70), study_cases=[
                (1, 250), (2, 250), (3, 250)]),
            "interval_asymmetric",
            (3,),
            "medium",
            "lies 56 % of the half-width off the middle of 0.6 to 1.2, 0.849",
        ),
        (
            planted(cases=(5, 81)),
            "cases_sum",
            (4, 5, 6),
            "medium",
            "add up to 271; the total is printed as 270",
        ),
        (planted(study_cases=(4, 999)), "cases_sum", (4, 5, 6), "high", "several totals"),
        (
            planted(
                cases=[(1, 900), (2, 1008), (3, 810)],
                rr=(2, 1.12),
                ci_low=(2, 0.896),
                ci_high=(2, 1.4),
                study_cases=[(1, 2718), (2, 2718), (3, 2718)],
            ),
            "more_cases",
            (2,),
            "high",
            "1008 cases of 1000",
        ),
        (
            planted(dose_low=(2, 70), dose_median=(2, NONE), dose_high=(2, NONE)),
            "dose_order",
            (2, 3),
            "medium",
            "dose_low is 70 and then 60",
        ),
        (
            planted(dose_low=(2, 60), dose_high=(2, NONE), dose_median=(2, NONE)),
            "dose_order",
            (2, 3),
            "high",
            "dose_low is 60 and then 60",
        ),
        (
            planted(dose_high=(2, 70)),
            "classes_overlap",
            (2, 3),
            "medium",
            "from 60 begins below 70",
        ),
        (
            planted(dose_median=(2, 75)),
            "dose_outside_class",
            (2,),
            "high",
            "dose_median 75 lies outside its category, 1 to 60",
        ),
        # 90 of 1000 against 100 of 1000 is 0.9
        (
            planted(rr=(6, 1.1), ci_low=(6, 0.9), ci_high=(6, 1.3444)),
            "crude_ratio",
            (6,),
            "low",
            "adjusted ratio is 1.1, the crude one 0.90",
        ),
        (
            planted(rr=(6, 0.4), ci_low=(6, 0.2), ci_high=(6, 0.8)),
            "crude_ratio",
            (6,),
            "medium",
            "adjusted ratio is 0.4, the crude one 0.90",
        ),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_in_its_rows_and_nothing_else_is(
    table, rule, rows, severity, says
):
    seen = found(table)
    assert list(seen) == [(rule, rows)]
    assert seen[rule, rows]["severity"] == severity
    assert says in seen[rule, rows]["evidence"]
    assert seen[rule, rows]["check"]


def test_every_rule_has_a_planted_fault():
    marks = test_a_planted_fault_is_found_in_its_rows_and_nothing_else_is.pytestmark
    (cases,) = (mark.args[1] for mark in marks if mark.name == "parametrize")
    assert {case[1] for case in cases} == {rule.name for rule in RISK_RULES}


def test_rounding_alone_is_no_asymmetry():
    """0.82 (0.70 to 0.94) of a cohort: the middle is 0.811, 7 % off, within half a hundredth."""
    assert found(planted(rr=(2, 0.82), ci_low=(2, 0.70), ci_high=[(2, 0.94), (3, 1.12)])) == {}


def test_odds_are_compared_where_the_design_has_odds():
    """900 of 1000 against 800 of 1000: the ratio of risks is 1.125, that of odds 2.25."""
    table = planted(cases=[(1, 800), (2, 900)], rr=(2, 2.5), ci_low=(2, 2.0), ci_high=(2, 3.125))
    table = table[table["study"] == "a"].drop(columns="study_cases")
    crude = [row for (rule, _), row in found(table).items() if rule == "crude_ratio"]
    assert [row["rows"] for row in crude] == [[2], [3]]
    table["design"] = "case-control"
    crude = [row for (rule, _), row in found(table).items() if rule == "crude_ratio"]
    assert [row["rows"] for row in crude] == [[3]]


def test_several_outcomes_of_a_study_have_a_reference_each():
    table = clean()
    table["study"] = "a"
    table["outcome"] = ["death"] * 3 + ["cancer"] * 3
    assert screen(table).empty


def test_log_ratios_are_screened_as_ratios():
    table = clean()
    table["log_rr"] = np.log(table.pop("rr"))
    assert screen(table).empty


def test_a_table_without_doses_is_refused():
    with pytest.raises(ValueError, match="no column 'dose' or 'dose_low'"):
        screen(clean().drop(columns=["dose_low", "dose_high", "dose_median"]))


def test_the_shipped_tables_differ_from_their_crude_ratios_in_the_highest_classes():
    """Those who train most are younger: 86 of 12515 years against 2599 of 271749 is 0.72."""
    seen = found(ev.trials("strength_training_mortality"))
    assert set(seen) == {("crude_ratio", (row,)) for row in (5, 9, 13, 17)}
    assert "1.1, the crude one 0.72" in seen["crude_ratio", (5,)]["evidence"]
    assert screen(ev.trials("strength_training_diabetes")).empty
    assert screen(ev.trials("leisure_activity_mortality")).empty
