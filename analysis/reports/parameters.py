"""Which parameters each notebook has: the one place of their types, units and ranges.

A notebook's parameters cell repeats the defaults for people and for papermill; a test
holds it to what is declared here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any, Literal, Self, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic.fields import FieldInfo

from analysis.arguments import AGE_Y, BODY_MASS_KG, STATURE_M, Range
from evidence.errors import near

MAX_PROBLEMS = 20  # more than a reader takes in at once
MOST_PLANS = 7


class ParameterError(ValueError):
    """Parameters that are refused; each line names notebook, parameter, value and allowed."""


def quantity(allowed: Range, meaning: str) -> Any:
    """Field of a number within `allowed`; `meaning` says what it is."""
    return Field(
        strict=True,
        allow_inf_nan=False,
        gt=allowed.low if allowed.above else None,
        ge=None if allowed.above else allowed.low,
        le=allowed.high,
        description=meaning,
        json_schema_extra={"unit": allowed.unit},
    )


def _word(value: Any) -> Any:
    """An edition written as a year is its word."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _progression(value: Any) -> Any:
    """Name of a scenario, or a list of stages, or both title and plan: checked, kept as given."""
    plan(value)
    return value


def plan(value: Any) -> Any:
    """The :class:`analysis.plans.Plan` that a `progression` parameter stands for."""
    from analysis import plans
    from analysis.reports import scenarios

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
        raise ValueError(f"a list of scenarios' names is required; read {_short(value)}")
    titles = [plan(one).title for one in value]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"{title!r} is there twice; plans are told apart by their titles")
    return value


BodyMass = Annotated[float, quantity(BODY_MASS_KG, "body mass")]
Stature = Annotated[float, quantity(STATURE_M, "stature")]
Age = Annotated[int, quantity(AGE_Y, "age")]
Sex = Annotated[
    Literal["female", "male"], Field(description="sex, as the published equations use it")
]
Progression = Annotated[
    str | list[dict[str, Any]] | dict[str, Any],
    BeforeValidator(_progression),
    Field(description="name of a scenario, or a list of stages"),
]
Edition = Annotated[
    Literal["2011", "2024"],
    BeforeValidator(_word),
    Field(description="edition of the adult Compendium"),
]
Convention = Annotated[
    Literal["oxygen", "compendium"],
    Field(description="how a MET becomes energy: 3.5 mL O2/kg/min at 5 kcal/L, or 1 kcal/kg/h"),
]
TimeBasis = Annotated[
    Literal["elapsed", "working"],
    Field(description="time the MET is applied to: with rest between sets, or without"),
]
Segments = Annotated[
    Literal["deleva1996", "winter2009", "mixed"],
    Field(description="segment table: deleva1996, winter2009, or mixed, which mixes end points"),
]
AnkleMass = Annotated[float, quantity(Range(0, 10, "kg"), "weight worn at each ankle")]
IndirectWeight = Annotated[
    float, quantity(Range(0, 1, "sets"), "credit of a set for a muscle trained indirectly")
]

Outcome = Annotated[
    Literal["hypertrophy", "strength"], Field(description="gains in muscle size or in strength")
]
TrialTable = Annotated[
    str, Field(description="path of a CSV file of your own trials; empty for the packaged ones")
]
Flagged = Annotated[
    Literal["keep", "leave out"],
    Field(description="rows that a declared correction marks without changing"),
]
PrePostCorrelation = Annotated[
    float, quantity(Range(0, 0.99, ""), "assumed correlation of measurements before and after")
]
WithinArmCorrelation = Annotated[
    float, quantity(Range(0, 0.95, ""), "assumed correlation of sampling errors within an arm")
]
ComparedSets = Annotated[
    float,
    quantity(Range(1, 60, "sets per muscle per week"), "weekly sets that are compared"),
]
Progressions = Annotated[
    list[str | list[dict[str, Any]] | dict[str, Any]],
    BeforeValidator(_progressions),
    Field(description="names of scenarios, or progressions each with a title and a plan"),
]
StartVariant = Annotated[str, Field(description="variant that the plans made by rule start from")]
GoalVariant = Annotated[str, Field(description="variant that the plans made by rule lead to")]
Weeks = Annotated[int, quantity(Range(1, 104, "weeks"), "length of the plans made by rule")]
Rules = Annotated[
    list[
        Literal["two_for_two", "load_2_to_10_percent", "range_before_load", "volume_before_variant"]
    ],
    Field(
        description="rules by which plans are made: two_for_two, load_2_to_10_percent, "
        "range_before_load, volume_before_variant"
    ),
]
BodyMassError = Annotated[
    float, quantity(Range(0, 20, "kg", above=True), "SD of the error of body mass")
]
Seed = Annotated[int, quantity(Range(0, 10**6, ""), "seed of the random draws")]


