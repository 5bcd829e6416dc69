"""Small-study tests: a precision that holds the effect against one that does not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import metaregression


def changes(seed, small_study=0.0, studies=60, r=0.9):
    """Standardised mean changes whose variance holds the effect, y^2 / 2n."""
    random = np.random.default_rng(seed)
    n = random.integers(8, 40, studies)
    true = random.normal(0.8, 0.5, studies) + small_study / np.sqrt(n)
    yi = true + random.normal(0, np.sqrt(2 * (1 - r) / n + true**2 / (2 * n)))
    vi = 2 * (1 - r) / n + yi**2 / (2 * n)
    return pd.DataFrame({"study": range(studies), "n": n, "yi": yi, "vi": vi, "half": n / 2})


def test_a_variance_that_holds_the_effect_makes_a_slope_and_sample_sizes_do_not():
    fit = metaregression.fit(changes(3), levels=["study"])
    held = fit.small_study_effects()
    assert held.loc["egger", "p"] < 1e-6
    assert held["note"].str.contains("grows with the size of the effect").all()
    assert held["note"].str.contains("precision=").all()
    free = fit.small_study_effects(precision="n")
    assert free.loc["egger", "p"] > 0.2
    assert not free["note"].str.contains("precision").any()


def test_sample_sizes_reject_a_true_null_as_often_as_they_say_and_find_a_true_relation():
    tables = [metaregression.fit(changes(seed), levels=["study"]) for seed in range(100)]
    free = np.array([fit.small_study_effects(precision="n").loc["egger", "p"] for fit in tables])
    held = np.array([fit.small_study_effects().loc["egger", "p"] for fit in tables])
    assert np.mean(free < 0.05) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 100)
    assert np.mean(held < 0.05) > 0.9
    biased = metaregression.fit(changes(5, small_study=8.0), levels=["study"])
    assert biased.small_study_effects(precision="n").loc["egger", "p"] < 0.01


def test_the_moderators_are_the_root_and_the_sum_of_inverse_sizes():
    data = changes(4)
    data["w"] = 1 / data["n"] + 1 / data["half"]
    found = metaregression.fit(data, levels=["study"]).small_study_effects(precision=["n", "half"])
    pet = metaregression.fit(data, formula="~ sqrt(w)", levels=["study"])
    peese = metaregression.fit(data, formula="~ w", levels=["study"])
    columns = ["estimate", "se", "df", "p"]
    for name, fit, row in (("egger", pet, 1), ("pet", pet, 0), ("peese", peese, 0)):
        np.testing.assert_allclose(
            found.loc[name, columns].astype(float),
            fit.robust().iloc[row][columns].astype(float),
            rtol=1e-7,
        )


def test_a_precision_that_cannot_be_is_refused():
    data = changes(4)
    fit = metaregression.fit(data.assign(zero=0, same=10), levels=["study"])
    for precision, words in (
        ("people", "no column 'people'"),
        ("zero", "'zero' is not above zero"),
        ("same", "equally precise"),
        ([], "no column"),
    ):
        with pytest.raises(ValueError, match=words):
            fit.small_study_effects(precision=precision)
    sized = metaregression.fit(data.assign(x=1 / data["n"]), formula="~ x", levels=["study"])
    with pytest.raises(ValueError, match="collinear"):
        sized.small_study_effects(precision="n")
