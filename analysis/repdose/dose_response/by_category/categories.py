"""A table of risks by category of dose, checked and cut into studies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from repdose.arguments import choice
from repdose.dose_response.by_category import covariances
from repdose.metaregression.data import listed

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[Any]

# Half the width of a 95 % interval, in standard errors.
Z95 = NormalDist().inv_cdf(0.975)
COVARIANCES = ("greenland1992", "greenland1992-binomial", "hamling2008", "independent")
# Doses of a class without an upper bound: the lower bound plus half the width of the class below,
# or the lower bound times a factor; all are in use.
OPEN_ENDED: Mapping[str, float] = {"half-width": 0.0, "1.2 x lower": 1.2, "1.5 x lower": 1.5}


@dataclass(frozen=True, slots=True)
class Study:
    """One study: its doses, log ratios against its reference, and their covariance.

    ``others`` are the rows that are not the reference.
    """

    name: str
    dose: Array
    log_ratio: Array
    variance: Array
    cases: Array
    total: Array
    reference: int
    covariance: Array

    @property
    def others(self) -> Array:
        """Positions of the rows that are not the reference."""
        return np.delete(np.arange(len(self.dose)), self.reference)


def category_doses(
    data: pd.DataFrame, *, open_ended: str = "half-width"
) -> tuple[pd.Series, pd.Series]:
    """Dose of each category and the rule that gave it.

    Parameters
    ----------
    data : DataFrame
        ``study``, ``dose_low`` and ``dose_high`` (empty in a class without upper bound), and,
        where reported, ``dose_median`` or ``dose_mean``, all in one unit of dose.
    open_ended : {"half-width", "1.2 x lower", "1.5 x lower"}
        Dose of a class without upper bound: its lower bound plus half the width of the class
        below, or a multiple of its lower bound.

    Returns
    -------
    dose, rule : Series
        Dose [its unit], and "median", "mean", "midpoint" or the rule for open classes.

    Raises
    ------
    ValueError
        If a bound is missing, bounds are reversed, or an open class has none below it.

    Examples
    --------
    >>> import pandas as pd
    >>> classes = pd.DataFrame({"study": "a", "dose_low": [0, 0, 60], "dose_high": [0, 60, None]})
    >>> category_doses(classes)[0].tolist()
    [0.0, 30.0, 90.0]
    """
    import pandas as pd

    choice("open_ended", open_ended, OPEN_ENDED)
    low, high = (
        pd.Series(_numbers(data, name), index=data.index) for name in ("dose_low", "dose_high")
    )
    wrong = ~(low >= 0) | np.isinf(low) | (high < low) | np.isinf(high)
    if wrong.any():
        rows = data.loc[wrong, ["study", "dose_low", "dose_high"]].to_string(index=False)
        raise ValueError(
            "dose_low must be 0 or more and not above dose_high, which is empty in an open class; "
            f"got\n{rows}"
        )
    dose, rule = (low + high) / 2, pd.Series("midpoint", index=data.index)
    for place in data.index[high.isna()]:
        below = high[(data["study"] == data.loc[place, "study"]) & (high <= low[place])]
        if OPEN_ENDED[open_ended]:
            dose[place] = OPEN_ENDED[open_ended] * low[place]
        elif len(below):
            nearest = below.idxmax()
            dose[place] = low[place] + (high[nearest] - low[nearest]) / 2
        else:
            raise ValueError(
                f"study {data.loc[place, 'study']}: the class from {low[place]:g} has no upper "
                "bound and no class below; give its dose_median, dose_mean or dose_high"
            )
        rule[place] = f"open class: {open_ended}"
    for column, name in (("dose_mean", "mean"), ("dose_median", "median")):
        if column in data.columns:
            printed = pd.Series(_numbers(data, column), index=data.index)
            given = printed.notna()
            dose[given], rule[given] = printed[given], name
    return dose, rule


def studies(data: pd.DataFrame, covariance: Any, open_ended: str) -> tuple[list[Study], list[str]]:
    """The studies of a table and what was assumed on the way, or every fault of it at once."""
    import pandas as pd

    if not isinstance(data, pd.DataFrame):
        raise ValueError(f"data must be a DataFrame, one row a category; got {type(data).__name__}")
    choice("open_ended", open_ended, OPEN_ENDED)
    columns = set(data.columns)
    missing = [name for name in ("study",) if name not in columns]
    if not columns & {"rr", "log_rr"}:
        missing.append("rr (or log_rr)")
    if not ({"ci_low", "ci_high"} <= columns or "se" in columns):
        missing.append("ci_low and ci_high (or se)")
    if "dose" not in columns and not {"dose_low", "dose_high"} <= columns:
        missing.append("dose (or dose_low and dose_high)")
    if missing:
        there = ", ".join(str(name) for name in data.columns)
        raise ValueError(f"data has no column {', '.join(missing)}; it has {there}")
    if not len(data):
        raise ValueError("data has no row")
    rows = data.reset_index(drop=True)
    notes: list[str] = []
    if "dose" in columns:
        dose = _numbers(rows, "dose")
    else:
        given, rule = category_doses(rows, open_ended=open_ended)
        dose = given.to_numpy(dtype=float)
        notes += [f"dose by {name}: {count} rows" for name, count in rule.value_counts().items()]
    if not isinstance(covariance, Mapping) and covariance not in COVARIANCES:
        raise ValueError(
            f"covariance must be one of {', '.join(COVARIANCES)} or a matrix for each study, as "
            f'{{"study": matrix}}; got {covariance!r}'
        )
    log_ratio, variance, blank = _ratios(rows)
    cells = {name: _numbers(rows, name) for name in ("cases", "n")}
    faults: list[str] = []
    checked: list[Study] = []
    if rows["study"].isna().any():
        empty = listed((np.flatnonzero(rows["study"].isna()) + 1).tolist())
        raise ValueError(f"column study is empty in row {empty}")
    codes, names = pd.factorize(rows["study"].astype(str))
    designs = rows["design"].tolist() if "design" in columns else [None] * len(rows)
    parts = np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1])
    several = _several_outcomes(rows)
    table = (dose, log_ratio, variance, cells["cases"], cells["n"])
    wrong = _wrong(*table, blank, np.array([cell == "incidence-rate" for cell in designs]), rows)
    reference = (log_ratio == 0) & blank
    for name, at in zip(names, parts, strict=True):
        study = _study(
            str(name),
            at,
            tuple(column[at] for column in table),
            np.flatnonzero(reference[at]),
            wrong,
            _design(str(name), [designs[row] for row in at], faults),
            covariance,
            faults,
        )
        if study is not None:
            checked.append(study)
    if faults:
        lines = "\n".join(f"- {line}" for line in faults + several)
        raise ValueError(f"the table cannot be used:\n{lines}")
    return checked, notes


def _several_outcomes(rows: pd.DataFrame) -> list[str]:
    """What to do where a study stands in the table once for each of several outcomes."""
    if "outcome" not in rows.columns or (rows.groupby("study")["outcome"].nunique() < 2).all():
        return []
    found = listed([str(one) for one in rows["outcome"].unique()])
    return [f"column outcome holds {found}; take the rows of one outcome"]


def _numbers(rows: pd.DataFrame, name: str) -> Array:
    """A column as floats, empty cells as NaN; text among them is refused."""
    if name not in rows.columns:
        return np.full(len(rows), np.nan)
    if rows[name].dtype.kind not in "iuf":
        wrong = [value for value in rows[name] if isinstance(value, str | bool | np.bool_)]
        if wrong:
            raise ValueError(f"column {name} must hold numbers; got {wrong[0]!r}")
    return rows[name].to_numpy(dtype=float, na_value=np.nan)


def _ratios(rows: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Log ratios, their variances, and where neither interval nor SE stands.

    What cannot be one is marked, for its study to name.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.exp(_numbers(rows, "log_rr")) if "log_rr" in rows else _numbers(rows, "rr")
        log_ratio = np.where((ratio > 0) & np.isfinite(ratio), np.log(ratio), np.nan)
        error = _numbers(rows, "se")
        low, high = _numbers(rows, "ci_low"), _numbers(rows, "ci_high")
        from_interval = (np.log(high) - np.log(low)) / (2 * Z95)
        holds = (low > 0) & (low < ratio) & (ratio < high) & np.isfinite(high)
        none = np.isnan(low) & np.isnan(high)
        from_interval = np.where(none, np.nan, np.where(holds, from_interval, -1.0))
        printed = (error > 0) & np.isfinite(error)
    blank = none & np.isnan(error)
    error = np.where(np.isnan(error), from_interval, np.where(printed, error, -1.0))
    return log_ratio, np.where(error < 0, -1.0, error**2), blank


def _design(study: str, cells: list[Any], faults: list[str]) -> str:
    """The one design of a study; empty where the table names none."""
    named = list(dict.fromkeys(str(cell) for cell in cells if cell == cell and cell is not None))
    if len(named) > 1 or (named and named[0] not in covariances.DESIGNS):
        faults.append(
            f"study {study}, column design: {', '.join(named)}; "
            f"one of {', '.join(covariances.DESIGNS)} for the whole study"
        )
        return ""
    return named[0] if named else ""


def _wrong(
    dose: Array,
    log_ratio: Array,
    variance: Array,
    cases: Array,
    total: Array,
    blank: Array,
    rates: Array,
    rows: pd.DataFrame,
) -> list[tuple[Array, str, str, dict[str, Any]]]:
    """Rows that cannot be used, with their column, why, and the cells to show, kind by kind."""
    interval = (
        "the interval must hold the ratio, with both limits, and an SE be above 0; a reference has "
        "neither"
    )
    every = (
        (~((dose >= 0) & np.isfinite(dose)), "dose", "must be a number of 0 or more"),
        (np.isnan(log_ratio), "rr", "a ratio must be above 0; that of the reference is 1"),
        (variance == -1, "ci_low", interval),
        ((cases < 0) | np.isinf(cases), "cases", "must be 0 or more"),
        ((total <= 0) | np.isinf(total), "n", "must be above 0"),
        ((cases > total) & ~rates, "cases", "more cases than subjects"),
        (
            blank & (log_ratio != 0) & ~np.isnan(log_ratio),
            "ci_low",
            "a ratio needs its interval or SE",
        ),
    )
    shown = {
        "dose": ("dose", "dose_low", "dose_high"),
        "rr": ("rr", "log_rr"),
        "ci_low": ("rr", "log_rr", "ci_low", "ci_high", "se"),
        "cases": ("cases", "n"),
        "n": ("n",),
    }
    return [
        (mask, column, words, {name: rows[name] for name in shown[column] if name in rows.columns})
        for mask, column, words in every
        if mask.any()
    ]


def _study(
    name: str,
    at: Array,
    cells: tuple[Array, ...],
    reference: Array,
    wrong: list[tuple[Array, str, str, dict[str, Any]]],
    design: str,
    covariance: Any,
    faults: list[str],
) -> Study | None:
    """One study, or its faults, each with its row of the table (counted from 1)."""
    dose, log_ratio, variance, cases, total = cells
    before = len(faults)

    def fault(rows: Array, column: str, words: str) -> None:
        numbers = listed((at[rows] + 1).tolist())
        faults.append(f"study {name}, row {numbers}, column {column}: {words}")

    for rows, column, words, cells_read in wrong:
        if rows[at].any():
            first = int(at[np.flatnonzero(rows[at])[0]])
            read = ", ".join(f"{key} {cell.iloc[first]}" for key, cell in cells_read.items())
            fault(rows[at], column, f"{words}; got {read}")
    if len(dose) < 2:
        fault(np.array([0]), "study", "one row holds no ratio; a study has a reference and others")
    elif len(reference) != 1:
        what = "no reference" if not len(reference) else "two references"
        chosen = reference if len(reference) else np.arange(len(dose))
        fault(chosen, "rr", f"{what}: one row has the ratio 1 and neither interval nor SE")
    if len(faults) > before:
        return None
    try:
        matrix = _covariance(
            name, covariance, design, log_ratio, variance, cases, total, int(reference[0])
        )
    except covariances.Margins as error:
        fault(np.arange(len(dose)), "cases and n", str(error))
        return None
    except ValueError as error:
        faults.append(f"study {name}: {error}")
        return None
    return Study(name, dose, log_ratio, variance, cases, total, int(reference[0]), matrix)


def _covariance(
    name: str,
    covariance: Any,
    design: str,
    log_ratio: Array,
    variance: Array,
    cases: Array,
    total: Array,
    reference: int,
) -> Array:
    """The covariance that was asked for, or a sentence on what is missing for it."""
    if isinstance(covariance, Mapping):
        if name not in covariance:
            raise ValueError(f"no covariance was given; there is one for {', '.join(covariance)}")
        matrix = np.asarray(covariance[name], dtype=float)
        size = len(log_ratio) - 1
        if matrix.shape != (size, size) or not np.allclose(matrix, matrix.T):
            raise ValueError(f"its covariance must be {size} x {size} numbers, symmetric")
    elif covariance == "independent":
        matrix = covariances.independent(variance, reference)
    else:
        if not design:
            raise ValueError(
                f"column design must say which of {', '.join(covariances.DESIGNS)} it is; "
                'covariance="independent" needs none'
            )
        rates = design != "case-control"
        if np.isnan(total).any() or (
            np.isnan(cases).any() and not (rates and covariance == "greenland1992")
        ):
            raise ValueError(
                f"{covariance} needs n (and cases) in every row; "
                'give them, or use covariance="independent"'
            )
        if covariance == "hamling2008":
            matrix = covariances.hamling2008(log_ratio, variance, cases, total, design, reference)
        else:
            every = None if np.isnan(cases).any() else float(cases.sum())
            matrix = covariances.greenland1992(
                log_ratio,
                variance,
                every,
                total,
                design,
                reference,
                binomial=covariance == "greenland1992-binomial",
            )
    # the other two are positive definite by how they are made
    made = isinstance(covariance, str) and covariance != "hamling2008"
    if not made and np.linalg.eigvalsh(matrix)[0] <= 0:
        raise ValueError("its covariance is not positive definite")
    return matrix
