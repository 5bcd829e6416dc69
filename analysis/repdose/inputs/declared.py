"""Which parameters each notebook has: the one place of their names and defaults.

A notebook's parameters cell repeats the defaults for people and for papermill; a test
holds it to what is declared here.
"""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, model_validator

from repdose.inputs import fields, files
from repdose.inputs import progressions as progressions_inputs
from repdose.inputs.progressions import plan

MOST_PLANS = 7


class Parameters(BaseModel):
    """Base of every notebook's declared parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False)


class Assumptions(Parameters):
    """Parameters of ``assumptions.ipynb``."""

    body_mass_kg: fields.BodyMass = 75.0
    body_mass_sd_kg: fields.BodyMassError = 1.0
    stature_m: fields.Stature = 1.75
    age_y: fields.Age = 35
    sex: fields.Sex = "female"
    progression: progressions_inputs.Progression = "foundation"
    edition: fields.Edition = "2024"
    convention: fields.Convention = "oxygen"
    time_basis: fields.TimeBasis = "elapsed"
    seed: fields.Seed = 1


class ClaimAudit(Parameters):
    """Parameters of ``claim_audit.ipynb``."""

    body_mass_kg: fields.BodyMass = 75.0
    stature_m: fields.Stature = 1.75
    sex: fields.Sex = "female"


class DoseResponse(Parameters):
    """Parameters of ``dose_response.ipynb``."""

    outcome: fields.Outcome = "hypertrophy"
    progression: progressions_inputs.Progression = "foundation"
    table: files.TrialTable = ""
    flagged: fields.Flagged = "keep"
    pre_post_r: fields.PrePostCorrelation = 0.0
    rho: fields.WithinArmCorrelation = 0.6
    low_sets: fields.ComparedSets = 5.0
    high_sets: fields.ComparedSets = 10.0

    @model_validator(mode="after")
    def _outcome_is_in_the_table(self) -> Self:
        if self.table:
            fields.check_outcome(self.table, self.outcome)
        return self


class EnergyCost(Parameters):
    """Parameters of ``energy_cost.ipynb``."""

    body_mass_kg: fields.BodyMass = 75.0
    stature_m: fields.Stature = 1.75
    age_y: fields.Age = 35
    sex: fields.Sex = "female"
    progression: progressions_inputs.Progression = "foundation"
    edition: fields.Edition = "2024"
    convention: fields.Convention = "oxygen"
    time_basis: fields.TimeBasis = "elapsed"


class WeeklyVolume(Parameters):
    """Parameters of ``weekly_volume.ipynb``."""

    progression: progressions_inputs.Progression = "foundation"
    indirect_weight: fields.IndirectWeight = 0.5
    body_mass_kg: fields.BodyMass = 75.0
    edition: fields.Edition = "2024"
    convention: fields.Convention = "oxygen"
    time_basis: fields.TimeBasis = "elapsed"


class LegRaiseMechanics(Parameters):
    """Parameters of ``leg_raise_mechanics.ipynb``."""

    body_mass_kg: fields.BodyMass = 75.0
    stature_m: fields.Stature = 1.75
    sex: fields.Sex = "female"
    segments: fields.Segments = "deleva1996"
    ankle_mass_kg: fields.AnkleMass = 0.0


class ProgressionComparison(Parameters):
    """Parameters of ``progression_comparison.ipynb``."""

    progressions: progressions_inputs.Progressions = [
        "foundation",
        "to_hanging",
        "flutter_endurance",
    ]
    start_variant: fields.StartVariant = "lying_straight_leg"
    goal_variant: fields.GoalVariant = "hanging_knee_raise"
    weeks: fields.Weeks = 12
    rules: fields.Rules = ["two_for_two", "volume_before_variant"]
    body_mass_kg: fields.BodyMass = 75.0
    stature_m: fields.Stature = 1.75
    sex: fields.Sex = "female"
    edition: fields.Edition = "2024"
    convention: fields.Convention = "oxygen"
    time_basis: fields.TimeBasis = "elapsed"
    indirect_weight: fields.IndirectWeight = 0.5

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
        from repdose import progression

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
