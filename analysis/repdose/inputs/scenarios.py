"""Scenario files: a title, a plan, and the parameters that go with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repdose.evidence import packs
from repdose.evidence.checks.pack import checked
from repdose.evidence.errors import EvidenceError, near
from repdose.evidence.packs import Pack
from repdose.inputs import cells, yaml_strict
from repdose.inputs.own_exercises import own_exercises

if TYPE_CHECKING:
    from repdose.plans import Fault, Plan

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
    packs: tuple[Pack, ...] = ()

    @property
    def progression(self) -> str | dict[str, Any]:
        """Value of the `progression` parameter: the name where shipped, else the plan itself."""
        return self.name if self.is_shipped else {"title": self.title, "plan": self.stages}

    @property
    def plan(self) -> Plan:
        """Its plan; whoever asks for it has read the tables it is checked against."""
        from repdose import plans

        with packs.stacked(self.packs):
            return plans.plan(self.stages, title=self.title)


def names() -> list[str]:
    """Names of the shipped scenarios."""
    return sorted(path.stem for path in (cells.notebooks_folder() / "scenarios").glob("*.yaml"))


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


def find(wanted: str) -> Scenario:
    """A shipped scenario by name, or any other by the path of its file."""
    if wanted.endswith((".yaml", ".yml")):
        return read(Path(wanted))
    return shipped(wanted)


def read(path: Path, *, is_shipped: bool = False) -> Scenario:
    """A scenario from its YAML file, its shape and its plan checked.

    Raises
    ------
    YamlError, ScenarioError
        Naming file and key.
    """
    where = path.name
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]*", path.stem) or path.stem == GENERAL:
        raise ScenarioError(
            f"{where}: the name of a scenario becomes a folder; letters, digits, - and _ only, "
            f"and not {GENERAL!r}"
        )
    content = yaml_strict.load(path)
    return of(content, path.stem, where, is_shipped=is_shipped, folder=path.parent, path=path)


def of(
    content: Any,
    name: str,
    where: str,
    *,
    is_shipped: bool = False,
    folder: Path = Path(),
    path: Path | None = None,
) -> Scenario:
    """A scenario from the content of its YAML, which `where` stands for in messages.

    Its packs are found from `folder`, that of its file; `path`, where there is one, tells lines.

    Raises
    ------
    ScenarioError
        Naming `where` and the key.
    """
    from repdose import plans

    if not isinstance(content, dict):
        raise ScenarioError(f"{where}: a scenario has the keys {', '.join(KEYS)}; read {content!r}")
    for key in content:
        if key not in KEYS:
            raise ScenarioError(f"{where} {key}: unknown key; a scenario has {', '.join(KEYS)}")
    title = content.get("title")
    if not isinstance(title, str) or not title.strip():
        raise ScenarioError(f"{where} title: a line of text is required; read {title!r}")
    opened = _opened(content, where, folder, title)
    stages = content.get("plan")
    try:
        with packs.stacked(opened):
            plans.plan(stages if stages is not None else [], title=title)
    except plans.PlanError as error:
        raise ScenarioError(
            error.told(lambda fault: f"{where}{_line(path, fault)} plan: {fault}")
        ) from None
    parameters = content.get("parameters") or {}
    if not isinstance(parameters, dict):
        raise ScenarioError(f"{where} parameters: a mapping is required; read {parameters!r}")
    known = cells.declared_anywhere()
    for key in parameters:
        if key not in known:
            raise ScenarioError(
                f"{where} parameters.{key}: no notebook declares it; near it: "
                f"{', '.join(near(key, known))}"
            )
    assert isinstance(stages, list)  # plans.plan has seen to it
    return Scenario(name, title.strip(), stages, parameters, is_shipped, opened)


def _opened(content: dict[str, Any], where: str, folder: Path, title: str) -> tuple[Pack, ...]:
    """The packs that a scenario names, then what it declares itself."""
    named = content.get("packs", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        raise ScenarioError(
            f"{where} packs: a list of shipped packs and folders is required; read {named!r:.80}"
        )
    opened: list[Pack] = []
    for one in named:
        wanted = one if one in packs.shipped() else folder / Path(one).expanduser()
        try:
            with packs.stacked(opened):
                added = checked(wanted)
            with packs.stacked([*opened, added]):  # refuses a second pack of one prefix
                opened.append(added)
        except EvidenceError as error:
            lines = str(error).splitlines()
            raise ScenarioError("\n".join(f"{where} packs: {line}" for line in lines)) from None
    if "exercises" in content:
        with packs.stacked(opened):
            own, faults = own_exercises(content["exercises"], where, title.strip())
        if own is None:
            raise ScenarioError("\n".join(faults))
        opened.append(own)
    return tuple(opened)


def _line(path: Path | None, fault: Fault) -> str:
    """Line of a fault of a plan as it follows its file's name; none for one of the whole."""
    if path is None or not fault.keys:
        return ""
    return f":{yaml_strict.line(path, ('plan', *fault.keys))}"
