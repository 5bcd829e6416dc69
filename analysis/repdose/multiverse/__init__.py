"""The multiverse of defensible assumptions: every combination of choices, side by side.

A choice between rules of counting is no probability; its options are evaluated one by one and
never averaged. The range over all of them is an assumption's range, not a confidence interval.

Examples
--------
>>> from repdose import multiverse, progression
>>> universe = multiverse.energy(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}]), body_mass_kg=73)
>>> low, high = universe.range
>>> low < universe.default < high
True
"""

from __future__ import annotations

from repdose.multiverse.choices import Choice, Option
from repdose.multiverse.core import Multiverse, evaluate
from repdose.multiverse.declarations import declared
from repdose.multiverse.dose_slope import dose_response_slope
from repdose.multiverse.energy_cost import energy, intensity, weekly_met_minutes
from repdose.multiverse.load import relative_load
from repdose.multiverse.risks import risk_ratio
from repdose.multiverse.set_counts import weekly_sets

__all__ = [
    "Choice",
    "Multiverse",
    "Option",
    "declared",
    "dose_response_slope",
    "energy",
    "evaluate",
    "intensity",
    "relative_load",
    "risk_ratio",
    "weekly_met_minutes",
    "weekly_sets",
]


def __dir__() -> list[str]:
    return sorted(__all__)
