"""Rules on ratios of risk by category of dose, each against a reference of its study."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from repdose.screening.query import Frame, Query, listed, query

# Share of the half-width by which the middle of an interval may lie off its ratio on the log
# scale, once rounding of all three is allowed for.
ASYMMETRY = 0.05
# Decimals that a printed ratio may have; rounding moves it by half a unit of the last.
MOST_DECIMALS = 6
# Factor between the adjusted and the crude ratio beyond which adjustment is rarely the reason.
CRUDE_FACTOR = 2.0


def ready(rows: Frame) -> Frame:
    """Rows with ``rr``, and the study and outcome that share a reference in ``_group``."""
    if "rr" not in rows.columns:
        rows["rr"] = np.exp(rows["log_rr"])
    by = ["study", *(["outcome"] if "outcome" in rows.columns else [])]
    rows["_group"] = rows.groupby(by, sort=False, dropna=False).ngroup()
    for name in ("ci_low", "ci_high", "se"):
        if name not in rows.columns:
            rows[name] = np.nan
    return rows


def _groups(rows: Frame) -> Iterator[Frame]:
    for _, group in rows.groupby("_group", sort=False):
        yield group


def _blank(rows: Frame) -> Frame:
    """Rows with neither interval nor SE."""
    return rows[["ci_low", "ci_high", "se"]].isna().all(axis=1)


def references(rows: Frame) -> Iterator[Query]:
    """A study without a reference, with two, or whose reference has an error."""
    for group in _groups(rows):
        ones = group["rr"] == 1
        found = group[ones & _blank(group)]
        if len(found) > 1:
            yield query(
                found,
                "high",
                f"{len(found)} rows have the ratio 1 and neither interval nor SE",
                "see which category the ratios are against; two outcomes or models in one study "
                "need an outcome or a study of their own",
            )
        elif found.empty and ones.any():
            yield query(
                group[ones],
                "high",
                "the only row with the ratio 1 has an interval or SE, which a reference has not",
                "empty its interval and SE if it is the reference; else enter the reference",
            )
        elif found.empty:
            yield query(
                group,
                "high",
                "no row has the ratio 1 without interval and SE",
                "enter the reference category with its dose",
            )


def interval_excludes(rows: Frame) -> Iterator[Query]:
    """An interval that does not hold its ratio, or has one limit alone."""
    low, ratio, high = rows["ci_low"], rows["rr"], rows["ci_high"]
    one = rows[low.isna() != high.isna()]
    for _, row in one.groupby("_id", sort=False):
        yield query(row, "high", "one limit of the interval is empty", "enter both limits")
    both = low.notna() & high.notna()
    wrong = rows[both & ~((low > 0) & (low < ratio) & (ratio < high))]
    for _, row in wrong.groupby("_id", sort=False):
        first = row.iloc[0]
        yield query(
            row,
            "high",
            f"the interval {first['ci_low']:g} to {first['ci_high']:g} does not hold the ratio "
            f"{first['rr']:g}",
            "look the three numbers up",
        )


def _half_unit(values: np.ndarray) -> float:
    """Half a unit of the last decimal that any of the numbers has."""
    for decimals in range(MOST_DECIMALS):
        if np.allclose(values, np.round(values, decimals), rtol=0, atol=1e-9):
            return 0.5 * 10.0**-decimals
    return 0.0


def interval_asymmetric(rows: Frame) -> Iterator[Query]:
    """An interval whose middle on the log scale is not its ratio, beyond what rounding does."""
    for group in _groups(rows):
        low, ratio, high = (group[name] for name in ("ci_low", "rr", "ci_high"))
        used = group[(low > 0) & (low < ratio) & (ratio < high)]
        if used.empty:
            continue
        numbers = used[["ci_low", "rr", "ci_high"]].to_numpy()
        half = _half_unit(numbers)
        logs, slack = np.log(numbers), half / numbers
        width = (logs[:, 2] - logs[:, 0]) / 2
        off = np.abs((logs[:, 0] + logs[:, 2]) / 2 - logs[:, 1])
        allowed = slack[:, 1] + (slack[:, 0] + slack[:, 2]) / 2
        for at in np.flatnonzero(off > ASYMMETRY * width + allowed):
            row = used.iloc[[at]]
            yield query(
                row,
                "medium",
                f"on the log scale the ratio {numbers[at, 1]:g} lies "
                f"{100 * off[at] / width[at]:.0f} % of the half-width off the middle of "
                f"{numbers[at, 0]:g} to {numbers[at, 2]:g}, {np.exp(logs[at, [0, 2]].mean()):.3g}",
                "look the three numbers up; an interval by profile or bootstrap need not be "
                "symmetric, and its SE is then a guess",
            )


def cases_sum(rows: Frame) -> Iterator[Query]:
    """Cases of the categories that do not add up to the printed total."""
    for group in _groups(rows):
        totals = group["study_cases"].dropna().unique()
        if len(totals) > 1:
            yield query(
                group,
                "high",
                f"the study has several totals of cases, {listed(totals.tolist())}",
                "enter one",
            )
        elif len(totals) and group["cases"].notna().all() and group["cases"].sum() != totals[0]:
            yield query(
                group,
                "medium",
                f"cases add up to {group['cases'].sum():.0f}; the total is printed as "
                f"{totals[0]:.0f}",
                "see whether a category is missing, or the total is of other people",
            )


def more_cases(rows: Frame) -> Iterator[Query]:
    """More cases than persons, or than years that they were watched."""
    wrong = rows[rows["cases"] > rows["n"]]
    for _, row in wrong.groupby("_id", sort=False):
        first = row.iloc[0]
        yield query(
            row,
            "high",
            f"{first['cases']:.0f} cases of {first['n']:.0f}",
            "see whether the columns are exchanged, or persons stand where person-years belong",
        )


def dose_order(rows: Frame) -> Iterator[Query]:
    """Doses of a study that do not rise from row to row."""
    name = "dose_low" if "dose_low" in rows.columns else "dose"
    for group in _groups(rows):
        dose = group[name].to_numpy()
        columns = [name, *(["dose_high"] if "dose_high" in rows.columns else [])]
        for at in np.flatnonzero(np.diff(dose) <= 0).tolist():
            pair = group.iloc[[at, at + 1]]
            # no dose, and then from none up to a bound
            if dose[at] == dose[at + 1] and len(pair[columns].drop_duplicates()) > 1:
                continue
            yield query(
                pair,
                "high" if dose[at] == dose[at + 1] else "medium",
                f"{name} is {dose[at]:g} and then {dose[at + 1]:g}",
                "see whether two rows are exchanged, or a dose belongs to another category",
            )


def classes_overlap(rows: Frame) -> Iterator[Query]:
    """A class that begins below the end of the class before it."""
    for group in _groups(rows):
        order = group.sort_values(["dose_low", "dose_high"], kind="stable")
        low, high = order["dose_low"].to_numpy(), order["dose_high"].to_numpy()
        for at in np.flatnonzero(low[1:] < high[:-1]).tolist():
            yield query(
                order.iloc[[at, at + 1]],
                "medium",
                f"the class from {low[at + 1]:g} begins below {high[at]:g}, where the one before "
                "it ends",
                "look the bounds up",
            )


def dose_outside_class(rows: Frame) -> Iterator[Query]:
    """A dose that lies outside the bounds of its category."""
    for name in ("dose", "dose_median", "dose_mean"):
        if name not in rows.columns:
            continue
        wrong = rows[(rows[name] < rows["dose_low"]) | (rows[name] > rows["dose_high"])]
        for _, row in wrong.groupby("_id", sort=False):
            first = row.iloc[0]
            ends = f"{first['dose_low']:g} to {first['dose_high']:g}"
            yield query(
                row,
                "high",
                f"{name} {first[name]:g} lies outside its category, {ends}",
                "look the bounds and the dose up, and their unit",
            )


def crude_ratio(rows: Frame) -> Iterator[Query]:
    """An adjusted ratio on the other side of 1 than the crude one, or far from it."""
    for group in _groups(rows):
        first = group[(group["rr"] == 1) & _blank(group)]
        if len(first) != 1:
            continue
        odds = "design" in group.columns and (group["design"] == "case-control").all()
        rate = group["cases"] / (group["n"] - group["cases"] if odds else group["n"])
        crude = rate / rate[first.index[0]]
        for at in group.index[group.index != first.index[0]]:
            own, other = group.loc[at, "rr"], crude[at]
            if not (np.isfinite(other) and other > 0 and own > 0):
                continue
            far = max(own / other, other / own) > CRUDE_FACTOR
            if far or (own - 1) * (other - 1) < 0:
                yield query(
                    group.loc[[at]],
                    "medium" if far else "low",
                    f"the adjusted ratio is {own:g}, the crude one {other:.2f}",
                    "see whether cases and n are of the people and the follow-up of the ratio; "
                    "confounding can do it too",
                )
