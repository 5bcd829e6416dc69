"""Correlated sampling errors as given: a matrix or blocks, checked, and taken apart into axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.metaregression.data import listed, plain

Array = NDArray[Any]

# Two entries of V that differ by less than this share of their variances are the same number.
SAME = 1e-8
# A block whose correlation matrix has a smaller eigenvalue than this holds the same error twice.
DEFINITE = 1e-10


@dataclass(frozen=True, slots=True)
class Sampling:
    """Block-diagonal covariance of sampling errors, by the axes of its blocks.

    With V_b = QΛQ' the columns Q'C have uncorrelated errors of variance Λ, and a random effect of
    single rows stays what it is. `codes` numbers the block of each row, `which` and `place` say
    which of `axes` it has and which row of it; `values` are the variances along the axes.
    """

    codes: Array
    which: Array
    place: Array
    axes: tuple[Array, ...]
    values: tuple[Array, ...]

    def take(self, rows: Array) -> Sampling:
        """The same for some whole blocks, or in another order."""
        return replace(self, codes=self.codes[rows], which=self.which[rows], place=self.place[rows])

    def same(self, other: Sampling) -> bool:
        """Whether both have the same blocks of the same variances."""
        return np.array_equal(self.codes, other.codes) and np.array_equal(
            self.variances, other.variances
        )

    def _blocks(self) -> list[tuple[Array, Array]]:
        """Rows and axes of the blocks, those of one size together."""
        order = np.lexsort((self.place, self.codes))
        codes = self.codes[order]
        first = np.flatnonzero(np.concatenate(([True], codes[1:] != codes[:-1])))
        sizes = np.diff(first, append=len(order))
        out = []
        for size in np.unique(sizes):
            rows = order[first[sizes == size][:, None] + np.arange(size)]
            out.append((rows, np.stack([self.axes[which] for which in self.which[rows[:, 0]]])))
        return out

    def turned(self, columns: Array) -> Array:
        """Q' times columns, block by block."""
        out = np.empty_like(columns)
        for rows, axes in self._blocks():
            out[rows] = axes.transpose(0, 2, 1) @ columns[rows]
        return out

    @property
    def variances(self) -> Array:
        """Variance along the axis that stands in the place of each row."""
        values, starts = np.concatenate(self.values), np.cumsum([0, *map(len, self.values)])
        return np.asarray(values[starts[self.which] + self.place])

    def solve(self, columns: Array) -> Array:
        """V⁻¹ times columns."""
        scaled = self.turned(columns) / self.variances[:, None]
        out = np.empty_like(scaled)
        for rows, axes in self._blocks():
            out[rows] = axes @ scaled[rows]
        return out

    @property
    def inverse_diagonal(self) -> Array:
        """Diagonal of V⁻¹."""
        out, variances = np.empty(len(self.codes)), self.variances
        for rows, axes in self._blocks():
            out[rows] = np.einsum("bij,bj->bi", axes**2, 1 / variances[rows])
        return out


@dataclass(frozen=True, slots=True)
class Clusters:
    """The rows of a table by outermost group, and the labels by which V may name them."""

    name: str
    labels: list[Any]
    rows: list[Array]
    ids: pd.Index
    inner: pd.Index | None

    @classmethod
    def of(cls, data: pd.DataFrame, levels: Sequence[str]) -> Clusters:
        """Clusters of a table in order of appearance."""
        codes, labels = pd.factorize(data[levels[0]])
        order = np.argsort(codes, kind="stable")
        cuts = np.cumsum(np.bincount(codes[codes >= 0], minlength=len(labels)))[:-1]
        rows = np.split(order[(codes < 0).sum() :], cuts)
        inner = pd.Index(data[levels[-1]])
        usable = inner if len(levels) > 1 and inner.is_unique else None
        return cls(levels[0], [plain(label) for label in labels], rows, data.index, usable)

    def placed(self, frame: pd.DataFrame, rows: Array, what: str) -> Array:
        """A labelled block in the order of the data's rows, matched by index or innermost level."""
        if not frame.index.is_unique or set(frame.index) != set(frame.columns):
            raise ValueError(
                f"{what}: rows and columns must carry the same labels, each once; rows "
                f"{listed(frame.index)}, columns {listed(frame.columns)}"
            )
        for ids in (self.ids, self.inner):
            if ids is None:
                continue
            wanted = ids[rows]
            if wanted.is_unique and len(wanted) == len(frame) and set(wanted) == set(frame.index):
                return np.asarray(frame.loc[wanted, wanted].to_numpy())
        raise ValueError(
            f"{what}: its {len(frame)} labels ({listed(frame.index)}) are not those of the "
            f"{len(rows)} rows ({listed(self.ids[rows])}); label it by the index of the data, or "
            "give an array in the order of the rows"
        )


