"""Scenario files: a title, a plan, and the parameters that go with it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repdose.evidence import own_study, packs
from repdose.evidence.checks.pack import checked
from repdose.evidence.errors import EvidenceError, near
from repdose.evidence.packs import Pack
from repdose.evidence.used import kept
from repdose.inputs import cells, yaml_strict
from repdose.inputs.own_exercises import own_exercises

if TYPE_CHECKING:
    from repdose.plans import Plan

GENERAL = "general"  # folder of reports that speak of no plan
KEYS = ("title", "plan", "parameters", "packs", "exercises")


class ScenarioError(ValueError):
    """A scenario that cannot be used; the message names file and key."""


@dataclass(frozen=True)
class Scenario:
    """A plan with the parameters and the packs a report of it is made with."""

    name: str
    title: str
    stages: list[dict[str, Any]]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    is_shipped: bool = False
    path: Path | None = None
    packs: tuple[Pack, ...] = ()
    exercises: Mapping[str, Any] = field(default_factory=dict)  # declared in it, as written

    def at(self, parameter: str) -> str:
        """File, line and key of one of its parameters, as messages begin."""
        if self.path is None:
            return f"{self.name} parameters.{parameter}"
        line = yaml_strict.line(self.path, ("parameters", parameter))
        return f"{self.path.name}:{line} parameters.{parameter}"

    @property
    def progression(self) -> str | dict[str, Any]:
        """Value of the `progression` parameter: the name where shipped, else the plan itself."""
        return self.name if self.is_shipped else {"title": self.title, "plan": self.stages}

    @property
    def plan(self) -> Plan:
        """Its plan; whoever asks for it has read the tables it is checked against."""
        with packs.stacked(self.packs):
            return planned(self.stages, self.title)


def planned(stages: Any, title: str) -> Plan:
    """The plan of stages as plain data, made once: a sweep asks for the same one often.

    Raises
    ------
    PlanError
        With every fault of the stages.
    """
    from repdose import plans

    try:
        return _planned(json.dumps(stages, allow_nan=False), title)
    except (TypeError, ValueError, RecursionError):  # told of what was given, as it was given
        return plans.plan(stages, title=title)


@kept
def _planned(stages: str, title: str) -> Plan:
    from repdose import plans

    return plans.plan(json.loads(stages), title=title)


def names() -> list[str]:
    """Names of the shipped scenarios."""
    folder = cells.notebooks_folder() / "scenarios"
    return list(_names(folder, folder.stat().st_mtime_ns))


@cache
def _names(folder: Path, _changed_ns: int) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.yaml")))


def shipped(name: str) -> Scenario:
    """A shipped scenario by name.

    Raises
    ------
    ScenarioError
        If there is none of that name; the message lists near ones.
    """
    if name not in names():
        raise ScenarioError(f"no scenario {name!r}; near it: {', '.join(near(name, names()))}")
    path = cells.notebooks_folder() / "scenarios" / f"{name}.yaml"
    return _as_it_is(path, path.stat().st_mtime_ns)


@cache
def _as_it_is(path: Path, _changed_ns: int) -> Scenario:
    """A shipped scenario, read again once its file has changed: a sweep asks for it often."""
    return read(path, is_shipped=True)


def own() -> list[Scenario]:
    """Plans of the study one is in, in order of name; none outside one.

    Raises
    ------
    ScenarioError
        With every fault of every file; one that has the name of a shipped scenario is a fault.
    """
    study = own_study.find()
    paths = sorted(study.scenarios.glob("*.y*ml")) if study else []
    found: dict[str, Scenario] = {}
    files: dict[str, str] = {}
    known = {name.lower() for name in names()}
    problems: list[str] = []
    for path in paths:
        try:
            scenario = read(path)
        except ValueError as error:  # YamlError too
            problems.append(str(error))
            continue
        # A name becomes a folder, and some systems do not tell capitals
        same = files.setdefault(scenario.name.lower(), path.name)
        found[scenario.name] = scenario
        if scenario.name.lower() in known:
            problems.append(f"{path.name}: a shipped scenario has this name; take another")
        elif same != path.name:
            problems.append(f"{path.name}: there is {same} as well; keep one")
    if problems:
        raise ScenarioError("\n".join(problems))
    return list(found.values())


def find(wanted: str) -> Scenario:
    """A scenario by name, of the study one is in or shipped, or any by the path of its file."""
    if is_path(wanted):
        return read(Path(wanted).expanduser())
    if wanted in names():
        return shipped(wanted)
    of_study = {one.name: one for one in own()}
    if wanted not in of_study:
        known = [*names(), *of_study]
        raise ScenarioError(f"no scenario {wanted!r}; near it: {', '.join(near(wanted, known))}")
    return of_study[wanted]


def is_path(wanted: str) -> bool:
    """Whether this is the path of a scenario file rather than a scenario's name."""
    return wanted.endswith((".yaml", ".yml"))


