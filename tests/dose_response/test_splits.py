"""Forms of the dose split into within and between studies, on designs worked by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from repdose import dose_response as dr
from repdose.dose_response import splits
from repdose.metaregression import spline_basis
from repdose.metaregression.prepared import prepare


def split(data, *, form):
    ready = prepare(data, levels=["study", "es_id"])
    return splits.split(ready, form=form, dose="weekly_sets", arm="arm")


def trials(gain, doses, *, shift=lambda _: 0.0, noise=0.0, seed=7):
    """A study for each set of doses, an arm a dose; `shift` moves whole studies by their mean."""
    random = np.random.default_rng(seed)
    rows = [
        (f"s{i}", f"s{i} {dose}", float(dose), gain(dose) + shift(np.mean(given)))
        for i, given in enumerate(doses)
        for dose in given
    ]
    table = pd.DataFrame(rows, columns=["study", "arm", "weekly_sets", "yi"])
    table["yi"] += noise * random.standard_normal(len(table))
    return table.assign(es_id=range(len(table)), vi=0.02)


PAIRS = [(2, 10), (3, 9), (4, 16), (5, 20), (6, 12), (8, 24), (3, 30), (10, 40), (5, 15), (4, 6)]


def test_a_gain_that_levels_off_is_found_within_whatever_moves_whole_studies():
    # gains grow as the square root; studies with many sets start lower, a confounder
    data = trials(np.sqrt, PAIRS, shift=lambda mean: -0.2 * mean, noise=1e-3)
    found = dr.within_between(data, levels=["study", "es_id"], forms=["square root", "spline"])
    rise = np.sqrt(10) - np.sqrt(5)
    exact = found.difference(5, 10, form="square root")
    assert exact["estimate"] == pytest.approx(rise, abs=0.005)
    # three knots follow a root closely, a line does not: over doses up to 40 its slope is lower
    assert found.difference(5, 10, form="spline")["estimate"] == pytest.approx(rise, rel=0.15)
    assert found.difference(5, 10, form="linear")["estimate"] < 0.75 * rise


def test_a_straight_truth_is_a_straight_spline():
    data = trials(lambda dose: 0.02 * dose, PAIRS, shift=lambda mean: -0.1 * mean, noise=1e-4)
    found = dr.within_between(data, levels=["study", "es_id"])
    for low, high in ((2, 4), (5, 10), (20, 40)):
        more = found.difference(low, high, form="spline")
        assert more["estimate"] == pytest.approx(0.02 * (high - low), abs=2e-3)


def test_columns_of_a_split_are_deviations_from_the_mean_of_the_arms_and_that_mean():
    data = trials(np.sqrt, PAIRS, noise=0.1)
    knots = np.quantile(data["weekly_sets"], [0.1, 0.5, 0.9])
    basis = spline_basis(data["weekly_sets"].to_numpy(), knots)
    fit = split(data, form="spline").fit
    assert tuple(fit.terms) == ("Intercept", "within1", "within2", "between1", "between2")
    for j in (0, 1):
        pairs = basis[:, j].reshape(-1, 2)
        mean = np.repeat(pairs.mean(axis=1), 2)
        np.testing.assert_allclose(fit.problem.x[:, 1 + j], basis[:, j] - mean, atol=1e-12)
        np.testing.assert_allclose(fit.problem.x[:, 3 + j], mean)


def test_with_two_arms_a_study_the_differences_alone_are_fitted():
    # every study weighs alike: least squares of pair differences on differences of the columns
    data = trials(np.sqrt, PAIRS, noise=0.2)
    knots = np.quantile(data["weekly_sets"], [0.1, 0.5, 0.9])
    basis = spline_basis(data["weekly_sets"].to_numpy(), knots).reshape(-1, 2, 2)
    gaps = data["yi"].to_numpy().reshape(-1, 2)
    slopes = np.linalg.lstsq(basis[:, 1] - basis[:, 0], gaps[:, 1] - gaps[:, 0], rcond=None)[0]
    ends = spline_basis(np.array([5.0, 10.0]), knots)
    found = dr.within_between(data, levels=["study", "es_id"]).difference(5, 10, form="spline")
    assert found["estimate"] == pytest.approx((ends[1] - ends[0]) @ slopes)
    # ten studies less five coefficients
    half = (found["model_high"] - found["model_low"]) / 2
    part = split(data, form="spline")
    row = part.contrast(5, 10)
    se = np.sqrt(row @ part.fit.covariance.to_numpy() @ row)
    assert half == pytest.approx(stats.t.ppf(0.975, 10 - 5) * se)


def test_the_robust_interval_is_that_of_the_engine_for_the_same_contrast():
    part = split(trials(np.sqrt, PAIRS, noise=0.2), form="quadratic")
    row = part.contrast(5, 10)
    assert row.tolist() == [0, 5, 75, 0, 0]
    engine = part.fit.contrast({"within1": 5, "within2": 75}, kind="CR2")
    ours = part.table({"difference": row}).iloc[0]
    for name in ("estimate", "se", "df", "ci_low", "ci_high"):
        assert ours[name] == pytest.approx(engine[name])
    assert part.contrast(5, 10, part="between").tolist() == [0, 0, 0, 5, 75]


def test_without_each_study_all_is_estimated_again_with_the_knots_kept():
    data = trials(np.sqrt, PAIRS, noise=0.2)
    part = split(data, form="spline")
    row = part.contrast(5, 10)
    found = part.without_each(row)
    assert list(found.index) == [f"s{i}" for i in range(10)]
    knots = np.quantile(data["weekly_sets"], [0.1, 0.5, 0.9])
    rest = data[data["study"] != "s3"]
    basis = spline_basis(rest["weekly_sets"].to_numpy(), knots).reshape(-1, 2, 2)
    gaps = rest["yi"].to_numpy().reshape(-1, 2)
    slopes = np.linalg.lstsq(basis[:, 1] - basis[:, 0], gaps[:, 1] - gaps[:, 0], rcond=None)[0]
    ends = spline_basis(np.array([5.0, 10.0]), knots)
    assert found.loc["s3", "estimate"] == pytest.approx((ends[1] - ends[0]) @ slopes)
    assert (found["low"] < found["estimate"]).all()
    assert (found["estimate"] < found["high"]).all()
    # the engine's own, in its model-based covariance
    engine = part.fit.cooks_distance()
    np.testing.assert_allclose(found["distance"], engine, rtol=1e-6)


def test_a_study_that_alone_carries_a_bend_leaves_no_row_without_it():
    # arms of 5 and 10 sets in all, of 30 in the first alone
    data = trials(np.sqrt, [(5, 10, 30)] + [(5, 10)] * 7, noise=0.1)
    part = split(data, form="quadratic")
    row = part.contrast(10, 30)
    assert np.isnan(part.table({"difference": row})["se"].item())
    # the means of studies differ between the first and the others alone: one column has it all
    assert list(part.fit.terms) == ["Intercept", "within1", "within2", "between1"]
    found = part.without_each(row)
    assert "s0" not in found.index
    assert len(found) == 7
    assert found["low"].isna().all()


@pytest.mark.parametrize("form", ["constant", "emax", "cubic"])
def test_a_form_that_cannot_be_split_is_refused_with_those_that_can(form):
    with pytest.raises(ValueError, match="linear, square root, log, quadratic, spline"):
        dr.within_between(trials(np.sqrt, PAIRS), levels=["study", "es_id"], forms=[form])
