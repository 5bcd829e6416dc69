"""Rules on arms and doses.

Set numbers averaged over exercises, and limbs that differ by design, are no errors: a label is
held against the dose only where labels and doses agree in the rest of the study.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from analysis.screening.finding import Finding, Frame, finding, listed, training

# A study whose labels state its sets does so in most rows; by half of them it may be chance.
STATED = 2 / 3
# Rows that must agree before a single other row of the arm is odd.
ELSEWHERE = 4
# Doses are entered with two decimals.
DOSE_ROUNDING = 0.02
ORDER = ((r"LV|LOW|SS|SINGLE", 0), (r"MV|MOD|MED", 1), (r"HV|HIGH|MS|MULT", 2))


def stated_sets(arm: str) -> float:
    """Number of sets an arm's label states, NaN if none or if it states one a limb."""
    label = arm.rpartition(":")[2]
    spelled = re.search(r"(\d+)[\s_-]*sets?", label, re.IGNORECASE)
    alone = re.fullmatch(r"[A-Za-z]{1,3}(\d+)[A-Za-z]?", label)
    match = spelled or alone
    return float(match[1]) if match else float("nan")


def stated_order(arm: str) -> float:
    """Rank of a label that says low, moderate or high volume, NaN otherwise."""
    label = arm.rpartition(":")[2].upper()
    ranks = [rank for pattern, rank in ORDER if re.match(pattern, label)]
    return float(ranks[0]) if ranks else float("nan")


def arm_label_dose(rows: Frame) -> Iterator[Finding]:
    """A label that contradicts the coded dose."""
    trained = training(rows)
    trained = trained[trained["sets_per_exercise"] > 0].copy()
    trained["_sets"] = trained["arm"].astype(str).map(stated_sets)
    trained["_order"] = trained["arm"].astype(str).map(stated_order)
    for study, group in trained.groupby("study", sort=False):
        odd: set[int] = set()
        for stated in ("_sets", "_order"):
            odd |= _crossed(group.dropna(subset=[stated]), stated)
        labelled = group.dropna(subset=["_sets"])
        differs = labelled["_sets"] != labelled["sets_per_exercise"]
        if len(labelled) and 1 - differs.mean() >= STATED:
            odd |= set(labelled.index[differs])
        if odd:
            found = group.loc[sorted(odd)]
            pairs = listed(
                f"{arm.rpartition(':')[2]} has {sets:g}"
                for arm, sets in zip(found["arm"], found["sets_per_exercise"], strict=True)
            )
            yield finding(
                found,
                "high",
                f"arm label and sets per exercise contradict each other: {pairs}",
                "see by group size, age and the study's other rows whether label or dose is wrong",
                str(study),
            )


def _crossed(labelled: Frame, stated: str) -> set[int]:
    """Rows of arms whose doses do not follow the order their labels state."""
    same = [name for name in ("outcome", "muscle_group", "weeks") if name in labelled.columns]
    labelled = labelled.sort_values(stated)
    groups = labelled.groupby(same, sort=False) if same else [((), labelled)]
    odd: set[int] = set()
    for _, group in groups:
        says = dict(zip(group.index, group[stated], strict=True))
        sets = dict(zip(group.index, group["sets_per_exercise"], strict=True))
        for low, high in combinations(group.index, 2):
            if says[low] < says[high] and sets[low] >= sets[high]:
                pair = {low, high}
                if stated == "_sets":
                    pair -= {row for row in pair if says[row] == sets[row]}
                odd |= pair
    return odd


