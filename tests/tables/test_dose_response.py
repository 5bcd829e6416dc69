"""Tables of the dose-response report, over a curve whose values stand in the test."""

import math
from dataclasses import fields
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import yaml
from two_stages import DATA, PLAN, STAGES, rows, typed

from repdose import progression
from repdose.dose_response import trials as trial_choices
from repdose.tables import dose_response as tables


class Curve:
    """A curve as the tables see one: 0.1 at no sets, 0.01 more a set; studied from 2 to 12."""

    studied_range = (2.0, 12.0)
    outcome = "hypertrophy"

    def response(self, doses, kind="CR2", **_):
        if kind is None:
            wide = self.response(doses)
            return wide.assign(low=wide["low"] + 0.02, high=wide["high"] - 0.05)
        return pd.DataFrame(
            {
                "dose": doses,
                "estimate": [0.1 + 0.01 * dose for dose in doses],
                "low": [0.05 + 0.01 * dose for dose in doses],
                "high": [0.25 + 0.01 * dose for dose in doses],
                "pi_low": [-0.4 + 0.01 * dose for dose in doses],
                "pi_high": [0.7 + 0.01 * dose for dose in doses],
                "extrapolated": [dose > 12 for dose in doses],
            }
        )

    def slope(self, doses):
        return [0.01 + dose / 1000 for dose in doses]


def column(table, words):
    (name,) = [name for name in table.columns if name.startswith(words)]
    return table[name].tolist()


def plain(cells):
    return [str(cell).replace("−", "-") for cell in cells]


def test_gain_intervals_and_slope_along_the_dose():
    table = tables.along_the_dose(Curve())
    assert column(table, "Weekly sets") == [2, 5, 10]
    assert table["Weekly sets"].dtype.kind == "i"  # 5 sets, and not 5.0
    assert column(table, f"Gain [{tables.UNIT}]") == pytest.approx([0.12, 0.15, 0.2])
    assert plain(column(table, "95 % confidence")) == [
        "0.07 to 0.27",
        "0.10 to 0.30",
        "0.15 to 0.35",
    ]
    assert plain(column(table, "Model-based")) == [
        "0.09 to 0.22",
        "0.12 to 0.25",
        "0.17 to 0.30",
    ]
    assert plain(column(table, "95 % prediction")) == [
        "-0.38 to 0.72",
        "-0.35 to 0.75",
        "-0.30 to 0.80",
    ]
    slopes = column(table, f"Slope [{tables.UNIT} per set]")
    assert slopes == pytest.approx([0.012, 0.015, 0.02])


def test_the_gain_at_a_plans_most_direct_sets():
    table = tables.for_a_plan(Curve(), PLAN)
    assert column(table, "Muscle") == ["hip flexors (iliopsoas)", "rectus femoris"]
    assert column(table, "Direct sets, highest week") == [12, 12]
    assert column(table, f"Gain [{tables.UNIT}]") == pytest.approx([0.22, 0.22])
    assert plain(column(table, "95 % confidence")) == ["0.17 to 0.37"] * 2
    assert plain(column(table, "95 % prediction")) == ["-0.28 to 0.82"] * 2
    assert column(table, "Within the doses studied") == ["yes", "yes"]
    # one set more a session is three more than were studied; muscles without direct sets are none
    more = tables.for_a_plan(Curve(), progression.plan([STAGES[0], {**STAGES[1], "sets": 5}]))
    assert column(more, "Direct sets, highest week") == [15, 15]
    assert column(more, "Within the doses studied") == ["no", "no"]


def test_muscles_stand_in_the_order_of_their_table_and_one_set_is_one():
    hung = {**STAGES[0], "variant": "hanging_straight_leg", "sessions_per_week": 1, "sets": 1}
    table = tables.for_a_plan(Curve(), progression.plan([hung]))
    assert column(table, "Muscle") == [
        "hip flexors (iliopsoas)",
        "rectus femoris",
        "rectus abdominis",
        "abdominal obliques",
    ]
    assert column(table, "Direct sets, highest week") == [1, 1, 1, 1]


