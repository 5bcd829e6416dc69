"""Slopes between arms of one trial and between trials, on designs worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from repdose import dose_response as dr


def trials(within, between, *, noise=0.0, studies=8, seed=5):
    """Studies with two arms three sets about their mean, on a line within and another between."""
    random = np.random.default_rng(seed)
    mean = np.repeat(np.arange(studies) * 2.0 + 5, 2)
    deviation = np.tile([-3.0, 3.0], studies)
    table = pd.DataFrame(
        {
            "study": np.repeat([f"s{i}" for i in range(studies)], 2),
            "arm": [f"a{i}" for i in range(2 * studies)],
            "es_id": range(2 * studies),
            "weekly_sets": mean + deviation,
            "yi": 0.2 + within * deviation + between * mean,
            "vi": 0.02,
        }
    )
    table["yi"] += noise * random.standard_normal(2 * studies)
    return table


def test_two_slopes_are_told_apart_where_one_slope_would_blend_them():
    found = dr.within_between(trials(0.05, -0.02, noise=0.01))
    assert found.slopes.loc["within", "estimate"] == pytest.approx(0.05, abs=0.005)
    assert found.slopes.loc["between", "estimate"] == pytest.approx(-0.02, abs=0.005)
    assert found.slopes.loc["difference", "estimate"] == pytest.approx(0.07, abs=0.01)
    assert found.slopes.loc["difference", "p"] < 0.001


def test_in_a_balanced_design_the_slope_within_is_the_mean_of_the_differences():
    table = trials(0.03, 0.01, noise=0.2)
    pairs = table["yi"].to_numpy().reshape(-1, 2)
    slopes = (pairs[:, 1] - pairs[:, 0]) / 6
    row = dr.within_between(table).slopes.loc["within"]
    # every study weighs alike, and CR2 is then the t interval of eight differences
    assert row["estimate"] == pytest.approx(slopes.mean())
    assert row["se"] == pytest.approx(slopes.std(ddof=1) / np.sqrt(8))
    assert row["df"] == pytest.approx(7)
    half = stats.t.ppf(0.975, 7) * row["se"]
    assert [row["ci_low"], row["ci_high"]] == pytest.approx(
        [slopes.mean() - half, slopes.mean() + half]
    )


def test_the_mean_of_a_study_is_taken_over_its_arms_and_not_over_its_effects():
    table = trials(0.03, 0.01, noise=0.05)
    doubled = pd.concat([table, table.iloc[[1]].assign(es_id=99)], ignore_index=True)
    for data in (table, doubled):
        found = dr.within_between(data)
        column = list(found.fit.terms).index("between")
        np.testing.assert_allclose(
            np.unique(found.fit.problem.x[:, column]), 5.0 + 2 * np.arange(8)
        )


def test_a_study_whose_dose_is_constant_gives_no_slope_within_and_is_named():
    table = trials(0.03, 0.01, noise=0.05)
    table.loc[table["study"] == "s2", "weekly_sets"] = 9.0
    found = dr.within_between(table)
    assert found.constant == ("s2",)
    assert len(found.comparing) == 7
    pairs = table.loc[table["study"] != "s2", "yi"].to_numpy().reshape(-1, 2)
    slopes = (pairs[:, 1] - pairs[:, 0]) / 6
    assert found.slopes.loc["within", "estimate"] == pytest.approx(slopes.mean())


def test_where_no_study_compared_doses_there_is_only_a_slope_between():
    table = trials(0.03, 0.01, noise=0.05).drop_duplicates("study")
    found = dr.within_between(table, levels=["study"])
    assert found.slopes.index.tolist() == ["between"]
    assert found.comparing == ()
    assert len(found.constant) == 8


def test_where_every_study_has_the_same_mean_there_is_only_a_slope_within():
    table = trials(0.03, 0.0, noise=0.05)
    table["weekly_sets"] = np.tile([2.0, 8.0], 8)
    found = dr.within_between(table)
    assert found.slopes.index.tolist() == ["within"]


def test_one_dose_for_all_and_a_missing_column_are_refused():
    table = trials(0.03, 0.01)
    with pytest.raises(ValueError, match="'weekly_sets' is the same in every row"):
        dr.within_between(table.assign(weekly_sets=6.0))
    with pytest.raises(ValueError, match="no column 'arm'"):
        dr.within_between(table.drop(columns="arm"))


def test_model_based_slopes_have_studies_less_coefficients_as_degrees_of_freedom():
    found = dr.within_between(trials(0.03, 0.01, noise=0.1))
    assert (found.model["df"] == 8 - 3).all()
    np.testing.assert_allclose(found.model["estimate"], found.slopes["estimate"])
    at = found.fit.covariance
    variance = (
        at.loc["within", "within"] + at.loc["between", "between"] - 2 * at.loc["within", "between"]
    )
    assert found.model.loc["difference", "se"] == pytest.approx(np.sqrt(variance))


def test_a_difference_is_the_leading_slope_times_the_sets():
    rows = pd.DataFrame({"study": list("aabbccddee"), "arm": range(10), "es_id": range(10)})
    rows["weekly_sets"] = [2.0, 4.0, 5.0, 9.0, 6.0, 12.0, 3.0, 6.0, 8.0, 10.0]
    rows["yi"] = 0.1 * rows["weekly_sets"] + [0, 0.02, 0, -0.01, 0.01, 0, 0, 0.03, 0, 0.01]
    found = dr.within_between(rows.assign(vi=0.01), levels=["study", "es_id"])
    slope, more = found.slopes.loc["within"], found.difference(5, 10)
    assert found.leading == "within"
    assert [more["estimate"], more["low"], more["high"]] == pytest.approx(
        [5 * slope["estimate"], 5 * slope["ci_low"], 5 * slope["ci_high"]]
    )
    fewer = found.difference(10, 5)
    assert (fewer["low"], fewer["high"]) == (-more["high"], -more["low"])
    assert more["model_low"] == pytest.approx(5 * found.model.loc["within", "ci_low"])


def bent(noise=0.05, studies=12, seed=8):
    """Studies of two arms, whose doses go up to 36 sets and whose gains grow as the root."""
    random = np.random.default_rng(seed)
    low = np.tile([2.0, 4.0, 6.0, 12.0], 3)[:studies]
    high = low * np.repeat([2.0, 3.0], 6)[:studies]
    dose = np.column_stack([low, high]).ravel()
    return pd.DataFrame(
        {
            "study": np.repeat([f"s{i}" for i in range(studies)], 2),
            "arm": [f"a{i}" for i in range(2 * studies)],
            "es_id": range(2 * studies),
            "weekly_sets": dose,
            "yi": 0.2 * np.sqrt(dose) + noise * random.standard_normal(2 * studies),
            "vi": 0.02,
        }
    )


def test_the_spline_leads_where_it_has_degrees_of_freedom_enough():
    found = dr.within_between(bent())
    assert found.leading_form(5, 10) == "spline"
    assert found.why_straight(5, 10) == ""
    assert found.difference(5, 10) == found.difference(5, 10, form="spline")
    assert found.difference(5, 10)["df"] >= 4


def test_a_straight_line_leads_where_the_doses_or_the_studies_are_too_few_for_a_bend():
    few = dr.within_between(bent(studies=6))
    assert few.difference(5, 10, form="spline")["df"] < 4
    assert few.leading_form(5, 10) == "linear"
    assert "degrees of freedom, fewer than 4" in few.why_straight(5, 10)
    assert few.difference(5, 10) == few.difference(5, 10, form="linear")
    # three knots need three doses
    two = dr.within_between(bent().assign(weekly_sets=np.tile([5.0, 10.0], 12)))
    assert two.left_out == {"spline": "cannot be told from these doses"}
    assert two.why_straight(5, 10) == "a bend cannot be told from these doses"
    assert two.leading_form(5, 10) == "linear"


def test_a_slope_that_one_study_carries_does_not_lead():
    table = trials(0.03, 0.01, noise=0.05)
    # only s2 compares doses; its arms alone have a slope, without a residual to tell its error
    mean = table.groupby("study")["weekly_sets"].transform("mean")
    table["weekly_sets"] = table["weekly_sets"].where(table["study"] == "s2", mean)
    found = dr.within_between(table)
    assert np.isnan(found.slopes.loc["within", "se"])
    assert found.slopes.loc["within", "note"].startswith("rests on study s2 alone")
    assert found.leading == "between"
    more = found.difference(5, 10)
    assert more["estimate"] == pytest.approx(5 * found.slopes.loc["between", "estimate"])
    assert np.isfinite([more["low"], more["high"]]).all()


def test_without_any_robust_slope_nothing_leads():
    table = trials(0.03, 0.01, noise=0.05, studies=4)
    table["weekly_sets"] = [5.0, 10.0] + [6.0] * 6
    found = dr.within_between(table)
    assert found.slopes["se"].isna().all()
    with pytest.raises(ValueError, match="no slope has a robust interval, neither between arms"):
        found.difference(5, 10)


@pytest.mark.parametrize("low", [-1.0, float("nan"), "5"])
def test_a_dose_that_is_none_is_refused(low):
    with pytest.raises(ValueError, match="low must be"):
        dr.within_between(bent()).difference(low, 10)


def test_what_cannot_be_compared_is_refused_by_name():
    table = trials(0.03, 0.01, noise=0.05)
    with pytest.raises(ValueError, match="low and high are the same dose, 5"):
        dr.within_between(table).difference(5, 5)
    gap = table.assign(arm=table["arm"].where(table.index != 3))
    with pytest.raises(ValueError, match="'arm' is missing at rows 3"):
        dr.within_between(gap)
    with pytest.raises(ValueError, match="arm: no column 'arm'; the data has study"):
        dr.within_between(table.drop(columns="arm"))
    with pytest.raises(ValueError, match="'weekly_sets' holds text"):
        dr.within_between(table.astype({"weekly_sets": str}))
    for levels in ([], "study"):
        with pytest.raises(ValueError, match="levels must be a list of columns"):
            dr.within_between(table, levels=levels)


def test_why_a_straight_line_leads_is_a_phrase():
    # two trials compared doses, each its own pair: no bend can be told
    table = trials(0.03, 0.01, noise=0.05)
    flat = ~table["study"].isin(["s1", "s4"])
    table.loc[flat, "weekly_sets"] = table["weekly_sets"].groupby(table["study"]).transform("mean")
    found = dr.within_between(table)
    assert found.why_straight(5, 10) == (
        "a bend has no robust interval (rests on study s1, s4 alone)"
    )
