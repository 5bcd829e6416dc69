"""What is assumed about one input: a distribution with its reason, source and parent."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

import evidence as ev
from analysis.arguments import BODY_MASS_KG, Range, checked, choice
from analysis.energy import CONVENTIONS, TIME_BASES
from evidence.exercises import met_analogies
from evidence.findings import Finding

Array = NDArray[np.float64]
FINITE = Range(-1e12, 1e12, "")  # only infinities and NaN are kept out
SPREAD = Range(0, 1e12, "", above=True)
# A 95 % interval of a normal distribution reaches this many SD to either side.
REACH_95 = float(ndtri(0.975))
# How much longer one side of an interval may be before a normal distribution misstates it;
# below it the difference can come from rounding in print.
LOPSIDED = 0.25
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
_INTERVAL_KINDS = {"95% CI": "confidence", "95% CrI": "credible"}
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
        """Shape and kind, as in ``triangular 2.8, 2.8, 8 (an assumption)``."""
        return f"{self.shape} ({WORDS[self.kind]})"


def normal(
    mean: float, sd: float, *, kind: str, reason: str, source: str = "", parent: str = ""
) -> Distribution:
    """Normal distribution with a mean and an SD above zero.

    Raises
    ------
    ValueError
        If `sd` is zero or negative, or a number is not finite.

    Examples
    --------
    >>> mass = normal(75, 1.5, kind="measurement", reason="scale read once")
    >>> mass.quantile(np.array([0.5])).tolist()
    [75.0]
    """
    centre, spread = _one("mean", mean, FINITE), _one("sd", sd, SPREAD)
    return Distribution(
        shape=f"normal, mean {centre:g}, SD {spread:g}",
        kind=kind,
        reason=reason,
        source=source,
        parent=parent,
        quantile=lambda u: centre + spread * ndtri(u),
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
    lower, upper = _one("low", low, FINITE), _one("high", high, FINITE)
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
        _one(name, value, FINITE)
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
            _one("values", value, FINITE)
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


def interval(id: str) -> Distribution:
    """Normal distribution from the 95 % interval of a finding, its kind kept.

    Parameters
    ----------
    id : str
        As in ``pelland2026.hypertrophy_percent_per_weekly_set``.

    Raises
    ------
    UnknownRecordError
        If there is no such finding.
    ValueError
        If it has no 95 % interval, or one so lopsided that a normal distribution misstates it.

    Notes
    -----
    Mean: the estimate. SD: the interval's width over 2 x 1.96. *Valid for:* estimates whose
    sampling distribution is about normal. *Not valid for:* the range between people or
    studies, which is wider.

    Examples
    --------
    >>> slope = interval("pelland2026.hypertrophy_percent_per_weekly_set")
    >>> slope.kind, slope.parent
    ('credible', 'pelland2026.hypertrophy_percent_per_weekly_set')
    """
    found = ev.finding(id)
    kind = _INTERVAL_KINDS.get(found.interval)
    if kind is None or found.value is None or found.low is None or found.high is None:
        stated = f"a {found.interval}" if found.interval else "no interval"
        raise ValueError(
            f"finding {id!r} states {stated}, and a normal distribution needs a value with a "
            "95 % interval; use `between_people` for an SD, or `uniform` with a reason for ends"
        )
    return _from_interval(found, kind, found.value, found.low, found.high)


def _from_interval(
    found: Finding, kind: str, value: float, low: float, high: float
) -> Distribution:
    below, above = value - low, high - value
    if max(below, above) > (1 + LOPSIDED) * min(below, above):
        raise ValueError(
            f"finding {found.id!r}: the interval reaches {below:g} below and {above:g} above "
            f"{value:g}, which is no normal distribution; use `three_point` with a reason"
        )
    return normal(
        value,
        (high - low) / (2 * REACH_95),
        kind=kind,
        reason=f"{found.interval} of {found.quantity}",
        source=found.source,
        parent=found.id,
    )


def between_people(id: str) -> Distribution:
    """Normal distribution from the mean and SD of a finding: where one person may lie.

    Parameters
    ----------
    id : str
        As in ``byrne2005.resting_oxygen_uptake``.

    Raises
    ------
    UnknownRecordError
        If there is no such finding.
    ValueError
        If it has no SD.

    Examples
    --------
    >>> between_people("byrne2005.resting_oxygen_uptake").shape
    'normal, mean 2.6, SD 0.4'
    """
    found = ev.finding(id)
    if found.value is None or found.sd is None:
        raise ValueError(
            f"finding {id!r} has no mean with an SD; use `interval` for an estimate with a "
            "95 % interval"
        )
    return normal(
        found.value,
        found.sd,
        kind="between people",
        reason=f"mean and SD of {found.quantity}",
        source=found.source,
        parent=found.id,
    )


def analogy(variant: str, *, edition: int | str, shape: str = "triangular") -> Distribution:
    """Low, central and high MET row that stand in for a variant.

    Variants whose low and high rows are the same have one parent and get the same draw:
    whatever puts a leg raise near the high row does so for all of them, and errors that are
    one error do not cancel.

    Parameters
    ----------
    variant : str
        Leg-raise variant.
    edition : {"2011", "2024"}
        Adult edition of the Compendium.
    shape : {"triangular", "pert"}
        See :func:`three_point`.

    Raises
    ------
    UnknownRecordError, EvidenceError
        If there is no such variant, or no analogies for the edition.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> analogy("lying_straight_leg", edition=2011).words
    'triangular, 2.8, 2.8, 8 (an assumption)'
    """
    rows = met_analogies(variant, edition=edition)
    low, central, high = rows["low"].met, rows["central"].met, rows["high"].met
    return three_point(
        low.met,
        central.met,
        high.met,
        shape=shape,
        reason=f"MET rows {low.code}, {central.code}, {high.code} of {edition} as analogies",
        source=central.source,
        parent=f"MET rows {edition}: {low.code} to {high.code}",
    )


def body_mass(body_mass_kg: float, *, sd_kg: float) -> Distribution:
    """Body mass with the SD of its error, which the caller states.

    Examples
    --------
    >>> body_mass(75, sd_kg=1).words
    'normal, mean 75, SD 1 (stated error of measurement)'
    """
    return normal(
        _one("body_mass_kg", body_mass_kg, BODY_MASS_KG),
        _one("sd_kg", sd_kg, Range(0, BODY_MASS_KG.high, "kg", above=True)),
        kind="measurement",
        reason="body mass and SD of its error as stated",
    )


def segment_tables() -> Distribution:
    """One of the segment tables whose end points agree with their lengths, each as likely.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`

    Examples
    --------
    >>> segment_tables().labels
    ('deleva1996', 'winter2009')
    """
    return one_of(
        "deleva1996",
        "winter2009",
        reason="standard segment tables that cut the thigh at different places",
        source="winter2009",
        parent="segment table",
    )


def _one(name: str, value: Any, allowed: Range) -> float:
    number = checked(name, value, allowed)
    if not isinstance(number, float) or math.isnan(number):
        raise ValueError(f"{name} must be one number; got {value!r}")
    return number


def _is_a_rule(what: str) -> str:
    return (
        f"{what}: a rule of counting is not a probability, and a mean over gross and net or "
        "over two time bases is nobody's energy; give one value here, and compare the others "
        "with analysis.multiverse"
    )


def refuse_rule(name: str) -> None:
    """Refuse a distribution over an input that is a rule of counting."""
    if name in RULES:
        raise ValueError(_is_a_rule(name))