def dose_elsewhere(rows: Frame) -> Iterator[Finding]:
    """Sets per exercise that contradict the same arm and muscle elsewhere in the table."""
    trained = training(rows)
    trained = trained[
        trained.groupby("arm", sort=False)["sets_per_exercise"].transform("nunique") > 1
    ]
    for arm, group in trained.groupby("arm", sort=False):
        odd: dict[int, float] = {}
        for _, muscle in group.groupby("muscle_group", sort=False):
            counts = muscle["sets_per_exercise"].value_counts()
            if len(counts) > 1:
                usual = counts.index[0]
                rest = muscle[muscle["sets_per_exercise"] != usual]
                odd.update(dict.fromkeys(rest.index, float(usual)))
        counts = group["sets_per_exercise"].value_counts()
        if len(counts) == 2 and counts.iloc[0] >= ELSEWHERE and counts.iloc[1] == 1:
            row = group.index[group["sets_per_exercise"] == counts.index[1]][0]
            odd[row] = float(counts.index[0])
        if odd:
            found = group.loc[sorted(odd)]
            yield finding(
                found,
                "high",
                f"{arm}: {listed(found['sets_per_exercise'])} sets per exercise here, "
                f"{listed(odd.values())} in its other rows",
                "see in the paper's methods which dose this arm had",
            )


def exercises_differ(rows: Frame) -> Iterator[Finding]:
    """Arms of one comparison that differ in exercises, where the trial varied sets."""
    by = [name for name in ("outcome", "muscle_group", "weeks") if name in rows.columns]
    for study, group in training(rows).groupby("study", sort=False):
        odd = group[group.groupby(by, sort=False)["exercises"].transform("nunique") > 1]
        if len(odd):
            yield finding(
                odd,
                "medium",
                f"arms of one comparison have {listed(odd['exercises'])} exercises",
                "see whether the dose of one lift was taken from the whole programme",
                str(study),
            )


def dose_arithmetic(rows: Frame) -> Iterator[Finding]:
    """Weekly sets that are not sessions x sets x exercises."""
    product = rows["freq"] * rows["sets_per_exercise"] * rows["exercises"]
    wrong = rows[(rows["weekly_sets"] - product).abs() > DOSE_ROUNDING * np.maximum(1, product)]
    for study, found in wrong.groupby("study", sort=False):
        yield finding(
            found,
            "high",
            f"weekly_sets is {listed(found['weekly_sets'])}, sessions x sets x exercises give "
            f"{listed(product[found.index])}",
            "compute the weekly sets anew, or see which factor was mistyped",
            str(study),
        )


def group_size_changes(rows: Frame) -> Iterator[Finding]:
    """An arm whose number of people changes from row to row."""
    yield from _changes(rows, "n", "medium", "a subsample is possible and should be noted")


def arm_attribute_changes(rows: Frame) -> Iterator[Finding]:
    """An arm whose age, sex or training status changes from row to row."""
    for column in ("age_mean", "sex", "training_status", "allocation_design"):
        if column in rows.columns:
            yield from _changes(rows, column, "medium", "people keep these through a trial")


def _changes(rows: Frame, column: str, severity: str, why: str) -> Iterator[Finding]:
    varied = rows[rows.groupby("arm", sort=False)[column].transform("nunique") > 1]
    for study, group in varied.groupby("study", sort=False):
        odd, seen = [], []
        for arm, members in group.groupby("arm", sort=False):
            counts = members[column].value_counts()
            odd += members.index[members[column] != counts.index[0]].tolist()
            seen.append(f"{arm} has {listed(members[column])}")
        yield finding(
            group.loc[sorted(odd)],
            severity,
            f"{column} changes within an arm: {'; '.join(seen)}",
            f"see the paper's tables; {why}",
            str(study),
        )


def shared_control(rows: Frame) -> Iterator[Finding]:
    """Several training arms against one control: their contrasts are correlated."""
    for study, group in rows.groupby("study", sort=False):
        arms = group.loc[~group["control_arm"], "arm"].nunique()
        controls = group[group["control_arm"]]
        if arms > 1 and controls["arm"].nunique() == 1:
            yield finding(
                controls,
                "low",
                f"{arms} training arms share the control {listed(controls['arm'])}",
                "contrasts with it are correlated: give their covariance, or model the arms",
                str(study),
            )
