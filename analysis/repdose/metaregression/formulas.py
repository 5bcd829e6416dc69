"""The fixed part: a formula in, a design matrix out, and the same design for new doses."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.metaregression.data import Rows, plain
from repdose.metaregression.formula_text import composed, variables

if TYPE_CHECKING:
    from formulaic import ModelSpec

Array = NDArray[Any]

# Knots at these quantiles of the dose, by number of knots (Harrell 2015, table 2.3).
KNOT_QUANTILES: Mapping[int, tuple[float, ...]] = {
    3: (0.1, 0.5, 0.9),
    4: (0.05, 0.35, 0.65, 0.95),
    5: (0.05, 0.275, 0.5, 0.725, 0.95),
    6: (0.05, 0.23, 0.41, 0.59, 0.77, 0.95),
}
# A column is collinear when less than this share of it is left after regressing on the columns
# before it.
COLLINEAR = 1e-9


def spline_basis(x: Array, knots: Sequence[float]) -> Array:
    """Restricted cubic spline: x and one column per inner knot, linear beyond the outer knots.

    Parameters
    ----------
    x : array_like, shape (n,)
        Dose [its own unit].
    knots : sequence of float
        At least three increasing knots [unit of x].

    Returns
    -------
    ndarray, shape (n, len(knots) - 1)
        The dose itself, then the cubic terms divided by the squared distance of the outer knots
        [unit of x].

    Notes
    -----
    .. math:: s_j(x) = \\frac{(x-t_j)_+^3 - \\frac{(x-t_{K-1})_+^3 (t_K-t_j)
              - (x-t_K)_+^3 (t_{K-1}-t_j)}{t_K-t_{K-1}}}{(t_K-t_1)^2}

    *Valid for* any dose; beyond the outer knots the curve goes on as a straight line.

    References
    ----------
    :cite:`harrell2015`

    Examples
    --------
    >>> spline_basis(np.array([2.0, 10.0]), [5, 10, 20]).round(4).tolist()
    [[2.0, 0.0], [10.0, 0.5556]]
    """
    x = np.asarray(x, dtype=float)
    t = np.asarray(knots, dtype=float)

    def cube(at: float) -> Array:
        return np.asarray(np.maximum(x - at, 0) ** 3)

    last, before = t[-1], t[-2]
    columns = [x]
    for knot in t[:-2]:
        tail = cube(before) * (last - knot) - cube(last) * (before - knot)
        columns.append((cube(knot) - tail / (last - before)) / (last - t[0]) ** 2)
    return np.column_stack(columns)


def _knots(x: Array, knots: Any) -> list[float]:
    """The knots asked for: a list as given, a number of them by quantile."""
    if isinstance(knots, (int, np.integer)):
        if int(knots) not in KNOT_QUANTILES:
            raise ValueError(
                f"rcs(x, {knots}): the number of knots must be one of "
                f"{', '.join(map(str, KNOT_QUANTILES))}; give a list of knots for other choices"
            )
        chosen = [float(value) for value in np.quantile(x, KNOT_QUANTILES[int(knots)])]
        advice = "too many values are equal: give the knots, as rcs(x, [5, 10, 20])"
    else:
        chosen = [float(value) for value in knots]
        advice = "give at least three, increasing"
    if len(chosen) < 3 or not np.all(np.isfinite(chosen)) or np.any(np.diff(chosen) <= 0):
        raise ValueError(f"rcs: knots {[round(knot, 6) for knot in chosen]} will not do; {advice}")
    return chosen


def rcs(x: Any, knots: Any = 4, _state: Any = None) -> dict[str, Array]:
    """Restricted cubic spline for formulas; the fitted data's knots are kept for prediction."""
    values = np.asarray(x, dtype=float)
    if "knots" not in _state:
        _state["knots"] = _knots(values, knots)
    basis = spline_basis(values, _state["knots"])
    return {f"s{i}": basis[:, i] for i in range(basis.shape[1])}


