"""Tables, figures and words of the mechanics report, and the notebook that shows them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from repdose import evidence as ev
from repdose import mechanics
from repdose.figures import leg_raise_mechanics as figures
from repdose.tables import leg_raise_mechanics as tables

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "leg_raise_mechanics.ipynb"
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
    return tables.repetitions(**PERSON)


def code_cells():
    cells = json.loads(NOTEBOOK.read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_every_variant_has_its_row_in_the_tables(reps, load):
    for rows in (
        tables.repetition_rows(reps),
        tables.inertia_rows(reps),
        tables.share_rows(load),
    ):
        assert list(rows["Variant"]) == list(ev.exercises()["name"])


def full_name(variant):
    return ev.exercises().loc[variant, "name"]


def shares(**by_variant):
    """A load with one share a variant under every table, sex and quantity, or one a table."""
    rows = [
        {
            "variant": variant,
            "quantity": quantity,
            "segments": table,
            "sex": "male",
            "share": share[place] if isinstance(share, tuple) else share,
        }
        for variant, share in by_variant.items()
        for quantity in mechanics.QUANTITIES
        for place, table in enumerate(("deleva1996", "winter2009"))
    ]
    return pd.DataFrame(rows)


# Every variant with a share of its own, from 0.4 to 1.6 of the straight-leg raise
APART = dict(
    lying_bent_knee=0.4,
    lying_single_leg=0.8,
    lying_straight_leg=1.0,
    lying_hip_lift=1.2,
    flutter_kick=0.6,
    hanging_knee_raise=1.4,
    hanging_straight_leg=1.6,
)


def test_the_ends_of_an_order_have_their_shares():
    assert tables.ends_words(shares(**APART), "peak") == (
        "By the peak, least is asked by the bent-knee leg raise (40 %) and most by the hanging "
        "straight-leg raise (160 %)"
    )


def test_variants_that_are_level_share_an_end_and_a_place():
    # 160.4 and 160 % differ by less than 1 % of the straight-leg raise
    level = shares(**{**APART, "hanging_knee_raise": 1.604})
    assert tables.ends_words(level, "work").endswith(
        "most by the hanging knee raise and hanging straight-leg raise (160 %)"
    )
    places = tables.place_rows(level).set_index("Variant")["By work"]
    assert places["bent-knee leg raise, lying"] == 1
    assert places["hanging knee raise"] == places["hanging straight-leg raise"] == 6
    every = shares(**dict.fromkeys(APART, 1.0))
    assert tables.ends_words(every, "mean") == (
        "By the mean over the angle no variant asks more than all others for certain"
    )
    assert set(tables.place_rows(every)["By mean"]) == {1}


def test_variants_that_a_table_turns_round_share_an_end_and_are_counted():
    # 50 and 40 % by one table, 30 and 40 % by the other
    turned = shares(**{**APART, "flutter_kick": (0.5, 0.3)})
    assert "least is asked by the bent-knee leg raise and flutter kick (30 to 50 %)" in (
        tables.ends_words(turned, "peak")
    )
    places = tables.place_rows(turned).set_index("Variant")["By peak"]
    assert places["bent-knee leg raise, lying"] == places[full_name("flutter_kick")] == 1
    # a pair by each of three quantities
    assert tables.uncertain_pairs(turned) == 3
    assert tables.certainty_words(turned) == (
        "Tables or sexes turn 3 pairs of variants round. Peak, mean and work give one order."
    )
    row = tables.share_rows(turned).set_index("Variant").loc[full_name("flutter_kick")]
    assert row["Order turns with table or sex against"] == (
        "bent-knee leg raise (peak); bent-knee leg raise (mean); bent-knee leg raise (work)"
    )


def test_what_is_certain_is_said_for_no_pair_one_and_several():
    none = "No segment table or sex turns any pair of variants round."
    assert tables.certainty_words(shares(**APART)) == (
        f"{none} Peak, mean and work give one order."
    )
    one = shares(**APART)
    work = one["quantity"] == "work"
    one.loc[work & (one["variant"] == "hanging_straight_leg"), "share"] = 1.3
    assert tables.certainty_words(one) == (
        f"{none} Peak, mean and work order 1 pair of them differently, which has no order until "
        "one of the three is meant."
    )
    one.loc[work & (one["variant"] == "hanging_straight_leg"), "share"] = 1.1
    assert "2 pairs of them differently, which have no order" in (tables.certainty_words(one))


@pytest.mark.parametrize(
    ("hanging", "words"),
    [(85.4, "the same as"), (84.4, "less than"), (85.6, "more than")],
)
def test_the_hanging_peak_is_compared_with_the_lying_one_as_printed(hanging, words):
    said = tables.hanging_words(hanging, 84.8, f"{hanging:.0f} N m")
    assert said.endswith(f"{hanging:.0f} N m, {words} that of the lying one (85 N m).")


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (1.31, "more than the half that the raised leg alone would ask: the hovering leg"),
        (0.5, "the same as the half that the raised leg alone would ask."),
        (0.503, "the same as the half that the raised leg alone would ask."),
        (0.45, "less than the half that the raised leg alone would ask."),
    ],
)
def test_what_the_hovering_leg_adds_is_compared_with_half(share, words):
    said = tables.hovering_words(share, "a share")
    assert said.startswith(
        "With one leg hovering, the moment averaged over the range is a share of the "
        f"straight-leg raise's, {words}"
    )


@pytest.mark.parametrize(
    ("peaks", "words"),
    [
        ([85.0, 94.0], "Between the segment tables the peak differs by 11 %."),
        ([40.0, 70.0], "Between the segment tables the peak differs by 75 %."),
        ([85.0, 85.3], "The segment tables give the same peak within half a percent."),
    ],
)
def test_segment_tables_differ_by_what_they_give(peaks, words):
    assert tables.tables_words(pd.DataFrame({"Straight-leg peak [N m]": peaks})) == words


def test_shares_move_with_the_body_where_something_does_not_grow_with_it(monkeypatch):
    own = {"body_mass_kg": 80.0, "stature_m": 1.80, "ankle_mass_kg": 0.0}
    assert tables.body_words(**own).startswith(
        "In a body 50 % heavier and 10 % taller the shares move by up to "
    )
    loads = {80.0: [1.0, 0.5], 120.0: [1.0, 0.5 + 0.0004]}
    monkeypatch.setattr(
        mechanics,
        "relative_load",
        lambda body_mass_kg, **_: pd.DataFrame({"share": loads[body_mass_kg]}),
    )
    assert "move by less than 0.1 percentage points" in tables.body_words(**own)
    loads[120.0] = [1.0, 0.9]
    assert "move by up to 40.0 percentage points" in tables.body_words(**own)


def test_a_choice_is_compared_with_its_own_variant():
    rows = tables.choices(**PERSON)
    as_it_is = rows[rows["Done"] == "as it is"]
    assert (as_it_is["Times the variant's peak"] == 1).all()
    assert len(as_it_is) == rows["Variant"].nunique()
    floor = rows[rows["Done"] == "other leg on the floor"].iloc[0]
    assert floor["Times the variant's peak"] == pytest.approx(0.5)


def test_alt_texts_carry_the_numbers_of_their_figures(reps, load):
    _, moment = figures.moment_by_angle(**PERSON)
    peak = mechanics.hip_moment_nm("lying_straight_leg", 5, **PERSON)
    assert f"straight-leg raise from {peak:.0f} at 5°" in moment
    _, share = figures.share_of_straight_leg(load)
    assert "single-leg raise 131" in share
    figure, inertia = figures.inertial_share_by_tempo(reps, **PERSON)
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
    assert numbers["straight_leg_peak_moment"]["value"] == pytest.approx(rep.peak_nm, rel=1e-7)
    assert numbers["straight_leg_work"]["value"] == pytest.approx(rep.work_up_j, rel=1e-7)
    assert "not spinal load" in results["answer"]
    assert any("not spinal load" in text for text in results["assumptions"])
    mixes = any("mixes end points" in text for text in results["assumptions"])
    assert mixes == (chosen["segments"] == "mixed")
    assert {"deleva1996", "winter2009", "bipm2019", "mcgill2015"} <= set(results["sources"])
