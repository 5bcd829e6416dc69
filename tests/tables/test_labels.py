"""What the numbers of a report are called, which of them lead, and what is noted beside them."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from two_plans import PLANS
from two_stages import PERSON, PLAN, RULES

from repdose import energy, multiverse, volume
from repdose.tables import dose_response as dose_tables
from repdose.tables.stated import (
    activity_and_risk,
    dose_response,
    energy_cost,
    progression_comparison,
    weekly_volume,
)


def labels(numbers):
    return {one.id: one.label for one in numbers}


def headlines(numbers):
    return [one.id for one in numbers if one.headline]


@pytest.fixture(scope="module")
def cost():
    return energy.weekly_energy(PLAN, body_mass_kg=PERSON["body_mass_kg"], **RULES)


def test_energy_is_named_by_what_it_is_and_of_which_week(cost):
    universe = multiverse.energy(PLAN, **PERSON, **RULES)
    numbers = energy_cost.numbers(cost, universe, daily_rest_kcal=1700.0, body_mass_kg=80.0)
    assert labels(numbers) == {
        "weekly_energy": "Energy of an average week",
        "weekly_gross_energy": "Gross energy of an average week",
        "weekly_net_energy": "Net energy of an average week",
        "plan_gross_energy": "Gross energy of the whole plan",
        "weekly_met_minutes": "MET-minutes of an average week",
        "daily_resting_energy": "Predicted resting energy of a day",
        "share_of_resting_energy": "Net energy of an average week as a share of a week's resting "
        "energy",
        "walking_minutes": "Level walking of the same gross energy as an average week",
    }
    assert headlines(numbers) == ["weekly_energy"]


def test_sets_are_named_by_muscle_and_week(cost):
    numbers = weekly_volume.numbers(
        volume.weekly_volume(PLAN),
        volume.weekly_sets(PLAN, indirect_weight=0.25),
        multiverse.weekly_sets(PLAN),
        cost,
        leading=["rectus_abdominis", "iliopsoas"],
        indirect_weight=0.25,
    )
    counted = "in the last week, indirect ones counted 0.25"
    assert labels(numbers) == {
        "rectus_abdominis_sets_last_week": f"Sets for the rectus abdominis {counted}",
        "iliopsoas_sets_last_week": f"Sets for the hip flexors {counted}",
        "sets_last_week": "Sets of the last week, whatever the muscle",
        "rectus_abdominis_sets_any_count": "Rectus abdominis, sets a week however counted",
        "weekly_met_minutes": "MET-minutes of an average week",
    }
    assert headlines(numbers) == ["rectus_abdominis_sets_last_week"]


def test_the_least_and_the_most_energy_are_those_of_the_central_rows():
    frame = pd.DataFrame(columns=["plan", "week", "metric", "value"])
    # by the low rows B would have the least, and by the high ones too
    rows = pd.DataFrame(
        {"low": [30.0, 20.0], "central": [40.0, 50.0], "high": [90.0, 80.0]}, index=["A", "B"]
    )
    least, most = progression_comparison.numbers(PLANS, frame, rows)
    assert (least.id, least.label) == (
        "gross_energy_least",
        "Gross energy of a mean week, least: Two stages",
    )
    assert (least.value, least.low, least.high) == (40, 30, 90)
    assert (most.id, most.label) == (
        "gross_energy_most",
        "Gross energy of a mean week, most: Other",
    )
    assert (most.value, most.low, most.high) == (50, 20, 80)
    assert least.headline
    assert most.headline


def test_risks_are_named_by_their_minutes():
    def at(dose):
        ends = {"ci_low": 0.7, "ci_high": 1.0, "pi_low": 0.6, "pi_high": 1.1}
        return pd.DataFrame([{"rr": 1 - dose / 1000, **ends}])

    nadir = {"dose": 80.0, "dose_low": 60.0, "dose_high": 130.0, **at(80.0).iloc[0]}
    risks = SimpleNamespace(fit=SimpleNamespace(curve=at, nadir=lambda: nadir))
    universe = SimpleNamespace(default=0.98, range=(0.9, 1.0), count=6, choices=(1, 2))
    numbers = activity_and_risk.numbers(risks, {"elapsed": 20.0, "working": 8.0}, universe)
    against = "minutes against none"
    assert labels(numbers) == {
        "minutes_elapsed": "Elapsed time of an average week",
        "minutes_working": "Working time of an average week",
        "risk_elapsed": f"Ratio of risk of death at the plan's elapsed {against}",
        "risk_working": f"Ratio of risk of death at the plan's working {against}",
        "risk_elapsed_further_cohort": "The same in a further cohort, at the elapsed minutes",
        "lowest_minutes": "Dose at which the curve is lowest",
        "lowest_risk": "Ratio of risk there against none",
        "risk_elapsed_over_choices": "Ratio at the elapsed minutes over all defensible fits",
    }
    assert headlines(numbers) == ["risk_elapsed", "lowest_minutes"]
    mean, further = ("confidence", "", 2), ("prediction", "", 2)
    assert {
        one.id: ((one.value, one.low, one.high), (one.kind, one.unit, one.digits))
        for one in numbers
    } == {
        "minutes_elapsed": ((20, None, None), ("none", "min/week", 0)),
        "minutes_working": ((8, None, None), ("none", "min/week", 0)),
        "risk_elapsed": ((0.98, 0.7, 1), mean),
        "risk_working": ((0.992, 0.7, 1), mean),
        "risk_elapsed_further_cohort": ((0.98, 0.6, 1.1), further),
        "lowest_minutes": ((80, 60, 130), ("confidence", "min/week", 0)),
        "lowest_risk": ((0.92, 0.7, 1), mean),
        "risk_elapsed_over_choices": ((0.98, 0.9, 1), ("assumption", "", 2)),
    }
    assert {one.id: one.note for one in numbers if one.id != "lowest_minutes"} == {
        **dict.fromkeys(labels(numbers).keys() - {"lowest_minutes"}, ""),
        "risk_elapsed": "at 20.0 min/week; an association, no effect",
        "risk_working": "at 8.0 min/week; an association, no effect",
        "risk_elapsed_over_choices": "over 6 combinations of 2 choices",
    }


class Fitted:
    """A curve of two forms and slopes of a trial, as the numbers see them."""

    averaged = ("linear", "log")

    def __init__(self, leads):
        self.leads, self.leading = leads, "within"
        row = {"estimate": 0.01, "se": 0.004, "ci_low": 0.001, "ci_high": 0.02}
        self.slopes = pd.DataFrame(
            [{**row, "df": 8.04, "p": 0.03}, {**row, "df": 9.8, "p": 0.1}],
            index=["within", "between"],
        )

    def leading_form(self, low, high):
        assert (low, high) == (5, 10)
        return self.leads

    def difference(self, low, high, *, form):
        assert (low, high) == (5, 10)
        line = {"estimate": 0.05, "low": 0.01, "high": 0.09, "df": 8.0}
        bent = {"estimate": 0.11, "low": 0.02, "high": 0.2, "df": 9.6}
        ends = {"model_low": 0.03, "model_high": 0.19}
        return {**{"linear": line, "spline": bent}[form], **ends}

    def response(self, doses, reference_dose=0, kind="CR2"):
        assert doses == [10]
        gain = {"estimate": 0.3, "low": 0.2, "high": 0.4, "pi_low": -0.3, "pi_high": 0.9}
        more = {"estimate": 0.07, "low": -0.01, "high": 0.15}
        # the intervals of the model itself are narrower
        model = {"estimate": 0.07, "low": 0.012, "high": 0.128}
        asked = {(0, "CR2"): gain, (5, "CR2"): more, (5, None): model}
        return pd.DataFrame([asked[reference_dose, kind]])


@pytest.mark.parametrize(
    ("leads", "words", "first"),
    [
        ("spline", "spline; cluster-robust (CR2), 9.6", ["gain", "difference"]),
        (
            "linear",
            "straight line; cluster-robust (CR2), 8.0",
            ["slope_within", "gain", "difference"],
        ),
    ],
)
def test_gains_and_differences_say_what_they_are_of_and_by_which_form(
    monkeypatch, leads, words, first
):
    monkeypatch.setattr(dose_tables, "detectable_difference", lambda _: 0.31)
    fitted = Fitted(leads)
    trials = SimpleNamespace(
        curve=fitted, slopes=fitted, outcome="hypertrophy", levels=("study", "arm")
    )
    numbers = dose_response.numbers(trials, 5, 10)
    arms = "between arms of one trial (randomised)"
    assert labels(numbers) == {
        "slope_within": f"Slope per weekly set, {arms}",
        "slope_between": "Slope per weekly set, between trials (confounded)",
        "gain": "Mean gain in muscle size with 10 weekly sets",
        "gain_of_a_new_arm": "True gain in muscle size of a new arm of a new trial with 10 weekly "
        "sets",
        "difference": f"Gain with 10 over 5 weekly sets, {arms}",
        "difference_straight": f"Gain with 10 over 5 weekly sets, {arms}, straight line",
        "difference_averaged": "Gain with 10 over 5 weekly sets, averaged curve",
        "smallest_detectable_effect": "Difference of two arms that one such trial would tell from "
        "none, 80 % power",
    }
    # a slope leads where the difference is a straight line's
    assert headlines(numbers) == first
    notes = {one.id: one.note for one in numbers}
    assert notes["slope_within"] == "cluster-robust (CR2), 8.0 degrees of freedom, p = 0.030"
    assert notes["difference"] == f"{words} degrees of freedom; model-based 0.030 to 0.190"
    assert notes["difference_averaged"] == (
        "averaged over 2 forms of the curve; tail areas of CR2; model-based 0.012 to 0.128"
    )
    ends = {one.id: (one.value, one.low, one.high) for one in numbers}
    assert ends["gain"] == (0.3, 0.2, 0.4)
    assert ends["gain_of_a_new_arm"] == (0.3, -0.3, 0.9)
    assert ends["difference_straight"] == (0.05, 0.01, 0.09)
    assert ends["difference_averaged"] == (0.07, -0.01, 0.15)
