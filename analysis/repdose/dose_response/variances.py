"""Sampling variances that do not hold the outcome: taken at one effect that all trials share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from repdose import effect_sizes
from repdose.metaregression.model import fits
from repdose.metaregression.prepared import Prepared, prepare

if TYPE_CHECKING:
    import pandas as pd

    from repdose.metaregression.estimation import Estimate

# Measures whose variance holds the true effect.
HOLDS_EFFECT = ("smcr", "smcc")
VARIANCE_AT = ("common effect", "no effect", "own effect")
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

    def errors(table: pd.DataFrame) -> dict[str, Any]:
        V = None if covariance is None else covariance(table)
        return {"rho": rho, "rho_within": rho_within, "V": V}

    found = taken(data, errors, measure=measure, r=r, vtype=vtype, levels=levels)
    return found.effects, found.at


@dataclass(frozen=True)
class Taken:
    """Effects with the sampling variances that a choice gives them.

    Parameters
    ----------
    effects : DataFrame
        The arms with ``yi`` and ``vi``.
    at : float or None
        Effect that the variances are taken at; None where each has its own or holds none.
    prepare : callable
        Checks the effects for whatever is fitted to them.
    start : Estimate or None
        A fit of their mean, or of that of much the same effects, where searches begin.
    """

    effects: pd.DataFrame
    at: float | None
    prepare: Callable[[], Prepared]
    start: Estimate | None = None

    @cached_property
    def ready(self) -> Prepared:
        """The effects, checked once for all fits."""
        return self.prepare()


def taken(
    data: pd.DataFrame,
    errors: Callable[[pd.DataFrame], Mapping[str, Any]],
    *,
    measure: str,
    r: Any,
    vtype: str,
    levels: Sequence[str],
    variance_at: str = "common effect",
    alike: Prepared | None = None,
    start: Estimate | None = None,
) -> Taken:
    """Effects of an arm-level table, their variances taken as :data:`VARIANCE_AT` has it.

    Parameters
    ----------
    data, measure, r, vtype, levels
        As of :func:`at_common_effect`.
    errors : callable
        Says of a table with ``vi`` how its sampling errors depend, as a fit takes it.
    variance_at : {"common effect", "no effect", "own effect"}
        Effect that the variances are taken at.
    alike : Prepared, optional
        The same rows with other effects, whose groups and moderators are known.
    start : Estimate, optional
        Where the search for the mean begins.
    """

    def ready(table: pd.DataFrame, alike: Prepared | None = alike) -> Prepared:
        if alike is None:
            return prepare(table, levels=levels, **errors(table))
        return alike.with_effects(table, **errors(table))

    own = effect_sizes.effects(data, measure=measure, r=r)
    if measure not in HOLDS_EFFECT:
        return Taken(own, None, lambda: ready(own), start)
    with_variance = partial(effect_sizes.effects, data, measure=measure, r=r, vtype=vtype)
    if variance_at != "common effect":
        at = 0.0 if variance_at == "no effect" else None
        made = with_variance(at=at)
        return Taken(made, at, lambda: ready(made), start)
    first = ready(with_variance(at=float(own["yi"].mean())))
    mean = fits(first, "~ 1", ["REML"], start=start)[0].fitted
    at = float(mean.beta[0])
    table = with_variance(at=at)
    return Taken(table, at, lambda: ready(table, first), mean)
