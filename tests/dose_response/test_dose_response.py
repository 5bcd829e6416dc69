"""Published curves against print, and what they refuse."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from repdose import dose_response as dr
from repdose import effect_sizes as es
from repdose import evidence as ev
from repdose.dose_response import averaging
from repdose.evidence.errors import EvidenceError
from repdose.evidence.studies import curves
from repdose.evidence.tables import table


def test_one_more_weekly_set_adds_what_the_abstract_of_schoenfeld_2017_says():
    size = dr.curve_of("schoenfeld2017.slope_effect_size")
    percent = dr.curve_of("schoenfeld2017.slope_percent")
    assert size.response(9, reference_dose=8)["estimate"].item() == pytest.approx(0.023)
    assert percent.response(9, reference_dose=8)["estimate"].item() == pytest.approx(0.37)
    assert percent.slope([1, 9]).tolist() == [0.37, 0.37]


@pytest.mark.parametrize(
    ("curve", "printed"),
    [
        ("schoenfeld2017.categories_effect_size", [0.307, 0.307, 0.378, 0.378, 0.520, 0.520]),
        ("schoenfeld2017.categories_percent", [5.4, 5.4, 6.6, 6.6, 9.8, 9.8]),
    ],
)
def test_the_three_categories_of_schoenfeld_2017_start_at_5_and_at_10_sets(curve, printed):
    answer = dr.curve_of(curve).response([1, 4.9, 5, 9.9, 10, 30])
    assert answer["estimate"].tolist() == printed
    assert answer["low"].isna().all()  # no interval was seen in print
    assert answer["extrapolated"].tolist() == [False, False, False, False, False, True]


def test_a_slope_without_an_intercept_answers_with_differences_and_names_their_reference():
    curve = dr.curve_of("schoenfeld2017.slope_effect_size")
    assert curve.quantity == "difference"
    answer = curve.response([1, 11])
    assert answer["reference_dose"].tolist() == [1, 1]
    assert answer["estimate"].tolist() == pytest.approx([0, 0.23])


def test_the_limits_of_the_ten_set_threshold_are_on_the_curve():
    limits = dr.curve_of("schoenfeld2017.categories_percent").not_valid_for
    assert "0.074" in limits
    assert "trend" in limits


def test_every_curve_has_units_a_range_and_findings_that_were_checked():
    for outcome in dr.OUTCOMES:
        found = dr.curves(outcome=outcome)
        assert len(found) > 4
        for curve in found:
            assert curve.outcome == outcome
            assert curve.dose_unit
            assert curve.outcome_unit
            low, high = curve.studied_range
            assert low is None or high is None or low < high
            for finding in curve.findings:
                assert finding.source == curve.record.source
                assert finding.set_unit in ("", curve.dose_unit)
                assert finding.checked in ("abstract", "second-hand", "full-text")


def band(term):
    low, high = term.dose_low, term.dose_high
    if low is None:
        return f"<{high:g}"
    return f"{low:g}+" if high is None else f"{low:g}-{high:g}"


def test_units_doses_and_bands_agree_with_the_second_transcription():
    path = Path(__file__).parents[1] / "published" / "dose_response_curves.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        printed = {row["curve"]: row for row in csv.DictReader(lines)}
    ours = {curve.id: curve for outcome in dr.OUTCOMES for curve in dr.curves(outcome=outcome)}
    assert set(ours) == set(printed)
    for name, curve in ours.items():
        row, record = printed[name], curve.record
        low, high = curve.studied_range
        assert (curve.dose_unit, curve.outcome_unit) == (row["dose_unit"], row["outcome_unit"])
        assert ("" if low is None else f"{low:g}-{high:g}") == row["studied"], name
        reference = record.reference_dose
        assert ("" if reference is None else f"{reference:g}") == row["reference"], name
        bands = [band(term) for term in record.terms] if curve.form == "categories" else []
        assert "|".join(bands) == row["bands"], name


def test_reading_a_curve_enters_its_findings_in_the_ledger():
    with ev.ledger() as used:
        dr.curve_of("schoenfeld2017.slope_percent").response([5, 10])
    assert used.sources() == ["schoenfeld2017"]
    assert "schoenfeld2017.percent_per_weekly_set" in [record.id for record in used.records()]


def test_a_dose_in_another_unit_is_refused():
    curve = dr.curve_of("schoenfeld2017.slope_percent")
    with pytest.raises(ValueError, match=r"sets per exercise per week.*sets per muscle per week"):
        curve.response([5], dose_unit="sets per exercise per week")


def test_curves_in_different_units_do_not_stand_side_by_side():
    percent = dr.curve_of("schoenfeld2017.slope_percent")
    size = dr.curve_of("schoenfeld2017.slope_effect_size")
    with pytest.raises(ValueError, match=r"outcome_unit.*slope_percent: percent"):
        dr.side_by_side([percent, size], [5, 10], reference_dose=5)
    fractional = dr.curve_of("pelland2026.size_volume")
    with pytest.raises(ValueError, match="dose_unit"):
        dr.side_by_side([percent, fractional], [5, 10], reference_dose=5)


def test_gains_and_differences_come_together_only_as_differences_from_a_named_dose():
    pair = [
        dr.curve_of("schoenfeld2017.categories_percent"),
        dr.curve_of("schoenfeld2017.slope_percent"),
    ]
    with pytest.raises(ValueError, match="give reference_dose"):
        dr.side_by_side(pair, [5, 10])
    with pytest.raises(ValueError, match="give reference_dose"):
        dr.side_by_side(pair[1:], [5, 10])
    answer = dr.side_by_side(pair, [5, 10], reference_dose=5)
    assert answer["quantity"].unique().tolist() == ["difference from 5"]
    assert answer["estimate"].tolist() == pytest.approx([0, 9.8 - 6.6, 0, 5 * 0.37])
    assert answer["low"].isna().all()  # print gives no covariance of the levels


def test_side_by_side_gives_a_row_for_each_curve_and_dose():
    answer = dr.side_by_side([dr.curve_of("schoenfeld2017.categories_percent")], [2, 12])
    assert answer["curve"].unique().tolist() == ["schoenfeld2017.categories_percent"]
    assert answer["estimate"].tolist() == [5.4, 9.8]


@pytest.mark.parametrize("dose", [-1, math.nan, math.inf, "10", None, [5, math.nan], 1001])
def test_a_dose_that_is_no_dose_is_refused_by_name(dose):
    with pytest.raises(ValueError, match="dose"):
        dr.curve_of("schoenfeld2017.slope_percent").response(dose)


def test_an_unknown_curve_or_outcome_says_what_there_is():
    with pytest.raises(KeyError, match=r"schoenfeld2017\.slope_percent"):
        dr.curve_of("schoenfeld2017.slope_percnt")
    with pytest.raises(ValueError, match="hypertrophy, strength"):
        dr.curves(outcome="size")


def test_bands_have_no_slope():
    with pytest.raises(ValueError, match="bands"):
        dr.curve_of("schoenfeld2017.categories_percent").slope(np.array([5.0]))


@pytest.mark.parametrize(
    ("curve", "doses", "printed", "low", "high"),
    [
        ("krieger2010.categories", [1, 2, 3, 4, 6], [0.24, 0.34, 0.34, 0.44, 0.44], None, None),
        ("krieger2010.contrasts", [1, 3, 4], [0, 0.09, 0.20], [0, -0.02, -0.04], [0, 0.20, 0.43]),
        ("ralston2017.categories", [3, 12], [0.82, 1.01], [0.47, 0.70], [1.17, 1.32]),
        ("ralston2017.contrasts", [2, 7, 10], [0, 0.15, 0.18], [0, 0.01, 0.06], [0, 0.30, 0.30]),
        ("grgic2018.categories", [1, 2, 3, 5], [0.74, 0.82, 0.93, 1.08], None, None),
    ],
)
def test_the_bands_of_the_other_meta_analyses_are_those_of_print(curve, doses, printed, low, high):
    answer = dr.curve_of(curve).response(doses)
    assert answer["estimate"].tolist() == printed
    if low is None:
        assert answer["low"].isna().all()
    else:
        assert answer["low"].tolist() == low
        assert answer["high"].tolist() == high


ENDS = ["estimate", "low", "high"]


@pytest.fixture
def size():
    (curve,) = (c for c in dr.curves(outcome="hypertrophy") if c.id == "pelland2026.size_volume")
    return curve


def test_pelland_2026_gains_at_10_and_20_sets_with_both_intervals(size):
    answer = size.response([10, 20])
    assert answer["estimate"].tolist() == pytest.approx([4.18, 6.54], abs=0.01)
    assert answer["low"].tolist() == pytest.approx([2.49, 3.87], abs=0.01)
    assert answer["high"].tolist() == pytest.approx([5.81, 9.12], abs=0.01)
    assert answer["pi_low"].tolist() == [-6.12, -4.10]
    assert answer["pi_high"].tolist() == [15.62, 18.49]
    assert answer["reference_dose"].isna().all()
    assert (size.quantity, size.outcome_unit, size.interval) == ("gain", "percent", "95% CrI")


def test_one_coefficient_gives_every_row_of_the_sources_table_within_its_rounding(size):
    points = pd.DataFrame([vars_of(point) for point in size.record.points])
    assert points["dose"].tolist() == list(range(1, 46))
    answer = size.response(points["dose"].to_numpy())
    for name in ENDS:
        np.testing.assert_allclose(answer[name], points[name], atol=0.01)
    for name in ("pi_low", "pi_high"):
        assert answer[name].tolist() == points[name].tolist()
    nothing = size.response([0])
    assert nothing[ENDS].to_numpy().tolist() == [[0, 0, 0]]


def test_the_gains_that_the_coefficient_comes_from_are_those_of_the_table(size):
    points = {point.dose: point for point in size.record.points}
    for sets in (4, 10, 20, 30, 45):
        gain = ev.finding(f"pelland2026.size_percent_{sets}_sets")
        point = points[sets]
        assert (gain.value, gain.low, gain.high) == (point.estimate, point.low, point.high)


@pytest.mark.parametrize("name", ["dose_response_terms", "dose_response_points"])
def test_a_row_about_a_curve_that_is_not_there_is_refused(name, monkeypatch):
    def stray(asked):
        found = table(asked)
        rows = [*found.rows, {**found.rows[0], "curve": "nobody2000.curve"}]
        return replace(found, rows=rows) if asked == name else found

    monkeypatch.setattr(curves, "table", stray)
    with pytest.raises(EvidenceError, match=rf"{name}\.csv curve: 'nobody2000\.curve' is no"):
        curves.by_id.__wrapped__()


def vars_of(point):
    return {name: getattr(point, name) for name in point.__dataclass_fields__}


def test_a_contrast_of_two_doses_has_the_interval_of_the_coefficient(size):
    more = size.response([20], reference_dose=10).iloc[0]
    assert more["estimate"] == pytest.approx(2.36, abs=0.01)
    assert (more["low"], more["high"]) == pytest.approx((1.38, 3.31), abs=0.01)
    assert math.isnan(more["pi_low"])  # a prediction interval of a difference was not seen
    fewer = size.response([10], reference_dose=20).iloc[0]
    assert (fewer["low"], fewer["high"]) == pytest.approx((-more["high"], -more["low"]))


def test_a_prediction_interval_is_read_between_rows_and_never_beyond_them(size):
    answer = size.response([10.5, 0.5, 46])
    # half way between -6.12 and -5.88, 15.62 and 16.02
    assert answer["pi_low"].iloc[0] == pytest.approx(-6.00)
    assert answer["pi_high"].iloc[0] == pytest.approx(15.82)
    assert answer["pi_low"].iloc[1:].isna().all()
    assert answer["extrapolated"].tolist() == [False, True, True]


def test_the_printed_slope_is_the_curves_on_the_log_scale(size):
    gain = size.response([12.25])["estimate"].item() / 100
    assert size.slope(12.25)[0] / (1 + gain) == pytest.approx(0.24, abs=0.005)
    for bound, printed in (("low", 0.15), ("high", 0.33)):
        coefficient = getattr(size.findings[0], bound)
        # 100 b / (2 sqrt(13.25)); sqrt(13.25) is 3.64
        assert 100 * coefficient / 7.28 == pytest.approx(printed, abs=0.005)
    rise = np.diff(size.response([9.99, 10.01])["estimate"])[0] / 0.02
    assert size.slope(10)[0] == pytest.approx(rise, rel=1e-5)


def test_pelland_2026_strength_over_sets_has_no_interval_and_levels_off_at_once():
    curve = dr.curve_of("pelland2026.strength_volume")
    answer = curve.response([1, 2, 4, 6, 10, 20, 30])
    # exp(0.14635 V / (V + 1)) - 1, worked with a table of exponentials
    by_hand = [7.59, 10.25, 12.42, 13.37, 14.23, 14.96, 15.21]
    assert answer["estimate"].tolist() == pytest.approx(by_hand, abs=0.01)
    assert answer[["low", "high", "pi_low", "pi_high"]].isna().all(axis=None)
    assert curve.interval == ""
    assert "no interval" in curve.not_valid_for
    # steps of the smallest detectable 3.96 %: at 0.36, 1.09 and 3.29 sets, and never a fourth,
    # which are the printed tiers of 1, 2, 3 to 4, and 5 or more sets
    steps = curve.response([0.36, 1.09, 3.29, 1000])["estimate"].tolist()
    assert steps[:3] == pytest.approx([3.96, 7.92, 11.88], rel=3e-3)
    assert steps[3] < 4 * 3.96


def test_pelland_2026_strength_over_sessions_follows_from_its_first_printed_level():
    curve = dr.curve_of("pelland2026.strength_frequency")
    answer = curve.response([1, 2, 3, 6])
    # print rounds the first level to 0.005 points, which is 0.007 at two sessions
    assert answer["estimate"].tolist() == pytest.approx([12.72, 17.32, 19.7, 22.8], abs=0.03)
    assert answer["estimate"].iloc[1] == pytest.approx(17.32, abs=0.012)
    assert answer["low"].iloc[:2].tolist() == pytest.approx([10.57, 14.34], abs=0.012)
    assert answer["high"].iloc[:2].tolist() == pytest.approx([15.05, 20.56], abs=0.012)
    assert answer["pi_low"].isna().all()
    assert curve.interval == "95% CrI"


def test_the_log_of_a_ratio_is_a_gain_in_percent_and_nothing_else(size):
    for change in ({"outcome_unit": "effect size"}, {"quantity": "difference"}):
        with pytest.raises(EvidenceError, match=r"a gain in percent; got|needs reference_dose"):
            replace(size.record, **change)


def test_a_dose_for_which_print_has_no_band_is_refused():
    with pytest.raises(ValueError, match=r"dose 7 lies in no band of ralston2017\.categories"):
        dr.curve_of("ralston2017.categories").response([3, 7, 12])
    with pytest.raises(ValueError, match="reference band"):
        dr.curve_of("krieger2010.contrasts").response([1, 4], reference_dose=3)


def test_the_published_tiers_follow_from_the_square_root_and_the_smallest_detectable_effect():
    curve = dr.curve_of("pelland2026.size_volume")
    step = ev.finding("pelland2026.hypertrophy_smallest_detectable").value
    steps = dr.sets_to_next_step(curve, [4, 10, 18, 29], step=step)
    printed = [
        ev.finding(f"pelland2026.tier_{tier}").value
        for tier in ("higher", "intermediate", "lower", "lowest")
    ]
    # print rounds to quarters and starts each tier where the one before it ended
    np.testing.assert_allclose(steps["further"], printed, rtol=0.06)
    ends = curve.response([3.61, 9.71, 18.1, 28.8, 41.5])["estimate"]
    np.testing.assert_allclose(ends, step * np.arange(1, 6), rtol=2e-3)
    assert steps["slope"].is_monotonic_decreasing


def test_a_straight_line_asks_for_the_same_further_sets_everywhere():
    curve = dr.curve_of("schoenfeld2017.slope_percent")
    steps = dr.sets_to_next_step(curve, [2, 5], step=1)
    np.testing.assert_allclose(steps["further"], 1 / 0.37)
    assert steps["extrapolated"].tolist() == [False, False]


def test_the_smallest_detectable_effect_is_what_a_normal_test_would_call_significant():
    half = dr.smallest_detectable_effect(0.25, power=0.5)
    assert half == pytest.approx(1.959964 * 0.5, rel=1e-6)
    # 80 % power adds .841621 standard errors, two arms the root of two
    assert dr.smallest_detectable_effect(0.25) == pytest.approx(2.801585 * 0.5, rel=1e-6)
    two = dr.smallest_detectable_effect(0.25, arms=2)
    assert two == pytest.approx(2.801585 * 0.5 * math.sqrt(2), rel=1e-6)
    for power in (0, 1, -0.1, 1.2, math.nan, "0.8"):
        with pytest.raises(ValueError, match="power must be"):
            dr.smallest_detectable_effect(0.25, power=power)
    for arms in (0, 3, True):
        with pytest.raises(ValueError, match="arms must be 1 or 2"):
            dr.smallest_detectable_effect(0.25, arms=arms)
    with pytest.raises(ValueError, match="variance"):
        dr.smallest_detectable_effect([0.1, 0.0])
    with pytest.raises(ValueError, match="step must be above 0"):
        dr.sets_to_next_step(dr.curve_of("schoenfeld2017.slope_percent"), [2], step=0)
    with pytest.raises(ValueError, match="bands"):
        dr.sets_to_next_step(dr.curve_of("krieger2010.categories"), [2], step=0.1)


FALLING = pd.DataFrame(
    {
        "study": np.repeat(list("abcdef"), 2),
        "es_id": range(12),
        "weekly_sets": np.tile([5.0, 15.0], 6) + np.repeat([0.0, 1.0, 0.0, 2.0, 0.0, 1.0], 2),
        "yi": np.tile([0.4, 0.3], 6) + np.repeat([0, 0.1, -0.1, 0.05, 0, -0.05], 2),
        "vi": np.full(12, 0.04),
    }
)


@pytest.fixture(scope="module")
def sizes():
    raw = ev.trials("volume", raw=True)
    fitted = raw[~raw["control_arm"] & ~raw["authors_excluded"] & (raw["domain"] == "size")]
    return es.effects(fitted, measure="smcr", r=0.9)


@pytest.fixture(scope="module")
def own(sizes):
    return dr.refit(sizes, outcome="hypertrophy")


def test_the_linear_refit_of_the_table_as_entered_has_the_pinned_slope(sizes, own):
    line = own.fits["linear"].coefficients.loc["weekly_sets"]
    assert len(sizes) == 151
    # metafor 3.8 with tightened control
    assert line["estimate"] == pytest.approx(0.0053205771, rel=1e-6)
    assert line["se"] == pytest.approx(0.0013582638, rel=1e-6)


def test_akaike_weights_add_up_and_follow_the_criterion(own):
    forms = own.forms
    assert forms["weight"].sum() == pytest.approx(1)
    assert forms["weight"].rank().tolist() == (-forms["aic"]).rank().tolist()
    two = forms["weight"].iloc[0] / forms["weight"].iloc[1]
    assert two == pytest.approx(math.exp((forms["aic"].iloc[1] - forms["aic"].iloc[0]) / 2))
    assert forms["converged"].all()


def test_one_form_alone_is_its_own_prediction(own):
    answer = own.response([5, 20], form="log")
    fit = own.fits["log"]
    table = fit.predict({"weekly_sets": [5.0, 20.0]}, kind="CR2")
    for ours, theirs in (("estimate", "estimate"), ("low", "ci_low"), ("high", "ci_high")):
        np.testing.assert_allclose(answer[ours], table[theirs])
    # k studies less two coefficients and one, and every level's variance
    studies = fit.groups["study"]
    half = stats.t.ppf(0.975, studies - 3) * np.sqrt(table["se"] ** 2 + fit.sigma2.sum())
    np.testing.assert_allclose(answer["pi_high"] - answer["estimate"], half)
    np.testing.assert_allclose(answer["estimate"] - answer["pi_low"], half)


def test_model_based_intervals_have_studies_less_coefficients_as_degrees_of_freedom(own):
    fit = own.fits["linear"]
    x = np.array([1.0, 12.0])
    se = math.sqrt(x @ fit.covariance.to_numpy() @ x)
    half = stats.t.ppf(0.975, fit.groups["study"] - 2) * se
    answer = own.response([12], form="linear", kind=None).iloc[0]
    assert answer["high"] - answer["estimate"] == pytest.approx(half)


def test_the_null_form_takes_part_and_differs_by_nothing(own):
    assert "constant" in own.forms.index
    answer = own.response([15], reference_dose=5, form="constant").iloc[0]
    assert answer[["estimate", "low", "high"]].tolist() == [0, 0, 0]
    with_null = own.response([15], reference_dose=5)["estimate"].item()
    rest = own.forms["weight"].drop("constant")
    without = sum(
        weight * own.response([15], reference_dose=5, form=form)["estimate"].item()
        for form, weight in rest.items()
    )
    assert with_null == pytest.approx(without)
    assert without / rest.sum() > with_null


def test_the_prediction_interval_is_a_quantile_of_the_mixture_of_forms(own):
    dose = 12.0
    answer = own.response([dose]).iloc[0]
    shares = []
    for end in ("pi_low", "pi_high"):
        share = 0.0
        for form, weight in own.forms["weight"].items():
            fit = own.fits[form]
            at = (
                fit.predict({"weekly_sets": dose}, kind="CR2")
                if form != "constant"
                else (fit.predict(kind="CR2"))
            )
            scale = math.sqrt(at["se"].item() ** 2 + fit.sigma2.sum())
            df = fit.groups["study"] - len(fit.terms) - 1
            share += weight * stats.t.cdf((answer[end] - at["estimate"].item()) / scale, df)
        shares.append(share)
    assert shares == pytest.approx([0.025, 0.975], abs=1e-9)


def test_a_mixture_of_two_forms_far_apart_has_the_quantiles_worked_by_hand():
    # two normal forms (df 1e9) at 0 and 10 with a scale of 1, weights .5: the 2.5 % quantile is
    # where the first alone has 5 %
    centre, scale = np.array([[0.0], [10.0]]), np.ones((2, 1))
    ends = [
        averaging.mixture_quantile(centre, scale, 1e9 * scale, np.array([0.5, 0.5]), share).item()
        for share in (0.025, 0.975)
    ]
    assert ends == pytest.approx([-1.644854, 11.644854], abs=1e-5)


def test_a_form_without_error_is_a_leap_of_the_mixture_and_an_end_may_lie_on_it():
    # a tenth is the point 0, the rest normal around 1 with SD .5: below 0 lie .9 * .02275 = .0205,
    # at 0 the mixture leaps over .025; .975 is reached where the normal has .875 / .9
    centre, scale = np.array([[0.0], [1.0]]), np.array([[0.0], [0.5]])
    degrees, weights = np.array([[np.inf], [1e9]]), np.array([0.1, 0.9])
    ends = [
        averaging.mixture_quantile(centre, scale, degrees, weights, share).item()
        for share in (0.025, 0.975)
    ]
    assert ends[0] == 0
    assert ends[1] == pytest.approx(1 + 0.5 * stats.norm.ppf(0.875 / 0.9), abs=1e-6)
    # nearer to 0 the normal alone has .025 below it: no leap is crossed
    low = averaging.mixture_quantile(centre, 2 * scale, degrees, weights, 0.025).item()
    assert low == pytest.approx(1 + stats.norm.ppf(0.025 / 0.9), abs=1e-6)


def test_a_quantile_of_a_mixture_leaves_the_share_below_it_whatever_the_parts():
    random = np.random.default_rng(7)
    for _ in range(200):
        forms, doses = random.integers(1, 7), 5
        centre = random.normal(0, random.choice([0.01, 1, 30]), (forms, doses))
        scale = random.lognormal(-1, 1.5, (forms, doses))
        degrees = random.choice([1.2, 3, 20, np.inf], (forms, doses))
        weights = random.dirichlet(np.full(forms, 0.5))
        share = float(random.choice([0.025, 0.5, 0.975]))
        found = averaging.mixture_quantile(centre, scale, degrees, weights, share)
        below = (weights[:, None] * stats.t.cdf((found - centre) / scale, degrees)).sum(axis=0)
        assert below == pytest.approx(share, abs=1e-13)


def test_a_leap_holds_the_quantile_or_bounds_it():
    """Half of the mixture is a point at 0, the other half a normal: by its table of quantiles."""
    weights, normal = np.array([0.5, 0.5]), stats.norm()
    centre, degrees = np.array([[0.0, 0.0, 0.0], [1.0, 9.0, -9.0]]), np.full((2, 3), np.inf)
    scale = np.array([[0.0, 0.0, 0.0], [1.0, 1.0, 1.0]])
    low = averaging.mixture_quantile(centre, scale, degrees, weights, 0.025)
    # below 0 lie 8 % of the first, nothing of the second, and all of the third
    assert low == pytest.approx([1 + normal.ppf(0.05), 0.0, -9 + normal.ppf(0.05)], abs=1e-12)
    high = averaging.mixture_quantile(centre, scale, degrees, weights, 0.975)
    assert high == pytest.approx([1 + normal.ppf(0.95), 9 + normal.ppf(0.95), 0.0], abs=1e-12)


def test_the_confidence_interval_has_a_tail_of_the_forms_robust_t_on_either_side(own):
    answer = own.response([12.0]).iloc[0]
    for end, share in (("low", 0.025), ("high", 0.975)):
        found = 0.0
        for form, weight in own.forms["weight"].items():
            alone = own.response([12.0], form=form).iloc[0]
            at = own.fits[form].predict(
                *([{"weekly_sets": 12.0}] if form != "constant" else []), kind="CR2"
            )
            # Satterthwaite's degrees of freedom from the form's own interval
            half = (alone["high"] - alone["low"]) / 2 / at["se"].item()
            df = optimize.brentq(lambda v, half=half: stats.t.ppf(0.975, v) - half, 1, 1e4)
            t = (answer[end] - at["estimate"].item()) / at["se"].item()
            found += weight * stats.t.cdf(t, df)
        assert found == pytest.approx(share, abs=1e-7)


def test_near_copies_are_named_with_the_weight_they_share(own):
    names, least, weight = own.near_copies()
    assert names == ["linear", "square root", "log"]
    x = own.fits["linear"].problem.x[:, 1]
    assert least == pytest.approx(np.corrcoef(x, np.log1p(x))[0, 1])
    assert weight == pytest.approx(own.forms.loc[names, "weight"].sum())
    alone = dr.refit(FALLING, outcome="strength", forms=["linear", "constant"])
    assert alone.near_copies()[0] == []


def test_forms_with_too_many_coefficients_for_the_studies_are_left_out_and_named():
    few = FALLING[FALLING["study"] <= "d"]
    curve = dr.refit(few, outcome="strength")
    assert list(curve.left_out) == ["quadratic", "spline"]
    assert curve.left_out["spline"] == "needs 5 trials or more, and there are 4"
    assert list(curve.fits) == ["constant", "linear", "square root", "log"]
    assert curve.response([10])[["pi_low", "pi_high"]].notna().all(axis=None)
    with pytest.raises(ValueError, match="form 'spline' needs 5 groups of 'study' or more"):
        dr.refit(few, outcome="strength", forms=["linear", "spline"])


def test_the_averaged_curve_lies_between_its_forms_and_doubts_more_than_they_do(own):
    doses = [2, 10, 40]
    mean = own.response(doses)
    each = np.array([own.response(doses, form=form)["estimate"] for form in own.fits])
    assert (mean["estimate"] >= each.min(axis=0)).all()
    assert (mean["estimate"] <= each.max(axis=0)).all()
    width = mean["high"] - mean["low"]
    weights = own.forms["weight"].to_numpy()
    halves = [
        (part["high"] - part["low"]).to_numpy()
        for part in (own.response(doses, form=form) for form in own.fits)
    ]
    assert (width >= weights @ np.array(halves)).all()
    assert (mean["pi_high"] > mean["high"]).all()
    assert (mean["pi_low"] < mean["low"]).all()
    assert own.response([80])["extrapolated"].all()


def test_a_difference_is_exact_at_its_reference_and_for_a_line_a_multiple_of_the_slope(own):
    answer = own.response([5, 15], reference_dose=5, form="linear")
    line = own.fits["linear"].coefficients.loc["weekly_sets"]
    assert answer["estimate"].tolist() == pytest.approx([0, 10 * line["estimate"]])
    robust = own.fits["linear"].robust().loc["weekly_sets"]
    assert answer["high"].tolist() == pytest.approx([0, 10 * robust["ci_high"]])
    assert answer["pi_low"].isna().all()


def test_the_averaged_slope_is_that_of_the_averaged_curve(own):
    step = 0.01
    ends = own.response([10 - step, 10 + step])["estimate"]
    assert own.slope(10)[0] == pytest.approx((ends[1] - ends[0]) / (2 * step), rel=1e-4)
    assert own.slope([5, 10, 20]).tolist() == sorted(own.slope([5, 10, 20]), reverse=True)


def test_the_refit_does_not_depend_on_the_unit_of_the_effect(sizes, own):
    c = 1e3
    scaled = sizes.assign(yi=sizes["yi"] * c, vi=sizes["vi"] * c**2)
    other = dr.refit(scaled, outcome="hypertrophy")
    np.testing.assert_allclose(other.forms["weight"], own.forms["weight"], rtol=1e-6)
    ours, theirs = own.response([3, 30]), other.response([3, 30])
    for name in ("estimate", "low", "high", "pi_low", "pi_high"):
        np.testing.assert_allclose(theirs[name], c * ours[name], rtol=1e-5)


def test_a_refit_stands_beside_published_curves_in_its_units(own):
    published = dr.curve_of("schoenfeld2017.slope_effect_size")
    both = dr.side_by_side([own, published], [5, 10], reference_dose=5)
    assert both["curve"].tolist() == ["refit", "refit", published.id, published.id]
    with pytest.raises(ValueError, match="dose_unit"):
        dr.side_by_side([own, dr.curve_of("krieger2010.categories")], [5, 10])


def test_a_form_an_outcome_or_a_level_that_is_not_there_is_refused(sizes, own):
    with pytest.raises(ValueError, match="constant, linear, square root"):
        dr.refit(sizes, outcome="hypertrophy", forms=["cubic"])
    with pytest.raises(ValueError, match="one form or more, each once; got"):
        dr.refit(sizes, outcome="hypertrophy", forms=[])
    with pytest.raises(ValueError, match="hypertrophy, strength"):
        dr.refit(sizes, outcome="size")
    with pytest.raises(ValueError, match="form must be one of constant, linear"):
        own.response([5], form="emax")
    with pytest.raises(ValueError, match="school"):
        dr.refit(sizes, outcome="hypertrophy", levels=["school", "es_id"])


def test_a_flat_relation_never_reaches_the_next_step():
    falling = dr.refit(FALLING, outcome="strength", forms=["linear"])
    steps = dr.sets_to_next_step(falling, [5], step=0.1)
    assert steps["further"].tolist() == [math.inf]
    assert steps["extrapolated"].tolist() == [True]


def test_a_variance_of_zero_is_named_in_the_table_of_forms():
    curve = dr.refit(FALLING, outcome="strength", forms=["constant", "linear"])
    assert (curve.forms["zero"] != "").all()
    for form, zero in curve.forms["zero"].items():
        for level in zero.split(", "):
            assert curve.fits[form].sigma2[level] < 1e-10


def test_variances_are_taken_at_the_mean_that_they_give(sizes):
    rows = sizes.drop(columns=["yi", "vi"])
    table, at = dr.at_common_effect(rows, r=0.9, vtype="large-sample")
    # metafor 3.8: .352 where each effect's own variance gave .268
    assert at == pytest.approx(0.345, abs=0.02)
    np.testing.assert_allclose(table["vi"], (2 * (1 - 0.9) + at**2 / 2) / table["n"])
    ratio, none = dr.at_common_effect(
        rows[rows["sd_post"].notna()], measure="log_response_ratio", r=0.9
    )
    assert none is None
    assert (ratio["vi"] > 0).all()