def test_tabled_doses_go_as_far_as_the_studied_ones():
    class Far(Curve):
        studied_range = (2.0, 100.0)

    assert column(tables.along_the_dose(Far()), "Weekly sets") == [2, 5, 10, 15, 20, 30, 40]

    class Near(Curve):
        studied_range = (2.0, 15.0)

    assert column(tables.along_the_dose(Near()), "Weekly sets") == [2, 5, 10, 15]

    class High(Curve):
        studied_range = (6.0, 18.0)

    assert column(tables.along_the_dose(High()), "Weekly sets") == [10, 15]

    class Narrow(Curve):
        studied_range = (6.0, 7.5)

    assert column(tables.along_the_dose(Narrow()), "Weekly sets") == [6, 7.5]


def test_doses_to_draw_at_are_those_studied_and_some_beyond():
    assert tables.grid(Curve())[[0, -1]].tolist() == [2, 12]
    assert len(tables.grid(Curve())) == tables.POINTS
    assert tables.grid_beside([Curve()])[[0, -1]].tolist() == [1, 12 * tables.BEYOND]


def test_further_sets_to_a_step_that_can_be_seen(monkeypatch):
    found = pd.DataFrame(
        {
            "dose": [5.0, 10.0],
            "further": [4.0, math.inf],
            "reached": [9.0, math.inf],
            "extrapolated": [False, True],
        }
    )
    asked = []

    def steps(curve, doses, **given):
        asked.append((curve, doses, given))
        return found

    monkeypatch.setattr(tables.dose_response, "sets_to_next_step", steps)
    curve = Curve()
    table = tables.next_steps(curve, 0.05, (5, 10))
    assert asked == [(curve, (5, 10), {"step": 0.05})]
    assert list(table.columns) == [
        "From weekly sets",
        "Further sets",
        "Reached at",
        "Within the doses studied",
    ]
    assert [row[:4] for row in rows(table)] == [
        [5, "4", "9", "yes"],
        [10, "not reached", "–", "no"],
    ]


def test_published_curves_with_their_units_and_limits():
    table = tables.published("hypertrophy")
    records = [row for row in typed("dose_response_curves") if row["outcome"] == "hypertrophy"]
    for heading, name in (
        ("Curve", "label"),
        ("Gives", "quantity"),
        ("Form", "form"),
        ("Dose", "dose_unit"),
        ("Outcome", "outcome_unit"),
        ("Not for", "not_valid_for"),
    ):
        assert sorted(table[heading]) == sorted(row[name] for row in records)
    schoenfeld = table[table["Curve"].str.contains("Schoenfeld 2017")]
    assert set(schoenfeld["Doses known to be studied"]) == {"1 to 10"}


@pytest.mark.parametrize(
    ("ends", "said"),
    [((None, None), "not seen"), ((1.0, None), "not seen"), ((0.0, 12.5), "0 to 12.5")],
)
def test_doses_that_were_not_seen_in_print_are_not_made_up(monkeypatch, ends, said):
    names = ("label", "quantity", "form", "dose_unit", "outcome_unit", "not_valid_for")
    curve = SimpleNamespace(studied_range=ends, **dict.fromkeys(names, "X"))
    asked = []
    monkeypatch.setattr(
        tables.dose_response, "curves", lambda **given: asked.append(given) or [curve]
    )
    table = tables.published("strength")
    assert asked == [{"outcome": "strength"}]
    assert column(table, "Doses known to be studied") == [said]


def test_units_and_nouns_are_those_of_the_field():
    nouns = {outcome: tables.NOUN[outcome] for outcome in ("hypertrophy", "strength")}
    assert nouns == {"hypertrophy": "muscle size", "strength": "strength"}
    assert tables.UNIT == "pre-test SD"
    assert (tables.EFFECT, tables.SLOPE) == (3, 4)


def trials(**given):
    """Trials as the tables see them, with what a test is about."""
    path = given.pop("path", "")
    errors = {"rho": 0.6, "rho_within": "arm"}
    made = SimpleNamespace(
        path=path, as_entered=False, levels=("study", "arm"), r=0.5, rho=0.6, **given
    )
    made.errors = lambda _: errors
    return made


