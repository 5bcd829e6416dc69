"""Shapes of a curve of log ratios: what columns a dose becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repdose.metaregression.formulas import KNOT_QUANTILES, spline_basis

Array = NDArray[Any]

# Powers of fractional polynomials; 0 is the logarithm :cite:`royston1994`.
POWERS = (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0)
FORMS = "linear, quadratic, rcs(3), rcs(4), rcs(5), fp(p), fp(p, q), piecewise(a, b), spike + ..."
# Columns whose smallest singular value is below this share of the largest are not told apart.
COLLINEAR = 1e-9
# Two doses hold a line and nothing more.
SPLINE_LEAST = 2


@dataclass(frozen=True, slots=True)
class Shape:
    """A curve's columns: their names, how a dose becomes them, and what was chosen on the way."""

    name: str
    terms: tuple[str, ...]
    columns: Callable[[Array], Array]
    knots: tuple[float, ...] = ()
    note: str = ""

    def at(self, dose: Array, reference: float | Array) -> Array:
        """Columns at each dose less those at the reference, shape (n, p)."""
        dose = np.atleast_1d(np.asarray(dose, dtype=float))
        return np.asarray(
            self.columns(dose) - self.columns(np.broadcast_to(reference, dose.shape).astype(float))
        )


def designs(shape: Shape, doses: Sequence[Array], references: Sequence[int]) -> list[Array]:
    """Columns of each study's doses less those of its reference, which is left out.

    The shape is asked once for all studies.
    """
    columns = shape.columns(np.concatenate(doses))
    ends = np.cumsum([len(dose) for dose in doses])[:-1]
    return [
        np.delete(own, reference, axis=0) - own[reference]
        for own, reference in zip(np.split(columns, ends), references, strict=True)
    ]


def _numbers(text: str) -> list[float]:
    return [float(part) for part in text.split(",") if part.strip()]


def shape_of(text: str, doses: Array, weights: Array | None, knots: Any) -> Shape:
    """The shape that `text` names, on the doses of all categories.

    Parameters
    ----------
    text : str
        ``linear``, ``quadratic``, ``rcs(k)`` (restricted cubic spline with k knots), ``fp(p)`` or
        ``fp(p, q)`` (fractional polynomial), ``piecewise(a, ...)`` (slopes that change at the
        doses named), each also as ``spike + ...`` (a step for any dose above zero).
    doses : ndarray, shape (n,)
        Doses of all categories, references too [unit of dose].
    weights : ndarray of shape (n,) or None
        Person-years or persons of each category, for ``knots="person-years"``.
    knots : {"quantiles", "person-years"} or sequence of float
        Where the knots of a spline stand: quantiles of the doses, quantiles weighted by
        `weights`, or given [unit of dose].

    Returns
    -------
    Shape
        Names of the columns and the function that makes them.

    Raises
    ------
    ValueError
        If the shape is not known, its knots are equal, or the doses cannot tell its columns apart.
    """
    if not isinstance(text, str):
        raise ValueError(f"shape must be text, one of {FORMS}; got {text!r}")
    spike, plain = "", text.strip()
    if match := re.fullmatch(r"spike\s*\+\s*(.+)", plain):
        spike, plain = "spike", match[1]
    match = re.fullmatch(r"([a-z]+)\s*(?:\(([^()]*)\))?", plain)
    kind, inner = (match[1], match[2] or "") if match else ("", "")
    if kind != "rcs" and not (isinstance(knots, str) and knots == "quantiles"):
        raise ValueError(f"shape {text!r} has no knots; got {knots!r}: leave them out, or take rcs")
    try:
        shape = _build(kind, _numbers(inner), doses, weights, knots)
    except ValueError as error:
        raise ValueError(f"shape {text!r}: {error}") from error
    if spike:
        shape = _with_spike(shape)
    _told_apart(text, shape, doses)
    return shape


def _build(kind: str, values: list[float], doses: Array, weights: Any, knots: Any) -> Shape:
    if kind == "linear" and not values:
        return Shape("linear", ("dose",), lambda x: x[:, None])
    if kind == "quadratic" and not values:
        return Shape("quadratic", ("dose", "dose²"), lambda x: np.column_stack([x, x**2]))
    if kind == "rcs" and len(values) == 1 and values[0] in KNOT_QUANTILES:
        return _spline(int(values[0]), doses, weights, knots)
    if kind == "fp" and len(values) in (1, 2) and set(values) <= set(POWERS):
        return _fractional(values, doses)
    if kind == "piecewise" and values and values == sorted(set(values)):
        names = ("dose", *(f"dose above {value:g}" for value in values))
        return Shape(
            f"piecewise at {', '.join(f'{value:g}' for value in values)}",
            names,
            lambda x: np.column_stack([x, *(np.maximum(x - value, 0) for value in values)]),
        )
    raise ValueError(f"not known; write one of {FORMS}; powers are {_listed(POWERS)}")


