"""Energy cost from METs: conversion, and whole sessions and weeks."""

from __future__ import annotations

from repdose.energy.conversion import (
    CONVENTIONS,
    Convention,
    corrected_met,
    gross_energy_kcal,
    intensity,
    kcal_per_kg_h,
    met_minutes,
    net_energy_kcal,
)
from repdose.energy.sessions import (
    TIME_BASES,
    ExerciseEnergy,
    SessionEnergy,
    TimeBasis,
    session_energy,
    session_energy_kcal,
    weekly_energy,
)

__all__ = [
    "CONVENTIONS",
    "TIME_BASES",
    "Convention",
    "ExerciseEnergy",
    "SessionEnergy",
    "TimeBasis",
    "corrected_met",
    "gross_energy_kcal",
    "intensity",
    "kcal_per_kg_h",
    "met_minutes",
    "net_energy_kcal",
    "session_energy",
    "session_energy_kcal",
    "weekly_energy",
]


def __dir__() -> list[str]:
    return sorted(__all__)
