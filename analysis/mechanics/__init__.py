"""What a leg raise asks of the hips, and how the variants compare.

Moments at the hip joints (and, for the hip lift, about a lumbar pivot) from segment tables.
They are never spinal load: nothing here says what the lumbar spine carries.
"""

from __future__ import annotations

from analysis.mechanics.body_segments import SEGMENT_SETS
from analysis.mechanics.hip_lift import hip_lift_moment_nm
from analysis.mechanics.hip_moment import hip_moment_nm, hover_angle_deg
from analysis.mechanics.motion import PROFILES, Hold
from analysis.mechanics.relative_load import (
    QUANTITIES,
    REFERENCE,
    load_order,
    order_conflicts,
    relative_load,
)
from analysis.mechanics.repetition import Repetition, repetition

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