def _positive(name: str, above: float, function: Any) -> Any:
    """`function` of a column, refusing the values for which it is not defined."""

    def transform(x: Any) -> Any:
        wrong = (
            np.asarray(x, dtype=float) < above if name == "sqrt" else np.asarray(x, float) <= above
        )
        if wrong.any():
            value = np.asarray(x, dtype=float)[wrong][0]
            hint = "; log1p takes a dose of zero" if name == "log" else ""
            bound = "at least" if name == "sqrt" else "above"
            raise ValueError(f"{name} needs values {bound} {above:g}; got {value:g}{hint}")
        return function(x)

    return transform


def _emax_alone(x: Any) -> Any:
    """The dose of an Emax term; the fit replaces it by dose / (ED50 + dose)."""
    return x


@cache
def _context() -> Mapping[str, Any]:
    """Functions that a formula may use. Formulaic takes longer to load than to fit with."""
    from formulaic.transforms import stateful_transform

    return {
        "rcs": stateful_transform(rcs),
        "sqrt": _positive("sqrt", 0.0, np.sqrt),
        "log": _positive("log", 0.0, np.log),
        "log1p": _positive("log1p", -1.0, np.log1p),
        "emax": _emax_alone,
    }


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """A fitted formula: its text, its terms, and how to evaluate it on new data."""

    formula: str
    terms: tuple[str, ...]
    variables: tuple[str, ...]
    spec: ModelSpec
    emax: int | None  # position of an Emax term
    categories: Mapping[str, tuple[Any, ...]]  # of each variable that is no number, in order

    @property
    def knots(self) -> dict[str, list[float]]:
        """Knots of each spline term [unit of its dose]."""
        return {
            term: list(state["knots"])
            for term, state in self.spec.transform_state.items()
            if "knots" in state
        }

    def matrix(self, data: pd.DataFrame) -> Array:
        """The design at new rows, with the knots, categories and centres of the fit."""
        known = [self._known(name, data[name]) for name in self.variables]
        if self.categories:
            matrix = _at(self, known, len(data))
        else:
            numbers = tuple((values.dtype.str, values.tobytes()) for values in known)
            matrix = _at_numbers(self, numbers, len(data)).copy()
        check_finite(self.terms, matrix, Rows(data.index))
        return matrix

    def _known(self, name: str, values: pd.Series) -> Any:
        """New values of one variable, as the kind that the fit has seen."""
        if name not in self.categories:
            if values.dtype.kind not in "iufb":
                raise ValueError(
                    f"moderator {name!r} is a number in the fit; got {plain(values.iloc[0])!r}"
                )
            return values.to_numpy()
        categories = list(self.categories[name])
        unknown = [plain(value) for value in values if value not in categories]
        if unknown:
            raise ValueError(
                f"moderator {name!r} has no category {unknown[0]!r} in the fit; it has "
                f"{', '.join(str(plain(value)) for value in categories)}"
            )
        return pd.Categorical(values, categories=categories)


def _at(design: Design, values: Sequence[Any], rows: int) -> Array:
    """A design at new values of its variables, in their order."""
    names = [composed(name) for name in design.variables]
    table = pd.DataFrame(dict(zip(names, values, strict=True)), index=range(rows))
    return np.array(_evaluate(design.spec.get_model_matrix, table, design.formula), dtype=float)


@lru_cache(maxsize=100)
def _at_numbers(design: Design, values: tuple[tuple[str, bytes], ...], rows: int) -> Array:
    """The same for numbers, as their types and bytes: fits that share a design are read at the same
    few doses, which takes formulaic longer than all the rest of an answer."""
    return _at(design, [np.frombuffer(raw, dtype=kind) for kind, raw in values], rows)


def _evaluate(build: Any, data: pd.DataFrame, formula: str) -> Any:
    """A model matrix with a row a row, with formulaic's errors as sentences of ours."""
    from formulaic.errors import DataMismatchWarning, FormulaicError

    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            matrix = build(data, context=_context(), output="numpy", na_action="ignore")
    except FormulaicError as error:
        raise ValueError(f"formula {formula!r}: {_reason(error)}") from error
    except ValueError as error:
        if "same shape" not in str(error):
            raise
        raise ValueError(
            f"formula {formula!r}: a function in it does not give one value for each of the "
            f"{len(data)} rows; use functions that work row by row"
        ) from error
    for warning in caught:  # a category that the fit has not seen would become a row of zeros
        if issubclass(warning.category, DataMismatchWarning):
            raise ValueError(f"formula {formula!r}: {warning.message}")
    if len(matrix) != len(data):
        raise ValueError(f"formula {formula!r} gives {len(matrix)} rows for {len(data)} of data")
    return matrix


