"""Numbers of the report that sets plans side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from repdose.plans import Plan
from repdose.tables import progression_comparison as tables
from repdose.tables.numbers import Number
from repdose.tables.sentences.progression_comparison import ends_of
from repdose.tables.words import listed


def numbers(plans: Mapping[str, Plan], frame: pd.DataFrame, cost: pd.DataFrame) -> list[Number]:
    """What the report states.

    Parameters
    ----------
    plans : mapping of str to Plan
        Plans by letter.
    frame, cost : DataFrame
        Results of :func:`repdose.tables.progression_comparison.weekly` and ``energy_rows``.
    """
    names = {letter: tables.label(plan) for letter, plan in plans.items()}
    return [
        *(
            Number(
                id=f"{metric}_{letter.lower()}",
                label=f"{label}, mean week of plan {letter}",
                value=value,
                unit=unit,
                digits=digits,
                note=plans[letter].title,
                **(tables.met_range(cost, letter) if metric == "gross_energy" else {}),
            )
            for metric, (label, unit, scale, digits) in tables.REPORTED.items()
            for letter, value in _by_letter(scale * tables.means(frame, metric))
        ),
        *(
            Number(
                id=f"gross_energy_{end}",
                label=f"Gross energy of a mean week, {end}: {listed(names[one] for one in whose)}",
                value=float(cost["central"][whose[0]]),
                unit="kcal/week",
                headline=True,
                **tables.met_range(cost, whose[0]),
            )
            for end, whose in ends_of(cost["central"]).items()
        ),
    ]


def _by_letter(values: pd.Series[float]) -> Iterator[tuple[str, float]]:
    """Values with the letter of each, as text and number."""
    return ((str(letter), float(value)) for letter, value in values.items())
