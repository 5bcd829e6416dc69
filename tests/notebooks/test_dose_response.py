"""Tables of the dose-response report, a reader's own table, and the notebook that shows them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from repdose import evidence as ev
from repdose.dose_response import trials as trial_choices
from repdose.inputs.progressions import plan
from repdose.inputs.validation import ParameterError, validate
from repdose.reports.pages import citations
from repdose.tables import between_arms
from repdose.tables import dose_response as tables
from repdose.tables.sentences import dose_response as sentences

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "dose_response.ipynb"


@pytest.fixture(scope="module")
def size():
    return trial_choices.Trials("hypertrophy")


@pytest.fixture(scope="module")
def strength():
    return trial_choices.Trials("strength", pre_post_r=0.8)


@pytest.fixture
def own(tmp_path):
    """Part of the packaged strength trials as a reader's file, without what is not needed."""
    rows = ev.trials("volume")
    rows = rows[(rows["domain"] == "strength") & ~rows["authors_excluded"] & ~rows["control_arm"]]
    keep = ["es_id", "study", "arm", "n", "domain", "mean_pre", "sd_pre", "mean_post"]
    keep += ["freq", "sets_per_exercise", "exercises"]
    path = tmp_path / "mine.csv"
    rows[rows["study"].isin(rows["study"].unique()[:8])][keep].to_csv(path, index=False)
    return path


def test_the_effects_are_those_of_training_arms_of_the_outcome(size, strength):
    assert len(size.effects) == 151
    assert len(strength.effects) == 181
    for trials in (size, strength):
        assert not trials.effects["control_arm"].any()
        assert trials.effects["domain"].nunique() == 1


def test_corrections_move_the_strength_curve_and_leave_the_size_curve(size, strength):
    for trials, moves in ((size, False), (strength, True)):
        table = tables.sensitivity(trials, low_sets=5, high_sets=10).set_index("Choice")
        column = next(name for name in table.columns if "10 over 5" in name)
        first = table.loc["as in this report", column]
        assert first == pytest.approx(trials.slopes.difference(5, 10)["estimate"])
        assert (abs(table.loc["corrections", column] - first) > 0.01) == moves


def test_leaving_out_flagged_rows_leaves_them_out():
    kept = trial_choices.Trials("strength", flagged="leave out").effects
    assert (kept["flagged"] == "").all()
    assert len(kept) < 181
    assert not {338, 339} & set(kept["es_id"])


def test_leaving_out_screened_rows_leaves_out_those_of_the_graver_queries(strength):
    kept = strength.otherwise(screened="leave out")
    graver = kept.queries[kept.queries["severity"] != "low"]
    named = {row for rows in graver["rows"] for row in rows}
    assert named & set(strength.effects["es_id"])
    assert set(kept.effects["es_id"]) == set(strength.effects["es_id"]) - named


def test_graver_queries_say_whether_a_correction_speaks_of_them(size):
    table = tables.screening_queries(size)
    assert set(table["Declared"]) == {"flagged", "open"}
    cunha = table[table["Study"] == "Cunha2020"]
    assert cunha["Declared"].tolist() == ["flagged"]
    counts = tables.screening_counts(size)
    low = counts["low"].sum() if "low" in counts else 0
    assert counts[["high", "medium"]].to_numpy().sum() == len(table)
    assert low == len(size.queries) - len(table)


def test_published_curves_are_drawn_beside_only_where_units_agree(size, strength):
    assert [curve.id for curve in tables.comparable(size.curve)] == [
        "schoenfeld2017.categories_effect_size",
        "schoenfeld2017.slope_effect_size",
    ]
    assert tables.comparable(strength.curve) == []
    assert len(tables.published("hypertrophy")) == 7
    assert len(tables.published("strength")) == 5


def test_the_plan_gets_the_curve_at_its_highest_weekly_direct_sets(size):
    table = tables.for_a_plan(size.curve, plan("foundation"))
    at = table["Direct sets, highest week"].to_numpy(dtype=float)
    gains = size.curve.response(at)["estimate"]
    np.testing.assert_allclose(table[f"Gain [{tables.UNIT}]"], gains)


