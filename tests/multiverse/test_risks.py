"""The ratio of risk over defensible fits: each specification is one fit, and none is lost."""

from __future__ import annotations

import numpy as np
import pytest

from repdose import evidence as ev
from repdose import multiverse
from repdose.dose_response import grouped

RISKS = ev.trials("strength_training_mortality")
DEATH = RISKS[RISKS["outcome"] == "death"]


@pytest.fixture(scope="module")
def found():
    return multiverse.risk_ratio(DEATH, 60)


def test_every_specification_is_the_fit_it_names(found):
    assert found.count == 4 * 3 * 3 * 3
    table = found.specifications.set_index([one.name for one in found.choices])["outcome"]
    default = grouped(DEATH, shape="quadratic").curve(60)["rr"].iloc[0]
    assert found.default == pytest.approx(default, rel=1e-12)
    other = grouped(
        DEATH,
        shape="fp(0.5, 1)",
        open_ended="1.5 x lower",
        covariance="independent",
        method="ML",
    )
    names = ("square root and line", "1.5 times its bound", "none", "likelihood")
    assert table[names] == pytest.approx(other.curve(60)["rr"].iloc[0], rel=1e-12)


def test_knots_by_person_years_are_of_those_who_train(found):
    """Person-years of seven classes above none, least dose first, at .1, .5 and .9."""
    dose = np.array([10, 30, 39.5, 90, 104.5, 150, 194.5])
    years = np.array([20224, 55001, 19319, 55322, 23035, 42355, 12515])
    middle = (np.cumsum(years) - years / 2) / years.sum()
    knots = np.interp([0.1, 0.5, 0.9], middle, dose)
    fit = grouped(DEATH, shape="rcs(3)", knots=knots.tolist())
    at = (found.specifications["curve_shape"] == "spline, knots by person-years") & (
        found.specifications["open_class"] == "half a width above"
    )
    rows = found.specifications[at].set_index(["ratio_covariance", "between_studies"])
    outcome = rows.loc[("Greenland and Longnecker", "restricted likelihood"), "outcome"]
    assert outcome == pytest.approx(fit.curve(60)["rr"].iloc[0], rel=1e-12)


def test_a_table_without_counts_leaves_out_what_needs_them():
    found = multiverse.risk_ratio(ev.trials("leisure_activity_mortality"), 7.5, shape="spline")
    assert [one.name for one in found.choices] == ["curve_shape", "open_class", "between_studies"]
    assert "spline, knots by person-years" not in found.choices[0].names
    assert found.count == 27


def test_one_study_has_no_differences_between_studies():
    cancer = RISKS[RISKS["outcome"] == "cancer death"]
    found = multiverse.risk_ratio(cancer, 60, unit="min/week")
    assert found.outcome == "Ratio of risk at 60 min/week against none"
    assert "between_studies" not in [one.name for one in found.choices]
    assert found.count == 36


@pytest.mark.parametrize("dose", [0, -1, np.nan])
def test_a_dose_that_is_none_is_refused(dose):
    with pytest.raises(ValueError, match="dose must be above 0"):
        multiverse.risk_ratio(DEATH, dose)


def test_the_fits_of_one_table_give_the_ratio_at_any_dose():
    first, second = multiverse.risk_ratio(DEATH, 60), multiverse.risk_ratio(DEATH, 20)
    fit = grouped(DEATH, shape="quadratic")
    assert first.default == pytest.approx(fit.curve(60)["rr"].iloc[0], rel=1e-12)
    assert second.default == pytest.approx(fit.curve(20)["rr"].iloc[0], rel=1e-12)


def test_a_table_that_differs_in_one_cell_or_type_is_another_table():
    one = DEATH.copy()
    at = one.index[(one["rr"] != 1)][0]
    for name in ("rr", "ci_low", "ci_high"):
        one.loc[at, name] *= 1.02
    default = grouped(one, shape="quadratic").curve(60)["rr"].iloc[0]
    assert multiverse.risk_ratio(one, 60).default == pytest.approx(default, rel=1e-12)
    assert abs(default - multiverse.risk_ratio(DEATH, 60).default) > 1e-4
    with pytest.raises(ValueError, match="rr"):
        multiverse.risk_ratio(DEATH.assign(rr=DEATH["rr"].astype(str)), 60)
