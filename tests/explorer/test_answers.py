"""What a view answers is what the models say of its parameters, whatever was kept of others."""

from __future__ import annotations

import itertools
import subprocess
import sys

import pytest

from repdose import multiverse
from repdose.explorer import state as states
from repdose.inputs.progressions import plan

PERSON = {"body_mass_kg": 82.0, "stature_m": 1.8, "age_y": 40, "sex": "male"}


@pytest.mark.parametrize(
    ("convention", "time_basis", "edition"),
    list(itertools.product(("oxygen", "compendium"), ("elapsed", "working"), ("2024", "2011"))),
)
def test_the_range_over_choices_stands_around_the_defaults_that_are_shown(
    convention: str, time_basis: str, edition: str
):
    rules = {"convention": convention, "time_basis": time_basis, "edition": edition}
    state = states.of("energy_cost").changed(**PERSON, **rules)
    main = next(one for one in state.results().numbers if one.headline)
    direct = multiverse.energy(plan("foundation"), **PERSON, **rules)
    assert (main.low, main.high) == pytest.approx(direct.range, rel=1e-7)
    assert main.value == pytest.approx(direct.default, rel=1e-7)


def test_a_second_view_of_one_plan_names_the_records_of_the_first():
    first = states.of("energy_cost").changed(**PERSON)
    again = first.changed(convention="compendium").changed(convention="oxygen")
    assert [one.id for one in first.results().records] == [
        one.id for one in again.results().records
    ]
    assert "byrne2005.resting_energy" in {one.id for one in first.results().records}


def test_numbers_alone_load_no_plotting():
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from repdose.explorer import state\n"
            "for name in ('energy_cost', 'weekly_volume'):\n"
            "    state.of(name).results()\n"
            "print(sorted(name for name in sys.modules if name == 'matplotlib'))",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "[]"
