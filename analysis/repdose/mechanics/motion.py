"""How a leg moves through a repetition: phases, holds, and the smoothness of each phase."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from repdose.arguments import Range, checked, choice

Array = NDArray[np.float64]
# Bounds that catch a slip of unit, not a finding.
PHASE_S = Range(0, 60, "s", above=True)
HOLD_S = Range(0, 600, "s")
# Nodes of the Gauss-Legendre rule on each half of a phase: exact to rounding for the smooth
# motions below, whose angle never turns through more than half a circle.
NODES = 24
# Times looked at for the largest moment in a phase, besides its extremes of acceleration.
STEPS = 100


@dataclass(frozen=True, slots=True)
class Hold:
    """A stop on the way.

    Parameters
    ----------
    angle_deg : float
        Where, as the variant counts its angle. [deg]
    hold_s : float
        How long. [s]
    phase : {"up", "down"}
        On which way.
    """

    angle_deg: float
    hold_s: float
    phase: Literal["up", "down"] = "up"

    def __post_init__(self) -> None:
        choice("phase of a hold", self.phase, ("up", "down"))
        checked("hold_s", self.hold_s, HOLD_S)


@dataclass(frozen=True, slots=True)
class Profile:
    """A rest-to-rest motion over unit angle and unit time.

    Parameters
    ----------
    position, velocity, acceleration : callable
        Of the share of the phase's time that has passed, 0 to 1.
    extremes : tuple of float
        Times at which the acceleration is largest in magnitude.
    """

    position: Callable[[Array], Array]
    velocity: Callable[[Array], Array]
    acceleration: Callable[[Array], Array]
    extremes: tuple[float, ...]


# Least squared jerk over the movement: speed in proportion to t^2 (1 - t)^2, which integrates to
# 10 t^3 - 15 t^4 + 6 t^5.
_SPEED = np.polynomial.Polynomial([0, 1]) ** 2 * np.polynomial.Polynomial([1, -1]) ** 2
_MINIMUM_JERK = _SPEED.integ() / _SPEED.integ()(1)

PROFILES = {
    # Zeros of the jerk; there the acceleration is 10 / sqrt(3).
    "minimum_jerk": Profile(
        _MINIMUM_JERK,
        _MINIMUM_JERK.deriv(),
        _MINIMUM_JERK.deriv(2),
        tuple(float(root) for root in np.sort(_MINIMUM_JERK.deriv(3).roots().real)),
    ),
    # Speed rises evenly to the middle and falls evenly after it: acceleration 4, then -4.
    "triangular": Profile(
        lambda t: np.where(t < 0.5, 2 * t**2, 1 - 2 * (1 - t) ** 2),
        lambda t: np.where(t < 0.5, 2 * 2 * t, 2 * 2 * (1 - t)),
        lambda t: np.where(t < 0.5, 2 * 2.0, -2 * 2.0),
        (0.0, 1.0),
    ),
}


@dataclass(frozen=True, slots=True)
class Phase:
    """One rest-to-rest movement between two angles [rad] in a time [s]."""

    start_rad: float
    end_rad: float
    time_s: float

    @property
    def angle_rad(self) -> float:
        """Angle turned through, negative on the way down. [rad]"""
        return self.end_rad - self.start_rad

    def trigonometric_time(self, profile: Profile) -> tuple[float, float]:
        """Time integrals of the cosine and of the sine of the angle. [s]"""
        times, weight = _quadrature()
        angle = self.start_rad + self.angle_rad * profile.position(times)
        return (
            float(weight @ np.cos(angle)) * self.time_s,
            float(weight @ np.sin(angle)) * self.time_s,
        )

    def states(self, profile: Profile) -> Iterator[tuple[float, float, float]]:
        """Angle [rad], velocity [rad/s] and acceleration [rad/s2] through the phase."""
        times = np.union1d(np.linspace(0, 1, STEPS + 1), profile.extremes)
        yield from zip(
            self.start_rad + self.angle_rad * profile.position(times),
            self.angle_rad * profile.velocity(times) / self.time_s,
            self.angle_rad * profile.acceleration(times) / self.time_s**2,
            strict=True,
        )


@cache
def _quadrature() -> tuple[Array, Array]:
    """Shares of a phase's time at which it is looked at, and their weights."""
    nodes, weights = np.polynomial.legendre.leggauss(NODES)
    half = (nodes + 1) / (2 * 2)  # both halves apart: the triangular one bends between them
    return np.concatenate([half, half + 0.5]), np.tile(weights, 2) / (2 * 2)


def phases(
    start_rad: float, end_rad: float, time_s: float, stops_rad: Sequence[float]
) -> list[Phase]:
    """A way from start to end, broken at stops, the time shared out by angle.

    A stop means that the leg comes to rest there, so each part accelerates and brakes by itself.
    """
    ordered = sorted(set(stops_rad), reverse=end_rad < start_rad)
    edges = [start_rad, *(at for at in ordered if at not in (start_rad, end_rad)), end_rad]
    whole = end_rad - start_rad
    return [Phase(one, two, time_s * (two - one) / whole) for one, two in pairwise(edges)]
