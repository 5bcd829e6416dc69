"""Check what a notebook is given against what it declares, and say what is declared."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from repdose.evidence import own_study
from repdose.evidence.errors import near
from repdose.inputs import scenarios
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import Parameters, kind, model, of_kind, unit

MAX_PROBLEMS = 20  # more than a reader takes in at once


def validate(notebook: str | Path, given: Mapping[str, Any]) -> Parameters:
    """Checked parameters of a notebook, defaults filled in.

    Parameters
    ----------
    notebook : str or Path
        Name of a shipped notebook, or the file of any.
    given : mapping
        Values by name, as plain numbers, words, lists and mappings.

    Returns
    -------
    Parameters
        An instance of the notebook's model.

    Raises
    ------
    ParameterError
        Naming every parameter that is unknown, of the wrong type or out of range, what was
        read and what is allowed.

    Examples
    --------
    >>> validate("energy_cost", {"body_mass_kg": 82.5}).body_mass_kg
    82.5
    >>> validate("energy_cost", {"stature_m": 175})
    Traceback (most recent call last):
        ...
    repdose.inputs.cells.ParameterError: energy_cost: stature_m: read 175; allowed is a \
number, 1.2 to 2.3 m (stature); if that was in cm, write 1.75
    """
    declared = model(notebook)
    if isinstance(notebook, str):
        return checked(declared, notebook, given)
    named = _named_by_defaults(declared, notebook, given)
    return checked(declared, notebook.stem, {**named, **given})


def _named_by_defaults(
    declared: type[Parameters], notebook: Path, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Files and plans of one's own that defaults name, from the folder the notebook is in."""

    def found(name: str, value: Any) -> Any:
        if not isinstance(value, str) or not (name in files or scenarios.is_path(value)):
            return value
        path = notebook.parent / value
        study = own_study.around(notebook.parent)
        if study and not study.holds(path):
            raise ParameterError(
                f"{notebook.stem}: {name}: its default, {value!r}, lies outside the study "
                f"{study.root.name}; put the file into the study"
            )
        return os.path.normpath(path)

    files = of_kind(declared, "file")
    named = {}
    for name in (*files, *of_kind(declared, "plan"), *of_kind(declared, "plans")):
        default = declared.model_fields[name].default
        several = default if isinstance(default, list) else [default]
        own = [one for one in several if isinstance(one, str) and one not in scenarios.names()]
        if name not in given and any(own):
            kept = [found(name, one) for one in several]
            named[name] = kept if isinstance(default, list) else kept[0]
    return named


def checked(declared: type[Parameters], notebook: str, given: Mapping[str, Any]) -> Parameters:
    """What is given, checked against what a notebook declares; see :func:`validate`."""
    try:
        return declared.model_validate(dict(given))
    except ValidationError as error:
        problems: dict[str, str] = {}
        for item in error.errors(include_url=False):
            name = str(item["loc"][0]) if item["loc"] else ""
            problems.setdefault(name, _problem(declared, name, item))
    lines = [f"{notebook}: {text}" for text in list(problems.values())[:MAX_PROBLEMS]]
    if len(problems) > MAX_PROBLEMS:
        lines.append(f"{notebook}: and {len(problems) - MAX_PROBLEMS} more")
    raise ParameterError("\n".join(lines))


def _problem(declared: type[Parameters], name: str, item: Mapping[str, Any]) -> str:
    if item["type"] == "extra_forbidden":
        known = declared.model_fields
        identifier = "" if re.fullmatch(r"[a-z_][a-z0-9_]*", name) else " is no parameter's name;"
        return (
            f"{name[:60]!r}:{identifier} no such parameter; did you mean "
            f"{', '.join(near(name, known, 3))}? All: {', '.join(known)}"
        )
    read = item["input"]
    if item["type"] == "string_unicode" and not name:
        return f"{_short(read)} is no parameter's name: it is not UTF-8"
    if item["type"] == "value_error":
        reason = str(item["ctx"]["error"])
        return f"{name}: {reason}" if name else reason
    field = declared.model_fields[name]
    return f"{name}: read {_short(read)}; allowed is {allowed(field)}{_hint(field, read)}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def limits(field: FieldInfo) -> tuple[float | None, float | None]:
    """Lower and upper bound of a numeric parameter, None where there is none."""
    low = high = None
    for item in field.metadata:
        low = getattr(item, "ge", getattr(item, "gt", low))
        high = getattr(item, "le", high)
    return low, high


def choices(field: FieldInfo) -> tuple[str, ...]:
    """Words a parameter may be, empty where it is free."""
    words = get_args(field.annotation)
    return words if words and all(isinstance(word, str) for word in words) else ()


def allowed(field: FieldInfo) -> str:
    """What a parameter may be, in words."""
    if words := choices(field):
        return f"one of {', '.join(words)} ({field.description})"
    low, high = limits(field)
    if low is None or high is None:
        return str(field.description)
    number = "a whole number" if field.annotation is int else "a number"
    return f"{number}, {low:g} to {high:g} {unit(field)} ({field.description})"


def _hint(field: FieldInfo, read: Any) -> str:
    """Advice where the slip is plain: a unit in the value, or the value in another unit."""
    own = unit(field)
    if isinstance(read, str) and own and re.match(r"\s*[-+]?\d", read):
        return f"; write the plain number in {own}, with no unit and no quotes"
    low, high = limits(field)
    if isinstance(read, int | float) and own == "m" and low and high and low <= read / 100 <= high:
        return f"; if that was in cm, write {read / 100:g}"
    return ""


def describe(notebook: str | Path) -> list[dict[str, Any]]:
    """Declared parameters of a notebook: name, type, unit, default, allowed, meaning."""
    rows: list[dict[str, Any]] = []
    for name, field in model(notebook).model_fields.items():
        low, high = limits(field)
        rows.append(
            {
                "name": name,
                "type": kind(field),
                "unit": unit(field) or None,
                "default": field.default,
                "minimum": low,
                "maximum": high,
                "choices": list(choices(field)) or None,
                "meaning": field.description,
            }
        )
    return rows
