"""The meta-regression engine: printed numbers, closed forms, unit invariance, dense algebra."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from repdose import metaregression
from repdose.metaregression import robust
from repdose.metaregression.estimation import Objective
from repdose.metaregression.problem import Tree

PUBLISHED = Path(__file__).parents[1] / "published"


def table(name):
    return pd.read_csv(PUBLISHED / f"{name}.csv", comment="#")


def volume_fit(**options):
    arguments = {"formula": "~ weekly_sets", "levels": ["study", "es_id"], **options}
    return metaregression.fit(table("volume_size_effects"), **arguments)


def simulated(seed=3, studies=12, k=60):
    random = np.random.default_rng(seed)
    study = np.sort(random.integers(studies, size=k))
    arm = study * 10 + random.integers(2, size=k)
    dose = random.uniform(1, 30, k)
    vi = random.uniform(0.01, 0.1, k)
    effect = random.normal(0, 0.3, studies)[study] + random.normal(0, 0.1, 200)[arm]
    yi = 0.2 + 0.01 * dose + effect + random.normal(0, np.sqrt(vi + 0.02))
    columns = {"study": study, "arm": arm, "es": np.arange(k), "dose": dose, "yi": yi, "vi": vi}
    return pd.DataFrame(columns).sample(frac=1, random_state=seed).reset_index(drop=True)


def test_bcg_gives_the_printed_estimates():
    bcg = table("bcg")
    fit = metaregression.fit(bcg, levels=["trial"])
    assert fit.sigma2["trial"] == pytest.approx(0.313243258, abs=5e-10)
    assert fit.coefficients.loc["Intercept", "estimate"] == pytest.approx(-0.714532342, abs=5e-10)
    assert fit.coefficients.loc["Intercept", "se"] == pytest.approx(0.179781516, abs=5e-10)
    for method, printed in (("DL", 0.308760263), ("PM", 0.318068452)):
        again = metaregression.fit(bcg, levels=["trial"], method=method)
        assert again.sigma2["trial"] == pytest.approx(printed, abs=5e-10)


def test_bcg_effects_follow_from_the_counts():
    bcg = table("bcg")
    treated, control = bcg["tpos"] + bcg["tneg"], bcg["cpos"] + bcg["cneg"]
    yi = np.log(bcg["tpos"] / treated) - np.log(bcg["cpos"] / control)
    vi = 1 / bcg["tpos"] - 1 / treated + 1 / bcg["cpos"] - 1 / control
    np.testing.assert_allclose(bcg["yi"], yi, rtol=1e-13)
    np.testing.assert_allclose(bcg["vi"], vi, rtol=1e-13)


def test_schools_give_the_printed_estimates_and_robust_error():
    fit = metaregression.fit(table("konstantopoulos2011"), levels=["district", "study"])
    assert list(fit.sigma2.index) == ["district", "study"]
    assert fit.sigma2["district"] == pytest.approx(0.0650619443, rel=1e-7)
    assert fit.sigma2["study"] == pytest.approx(0.0327365170, rel=1e-7)
    row = fit.robust("CR2").loc["Intercept"]
    assert row["estimate"] == pytest.approx(0.184713164, rel=5e-8)
    assert fit.coefficients.loc["Intercept", "se"] == pytest.approx(0.0845559187, rel=5e-8)
    assert row["se"] == pytest.approx(0.0844579954, rel=5e-8)
    assert row["df"] == pytest.approx(9.8631563, rel=1e-7)


def test_volume_gives_the_printed_slope():
    fit = volume_fit()
    assert fit.k == 151
    assert fit.groups == {"study": 25, "es_id": 151}
    row = fit.coefficients.loc["weekly_sets"]
    # the printed digits end where the reference's own optimizer stops
    assert row["estimate"] == pytest.approx(0.0053205771, rel=5e-8)
    assert row["se"] == pytest.approx(0.0013582638, rel=5e-8)
    assert fit.converged
    assert not fit.boundary


def test_equal_variances_have_the_closed_form_of_the_one_way_model():
    random = np.random.default_rng(5)
    yi = random.normal(0.3, 0.5, 15)
    data = pd.DataFrame({"study": range(15), "yi": yi, "vi": 0.04})
    fit = metaregression.fit(data, levels=["study"])
    assert fit.sigma2["study"] == pytest.approx(np.var(yi, ddof=1) - 0.04, rel=1e-10)
    assert fit.coefficients.loc["Intercept", "estimate"] == pytest.approx(yi.mean(), rel=1e-12)
    ml = metaregression.fit(data, levels=["study"], method="ML")
    assert ml.sigma2["study"] == pytest.approx(np.var(yi) - 0.04, rel=1e-10)
    for method in ("DL", "HE", "PM", "EB"):
        moment = metaregression.fit(data, levels=["study"], method=method)
        assert moment.sigma2["study"] == pytest.approx(np.var(yi, ddof=1) - 0.04, rel=1e-10)


def test_a_second_opinion_agrees_on_one_level():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves a file open when imported
        from pymare import Dataset
        from pymare.estimators import VarianceBasedLikelihoodEstimator
    bcg = table("bcg")
    dataset = Dataset(y=bcg["yi"].to_numpy(), v=bcg["vi"].to_numpy(), X=bcg[["ablat"]].to_numpy())
    other = VarianceBasedLikelihoodEstimator(method="REML").fit_dataset(dataset).summary()
    fit = metaregression.fit(bcg, formula="~ ablat", levels=["trial"])
    assert fit.sigma2["trial"] == pytest.approx(float(np.ravel(other.tau2)[0]), rel=1e-3)
    np.testing.assert_allclose(fit.coefficients["estimate"], np.ravel(other.fe_params), rtol=1e-3)


STRUCTURES = {
    "study": {"levels": ["study"]},
    "study and effect": {"levels": ["study", "es"]},
    "arms": {"levels": ["study", "arm", "es"]},
    "slope": {"levels": ["study", "es"], "slopes": {"study": "dose"}},
    "slopes twice": {"levels": ["study", "arm"], "slopes": {"study": "dose", "arm": "log(dose)"}},
    "correlated in arms": {"levels": ["study", "es"], "rho": 0.7, "rho_within": "arm"},
    "correlated in studies": {"levels": ["study", "arm", "es"], "rho": 0.4},
    "correlated across arms": {"levels": ["study", "arm", "es"], "rho": 0.5, "rho_within": "site"},
}


def dense(fit, data):
    """The marginal covariance and design in full, in the order of the data."""
    v = data["vi"].to_numpy()
    sigma = np.diag(v)
    if fit.problem.rho:
        codes = fit.problem.rho_codes
        off = fit.problem.rho * np.sqrt(np.outer(v, v)) * (codes[:, None] == codes)
        sigma = np.where(np.eye(len(v), dtype=bool), sigma, off)
    for i, name in enumerate(fit.problem.levels):
        codes = fit.problem.codes[:, i]
        z = np.ones((len(v), 1))
        if name in fit.problem.slopes:
            z = np.column_stack([z, fit.problem.slopes[name]])
        g = fit.random_effects[name].to_numpy()
        sigma = sigma + (z @ g @ z.T) * (codes[:, None] == codes)
    return sigma, fit.problem.x


@pytest.mark.parametrize("name", list(STRUCTURES))
@pytest.mark.parametrize("method", ["REML", "ML"])
def test_likelihood_and_errors_agree_with_dense_algebra(name, method):
    data = simulated()
    data["site"] = data["study"].astype(str) + (data["es"] % 3).astype(str)
    fit = metaregression.fit(data, formula="~ dose", method=method, **STRUCTURES[name])
    sigma, x = dense(fit, data)
    y = data["yi"].to_numpy()
    inverse = np.linalg.inv(sigma)
    covariance = np.linalg.inv(x.T @ inverse @ x)
    beta = covariance @ x.T @ inverse @ y
    residual = y - x @ beta
    minus2 = np.linalg.slogdet(sigma)[1] + residual @ inverse @ residual
    count = len(y)
    if method == "REML":
        minus2 += np.linalg.slogdet(x.T @ inverse @ x)[1] - np.linalg.slogdet(x.T @ x)[1]
        count -= x.shape[1]
    assert fit.converged
    assert fit.loglik == pytest.approx(-(minus2 + count * np.log(2 * np.pi)) / 2, rel=1e-10)
    np.testing.assert_allclose(fit.coefficients["estimate"], beta, rtol=1e-9)
    np.testing.assert_allclose(fit.covariance, covariance, rtol=1e-8)

    codes = fit.problem.codes[:, 0]
    hat = x @ covariance @ x.T @ inverse
    left = np.eye(len(y)) - hat
    meat, columns = np.zeros_like(covariance), []
    for code in np.unique(codes):
        own = codes == code
        upper = np.linalg.cholesky(sigma[np.ix_(own, own)]).T
        middle = upper @ (left @ sigma @ left.T)[np.ix_(own, own)] @ upper.T
        values, vectors = np.linalg.eigh(middle)
        adjusted = upper.T @ vectors @ np.diag(values**-0.5) @ vectors.T @ upper
        weights = x[own].T @ np.linalg.inv(sigma[np.ix_(own, own)]) @ adjusted
        score = weights @ residual[own]
        meat += np.outer(score, score)
        columns.append(left[own].T @ weights.T @ covariance)
    robust = fit.robust("CR2")
    expected = np.sqrt(np.diag(covariance @ meat @ covariance))
    np.testing.assert_allclose(robust["se"], expected, rtol=1e-7)
    for term in range(x.shape[1]):
        p = np.column_stack([column[:, term] for column in columns])
        gram = p.T @ sigma @ p
        df = np.trace(gram) ** 2 / (gram**2).sum()
        assert robust["df"].iloc[term] == pytest.approx(df, rel=1e-6)


@pytest.mark.parametrize("name", list(STRUCTURES))
def test_large_studies_are_adjusted_by_quadrature_to_the_same_result(name, monkeypatch):
    data = simulated(studies=3, k=90)
    data["site"] = data["study"].astype(str) + (data["es"] % 3).astype(str)
    fit = metaregression.fit(data, formula="~ dose", **STRUCTURES[name])
    results = []
    for largest in (1000, 0):
        monkeypatch.setattr(robust, "LARGE", largest)
        found = robust.sandwich(fit.fitted)
        df = found.degrees_of_freedom(fit.fitted.to_terms)
        results.append(np.append(found.covariance.ravel(), df))
    np.testing.assert_allclose(results[1], results[0], rtol=1e-9)


@pytest.mark.parametrize("name", list(STRUCTURES))
def test_the_gradient_is_the_derivative_of_the_likelihood(name):
    data = simulated()
    data["site"] = data["study"].astype(str) + (data["es"] % 3).astype(str)
    fit = metaregression.fit(data, formula="~ dose", **STRUCTURES[name])
    tree = Tree(fit.problem)
    for restricted in (True, False):
        objective = Objective(tree, tree.effects, restricted)
        point = np.linspace(0.3, 0.9, len(fit.fitted.point))
        _, slope = objective.value_and_gradient(point)
        for i in range(len(point)):
            step = np.zeros(len(point))
            step[i] = 1e-5
            up, _ = objective.value_and_gradient(point + step)
            down, _ = objective.value_and_gradient(point - step)
            assert slope[i] == pytest.approx((up - down) / 2e-5, rel=1e-6, abs=1e-6)


def every_number(fit):
    """All results, with the power of the effect's unit by which each scales."""
    robust = fit.robust("CR2")
    frames = fit.coefficients
    new = {"weekly_sets": [1, 10, 40]}
    yield 1, frames[["estimate", "se", "ci_low", "ci_high"]].to_numpy()
    yield 0, frames[["statistic", "p"]].to_numpy()
    yield 2, fit.sigma2.to_numpy()
    yield 1, robust[["estimate", "se", "ci_low", "ci_high"]].to_numpy()
    yield 0, robust[["df", "statistic", "p"]].to_numpy()
    yield 1, fit.predict(new).to_numpy()
    yield 1, fit.predict(new, kind="CR2").to_numpy()
    yield 0, fit.i2.to_numpy()
    yield 0, fit.heterogeneity.to_numpy()
    yield 0, fit.wald(kind="CR2").to_numpy()


