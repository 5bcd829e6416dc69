"""Small notebooks of a reader's own, for the tests of studies and of `--notebooks`."""

from __future__ import annotations

import json
from pathlib import Path

PLAN = """title: Two weeks, as in a test
plan:
  - variant: lying_straight_leg
    weeks: 2
    sessions_per_week: 3
    sets: 3
    repetitions: 10
    tempo: {up_s: 2, top_s: 1, down_s: 2, bottom_s: 0}
    rest_s: 120
parameters:
  body_mass_kg: 68.0
"""


def written(path: Path, parameters: str, *cells: str, prose: str = "# Mine\n") -> Path:
    """A notebook file: prose, a parameters cell, and `cells` of code."""

    def code(number: int, source: str, tags: list[str]) -> dict[str, object]:
        return {
            **{"cell_type": "code", "id": f"c{number}", "metadata": {"tags": tags}},
            **{"execution_count": None, "outputs": [], "source": source},
        }

    listed = [
        {"cell_type": "markdown", "id": "title", "metadata": {}, "source": prose},
        code(0, parameters, ["parameters"]),
        *(code(number, source, []) for number, source in enumerate(cells, start=1)),
    ]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(
        json.dumps({"cells": listed, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})
    )
    return path
