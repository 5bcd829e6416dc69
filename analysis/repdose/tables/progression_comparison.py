"""Tables and sentences of the report that sets plans side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from repdose import adherence, dose_response, energy, mechanics, session_load
from repdose.evidence.studies.study_findings import finding
from repdose.evidence.training.leg_raises import NO_MODEL
from repdose.evidence.training.variants import ROLES, muscles
from repdose.mechanics import REFERENCE
from repdose.plans import AnyStage, Plan
from repdose.progression import comparison
from repdose.tables.leg_raise_mechanics import short
from repdose.tables.words import counted, listed, upper
from repdose.volume import weekly_sets

LETTERS = "ABCDEFG"
GUIDELINE = "garber2011"
# The published curve that counts sets as the plans here do, and the weight it counts with.
CURVE = "pelland2026.size_volume"
CURVE_WEIGHT = "pelland2024preprint.indirect_set_weight_fractional"
MUSCLES = ("iliopsoas", "rectus_abdominis")
# What the report states of each plan's mean week: label, unit, scale, decimals.
REPORTED = {
    "gross_energy": ("Gross energy", "kcal/week", 1.0, 0),
    "met_minutes": ("Strength work", "MET-min/week", 1.0, 0),
    "time_under_tension": ("Time under tension", "min/week", 1 / 60, 1),
    "fractional_sets_iliopsoas": ("Hip flexors", "sets per muscle per week", 1.0, 1),
    "fractional_sets_rectus_abdominis": ("Rectus abdominis", "sets per muscle per week", 1.0, 1),
    "mechanical_work": ("Mechanical work", "kJ/week", 1 / 1000, 1),
    "moment_time_impulse": ("Moment-time impulse", "kN m s/week", 1 / 1000, 1),
    "relative_peak": ("Peak moment", "% of straight-leg raise", 100.0, 0),
    "recommendations_met": ("Recommendations met", "%", 100.0, 0),
}
DOSE = (
    "gross_energy",
    "met_minutes",
    "time_under_tension",
    "fractional_sets_iliopsoas",
    "fractional_sets_rectus_abdominis",
)
MECHANICS = tuple(metric for metric in REPORTED if metric not in DOSE)
# What is followed from week to week, under the name it has in the table.
CHANGING = {
    "fractional_sets_iliopsoas": "Hip-flexor sets",
    "moment_time_impulse": "Moment-time impulse",
    "gross_energy": "Gross energy",
}


def lettered(plans: Sequence[Plan]) -> dict[str, Plan]:
    """Plans by the letter that stands for each in the report."""
    return dict(zip(LETTERS, plans, strict=False))


def label(plan: Plan) -> str:
    """Short name of a plan: its rule where one made it, else its title up to the comma."""
    return upper(plan.title.rpartition(", ")[2] if plan.rule else plan.title.partition(",")[0])


def weekly(
    plans: Mapping[str, Plan], *, indirect_weight: float, time_basis: str, **given: Any
) -> pd.DataFrame:
    """Every metric of every plan and week, tidy.

    Parameters
    ----------
    plans : mapping of str to Plan
        Plans by letter.
    indirect_weight : float
        What an indirect set counts for in the fractional sets. [1]
    time_basis : {"elapsed", "working"}
        Time basis of ``gross_energy`` and ``met_minutes``, which have none in their name.
    **given
        As for :func:`repdose.progression.comparison.compare`.

    Returns
    -------
    DataFrame
        Rows of :func:`repdose.progression.comparison.compare` with the plan's letter, and besides
        gross_energy [kcal], met_minutes [MET-min], relative_peak (peak hip moment as a share
        of the same person's straight-leg raise), recommendations_met (share of those that can
        be compared) and response_<muscle> (published curve at the week's sets, see
        :func:`response`) [%].
    """
    letters = {plan.title: letter for letter, plan in plans.items()}
    frame = comparison.compare(list(plans.values()), indirect_weight=indirect_weight, **given)
    frame["plan"] = frame["plan"].map(letters)
    person = {
        name: given[name]
        for name in ("body_mass_kg", "stature_m", "sex", "segments")
        if name in given
    }
    reference = float(mechanics.repetition(REFERENCE, **person).peak_nm)
    peaks = frame[frame["metric"] == "peak_hip_moment"]
    parts = [
        frame,
        peaks.assign(metric="relative_peak", value=peaks["value"] / reference, unit=""),
        *(
            frame[frame["metric"] == f"{name}_{time_basis}"].assign(metric=name)
            for name in ("gross_energy", "met_minutes")
        ),
    ]
    parts += [_without_sets(frame, letter, plan) for letter, plan in plans.items()]
    for letter, plan in plans.items():
        compared = adherence.compare(plan, guideline=GUIDELINE, edition=given["edition"])
        share = adherence.weekly_share(compared)
        parts.append(
            pd.DataFrame(
                {
                    "plan": letter,
                    "week": share["week"],
                    "variant": [week.stage.trained for week in plan],
                    "metric": "recommendations_met",
                    "value": share["share"],
                    "unit": "",
                }
            )
        )
    parts += [response(plans, muscle) for muscle in MUSCLES]
    # Weeks of zeros came last: every line is by plan and week again
    return pd.concat(parts).sort_values(["plan", "week"], kind="stable", ignore_index=True)


def _without_sets(frame: pd.DataFrame, letter: str, plan: Plan) -> pd.DataFrame:
    """Zeros for the weeks of a plan in which a muscle reported gets no set."""
    rows = []
    for metric in (f"fractional_sets_{muscle}" for muscle in MUSCLES):
        trained = set(frame[(frame["plan"] == letter) & (frame["metric"] == metric)]["week"])
        rows += [
            {
                "plan": letter,
                "week": week.number,
                "variant": week.stage.trained,
                "metric": metric,
                "value": 0.0,
                "unit": "sets",
            }
            for week in plan
            if week.number not in trained
        ]
    return pd.DataFrame(rows, columns=frame.columns).astype(frame.dtypes)


def response(plans: Mapping[str, Plan], muscle: str) -> pd.DataFrame:
    """What the published curve says at each week's sets of a muscle: an illustration.

    Returns
    -------
    DataFrame
        plan, week, variant, metric, value and unit as in :func:`weekly`, and sets and
        extrapolated (outside the doses the source speaks of). Values are mean gains over no
        sets [%], and sets are counted with the curve's own weight.
    """
    curve = dose_response.curve_of(CURVE)
    weight = float(finding(CURVE_WEIGHT).value or 0)
    parts = []
    for letter, plan in plans.items():
        counted = weekly_sets(plan, indirect_weight=weight, muscle=muscle)
        answer = curve.response(counted["fractional"].to_numpy())
        parts.append(
            pd.DataFrame(
                {
                    "plan": letter,
                    "week": counted["week"],
                    "variant": [week.stage.trained for week in plan],
                    "metric": f"response_{muscle}",
                    "value": answer["estimate"],
                    "unit": "%",
                    "sets": counted["fractional"],
                    "extrapolated": answer["extrapolated"],
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def of_metric(frame: pd.DataFrame, metric: str) -> dict[str, pd.Series]:
    """One metric of each plan that has it, by week."""
    rows = frame[frame["metric"] == metric]
    values = rows.set_index("week")["value"]
    by_plan = values.groupby(rows["plan"].to_numpy(), sort=False)
    return {str(letter): mine for letter, mine in by_plan}


def means(frame: pd.DataFrame, metric: str) -> pd.Series:
    """Mean week of each plan, by letter; none of a plan with a week that has no such number."""
    weeks = frame.groupby("plan")["week"].nunique()
    return pd.Series(
        {
            letter: float(mine.mean())
            for letter, mine in of_metric(frame, metric).items()
            if len(mine) == weeks[letter]
        },
        dtype=float,
    )


def energy_rows(plans: Mapping[str, Plan], **given: Any) -> pd.DataFrame:
    """Gross energy of the mean week at the low, central and high MET row, by letter [kcal].

    `given` is as for :func:`repdose.energy.weekly_energy`.
    """
    means = {
        letter: energy.weekly_energy(plan, **given)[[f"gross_{role}" for role in ROLES]].mean()
        for letter, plan in plans.items()
    }
    return pd.DataFrame(means).T.rename(columns=lambda name: name.removeprefix("gross_"))


def met_range(rows: pd.DataFrame, letter: str) -> dict[str, Any]:
    """Range of a plan's energy over the MET rows, as a report's number takes it."""
    return {
        "low": float(rows["low"][letter]),
        "high": float(rows["high"][letter]),
        "kind": "assumption",
    }


def stage_words(stage: AnyStage) -> str:
    """What a stage trains: the exercise without its posture, or how much there is."""
    return short(stage.exercises[0]) if len(stage.exercises) == 1 else stage.label


def plan_rows(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Which letter is which plan: length, way through the variants, and who made it."""
    return pd.DataFrame(
        {
            "Plan": letter,
            "Title": upper(plan.title),
            "Weeks": len(plan.weeks()),
            "Variants": " → ".join(dict.fromkeys(map(stage_words, plan.stages))),
            "Made": "by rule" if plan.rule else "by hand",
        }
        for letter, plan in plans.items()
    )


