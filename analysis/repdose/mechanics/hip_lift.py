"""The hip lift at the top of a leg raise: moment about a lumbar pivot. Never spinal load."""

from __future__ import annotations

from typing import Any

import numpy as np

from repdose.arguments import BODY_MASS_KG, STATURE_M, Floats, Range, checked
from repdose.evidence.body import anthropometry
from repdose.mechanics.body_segments import by_sex, checked_sex, leg
from repdose.mechanics.hip_moment import gravity_m_s2, plain


def hip_lift_moment_nm(
    lift_height_m: Any = 0.0,
    *,
    body_mass_kg: Any,
    stature_m: Any,
    sex: Any,
    segments: str = "deleva1996",
    ankle_mass_kg: Any = 0.0,
) -> Floats:
    r"""Gravitational moment about a lumbar pivot while the pelvis lifts, the legs vertical.

    The external moment of pelvis and legs about the level of the navel, and never spinal
    load: what the spine carries includes muscle force, which this does not know.

    Parameters
    ----------
    lift_height_m : float or array_like
        How far the hip joints have risen. [m]
    body_mass_kg, stature_m : float or array_like
        The person, or people. [kg], [m]
    sex : {"female", "male"} or array_like of these
        Sex.
    segments : {"deleva1996", "winter2009", "mixed"}
        Segment parameters of the legs. The pelvis is de Leva's lower trunk for all, the only
        one of the sets with a length between its end points.
    ankle_mass_kg : float or array_like
        Weight worn at each ankle. [kg]

    Returns
    -------
    float or ndarray
        Moment. [N m]

    Raises
    ------
    ValueError
        If an argument is outside its range or the lift is higher than the lower trunk is long.

    Notes
    -----
    .. math:: M = g\,(m_{legs} + c\,m_{pelvis})\, D \cos\alpha, \qquad \sin\alpha = h / D

    with D the length of the lower trunk, omphalion to mid-hip, c its centre of mass from the
    omphalion and h the lift. The work is :math:`g (m_{legs} + c\,m_{pelvis})\,h`.

    *Valid for*: a small lift with straight vertical legs. *Not valid for*: rolling up
    further, where the spine does not turn about one point.

    References
    ----------
    :cite:`deleva1996`, :cite:`bipm2019`

    Examples
    --------
    >>> round(hip_lift_moment_nm(body_mass_kg=80.0, stature_m=1.80, sex="male"), 1)
    55.0
    """
    weight, length = hip_lift(
        body_mass_kg=body_mass_kg,
        stature_m=stature_m,
        sex=sex,
        segments=segments,
        ankle_mass_kg=ankle_mass_kg,
    )
    height = checked("lift_height_m", lift_height_m, Range(0, float(np.min(length)), "m"))
    return plain(weight * np.sqrt(length**2 - np.square(height)))


def hip_lift(
    *, body_mass_kg: Any, stature_m: Any, sex: Any, segments: str, ankle_mass_kg: Any
) -> tuple[Floats, Floats]:
    """Weight that a hip lift raises by the full height [N], and the lever's length [m]."""
    legs = leg(body_mass_kg, stature_m, sex, segments=segments, ankle_mass_kg=ankle_mass_kg)

    def lower_trunk(one: str) -> anthropometry.Segment:
        return anthropometry.segment(f"deleva1996.{one}.lower_trunk")

    def raised(one: str) -> float:
        return lower_trunk(one).mass_fraction * lower_trunk(one).com_fraction

    people = checked_sex(sex)
    body_mass = checked("body_mass_kg", body_mass_kg, BODY_MASS_KG)
    mass = 2 * legs.mass_kg + by_sex(raised, people) * body_mass
    length = by_sex(lambda one: float(lower_trunk(one).length_fraction or 0), people)
    return gravity_m_s2() * mass, length * checked("stature_m", stature_m, STATURE_M)
