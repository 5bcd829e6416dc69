"""Progressions: plans, how they advance from variant to variant, and how they compare."""

from __future__ import annotations

from repdose.plans import (
    Plan,
    PlanError,
    Prescription,
    Session,
    SessionsStage,
    Stage,
    Tempo,
    Week,
    plan,
)
from repdose.progression.comparison import compare
from repdose.progression.planner import RULES, planned
from repdose.progression.session_planner import planned_sessions

__all__ = [
    "RULES",
    "Plan",
    "PlanError",
    "Prescription",
    "Session",
    "SessionsStage",
    "Stage",
    "Tempo",
    "Week",
    "compare",
    "plan",
    "planned",
    "planned_sessions",
]


def __dir__() -> list[str]:
    return sorted(__all__)
