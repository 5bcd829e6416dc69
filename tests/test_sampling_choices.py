"""Assumed correlations of measurements before and after, against the participants shipped."""

from __future__ import annotations

import numpy as np

import evidence as ev
from analysis import trial_choices
from evidence.choices import declared_options


def correlations(measures):
    """Least and largest correlation before and after: within a sex, and over both."""
    people = ev.trials("contralateral")
    people = people[people["included"] & people["measure"].isin(measures)]
    keys = ["participant", "sex", "sets_per_exercise", "measure", "time"]
    best = people.groupby(keys)["value"].max().unstack("time")[["pre", "post"]].dropna()
    within, over = [], []
    for _, leg in best.groupby(level=["measure", "sets_per_exercise"]):
        over.append(np.corrcoef(leg["pre"], leg["post"])[0, 1])
        centred = leg - leg.groupby(level="sex").transform("mean")
        within.append(np.corrcoef(centred["pre"], centred["post"])[0, 1])
    return (min(within), max(within)), (min(over), max(over))


def test_the_correlation_of_strength_lies_where_its_source_puts_it():
    tests = set(ev.trials("contralateral")["measure"].unique()) - {"leg_lean_mass"}
    assert len(tests) == 6
    within, over = correlations(tests)
    row = declared_options("r")["0.8"]
    assert row.source == "hammarstrom2020"
    for ends in (within, over):
        assert f"({ends[0]:.2f} to {ends[1]:.2f})" in row.reason
    assert within[1] - 0.1 < row.value < over[0]


def test_the_correlation_of_size_lies_below_that_of_lean_mass():
    within, _ = correlations({"leg_lean_mass"})
    row = declared_options("r")["0.9"]
    assert row.source == "hammarstrom2020"
    assert f"({within[0]:.2f} to {within[1]:.2f})" in row.reason
    assert row.value < within[0]


def test_each_outcome_has_its_own_correlation_unless_one_is_given():
    assert trial_choices.Trials("hypertrophy").r == 0.9
    assert trial_choices.Trials("strength").r == 0.8
    assert trial_choices.Trials("strength", pre_post_r=0.7).r == 0.7
    with ev.ledger() as used:
        assert trial_choices.Trials("strength").r_declared.value == 0.8
    assert used.sources() == ["hammarstrom2020", "repdose2026"]
