"""The state of an explorer: a notebook's checked parameters, frozen, without any widget."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import yaml

from repdose.evidence.packs import Pack, in_force, stacked
from repdose.explorer.answers import ANSWERS, Answer
from repdose.inputs import cells, notebooks, scenarios, yaml_strict
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import Parameters, model, of_kind
from repdose.inputs.progressions import plan
from repdose.inputs.scenarios import Scenario
from repdose.inputs.validation import checked

# Under which a text that is typed into a box goes in messages
TYPED = "YAML"


@dataclass(frozen=True)
class State:
    """What an explorer shows, as values.

    Parameters
    ----------
    notebook : str
        Notebook whose parameters these are.
    parameters : Parameters
        Checked against what its parameters cell declares.
    packs : tuple of Pack
        Packs that its plans are read with: those in force when it began, and a scenario's.
    exercises : mapping
        Exercises that its scenario declares itself, as they are written there.

    Examples
    --------
    >>> state = of("energy_cost", "foundation", body_mass_kg=60.0)
    >>> [number.text for number in state.results().numbers][:1]
    ['49 (4 to 143) kcal/week']
    >>> state.changed(body_mass_kg=500.0)
    Traceback (most recent call last):
        ...
    repdose.inputs.cells.ParameterError: body_mass_kg: read 500.0; allowed is a number, 20 to \
300 kg (body mass)
    """

    notebook: str
    parameters: Parameters
    packs: tuple[Pack, ...] = ()
    exercises: Mapping[str, Any] = field(default_factory=dict)

    def changed(self, **given: Any) -> State:
        """The state with some parameters changed.

        Raises
        ------
        ParameterError
            Naming every parameter that is refused, with what is allowed.
        """
        values = self.parameters.model_dump() | given
        with stacked(self.packs):
            return replace(self, parameters=_checked(self.notebook, values))

    def results(self) -> Answer:
        """What is shown, by the same functions as in the notebook.

        Raises
        ------
        ValueError
            If nothing can be computed from the parameters together.
        """
        with stacked(self.packs):
            return ANSWERS[self.notebook](self.parameters)

    @cached_property
    def _of_one_plan(self) -> str:
        """Name of the parameter that holds a single plan; empty where there is none."""
        return next(iter(of_kind(type(self.parameters), "plan")), "")

    def yaml(self) -> str:
        """The state as YAML for ``repdose run NOTEBOOK -f``.

        It is a scenario, which ``repdose build --scenario`` takes too, where the notebook is of
        one plan; else the parameters by name.
        """
        given = self.parameters.model_dump()
        name = self._of_one_plan
        if not name:
            return _dumped(given)
        with stacked(self.packs):
            title, stages = _titled(given.pop(name))
        brought = {"packs": self._places, "exercises": dict(self.exercises)}
        return _dumped(
            {"title": title, "plan": stages}
            | {key: value for key, value in brought.items() if value}
            | {"parameters": given}
        )

    @property
    def _places(self) -> list[str]:
        """Names and folders of the packs, as a scenario and the command name them."""
        return [pack.place for pack in self.packs if pack.place]

    def from_yaml(self, text: str, *, name: str = TYPED) -> State:
        """The state that a YAML text gives: a scenario, or parameters by name.

        What it does not give stays as it is.

        Raises
        ------
        YamlError, ScenarioError, ParameterError
            Naming line and key, what was read and what is allowed.
        """
        content = yaml_strict.loads(text, name=name)
        if not isinstance(content, dict):
            raise ParameterError(f"{name}: a scenario, or parameters by name, is required")
        if "plan" not in content:
            return self.changed(**content)
        if not self._of_one_plan:
            raise ParameterError(f"{name}: several plans are compared; name them in progressions")
        found = scenarios.of(content, name, name)
        if unknown := notebooks.undeclared(found, []):
            raise ParameterError("\n".join(unknown))
        brought = replace(self, packs=_packs(found.packs), exercises=found.exercises)
        return brought.changed(**_of_scenario(self.notebook, found))

    def cell(self) -> str:
        """The state as the notebook's parameters cell."""
        given = self.parameters.model_dump()
        path = cells.notebooks_folder() / f"{self.notebook}.ipynb"
        source = cells.parameters_cell(cells.read_cells(path)) or ""
        return "\n".join(
            f"{line.name} = {given[line.name]!r}  # type: {line.type}  "
            f"{f'[{line.unit}] ' if line.unit else ''}{line.words}"
            for line in cells.declarations(source, self.notebook)
        )

    def command(self) -> str:
        """The state as a command line; what is the notebook's default is not in it.

        Exercises that a scenario declares itself have no place in a command: it names the file.
        """
        parts = ["repdose", *(word for place in self._places for word in ("--pack", place))]
        parts += ["run", self.notebook]
        if self.exercises:
            return shlex.join([*parts, "-f", "mine.yaml", "-o", f"{self.notebook}.html"])
        for name, value in self.parameters.model_dump().items():
            default = type(self.parameters).model_fields[name].default
            if value != default or type(value) is not type(default):
                parts += ["-p", name, _flow(value)]
        return shlex.join([*parts, "-o", f"{self.notebook}.html"])


