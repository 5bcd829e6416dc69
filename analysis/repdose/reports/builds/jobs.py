"""A job from a notebook, a scenario and what was given, its words resolved."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repdose.inputs import cells, stated
from repdose.inputs.declared import of_kind
from repdose.inputs.notebooks import Notebook
from repdose.inputs.scenarios import Scenario, ScenarioError
from repdose.inputs.validation import validate
from repdose.reports import folders, manifest
from repdose.reports.jobs import Job, as_json


def parameters(
    notebook: Notebook, scenario: Scenario | None, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Checked parameters: those of the scenario that the notebook declares, then those given."""
    declared = notebook.declared
    values: dict[str, Any] = {}
    if scenario is not None:
        plans = of_kind(declared, "plan")
        if twice := scenario.parameters.keys() & plans:
            raise ScenarioError(
                f"{scenario.name}.yaml parameters.{min(twice)}: the plan of a scenario stands "
                "under plan; leave it out"
            )
        everything = {**scenario.parameters, **dict.fromkeys(plans, scenario.progression)}
        values = {name: everything[name] for name in everything if name in declared.model_fields}
    return validate(notebook.path, values | dict(given or {})).model_dump()


def job(notebook: Notebook, scenario: str, checked: Mapping[str, Any], out: Path) -> Job:
    """A job whose folder may be written to."""
    return job_in(folders.place(out, scenario, notebook.name), notebook, scenario, checked)


def job_in(folder: Path, notebook: Notebook, scenario: str, checked: Mapping[str, Any]) -> Job:
    """A job with its words, for a folder that is known to be one's own."""
    declared = notebook.declared
    return Job(
        notebook.name,
        notebook.path,
        scenario,
        checked,
        folder,
        title=cells.title_of(notebook.path),
        subtitle=stated.subtitle(declared, checked),
        stated=stated.stated(declared, checked),
        files=stated.own_files(declared, checked),
        made_of=manifest.digest(as_json(stated.contents(declared, checked))),
    )
