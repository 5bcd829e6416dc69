"""How checked parameters are stated: in a report, in its subtitle, and as what it is made of."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import content_of
from repdose.inputs.declared import Parameters, of_kind, unit
from repdose.inputs.progressions import plan
from repdose.inputs.scenarios import shipped

Given = Mapping[str, Any]
# Names of parameters that are no words by themselves
WORDS = {"pre_post_r": "pre-post correlation"}


def own_files(declared: type[Parameters], parameters: Given) -> dict[str, str]:
    """Path of each file of the reader's own, by the name of its parameter."""
    return {name: path for name in of_kind(declared, "file") if (path := parameters.get(name))}


def stated(declared: type[Parameters], parameters: Given) -> dict[str, Any]:
    """Parameters as a report states them: a file by its name, whatever folder it lies in."""
    files = own_files(declared, parameters)
    return {**parameters, **{name: Path(path).name for name, path in files.items()}}


def contents(declared: type[Parameters], parameters: Given) -> dict[str, Any]:
    """Parameters with what they name: a plan's stages, the digest of a file's content."""
    given = dict(parameters)
    for name in given.keys() & of_kind(declared, "plan"):
        given[name] = _with_plan(given[name])
    for name in given.keys() & of_kind(declared, "plans"):
        given[name] = [_with_plan(one) for one in given[name]]
    for name, path in own_files(declared, parameters).items():
        try:
            content = hashlib.sha256(content_of(path)).hexdigest()
        except EvidenceError:
            content = "missing"
        given[name] = [Path(path).name, content]
    return given


def _with_plan(progression: Any) -> Any:
    if not isinstance(progression, str):
        return progression
    scenario = shipped(progression)
    return [progression, scenario.title, scenario.stages]


def subtitle(declared: type[Parameters], parameters: Given) -> str:
    """The plan that a report speaks of, and each parameter that is not its default."""
    plans = [name for name in of_kind(declared, "plan") if name in parameters]
    parts = [plan(parameters[name]).title for name in plans]
    for name, value in stated(declared, parameters).items():
        field = declared.model_fields.get(name)
        if field is None or name in plans or value in (field.default, ""):
            continue
        if isinstance(value, str | int | float):
            words = WORDS.get(name, name.removesuffix(f"_{unit(field)}").replace("_", " "))
            parts.append(f"{words} {value:g} {unit(field)}" if unit(field) else f"{words} {value}")
    return " · ".join(part.strip() for part in parts)


def plan_name(declared: type[Parameters], parameters: Given) -> str:
    """Which plan a report speaks of, in a few words."""
    for name in of_kind(declared, "plan"):
        if isinstance(parameters[name], dict):
            return str(parameters[name]["title"])
        if isinstance(parameters[name], str):
            return str(parameters[name])
    return "a plan of its own"
