"""The trials of a dose-response report; what is made of packaged ones is made once a process."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, TypeVar

from repdose.dose_response.trials import Trials
from repdose.evidence.used import kept

T = TypeVar("T")


def once(function: Callable[..., T]) -> Callable[..., T]:
    """Make once what is made of packaged trials; of a reader's table, which may change, anew."""
    of_packaged = kept(function)

    @wraps(function)
    def made(trials: Trials, **given: Any) -> T:
        if isinstance(trials, Trials) and not trials.path:
            return copy.copy(of_packaged(trials, **given))
        return function(trials, **given)

    return made


def trials_of(
    outcome: str,
    *,
    table: str,
    flagged: str,
    pre_post_r: float,
    rho: float,
    form: str,
    left_out: Sequence[str],
) -> Trials:
    """The trials that the parameters of a report choose, as :class:`Trials` has them.

    Parameters
    ----------
    table : str
        Path of a reader's own trials; empty for the packaged ones.
    outcome, flagged, pre_post_r, rho, form, left_out
        As of :class:`repdose.dose_response.trials.Trials`.
    """
    chosen: dict[str, Any] = {
        "flagged": flagged,
        "pre_post_r": pre_post_r,
        "rho": rho,
        "form": form,
        "left_out": tuple(left_out),
    }
    return Trials(outcome, path=table, **chosen) if table else _packaged(outcome, **chosen)


@kept
def _packaged(outcome: str, **chosen: Any) -> Trials:
    """Packaged trials with what is fitted to them, which no plan moves."""
    trials = Trials(outcome, **chosen)
    _ = trials.curve, trials.slopes, trials.queries
    return trials