class Parameters(BaseModel):
    """Base of every notebook's declared parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


class Assumptions(Parameters):
    """Parameters of ``assumptions.ipynb``."""

    body_mass_kg: BodyMass = 75.0
    body_mass_sd_kg: BodyMassError = 1.0
    stature_m: Stature = 1.75
    age_y: Age = 35
    sex: Sex = "female"
    progression: Progression = "foundation"
    edition: Edition = "2024"
    convention: Convention = "oxygen"
    time_basis: TimeBasis = "elapsed"
    seed: Seed = 1


class ClaimAudit(Parameters):
    """Parameters of ``claim_audit.ipynb``."""

    body_mass_kg: BodyMass = 75.0
    stature_m: Stature = 1.75
    sex: Sex = "female"


class DoseResponse(Parameters):
    """Parameters of ``dose_response.ipynb``."""

    outcome: Outcome = "hypertrophy"
    progression: Progression = "foundation"
    table: TrialTable = ""
    flagged: Flagged = "keep"
    pre_post_r: PrePostCorrelation = 0.9
    rho: WithinArmCorrelation = 0.6
    low_sets: ComparedSets = 5.0
    high_sets: ComparedSets = 10.0


class EnergyCost(Parameters):
    """Parameters of ``energy_cost.ipynb``."""

    body_mass_kg: BodyMass = 75.0
    stature_m: Stature = 1.75
    age_y: Age = 35
    sex: Sex = "female"
    progression: Progression = "foundation"
    edition: Edition = "2024"
    convention: Convention = "oxygen"
    time_basis: TimeBasis = "elapsed"


class WeeklyVolume(Parameters):
    """Parameters of ``weekly_volume.ipynb``."""

    progression: Progression = "foundation"
    indirect_weight: IndirectWeight = 0.5
    body_mass_kg: BodyMass = 75.0
    edition: Edition = "2024"
    convention: Convention = "oxygen"
    time_basis: TimeBasis = "elapsed"


class LegRaiseMechanics(Parameters):
    """Parameters of ``leg_raise_mechanics.ipynb``."""

    body_mass_kg: BodyMass = 75.0
    stature_m: Stature = 1.75
    sex: Sex = "female"
    segments: Segments = "deleva1996"
    ankle_mass_kg: AnkleMass = 0.0


class ProgressionComparison(Parameters):
    """Parameters of ``progression_comparison.ipynb``."""

    progressions: Progressions = ["foundation", "to_hanging", "flutter_endurance"]
    start_variant: StartVariant = "lying_straight_leg"
    goal_variant: GoalVariant = "hanging_knee_raise"
    weeks: Weeks = 12
    rules: Rules = ["two_for_two", "volume_before_variant"]
    body_mass_kg: BodyMass = 75.0
    stature_m: Stature = 1.75
    sex: Sex = "female"
    edition: Edition = "2024"
    convention: Convention = "oxygen"
    time_basis: TimeBasis = "elapsed"
    indirect_weight: IndirectWeight = 0.5

    @model_validator(mode="after")
    def _can_be_planned(self) -> Self:
        """Refuse before anything runs what the planner would refuse in the notebook."""
        made = self.plans()
        if not 2 <= len(made) <= MOST_PLANS:
            raise ValueError(
                f"progressions and rules make {len(made)} plans; allowed are 2 to {MOST_PLANS}, "
                "as many as a figure can tell apart"
            )
        return self

    def plans(self) -> list[Any]:
        """The progressions in order, then one plan for each rule."""
        from analysis import progression

        if len(set(self.rules)) < len(self.rules):
            raise ValueError(f"rules: each may be there once; read {', '.join(self.rules)}")
        return [plan(one) for one in self.progressions] + [
            progression.planned(
                self.start_variant,
                self.goal_variant,
                self.weeks,
                rule=rule,
                indirect_weight=self.indirect_weight,
                body_mass_kg=self.body_mass_kg,
                stature_m=self.stature_m,
                sex=self.sex,
            )
            for rule in self.rules
        ]


MODELS: dict[str, type[Parameters]] = {
    "assumptions": Assumptions,
    "claim_audit": ClaimAudit,
    "dose_response": DoseResponse,
    "energy_cost": EnergyCost,
    "leg_raise_mechanics": LegRaiseMechanics,
    "progression_comparison": ProgressionComparison,
    "weekly_volume": WeeklyVolume,
}


def model(notebook: str) -> type[Parameters]:
    """Declared parameters of a notebook, or an error that names the notebooks there are."""
    if notebook not in MODELS:
        raise ParameterError(
            f"no notebook {notebook!r} has declared parameters; "
            f"near it: {', '.join(near(notebook, MODELS))}"
        )
    return MODELS[notebook]


def validate(notebook: str, given: Mapping[str, Any]) -> Parameters:
    """Checked parameters of a notebook, defaults filled in.

    Parameters
    ----------
    notebook : str
        Name of a notebook with declared parameters.
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
    analysis.reports.parameters.ParameterError: energy_cost: stature_m: read 175; allowed is a \
number, 1.2 to 2.3 m (stature); if that was in cm, write 1.75
    """
    declared = model(notebook)
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


def unit(field: FieldInfo) -> str:
    """Unit of a parameter, empty where it has none."""
    extra = field.json_schema_extra
    return str(extra.get("unit", "")) if isinstance(extra, dict) else ""


def choices(field: FieldInfo) -> tuple[str, ...]:
    """Words a parameter may be, empty where it is free."""
    words = get_args(field.annotation)
    return words if words and all(isinstance(word, str) for word in words) else ()


def kind(field: FieldInfo) -> str:
    """Type of a parameter as the notebook's ``# type:`` comment writes it."""
    if field.annotation in (int, float):
        return "int" if field.annotation is int else "float"
    return "list" if get_origin(field.annotation) is list else "str"


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


@cache
def declared_anywhere() -> frozenset[str]:
    """Names that at least one notebook declares."""
    return frozenset(name for model in MODELS.values() for name in model.model_fields)


def describe(notebook: str) -> list[dict[str, Any]]:
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
