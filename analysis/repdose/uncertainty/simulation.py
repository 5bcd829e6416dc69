"""Monte Carlo through any function of `analysis`: the same function, arrays in."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from repdose.arguments import Range, checked
from repdose.uncertainty.distributions import Array, Distribution, refuse_rule

if TYPE_CHECKING:
    import pandas as pd

Model = Callable[..., Any]
Inputs = Mapping[str, Any]
Correlations = Mapping[tuple[str, str], float]
DRAWS = Range(2, 10**8, "draws")
SEED = Range(0, 2**63, "")
CORRELATION = Range(-1, 1, "")
# The middle, and the ends that hold 95 % of the draws between them.
LOW, MIDDLE, HIGH = 0.025, 0.5, 0.975


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulation:
    """Draws of an outcome and of the inputs behind them.

    Parameters
    ----------
    outcome : ndarray, shape (draws,)
        In the unit of the function.
    inputs : mapping of str to ndarray
        What was drawn, by input.
    assumed : mapping of str to Distribution
        What it was drawn from.
    seed : int
        Seed of all draws.
    """

    outcome: Array
    inputs: Mapping[str, NDArray[Any]] = field(repr=False)
    assumed: Mapping[str, Distribution] = field(repr=False)
    seed: int

    def quantiles(self, probabilities: Sequence[float] = (LOW, MIDDLE, HIGH)) -> pd.Series:
        """Quantiles of the outcome, by probability [unit of the function]."""
        import pandas as pd

        at = np.atleast_1d(checked("probabilities", list(probabilities), Range(0, 1, "")))
        return pd.Series(np.quantile(self.outcome, at), index=pd.Index(at, name="probability"))

    @property
    def middle(self) -> float:
        """Median of the draws [unit of the function]."""
        return float(np.quantile(self.outcome, MIDDLE))

    @property
    def range(self) -> tuple[float, float]:
        """The ends that hold 95 % of the draws between them [unit of the function]."""
        low, high = np.quantile(self.outcome, [LOW, HIGH])
        return float(low), float(high)

    @property
    def sources(self) -> tuple[str, ...]:
        """Bibliography keys of the distributions, in alphabetical order."""
        return tuple(sorted({one.source for one in self.assumed.values() if one.source}))

    @property
    def assumed_words(self) -> str:
        """What each input was drawn from, and what kind of spread that is."""
        return "; ".join(f"{name} {one.words}" for name, one in self.assumed.items())

    def summary(self, unit: str = "", *, digits: int = 1) -> str:
        """Plain words: the median, 95 % of the draws, and what kind of range that is.

        Examples
        --------
        >>> from repdose.uncertainty import body_mass
        >>> simulation = simulate(lambda body_mass_kg: body_mass_kg,
        ...                 {"body_mass_kg": body_mass(75, sd_kg=1)}, draws=1000, seed=1)
        >>> print(simulation.summary("kg"))
        Median 75.0 kg, 95 % of 1000 draws from 73.0 to 77.1 kg. The range is a simulation over \
