"""A variant's load as a share of the straight-leg raise, under every defensible definition."""

from __future__ import annotations

from repdose.mechanics import relative_load as shares
from repdose.multiverse.core import Multiverse, evaluate
from repdose.multiverse.declarations import declared


def relative_load(
    variant: str, *, body_mass_kg: float, stature_m: float, sex: str = "female"
) -> Multiverse:
    """Hip load of a variant as a share of the same person's lying straight-leg raise.

    Parameters
    ----------
    variant : str
        Leg-raise variant.
    body_mass_kg, stature_m : float
        The person; shares hardly depend on them. [kg], [m]
    sex : {"female", "male"}
        Sex of the default specification; both are evaluated.

    Returns
    -------
    Multiverse
        Outcome: share of the straight-leg raise [1], over segment tables, sexes and what is
        called load (peak moment, mean moment, work).

    Raises
    ------
    ValueError
        If an argument is out of range, or there is no such variant.

    Notes
    -----
    The mixed set of segment parameters is no option, because its lengths and percentages
    start at different points. Hip moment is not spinal load.

    References
    ----------
    :cite:`steegen2016`, :cite:`deleva1996`, :cite:`winter2009`

    Examples
    --------
    >>> universe = relative_load("lying_single_leg", body_mass_kg=70, stature_m=1.70)
    >>> universe.count, universe.most
    (12, 'What is called load')
    """
    from repdose.evidence.training.leg_raises import geometry

    geometry(variant)
    choices = [
        declared("quantity", default="peak"),
        declared("segments", default="deleva1996"),
        declared("sex", default=sex),
    ]
    tables = [option.value for option in choices[1].options]
    load = shares(body_mass_kg=body_mass_kg, stature_m=stature_m, segments=tables)
    load_by = load[load["variant"] == variant].set_index(["quantity", "segments", "sex"])["share"]

    def share(*, quantity: str, segments: str, sex: str) -> float:
        return float(load_by.loc[quantity, segments, sex])

    return evaluate(share, choices, outcome="Share of the lying straight-leg raise", unit="")
