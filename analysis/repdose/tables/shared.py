"""What reports of one notebook share: fits that no plan and no person moves.

Made where processes are forked from, before the first of them, every report finds them made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


def make(notebook: str, parameters: Mapping[str, Any]) -> None:
    """Make what a report with these parameters shares with others of its notebook.

    Nothing of a reader's own is read: a report that needs it makes it itself.
    """
    if notebook in SHARED:
        SHARED[notebook](parameters)


def _dose_response(chosen: Mapping[str, Any]) -> None:
    from repdose.dose_response import steps  # noqa: F401 (which brings scipy's optimisers)
    from repdose.tables import between_arms, dose_response
    from repdose.tables.packaged_trials import trials_of

    if chosen["table"]:
        return
    names = ("table", "flagged", "pre_post_r", "rho", "form", "left_out")
    trials = trials_of(chosen["outcome"], **{name: chosen[name] for name in names})
    doses = {name: chosen[name] for name in ("low_sets", "high_sets")}
    for table in (
        dose_response.sensitivity,
        dose_response.in_percent,
        between_arms.form_by_form,
        between_arms.left_out,
    ):
        table(trials, **doses)


def _assumptions(_chosen: Mapping[str, Any]) -> None:
    from SALib.analyze import sobol  # noqa: F401 (takes longer to load than to compute with)
    from SALib.sample import sobol as sampling  # noqa: F401

    from repdose import multiverse

    multiverse.dose_response_slope()


def _activity_and_risk(chosen: Mapping[str, Any]) -> None:
    from repdose.tables import activity_and_risk

    activity_and_risk.fitted(chosen["curve_shape"])
    activity_and_risk.screened()


SHARED: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "dose_response": _dose_response,
    "assumptions": _assumptions,
    "activity_and_risk": _activity_and_risk,
}
