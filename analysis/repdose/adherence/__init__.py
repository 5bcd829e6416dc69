"""Each week of a plan against a published recommendation, with the words why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repdose import energy
from repdose.adherence.criteria import CRITERIA, DAYS_PER_WEEK, left_out
from repdose.adherence.judgements import Judgement, Verdict, recommended
from repdose.evidence.training.recommendations import Guideline, guideline, muscle_groups
from repdose.evidence.training.variants import met_analogies
from repdose.plans import AnyStage, Plan

if TYPE_CHECKING:
    import pandas as pd

ADULTS = ("adults", "most adults")
COLUMNS = ("week", "criterion", "recommended", "planned", "verdict", "why", "record")
__all__ = [
    "DAYS_PER_WEEK",
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
    Of whole sessions, frequency and time between sessions are those of each muscle that is
    trained directly; sets, repetitions and rest are those of each exercise. A recommendation
    is met where all of them meet it. Time between sessions follows the sessions' weekdays, and
    where they are not given it is not known; a stage of one exercise has its sessions spread
    evenly over the week.

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
    by_stage = {
        stage: [judge(stage, row, edition=edition) for row in rows] for stage in plan.stages
    }
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
        for row, judged in zip(rows, by_stage[week.stage], strict=True)
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
        If the guideline has nothing that a plan can be compared with.

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
            "compared has no recommendation for adults that a plan can be held "
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
    return tuple(left_out(plan.stages, muscle_groups(guideline)))


def _records(key: str) -> list[Guideline]:
    return [row for row in guideline(key) if row.domain in ("resistance", "aerobic")]


def judge(stage: AnyStage, row: Guideline, *, edition: int | str = "2024") -> Judgement:
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


def _met_minutes(stage: AnyStage, edition: int | str) -> str:
    """MET-minutes of a week of strength work, by both time bases."""
    parts = [
        (times, met_analogies(part.done.exercise, edition=edition)["central"].met.met, part)
        for times, session in stage.week_sessions
        for part in session.parts
    ]
    working, elapsed = (
        sum(times * energy.met_minutes(met, getattr(part, minutes)) for times, met, part in parts)
        for minutes in ("work_min", "elapsed_min")
    )
    return (
        f"{working:.0f} (working time) to {elapsed:.0f} (elapsed time) MET-min of strength work, "
        f"by the central stand-in exercise of {edition}"
    )