def mean_rows(frame: pd.DataFrame, metrics: Iterable[str]) -> pd.DataFrame:
    """The mean week of each plan, for some of the metrics reported."""
    rows = {_of_a_week(*REPORTED[m][:2]): REPORTED[m][2] * means(frame, m) for m in metrics}
    letters = list(dict.fromkeys(frame["plan"]))
    table = pd.DataFrame(rows, index=pd.Index(letters, name="Plan"))
    for column in table.columns[table.isna().any()]:
        table[column] = table[column].astype(object).where(table[column].notna(), NO_MODEL)
    return table.reset_index()


def mean_digits() -> dict[str, int]:
    """Decimals of the columns of :func:`mean_rows`."""
    return {_of_a_week(name, unit): digits for name, unit, _, digits in REPORTED.values()}


def changing(frame: pd.DataFrame, metric: str) -> dict[str, pd.Series]:
    """Changes from week to week of each plan that has any, by letter."""
    moves = {letter: changes(mine) for letter, mine in of_metric(frame, metric).items()}
    return {letter: mine for letter, mine in moves.items() if len(mine)}


def _of_a_week(name: str, unit: str) -> str:
    return f"{name} [{unit.removesuffix('/week').removesuffix(' per week')}]"


def change_rows(frame: pd.DataFrame) -> pd.DataFrame:
    """The largest rise and fall from one week to the next, in percent."""
    whole = {metric: set(means(frame, metric).index) for metric in CHANGING}
    weeks = {metric: of_metric(frame, metric) for metric in CHANGING}
    rows = []
    for letter in dict.fromkeys(frame["plan"]):
        row: dict[str, object] = {"Plan": letter}
        for metric, name in CHANGING.items():
            if letter not in whole[metric]:
                row |= dict.fromkeys((f"{name}, rise [%]", f"{name}, fall [%]"), NO_MODEL)
                continue
            moves = 100 * changes(weeks[metric][str(letter)])
            row[f"{name}, rise [%]"] = moves.max() if (moves > 0).any() else math.nan
            row[f"{name}, fall [%]"] = moves.min() if (moves < 0).any() else math.nan
        rows.append(row)
    return pd.DataFrame(rows)


