"""What can be read from a notebook before it runs: its cells, its title, its parameters cell."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import MOST_JSON, content_of, json_of
from repdose.evidence.places import place_of

# Notebooks for a live kernel: they declare no parameters and make no report.
TOURS = ("explore",)

# What a cell has, and what a cell has if it has it
_EVERY = ("cell_type", "metadata", "source")
_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "cell_type": (str, "a word"),
    "metadata": (dict, "an object"),
    "source": ((str, list), "text"),
    "outputs": (list, "a list"),
}

# What the parser makes of a text that is no Python: also of one with a NUL, or nested too deep
NO_PYTHON = (SyntaxError, tokenize.TokenError, ValueError, MemoryError, RecursionError)

_DECLARES = re.compile(r"^\w+ = .*#\s*type:", re.MULTILINE)
_COMMENT = re.compile(r"#\s*type:\s*(?P<type>\w+)\s+(?:\[(?P<unit>[^\]]+)\]\s*)?(?P<words>\S.*)")


class ParameterError(ValueError):
    """Parameters that are refused; each line names notebook, parameter, value and allowed."""


@dataclass(frozen=True)
class Declared:
    """A line of a parameters cell: name, default, and what its comment says."""

    name: str
    default: Any
    type: str  # as the comment has it: float, int, str, list or file
    unit: str
    words: str


def notebooks_folder() -> Path:
    """Folder of the shipped notebooks: inside the installed package, else beside it."""
    return place_of("notebooks")


def names() -> list[str]:
    """Names of the shipped notebooks that make a report."""
    found = sorted(path.stem for path in notebooks_folder().glob("*.ipynb"))
    return [name for name in found if name not in TOURS]


def read_cells(path: Path) -> list[dict[str, Any]]:
    """Cells of a notebook file.

    Raises
    ------
    ParameterError
        If the file cannot be read, or is no notebook of format 4; the message says which cell
        is not as a cell has to be.
    """
    try:
        content = json_of(content_of(path, most=MOST_JSON), path.name)
    except EvidenceError as error:
        raise ParameterError(str(error)) from None
    if fault := _no_notebook(content):
        raise ParameterError(f"{path.name}: not a notebook: {fault}")
    cells: list[dict[str, Any]] = content["cells"]
    return cells


def _no_notebook(content: Any) -> str:
    """Why a JSON content is no notebook; empty if it is one."""
    if not isinstance(content, dict) or not {"nbformat", "cells"} <= content.keys():
        return "it has no nbformat and cells"
    if content["nbformat"] != 4:
        return f"nbformat {content['nbformat']!r:.40}; save it as 4"
    if not isinstance(content.get("metadata", {}), dict):
        return f"metadata is {_shown(content['metadata'])}, and an object is required"
    if not isinstance(content["cells"], list):
        return f"cells is {_shown(content['cells'])}, and a list is required"
    for number, cell in enumerate(content["cells"], start=1):
        if not isinstance(cell, dict):
            return f"cell {number} is {_shown(cell)}, and an object is required"
        for key, (kinds, wanted) in _KINDS.items():
            if (key in _EVERY or key in cell) and not isinstance(cell.get(key), kinds):
                read = _shown(cell[key]) if key in cell else "missing"
                return f"cell {number}: {key} is {read}, and {wanted} is required"
        tags = cell["metadata"].get("tags", [])
        for key, value in (("source", cell["source"]), ("metadata.tags", tags)):
            texts = [value] if isinstance(value, str) and key == "source" else value
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                return f"cell {number}: {key} is {_shown(value)}, and lines of text are required"
    return ""


def _shown(value: Any) -> str:
    return "null" if value is None else f"{value!r:.40}"


def title_of(path: Path) -> str:
    """First heading of a notebook."""
    return _title(path, path.stat().st_mtime_ns)


@cache
def _title(path: Path, _changed_ns: int) -> str:
    for cell in read_cells(path):
        if cell["cell_type"] == "markdown":
            match = re.search(r"^# +(.+)$", "".join(cell["source"]), re.MULTILINE)
            if match:
                return match.group(1).strip()
    return "Report"


def parameters_cell(cells: list[dict[str, Any]]) -> str | None:
    """Source of the cell tagged ``parameters``, None if there is none."""
    for cell in cells:
        if cell["cell_type"] == "code" and "parameters" in cell["metadata"].get("tags", []):
            return "".join(cell["source"])
    return None


def declares(source: str) -> bool:
    """Whether a cell reads like a parameters cell: a line ``name = value  # type: ...``."""
    return _DECLARES.search(source) is not None


def declarations(source: str, where: str) -> list[Declared]:
    """The lines of a parameters cell.

    Raises
    ------
    ParameterError
        Naming every line that is no ``name = value  # type: TYPE  [unit] meaning``.
    """
    problems: list[str] = []
    lines: list[Declared] = []
    try:
        body = ast.parse(source).body
        comments = {
            token.start[0]: token.string
            for token in tokenize.generate_tokens(io.StringIO(source).readline)
            if token.type == tokenize.COMMENT
        }
    except NO_PYTHON as error:
        said = str(error) or "it is nested too deep"
        raise ParameterError(f"{where}: the parameters cell is not Python: {said}") from None
    for line in body:
        text = (ast.get_source_segment(source, line) or "").splitlines()[0][:60]
        comment = _COMMENT.fullmatch(comments.get(line.end_lineno or 0, "").strip())
        try:
            assert isinstance(line, ast.Assign)
            (target,) = line.targets
            assert isinstance(target, ast.Name)
            default = ast.literal_eval(line.value)
        except (AssertionError, ValueError, MemoryError, RecursionError):
            problems.append(f"{where}: {text!r}: a parameters cell holds lines of name = value")
            continue
        if comment is None:
            problems.append(
                f"{where}: {target.id}: say what it is, as in "
                f"{target.id} = {default!r}  # type: {type(default).__name__}  [unit] meaning"
            )
            continue
        unit = comment["unit"] or ""
        lines.append(Declared(target.id, default, comment["type"], unit, comment["words"].strip()))
    if problems:
        raise ParameterError("\n".join(problems))
    return lines


@cache
def declared_anywhere() -> frozenset[str]:
    """Names that at least one shipped notebook declares."""
    declared = set()
    for name in names():
        cell = parameters_cell(read_cells(notebooks_folder() / f"{name}.ipynb"))
        declared |= {line.name for line in declarations(cell or "", name)}
    return frozenset(declared)


def reported_name(cells: list[dict[str, Any]]) -> str | None:
    """The name that a notebook gives to ``Report(...)``, read without running it.

    None if no cell opens a report.
    """
    for cell in cells:
        if cell["cell_type"] != "code":
            continue
        try:
            tree = ast.parse("".join(cell["source"]))
        except NO_PYTHON:  # a magic; another cell opens the report
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", getattr(node.func, "attr", "")) == "Report"
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                return str(node.args[0].value)
    return None
