"""Progressions compared week by week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from repdose.plans import Plan
from repdose.progression.totals import weekly_totals
from repdose.volume import weekly_sets

if TYPE_CHECKING:
    import pandas as pd


def compare(
    plans: Sequence[Plan],
    *,
    body_mass_kg: float,
    stature_m: float,
    sex: str,
    edition: int | str,
    convention: str = "oxygen",
    segments: str = "deleva1996",
    indirect_weight: float = 0.5,
) -> pd.DataFrame:
    """Several plans side by side, week by week.

    Parameters
    ----------
    plans : sequence of Plan
        At least one, each with a title of its own.
    body_mass_kg, stature_m, sex, edition, convention, segments
        As in :func:`repdose.progression.totals.weekly_totals`.
    indirect_weight : float
        What an indirect set counts for in the fractional sets. [1]

    Returns
    -------
    DataFrame
        Tidy, one row for each plan, week and metric: plan, week, variant, metric, value,
        unit. Metrics are those of the weekly totals and, for each muscle with sets,
        ``fractional_sets_<muscle>`` [sets per muscle per week].

    Raises
    ------
    ValueError
        If there is no plan, or two share a title or have none.

    Examples
    --------
    >>> from repdose.plans import plan
    >>> two = [plan([{"variant": "lying_straight_leg", "weeks": 1, "sessions_per_week": n,
    ...     "sets": 3, "repetitions": 10, "rest_s": 60}], title=f"{n} sessions") for n in (2, 3)]
    >>> side = compare(two, body_mass_kg=75, stature_m=1.75, sex="male", edition=2024)
    >>> side[side["metric"] == "sets"].set_index("plan")["value"].to_dict()
    {'2 sessions': 6.0, '3 sessions': 9.0}
    """
    import pandas as pd

    titles = [plan.title for plan in plans]
    if not plans or len(set(titles)) < len(titles) or not all(titles):
        raise ValueError(
            f"plans must be one or more, each with a title of its own; got titles {titles!r}"
        )
    parts = []
    for plan in plans:
        totals = weekly_totals(
            plan,
            body_mass_kg=body_mass_kg,
            stature_m=stature_m,
            sex=sex,
            edition=edition,
            convention=convention,
            segments=segments,
        )
        sets = weekly_sets(plan, indirect_weight=indirect_weight)
        sets = sets[sets["total"] > 0].rename(columns={"fractional": "value"})
        variants = {week.number: week.stage.trained for week in plan}
        muscles = pd.DataFrame(
            {
                "week": sets["week"],
                "variant": sets["week"].map(variants),
                "metric": "fractional_sets_" + sets["muscle"],
                "value": sets["value"],
                "unit": "sets",
            }
        )
        both = pd.concat([totals, muscles], ignore_index=True)
        both.insert(0, "plan", plan.title)
        parts.append(both)
    return pd.concat(parts, ignore_index=True)
