"""The report on minutes and risk: its numbers by plain algebra, its words by its numbers."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest
import worked_risks
from executed import report, run

from repdose.tables import activity_and_risk as tables

PUBLISHED = Path(__file__).parents[1] / "published"
NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "activity_and_risk.ipynb"
SCENARIOS = ("foundation", "to_hanging", "flutter_endurance")


def worked(scenario):
    """Numbers worked apart, by id: value, low, high, unit, decimals."""
    with (PUBLISHED / "reports_activity_and_risk.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["scenario"] == scenario]
    return {
        row["id"]: (
            [float(row[part]) if row[part] else None for part in ("value", "low", "high")],
            row["unit"],
            int(row["decimals"]),
        )
        for row in rows
    }


@pytest.fixture(params=SCENARIOS)
def scenario(request):
    return request.param


def test_every_number_is_the_one_worked_by_plain_algebra(scenario):
    numbers, expected = report("activity_and_risk", scenario).numbers, worked(scenario)
    crosses = expected.pop("upper_limit_crosses")
    assert set(numbers) == set(expected)
    for id, ((value, low, high), unit, decimals) in expected.items():
        own = numbers[id]
        assert (own["unit"], own["digits"]) == (unit, decimals)
        # a minimum on a grid of doses, and quantiles of other draws
        close = {"abs": 0.8} if id == "lowest_minutes" else {"rel": 2e-6}
        for part, mine in zip(("value", "low", "high"), (value, low, high), strict=True):
            assert own[part] == (None if mine is None else pytest.approx(mine, **close)), id
    said = " ".join(report("activity_and_risk", scenario).said)
    assert f"below 1 up to {crosses[0][0]:.0f} min/week and no further" in said


def test_the_default_fit_is_worked_again_from_the_second_transcription():
    (b, v, psi), _ = worked_risks.fitted()
    fit = tables.Risks("quadratic").fit
    scale = np.array([100, 1e4])
    assert fit.estimate.coefficients * scale == pytest.approx(b, rel=1e-6)
    assert fit.estimate.covariance * np.outer(scale, scale) == pytest.approx(v, rel=1e-5)
    assert fit.estimate.psi * np.outer(scale, scale) == pytest.approx(psi, rel=1e-4)


@pytest.mark.slow
def test_the_typed_numbers_are_the_algebra_written_out():
    for scenario, id, *numbers, _, _ in worked_risks.rows():
        for mine, typed in zip(numbers, worked(scenario)[id][0], strict=True):
            assert typed == (None if mine is None else pytest.approx(mine, rel=1e-5)), id


def test_headlines_kinds_and_notes(scenario):
    numbers = report("activity_and_risk", scenario).numbers
    assert {id for id, one in numbers.items() if one["headline"]} == {
        "risk_elapsed",
        "lowest_minutes",
    }
    assert {id: one["kind"] for id, one in numbers.items() if one["kind"] != "none"} == {
        "risk_elapsed": "confidence",
        "risk_working": "confidence",
        "risk_elapsed_further_cohort": "prediction",
        "lowest_minutes": "confidence",
        "lowest_risk": "confidence",
        "risk_elapsed_over_choices": "assumption",
    }
    assert numbers["risk_elapsed_over_choices"]["note"] == "over 108 combinations of 4 choices"


def test_the_answer_is_short_and_has_the_numbers_and_the_caution(scenario):
    answer, mine = report("activity_and_risk", scenario).results["answer"], worked(scenario)
    assert len(answer.split()) <= 60
    value, low, high = mine["risk_elapsed"][0]
    _, least, most = mine["risk_elapsed_over_choices"][0]
    for words in (
        f"takes {mine['minutes_elapsed'][0][0]:.0f} min with rests",
        f"{value:.2f} ({low:.2f} to {high:.2f}) times the risk of death with none",
        "In 2 cohorts, too few for a sure interval,",
        "the risk is lowest at 80 min/week",
        f"defensible fits give {least:.2f} to {most:.2f}",
        "An association, no effect; leg raises alone were never studied.",
    ):
        assert words in answer


def test_a_report_cites_what_it_reads():
    made = report("activity_and_risk", "foundation")
    assert {
        "kamada2017",
        "patel2020",
        "shiroma2017",
        "moore2012",
        "momma2022",
        "shailendra2022",
        "lee2023",
        "coleman2022",
        "garcia2023",
    } <= set(made.results["sources"])
    data = set(made.results["data"])
    assert {"strength_training_mortality.csv", "leisure_activity_mortality.csv"} <= data


def test_a_report_shows_its_tables_and_figures(scenario):
    made = report("activity_and_risk", scenario)
    assert list(made.tables) == [
        "doses",
        "categories",
        "measures",
        "plan",
        "absolute",
        "choices",
        "outcomes",
        "leisure",
        "left_out",
        "published",
        "screening",
        "corrections",
    ]
    assert list(made.figures) == ["curve", "choices", "specifications", "leisure"]
    doses = made.tables["doses"][0]["Dose [min/week]"]
    assert doses.tolist() == [10, 20, 30, 60, 90, 120, 150]
    # the lower bounds of the classes of Moore 2012, and one dose in the lowest
    leisure = made.tables["leisure"][0]["Dose [MET-h/week]"]
    assert leisure.tolist() == [1, 3.75, 7.5, 15, 22.5]
    assert made.tables["left_out"][1]["caption"].startswith("The ratio at 7.5 MET-h/week without")
    shown = {name: given.get("digits") for name, (_, given) in made.tables.items()}
    ends = ("95 % low", "95 % high", "Further cohort, low", "Further cohort, high")
    ratios = dict.fromkeys(("Ratio", *ends, "Crude ratio", "Lowest ratio"), 2)
    assert shown == {
        "doses": {**ratios, "Dose [min/week]": 0},
        "categories": {**ratios, "Dose taken [min/week]": 1, "Variance between cohorts [%]": 0},
        "measures": {"Value": 1, "Degrees of freedom": 0},
        "plan": 1,
        "absolute": 1,
        "choices": 2,
        "outcomes": {**ratios, "Lowest at [min/week]": 0},
        "leisure": 2,
        "left_out": 2,
        **dict.fromkeys(("published", "screening", "corrections")),
    }
    minutes = {basis: worked(scenario)[f"minutes_{basis}"][0][0] for basis in tables.BASES}
    figure, given = made.figures["curve"]
    for basis, value in minutes.items():
        assert f"{basis}, {value:.0f}: " in given["alt"]
    # grey beyond nineteen of twenty person-years
    assert [one.get_x() for one in figure.axes[0].patches] == [
        pytest.approx(tables.Risks("quadratic").covered)
    ]
    assert "min/week" in given["alt"]
    assert "at 0.0 to" not in made.figures["leisure"][1]["alt"]
    assert re.search(r"lowest point drawn, \d+\.\d: ", made.figures["leisure"][1]["alt"])
    assert " MET-h/week and their curve" in made.figures["leisure"][1]["alt"]
    ratio, least, most = worked(scenario)["risk_elapsed_over_choices"][0]
    assert f"from the default of {ratio:.2f}. " in made.figures["choices"][1]["alt"]
    specifications = made.figures["specifications"][1]["alt"]
    assert f": {least:.2f} to {most:.2f}; the default is {ratio:.2f}. " in specifications
    assert " 1, the risk with none" in specifications
    beside = tables.other_outcomes(minutes["elapsed"])
    outcomes = made.tables["outcomes"][0]
    assert outcomes["Ratio"].to_numpy() == pytest.approx(beside["Ratio"].to_numpy())
    per = f"At {minutes['elapsed']:.0f} min/week"
    assert per in made.tables["absolute"][0].columns
    caption = made.figures["curve"][1]["caption"]
    assert "Both have no width at the reference, by construction" in caption
    assert "no effect of the plan" in made.tables["plan"][1]["caption"]
    for text in (*made.said, made.results["answer"]):
        assert not re.search(r"\b(None|nan)\b", text)


def test_the_report_follows_its_shape():
    made = run("activity_and_risk", progression="foundation", curve_shape="spline")
    expected = worked_risks.ratio(worked_risks.fitted("spline"), "spline", 101 / 6)
    numbers = made.numbers
    assert numbers["risk_elapsed"]["value"] == pytest.approx(expected[0], rel=1e-5)
    assert numbers["risk_elapsed_over_choices"]["value"] == pytest.approx(expected[0], rel=1e-5)
    over = worked("foundation")["risk_elapsed_over_choices"][0]
    assert numbers["risk_elapsed_over_choices"]["low"] == pytest.approx(over[1], rel=1e-5)
    assert "as a restricted cubic spline of three knots" in made.figures["curve"][1]["caption"]


def test_a_plan_beyond_the_doses_studied_is_told_so():
    stage = {
        "variant": "lying_straight_leg",
        "weeks": 1,
        "sessions_per_week": 7,
        "sets": 10,
        "repetitions": 30,
        "rest_s": 120,
    }
    made = run("activity_and_risk", progression=[stage])
    # ten sets of 30 at 5 s and nine rests of 2 min, seven times: 301 min
    assert made.numbers["minutes_elapsed"]["value"] == pytest.approx(7 * (25 + 18))
    # 5.5 (1.9 to 15.8) times the risk at 301 min, 1.12 (0.98 to 1.28) at the 175 of work alone
    _, low, high, *_ = worked_risks.ratio(worked_risks.fitted(), "quadratic", 301)
    assert 1 < low < high
    assert "elapsed minutes is above that with none." in " ".join(made.said)
    assert any("301 min/week lie beyond the 194 that were studied" in one for one in made.said)


def test_the_page_says_question_reads_and_what_it_does_not_say():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    prose = "".join("".join(one["source"]) for one in cells if one["cell_type"] == "markdown")
    for words in ("**Question.**", "**Reads.**", "**Does not say.**", "these are associations"):
        assert words in prose
