"""What the meta-regression refuses, and that the message names column, rows and the fix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from repdose import metaregression
from repdose.metaregression import influence


@pytest.fixture
def data():
    random = np.random.default_rng(1)
    study = np.repeat(list("abcdef"), 3)
    return pd.DataFrame(
        {
            "study": study,
            "es_id": range(18),
            "dose": np.tile([3.0, 6.0, 9.0], 6),
            "yi": random.normal(0.3, 0.2, 18),
            "vi": random.uniform(0.01, 0.05, 18),
        },
        index=range(100, 118),
    )


def fit(data, **options):
    return metaregression.fit(
        data, **{"formula": "~ dose", "levels": ["study", "es_id"], **options}
    )


def refused(data, *words, **options):
    with pytest.raises(ValueError, match=".") as caught:
        fit(data, **options)
    for word in words:
        assert word in str(caught.value), f"{word!r} is not in {caught.value}"


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("vi", np.nan, ("'vi'", "missing", "103", "drop")),
        ("vi", 0.0, ("'vi'", "not positive", "103", "correct or drop")),
        ("vi", -0.1, ("'vi'", "not positive", "103")),
        ("vi", np.inf, ("'vi'", "infinite", "103")),
        ("yi", np.nan, ("'yi'", "missing", "103")),
        ("yi", -np.inf, ("'yi'", "infinite", "103")),
        ("dose", np.nan, ("'dose'", "missing", "103")),
        ("dose", np.inf, ("'dose'", "infinite", "103")),
    ],
)
def test_a_bad_cell_is_named_by_column_and_row(data, column, value, words):
    data.loc[103, column] = value
    refused(data, *words)


@pytest.mark.parametrize("column", ["yi", "vi", "dose"])
def test_text_in_a_numeric_column_is_refused(data, column):
    data[column] = data[column].astype(object)
    data.loc[103, column] = "0.3 g"
    refused(data, f"'{column}'", "text", "103")
    data[column] = "7"
    refused(data, f"'{column}'", "text", "pandas.to_numeric")


@pytest.mark.parametrize("level", ["study", "es_id"])
def test_a_missing_group_is_refused(data, level):
    data[level] = data[level].astype(object)
    data.loc[103, level] = None
    refused(data, f"'{level}'", "missing", "103")


def test_one_study_is_refused(data):
    data["study"] = "a"
    refused(data, "'study'", "one group", "outermost")


def test_a_constant_moderator_is_refused(data):
    data["dose"] = 3.0
    refused(data, "'dose'", "constant", "remove")


@pytest.mark.parametrize("factor", [1e-6, 1.0, 1e6])
def test_a_collinear_moderator_is_refused_in_any_unit(data, factor):
    data["double"] = data["dose"] * 2 * factor + 1
    refused(data, "'double'", "collinear", "dose", formula="~ dose + double")


def test_as_many_coefficients_as_studies_are_refused(data):
    few = data[data["study"].isin(["a", "b"])]
    refused(few, "2 coefficients", "2 groups", "'study'", "more studies")


def test_too_many_crossed_sampling_groups_are_refused():
    random = np.random.default_rng(1)
    study = np.repeat(["a", "b", "c"], 80)
    columns = {"study": study, "yi": random.normal(size=240), "vi": 0.1, "es": range(240)}
    table = pd.DataFrame(columns)
    table["site"] = table["study"] + (table["es"] % 2).astype(str)
    table["person"] = table["study"] + (table["es"] % 80 // 2).astype(str)
    options = {"formula": "~ 1", "levels": ["study", "site", "es"], "rho": 0.5}
    refused(table, "rho_within", "'study'", "40", "coarser", rho_within="person", **options)


def test_levels_that_are_the_same_grouping_are_refused(data):
    data["copy"] = data["study"]
    refused(data, "'study'", "'copy'", "alike", levels=["study", "copy"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"effect": "g"}, ("effect", "'g'", "yi")),
        ({"variance": "se"}, ("variance", "'se'", "vi")),
        ({"levels": ["trial"]}, ("levels", "'trial'", "study")),
        ({"levels": "study"}, ("list", "outermost first")),
        ({"levels": []}, ("list", "outermost first")),
        ({"levels": ["study", "study"]}, ("twice",)),
        ({"formula": "~ sets"}, ("'sets'", "dose")),
        ({"formula": "yi ~ dose"}, ("effect=",)),
        ({"formula": "~ dose +"}, ("formula",)),
        ({"formula": "~ dose**2"}, ("I(dose**2)",)),
        ({"formula": "~ log(dose - 3)"}, ("log", "above 0", "log1p")),
        ({"formula": "~ sqrt(dose - 4)"}, ("sqrt", "at least 0")),
        ({"formula": "~ rcs(dose, 2)"}, ("knots", "3, 4, 5")),
        ({"formula": "~ rcs(dose, [5, 3, 9])"}, ("increasing",)),
        ({"formula": "~ rcs(dose, 5)"}, ("give the knots",)),
        ({"formula": 3}, ("formula", "3")),
        ({"formula": "~ "}, ("empty", "~ 1")),
        ({"formula": "~ 0"}, ("no terms", "~ 1")),
        ({"formula": "~ dose + (1 | study)"}, ("levels=", "slopes=")),
        ({"formula": "~ (dose"}, ("cannot be read",)),
        ({"formula": "~ unknown(dose)"}, ("unknown",)),
        ({"method": "reml"}, ("method", "REML", "'reml'")),
        ({"method": "DL"}, ("DL", "one level", "REML")),
        ({"test": "hartung-knapp"}, ("hartung-knapp", "one level")),
        ({"test": "normal"}, ("test", "'normal'")),
        ({"rho": 1.0}, ("rho", "1.0", "below 1")),
        ({"rho": -0.1}, ("rho", "-0.1")),
        ({"rho": 0.5, "rho_within": "arm"}, ("rho_within", "'arm'")),
        ({"slopes": {"trial": "dose"}}, ("slopes", "'trial'", "study")),
        ({"slopes": {"study": "sets"}}, ("'sets'",)),
        ({"slopes": {"study": "dose + yi"}}, ("one numeric column",)),
    ],
)
def test_an_argument_that_cannot_be_is_named(data, options, words):
    refused(data, *words, **options)


def test_data_that_is_no_table_is_refused(data):
    for wrong in (data.to_numpy(), None, data.to_dict()):
        refused(wrong, "DataFrame")
    refused(data.iloc[:0], "no rows")


def test_a_repeated_column_is_refused(data):
    refused(pd.concat([data, data[["vi"]]], axis=1), "'vi'", "2 columns")


def test_a_fit_that_did_not_converge_warns_and_says_so(data):
    with pytest.warns(metaregression.ConvergenceWarning, match="did not converge in 1 steps"):
        found = fit(data, max_iterations=1)
    assert not found.converged
    assert "NOT CONVERGED" in str(found)


def test_a_refit_that_did_not_converge_names_the_study_left_out(data, monkeypatch):
    found = fit(data)
    refit = influence.fit_again

    left_out = iter("abcdef")
    monkeypatch.setattr(
        influence,
        "fit_again",
        lambda *given: replace(refit(*given), converged=next(left_out) != "c"),
    )
    with pytest.warns(metaregression.ConvergenceWarning, match="without study c the fit"):
        found.leave_one_out()


def test_values_alone_will_do_where_there_is_one_moderator(data):
    found = fit(data)
    pd.testing.assert_frame_equal(found.predict([3, 10]), found.predict({"dose": [3, 10]}))
    pd.testing.assert_frame_equal(found.predict(3), found.predict({"dose": 3}))


def test_predictions_refuse_what_the_fit_does_not_know(data):
    found = fit(data)
    wrong = [
        (None, "dose"),
        ({}, "dose"),
        ({"sets": 3}, "'sets'"),
        ({"dose": np.nan}, "missing"),
        ({"dose": "many"}, "dose"),
        ({"dose": [1, 2], "other": 1}, "'other'"),
        ("many", "dictionary"),
        ([1, "many"], "dose"),
    ]
    for new, word in wrong:
        with pytest.raises(ValueError, match=word):
            found.predict(new)
    with pytest.raises(ValueError, match="level"):
        found.predict({"dose": 3}, level=95)
    with pytest.raises(ValueError, match="CR2"):
        found.predict({"dose": 3}, kind="HC3")


def test_criteria_and_tests_refuse_fits_that_do_not_compare(data):
    found = fit(data)
    with pytest.raises(ValueError, match="method='ML'"):
        _ = found.aic
    with pytest.raises(ValueError, match="under ML only"):
        found.likelihood_ratio(fit(data, formula="~ 1"))
    with pytest.raises(ValueError, match="same effects"):
        found.likelihood_ratio(fit(data.iloc[:-3]))
    with pytest.raises(ValueError, match="'sets'"):
        found.wald(["sets"])
    moment = metaregression.fit(data.iloc[::3], levels=["study"], method="DL")
    with pytest.raises(ValueError, match="no likelihood"):
        _ = moment.loglik
    with pytest.raises(ValueError, match="no likelihood"):
        moment.variance_intervals()
    with pytest.raises(ValueError, match="replicates"):
        found.bootstrap(0, seed=1)
    with pytest.raises(ValueError, match="intercept"):
        fit(data, formula="~ 0 + dose").small_study_effects()
