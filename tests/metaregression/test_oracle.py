"""The meta-regression engine against metafor and clubSandwich (pinned by oracle_metafor.R)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from repdose import metaregression

PUBLISHED = Path(__file__).parents[1] / "published"
# Coefficients and standard errors to 1e-6, variances to 1e-5 relative; a variance that is zero
# here may be as large as 1e-8 there, where the optimizer stops on a logarithmic scale.
CLOSE, VARIANCE, ZERO = 1e-6, 1e-5, 1e-8


def table(name):
    return pd.read_csv(PUBLISHED / f"{name}.csv", comment="#")


def pinned(name):
    pins = json.loads((PUBLISHED / f"metafor_{name}.json").read_text())
    assert pins.pop("versions").keys() == {"R", "metafor", "clubSandwich"}
    return pins


ONE = pinned("one_level")
SEVERAL = pinned("several_levels")
MORE = pinned("inference")


def refit(case):
    data = table(case["data"])
    if case.get("rho_within") == "site":
        data["site"] = data["study"] + " " + data["outcome"]
    data["vi_large"] = 10 * data["vi"]
    return metaregression.fit(
        data,
        variance=case.get("variance", "vi"),
        formula=case["formula"],
        levels=case["levels"],
        method=case["method"],
        slopes=case.get("slopes"),
        rho=case.get("rho", 0.0),
        rho_within=case.get("rho_within"),
    )


def test_the_pins_cover_every_estimator_and_structure():
    assert {case["method"] for case in ONE.values() if "method" in case} == set(
        metaregression.model.METHODS
    )
    assert len(SEVERAL) == 24
    assert any(len(case["levels"]) == 3 for case in SEVERAL.values())
    assert any("slopes" in case for case in SEVERAL.values())
    assert any(min(case.get("sigma2", [1])) < ZERO for case in SEVERAL.values())


@pytest.mark.parametrize("name", [name for name in ONE if name != "egger"])
def test_one_level_agrees_with_metafor(name):
    case = ONE[name]
    arguments = {"formula": case["formula"], "levels": ["trial"], "method": case["method"]}
    fit = metaregression.fit(table("bcg"), **arguments, test="z")
    assert fit.sigma2["trial"] == pytest.approx(case["tau2"], rel=VARIANCE)
    found = fit.coefficients
    pairs = {"estimate": "beta", "statistic": "z"}
    for ours in ("estimate", "se", "statistic", "p", "ci_low", "ci_high"):
        theirs = pairs.get(ours, ours)
        np.testing.assert_allclose(found[ours], np.atleast_1d(case[theirs]), rtol=1e-5, atol=CLOSE)
    assert fit.heterogeneity["q"] == pytest.approx(case["qe"], rel=1e-9)
    assert fit.heterogeneity["p"] == pytest.approx(case["qe_p"], rel=1e-6)
    assert fit.i2["total"] == pytest.approx(case["i2"], rel=VARIANCE)
    if len(fit.terms) > 1:
        assert fit.wald()["statistic"] == pytest.approx(case["qm"], rel=VARIANCE)
    knapp = metaregression.fit(table("bcg"), **arguments, test="hartung-knapp")
    np.testing.assert_allclose(knapp.coefficients["se"], case["knha_se"], rtol=CLOSE)
    np.testing.assert_allclose(knapp.coefficients["p"], case["knha_p"], rtol=VARIANCE)
    np.testing.assert_allclose(knapp.coefficients["ci_low"], case["knha_ci_low"], atol=CLOSE)
    if len(fit.terms) > 1:
        assert knapp.wald()["p"] == pytest.approx(case["knha_qm_p"], rel=VARIANCE)
    if "loglik" in case:
        assert fit.loglik == pytest.approx(case["loglik"], rel=1e-9)
    if "aic" in case:
        assert (fit.aic, fit.bic, fit.aicc) == pytest.approx(
            (case["aic"], case["bic"], case["aicc"]), rel=1e-9
        )


def same_robust(fit, pins):
    for kind, pin in pins.items():
        found = fit.robust(kind)
        np.testing.assert_allclose(found["se"], pin["se"], rtol=CLOSE)
        np.testing.assert_allclose(found["df"], pin["df"], rtol=VARIANCE)
        np.testing.assert_allclose(found["p"], pin["p"], rtol=1e-4)


@pytest.mark.parametrize("name", list(SEVERAL))
def test_several_levels_agree_with_metafor_and_clubsandwich(name):
    case = SEVERAL[name]
    fit = refit(case)
    assert fit.converged
    np.testing.assert_allclose(fit.coefficients["estimate"], case["beta"], rtol=CLOSE, atol=1e-9)
    np.testing.assert_allclose(fit.coefficients["se"], case["se"], rtol=CLOSE)
    assert fit.loglik == pytest.approx(case["loglik"], rel=1e-8)
    assert fit.heterogeneity["q"] == pytest.approx(case["qe"], rel=1e-9)
    if "g" in case:
        np.testing.assert_allclose(fit.random_effects["study"], case["g"], rtol=VARIANCE)
        assert fit.sigma2["es_id"] == pytest.approx(case["sigma2_inner"], rel=VARIANCE)
    else:
        np.testing.assert_allclose(fit.sigma2, case["sigma2"], rtol=VARIANCE, atol=ZERO)
        assert fit.boundary == (min(case["sigma2"]) < ZERO)
    if "aic" in case:
        assert fit.aic == pytest.approx(case["aic"], rel=1e-8)
    same_robust(fit, case["robust"])


def test_one_level_robust_errors_agree_with_clubsandwich():
    for name in ("~ 1 REML", "~ ablat REML"):
        fit = metaregression.fit(table("bcg"), formula=ONE[name]["formula"], levels=["trial"])
        same_robust(fit, ONE[name]["robust"])


def test_profile_intervals_agree_with_metafor():
    fit = metaregression.fit(table("konstantopoulos2011"), levels=["district", "study"])
    found = fit.variance_intervals()
    np.testing.assert_allclose(
        found.to_numpy(), np.array(list(MORE["profile"].values())), rtol=1e-5
    )
    np.testing.assert_allclose(fit.i2[["district", "study"]], MORE["i2"], rtol=VARIANCE)


def test_likelihood_ratio_wald_and_hotelling_tests_agree():
    data = table("volume_size_effects")
    formula = "~ weekly_sets + I(weekly_sets**2)"
    common = {"levels": ["study", "es_id"], "method": "ML", "test": "z"}
    full = metaregression.fit(data, formula=formula, **common)
    small = metaregression.fit(data, **common)
    ratio = full.likelihood_ratio(small)
    assert ratio["statistic"] == pytest.approx(MORE["likelihood_ratio"]["statistic"], rel=1e-6)
    assert ratio["p"] == pytest.approx(MORE["likelihood_ratio"]["p"], rel=1e-6)
    wald = full.wald()
    assert wald["statistic"] == pytest.approx(MORE["wald"]["statistic"], rel=1e-6)
    assert wald["p"] == pytest.approx(MORE["wald"]["p"], rel=1e-5)
    robust = full.wald(kind="CR2")
    assert robust["statistic"] == pytest.approx(MORE["hotelling"]["statistic"], rel=1e-5)
    assert robust["df_denominator"] == pytest.approx(MORE["hotelling"]["df"], rel=1e-5)
    assert robust["p"] == pytest.approx(MORE["hotelling"]["p"], rel=1e-4)


def test_predictions_and_cooks_distance_agree_with_metafor():
    data = table("volume_size_effects")
    common = {"formula": "~ weekly_sets", "levels": ["study", "es_id"]}
    fit = metaregression.fit(data, **common, test="z")
    found = fit.predict({"weekly_sets": [5, 10, 20]})
    for ours, theirs in (("estimate", "estimate"), ("se", "se"), ("ci_low", "ci_low")):
        np.testing.assert_allclose(found[ours], MORE["predict"][theirs], rtol=CLOSE)
    # metafor's own refits are loosely converged, so the distances agree to fewer digits
    distances = fit.cooks_distance()
    pins = pd.Series(MORE["cooks"]).loc[distances.index]
    np.testing.assert_allclose(distances, pins, rtol=1e-4, atol=1e-6)


def test_small_study_models_agree_with_metafor():
    found = metaregression.fit(table("bcg"), levels=["trial"]).small_study_effects()
    case = ONE["egger"]
    assert found.loc["pet", "estimate"] == pytest.approx(case["beta"][0], abs=CLOSE)
    assert found.loc["egger", "estimate"] == pytest.approx(case["beta"][1], abs=CLOSE)
    assert found.loc["egger", "se_model"] == pytest.approx(case["se"][1], rel=CLOSE)
    assert found.loc["egger", "se"] == pytest.approx(case["robust"]["CR2"]["se"][1], rel=CLOSE)
    assert found.loc["egger", "df"] == pytest.approx(case["robust"]["CR2"]["df"][1], rel=VARIANCE)
    assert found.loc["peese", "estimate"] == pytest.approx(case["peese_beta"][0], abs=CLOSE)
    assert found.loc["peese", "se_model"] == pytest.approx(case["peese_se"][0], rel=CLOSE)
