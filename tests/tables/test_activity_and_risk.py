"""Tables of the report on training minutes and risk, against print and arithmetic on paper."""

from __future__ import annotations

import csv
import inspect
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import two_sessions as sessions
from two_stages import NAMES, PLAN, WEEKS, rows

from repdose import evidence as ev
from repdose.dose_response import grouped
from repdose.inputs.progressions import plan
from repdose.tables import activity_and_risk as tables


@pytest.fixture(scope="module")
def risks():
    return tables.Risks("quadratic")


def test_weekly_minutes_on_paper():
    """First weeks: two sessions of two sets of 10 x 5 s and one rest of 120 s; then three of
    three sets of 12 x 5 s and two rests."""
    weekly = tables.weekly_minutes(plan("foundation"))
    assert weekly["week"].tolist() == list(range(1, 9))
    assert weekly["working"].iloc[0] == pytest.approx(2 * 2 * 50 / 60)
    assert weekly["elapsed"].iloc[0] == pytest.approx(2 * (2 * 50 + 120) / 60)
    assert weekly["elapsed"].iloc[-1] == pytest.approx(3 * (3 * 60 + 2 * 120) / 60)


def test_stages_of_a_plan_are_read_off_the_curve(risks):
    table = tables.for_a_plan(risks, plan("foundation"))
    assert table["Weeks"].tolist() == ["1 to 2", "3 to 4", "5 to 6", "7 to 8"]
    assert table["Elapsed [min/week]"].tolist() == pytest.approx([22 / 3, 21, 18, 21])
    assert table["Working [min/week]"].tolist() == pytest.approx([10 / 3, 9, 6, 9])
    at = risks.fit.curve(21).iloc[0]
    assert table["Ratio, elapsed"].iloc[3] == (
        f"{at['rr']:.2f} ({at['ci_low']:.2f} to {at['ci_high']:.2f})"
    )


def test_categories_stand_as_printed_beside_their_crude_ratio(risks):
    table = tables.categories(risks)
    classes = table["Class [min/week]"].tolist()
    assert classes[:5] == ["none", "1 to 19", "20 to 59", "60 to 149", "150 or more"]
    row = table.iloc[4]
    assert row["Dose taken [min/week]"] == 150 + (149 - 60) / 2
    assert row["By"] == "open class: half-width"
    assert row["Crude ratio"] == pytest.approx((86 / 12515) / (2599 / 271749))
    assert table["Crude ratio"].iloc[[0, 5]].tolist() == [1, 1]


def test_shares_between_cohorts_stand_beside_their_category(risks):
    table, shares = tables.categories(risks), risks.fit.categories()
    assert table[tables.BETWEEN].isna().tolist() == [True, *[False] * 4, True, *[False] * 3]
    assert table[tables.BETWEEN].dropna().to_numpy() == pytest.approx(100 * shares["vpc"])


def test_each_cohort_is_left_out_in_turn(risks):
    table = tables.left_out(risks.leisure, 7.5).set_index("Left out")
    assert list(table.index) == ["none", "AARP", "CLUE II", "CPS II", "USRT", "WHS", "WLH"]
    rows = ev.trials("leisure_activity_mortality")
    other = grouped(
        rows[rows["study"] != "WLH"], covariance="independent", knots=risks.leisure.shape.knots
    )
    assert table.loc["WLH", "Ratio"] == pytest.approx(other.curve(7.5)["rr"].iloc[0], rel=1e-6)
    assert table.loc["none", "Ratio"] == risks.leisure.curve(7.5)["rr"].iloc[0]


def test_deaths_by_each_cohorts_own_rate(risks):
    table = tables.absolute(risks, 60.0).set_index("Rate at none of")
    rate = 1000 * 15671 / 706525
    row = table.loc["Patel et al. 2020"]
    at = risks.fit.curve(60).iloc[0]
    assert row.iloc[0] == pytest.approx(rate)
    assert row["At 60 min/week"] == pytest.approx(rate * at["rr"])
    assert row["Difference"] == pytest.approx(rate * (at["rr"] - 1))
    assert row["95 % high"] == pytest.approx(rate * (at["ci_high"] - 1))


