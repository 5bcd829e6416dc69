"""Parameters that stand for a plan: the name of a scenario, its stages, or both title and plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field


def _progression(value: Any) -> Any:
    """Name of a scenario, or a list of stages, or both title and plan: checked, kept as given."""
    plan(value)
    return value


def plan(value: Any) -> Any:
    """The :class:`repdose.plans.Plan` that a `progression` parameter stands for."""
    from repdose import plans
    from repdose.inputs import scenarios

    if isinstance(value, str):
        scenario = scenarios.shipped(value)
        return plans.plan(scenario.stages, title=scenario.title)
    if isinstance(value, Mapping):
        if set(value) != {"title", "plan"} or not isinstance(value["title"], str):
            raise ValueError(
                f"a progression written as a mapping has a title and a plan; read the keys "
                f"{', '.join(map(str, value)) or 'none'}"
            )
        return plans.plan(value["plan"], title=value["title"])
    return plans.plan(value, title="Progression given as stages")


def _progressions(value: Any) -> Any:
    """A list of progressions, each with a title of its own: checked, kept as given."""
    if not isinstance(value, list):
        raise ValueError(f"a list of scenarios' names is required; read {value!r:.80}")
    titles = [plan(one).title for one in value]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"{title!r} is there twice; plans are told apart by their titles")
    return value


Progression = Annotated[
    str | list[dict[str, Any]] | dict[str, Any],
    BeforeValidator(_progression),
    Field(description="name of a scenario, or a list of stages"),
]
Progressions = Annotated[
    list[str | list[dict[str, Any]] | dict[str, Any]],
    BeforeValidator(_progressions),
    Field(description="names of scenarios, or progressions each with a title and a plan"),
]
