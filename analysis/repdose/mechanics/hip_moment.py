"""Gravitational moment at the hips during a leg raise. Never spinal load.

Everything here is of the form C cos(theta) + S sin(theta) + K, theta the thigh above the
horizontal, so that peaks, means and work have closed forms. Hanging is lying shifted by a
right angle: theta is the thigh from straight down, less 90 degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from repdose.arguments import STATURE_M, Floats, Range, checked, choice
from repdose.evidence.body import anthropometry
from repdose.evidence.training.leg_raises import Geometry, geometry
from repdose.mechanics.body_segments import Leg, leg, leg_length_m

RIGHT_ANGLE_DEG = math.degrees(math.pi / 2)  # between the horizontal and straight down
# How far a posture lets the thigh go; a variant's own start and end lie inside.
LYING_DEG = Range(0, RIGHT_ANGLE_DEG, "deg")
HANGING_DEG = Range(0, 2 * RIGHT_ANGLE_DEG, "deg")
KNEE_DEG = Range(0, 150, "deg")  # heel at the buttock
RESTING_LEG = ("none", "floor", "hovering")
LEVEL = "level"


@dataclass(frozen=True, slots=True, eq=False)
class Harmonic:
    """A moment cosine * cos(theta) + sine * sin(theta) + constant [N m], theta in radians."""

    cosine: Floats = 0.0
    sine: Floats = 0.0
    constant: Floats = 0.0

    def __add__(self, other: Harmonic) -> Harmonic:
        return Harmonic(
            self.cosine + other.cosine, self.sine + other.sine, self.constant + other.constant
        )

    def times(self, factor: Floats) -> Harmonic:
        """The moment multiplied by a factor."""
        return Harmonic(self.cosine * factor, self.sine * factor, self.constant * factor)

    def mirrored(self, middle_rad: float) -> Harmonic:
        """The same leg's moment when it is as far on the other side of an angle."""
        cos, sin = np.cos(2 * middle_rad), np.sin(2 * middle_rad)
        return Harmonic(
            self.cosine * cos + self.sine * sin,
            self.cosine * sin - self.sine * cos,
            self.constant,
        )

    def at(self, theta_rad: Floats) -> Floats:
        """Moment at an angle. [N m]"""
        moment: Floats = self.cosine * np.cos(theta_rad) + self.constant
        sine = self.sine
        # A straight leg has no such part: half the cost for many people
        if sine.any() if isinstance(sine, np.ndarray) else sine:
            moment = moment + self.sine * np.sin(theta_rad)
        return moment

    def integral(self, low_rad: float, high_rad: float) -> Floats:
        """Integral over the angle. [N m rad = J]"""
        return (
            self.cosine * float(np.sin(high_rad) - np.sin(low_rad))
            + self.sine * float(np.cos(low_rad) - np.cos(high_rad))
            + self.constant * (high_rad - low_rad)
        )

    def highest(self, low_rad: float, high_rad: float) -> Floats:
        """Largest value between two angles. [N m]"""
        ends = np.maximum(self.at(low_rad), self.at(high_rad))
        crest = np.arctan2(self.sine, self.cosine)
        inside = (low_rad < crest) & (crest < high_rad)
        top: Floats = np.where(inside, np.maximum(ends, self.at(crest)), ends)[()]
        return top

    def largest(self, low_rad: float, high_rad: float) -> Floats:
        """Largest magnitude between two angles. [N m]"""
        return np.maximum(
            self.highest(low_rad, high_rad), self.times(-1).highest(low_rad, high_rad)
        )


@dataclass(frozen=True, slots=True, eq=False)
class LegRaise:
    """One variant done by one person or many: who moves what, and against which moment."""

    variant: Geometry
    leg: Leg
    knee_rad: Floats | None  # None: the shank is held level
    shift_deg: float
    middle_rad: float  # about which legs that move in turn mirror each other
    allowed: Range
    floor_m: Floats  # the floor below the hip joint when lying
    one_leg: Harmonic  # a moving leg
    moving: Harmonic  # the legs that move
    resting: Harmonic  # the leg that does not

    @property
    def total(self) -> Harmonic:
        """Moment of all legs, both hips taken together."""
        return self.moving + self.resting

    def theta_rad(self, angle_deg: Any, name: str = "angle_deg") -> Floats:
        """Checked angle of the thigh above the horizontal. [rad]"""
        angle = checked(f"{name} of {self.variant.exercise}", angle_deg, self.allowed)
        theta = np.radians(angle - self.shift_deg)
        if self.knee_rad is None:
            if np.any(theta < 0):
                raise ValueError(
                    f"knee_deg 'level' needs the thigh at or above the horizontal, {name} 90 deg "
                    f"or more when hanging; got {float(np.min(angle)):g}"
                )
        elif np.any(self.knee_rad) and self.variant.position == "lying":
            self._clear_of_the_floor(theta)
        return theta

    def _clear_of_the_floor(self, theta: Floats) -> None:
        """Refuse a bent knee that would put the heel through the floor."""
        knee = np.asarray(self.knee_rad)
        if self.variant.alternating:  # the lower of the two legs
            theta = np.minimum(theta, 2 * self.middle_rad - theta)
        below = self.leg.shank_m + self.leg.foot_height_m
        depth = -(self.leg.thigh_m * np.sin(theta) + below * np.sin(theta - knee)) - self.floor_m
        wrong = np.asarray(depth > 0)
        if not wrong.any():
            return
        # heel height = R sin(theta - delta) with these two:
        along, across = self.leg.thigh_m + below * np.cos(knee), below * np.sin(knee)
        lowest = np.arctan2(across, along) - np.arcsin(
            np.minimum(1, self.floor_m / np.hypot(along, across))
        )
        shown = np.broadcast_arrays(knee, theta, depth, lowest)
        bend, at, deep, limit = (float(values[wrong].flat[0]) for values in shown)
        raise ValueError(
            f"knee_deg {np.degrees(bend):g} at angle_deg {np.degrees(at):g} puts the heel "
            f"{deep:.2f} m through the floor; with this knee the thigh has to be at least "
            f"{np.ceil(np.degrees(limit)):.0f} deg above the horizontal, or bend the knee less"
        )