@pytest.mark.parametrize("unit", [1e-6, 1e-3, 3.0, 1e3, 1e6])
@pytest.mark.parametrize(
    "options",
    [{}, {"slopes": {"study": "weekly_sets"}}, {"rho": 0.6, "rho_within": "arm"}],
    ids=["intercepts", "slope", "correlated"],
)
def test_results_scale_with_the_unit_of_the_effect(unit, options):
    data = table("volume_size_effects")
    arguments = {"formula": "~ weekly_sets", "levels": ["study", "es_id"], **options}
    scaled = data.assign(yi=data["yi"] * unit, vi=data["vi"] * unit**2)
    plain = every_number(metaregression.fit(data, **arguments))
    for (power, one), (_, other) in zip(
        plain, every_number(metaregression.fit(scaled, **arguments)), strict=True
    ):
        np.testing.assert_allclose(other, one * unit**power, rtol=1e-8)


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_results_do_not_depend_on_the_unit_of_the_dose(unit):
    data = table("volume_size_effects")
    plain = volume_fit(slopes={"study": "weekly_sets"})
    scaled = metaregression.fit(
        data.assign(weekly_sets=data["weekly_sets"] * unit),
        formula="~ weekly_sets",
        levels=["study", "es_id"],
        slopes={"study": "weekly_sets"},
    )
    factor = np.array([1, 1 / unit])
    for kind in ("CR0", "CR2"):
        one, other = plain.robust(kind), scaled.robust(kind)
        np.testing.assert_allclose(other["se"], one["se"] * factor, rtol=1e-8)
        np.testing.assert_allclose(other["df"], one["df"], rtol=1e-8)
    expected = plain.random_effects["study"] * np.outer(factor, factor)
    np.testing.assert_allclose(scaled.random_effects["study"], expected, rtol=1e-8)
    assert scaled.loglik == pytest.approx(plain.loglik, rel=1e-9)


