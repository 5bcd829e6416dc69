"""Each week of a plan against a published recommendation, with the words why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repdose import energy
from repdose.evidence.training.recommendations import Guideline, guideline, muscle_groups
from repdose.evidence.training.variants import met_analogies, muscles, set_credits
from repdose.plans import Plan, Stage

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Judgement",
    "Verdict",
    "compare",
    "judge",
    "recommended",
    "untrained",
    "weekly_share",
]


def __dir__() -> list[str]:
    return sorted(__all__)


Verdict = Literal["met", "not met", "not comparable"]
HOURS_PER_DAY = 24
DAYS_PER_WEEK = 7
ADULTS = ("adults", "most adults")
COLUMNS = ("week", "criterion", "recommended", "planned", "verdict", "why", "record")
# One guideline says trunk where the other says abdomen.
SAME_GROUP = {"trunk": "abdomen"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was planned, whether it meets the recommendation, and why."""

    planned: str
    verdict: Verdict
    why: str


def compare(
    plan: Plan, *, guideline: str = "garber2011", edition: int | str = "2024"
) -> pd.DataFrame:
    """Compare every week of a plan with a guideline's advice for adults.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    guideline : {"garber2011", "hhs2018", "acsm2009", "acsm2026"}
        Guideline, by its key in the bibliography.
    edition : {"2011", "2024"}
        Adult edition of the Compendium from which the MET-minutes shown are read.

    Returns
    -------
    DataFrame
        One row for each week and recommendation: week, criterion, recommended, planned,
        verdict ("met", "not met" or "not comparable"), why, record (id of the guideline's
        record).

    Raises
    ------
    UnknownRecordError
        If there is no such guideline.

    Notes
    -----
    Resistance and aerobic recommendations for most adults are compared; those for older,
    frail or experienced people and for those who train for endurance, and for flexibility
    and balance, are not: repetitions are held against the rows for strength and power.
    Strength days count separately from aerobic exercise:
    a plan's MET-minutes are shown next to the aerobic target and never held against it.

    *Valid for:* seeing what a plan leaves out. *Not valid for:* judging whether a plan
    works: a recommendation that is not met is not thereby harmful or useless.

    References
    ----------
    :cite:`garber2011`, :cite:`hhs2018`

    Examples
    --------
    >>> from repdose import progression
    >>> week = compare(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}]))
    >>> week.set_index("criterion").verdict["rest between sets"]
    'not met'
    """
    from repdose.shown import Table

    rows = [row for row in _records(guideline) if row.population in ADULTS]
    judgements = [
        {
            "week": week.number,
            "criterion": CRITERIA.get(row.quantity, (row.quantity.replace("_", " "), None))[0],
            "recommended": recommended(row),
            "planned": judged.planned,
            "verdict": judged.verdict,
            "why": judged.why,
            "record": row.id,
        }
        for week in plan
        for row in rows
        for judged in [judge(week.stage, row, edition=edition)]
    ]
    table = Table(judgements, columns=list(COLUMNS))
    table.attrs["sources"] = {
        row.id: f"{row.source}, {row.locator} ({row.checked})" for row in rows
    }
    table.attrs["title"] = f"Weeks of “{plan.title or 'a plan'}” against {guideline}"
    return table


