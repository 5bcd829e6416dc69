"""Kinds of input: categories, functions, names, types, gaps, ids that restart."""

from __future__ import annotations

import datetime
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import metaregression

PUBLISHED = Path(__file__).parent / "published"


@pytest.fixture
def data():
    random = np.random.default_rng(1)
    return pd.DataFrame(
        {
            "study": np.repeat(list("abcdef"), 3),
            "es_id": range(18),
            "dose": np.tile([3.0, 6.0, 9.0], 6),
            "status": np.tile(["untrained", "trained", "elite"], 6),
            "yi": random.normal(0.3, 0.2, 18),
            "vi": random.uniform(0.01, 0.05, 18),
        },
        index=range(100, 118),
    )


def fit(data, formula="~ dose", **options):
    return metaregression.fit(data, formula=formula, **{"levels": ["study", "es_id"], **options})


def message(data, formula="~ dose", **options):
    with pytest.raises(ValueError, match=".") as caught:
        fit(data, formula, **options)
    assert "np." not in str(caught.value).replace("np.log", "").replace("np.exp", "")
    return str(caught.value)


# -- categories --------------------------------------------------------------------------------


def test_the_order_of_categories_sets_the_reference(data):
    order = ["untrained", "elite", "trained", "nobody"]
    data["status"] = pd.Categorical(data["status"], categories=order)
    found = fit(data, "~ status")
    assert found.terms == ["Intercept", "status[T.elite]", "status[T.trained]"]
    plain = fit(data.assign(status=data["status"].astype(str)), "~ status")
    assert plain.terms == ["Intercept", "status[T.trained]", "status[T.untrained]"]
    new = {"status": ["trained", "elite", "untrained"]}
    np.testing.assert_allclose(found.predict(new), plain.predict(new), rtol=1e-9)
    reversed_ = pd.DataFrame({"status": pd.Categorical(new["status"], categories=order[::-1])})
    np.testing.assert_allclose(found.predict(reversed_), plain.predict(new), rtol=1e-9)


def test_numbers_as_categories_stay_categories_in_prediction(data):
    data["arms"] = pd.Categorical(np.tile([3, 1, 2], 6), categories=[3, 1, 2])
    found = fit(data, "~ arms")
    assert found.terms == ["Intercept", "arms[T.1]", "arms[T.2]"]
    b = found.coefficients["estimate"].to_numpy()
    at = found.predict({"arms": [1, 2, 3]})["estimate"]
    np.testing.assert_allclose(at, [b[0] + b[1], b[0] + b[2], b[0]], rtol=1e-12)
    with pytest.raises(ValueError, match=r"'arms' has no category 4.*it has 3, 1, 2"):
        found.predict({"arms": 4})


def test_a_number_for_a_category_and_the_reverse_are_refused(data):
    with pytest.raises(ValueError, match=r"'status' has no category 3.0"):
        fit(data, "~ status").predict({"status": 3.0})
    with pytest.raises(ValueError, match=r"'dose' is a number in the fit; got 'many'"):
        fit(data).predict({"dose": "many"})


# -- functions in formulas ---------------------------------------------------------------------


@pytest.mark.parametrize("term", ["np.log(dose - 3)", "I(1 / (dose - 3))", "I((dose - 5) ** 0.5)"])
def test_a_function_without_a_value_is_refused_by_row_in_fit_and_prediction(data, term):
    said = message(data, f"~ {term}")
    assert "no finite value at rows 100, 103, 106, 109, 112 and 1 more (study a, b, c, d, e" in said
    found = fit(data.assign(dose=data["dose"] + 3), f"~ {term}")
    with pytest.raises(ValueError, match="no finite value at rows 1"):
        found.predict({"dose": [6.0, 3.0, 9.0]})
    with pytest.raises(ValueError, match="no finite value at rows third"):
        found.predict(pd.DataFrame({"dose": [6.0, 9.0, 3.0]}, index=["first", "second", "third"]))
    with pytest.raises(ValueError, match="no finite value"):
        fit(data, slopes={"study": term})


def test_a_function_that_gives_fewer_rows_is_refused(data):
    assert "one value for each of the 18 rows" in message(data, "~ dose.dropna()[:2]")


