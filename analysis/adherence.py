"""Each week of a plan against a published recommendation, with the words why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from analysis.plans import Plan, Stage
from evidence.exercises import muscles, set_credits
from evidence.guidelines import Guideline, guideline

if TYPE_CHECKING:
    import pandas as pd

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


def compare(plan: Plan, *, guideline: str = "garber2011") -> pd.DataFrame:
    """Compare every week of a plan with a guideline's advice for adults.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    guideline : {"garber2011", "hhs2018", "acsm2009", "acsm2026"}
        Guideline, by its key in the bibliography.

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
    frail or experienced people, and for flexibility and balance, are not.

    *Valid for:* seeing what a plan leaves out. *Not valid for:* judging whether a plan
    works: a recommendation that is not met is not thereby harmful or useless.

    References
    ----------
    :cite:`garber2011`, :cite:`hhs2018`

    Examples
    --------
    >>> from analysis import progression
    >>> week = compare(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}]))
    >>> week.set_index("criterion").verdict["rest between sets"]
    'not met'
    """
    import pandas as pd

    rows = [row for row in _records(guideline) if row.population in ADULTS]
    found = [
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
        for judged in [judge(week.stage, row)]
    ]
    return pd.DataFrame(found, columns=list(COLUMNS))


def _records(key: str) -> list[Guideline]:
    return [row for row in guideline(key) if row.domain in ("resistance", "aerobic")]


def recommended(row: Guideline) -> str:
    """The recommendation as a short range, "2 to 3 sessions per week" for instance."""
    unit = f" {row.unit}" if row.unit else ""
    if row.items:
        return row.items.replace("; ", ", ")
    if row.low is not None and row.high is not None:
        same = row.low == row.high
        return f"{row.low:g}{unit}" if same else f"{row.low:g} to {row.high:g}{unit}"
    if row.low is not None:
        return f"at least {row.low:g}{unit}"
    if row.high is not None:
        return f"at most {row.high:g}{unit}"
    return row.words


def judge(stage: Stage, row: Guideline) -> Judgement:
    """One recommendation against one stage of a plan."""
    if row.domain == "aerobic":
        return Judgement(
            "strength work only",
            "not comparable",
            "the recommendation counts aerobic activity; leg raises are muscle strengthening, "
            "which is counted separately",
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


def _sessions(stage: Stage, row: Guideline) -> Judgement:
    return _within(stage.sessions_per_week, "a week", row)


def _sets(stage: Stage, row: Guideline) -> Judgement:
    return _within(stage.sets, "a session", row)


def _repetitions(stage: Stage, row: Guideline) -> Judgement:
    if stage.repetitions is None:
        return Judgement(
            f"bouts of {stage.set_duration_s:g} s",
            "not comparable",
            "the variant is done in bouts of time; the recommendation counts repetitions",
        )
    return _within(stage.repetitions, "a set", row)


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
    group_of = {muscle: group for muscle, (_, group) in muscles().items()}
    credited = set_credits(stage.variant).values()
    direct = {group_of[credit.muscle] for credit in credited if credit.role == "direct"}
    listed = row.items.split("; ")
    trained = [group for group in listed if SAME_GROUP.get(group, group) in direct]
    left_out = [group for group in listed if group not in trained]
    planned = ", ".join(trained) or "none directly"
    if left_out:
        return Judgement(
            planned, "not met", f"leg raises alone leave {_listed(left_out)} without direct sets"
        )
    return Judgement(planned, "met", "every group on the list gets direct sets")


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


# Names for reports, and the rule for each quantity that a plan states.
CRITERIA: dict[str, tuple[str, Callable[[Stage, Guideline], Judgement] | None]] = {
    "sessions_per_week": ("sessions a week", _sessions),
    "sets_per_exercise": ("sets of an exercise", _sets),
    "sets_per_exercise_better": ("sets that may do more", _sets),
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