# Row 3 is declared doubtful; the second query has nine rows.
QUERIES = pd.DataFrame(
    {
        "study": ["a", "b", "b", "c"],
        "rows": [[1, 3], list(range(11, 20)), [4], [5]],
        "severity": ["high", "medium", "high", "low"],
        "rule": ["sd_of_zero", "same_rows", "sd_of_zero", "round_numbers"],
        "evidence": ["e1", "e2", "e3", "e4"],
        "check": ["c1", "c2", "c3", "c4"],
    }
)
ROWS = pd.DataFrame({"es_id": range(1, 21), "flagged": ["", "", "doubtful", *[""] * 17]})


def test_queries_are_counted_by_rule_gravest_first():
    table = tables.screening_counts(trials(queries=QUERIES))
    assert list(table.columns) == ["Rule", "high", "medium", "low"]
    assert rows(table) == [
        ["round numbers", 0, 0, 1],
        ["same rows", 0, 1, 0],
        ["sd of zero", 2, 0, 0],
    ]
    assert table.columns.name is None
    graver = tables.screening_counts(trials(queries=QUERIES.iloc[:3]))
    assert list(graver.columns) == ["Rule", "high", "medium"]


def test_graver_queries_with_their_rows_and_whether_they_are_declared():
    table = tables.screening_queries(trials(queries=QUERIES, rows=ROWS))
    assert list(table.columns) == [
        "Study",
        "Rows",
        "Severity",
        "What was seen",
        "What to check",
        "Declared",
    ]
    assert rows(table) == [
        ["a", "1, 3", "high", "e1", "c1", "flagged"],
        ["b", "11, 12, 13, 14, 15, 16, 17, 18 and 1 more", "medium", "e2", "c2", "open"],
        ["b", "4", "high", "e3", "c3", "open"],
    ]


def test_corrections_as_their_file_declares_them():
    table = tables.corrections_declared(trial_choices.Trials("strength"))
    assert list(table.columns) == [
        "Correction",
        "Action",
        "Rows",
        "Column",
        "What is wrong",
        "Established by",
    ]
    declared = {
        one["id"].replace("_", " "): one
        for one in yaml.safe_load((DATA / "corrections.yaml").read_text("utf-8"))
        if one["table"] == "volume_arms"
    }
    assert sorted(table["Correction"]) == sorted(declared)
    for name, action, listed, of, reason, by in rows(table):
        one = declared[name]
        assert [action, of, reason, by] == [
            one["action"],
            one["column"],
            one["reason"],
            one["established_by"],
        ]
        first, more = one["rows"][:8], len(one["rows"]) - 8
        assert listed == ", ".join(map(str, first)) + (f" and {more} more" if more > 0 else "")
    for other in ({"as_entered": True}, {"path": "mine.csv"}):
        assert tables.corrections_declared(trial_choices.Trials("strength", **other)).empty


def test_forms_from_the_best_on_and_their_variances_of_zero():
    forms = pd.DataFrame(
        {
            "parameters": [4, 5],
            "aic": [12.5, 10.0],
            "delta": [2.5, 0.0],
            "weight": [0.2, 0.8],
            "zero": ["", "study, es_id"],
        },
        index=["linear", "log"],
    )
    table = tables.forms(SimpleNamespace(forms=forms, left_out={}))
    assert list(table.columns) == [
        "Form",
        "Parameters",
        "AIC",
        "Above the best",
        "Weight",
        "Variance of zero",
    ]
    assert rows(table) == [
        ["log", 5, 10.0, 0.0, 0.8, "study, effect"],
        ["linear", 4, 12.5, 2.5, 0.2, "–"],
    ]
    apart = tables.forms(SimpleNamespace(forms=forms.assign(zero=""), left_out={}))
    assert "Variance of zero" not in apart
    carried = {"log": "rests on study s0 alone", "spline": "needs 5 trials or more"}
    table = tables.forms(SimpleNamespace(forms=forms, left_out=carried))
    assert table["Not averaged"].tolist() == ["rests on study s0 alone", "–"]


def test_what_two_arms_would_tell_from_none():
    # (1.95996 + 0.84162) times the root of two variances
    found = tables.detectable_difference(trials(variances_at_no_effect=lambda: [0.04] * 3))
    assert found == pytest.approx((1.959964 + 0.841621) * math.sqrt(2 * 0.04), rel=1e-6)