def test_group_size_alone_carries_the_small_study_test(size):
    table = tables.small_studies(size)
    assert len(table) == 2
    pd.testing.assert_frame_equal(
        tables.small_studies(size.otherwise(pre_post_r=0.9)), table, rtol=1e-12
    )


def test_a_readers_own_table_is_fitted_with_weekly_sets_computed(own):
    trials = trial_choices.Trials("strength", path=str(own), pre_post_r=0.8)
    assert trials.effects["weekly_sets"].min() > 0
    assert trials.curve.forms["converged"].all()
    assert len(tables.corrections_declared(trials)) == 0
    assert tables.status_means(trials).empty  # it has no column of training status
    choices = set(tables.sensitivity(trials, low_sets=2, high_sets=6)["Choice"])
    assert "corrections" not in choices


def test_a_choice_that_leaves_too_little_to_fit_says_so(own):
    rows = pd.read_csv(own)
    two = rows[rows["study"].isin(rows["study"].unique()[:4])]
    one = two["study"].unique()[0]
    two.assign(flagged=np.where(two["study"] == one, "", "doubtful")).to_csv(own, index=False)
    table = tables.sensitivity(
        trial_choices.Trials("strength", path=str(own)), low_sets=2, high_sets=6
    )
    left = table.set_index("Choice").loc["flagged rows"]
    assert left["95 % confidence"].startswith("cannot be fitted: ")
    assert table["Effects"].notna().sum() > 5


def test_a_table_without_the_outcome_is_refused_with_what_it_has(own):
    with pytest.raises(ValueError, match=r"no training arm with domain 'size'; it has strength"):
        _ = trial_choices.Trials("hypertrophy", path=str(own)).effects
    with pytest.raises(ParameterError, match=r"domain size, which hypertrophy .*strength in 8"):
        validate("dose_response", {"table": str(own)})


def test_a_table_whose_arms_trained_alike_is_refused(own):
    pd.read_csv(own).assign(weekly_sets=6).to_csv(own, index=False)
    with pytest.raises(ParameterError, match=r"the same weekly sets in every training arm"):
        validate("dose_response", {"table": str(own), "outcome": "strength"})


def test_a_label_that_looks_like_a_citation_is_none(own):
    own.write_text(own.read_text("utf-8").replace("es_id", "[@nobody1900],es_id", 1), "utf-8")
    lines = own.read_text("utf-8").splitlines()
    own.write_text("\n".join([lines[0], *(f"x,{line}" for line in lines[1:])]), "utf-8")
    notes = trial_choices.Trials("strength", path=str(own)).notes
    assert any("nobody1900" in note for note in notes)
    assert not any(citations.keys(note) for note in notes)


def test_every_fault_of_a_table_is_told_before_anything_runs(own):
    text = own.read_text("utf-8").splitlines()
    text[2] = text[2].replace(",strength,", ",power,")
    text[4] = text[3]
    own.write_text("\n".join(text), "utf-8")
    with pytest.raises(ParameterError) as refused:
        validate("dose_response", {"table": str(own), "outcome": "strength"})
    first, *faults = str(refused.value).splitlines()
    assert first == "dose_response: table: mine.csv cannot be used as it stands; nothing was run"
    assert [fault.split(":")[:2] for fault in faults] == [
        ["mine.csv", "3 domain"],
        ["mine.csv", "5 es_id"],
    ]


@pytest.mark.parametrize(
    "given", [{"outcome": "size"}, {"rho": 1.0}, {"pre_post_r": "0.9"}, {"flagged": "drop"}]
)
def test_parameters_out_of_range_are_refused(given):
    with pytest.raises(ParameterError, match=f"dose_response: {next(iter(given))}"):
        validate("dose_response", given)


def code_cells():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(given, monkeypatch):
    """What a report says with parameters, and its results."""
    cells, said = code_cells(), []
    monkeypatch.setattr("repdose.reports.displays.html", lambda _, text: said.append(text))
    space = {}
    exec(cells[0], space)
    space |= given
    for cell in cells[1:]:
        exec(cell, space)
    return "\n".join(said), space["report"].results()


