"""Robust inference where one study carries a coefficient: no error, no p, and the reason."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import metaregression

PUBLISHED = Path(__file__).parent / "published"
# How people were allotted in the thirteen trials (Colditz et al. 1994), in order of the table.
ALLOCATION = ["random"] * 4 + ["alternate"] * 2 + ["random"] * 3 + ["systematic"] * 4
NUMBERS = ["se", "df", "statistic", "p", "ci_low", "ci_high"]


def bcg():
    table = pd.read_csv(PUBLISHED / "bcg.csv", comment="#").assign(alloc=ALLOCATION)
    return table[table["trial"] != 5]


@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
def test_a_category_of_one_trial_has_no_robust_error_and_says_so(kind):
    fit = metaregression.fit(bcg(), formula="~ alloc", levels=["trial"])
    found = fit.robust(kind)
    # alternate allocation is trial 6 alone: the intercept and every contrast with it rest on it
    assert found[NUMBERS].isna().all().all()
    assert (found["note"] == "rests on trial 6 alone: no robust error, p or interval").all()
    assert fit.summary()["se"].min() > 0.3
    found = metaregression.fit(bcg(), formula="~ 0 + alloc", levels=["trial"]).robust(kind)
    assert found.loc["alloc[alternate]", NUMBERS].isna().all()
    assert "rests on trial 6 alone" in found.loc["alloc[alternate]", "note"]
    others = found.drop(index="alloc[alternate]")
    assert np.isfinite(others[NUMBERS].astype(float)).all().all()
    assert not others["note"].str.contains("alone").any()


def test_the_categories_of_several_trials_are_as_in_a_table_without_the_single_one():
    common = {"formula": "~ 0 + alloc", "levels": ["trial"], "method": "DL"}
    fit = metaregression.fit(bcg(), **common)
    several = bcg()[bcg()["alloc"] != "alternate"]
    again = metaregression.fit(several, **common)
    assert fit.sigma2["trial"] == pytest.approx(again.sigma2["trial"], rel=1e-9)
    columns = ["estimate", "se", "df", "p"]
    np.testing.assert_allclose(
        fit.robust().loc[again.terms, columns].astype(float),
        again.robust()[columns].astype(float),
        rtol=1e-7,
    )


def test_tests_and_predictions_know_it_too():
    fit = metaregression.fit(bcg(), formula="~ alloc", levels=["trial"])
    with pytest.raises(ValueError, match=r"'alloc\[T.random\]'.*rests on trial 6 alone"):
        fit.wald(kind="CR2")
    new = {"alloc": ["random", "alternate", "systematic"]}
    with pytest.warns(UserWarning, match="rows 1 .*rests on trial 6 alone"):
        found = fit.predict(new, kind="CR2")
    assert found["se"].isna().tolist() == [False, True, False]
    assert found["ci_low"].isna().tolist() == [False, True, False]
    assert np.isfinite(fit.predict(new)).all().all()


def test_effects_without_residuals_have_no_robust_error():
    data = pd.DataFrame({"study": range(6), "yi": 0.3, "vi": [0.01, 0.02, 0.03] * 2})
    found = metaregression.fit(data, levels=["study"]).robust()
    assert found[["se", "p"]].isna().all().all()
    assert "residuals are zero" in found["note"].iloc[0]


def null(random, studies, carriers):
    """Effects without any relation to the category, which `carriers` studies carry."""
    study = np.repeat(np.arange(studies), random.integers(1, 5, studies))
    k = len(study)
    vi = random.uniform(0.02, 0.1, k)
    yi = random.normal(0, 0.2, studies)[study] + random.normal(0, np.sqrt(vi + 0.02))
    rare = np.where(study < carriers, "rare", "usual")
    columns = {"study": study, "es": range(k), "rare": rare, "yi": yi, "vi": vi}
    return pd.DataFrame(columns)


@pytest.mark.parametrize("carriers", [1, 2, 3])
def test_a_category_of_few_studies_rejects_a_true_null_no_more_than_it_says(carriers):
    random = np.random.default_rng(20 + carriers)
    rejected, refused, count = 0, 0, 40 if carriers == 1 else 120
    for _ in range(count):
        with warnings.catch_warnings():
            warnings.simplefilter("error", RuntimeWarning)
            fit = metaregression.fit(
                null(random, 15, carriers), formula="~ rare", levels=["study", "es"]
            )
            row = fit.robust().iloc[1]
        refused += bool(np.isnan(row["p"]))
        rejected += bool(row["p"] < 0.05)
    assert refused == (count if carriers == 1 else 0)
    # two standard errors of a share of one in twenty
    assert rejected <= count * (0.05 + 2 * np.sqrt(0.05 * 0.95 / count))


# -- contrasts ---------------------------------------------------------------------------------


def volume():
    return pd.read_csv(PUBLISHED / "volume_size_effects.csv", comment="#")


@pytest.mark.parametrize("kind", [None, "CR0", "CR2"])
def test_the_slope_of_the_other_group_is_that_of_a_fit_with_the_other_reference(kind):
    data = volume()
    long = data.groupby("study")["yi"].transform("size") > 6
    data["table"] = np.where(long, "long", "short")
    common = {"levels": ["study", "es_id"], "formula": "~ weekly_sets * table"}
    fit = metaregression.fit(data, **common)
    data["table"] = pd.Categorical(data["table"], categories=["short", "long"])
    other = metaregression.fit(data, **common)
    found = fit.contrast({"weekly_sets": 1, "weekly_sets:table[T.short]": 1}, kind=kind)
    rows = other.summary() if kind is None else other.robust(kind)
    columns = ["estimate", "se", "df", "p", "ci_low", "ci_high"]
    np.testing.assert_allclose(
        found[columns].astype(float), rows.loc["weekly_sets", columns].astype(float), rtol=1e-6
    )
    ten = fit.contrast({"weekly_sets": 10}, kind=kind, level=0.9)
    one = fit.summary(0.9) if kind is None else fit.robust(kind, 0.9)
    assert ten["estimate"] == pytest.approx(10 * one.loc["weekly_sets", "estimate"])
    assert ten["ci_low"] == pytest.approx(10 * one.loc["weekly_sets", "ci_low"])
    assert ten["p"] == pytest.approx(one.loc["weekly_sets", "p"])


def test_contrasts_of_one_study_and_of_unknown_terms_are_refused_or_say_so():
    fit = metaregression.fit(bcg(), formula="~ alloc", levels=["trial"])
    random = fit.contrast({"Intercept": 1, "alloc[T.random]": 1}, kind="CR2")
    direct = metaregression.fit(bcg(), formula="~ 0 + alloc", levels=["trial"]).robust()
    assert random["se"] == pytest.approx(direct.loc["alloc[random]", "se"], rel=1e-7)
    assert np.isnan(fit.contrast({"alloc[T.random]": 1}, kind="CR2")["p"])
    for weights, words in (
        ({"alloc": 1}, "no coefficient 'alloc'"),
        ({"Intercept": 0}, "all zero"),
        ({"Intercept": "1"}, "must be a number"),
        ({"Intercept": np.inf}, r"weights\['Intercept'\] must be"),
        ([1, 0, 0], "must map terms"),
    ):
        with pytest.raises(ValueError, match=words):
            fit.contrast(weights)
