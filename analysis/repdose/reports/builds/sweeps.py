"""Sweeps: one notebook for many sets of parameters, all of them checked before the first runs."""

from __future__ import annotations

import hashlib
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from repdose.evidence.packs import stacked
from repdose.inputs import notebooks, scenarios, yaml_strict
from repdose.inputs.cells import ParameterError
from repdose.inputs.scenarios import Scenario
from repdose.inputs.stated import stated
from repdose.inputs.validation import MAX_PROBLEMS
from repdose.reports.builds.jobs import job
from repdose.reports.jobs import Job, as_json, in_a_line

MAX_SETS = 100_000  # what one folder and one index page still serve
KEYS = ("notebook", "scenario", "grid", "sets")
_SLUG_LENGTH = 80  # with the hash, below any file system's limit on a name
_HASH_LENGTH = 16  # 64 bits: among a hundred thousand sets none will meet by chance


class SweepError(ValueError):
    """A sweep that is refused; the message names file, key and set."""


def jobs(path: Path, out: Path) -> list[Job]:
    """Every job of a sweep file, or an error that names each set that is wrong.

    Parameters
    ----------
    path : Path
        YAML file: ``notebook``, optionally ``scenario``, and either ``grid`` (a list of values
        for each parameter, every combination is run) or ``sets`` (a list of parameter sets).
    out : Path
        Output folder, resolved.

    Raises
    ------
    YamlError, SweepError
        Naming file, key and set, what was read and what is allowed.
    """
    content = yaml_strict.load(path)
    where = path.name
    if not isinstance(content, dict):
        raise SweepError(f"{where}: a sweep has the keys {', '.join(KEYS)}; read {content!r}")
    for key in content:
        if key not in KEYS:
            raise SweepError(f"{where} {key}: unknown key; a sweep has {', '.join(KEYS)}")
    if not isinstance(content.get("notebook"), str):
        raise SweepError(f"{where} notebook: the name of a notebook is required")
    if not isinstance(content.get("scenario", ""), str):
        raise SweepError(
            f"{where} scenario: the name or the file of a scenario is required; read "
            f"{content['scenario']!r}"
        )
    if ("grid" in content) == ("sets" in content):
        raise SweepError(f"{where}: give either grid or sets")
    try:
        notebook = notebooks.find(content["notebook"])
        scenario = scenarios.find(content["scenario"]) if "scenario" in content else None
    except ValueError as error:
        raise SweepError(f"{where}: {error}") from None
    if scenario is not None and (unknown := notebooks.undeclared(scenario, [notebook])):
        raise SweepError("\n".join(unknown))
    if scenario is not None and not notebook.is_of_a_plan:
        raise SweepError(f"{where} scenario: {notebook.name} speaks of no plan; leave it out")
    named = _grid(where, content["grid"]) if "grid" in content else _sets(where, content["sets"])
    with stacked(scenario.packs if scenario else ()):
        return _checked(path, notebook, scenario, named, out)


def _grid(where: str, grid: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every combination of a grid, named by what varies."""
    if not isinstance(grid, dict) or not grid:
        raise SweepError(f"{where} grid: a mapping of parameters to lists of values is required")
    for name, values in grid.items():
        if not isinstance(values, list) or not values:
            raise SweepError(f"{where} grid.{name}: a list of values is required; read {values!r}")
        texts = [as_json(value) for value in values]
        if len(set(texts)) < len(texts):
            times = Counter(texts)
            twice = next(v for v, text in zip(values, texts, strict=True) if times[text] > 1)
            raise SweepError(f"{where} grid.{name}: {twice!r} is there twice")
    _counted(f"{where} grid", math.prod(len(values) for values in grid.values()))
    for values in itertools.product(*grid.values()):
        chosen = dict(zip(grid, values, strict=True))
        yield ", ".join(f"{name}={value}" for name, value in chosen.items()), chosen


def _sets(where: str, sets: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(sets, list) or not sets:
        raise SweepError(f"{where} sets: a list of parameter sets is required")
    _counted(f"{where} sets", len(sets))
    for number, given in enumerate(sets, start=1):
        if not isinstance(given, dict):
            raise SweepError(f"{where} sets[{number}]: a mapping is required; read {given!r}")
        yield f"sets[{number}]", given


def _counted(what: str, count: int) -> None:
    if count > MAX_SETS:
        raise SweepError(f"{what}: {count:,} reports; at most {MAX_SETS:,} are made at a time")


def _checked(
    path: Path,
    notebook: notebooks.Notebook,
    scenario: Scenario | None,
    named: Iterator[tuple[str, dict[str, Any]]],
    out: Path,
) -> list[Job]:
    checked: list[Job] = []
    seen: dict[str, str] = {}
    places: dict[str, str] = {}
    problems: list[tuple[str, str]] = []  # set, and what is wrong with it
    for name, given in named:
        try:
            chosen = notebooks.parameters(notebook, scenario, given)
        except ParameterError as error:
            problems += [(name, line) for line in str(error).splitlines()]
            continue
        identity = in_a_line(chosen)
        if identity in seen:
            problems.append((name, f"repeats {seen[identity]}"))
            continue
        seen[identity] = name
        told = stated(notebook.declared, chosen)
        folder = slug({name: told[name] for name in given}, as_json(told))
        if folder in places:
            problems.append(
                (
                    name,
                    f"would go where {places[folder]} goes, {folder}: two tables have the same "
                    "file name; rename one",
                )
            )
            continue
        places[folder] = name
        checked.append(job(notebook, folder, chosen, out))
    if problems:
        more = len(problems) - MAX_PROBLEMS
        lines = [f"{_place(path, name)}: {told}" for name, told in problems[:MAX_PROBLEMS]]
        lines += [f"{path.name}: and {more} more"] if more > 0 else []
        raise SweepError("\n".join(lines))
    return checked


def _place(path: Path, name: str) -> str:
    """Where a set stands: a combination of a grid has no line of its own."""
    number = re.fullmatch(r"sets\[(\d+)\]", name)
    keys = ("sets", int(number[1]) - 1) if number else ("grid",)
    return f"{path.name}:{yaml_strict.line(path, keys)} {name}"


def slug(given: Mapping[str, Any], identity: str) -> str:
    """Name of a set's folder: what was given, readable, and a hash of all parameters.

    Examples
    --------
    >>> slug({"body_mass_kg": 60.0, "sex": "male"}, "all parameters")
    'body_mass_kg-60.0_sex-male_7a4878f4692a7572'
    """
    parts = [
        f"{name}-{value}" if isinstance(value, str | int | float) else name
        for name, value in given.items()
    ]
    words = re.sub(r"[^A-Za-z0-9_.-]+", "-", "_".join(parts)).strip(".-_")[:_SLUG_LENGTH]
    digest = hashlib.sha256(identity.encode("utf-8")).hexdigest()[:_HASH_LENGTH]
    return f"{words}_{digest}" if words else digest
