"""Training volume of a plan: sets, repetitions, time under tension, sets per muscle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repdose.arguments import Range, checked
from repdose.evidence.errors import unknown
from repdose.evidence.studies.study_findings import finding, findings
from repdose.evidence.training.variants import muscles, set_credits
from repdose.plans import Plan, Stage

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "INDIRECT_WEIGHT",
    "session_repetitions",
    "session_time_under_tension_s",
    "weekly_sets",
    "weekly_volume",
]


def __dir__() -> list[str]:
    return sorted(__all__)


INDIRECT_WEIGHT = Range(0, 1, "")
#: Muscles that are spoken of first where a plan loads them: those that leg raises are done for.
FIRST = ("rectus_abdominis", "iliopsoas")


def session_repetitions(stage: Stage) -> int:
    """Repetitions of one session, each leg's counted; none for a variant done in bouts.

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> session_repetitions(Stage(variant="lying_single_leg", weeks=1, sessions_per_week=2,
    ...                           sets=3, repetitions=8, rest_s=60))
    48
    """
    return stage.sets * (stage.repetitions or 0) * stage.exercise.sides


def session_time_under_tension_s(stage: Stage) -> float:
    """Time in a session for which the muscles hold or move the legs. [s]

    Counted from the start of a set's first repetition to the end of its last, holds
    included, rests between sets not. Legs never come to rest on the floor within a set.

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> session_time_under_tension_s(Stage(variant="flutter_kick", weeks=1,
    ...     sessions_per_week=2, sets=3, set_duration_s=20.0, rest_s=60))
    60.0
    """
    return stage.sets * stage.set_s


def weekly_volume(plan: Plan) -> pd.DataFrame:
    """Sessions, sets, repetitions and time under tension of each week.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.

    Returns
    -------
    DataFrame
        One row a week: week, stage, variant, sessions, sets, repetitions,
        time_under_tension_s [s], work_min [min], elapsed_min [min].

    Examples
    --------
    >>> from repdose import progression
    >>> weekly_volume(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}])).sets.item()
    9
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "week": week.number,
            "stage": week.stage_number,
            "variant": week.stage.variant,
            "sessions": week.stage.sessions_per_week,
            "sets": week.stage.sessions_per_week * week.stage.sets,
            "repetitions": week.stage.sessions_per_week * session_repetitions(week.stage),
            "time_under_tension_s": week.stage.sessions_per_week
            * session_time_under_tension_s(week.stage),
            "work_min": week.stage.sessions_per_week * week.stage.work_min,
            "elapsed_min": week.stage.sessions_per_week * week.stage.elapsed_min,
        }
        for week in plan
    )


def _cite_weight(weight: float) -> None:
    """Enter the source of a published weight in the ledger; another weight is the caller's own."""
    published = findings(source="pelland2024preprint")["value"]
    for name in published.index[published.index.str.contains("indirect_set_weight")]:
        if published[name] == weight:
            finding(name)


def leading_muscles(plan: Plan) -> list[str]:
    """The muscles that a plan loads: those of :data:`FIRST` before the others, by their sets.

    Examples
    --------
    >>> from repdose import progression
    >>> leading_muscles(progression.plan([{"variant": "hanging_knee_raise", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}]))[:3]
    ['rectus_abdominis', 'iliopsoas', 'obliques']
    """
    sets = weekly_sets(plan).groupby("muscle", sort=False)["fractional"].sum()
    loaded = sets[sets > 0].sort_values(ascending=False, kind="stable")
    first = [muscle for muscle in FIRST if muscle in loaded]
    return [*first, *(str(muscle) for muscle in loaded.index if muscle not in first)]


def weekly_sets(
    plan: Plan, *, indirect_weight: float = 0.5, muscle: str | None = None
) -> pd.DataFrame:
    r"""Weekly sets of each muscle: direct, fractional and total.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    indirect_weight : float
        What an indirect set counts for in the fractional sum, 0 to 1.
    muscle : str, optional
        Only this muscle, as in :func:`repdose.evidence.training.variants.muscles`.

    Returns
    -------
    DataFrame
        One row for each week and muscle: week, muscle, group, direct, indirect,
        fractional, total [sets per muscle per week], grade of the evidence for the credit.
        Muscles that the week's variant does not load have zeros and no grade.

    Raises
    ------
    ValueError
        If `indirect_weight` is outside 0 to 1, or there is no such muscle.

    Notes
    -----
    .. math:: \mathrm{fractional} = \mathrm{direct} + w \cdot \mathrm{indirect}, \qquad
              \mathrm{total} = \mathrm{direct} + \mathrm{indirect}

    A set of a one-legged variant is one set when both legs have done it, and a bout is one
    set whatever its length. Weights of 0, 1/2 and 1 are compared by :cite:`pelland2026`,
    where 1/2 was best supported.

    *Valid for:* comparing plans. *Not valid for:* predicting the growth of trunk muscles;
    no trunk-muscle outcome stands behind the weight, and the credits follow EMG or
    mechanics, neither of which is a hypertrophy outcome.

    References
    ----------
    :cite:`pelland2026`

    Examples
    --------
    >>> from repdose import progression
    >>> sets = weekly_sets(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}]))
    >>> sets.set_index("muscle").loc["rectus_abdominis", ["direct", "fractional", "total"]].tolist()
    [0.0, 4.5, 9.0]
    """
    import pandas as pd

    weight = checked("indirect_weight", indirect_weight, INDIRECT_WEIGHT)
    _cite_weight(float(weight))
    known = muscles()
    if muscle is not None and muscle not in known:
        raise unknown("muscle", muscle, known)
    counted = known if muscle is None else {muscle: known[muscle]}
    rows = []
    for week in plan:
        credits = set_credits(week.stage.variant)
        sets = float(week.stage.sessions_per_week * week.stage.sets)
        for one, (_, group) in counted.items():
            credit = credits.get(one)
            direct = sets if credit and credit.role == "direct" else 0.0
            indirect = sets if credit and credit.role == "indirect" else 0.0
            rows.append(
                {
                    "week": week.number,
                    "muscle": one,
                    "group": group,
                    "direct": direct,
                    "indirect": indirect,
                    "fractional": direct + weight * indirect,
                    "total": direct + indirect,
                    "grade": credit.grade if credit else "",
                }
            )
    return pd.DataFrame(rows)
