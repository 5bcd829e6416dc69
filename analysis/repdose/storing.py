"""How many digits of a number are kept."""

from __future__ import annotations

from typing import Any

__all__ = ["STORED_DIGITS", "stored"]


def __dir__() -> list[str]:
    return sorted(__all__)


# Significant digits that are kept. How a processor adds moves the twelfth of what an optimiser
# finds, so that with twelve some number of a build would still differ between machines
STORED_DIGITS = 8


def stored(value: Any) -> Any:
    """A number as it is kept and printed: 8 significant digits, more than any model is good for.

    The last of a float's sixteen depend on how a processor adds; with them would the bytes of a
    file, and on which side of a tie a printed number falls. Counts stay, and what is no float.

    Examples
    --------
    >>> stored(0.1 + 0.2), stored(1_234_567_890.0), stored(3), stored("text")
    (0.3, 1234567890.0, 3, 'text')
    """
    if not isinstance(value, float) or value.is_integer():
        return value
    return float(f"{value:.{STORED_DIGITS}g}")
