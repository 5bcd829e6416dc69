"""Small notebooks for the tests of the report machinery."""

from __future__ import annotations

import json
from pathlib import Path

from repdose.inputs import cells as of_notebook
from repdose.inputs import notebooks
from repdose.inputs.validation import validate
from repdose.reports.builds import jobs
from repdose.reports.jobs import Job

OPEN = 'from repdose.reports import Report\nreport = Report("energy_cost", globals())'
CLOSE = "report.provenance()"


def notebook(path: Path, *cells: str) -> Path:
    """A notebook file: the parameters of energy_cost, a report, `cells`, its provenance."""
    defaults = of_notebook.parameters_cell(
        of_notebook.read_cells(notebooks.find("energy_cost").path)
    )
    sources = [(defaults, ["parameters"]), (OPEN, []), *((cell, []) for cell in cells), (CLOSE, [])]
    content = {
        "cells": [
            {
                "cell_type": "markdown",
                "id": "title",
                "metadata": {},
                "source": "# A small report\n\nIt cites [@garber2011].\n\n## Part one\n",
            }
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    for number, (source, tags) in enumerate(sources):
        content["cells"].append(
            {
                "cell_type": "code",
                "execution_count": None,
                "id": f"code-{number}",
                "metadata": {"tags": tags} if tags else {},
                "outputs": [],
                "source": source,
            }
        )
    path.write_text(json.dumps(content), "utf-8")
    return path


def job(tmp_path: Path, name: str, *cells: str, **parameters: object) -> Job:
    """A job of a small notebook, to be made under `tmp_path`."""
    source = notebook(tmp_path / f"{name}.ipynb", *cells)
    checked = validate("energy_cost", parameters).model_dump()
    folder = tmp_path / "out" / name / "energy_cost"
    return jobs.job_in(folder, notebooks.Notebook("energy_cost", source), name, checked)
