"""The notebooks there are, the shipped ones and others by their files, and what one is given."""

from __future__ import annotations

import os.path
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repdose.evidence.errors import near
from repdose.inputs import cells
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import Parameters, model, of_kind
from repdose.inputs.scenarios import Scenario, ScenarioError
from repdose.inputs.validation import validate


@dataclass(frozen=True)
class Notebook:
    """A notebook with declared parameters."""

    name: str  # under which its report is opened
    path: Path

    @property
    def declared(self) -> type[Parameters]:
        """What its parameters cell declares."""
        return model(self.path)

    @property
    def is_of_a_plan(self) -> bool:
        """Whether it speaks of a progression, and so is run once for each scenario."""
        return bool(of_kind(self.declared, "plan"))


def notebooks() -> list[Notebook]:
    """Shipped notebooks, in order of name."""
    return [Notebook(name, cells.notebooks_folder() / f"{name}.ipynb") for name in cells.names()]


def find(wanted: str) -> Notebook:
    """A shipped notebook by name, or any other by the path of its file.

    Raises
    ------
    ParameterError
        If there is none, if it is no notebook, or if it has no parameters cell or opens no
        report.
    """
    if not wanted.endswith(".ipynb"):
        by_name = {notebook.name: notebook for notebook in notebooks()}
        if wanted not in by_name:
            raise ParameterError(
                f"no notebook {wanted!r}; near it: {', '.join(near(wanted, by_name)) or 'none'}"
            )
        return by_name[wanted]
    path = Path(os.path.abspath(wanted))  # it is read from another folder than this one
    model(path)
    name = cells.reported_name(cells.read_cells(path))
    if not name or not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ParameterError(
            f"{path.name}: it must open a report under a name of letters, digits, - and _, as in "
            f'Report("{path.stem}", globals()); read {name!r}'
        )
    return Notebook(name, path)


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
