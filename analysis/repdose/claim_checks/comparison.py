"""What a claim's comparison is made of: a number beside a claim, and whose body it is for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from repdose import mechanics
from repdose.evidence.claim_audit import Claim

PERCENT = 100
LEVEL = 0.0  # a straight leg at horizontal, where gravity extends the hip most
STRAIGHT = "lying_straight_leg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One number of the evidence beside what is claimed.

    Parameters
    ----------
    quantity : str
        What is compared.
    claimed : str
        The claim's number or words.
    found : float
        The evidence's number [unit].
    found_text : str
        The same in words: its class where a class is claimed, or a range.
    unit : str
        Unit of `found`.
    within : bool or None
        Whether it lies within what is claimed; None where it only puts the claim in
        proportion.
    record : str
        Id of the record, or the model, that it comes from.
    """

    quantity: str
    claimed: str
    found: float
    found_text: str = ""
    unit: str
    within: bool | None
    record: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whose body a moment or an angle is computed for."""

    body_mass_kg: float
    stature_m: float
    sex: str

    @property
    def given(self) -> dict[str, Any]:
        """The person as arguments of the mechanics."""
        return {"body_mass_kg": self.body_mass_kg, "stature_m": self.stature_m, "sex": self.sex}

    def hip_moment_nm(self, angle_deg: float) -> float:
        """Straight-leg hip moment at an angle; positive where gravity extends the hips. [N m]"""
        return float(mechanics.hip_moment_nm(STRAIGHT, angle_deg, **self.given))

    def moment_share(self, angle_deg: float) -> float:
        """Straight-leg hip moment at an angle, in percent of that at horizontal."""
        return PERCENT * self.hip_moment_nm(angle_deg) / self.hip_moment_nm(LEVEL)


def claimed_range(claim: Claim) -> tuple[float, float]:
    """Ends of the number that a claim states, or a ValueError."""
    if claim.claimed_low is None or claim.claimed_high is None:
        raise ValueError(f"claim {claim.id} states no number for a check of {claim.check!r}")
    return claim.claimed_low, claim.claimed_high


def claimed_words(claim: Claim) -> str:
    """The number that a claim states, with its unit."""
    low, high = claimed_range(claim)
    ends = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return ends if claim.claimed_unit == "year" else f"{ends} {claim.claimed_unit}"


def against(
    claim: Claim, quantity: str, found: float, unit: str, record: str, **stated: Any
) -> Comparison:
    """A number of the evidence beside the claim's, and whether it lies within, unless stated."""
    low, high = claimed_range(claim)
    stated = {"claimed": claimed_words(claim), "within": low <= found <= high, **stated}
    return Comparison(quantity=quantity, found=found, unit=unit, record=record, **stated)
