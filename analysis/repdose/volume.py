"""Training volume of a plan: sets, repetitions, time, volume load, sets per muscle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repdose.arguments import Range, checked
from repdose.evidence.errors import unknown
from repdose.evidence.studies.study_findings import finding, findings
from repdose.evidence.training.variants import SetCredit, muscles, set_credits
from repdose.evidence.used import kept
from repdose.plans import AnyStage, Plan, Session, Stage

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "INDIRECT_WEIGHT",
    "credited_sets",
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


def session_repetitions(session: Stage | Session) -> int:
    """Repetitions of one session, each side's counted; none for what is done in seconds.

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> session_repetitions(Stage(variant="lying_single_leg", weeks=1, sessions_per_week=2,
    ...                           sets=3, repetitions=8, rest_s=60))
    48
    """
    return sum(one.all_repetitions for one in _session(session).exercises)


def session_time_under_tension_s(session: Stage | Session) -> float:
    """Time in a session for which the muscles hold or move the load. [s]

    Counted from the start of a set's first repetition to the end of its last, holds
    included, rests between sets not.

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> session_time_under_tension_s(Stage(variant="flutter_kick", weeks=1,
    ...     sessions_per_week=2, sets=3, set_duration_s=20.0, rest_s=60))
    60.0
    """
    return sum(one.sets * one.set_s for one in _session(session).exercises)


def _session(given: Stage | Session) -> Session:
    return given.week_sessions[0][1] if isinstance(given, Stage) else given


def weekly_volume(plan: Plan) -> pd.DataFrame:
    """Sessions, sets, repetitions, time under tension and volume load of each week.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.

    Returns
    -------
    DataFrame
        One row a week: week, stage, variant (ids of its exercises), sessions, sets,
        repetitions, time_under_tension_s [s], work_min [min], elapsed_min [min],
        volume_load_kg [kg], sets_without_load [sets].

    Notes
    -----
    Volume load is sets times repetitions times kilograms, each side's repetitions counted.
    A set has none where its load is not given in kilograms or it is done in seconds;
    `sets_without_load` says how many those are, and a week of nothing else has no volume
    load, which is not 0 kg. The body's own mass and ankle weights are not in it.

    *Not valid for:* comparing exercises: kilograms of one are not those of another.

    Examples
    --------
    >>> from repdose import progression
    >>> weekly_volume(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}])).sets.item()
    9
    """
    import pandas as pd

    rows = []
    for week in plan:
        sessions = week.stage.week_sessions
        loads = [(n * one.sets, n, one.volume_load_kg) for n, one in week.stage.prescriptions]
        known = [times * load for _, times, load in loads if load is not None]
        rows.append(
            {
                "week": week.number,
                "stage": week.stage_number,
                "variant": week.stage.trained,
                "sessions": week.stage.sessions_per_week,
                "sets": sum(sets for sets, _, _ in loads),
                "repetitions": sum(times * session_repetitions(one) for times, one in sessions),
                "time_under_tension_s": sum(
                    times * session_time_under_tension_s(one) for times, one in sessions
                ),
                "work_min": sum(times * one.work_min for times, one in sessions),
                "elapsed_min": sum(times * one.elapsed_min for times, one in sessions),
                "volume_load_kg": sum(known) if known else None,
                "sets_without_load": sum(sets for sets, _, load in loads if load is None),
            }
        )
    return pd.DataFrame(rows).astype({"volume_load_kg": "Float64"})


def _cite_weight(weight: float) -> None:
    """Enter the source of a published weight in the ledger; another weight is the caller's own."""
    for name, value in _published_weights().items():
        if value == weight:
            finding(name)


@kept
def _published_weights() -> dict[str, float]:
    published = findings(source="pelland2024preprint")["value"]
    values = {str(name): float(value) for name, value in published.items()}
    return {name: value for name, value in values.items() if "indirect_set_weight" in name}


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
        Where several exercises count for a muscle the grade is the weakest of theirs;
        muscles that the week does not load have zeros and no grade.

    Raises
    ------
    ValueError
        If `indirect_weight` is outside 0 to 1, or there is no such muscle.

    Notes
    -----
    .. math:: \mathrm{fractional} = \mathrm{direct} + w \cdot \mathrm{indirect}, \qquad
              \mathrm{total} = \mathrm{direct} + \mathrm{indirect}

    A set of a one-legged variant is one set when both legs have done it, and a bout is one
    set whatever its length. Sets of all exercises of a week's sessions add up. Weights of 0,
    1/2 and 1 are compared by :cite:`pelland2026`,
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
    by_stage = {stage: credited_sets(stage) for stage in plan.stages}
    for week in plan:
        credited = by_stage[week.stage]
        for one, (_, group) in counted.items():
            of_muscle = [(sets, credit) for sets, credit in credited if credit.muscle == one]
            direct, indirect = (
                sum((sets for sets, credit in of_muscle if credit.role == role), 0.0)
                for role in ("direct", "indirect")
            )
            rows.append(
                {
                    "week": week.number,
                    "muscle": one,
                    "group": group,
                    "direct": direct,
                    "indirect": indirect,
                    "fractional": direct + weight * indirect,
                    "total": direct + indirect,
                    "grade": max((credit.grade for _, credit in of_muscle), default=""),
                }
            )
    return pd.DataFrame(rows)


def credited_sets(stage: AnyStage) -> list[tuple[float, SetCredit]]:
    """Weekly sets of each exercise of a stage with each muscle's credit for them.

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> stage = Stage(variant="lying_straight_leg", weeks=1, sessions_per_week=3, sets=3,
    ...               repetitions=10, rest_s=60)
    >>> [sets for sets, credit in credited_sets(stage) if credit.muscle == "iliopsoas"]
    [9.0]
    """
    return [
        (float(times * one.sets), credit)
        for times, one in stage.prescriptions
        for credit in set_credits(one.exercise).values()
    ]