# -- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["Wochensätze", "週セット", "सेट", "weekly.sets", "se\u0301ries", "наборы", "مجموعات"]
)
@pytest.mark.parametrize("pattern", ["~ {}", "~ np.log({})", "~ {0} + I({0}**2)", "~ `{}`"])
def test_names_in_any_alphabet_and_with_dots_work(data, name, pattern):
    plain = fit(data, pattern.format("dose").replace("`", ""))
    other = fit(data.rename(columns={"dose": name}), pattern.format(name))
    columns = ["estimate", "se"]
    np.testing.assert_allclose(other.coefficients[columns], plain.coefficients[columns], rtol=1e-12)
    new = pd.DataFrame({name: [4.0, 5.0]})
    np.testing.assert_allclose(other.predict(new), plain.predict({"dose": [4.0, 5.0]}), rtol=1e-9)


@pytest.mark.parametrize("name", ["weekly sets", "sets/week", "sets (n)"])
def test_a_name_that_needs_backticks_is_shown_with_them(data, name):
    table = data.rename(columns={"dose": name})
    assert f"~ `{name}`" in message(table, f"~ {name}")
    assert fit(table, f"~ `{name}`").terms == ["Intercept", name]


# -- types -------------------------------------------------------------------------------------

MOMENT = datetime.datetime(2020, 1, 1)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (pd.date_range("2020", periods=18), "datetime64"),
        (pd.date_range("2020", periods=18, tz="UTC"), "datetime64"),
        (pd.to_timedelta(range(18), unit="D"), "timedelta64"),
        (np.arange(18) + 1j, "complex128"),
        (pd.period_range("2020", periods=18, freq="Y"), "period"),
        (pd.Series([MOMENT] * 18, dtype=object), "datetime"),
        (pd.Series([MOMENT.date()] * 18, dtype=object), "date"),
        (pd.Series([MOMENT - MOMENT] * 18, dtype=object), "timedelta"),
        (pd.Series([np.complex64(1)] * 18, dtype=object), "complex"),
        (pd.Series([[1]] * 18, dtype=object), "list"),
    ],
)
@pytest.mark.parametrize("column", ["yi", "vi", "dose"])
def test_types_that_are_no_numbers_are_refused_by_name(data, column, values, kind):
    table = data.drop(columns=column)
    table[column] = np.asarray(values) if not isinstance(values, pd.DatetimeIndex) else values
    if isinstance(values, (pd.Series, pd.PeriodIndex)):
        table[column] = pd.Series(values.array, index=table.index)
    said = message(table)
    assert f"'{column}'" in said
    assert kind in said.lower()
    assert "number" in said


def test_a_record_with_a_value_counts_as_its_number(data):
    class Value:
        def __init__(self, value):
            self.value = value

        def __float__(self):
            return self.value

    held = data.assign(dose=[Value(value) for value in data["dose"]])
    np.testing.assert_array_equal(
        fit(held).coefficients["estimate"], fit(data).coefficients["estimate"]
    )


# -- missing values ----------------------------------------------------------------------------


def test_gaps_are_refused_all_at_once_with_studies_and_what_would_go(data):
    data.loc[[103, 104, 105], "vi"] = np.nan
    data.loc[110, "dose"] = np.nan
    said = message(data)
    assert "'vi' is missing at rows 103, 104, 105 (study b)" in said
    assert "'dose' is missing at rows 110 (study d)" in said
    assert "missing='drop'" in said
    assert "4 of 18 rows and 1 of 6 groups of 'study' (b)" in said


def test_gaps_are_dropped_and_counted_where_asked(data):
    gaps = data.copy()
    gaps.loc[[103, 104, 105], "vi"] = np.nan
    gaps.loc[110, "dose"] = np.nan
    found = fit(gaps, missing="drop")
    expected = fit(data.drop(index=[103, 104, 105, 110]))
    pd.testing.assert_frame_equal(found.coefficients, expected.coefficients)
    assert found.dropped.rows == (103, 104, 105, 110)
    assert found.dropped.studies == ("b",)
    assert found.dropped.columns == {"vi": 3, "dose": 1}
    assert "4 rows with missing values left out (vi 3, dose 1); wholly gone: b" in str(found)
    assert "left out" not in str(expected)
    assert expected.dropped.rows == ()


