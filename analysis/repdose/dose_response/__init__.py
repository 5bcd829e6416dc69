"""Dose-response: published curves, the package's own refits, and what a further set brings.

A curve whose source prints no intercept answers with differences between doses, never with
gains; one that is the log of a ratio to no dose answers with both; curves in different units
never meet on one axis.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from repdose.dose_response.published import DOSE, OUTCOMES, Curve, curve_of, curves

if TYPE_CHECKING:
    from repdose.dose_response.by_category import (
        GroupedFit,
        category_doses,
        grouped,
        leave_one_out,
    )
    from repdose.dose_response.forms import FORMS
    from repdose.dose_response.refits import Refit, refit
    from repdose.dose_response.steps import sets_to_next_step, smallest_detectable_effect
    from repdose.dose_response.together import side_by_side
    from repdose.dose_response.trials import read_trials
    from repdose.dose_response.variances import at_common_effect
    from repdose.dose_response.within import WithinBetween, within_between

# A refit needs the regression engine, whose libraries take a second to import; a report that
# only evaluates a published curve does not wait for them.
_ON_FIRST_USE = {
    "FORMS": "forms",
    "GroupedFit": "by_category",
    "Refit": "refits",
    "read_trials": "trials",
    "category_doses": "by_category",
    "grouped": "by_category",
    "leave_one_out": "by_category",
    "refit": "refits",
    "sets_to_next_step": "steps",
    "smallest_detectable_effect": "steps",
    "side_by_side": "together",
    "at_common_effect": "variances",
    "WithinBetween": "within",
    "within_between": "within",
}

__all__ = [
    "DOSE",
    "FORMS",
    "OUTCOMES",
    "Curve",
    "GroupedFit",
    "Refit",
    "WithinBetween",
    "at_common_effect",
    "category_doses",
    "curve_of",
    "curves",
    "grouped",
    "leave_one_out",
    "read_trials",
    "refit",
    "sets_to_next_step",
    "side_by_side",
    "smallest_detectable_effect",
    "within_between",
]


def __dir__() -> list[str]:
    return sorted(__all__)


def __getattr__(name: str) -> Any:
    if name not in _ON_FIRST_USE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_ON_FIRST_USE[name]}"), name)
