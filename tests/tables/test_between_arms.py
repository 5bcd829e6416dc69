"""Tables of what arms of one trial show of the dose."""

from __future__ import annotations

import inspect
import math
from types import SimpleNamespace

import pandas as pd
import pytest
from two_stages import rows

from repdose.dose_response import trials as trial_choices
from repdose.tables import between_arms
from repdose.tables.dose_response import UNIT


def plain(cells):
    return [str(cell).replace("−", "-") for cell in cells]


def test_slopes_with_both_intervals_in_four_decimals():
    robust = pd.DataFrame(
        {
            "estimate": [0.01, -0.02, 0.03],
            "ci_low": [-0.00123, -0.0301, 0.01],
            "ci_high": [0.02, -0.0099, 0.05],
            "df": [12.34, 20.0, 7.06],
            "p": [0.0804, 0.0001, 0.9999],
            "note": ["", "few", ""],
        },
        index=["within", "between", "difference"],
    )
    model = robust.assign(ci_low=[-0.001, -0.02, 0.02], ci_high=[0.03, 0.01, 0.04])
    table = between_arms.within_between(
        SimpleNamespace(slopes=SimpleNamespace(slopes=robust, model=model))
    )
    assert list(table.columns) == [
        "Slope",
        f"{UNIT} per set",
        "95 % confidence (CR2)",
        "Degrees of freedom",
        "p",
        "Model-based",
        "Note",
    ]
    within, between, difference = rows(table)
    assert plain(within) == [
        "between arms of one trial (randomised)",
        "0.01",
        "-0.0012 to 0.0200",
        "12.3",
        "0.080",
        "-0.0010 to 0.0300",
        "",
    ]
    assert plain(between)[:3] == [
        "between trials (confounded)",
        "-0.02",
        "-0.0301 to -0.0099",
    ]
    assert plain(between)[4:] == ["< 0.001", "-0.0200 to 0.0100", "few"]
    assert plain(difference)[0] == "the first less the second"
    assert plain(difference)[3:5] == ["7.1", "> 0.999"]
    silent = SimpleNamespace(slopes=robust.assign(note=""), model=model)
    bare = between_arms.within_between(SimpleNamespace(slopes=silent))
    assert list(bare.columns) == list(table.columns)[:-1]


def test_where_no_robust_slope_is_to_be_had_a_note_stands_instead_of_numbers():
    robust = pd.DataFrame(
        {
            "estimate": [0.01, -0.02],
            "ci_low": [math.nan, -0.0301],
            "ci_high": [math.nan, -0.0099],
            "df": [math.nan, 20.0],
            "p": [math.nan, 0.0001],
            "note": ["rests on study s0 alone: no robust error, p or interval", ""],
        },
        index=["within", "between"],
    )
    model = robust.assign(ci_low=[-0.001, -0.02], ci_high=[0.03, 0.01])
    table = between_arms.within_between(
        SimpleNamespace(slopes=SimpleNamespace(slopes=robust, model=model))
    )
    first = plain(rows(table)[0])
    assert first[2:] == [
        "none",
        "none",
        "none",
        "-0.0010 to 0.0300",
        "rests on study s0 alone: no robust error, p or interval",
    ]
    assert "nan" not in table.to_string().lower()


class Forms:
    """Slopes within trials that give one difference a form."""

    leading = "within"

    def __init__(self, **differences):
        self.forms = {form.replace("_", " "): given for form, given in differences.items()}

    def leading_form(self, low, high):
        assert (low, high) == (5, 10)
        return "spline"

    def difference(self, low, high, *, form):
        assert (low, high) == (5, 10)
        names = ("estimate", "low", "high", "df", "model_low", "model_high", "note")
        return dict(zip(names, self.forms[form], strict=True))


def test_the_difference_in_each_form_begins_with_the_one_that_leads():
    forms = Forms(
        linear=(0.04, -0.0026, 0.0926, 7.98, 0.0168, 0.0731, ""),
        square_root=(0.09, 0.0088, 0.17, 9.7, 0.04, 0.138, ""),
        spline=(0.11, 0.0045, 0.2184, 9.55, 0.0222, 0.2007, ""),
    )
    trials = SimpleNamespace(slopes=forms, slopes_in_forms=forms)
    table = between_arms.form_by_form(trials, low_sets=5, high_sets=10)
    assert list(table.columns) == [
        "Form",
        f"10 over 5 sets [{UNIT}]",
        "95 % confidence",
        "Degrees of freedom",
        "Model-based",
    ]
    assert [plain(row) for row in rows(table)] == [
        ["spline, leads", "0.11", "0.004 to 0.218", "9.6", "0.022 to 0.201"],
        ["straight line", "0.04", "-0.003 to 0.093", "8.0", "0.017 to 0.073"],
        ["square root", "0.09", "0.009 to 0.170", "9.7", "0.040 to 0.138"],
    ]
    missing = (0.1, math.nan, math.nan, math.nan, 0.0, 0.2, "rests on study s0 alone")
    forms.forms["quadratic"] = missing
    table = between_arms.form_by_form(trials, low_sets=5, high_sets=10)
    assert rows(table)[-1][2:4] == ["none", "none"]
    assert rows(table)[-1][-1] == "rests on study s0 alone"
    forms.leading = "between"
    assert between_arms.form_by_form(trials, low_sets=5, high_sets=10).empty


def test_without_each_study_the_straight_slope_is_that_of_the_engine(monkeypatch):
    trials = trial_choices.Trials("hypertrophy")
    slopes = trials.slopes

    def straight(_, low, high):
        assert (low, high) == (5, 10)
        return "linear"

    monkeypatch.setattr(type(slopes), "leading_form", straight)
    found = inspect.unwrap(between_arms.left_out)(trials, low_sets=5, high_sets=10)
    engine = slopes.fit.leave_one_out()[("estimate", "within")]
    assert found["estimate"].to_numpy() == pytest.approx(5 * engine.to_numpy())
    cook = slopes.fit.cooks_distance()
    assert found["distance"].to_numpy() == pytest.approx(cook.to_numpy(), rel=1e-6)