@pytest.mark.slow
def test_a_table_that_compares_no_doses_within_a_trial_says_so_and_leads_with_trials_beside_trials(
    own, monkeypatch
):
    rows = pd.read_csv(own)
    sets = rows["freq"] * rows["sets_per_exercise"] * rows["exercises"]
    alike = rows.assign(weekly_sets=sets.groupby(rows["study"]).transform("mean").round(2))
    alike.drop(columns=["freq", "sets_per_exercise", "exercises"]).to_csv(own, index=False)
    given = {"outcome": "strength", "table": str(own), "low_sets": 2.0, "high_sets": 6.0}
    page, results = run(given, monkeypatch)
    numbers = {number["id"]: number for number in results["numbers"]}
    assert "slope_within" not in numbers
    assert numbers["slope_between"]["headline"]
    trials = trial_choices.Trials("strength", path=str(own))
    table = trials.slopes.slopes
    assert list(table.index) == ["between"]
    assert numbers["difference"]["value"] == pytest.approx(4 * table.loc["between", "estimate"])
    assert "No trial compared doses between its arms; from trial to trial" in results["answer"]
    assert len(results["answer"].split()) <= 60
    assert "there is no randomised slope" in page
    assert "8 of 8 trials gave all their arms the same number of sets" in page
    assert any("No slope within trials could be had" in text for text in results["assumptions"])
    assert "none is drawn beside the refit" in page


@pytest.mark.slow
def test_the_notebook_runs_on_a_readers_own_table_and_its_numbers_are_the_models(own, monkeypatch):
    cells, said = code_cells(), []
    monkeypatch.setattr("repdose.reports.displays.html", lambda _, text: said.append(text))
    space = {}
    exec(cells[0], space)
    given = {"outcome": "strength", "table": str(own), "pre_post_r": 0.8, "low_sets": 2.0}
    space |= given
    for cell in cells[1:-1]:
        exec(cell, space)
    page = "\n".join(said)
    results = space["report"].results()
    exec(cells[-1], space)
    numbers = {number["id"]: number for number in results["numbers"]}
    trials = trial_choices.Trials("strength", path=str(own), pre_post_r=0.8)
    more = trials.curve.response([10], reference_dose=2).iloc[0]
    assert numbers["difference_averaged"]["value"] == pytest.approx(more["estimate"])
    assert numbers["difference_averaged"]["low"] == pytest.approx(more["low"])
    slope = trials.slopes.slopes.loc["within"]
    assert numbers["difference_straight"]["value"] == pytest.approx(8 * slope["estimate"])
    assert numbers["difference_straight"]["high"] == pytest.approx(8 * slope["ci_high"])
    form = trials.slopes.leading_form(2, 10)
    leading = trials.slopes.difference(2, 10, form=form)
    assert numbers["difference"]["value"] == pytest.approx(leading["estimate"])
    assert numbers["difference"]["high"] == pytest.approx(leading["high"])
    assert numbers["slope_within"]["headline"] == (form == "linear")
    assert len(results["answer"].split()) <= 60
    assert "mean strength rose by" in results["answer"]
    assert "Direct sets, highest week" not in page
    assert "a table of the reader's own, mine.csv" in page
    assert "no shipped plan on their curve" in page
    assert {"ralston2017", "grgic2018", "pelland2026", "pustejovsky2018"} <= set(results["sources"])
    assert any("0.8" in text for text in results["assumptions"])
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    assert any(digest in text for text in results["assumptions"])


def test_the_packaged_trials_say_how_many_rows_were_corrected(size):
    rows = ev.trials("volume")
    words = trial_choices.origin(size)
    assert f"changed {(rows['corrected'] != '').sum()} of {len(rows)} rows" in words
    assert "[@hammarstrom2021]" in words


def test_a_mean_over_all_trials_has_k_minus_2_degrees_of_freedom_and_holds_every_level(size):
    # Higgins 2009: m +- t(k - 2) sqrt(tau2 + se2), with the robust standard error
    fit = size.overall
    se = fit.robust().loc["Intercept", "se"]
    half = stats.t.ppf(0.975, 25 - 2) * np.sqrt(fit.sigma2.sum() + se**2)
    mean = size.mean_of(size.effects)
    assert mean["estimate"] == pytest.approx(fit.coefficients.loc["Intercept", "estimate"])
    assert mean["pi_high"] - mean["estimate"] == pytest.approx(half, rel=1e-9)
    assert mean["ci_high"] == pytest.approx(fit.robust().loc["Intercept", "ci_high"])


