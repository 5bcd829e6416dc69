"""Checks of arguments, so that bad input raises a sentence and never becomes NaN."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "AGE_Y",
    "BODY_MASS_KG",
    "DURATION_MIN",
    "MET",
    "STATURE_M",
    "Floats",
    "Range",
    "checked",
    "choice",
    "one_number",
    "whole",
]


def __dir__() -> list[str]:
    return sorted(__all__)


Floats: TypeAlias = "float | NDArray[np.float64]"
T = TypeVar("T", bound=str)


@dataclass(frozen=True, slots=True)
class Range:
    """What an argument may be: bounds (included unless `above` or `below` says not) and unit."""

    low: float
    high: float
    unit: str
    above: bool = False  # the low bound itself is refused
    below: bool = False  # the high bound itself is refused

    def holds(self, least: float, largest: float) -> bool:
        """Whether values from `least` to `largest` are allowed; NaN is not."""
        above = self.low < least if self.above else self.low <= least
        return above and (largest < self.high if self.below else largest <= self.high)

    def __str__(self) -> str:
        low = f"above {self.low:g}" if self.above else f"{self.low:g}"
        high = f"below {self.high:g}" if self.below else f"{self.high:g}"
        return f"{low} to {high} {self.unit}".rstrip()


# Bounds of what the anthropometric and resting-energy tables describe: adults.
BODY_MASS_KG = Range(20, 300, "kg")
STATURE_M = Range(1.2, 2.3, "m")
AGE_Y = Range(18, 100, "y")
# Bounds that catch a slip of unit, not a finding: a day of minutes, a MET no table reaches.
DURATION_MIN = Range(0, 24 * 60, "min")
MET = Range(0.9, 25, "MET")


def checked(name: str, value: Any, allowed: Range) -> Floats:
    """`value` as float or float array, or a ValueError that names it and its range.

    Parameters
    ----------
    name : str
        Name of the argument, for the message.
    value : float or array_like
        What was given.
    allowed : Range
        Bounds and unit.

    Returns
    -------
    float or ndarray
        A Python float for a scalar, a float64 array of the same shape otherwise.

    Raises
    ------
    ValueError
        If a value is no number, not finite, or outside the range.
    """
    if type(value) in (int, float) and allowed.holds(value, value):
        return float(value)  # without numpy, which a plan's own checks do not need
    import numpy as np

    kind = np.asarray(value).dtype.kind
    if kind == "O" and hasattr(value, "__float__") and np.ndim(value) == 0:
        return checked(name, float(value), allowed)  # a row of the Compendium counts as its MET
    if kind not in "iuf":
        raise ValueError(f"{name} must be a number, {allowed}; got {value!r}")
    array = np.asarray(value, dtype=np.float64)
    # The ends tell of all: two passes without a copy, and NaN, which either end would be, fails
    if array.size and not allowed.holds(float(array.min()), float(array.max())):
        low_ok = array > allowed.low if allowed.above else array >= allowed.low
        high_ok = array < allowed.high if allowed.below else array <= allowed.high
        wrong = ~(low_ok & high_ok)
        first = array[wrong].flat[0] if array.ndim else array
        where = f" at {tuple(int(i) for i in np.argwhere(wrong)[0])}" if array.ndim else ""
        raise ValueError(f"{name} must be {allowed}; got {float(first):g}{where}")
    return float(array) if array.ndim == 0 else array


def choice(name: str, value: Any, allowed: Iterable[T]) -> T:
    """`value` if it is one of `allowed`, or a ValueError that lists them."""
    options = list(allowed)
    for option in options:
        if value == option:
            return option
    raise ValueError(f"{name} must be one of {', '.join(options)}; got {value!r}")


def whole(name: str, value: Any, allowed: Range) -> None:
    """Refuse what is no whole number within `allowed`."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{name} must be a whole number, {allowed}; got {value!r}")
    checked(name, value, allowed)


def one_number(name: str, value: Any, allowed: Range) -> None:
    """Refuse what is no single number within `allowed`: no array."""
    if not isinstance(checked(name, value, allowed), float):
        raise ValueError(f"{name} must be one number, {allowed}; got {value!r}")
