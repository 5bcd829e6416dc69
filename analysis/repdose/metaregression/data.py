"""From a table to checked arrays: every refusal names the column, the rows and what to do."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Array = NDArray[Any]

# How many row labels a message lists before it counts the rest.
LISTED = 5
# What has a float value of some kind and is no number to a regression.
NO_NUMBERS = (
    str,
    bytes,
    bool,
    np.bool_,
    complex,
    np.complexfloating,
    np.datetime64,
    np.timedelta64,
    datetime.date,
    datetime.timedelta,
)


def plain(value: Any) -> Any:
    """A value as Python writes it, without the name of its numpy type."""
    return value.item() if isinstance(value, np.generic) else value


def listed(labels: Iterable[Any]) -> str:
    """Row labels for a message: the first few, and how many more."""
    given = list(labels)
    shown = ", ".join(
        str(tuple(map(plain, label)) if isinstance(label, tuple) else plain(label))
        for label in given[:LISTED]
    )
    more = len(given) - LISTED
    return f"{shown} and {more} more" if more > 0 else shown


@dataclass(frozen=True, slots=True)
class Rows:
    """Labels of the rows of a table and, where it has them, of their studies, for messages."""

    labels: pd.Index
    studies: pd.Series | None = None

    def where(self, wrong: Array) -> str:
        """Which rows, and of which studies."""
        text = f"at rows {listed(self.labels[wrong])}"
        if self.studies is not None:
            text += f" ({self.studies.name} {listed(pd.unique(self.studies[wrong].dropna()))})"
        return text

    def lost(self, wrong: Array) -> str:
        """How many rows and studies a table without these rows would lack."""
        text = f"{int(wrong.sum())} of {len(wrong)} rows"
        if self.studies is None:
            return text
        whole = self.gone(wrong)
        named = f" ({listed(whole)})" if whole else ""
        count = self.studies.nunique()
        return f"{text} and {len(whole)} of {count} groups of {self.studies.name!r}{named}"

    def gone(self, wrong: Array) -> list[Any]:
        """Studies of which no row would be left."""
        if self.studies is None:
            return []
        left = set(self.studies[~wrong].dropna())
        return [plain(label) for label in pd.unique(self.studies.dropna()) if label not in left]


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out for missing values: row labels, studies wholly gone, rows by column."""

    rows: tuple[Any, ...] = ()
    studies: tuple[Any, ...] = ()
    columns: Mapping[str, int] | None = None

    def __str__(self) -> str:
        by = ", ".join(f"{name} {count}" for name, count in (self.columns or {}).items())
        gone = f"; wholly gone: {listed(self.studies)}" if self.studies else ""
        rows = "row" if len(self.rows) == 1 else "rows"
        return f"{len(self.rows)} {rows} with missing values left out ({by}){gone}"


def column(data: pd.DataFrame, name: Any, argument: str) -> pd.Series:
    """One column of the data, or a ValueError that lists those there are."""
    if not isinstance(name, str) or name not in data.columns:
        raise ValueError(
            f"{argument}: no column {name!r}; the data has {', '.join(map(str, data.columns))}"
        )
    values = data[name]
    if isinstance(values, pd.DataFrame):
        raise ValueError(
            f"{argument}: the data has {values.shape[1]} columns named {name!r}; rename them"
        )
    return values


def complete(
    data: pd.DataFrame, names: Sequence[str], study: str, missing: str
) -> tuple[Array, Dropped]:
    """Which rows lack none of the columns; missing values are refused all at once, or dropped.

    Rows that lack their study cannot be told apart from others and are always refused.
    """
    columns = {name: data[name] for name in names}
    absent = {
        name: values.isna().to_numpy()
        for name, values in columns.items()
        if not isinstance(values.dtype, np.dtype) or values.dtype.kind not in "iub"
    }
    absent = {name: gap for name, gap in absent.items() if gap.any()}
    if not absent:
        return np.ones(len(data), dtype=bool), Dropped()
    rows = Rows(data.index, data[study])
    any_gap = np.logical_or.reduce(list(absent.values()))
    if study in absent:
        refuse(study, "is missing", absent[study], data[study], "give every row its group")
    if missing == "drop":
        if any_gap.all():
            raise ValueError(f"every row lacks {' or '.join(absent)}: none is left to fit")
        counts = {name: int(gap.sum()) for name, gap in absent.items()}
        dropped = Dropped(tuple(data.index[any_gap]), tuple(rows.gone(any_gap)), counts)
        return ~any_gap, dropped
    parts = [f"column {name!r} is missing {rows.where(gap)}" for name, gap in absent.items()]
    raise ValueError(
        f"{'; '.join(parts)}. Find the values, or drop those rows: missing='drop' leaves out and "
        f"counts {rows.lost(any_gap)}"
    )


def refuse(
    name: str, what: str, wrong: Array, values: pd.Series, advice: str, rows: Rows | None = None
) -> None:
    """Raise for the rows where `wrong` holds."""
    if wrong.any():
        rows = Rows(values.index) if rows is None else rows
        first = plain(values[wrong].iloc[0])
        cost = (
            f"; without them the table lacks {rows.lost(wrong)}" if rows.studies is not None else ""
        )
        raise ValueError(
            f"column {name!r} {what} {rows.where(wrong)} (first: {first!r}); {advice}{cost}"
        )


