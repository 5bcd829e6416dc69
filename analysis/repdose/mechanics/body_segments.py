"""One leg of one person, from a segment table: what the mechanics of a leg raise need of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from repdose.arguments import BODY_MASS_KG, STATURE_M, Floats, Range, checked, choice
from repdose.evidence.body import anthropometry

# Every set of segment parameters on offer, and what its numbers belong to.
SEGMENT_SETS: Mapping[str, str] = {
    "deleva1996": (
        "de Leva 1996: masses, centres of mass and lengths from the hip and knee joint centres, "
        "by sex; foot height after Drillis and Contini"
    ),
    "winter2009": (
        "Winter 2009: masses and centres of mass from the greater trochanter, with the lengths "
        "of Drillis and Contini that belong to them; one set for both sexes"
    ),
    "mixed": (
        "de Leva 1996 masses and centres of mass with Drillis and Contini lengths: mixes end "
        "points, since the percentages count from the hip joint centre and the lengths from "
        "the greater trochanter; a woman's thigh comes out about 15 % too long"
    ),
}
SEXES = ("female", "male")
# Bounds that catch a slip of unit, not a finding.
ANKLE_MASS_KG = Range(0, 50, "kg")


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """First and second moments of mass of one leg; each a float or an array over people.

    Parameters
    ----------
    mass_kg : float or ndarray
        Mass of the leg with its ankle weight. [kg]
    thigh_kgm : float or ndarray
        First moment of mass along the thigh: the thigh's own, and all that hangs on the
        knee at the thigh's whole length. [kg m]
    shank_kgm : float or ndarray
        First moment of mass along the shank about the knee. [kg m]
    thigh_kgm2 : float or ndarray
        Moment of inertia about the hip of the thigh, with all that hangs on the knee taken
        as a point there. [kg m2]
    shank_kgm2 : float or ndarray
        Moment of inertia about the knee of shank, foot and ankle weight. [kg m2]
    thigh_m, shank_m, foot_height_m : float or ndarray
        Hip to knee, knee to ankle, ankle to sole. [m]
    """

    mass_kg: Floats
    thigh_kgm: Floats
    shank_kgm: Floats
    thigh_kgm2: Floats
    shank_kgm2: Floats
    thigh_m: Floats
    shank_m: Floats
    foot_height_m: Floats


class _Fractions(NamedTuple):
    """The fields of `Leg` per unit of body mass and stature, without ankle weight."""

    mass: float
    thigh_first: float
    shank_first: float
    thigh_second: float
    shank_second: float
    thigh: float
    shank: float
    foot_height: float


def _there(segment: anthropometry.Segment, what: str) -> float:
    """A fraction that not every row has, or an error that says which row lacks it."""
    value = getattr(segment, f"{what}_fraction")
    if value is None:
        raise ValueError(f"segments: {segment.id} has no {what}; a leg needs one")
    return float(value)


def _fractions(segments: str, sex: str) -> _Fractions:
    """Moments of mass per unit body mass and stature, from the segment records."""
    masses = "winter2009" if segments == "winter2009" else f"deleva1996.{sex}"
    thigh, shank, foot = (
        anthropometry.segment(f"{masses}.{name}") for name in ("thigh", "shank", "foot")
    )
    foot_height = anthropometry.segment_length("foot_height").stature_fraction
    if segments == "deleva1996":
        thigh_l, shank_l, foot_l = (_there(one, "length") for one in (thigh, shank, foot))
    else:
        thigh_l, shank_l, foot_l = (
            anthropometry.segment_length(name).stature_fraction
            for name in ("thigh", "shank", "foot_length")
        )
    beyond = foot_height / 2  # the foot's centre of mass, below the ankle in line with the shank
    below = shank.mass_fraction + foot.mass_fraction

    def second(one: anthropometry.Segment, length: float, distance: float) -> float:
        radius = _there(one, "rg") * length
        return one.mass_fraction * (distance**2 + radius**2)

    return _Fractions(
        mass=thigh.mass_fraction + below,
        thigh_first=thigh.mass_fraction * thigh.com_fraction * thigh_l + below * thigh_l,
        shank_first=shank.mass_fraction * shank.com_fraction * shank_l
        + foot.mass_fraction * (shank_l + beyond),
        thigh_second=second(thigh, thigh_l, thigh.com_fraction * thigh_l) + below * thigh_l**2,
        shank_second=second(shank, shank_l, shank.com_fraction * shank_l)
        + second(foot, foot_l, shank_l + beyond),
        thigh=thigh_l,
        shank=shank_l,
        foot_height=foot_height,
    )


def checked_sex(sex: Any) -> str | NDArray[np.bool_]:
    """`sex` as one of `SEXES`, or for an array of them who is male; else a ValueError."""
    if isinstance(sex, str):
        return choice("sex", sex, SEXES)
    given = np.asarray(sex)
    male: NDArray[np.bool_] = np.asarray(given == "male")
    wrong = ~(male | np.asarray(given == "female"))
    if wrong.any():
        first = str(given[wrong].flat[0])
        raise ValueError(f"sex must be one of {', '.join(SEXES)}; got {first!r}")
    return male


def by_sex(value: Callable[[str], float], sex: str | NDArray[np.bool_]) -> Floats:
    """`value` of each person's sex as `checked_sex` gives it; asked only of sexes that occur."""
    if isinstance(sex, str):
        return value(sex)
    if sex.all() or not sex.any():
        return np.full(sex.shape, value("male" if sex.any() else "female"))
    chosen: NDArray[np.float64] = np.where(sex, value("male"), value("female"))
    return chosen