def test_order_of_rows_and_labels_does_not_matter():
    data = table("volume_size_effects")
    mixed = data.sample(frac=1, random_state=1)
    mixed["study"] = mixed["study"].str[::-1]
    one = volume_fit().robust()
    other = metaregression.fit(mixed, formula="~ weekly_sets", levels=["study", "es_id"]).robust()
    columns = ["estimate", "se", "df"]
    np.testing.assert_allclose(other[columns], one[columns].astype(float), rtol=1e-8)


def test_a_zero_variance_is_found_and_flagged():
    data = simulated()
    data["vi"] = 5.0
    fit = metaregression.fit(data, formula="~ dose", levels=["study", "es"])
    assert fit.boundary
    assert fit.converged
    assert fit.sigma2.tolist() == [0.0, 0.0]
    weights = np.linalg.lstsq(fit.problem.x, data["yi"].to_numpy(), rcond=None)[0]
    np.testing.assert_allclose(fit.coefficients["estimate"], weights, rtol=1e-9)
    assert "boundary" in str(fit)


def test_prediction_interval_holds_intercept_slope_and_their_covariance():
    fit = volume_fit(slopes={"study": "weekly_sets"})
    dose = np.array([0.0, 5.0, 30.0])
    found = fit.predict({"weekly_sets": dose})
    g = fit.random_effects["study"].to_numpy()
    between = g[0, 0] + 2 * dose * g[0, 1] + dose**2 * g[1, 1] + fit.sigma2["es_id"]
    half = (found["pi_high"] - found["pi_low"]) / 2
    expected = np.sqrt(found["se"] ** 2 + between)
    ratio = half / expected
    np.testing.assert_allclose(ratio, ratio[0], rtol=1e-12)
    assert ratio[0] > 1.96
    assert half.iloc[2] > half.iloc[1]


