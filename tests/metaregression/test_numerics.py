"""How the meta-regression engine computes: search, memory and intervals from first principles."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import minimize
from scipy.stats import chi2, t

from repdose import metaregression
from repdose.metaregression.heterogeneity import sampling_solve
from repdose.metaregression.marginal import root_nodes
from repdose.metaregression.optimum import minima, minimum


def arms(seed, studies=12, slope_sd=0.02, spread=(0.01, 0.05)):
    random = np.random.default_rng(seed)
    study = np.repeat(np.arange(studies), random.integers(2, 7, studies))
    k = len(study)
    dose = random.uniform(1, 30, k)
    vi = random.uniform(*spread, k)
    slope = 0.01 + random.normal(0, slope_sd, studies)[study]
    yi = 0.2 + random.normal(0, 0.2, studies)[study] + slope * dose
    yi += random.normal(0, 0.1, k) + random.normal(0, np.sqrt(vi))
    return pd.DataFrame({"study": study, "es": range(k), "dose": dose, "yi": yi, "vi": vi})


def two_wells(points):
    """x^4 - x^2 + y^2: a saddle at 0, the lowest points at x = ±√½."""
    x, y = points.T
    return x**4 - x**2 + y**2, np.column_stack([4 * x**3 - 2 * x, 2 * y])


def test_the_search_leaves_a_saddle_it_starts_on():
    found = minimum(two_wells, np.array([0.0, 1.0]), 100)
    assert found.converged
    assert abs(found.point[0]) == pytest.approx(np.sqrt(0.5), rel=1e-9)
    assert found.point[1] == pytest.approx(0, abs=1e-9)


def test_searches_side_by_side_end_where_each_ends_alone():
    starts = [np.array(start) for start in ([0.0, 1.0], [0.3, -2.0], [-4.0, 0.1], [1e-5, 0.0])]
    together = minima(two_wells, starts, 100)
    for start, found in zip(starts, together, strict=True):
        alone = minimum(two_wells, start, 100)
        assert found.converged
        assert found.iterations == alone.iterations
        np.testing.assert_array_equal(found.point, alone.point)
    # the second derivatives at the lowest points are 12 x^2 - 2 = 4 and 2
    for found in together:
        np.testing.assert_allclose(found.curvature, np.diag([4, 2]), atol=1e-4)


@pytest.mark.parametrize("wrong", [0.1, 1.0, 30.0])
def test_a_curvature_that_is_taken_over_saves_steps_and_moves_no_end(wrong):
    calls = []

    def quartic(points):
        calls.append(len(points))
        x, y = points.T
        return (x - 1) ** 2 + x * y + y**2 + x**4, np.column_stack(
            [2 * (x - 1) + y + 4 * x**3, x + 2 * y]
        )

    cold = minimum(quartic, np.array([0.4, -0.3]), 100)
    asked = sum(calls)
    calls.clear()
    warm = minimum(quartic, cold.point + 0.01, 100, cold.curvature)
    assert warm.converged
    assert sum(calls) < asked
    np.testing.assert_allclose(warm.point, cold.point, atol=1e-9)
    # one that is far off is mended, or asked for anew
    far = minimum(quartic, np.array([0.4, -0.3]), 100, wrong * np.eye(2))
    assert far.converged
    np.testing.assert_allclose(far.point, cold.point, atol=1e-9)


def test_curvature_is_exact():
    asked = []

    def function(points):
        asked.append(points)
        x, y = points.T
        return np.exp(x) * y + y**3, np.column_stack([np.exp(x) * y, np.exp(x) + 3 * y**2])

    found = minimum(function, np.array([0.3, -0.7]), 0)  # no step: only what is known at the start
    expected = [[np.exp(0.3) * -0.7, np.exp(0.3)], [np.exp(0.3), 6 * -0.7]]
    np.testing.assert_allclose(found.curvature, expected, rtol=1e-14)
    assert [points.dtype.kind for points in asked] == ["f", "c"]


@pytest.mark.parametrize("seed", range(40))
def test_random_slopes_converge_to_a_point_without_a_better_neighbour(seed):
    data = arms(seed, studies=8, slope_sd=0.02 if seed % 2 else 0.001)
    arguments = {"formula": "~ dose", "levels": ["study", "es"]}
    fit = metaregression.fit(data, slopes={"study": "dose"}, **arguments)
    assert fit.converged
    # a model inside this one cannot be more likely
    assert fit.loglik >= metaregression.fit(data, **arguments).loglik - 1e-8
    smallest = np.linalg.eigvalsh(fit.random_effects["study"].to_numpy())[0]
    assert smallest > -1e-12


def test_variances_far_above_the_sampling_variances_still_converge():
    data = arms(3)
    data["yi"] *= 1e4
    fit = metaregression.fit(data, formula="~ dose", levels=["study", "es"])
    assert fit.converged
    unweighted = data.assign(vi=1e-12)
    again = metaregression.fit(unweighted, formula="~ dose", levels=["study", "es"])
    assert again.converged
    np.testing.assert_allclose(fit.sigma2, again.sigma2, rtol=1e-4)


def test_ten_thousand_effects_fit_in_little_memory():
    random = np.random.default_rng(1)
    k = 10_000
    study = np.repeat(np.arange(k // 5), 5)
    data = pd.DataFrame({"study": study, "es": range(k), "dose": random.uniform(1, 30, k)})
    data["vi"] = random.uniform(0.01, 0.1, k)
    data["yi"] = random.normal(0, 0.3, k // 5)[study] + random.normal(0, np.sqrt(data["vi"]))
    metaregression.fit(data.iloc[:500], formula="~ dose", levels=["study", "es"]).robust()
    tracemalloc.start()
    try:
        metaregression.fit(data, formula="~ dose", levels=["study", "es"]).robust("CR2")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 50e6  # one k x k matrix would be 800 MB


def test_profile_limits_of_a_random_slope_agree_with_dense_maximisation():
    data = arms(11, studies=10, slope_sd=0.03)
    options = {"formula": "~ dose", "levels": ["study"], "slopes": {"study": "dose"}}
    fit = metaregression.fit(data, **options)
    found = fit.variance_intervals()
    assert list(found.index) == [("study", "Intercept"), ("study", "dose")]
    x = np.column_stack([np.ones(len(data)), data["dose"]])
    same = data["study"].to_numpy()[:, None] == data["study"].to_numpy()
    y, v = data["yi"].to_numpy(), data["vi"].to_numpy()

    def loglik(g):
        sigma = np.diag(v) + same * (x @ g @ x.T)
        inverse = np.linalg.inv(sigma)
        a = x.T @ inverse @ x
        residual = y - x @ np.linalg.solve(a, x.T @ inverse @ y)
        minus2 = np.linalg.slogdet(sigma)[1] + np.linalg.slogdet(a)[1]
        minus2 += residual @ inverse @ residual - np.linalg.slogdet(x.T @ x)[1]
        return -(minus2 + (len(y) - 2) * np.log(2 * np.pi)) / 2

    assert fit.loglik == pytest.approx(loglik(fit.random_effects["study"].to_numpy()), rel=1e-10)
    for limit in found.loc[("study", "dose"), ["ci_low", "ci_high"]]:

        def rest(free, slope_sd):
            sd, r = free[0], np.tanh(free[1])
            g = np.array([[sd**2, r * sd * slope_sd], [r * sd * slope_sd, slope_sd**2]])
            return -loglik(g)

        options = {"method": "Nelder-Mead", "options": {"fatol": 1e-10}}
        starts = [(0.3, -1.0), (0.3, 0.5)]
        best = -min(minimize(rest, at, args=(np.sqrt(limit),), **options).fun for at in starts)
        assert 2 * (fit.loglik - best) == pytest.approx(chi2.ppf(0.95, 1), abs=1e-4)


def test_sampling_correlation_is_inverted_without_a_matrix():
    data = arms(4)
    fit = metaregression.fit(data, levels=["study", "es"], rho=0.6)
    codes = fit.problem.rho_codes
    v = data["vi"].to_numpy()
    dense = 0.6 * np.sqrt(np.outer(v, v)) * (codes[:, None] == codes)
    np.fill_diagonal(dense, v)
    columns = np.column_stack([data["yi"], data["dose"]])
    expected = np.linalg.solve(dense, columns)
    np.testing.assert_allclose(sampling_solve(fit.problem, columns), expected, rtol=1e-9)
    x = np.ones((len(v), 1))
    inverse = np.linalg.inv(dense)
    p = inverse - inverse @ x @ x.T @ inverse / (x.T @ inverse @ x)
    q = data["yi"] @ p @ data["yi"]
    assert fit.heterogeneity["q"] == pytest.approx(q, rel=1e-9)
    typical = (len(v) - 1) / np.trace(p)
    share = fit.sigma2 / (fit.sigma2.sum() + typical)
    np.testing.assert_allclose(fit.i2[["study", "es"]], share, rtol=1e-9)


def test_prediction_interval_of_equal_variances_is_the_closed_form():
    random = np.random.default_rng(6)
    data = pd.DataFrame({"study": range(12), "yi": random.normal(0.4, 0.5, 12), "vi": 0.05})
    found = metaregression.fit(data, levels=["study"]).predict().loc[0]
    variance = data["yi"].var()
    tau2 = variance - 0.05
    half = t.ppf(0.975, 11) * np.sqrt(variance / 12 + tau2)
    assert found["pi_high"] == pytest.approx(data["yi"].mean() + half, rel=1e-10)
    assert found["ci_high"] == pytest.approx(
        data["yi"].mean() + t.ppf(0.975, 11) * np.sqrt(variance / 12), rel=1e-10
    )


def test_a_table_is_the_same_when_columns_have_nullable_types():
    data = arms(2)
    one = metaregression.fit(data, formula="~ dose", levels=["study", "es"])
    other = metaregression.fit(data.convert_dtypes(), formula="~ dose", levels=["study", "es"])
    pd.testing.assert_frame_equal(one.coefficients, other.coefficients)


@pytest.mark.parametrize("condition", [2.0, 1e4, 1e8, 1e14])
def test_the_quadrature_gives_the_inverse_root_over_its_whole_range(condition):
    nodes, weights = root_nodes(3.0, 3.0 * condition)
    at = np.geomspace(3.0, 3.0 * condition, 50)
    found = (weights / (at[:, None] + nodes**2)).sum(axis=1)
    np.testing.assert_allclose(found * np.sqrt(at), 1, rtol=1e-10)


def test_one_study_with_most_effects_needs_no_matrix_of_its_size():
    random = np.random.default_rng(2)
    study = np.repeat([0, 1, 2, 3], [4000, 30, 20, 10])
    k = len(study)
    data = pd.DataFrame({"study": study, "es": range(k), "vi": random.uniform(0.01, 0.1, k)})
    data["yi"] = random.normal(0, 0.3, 4)[study] + random.normal(0, np.sqrt(data["vi"]))
    fit = metaregression.fit(data, levels=["study", "es"])
    tracemalloc.start()
    try:
        found = fit.robust("CR2")
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20e6  # a matrix of the large study would be 128 MB
    assert 1 < found["df"].iloc[0] < 4


def test_a_flat_direction_is_no_saddle():
    """Its curvature is zero, which is neither up nor down: the lowest point is at x = 1."""

    def function(points):
        x, y = points.T
        return (x - 1) ** 2, np.column_stack([2 * (x - 1), 0 * y])

    found = minimum(function, np.array([0.0, 3.0]), 20)
    assert found.converged
    assert found.point == pytest.approx([1, 3], abs=1e-9)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_saddle_is_left_on_the_side_that_falls(side):
    """The nearer of the two lowest points is found."""
    found = minimum(two_wells, np.array([side * 1e-5, 0.0]), 100)
    assert found.converged
    assert found.point[0] == pytest.approx(side * np.sqrt(0.5), rel=1e-9)