def test_the_dose_that_holds_95_percent_of_the_person_years(risks):
    """Person-years are laid end to end from the least dose up."""
    years = [271749, 706525, 20224, 55001, 19319, 55322, 23035, 42355, 12515]
    doses = [0, 0, 10, 30, 39.5, 90, 104.5, 150, 194.5]
    total, before = sum(years), 0.0
    middles = []
    for own in years:
        middles.append((before + own / 2) / total)
        before += own
    at = next(i for i, share in enumerate(middles) if share > 0.95)
    share = (0.95 - middles[at - 1]) / (middles[at] - middles[at - 1])
    expected = doses[at - 1] + share * (doses[at] - doses[at - 1])
    assert risks.covered == pytest.approx(expected)


def test_measures_are_those_of_the_fit(risks):
    table = tables.measures(risks).set_index("Measure")
    assert table.loc["Q", "p"] == "0.007"
    assert table.loc["D", "p"] == "< 0.001"
    assert table.loc["I² [%]", "p"] == ""
    assert table.loc["D", "Value"] == pytest.approx(risks.fit.goodness()["deviance"])
    assert table["What"].iloc[-1] == "Departure from a line"
    root = tables.measures(tables.Risks("root"))
    assert "Departure from a line" not in set(root["What"])


def test_outcomes_of_one_cohort_are_fitted_alone():
    table = tables.other_outcomes(30.0).set_index("Outcome")
    assert list(table.index) == ["cardiovascular death", "cancer death", "type 2 diabetes"]
    assert table.loc["type 2 diabetes", "Cohort"] == "Shiroma et al. 2017"
    assert (table["Lowest ratio"] <= table["Ratio"]).all()


def test_published_results_are_as_shipped():
    table = tables.published()
    assert len(table) == len(tables.BESIDE)
    row = table[table["Source"] == "Shailendra et al. 2022"].iloc[1]
    assert row["Value"] == "0.74 (0.64 to 0.86)"
    assert row["Seen in"] == "abstract"
    assert table["Seen in"].iloc[0] == "table 1, full-text"


def test_screening_names_table_rows_and_study():
    table = tables.screened()
    assert table["Rows"].tolist() == ["5", "9", "13", "17"]
    assert set(table["Table"]) == {"strength training mortality"}


def test_declared_contradictions_are_those_of_these_tables():
    table = tables.declared()
    assert table["Rows"].tolist() == ["9", "1, 2, 3, 4, 5"]
    assert set(table["Done"]) == {"flag"}


def test_choices_that_move_nothing_say_so(risks):
    universe = risks.choices(10)
    table = tables.choices(universe)
    assert set(table["Choice"]) == {one.label for one in universe.choices}
    assert table["Lowest ratio"].min() >= universe.range[0]
    assert isinstance(table, pd.DataFrame)


def test_minutes_of_whole_sessions_add_up_to_one_row_a_week():
    # Monday 690 s, 270 of them at work; Thursday 740 s and 200 s
    minutes = tables.weekly_minutes(sessions.PLAN)
    assert minutes["week"].tolist() == [1, 2, 3]
    assert minutes["elapsed"].tolist() == pytest.approx([1430 / 60] * 3)
    assert minutes["working"].tolist() == pytest.approx([470 / 60] * 3)


class Line:
    """A curve on paper: at a dose d the ratio is 1 + d / 1000 with ends at unlike distances."""

    studied = (0.0, 200.0)
    shape = SimpleNamespace(terms=("dose", "dose**2"))

    def __init__(self, rise=0.0):
        self.rise = rise

    def curve(self, doses):
        dose = pd.Series(doses if isinstance(doses, tuple) else [doses], dtype=float)
        ratio = 1 + dose / 1000 + self.rise
        ends = {"ci_low": -0.1, "ci_high": 0.2, "pi_low": -0.3, "pi_high": 0.4}
        return pd.DataFrame(
            {"dose": dose, "rr": ratio, **{name: ratio + by for name, by in ends.items()}}
        )

    def risk_difference(self, minutes, *, baseline, source):
        assert minutes == 59.6
        per = {"risk": 0.9, "difference": -0.1, "ci_low": -0.15, "ci_high": -0.02}
        return pd.DataFrame({"source": [source], **{k: [v * baseline] for k, v in per.items()}})

    def heterogeneity_test(self):
        return {"q": 9.5, "df": 4, "p": 0.0498, "i2": 0.58}

    def goodness(self):
        return {"deviance": 21.5, "df": 7, "p": 0.0009, "r2": 0.42}

    def test(self):
        return {"chi2": 12.25, "df": 2, "p": 0.001}

    def nonlinearity(self):
        return {"chi2": 3.5, "df": 1, "p": 0.0613}


