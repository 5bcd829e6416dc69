"""Grouped dose-response: against print, reference fits, plain algebra and other units."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.optimize import minimize

from repdose import metaregression
from repdose.dose_response.by_category import category_doses, grouped, leave_one_out
from repdose.dose_response.by_category.shapes import shape_of

PUBLISHED = Path(__file__).parents[2] / "published"
# Kamada 2017 table 2 and Patel 2020 table 3 (all causes): strength training, minutes a week.
STRENGTH = pd.DataFrame(
    {
        "study": ["kamada2017"] * 5 + ["patel2020"] * 4,
        "design": "incidence-rate",
        "dose": [0, 10, 39.5, 104.5, 195, 0, 30, 90, 150],
        "cases": [2599, 130, 107, 133, 86, 15671, 852, 829, 682],
        "n": [271749, 20224, 19319, 23035, 12515, 706525, 55001, 55322, 42355],
        "rr": [1, 0.73, 0.71, 0.81, 1.10, 1, 0.88, 0.90, 1.01],
        "ci_low": [np.nan, 0.65, 0.62, 0.67, 0.77, np.nan, 0.82, 0.84, 0.93],
        "ci_high": [np.nan, 0.82, 0.82, 0.97, 1.56, np.nan, 0.94, 0.97, 1.09],
    }
)


# Kept to the digits that two other programs of grouped dose-response printed; their restricted
# log-likelihood has no ½ log|ΣX'X| term.
REFERENCE = [
    ("linear", "REML", [-0.000883928], None),
    ("linear", "ML", [-0.000532478], None),
    ("quadratic", "REML", [-0.00631822, 3.96732e-5], -18.11742),
    ("rcs(3)", "REML", [-0.0065116, 0.0154686], -10.32650),
]


@pytest.mark.parametrize(("shape", "method", "coefficients", "loglik"), REFERENCE)
def test_reference_fits_are_reproduced(shape, method, coefficients, loglik):
    fit = grouped(STRENGTH, shape=shape, method=method)
    assert fit.coefficients["estimate"].to_numpy() == pytest.approx(
        coefficients, abs=1e-6, rel=1e-5
    )
    if loglik is not None:
        design = np.concatenate(fit._designs)
        constant = np.linalg.slogdet(design.T @ design)[1] / 2
        assert fit.loglik - constant == pytest.approx(loglik, abs=1e-5)


MOORE = pd.read_csv(PUBLISHED / "moore2012.csv")
PINNED = json.loads((PUBLISHED / "metafor_grouped.json").read_text("utf-8"))


def moore():
    """Table 4 of Moore 2012: six cohorts, MET-hours a week; no counts by category are printed."""
    return MOORE.rename(columns={"cohort": "study", "hr": "rr"})


@pytest.mark.parametrize("case", PINNED["fits"], ids=lambda case: case["name"])
def test_fits_agree_with_metafor(case):
    table, covariance = {
        "strength": (STRENGTH, "greenland1992"),
        "moore": (moore(), "independent"),
    }[case["table"]]
    fit = grouped(table, shape=case["shape"], method=case["method"], covariance=covariance)
    assert fit.estimate.coefficients == pytest.approx(case["beta"], rel=1e-6)
    assert np.sqrt(np.diag(fit.estimate.covariance)) == pytest.approx(case["se"], rel=1e-6)
    assert fit.estimate.psi == pytest.approx(np.array(case["psi"]), rel=1e-4, abs=1e-12)
    assert fit.loglik == pytest.approx(case["loglik"], abs=1e-8)


POOLED = {
    "0.1-3.74": (0.78, 0.73, 0.83, 64.6),
    "3.75-7.4": (0.66, 0.59, 0.75, 86.7),
    "7.5-14.9": (0.60, 0.53, 0.67, 92.6),
    "15.0-22.4": (0.59, 0.51, 0.68, 92.1),
    "22.5+": (0.57, 0.48, 0.68, 95.8),
}


@pytest.mark.parametrize("category", POOLED)
def test_the_pooled_row_of_moore_table_4_follows_from_its_cohorts(category):
    rows = MOORE[MOORE["category"] == category]
    width = np.log(rows["ci_high"] / rows["ci_low"]) / (2 * 1.959964)
    cohorts = rows.assign(yi=np.log(rows["hr"]), vi=width**2)
    fit = metaregression.fit(
        cohorts, effect="yi", variance="vi", levels=["cohort"], formula="~ 1", method="DL", test="z"
    )
    mean = fit.coefficients.iloc[0]
    ratio, low, high, i2 = POOLED[category]
    printed = np.exp(mean[["estimate", "ci_low", "ci_high"]].to_numpy(dtype=float)).round(2)
    assert printed.tolist() == [ratio, low, high]
    q = fit.heterogeneity
    assert round(100 * (q["q"] - q["df"]) / q["q"], 1) == i2


def test_the_quadratic_at_two_doses():
    curve = grouped(STRENGTH, shape="quadratic").curve([60, 150], kind="z").round(2)
    assert curve[["rr", "ci_low", "ci_high"]].to_numpy().tolist() == [
        [0.79, 0.64, 0.98],
        [0.95, 0.79, 1.13],
    ]
    at_60 = grouped(STRENGTH, shape="quadratic").curve(60).iloc[0]
    assert at_60["log_rr"] == pytest.approx(-0.23627, abs=5e-6)
    assert at_60["se"] == pytest.approx(0.1085, abs=5e-5)
    further = (np.log(at_60["pi_high"]) - np.log(at_60["pi_low"])) / (2 * 1.959964)
    assert further == pytest.approx(0.1817, abs=5e-5)


def test_the_deviance_of_the_all_cause_table():
    assert grouped(STRENGTH, shape="quadratic").goodness()["deviance"] == pytest.approx(
        31.5528, abs=5e-5
    )


def simulated(seed, k=None, p=2):
    """Studies with 2 to 5 ratios on a quadratic that differs between them."""
    random = np.random.default_rng(seed)
    k = k or int(random.integers(3, 12))
    rows = []
    for study in range(k):
        m = int(random.integers(p, 6))
        dose = np.sort(random.uniform(5, 200, m))
        slope = random.normal([-0.006, 3e-5], [0.004, 2e-5])
        error = random.uniform(0.05, 0.2, m)
        effect = slope[0] * dose + slope[1] * dose**2 + random.normal(0, error)
        total = random.uniform(500, 5000, m + 1)
        rows.append(
            pd.DataFrame(
                {
                    "study": f"s{study}",
                    "design": "incidence-rate",
                    "dose": [0.0, *dose],
                    "n": total,
                    "log_rr": [0.0, *effect],
                    "se": [np.nan, *error],
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def dense_loglik(fit, psi, restricted):
    """The likelihood written with whole matrices, and the coefficients that maximise it."""
    information = score = 0.0
    value = 0.0
    parts = []
    for study, x in zip(fit.studies, fit._designs, strict=True):
        sigma = study.covariance + x @ psi @ x.T
        y = study.log_ratio[study.others]
        parts.append((x, y, sigma))
        information = information + x.T @ np.linalg.solve(sigma, x)
        score = score + x.T @ np.linalg.solve(sigma, y)
    b = np.linalg.solve(information, score)
    rows, design = 0, 0.0
    for x, y, sigma in parts:
        e = y - x @ b
        value += np.linalg.slogdet(sigma)[1] + e @ np.linalg.solve(sigma, e)
        rows += len(y)
        design = design + x.T @ x
    if restricted:
        value += np.linalg.slogdet(information)[1] - np.linalg.slogdet(design)[1]
        rows -= len(b)
    return -(value + rows * np.log(2 * np.pi)) / 2, b


@pytest.mark.parametrize("method", ["REML", "ML"])
@pytest.mark.parametrize("seed", range(5))
def test_block_sums_are_the_whole_likelihood(seed, method):
    fit = grouped(simulated(seed), shape="quadratic", method=method)
    loglik, b = dense_loglik(fit, fit.estimate.psi, method == "REML")
    assert fit.loglik == pytest.approx(loglik, abs=1e-8)
    assert fit.estimate.coefficients == pytest.approx(b, rel=1e-7)


def no_higher(seed, method="REML"):
    """The highest likelihood another optimiser finds, less that of the fit returned."""
    fit = grouped(simulated(seed), shape="quadratic", method=method)
    scale = fit.sums.scale
    random = np.random.default_rng(seed + 10_000)
    best = -np.inf
    for _ in range(4):
        start = random.normal(0, 1, 3) * 10.0 ** random.uniform(-3, 0)

        def minus(theta):
            lower = np.array([[theta[0], 0], [theta[1], theta[2]]]) / scale[:, None]
            return -dense_loglik(fit, lower @ lower.T, method == "REML")[0]

        best = max(best, -minimize(minus, start, method="Nelder-Mead").fun)
    return best - fit.loglik


@pytest.mark.parametrize("seed", range(10))
def test_no_start_finds_a_higher_likelihood(seed):
    assert no_higher(seed) < 1e-6


@pytest.mark.slow
def test_no_start_finds_a_higher_likelihood_on_200_tables():
    worst = max(no_higher(seed) for seed in range(200))
    assert worst < 1e-6


@pytest.mark.parametrize("shape", ["linear", "quadratic", "rcs(3)", "fp(0, 0.5)", "piecewise(60)"])
@pytest.mark.parametrize("factor", [1 / 60, 1000.0])
def test_the_unit_of_the_dose_does_not_move_the_curve(shape, factor):
    table = simulated(3, k=8)
    other = table.assign(dose=table["dose"] * factor)
    there = shape.replace("60", repr(60 * factor))
    one = grouped(table, shape=shape)
    two = grouped(other, shape=there)
    columns = ["log_rr", "se", "ci_low", "ci_high", "pi_low", "pi_high"]
    doses = np.array([20.0, 60, 150])
    assert two.curve(doses * factor)[columns].to_numpy() == pytest.approx(
        one.curve(doses)[columns].to_numpy(), rel=1e-8, abs=1e-8
    )
    assert two.loglik == pytest.approx(one.loglik, abs=1e-8)


def test_the_reference_may_stand_in_any_row():
    table = simulated(4, k=6)
    turned = pd.concat([rows.iloc[::-1] for _, rows in table.groupby("study", sort=False)])
    one, two = grouped(table, shape="quadratic"), grouped(turned, shape="quadratic")
    assert two.curve([30, 90])["rr"].tolist() == pytest.approx(one.curve([30, 90])["rr"].tolist())


def two_stage(fit):
    """Each study's own curve first, then a multivariate mean: written out, with another search."""
    own, within = [], []
    for study, x in zip(fit.studies, fit._designs, strict=True):
        inner = np.linalg.inv(x.T @ np.linalg.solve(study.covariance, x))
        own.append(inner @ x.T @ np.linalg.solve(study.covariance, study.log_ratio[study.others]))
        within.append(inner)
    scale = fit.sums.scale
    own = np.array(own) * scale
    within = np.array(within) * np.outer(scale, scale)

    def mean(theta):
        lower = np.array([[theta[0], 0], [theta[1], theta[2]]])
        weights = np.linalg.inv(within + lower @ lower.T)
        total = weights.sum(axis=0)
        b = np.linalg.solve(total, np.einsum("iab,ib->a", weights, own))
        e = own - b
        minus = -np.linalg.slogdet(weights)[1].sum() + np.einsum("ia,iab,ib->", e, weights, e)
        return minus + np.linalg.slogdet(total)[1], b

    ends = []
    for start in (0.05, 0.5):
        theta = np.array([start, 0, start])
        for _ in range(2):  # a simplex that has shrunk too early is set up anew
            found = minimize(
                lambda theta: mean(theta)[0],
                theta,
                method="Nelder-Mead",
                options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 2000},
            )
            theta = found.x
        ends.append(found)
    return mean(min(ends, key=lambda end: end.fun).x)[1] / scale


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_two_stages_equal_one_where_every_study_has_enough_ratios(seed):
    table = simulated(seed, k=7)
    one = grouped(table, shape="quadratic")
    two = grouped(table, shape="quadratic", stages=2)
    assert two.estimate.coefficients == pytest.approx(two_stage(one), rel=1e-6)
    assert two.estimate.coefficients == pytest.approx(one.estimate.coefficients, rel=1e-6)
    assert two.estimate.psi == pytest.approx(one.estimate.psi, rel=1e-4, abs=1e-12)