def weekly_share(compared: pd.DataFrame) -> pd.DataFrame:
    """How many of a guideline's recommendations each week meets.

    Parameters
    ----------
    compared : DataFrame
        Result of :func:`compare`.

    Returns
    -------
    DataFrame
        One row a week: week, met, not_met, not_comparable [recommendations], and share, met
        among those that can be compared [0 to 1].

    Raises
    ------
    ValueError
        If the guideline has nothing that a plan of leg raises can be compared with.

    Notes
    -----
    *Valid for:* following one plan, or several under one guideline. *Not valid for:* ranking
    plans by worth: every recommendation weighs the same here, and some exclude others.

    References
    ----------
    :cite:`garber2011`, :cite:`hhs2018`

    Examples
    --------
    >>> from repdose import progression
    >>> plan = progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}])
    >>> weekly_share(compare(plan))[["met", "not_met"]].iloc[0].tolist()
    [4, 2]
    """
    import pandas as pd

    if compared.empty or (compared["verdict"] == "not comparable").all():
        raise ValueError(
            "compared has no recommendation for adults that a plan of leg raises can be held "
            "against; those of garber2011 and hhs2018 have"
        )
    counts = pd.crosstab(compared["week"], compared["verdict"])
    met, missed, other = (
        counts.get(verdict, pd.Series(0, index=counts.index))
        for verdict in ("met", "not met", "not comparable")
    )
    return pd.DataFrame(
        {"met": met, "not_met": missed, "not_comparable": other, "share": met / (met + missed)}
    ).reset_index()


def untrained(plan: Plan, *, guideline: str = "garber2011") -> tuple[str, ...]:
    """Major muscle groups that a whole plan leaves without a single direct set.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    guideline : {"garber2011", "hhs2018"}
        Guideline whose list of groups is meant.

    Returns
    -------
    tuple of str
        Groups in the guideline's order.

    Raises
    ------
    UnknownRecordError
        If the guideline lists no muscle groups.

    References
    ----------
    :cite:`garber2011`, :cite:`hhs2018`

    Examples
    --------
    >>> from repdose import progression
    >>> untrained(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}]))
    ('chest', 'shoulders', 'back', 'trunk', 'arms')
    """
    return tuple(_left_out(plan.stages, muscle_groups(guideline)))


def _records(key: str) -> list[Guideline]:
    return [row for row in guideline(key) if row.domain in ("resistance", "aerobic")]


def recommended(row: Guideline) -> str:
    """The recommendation as a short range, "2 to 3 sessions per week" for instance."""
    unit = f" {row.unit}" if row.unit else ""
    if row.items:
        return row.items.replace("; ", ", ")
    if row.low is not None and row.high is not None:
        same = row.low == row.high
        return f"{row.low:,g}{unit}" if same else f"{row.low:,g} to {row.high:,g}{unit}"
    if row.low is not None:
        return f"at least {row.low:g}{unit.removesuffix('s') if row.low == 1 else unit}"
    if row.high is not None:
        return f"at most {row.high:g}{unit}"
    return row.words


def judge(stage: Stage, row: Guideline, *, edition: int | str = "2024") -> Judgement:
    """One recommendation against one stage of a plan."""
    if row.domain == "aerobic":
        counted = row.quantity == "met_minutes_per_week"
        return Judgement(
            _met_minutes(stage, edition) if counted else "strength work only",
            "not comparable",
            "the recommendation counts aerobic activity; strength days count separately",
        )
    _, rule = CRITERIA.get(row.quantity, ("", None))
    if rule is None:
        return Judgement("not stated", "not comparable", f"the plan does not say it: {row.words}")
    return rule(stage, row)


def _within(value: float, unit: str, row: Guideline) -> Judgement:
    """A number against the bounds of a recommendation."""
    planned = f"{value:g} {unit}".rstrip()
    if row.low is not None and value < row.low:
        return Judgement(planned, "not met", f"below the {recommended(row)} recommended")
    if row.high is not None and value > row.high:
        return Judgement(planned, "not met", f"above the {recommended(row)} recommended")
    return Judgement(planned, "met", "within the recommendation")


def _met_minutes(stage: Stage, edition: int | str) -> str:
    """MET-minutes of a week of strength work, by both time bases."""
    met = met_analogies(stage.variant, edition=edition)["central"].met.met
    working, elapsed = (
        stage.sessions_per_week * energy.met_minutes(met, minutes)
        for minutes in (stage.work_min, stage.elapsed_min)
    )
    return (
        f"{working:.0f} (working time) to {elapsed:.0f} (elapsed time) MET-min of strength work, "
        f"by the central stand-in exercise of {edition}"
    )


