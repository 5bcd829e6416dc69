"""What a parameter of a notebook can be: its type, unit, range and meaning, each said once."""

from __future__ import annotations

import math
import os.path
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from analysis.arguments import AGE_Y, BODY_MASS_KG, STATURE_M, Range
from evidence.errors import EvidenceError
from evidence.own_trials import read_own_trials
from evidence.own_trials.layout import FACTORS
from evidence.own_trials.reading import OTHER_WORDS


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
        raise ValueError(f"a list of scenarios' names is required; read {value!r:.80}")
    titles = [plan(one).title for one in value]
    for title in titles:
        if titles.count(title) > 1:
            raise ValueError(f"{title!r} is there twice; plans are told apart by their titles")
    return value


def _table(value: str) -> str:
    """The full path of a table of the reader's own, read: a cell runs in another folder."""
    if not value:
        return value
    path = os.path.abspath(os.path.expanduser(value))
    if not os.path.exists(path):
        raise ValueError(
            f"no file {value!r:.200}; give the path of a CSV file, in full or from the folder "
            "you are in"
        )
    _trained(path)
    return path


def _trained(path: str) -> dict[str, tuple[int, int]]:
    """Studies and doses of a reader's training arms, by domain; each fault of it is told."""
    try:
        status = os.stat(path)
        return _read(path, status.st_mtime_ns, status.st_size)
    except OSError as error:
        raise ValueError(f"{os.path.basename(path)}: {error.strerror}") from None
    except EvidenceError as error:
        raise ValueError(
            f"{os.path.basename(path)} cannot be used as it stands; nothing was run\n{error}"
        ) from None


@lru_cache(maxsize=4)
def _read(path: str, _changed: int, _size: int) -> dict[str, tuple[int, int]]:
    columns = read_own_trials(path).columns
    none = [False] * len(columns["es_id"])
    out = [columns.get(name, none) for name in ("control_arm", "authors_excluded")]
    given = ("weekly_sets",) if "weekly_sets" in columns else FACTORS
    doses = zip(*(columns[name] for name in given), strict=True)
    studies: dict[str, set[Any]] = {}
    sets: dict[str, set[Any]] = {}
    rows = zip(columns["domain"], columns["study"], doses, *out, strict=True)
    for domain, study, dose, *is_out in rows:
        if not any(is_out):
            studies.setdefault(str(domain), set()).add(study)
            sets.setdefault(str(domain), set()).add(math.prod(dose))
    return {domain: (len(studies[domain]), len(sets[domain])) for domain in studies}


def check_outcome(path: str, outcome: str) -> None:
    """Refuse a reader's table in which no dose-response of the outcome can be seen."""
    domain = OTHER_WORDS["domain"].get(outcome, outcome)
    there = _trained(path)
    studies, doses = there.get(domain, (0, 0))
    name = os.path.basename(path)
    if studies < 2:
        words = [f"{one} in {count}" for one, (count, _) in sorted(there.items())] or ["none"]
        raise ValueError(
            f"table: {name} has too few studies with training arms of domain {domain}, which "
            f"{outcome} needs: two or more; it has {', '.join(words)}"
        )
    if doses < 2:
        raise ValueError(
            f"table: {name} has the same weekly sets in every training arm of domain {domain}; "
            "a dose-response needs arms that differ"
        )


def published(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters as a report states them: a file by its name, whatever folder it lies in."""
    found = dict(parameters)
    if found.get("table"):
        found["table"] = Path(found["table"]).name
    return found


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
    str,
    AfterValidator(_table),
    Field(
        description="path of a CSV file or Excel workbook of your own trials, its columns as "
        "repdose template trials --columns lists them; empty for the packaged ones"
    ),
]
Flagged = Annotated[
    Literal["keep", "leave out"],
    Field(description="rows that a declared correction marks without changing"),
]
PrePostCorrelation = Annotated[
    float,
    quantity(
        Range(0, 0.99, ""),
        "assumed correlation of measurements before and after; 0 for the outcome's own",
    ),
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
