"""Sentences of the dose-response report: each branch of each comparing or judging phrase."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest
from two_stages import typed

from repdose import evidence as ev
from repdose.dose_response import trials as trial_choices
from repdose.tables.sentences import between_arms as arms
from repdose.tables.sentences import dose_response as sentences


@pytest.mark.parametrize(
    ("low", "high", "word"),
    [
        (0.1, 0.2, "can"),
        (-0.2, -0.1, "can"),
        (-0.1, 0.2, "cannot"),
        # an interval that ends at nothing holds nothing
        (0.0, 0.2, "cannot"),
        (-0.2, 0.0, "cannot"),
    ],
)
def test_an_interval_tells_from_nothing_only_without_zero(low, high, word):
    assert sentences.told(low, high) == f"{word} tell from nothing"


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.1, 0.3, "mean strength rose by X at 10 weekly sets per muscle"),
        (-0.3, -0.1, "mean strength fell: it changed by X at 10 weekly sets per muscle"),
        (
            -0.1,
            0.3,
            "mean strength changed by X at 10 weekly sets per muscle, which may be nothing",
        ),
        (
            0.0,
            0.3,
            "mean strength changed by X at 10 weekly sets per muscle, which may be nothing",
        ),
        (
            -0.3,
            0.0,
            "mean strength changed by X at 10 weekly sets per muscle, which may be nothing",
        ),
    ],
)
def test_the_mean_rose_fell_or_changed_by_its_interval(low, high, said):
    assert sentences.gained("strength", low, high, "X", 10) == said


def test_no_difference_adds_nothing():
    assert sentences.changes(0.0) == "adds"


@pytest.mark.parametrize(
    ("sigma2", "difference", "said"),
    [
        (0.0, 0.05, "the trials show no spread of true gains beyond their sampling error"),
        (0.09, 0.05, "an SD of 0.30 SD, 6 times GAP"),
        # a spread is alike from two thirds of the difference to one and a half times it
        (0.09, 0.19, "an SD of 0.30 SD, 2 times GAP"),
        (0.09, 0.21, "an SD of 0.30 SD, about as much as GAP"),
        (0.01, 0.14, "an SD of 0.10 SD, about as much as GAP"),
        (0.01, 0.16, "an SD of 0.10 SD, less than GAP"),
        (0.25, 0.25, "an SD of 0.50 SD, 2 times GAP"),
        # a hundredfold is no number any more
        (4.0, 0.0201, "an SD of 2.00 SD, 100 times GAP"),
        (4.0, 0.02, "an SD of 2.00 SD, far more than GAP"),
        (0.09, -0.05, "an SD of 0.30 SD, 6 times GAP"),
        (0.09, 0.0, "an SD of 0.30 SD, far more than GAP"),
        (0.09, 0.25, "an SD of 0.30 SD, about as much as GAP"),
        (0.0004, 0.25, "an SD of 0.02 SD, less than GAP"),
    ],
)
def test_the_spread_of_trials_is_compared_with_what_sets_do(sigma2, difference, said):
    said = said.replace("GAP", "the difference in mean gain between 5 and 10 weekly sets")
    spread = sentences.spread(sigma2, difference, "SD", 5, 10.0)
    assert spread.endswith(said)
    assert spread.removesuffix(said) in ("", "true gains spread around the curve with ")


def curve(zero, left_out=None):
    forms = pd.DataFrame({"zero": zero}, index=["constant", "linear"])
    return SimpleNamespace(forms=forms, left_out=left_out or {}, averaged=list(forms.index))


def test_a_variance_of_zero_is_said_with_its_forms():
    assert sentences.zero_variances(curve(["", ""])) == ""
    assert "between arms is zero, on its boundary, in every form" in sentences.zero_variances(
        curve(["arm", "arm"])
    )
    said = sentences.zero_variances(curve(["", "study, es_id"]))
    assert "between outcomes and trials is zero, on its boundary, in linear:" in said


def test_a_variance_of_zero_is_said_whole():
    assert sentences.zero_variances(curve(["study, es_id", "study, es_id"])) == (
        "The variance between outcomes and trials is zero, on its boundary, in every form: the "
        "trials do not tell it apart from the others, and the prediction intervals hold none of it."
    )
    # forms with other variances of zero are named, and a level of a reader's own is called its name
    assert sentences.zero_variances(curve(["arm", "lab"])).startswith(
        "The variance between arms and labs is zero, on its boundary, in constant, linear: "
    )


def test_what_a_prediction_holds_follows_the_levels():
    said = {
        ("study", "arm", "es_id"): "a new outcome of a new arm in a new trial",
        ("study", "arm"): "a new arm of a new trial",
        ("study",): "a new trial",
        ("lab", "study"): "a new trial of a new lab",
    }
    for levels, words in said.items():
        assert sentences.inside_prediction(levels) == words


def test_near_copies_are_said_with_what_they_share_and_not_without_two_of_them():
    pair = SimpleNamespace(near_copies=lambda: (["linear", "log"], 0.876, 0.714))
    said = sentences.near_copies(pair)
    assert said == (
        "Linear and log are near copies over these doses (columns correlate at 0.88 or more): "
        "together they hold 71 % of the weight, so their separate weights are no evidence for one "
        "of them."
    )
    three = SimpleNamespace(near_copies=lambda: (["linear", "root", "log"], 0.9, 0.8))
    assert sentences.near_copies(three).startswith("Linear, root and log are near copies")
    assert sentences.near_copies(SimpleNamespace(near_copies=lambda: ([], 0, 0))) == ""
    # no correlation is more than 1
    same = SimpleNamespace(near_copies=lambda: (["linear", "log"], 0.9999, 0.8))
    assert "(columns correlate at 1.00): together" in sentences.near_copies(same)


def test_what_a_number_is_averaged_over_counts_the_forms_that_are_averaged():
    two_of_three = SimpleNamespace(
        forms=pd.DataFrame(index=["constant", "linear", "quadratic"]),
        averaged=["constant", "linear"],
    )
    assert sentences.of_forms(two_of_three) == "averaged over 2 forms of the curve"
    assert sentences.mixture(two_of_three) == "quantiles of the mixture of 2 forms"
    assert sentences.curve_name(two_of_three) == "averaged curve"
    one = SimpleNamespace(averaged=["square root"])
    assert sentences.of_forms(one) == "the square root form alone"
    assert sentences.mixture(one) == "quantiles of t by the square root form alone"
    assert sentences.curve_name(one) == "square root curve"


def test_doses_that_were_not_studied_are_said_to_be_beyond():
    studied = SimpleNamespace(studied_range=(3.0, 20.0), extrapolated=lambda x: x < 3 or x > 20)
    assert sentences.outside(studied, 3, 20) == ""
    assert sentences.outside(studied, 5, 30.5) == (
        "30.5 weekly sets lie outside the 3 to 20 that these trials studied: what is said of them "
        "is an extrapolation."
    )
    assert sentences.outside(studied, 2, 40).startswith("2 and 40 weekly sets lie outside the 3 to")


def test_one_form_alone_is_said_to_be_averaged_with_none():
    assert sentences.one_form(curve(["", ""])) == ""
    alone = SimpleNamespace(averaged=["log"])
    assert sentences.one_form(alone) == (
        "Here the log form stands alone: nothing is averaged, and no interval holds the doubt "
        "about the form."
    )


def test_forms_left_out_are_named():
    assert sentences.forms_left_out(curve(["", ""])) == ""
    reasons = {"quadratic": "rests on study s0 alone", "spline": "needs 5 trials or more"}
    assert sentences.forms_left_out(curve(["", ""], reasons)) == (
        "Not in the average: quadratic, which rests on study s0 alone; spline, which needs 5 "
        "trials or more."
    )


def test_statuses_differ_or_cannot_be_told_apart():
    assert sentences.statuses(0.034, 11.6).startswith("At the same weekly sets mean gains differ")
    assert sentences.statuses(0.62, 13.6) == (
        "At the same weekly sets mean gains cannot be told apart by training status (p = 0.620, "
        "CR2, 14 degrees of freedom)."
    )
    assert "(p = 0.034, CR2)." in sentences.statuses(0.034, 11.6)
    # p of the limit itself is not below it
    assert "cannot be told apart" in sentences.statuses(0.05, 10)


def test_the_other_scale_says_its_direction_and_what_it_leaves_out():
    said = sentences.other_scale(
        {"value": -0.5, "low": -0.9, "high": -0.1, "left_out": 4}, "−0.5 %", "10 over 5"
    )
    assert "10 over 5 takes away, as a negative gain, −0.5 %" in said
    assert "can tell from nothing; 4 effects without an SD after are left out" in said
    said = sentences.other_scale(
        {"value": 0.5, "low": -0.9, "high": 1.1, "left_out": 0}, "0.5 %", "10 over 5"
    )
    assert "adds 0.5 %" in said
    assert said.endswith("cannot tell from nothing.")


@pytest.mark.parametrize(
    ("p", "text"),
    [
        (0.2345, "p = 0.234"),
        (0.0004, "p < 0.001"),
        (0.99999, "p > 0.999"),
        (0.05, "p = 0.050"),
        # 0.001 and 0.999 are printed as they are
        (0.001, "p = 0.001"),
        (0.99949, "p = 0.999"),
        (0.99955, "p > 0.999"),
    ],
)
def test_a_p_value_is_never_printed_as_zero_or_one(p, text):
    assert sentences.p_text(p) == text


@pytest.fixture
def own(tmp_path):
    rows = ev.trials("volume")
    rows = rows[(rows["domain"] == "strength") & ~rows["authors_excluded"] & ~rows["control_arm"]]
    path = tmp_path / "mine.csv"
    keep = ["es_id", "study", "arm", "n", "domain", "mean_pre", "sd_pre", "mean_post"]
    keep.append("weekly_sets")
    rows[rows["study"].isin(rows["study"].unique()[:8])][keep].to_csv(path, index=False)
    return path


def test_a_report_on_a_readers_own_trials_says_so(own):
    trials = trial_choices.Trials("strength", path=str(own))
    rows = pd.read_csv(own)
    said = sentences.reads(trials)
    count = f"{len(rows)} effects of {rows['arm'].nunique()} arms in 8 trials"
    assert said == (
        f"This report reads a table of the reader's own, mine.csv: {count}; no packaged trial "
        "is in it."
    )
    assert sentences.not_of_leg_raises(trials) == (
        "Whether the trials of a reader's own table trained leg raises, the trunk or the "
        "iliopsoas, this report cannot know; it puts no shipped plan on their curve."
    )
    assert "are taken to differ in sets only" in arms.arms_differ(trials)


def test_trials_that_are_left_out_by_choice_are_named(own):
    trials = trial_choices.Trials("strength", path=str(own))
    gone = SimpleNamespace(
        effects=trials.effects, path=trials.path, left_out=("Ash2001", "Birch2004")
    )
    assert sentences.reads(gone).endswith(
        "no packaged trial is in it; left out by choice: Ash2001, Birch2004."
    )


def test_a_report_on_the_packaged_trials_counts_those_it_reads():
    trials = trial_choices.Trials("hypertrophy")
    said = sentences.reads(trials)
    assert "151 effects of 57 arms in 25 trials, of the 27 trials" in said
    assert sentences.not_of_leg_raises(trials) == (
        "None of these trials trained leg raises, and none measured the trunk or the iliopsoas; "
        "the rectus femoris was measured as a knee extensor."
    )
    assert "which differ in sets only" in arms.arms_differ(trials)


def test_variances_are_named_by_where_they_are_taken():
    trials = trial_choices.Trials("hypertrophy")
    said = sentences.variance_taken(trials)
    assert "exact ones at one effect for all, 0.35 pre-test SD" in said
    other = sentences.variance_taken(
        trials.otherwise(variance_at="own effect", vtype="large-sample")
    )
    assert "large-sample ones at each effect itself: weights follow the outcome" in other
    assert "people alone" in sentences.variance_taken(trials.otherwise(variance_at="no effect"))
    ratio = trials.otherwise(measure="log_response_ratio")
    assert sentences.variance_taken(ratio) == (
        "The sampling variance of a log ratio holds no effect."
    )
    assert said.endswith(
        "the mean fitted once with such variances; at each effect itself, weights would follow "
        "the outcome."
    )


def test_a_correlation_is_named_with_its_source_or_as_the_readers_choice():
    said = sentences.correlation_taken(trial_choices.Trials("strength"))
    assert "correlate at 0.8:" in said
    # the reason as it stands in the table of choices, with a small letter
    (reason,) = (
        row["reason"]
        for row in typed("choices")
        if row["source"] == "hammarstrom2020" and "0.68 to 0.83" in row["reason"]
    )
    assert f"enters every weight; {reason[0].lower()}{reason[1:]} [@" in said
    assert "[@hammarstrom2020]" in said
    assert "0.68 to 0.83" in said
    given = sentences.correlation_taken(trial_choices.Trials("strength", pre_post_r=0.7))
    assert "correlate at 0.7:" in given
    assert "this outcome's own would be 0.8 [@hammarstrom2020]" in given


def test_the_averaged_difference_says_what_a_flat_form_does_to_it():
    curve = SimpleNamespace(
        forms=pd.DataFrame({"weight": [0.08, 0.92]}, ["constant", "linear"]),
        averaged=["constant", "linear"],
    )
    said = sentences.averaged(curve, 0.05, -0.01, 0.12, "X")
    assert said.startswith("Along the averaged curve it adds X, which these trials cannot tell")
    assert "holds 8 % of the weight, pulls a small difference towards zero" in said
    rising = SimpleNamespace(forms=curve.forms.drop("constant"), averaged=["linear"])
    assert "flat" not in sentences.averaged(rising, 0.05, 0.01, 0.12, "X")


def test_the_weight_of_a_flat_form_is_a_percentage():
    heavy = SimpleNamespace(
        forms=pd.DataFrame({"weight": [0.75, 0.25]}, ["constant", "linear"]),
        averaged=["constant", "linear"],
    )
    assert "holds 75 % of the weight" in sentences.averaged(heavy, 0.05, 0.01, 0.12, "X")


def test_a_verdict_on_fewer_than_four_degrees_of_freedom_says_so():
    assert sentences.unsure(3.99) == ", with few degrees of freedom"
    assert sentences.unsure(4.0) == ""


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (-0.12345, 3, "−0.123"),
        (-0.0001, 2, "0.00"),
        (0.5, 1, "0.5"),
        (-7.0, 0, "−7"),
        (0.0, 1, "0.0"),
    ],
)
def test_a_number_has_a_true_minus_and_zero_has_none(value, digits, text):
    assert sentences.signed(value, digits) == text


def limbs(*studies):
    """Trials in which rows of the studies named are of limbs, others of people."""
    effects = pd.DataFrame({"study": ["a", "a", "b", "c"]})
    effects["allocation_design"] = [
        "within" if study in studies else "between" for study in effects["study"]
    ]
    declared = SimpleNamespace(reason="Two legs were alike", source="hammarstrom2020")
    return SimpleNamespace(effects=effects, rho=0.6, r_limbs=0.5, limbs_declared=declared)


def test_errors_of_the_same_people_and_of_their_limbs_are_taken_to_depend():
    people = "Sampling errors of outcomes or times of the same people are taken to correlate at 0.6"
    assert sentences.errors_depend(limbs()) == f"{people}."
    why = (
        "arms are limbs of the same people, whose errors in one outcome are taken to correlate "
        "at 0.5: two legs were alike [@hammarstrom2020]."
    )
    assert sentences.errors_depend(limbs("a")) == f"{people}; in 1 trial (2 effects) {why}"
    assert sentences.errors_depend(limbs("a", "c")) == f"{people}; in 2 trials (3 effects) {why}"
