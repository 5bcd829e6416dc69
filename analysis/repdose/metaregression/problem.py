"""What a fit is asked to explain, as arrays: effects, variances, design, tree of groupings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from repdose.metaregression.blocks import Blocks, Level
from repdose.metaregression.sampling import Sampling

Array = NDArray[Any]

# Sampling groups that cross a level cost a column each, and work and memory grow with its square.
MOST_CROSSED = 30


@dataclass(frozen=True, slots=True)
class Problem:
    """Checked arrays of one fit, rows in the order of the data.

    `codes` has one column per level, outermost first, each nested in the one before. `slopes`
    maps a level to the values whose coefficient varies over its groups. Sampling errors correlate
    by `rho` within the groups of `rho_codes`, or as the blocks of `sampling` say.
    """

    y: Array
    v: Array
    x: Array
    levels: tuple[str, ...]
    codes: Array
    slopes: dict[str, Array] = field(default_factory=dict)
    rho: float = 0.0
    rho_codes: Array | None = None
    sampling: Sampling | None = None

    def take(self, rows: Array, copy: Array | None = None) -> Problem:
        """The same problem on some whole outermost groups.

        `copy` numbers the groups drawn, where one may be drawn more than once; each is then a
        group of its own.
        """
        chosen, rho_codes, sampling = self.codes[rows], self.rho_codes, self.sampling
        if rho_codes is not None:
            rho_codes = rho_codes[rows]
        if sampling is not None:
            sampling = sampling.take(rows)
        if copy is not None:
            chosen = np.column_stack([apart(copy, column) for column in chosen.T])
            chosen[:, 0] = copy
            if rho_codes is not None:
                rho_codes = apart(copy, rho_codes)
            if sampling is not None:
                sampling = replace(sampling, codes=apart(copy, sampling.codes))
        return replace(
            self,
            y=self.y[rows],
            v=self.v[rows],
            x=self.x[rows],
            codes=chosen,
            slopes={level: values[rows] for level, values in self.slopes.items()},
            rho_codes=rho_codes,
            sampling=sampling,
        )

    def same_data(self, other: Problem) -> bool:
        """Whether both explain the same effects, with the same sampling errors."""
        if not (np.array_equal(self.y, other.y) and np.array_equal(self.v, other.v)):
            return False
        if self.rho != other.rho or (self.sampling is None) != (other.sampling is None):
            return False
        if self.rho_codes is not None and other.rho_codes is not None:
            pairs = np.column_stack([self.rho_codes, other.rho_codes])
            if not len(np.unique(pairs, axis=0)) == distinct(pairs[:, 0]) == distinct(pairs[:, 1]):
                return False
        return self.sampling is None or (
            other.sampling is not None and self.sampling.same(other.sampling)
        )

    @property
    def groups(self) -> dict[str, int]:
        """Number of groups at each level, outermost first."""
        return {name: distinct(self.codes[:, i]) for i, name in enumerate(self.levels)}


def apart(outer: Array, inner: Array) -> Array:
    """Codes of the inner groups, told apart by the outer group they lie in."""
    both = outer * (int(inner.max()) + 1) + inner
    return np.asarray(np.unique(both, return_inverse=True)[1])


def distinct(codes: Array) -> int:
    """How many different codes there are."""
    return len(np.unique(codes))


def starts_of(codes: Array) -> Array:
    """First row of each run of equal codes."""
    return np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))


@dataclass(frozen=True, slots=True)
class Effects:
    """Random effects of one level: how their factor L (G = LL') depends on the parameters.

    `basis` turns the standardised effects into those of the data's own columns: G_data = basis @
    G @ basis.T.
    """

    name: str
    constant: Array
    directions: Array
    basis: Array

    def factor(self, parameters: Array) -> Array:
        """L, for the parameters of this level."""
        flat = parameters @ self.directions.reshape(len(self.directions), self.constant.size)
        return np.asarray(self.constant + flat.reshape(*flat.shape[:-1], *self.constant.shape))

    def chain(self, by_g: Array, factor: Array) -> Array:
        """Derivative by the parameters, from the derivative by G."""
        by_factor = (by_g + by_g.swapaxes(-1, -2)) @ factor
        return np.asarray((self.directions * by_factor[..., None, :, :]).sum(axis=(-2, -1)))


LOWER = np.array([[[1.0, 0], [0, 0]], [[0, 0], [1, 0]], [[0, 0], [0, 1]]])
SINGLE = np.ones((1, 1, 1))


class Tree:
    """A problem sorted and standardised, so that no result depends on a unit.

    Effects are divided by the root of the median variance, the design is made orthonormal under
    1/v, and effects are replaced by their residuals from it, which changes no likelihood and
    saves the digits that subtraction would lose.

    Parameters
    ----------
    problem : Problem
        What to fit.
    raw : str, optional
        A level whose random effects stay [intercept, slope] of the data (scaled, not centred),
        for profiling.
    """

    def __init__(self, problem: Problem, raw: str | None = None) -> None:
        self.problem, self.raw = problem, raw
        self.k, self.p = problem.x.shape
        keys = list(problem.codes.T)
        self._rho_level, self._rho_below = -1, False
        if problem.rho and problem.rho_codes is not None and distinct(problem.rho_codes) < self.k:
            self._rho_level, self._rho_below = self._position(problem.codes, problem.rho_codes)
            if self._rho_below:
                keys.insert(self._rho_level + 1, problem.rho_codes)
        # levels below this one are crossed by blocks of sampling errors
        self._whole = len(problem.levels) - 1
        if problem.sampling is not None:
            self._whole, _ = self._position(problem.codes, problem.sampling.codes)
        self.order = np.lexsort(keys[::-1]) if len(keys) > 1 else np.argsort(keys[0], kind="stable")
        self._standardise()
        self._columns = [*self.x.T, self.y]
        self.effects: list[Effects] = []
        self.bounds: list[Array] = []  # first row of each group, per level of the problem
        self.row = False
        self.effect_of: list[
            int
        ] = []  # which of `effects` each block level carries, −1 for known ones
        levels = self._grow()
        known = self.v * (1 - problem.rho) if self._rho_level >= 0 else self.v
        columns = np.column_stack(self._columns)
        if problem.sampling is not None:
            turned = problem.sampling.take(self.order)
            columns, known = turned.turned(columns), turned.variances / self.scale**2
        self.blocks = Blocks(columns, self.p, known, levels, self.row)

    def _standardise(self) -> None:
        problem, order = self.problem, self.order
        v = problem.v[order]
        self.scale = float(np.sqrt(np.median(v)))
        self.v = v / self.scale**2
        self.root = np.sqrt(self.v)
        q, self.r = np.linalg.qr(problem.x[order] / self.root[:, None])
        self.x = q * self.root[:, None]
        y = problem.y[order] / self.scale
        self.offset = q.T @ (y / self.root)
        self.y = y - self.x @ self.offset

    def _grow(self) -> list[Level]:
        """Levels of the tree, innermost first; the columns they need are appended on the way."""
        problem, order = self.problem, self.order
        sampled = problem.rho_codes[order] if problem.rho_codes is not None else None
        specs: list[tuple[Array, list[int], int, int, int]] = []
        for i, name in enumerate(problem.levels):
            starts = starts_of(problem.codes[order, i])
            self.bounds.append(starts)
            slope = problem.slopes.get(name)
            basis = np.eye(1)
            if len(starts) == self.k and slope is None and i == len(problem.levels) - 1:
                self.row = True
                self.effects.append(Effects(name, np.zeros((1, 1)), SINGLE, basis))
                continue
            free_columns = [np.ones(self.k)]
            if slope is not None:
                values = slope[order]
                centre = 0.0 if name == self.raw else float(values.mean())
                spread = float(np.sqrt(np.mean((values - centre) ** 2)))
                free_columns.append((values - centre) / spread)
                basis = np.array([[1.0, -centre / spread], [0.0, 1 / spread]])
            directions = SINGLE if slope is None else LOWER
            self.effects.append(Effects(name, np.zeros(directions.shape[1:]), directions, basis))
            free, masks = len(free_columns), [np.ones(self.k)]
            if i > self._whole:
                starts = self.bounds[self._whole]
                whole, own = problem.codes[order, self._whole], problem.codes[order, i]
                masks = self._masks(whole, own, "V", problem.levels[self._whole])
            z = [self._column(mask * column) for mask in masks for column in free_columns]
            copies = len(masks)
            shared = sampled if i == self._rho_level else None
            if shared is not None and not self._rho_below:
                masks = self._masks(problem.codes[order, i], shared, "rho_within", name)
                z += [self._column(mask * self.root) for mask in masks]
            specs.append((starts, z, free, copies, i))
            if shared is not None and self._rho_below:
                specs.append((starts_of(shared), [self._column(self.root)], 0, 1, -1))
        specs.reverse()
        self.effect_of = [spec[4] for spec in specs]
        levels = []
        for depth, (starts, z, free, copies, _) in enumerate(specs):
            child = starts if not depth else np.searchsorted(specs[depth - 1][0], starts)
            known = np.full(len(z) - copies * free, problem.rho)
            levels.append(Level(child, np.array(z), free, known, copies))
        return levels

    def _column(self, values: Array) -> int:
        """Index of a column of C, appended unless it is already there among the random effects."""
        for i in range(self.p + 1, len(self._columns)):
            if np.array_equal(self._columns[i], values):
                return i
        self._columns.append(values)
        return len(self._columns) - 1

    @staticmethod
    def _position(codes: Array, rho_codes: Array) -> tuple[int, bool]:
        """Finest level that contains each sampling group, and whether they are a level below it.

        If not, they are the level's own groups or cross the levels below, and enter as columns of
        that level.
        """
        groups = distinct(rho_codes)
        span = int(rho_codes.max()) + 1
        finest = 0
        for i in range(codes.shape[1]):
            if distinct(codes[:, i] * span + rho_codes) == groups:
                finest = i
        if distinct(codes[:, finest]) == groups:
            return finest, False
        below = codes[:, finest + 1 :]
        if below.shape[1] == 0:
            return finest, True
        nested = distinct(below[:, 0] * span + rho_codes) == distinct(below[:, 0])
        return finest, nested

    @staticmethod
    def _masks(parents: Array, crossing: Array, argument: str, name: str) -> list[Array]:
        """One indicator per crossing group of a parent: the first of each, the second, ..."""
        pairs, member = np.unique(np.column_stack([parents, crossing]), axis=0, return_inverse=True)
        first = starts_of(pairs[:, 0])
        counts = np.diff(first, append=len(pairs))
        if counts.max() > MOST_CROSSED:
            raise ValueError(
                f"the groups of {argument} cross the levels below {name!r}, with up to "
                f"{counts.max()} in one group of it; {MOST_CROSSED} can be fitted: make them "
                "a level, or choose coarser ones"
            )
        number = np.arange(len(pairs)) - np.repeat(first, counts)
        return [(number[member.ravel()] == i).astype(float) for i in range(int(counts.max()))]