def changed(one, other):
    """Names and values of the choices that differ."""
    pairs = {each.name: getattr(other, each.name) for each in fields(one)}
    return {name: value for name, value in pairs.items() if value != getattr(one, name)}


def test_every_choice_is_made_otherwise_alone():
    own = trial_choices.Trials("strength", pre_post_r=0.8)
    made = [
        (name, setting, changed(own, other)) for name, setting, other in tables.other_choices(own)
    ]
    certain = [
        ("as in this report", "", {}),
        ("pre-post correlation", "0.5", {"pre_post_r": 0.5}),
        ("pre-post correlation", "0.9", {"pre_post_r": 0.9}),
        ("pre-post correlation", "0.95", {"pre_post_r": 0.95}),
        ("correlation within an arm", "0", {"rho": 0.0}),
        ("correlation within an arm", "0.9", {"rho": 0.9}),
        ("sampling variance", "large-sample", {"vtype": "large-sample"}),
        ("variance taken at", "no effect: weights by people", {"variance_at": "no effect"}),
        ("variance taken at", "each effect itself", {"variance_at": "own effect"}),
        ("flagged rows", "leave out", {"flagged": "leave out"}),
        ("rows of the graver queries", "leave out", {"screened": "leave out"}),
        ("corrections", "none: as entered", {"as_entered": True}),
    ]
    names = {name for name, _, _ in certain}
    assert [one for one in made if one[0] in names] == certain
    other = trial_choices.Trials(
        "strength",
        pre_post_r=0.5,
        rho=0.0,
        vtype="large-sample",
        variance_at="no effect",
        flagged="leave out",
        screened="leave out",
    )
    made = [(name, setting) for name, setting, _ in tables.other_choices(other) if name in names]
    assert made == [
        ("as in this report", ""),
        ("pre-post correlation", "0.8"),
        ("pre-post correlation", "0.9"),
        ("pre-post correlation", "0.95"),
        ("correlation within an arm", "0.6"),
        ("correlation within an arm", "0.9"),
        ("sampling variance", "exact"),
        ("variance taken at", "the common effect"),
        ("variance taken at", "each effect itself"),
        ("flagged rows", "keep"),
        ("rows of the graver queries", "keep"),
        ("corrections", "none: as entered"),
    ]
    # nothing is left out where nothing is declared doubtful
    other.__dict__["rows"] = other.rows.assign(flagged="")
    assert "flagged rows" not in {name for name, _, _ in tables.other_choices(other)}


@pytest.mark.parametrize(("own", "others"), [(0.0, [0.6, 0.8]), (0.6, [0.0, 0.8])])
def test_limbs_of_one_person_are_asked_about_where_a_table_has_them(monkeypatch, own, others):
    def settings(with_limbs):
        effects = pd.DataFrame({"limb": [with_limbs]})
        monkeypatch.setattr(tables.trial_tables, "of_limbs", lambda effects: effects["limb"])
        mine = trials(effects=effects, r_limbs=own, vtype="exact", variance_at="no effect")
        mine.rows, mine.flagged, mine.screened = ROWS.assign(flagged=""), "keep", "keep"
        mine.otherwise = lambda **given: given
        every = tables.other_choices(mine)
        return [(s, given) for name, s, given in every if name == "correlation of two limbs"]

    assert settings(False) == []
    assert settings(True) == [(f"{r:g}", {"r_limbs": r}) for r in others]


class Answers(Curve):
    """A curve, and slopes, that give one difference, or that cannot be fitted."""

    leading, form = "within", "spline"
    averaged = ("linear", "log")

    def __init__(self, estimate, low, high):
        self.given = {"estimate": estimate, "low": low, "high": high}
        self.slopes = pd.DataFrame(
            {"estimate": [0.01], "ci_low": [-0.002], "ci_high": [0.022]}, index=["within"]
        )

    def response(self, doses, reference_dose=None, **_):
        assert (list(doses), reference_dose) == ([10], 5)
        if self.given["estimate"] is None:
            raise ValueError("two trials are too few")
        return pd.DataFrame([self.given])

    def difference(self, low, high):
        assert (low, high) == (5, 10)
        return {"form": self.form, **self.response([high], reference_dose=low).iloc[0]}