def _sessions(stage: Stage, row: Guideline) -> Judgement:
    return _within(stage.sessions_per_week, "a week", row)


def _sets(stage: Stage, row: Guideline) -> Judgement:
    return _within(stage.sets, "a session", row)


def _weekly_sets(stage: Stage, row: Guideline) -> Judgement:
    # Direct sets only, so that no unvalidated weight of indirect sets decides a verdict.
    sets = stage.sessions_per_week * stage.sets
    return _within(sets, "direct sets a week for each muscle trained directly", row)


def _repetitions(stage: Stage, row: Guideline) -> Judgement:
    if stage.repetitions is None:
        return Judgement(
            f"bouts of {stage.set_duration_s:g} s",
            "not comparable",
            "the variant is done in bouts of time; the recommendation counts repetitions",
        )
    judged = _within(stage.repetitions, "a set", row)
    if judged.verdict == "met" or not row.outcome:
        return judged
    return Judgement(judged.planned, judged.verdict, f"{judged.why} for {row.outcome}")


def _rest(stage: Stage, row: Guideline) -> Judgement:
    if stage.sets == 1:
        return Judgement("one set", "not comparable", "a single set has no rest between sets")
    return _within(stage.rest_s / 60, "min", row)


def _hours(stage: Stage, row: Guideline) -> Judgement:
    # Sessions on whole days: the widest shortest gap that so many sessions leave in a week.
    hours = DAYS_PER_WEEK // stage.sessions_per_week * HOURS_PER_DAY
    judged = _within(hours, "h at best", row)
    spread = f"{stage.sessions_per_week} sessions spread evenly over the week"
    return Judgement(judged.planned, judged.verdict, f"{spread}; {judged.why}")


def _muscle_groups(stage: Stage, row: Guideline) -> Judgement:
    listed = row.items.split("; ")
    left_out = _left_out([stage], listed)
    planned = ", ".join(group for group in listed if group not in left_out) or "none directly"
    if left_out:
        return Judgement(
            planned, "not met", f"leg raises alone leave {_listed(left_out)} without direct sets"
        )
    return Judgement(planned, "met", "every group on the list gets direct sets")


def _left_out(stages: Iterable[Stage], listed: Iterable[str]) -> list[str]:
    """Groups of a list that no stage trains with a direct set."""
    group_of = {muscle: group for muscle, (_, group) in muscles().items()}
    direct = {
        group_of[credit.muscle]
        for stage in stages
        for credit in set_credits(stage.variant).values()
        if credit.role == "direct"
    }
    return [group for group in listed if SAME_GROUP.get(group, group) not in direct]


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# Names for reports, and the rule for each quantity that a plan states.
CRITERIA: dict[str, tuple[str, Callable[[Stage, Guideline], Judgement] | None]] = {
    "sessions_per_week": ("sessions a week", _sessions),
    "sets_per_exercise": ("sets of an exercise", _sets),
    "sets_per_exercise_better": ("sets that may do more", _sets),
    "weekly_sets_per_muscle": ("sets a week for a muscle", _weekly_sets),
    "repetitions": ("repetitions in a set", _repetitions),
    "rest_between_sets_min": ("rest between sets", _rest),
    "hours_between_sessions": ("time between sessions", _hours),
    "muscle_groups": ("major muscle groups", _muscle_groups),
    "effort": ("effort", None),
    "met_minutes_per_week": ("aerobic MET-minutes a week", None),
    "moderate_minutes_per_week": ("moderate aerobic minutes a week", None),
    "vigorous_minutes_per_week": ("vigorous aerobic minutes a week", None),
    "moderate_minutes_per_day": ("moderate aerobic minutes a day", None),
    "vigorous_minutes_per_day": ("vigorous aerobic minutes a day", None),
    "moderate_days_per_week": ("days of moderate aerobic exercise", None),
    "vigorous_days_per_week": ("days of vigorous aerobic exercise", None),
    "days_per_week": ("days of aerobic activity", None),
}
