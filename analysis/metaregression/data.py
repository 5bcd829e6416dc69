"""From a table to checked arrays: every refusal names the column, the rows and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]

# How many row labels a message lists before it counts the rest.
LISTED = 5


def listed(labels: Sequence[Any]) -> str:
    """Row labels for a message: the first few, and how many more."""
    shown = ", ".join(str(label) for label in list(labels)[:LISTED])
    more = len(labels) - LISTED
    return f"{shown} and {more} more" if more > 0 else shown


def column(data: pd.DataFrame, name: Any, argument: str) -> pd.Series:
    """One column of the data, or a ValueError that lists those there are."""
    if not isinstance(name, str) or name not in data.columns:
        raise ValueError(
            f"{argument}: no column {name!r}; the data has {', '.join(map(str, data.columns))}"
        )
    found = data[name]
    if isinstance(found, pd.DataFrame):
        raise ValueError(
            f"{argument}: the data has {found.shape[1]} columns named {name!r}; rename them"
        )
    return found


def refuse(name: str, what: str, wrong: Array, values: pd.Series, advice: str) -> None:
    """Raise for the rows where `wrong` holds."""
    if wrong.any():
        rows = values.index[wrong]
        first = values[wrong].iloc[0]
        raise ValueError(
            f"column {name!r} {what} at rows {listed(list(rows))} (first: {first!r}); {advice}"
        )


def numbers(data: pd.DataFrame, name: str, argument: str) -> Array:
    """A numeric column as finite floats."""
    values = column(data, name, argument)
    if values.dtype.kind not in "iuf":
        # nullable and object columns may still hold numbers only
        text = np.array([isinstance(v, (str, bytes, bool, np.bool_)) for v in values], dtype=bool)
        refuse(name, "holds text or true/false", text, values, "convert it with pandas.to_numeric")
        missing = values.isna().to_numpy()
        refuse(name, "is missing", missing, values, "drop those rows or find the values")
        try:
            return np.asarray(values, dtype=float)
        except (TypeError, ValueError) as error:
            raise ValueError(f"column {name!r} is not numeric: {error}") from error
    array = values.to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(array).all():
        refuse(name, "is missing", np.isnan(array), values, "drop those rows or find the values")
        refuse(name, "is infinite", np.isinf(array), values, "drop or correct those rows")
    return array


def codes(data: pd.DataFrame, name: str, argument: str) -> Array:
    """Integer codes of a grouping column."""
    values = column(data, name, argument)
    found, _ = pd.factorize(values)
    refuse(name, "is missing", found < 0, values, "give every row its group")
    return np.asarray(found, dtype=np.int64)


def nested(inner: Array, outer: Array, names: tuple[str, str], data: pd.DataFrame) -> None:
    """Refuse an inner group that occurs in two outer groups."""
    first = np.full(int(inner.max()) + 1, -1)
    first[inner[::-1]] = outer[::-1]
    wrong = first[inner] != outer
    if wrong.any():
        position = int(np.flatnonzero(wrong)[0])
        same = data.index[inner == inner[position]]
        value = data[names[0]].iloc[position]
        raise ValueError(
            f"column {names[0]!r}: {value!r} lies in two groups of {names[1]!r} "
            f"(rows {listed(list(same))}); make its labels unique, for example "
            f"data[{names[1]!r}].astype(str) + ':' + data[{names[0]!r}].astype(str)"
        )


def groupings(data: pd.DataFrame, levels: Any) -> tuple[tuple[str, ...], Array]:
    """Names and codes of the levels, outermost first, each nested in the one before."""
    if isinstance(levels, str) or not isinstance(levels, Sequence) or not len(levels):
        raise ValueError(
            f"levels must be a list of columns, outermost first, as ['study', 'es_id']; "
            f"got {levels!r}"
        )
    names = tuple(levels)
    if len(set(names)) < len(names):
        raise ValueError(f"levels {list(names)} names a column twice")
    found = [codes(data, name, "levels") for name in names]
    for i in range(1, len(names)):
        nested(found[i], found[i - 1], (names[i], names[i - 1]), data)
        if found[i].max() == found[i - 1].max():
            raise ValueError(
                f"levels {names[i - 1]!r} and {names[i]!r} group the rows alike, so their "
                "variances cannot be told apart; remove one of them"
            )
    studies = int(found[0].max()) + 1
    if studies < 2:
        value = data[names[0]].iloc[0]
        raise ValueError(
            f"column {names[0]!r} holds one group only ({value!r}): a meta-regression needs "
            "two or more; "
            "check that levels starts with the outermost column"
        )
    return names, np.column_stack(found)


def moderators(data: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """The columns that a formula uses: finite numbers, or text for categories."""
    out = {}
    for name in names:
        values = column(data, name, "formula")
        if values.dtype.kind in "iufb":
            out[name] = (
                values.to_numpy() if values.dtype.kind == "b" else numbers(data, name, "formula")
            )
            continue
        refuse(
            name,
            "is missing",
            values.isna().to_numpy(),
            values,
            "drop those rows or find the values",
        )
        numeric = pd.to_numeric(values.astype(object), errors="coerce").notna().to_numpy()
        if isinstance(values.dtype, pd.CategoricalDtype):
            numeric = np.zeros(len(values), dtype=bool)
        text = np.array([isinstance(v, str) for v in values], dtype=bool)
        if numeric.any() and not numeric.all():
            refuse(name, "holds text among numbers", ~numeric, values, "correct those cells")
        refuse(
            name,
            "holds numbers as text",
            numeric & text,
            values,
            "convert it with pandas.to_numeric",
        )
        out[name] = numbers(data, name, "formula") if numeric.all() else values.to_numpy()
    return pd.DataFrame(out, index=range(len(data)))


def new_rows(data: Any, names: Sequence[str]) -> pd.DataFrame:
    """A dictionary or table of new moderators as a checked table of exactly the columns needed."""
    if not isinstance(data, (Mapping, pd.DataFrame)):
        raise ValueError(
            f"new data must be a dictionary or a DataFrame of moderators; got {type(data).__name__}"
        )
    if isinstance(data, pd.DataFrame):
        given = data
    else:
        unknown = [str(name) for name in data if name not in names]
        if unknown:
            raise ValueError(
                f"the fit has no moderator {unknown[0]!r}; it uses {', '.join(names) or 'none'}"
            )
        lengths = sorted({np.size(value) for value in data.values()} - {1})
        if len(lengths) > 1:
            raise ValueError(f"new data has columns of different lengths: {lengths}")
        length = lengths[0] if lengths else 1
        given = pd.DataFrame(
            {name: np.broadcast_to(np.ravel(value), length) for name, value in data.items()},
            index=range(length),
        )
    return moderators(given, names)