def answering(*given, effects=3):
    found = Answers(*given)
    return trials(curve=found, slopes=found, effects=pd.DataFrame(index=range(effects)))


def test_the_difference_under_each_choice(monkeypatch):
    own = answering(0.05, -0.0104, 0.1106)
    few = answering(None, None, None)
    made = [
        ("as in this report", "", own),
        ("flagged rows", "leave out", few),
        ("corrections", "none", answering(0.07, 0.02, 0.12, effects=5)),
    ]
    made[2][2].slopes.leading = "between"
    monkeypatch.setattr(tables, "other_choices", lambda _: iter(made))
    table = tables.sensitivity(own, low_sets=5, high_sets=10)
    compared = f"10 over 5 sets [{tables.UNIT}]"
    assert list(table.columns) == [
        "Choice",
        "Setting",
        "Effects",
        compared,
        "95 % confidence",
        "By",
        "Averaged curve",
    ]
    assert column(table, "By")[0] == "spline, arms of one trial"
    assert plain(column(table, "Averaged curve"))[::2] == [
        "0.050 (-0.010 to 0.111)",
        "0.070 (0.020 to 0.120)",
    ]
    first, left, last = table.to_dict("records")
    assert [first[name] for name in ("Choice", "Setting", "Effects", compared)] == [
        "as in this report",
        "",
        3,
        0.05,
    ]
    assert plain([first["95 % confidence"]]) == ["-0.010 to 0.111"]
    assert first["By"] == "spline, arms of one trial"
    assert [left[name] for name in ("Choice", "Setting", "95 % confidence")] == [
        "flagged rows",
        "leave out",
        "cannot be fitted: two trials are too few",
    ]
    assert math.isnan(left[compared])
    assert (last["Choice"], last["Effects"], last[compared]) == ("corrections", 5, 0.07)
    own.slopes.form, own.slopes.leading = "linear", "between"
    monkeypatch.setattr(tables, "other_choices", lambda _: iter(made[:1]))
    (row,) = tables.sensitivity(own, low_sets=5, high_sets=10).to_dict("records")
    assert row["By"] == "straight line, from trial to trial"
    # what the report itself rests on is not passed over
    monkeypatch.setattr(tables, "other_choices", lambda _: iter([("as in this report", "", few)]))
    with pytest.raises(ValueError, match="two trials are too few"):
        tables.sensitivity(few, low_sets=5, high_sets=10)


def test_the_difference_on_the_log_ratio_in_percent():
    asked = []

    def otherwise(**given):
        asked.append(given)
        other = answering(math.log(1.02), math.log(0.99), math.log(1.05), effects=7)
        other.without_sd_after = 4
        return other

    found = tables.in_percent(trials(otherwise=otherwise), low_sets=5, high_sets=10)
    assert asked == [{"measure": "log_response_ratio"}]
    assert found == {
        "value": pytest.approx(2),
        "low": pytest.approx(-1),
        "high": pytest.approx(5),
        "effects": 7,
        "left_out": 4,
    }
    few = trials(otherwise=lambda **_: answering(None, None, None))
    assert tables.in_percent(few, low_sets=5, high_sets=10) == {}


def fitted(monkeypatch, result):
    """Keep what a fit is asked for."""
    asked = {}

    def fit(data, **given):
        asked.update(given, data=data)
        return result

    monkeypatch.setattr(tables.metaregression, "fit", fit)
    return asked