def test_spline_is_linear_beyond_its_knots_and_keeps_them_for_prediction():
    fit = volume_fit(formula="~ rcs(weekly_sets, 4)")
    knots = next(iter(fit.knots.values()))
    expected = table("volume_size_effects")["weekly_sets"].quantile([0.05, 0.35, 0.65, 0.95])
    np.testing.assert_allclose(knots, expected)
    far = fit.predict({"weekly_sets": np.array([50.0, 60.0, 70.0])})["estimate"]
    assert far[2] - far[1] == pytest.approx(far[1] - far[0], rel=1e-9)
    below = metaregression.spline_basis(np.array([-4.0, 1.0, knots[0]]), knots)
    np.testing.assert_array_equal(below[:, 1:], 0.0)
    alone = fit.predict({"weekly_sets": 20})["estimate"][0]
    together = fit.predict({"weekly_sets": [3, 20, 70]})["estimate"][1]
    assert alone == pytest.approx(together, rel=1e-12)


def test_emax_finds_the_curve_that_made_the_effects():
    random = np.random.default_rng(8)
    dose = np.tile([1.0, 3.0, 6.0, 12.0, 24.0, 48.0], 30)
    study = np.repeat(np.arange(30), 6)
    curve = 0.1 + 0.8 * dose / (7.0 + dose)
    yi = curve + random.normal(0, 0.05, 30)[study] + random.normal(0, 0.02, len(dose))
    data = pd.DataFrame({"study": study, "dose": dose, "yi": yi, "vi": 0.0004})
    for method in ("REML", "ML"):
        fit = metaregression.fit(data, formula="~ emax(dose)", levels=["study"], method=method)
        found = fit.coefficients
        assert list(found.index) == ["Intercept", "emax(dose)", "ed50(dose)"]
        assert fit.converged
        truth = np.array([0.1, 0.8, 7.0])
        assert (np.abs(found["estimate"] - truth) < 3 * found["se"]).all()
        at = fit.predict({"dose": [0.0, 7.0]})["estimate"]
        b0, top, ed50 = found["estimate"]
        np.testing.assert_allclose(at, [b0, b0 + top * 7 / (ed50 + 7)], rtol=1e-9)
    # at the maximum the likelihood does not rise for a neighbouring ED50
    for factor in (0.99, 1.01):
        near = data.assign(x=dose / (ed50 * factor + dose))
        other = metaregression.fit(near, formula="~ x", levels=["study"], method="ML")
        assert other.loglik < fit.loglik


