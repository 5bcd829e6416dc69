"""Numbers of the report on training minutes and risk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from repdose.multiverse import Multiverse
from repdose.tables import activity_and_risk as tables
from repdose.tables.numbers import Number

# What an average week is read off the curve by first: cohorts did not ask to leave rests out.
NEARER = tables.BASES[0]


def numbers(
    risks: tables.Risks, minutes: Mapping[str, float], universe: Multiverse
) -> list[Number]:
    """What the report states.

    Parameters
    ----------
    risks : Risks
        The cohorts and the curve fitted to them.
    minutes : mapping of str to float
        Result of :func:`repdose.tables.activity_and_risk.mean_minutes`. [min/week]
    universe : Multiverse
        The ratio at the elapsed minutes over every defensible fit.
    """
    fit = risks.fit
    curve = {basis: fit.curve(value).iloc[0] for basis, value in minutes.items()}
    nadir = fit.nadir()
    choices_low, choices_high = universe.range
    return [
        *(
            Number(
                id=f"minutes_{basis}",
                label=f"{basis.capitalize()} time of an average week",
                value=value,
                unit=tables.UNIT,
            )
            for basis, value in minutes.items()
        ),
        *(
            _ratio(
                there,
                "ci",
                id=f"risk_{basis}",
                label=f"Ratio of risk of death at the plan's {basis} minutes against none",
                headline=basis == NEARER,
                note=f"at {minutes[basis]:.1f} {tables.UNIT}; an association, no effect",
            )
            for basis, there in curve.items()
        ),
        _ratio(
            curve[NEARER],
            "pi",
            id=f"risk_{NEARER}_further_cohort",
            label=f"The same in a further cohort, at the {NEARER} minutes",
            kind="prediction",
        ),
        Number(
            id="lowest_minutes",
            label="Dose at which the curve is lowest",
            value=float(nadir["dose"]),
            low=float(nadir["dose_low"]),
            high=float(nadir["dose_high"]),
            unit=tables.UNIT,
            kind="confidence",
            headline=True,
            note="quantiles of the lowest points of curves drawn from the fit, within the doses "
            "studied",
        ),
        _ratio(nadir, "ci", id="lowest_risk", label="Ratio of risk there against none"),
        Number(
            id=f"risk_{NEARER}_over_choices",
            label=f"Ratio at the {NEARER} minutes over all defensible fits",
            value=float(universe.default),
            low=float(choices_low),
            high=float(choices_high),
            unit="",
            kind="assumption",
            digits=tables.RATIO,
            note=f"over {universe.count} combinations of {len(universe.choices)} choices",
        ),
    ]


def _ratio(
    row: pd.Series[Any] | Mapping[str, Any], interval: str, *, kind: str = "confidence", **said: Any
) -> Number:
    """A ratio of risks with the interval whose columns begin as named."""
    return Number(
        value=float(row["rr"]),
        low=float(row[f"{interval}_low"]),
        high=float(row[f"{interval}_high"]),
        unit="",
        kind=kind,
        digits=tables.RATIO,
        **said,
    )