def _no_number(name: str, values: pd.Series) -> None:
    """Refuse a column of dates, durations, periods or complex numbers by the name of its type."""
    kind = getattr(values.dtype, "kind", "O")
    if kind in "mMc" or isinstance(values.dtype, (pd.PeriodDtype, pd.IntervalDtype)):
        raise ValueError(
            f"column {name!r} holds {values.dtype}, which is no number; convert it to one with a "
            "unit, for example a year or a number of days"
        )


def _numeric(value: Any) -> bool:
    """Whether a cell is a number, or a record that has a value as a Met has."""
    return hasattr(value, "__float__") and not isinstance(value, NO_NUMBERS)


def numbers(data: pd.DataFrame, name: str, argument: str, rows: Rows | None = None) -> Array:
    """A numeric column as finite floats."""
    values = column(data, name, argument)
    _no_number(name, values)
    if values.dtype.kind not in "iuf":
        # nullable and object columns may still hold numbers only
        text = np.array([isinstance(v, (str, bytes, bool, np.bool_)) for v in values], dtype=bool)
        advice = "convert it with pandas.to_numeric"
        refuse(name, "holds text or true/false", text, values, advice, rows)
        missing = values.isna().to_numpy()
        refuse(name, "is missing", missing, values, "drop those rows or find the values", rows)
        other = np.array([not _numeric(v) for v in values], dtype=bool)
        if other.any():
            what = f"holds {type(values[other].iloc[0]).__name__}, which is no number,"
            refuse(name, what, other, values, "convert it to a number with a unit", rows)
        array = np.array([float(v) for v in values], dtype=float)
    else:
        array = values.to_numpy(dtype=float, na_value=np.nan)
    if not np.isfinite(array).all():
        advice = "drop those rows or find the values"
        refuse(name, "is missing", np.isnan(array), values, advice, rows)
        refuse(name, "is infinite", np.isinf(array), values, "drop or correct those rows", rows)
    return array


def moderators(data: pd.DataFrame, names: Sequence[str], rows: Rows | None = None) -> pd.DataFrame:
    """The columns that a formula uses: finite numbers, true/false, or categories in their order."""
    out: dict[str, Any] = {}
    for name in names:
        values = column(data, name, "formula")
        _no_number(name, values)
        if values.dtype.kind in "iuf":
            out[name] = numbers(data, name, "formula", rows)
            continue
        missing = values.isna().to_numpy()
        refuse(name, "is missing", missing, values, "drop those rows or find the values", rows)
        if values.dtype.kind == "b":
            out[name] = values.to_numpy(dtype=bool)
        elif isinstance(values.dtype, pd.CategoricalDtype):
            out[name] = values.array.remove_unused_categories()
        else:
            out[name] = _objects(name, values, rows)
    return pd.DataFrame(out, index=range(len(data)))


def _objects(name: str, values: pd.Series, rows: Rows | None) -> Array:
    """A column of mixed type: all numbers, all true/false, or all text that is no number."""
    cells = list(values)
    if all(isinstance(v, (bool, np.bool_)) for v in cells):
        return np.array(cells, dtype=bool)
    text = np.array([isinstance(v, str) for v in cells], dtype=bool)
    other = np.array([not _numeric(v) for v in cells], dtype=bool) & ~text
    if other.any():
        what = f"holds {type(values[other].iloc[0]).__name__}, neither number nor text,"
        refuse(name, what, other, values, "convert it to a number with a unit, or to text", rows)
    read = pd.to_numeric(values.astype(object).where(text), errors="coerce").notna().to_numpy()
    numeric = ~text | read
    if numeric.any() and not numeric.all():
        advice = "correct those cells"
        refuse(name, "holds text among numbers", ~numeric, values, advice, rows)
    advice = "convert it with pandas.to_numeric"
    refuse(name, "holds numbers as text", text & read, values, advice, rows)
    if text.any():
        return values.to_numpy(dtype=object)
    return np.array([float(v) for v in cells], dtype=float)


def same_index(named: Mapping[str, Any]) -> None:
    """Refuse pandas columns whose rows carry different labels: they would be read by position."""
    columns = {name: value for name, value in named.items() if isinstance(value, pd.Series)}
    first = next(iter(columns), None)
    for name, value in columns.items():
        if first is not None and not value.index.equals(columns[first].index):
            raise ValueError(
                f"{first} and {name} have different indexes ({listed(columns[first].index)}; "
                f"{listed(value.index)}): bring them into one table, or give plain arrays"
            )


def new_rows(data: Any, names: Sequence[str]) -> pd.DataFrame:
    """A dictionary or table of new moderators as a checked table of exactly the columns needed.

    Where there is one moderator, its values alone will do.
    """
    if not isinstance(data, (Mapping, pd.DataFrame)):
        if len(names) != 1 or isinstance(data, str):
            raise ValueError(
                "new data must be a dictionary or a DataFrame of moderators, as "
                f"{{{', '.join(f'{name!r}: [...]' for name in names)}}}; got {type(data).__name__}"
            )
        data = {names[0]: data}
    if isinstance(data, pd.DataFrame):
        given = data
    else:
        unknown = [str(name) for name in data if name not in names]
        if unknown:
            raise ValueError(
                f"the fit has no moderator {unknown[0]!r}; it uses {', '.join(names) or 'none'}"
            )
        same_index({str(name): value for name, value in data.items()})
        lengths = sorted({np.size(value) for value in data.values()} - {1})
        if len(lengths) > 1:
            raise ValueError(f"new data has columns of different lengths: {lengths}")
        length = lengths[0] if lengths else 1
        given = pd.DataFrame(
            {name: np.broadcast_to(np.ravel(value), length) for name, value in data.items()},
            index=range(length),
        )
    return moderators(given, names).set_axis(given.index)