def posture_range(variant: Geometry) -> Range:
    """How far the variant's posture lets the thigh go."""
    return LYING_DEG if variant.position == "lying" else HANGING_DEG


def gravity_m_s2() -> float:
    """Standard gravity. [m/s2]"""
    return anthropometry.constant("standard_gravity").value


def leg_raise(
    variant: str,
    *,
    body_mass_kg: Any,
    stature_m: Any,
    sex: Any,
    segments: str = "deleva1996",
    knee_deg: Any = None,
    resting_leg: str | None = None,
    hover_deg: Any = None,
    ankle_mass_kg: Any = 0.0,
    middle_deg: float | None = None,
) -> LegRaise:
    """A variant with its person's moments; arguments as for `hip_moment_nm`.

    `middle_deg` is the angle about which legs that move in turn mirror each other.
    """
    defined = geometry(variant)
    if middle_deg is None:
        middle_deg = (defined.start_deg + defined.end_deg) / 2
    middle = float(np.radians(middle_deg))
    person = leg(body_mass_kg, stature_m, sex, segments=segments, ankle_mass_kg=ankle_mass_kg)
    gravity = gravity_m_s2()
    thigh, shank = person.thigh_kgm * gravity, person.shank_kgm * gravity
    knee: Floats | None
    if isinstance(knee_deg, str):
        choice("knee_deg", knee_deg, [LEVEL])
        knee = None
        one_leg = Harmonic(cosine=thigh, constant=shank)
    else:
        bend = checked("knee_deg", defined.knee_deg if knee_deg is None else knee_deg, KNEE_DEG)
        knee = np.radians(bend)
        one_leg = Harmonic(thigh + shank * np.cos(knee), shank * np.sin(knee))
    if defined.alternating:
        moving = one_leg + one_leg.mirrored(middle)
    else:
        moving = one_leg.times(defined.working_legs)
    return LegRaise(
        variant=defined,
        leg=person,
        knee_rad=knee,
        shift_deg=RIGHT_ANGLE_DEG if defined.position == "hanging" else 0.0,
        middle_rad=middle,
        # the other leg, mirrored about the middle, has to stay off the floor
        allowed=Range(0, 2 * middle_deg, "deg") if defined.alternating else posture_range(defined),
        floor_m=anthropometry.constant("hip_height_lying").value
        * checked("stature_m", stature_m, STATURE_M),
        one_leg=one_leg,
        moving=moving,
        resting=_resting(defined, thigh + shank, resting_leg, hover_deg),
    )


def _resting(
    variant: Geometry, straight_nm: Floats, resting_leg: str | None, hover_deg: Any
) -> Harmonic:
    """Moment of the leg that does not work: a straight leg that hovers, or nothing."""
    chosen = choice("resting_leg", resting_leg or variant.resting_leg, RESTING_LEG)
    if chosen != "none" and variant.working_legs != 1:
        raise ValueError(
            f"resting_leg must be none for {variant.exercise}, in which both legs work; "
            f"got {chosen!r}"
        )
    if chosen != "hovering":
        if hover_deg is not None:
            raise ValueError(
                f"hover_deg is for resting_leg 'hovering'; {variant.exercise} has {chosen!r} here"
            )
        return Harmonic()
    hover = checked("hover_deg", variant.start_deg if hover_deg is None else hover_deg, LYING_DEG)
    return Harmonic(constant=straight_nm * np.cos(np.radians(hover)))


