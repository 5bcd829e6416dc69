"""Plans: what is done in each week, as a list of stages of one exercise or of sessions."""

from __future__ import annotations

from repdose.plans.faults import Fault, PlanError
from repdose.plans.prescriptions import Prescription, Tempo
from repdose.plans.reading import plan
from repdose.plans.sessions import RPE, WEEKDAYS, Part, Session
from repdose.plans.stages import SESSIONS_PER_WEEK, WEEKS, AnyStage, SessionsStage, Stage
from repdose.plans.weeks import Plan, Week

__all__ = [
    "RPE",
    "SESSIONS_PER_WEEK",
    "WEEKDAYS",
    "WEEKS",
    "AnyStage",
    "Fault",
    "Part",
    "Plan",
    "PlanError",
    "Prescription",
    "Session",
    "SessionsStage",
    "Stage",
    "Tempo",
    "Week",
    "plan",
]


def __dir__() -> list[str]:
    return sorted(__all__)
