"""Weekly sets of a muscle under every defensible way to count them."""

from __future__ import annotations

from typing import Any

import numpy as np

from repdose import volume
from repdose.arguments import Floats, choice
from repdose.evidence.training.variants import exercise, muscles
from repdose.multiverse.choices import Choice, Option
from repdose.multiverse.core import Multiverse, evaluate
from repdose.multiverse.declarations import declared, declared_number
from repdose.plans import Plan


def weekly_sets(
    plan: Plan, *, muscle: str | None = None, indirect_weight: float = 0.5
) -> Multiverse:
    """Weekly sets per muscle over credits of indirect sets, evidence asked for, and weeks.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    muscle : str, optional
        The muscle of the default specification; by default the rectus abdominis where the plan
        loads it, else the muscle with the most sets. Every muscle that the plan loads is
        evaluated, as a question and not as a doubt.
    indirect_weight : {0, 0.5, 1}
        The default credit of an indirect set.

    Returns
    -------
    Multiverse
        Outcome in sets per muscle per week; ``by("muscle")`` has the range of each muscle.

    Raises
    ------
    ValueError
        If the plan does not load the muscle, or the credit is none of the declared ones.

    Notes
    -----
    *Valid for:* how far a count depends on how it is counted. *Not valid for:* growth of
    trunk muscles: no trunk-muscle outcome stands behind the credits.

    References
    ----------
    :cite:`steegen2016`, :cite:`simonsohn2020`, :cite:`pelland2024preprint`

    Examples
    --------
    >>> from repdose import progression
    >>> universe = weekly_sets(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 10, "rest_s": 60}]))
    >>> universe.default, universe.by("muscle").loc["rectus abdominis", ["low", "high"]].tolist()
    (4.5, [0.0, 9.0])
    """
    weeks_of_plan = plan.weeks()
    credited = [volume.credited_sets(week.stage) for week in weeks_of_plan]
    trained = {credit.muscle for of_week in credited for _, credit in of_week}
    loaded = [name for name in muscles() if name in trained]
    one_sided = {name for name in plan.exercises if exercise(name).sides > 1}

    def sets(
        *,
        muscle: str,
        grades: str,
        indirect_weight: Floats,
        weeks: str = "mean",
        one_legged_set: Floats = 1.0,
    ) -> Floats:
        each: list[Any] = [
            sum(
                (
                    count
                    * (1.0 if credit.role == "direct" else np.asarray(indirect_weight))
                    * (np.asarray(one_legged_set) if credit.exercise in one_sided else 1.0)
                    for count, credit in of_week
                    if credit.muscle == muscle and credit.grade in grades
                ),
                np.zeros(np.broadcast(indirect_weight, one_legged_set).shape),
            )
            for of_week in (credited[-1:] if weeks == "last" else credited)
        ]
        return np.asarray(np.mean(each, axis=0))

    choices = [
        _muscle_choice(loaded, muscle or volume.leading_muscles(plan)[0]),
        declared("indirect_weight", default=declared_number("indirect_weight", indirect_weight)),
        declared("grades", default="abc"),
    ]
    if len(weeks_of_plan) > 1:
        choices.append(declared("weeks", default="mean"))
    if one_sided:
        choices.append(declared("one_legged_set", default="one"))
    return evaluate(sets, choices, outcome="Weekly sets", unit="sets per muscle per week")


def _muscle_choice(loaded: list[str], muscle: str) -> Choice:
    named = {id: name for id, (name, _) in muscles().items()}
    return Choice(
        name="muscle",
        options=[
            Option(
                name=named[id],
                value=id,
                reason="the plan loads this muscle",
                source="repdose2026",
            )
            for id in loaded
        ],
        default=named[choice("muscle", muscle, loaded)],
        kind="question",
        label="Muscle",
    )