ENDS = ["95 % low", "95 % high", "Further cohort, low", "Further cohort, high"]


def test_every_column_of_a_curve_in_numbers():
    table = tables.along(Line(), (10, 100), "min/week")
    assert list(table.columns) == ["Dose [min/week]", "Ratio", *ENDS]
    assert rows(table) == [
        pytest.approx([10, 1.01, 0.91, 1.21, 0.71, 1.41]),
        pytest.approx([100, 1.1, 1.0, 1.3, 0.8, 1.5]),
    ]


def test_every_column_of_the_cohorts_left_out(monkeypatch):
    monkeypatch.setattr(tables, "leave_one_out", lambda _: {"A": Line(0.05), "B": Line(-0.05)})
    table = tables.left_out(Line(), 100.0)
    assert list(table.columns) == ["Left out", "Ratio", *ENDS]
    assert table["Left out"].tolist() == ["none", "A", "B"]
    assert rows(table.drop(columns="Left out")) == [
        pytest.approx([1.1, 1.0, 1.3, 0.8, 1.5]),
        pytest.approx([1.15, 1.05, 1.35, 0.85, 1.55]),
        pytest.approx([1.05, 0.95, 1.25, 0.75, 1.45]),
    ]


def test_every_column_of_a_plan():
    """Sessions of 3 and 6.5 min, 2 of them at work; two and three times a week."""
    table = tables.for_a_plan(SimpleNamespace(fit=Line()), PLAN)
    assert list(table.columns) == [
        "Weeks",
        "Variant",
        "Elapsed [min/week]",
        "Ratio, elapsed",
        "Working [min/week]",
        "Ratio, working",
    ]
    assert table["Weeks"].tolist() == WEEKS
    assert table["Variant"].tolist() == NAMES
    assert table["Elapsed [min/week]"].tolist() == pytest.approx([6, 19.5])
    assert table["Working [min/week]"].tolist() == pytest.approx([4, 6])
    assert table["Ratio, elapsed"].tolist() == ["1.01 (0.91 to 1.21)", "1.02 (0.92 to 1.22)"]
    assert table["Ratio, working"].tolist() == ["1.00 (0.90 to 1.20)", "1.01 (0.91 to 1.21)"]
    mean = tables.mean_minutes(PLAN)
    assert mean == {"elapsed": pytest.approx(15), "working": pytest.approx(16 / 3)}


def test_every_column_of_deaths():
    classes = pd.DataFrame(
        {
            "study": ["a", "a", "b"],
            "dose_high": [0, 59, 0],
            "cases": [20, 7, 30],
            "n": [1000, 900, 6000],
        }
    )
    table = tables.absolute(SimpleNamespace(fit=Line(), rows=classes), 59.6)
    assert list(table.columns) == [
        "Rate at none of",
        "At none [deaths per 1,000 person-years]",
        "At 60 min/week",
        "Difference",
        "95 % low",
        "95 % high",
    ]
    first, second = rows(table)
    assert (first[0], second[0]) == ("a", "b")
    assert first[1:] == pytest.approx([20, 18, -2, -3, -0.4])
    assert second[1:] == pytest.approx([5, 4.5, -0.5, -0.75, -0.1])


def test_every_measure_of_the_fit():
    table = tables.measures(SimpleNamespace(fit=Line()))
    assert list(table.columns) == ["What", "Measure", "Value", "Degrees of freedom", "p"]
    assert rows(table)[0] == ["Cohorts differ from one curve", "Q", 9.5, 4, "0.050"]
    assert table["What"].tolist()[1:] == [
        "Share of that beyond chance",
        "Deviance from the common curve",
        "Share that the common curve explains",
        "Any association",
        "Departure from a line",
    ]
    assert table["Measure"].tolist() == ["Q", "I² [%]", "D", "R² [%]", "χ²", "χ²"]
    assert table["Value"].tolist() == pytest.approx([9.5, 58, 21.5, 42, 12.25, 3.5])
    assert table["Degrees of freedom"].dropna().tolist() == [4, 7, 2, 1]
    assert table["Degrees of freedom"].isna().tolist() == [0, 1, 0, 1, 0, 0]
    # a thousandth itself is printed
    assert table["p"].tolist() == ["0.050", "", "< 0.001", "", "0.001", "0.061"]


