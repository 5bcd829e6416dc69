"""The notebooks there are, the shipped ones and others by their files, and what one is given."""

from __future__ import annotations

import os.path
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repdose.evidence import own_study
from repdose.evidence.errors import near
from repdose.inputs import cells
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import Parameters, model, of_kind
from repdose.inputs.scenarios import Scenario, ScenarioError
from repdose.inputs.validation import validate


@dataclass(frozen=True)
class Notebook:
    """A notebook with declared parameters."""

    name: str  # under which its report is opened, else its file's
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
    """A notebook by name, of the study one is in or shipped, or any by the path of its file.

    Raises
    ------
    ParameterError
        If there is none, if it is no notebook, or if it has no parameters cell or a name that
        cannot be a folder's.
    """
    if wanted.endswith(".ipynb"):
        return of_file(Path(os.path.abspath(wanted)))  # it is read from another folder than this
    by_name = {notebook.name: notebook for notebook in (*notebooks(), *own())}
    if wanted not in by_name:
        raise ParameterError(
            f"no notebook {wanted!r}; near it: {', '.join(near(wanted, by_name)) or 'none'}"
        )
    return by_name[wanted]


def of_file(path: Path) -> Notebook:
    """A notebook of one's own: under the name of the report it opens, else that of its file."""
    model(path)
    name = cells.reported_name(cells.read_cells(path)) or path.stem
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", name):
        raise ParameterError(
            f"{path.name}: its name becomes a folder, of letters, digits, - and _; name the file "
            f'so, or open a report as in Report("my_question", globals()); read {name!r}'
        )
    return Notebook(name, path)


def own() -> list[Notebook]:
    """Notebooks of the study one is in; none outside one."""
    study = own_study.find()
    return of_folder(study.notebooks) if study and any(study.notebooks.glob("*.ipynb")) else []


def of_folder(folder: Path) -> list[Notebook]:
    """Every notebook of a folder of one's own, in order of name.

    Raises
    ------
    ParameterError
        With every fault: no notebook at all, one that cannot be read, two under one name, one
        under the name of a shipped one.
    """
    if not folder.is_dir():
        raise ParameterError(f"{folder}: no such folder; name one that holds notebooks")
    found: dict[str, Notebook] = {}
    shipped = {name.lower() for name in cells.names()}
    problems: list[str] = []
    for path in sorted(folder.resolve().glob("*.ipynb")):
        try:
            notebook = of_file(path)
        except ParameterError as error:
            problems.append(str(error))
            continue
        same = found.setdefault(notebook.name.lower(), notebook)
        if same is not notebook:
            problems.append(
                f"{path.name}: its report is named {notebook.name!r}, as that of "
                f"{same.path.name}; reports are told apart by name, rename one"
            )
        elif notebook.name.lower() in shipped:
            problems.append(
                f"{path.name}: its report is named {notebook.name!r}, as a shipped one; take "
                "another name"
            )
    if not found and not problems:
        raise ParameterError(f"{folder}: no notebook in it; a notebook's file ends in .ipynb")
    if problems:
        raise ParameterError("\n".join(problems))
    return sorted(found.values(), key=lambda notebook: notebook.name)


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


def undeclared(scenario: Scenario, made: Iterable[Notebook]) -> list[str]:
    """What is wrong with the names of a scenario's parameters: no notebook declares them."""
    known = cells.declared_anywhere().union(*(notebook.declared.model_fields for notebook in made))
    return [
        f"{scenario.at(key)}: no notebook declares it; near it: {', '.join(near(key, known))}"
        for key in scenario.parameters
        if key not in known
    ]
