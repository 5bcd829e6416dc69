"""Every number of the default dose-response reports against metafor and clubSandwich.

``published/reports_dose_response.csv`` is written by ``oracle_dose_response.R``, which computes
effects, variances, fits, robust intervals, averages and mixture quantiles itself.
"""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from executed import report

from repdose import dose_response as dr
from repdose.dose_response import trials as trial_choices
from repdose.tables import dose_response as doses

HERE = Path(__file__).parents[1]
OUTCOMES = {"foundation": "hypertrophy", "strength": "strength"}
# rma.mv's optimisers find a variance to about 1e-7; what rests on it agrees as far
CLOSE = 1e-5


def pinned(scenario):
    """Numbers of a report by id: value, low, high, and decimals."""
    with (HERE / "published" / "reports_dose_response.csv").open(encoding="utf-8") as lines:
        rows = [row for row in csv.DictReader(lines) if row["scenario"] == scenario]
    assert len(rows) == 10
    assert all(
        re.match(r"R 4\S+ with metafor \S+ and clubSandwich", row["computed_by"]) for row in rows
    )
    return {
        row["id"]: {
            name: float(row[name]) if row[name] else None for name in ("value", "low", "high")
        }
        | {"decimals": int(row["decimals"]), "unit": row["unit"]}
        for row in rows
    }


def agrees(found, expected):
    for name in ("value", "low", "high"):
        if expected[name] is None:
            assert found[name] is None
        else:
            assert found[name] == pytest.approx(expected[name], rel=CLOSE, abs=1e-6), name


@pytest.mark.parametrize("scenario", OUTCOMES)
def test_gain_difference_slopes_and_step_are_those_of_metafor(scenario):
    trials, expected = trial_choices.Trials(OUTCOMES[scenario]), pinned(scenario)
    gain = trials.curve.response([10]).iloc[0]
    more = trials.curve.response([10], reference_dose=5).iloc[0]
    leading = trials.slopes.difference(5, 10)
    ends = {"value": "estimate", "low": "low", "high": "high"}
    agrees({name: gain[column] for name, column in ends.items()}, expected["gain"])
    agrees({name: more[column] for name, column in ends.items()}, expected["difference_averaged"])
    agrees({name: leading[column] for name, column in ends.items()}, expected["difference"])
    line = trials.slopes.difference(5, 10, form="linear")
    agrees({name: line[column] for name, column in ends.items()}, expected["difference_straight"])
    ends = {"value": "estimate", "low": "pi_low", "high": "pi_high"}
    agrees({name: gain[column] for name, column in ends.items()}, expected["gain_of_a_new_arm"])
    ends = {"value": "estimate", "low": "ci_low", "high": "ci_high"}
    for name, row in trials.slopes.slopes.iterrows():
        agrees({part: row[column] for part, column in ends.items()}, expected[f"slope_{name}"])
    step = dr.smallest_detectable_effect(trials.variances_at_no_effect(), arms=2)
    agrees({"value": step, "low": None, "high": None}, expected["smallest_detectable_effect"])
    agrees(doses.in_percent(trials, low_sets=5, high_sets=10), expected["difference_percent"])


def printed(value, decimals):
    text = f"{value:.{decimals}f}"
    return "−" + text[1:] if text.startswith("-") and text.strip("-0.") else text.lstrip("-")


@pytest.mark.slow
@pytest.mark.parametrize("scenario", OUTCOMES)
def test_the_report_states_those_numbers_and_its_answer_prints_them(scenario, monkeypatch):
    cells = json.loads((HERE.parent / "notebooks" / "dose_response.ipynb").read_text("utf-8"))
    code = ["".join(cell["source"]) for cell in cells["cells"] if cell["cell_type"] == "code"]
    said = []
    monkeypatch.setattr("repdose.reports.displays.html", lambda _, text: said.append(text))
    space = {}
    exec(code[0], space)
    space["outcome"] = OUTCOMES[scenario]
    for cell in code[1:-2]:
        exec(cell, space)
    page = "\n".join(said)
    results, expected = space["report"].results(), pinned(scenario)
    numbers = {number["id"]: number for number in results["numbers"]}
    assert set(numbers) == set(expected)
    for name, number in numbers.items():
        agrees(number, expected[name])
        assert (number["digits"], number["unit"]) == (
            expected[name]["decimals"],
            expected[name]["unit"],
        )
    assert len(results["answer"].split()) <= 60
    for name in (set(expected) - {"gain_of_a_new_arm", "smallest_detectable_effect"}) - {
        "slope_difference"
    }:
        row = expected[name]
        value, low, high = (
            printed(row[part], row["decimals"]) for part in ("value", "low", "high")
        )
        where = results["answer"] if name in ("gain", "difference") else page
        assert f"{value} ({low} to {high}) {row['unit']}" in where
    row = expected["gain_of_a_new_arm"]
    low, high = (printed(row[part], row["decimals"]) for part in ("low", "high"))
    assert f"({low} to {high}) pre-test SD: true gains spread" in page
    # each verdict follows from the pinned interval it stands behind
    for name in ("slope_within", "difference", "difference_straight", "difference_averaged"):
        row = expected[name]
        verdict = "can" if row["low"] > 0 or row["high"] < 0 else "cannot"
        ends = f"to {printed(row['high'], row['decimals'])}) {row['unit']}, which "
        after = page.split(ends, 1)[1]
        assert re.match(rf"(?:these trials|\d+ trials|they) {verdict} tell from nothing", after)
    # where the line that does not lead is told otherwise, the answer says so
    spline, line = (
        expected[name]["low"] > 0 or expected[name]["high"] < 0
        for name in ("difference", "difference_straight")
    )
    words = f"; by a straight line they {'can' if line else 'cannot'}."
    assert results["answer"].endswith(words) == (spline != line)
    headlines = {name for name, number in numbers.items() if number["headline"]}
    assert headlines == {"gain", "difference"}
    # no published curve of strength counts dose and outcome as the trials do
    assert ("none is drawn beside the refit" in page) == (scenario == "strength")
    row = expected["slope_difference"]
    differ = row["low"] > 0 or row["high"] < 0
    assert ("it differs from that between arms of one trial" in page) == differ
    assert ("it cannot be told apart from that between arms" in page) != differ