def test_every_column_of_other_outcomes(monkeypatch):
    fitted = []

    class Quadratic(Line):
        def nadir(self):
            return {"dose": 80.0, "rr": 0.7}

    def grouped(classes, *, shape, method):
        assert (shape, method) == ("quadratic", "fixed")
        (outcome,) = classes["outcome"].unique()
        fitted.append((outcome, classes["rr"].tolist()))
        return Quadratic()

    monkeypatch.setattr(tables, "grouped", grouped)
    table = tables.other_outcomes(100.0)
    assert list(table.columns) == [
        "Outcome",
        "Cohort",
        "Ratio",
        "95 % low",
        "95 % high",
        "Lowest at [min/week]",
        "Lowest ratio",
    ]
    assert table["Cohort"].tolist() == ["Patel et al. 2020"] * 2 + ["Shiroma et al. 2017"]
    for row in rows(table):
        assert row[2:] == pytest.approx([1.1, 1.0, 1.3, 80, 0.7])
    assert [name for name, _ in fitted] == table["Outcome"].tolist()
    assert [len(ratios) for _, ratios in fitted] == [4, 4, 5]


def typed_again(name, outcome="death"):
    path = Path(__file__).parents[1] / "published" / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row.get("outcome", outcome) == outcome]


def test_every_column_of_the_classes_against_the_second_transcription(risks):
    table = tables.categories(risks)
    assert list(table.columns) == [
        "Cohort",
        "Class [min/week]",
        "Dose taken [min/week]",
        "By",
        "Deaths",
        "Person-years",
        "Ratio",
        "95 % low",
        "95 % high",
        "Crude ratio",
        "Variance between cohorts [%]",
    ]
    print_rows = [row for name in ("kamada2017", "patel2020") for row in typed_again(name)]
    for column, key in (
        ("Deaths", "cases"),
        ("Person-years", "n"),
        ("Ratio", "rr"),
        ("95 % low", "ci_low"),
        ("95 % high", "ci_high"),
    ):
        shown = [None if pd.isna(value) else value for value in table[column]]
        assert shown == [float(row[key]) if row[key] else None for row in print_rows], column
    assert table["Cohort"].tolist() == ["Kamada et al. 2017"] * 5 + ["Patel et al. 2020"] * 4
    assert table["Dose taken [min/week]"].tolist() == [0, 10, 39.5, 104.5, 194.5, 0, 30, 90, 150]
    # 15671 of 706525 at none, and the counts of the class
    own = [float(print_rows[6][key]) for key in ("cases", "n")]
    assert table["Crude ratio"].iloc[6] == pytest.approx(own[0] / own[1] / (15671 / 706525))
    assert table["By"].tolist()[:1] + table["By"].tolist()[5:6] == [table["By"].iloc[0]] * 2


def test_every_column_of_what_was_published():
    table = tables.published()
    assert list(table.columns) == ["Source", "What", "Value", "Unit", "In whom", "Seen in"]
    assert rows(table[table["Source"] == "Garcia et al. 2023"]) == [
        [
            "Garcia et al. 2023",
            "risk at 8.75 against 0 marginal MET-hours a week: death from any cause",
            "0.69",
            "relative risk",
            "adults in 94 cohorts",
            "abstract",
        ]
    ]
    assert table["Source"].tolist() == [
        *["Momma et al. 2022"] * 3,
        *["Shailendra et al. 2022"] * 2,
        "Kamada et al. 2017",
        *["Lee et al. 2023"] * 3,
        *["Coleman et al. 2022"] * 2,
        "Garcia et al. 2023",
        "Lee et al. 2019",
        "Paluch et al. 2022",
    ]