def test_weights_follow_people_unless_each_effect_is_in_its_own_variance(size):
    def follows(trials):
        return np.corrcoef(trials.effects["yi"], np.sqrt(trials.effects["vi"]))[0, 1]

    assert follows(size.otherwise(variance_at="own effect", vtype="large-sample")) > 0.8
    assert abs(follows(size)) < 0.2
    at = size.effects["vi"].groupby(size.effects["n"]).nunique()
    assert (at == 1).all()
    # an effect for all that the fit of the mean gives back
    assert size.at == pytest.approx(size.overall.coefficients["estimate"].item(), abs=5e-4)


def test_the_sensitivity_table_has_each_way_to_take_a_variance(size):
    table = tables.sensitivity(size, low_sets=5, high_sets=10)
    found = table[table["Choice"].isin(["sampling variance", "variance taken at"])]
    assert found["Setting"].tolist() == [
        "large-sample",
        "no effect: weights by people",
        "each effect itself",
    ]
    column = next(name for name in table.columns if "10 over 5" in name)
    assert table[column].iloc[0] > 1.8 * found[column].iloc[-1]


def test_the_sensitivity_table_sweeps_both_correlations_of_errors(size):
    table = tables.sensitivity(size, low_sets=5, high_sets=10)
    asked = table.groupby("Choice")["Setting"].agg(list)
    assert asked["correlation within an arm"] == ["0", "0.9"]
    assert asked["correlation of two limbs"] == ["0", "0.8"]
    said = sentences.errors_depend(size)
    assert "in 3 trials (12 effects) arms are limbs of the same people" in said
    assert "0.49 to 0.88" in said
    assert "[@hammarstrom2020]" in said


def test_the_log_ratio_says_what_it_leaves_out(size, own):
    percent = tables.in_percent(size, low_sets=5, high_sets=10)
    assert percent["effects"] + percent["left_out"] == 151
    assert percent["left_out"] == size.arms["sd_post"].isna().sum() == 4
    assert percent["low"] < percent["value"] < percent["high"]
    # a table without an SD after has no log ratio
    assert (
        tables.in_percent(trial_choices.Trials("strength", path=str(own)), low_sets=2, high_sets=6)
        == {}
    )


def test_a_table_with_one_effect_an_arm_is_fitted_without_the_lowest_level(own):
    rows = pd.read_csv(own).drop_duplicates("arm")
    rows.to_csv(own, index=False)
    trials = trial_choices.Trials("strength", path=str(own))
    assert trials.levels == ("study", "arm")
    assert set(trials.overall.sigma2.index) == {"study", "arm"}
    assert len(trials.slopes.slopes) == 3
    assert sentences.inside_prediction(trials.levels) == "a new arm of a new trial"


def test_the_table_of_slopes_prints_the_slopes(size):
    table = between_arms.within_between(size)
    assert table["Slope"].tolist() == [
        "between arms of one trial (randomised)",
        "between trials (confounded)",
        "the first less the second",
    ]
    estimate = table[f"{tables.UNIT} per set"]
    assert estimate[0] - estimate[1] == pytest.approx(estimate[2])
    assert table["95 % confidence (CR2)"][0] == "−0.0005 to 0.0185"  # metafor and clubSandwich
    assert table["p"][2] == "0.014"


def test_statuses_are_compared_at_the_same_sets(strength):
    p, degrees = tables.status_test(strength)
    assert 0 < p < 1
    assert degrees > 4
    means = tables.status_means(strength)
    assert set(means.index) == {"trained", "untrained"}
    one = strength.effects[strength.effects["training_status"] == "trained"]
    assert means.loc["trained", "estimate"] == pytest.approx(strength.mean_of(one)["estimate"])


def test_arms_of_one_size_leave_no_question_of_small_groups(own):
    pd.read_csv(own).assign(n=12).to_csv(own, index=False)
    assert tables.small_studies(trial_choices.Trials("strength", path=str(own))).empty
