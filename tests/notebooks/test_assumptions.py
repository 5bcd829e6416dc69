"""Tables and figures of the assumptions report, and the notebook that shows them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from repdose import multiverse, uncertainty
from repdose.evidence import bibliography
from repdose.figures import assumptions as figures
from repdose.inputs.progressions import plan
from repdose.inputs.validation import ParameterError, validate
from repdose.tables import assumptions as tables

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "assumptions.ipynb"
MAN = {"body_mass_kg": 75.0, "stature_m": 1.75, "age_y": 35, "sex": "male"}


@pytest.fixture(scope="module")
def cost():
    return multiverse.energy(plan("foundation"), **MAN)


def code_cells():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def run(cells, **changes):
    """What the report states after these cells."""
    namespace = {}
    exec(cells[0], namespace)
    namespace |= changes
    for cell in cells[1:]:
        exec(cell, namespace)
    results = namespace["report"].results()
    exec(code_cells()[-1], namespace)
    return results


def test_the_swings_table_begins_with_what_moves_the_answer_most(cost):
    table = tables.swings(cost)
    assert table["Choice"].iloc[0] == cost.most == "Stand-in exercise"
    assert len(table) == len(cost.choices)
    assert table["Swing"].is_monotonic_decreasing


def test_every_option_has_its_reason_and_source_once(cost):
    met_minutes = multiverse.weekly_met_minutes(plan("foundation"))
    table = tables.options([cost, met_minutes])
    assert len(table) == sum(len(one.options) for one in cost.choices)
    assert not table.duplicated(["Choice", "Option"]).any()
    assert set(table["Source"]) <= {bibliography.short(key) for key in bibliography.sources()}


def test_thresholds_are_those_in_print():
    assert tables.moderate_met() == 3
    assert tables.aerobic_met_minutes() == 500
    assert tables.most_sets() == 10


def test_the_extremes_are_shown_next_to_the_default(cost):
    table = tables.extremes(cost).set_index("Choice")
    assert table.loc["Gross or net"].tolist() == ["net of rest", "gross", "gross"]
    assert table.loc["Stand-in exercise"].tolist() == [
        "low MET",
        "central MET",
        "high MET",
    ]


def test_the_variant_that_is_compared_is_not_the_reference_if_there_is_another():
    assert tables.compared(plan("foundation")) == "lying_bent_knee"
    assert tables.compared(plan("to_hanging")).startswith("hanging")


def test_the_specification_curve_has_every_outcome_in_order_and_its_options_below(cost):
    figure, alt = figures.specification_curve(cost, thresholds=[(100, "a line")])
    curve, matrix = figure.axes
    drawn = curve.lines[0].get_ydata()
    assert np.array_equal(drawn, np.sort(cost.values, axis=None))
    cells = np.asarray(matrix.images[0].get_array())
    assert cells.shape[1] == cost.count
    heads = sum(len(one.options) + 1 for one in cost.choices)
    assert cells.shape[0] == heads == len(matrix.get_yticklabels())
    # each specification has one option of each choice
    assert (cells.sum(axis=0) == len(cost.choices)).all()
    bold = [t.get_text() for t in matrix.get_yticklabels() if t.get_fontweight() == "bold"]
    assert bold == [one.default for one in sorted_by_swing(cost)]
    share = 100 * (cost.values >= 100).mean()
    assert f"{share:.0f} % reach 100, a line" in alt
    assert "What moves the default most: stand-in exercise." in alt


def sorted_by_swing(universe):
    named = {one.name: one for one in universe.choices}
    return [named[name] for name in universe.swing.index]


def test_more_specifications_than_columns_share_columns_by_their_share():
    def options(count):
        return [
            multiverse.Option(name=str(i), value=i, reason="for the test", source="repdose2026")
            for i in range(count)
        ]

    choices = [
        multiverse.Choice(name=name, options=options(40), default="0", kind="assumption")
        for name in ("tens", "ones")
    ]
    wide = multiverse.evaluate(
        lambda tens, ones: 40 * tens + ones, choices, outcome="Number", unit=""
    )
    figure, _ = figures.specification_curve(wide)
    cells = np.asarray(figure.axes[1].images[0].get_array())
    assert cells.shape[1] == figures.COLUMNS
    rows = {
        text.get_text(): cells[at] for at, text in enumerate(figure.axes[1].get_yticklabels()[:41])
    }
    assert rows["0"][0] == 1
    assert rows["0"].max() <= 1
    assert cells[1:41].sum(axis=0) == pytest.approx(np.ones(cells.shape[1]))


def test_the_tornado_says_each_range_and_its_bars_meet_the_default(cost):
    figure, alt = figures.tornado(cost)
    assert "Stand-in exercise: 40 to 166" in alt
    assert "Energy of one MET: 59 to 62" in alt
    bars = figure.axes[0].patches
    assert len(bars) == len(cost.choices)
    for bar in bars:
        assert bar.get_x() <= cost.default + 1e-9
        assert bar.get_x() + bar.get_width() >= cost.default - 1e-9
    start, _ = figure.axes[0].spines["bottom"].get_bounds()
    assert start == 0, "an axis of energy begins at none"


def test_the_histogram_has_every_draw_and_its_alt_text_the_range():
    mass = uncertainty.body_mass(75, sd_kg=1)
    made = uncertainty.simulate(lambda mass: mass, {"mass": mass}, seed=1)
    figure, alt = figures.simulated(made, outcome="Mass", unit="kg", default=75.2, digits=1)
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    assert sum(heights) == pytest.approx(1)
    low, high = made.range
    assert f"from {low:.1f} to {high:.1f} kg; default 75.2 kg." in alt
    assert "default 75.2" in [text.get_text() for text in figure.axes[0].texts]


@pytest.mark.parametrize(("name", "value"), [("seed", -1), ("seed", 1.5), ("body_mass_sd_kg", 0.0)])
def test_a_seed_or_an_error_of_mass_that_cannot_be_is_refused(name, value):
    with pytest.raises(ParameterError, match=name):
        validate("assumptions", {name: value})


@pytest.mark.slow
@pytest.mark.parametrize("scenario", ["flutter_endurance", "to_hanging"])
def test_the_notebook_runs_and_leads_with_the_range(scenario):
    results = run(code_cells()[:-1], progression=scenario, sex="male")
    chosen = results["parameters"]
    numbers = {number["id"]: number for number in results["numbers"]}
    person = {name: chosen[name] for name in MAN}
    cost = multiverse.energy(plan(scenario), **person)
    stated = numbers["weekly_gross_energy"]
    assert (stated["value"], stated["low"], stated["high"]) == pytest.approx(
        (cost.default, *cost.range), rel=1e-7
    )
    kinds = {number["kind"] for number in results["numbers"]}
    assert kinds == {"assumption", "simulation", "none"}
    answer = results["answer"]
    low, high = cost.range
    assert answer.index(f"between {low:.0f} and {high:.0f} kcal") < answer.index("default")
    assert f"What moves the default most: {cost.most.lower()}." in answer
    assert "None of these ranges is a confidence interval." in answer
    median = numbers["weekly_gross_energy_simulated"]
    assert median["low"] < cost.default < median["high"]
    assert {"steegen2016", "simonsohn2020", "byrne2005"} <= set(results["sources"])


def test_the_same_seed_gives_the_same_numbers_and_another_seed_another_simulation():
    answer = next(at for at, cell in enumerate(code_cells()) if "report.answer" in cell)
    cells = code_cells()[: answer + 1]
    first, again, other = (
        {number["id"]: number for number in run(cells, seed=seed)["numbers"]} for seed in (5, 5, 6)
    )
    assert first == again
    changed = {name for name in first if first[name] != other[name]}
    assert changed == {"weekly_gross_energy_simulated"}
