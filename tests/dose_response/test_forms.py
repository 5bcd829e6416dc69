"""Which forms are weighed, and which are left out of the average and why."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from repdose import dose_response as dr
from repdose import metaregression
from repdose.evidence.own_trials import template


def trials(doses):
    """A study for each set of doses, with an arm a dose, on a line of .01 a set."""
    random = np.random.default_rng(3)
    rows = []
    for number, given in enumerate(doses):
        shift = random.normal(0, 0.2)
        for dose in given:
            gain = 0.3 + 0.01 * dose + shift + random.normal(0, 0.1)
            rows.append((f"s{number}", f"s{number} {dose}", len(rows), float(dose), gain))
    names = ["study", "arm", "es_id", "weekly_sets", "yi"]
    return pd.DataFrame(rows, columns=names).assign(vi=0.02)


# Arms of 5 and 10 sets in every study, and of 30 sets in the first alone: a parabola through the
# others passes through that arm exactly, whatever it gained.
ONE_BENDS = [(5, 10, 30)] + [(5, 10)] * 7


def test_a_form_that_one_study_alone_carries_is_not_averaged_and_says_whose_it_is():
    curve = dr.refit(trials(ONE_BENDS), outcome="strength")
    assert curve.left_out["quadratic"] == "rests on study s0 alone"
    assert curve.forms.loc["quadratic", "weight"] == 0
    assert math.isfinite(curve.forms.loc["quadratic", "aic"])
    assert curve.forms["weight"].sum() == pytest.approx(1)
    # it is not counted among those averaged either
    assert curve.averaged == ["constant", "linear", "square root", "log"]
    assert repr(curve).startswith("<Refit “refit”: 4 forms averaged, ")
    # the engine refuses a robust error of its bend, and so does the form by itself
    bent = curve.fits["quadratic"].robust("CR2").iloc[-1]
    assert math.isnan(bent["se"])
    assert bent["note"].startswith("rests on study s0 alone")
    with pytest.raises(ValueError, match="'quadratic' rests on study s0 alone, so it has no robu"):
        curve.response([10], reference_dose=5, form="quadratic")
    alone = curve.response([10], reference_dose=5, form="quadratic", kind=None).iloc[0]
    assert alone["low"] < alone["estimate"] < alone["high"]


def test_the_average_is_that_of_the_other_forms_by_their_weights_among_themselves():
    curve = dr.refit(trials(ONE_BENDS), outcome="strength")
    others = [name for name in curve.fits if name != "quadratic"]
    aic = curve.forms.loc[others, "aic"]
    weights = np.exp(-(aic - aic.min()) / 2)
    each = [curve.response([20], form=name)["estimate"].item() for name in others]
    expected = np.average(each, weights=weights)
    assert curve.response([20])["estimate"].item() == pytest.approx(expected)
    assert curve.response([20])[["low", "high", "pi_low", "pi_high"]].notna().all(axis=None)


def test_doses_that_cannot_tell_forms_apart_leave_out_those_with_a_bend():
    # two doses: a parabola and a spline through them are any, a line is one
    curve = dr.refit(trials([(5, 10)] * 8), outcome="strength")
    assert list(curve.left_out) == ["quadratic", "spline"]
    assert set(curve.left_out.values()) == {"these doses cannot tell from another form"}
    assert list(curve.fits) == ["constant", "linear", "square root", "log"]
    for form in ("quadratic", "spline"):
        with pytest.raises(ValueError, match="collinear|knots"):
            dr.refit(trials([(5, 10)] * 8), outcome="strength", forms=[form])


def test_a_flat_form_alone_is_no_average():
    # one study alone has another dose: no rising form is left
    with pytest.raises(ValueError, match="form 'linear' rests on study s0 alone: no robust"):
        dr.refit(trials([(6, 30)] + [(6, 6)] * 7), outcome="strength")
    # three studies are too few for any slope
    with pytest.raises(ValueError, match="form 'linear' needs 4 groups of 'study' or more"):
        dr.refit(trials([(3, 6), (4, 9), (5, 12)]), outcome="strength")
    # asked for by name it is an answer
    flat = dr.refit(trials([(6, 30)] + [(6, 6)] * 7), outcome="strength", forms=["constant"])
    assert flat.forms["weight"].tolist() == [1]
    with pytest.raises(ValueError, match="form 'linear' rests on study s0 alone"):
        dr.refit(trials([(6, 30)] + [(6, 6)] * 7), outcome="strength", forms=["linear"])


def test_what_is_wrong_with_the_table_is_told_and_not_laid_on_a_form():
    table = trials([(5, 10)] * 8)
    table.loc[3, "vi"] = -1.0
    with pytest.raises(ValueError, match="vi"):
        dr.refit(table, outcome="strength")
    missing = trials([(5, 10)] * 8).drop(columns="weekly_sets")
    with pytest.raises(ValueError, match="weekly_sets"):
        dr.refit(missing, outcome="strength")


def test_weights_are_those_of_likelihoods_that_are_not_restricted():
    table = trials([(3, 6), (4, 8), (5, 10), (6, 9), (5, 7), (4, 9), (3, 12), (6, 10)])
    curve = dr.refit(table, outcome="strength", forms=["constant", "linear"])
    for form, formula in (("constant", "~ 1"), ("linear", "~ weekly_sets")):
        likely = metaregression.fit(table, formula=formula, levels=["study", "es_id"], method="ML")
        assert curve.forms.loc[form, "aic"] == pytest.approx(likely.aic)
        assert curve.forms.loc[form, "parameters"] == (3 if form == "constant" else 4)
    gap = curve.forms["aic"].diff().iloc[1]
    ratio = curve.forms["weight"].iloc[1] / curve.forms["weight"].iloc[0]
    assert ratio == pytest.approx(math.exp(-gap / 2))


def test_forms_that_were_asked_for_must_each_do_and_stand_there_once():
    with pytest.raises(ValueError, match="form 'quadratic' rests on study s0 alone"):
        dr.refit(trials(ONE_BENDS), outcome="strength", forms=["linear", "quadratic"])
    with pytest.raises(ValueError, match=r"each once; got \['linear', 'linear'\]"):
        dr.refit(trials(ONE_BENDS), outcome="strength", forms=["linear", "linear"])


def test_a_form_that_passes_through_every_effect_has_no_interval_of_width_zero():
    table = trials([(3, 6), (4, 8), (5, 10), (6, 9), (5, 7), (4, 9), (3, 12), (6, 10)])
    with pytest.raises(ValueError, match="form 'constant' leaves no residual"):
        dr.refit(table.assign(yi=0.5), outcome="strength")
    exact = table.assign(yi=0.1 * table["weekly_sets"])
    with pytest.raises(ValueError, match="form 'linear' leaves no residual"):
        dr.refit(exact, outcome="strength", forms=["linear"])
    with pytest.raises(ValueError, match="form 'constant' leaves no residual"):
        dr.refit(table.assign(yi=0.5), outcome="strength", forms=["constant"])


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (-3.0, r"'weekly_sets' is below 0 at rows 3 \(first: -3.0\)"),
        (math.nan, "'weekly_sets' is missing at rows 3"),
    ],
)
def test_a_dose_that_is_none_is_refused_by_its_row(value, said):
    table = trials([(5, 10)] * 8)
    table.loc[3, "weekly_sets"] = value
    for ask in (lambda: dr.refit(table, outcome="strength"), lambda: dr.within_between(table)):
        with pytest.raises(ValueError, match=said):
            ask()


def test_what_is_predicted_is_no_surer_than_the_mean(tmp_path):
    # six trials without any spread of true gains: at its highest dose the mean has two degrees of
    # freedom, which the prediction's three would pass over
    (tmp_path / "mine.csv").write_text(template(), "utf-8")
    curve = dr.read_trials(tmp_path / "mine.csv").curve
    fit, doses = curve.fits["linear"], [3, 10, 20]
    row = fit.predict({"weekly_sets": [20]}, kind="CR2").iloc[0]
    narrow = stats.t.ppf(0.975, 6 - 2 - 1) * math.sqrt(row["se"] ** 2 + fit.sigma2.sum())
    assert row["ci_high"] - row["estimate"] > narrow
    line = curve.response(doses, form="linear")
    assert line["high"].iloc[-1] == pytest.approx(row["ci_high"])
    assert line["pi_high"].iloc[-1] == pytest.approx(row["ci_high"])
    names = {"low": "ci_low", "high": "ci_high"}
    by_fit = fit.predict({"weekly_sets": doses}, kind="CR2").drop(columns=["se"])
    for found in (
        line,
        curve.response(doses),
        by_fit.rename(columns={v: k for k, v in names.items()}),
    ):
        assert (found["pi_low"] <= found["low"]).all()
        assert (found["pi_high"] >= found["high"]).all()
    # where the mean is the surer of the two nothing is changed
    first = fit.predict({"weekly_sets": [3]}, kind="CR2").iloc[0]
    wide = stats.t.ppf(0.975, 3) * math.sqrt(first["se"] ** 2 + fit.sigma2.sum())
    assert line["pi_high"].iloc[0] == pytest.approx(first["estimate"] + wide)