def test_the_likelihood_of_two_stages_is_that_of_the_studies_coefficients():
    """Written out with one coefficient: b_i ~ N(b, V_i + psi)."""
    two = grouped(simulated(1, k=7), shape="linear", method="ML", stages=2)
    own = two.by_study()["dose"].to_numpy()
    within = np.array(
        [
            1 / (x[:, 0] @ np.linalg.solve(study.covariance, x[:, 0]))
            for study, x in zip(two.studies, two._designs, strict=True)
        ]
    )
    b, spread = two.estimate.coefficients[0], np.sqrt(within + two.estimate.psi[0, 0])
    # of the scaled column: the density of a coefficient is per unit of it
    expected = stats.norm.logpdf(own, b, spread).sum() - 7 * np.log(two.sums.scale[0])
    assert two.loglik == pytest.approx(expected, abs=1e-8)


def test_two_stages_refuse_a_study_whose_doses_are_equal():
    table = simulated(2, k=6)
    table.loc[(table["study"] == "s1") & (table["dose"] > 0), "dose"] = 30.0
    with pytest.raises(ValueError, match="2 ratios at different doses .*fewer in s1: use stages=1"):
        grouped(table, shape="quadratic", stages=2)
    assert grouped(table, shape="quadratic").k == 6


def test_one_stage_keeps_a_study_with_fewer_ratios_than_coefficients():
    table = simulated(5, k=6)
    short = table[(table["study"] != "s0") | (table.groupby("study").cumcount() < 2)]
    assert grouped(short, shape="quadratic").k == 6
    with pytest.raises(ValueError, match="fewer in s0: use stages=1"):
        grouped(short, shape="quadratic", stages=2)