def test_emax_says_when_the_data_do_not_bend():
    dose = np.tile([1.0, 2.0, 3.0, 4.0], 10)
    study = np.repeat(np.arange(10), 4)
    random = np.random.default_rng(2)
    yi = 0.1 * dose**2 + random.normal(0, 0.1, 40)
    data = pd.DataFrame({"study": study, "dose": dose, "yi": yi, "vi": 0.01})
    with pytest.warns(metaregression.ConvergenceWarning, match="ED50"):
        fit = metaregression.fit(data, formula="~ emax(dose)", levels=["study"])
    assert not fit.converged


def test_leaving_a_study_out_is_a_fit_without_it():
    data = table("volume_size_effects")
    fit = volume_fit()
    found = fit.leave_one_out()
    study = data["study"].iloc[40]
    again = metaregression.fit(
        data[data["study"] != study], formula="~ weekly_sets", levels=["study", "es_id"]
    )
    row = found.loc[study]
    np.testing.assert_allclose(row["estimate"], again.coefficients["estimate"], rtol=1e-8)
    np.testing.assert_allclose(row["se"], again.coefficients["se"], rtol=1e-8)
    np.testing.assert_allclose(row["sigma2"], again.sigma2, rtol=1e-7)


@pytest.mark.parametrize("options", [{}, {"rho": 0.6, "rho_within": "arm"}], ids=["plain", "rho"])
def test_bootstrap_repeats_with_its_seed_and_centres_on_the_fit(options):
    fit = volume_fit(**options)
    one, two = fit.bootstrap(60, seed=4), fit.bootstrap(60, seed=4)
    pd.testing.assert_frame_equal(one, two)
    assert not one.equals(fit.bootstrap(60, seed=5))
    slopes = one[("estimate", "weekly_sets")]
    error = fit.robust().loc["weekly_sets", "se"]
    assert abs(slopes.mean() - fit.coefficients.loc["weekly_sets", "estimate"]) < error
    assert 0.4 * error < slopes.std() < 2.5 * error


def test_containment_gives_a_study_level_moderator_the_studies_as_its_sample():
    data = simulated()
    data["age"] = 20 + data["study"] % 5
    fit = metaregression.fit(data, formula="~ dose + age", levels=["study", "es"])
    studies = data["study"].nunique()
    assert fit.degrees_of_freedom.tolist() == [studies - 3, len(data) - 3, studies - 3]
    sloped = metaregression.fit(
        data, formula="~ dose + age", levels=["study", "es"], slopes={"study": "dose"}
    )
    assert sloped.degrees_of_freedom.tolist() == [studies - 3] * 3


def test_few_degrees_of_freedom_are_said_beside_the_number():
    data = simulated(studies=4, k=16)
    found = metaregression.fit(data, formula="~ dose", levels=["study", "es"]).robust()
    low = found["df"] < 4
    assert low.any()
    assert (found["note"] != "").equals(low)


def test_a_study_that_alone_carries_a_category_does_not_break_the_robust_error():
    data = simulated()
    data["special"] = (data["study"] == 3).astype(float)
    fit = metaregression.fit(data, formula="~ special + dose", levels=["study", "es"])
    found = fit.robust("CR2")
    assert np.isfinite(found[["se", "df"]].loc[["Intercept", "dose"]].to_numpy(float)).all()


def test_a_model_without_moderators_predicts_without_arguments():
    found = metaregression.fit(table("bcg"), levels=["trial"]).predict()
    assert len(found) == 1
    assert found.loc[0, "pi_low"] < found.loc[0, "ci_low"]


def test_categories_are_coded_by_the_fit_and_unknown_ones_refused():
    data = table("bcg")
    data["alloc"] = np.where(data["ablat"] > 30, "north", "south")
    fit = metaregression.fit(data, formula="~ alloc", levels=["trial"])
    found = fit.predict({"alloc": ["south", "north"]})["estimate"]
    assert found[0] - found[1] == pytest.approx(fit.coefficients["estimate"].iloc[1], rel=1e-9)
    with pytest.raises(ValueError, match="east"):
        fit.predict({"alloc": "east"})
