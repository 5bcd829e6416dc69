"""What is to be made, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self


@dataclass(frozen=True)
class Job:
    """One report to be made.

    Parameters
    ----------
    notebook : str
        Name of the notebook.
    source : Path
        Its file.
    scenario : str
        Name of the folder the report goes to.
    parameters : mapping
        Checked values by name, as plain data.
    folder : Path
        Where the report goes; it is replaced as a whole.
    title, subtitle : str
        What the page is headed with.
    stated : mapping
        Parameters as the report states them: a file by its name.
    files : mapping
        Path of each file of the reader's own, by the name of its parameter.
    made_of : str
        Digest of the parameters with what they name: plans, and contents of files.
    packs : sequence of mapping
        The packs in force when it was planned, as plain data.

    Notes
    -----
    Everything is resolved when the build is planned, so that whoever makes the report reads no
    scenario and declares no parameters again.
    """

    notebook: str
    source: Path
    scenario: str
    parameters: Mapping[str, Any]
    folder: Path
    title: str
    subtitle: str
    stated: Mapping[str, Any]
    files: Mapping[str, str]
    made_of: str
    packs: Sequence[Mapping[str, Any]] = ()

    @property
    def name(self) -> str:
        """Scenario and notebook, as messages have it."""
        return f"{self.scenario}/{self.notebook}"

    def plain(self) -> dict[str, Any]:
        """The job as plain data, to be sent to another process."""
        return {**vars(self), "source": str(self.source), "folder": str(self.folder)}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Self:
        """The job that was sent as :meth:`plain` data."""
        return cls(**{**plain, "source": Path(plain["source"]), "folder": Path(plain["folder"])})


@dataclass(frozen=True)
class Outcome:
    """What came of a job."""

    job: Job
    status: Literal["made", "unchanged", "failed"]
    message: str = ""
    seconds: float = 0.0


class CellError(Exception):
    """A cell that raised, killed its process or ran out of time."""

    def __init__(self, *, cell: int, source: str, problem: str, traceback: str = "") -> None:
        super().__init__(problem)
        self.cell = cell
        self.source = source
        self.problem = problem
        self.traceback = traceback


class EngineGone(Exception):
    """What was to run the cells has ended: not the report's fault, and no report can be made."""


def in_a_line(content: Any) -> str:
    """Plain data as one line of JSON, sorted: what is compared or digested, and read by nobody."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)


def as_json(content: Any) -> str:
    """Plain data as the text of a JSON file: sorted, indented, one line feed at the end."""
    text = json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text + "\n"


def in_lines(content: Mapping[str, Any]) -> str:
    """An object as the text of a JSON file, each object of its lists in a line of its own.

    A difference between two files is then a record or a number, whole.

    Examples
    --------
    >>> print(in_lines({"numbers": [{"value": 1, "id": "a"}], "answer": "x"}), end="")
    {
     "answer": "x",
     "numbers": [
      {"id":"a","value":1}
     ]
    }
    """
    values = (f" {json.dumps(key)}: {_lines(value)}" for key, value in sorted(content.items()))
    return "{\n" + ",\n".join(values) + "\n}\n"


def _lines(value: Any) -> str:
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return "[\n" + ",\n".join(f"  {_compact(one)}" for one in value) + "\n ]"
    return as_json(value).strip().replace("\n", "\n ")


def _compact(value: Any) -> str:
    return json.dumps(
        value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
