"""Sampling variances that do not hold the outcome: taken at one effect that all trials share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from repdose import effect_sizes, metaregression

if TYPE_CHECKING:
    import pandas as pd

# Measures whose variance holds the true effect.
HOLDS_EFFECT = ("smcr", "smcc")
# The declared option of the choice `r` that is each outcome's own.
OWN_R = {"hypertrophy": "0.9", "strength": "0.8"}


def at_common_effect(
    data: pd.DataFrame,
    *,
    measure: str = "smcr",
    r: Any,
    vtype: str = "exact",
    levels: Sequence[str] = ("study", "es_id"),
    rho: float = 0.0,
    rho_within: str | None = None,
    covariance: Callable[[pd.DataFrame], Any] | None = None,
) -> tuple[pd.DataFrame, float | None]:
    """Effects of an arm-level table with their variances taken at the mean true effect.

    Parameters
    ----------
    data : DataFrame
        As :func:`repdose.effect_sizes.effects` reads it, with the columns of `levels`.
    measure, r, vtype : str, float or array_like, str
        As there.
    levels, rho, rho_within : sequence of str, float, str
        As :func:`repdose.metaregression.fit` takes them.
    covariance : callable, optional
        Gives the covariance of sampling errors of a table with ``vi``, for ``V`` there.

    Returns
    -------
    tuple of DataFrame and (float or None)
        The table with ``yi`` and ``vi``, and the effect that the variances are taken at [unit of
        yi]; None for a log ratio, whose variance holds no effect.

    Raises
    ------
    ValueError
        If the table will not do for effects, or for a fit of their mean.

    Notes
    -----
    The variance of a standardised change contains the true effect. With each estimate in its own
    variance, weights follow the outcome: large gains weigh little, and the mean is too small. So
    the variance is taken at the unweighted mean first, the mean is fitted with those weights by
    REML, and the variance is taken once more at that mean. Weights then come from the number of
    people and the correlation alone.

    *Valid for*: trials whose true effects spread less than their mean is long. *Not valid for*:
    effects so different that one variance formula cannot serve all; fit them on the log ratio.

    References
    ----------
    :cite:`hedges1981`, :cite:`morris2008`

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> rows = ev.trials("volume")
    >>> rows = rows[(rows["domain"] == "size") & ~rows["control_arm"] & ~rows["authors_excluded"]]
    >>> table, at = at_common_effect(rows, r=0.9)
    >>> len(table), round(at, 1)
    (151, 0.3)
    """
    if measure not in HOLDS_EFFECT:
        return effect_sizes.effects(data, measure=measure, r=r), None
    first = effect_sizes.effects(data, measure=measure, r=r)
    at = float(first["yi"].mean())
    table = effect_sizes.effects(data, measure=measure, r=r, vtype=vtype, at=at)
    errors = None if covariance is None else covariance(table)
    fitted = metaregression.fit(table, levels=levels, rho=rho, rho_within=rho_within, V=errors)
    at = float(fitted.coefficients["estimate"].iloc[0])
    return effect_sizes.effects(data, measure=measure, r=r, vtype=vtype, at=at), at
