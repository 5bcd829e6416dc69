"""Tables, figures and words of the mechanics report, and the notebook that shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import evidence as ev
from analysis import figures_mechanics, mechanics, tables_mechanics
from analysis.reports.parameters import model

NOTEBOOK = Path(__file__).parent.parent / "notebooks" / "leg_raise_mechanics.ipynb"
PERSON = {
    "body_mass_kg": 80.0,
    "stature_m": 1.80,
    "sex": "male",
    "segments": "deleva1996",
    "ankle_mass_kg": 0.0,
}


@pytest.fixture(scope="module")
def load():
    return mechanics.relative_load(body_mass_kg=80.0, stature_m=1.80)


@pytest.fixture(scope="module")
def reps():
    return tables_mechanics.repetitions(**PERSON)


def code_cells():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_every_variant_has_its_row_in_the_tables(reps, load):
    for rows in (
        tables_mechanics.repetition_rows(reps),
        tables_mechanics.inertia_rows(reps),
        tables_mechanics.share_rows(load),
    ):
        assert list(rows["Variant"]) == list(ev.exercises()["name"])


def test_the_order_in_words_marks_what_is_equal_and_what_a_table_turns_round(load):
    words = tables_mechanics.order_words(load, "peak")
    assert words.startswith("bent-knee leg raise < hanging knee raise < flutter kick < ")
    assert "straight-leg raise = single-leg raise" in words
    assert "(?)" not in words
    turned = load.copy()
    here = (turned["variant"] == "hanging_knee_raise") & (turned["quantity"] == "work")
    turned.loc[here & (turned["segments"] == "winter2009"), "share"] = 1.05
    assert tables_mechanics.uncertain_pairs(turned) == 1
    assert "hanging knee raise (?) straight-leg raise" in tables_mechanics.order_words(
        turned, "work"
    )
    row = tables_mechanics.share_rows(turned).set_index("Variant").loc["hanging knee raise"]
    assert row["Order turns with table or sex against"] == "straight-leg raise (work)"


def test_a_choice_is_compared_with_its_own_variant():
    rows = tables_mechanics.choices(**PERSON)
    as_it_is = rows[rows["Done"] == "as it is"]
    assert (as_it_is["Times the variant's peak"] == 1).all()
    assert len(as_it_is) == rows["Variant"].nunique()
    floor = rows[rows["Done"] == "other leg on the floor"].iloc[0]
    assert floor["Times the variant's peak"] == pytest.approx(0.5)


def test_alt_texts_carry_the_numbers_of_their_figures(reps, load):
    _, moment = figures_mechanics.moment_by_angle(**PERSON)
    peak = mechanics.hip_moment_nm("lying_straight_leg", 5, **PERSON)
    assert f"straight-leg raise from {peak:.0f} at 5°" in moment
    _, share = figures_mechanics.share_of_straight_leg(load)
    assert "single-leg raise 131" in share
    figure, inertia = figures_mechanics.inertial_share_by_tempo(reps, **PERSON)
    at_rest = reps["lying_straight_leg"]
    assert f"it is {100 * at_rest.inertial_share:.0f} %" in inertia
    # the tempo it names is the one at which the flag turns
    seconds = float(re.search(r"passes 10 % at ([\d.]+) s", inertia)[1])
    slower, faster = (
        mechanics.repetition("lying_straight_leg", up_s=at, down_s=at, **PERSON).quasi_static
        for at in (seconds + 0.05, seconds - 0.05)
    )
    assert (slower, faster) == (True, False)
    assert figure.axes[0].get_ylabel() == "Inertial share of the peak [%]"


def test_the_parameters_cell_repeats_the_declared_defaults():
    given = {}
    exec(code_cells()[0], given)
    declared = model("leg_raise_mechanics").model_fields
    assert {name: given[name] for name in declared} == {
        name: field.default for name, field in declared.items()
    }


@pytest.mark.slow
@pytest.mark.parametrize("change", [{}, {"segments": "mixed", "ankle_mass_kg": 2.0, "sex": "male"}])
def test_the_notebook_runs_and_its_numbers_are_the_models(change):
    cells = code_cells()
    namespace = {}
    exec(cells[0], namespace)
    namespace |= change
    for cell in cells[1:-1]:
        exec(cell, namespace)
    results = namespace["report"].results()
    exec(cells[-1], namespace)
    chosen = results["parameters"]
    numbers = {number["id"]: number for number in results["numbers"]}
    rep = mechanics.repetition("lying_straight_leg", **chosen)
    assert numbers["straight_leg_peak_moment"]["value"] == rep.peak_nm
    assert numbers["straight_leg_work"]["value"] == rep.work_up_j
    assert "not spinal load" in results["answer"]
    assert any("not spinal load" in text for text in results["assumptions"])
    mixes = any("mixes end points" in text for text in results["assumptions"])
    assert mixes == (chosen["segments"] == "mixed")
    assert {"deleva1996", "winter2009", "bipm2019", "mcgill2015"} <= set(results["sources"])