def leg(
    body_mass_kg: Any,
    stature_m: Any,
    sex: Any,
    *,
    segments: str = "deleva1996",
    ankle_mass_kg: Any = 0.0,
) -> Leg:
    r"""Moments of mass and lengths of one leg.

    Parameters
    ----------
    body_mass_kg, stature_m : float or array_like
        The person, or people; shapes broadcast. [kg], [m]
    sex : {"female", "male"} or array_like of these
        Which rows of a table by sex.
    segments : {"deleva1996", "winter2009", "mixed"}
        Set of segment parameters; "mixed" mixes end points, see `SEGMENT_SETS`.
    ankle_mass_kg : float or array_like
        Weight worn at each ankle. [kg]

    Returns
    -------
    Leg
        Fields in the broadcast shape of the people.

    Raises
    ------
    ValueError
        If a person is outside 20 to 300 kg or 1.2 to 2.3 m, or `sex` or `segments` is unknown.

    Notes
    -----
    .. math::
        a = m_t r_t + (m_s + m_f + m_w) L_t, \qquad
        b = m_s r_s + m_f (L_s + h_f / 2) + m_w L_s

    with thigh t, shank s, foot f, ankle weight w, centre of mass r from the proximal joint,
    length L and foot height :math:`h_f`. Masses scale with body mass, lengths with stature.
    The foot's centre of mass is put half a foot height below the ankle, in line with the shank.

    *Valid for*: adults built like those measured. *Not valid for*: children, amputation, an
    unusual distribution of mass; the tables differ by about 20 % in leg mass themselves.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`, :cite:`drillis1966`

    Examples
    --------
    >>> round(leg(73.0, 1.741, "male").mass_kg, 2)
    14.5
    """
    mass = checked("body_mass_kg", body_mass_kg, BODY_MASS_KG)
    stature = checked("stature_m", stature_m, STATURE_M)
    weight = checked("ankle_mass_kg", ankle_mass_kg, ANKLE_MASS_KG)
    people = checked_sex(sex)
    segments = choice("segments", segments, SEGMENT_SETS)
    fractions = cache(partial(_fractions, segments))

    def of(field: str) -> Floats:
        return by_sex(lambda one: float(getattr(fractions(one), field)), people)

    thigh, shank = of("thigh") * stature, of("shank") * stature
    first, second = mass * stature, mass * stature**2
    return Leg(
        mass_kg=of("mass") * mass + weight,
        thigh_kgm=of("thigh_first") * first + weight * thigh,
        shank_kgm=of("shank_first") * first + weight * shank,
        thigh_kgm2=of("thigh_second") * second + weight * thigh**2,
        shank_kgm2=of("shank_second") * second + weight * shank**2,
        thigh_m=thigh,
        shank_m=shank,
        foot_height_m=of("foot_height") * stature,
    )


def leg_length_m(stature_m: Any, sex: Any, *, segments: str = "deleva1996") -> Floats:
    """Hip to ankle with the knee straight. [m]

    Arguments and errors as for `leg`.

    Examples
    --------
    >>> round(leg_length_m(1.80, "male"), 3)
    0.885
    """
    stature = checked("stature_m", stature_m, STATURE_M)
    fractions = cache(partial(_fractions, choice("segments", segments, SEGMENT_SETS)))
    share = by_sex(lambda one: fractions(one).thigh + fractions(one).shank, checked_sex(sex))
    return share * stature