# Tables of the report by their first and last heading, and how the words about its figures begin.
SHOWN = {
    "dose": "Weekly sets",
    "forms": "Form",
    "slopes": "Slope",
    "by_form": "Form",
    "steps": "From weekly sets",
    "plan": "Muscle",
    "sensitivity": "Choice",
    "small_studies": "Term",
    "published": "Curve",
    "screening": "Rule",
    "queries": "Study",
    "corrections": "Correction",
}
FIGURES = ("curve", "forest", "status", "influence", "funnel", "published")


def test_the_default_report_states_the_numbers_of_metafor_and_shows_what_they_rest_on():
    made, expected = report("dose_response", "foundation"), pinned("foundation")
    assert set(made.numbers) == set(expected)
    for name, number in made.numbers.items():
        agrees(number, expected[name])
        assert (number["digits"], number["unit"]) == (
            expected[name]["decimals"],
            expected[name]["unit"],
        ), name
        ranged = "none" if number["low"] is None else "confidence"
        assert number["kind"] == ("prediction" if name == "gain_of_a_new_arm" else ranged), name
    for name, first in SHOWN.items():
        frame, _ = made.tables[name]
        assert frame.columns[0] == first, name
        assert len(frame), name
    assert [name for name in made.figures if name in FIGURES] == list(FIGURES)
    page = " ".join(made.said)
    assert not re.search(r"\b(None(?! of these)|nan)\b", page + made.results["answer"])
    # decimals as the columns need them
    digits = {name: given.get("digits") for name, (_, given) in made.tables.items()}
    assert (digits["dose"], digits["sensitivity"], digits["small_studies"]) == (3, 3, 2)
    assert digits["forms"] == {"AIC": 1, "Above the best": 1, "Weight": 2}
    assert digits["slopes"] == {"pre-test SD per set": 4, "Degrees of freedom": 1}
    assert digits["by_form"] == 3
    assert digits["plan"] == {f"Gain [{made.numbers['gain']['unit']}]": 2}
    # the averaged curve from 5 to 10 sets, and not from none: metafor's interval holds zero
    averaged = expected["difference_averaged"]
    assert averaged["low"] < 0 < averaged["high"]
    assert "which these trials cannot tell from nothing: averaging with a flat form" in page
    # the tip of a funnel is as wide as all variance between effects makes it
    (axes,) = made.figures["funnel"][0].axes
    left, right = (one.get_xdata()[0] for one in axes.lines if one.get_linestyle() == "--")
    between = trial_choices.Trials("hypertrophy").overall.sigma2.sum()
    assert (right - left) / 2 == pytest.approx(1.96 * between**0.5, rel=1e-4)
    # what trials show beside one another is said by its slope
    between = expected["slope_between"]
    assert f"From trial to trial the slope is {printed(between['value'], 4)} (" in page
    # the sums that a reader can do: weights make one, queries are those counted
    assert made.tables["forms"][0]["Weight"].sum() == pytest.approx(1)
    counted = made.tables["screening"][0]
    graver = [name for name in ("high", "medium") if name in counted.columns]
    assert counted[graver].to_numpy().sum() == len(made.tables["queries"][0])
    # headings have the unit of the effects
    unit = trial_choices.Trials("hypertrophy").unit
    assert {f"Gain [{unit}]", f"Slope [{unit} per set]"} <= set(made.tables["dose"][0].columns)
    assert f"Gain [{unit}]" in made.tables["plan"][0].columns
    assert f"10 over 5 sets [{unit}]" in made.tables["sensitivity"][0].columns
    assert made.numbers["gain"]["unit"] == unit
    # doses in captions are those compared
    assert "differences from 5 weekly sets" in made.figures["published"][1]["caption"]
    said = " ".join(made.results["assumptions"])
    assert "correlate at 0.6" in said
    # the plan's own title and highest week
    assert "“" in made.tables["plan"][1]["caption"]
    step = printed(expected["smallest_detectable_effect"]["value"], 2)
    assert f"one more step of {step} " in made.tables["steps"][1]["caption"]
