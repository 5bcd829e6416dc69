"""What is assumed about one input: a distribution with its reason, source and parent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri

from repdose.arguments import Range, checked, choice
from repdose.energy import CONVENTIONS, TIME_BASES

Array = NDArray[np.float64]
FINITE = Range(-1e12, 1e12, "")  # only infinities and NaN are kept out
SPREAD = Range(0, 1e12, "", above=True)
# Least share of a distribution that, left out, is told: one of 10,000 draws.
SHOWN = 1e-4
# Weight of the central value in a PERT distribution: its mean is (low + 4 central + high) / 6.
PERT_WEIGHT = 4
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "confidence": "confidence interval of a study",
        "credible": "credible interval of a study",
        "between people": "spread between people in a study",
        "measurement": "stated error of measurement",
        "assumption": "an assumption",
    }
)
# Rules of counting: nobody's energy is half gross and half net.
RULES = ("convention", "time_basis", "net", "edition", "baseline", "indirect_weight")
_RULE_VALUES = {*CONVENTIONS, *TIME_BASES, "gross", "net", "2011", "2024", True, False}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Distribution:
    """A distribution of one input, drawn by its quantile function.

    Parameters
    ----------
    shape : str
        What it is, in words with its numbers.
    kind : {"confidence", "credible", "between people", "measurement", "assumption"}
        What the spread is.
    reason : str
        Why this distribution.
    source : str
        Bibliography key, empty for what the caller states.
    parent : str
        Inputs with the same parent get the same draw; empty for an input of its own.
    quantile : callable
        Values at probabilities between 0 and 1, of any shape.
    labels : tuple of str
        The words that can be drawn; empty for a distribution of numbers.
    """

    shape: str
    kind: str
    reason: str
    source: str = ""
    parent: str = ""
    quantile: Callable[[Array], NDArray[Any]] = field(repr=False)
    labels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        choice("kind", self.kind, WORDS)
        if not self.reason.strip():
            raise ValueError(f"reason: a distribution ({self.shape}) needs a reason; got none")

    @property
    def words(self) -> str:
        """Shape and kind, as in ``pert, 2.3, 2.8, 8 (an assumption)``."""
        return f"{self.shape} ({WORDS[self.kind]})"


def normal(
    mean: float,
    sd: float,
    *,
    within: Range | None = None,
    kind: str,
    reason: str,
    source: str = "",
    parent: str = "",
) -> Distribution:
    """Normal distribution with a mean and an SD above zero, cut off where no value can be.

    Parameters
    ----------
    mean, sd : float
        Of the distribution before it is cut.
    within : Range, optional
        What a value can be; the rest of the distribution is left out. A share of it that shows
        in 10,000 draws is named in the reason, and the range in the shape.
    kind, reason, source, parent : str
        See :class:`Distribution`.

    Returns
    -------
    Distribution

    Raises
    ------
    ValueError
        If `sd` is zero or negative, `mean` is not within the range, or a number is not finite.

    Examples
    --------
    >>> mass = normal(75, 1.5, kind="measurement", reason="scale read once")
    >>> mass.quantile(np.array([0.5])).tolist()
    [75.0]
    >>> normal(1, 1, within=Range(0, 9, "m"), kind="measurement", reason="as stated").shape
    'normal, mean 1, SD 1, cut to 0 to 9 m'
    """
    centre, spread = one_number("mean", mean, within or FINITE), one_number("sd", sd, SPREAD)
    shape = f"normal, mean {centre:g}, SD {spread:g}"
    low, high = (within.low, within.high) if within else (-math.inf, math.inf)
    below, above = ndtr((np.array([low, high]) - centre) / spread)
    outside = float(below + 1 - above)
    if outside >= SHOWN:
        shape += f", cut to {within}"
        reason += f"; nothing outside {within} can be, where {100 * outside:.2g} % would lie"

    def quantile(u: Array) -> Array:
        drawn: Array = centre + spread * ndtri(below + u * (above - below))
        return drawn.clip(low, high)

    return Distribution(
        shape=shape, kind=kind, reason=reason, source=source, parent=parent, quantile=quantile
    )


def uniform(
    low: float, high: float, *, kind: str = "assumption", reason: str, source: str = ""
) -> Distribution:
    """Any value between two ends, none likelier than another.

    Raises
    ------
    ValueError
        If `low` is not below `high`.

    Examples
    --------
    >>> uniform(1, 3, reason="only the ends are known").quantile(np.array([0.5])).tolist()
    [2.0]
    """
    lower, upper = one_number("low", low, FINITE), one_number("high", high, FINITE)
    if not lower < upper:
        raise ValueError(f"low must be below high; got low={lower:g}, high={upper:g}")
    return Distribution(
        shape=f"uniform, {lower:g} to {upper:g}",
        kind=kind,
        reason=reason,
        source=source,
        quantile=lambda u: lower + (upper - lower) * u,
    )


def three_point(
    low: float,
    central: float,
    high: float,
    *,
    shape: str = "triangular",
    reason: str,
    source: str = "",
    parent: str = "",
) -> Distribution:
    r"""A low, a central and a high value: always an assumption, never an interval.

    Parameters
    ----------
    low, central, high : float
        In order; low and high apart.
    shape : {"triangular", "pert"}
        How the weight falls off: in straight lines, or as a beta distribution with mean
        (low + 4 central + high) / 6, which stays nearer to the central value.
    reason, source, parent : str
        See :class:`Distribution`.

    Returns
    -------
    Distribution

    Raises
    ------
    ValueError
        If the values are out of order.

    Examples
    --------
    >>> row = three_point(2, 3, 6, reason="rows that may stand in")
    >>> row.quantile(np.array([0, 0.25, 1])).tolist()
    [2.0, 3.0, 6.0]
    """
    lower, middle, upper = (
        one_number(name, value, FINITE)
        for name, value in (("low", low), ("central", central), ("high", high))
    )
    if not (lower <= middle <= upper and lower < upper):
        raise ValueError(
            f"low, central, high must be in order, low below high; got low={lower:g}, "
            f"central={middle:g}, high={upper:g}"
        )
    span = upper - lower
    if choice("shape", shape, ("triangular", "pert")) == "pert":
        first = 1 + PERT_WEIGHT * (middle - lower) / span
        second = 1 + PERT_WEIGHT * (upper - middle) / span

        def quantile(u: Array) -> Array:
            return np.asarray(lower + span * betaincinv(first, second, u))
    else:
        below, above = span * (middle - lower), span * (upper - middle)
        turn = (middle - lower) / span  # probability of a value below the central one

        def quantile(u: Array) -> Array:
            rising = lower + np.sqrt(u * below)
            return np.where(u < turn, rising, upper - np.sqrt((1 - u) * above))

    return Distribution(
        shape=f"{shape}, {lower:g}, {middle:g}, {upper:g}",
        kind="assumption",
        reason=reason,
        source=source,
        parent=parent,
        quantile=quantile,
    )


def one_of(*values: str | float, reason: str, source: str = "", parent: str = "") -> Distribution:
    """One of several values, each as likely: tables or studies that disagree.

    Raises
    ------
    ValueError
        If there are fewer than two values, two are equal, or they are rules of counting
        (gross and net, time bases, conventions, editions).

    Examples
    --------
    >>> table = one_of("deleva1996", "winter2009", reason="both are standard tables")
    >>> table.quantile(np.array([0.2, 0.7])).tolist()
    ['deleva1996', 'winter2009']
    """
    if len(values) < 2 or len(set(values)) < len(values):
        raise ValueError(f"values must be two or more, all different; got {values!r}")
    if all(isinstance(value, str | bool) and value in _RULE_VALUES for value in values):
        raise ValueError(_is_a_rule(f"values {', '.join(map(repr, values))}"))
    texts = [isinstance(value, str) for value in values]
    if any(texts) and not all(texts):
        raise ValueError(f"values must be all words or all numbers; got {values!r}")
    if not texts[0]:
        for value in values:
            one_number("values", value, FINITE)
    options = np.array(values)
    last = len(values) - 1
    return Distribution(
        shape=f"one of {', '.join(str(value) for value in values)}, each as likely",
        kind="assumption",
        reason=reason,
        source=source,
        parent=parent,
        quantile=lambda u: options[np.minimum((u * len(options)).astype(int), last)],
        labels=tuple(str(value) for value in values) if texts[0] else (),
    )


def one_number(name: str, value: Any, allowed: Range) -> float:
    """`value` if it is one number within `allowed`, or a ValueError that says so."""
    number = checked(name, value, allowed)
    if not isinstance(number, float) or math.isnan(number):
        raise ValueError(f"{name} must be one number; got {value!r}")
    return number


def _is_a_rule(what: str) -> str:
    return (
        f"{what}: a rule of counting is not a probability, and a mean over gross and net or "
        "over two time bases is nobody's energy; give one value here, and compare the others "
        "with repdose.multiverse"
    )


def refuse_rule(name: str) -> None:
    """Refuse a distribution over an input that is a rule of counting."""
    if name in RULES:
        raise ValueError(_is_a_rule(name))
