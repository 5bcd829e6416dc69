"""One form asked for, and trials left out: the same as doing it by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from repdose import metaregression
from repdose.dose_response import refit
from repdose.dose_response.trials import CHOSEN, Trials
from repdose.inputs.declared import model
from repdose.inputs.validation import choices
from repdose.metaregression.estimation import Objective, finish
from repdose.tables.sentences import dose_response as sentences

GONE = ("Rhea2002", "Ostrowski1997")


@pytest.fixture(scope="module")
def whole():
    return Trials("strength")


def test_a_form_alone_is_the_fit_of_its_formula(whole):
    alone = Trials("strength", form="square root")
    line = metaregression.fit(
        whole.effects,
        formula="~ sqrt(weekly_sets)",
        levels=whole.levels,
        **whole.errors(whole.effects),
    )
    expected = line.predict({"weekly_sets": [5, 10]})
    found = alone.curve.response([5.0, 10.0])
    assert list(found["estimate"]) == pytest.approx(list(expected["estimate"]))
    assert list(alone.curve.forms.index) == ["square root"]
    assert alone.overall.terms == ["Intercept"]  # a flat form, though it is not averaged
    assert sentences.curve_name(alone.curve) == "square root curve"
    assert sentences.of_forms(alone.curve) == "the square root form alone"
    assert sentences.mixture(alone.curve) == "quantiles of t by the square root form alone"


def test_trials_left_out_are_left_out(whole):
    less = Trials("strength", left_out=GONE)
    by_hand = whole.effects[~whole.effects["study"].isin(GONE)]
    assert set(less.effects["study"]) == set(by_hand["study"])
    assert len(less.effects) < len(whole.effects)
    assert set(GONE) <= set(less.names)  # to be taken in again
    assert sentences.reads(less).endswith(
        "strength measured; left out by choice: Rhea2002, Ostrowski1997."
    )
    assert "left out" not in sentences.reads(whole)
    curve = refit(
        less.effects,
        outcome="strength",
        levels=less.levels,
        forms=["linear"],
        **less.errors(less.effects),
    )
    also = Trials("strength", left_out=GONE, form="linear").curve
    # the searches begin elsewhere, and end alike
    pd.testing.assert_frame_equal(also.response([10.0]), curve.response([10.0]), rtol=1e-8)


def test_a_trial_that_is_not_there_and_a_form_that_is_none_are_refused():
    with pytest.raises(ValueError, match="left_out: no trial 'Rhea2003' .* near it: Rhea2002"):
        _ = Trials("strength", left_out=("Rhea2003",)).arms
    with pytest.raises(ValueError, match="form"):
        _ = Trials("strength", form="constant").curve


def test_every_form_that_can_be_asked_for_is_declared():
    assert set(choices(model("dose_response").model_fields["form"])) == set(CHOSEN)


def at_the_top(fit):
    """A fit with its search ended by full Newton steps on exact curvature, from where it is."""
    objective = Objective(fit.fitted.tree, fit.fitted.tree.effects, restricted=True)
    point = fit.fitted.point
    for _ in range(4):
        _, slope = objective.value_and_gradient(point)
        _, turned = objective.value_and_gradient(point + 1e-30j * np.eye(len(point)))
        point = point - np.linalg.solve(turned.imag / 1e-30, slope)
    return finish(objective, replace(objective.minimise(point), point=point))


@pytest.mark.parametrize(
    "changes",
    [
        {"pre_post_r": 0.5},
        {"rho": 0.0},
        {"vtype": "large-sample"},
        {"variance_at": "own effect"},
        {"screened": "leave out"},
    ],
)
def test_trials_with_a_choice_made_otherwise_are_fitted_as_if_alone(whole, changes):
    other = whole.otherwise(**changes)
    alone = replace(other)  # knows of no other trials
    assert alone._near is None
    plain = {
        name: metaregression.fit(
            alone.effects,
            formula=fit.design.formula,
            levels=alone.levels,
            **alone.errors(alone.effects),
        )
        for name, fit in other.curve.fits.items()
    }
    for name, fit in plain.items():
        found, exact = other.curve.fits[name].fitted, at_the_top(fit)
        np.testing.assert_allclose(found.beta, exact.beta, rtol=1e-9)
        se, wanted = (np.sqrt(np.diag(one.covariance)) for one in (found, exact))
        np.testing.assert_allclose(se, wanted, rtol=1e-8)
        assert found.loglik == pytest.approx(fit.loglik, abs=1e-10)
    for one, another in (
        (other.slopes.difference(5, 10), alone.slopes.difference(5, 10)),
        (
            other.curve.response([10], reference_dose=5),
            alone.curve.response([10], reference_dose=5),
        ),
    ):
        for name in ("estimate", "low", "high"):
            assert float(np.squeeze(one[name])) == pytest.approx(
                float(np.squeeze(another[name])), rel=1e-8
            )


def test_trials_that_cannot_be_fitted_leave_nothing_to_others():
    # exact variances need more than three people an arm; large-sample ones do not
    small = Trials("hypertrophy", left_out=())
    small.__dict__["rows"] = small.rows.assign(n=3)
    with pytest.raises(ValueError, match="degrees of freedom"):
        _ = small.effects
    other = small.otherwise(vtype="large-sample")
    assert (other.effects["n"] == 3).all()
    assert other.slopes.difference(5, 10)["df"] > 4