def test_small_groups_are_asked_about_by_the_error_that_their_size_makes(monkeypatch):
    robust = pd.DataFrame(
        {
            "estimate": [0.2, 1.5],
            "ci_low": [-0.114, 0.5],
            "ci_high": [0.4, 2.5],
            "p": [0.03, 0.2],
            "df": [9.0, 8.5],
        }
    )
    asked = fitted(monkeypatch, SimpleNamespace(robust=lambda: robust))
    effects = pd.DataFrame({"n": [4, 16, 25], "yi": [0.1, 0.2, 0.3]})
    table = tables.small_studies(trials(effects=effects))
    # r 0.5: the root of 2 (1 - 0.5) / n
    assert asked["data"]["error_of_size"].tolist() == pytest.approx([0.5, 0.25, 0.2])
    assert asked["data"]["yi"].tolist() == [0.1, 0.2, 0.3]
    assert asked["formula"] == "~ error_of_size"
    assert asked["levels"] == ("study", "arm")
    assert (asked["rho"], asked["rho_within"]) == (0.6, "arm")
    assert list(table.columns) == [
        "Term",
        "Estimate",
        "95 % confidence",
        "p",
        "Degrees of freedom",
    ]
    assert [plain(row) for row in rows(table)] == [
        ["mean in very large groups", "0.2", "-0.11 to 0.40", "0.03", "9.0"],
        ["slope on the error that group size makes", "1.5", "0.50 to 2.50", "0.2", "8.5"],
    ]
    missing = robust.assign(note=["", "rests on study s0 alone"])
    missing.loc[1, ["ci_low", "ci_high", "p", "df"]] = math.nan
    fitted(monkeypatch, SimpleNamespace(robust=lambda: missing))
    table = tables.small_studies(trials(effects=effects))
    assert list(table.columns)[-1] == "Note"
    assert [plain(row)[2:] for row in rows(table)] == [
        ["-0.11 to 0.40", "0.03", "9.0", ""],
        ["none", "none", "none", "rests on study s0 alone"],
    ]
    same = pd.DataFrame({"n": [9, 9], "yi": [0.1, 0.2]})
    assert tables.small_studies(trials(effects=same)).empty


def test_statuses_have_means_from_three_trials_of_each_on():
    effects = pd.DataFrame(
        {"study": list("abcdeff"), "training_status": ["trained"] * 3 + ["untrained"] * 4}
    )
    made = trials(effects=effects, mean_of=lambda members: {"estimate": float(len(members))})
    table = tables.status_means(made)
    assert table["estimate"].to_dict() == {"trained": 3.0, "untrained": 4.0}
    made.effects = effects.iloc[1:]
    assert tables.status_means(made).empty
    made.effects = effects.assign(training_status="trained")
    assert tables.status_means(made).empty
    made.effects = effects.drop(columns="training_status")
    assert tables.status_means(made).empty


def test_statuses_are_tested_at_the_same_sets(monkeypatch):
    wanted = []

    class Result:
        terms = ("Intercept", "C(training_status)[T.untrained]", "weekly_sets")

        def wald(self, terms, kind):
            wanted.append((list(terms), kind))
            return {"p": np.float64(0.03), "df_denominator": np.float64(7.5), "df": 1}

    asked = fitted(monkeypatch, Result())
    effects = pd.DataFrame({"yi": [0.1]})
    assert tables.status_test(trials(effects=effects)) == (0.03, 7.5)
    assert wanted == [(["C(training_status)[T.untrained]"], "CR2")]
    assert asked["formula"] == "~ C(training_status) + weekly_sets"
    assert asked["data"] is effects
    assert asked["levels"] == ("study", "arm")
    assert (asked["rho"], asked["rho_within"]) == (0.6, "arm")


def test_published_curves_beside_the_refit_count_as_it_does():
    published = {row["id"]: row for row in typed("dose_response_curves")}
    curve = SimpleNamespace(
        outcome="hypertrophy",
        dose_unit="sets per muscle per week",
        outcome_unit="effect size",
    )
    for one in tables.comparable(curve):
        row = published[one.id]
        assert [row[name] for name in ("outcome", "dose_unit", "outcome_unit")] == [
            curve.outcome,
            curve.dose_unit,
            curve.outcome_unit,
        ]
    units = ("outcome", "dose_unit", "outcome_unit")
    alike = [
        row
        for row in published.values()
        if all(row[name] == getattr(curve, name) for name in units)
    ]
    assert len(tables.comparable(curve)) == len(alike) > 0


def test_published_curves_are_drawn_beyond_the_furthest_dose_seen():
    unseen = SimpleNamespace(studied_range=(None, None))
    further = SimpleNamespace(studied_range=(1, 20))
    grid = tables.grid_beside([Curve(), unseen, further])
    assert grid[[0, -1]].tolist() == [1, 60]
    assert len(grid) == tables.POINTS
