"""Effect sizes against metafor's escalc (tests/oracle_escalc.R) and the pinned trial table."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import integrate

import evidence as ev
from analysis import effect_sizes as es

PUBLISHED = Path(__file__).parent / "published"
ORACLE = json.loads((PUBLISHED / "escalc.json").read_text("utf-8"))
TWO = {name: np.array(values) for name, values in ORACLE["two_groups"].items()}
PRE = {name: np.array(values) for name, values in ORACLE["before_after"].items()}
BCG = {name: np.array(values) for name, values in ORACLE["events"].items()}
WITHOUT_SD_POST = {name: values for name, values in PRE.items() if name != "sd_post"}

CASES = [
    ("hedges_g", es.hedges_g, TWO),
    ("log_response_ratio", es.log_response_ratio, TWO),
    ("log_variability_ratio", es.log_variability_ratio, TWO),
    ("smcr", es.smcr, WITHOUT_SD_POST),
    ("smcc", es.smcc, PRE),
    ("log_response_ratio_paired", es.log_response_ratio_paired, PRE),
    ("log_risk_ratio", es.log_risk_ratio, BCG),
]


@pytest.mark.parametrize(("name", "function", "given"), CASES)
def test_arrays_agree_with_metafor(name, function, given):
    effect = function(**given)
    # 1e-12: both sides are the same closed form in double precision, pinned to 15 digits
    np.testing.assert_allclose(effect.yi, ORACLE[name]["yi"], rtol=1e-12)
    np.testing.assert_allclose(effect.vi, ORACLE[name]["vi"], rtol=1e-12)


@pytest.mark.parametrize(("name", "function", "given"), CASES)
def test_numbers_in_give_the_same_numbers_out(name, function, given):
    effect = function(**{key: float(values[0]) for key, values in given.items()})
    assert type(effect.yi) is float
    assert type(effect.vi) is float
    assert effect.yi == pytest.approx(ORACLE[name]["yi"][0], rel=1e-12)


def test_the_pin_covers_negative_and_positive_effects_of_every_measure():
    for name, _, _ in CASES:
        assert min(ORACLE[name]["yi"]) < 0 < max(ORACLE[name]["yi"]), name
        assert len(ORACLE[name]["vi"]) == 5


def test_the_raw_trial_table_gives_the_pinned_effect_sizes():
    raw = ev.trials("volume", raw=True).set_index("es_id")
    with (PUBLISHED / "volume_effect_sizes.csv").open(encoding="utf-8", newline="") as lines:
        pinned = pd.DataFrame(list(csv.DictReader(lines))).set_index("es_id")
    rows = raw.loc[pinned.index.astype(int)]
    r = pinned["r_assumed"].astype(float).to_numpy()
    done = es.effects(rows, measure="smcr", r=r)
    np.testing.assert_allclose(done["yi"], pinned["yi_smcr"].astype(float), rtol=1e-10)
    np.testing.assert_allclose(done["vi"], pinned["vi_smcr"].astype(float), rtol=1e-10)
    has = pinned["vi_lnrr"].to_numpy() != ""
    assert (~has).sum() >= 3  # the trial without an SD after
    ratio = es.effects(rows[has], measure="log_response_ratio", r=r[has])
    np.testing.assert_allclose(ratio["yi"], pinned["yi_lnrr"][has].astype(float), rtol=1e-10)
    np.testing.assert_allclose(ratio["vi"], pinned["vi_lnrr"][has].astype(float), rtol=1e-10)


@pytest.mark.parametrize("df", [2, 5, 30])
def test_the_small_sample_factor_removes_the_bias_it_is_meant_for(df):
    def density(s):  # of s = sqrt(chi2/df)
        log = (df - 1) * math.log(s) - df * s * s / 2 + math.log(2) + df / 2 * math.log(df / 2)
        return math.exp(log - math.lgamma(df / 2))

    mean_inverse, _ = integrate.quad(lambda s: density(s) / s, 0, math.inf)
    assert es.small_sample_factor(df) * mean_inverse == pytest.approx(1, rel=1e-7)


@pytest.mark.parametrize("c", [1e-6, 1e6])
def test_a_change_of_unit_moves_no_effect(c):
    scaled = {key: values * c if key[:2] in ("me", "sd") else values for key, values in PRE.items()}
    for function in (es.smcc, es.log_response_ratio_paired):
        np.testing.assert_allclose(function(**scaled).yi, function(**PRE).yi, rtol=1e-9)
        np.testing.assert_allclose(function(**scaled).vi, function(**PRE).vi, rtol=1e-9)


def test_the_correlation_moves_the_variance_of_smcr_and_not_its_effect():
    low, high = (es.smcr(10.0, 2.0, 11.0, 12, r=r) for r in (0.5, 0.9))
    assert low.yi == high.yi
    assert low.vi - high.vi == pytest.approx(2 * 0.4 / 12)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"sd_pre": 0.0}, "sd_pre"),
        ({"sd_pre": -1.0}, "sd_pre"),
        ({"mean_post": math.nan}, "mean_post"),
        ({"mean_post": math.inf}, "mean_post"),
        ({"n": 2}, "n must be above 2"),
        ({"r": -1.0}, "r must be above -1"),
        ({"r": 1.01}, "r must be"),
        ({"r": 1.0}, "r must be above -1 to below 1; got 1"),
        ({"vtype": "LS"}, "vtype must be one of large-sample, exact; got 'LS'"),
        ({"vtype": "exact", "n": 3}, "n above 3 in one group"),
        ({"at": math.nan}, "at must be"),
        ({"mean_pre": "10"}, "mean_pre must be a number"),
        ({"mean_pre": [1.0, 2.0], "n": [5, 6, 7]}, "shape"),
    ],
)
def test_bad_arguments_are_named(change, named):
    given = {"mean_pre": 10.0, "sd_pre": 2.0, "mean_post": 11.0, "n": 12, "r": 0.8, **change}
    with pytest.raises(ValueError, match=named):
        es.smcr(**given)


def test_a_ratio_of_a_negative_mean_and_empty_cells_are_refused():
    with pytest.raises(ValueError, match="mean_pre"):
        es.log_response_ratio_paired(-1.0, 2.0, 11.0, 2.0, 12, r=0.5)
    with pytest.raises(ValueError, match="events_1"):
        es.log_risk_ratio(0, 10, 3, 10)
    with pytest.raises(ValueError, match="events_2 must be at most"):
        es.log_risk_ratio(1, 10, 13, 10)


def test_an_effect_without_sampling_variance_is_refused_and_the_correction_named():
    with pytest.raises(ValueError, match=r"would be zero.*events \+ 0.5, n \+ 1"):
        es.log_risk_ratio(12, 12, 9, 9)
    with pytest.raises(ValueError, match=r"would be zero at \[1\].*0.5"):
        es.log_risk_ratio([3, 12, 4], [10, 12, 11], [2, 9, 3], [9, 9, 9])
    with pytest.raises(ValueError, match=r"events_2 is 0.*events \+ 0.5"):
        es.log_risk_ratio(3, 10, 0, 10)
    # by the correction itself: ln (12.5/13) - ln (9.5/10), 1/12.5 - 1/13 + 1/9.5 - 1/10
    corrected = es.log_risk_ratio(12.5, 13, 9.5, 10)
    assert corrected.vi == pytest.approx(0.0083400810, rel=1e-7)


def test_columns_with_different_indexes_are_refused():
    mean = pd.Series([10.0, 11.0], index=["a", "b"])
    later = pd.Series([12.0, 11.0], index=["b", "a"])
    with pytest.raises(ValueError, match="mean_pre and mean_post have different indexes"):
        es.smcr(mean, 2.0, later, 12, r=0.8)
    assert es.smcr(mean, 2.0, later.reindex(mean.index), 12, r=0.8).yi[0] == pytest.approx(
        es.smcr(10.0, 2.0, 11.0, 12, r=0.8).yi
    )


def test_a_table_without_a_column_or_a_value_is_refused_by_column_and_row():
    raw = ev.trials("volume", raw=True).set_index("es_id")
    with pytest.raises(ValueError, match=r"sd_post is empty in rows \[132, 133"):
        es.effects(raw, measure="log_response_ratio", r=0.9)
    with pytest.raises(ValueError, match="no column sd_pre"):
        es.effects(raw.drop(columns="sd_pre"), r=0.9)
    with pytest.raises(ValueError, match="smcr, smcc, log_response_ratio"):
        es.effects(raw, measure="g", r=0.9)


def test_a_correlation_of_one_is_refused_by_every_measure_that_takes_one():
    # the change would have no error, and its weight no bound
    for function, given in (
        (es.smcc, (10.0, 2.0, 11.0, 2.0, 12)),
        (es.log_response_ratio_paired, (10.0, 2.0, 11.0, 2.0, 12)),
        (es.d_ppc2, (10.0, 2.0, 11.0, 12, 10.0, 2.0, 10.5, 12)),
    ):
        with pytest.raises(ValueError, match="r must be above -1 to below 1; got 1"):
            function(*given, r=1.0)


def simulated_changes(random, n, delta, r, draws=200_000):
    """Bias-corrected SMCR and SMCC of `draws` groups of n people, from their measurements."""
    before = random.standard_normal((draws, n))
    after = delta + r * before + math.sqrt(1 - r**2) * random.standard_normal((draws, n))
    m = n - 1
    factor = math.exp(math.lgamma(m / 2) - math.lgamma((m - 1) / 2)) / math.sqrt(m / 2)
    change = after - before
    mean = change.mean(axis=1)
    return factor * mean / before.std(axis=1, ddof=1), factor * mean / change.std(axis=1, ddof=1)


def check_against_simulation(n, delta, r):
    random = np.random.default_rng([20261125, n, round(100 * delta), round(100 * r)])
    raw, own = simulated_changes(random, n, delta, r)
    exact = es.smcr(0.0, 1.0, delta, n, r=r, vtype="exact", at=delta).vi
    assert exact == pytest.approx(raw.var(), rel=0.02)
    assert raw.mean() == pytest.approx(delta, abs=4 * math.sqrt(exact / len(raw)))
    if delta <= 0.6:  # a change of many SDs of its own has too heavy tails for so few draws
        scaled = delta / math.sqrt(2 * (1 - r))
        exact = es.smcc(0.0, 1.0, delta, 1.0, n, r=r, vtype="exact", at=scaled).vi
        assert exact == pytest.approx(own.var(), rel=0.03)


@pytest.mark.parametrize(
    ("n", "delta", "r"), [(8, 0.0, 0.5), (8, 1.5, 0.95), (14, 0.6, 0.8), (20, 1.2, 0.9)]
)
def test_the_exact_variance_is_that_of_simulated_people(n, delta, r):
    check_against_simulation(n, delta, r)


@pytest.mark.slow
@pytest.mark.parametrize("n", [8, 10, 14, 20])
@pytest.mark.parametrize("delta", [0.0, 0.6, 1.2, 1.5])
@pytest.mark.parametrize("r", [0.5, 0.7, 0.9, 0.95])
def test_the_exact_variance_is_that_of_simulated_people_over_the_whole_range(n, delta, r):
    check_against_simulation(n, delta, r)


def test_the_large_sample_variance_is_too_small_in_groups_as_small_as_those_of_trials():
    random = np.random.default_rng(20261125)
    effects, _ = simulated_changes(random, 8, 0.6, 0.9)
    reported = es.smcr(np.zeros(5), np.ones(5), np.full(5, 0.1), np.full(5, 8.0), r=0.9).vi[0]
    own = 2 * (1 - 0.9) / 8 + effects**2 / (2 * 8)
    # the formula that the function applies, at the estimate the simulation gave
    y = es.smcr(0.0, 1.0, 0.1, 8, r=0.9).yi
    assert reported == pytest.approx(2 * (1 - 0.9) / 8 + y**2 / (2 * 8))
    assert own.mean() / effects.var() == pytest.approx(0.79, abs=0.015)


def test_the_exact_variance_by_the_gamma_function_written_out():
    # n 5, m 4: J = Gamma(2) / (sqrt(2) Gamma(3/2)), Gamma(3/2) = sqrt(pi) / 2
    factor = 2 / (math.sqrt(2) * math.sqrt(math.pi))
    expected = factor**2 * (4 / 2) * (2 * (1 - 0.8) / 5 + 0.5**2) - 0.5**2
    assert es.smcr(0.0, 1.0, 9.0, 5, r=0.8, vtype="exact", at=0.5).vi == pytest.approx(expected)
    expected = factor**2 * (4 / 2) * (1 / 5 + 0.5**2) - 0.5**2
    got = es.smcc(0.0, 1.0, 9.0, 1.0, 5, r=0.8, vtype="exact", at=0.5).vi
    assert got == pytest.approx(expected)
    # two groups of 3 have the same 4 degrees of freedom
    expected = factor**2 * (4 / 2) * (2 / 3 + 0.5**2) - 0.5**2
    got = es.hedges_g(1.0, 1.0, 3, 0.0, 1.0, 3, vtype="exact", at=0.5).vi
    assert got == pytest.approx(expected)
    expected = factor**2 * (4 / 2) * (2 * (1 - 0.8) * 2 / 3 + 0.5**2) - 0.5**2
    got = es.d_ppc2(0.0, 1.0, 1.0, 3, 0.0, 1.0, 0.2, 3, r=0.8, vtype="exact", at=0.5).vi
    assert got == pytest.approx(expected)


def test_a_variance_at_one_effect_follows_the_people_and_not_the_outcome():
    given = dict(r=0.9, at=0.4)
    n = np.array([8, 12, 20])
    one = es.smcr(np.zeros(3), np.ones(3), np.array([0.1, 0.9, 2.0]), n, **given).vi
    other = es.smcr(np.zeros(3), np.ones(3), np.array([2.0, 0.1, 0.9]), n, **given).vi
    np.testing.assert_array_equal(one, other)
    np.testing.assert_allclose(one * n, 2 * (1 - 0.9) + 0.4**2 / 2)


def test_the_five_studies_of_morris_2008_have_the_printed_effects():
    trained = np.array(
        [[30.6, 23.5, 0.5, 53.4, 35.6], [15.0, 3.1, 0.1, 14.5, 4.7], [38.5, 26.8, 0.7, 75.9, 36.0]]
    )
    control = np.array(
        [[23.1, 24.9, 0.6, 55.7, 34.8], [13.8, 4.1, 0.2, 17.3, 3.1], [19.7, 25.3, 0.6, 60.7, 33.4]]
    )
    n_1, n_2 = np.array([20, 50, 9, 10, 14]), np.array([20, 42, 9, 11, 14])
    r = np.array([0.47, 0.64, 0.77, 0.89, 0.44])
    effect = es.d_ppc2(*trained, n_1, *control, n_2, r=r)
    # d_ppc2 of table 5; the large-sample variances as the metafor project prints them
    assert effect.yi.round(2).tolist() == [0.77, 0.80, 1.20, 1.05, 0.44]
    assert effect.vi.round(2).tolist() == [0.11, 0.04, 0.14, 0.07, 0.16]


def test_a_log_ratio_has_no_other_variance():
    rows = ev.trials("volume").head(2)
    for given in ({"at": 0.3}, {"vtype": "exact"}):
        with pytest.raises(ValueError, match="holds no effect: leave out vtype, at"):
            es.effects(rows, measure="log_response_ratio", r=0.9, **given)
