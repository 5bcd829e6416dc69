"""Tab after a module offers what it is for: its public names, not what it imports."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import repdose

MODULES = sorted(
    one.name for one in pkgutil.iter_modules(repdose.__path__) if not one.name.startswith("_")
)
# Rooms that are entered by their modules, and hold no name of their own
ROOMS = {"cli", "figures", "inputs", "plots", "tables"}


def shown(name: str) -> tuple[list[str], object]:
    module = importlib.import_module(f"repdose.{name}")
    return [one for one in dir(module) if not one.startswith("_")], module


def test_every_module_is_known():
    assert {"energy", "evidence", "dose_response", "volume", "plans"} < set(MODULES)


@pytest.mark.parametrize("name", [name for name in MODULES if name not in ROOMS])
def test_a_module_lists_its_public_names_and_no_other(name):
    offered, module = shown(name)
    assert offered == sorted(module.__all__)
    assert not [one for one in offered if not hasattr(module, one)]


def test_no_name_of_a_module_is_forgotten():
    """What is documented as a model's function is offered by its module."""
    wanted = {
        "energy": {"gross_energy_kcal", "net_energy_kcal", "met_minutes", "corrected_met"},
        "dose_response": {"curves", "grouped", "read_trials", "refit", "side_by_side"},
        "volume": {"weekly_sets", "weekly_volume"},
        "adherence": {"compare"},
        "resting": {"resting_energy_kcal_day"},
        "mechanics": {"hip_moment_nm", "repetition"},
        "progression": {"plan"},
        "screening": {"screen"},
        "metaregression": {"fit", "Fit"},
    }
    assert {name: names - set(shown(name)[0]) for name, names in wanted.items()} == {
        name: set() for name in wanted
    }
