"""One form asked for, and trials left out: the same as doing it by hand."""

from __future__ import annotations

import pytest

from repdose import metaregression
from repdose.dose_response import refit
from repdose.dose_response.trials import CHOSEN, Trials
from repdose.inputs.declared import model
from repdose.inputs.validation import choices
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
    assert also.response([10.0]).equals(curve.response([10.0]))


def test_a_trial_that_is_not_there_and_a_form_that_is_none_are_refused():
    with pytest.raises(ValueError, match="left_out: no trial 'Rhea2003' .* near it: Rhea2002"):
        _ = Trials("strength", left_out=("Rhea2003",)).arms
    with pytest.raises(ValueError, match="form"):
        _ = Trials("strength", form="constant").curve


def test_every_form_that_can_be_asked_for_is_declared():
    assert set(choices(model("dose_response").model_fields["form"])) == set(CHOSEN)
