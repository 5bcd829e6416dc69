"""The notebooks there are, and what can be read from one before it runs."""

from __future__ import annotations

import ast
import json
import os.path
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repdose.evidence.errors import near
from repdose.inputs.declared import MODELS
from repdose.inputs.scenarios import notebooks_folder
from repdose.inputs.validation import ParameterError


@dataclass(frozen=True)
class Notebook:
    """A notebook with declared parameters."""

    name: str  # under which its parameters are declared
    path: Path

    @property
    def is_of_a_plan(self) -> bool:
        """Whether it speaks of a progression, and so is run once for each scenario."""
        return "progression" in MODELS[self.name].model_fields


def notebooks() -> list[Notebook]:
    """Shipped notebooks that have declared parameters, in order of name."""
    folder = notebooks_folder()
    return [
        Notebook(name, folder / f"{name}.ipynb")
        for name in sorted(MODELS)
        if (folder / f"{name}.ipynb").is_file()
    ]


def find(wanted: str) -> Notebook:
    """A shipped notebook by name, or any other by the path of its file.

    Raises
    ------
    ParameterError
        If there is none, if it is no notebook, or if it has no parameters cell or declares
        no report.
    """
    if not wanted.endswith(".ipynb"):
        there = {notebook.name: notebook for notebook in notebooks()}
        if wanted not in there:
            raise ParameterError(
                f"no notebook {wanted!r}; near it: {', '.join(near(wanted, there)) or 'none'}"
            )
        return there[wanted]
    path = Path(os.path.abspath(wanted))  # it is read from another folder than this one
    cells = read_cells(path)
    if parameters_cell(cells) is None:
        raise ParameterError(
            f"{path.name}: no cell is tagged 'parameters'; tag the cell with the defaults"
        )
    name = reported_name(cells)
    if name not in MODELS:
        raise ParameterError(
            f"{path.name}: it must open a report with declared parameters, as in "
            f'Report("{min(MODELS)}", globals()); read {name!r}, declared: '
            f"{', '.join(sorted(MODELS))}"
        )
    return Notebook(name, path)


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Cells of a notebook file."""
    try:
        content = json.loads(path.read_text("utf-8"))
        if content["nbformat"] != 4:
            raise ParameterError(f"{path.name}: nbformat {content['nbformat']}; save it as 4")
        cells: list[dict[str, Any]] = content["cells"]
    except OSError as error:
        raise ParameterError(f"{path.name}: cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, ParameterError):
            raise
        raise ParameterError(f"{path.name}: not a notebook: {error}") from None
    return cells


def parameters_cell(cells: list[dict[str, Any]]) -> str | None:
    """Source of the cell tagged ``parameters``, None if there is none."""
    for cell in cells:
        if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", []):
            return "".join(cell["source"])
    return None


def reported_name(cells: list[dict[str, Any]]) -> str | None:
    """The name that a notebook gives to ``Report(...)``, read without running it."""
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse("".join(cell["source"]))
        except SyntaxError:  # a magic; another cell opens the report
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Report"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                return str(node.args[0].value)
    return None
