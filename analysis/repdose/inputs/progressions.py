"""Parameters that stand for plans: scenarios by name or file, stages, or title and plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from repdose.evidence import packs
from repdose.evidence.training.variants import editions_with_rows
from repdose.inputs import scenarios

if TYPE_CHECKING:
    from repdose.plans import Plan

MOST_PLANS = 7
#: A notebook that declares all of these compares plans.
COMPARED = {
    *("progressions", "rules", "start_variant", "goal_variant", "weeks"),
    *("indirect_weight", "body_mass_kg", "stature_m", "sex"),
}
#: A notebook that declares both reads MET rows of the plan's exercises.
OF_EDITION = {"progression", "edition"}


def plan(value: Any) -> Plan:
    """The :class:`repdose.plans.Plan` that a parameter of the kind "plan" stands for."""
    if isinstance(value, str):
        return scenarios.find(value).plan
    if isinstance(value, Mapping):
        if set(value) != {"title", "plan"} or not isinstance(value["title"], str):
            raise ValueError(
                f"a progression written as a mapping has a title and a plan; read the keys "
                f"{', '.join(map(str, value)) or 'none'}"
            )
        return scenarios.planned(value["plan"], value["title"])
    return scenarios.planned(value, "Progression given as stages")


def _progression(value: Any) -> Any:
    """Name of a scenario, a list of stages, or both title and plan: checked, kept as given.

    A file is kept as what stands in it: cells run in another folder, and the plan is what a
    report is made of.
    """
    if isinstance(value, str) and value not in scenarios.names():
        return scenarios.find(value).progression
    plan(value)
    return value


def _progressions(value: Any) -> Any:
    """A list of progressions, each with a title of its own: checked, kept as given."""
    if not isinstance(value, list):
        raise ValueError(f"a list of scenarios' names is required; read {value!r:.80}")
    kept = [_progression(one) for one in value]
    titles = [plan(one).title for one in kept]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"{title!r} is there twice; plans are told apart by their titles")
    return kept


def compared(given: Any) -> list[Plan]:
    """Plans of a notebook that declares :data:`COMPARED`: as given, then one for each rule."""
    from repdose import progression

    if len(set(given.rules)) < len(given.rules):
        raise ValueError(f"rules: each may be there once; read {', '.join(given.rules)}")
    return [plan(one) for one in given.progressions] + [
        progression.planned(
            given.start_variant,
            given.goal_variant,
            given.weeks,
            rule=rule,
            indirect_weight=given.indirect_weight,
            body_mass_kg=given.body_mass_kg,
            stature_m=given.stature_m,
            sex=given.sex,
        )
        for rule in given.rules
    ]


def can_be_compared(given: Any) -> Any:
    """Refuse before anything runs plans that the planner or the figures would refuse later."""
    count = len(compared(given))
    if not 2 <= count <= MOST_PLANS:
        raise ValueError(
            f"progressions and rules make {count} plans; allowed are 2 to {MOST_PLANS}, "
            "as many as a figure can tell apart"
        )
    return given


def edition_has_rows(given: Any) -> Any:
    """Refuse before anything runs an edition of which an exercise of the plan has no MET rows."""
    if not packs.in_force():
        return given  # those shipped have rows of each
    for id in plan(given.progression).exercises:
        if given.edition not in (has := editions_with_rows(id)):
            raise ValueError(
                f"edition: {id} has no MET rows of {given.edition}, but of "
                f"{' and '.join(has) or 'no edition'}; give an edition that it has, or add its rows"
            )
    return given


Progression = Annotated[
    str | list[dict[str, Any]] | dict[str, Any],
    BeforeValidator(_progression),
    Field(
        description="name of a scenario, path of a scenario file, or a list of stages",
        json_schema_extra={"kind": "plan"},
    ),
]
Progressions = Annotated[
    list[str | list[dict[str, Any]] | dict[str, Any]],
    BeforeValidator(_progressions),
    Field(
        description="names of scenarios, paths of scenario files, or progressions each with a "
        "title and a plan",
        json_schema_extra={"kind": "plans"},
    ),
]
NAMES = {"progression": Progression, "progressions": Progressions}
