"""Shipped notebooks as they run: their code in this process, with what they showed kept."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

import yaml
from worked_reports import WORKED

from repdose import multiverse
from repdose.inputs.notebooks import notebooks
from repdose.inputs.validation import model
from repdose.reports import Report

# Refits of the trials, the same for every plan: most of the time of a report on assumptions
FITTED = functools.cache(multiverse.dose_response_slope)
NOTEBOOKS = Path(__file__).parent.parent / "notebooks"


@dataclass
class Executed:
    """Results of a report, and its tables and figures by name."""

    results: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    @property
    def numbers(self) -> dict[str, dict[str, Any]]:
        return {number["id"]: number for number in self.results["numbers"]}


# Notebook and scenario of the default reports: of several alike, one of each that no sheet of
# worked numbers holds
REPORTS = [
    (one.name, scenario)
    for one in notebooks()
    for scenario in WORKED.get(
        one.name, (None, ("foundation",) if one.is_of_a_plan else ("general",))
    )[1]
]


def code(notebook: str) -> list[str]:
    """Source of the notebook's code cells."""
    cells = json.loads((NOTEBOOKS / f"{notebook}.ipynb").read_text("utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def chosen(notebook: str, scenario: str) -> dict[str, Any]:
    """Parameters that ``repdose build`` gives a notebook for a shipped scenario."""
    if scenario == "general":
        return {}
    path = NOTEBOOKS / "scenarios" / f"{scenario}.yaml"
    given = yaml.safe_load(path.read_text("utf-8"))["parameters"]
    known = model(notebook).model_fields
    return {"progression": scenario, **{k: v for k, v in given.items() if k in known}}


def run(notebook: str, **parameters: Any) -> Executed:
    """Execute every code cell, with parameters put after the cell that declares them."""
    made = Executed()

    class Kept(Report):
        def table(self, frame: Any, **given: Any) -> None:
            made.tables[given["name"]] = (frame, given)
            super().table(frame, **given)

        def figure(self, fig: Any, **given: Any) -> None:
            made.figures[given["name"]] = (fig, given)
            super().figure(fig, **given)

        def say(self, text: str) -> None:
            made.said.append(text)
            super().say(text)

        def provenance(self) -> None:
            made.results = self.results()
            super().provenance()

    first, *rest = code(notebook)
    namespace: dict[str, Any] = {}
    exec(first, namespace)
    namespace |= parameters
    with mock.patch.object(multiverse, "dose_response_slope", FITTED):
        for cell in rest:
            # The notebook opens its report by a name that stands for the one that remembers
            namespace["Report"] = Kept
            exec(cell.replace("import Report\n", "import Report as _\n"), namespace)
    return made


@functools.cache
def report(notebook: str, scenario: str) -> Executed:
    """A default report, executed once a session."""
    return run(notebook, **chosen(notebook, scenario))
