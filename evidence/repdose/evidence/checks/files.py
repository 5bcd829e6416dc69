"""What the checks of the evidence read: files and tables, each once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError
from repdose.evidence.problems import Problem
from repdose.evidence.table_schema import Table

#: The checkout, or the folder the package is installed in.
_CODE = Path(__file__).resolve().parents[3]
ROOT = _CODE.parent if (_CODE.parent / "pyproject.toml").is_file() else _CODE
#: Second transcriptions of print, which only a checkout has.
PUBLISHED = ROOT / "tests" / "published"
DESCRIPTOR = "datapackage.json"
_LOCATED = re.compile(r"([\w.-]+\.(?:csv|yaml|json|bib)):(\d+):?\s*(.*)", re.DOTALL)


def checkout() -> bool:
    """Whether the project is here, and not the installed package alone."""
    return (ROOT / "pyproject.toml").is_file() and (ROOT / "references.bib").is_file()


def named(path: Path) -> str:
    """A file as the reader knows it, from the root of the project."""
    return path.resolve().relative_to(ROOT).as_posix()


def data(name: str) -> str:
    """A file of evidence/data as the reader knows it."""
    return named(tables.DATA / name)


def line_of(text: str, wanted: str) -> int:
    """Line of the first occurrence, 0 if there is none."""
    place = text.find(wanted)
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


@cache
def read() -> tuple[dict[str, Table], tuple[Problem, ...]]:
    """Every table that can be read, and why the others cannot."""
    by_name: dict[str, Table] = {}
    problems = []
    for name in tables.names():
        path = tables.DATA / tables.resource(name)["path"]
        try:
            by_name[name] = tables.table(name)
        except EvidenceError as error:
            problems.append(located(str(error), path, "table"))
        except OSError as error:
            problems.append(Problem(named(path), 0, "", "table", f"cannot be read: {error}"))
    return by_name, tuple(problems)


def located(message: str, path: Path, rule: str) -> Problem:
    """A problem from an error that names ``file:line`` itself."""
    match = _LOCATED.search(message)
    if not match:
        return Problem(named(path), 0, "", rule, message)
    return Problem(data(match.group(1)), int(match.group(2)), "", rule, match.group(3))


@cache
def by_id() -> Mapping[str, list[tuple[Table, int]]]:
    """Tables and row numbers by record id."""
    places: dict[str, list[tuple[Table, int]]] = defaultdict(list)
    for table in read()[0].values():
        if table.columns and table.columns[0] == "id":
            for place, row in enumerate(table.rows):
                places[str(row["id"])].append((table, place))
    return places