def test_leaving_a_study_out_keeps_the_knots():
    fit = grouped(simulated(6, k=6))
    others = leave_one_out(fit)
    assert list(others) == [f"s{i}" for i in range(6)]
    assert {other.shape.knots for other in others.values()} == {fit.shape.knots}
    assert {other.k for other in others.values()} == {5}


def test_the_nadir_of_a_known_curve():
    """Without error and heterogeneity, y = -0.006 x + 3e-5 x² is lowest at 100."""
    rows = []
    for study, doses in enumerate([[0, 40, 90, 180], [0, 60, 120, 200], [0, 30, 100, 150]]):
        x = np.array(doses, float)
        rows.append(
            pd.DataFrame(
                {
                    "study": f"s{study}",
                    "dose": x,
                    "log_rr": -0.006 * x + 3e-5 * x**2,
                    "se": [np.nan, 0.01, 0.01, 0.01],
                }
            )
        )
    table = pd.concat(rows)
    fit = grouped(table, shape="quadratic", method="fixed", covariance="independent")
    nadir = fit.nadir()
    assert nadir["dose"] == pytest.approx(100, abs=0.1)
    assert nadir["dose_low"] < 100 < nadir["dose_high"]
    assert nadir["rr"] == pytest.approx(np.exp(-0.3), rel=1e-9)
    assert not nadir["at_edge"]
    assert fit.nadir() == nadir
    down = grouped(table[table["dose"] <= 60], shape="linear", method="fixed",
                   covariance="independent")  # fmt: skip
    assert down.nadir()["at_edge"]


