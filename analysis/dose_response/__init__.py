"""Dose-response: published curves, the package's own refits, and what a further set brings.

A curve whose source prints no intercept answers with differences between doses, never with
gains; curves in different units never meet on one axis.
"""

from __future__ import annotations

from analysis.dose_response.published import DOSE, OUTCOMES, Curve, curve_of, curves
from analysis.dose_response.refits import FORMS, Refit, refit
from analysis.dose_response.steps import sets_to_next_step, smallest_detectable_effect
from analysis.dose_response.together import side_by_side

__all__ = [
    "DOSE",
    "FORMS",
    "OUTCOMES",
    "Curve",
    "Refit",
    "curve_of",
    "curves",
    "refit",
    "sets_to_next_step",
    "side_by_side",
    "smallest_detectable_effect",
]
