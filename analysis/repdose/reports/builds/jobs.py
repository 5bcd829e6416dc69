"""A job from a notebook, a scenario and what was given."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repdose.inputs.notebooks import Notebook
from repdose.inputs.scenarios import Scenario
from repdose.inputs.validation import model, validate
from repdose.reports import folders
from repdose.reports.jobs import Job


def parameters(
    notebook: Notebook, scenario: Scenario | None, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Checked parameters: those of the scenario that the notebook declares, then those given."""
    declared = model(notebook.name).model_fields
    values: dict[str, Any] = {}
    if scenario is not None:
        everything = {**scenario.parameters, "progression": scenario.progression}
        values = {name: value for name, value in everything.items() if name in declared}
    return validate(notebook.name, values | dict(given or {})).model_dump()


def job(notebook: Notebook, scenario: str, checked: Mapping[str, Any], out: Path) -> Job:
    """A job whose folder may be written to."""
    folder = folders.place(out, scenario, notebook.name)
    return Job(notebook.name, notebook.path, scenario, checked, folder)
