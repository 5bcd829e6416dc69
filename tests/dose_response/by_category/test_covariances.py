"""Covariances of ratios against one reference: printed margins are reproduced, designs differ."""

from __future__ import annotations

import numpy as np
import pytest

from repdose.dose_response.by_category.covariances import (
    DESIGNS,
    Margins,
    expected_cases,
    greenland1992,
    hamling2008,
)

L = np.log([1.0, 0.8, 0.5, 1.6])
V = np.array([np.nan, 0.02, 0.03, 0.05])
N = np.array([1000.0, 600.0, 400.0, 150.0])


def test_expected_cases_of_rates_keep_the_total_and_the_ratios():
    cases = expected_cases(L, 120, N, "incidence-rate")
    assert cases.sum() == pytest.approx(120, abs=1e-12)
    assert np.log(cases / N) - np.log(cases[0] / N[0]) == pytest.approx(L, abs=1e-12)


def test_expected_cases_of_odds_keep_the_total_and_the_odds_ratios():
    cases = expected_cases(L, 700, N, "case-control")
    odds = cases / (N - cases)
    assert cases.sum() == pytest.approx(700, abs=1e-8)
    assert np.log(odds / odds[0]) == pytest.approx(L, abs=1e-10)


def test_greenland_longnecker_of_rates_on_paper():
    """u = 1/A and A proportional to ratio times person-years: 1000, 480, 200, 240."""
    got = greenland1992(L, V, 120, N, "incidence-rate", 0)
    u0, u1, u2 = 1 / 1000, 1 / 480, 1 / 200
    expected = u0 / np.sqrt((u0 + u1) * (u0 + u2)) * np.sqrt(0.02 * 0.03)
    assert got[0, 1] == pytest.approx(expected, rel=1e-12)
    assert np.diag(got) == pytest.approx([0.02, 0.03, 0.05])
    assert greenland1992(L, V, None, N, "incidence-rate", 0) == pytest.approx(got, rel=1e-12)


@pytest.mark.parametrize("design", DESIGNS)
def test_the_reference_may_stand_anywhere(design):
    order = [2, 0, 3, 1]
    straight = greenland1992(L, V, 700, N, design, 0)
    moved = greenland1992(L[order], V[order], 700, N[order], design, 1)
    back = [[2, 3, 1].index(row) for row in (1, 2, 3)]
    assert moved[np.ix_(back, back)] == pytest.approx(straight, rel=1e-12)


def table(design):
    """Counts whose crude ratios and variances are the printed ones: both methods must give back
    the covariance that these counts have."""
    cases = np.array([90.0, 40.0, 30.0, 20.0])
    if design == "case-control":
        rest = N - cases
        ratio = cases / rest / (cases[0] / rest[0])
        unit, shared = 1 / cases + 1 / rest, 1 / cases[0] + 1 / rest[0]
    elif design == "incidence-rate":
        ratio = cases / N / (cases[0] / N[0])
        unit, shared = 1 / cases, 1 / cases[0]
    else:
        ratio = cases / N / (cases[0] / N[0])
        unit, shared = 1 / cases - 1 / N, 1 / cases[0] - 1 / N[0]
    return cases, np.log(ratio), unit + shared, shared


@pytest.mark.parametrize("design", DESIGNS)
def test_hamling_gives_back_the_covariance_of_crude_counts(design):
    cases, log_ratio, variance, shared = table(design)
    got = hamling2008(log_ratio, variance, cases, N, design, 0)
    off = got[~np.eye(3, dtype=bool)]
    assert off == pytest.approx(np.full(6, shared), rel=1e-6)
    assert np.diag(got) == pytest.approx(variance[1:])


def test_the_designs_have_different_variances():
    """Rates 1/A, risks 1/A - 1/N: not the other way round."""
    cases, log_ratio, variance, shared = table("cumulative-incidence")
    risk = hamling2008(log_ratio, variance, cases, N, "cumulative-incidence", 0)
    rate = hamling2008(log_ratio, variance, cases, N, "incidence-rate", 0)
    assert risk[0, 1] == pytest.approx(shared, rel=1e-6)
    assert abs(rate[0, 1] / shared - 1) > 0.005


@pytest.mark.parametrize("cases", [0.0, 2150.0, 3000.0])
def test_margins_that_no_table_has_are_refused(cases):
    with pytest.raises(ValueError, match="the cases must be above 0 and below 2150"):
        expected_cases(L, cases, N, "case-control")


def test_risks_may_have_the_variance_of_a_share():
    """u = 1/A - 1/N with A proportional to ratio times N, 120 cases in all."""
    got = greenland1992(L, V, 120, N, "cumulative-incidence", 0, binomial=True)
    a = 120 * np.array([1000, 480, 200, 240]) / 1920
    u = 1 / a - 1 / N
    expected = u[0] / np.sqrt((u[0] + u[1]) * (u[0] + u[2])) * np.sqrt(0.02 * 0.03)
    assert got[0, 1] == pytest.approx(expected, rel=1e-12)
    rates = greenland1992(L, V, 120, N, "incidence-rate", 0, binomial=True)
    assert rates == pytest.approx(greenland1992(L, V, 120, N, "incidence-rate", 0))


def test_margins_that_ask_for_more_cases_than_subjects_say_what_they_may_be():
    """240 of 1920 parts fall on 150 subjects: 150 cases there are 1200 in all."""
    with pytest.raises(Margins, match=r"ask for 187.5 of the 150 subjects of row 4.*below 1200 in"):
        greenland1992(L, V, 1500, N, "cumulative-incidence", 0, binomial=True)


def test_counts_that_hamling_cannot_have_are_refused_with_the_reason():
    """415 of 11080 subjects at the reference, 2054 cases; a crude ratio of 0.11 to one of 1.77."""
    variance = np.array([np.nan, 0.00145652, 0.14471422, 0.0012567])
    ratio = np.array([0, -0.23, 0.57, -2.55])
    cases, total = np.array([74.0, 976, 82, 922]), np.array([415.0, 3432, 4006, 3227])
    with pytest.raises(Margins, match=r"3.75 % of column n at the reference and 5.394 of them"):
        hamling2008(ratio, variance, cases, total, "cumulative-incidence", 0)
    with pytest.raises(Margins, match="needs cases, and subjects without the outcome, in every"):
        hamling2008(L, V, np.array([90.0, 0, 30, 20]), N, "case-control", 0)
