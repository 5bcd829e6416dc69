"""Rules on arms and doses.

Set numbers averaged over exercises, and limbs that differ by design, are no errors: a label is
held against the dose only where labels and doses agree in the rest of the study.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import numpy as np

from repdose.screening.query import Frame, Query, listed, query, training, usual

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


def arm_label_dose(rows: Frame) -> Iterator[Query]:
    """A label that contradicts the coded dose."""
    trained = training(rows)
    trained = trained[trained["sets_per_exercise"] > 0].copy()
    for stated, reader in (("_sets", stated_sets), ("_order", stated_order)):
        labels = trained["arm"].astype(str)
        trained[stated] = labels.map({label: reader(label) for label in labels.unique()})
    odd = _mislabelled(trained)
    for stated in ("_sets", "_order"):
        odd |= _crossed(trained.dropna(subset=[stated]), stated)
    for study, doubtful in trained.loc[sorted(odd)].groupby("study", sort=False):
        pairs = listed(
            f"{arm.rpartition(':')[2]} has {sets:g}"
            for arm, sets in zip(doubtful["arm"], doubtful["sets_per_exercise"], strict=True)
        )
        yield query(
            doubtful,
            "high",
            f"arm label and sets per exercise contradict each other: {pairs}",
            "see by group size, age and the study's other rows whether label or dose is wrong",
            str(study),
        )


def _same(rows: Frame) -> list[str]:
    """Columns that two arms share where one is the other's comparison."""
    return [name for name in ("outcome", "muscle_group", "weeks") if name in rows.columns]


def _mislabelled(trained: Frame) -> set[int]:
    """Rows whose label names other sets than were coded, where most labels of the study agree."""
    labelled = trained.dropna(subset=["_sets"])
    differs = labelled["_sets"] != labelled["sets_per_exercise"]
    stated = 1 - differs.groupby(labelled["study"]).transform("mean") >= STATED
    return set(labelled.index[differs & stated])


def _crossed(labelled: Frame, stated: str) -> set[int]:
    """Rows of arms whose doses do not follow the order their labels state."""
    comparisons: dict[Any, list[tuple[int, float, float]]] = {}
    keys = labelled[["study", *_same(labelled)]].itertuples(index=False, name=None)
    cells = zip(labelled.index, labelled[stated], labelled["sets_per_exercise"], strict=True)
    for key, arm in zip(keys, cells, strict=True):
        comparisons.setdefault(key, []).append(arm)
    odd: set[int] = set()
    for arms in comparisons.values():
        if len(arms) < 2:
            continue
        odd |= _out_of_order(arms)
        odd |= _out_of_order([(row, -says, -sets) for row, says, sets in arms])
    if stated == "_sets":
        right = labelled["_sets"] == labelled["sets_per_exercise"]
        odd -= set(labelled.index[right])
    return odd


def _out_of_order(arms: list[tuple[int, float, float]]) -> set[int]:
    """Rows of arms that have no more sets than an arm that states fewer."""
    odd: set[int] = set()
    reached = -math.inf  # by arms that state fewer
    for _, alike in groupby(sorted(arms, key=itemgetter(1)), key=itemgetter(1)):
        same = list(alike)
        odd |= {row for row, _, sets in same if sets <= reached}
        reached = max(reached, *(sets for *_, sets in same))
    return odd


def dose_elsewhere(rows: Frame) -> Iterator[Query]:
    """Sets per exercise that contradict the same arm and muscle elsewhere in the table."""
    trained = training(rows)
    by = ["study", "arm"]
    trained = trained[trained.groupby(by, sort=False)["sets_per_exercise"].transform("nunique") > 1]
    known = trained["muscle_group"].notna()
    cells: dict[Any, list[tuple[Any, ...]]] = {}
    for cell in zip(
        *(trained[name] for name in (*by, "sets_per_exercise", "muscle_group")),
        known,
        trained.index,
        trained["_id"],
        strict=True,
    ):
        cells.setdefault(cell[:2], []).append(cell[2:])
    for (study, arm), group in cells.items():
        doses = {row: dose for dose, _, _, row, _ in group}
        ids = {row: id for *_, row, id in group}
        odd: dict[int, float] = {}
        muscles: dict[Any, list[int]] = {}
        for _, muscle, is_known, row, _ in group:
            if is_known:
                muscles.setdefault(muscle, []).append(row)
        for members in muscles.values():
            most, _ = usual(doses[row] for row in members)
            odd |= {row: most for row in members if doses[row] != most}
        counts = Counter(doses.values()).most_common()
        if len(counts) == 2 and counts[0][1] >= ELSEWHERE and counts[1][1] == 1:
            odd |= {row: counts[0][0] for row, dose in doses.items() if dose == counts[1][0]}
        if odd:
            doubtful = sorted(odd)
            yield Query(
                tuple(ids[row] for row in doubtful),
                str(study),
                "high",
                f"{arm}: {listed(doses[row] for row in doubtful)} sets per exercise here, "
                f"{listed(odd.values())} in its other rows",
                "see in the paper's methods which dose this arm had",
            )


