"""What each notebook declares: default, type, unit and range of every parameter, typed here."""

from __future__ import annotations

import executed
import pytest

from repdose.inputs.cells import names
from repdose.inputs.notebooks import find
from repdose.inputs.validation import describe
from repdose.reports import Report

SHARED = {
    "body_mass_kg": (75.0, "float", "kg", (20, 300)),
    "stature_m": (1.75, "float", "m", (1.2, 2.3)),
    "age_y": (35, "int", "y", (18, 100)),
    "sex": ("female", "str", "", ["female", "male"]),
    "progression": ("foundation", "str", "", None),
    "edition": ("2024", "str", "", ["2011", "2024"]),
    "convention": ("oxygen", "str", "", ["oxygen", "compendium"]),
    "time_basis": ("elapsed", "str", "", ["elapsed", "working"]),
    "indirect_weight": (0.5, "float", "sets", (0, 1)),
}
SEGMENTS = ["deleva1996", "winter2009", "mixed"]
FORMS = ["averaged", "linear", "square root", "log", "quadratic", "spline", "emax"]
WEEKLY = "sets per muscle per week"
PERSON = ("body_mass_kg", "stature_m", "age_y", "sex")
ENERGY = ("progression", "edition", "convention", "time_basis")
# Names of those that notebooks share, and what a notebook has alone
DECLARED = {
    "energy_cost": ((*PERSON, *ENERGY), {}),
    "weekly_volume": (("body_mass_kg", "indirect_weight", *ENERGY), {}),
    "assumptions": (
        (*PERSON, *ENERGY),
        {
            "body_mass_sd_kg": (1.0, "float", "kg", (0, 20)),
            "seed": (1, "int", "", (0, 1e6)),
        },
    ),
    "leg_raise_mechanics": (
        ("body_mass_kg", "stature_m", "sex"),
        {
            "segments": ("deleva1996", "str", "", SEGMENTS),
            "ankle_mass_kg": (0.0, "float", "kg", (0, 10)),
        },
    ),
    "progression_comparison": (
        ("body_mass_kg", "stature_m", "sex", *ENERGY[1:], "indirect_weight"),
        {
            "progressions": (["foundation", "to_hanging", "flutter_endurance"], "list", "", None),
            "start_variant": ("lying_straight_leg", "str", "", None),
            "goal_variant": ("hanging_knee_raise", "str", "", None),
            "weeks": (12, "int", "weeks", (1, 104)),
            "rules": (["two_for_two", "volume_before_variant"], "list", "", None),
        },
    ),
    "dose_response": (
        ("progression",),
        {
            "outcome": ("hypertrophy", "str", "", ["hypertrophy", "strength"]),
            "table": ("", "str", "", None),
            "flagged": ("keep", "str", "", ["keep", "leave out"]),
            "pre_post_r": (0.0, "float", "", (0, 0.99)),
            "rho": (0.6, "float", "", (0, 0.95)),
            "low_sets": (5.0, "float", WEEKLY, (1, 60)),
            "high_sets": (10.0, "float", WEEKLY, (1, 60)),
            "form": ("averaged", "str", "", FORMS),
            "left_out": ([], "list", "", None),
        },
    ),
    "activity_and_risk": (
        ("progression",),
        {"curve_shape": ("quadratic", "str", "", ["quadratic", "spline", "root"])},
    ),
    "claim_audit": (("body_mass_kg", "stature_m", "sex"), {}),
}


def stated(row):
    within = None if row["minimum"] is None else (row["minimum"], row["maximum"])
    return row["default"], row["type"], row["unit"] or "", row["choices"] or within


def test_every_shipped_notebook_is_typed_here():
    assert sorted(DECLARED) == sorted(names())


@pytest.mark.parametrize("notebook", DECLARED)
def test_a_notebook_declares_what_is_typed_here(notebook):
    shared, own = DECLARED[notebook]
    rows = describe(find(notebook).path)
    assert {row["name"]: stated(row) for row in rows} == {n: SHARED[n] for n in shared} | own
    assert all(row["meaning"] for row in rows)


@pytest.mark.parametrize("notebook", DECLARED)
def test_a_notebook_as_it_stands_opens_with_the_defaults_typed_here(notebook):
    shared, own = DECLARED[notebook]
    defaults = {name: SHARED[name][0] for name in shared} | {n: own[n][0] for n in own}
    cell = {}
    exec(executed.code(notebook)[0], cell)
    assert Report(notebook, cell).parameters.model_dump() == defaults
