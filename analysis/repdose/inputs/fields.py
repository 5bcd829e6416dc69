"""What a parameter of a notebook can be: its type, unit, range and meaning, each said once."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from repdose.arguments import AGE_Y, BODY_MASS_KG, STATURE_M, Range


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
DOSES_COMPARED = {"low_sets", "high_sets"}  # what more_over_fewer looks at


def more_over_fewer(parameters: Any) -> Any:
    """Refuse weekly sets to be compared of which the lower are not fewer."""
    low, high = parameters.low_sets, parameters.high_sets
    if not low < high:
        raise ValueError(
            f"low_sets: read {low:g}, which is not below the high_sets of {high:g}; a comparison "
            "is of more sets over fewer"
        )
    return parameters


CurveShape = Annotated[
    Literal["quadratic", "spline", "root"],
    Field(
        description="shape of the curve of risk: quadratic, spline, or root (square root and line)"
    ),
]
CurveForm = Annotated[
    Literal["averaged", "linear", "square root", "log", "quadratic", "spline", "emax"],
    Field(description="form of the curve: several, averaged by their weights, or one alone"),
]
LeftOut = Annotated[
    list[str], Field(description="trials that are left out, by their names in the table")
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

#: What a name means wherever a notebook declares it.
NAMES: dict[str, Any] = {
    "age_y": Age,
    "ankle_mass_kg": AnkleMass,
    "body_mass_kg": BodyMass,
    "body_mass_sd_kg": BodyMassError,
    "convention": Convention,
    "curve_shape": CurveShape,
    "edition": Edition,
    "flagged": Flagged,
    "form": CurveForm,
    "goal_variant": GoalVariant,
    "high_sets": ComparedSets,
    "indirect_weight": IndirectWeight,
    "left_out": LeftOut,
    "low_sets": ComparedSets,
    "outcome": Outcome,
    "pre_post_r": PrePostCorrelation,
    "rho": WithinArmCorrelation,
    "rules": Rules,
    "seed": Seed,
    "segments": Segments,
    "sex": Sex,
    "start_variant": StartVariant,
    "stature_m": Stature,
    "time_basis": TimeBasis,
    "weeks": Weeks,
}
