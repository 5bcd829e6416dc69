"""Curves on one axis, if they can stand there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from repdose.dose_response.published import Curve
from repdose.dose_response.refits import Refit

if TYPE_CHECKING:
    import pandas as pd


def side_by_side(
    chosen: Iterable[Curve | Refit],
    dose: float | Sequence[float] | NDArray[np.float64],
    *,
    reference_dose: float | None = None,
) -> pd.DataFrame:
    """Several curves at the same doses, if they can stand on the same axes.

    Parameters
    ----------
    chosen : iterable of Curve or Refit
        Curves in one dose unit and one outcome unit.
    dose : float or array_like
        Doses [their dose unit].
    reference_dose : float, optional
        Brings all of them together as differences from this dose [their dose unit]. Without it
        they must all be gains.

    Returns
    -------
    DataFrame
        ``curve``, ``label``, ``dose_unit``, ``outcome_unit``, ``quantity`` (gain, or the dose that
        differences are counted from), ``dose``, ``estimate``, ``low``, ``high``,
        ``extrapolated``.

    Raises
    ------
    ValueError
        If units differ, or gains meet differences: the message lists which curve has which.

    Notes
    -----
    *Valid for*: looking at published curves beside one another and beside a refit. *Not valid
    for*: pooling them; they rest on overlapping trials.

    Examples
    --------
    >>> from repdose import dose_response
    >>> pair = [
    ...     dose_response.curve_of("schoenfeld2017.slope_percent"),
    ...     dose_response.curve_of("schoenfeld2017.categories_percent"),
    ... ]
    >>> answer = dose_response.side_by_side(pair, [5, 10], reference_dose=5)
    >>> answer["estimate"].round(2).tolist()
    [0.0, 1.85, 0.0, 3.2]
    """
    import pandas as pd

    picked = list(chosen)
    if not picked:
        raise ValueError("chosen holds no curve")
    for name in ("dose_unit", "outcome_unit"):
        _same(picked, name, "pick curves of one unit, or convert them yourself and say how")
    if reference_dose is None:
        wanted = {curve.quantity for curve in picked}
        if wanted != {"gain"}:
            _same(picked, "quantity", "give reference_dose to bring them together as differences")
            raise ValueError(
                "these curves are differences: give reference_dose, the dose to count them from"
            )
    quantity = "gain" if reference_dose is None else f"difference from {reference_dose:g}"
    parts = []
    for curve in picked:
        answer = curve.response(dose, reference_dose=reference_dose)
        parts.append(
            pd.DataFrame(
                {
                    "curve": curve.id,
                    "label": curve.label,
                    "dose_unit": curve.dose_unit,
                    "outcome_unit": curve.outcome_unit,
                    "quantity": quantity,
                    **{
                        name: answer[name]
                        for name in ("dose", "estimate", "low", "high", "extrapolated")
                    },
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _same(picked: list[Curve | Refit], name: str, advice: str) -> None:
    if len({getattr(curve, name) for curve in picked}) > 1:
        listed = "; ".join(f"{curve.id}: {getattr(curve, name)}" for curve in picked)
        raise ValueError(
            f"curves of different {name} do not stand on one axis ({listed}); {advice}"
        )
