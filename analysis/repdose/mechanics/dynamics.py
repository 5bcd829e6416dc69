"""One repetition: hip moment over angle and time, work, inertial share. Never spinal load."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from repdose.arguments import Floats, Range, checked, choice
from repdose.evidence.body import anthropometry
from repdose.evidence.training.leg_raises import geometry
from repdose.evidence.training.variants import exercise
from repdose.mechanics.body_segments import SEGMENT_SETS
from repdose.mechanics.hip_lift import hip_lift
from repdose.mechanics.hip_moment import Harmonic, LegRaise, leg_raise, plain, posture_range
from repdose.mechanics.motion import HOLD_S, PHASE_S, PROFILES, Hold, Phase, Profile, phases


@dataclass(frozen=True, slots=True, eq=False)
class Repetition:
    """What one repetition asks of the hips, both sides together unless said otherwise.

    A repetition of a one-legged variant is one leg's; of a flutter kick, one kick of each
    leg. Fields that depend on the person have the people's shape.

    Parameters
    ----------
    variant, segments, profile : str
        What was computed.
    start_deg, end_deg : float
        Range of movement. [deg]
    peak_nm : float or ndarray
        Largest gravitational hip moment in the range. [N m]
    mean_nm : float or ndarray
        Gravitational hip moment averaged over the angle. [N m]
    work_up_j, work_down_j : float or ndarray
        Work of the hip moment of the moving legs on the way up, and (negative) on the way
        down; of a flutter kick, summed over the legs that go up. [J]
    moment_time_nms : float or ndarray
        Gravitational hip moment integrated over the time of the repetition, holds included. [N m s]
    time_s : float
        Time of the repetition, holds included. [s]
    inertial_peak_nm : float or ndarray
        Largest moment, at one moving hip, that comes from acceleration. [N m]
    inertial_share : float or ndarray
        The same over that hip's largest gravitational moment. [1]
    quasi_static : bool or ndarray
        Whether that share stays within the limit (10 %), so that acceleration may be left out.
    peak_total_nm : float or ndarray
        Largest hip moment with acceleration. [N m]
    lift_moment_nm, lift_work_j : float or ndarray
        Of a hip lift: largest moment about the lumbar pivot, and work; 0 without one.
        In none of the other fields. [N m], [J]
    notes : tuple of str
        What has to be said along with the numbers.
    """

    variant: str
    segments: str
    profile: str
    start_deg: float
    end_deg: float
    peak_nm: Floats
    mean_nm: Floats
    work_up_j: Floats
    work_down_j: Floats
    moment_time_nms: Floats
    time_s: float
    inertial_peak_nm: Floats
    inertial_share: Floats
    quasi_static: Any
    peak_total_nm: Floats
    lift_moment_nm: Floats
    lift_work_j: Floats
    notes: tuple[str, ...]


def repetition(
    variant: str,
    *,
    body_mass_kg: Any,
    stature_m: Any,
    sex: Any,
    segments: str = "deleva1996",
    start_deg: float | None = None,
    end_deg: float | None = None,
    up_s: float | None = None,
    top_s: float | None = None,
    down_s: float | None = None,
    bottom_s: float | None = None,
    holds: Sequence[Hold] = (),
    profile: str = "minimum_jerk",
    knee_deg: Any = None,
    resting_leg: str | None = None,
    hover_deg: Any = None,
    ankle_mass_kg: Any = 0.0,
    lift_height_m: float | None = None,
) -> Repetition:
    r"""Peak, mean, work, moment-time impulse and inertial share of one repetition.

    Hip moments, never spinal load.

    Parameters
    ----------
    variant : str
        Leg-raise variant.
    body_mass_kg, stature_m : float or array_like
        The person, or people. [kg], [m]
    sex : {"female", "male"} or array_like of these
        Sex.
    segments : {"deleva1996", "winter2009", "mixed"}
        Segment parameters; "mixed" mixes end points, and the result's notes say so.
    start_deg, end_deg : float
        Range of movement. Default: the variant's. [deg]
    up_s, down_s : float
        Time of the movement each way, holds not counted. Default: the variant's. [s]
    top_s, bottom_s : float
        Holds at the end and at the start of the range. Default: the variant's. [s]
    holds : sequence of Hold
        Further holds anywhere on the way. The leg comes to rest there, so the movement is
        broken in parts, each with its share of the time by angle.
    profile : {"minimum_jerk", "triangular"}
        How the angle runs through each part.
    knee_deg, resting_leg, hover_deg, ankle_mass_kg
        As for `hip_moment_nm`.
    lift_height_m : float
        Height of the hip lift; only for a variant with one. Default: 2.5 inches. [m]

    Returns
    -------
    Repetition
        Its fields.

    Raises
    ------
    ValueError
        If an argument is outside its range: a tempo of zero, an angle the posture does not
        have, a bent knee that would put the heel through the floor, a hold off the way.

    Notes
    -----
    With M the gravitational moment (see `hip_moment_nm`) of the form
    :math:`C \cos\theta + S \sin\theta + K`,

    .. math::
        \bar M = \frac{1}{\theta_2 - \theta_1} \int M \, d\theta, \qquad
        W = \int M_{moving} \, d\theta, \qquad
        J = \int M \, dt

    in closed form but for J, which is quadrature over the profile. Acceleration adds
    :math:`I \ddot\theta` at each moving hip, I the leg's moment of inertia about the hip;
    its peak is :math:`(10 / \sqrt 3)\,\Delta\theta / T^2` for minimum jerk and
    :math:`4\,\Delta\theta / T^2` for a triangular velocity. With the shank held level the
    shank does not turn, and
    :math:`I_t \ddot\theta + L_t b (\cos\theta\,\ddot\theta - \sin\theta\,\dot\theta^2)` is added;
    the knee then does work of its own, which is not counted. Two legs that
    kick in turn accelerate against each other: their inertial moments cancel in the sum of
    both hips, not at either hip.

    *Valid for*: movement from rest to rest. *Not valid for*: swinging, a bounce at the
    bottom, metabolic cost, spinal load.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`, :cite:`flash1985`

    Examples
    --------
    >>> rep = repetition(
    ...     "lying_straight_leg", body_mass_kg=80.0, stature_m=1.80, sex="male",
    ...     start_deg=0.0, top_s=0.0,
    ... )
    >>> round(rep.peak_nm, 1), round(rep.work_up_j, 1)  # the peak times one radian
    (102.7, 102.7)
    >>> rep.time_s, rep.quasi_static
    (4.0, False)
    """
    defined, tempo = geometry(variant), exercise(variant)
    posture = posture_range(defined)
    start = _one("start_deg", start_deg, defined.start_deg, posture)
    end = _one("end_deg", end_deg, defined.end_deg, posture)
    if not start < end:
        raise ValueError(f"start_deg must be below end_deg; got {start:g} and {end:g}")
    shape = PROFILES[choice("profile", profile, PROFILES)]
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
        middle_deg=(start + end) / 2,
    )
    low, high = (
        float(raised.theta_rad(angle, name))
        for name, angle in (("start_deg", start), ("end_deg", end))
    )
    stops: list[tuple[float, float]] = [
        (high, _one("top_s", top_s, tempo.top_s, HOLD_S)),
        (low, _one("bottom_s", bottom_s, tempo.bottom_s, HOLD_S)),
    ]
    ways: dict[str, list[float]] = {"up": [], "down": []}
    for hold in holds:
        checked("angle_deg of a hold", hold.angle_deg, Range(start, end, "deg"))
        at = float(raised.theta_rad(hold.angle_deg))
        ways[hold.phase].append(at)
        stops.append((at, hold.hold_s))
    path = [
        *phases(low, high, _one("up_s", up_s, tempo.up_s, PHASE_S), ways["up"]),
        *phases(high, low, _one("down_s", down_s, tempo.down_s, PHASE_S), ways["down"]),
    ]
    work = raised.moving.integral(low, high)
    if defined.alternating:  # each leg goes up once; the other's way down does not pay for it
        work = raised.one_leg.integral(low, high) * 2
    inertial, total = _with_inertia(raised, path, stops, shape)
    share = inertial / raised.one_leg.largest(low, high)
    lift_moment, lift_work = _lift(
        defined.hip_lift,
        lift_height_m,
        body_mass_kg=body_mass_kg,
        stature_m=stature_m,
        sex=sex,
        segments=segments,
        ankle_mass_kg=ankle_mass_kg,
    )
    limit = anthropometry.constant("quasi_static_limit").value
    steady = np.asarray(share <= limit)
    return Repetition(
        variant=variant,
        segments=segments,
        profile=profile,
        start_deg=start,
        end_deg=end,
        peak_nm=plain(raised.total.highest(low, high)),
        mean_nm=plain(raised.total.integral(low, high) / (high - low)),
        work_up_j=plain(work),
        work_down_j=plain(-work),
        moment_time_nms=plain(_over_time(raised.total, path, stops, shape)),
        time_s=sum(part.time_s for part in path) + sum(seconds for _, seconds in stops),
        inertial_peak_nm=plain(inertial),
        inertial_share=plain(share),
        quasi_static=bool(steady) if steady.ndim == 0 else steady,
        peak_total_nm=plain(total),
        lift_moment_nm=plain(lift_moment),
        lift_work_j=plain(lift_work),
        notes=_notes(raised, segments),
    )


def _one(name: str, value: Any, default: float | None, allowed: Range) -> float:
    """An argument that is one number for everybody, or its default."""
    number = checked(name, default if value is None else value, allowed)
    if not isinstance(number, float):
        raise ValueError(f"{name} must be one number, the same for all people; got an array")
    return number


def _over_time(
    moment: Harmonic, path: Sequence[Phase], stops: Sequence[tuple[float, float]], shape: Profile
) -> Floats:
    """Moment integrated over the time of the movement and of the holds. [N m s]"""
    cosine = sine = seconds = 0.0
    for part in path:
        cos, sin = part.trigonometric_time(shape)
        cosine, sine, seconds = cosine + cos, sine + sin, seconds + part.time_s
    for at, held in stops:
        cosine, sine = cosine + held * float(np.cos(at)), sine + held * float(np.sin(at))
        seconds += held
    return moment.cosine * cosine + moment.sine * sine + moment.constant * seconds


def _inertial(raised: LegRaise, theta: float, speed: float, acceleration: float) -> Floats:
    """Moment at one hip that accelerates its leg. [N m]"""
    leg = raised.leg
    coupling = leg.thigh_m * leg.shank_kgm
    if raised.knee_rad is None:  # the shank stays level: it is carried along, not turned
        carried = float(np.cos(theta) * acceleration - np.sin(theta) * speed**2)
        return leg.thigh_kgm2 * acceleration + coupling * carried
    turned: Floats = leg.thigh_kgm2 + leg.shank_kgm2 + 2 * coupling * np.cos(raised.knee_rad)
    return turned * acceleration


def _with_inertia(
    raised: LegRaise,
    path: Sequence[Phase],
    stops: Sequence[tuple[float, float]],
    shape: Profile,
) -> tuple[Floats, Floats]:
    """Largest inertial moment at one hip, and largest total at both, over the repetition."""
    single: Floats = 0.0
    total: Floats = -np.inf
    gravity = raised.total
    for at, held in stops:
        if held:
            total = np.maximum(total, gravity.at(at))
    for part in path:
        for theta, speed, acceleration in part.states(shape):
            extra = _inertial(raised, theta, speed, acceleration)
            single = np.maximum(single, np.abs(extra))
            if raised.variant.alternating:
                mirror = 2 * raised.middle_rad - theta
                extra = extra + _inertial(raised, mirror, -speed, -acceleration)
            else:
                extra = extra * raised.variant.working_legs
            total = np.maximum(total, gravity.at(theta) + extra)
    return single, total


def _lift(wanted: bool, height_m: float | None, **person: Any) -> tuple[Floats, Floats]:
    """Largest moment [N m] and work [J] of the hip lift, or zero for a variant without one."""
    if not wanted:
        if height_m is not None:
            raise ValueError("lift_height_m is for a variant with a hip lift, lying_hip_lift")
        return 0.0, 0.0
    weight, length = hip_lift(**person)
    default = anthropometry.constant("hip_lift_height").value
    height = _one("lift_height_m", height_m, default, Range(0, float(np.min(length)), "m"))
    return weight * length, weight * height


def _notes(raised: LegRaise, segments: str) -> tuple[str, ...]:
    """What has to be said along with the numbers."""
    notes = ["Moment at the hip joints, not spinal load."]
    if segments == "mixed":
        notes.append(SEGMENT_SETS["mixed"] + ".")
    if raised.variant.hip_lift:
        notes.append(
            "The lift is counted apart: its moment is about a lumbar pivot, with de Leva's lower "
            "trunk whatever the leg table, and the tempo gives it no time of its own."
        )
    if raised.variant.alternating:
        notes.append(
            "One repetition is one kick of each leg. Work is summed over the legs that go up."
        )
    elif raised.variant.working_legs == 1:
        notes.append("One repetition is one leg's; the moment is that of both hips together.")
    if raised.knee_rad is None:
        notes.append("The knee, which keeps the shank level, does work that is not counted.")
    return tuple(notes)
