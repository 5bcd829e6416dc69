"""A notebook as its cells are run: a job's parameters in a cell below those it declares.

As papermill does it; but papermill takes half of the time that the process needs which makes
the pages, and lays the cell out by whatever formatter happens to be installed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repdose.reports.engines.environment import import_nbformat
from repdose.reports.jobs import Job


def notebook_of(job: Job) -> Any:
    """The job's notebook, with its parameters."""
    import_nbformat()
    import nbformat

    notebook: Any = nbformat.read(job.source, as_version=4)  # type: ignore[no-untyped-call]
    notebook = nbformat.v4.upgrade(notebook)  # type: ignore[no-untyped-call]
    if not job.parameters:
        return notebook
    made = nbformat.v4.new_code_cell(source=written(job.parameters))  # type: ignore[no-untyped-call]
    made.metadata["tags"] = ["injected-parameters"]
    cells = [one for one in notebook.cells if "injected-parameters" not in _tags(one)]
    declared = [at for at, one in enumerate(cells) if "parameters" in _tags(one)]
    at = declared[0] + 1 if declared else 0
    notebook.cells = [*cells[:at], made, *cells[at:]]
    return notebook


def written(parameters: Mapping[str, Any]) -> str:
    """Parameters as the text of their cell.

    Examples
    --------
    >>> print(written({"sex": "male", "age_y": 35, "plan": [{"weeks": 2}]}), end="")
    # Parameters
    sex = "male"
    age_y = 35
    plan = [{"weeks": 2}]
    """
    lines = (f"{name} = {_literal(value)}\n" for name, value in parameters.items())
    return "".join(["# Parameters\n", *lines])


def _literal(value: Any) -> str:
    if isinstance(value, str):
        escaped = value.encode("unicode_escape").decode("ascii").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, dict):
        pairs = (f"{_literal(name)}: {_literal(one)}" for name, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return repr(value)


def _tags(cell: Any) -> list[str]:
    return list(cell.metadata.get("tags", []))