stated assumptions, no confidence interval: body_mass_kg normal, mean 75, SD 1 (stated error of \
measurement). Seed 1.
        """
        low, high = self.range
        ends = f"{self.middle:.{digits}f} {unit}".strip()
        return (
            f"Median {ends}, 95 % of {len(self.outcome)} draws from {low:.{digits}f} to "
            f"{f'{high:.{digits}f} {unit}'.strip()}. The range is a simulation over stated "
            f"assumptions, no confidence interval: {self.assumed_words}. Seed {self.seed}."
        )


def simulate(
    function: Model,
    inputs: Inputs,
    *,
    draws: int = 10_000,
    seed: int,
    correlations: Correlations | None = None,
) -> Simulation:
    r"""Draw the inputs, call the function with arrays, and keep what it returns.

    Parameters
    ----------
    function : callable
        Any function of `analysis` that takes arrays; called by keyword. Inputs that are
        words (a segment table) are split, and the function is called once for each word.
    inputs : mapping of str to Distribution or fixed value
        By argument; what is no Distribution is passed on as it is.
    draws : int
        Number of draws.
    seed : int
        Same seed, same draws, and an input's draws do not depend on the other inputs.
    correlations : mapping of pairs of inputs to float, optional
        Correlation of two inputs' normal scores (Gaussian copula), -1 to 1.

    Returns
    -------
    Simulation

    Raises
    ------
    ValueError
        If an input is a rule of counting, no input is a Distribution, correlations are
        impossible, or the function does not return one finite number a draw.

    Notes
    -----
    Inputs with one parent share one uniform draw :math:`u`, each taking its own quantile at
    :math:`u`. *Valid for:* what follows from the stated distributions. *Not valid for:* a
    confidence interval; a spread that is assumed stays assumed after 10^6 draws.

    Examples
    --------
    >>> from repdose import energy
    >>> from repdose.uncertainty import analogy, body_mass
    >>> simulation = simulate(energy.gross_energy_kcal, {
    ...     "met": analogy("lying_straight_leg", edition=2011),
    ...     "body_mass_kg": body_mass(75, sd_kg=1), "duration_min": 10}, seed=1)
    >>> 40 < simulation.middle < 60
    True
    """
    uncertain = uncertain_inputs(inputs)
    count, start = int(whole("draws", draws, DRAWS)), int(whole("seed", seed, SEED))
    uniforms = {stream: _uniform(stream, start, count) for stream in streams(uncertain)}
    if correlations:
        uniforms |= _correlated(uniforms, uncertain, correlations)
    drawn = {name: one.quantile(uniforms[one.parent or name]) for name, one in uncertain.items()}
    fixed = {name: value for name, value in inputs.items() if name not in uncertain}
    outcome = through(function, drawn, uncertain, fixed, count)
    return Simulation(outcome=outcome, inputs=drawn, assumed=uncertain, seed=start)


def uncertain_inputs(inputs: Inputs) -> dict[str, Distribution]:
    """The inputs that are distributions, none of them a rule of counting."""
    uncertain = {name: one for name, one in inputs.items() if isinstance(one, Distribution)}
    if not uncertain:
        raise ValueError(
            "inputs has no Distribution, so that there is nothing to draw; make one with "
            "interval, analogy, three_point, body_mass ..."
        )
    for name in uncertain:
        refuse_rule(name)
    return uncertain


def streams(uncertain: Mapping[str, Distribution]) -> list[str]:
    """What is drawn independently: each parent once, and each input without a parent."""
    return list(dict.fromkeys(one.parent or name for name, one in uncertain.items()))


def _uniform(stream: str, seed: int, count: int) -> Array:
    """Uniform draws of a stream, from the seed and its name alone."""
    words = np.frombuffer(hashlib.sha256(stream.encode()).digest(), dtype="<u4")
    sequence = np.random.SeedSequence(seed, spawn_key=[int(word) for word in words])
    random = np.random.Generator(np.random.PCG64(sequence)).random(count)
    # random() can return 0, whose normal quantile is infinite; the middle of the finest step
    return np.maximum(random, np.finfo(np.float64).eps / 2)


def _correlated(
    uniforms: Mapping[str, Array],
    uncertain: Mapping[str, Distribution],
    correlations: Correlations,
) -> dict[str, Array]:
    """Uniform draws with the given correlations of their normal scores."""
    pairs: dict[tuple[str, str], float] = {}
    for (first, second), value in correlations.items():
        for name in (first, second):
            if name not in uncertain:
                raise ValueError(
                    f"correlations names {name!r}, which is no uncertain input; these are "
                    f"{', '.join(uncertain)}"
                )
        one, other = (uncertain[name].parent or name for name in (first, second))
        if one == other:
            raise ValueError(
                f"correlations: {first!r} and {second!r} share a draw already ({one!r})"
            )
        if (one, other) in pairs or (other, one) in pairs:
            raise ValueError(f"correlations: {first!r} and {second!r} are given twice")
        pairs[one, other] = float(checked(f"correlation of {first}, {second}", value, CORRELATION))
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    matrix = np.eye(len(names))
    for (one, other), value in pairs.items():
        i, j = names.index(one), names.index(other)
        matrix[i, j] = matrix[j, i] = value
    values, vectors = np.linalg.eigh(matrix)
    if values[0] < -len(names) * np.finfo(np.float64).eps:
        raise ValueError(
            f"correlations of {', '.join(names)} cannot hold together: the least eigenvalue of "
            f"their matrix is {values[0]:.3g}, below zero; bring some nearer to 0"
        )
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    scores = root @ np.stack([ndtri(uniforms[name]) for name in names])
    return dict(zip(names, ndtr(scores), strict=True))


def through(
    function: Model,
    drawn: Mapping[str, NDArray[Any]],
    uncertain: Mapping[str, Distribution],
    fixed: Inputs,
    count: int,
) -> Array:
    """The function at every draw: one call, or one for each combination of drawn words."""
    words = [name for name, one in uncertain.items() if one.labels]
    if not words:
        return _checked_outcome(_called(function, drawn, fixed), count)
    outcome = np.empty(count)
    for labels in product(*(uncertain[name].labels for name in words)):
        chosen = np.ones(count, dtype=bool)
        for name, label in zip(words, labels, strict=True):
            chosen &= drawn[name] == label
        if not chosen.any():
            continue
        part = {name: values[chosen] for name, values in drawn.items() if name not in words}
        part_fixed = {**fixed, **dict(zip(words, labels, strict=True))}
        got = _called(function, part, part_fixed)
        # With nothing but words left the function returns one number for all of its draws
        outcome[chosen] = (
            np.full(int(chosen.sum()), got)
            if not part and np.ndim(got) == 0
            else _checked_outcome(got, int(chosen.sum()))
        )
    return _checked_outcome(outcome, count)


def _called(function: Model, drawn: Mapping[str, NDArray[Any]], fixed: Inputs) -> Any:
    try:
        return function(**drawn, **fixed)
    except ValueError as error:
        error.add_note(
            "A draw may lie outside what the function allows: narrow the distribution of the "
            "argument it names."
        )
        raise


def _checked_outcome(outcome: Any, count: int) -> Array:
    values = np.asarray(outcome, dtype=np.float64)
    if values.shape != (count,):
        raise ValueError(
            f"function must return one number a draw, shape ({count},); got shape {values.shape}"
        )
    if not np.isfinite(values).all():
        bad = int(np.argmin(np.isfinite(values)))
        raise ValueError(f"function returned {values[bad]} at draw {bad}; outcomes must be finite")
    return values


def whole(name: str, value: Any, allowed: Range) -> float:
    """`value` if it is a whole number within `allowed`, or a ValueError that says so."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise ValueError(f"{name} must be a whole number, {allowed}; got {value!r}")
    return float(checked(name, int(value), allowed))