def of(
    notebook: str,
    progression: str | list[Any] | Mapping[str, Any] | None = None,
    /,
    *,
    packs: Sequence[Pack] = (),
    **given: Any,
) -> State:
    """The state that an explorer begins with.

    Parameters
    ----------
    notebook : str
        Name of a shipped notebook that there is an explorer of.
    progression : str, list or mapping, optional
        Name of a scenario or path of a scenario file, which bring their parameters with them; or
        stages; or a mapping of title and plan.
    packs : sequence of Pack
        Packs besides those in force and the scenario's.
    **given
        Parameters, by the names that ``repdose params NOTEBOOK`` lists.

    Raises
    ------
    ParameterError, ScenarioError, YamlError
        Naming each that is refused, what was read and what is allowed.
    """
    values: dict[str, Any] = {}
    exercises: Mapping[str, Any] = {}
    if isinstance(progression, str):
        found = scenarios.find(progression)
        values, packs, exercises = _of_scenario(notebook, found), found.packs, found.exercises
    elif progression is not None:
        values = dict.fromkeys(of_kind(model(notebook), "plan"), progression)
    opened = _packs(packs)
    with stacked(opened):
        return State(notebook, _checked(notebook, values | given), opened, exercises)


def _packs(brought: Sequence[Pack]) -> tuple[Pack, ...]:
    """The packs in force with those that a scenario brings, each once."""
    return tuple(dict.fromkeys((*in_force(), *brought)))


def _of_scenario(notebook: str, scenario: Scenario) -> dict[str, Any]:
    """Parameters that a scenario gives a notebook."""
    declared = model(notebook)
    plans = dict.fromkeys(of_kind(declared, "plan"), scenario.progression)
    mine = {
        name: value for name, value in scenario.parameters.items() if name in declared.model_fields
    }
    if twice := mine.keys() & plans:
        raise ParameterError(f"parameters.{min(twice)}: the plan stands under plan; leave it out")
    return mine | plans


def _checked(notebook: str, given: Mapping[str, Any]) -> Parameters:
    try:
        return checked(model(notebook), notebook, given)
    except ParameterError as error:
        # The notebook is known to whoever explores it
        text = "\n".join(line.removeprefix(f"{notebook}: ") for line in str(error).splitlines())
        raise ParameterError(text) from None


def _titled(progression: Any) -> tuple[str, list[Any]]:
    """Title and stages of a progression, however it was given."""
    if isinstance(progression, str):
        found = scenarios.shipped(progression)
        return found.title, found.stages
    if isinstance(progression, Mapping):
        return str(progression["title"]), list(progression["plan"])
    return plan(progression).title, list(progression)


class _Plain(yaml.SafeDumper):
    """YAML that writes out what is there twice, as strict reading asks for."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


def _dumped(value: Any, **style: Any) -> str:
    text: str = yaml.dump(
        value, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=10**6, **style
    )
    return text


def _flow(value: Any) -> str:
    """A value in one line, as ``repdose run -p`` reads it."""
    text = _dumped(value, default_flow_style=True).strip()
    return text.removesuffix("\n...").strip()
