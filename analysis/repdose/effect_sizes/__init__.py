"""Effect sizes and their sampling variances, each with its formula.

Every function takes numbers or equal-shaped arrays and returns the pair (yi, vi), so that
``data["yi"], data["vi"] = smcr(...)`` fills two columns; :func:`effects` reads the columns of an
arm-level table itself. What trials rarely report, the pre-post correlation, is an argument
without a default.
"""

from __future__ import annotations

from repdose.effect_sizes.changes import effects, log_response_ratio_paired, smcc, smcr
from repdose.effect_sizes.common import Effect, small_sample_factor
from repdose.effect_sizes.composites import composite
from repdose.effect_sizes.controlled import d_ppc2
from repdose.effect_sizes.spread import (
    sd_before_from_change,
    sd_from_interval,
    sd_from_se,
    sd_from_t,
)
from repdose.effect_sizes.two_groups import (
    hedges_g,
    log_response_ratio,
    log_risk_ratio,
    log_variability_ratio,
)

__all__ = [
    "Effect",
    "composite",
    "d_ppc2",
    "effects",
    "hedges_g",
    "log_response_ratio",
    "log_response_ratio_paired",
    "log_risk_ratio",
    "log_variability_ratio",
    "sd_before_from_change",
    "sd_from_interval",
    "sd_from_se",
    "sd_from_t",
    "small_sample_factor",
    "smcc",
    "smcr",
]


def __dir__() -> list[str]:
    return sorted(__all__)
