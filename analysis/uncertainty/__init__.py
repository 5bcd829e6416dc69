"""How sure we are: distributions attached to evidence, Monte Carlo, and what matters most.

A distribution says what is assumed about an input and why. Rules of counting (gross or net,
time basis, convention, edition) are no probabilities and belong to :mod:`analysis.multiverse`.

Examples
--------
>>> from analysis import energy, uncertainty
>>> made = uncertainty.simulate(
...     energy.gross_energy_kcal,
...     {
...         "met": uncertainty.analogy("lying_straight_leg", edition=2024),
...         "body_mass_kg": uncertainty.body_mass(75, sd_kg=1),
...         "duration_min": 10,
...     },
...     seed=1,
... )
>>> low, high = made.range
>>> low < made.middle < high
True
"""

from __future__ import annotations

from analysis.uncertainty.distributions import (
    Distribution,
    normal,
    one_of,
    three_point,
    uniform,
)
from analysis.uncertainty.from_evidence import (
    analogy,
    between_people,
    body_mass,
    interval,
    segment_tables,
)
from analysis.uncertainty.sensitivity import Sensitivity, sobol
from analysis.uncertainty.simulation import Simulation, simulate
from analysis.uncertainty.weekly_energy import RESTS, SHAPES, weekly_energy

__all__ = [
    "RESTS",
    "SHAPES",
    "Distribution",
    "Sensitivity",
    "Simulation",
    "analogy",
    "between_people",
    "body_mass",
    "interval",
    "normal",
    "one_of",
    "segment_tables",
    "simulate",
    "sobol",
    "three_point",
    "uniform",
    "weekly_energy",
]