def read(
    covariance: Any,
    data: pd.DataFrame,
    levels: Sequence[str],
    variance: Array | None,
    kept: Array,
) -> tuple[Array, Sampling | None]:
    """Variances of the rows kept, and the axes of V where their errors are correlated.

    Parameters
    ----------
    covariance : array_like, DataFrame, mapping or sequence
        V in full, or its blocks by outermost group.
    data : DataFrame
        The rows of the data, in their order, none left out.
    levels : sequence of str
        Outermost first.
    variance : ndarray or None
        Column of variances, with which the diagonal must agree; NaN is not compared.
    kept : ndarray of bool
        Rows that are fitted.

    Raises
    ------
    ValueError
        If V is of the wrong size, not symmetric, not positive definite, correlates groups, or
        does not have the variances on its diagonal in the order of the rows.
    """
    clusters = Clusters.of(data, levels)

    if isinstance(covariance, Mapping):
        blocks = _by_label(covariance, clusters)
    elif isinstance(covariance, (list, tuple)) and all(np.ndim(b) == 2 for b in covariance):
        if len(covariance) != len(clusters.rows):
            raise ValueError(
                f"V has {len(covariance)} blocks for {len(clusters.rows)} groups of "
                f"{clusters.name!r}; give one for each, in order of appearance, or a dictionary"
            )
        blocks = list(covariance)
    else:
        blocks = _cut(covariance, clusters)
    matrices = _sound(blocks, clusters, variance)
    if matrices is None:  # or what is wrong is found and told block by block
        matrices = [
            _checked(block, rows, clusters, variance, f"V of {clusters.name} {label!r}")
            for label, rows, block in zip(clusters.labels, clusters.rows, blocks, strict=True)
        ]
    diagonal, codes = np.empty(len(data)), np.empty(len(data), dtype=np.int64)
    place = np.empty(len(data), dtype=np.int64)
    for rows, matrix in zip(clusters.rows, matrices, strict=True):
        diagonal[rows] = np.diag(matrix)
    rows_kept = [rows[kept[rows]] for rows in clusters.rows]
    if not kept.all():
        matrices = [
            matrix[np.ix_(kept[rows], kept[rows])]
            for rows, matrix in zip(clusters.rows, matrices, strict=True)
        ]
    parts = [
        (block, inside)
        for block, labels in enumerate(_connected(matrices))
        for inside in (np.flatnonzero(labels == first) for first in np.unique(labels))
    ]
    axes: list[Array] = [np.empty(0)] * len(parts)
    values: list[Array] = [np.empty(0)] * len(parts)
    for chosen in _by_size([len(inside) for _, inside in parts]):
        several = [(at, *parts[at]) for at in chosen]
        roots, vectors = np.linalg.eigh(
            np.stack([matrices[block][np.ix_(inside, inside)] for _, block, inside in several])
        )
        for i, (at, block, inside) in enumerate(several):
            rows = rows_kept[block][inside]
            codes[rows], place[rows] = at, np.arange(len(inside))
            axes[at], values[at] = vectors[i], roots[i]
    if len(axes) == kept.sum():
        return diagonal[kept], None
    codes = codes[kept]
    return diagonal[kept], Sampling(codes, codes, place[kept], tuple(axes), tuple(values))