def _reason(error: BaseException) -> str:
    """Formulaic's own words, or those of the error that stopped it."""
    inner = error.__cause__ or error.__context__
    return str(inner if inner is not None else error).strip("'\"")


@lru_cache(maxsize=100)
def _parsed(formula: str) -> Any:
    """Formulaic's reading of a formula; sweeps fit the same few again and again."""
    from formulaic import Formula
    from formulaic.errors import FormulaicError

    try:
        return Formula(formula)
    except FormulaicError as error:
        reason = str(error).splitlines()[0]
        raise ValueError(f"formula {formula!r} cannot be read: {reason}") from error


def design(formula: str, data: pd.DataFrame) -> tuple[Design, Array]:
    """Parse a formula and evaluate it on checked data.

    Parameters
    ----------
    formula : str
        One-sided, as ``~ weekly_sets``. `sqrt`, `log`, `log1p`, `rcs(x, knots)`, `emax(x)`,
        `I(x**2)` and formulaic's own transforms may be used.
    data : DataFrame
        Columns that the formula names, without missing values.

    Returns
    -------
    Design, ndarray of shape (k, p)
        The stored formula and its design matrix.

    Raises
    ------
    ValueError
        If the formula names what is not there, or a transform is not defined for a value.
    """
    written, used = variables(formula, list(map(str, data.columns)))
    readable = data.set_axis([composed(name) for name in data.columns], axis=1)
    evaluated = _evaluate(_parsed(written).get_model_matrix, readable, formula)
    spec = evaluated.model_spec
    terms = tuple(str(name) for name in spec.column_names)
    emax = [i for i, term in enumerate(terms) if "emax(" in term]
    if len(emax) > 1 or any(":" in terms[i] for i in emax):
        raise ValueError(f"formula {formula!r}: one emax term, without interactions, can be fitted")
    matrix = np.array(evaluated, dtype=float)
    if matrix.ndim != 2 or not matrix.shape[1]:
        raise ValueError(f"formula {formula!r} has no terms; '~ 1' asks for the mean effect")
    categories = {
        name: tuple(pd.Categorical(data[name]).categories)
        for name in used
        if data[name].dtype.kind not in "iufb"
    }
    built = Design(formula, terms, tuple(used), spec, emax[0] if emax else None, categories)
    return built, matrix


def check_finite(terms: Sequence[str], matrix: Array, rows: Rows) -> None:
    """Refuse rows for which a term has no finite value, by row."""
    for i, term in enumerate(terms):
        wrong = ~np.isfinite(matrix[:, i])
        if wrong.any():
            raise ValueError(
                f"term {term!r} has no finite value {rows.where(wrong)}; transform or drop them"
            )


def check_rank(terms: Sequence[str], matrix: Array, rows: Rows) -> None:
    """Refuse a design whose coefficients the data cannot tell apart, naming the column."""
    check_finite(terms, matrix, rows)
    constant = [
        i for i in range(len(terms)) if np.ptp(matrix[:, i]) == 0 and terms[i] != "Intercept"
    ]
    if constant:
        i = constant[0]
        raise ValueError(
            f"moderator {terms[i]!r} is constant ({matrix[0, i]:g} in all {len(matrix)} rows), "
            "so it has no slope; remove it from the formula"
        )
    centred = matrix - matrix.mean(axis=0) if "Intercept" in terms else matrix.copy()
    basis: list[Array] = []
    kept: list[str] = []
    for i, term in enumerate(terms):
        if term == "Intercept":
            continue
        column = centred[:, i] / np.linalg.norm(centred[:, i])
        for _ in range(2):  # a second pass removes what rounding left of the first
            for direction in basis:
                column = column - (direction @ column) * direction
        size = float(np.linalg.norm(column))
        if size < COLLINEAR:
            raise ValueError(
                f"moderator {term!r} is collinear with {', '.join(kept)}: their coefficients "
                "cannot be told apart; remove one of them"
            )
        basis.append(column / size)
        kept.append(term)