def test_a_gap_in_a_column_that_is_not_used_costs_nothing(data):
    gaps = data.assign(other=np.nan)
    assert fit(gaps, missing="drop").k == 18
    with pytest.raises(ValueError, match="every row lacks other"):
        fit(gaps, "~ other", missing="drop")
    with pytest.raises(ValueError, match="missing must be one of refuse, drop"):
        fit(data, missing="ignore")


def test_bad_values_name_their_studies_and_the_cost(data):
    data.loc[[100, 101, 102], "vi"] = [0.0, -1.0, 0.0]
    said = message(data)
    assert "rows 100, 101, 102 (study a)" in said
    assert "(first: 0.0)" in said
    assert "3 of 18 rows and 1 of 6 groups of 'study' (a)" in said


# -- inputs of several indexes -----------------------------------------------------------------


def test_new_columns_with_different_indexes_are_refused(data):
    found = fit(data.assign(age=np.arange(18.0) % 5), "~ dose + age")
    dose = pd.Series([3.0, 6.0], index=["x", "y"])
    with pytest.raises(ValueError, match=r"dose and age have different indexes"):
        found.predict({"dose": dose, "age": pd.Series([1.0, 2.0], index=["y", "x"])})
    assert len(found.predict({"dose": dose, "age": pd.Series([1.0, 2.0], index=["x", "y"])})) == 2


# -- nested levels -----------------------------------------------------------------------------


def restarted(data, column, parent):
    return data.assign(**{column: data.groupby(parent).cumcount() + 1})


def test_ids_that_restart_fit_as_unique_ones_do():
    data = pd.read_csv(PUBLISHED / "volume_size_effects.csv", comment="#")
    data["arm"] = data["study"] + data["arm"].astype(str)
    again = restarted(data, "es_id", "study")
    again["arm"] = again.groupby("study")["arm"].transform(lambda arm: pd.factorize(arm)[0])
    for options in (
        {"levels": ["study", "es_id"]},
        {"levels": ["study", "arm", "es_id"], "rho": 0.6, "rho_within": "arm"},
        {"levels": ["study", "es_id"], "rho": 0.6, "rho_within": "arm"},
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            one = fit(data, "~ weekly_sets", **options)
            two = fit(again, "~ weekly_sets", **options)
        assert two.groups == one.groups
        pd.testing.assert_frame_equal(two.robust(), one.robust())
        pd.testing.assert_frame_equal(two.leave_one_out(), one.leave_one_out())
        pd.testing.assert_frame_equal(two.bootstrap(5, seed=1), one.bootstrap(5, seed=1))
        assert "es_id, labels taken within" in str(two)
        assert "es_id, labels taken within" in str(two.groups)
        assert "labels taken within" not in str(one)


def test_a_text_label_that_recurs_is_taken_as_nested_with_a_warning(data):
    with pytest.warns(UserWarning, match=r"'status': untrained, trained, elite recur.*crossed"):
        found = fit(data, levels=["study", "status"])
    assert found.groups == {"study": 6, "status": 18}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(data.assign(es=[f"e{i}" for i in [1, 2, 3] * 6]), levels=["study", "es"])
        fit(data.assign(arm=["a", "b", "b"] * 2 + ["c", "d", "d"] * 4), levels=["study", "es_id"])


def test_messages_carry_plain_values(data):
    numbered = data.assign(study=np.repeat(np.arange(6), 3), alone=(np.arange(18) < 3) * 1.0)
    found = fit(numbered, "~ alone")
    with pytest.raises(ValueError, match="without study 0 the coefficients"):
        found.leave_one_out()
    assert "got 1.5" in message(data, rho=np.float64(1.5))
    assert "holds one group only (7)" in message(data.assign(study=7))
    labelled = data.set_index([np.repeat([1, 2], 9), np.arange(18)])
    labelled.iloc[3, labelled.columns.get_loc("vi")] = np.nan
    assert "rows (1, 3) (study b)" in message(labelled)
