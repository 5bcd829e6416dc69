"""Every heading with a unit, in every table of every default report, against its model's unit."""

import re

import pytest
import worked_reports
from executed import report
from two_stages import typed

from repdose import mechanics, multiverse
from repdose.dose_response.trials import UNITS as EFFECT_UNITS
from repdose.inputs.progressions import plan
from repdose.mechanics import Repetition
from repdose.plans import Stage
from repdose.progression import totals
from repdose.tables import progression_comparison

REPORTS = [
    *((name, scenarios[0]) for name, (_, scenarios) in worked_reports.WORKED.items()),
    ("dose_response", "foundation"),
]
SUFFIXES = {"s": "s", "min": "min", "nm": "N m", "nms": "N m s", "j": "J", "deg": "deg"}
SHARE = "%"  # of a share [1], times a hundred; tests of the tables hold the hundred


def of(model, name):
    """Unit that the name of a model's field ends on."""
    assert hasattr(model, name) or name in model.__dataclass_fields__
    return SUFFIXES[name.rpartition("_")[2]]


def curve_unit(id):
    """Unit of a published curve's outcome, as its row has it."""
    curves = typed("dose_response_curves")
    unit = next(row["outcome_unit"] for row in curves if row["id"] == id)
    return {"percent": "%"}.get(unit, unit)


MOMENT, WORK = (mechanics.QUANTITIES[name] for name in ("peak", "work"))
KCAL, MET_MIN = (totals.UNITS[f"{name}_elapsed"] for name in ("gross_energy", "met_minutes"))
COST = multiverse.energy(
    plan("foundation"), body_mass_kg=75, stature_m=1.75, age_y=35, sex="female"
).unit
BANDS = curve_unit("schoenfeld2017.slope_effect_size")
EFFECT = EFFECT_UNITS["smcr"]
REPORTED = {
    name: unit.removesuffix("/week").removesuffix(" per week")
    for name, unit, _, _ in progression_comparison.REPORTED.values()
}
DECLARED = {
    ("energy_cost", "plan"): {
        "Rest between sets": of(Stage, "rest_s"),
        "Working time": of(Stage, "work_min"),
        "Elapsed time": of(Stage, "elapsed_min"),
    },
    ("energy_cost", "energy"): {
        **dict.fromkeys(["Session", "Week, low", "Week, central", "Week, high", "Week, net"], KCAL),
        "Week": MET_MIN,
    },
    ("energy_cost", "choices"): dict.fromkeys(["Lowest", "Highest", "Swing"], COST),
    ("weekly_volume", "volume"): {"Time under tension": totals.UNITS["time_under_tension"]},
    ("weekly_volume", "response"): dict.fromkeys(
        ["Gain over 1 weekly set", "Gain in its band of sets"], BANDS
    ),
    ("assumptions", "thresholds"): {"Reach it": SHARE},
    ("assumptions", "sensitivity"): dict.fromkeys(
        ["Alone", "With others", "Sampling error"], SHARE
    ),
    ("leg_raise_mechanics", "repetitions"): {
        "Range": of(Repetition, "start_deg"),
        "Peak moment": of(Repetition, "peak_nm"),
        "Mean moment": of(Repetition, "mean_nm"),
        "Work up": of(Repetition, "work_up_j"),
        "Moment-time impulse": of(Repetition, "moment_time_nms"),
        "Time": of(Repetition, "time_s"),
    },
    ("leg_raise_mechanics", "shares"): dict.fromkeys(["Peak", "Mean", "Work"], SHARE),
    ("leg_raise_mechanics", "segment_tables"): {"Straight-leg peak": MOMENT},
    ("leg_raise_mechanics", "inertia"): {
        "Up and down": SUFFIXES["s"],
        "Inertial moment at one hip": of(Repetition, "inertial_peak_nm"),
        "Share of that hip's peak": SHARE,
    },
    ("leg_raise_mechanics", "choices"): {
        "Peak moment": MOMENT,
        "Mean moment": mechanics.QUANTITIES["mean"],
        "Work up": WORK,
    },
    ("progression_comparison", "mean_dose"): {
        name: REPORTED[name]
        for name in (
            "Gross energy",
            "Strength work",
            "Time under tension",
            "Hip flexors",
            "Rectus abdominis",
        )
    },
    ("progression_comparison", "mean_mechanics"): {
        name: REPORTED[name]
        for name in (
            "Mechanical work",
            "Moment-time impulse",
            "Peak moment",
            "Recommendations met",
        )
    },
    ("progression_comparison", "change_rows"): {
        f"{name}, {way}": SHARE
        for name in ("Hip-flexor sets", "Moment-time impulse", "Gross energy")
        for way in ("rise", "fall")
    },
    ("progression_comparison", "response_rows"): {
        "Published gain in size over no sets": curve_unit("pelland2026.size_volume")
    },
    ("dose_response", "dose"): {"Gain": EFFECT, "Slope": f"{EFFECT} per set"},
    ("dose_response", "plan"): {"Gain": EFFECT},
    ("dose_response", "sensitivity"): {"10 over 5 sets": EFFECT},
    ("dose_response", "by_form"): {"10 over 5 sets": EFFECT},
}
# Units in captions, of the whole table.
CAPTIONED = {("assumptions", "energy_swings"): COST, ("assumptions", "simulated"): COST}


@pytest.mark.parametrize(("notebook", "scenario"), REPORTS)
def test_every_heading_with_a_unit_has_that_of_its_model(notebook, scenario):
    found, captioned = {}, {}
    for name, (frame, given) in report(notebook, scenario).tables.items():
        headings = (re.fullmatch(r"(.*) \[(.*)\]", str(one)) for one in frame.columns)
        units = {one[1]: one[2] for one in headings if one}
        if units:
            found[notebook, name] = units
        whole = re.search(r" \[([^@\]]+)\]\.$", given["caption"])
        if whole:
            captioned[notebook, name] = whole[1]
    assert found == {which: units for which, units in DECLARED.items() if which[0] == notebook}
    assert captioned == {which: unit for which, unit in CAPTIONED.items() if which[0] == notebook}


def test_units_reported_of_a_week_are_those_of_the_models():
    scaled = {"min": "s", "kJ": "J", "kN m s": "N m s"}
    models = {
        "Gross energy": KCAL,
        "Strength work": MET_MIN,
        "Time under tension": totals.UNITS["time_under_tension"],
        "Mechanical work": totals.UNITS["mechanical_work"],
        "Moment-time impulse": totals.UNITS["moment_time_impulse"],
    }
    assert {name: scaled.get(REPORTED[name], REPORTED[name]) for name in models} == models
