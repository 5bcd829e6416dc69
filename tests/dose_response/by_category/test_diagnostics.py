"""Fit, heterogeneity and turning points against plain algebra on the same numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from repdose.dose_response.by_category import diagnostics, grouped, leave_one_out, turning


def table(seed=1, k=6, m=4):
    random = np.random.default_rng(seed)
    rows = []
    for study in range(k):
        dose = np.sort(random.uniform(5, 200, m))
        effect = -0.006 * dose + 3e-5 * dose**2 + random.normal(0, 0.1, m)
        rows.append(
            pd.DataFrame(
                {
                    "study": f"s{study}",
                    "design": "incidence-rate",
                    "dose": [0.0, *dose],
                    "n": random.uniform(500, 5000, m + 1),
                    "log_rr": [0.0, *effect],
                    "se": [np.nan, *random.uniform(0.05, 0.2, m)],
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="module")
def fit():
    return grouped(table(), shape="quadratic")


@pytest.fixture(scope="module")
def parts(fit):
    """Columns, ratios and covariance of each study, by the dose itself."""
    return [
        (
            np.column_stack([study.dose[1:], study.dose[1:] ** 2]),
            study.log_ratio[1:],
            study.covariance,
        )
        for study in fit.studies
    ]


def gls(x, y, s):
    inner = np.linalg.inv(x.T @ np.linalg.solve(s, x))
    return inner @ x.T @ np.linalg.solve(s, y), inner


def common(parts):
    total = sum(x.T @ np.linalg.solve(s, x) for x, _, s in parts)
    return np.linalg.solve(total, sum(x.T @ np.linalg.solve(s, y) for x, y, s in parts))


def test_q_and_i2_are_those_of_the_studies_own_curves(fit, parts):
    b = common(parts)
    q = 0.0
    for part in parts:
        own, inner = gls(*part)
        q += (own - b) @ np.linalg.solve(inner, own - b)
    df = (len(parts) - 1) * 2
    found = fit.heterogeneity_test()
    assert found["q"] == pytest.approx(q, rel=1e-8)
    assert found["df"] == df
    assert found["p"] == pytest.approx(stats.chi2.sf(q, df), rel=1e-8)
    assert found["i2"] == pytest.approx(max(0, 1 - df / q), rel=1e-8)


def test_each_study_has_its_own_curve(fit, parts):
    own = fit.by_study()
    assert list(own.index) == [f"s{i}" for i in range(6)]
    for name, part in zip(own.index, parts, strict=True):
        assert own.loc[name].to_numpy() == pytest.approx(gls(*part)[0], rel=1e-7)


def test_a_study_with_one_ratio_has_no_quadratic_of_its_own():
    data = table()
    short = data[(data["study"] != "s0") | (data.groupby("study").cumcount() < 2)]
    fit = grouped(short, shape="quadratic")
    assert list(fit.by_study().index) == [f"s{i}" for i in range(1, 6)]
    assert diagnostics.ranks(fit.sums).tolist() == [1, 2, 2, 2, 2, 2]
    # the one direction it holds counts: 1 + 5 x 2 less the two of the common curve
    assert fit.heterogeneity_test()["df"] == 9


def test_goodness_is_written_out_and_residuals_add_up_to_the_deviance(fit, parts):
    b = common(parts)
    deviance = sum((y - x @ b) @ np.linalg.solve(s, y - x @ b) for x, y, s in parts)
    total = sum(y @ np.linalg.solve(s, y) for _, y, s in parts)
    found = fit.goodness()
    assert found["deviance"] == pytest.approx(deviance, rel=1e-8)
    assert found["df"] == 24 - 2
    assert found["p"] == pytest.approx(stats.chi2.sf(deviance, 22), rel=1e-8)
    assert found["r2"] == pytest.approx(1 - deviance / total, rel=1e-8)
    assert found["r2_adjusted"] == pytest.approx(1 - 24 / 22 * deviance / total, rel=1e-8)
    assert (fit.categories()["residual"] ** 2).sum() == pytest.approx(deviance, rel=1e-8)


def test_the_share_between_studies_is_that_of_each_dose(fit):
    rows = fit.categories()
    psi = fit.estimate.psi
    for row in rows.itertuples():
        z = np.array([row.dose, row.dose**2])
        study = next(one for one in fit.studies if one.name == row.study)
        v = study.variance[list(study.dose).index(row.dose)]
        assert row.vpc == pytest.approx(z @ psi @ z / (z @ psi @ z + v), rel=1e-8)


def test_tests_of_the_curve_and_of_its_bend(fit):
    b, v = fit.estimate.coefficients, fit.estimate.covariance
    both = fit.test()
    assert both["chi2"] == pytest.approx(b @ np.linalg.solve(v, b), rel=1e-8)
    assert both["p_f"] == pytest.approx(stats.f.sf(both["chi2"] / 2, 2, 4), rel=1e-8)
    bend = fit.nonlinearity()
    assert bend["chi2"] == pytest.approx(b[1] ** 2 / v[1, 1], rel=1e-8)
    assert bend["p"] == pytest.approx(stats.chi2.sf(bend["chi2"], 1), rel=1e-8)
    with pytest.raises(ValueError, match="does not hold a line and a departure"):
        grouped(table(), shape="linear").nonlinearity()


def test_intervals_by_t_z_and_cr2_say_their_degrees_of_freedom(fit):
    t, z = fit.inference(kind="t"), fit.inference(kind="z")
    assert t["df"].tolist() == [4, 4]  # six studies, two coefficients
    assert np.isinf(z["df"]).all()
    half = (t["ci_high"] - t["ci_low"]) / 2
    assert half.to_numpy() == pytest.approx((stats.t.ppf(0.975, 4) * t["se"]).to_numpy())
    assert (fit.inference(kind="CR2")["df"] < 5).all()
    assert "intervals by t with 4 degrees of freedom" in repr(fit)


def test_a_prediction_adds_the_spread_between_studies(fit):
    row = fit.curve(60).iloc[0]
    d = np.array([60, 3600.0])
    sd = np.sqrt(d @ (fit.estimate.covariance + fit.estimate.psi) @ d)
    half = stats.t.ppf(0.975, 4) * sd
    assert np.log(row["pi_high"]) - row["log_rr"] == pytest.approx(half, rel=1e-8)
    there = fit.curve(0).iloc[0]
    assert there[["rr", "ci_low", "ci_high", "pi_low", "pi_high"]].tolist() == [1] * 5


def test_leaving_one_out_is_the_fit_of_the_others():
    data = table()
    left = leave_one_out(grouped(data, shape="quadratic"))["s2"]
    others = grouped(data[data["study"] != "s2"], shape="quadratic")
    assert left.estimate.coefficients == pytest.approx(others.estimate.coefficients, rel=1e-9)


def test_crossings_of_a_parabola():
    """x² - 4 x + 3 is 0 at 1 and 3."""
    assert turning.crossings(lambda x: x**2 - 4 * x + 3, 0, 5.1) == pytest.approx([1, 3])
    assert turning.crossings(lambda x: x**2 + 1, 0, 5) == []


def test_the_lowest_point_of_a_parabola_and_of_a_line():
    """(x - 1.7)² is lowest at 1.7; a falling line at its end, a rising one at its start."""
    place, at_end = turning.lowest(lambda x: (x - 1.7) ** 2, 0, 5.1)
    assert (place, at_end) == (pytest.approx(1.7, abs=1e-6), False)
    assert turning.lowest(lambda x: -x, 0, 5) == (5, True)
    assert turning.lowest(lambda x: x, 0, 5) == (0, True)


def test_the_upper_limit_crosses_one_a_little_before_the_curve_does():
    """Without error, -0.006 x + 3e-5 x² is 0 again at 200."""
    x = np.array([0, 40, 90, 180, 250.0])
    data = pd.concat(
        pd.DataFrame(
            {"study": s, "dose": x, "log_rr": -0.006 * x + 3e-5 * x**2, "se": [np.nan] + [0.01] * 4}
        )
        for s in "abc"
    )
    fit = grouped(data, shape="quadratic", method="fixed", covariance="independent")
    (at,) = fit.crossings(kind="z")
    d = np.array([at, at**2])
    se = np.sqrt(d @ fit.estimate.covariance @ d)
    assert -0.006 * at + 3e-5 * at**2 + 1.959964 * se == pytest.approx(0, abs=1e-8)
    assert 190 < at < 200


def test_lowest_points_of_a_parabola_have_fiellers_quantiles():
    """-b1/(2 b2) < q where b1 + 2 q b2 > 0: each quantile solves a quadratic."""
    doses = np.linspace(0, 400, turning.GRID)
    contrasts = np.column_stack([doses, doses**2])
    b, v = np.array([-0.006, 3e-5]), np.array([[1e-7, -3e-10], [-3e-10, 2e-12]])
    for df in (np.inf, 5.0):
        places = turning.lowest_of_many(contrasts, b, v, np.array([100, 1e4]), df=df, count=16_384)
        for share in (0.025, 0.25, 0.5, 0.9):
            t = stats.t.ppf(share, df) if np.isfinite(df) else stats.norm.ppf(share)
            ends = np.roots(
                [
                    4 * (b[1] ** 2 - t**2 * v[1, 1]),
                    4 * (b[0] * b[1] - t**2 * v[0, 1]),
                    b[0] ** 2 - t**2 * v[0, 0],
                ]
            )
            exact = ends.min() if share < 0.5 else ends.max()
            assert np.quantile(doses[places], share) == pytest.approx(exact, abs=0.8)
