"""What a parameter of a notebook can be: its type, unit, range and meaning, each said once."""

from __future__ import annotations

import math
import os.path
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from repdose.arguments import AGE_Y, BODY_MASS_KG, STATURE_M, Range
from repdose.evidence.errors import EvidenceError
from repdose.evidence.own_trials import read_own_trials
from repdose.evidence.own_trials.layout import FACTORS
from repdose.evidence.own_trials.reading import OTHER_WORDS


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


BodyMass = Annotated[float, quantity(BODY_MASS_KG, "body mass")]
Stature = Annotated[float, quantity(STATURE_M, "stature")]
Age = Annotated[int, quantity(AGE_Y, "age")]
Sex = Annotated[
    Literal["female", "male"], Field(description="sex, as the published equations use it")
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
