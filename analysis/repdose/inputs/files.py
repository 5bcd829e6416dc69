"""Parameters that name a file of the reader's own."""

from __future__ import annotations

import os.path
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from repdose.inputs.fields import _trained


def _table(value: str) -> str:
    """The full path of a table of the reader's own, read: a cell runs in another folder."""
    if not value:
        return value
    path = os.path.abspath(os.path.expanduser(value))
    if not os.path.exists(path):
        raise ValueError(
            f"no file {value!r:.200}; give the path of a CSV file, in full or from the folder "
            "you are in"
        )
    _trained(path)
    return path


def published(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as a report states them: a file by its name, whatever folder it lies in."""
    found = dict(parameters)
    if found.get("table"):
        found["table"] = Path(found["table"]).name
    return found


TrialTable = Annotated[
    str,
    AfterValidator(_table),
    Field(
        description="path of a CSV file or Excel workbook of your own trials, its columns as "
        "repdose template trials --columns lists them; empty for the packaged ones"
    ),
]
