"""A table of effects checked once, whatever models are then fitted to it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.arguments import choice
from repdose.metaregression import data as table
from repdose.metaregression.formula_text import variables
from repdose.metaregression.formulas import Design, design
from repdose.metaregression.groupings import groupings, level_names, taken_within
from repdose.metaregression.problem import Problem
from repdose.metaregression.sampling import Sampling, read

Array = NDArray[Any]
T = TypeVar("T")

MISSING = ("refuse", "drop")


@dataclass(frozen=True, eq=False)
class Prepared:
    """The rows that are fitted, all but the moderators as checked arrays.

    `within` maps a level whose labels restart to the level they were taken within; `dropped` says
    which rows were left out; `made` is what was made of their groups and moderators alone.
    """

    data: pd.DataFrame
    dropped: table.Dropped
    names: tuple[str, ...]
    rows: table.Rows
    labels: Array
    y: Array
    v: Array
    codes: Array
    within: dict[str, str]
    rho: float
    rho_codes: Array | None
    sampling: Sampling | None
    made: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """What `make` makes of groups and moderators, made once whatever effects are fitted."""
        if name not in self.made:
            self.made[name] = make()
        found: T = self.made[name]
        return found

    def design(self, formula: str) -> tuple[Design, Array]:
        """A formula of these rows, and its columns."""

        def make() -> tuple[Design, Array]:
            used = variables(formula, [str(column) for column in self.data.columns])[1]
            return design(formula, table.moderators(self.data, used, self.rows))

        return self.once(formula, make)

    def problem(self, x: Array, slopes: Mapping[str, Array]) -> Problem:
        """What is fitted, with this design."""
        return Problem(
            *(self.y, self.v, x, self.names, self.codes),
            *(dict(slopes), self.rho, self.rho_codes, self.sampling),
        )

    def assign(self, **columns: Any) -> Prepared:
        """The same rows with more columns."""
        return replace(self, data=self.data.assign(**columns), made={})

    def with_effects(
        self,
        data: pd.DataFrame,
        *,
        rho: float = 0.0,
        rho_within: str | None = None,
        V: Any = None,
    ) -> Prepared:
        """The same rows, groups and moderators with other effects and sampling errors.

        `data` holds them as ``yi`` and ``vi``; they are checked as :func:`prepare` checks them.
        """
        if not data.index.equals(self.data.index):
            raise ValueError("data has other rows than those that were prepared: prepare it")
        y, v = _effects(data, self.rows, "yi", "vi")
        sampling = None
        if V is not None:
            every = np.ones(len(data), dtype=bool)
            v, sampling = _given(V, data, every, "vi", self.names, rho)
        correlation, sampled = _sampling(data, rho, rho_within, self.codes)
        errors: dict[str, Any] = {"rho": correlation, "rho_codes": sampled, "sampling": sampling}
        return replace(self, data=data, y=y, v=v, **errors)


def prepare(
    data: pd.DataFrame,
    *,
    effect: str = "yi",
    variance: str | None = "vi",
    formulas: Sequence[str] = (),
    levels: Sequence[str],
    rho: float = 0.0,
    rho_within: str | None = None,
    V: Any = None,
    missing: str = "refuse",
) -> Prepared:
    """Check a table for fits of `formulas`; all as :func:`repdose.metaregression.fit` takes it."""
    if not isinstance(data, pd.DataFrame):
        raise ValueError(
            f"data must be a DataFrame with one row per effect; got {type(data).__name__}"
        )
    if not len(data):
        raise ValueError("data has no rows")
    choice("missing", missing, MISSING)
    names = level_names(data, levels)
    used = _columns(data, effect, variance, formulas, rho_within, names)
    whole = data
    kept, dropped = table.complete(whole, used, names[0], missing)
    data = whole[kept] if dropped.rows else whole
    rows = table.Rows(data.index, data[names[0]])
    y, v = _effects(data, rows, effect, variance)
    sampling = None
    if V is not None or variance is None:
        v, sampling = _given(V, whole, kept, variance, names, rho)
    codes, within = groupings(data, names)
    correlation, sampled = _sampling(data, rho, rho_within, codes)
    return Prepared(
        data=data,
        dropped=dropped,
        names=tuple(names),
        rows=rows,
        labels=np.asarray(pd.unique(data[names[0]])),
        y=y,
        v=v,
        codes=codes,
        within=within,
        rho=correlation,
        rho_codes=sampled,
        sampling=sampling,
    )


def _effects(
    data: pd.DataFrame, rows: table.Rows, effect: str, variance: str | None
) -> tuple[Array, Array]:
    """Effects and their variances, if a column has them."""
    y = table.numbers(data, effect, "effect", rows)
    if variance is None:
        return y, np.empty(0)
    v = table.numbers(data, variance, "variance", rows)
    advice = "a sampling variance is above zero; correct or drop those rows"
    table.refuse(variance, "is not positive", v <= 0, data[variance], advice, rows)
    return y, v


def _columns(
    data: pd.DataFrame,
    effect: str,
    variance: str | None,
    formulas: Sequence[str],
    rho_within: str | None,
    levels: Sequence[str],
) -> list[str]:
    """Every column that a fit reads, each of which must be there."""
    every = [str(column) for column in data.columns]
    named = [(effect, "effect")] + ([] if variance is None else [(variance, "variance")])
    for text in formulas:
        named += [(name, "formula") for name in variables(text, every)[1]]
    if rho_within is not None:
        named.append((rho_within, "rho_within"))
    return [str(table.column(data, *pair).name) for pair in named] + list(levels)


def _given(
    covariance: Any,
    whole: pd.DataFrame,
    kept: Array,
    variance: str | None,
    names: Sequence[str],
    rho: Any,
) -> tuple[Array, Sampling | None]:
    """Variances and correlated errors of the rows kept, from a V of all rows."""
    if covariance is None:
        raise ValueError("variance=None takes the variances from V, and there is none")
    if rho:
        raise ValueError(f"V holds all sampling errors, so rho={rho:g} has no place beside it")
    given = None
    if variance is not None:
        given = pd.to_numeric(whole[variance], errors="coerce").to_numpy(dtype=float)
    return read(covariance, whole, names, given, kept)


def _sampling(
    data: pd.DataFrame, rho: Any, within: str | None, codes: Array
) -> tuple[float, Array | None]:
    """Checked correlation of sampling errors and the groups it holds in."""
    if isinstance(rho, bool) or not isinstance(rho, (int, float, np.number)) or not 0 <= rho < 1:
        raise ValueError(
            f"rho must be a correlation of at least 0 and below 1; got {table.plain(rho)!r}"
        )
    if within is None:
        return float(rho), codes[:, 0] if rho else None
    if not rho:
        table.column(data, within, "rho_within")
        return 0.0, None
    return float(rho), taken_within(data, within, codes[:, 0], "rho_within")[0]