def hip_moment_nm(
    variant: str,
    angle_deg: Any,
    *,
    body_mass_kg: Any,
    stature_m: Any,
    sex: Any,
    segments: str = "deleva1996",
    knee_deg: Any = None,
    resting_leg: str | None = None,
    hover_deg: Any = None,
    ankle_mass_kg: Any = 0.0,
) -> Floats:
    r"""Gravitational moment that the hip flexors of both sides together have to hold.

    It is a moment at the hip joints and never spinal load: neither the moment nor the
    compression of the lumbar spine follows from it.

    Parameters
    ----------
    variant : str
        Leg-raise variant.
    angle_deg : float or array_like
        Thigh above the horizontal when lying (0 to 90), from straight down when hanging
        (0 to 180). Of a flutter kick, the angle of one leg; the other is as far on the
        other side of the middle of the variant's range. [deg]
    body_mass_kg, stature_m : float or array_like
        The person, or people. [kg], [m]
    sex : {"female", "male"} or array_like of these
        Sex.
    segments : {"deleva1996", "winter2009", "mixed"}
        Segment parameters. "mixed" takes masses from one table and lengths from another and
        so mixes end points: shown for comparison, not recommended.
    knee_deg : float, array_like or "level"
        Knee flexion, held; "level" keeps the shank horizontal instead. Default: the
        variant's. [deg]
    resting_leg : {"none", "floor", "hovering"}
        Of a one-legged variant, what the other leg does. Default: the variant's.
    hover_deg : float or array_like
        Angle of the hovering leg above the horizontal, straight. Default: the variant's
        start. `hover_angle_deg` gives it for a height. [deg]
    ankle_mass_kg : float or array_like
        Weight worn at each ankle. [kg]

    Returns
    -------
    float or ndarray
        Moment in the broadcast shape; positive where gravity extends the hips. [N m]

    Raises
    ------
    ValueError
        If an argument is outside its range, or a bent knee would put the heel through
        the floor.

    Notes
    -----
    .. math::
        M = n g\,[a \cos\theta + b \cos(\theta - \kappa)]

    with first moments of mass a along the thigh and b along the shank (see
    `body_segments.leg`), n legs, knee flexion :math:`\kappa`, and :math:`\theta` the thigh
    above the horizontal; hanging at :math:`\varphi` is :math:`\theta = \varphi - 90`
    degrees, which makes the cosines sines of :math:`\varphi`. A shank held level contributes
    b at every angle; a hovering leg :math:`g (a + b) \cos\theta_h`; a leg on the floor nothing.

    *Valid for*: slow movement, pelvis at rest, the foot at a right angle or less matters little.
    *Not valid for*: fast movement (see `mechanics.repetition`), swinging, spinal load, one
    person's true moment: the two tables differ by about 6 % for a man.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`, :cite:`bipm2019`

    Examples
    --------
    >>> person = {"body_mass_kg": 80.0, "stature_m": 1.80, "sex": "male"}
    >>> round(hip_moment_nm("lying_straight_leg", 0, **person), 1)
    102.7
    >>> hip_moment_nm("hanging_straight_leg", [30, 90], **person).round(1)
    array([ 51.4, 102.7])
    """
    raised = leg_raise(
        variant,
        body_mass_kg=body_mass_kg,
        stature_m=stature_m,
        sex=sex,
        segments=segments,
        knee_deg=knee_deg,
        resting_leg=resting_leg,
        hover_deg=hover_deg,
        ankle_mass_kg=ankle_mass_kg,
    )
    return plain(raised.total.at(raised.theta_rad(angle_deg)))


def plain(value: Floats) -> Floats:
    """A Python float for a scalar, the array otherwise."""
    return float(value) if np.ndim(value) == 0 else value


def hover_angle_deg(
    height_m: Any, *, stature_m: Any, sex: Any, segments: str = "deleva1996"
) -> Floats:
    r"""Angle at which a straight leg's ankle is at a height above the hip joint.

    Parameters
    ----------
    height_m : float or array_like
        Height of the ankle above the level of the hip joint. [m]
    stature_m : float or array_like
        Stature. [m]
    sex : {"female", "male"} or array_like of these
        Sex.
    segments : {"deleva1996", "winter2009", "mixed"}
        Segment lengths.

    Returns
    -------
    float or ndarray
        Angle above the horizontal. [deg]

    Raises
    ------
    ValueError
        If the height is negative or more than the leg is long.

    Notes
    -----
    .. math:: \theta_h = \arcsin\frac{h}{L_t + L_s}

    One height is a steeper angle for a shorter leg. Shares of the two-legged raise are
    therefore free of the body only where the hover is given as an angle.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`, :cite:`drillis1966`

    Examples
    --------
    >>> round(hover_angle_deg(0.075, stature_m=1.80, sex="male"), 1)
    4.9
    """
    length = leg_length_m(stature_m, sex, segments=segments)
    height = checked("height_m", height_m, Range(0, float(np.min(length)), "m"))
    return plain(np.degrees(np.arcsin(height / length)))
