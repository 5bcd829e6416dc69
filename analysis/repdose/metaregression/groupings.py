"""Nested groupings: labels count within their parent, as ``study/es_id`` does in a formula."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.metaregression.data import column, listed, plain, refuse
from repdose.metaregression.problem import apart

Array = NDArray[Any]

# A text label that stands in more than this share of the studies names a kind of effect.
RECURRING = 0.5
# Frames from here to the call of the fit.
CALLER = 5


class Groups(dict[str, int]):
    """Number of groups by level; shows where labels restart within their parent."""

    def __init__(self, counts: Mapping[str, int], within: Mapping[str, str]) -> None:
        super().__init__(counts)
        self.within = dict(within)

    def words(self, name: str) -> str:
        """A level, and in what its labels were taken."""
        parent = self.within.get(name)
        return name if parent is None else f"{name}, labels taken within {parent}"

    def __repr__(self) -> str:
        return repr({self.words(name): count for name, count in self.items()})


def codes(data: pd.DataFrame, name: str, argument: str) -> Array:
    """Integer codes of a grouping column."""
    values = column(data, name, argument)
    numbered, _ = pd.factorize(values)
    refuse(name, "is missing", numbered < 0, values, "give every row its group")
    return np.asarray(numbered, dtype=np.int64)


def taken_within(data: pd.DataFrame, name: str, outer: Array, argument: str) -> tuple[Array, bool]:
    """Codes of a column whose labels count within the groups of `outer`, and whether any recurs."""
    raw = codes(data, name, argument)
    nested = apart(outer, raw)
    return nested, bool(nested.max() > raw.max())


def _warn_of_kinds(data: pd.DataFrame, name: str, outer: Array, parent: str) -> None:
    """Warn if a text label recurs in most outer groups, as an endpoint or a sex does."""
    raw, labels = pd.factorize(data[name])
    span = len(labels)
    counts = np.bincount(pd.unique(outer * span + raw) % span)
    often = labels[counts > max(RECURRING * (int(outer.max()) + 1), 1)]
    words = [word for word in often if isinstance(word, str) and not any(map(str.isdigit, word))]
    if words:
        warnings.warn(
            f"column {name!r}: {listed(words)} recur in most groups of {parent!r}; each is taken "
            f"as a group of its own within {parent!r}. Effects of {name!r} shared by all of "
            f"{parent!r} would be crossed, which is another model: put {name!r} in the formula",
            UserWarning,
            stacklevel=CALLER,
        )


def groupings(data: pd.DataFrame, names: Sequence[str]) -> tuple[Array, dict[str, str]]:
    """Codes of the levels, outermost first, and the parents in which labels restart."""
    columns = [codes(data, names[0], "levels")]
    within = {}
    for name, parent in zip(names[1:], names[:-1], strict=True):
        inner, recurs = taken_within(data, name, columns[-1], "levels")
        if recurs:
            within[name] = parent
            _warn_of_kinds(data, name, columns[-1], parent)
        columns.append(inner)
        if columns[-1].max() == columns[-2].max():
            raise ValueError(
                f"levels {parent!r} and {name!r} group the rows alike, so their "
                "variances cannot be told apart; remove one of them"
            )
    if not columns[0].any():
        value = plain(data[names[0]].iloc[0])
        raise ValueError(
            f"column {names[0]!r} holds one group only ({value!r}): a meta-regression needs "
            "two or more; "
            "check that levels starts with the outermost column"
        )
    return np.column_stack(columns), within


def level_names(data: pd.DataFrame, levels: Any) -> list[str]:
    """The columns of the levels, refused if they are none or no list."""
    if isinstance(levels, str) or not isinstance(levels, Sequence) or not len(levels):
        raise ValueError(
            f"levels must be a list of columns, outermost first, as ['study', 'es_id']; "
            f"got {levels!r}"
        )
    if len(set(levels)) < len(levels):
        raise ValueError(f"levels {list(levels)} names a column twice")
    return [str(column(data, name, "levels").name) for name in levels]
