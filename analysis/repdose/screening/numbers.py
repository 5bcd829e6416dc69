"""Rules on means, standard deviations and changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from repdose.effect_sizes import small_sample_factor
from repdose.screening.query import Frame, Query, listed, query, training

# Thresholds are judgement: set so that a standard error typed as an SD stands out at usual group
# sizes, while the spread between muscles, tests and samples does not.
LOW_SPREAD = 0.6  # of ln(usual CV / CV): a sign together with another
VERY_LOW_SPREAD = 0.9  # a sign alone
HIGH_SPREAD = 1.1  # of ln(CV / usual CV), a factor of 3
SPREAD_CHANGE = 2.5  # SD after over SD before, or one arm's over another's
NEAR_ROOT_N = 1.7  # factor within which such a ratio is taken for the root of n
LARGE_EFFECT = 3  # in SDs before
USUAL_ROWS = 10  # to say what is usual in a domain
# Largest gains and losses of training groups that pass unasked: a trial of 12 weeks adds some
# 5 % of size and 15 % of strength.
GAIN_PERCENT = {"size": 40, "strength": 80}
LOSS_PERCENT = -5
ROUNDING = 0.01  # of the larger mean: print rounds means and changes apart


def duplicate_rows(rows: Frame) -> Iterator[Query]:
    """The same numbers twice, in one study or in two."""
    columns = [
        name for name in ("n", "mean_pre", "sd_pre", "mean_post", "sd_post") if name in rows.columns
    ]
    twice = rows[rows.duplicated(columns, keep=False)]
    for _, group in twice.groupby(columns, sort=False, dropna=False):
        yield query(
            group,
            "high",
            f"the same n, means and SDs stand in {len(group)} rows ({listed(group['arm'])})",
            "see which arm, outcome or time the numbers belong to; drop the copy",
        )


def baseline_changes(rows: Frame) -> Iterator[Query]:
    """An arm whose value before training differs between its time points."""
    by = [
        name for name in ("study", "arm", "outcome", "muscle_group", "sex") if name in rows.columns
    ]
    groups = rows.groupby(by, sort=False)
    varied = groups[["mean_pre", "sd_pre"]].transform("nunique").gt(1).any(axis=1)
    several = groups["weeks"].transform("nunique") > 1
    for _, group in rows[varied & several].groupby(by, sort=False):
        if group["weeks"].duplicated().any():
            continue
        for column in ("mean_pre", "sd_pre"):
            if group[column].nunique() > 1:
                yield query(
                    group,
                    "medium",
                    f"{column} of one arm and outcome is {listed(group[column])} at weeks "
                    f"{listed(group['weeks'])}",
                    "there is one measurement before training; see which is printed",
                )


def _usual_cv(rows: Frame, column: str = "sd_pre") -> Frame:
    """ln of a row's coefficient of variation over the median of its domain."""
    log_cv = np.log(rows[column] / rows["mean_pre"].abs())
    usual = log_cv.groupby(rows["domain"]).transform("median")
    enough = log_cv.groupby(rows["domain"]).transform("count") >= USUAL_ROWS
    return (log_cv - usual).where(enough)


def spread(rows: Frame) -> Iterator[Query]:
    """A standard error typed as an SD, or an SD multiplied by the root of n.

    Signs: the coefficient of variation is far below its domain's and usual once multiplied by
    the root of n; SD before and after differ; arms of one comparison differ.
    """
    rows = rows[(rows["sd_pre"] > 0) & (rows["mean_pre"] != 0)].copy()
    root = np.sqrt(rows["n"])
    off = _usual_cv(rows)
    explained = (off + np.log(root)).abs() < off.abs()
    rows["_low"] = (-off).where(explained, 0.0).fillna(0.0)
    rows["_high"] = off.fillna(0.0)
    after = rows["sd_post"] / rows["sd_pre"] if "sd_post" in rows.columns else root * np.nan
    rows["_after"] = after
    by = [
        name
        for name in ("study", "outcome", "muscle_group", "weeks", "sex", "method")
        if name in rows.columns
    ]
    largest = rows.groupby(by, sort=False, dropna=False)["sd_pre"].transform("max")
    smallest = rows.groupby(by, sort=False, dropna=False)["sd_pre"].transform("min")
    several = rows.groupby(by, sort=False, dropna=False)["arm"].transform("nunique") > 1
    rows["_arms"] = (largest / rows["sd_pre"]).where(several, 1.0)
    rows["_below"] = (rows["sd_pre"] / smallest).where(several, 1.0)
    signs = (
        (rows["_low"] > LOW_SPREAD).astype(int)
        + (rows["_after"] > SPREAD_CHANGE).astype(int)
        + (rows["_arms"] > SPREAD_CHANGE).astype(int)
    )
    alone = (rows["_low"] > VERY_LOW_SPREAD) | (rows["_after"] > SPREAD_CHANGE)
    small = rows[((signs > 1) & (rows["_low"] > 0)) | alone]
    for study, group in small.groupby("study", sort=False):
        several = signs[group.index].to_numpy() > 1
        both = several & (group["_after"].to_numpy() > SPREAD_CHANGE)
        severity = "high" if both.any() else "medium" if several.any() else "low"
        yield _small_spread(group, str(study), severity)
    shrunk = (1 / rows["_after"] > SPREAD_CHANGE) | (rows["_high"] > HIGH_SPREAD)
    for study, group in rows[shrunk].groupby("study", sort=False):
        slip = (1 / group["_after"] > SPREAD_CHANGE).any() and (group["_high"] > HIGH_SPREAD).any()
        yield query(
            group,
            "high" if slip else "medium",
            f"SD before is {_percent(group['sd_pre'] / group['mean_pre'].abs())} of the mean, "
            f"{_percent(np.exp(group['_high']))} of the usual"
            + (f"; the SD after is {listed(group['_after'])} of it" if slip else ""),
            "see whether an SD was multiplied by the root of n as if it were a standard error, or "
            "a digit or decimal point slipped",
            str(study),
        )


