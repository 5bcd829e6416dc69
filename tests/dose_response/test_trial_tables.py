"""What stands in place of an SD or of means, worked on paper."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from repdose import effect_sizes, metaregression
from repdose.dose_response import read_trials, trial_tables
from repdose.dose_response.trials import Trials

HEAD = "es_id,study,arm,n,domain,weekly_sets,"
# Mean 32 before, 33.5 after, SD 4 before: 16 people
PLAIN = "mean_pre,sd_pre,mean_post", "32,4,33.5"
# Student's t for 95 % with 15 degrees of freedom, as tables print it: 2.131450
LOW, HIGH = 32 - 2.131450, 32 + 2.131450
# SD of the change 2, so its error is 2 / 4; with r = 7/8 the SD before is 2 / sqrt(1 / 4) = 4
LOW_CHANGE, HIGH_CHANGE = 1.5 - 2.131450 / 2, 1.5 + 2.131450 / 2
R = 0.875


def trials(tmp_path, columns, cells):
    path = tmp_path / "mine.csv"
    rows = [f"{i},S{i},S{i}-a,16,size,{i + 3},{cells}" for i in (1, 2, 3)]
    path.write_text("\n".join((HEAD + columns, *rows)), "utf-8")
    return read_trials(path, pre_post_r=R)


@pytest.mark.parametrize(
    ("columns", "cells", "words"),
    [
        ("mean_pre,se_pre,mean_post", "32,1,33.5", "before of 3 rows is standard error × √n"),
        (
            "mean_pre,ci_low_pre,ci_high_pre,mean_post",
            f"32,{LOW},{HIGH},33.5",
            "before of 3 rows is √n × width of the 95 % interval",
        ),
        ("mean_pre,sd_pre,mean_change", "32,4,1.5", "is the mean before and the mean change"),
        ("sd_pre,mean_change", "4,1.5", "The change of 3 rows is mean_change"),
        ("mean_change,sd_change", "1.5,2", "is the SD of the change / √(2 (1 − r))"),
        ("mean_change,se_change", "1.5,0.5", "of the change of 3 rows is standard error × √n"),
        (
            "mean_change,ci_low_change,ci_high_change",
            f"1.5,{LOW_CHANGE},{HIGH_CHANGE}",
            "of the change of 3 rows is √n × width",
        ),
        ("mean_change,t_change", "1.5,3", "of the change of 3 rows is √n × mean change / t"),
        ("mean_pre,mean_post,t_change", "32,33.5,3", "√n × mean change / t"),
    ],
)
def test_each_stand_in_gives_the_effect_of_the_plain_table_and_is_named(
    tmp_path, columns, cells, words
):
    plain = trials(tmp_path, *PLAIN)
    other = trials(tmp_path, columns, cells)
    assert other.effects["yi"].tolist() == pytest.approx(plain.effects["yi"].tolist(), rel=1e-6)
    assert other.effects["vi"].tolist() == pytest.approx(plain.effects["vi"].tolist(), rel=1e-6)
    assert any(words in note for note in other.notes)
    assert not any("SD" in note for note in plain.notes)
    if "change" not in columns or "sd_pre" not in columns:
        assert any("[@higgins2023]" in note for note in other.notes)


def test_rows_may_have_different_stand_ins(tmp_path):
    path = tmp_path / "mine.csv"
    head = HEAD + "mean_pre,sd_pre,mean_post,se_pre,mean_change,sd_change"
    rows = ["1,A,a,16,size,4,32,4,33.5,,,", "2,B,b,16,size,5,32,,33.5,1,,"]
    rows += ["3,C,c,16,size,6,,,,,1.5,2"]
    path.write_text("\n".join((head, *rows)), "utf-8")
    found = read_trials(path, pre_post_r=R)
    assert found.effects["yi"].tolist() == pytest.approx([found.effects["yi"].iloc[0]] * 3)
    assert found.rows["mean_pre"].isna().tolist() == [False, False, True]
    assert found.queries is not None


def test_what_is_not_used_is_said(tmp_path):
    found = trials(tmp_path, "mean_pre,sd_pre,mean_post,sd_change", "32,4,33.5,2")
    assert any("3 rows is not used: an SD before is known" in note for note in found.notes)
    found = trials(tmp_path, PLAIN[0] + ",training_status", PLAIN[1] + ",")
    assert any("3 rows without training_status" in note for note in found.notes)


def test_an_sd_before_that_follows_from_a_change_moves_with_the_assumed_correlation(tmp_path):
    found = trials(tmp_path, "mean_change,sd_change", "1.5,2")
    loose = found.otherwise(pre_post_r=0.5)  # SD before 2 / sqrt(1) = 2, half of 4
    assert loose.effects["yi"].iloc[0] == pytest.approx(2 * found.effects["yi"].iloc[0])
    (tmp_path / "mine.csv").unlink()  # the table is not read a second time
    assert any("r = 0.5" in note for note in loose.notes)


def test_sds_follow_from_what_is_printed():
    assert effect_sizes.sd_from_se(1.5, 16) == 6
    assert effect_sizes.sd_from_interval(LOW, HIGH, 16) == pytest.approx(4, rel=1e-6)
    assert effect_sizes.sd_from_t(-1.5, -3, 16) == 2
    assert effect_sizes.sd_before_from_change(2, r=R) == 4
    with pytest.raises(ValueError, match="low must be below high"):
        effect_sizes.sd_from_interval(3, 3, 16)
    with pytest.raises(ValueError, match="sign of the change"):
        effect_sizes.sd_from_t(1.5, -3, 16)
    with pytest.raises(ValueError, match="r must be"):
        effect_sizes.sd_before_from_change(2, r=1.0)


@pytest.mark.parametrize(
    ("columns", "cells", "said"),
    [
        ("mean_pre,sd_pre,se_pre,mean_post", "32,4,1,33.5", "se_pre: stands beside sd_pre"),
        ("mean_pre,ci_low_pre,ci_high_pre,mean_post", "32,30,,33", "ci_high_pre: empty beside"),
        ("mean_pre,ci_low_pre,ci_high_pre,mean_post", "32,34,30,33", "ci_low_pre: 34 is not below"),
        ("mean_pre,ci_low_pre,ci_high_pre,mean_post", "32,33,34,33", "mean_pre: 32 is outside its"),
        ("mean_change,t_change", "1.5,-3", "t_change: -3 has not the sign of the change, 1.5"),
        ("mean_change,t_change", "1.5,0", "t_change: 0 has not the sign of the change, 1.5"),
        ("mean_change,sd_change", ",2", "mean_pre: empty; give mean_pre and mean_post, or"),
    ],
)
def test_stand_ins_that_contradict_are_refused(tmp_path, columns, cells, said):
    with pytest.raises(ValueError, match="mine.csv:2 ") as refused:
        trials(tmp_path, columns, cells)
    assert f"mine.csv:2 {said}" in str(refused.value)


def test_limbs_of_the_same_people_share_their_errors_and_women_are_no_limbs_of_men():
    # variances of 1, 4, 9 and so on make root products 1 to 6; limbs .5, two outcomes .8
    rows = pd.DataFrame(
        [
            ("a", "one", "female", "press", "within", 1.0),
            ("a", "three", "female", "press", "within", 4.0),
            ("a", "three", "female", "curl", "within", 9.0),
            ("a", "one of men", "male", "press", "within", 16.0),
            ("b", "x", "male", "press", "parallel", 1.0),
            ("b", "x", "male", "curl", "parallel", 4.0),
            ("b", "y", "male", "press", "parallel", 1.0),
        ],
        columns=["study", "arm", "sex", "outcome", "allocation_design", "vi"],
    )
    correlations = trial_tables.sampling_correlations(rows, rho=0.8, r_limbs=0.5)
    limbs, separate = trial_tables.sampling_errors(rows, correlations)
    expected = [[1, 1, 1.2, 0], [1, 4, 4.8, 0], [1.2, 4.8, 9, 0], [0, 0, 0, 16]]
    np.testing.assert_allclose(limbs, expected)
    np.testing.assert_allclose(separate, [[1, 1.6, 0], [1.6, 4, 0], [0, 0, 1]])


def test_rows_of_one_test_at_several_times_are_matched_between_limbs():
    rows = pd.DataFrame(
        {
            "study": "a",
            "arm": ["one", "one", "three", "three"],
            "weeks": [4, 8, 8, 4],
            "allocation_design": "within",
            "vi": 1.0,
        }
    )
    correlations = trial_tables.sampling_correlations(rows, rho=0.6, r_limbs=0.5)
    (block,) = trial_tables.sampling_errors(rows, correlations)
    np.testing.assert_allclose(
        block, [[1, 0.6, 0.3, 0.5], [0.6, 1, 0.5, 0.3], [0.3, 0.5, 1, 0.6], [0.5, 0.3, 0.6, 1]]
    )


def test_limbs_without_correlation_are_the_arms_as_they_were_taken_before():
    trials = Trials("strength", r_limbs=0.0)
    effects = trials.effects
    shared = {"formula": "~ weekly_sets", "levels": trials.levels}
    blocks = metaregression.fit(effects, **shared, **trials.errors(effects))
    arms = metaregression.fit(effects, **shared, rho=trials.rho, rho_within="arm")
    np.testing.assert_allclose(
        blocks.coefficients[["estimate", "se"]], arms.coefficients[["estimate", "se"]], rtol=1e-7
    )
    parallel = effects[effects["allocation_design"] == "parallel"]
    assert set(trials.errors(parallel)) == {"rho", "rho_within"}


def test_limbs_need_a_correlation_below_one():
    with pytest.raises(ValueError, match="r_limbs"):
        _ = Trials("strength", r_limbs=1.0).curve


@pytest.mark.parametrize(
    "changes",
    [
        {"rho": 0.2},
        {"r_limbs": 0.1},
        {"pre_post_r": 0.7},
        {"variance_at": "no effect"},
        {"flagged": "leave out"},
        {"left_out": ("Aube2020",)},
        {"outcome": "strength"},
        {"measure": "log_response_ratio"},
    ],
)
def test_trials_with_another_choice_have_the_errors_of_trials_read_anew(changes):
    trials = Trials("hypertrophy")
    first = trials.errors(trials.effects)["V"]
    given = {"outcome": "hypertrophy", **changes}
    other, anew = trials.otherwise(**changes), Trials(**given)
    found, wanted = (one.errors(one.effects)["V"] for one in (other, anew))
    for one, another in zip(found, wanted, strict=True):
        # the search for the mean may begin elsewhere
        np.testing.assert_allclose(one, another, rtol=1e-11)
    moved = len(first) != len(found) or any(
        one.shape != another.shape or (one != another).any()
        for one, another in zip(first, found, strict=True)
    )
    assert moved
    # variances stand on the diagonal, in the order of the rows of each study
    studies = other.effects.groupby("study", sort=False)["vi"]
    for block, (_, vi) in zip(found, studies, strict=True):
        np.testing.assert_allclose(np.diag(block), vi, rtol=1e-12)
