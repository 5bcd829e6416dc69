"""Which parameters each notebook has: the one place of their names and defaults.

A notebook's parameters cell repeats the defaults for people and for papermill; a test
holds it to what is declared here.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from analysis.reports import parameter_fields as of
from analysis.reports.parameter_fields import plan

MOST_PLANS = 7


class Parameters(BaseModel):
    """Base of every notebook's declared parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


class Assumptions(Parameters):
    """Parameters of ``assumptions.ipynb``."""

    body_mass_kg: of.BodyMass = 75.0
    body_mass_sd_kg: of.BodyMassError = 1.0
    stature_m: of.Stature = 1.75
    age_y: of.Age = 35
    sex: of.Sex = "female"
    progression: of.Progression = "foundation"
    edition: of.Edition = "2024"
    convention: of.Convention = "oxygen"
    time_basis: of.TimeBasis = "elapsed"
    seed: of.Seed = 1


class ClaimAudit(Parameters):
    """Parameters of ``claim_audit.ipynb``."""

    body_mass_kg: of.BodyMass = 75.0
    stature_m: of.Stature = 1.75
    sex: of.Sex = "female"


class DoseResponse(Parameters):
    """Parameters of ``dose_response.ipynb``."""

    outcome: of.Outcome = "hypertrophy"
    progression: of.Progression = "foundation"
    table: of.TrialTable = ""
    flagged: of.Flagged = "keep"
    pre_post_r: of.PrePostCorrelation = 0.0
    rho: of.WithinArmCorrelation = 0.6
    low_sets: of.ComparedSets = 5.0
    high_sets: of.ComparedSets = 10.0

    @model_validator(mode="after")
    def _outcome_is_in_the_table(self) -> Self:
        if self.table:
            of.check_outcome(self.table, self.outcome)
        return self


class EnergyCost(Parameters):
    """Parameters of ``energy_cost.ipynb``."""

    body_mass_kg: of.BodyMass = 75.0
    stature_m: of.Stature = 1.75
    age_y: of.Age = 35
    sex: of.Sex = "female"
    progression: of.Progression = "foundation"
    edition: of.Edition = "2024"
    convention: of.Convention = "oxygen"
    time_basis: of.TimeBasis = "elapsed"


class WeeklyVolume(Parameters):
    """Parameters of ``weekly_volume.ipynb``."""

    progression: of.Progression = "foundation"
    indirect_weight: of.IndirectWeight = 0.5
    body_mass_kg: of.BodyMass = 75.0
    edition: of.Edition = "2024"
    convention: of.Convention = "oxygen"
    time_basis: of.TimeBasis = "elapsed"


class LegRaiseMechanics(Parameters):
    """Parameters of ``leg_raise_mechanics.ipynb``."""

    body_mass_kg: of.BodyMass = 75.0
    stature_m: of.Stature = 1.75
    sex: of.Sex = "female"
    segments: of.Segments = "deleva1996"
    ankle_mass_kg: of.AnkleMass = 0.0


class ProgressionComparison(Parameters):
    """Parameters of ``progression_comparison.ipynb``."""

    progressions: of.Progressions = ["foundation", "to_hanging", "flutter_endurance"]
    start_variant: of.StartVariant = "lying_straight_leg"
    goal_variant: of.GoalVariant = "hanging_knee_raise"
    weeks: of.Weeks = 12
    rules: of.Rules = ["two_for_two", "volume_before_variant"]
    body_mass_kg: of.BodyMass = 75.0
    stature_m: of.Stature = 1.75
    sex: of.Sex = "female"
    edition: of.Edition = "2024"
    convention: of.Convention = "oxygen"
    time_basis: of.TimeBasis = "elapsed"
    indirect_weight: of.IndirectWeight = 0.5

    @model_validator(mode="after")
    def _can_be_planned(self) -> Self:
        """Refuse before anything runs what the planner would refuse in the notebook."""
        made = self.plans()
        if not 2 <= len(made) <= MOST_PLANS:
            raise ValueError(
                f"progressions and rules make {len(made)} plans; allowed are 2 to {MOST_PLANS}, "
                "as many as a figure can tell apart"
            )
        return self

    def plans(self) -> list[Any]:
        """The progressions in order, then one plan for each rule."""
        from analysis import progression

        if len(set(self.rules)) < len(self.rules):
            raise ValueError(f"rules: each may be there once; read {', '.join(self.rules)}")
        return [plan(one) for one in self.progressions] + [
            progression.planned(
                self.start_variant,
                self.goal_variant,
                self.weeks,
                rule=rule,
                indirect_weight=self.indirect_weight,
                body_mass_kg=self.body_mass_kg,
                stature_m=self.stature_m,
                sex=self.sex,
            )
            for rule in self.rules
        ]


MODELS: dict[str, type[Parameters]] = {
    "assumptions": Assumptions,
    "claim_audit": ClaimAudit,
    "dose_response": DoseResponse,
    "energy_cost": EnergyCost,
    "leg_raise_mechanics": LegRaiseMechanics,
    "progression_comparison": ProgressionComparison,
    "weekly_volume": WeeklyVolume,
}
