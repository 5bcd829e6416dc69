"""How the variants compare in what they ask of the hips. Never spinal load."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from repdose.arguments import choice
from repdose.evidence.body import anthropometry
from repdose.evidence.training.leg_raises import leg_raises
from repdose.mechanics.body_segments import SEGMENT_SETS, SEXES
from repdose.mechanics.dynamics import repetition

if TYPE_CHECKING:
    import pandas as pd

REFERENCE = "lying_straight_leg"
QUANTITIES = {"peak": "N m", "mean": "N m", "work": "J"}
ROUNDING = 1e-9  # well below any difference that is real


def relative_load(
    *,
    body_mass_kg: float,
    stature_m: float,
    sexes: Sequence[str] = SEXES,
    segments: Sequence[str] = tuple(SEGMENT_SETS),
    ankle_mass_kg: float = 0.0,
) -> pd.DataFrame:
    """Each variant's hip moment and work as a share of the same person's straight-leg raise.

    Hip moments over each variant's own range of movement, never spinal load.

    Parameters
    ----------
    body_mass_kg, stature_m : float
        The person. Shares hardly depend on them: only through the hip lift's height and an
        ankle weight, which do not scale with the body. [kg], [m]
    sexes : sequence of {"female", "male"}
        Sexes to look at.
    segments : sequence of {"deleva1996", "winter2009", "mixed"}
        Segment tables to look at.
    ankle_mass_kg : float
        Weight worn at each ankle, in the straight-leg raise as well. [kg]

    Returns
    -------
    pandas.DataFrame
        One row for each variant, quantity (peak, mean, work), segment table and sex:
        ``variant, quantity, segments, sex, value, unit, share, share_low, share_high``. The
        last two are the least and largest share of that variant and quantity over tables
        and sexes: the spread of an assumption, not a confidence interval.

    Raises
    ------
    ValueError
        If an argument is outside its range or a table or sex is unknown or missing.

    Notes
    -----
    Peak and mean are gravitational hip moments of both hips together (the mean over the
    angle); work is that of one way up, with the hip lift's own work. Work of a one-legged
    repetition is one leg's, of a flutter kick one kick of each leg.

    *Valid for*: ordering variants by what gravity asks of the hips. *Not valid for*: muscle
    activation, difficulty for the trunk, grip, spinal load.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`

    Examples
    --------
    >>> load = relative_load(body_mass_kg=70.0, stature_m=1.70)
    >>> single = load.query("variant == 'lying_single_leg' and quantity == 'work'")
    >>> single["share"].round(6).unique().tolist()  # one leg of two
    [0.5]
    """
    import pandas as pd

    for name, given, known in (("sexes", sexes, SEXES), ("segments", segments, SEGMENT_SETS)):
        if isinstance(given, str) or not given:
            raise ValueError(f"{name} must be a list of {', '.join(known)}; got {given!r}")
        for one in given:
            choice(name, one, known)
    rows = []
    for table in segments:
        for sex in sexes:
            for variant in leg_raises():
                rep = repetition(
                    variant,
                    body_mass_kg=body_mass_kg,
                    stature_m=stature_m,
                    sex=sex,
                    segments=table,
                    ankle_mass_kg=ankle_mass_kg,
                )
                values = (rep.peak_nm, rep.mean_nm, rep.work_up_j + rep.lift_work_j)
                rows += [
                    {
                        "variant": variant,
                        "quantity": quantity,
                        "segments": table,
                        "sex": sex,
                        "value": value,
                        "unit": unit,
                    }
                    for (quantity, unit), value in zip(QUANTITIES.items(), values, strict=True)
                ]
    load = pd.DataFrame(rows)
    same_person = ["quantity", "segments", "sex"]
    of_reference = load[load["variant"] == REFERENCE].set_index(same_person)["value"]
    reference = load.join(of_reference.rename("reference"), on=same_person)["reference"]
    load["share"] = load["value"] / reference
    spread = load.groupby(["variant", "quantity"])["share"]
    load["share_low"], load["share_high"] = spread.transform("min"), spread.transform("max")
    return load


def load_order(load: pd.DataFrame, quantity: str = "peak") -> pd.DataFrame:
    """The variants from least to most demanding, and where that order is not certain.

    Parameters
    ----------
    load : pandas.DataFrame
        What `relative_load` returned.
    quantity : {"peak", "mean", "work"}
        By what to order.

    Returns
    -------
    pandas.DataFrame
        One row a variant, in order of the middle of its spread: ``variant, share_low,
        share_high, equal_to, uncertain_against, certain``. Two variants are compared within
        each segment table and sex: ``equal_to`` lists those whose share differs by less than
        1 % of the straight-leg raise everywhere, ``uncertain_against`` those that come out
        above under one table or sex and not above under another, ``certain`` says that
        there are neither.

    Raises
    ------
    ValueError
        If `quantity` is unknown.

    Notes
    -----
    Spreads may overlap while the order is certain, because a table moves all variants
    together. Certain means: by this quantity, under every table and sex that was looked at,
    over the ranges of movement that define the variants. Another quantity may order them
    otherwise, see `order_conflicts`.

    Examples
    --------
    >>> load = relative_load(body_mass_kg=70.0, stature_m=1.70)
    >>> order = load_order(load, "work").set_index("variant")
    >>> order.index[0], bool(order.loc["lying_single_leg", "certain"])
    ('lying_bent_knee', True)
    """
    import pandas as pd

    choice("quantity", quantity, QUANTITIES)
    of_quantity = load[load["quantity"] == quantity].groupby(["segments", "sex", "variant"])
    shares = of_quantity["share"].mean().unstack()
    low, high = shares.min(), shares.max()
    # freed of rounding, so that equal ones keep the progression's order
    middle = ((low + high) / 2 / ROUNDING).round()
    margin = anthropometry.constant("same_share").value
    easiest_first = [one for one in leg_raises() if one in shares]
    share_of = {one: shares[one].to_numpy() for one in easiest_first}
    rows = []
    for variant in middle[easiest_first].sort_values(kind="stable").index:
        equal, uncertain = [], []
        for other in easiest_first:
            if other == variant:
                continue
            apart = share_of[variant] - share_of[other]
            signs = np.sign(np.where(np.abs(apart) < margin, 0, apart))
            if not signs.any():
                equal.append(other)
            elif abs(signs.sum()) < len(signs):
                uncertain.append(other)
        rows.append(
            {
                "variant": variant,
                "share_low": float(low[variant]),
                "share_high": float(high[variant]),
                "equal_to": ", ".join(equal),
                "uncertain_against": ", ".join(uncertain),
                "certain": not equal and not uncertain,
            }
        )
    return pd.DataFrame(rows)


def order_conflicts(load: pd.DataFrame) -> dict[str, list[str]]:
    """For each variant, those that it outdoes by one quantity and falls behind by another.

    Parameters
    ----------
    load : pandas.DataFrame
        What `relative_load` returned.

    Returns
    -------
    dict of str to list of str
        Variants by variant, both easiest first; what `load_order` calls equal or uncertain
        is no conflict.

    Notes
    -----
    Two such variants have no order until it is said what load means: the largest moment,
    the moment through the range, or the work.

    Examples
    --------
    >>> order_conflicts(relative_load(body_mass_kg=70.0, stature_m=1.70))["lying_straight_leg"]
    ['lying_single_leg', 'flutter_kick']
    """
    above: dict[str, list[set[str]]] = {one: [] for one in leg_raises()}
    for quantity in QUANTITIES:
        rows = load_order(load, quantity).to_dict("records")
        for place, row in enumerate(rows):
            open_to = {*row["equal_to"].split(", "), *row["uncertain_against"].split(", ")}
            above[row["variant"]].append({lower["variant"] for lower in rows[:place]} - open_to)
    return {
        one: [
            other
            for other in leg_raises()
            if any(other in lower for lower in above[one])
            and any(one in lower for lower in above[other])
        ]
        for one in leg_raises()
    }
