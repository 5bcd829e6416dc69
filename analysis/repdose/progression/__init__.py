"""Progressions: plans, how they advance from variant to variant, and how they compare."""

from __future__ import annotations

from repdose.plans import Plan, PlanError, Stage, Tempo, Week, plan
from repdose.progression.comparison import compare
from repdose.progression.planner import RULES, planned

__all__ = [
    "RULES",
    "Plan",
    "PlanError",
    "Stage",
    "Tempo",
    "Week",
    "compare",
    "plan",
    "planned",
]


def __dir__() -> list[str]:
    return sorted(__all__)