def _listed(values: Sequence[float] | Array) -> str:
    return ", ".join(f"{value:g}" for value in values)


def _spline(count: int, doses: Array, weights: Array | None, knots: Any) -> Shape:
    shares = KNOT_QUANTILES[count]
    by_people = isinstance(knots, str) and knots == "person-years"
    if isinstance(knots, str) and knots == "quantiles":
        chosen = np.quantile(doses, shares)
    elif by_people:
        if weights is None or not np.all(np.isfinite(weights)):
            raise ValueError('knots="person-years" needs n in every row; use knots="quantiles"')
        chosen = weighted_quantiles(doses, weights, shares)
    elif isinstance(knots, str):
        raise ValueError(f'knots must be "quantiles", "person-years" or doses; got {knots!r}')
    else:
        try:
            chosen = np.asarray(list(knots), dtype=float)
        except (TypeError, ValueError):
            raise ValueError(
                f'knots must be "quantiles", "person-years" or doses; got {knots!r}'
            ) from None
        if len(chosen) != count:
            raise ValueError(f"{count} knots are asked for and {len(chosen)} given")
    if not np.all(np.isfinite(chosen)) or np.any(np.diff(chosen) <= 0):
        distinct = np.unique(doses)
        few = len(distinct) <= count
        others = doses > distinct[0]
        between = (
            weighted_quantiles(doses[others], weights[others], shares)
            if by_people and weights is not None
            else np.quantile(distinct, shares)
        )
        proposal = (
            f"take {'linear or quadratic' if len(distinct) > SPLINE_LEAST else 'linear'}"
            if few
            else f"give them, as knots=[{_listed(between)}]"
            f"{f', those of all above {distinct[0]:g}' * by_people}"
        )
        raise ValueError(
            f"knots {_listed(chosen)} are not increasing; the doses are {_listed(distinct)}: "
            f"{proposal}"
        )
    names = ("dose", *(f"spline {number + 1}" for number in range(1, count - 1)))
    return Shape(
        f"restricted cubic spline, knots {_listed(chosen)}",
        names,
        lambda x: spline_basis(x, chosen.tolist()),
        tuple(chosen.tolist()),
    )


def weighted_quantiles(values: Array, weights: Array, shares: Sequence[float]) -> Array:
    """Quantiles of values that stand for `weights` people each, interpolated between them."""
    order = np.argsort(values, kind="stable")
    weight = weights[order]
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    return np.asarray(np.interp(shares, middle, values[order]))


def _fractional(powers: list[float], doses: Array) -> Shape:
    """A fractional polynomial; a repeated power is multiplied by the logarithm."""
    distinct = np.unique(doses)
    shift = float(np.diff(distinct).min()) if distinct[0] <= 0 and min(powers) <= 0 else 0.0

    def column(x: Array, power: float) -> Array:
        moved = x + shift
        return np.log(moved) if power == 0 else moved**power

    def columns(x: Array) -> Array:
        terms = [column(x, power) for power in powers]
        if len(set(powers)) < len(powers):
            terms[1] = terms[1] * np.log(np.where(x + shift > 0, x + shift, 1.0))
        return np.column_stack(terms)

    note = f"{shift:g} was added to the dose, since 0 has no logarithm" if shift else ""
    names = tuple("ln dose" if power == 0 else f"dose^{power:g}" for power in powers)
    if len(set(powers)) < len(powers):
        names = (names[0], f"{names[0]} ln dose")
    return Shape(f"fractional polynomial, powers {_listed(powers)}", names, columns, (), note)


def _with_spike(shape: Shape) -> Shape:
    return Shape(
        f"step above zero and {shape.name}",
        ("any dose", *shape.terms),
        lambda x: np.column_stack([(x > 0).astype(float), shape.columns(x)]),
        shape.knots,
        shape.note,
    )


def _told_apart(text: str, shape: Shape, doses: Array) -> None:
    distinct = np.unique(doses)
    design = shape.at(distinct, distinct[0])
    size = np.sqrt((design**2).mean(axis=0))
    rank = np.linalg.matrix_rank(design / np.where(size > 0, size, 1.0), tol=COLLINEAR)
    if rank < len(shape.terms):
        raise ValueError(
            f"shape {text!r} has {len(shape.terms)} coefficients and the doses "
            f"{_listed(distinct)} tell {rank} apart; take a simpler shape"
        )