def test_the_risk_difference_is_the_baseline_times_the_ratio_less_one():
    fit = grouped(STRENGTH, shape="quadratic")
    there = fit.risk_difference(60, baseline=0.02, source="invented").iloc[0]
    assert there["difference"] == pytest.approx(0.02 * (np.exp(-0.23627) - 1), abs=1e-7)
    with pytest.raises(ValueError, match="source must say"):
        fit.risk_difference(60, baseline=0.02, source=" ")


def test_classes_get_their_dose_by_the_rule_named():
    classes = pd.DataFrame(
        {"study": "a", "dose_low": [0, 0, 60, 120], "dose_high": [0, 60, 120, np.nan]}
    )
    two = classes.iloc[:2].assign(dose_low=[0, 60], dose_high=[60, np.nan])
    assert category_doses(two)[0].tolist() == [30, 90]
    assert category_doses(classes)[0].tolist() == [0, 30, 90, 150]
    assert category_doses(classes, open_ended="1.2 x lower")[0].tolist() == [0, 30, 90, 144]
    known = classes.assign(dose_median=[np.nan, 20, np.nan, np.nan])
    dose, rule = category_doses(known)
    assert dose.tolist() == [0, 20, 90, 150]
    assert rule.tolist() == ["midpoint", "median", "midpoint", "open class: half-width"]


