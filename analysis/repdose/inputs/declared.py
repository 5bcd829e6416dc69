"""The parameters of a notebook, as its own parameters cell declares them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator
from pydantic.fields import FieldInfo

from repdose.arguments import Range
from repdose.evidence.errors import near
from repdose.inputs import cells, fields, files, progressions
from repdose.inputs.cells import Declared, ParameterError

NAMES: dict[str, Any] = fields.NAMES | files.NAMES | progressions.NAMES
# What is checked of several parameters at once, where a notebook has them all.
TOGETHER = (
    (progressions.COMPARED, progressions.can_be_compared),
    (progressions.OF_EDITION, progressions.edition_has_rows),
    (files.OUTCOME_OF_TABLE, files.outcome_is_seen),
    (fields.DOSES_COMPARED, fields.more_over_fewer),
)
_NUMBER = r"[-+]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"(?P<low>{_NUMBER}) to (?P<high>{_NUMBER})[:,]\s*(?P<meaning>\S.*)")
_WORDS = re.compile(r"one of (?P<words>[^:]+):\s*(?P<meaning>\S.*)")


class Parameters(BaseModel):
    """Base of every notebook's declared parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


def model(notebook: str | Path) -> type[Parameters]:
    """Declared parameters of a shipped notebook by name, or of any by the path of its file.

    A name of the vocabulary means the same in every notebook: its type, unit, range and meaning
    are those of :data:`NAMES`. Any other is what its comment says, as in
    ``rest_s = 60.0  # type: float  [s] 0 to 600: rest between sets``.

    Raises
    ------
    ParameterError
        If there is no such notebook, or its cell declares what cannot be.
    """
    if isinstance(notebook, Path):
        path = notebook
    elif notebook in (known := cells.names()):
        path = cells.notebooks_folder() / f"{notebook}.ipynb"
    else:
        raise ParameterError(
            f"no notebook {notebook!r}; near it: {', '.join(near(notebook, known)) or 'none'}"
        )
    try:
        return _of_file(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise ParameterError(f"{path.name}: cannot be read: {error.strerror}") from None


def model_of(notebook: str, namespace: Mapping[str, Any]) -> type[Parameters]:
    """Parameters of the notebook that runs in `namespace`: by its own cell, else by its name."""
    for source in reversed(namespace.get("In", [])):
        if cells.declares(source):
            return of_cell(source.removesuffix("\n"), notebook)
    return model(notebook)


@cache
def _of_file(path: Path, _changed_ns: int) -> type[Parameters]:
    source = cells.parameters_cell(cells.read_cells(path))
    if source is None:
        raise ParameterError(
            f"{path.name}: no cell is tagged 'parameters'; give it one, a line a parameter, as in "
            "body_mass_kg = 75.0  # type: float  [kg] body mass (a notebook that takes none has "
            "the tag on an empty cell)"
        )
    return of_cell(source, path.stem)


@cache
def of_cell(source: str, where: str) -> type[Parameters]:
    """The model of a parameters cell."""
    problems: list[str] = []
    annotated: dict[str, Any] = {}
    lines = cells.declarations(source, where)
    for line in lines:
        try:
            annotated[line.name] = (NAMES.get(line.name) or _own(line), line.default)
        except ParameterError as error:
            problems.append(f"{where}: {line.name}: {error}")
    together: dict[str, Any] = {
        check.__name__: model_validator(mode="after")(check)
        for names, check in TOGETHER
        if annotated.keys() >= names
    }
    created: type[Parameters] = create_model(
        where, __base__=Parameters, __validators__=together, **annotated
    )
    for line in lines:
        field = created.model_fields.get(line.name)
        written = "str" if line.type == "file" else line.type
        if field and (kind(field), unit(field)) != (written, line.unit):
            problems.append(
                f"{where}: {line.name}: the cell says {written} [{line.unit}]; everywhere else "
                f"it is {kind(field)} [{unit(field)}]. Write that, or take another name"
            )
    if problems:
        raise ParameterError("\n".join(problems))
    return created


def _own(line: Declared) -> Any:
    """Type of a name that no other notebook has, from its comment."""
    within, words = _RANGE.fullmatch(line.words), _WORDS.fullmatch(line.words)
    if line.type in ("float", "int"):
        if not within:
            raise ParameterError(
                f"a number needs its range, as in # type: {line.type}  "
                f"[{line.unit or 'unit'}] 0 to 10: {line.words}"
            )
        of = float if line.type == "float" else int
        low, high = float(within["low"]), float(within["high"])
        return Annotated[of, fields.quantity(Range(low, high, line.unit), within["meaning"])]
    if line.type == "file":
        return files.own_file(line.words)
    if line.type == "str":
        if words:
            allowed = tuple(word.strip() for word in words["words"].split(","))
            return Annotated[Literal[allowed], Field(description=words["meaning"])]
        return Annotated[str, Field(description=line.words)]
    if line.type == "list":
        return Annotated[list[Any], Field(description=line.words)]
    raise ParameterError(f"type {line.type!r}; allowed are float, int, str, list and file")


def of_kind(declared: type[Parameters], kind: str) -> list[str]:
    """Names of the parameters of one kind: "plan", "plans" or "file"."""
    return [name for name, field in declared.model_fields.items() if _extra(field, "kind") == kind]


def unit(field: FieldInfo) -> str:
    """Unit of a parameter, empty where it has none."""
    return _extra(field, "unit")


def _extra(field: FieldInfo, what: str) -> str:
    extra = field.json_schema_extra
    return str(extra.get(what, "")) if isinstance(extra, dict) else ""


def kind(field: FieldInfo) -> str:
    """Type of a parameter as the notebook's ``# type:`` comment writes it."""
    if field.annotation in (int, float):
        return "int" if field.annotation is int else "float"
    return "list" if get_origin(field.annotation) is list else "str"