def _by_label(covariance: Mapping[Any, Any], clusters: Clusters) -> list[Any]:
    """The block of each group, from a dictionary."""
    given = {plain(label): block for label, block in covariance.items()}
    lacking = [label for label in clusters.labels if label not in given]
    unknown = [label for label in given if label not in clusters.labels]
    if lacking or unknown:
        parts = [f"no block for {listed(lacking)}"] if lacking else []
        parts += [f"blocks for unknown {listed(unknown)}"] if unknown else []
        raise ValueError(
            f"V has {' and '.join(parts)}; its keys are the groups of {clusters.name!r}"
        )
    return [given[label] for label in clusters.labels]


def _cut(covariance: Any, clusters: Clusters) -> list[Array]:
    """The diagonal blocks of a full matrix that is zero between groups."""
    k = len(clusters.ids)
    if isinstance(covariance, pd.DataFrame):
        if covariance.shape != (k, k):
            raise ValueError(f"V is {covariance.shape[0]} x {covariance.shape[1]} for {k} rows")
        full = _numbers(clusters.placed(covariance, np.arange(k), "V"), "V")
    else:
        full = _numbers(covariance, "V")
        if full.shape != (k, k):
            shape = " x ".join(map(str, full.shape)) or "a single number"
            raise ValueError(
                f"V is {shape} for {k} rows; give a {k} x {k} matrix, or a block for each group of "
                f"{clusters.name!r}"
            )
    blocks = []
    group = np.empty(k, dtype=np.int64)
    for code, rows in enumerate(clusters.rows):
        group[rows] = code
        blocks.append(full[np.ix_(rows, rows)])
    i, j = np.nonzero(full)
    crossing = np.flatnonzero(group[i] != group[j])
    if len(crossing):
        one, other = i[crossing[0]], j[crossing[0]]
        raise ValueError(
            f"V correlates rows {listed([clusters.ids[one], clusters.ids[other]])} of two groups "
            f"of {clusters.name!r} ({clusters.labels[group[one]]!r}, "
            f"{clusters.labels[group[other]]!r}), which robust inference takes as independent; "
            "make both one group of the outermost level"
        )
    return blocks


def _numbers(values: Any, what: str) -> Array:
    """An array of finite numbers."""
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{what} has rows of different lengths; it must be square") from None
    if array.dtype.kind == "O":
        array = np.array(pd.DataFrame(np.atleast_2d(array)).infer_objects())
    if array.dtype.kind not in "iuf":
        raise ValueError(f"{what} must hold numbers; its type is {array.dtype}")
    array = array.astype(float)
    if not np.isfinite(array).all():
        raise ValueError(f"{what} holds missing or infinite values")
    return array


def _by_size(sizes: Sequence[int]) -> list[list[int]]:
    """Places of equal sizes, above zero, together."""
    found: dict[int, list[int]] = {}
    for at, size in enumerate(sizes):
        if size:
            found.setdefault(size, []).append(at)
    return list(found.values())


def _connected(matrices: Sequence[Array]) -> list[Array]:
    """By block, the first of the rows that each row is correlated with, through others too."""
    found = [np.empty(0, dtype=np.int64)] * len(matrices)
    for chosen in _by_size([len(matrix) for matrix in matrices]):
        linked = np.stack([matrices[at] for at in chosen]) != 0
        size = linked.shape[1]
        labels = np.broadcast_to(np.arange(size), linked.shape[:2])
        while True:
            least = np.where(linked, labels[:, None, :], size).min(axis=2)
            if np.array_equal(least, labels):
                break
            labels = least
        for at, mine in zip(chosen, labels, strict=True):
            found[at] = mine
    return found