def broken(**cells):
    table = STRENGTH.copy()
    for column, (row, value) in cells.items():
        table[column] = table[column].astype(
            object if isinstance(value, str) else table[column].dtype
        )
        table.loc[row - 1, column] = value
    return table


@pytest.mark.parametrize(
    ("table", "says"),
    [
        (broken(rr=(2, 0.0)), "kamada2017, row 2, column rr: a ratio must be above.*; got rr 0.0"),
        (
            broken(rr=(2, 0.9)),
            "row 2, column ci_low: the interval must hold.*got rr 0.9, ci_low 0.65, ci_high 0.82",
        ),
        (broken(ci_low=(1, 0.9), ci_high=(1, 1.1)), "row 1, 2, 3, 4, 5, column rr: no reference"),
        (broken(ci_low=(2, np.nan), ci_high=(2, np.nan)), "row 2, column ci_low: a ratio needs"),
        (broken(rr=(2, 1.0), ci_low=(2, np.nan), ci_high=(2, np.nan)), "row 1, 2,.*two references"),
        (broken(n=(3, 0.0)), "row 3, column n: must be above 0"),
        (broken(dose=(3, -1.0)), "row 3, column dose: must be a number of 0 or more"),
        (broken(ci_low=(1, 0.9)), "row 1, column ci_low: the interval must hold.*both limits"),
        (broken(ci_low=(2, np.nan)), "row 2, column ci_low: the interval must hold.*both limits"),
        (broken(dose=(3, np.inf)), "row 3, column dose: must be a number of 0 or more"),
        (broken(rr=(3, np.inf)), "row 3, column rr: a ratio must be above 0"),
        (broken(ci_high=(3, np.inf)), "row 3, column ci_low: the interval must hold the ratio"),
        (STRENGTH.astype({"n": float}).replace({"n": {19319.0: np.inf}}), "row 3, column n: must"),
        (STRENGTH.assign(rr=True), "column rr must hold numbers; got True"),
        (STRENGTH.assign(se=[0.0] + [np.nan] * 8), "row 1, column ci_low.*a reference has neither"),
        (
            pd.concat([STRENGTH.assign(outcome="death"), STRENGTH.assign(outcome="cancer")]),
            r"(?s)row 1, 10, column rr: two references.*outcome holds death, cancer; take the rows",
        ),
        ([1], "data must be a DataFrame, one row a category; got list"),
        (STRENGTH.iloc[:0], "data has no row"),
        (STRENGTH.assign(study=[None] * 9), "column study is empty in row 1"),
        (STRENGTH.iloc[:6], "patel2020, row 6, column study: one row holds no ratio"),
        (STRENGTH.assign(design="cohort"), "column design: cohort; one of case-control"),
        (STRENGTH.drop(columns="design"), "column design must say which of"),
        (STRENGTH.drop(columns="rr"), "no column rr .or log_rr."),
        (STRENGTH.drop(columns="n"), 'needs n .and cases. in every row; give'),
        (STRENGTH.astype({"rr": str}), "column rr must hold numbers; got '1.0'"),
        (
            STRENGTH.assign(design="cumulative-incidence", cases=STRENGTH["n"] + 1),
            "column cases: more cases than subjects; got cases 271750, n 271749",
        ),
        (
            STRENGTH.assign(design="case-control", cases=STRENGTH["n"]),
            r"(?s)kamada2017, row 1, 2, 3, 4, 5, column cases and n: 346842 cases of 346842 "
            r"subjects in all.*above 0 and below 346842",
        ),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_refused(table, says):
    with pytest.raises(ValueError, match=says):
        grouped(table, shape="linear")


def test_every_fault_of_a_table_is_said_at_once():
    table = broken(rr=(2, 0.0), n=(7, -1.0))
    with pytest.raises(ValueError, match=r"(?s)kamada2017, row 2.*patel2020, row 7, column n"):
        grouped(table)


@pytest.mark.parametrize(
    ("shape", "doses", "says"),
    [
        (
            "rcs(3)",
            [0] * 9 + [30, 60, 90],
            "knots 0, 0, .* are not increasing; the doses are 0, 30, 60",
        ),
        ("rcs(3)", [0, 0, 0, 0, 0, 0, 60, 120], "take linear or quadratic"),
        ("quadratic", [0, 60, 0, 60], "2 coefficients and the doses 0, 60 tell 1 apart"),
        ("cubic", [0, 60, 120], "not known; write one of linear, quadratic"),
        ("rcs(9)", [0, 60, 120], "not known; write one of"),
        ("fp(7)", [0, 60, 120], "powers are -2, -1, -0.5, 0, 0.5, 1, 2, 3"),
    ],
)
def test_a_shape_that_the_doses_cannot_carry_is_refused(shape, doses, says):
    with pytest.raises(ValueError, match=says):
        shape_of(shape, np.array(doses, float), None, "quantiles")


def test_what_must_be_known_stands_with_the_fit():
    few = grouped(STRENGTH, shape="quadratic")
    assert "normal quantile and are too narrow" in repr(few)
    assert "on its boundary" in repr(few)
    with pytest.raises(ValueError, match="CR2 needs more studies than coefficients"):
        few.inference(kind="CR2")


def test_cluster_robust_errors_are_those_of_the_sandwich_written_out():
    """One coefficient: A_i = (Σ_i (Σ_i - x M x'))^{-1/2}-like inverse roots by dense algebra."""
    fit = grouped(simulated(8, k=9), shape="linear")
    bread = fit.estimate.covariance
    meat = 0.0
    for study, x in zip(fit.studies, fit._designs, strict=True):
        sigma = study.covariance + x @ fit.estimate.psi @ x.T
        lower = np.linalg.cholesky(sigma)
        inner = lower.T @ (sigma - x @ bread @ x.T) @ lower
        values, vectors = np.linalg.eigh(inner)
        adjust = lower @ vectors @ np.diag(values**-0.5) @ vectors.T @ lower.T
        e = study.log_ratio[study.others] - x @ fit.estimate.coefficients
        meat = meat + np.outer(
            x.T @ np.linalg.solve(sigma, adjust @ e), x.T @ np.linalg.solve(sigma, adjust @ e)
        )
    expected = np.sqrt(bread @ meat @ bread)[0, 0]
    assert fit.inference(kind="CR2")["se"].iloc[0] == pytest.approx(expected, rel=1e-8)


def test_a_further_study_is_no_surer_than_the_mean_curve():
    """One study alone reaches far: CR2 has 1.1 degrees of freedom there, t by studies 3."""
    random, rows = np.random.default_rng(0), []
    for study, doses in {"a": [30, 60], "b": [40, 80], "c": [100, 400], "d": [20, 50]}.items():
        rows.append((study, 0, 1.0, None))
        rows += [
            (study, d, float(np.exp(-0.002 * d + random.normal(0, 0.05))), 0.05) for d in doses
        ]
    table = pd.DataFrame(rows, columns=["study", "dose", "rr", "se"]).astype({"se": float})
    fit = grouped(table, shape="linear", covariance="independent")
    by_t, robust = (fit.curve(300, kind=kind).iloc[0] for kind in ("t", "CR2"))
    assert robust["ci_high"] > by_t["pi_high"]
    assert robust["pi_high"] == pytest.approx(robust["ci_high"])
    assert robust["pi_low"] == pytest.approx(robust["ci_low"])
