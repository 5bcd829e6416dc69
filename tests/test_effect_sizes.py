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
        ({"mean_pre": "10"}, "mean_pre must be a number"),
        ({"mean_pre": [1.0, 2.0], "n": [5, 6, 7]}, "shape"),
    ],
)
def test_bad_arguments_are_named(change, named):
    given = {"mean_pre": 10.0, "sd_pre": 2.0, "mean_post": 11.0, "n": 12, "r": 0.8, **change}
    with pytest.raises(ValueError, match=named):
        es.smcr(**given)


def test_a_change_without_spread_a_ratio_of_a_negative_mean_and_empty_cells_are_refused():
    with pytest.raises(ValueError, match="no spread"):
        es.smcc(10.0, 2.0, 11.0, 2.0, 12, r=1.0)
    with pytest.raises(ValueError, match="mean_pre"):
        es.log_response_ratio_paired(-1.0, 2.0, 11.0, 2.0, 12, r=0.5)
    with pytest.raises(ValueError, match="events_1"):
        es.log_risk_ratio(0, 10, 3, 10)
    with pytest.raises(ValueError, match="events_2 must be at most"):
        es.log_risk_ratio(1, 10, 13, 10)


def test_a_table_without_a_column_or_a_value_is_refused_by_column_and_row():
    raw = ev.trials("volume", raw=True).set_index("es_id")
    with pytest.raises(ValueError, match=r"sd_post is empty in rows \[132, 133"):
        es.effects(raw, measure="log_response_ratio", r=0.9)
    with pytest.raises(ValueError, match="no column sd_pre"):
        es.effects(raw.drop(columns="sd_pre"), r=0.9)
    with pytest.raises(ValueError, match="smcr, smcc, log_response_ratio"):
        es.effects(raw, measure="g", r=0.9)