def changes(values: pd.Series) -> pd.Series:
    """Change of each week from the week before, as a share.

    The first week has none, nor has one whose week before was not trained or has no such number.
    """
    shares = pd.Series(session_load.weekly_change(values.tolist()), values.index, dtype=float)
    follows = values.index.to_series().diff() == 1
    return shares[follows].dropna()


def adherence_rows(plans: Mapping[str, Plan], *, guideline: str, edition: str) -> pd.DataFrame:
    """In what share of its weeks each plan meets each recommendation [%]."""
    rows: dict[str, dict[str, object]] = {}
    for letter, plan in plans.items():
        compared = adherence.compare(plan, guideline=guideline, edition=edition)
        verdicts: dict[str, list[str]] = {}
        for one in compared.to_dict("records"):
            words = {"Recommendation": one["criterion"], "Recommended": one["recommended"]}
            rows.setdefault(one["record"], words)
            verdicts.setdefault(one["record"], []).append(one["verdict"])
        for record, each in verdicts.items():
            known = [verdict for verdict in each if verdict != "not comparable"]
            rows[record][letter] = 100 * (known.count("met") / len(known)) if known else math.nan
    every = pd.DataFrame(rows.values())
    shown: pd.DataFrame = every[every[list(plans)].notna().any(axis=1)].reset_index(drop=True)
    return shown


def sets_rows(plans: Mapping[str, Plan], *, indirect_weight: float) -> pd.DataFrame:
    """Weekly fractional sets of every muscle that a plan trains, mean of its weeks."""
    columns = {
        letter: weekly_sets(plan, indirect_weight=indirect_weight)
        .groupby("muscle", sort=False)["fractional"]
        .mean()
        for letter, plan in plans.items()
    }
    frame = pd.DataFrame(columns)
    frame = frame[frame.gt(0).any(axis=1)]
    frame.insert(0, "Muscle", [muscles()[str(muscle)][0] for muscle in frame.index])
    return frame.reset_index(drop=True)


def model_words(frame: pd.DataFrame) -> str:
    """Which plans have exercises without a model of the hip moment; empty where none has."""
    without = of_metric(frame, "exercises_without_model")
    if not without:
        return ""
    parts = [
        f"plan {letter} {counted(int(weeks.max()), 'exercise')}"
        for letter, weeks in without.items()
    ]
    return (
        f"There is no model of the hip moment for some exercises of a week: {listed(parts)}. "
        "Peak, impulse and work are those of the others, where there are any."
    )


def response_rows(plans: Mapping[str, Plan]) -> pd.DataFrame:
    """Weekly sets of each plan, and the published curve over its weeks: an illustration."""
    rows = []
    for muscle in MUSCLES:
        answered = response(plans, muscle)
        for letter, mine in answered.groupby("plan", sort=False):
            if not mine["sets"].any():
                continue
            rows.append(
                {
                    "Muscle": muscles()[muscle][0],
                    "Plan": letter,
                    "Weekly sets": _ends(mine["sets"]),
                    "Published gain in size over no sets [%]": _ends(mine["value"]),
                    "Weeks outside the doses published": f"{int(mine['extrapolated'].sum())} "
                    f"of {len(mine)}",
                }
            )
    return pd.DataFrame(rows)


def _ends(values: pd.Series) -> str:
    ends = [f"{end:.1f}".replace("-", "−") for end in (values.min(), values.max())]
    return ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
