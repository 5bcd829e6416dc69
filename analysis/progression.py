"""Progressions: plans, how they advance from variant to variant, and how they compare."""

from __future__ import annotations

from analysis.plans import Plan, PlanError, Stage, Tempo, Week, plan

__all__ = ["Plan", "PlanError", "Stage", "Tempo", "Week", "plan"]
