"""A reader's own trials made ready for their effects: SDs worked out, levels that tell apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from repdose import metaregression
from repdose.effect_sizes import spread
from repdose.evidence.own_trials import OwnTrials
from repdose.evidence.own_trials.layout import FACTORS, TIMES

Array = np.ndarray[Any, np.dtype[np.float64]]

WHEN = {"pre": "before", "post": "after", "change": "of the change"}
HANDBOOK = "[@higgins2023], section 6.5.2"


def ready(own: OwnTrials) -> tuple[pd.DataFrame, list[str]]:
    """The table with weekly sets and SDs in every row that they follow from, and what was done.

    Returns
    -------
    rows : DataFrame
        Columns as in the packaged table of arms.
    notes : list of str
        What was accepted in reading, then each conversion with its formula.
    """
    # A label of the reader's that looks like a citation is none
    rows, notes = own.frame(), [f"{own.file}: {note}".replace("@", "(at)") for note in own.notes]
    if "weekly_sets" not in rows:
        rows["weekly_sets"] = rows[list(FACTORS)].prod(axis=1)
        notes.append(f"weekly_sets is {' × '.join(FACTORS)} in every row.")
    for name in ("control_arm", "authors_excluded"):
        if name not in rows:
            rows[name] = False
    for name in ("flagged", "corrected"):
        rows[name] = rows[name].fillna("") if name in rows else ""
    for time in TIMES:
        notes += _spread(rows, time)
    notes += _means(rows)
    if "training_status" in rows and (blank := rows["training_status"].isna()).any():
        notes.append(f"{_rows(blank)} without training_status are in no comparison by status.")
    return rows, notes


def of_limbs(rows: pd.DataFrame) -> pd.Series:
    """Which rows are of arms that are limbs of the same people."""
    if "allocation_design" not in rows:
        return pd.Series(False, index=rows.index)
    return rows["allocation_design"].eq("within")


def sampling_correlations(effects: pd.DataFrame, *, rho: float, r_limbs: float) -> list[Array]:
    """Correlation of sampling errors by study: rows of one arm, and limbs of the same people.

    Parameters
    ----------
    effects : DataFrame
        ``study``, ``arm`` and, as far as known, ``allocation_design``, ``sex``, ``outcome`` and
        ``weeks``.
    rho : float
        Correlation between two rows of one arm: outcomes or times of the same people.
    r_limbs : float
        Correlation between two limbs in the same outcome at the same time.

    Returns
    -------
    list of ndarray
        Blocks of the studies in order of appearance, rows in their order.

    Notes
    -----
    Arms of one trial are limbs of the same people within a sex: men are not the women's other leg.
    The n-th row of an arm with the same outcome and weeks is taken as the same test in each.
    """
    limbs = of_limbs(effects)
    sex = effects["sex"].fillna("") if "sex" in effects else ""
    people = pd.Series(sex, index=effects.index).where(limbs, "").astype(str)
    seen = [name for name in ("outcome", "weeks") if name in effects]
    test = effects.groupby(["study", "arm", *seen], dropna=False).cumcount().astype(str)
    for name in seen:
        test = effects[name].astype(str) + " " + test
    apart = effects.assign(
        people=effects["study"].astype(str) + " " + people,
        test=test,
        allocation=np.where(limbs, "within", "parallel"),
        one=1.0,
    )
    parts = metaregression.sampling_covariance(
        apart,
        variance="one",
        cluster="people",
        people="arm",
        outcome="test",
        r=rho,
        allocation="allocation",
        r_limbs=r_limbs,
    )
    studies, groups = (pd.factorize(apart[name])[0] for name in ("study", "people"))
    members = _members(studies)
    place = np.empty(len(apart), dtype=np.int64)  # of a row among those of its study
    for rows in members:
        place[rows] = np.arange(len(rows))
    blocks = [np.zeros((len(rows), len(rows))) for rows in members]
    # both count people in order of appearance
    for number, part in enumerate(parts.values()):
        rows = np.flatnonzero(groups == number)
        for study in np.unique(studies[rows]):  # one, unless names of two read alike
            mine = np.flatnonzero(studies[rows] == study)
            at = place[rows[mine]]
            blocks[study][np.ix_(at, at)] = part.to_numpy()[np.ix_(mine, mine)]
    return blocks


def sampling_errors(effects: pd.DataFrame, correlations: Sequence[Array]) -> list[Array]:
    """Covariance of sampling errors by study, of their variances and correlations.

    Parameters
    ----------
    effects : DataFrame
        With ``study`` and the variances ``vi``.
    correlations : sequence of ndarray
        As :func:`sampling_correlations` gives them for the same rows.

    Returns
    -------
    list of ndarray
        Blocks of the studies in order of appearance, rows in their order.
    """
    roots = np.sqrt(effects["vi"].to_numpy(dtype=np.float64))
    members = _members(pd.factorize(effects["study"])[0])
    return [
        block * np.outer(roots[rows], roots[rows])
        for rows, block in zip(members, correlations, strict=True)
    ]


def _members(studies: np.ndarray[Any, np.dtype[np.int64]]) -> list[Any]:
    """Rows of each study, by its code."""
    order = np.argsort(studies, kind="stable")
    return np.split(order, np.cumsum(np.bincount(studies))[:-1])


def _spread(rows: pd.DataFrame, time: str) -> list[str]:
    """Fill the SD of one time, or of the change, from what stands in its place."""
    name = f"sd_{time}"
    n = rows["n"]
    low, high = f"ci_low_{time}", f"ci_high_{time}"

    def from_t(at: Any) -> Any:
        return spread.sd_from_t(_change(rows)[at], rows.loc[at, "t_change"], n[at])

    ways: list[tuple[str, str, Callable[[Any], Any]]] = [
        (f"se_{time}", "standard error × √n", lambda at: _from_se(rows, time, at)),
        (
            low,
            "√n × width of the 95 % interval / (2 × t of n − 1 degrees of freedom)",
            lambda at: spread.sd_from_interval(rows.loc[at, low], rows.loc[at, high], n[at]),
        ),
    ]
    if time == "change":
        ways.append(("t_change", "√n × mean change / t", from_t))
    notes = []
    for column, formula, convert in ways:
        if column not in rows:
            continue
        at = rows[column].notna()
        if not at.any():
            continue
        if name not in rows:
            rows[name] = np.nan
        rows.loc[at, name] = convert(at)
        notes.append(f"The SD {WHEN[time]} of {_rows(at)} is {formula} ({column}; {HANDBOOK}).")
    return notes


def _from_se(rows: pd.DataFrame, time: str, at: Any) -> Any:
    return spread.sd_from_se(rows.loc[at, f"se_{time}"], rows.loc[at, "n"])


def _change(rows: pd.DataFrame) -> pd.Series[float]:
    """Mean change as given, else the mean after less the mean before."""
    blank = pd.Series(np.nan, index=rows.index)
    given = rows.get("mean_change", blank)
    return given.fillna(rows.get("mean_post", blank) - rows.get("mean_pre", blank))


def _means(rows: pd.DataFrame) -> list[str]:
    """Fill the mean after where the mean before and the change are given."""
    for name in ("mean_pre", "sd_pre", "mean_post"):
        if name not in rows:
            rows[name] = np.nan
    if "mean_change" not in rows:
        return []
    at = rows["mean_post"].isna() & rows["mean_pre"].notna()
    if not at.any():
        return []
    rows.loc[at, "mean_post"] = rows.loc[at, "mean_pre"] + rows.loc[at, "mean_change"]
    return [f"The mean after of {_rows(at)} is the mean before and the mean change."]


def with_changes(rows: pd.DataFrame, *, r: float) -> pd.DataFrame:
    """Rows whose effect can be computed: change scores stand for means, their SD for the SD before.

    Where only the change is known the mean before is set to 0, the origin that it counts from;
    where only the SD of the change is known, the SD before follows from it and `r`.
    """
    done = rows.copy()
    bare = done["mean_pre"].isna() | done["mean_post"].isna()
    if bare.any():
        done.loc[bare, "mean_post"] = _change(rows)[bare]
        done.loc[bare, "mean_pre"] = 0.0
    at = done["sd_pre"].isna()
    if at.any():
        done.loc[at, "sd_pre"] = spread.sd_before_from_change(done.loc[at, "sd_change"], r=r)
    return done


def change_notes(rows: pd.DataFrame, *, r: float) -> list[str]:
    """What :func:`with_changes` does to the rows, with its formula."""
    notes = []
    bare = rows["mean_pre"].isna() | rows["mean_post"].isna()
    if bare.any():
        notes.append(f"The change of {_rows(bare)} is mean_change; no mean before is known.")
    at = rows["sd_pre"].isna()
    if "sd_change" in rows and (unused := rows["sd_change"].notna() & ~at).any():
        notes.append(f"The SD of the change of {_rows(unused)} is not used: an SD before is known.")
    if at.any():
        notes.append(
            f"The SD before of {_rows(at)} is the SD of the change / √(2 (1 − r)), with the "
            f"assumed correlation r = {r:g} and the SD after taken to be the same ({HANDBOOK})."
        )
    return notes


def levels_apart(rows: pd.DataFrame, levels: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Nested levels without those that group the rows as the one above does, and which were."""
    kept: list[str] = []
    notes = []
    for name in levels:
        groups = rows.groupby([*kept, name], sort=False).ngroups
        if kept and groups == rows.groupby(kept, sort=False).ngroups:
            notes.append(
                f"Each {kept[-1]} has one {name}, so the level {name} was dropped: its variance "
                f"cannot be told from that of {kept[-1]}."
            )
        else:
            kept.append(name)
    return tuple(kept), notes


def _rows(at: pd.Series[bool]) -> str:
    count = int(at.sum())
    return f"{count} row{'s' * (count > 1)}"