def _small_spread(group: Frame, study: str, severity: str) -> Query:
    """The query about SDs that look like standard errors."""
    cells = {name: group[name].to_numpy() for name in ("n", "_low", "_after", "_arms")}
    cv = group["sd_pre"].to_numpy() / np.abs(group["mean_pre"].to_numpy())
    parts = [f"SD before is {_percent(cv)} of the mean, n {listed(cells['n'].tolist())}"]
    for name, says in (("_after", "the SD after"), ("_arms", "another arm's SD")):
        if (far := cells[name][cells[name] > SPREAD_CHANGE]).size:
            parts.append(f"{says} is {listed(far.tolist())} times as large")
    low = cells["_low"] > LOW_SPREAD
    times = np.exp(cells["_low"][low]) / np.sqrt(cells["n"][low])
    if ((times >= 1 / NEAR_ROOT_N) & (times <= NEAR_ROOT_N)).any():
        parts.append("times the root of n it would be what is usual for such measures")
    return query(
        group,
        severity,
        "; ".join(parts),
        "see whether the paper prints standard errors; if so, multiply by the root of n",
        study,
    )


def _percent(values: Frame) -> str:
    low, high = 100 * values.min(), 100 * values.max()
    return f"{low:.0f} %" if round(low) == round(high) else f"{low:.0f} to {high:.0f} %"


def effect_beyond_3(rows: Frame) -> Iterator[Query]:
    """Standardised changes beyond 3, each with the part that makes it so."""
    usable = rows[(rows["n"] > 2) & (rows["sd_pre"] > 0)].copy()
    change = usable["mean_post"] - usable["mean_pre"]
    factor = np.asarray(small_sample_factor(usable["n"].to_numpy() - 1))
    usable["_g"] = change / usable["sd_pre"] * factor
    usable["_gain"] = 100 * change / usable["mean_pre"].abs()
    usable["_cv"] = usable["sd_pre"] / usable["mean_pre"].abs()
    for study, group in usable[usable["_g"].abs() > LARGE_EFFECT].groupby("study", sort=False):
        gain, cv = _percent(group["_gain"] / 100), _percent(group["_cv"])
        yield query(
            group,
            "medium",
            f"g is {listed(group['_g'])}: the change is {gain} of the mean and the SD before {cv}",
            "see whether the SD is a standard error, and the means those of this arm and time",
            str(study),
        )


def implausible_change(rows: Frame) -> Iterator[Query]:
    """Losses under training, and gains beyond what training does."""
    trained = training(rows)
    trained = trained[trained["mean_pre"] > 0].copy()
    trained["_gain"] = 100 * (trained["mean_post"] / trained["mean_pre"] - 1)
    limit = trained["domain"].map(GAIN_PERCENT)
    odd = trained[(trained["_gain"] < LOSS_PERCENT) | (trained["_gain"] > limit)]
    by = [name for name in ("outcome", "muscle_group", "weeks") if name in rows.columns]
    others = trained[trained["study"].isin(odd["study"])].groupby("study", sort=False)
    for study, group in odd.groupby("study", sort=False):
        doubtful, note = group, ""
        if by:
            same = others.get_group(study)
            same = same[(same[by] == group[by].iloc[0]).all(axis=1)]
            if _crossed(same):
                doubtful = trained.loc[sorted({*group.index, *same.index})]
                note = "; read across the two arms, instead of along them, both gain"
        yield query(
            doubtful,
            "high" if note else "medium",
            f"change of {listed(doubtful['_gain'])} % under training{note}",
            "see whether before and after, or the arms, were interchanged, or a digit slipped",
            str(study),
        )


def _crossed(same: Frame) -> bool:
    """Whether two arms lose along their rows but gain across them."""
    if len(same) != 2 or (same["_gain"] > 0).any():
        return False
    before, after = same["mean_pre"].to_numpy(), same["mean_post"].to_numpy()
    return bool(before[1] > before[0] and after[1] > after[0])


def change_score(rows: Frame) -> Iterator[Query]:
    """Change scores that are not the mean after minus the mean before."""
    change = rows["mean_post"] - rows["mean_pre"]
    scale = rows[["mean_pre", "mean_post"]].abs().max(axis=1)
    wrong = (rows["mean_change"] - change).abs() > ROUNDING * scale
    for study, group in rows[wrong].groupby("study", sort=False):
        yield query(
            group,
            "high",
            f"mean_change is {listed(group['mean_change'])}, after minus before is "
            f"{listed(change[group.index])}",
            "see which of the three the paper prints; often a sign or a digit slipped",
            str(study),
        )
    if {"sd_change", "sd_post"} <= set(rows.columns):
        low = (rows["sd_pre"] - rows["sd_post"]).abs()
        high = rows["sd_pre"] + rows["sd_post"]
        wrong = (rows["sd_change"] < low * (1 - ROUNDING)) | (rows["sd_change"] > high)
        for study, group in rows[wrong].groupby("study", sort=False):
            yield query(
                group,
                "high",
                f"sd_change is {listed(group['sd_change'])}, but SDs before and after allow only "
                f"{listed(low[group.index])} to {listed(high[group.index])}",
                "no correlation gives this SD: see whether it is a standard error",
                str(study),
            )