def read(path: Path, *, is_shipped: bool = False) -> Scenario:
    """A scenario from its YAML file, its shape and its plan checked.

    What parameters may be is for the notebooks that declare them.

    Raises
    ------
    YamlError, ScenarioError
        With every fault of the file, each by file, line and key.
    """
    where = path.name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", path.stem) or path.stem.lower() == GENERAL:
        raise ScenarioError(
            f"{where}: the name of a scenario becomes a folder; letters, digits, - and _ only, "
            f"and not {GENERAL!r}"
        )
    return of(yaml_strict.load(path), path.stem, where, path=path, is_shipped=is_shipped)


def of(
    content: Any, name: str, where: str, *, path: Path | None = None, is_shipped: bool = False
) -> Scenario:
    """A scenario from the content of its YAML, which `where` stands for in messages.

    Its packs are found from the folder of `path`, its file.

    Raises
    ------
    ScenarioError
        With every fault, each by `where`, line if there is a `path` to read it from, and key.
    """
    if not isinstance(content, dict):
        raise ScenarioError(f"{where}: a scenario has the keys {', '.join(KEYS)}; read {content!r}")
    opened: list[Pack] = []
    most = yaml_strict.MAX_FAULTS
    problems = list(islice(_problems(content, where, path, opened), most + 1))
    if problems:
        problems[most:] = [f"{where}: and more"] * (len(problems) > most)
        raise ScenarioError("\n".join(problems))
    title, parameters = content["title"].strip(), content.get("parameters") or {}
    exercises = content.get("exercises") or {}
    return Scenario(
        name, title, content["plan"], parameters, is_shipped, path, tuple(opened), exercises
    )


def _problems(
    content: Mapping[str, Any], where: str, path: Path | None, opened: list[Pack]
) -> Iterator[str]:
    """What is wrong with the content of a scenario; its packs are added to `opened`."""
    from repdose import plans

    at = partial(_at, where, path)
    for key in content:
        if key not in KEYS:
            yield f"{at(key)} {key}: unknown key; a scenario has {', '.join(KEYS)}"
    title = content.get("title")
    if not isinstance(title, str) or not title.strip():
        yield f"{at('title')} title: a line of text is required; read {title!r}"
    faults = list(_opened(content, at, path, opened))
    yield from faults
    stages = content.get("plan")
    try:
        with packs.stacked(opened):
            plans.plan(stages if stages is not None else [], title=str(content.get("title")))
    except plans.PlanError as error:
        if not faults:  # else its exercises may be those that could not be read
            yield error.told(lambda fault: f"{at('plan', *fault.keys)} plan: {fault}")
    parameters = content.get("parameters") or {}
    if not isinstance(parameters, dict):
        yield f"{at('parameters')} parameters: a mapping is required; read {parameters!r}"


def _at(where: str, path: Path | None, *keys: str | int) -> str:
    """File and line of what stands under some keys of a scenario, as messages begin."""
    return f"{where}:{yaml_strict.line(path, keys)}" if path else where


def _opened(
    content: Mapping[str, Any], at: Callable[..., str], path: Path | None, opened: list[Pack]
) -> Iterator[str]:
    """Open the packs that a scenario names, then what it declares itself; what is wrong there."""
    named = content.get("packs", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        said = "a list of shipped packs and folders is required"
        yield f"{at('packs')} packs: {said}; read {named!r:.80}"
        return
    folder = path.parent if path else Path()
    for place, one in enumerate(named):
        wanted = one if one in packs.shipped() else folder / Path(one).expanduser()
        try:
            with packs.stacked(opened):
                added = checked(wanted)
            with packs.stacked([*opened, added]):  # refuses a second pack of one prefix
                opened.append(added)
        except EvidenceError as error:
            yield from (f"{at('packs', place)} packs: {line}" for line in str(error).splitlines())
    if "exercises" in content:
        with packs.stacked(opened):
            own, faults = own_exercises(content["exercises"], at, str(content.get("title")))
        yield from faults
        if own is not None:
            opened.append(own)
