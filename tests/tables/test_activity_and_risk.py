"""Tables of the report on training minutes and risk, against print and arithmetic on paper."""

from __future__ import annotations

import pandas as pd
import pytest
import two_sessions as sessions

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
    row = table.loc["patel2020"]
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
    assert table.loc["I2 [%]", "p"] == ""
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
    universe = risks.choices(60.0)
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