def test_every_column_of_queries(monkeypatch):
    query = {
        "rows": [5, 6],
        "study": "kamada2017",
        "severity": "low",
        "evidence": "seen",
        "check": "look",
    }
    monkeypatch.setattr(tables, "_queries", lambda _: pd.DataFrame([query]))
    table = tables.screened()
    assert list(table.columns) == [
        "Table",
        "Rows",
        "Study",
        "Severity",
        "What was seen",
        "What to check",
    ]
    assert table["Table"].tolist() == [
        "strength training mortality",
        "strength training diabetes",
        "leisure activity mortality",
    ]
    assert {tuple(row[1:]) for row in rows(table)} == {
        ("5, 6", "Kamada et al. 2017", "low", "seen", "look")
    }


def test_every_column_of_contradictions(monkeypatch):
    names = ["leisure_activity_mortality", "met_2024", "strength_training_diabetes"]
    every = pd.DataFrame(
        {
            "table": names,
            "rows": [[1, 2], [3], [4]],
            "column": ["a", "b", "c"],
            "reason": ["why a", "why b", "why c"],
            "evidence": ["proof a", "proof b", "proof c"],
            "action": ["flag", "set", "flag"],
        }
    )
    monkeypatch.setattr(ev, "corrections", lambda: every)
    table = tables.declared()
    assert list(table.columns) == ["Rows", "Column", "What is wrong", "What shows it", "Done"]
    assert list(table.index) == [0, 1]
    assert rows(table) == [
        ["1, 2", "a", "why a", "proof a", "flag"],
        ["4", "c", "why c", "proof c", "flag"],
    ]


def test_every_column_of_the_choices():
    swing = pd.DataFrame(
        {
            "label": ["moves", "stays"],
            "swing": [0.2, 0.0],
            "low_option": ["one", "two"],
            "low": [0.8, 0.9],
            "high_option": ["three", "four"],
            "high": [1.0, 0.9],
        }
    )
    table = tables.choices(SimpleNamespace(swing=swing))
    assert list(table.columns) == [
        "Choice",
        "Lowest with",
        "Lowest ratio",
        "Highest with",
        "Highest ratio",
    ]
    assert rows(table) == [
        ["moves", "one", 0.8, "three", 1.0],
        ["stays", "any, it moves nothing", 0.9, "any", 0.9],
    ]


def test_doses_shown_and_decimals_are_those_typed_here():
    assert tables.DOSES == (10, 20, 30, 60, 90, 120, 150)
    # lower bounds of the classes of Moore 2012, and one dose in the lowest
    assert tables.LEISURE_DOSES == (1, 3.75, 7.5, 15, 22.5)
    assert tables.LEFT_OUT_AT == 7.5
    assert (tables.UNIT, tables.LEISURE_UNIT) == ("min/week", "MET-h/week")
    ratios = ["Ratio", *ENDS, "Crude ratio", "Lowest ratio"]
    assert dict.fromkeys(ratios, 2) == tables.RATIOS
    assert tables.MEASURES == {"Value": 1, "Degrees of freedom": 0}
    assert tables.BETWEEN == "Variance between cohorts [%]"
    assert tables.NONE == (1.0, "the risk with none")
    assert tables.BASES == ("elapsed", "working")
    assert tables.SHAPES == {"quadratic": "quadratic", "spline": "rcs(3)", "root": "fp(0.5, 1)"}


def test_all_that_no_plan_moves_is_fitted_once(monkeypatch):
    asked = []
    monkeypatch.setattr(tables.Risks, "choices", lambda _, minutes: asked.append(minutes))
    made = inspect.unwrap(tables.fitted)("root")
    assert made.curve_shape == "root"
    assert {"fit", "covered", "leisure_left_out"} <= set(vars(made))
    assert asked == [10]
    assert made.leisure_left_out["Left out"].iloc[0] == "none"


def test_the_choices_are_of_the_curve_and_the_dose_asked_for(monkeypatch):
    asked = []

    def risk_ratio(rows, minutes, **given):
        asked.append((rows["study"].nunique(), minutes, given))
        return "universe"

    monkeypatch.setattr(tables.multiverse, "risk_ratio", risk_ratio)
    assert tables.Risks("spline").choices(45.0) == "universe"
    assert asked == [(2, 45.0, {"unit": "min/week", "shape": "spline"})]
