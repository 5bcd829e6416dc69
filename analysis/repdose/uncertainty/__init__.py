"""How sure we are: distributions attached to evidence, Monte Carlo, and what matters most.

A distribution says what is assumed about an input and why. Rules of counting (gross or net,
time basis, convention, edition) are no probabilities and belong to :mod:`repdose.multiverse`.

Examples
--------
>>> from repdose import energy, uncertainty
>>> simulation = uncertainty.simulate(
...     energy.gross_energy_kcal,
...     {
...         "met": uncertainty.analogy("lying_straight_leg", edition=2024),
...         "body_mass_kg": uncertainty.body_mass(75, sd_kg=1),
...         "duration_min": 10,
...     },
...     seed=1,
... )
>>> low, high = simulation.range
>>> low < simulation.middle < high
True
"""

from __future__ import annotations

from repdose.uncertainty.distributions import Distribution, normal, one_of, three_point, uniform
from repdose.uncertainty.energy_of_a_week import RESTS, SHAPES, weekly_energy
from repdose.uncertainty.from_evidence import (
    analogy,
    between_people,
    body_mass,
    interval,
    segment_tables,
)
from repdose.uncertainty.sensitivity import Sensitivity, sobol
from repdose.uncertainty.simulation import Simulation, simulate

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


def __dir__() -> list[str]:
    return sorted(__all__)
