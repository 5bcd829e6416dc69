"""What a leg raise asks of the hips, and how the variants compare.

Moments at the hip joints (and, for the hip lift, about a lumbar pivot) from segment tables.
They are never spinal load: nothing here says what the lumbar spine carries.
"""

from __future__ import annotations

from repdose.mechanics.body_segments import SEGMENT_SETS
from repdose.mechanics.dynamics import Repetition, repetition
from repdose.mechanics.hip_lift import hip_lift_moment_nm
from repdose.mechanics.hip_moment import hip_moment_nm, hover_angle_deg
from repdose.mechanics.motion import PROFILES, Hold
from repdose.mechanics.relative import (
    QUANTITIES,
    REFERENCE,
    load_order,
    order_conflicts,
    relative_load,
)

__all__ = [
    "PROFILES",
    "QUANTITIES",
    "REFERENCE",
    "SEGMENT_SETS",
    "Hold",
    "Repetition",
    "hip_lift_moment_nm",
    "hip_moment_nm",
    "hover_angle_deg",
    "load_order",
    "order_conflicts",
    "relative_load",
    "repetition",
]


def __dir__() -> list[str]:
    return sorted(__all__)