def _sound(blocks: Sequence[Any], clusters: Clusters, variance: Array | None) -> list[Array] | None:
    """Blocks that are arrays, checked at once, those of one size together; None if any will not do.

    What :func:`_checked` refuses is refused here, without a word.
    """
    pairs = list(zip(clusters.rows, blocks, strict=True))
    if not all(
        isinstance(block, np.ndarray)
        and block.dtype == np.float64
        and block.shape == (len(rows), len(rows))
        for rows, block in pairs
    ):
        return None
    out: list[Array] = list(blocks)
    for chosen in _by_size([len(rows) for rows in clusters.rows]):
        stack = np.stack([blocks[at] for at in chosen])
        diagonal = np.diagonal(stack, axis1=1, axis2=2)
        if not (np.isfinite(stack).all() and (diagonal > 0).all()):
            return None
        root = np.sqrt(diagonal)
        correlation = stack / (root[:, :, None] * root[:, None, :])
        turned = correlation.transpose(0, 2, 1)
        if np.abs(correlation - turned).max() > SAME:
            return None
        if np.linalg.eigvalsh(correlation)[:, 0].min() < DEFINITE:
            return None
        if variance is not None:
            given = variance[np.stack([clusters.rows[at] for at in chosen])]
            if (np.abs(diagonal - given) > SAME * given).any():  # NaN is not compared
                return None
        symmetric = (stack + stack.transpose(0, 2, 1)) / 2
        for at, matrix in zip(chosen, symmetric, strict=True):
            out[at] = matrix
    return out


def _checked(
    block: Any, rows: Array, clusters: Clusters, variance: Array | None, what: str
) -> Array:
    """A block as a symmetric, positive definite matrix of its variances, rows in their order."""
    if isinstance(block, pd.DataFrame):
        block = clusters.placed(block, rows, what)
    matrix = _numbers(block, what)
    if matrix.shape != (len(rows), len(rows)):
        shape = " x ".join(map(str, matrix.shape)) or "a single number"
        raise ValueError(f"{what} is {shape} for {len(rows)} rows")
    diagonal = np.diag(matrix)
    if (diagonal <= 0).any():
        at = listed(clusters.ids[rows[diagonal <= 0]])
        raise ValueError(f"{what}: the variance is not above zero at rows {at}")
    root = np.sqrt(diagonal)
    correlation = matrix / np.outer(root, root)
    if np.abs(correlation - correlation.T).max() > SAME:
        raise ValueError(f"{what} is not symmetric")
    least = float(np.linalg.eigvalsh(correlation)[0])
    if least < DEFINITE:
        i, j = np.unravel_index(int(np.abs(np.triu(correlation, 1)).argmax()), correlation.shape)
        pair = listed(clusters.ids[rows[[i, j]]])
        raise ValueError(
            f"{what} is not positive definite (least eigenvalue of its correlations {least:.2g}; "
            f"largest correlation {correlation[i, j]:.4g}, rows {pair}): a correlation must be "
            "below 1, and all of them possible together"
        )
    if variance is not None:
        _same_diagonal(diagonal, variance[rows], what)
    return np.asarray((matrix + matrix.T) / 2)


def _same_diagonal(diagonal: Array, variance: Array, what: str) -> None:
    """Refuse a block whose diagonal is not the variances of its rows, in their order."""
    known = ~np.isnan(variance)

    def differ(one: Array, other: Array) -> bool:
        return bool((np.abs(one - other) > SAME * other).any())

    if not differ(diagonal[known], variance[known]):
        return
    if known.all() and not differ(np.sort(diagonal), np.sort(variance)):
        raise ValueError(
            f"{what} has its rows in another order than the data: its diagonal holds the same "
            "variances elsewhere. Label it by the index of the data, or bring it into their order"
        )
    raise ValueError(
        f"{what}: its diagonal ({listed(np.round(diagonal, 6))}) is not the variances of its rows "
        f"({listed(np.round(variance, 6))}); give variance=None to take them from V"
    )