def exercises_differ(rows: Frame) -> Iterator[Query]:
    """Arms of one comparison that differ in exercises, where the trial varied sets."""
    trained = training(rows)
    by = ["study", *_same(rows)]
    differ = trained.groupby(by, sort=False)["exercises"].transform("nunique") > 1
    for study, odd in trained[differ].groupby("study", sort=False):
        yield query(
            odd,
            "medium",
            f"arms of one comparison have {listed(odd['exercises'])} exercises",
            "see whether the dose of one lift was taken from the whole programme",
            str(study),
        )


def dose_arithmetic(rows: Frame) -> Iterator[Query]:
    """Weekly sets that are not sessions x sets x exercises."""
    product = rows["freq"] * rows["sets_per_exercise"] * rows["exercises"]
    wrong = rows[(rows["weekly_sets"] - product).abs() > DOSE_ROUNDING * np.maximum(1, product)]
    for study, doubtful in wrong.groupby("study", sort=False):
        yield query(
            doubtful,
            "high",
            f"weekly_sets is {listed(doubtful['weekly_sets'])}, sessions x sets x exercises give "
            f"{listed(product[doubtful.index])}",
            "compute the weekly sets anew, or see which factor was mistyped",
            str(study),
        )


def group_size_changes(rows: Frame) -> Iterator[Query]:
    """An arm whose number of people changes from row to row."""
    yield from _changes(rows, "n", "medium", "a subsample is possible and should be noted")


def arm_attribute_changes(rows: Frame) -> Iterator[Query]:
    """An arm whose age, sex or training status changes from row to row."""
    for column in ("age_mean", "sex", "training_status", "allocation_design"):
        if column in rows.columns:
            yield from _changes(rows, column, "medium", "people keep these through a trial")


def _changes(rows: Frame, column: str, severity: str, why: str) -> Iterator[Query]:
    by = ["study", "arm"]
    varied = rows[rows.groupby(by, sort=False)[column].transform("nunique") > 1]
    studies: dict[Any, dict[Any, list[tuple[Any, bool, int, Any]]]] = {}
    for study, arm, *cell in zip(
        *(varied[name] for name in (*by, column)),
        varied[column].notna(),
        varied.index,
        varied["_id"],
        strict=True,
    ):
        studies.setdefault(study, {}).setdefault(arm, []).append(tuple(cell))
    for study, arms in studies.items():
        odd: dict[int, Any] = {}
        seen = []
        for arm, members in arms.items():
            most, _ = usual(value for value, known, *_ in members if known)
            odd |= {row: id for value, known, row, id in members if known and value != most}
            seen.append(f"{arm} has {listed(value for value, *_ in members)}")
        yield Query(
            tuple(odd[row] for row in sorted(odd)),
            str(study),
            severity,
            f"{column} changes within an arm: {'; '.join(seen)}",
            f"see the paper's tables; {why}",
        )


def shared_control(rows: Frame) -> Iterator[Query]:
    """Several training arms against one control: their contrasts are correlated."""
    trained, controls = rows[~rows["control_arm"]], rows[rows["control_arm"]]
    arms = trained.groupby("study", sort=False)["arm"].nunique()
    single = controls.groupby("study", sort=False)["arm"].transform("nunique") == 1
    for study, group in controls[single].groupby("study", sort=False):
        if (number := arms.get(study, 0)) > 1:
            yield query(
                group,
                "low",
                f"{number} training arms share the control {listed(group['arm'])}",
                "contrasts with it are correlated: give their covariance, or model the arms",
                str(study),
            )
