"""Energy of whole sessions and weeks, with the range of the MET analogies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repdose.arguments import DURATION_MIN, MET, Floats, checked, choice
from repdose.energy.conversion import gross_energy_kcal, met_minutes, net_energy_kcal
from repdose.evidence.training.variants import ROLES, Role, met_analogies
from repdose.plans import Part, Plan, Session, Stage

if TYPE_CHECKING:
    import pandas as pd

TimeBasis = Literal["elapsed", "working"]
TIME_BASES: tuple[TimeBasis, ...] = ("elapsed", "working")


def session_energy_kcal(
    met: Floats,
    body_mass_kg: Floats,
    work_min: Floats,
    rest_min: Floats,
    *,
    time_basis: str,
    convention: str = "oxygen",
    edition: int | str = "2024",
    rest_met: Floats | None = None,
    net: bool = False,
) -> Floats:
    r"""Energy of a session of work and rests.

    Parameters
    ----------
    met : float or array
        MET of the exercise. [MET]
    body_mass_kg : float or array
        Body mass. [kg]
    work_min, rest_min : float or array
        Time at work and at rest between sets. [min]
    time_basis : {"elapsed", "working"}
        "elapsed": the MET holds for work and rests. "working": it holds for the work alone.
    convention, edition
        As in :func:`gross_energy_kcal`.
    rest_met : float or array, optional
        With the working basis: MET of the rests, whose energy is added. Without it the rests
        are left out altogether. [MET]
    net : bool
        Whether one MET of rest is taken off.

    Returns
    -------
    float or array
        Energy of the session. [kcal]

    Raises
    ------
    ValueError
        If an argument is out of range, or `rest_met` is given with the elapsed basis.

    Notes
    -----
    The basis moves the result more than anything but the MET itself: 2.8 MET over elapsed
    time equals 3.8 MET over the work and 1.3 MET over the rests, where work is three fifths
    of the session.

    *Valid for, not valid for:* as :func:`gross_energy_kcal`.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> elapsed = session_energy_kcal(2.8, 80, 3, 2, time_basis="elapsed")
    >>> phases = session_energy_kcal(3.8, 80, 3, 2, time_basis="working", rest_met=1.3)
    >>> round(elapsed, 6) == round(phases, 6)
    True
    """
    energy = net_energy_kcal if net else gross_energy_kcal
    basis = choice("time_basis", time_basis, TIME_BASES)
    work = checked("work_min", work_min, DURATION_MIN)
    rest = checked("rest_min", rest_min, DURATION_MIN)
    if basis == "elapsed":
        if rest_met is not None:
            raise ValueError(
                "rest_met goes with time_basis 'working'; on the elapsed basis the exercise's "
                "MET covers the rests"
            )
        return energy(met, body_mass_kg, work + rest, convention, edition=edition)
    total = energy(met, body_mass_kg, work, convention, edition=edition)
    if rest_met is None:
        return total
    resting = checked("rest_met", rest_met, MET)
    return total + energy(resting, body_mass_kg, rest, convention, edition=edition)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExerciseEnergy:
    """Energy of one exercise of a session, at the low, central and high MET analogy.

    Parameters
    ----------
    exercise : str
        The exercise's id.
    met, gross_kcal, net_kcal, met_min : mapping
        As in :class:`SessionEnergy`.
    work_min, elapsed_min : float
        Working time, and with the rests counted to the exercise: those between its sets and
        the one before the next exercise. [min]
    """

    exercise: str
    met: Mapping[Role, float]
    gross_kcal: Mapping[Role, float]
    net_kcal: Mapping[Role, float]
    met_min: Mapping[Role, float]
    work_min: float
    elapsed_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnergy:
    """Energy of one session, at the low, central and high MET analogy.

    Parameters
    ----------
    met, gross_kcal, net_kcal, met_min : mapping
        By role "low", "central", "high": MET row [MET], gross and net energy [kcal],
        MET-minutes [MET-min]. The range is an assumption's, not a confidence interval. Of
        several exercises the MET is the mean over the time it holds for, and "low" has all
        of them at their low rows.
    work_min, elapsed_min : float
        Working time, and working time with the rests between sets. [min]
    time_basis, convention, edition : str
        The choices the figures stand on.
    exercises : tuple of ExerciseEnergy
        What each exercise adds, in the order of the session.
    """

    met: Mapping[Role, float]
    gross_kcal: Mapping[Role, float]
    net_kcal: Mapping[Role, float]
    met_min: Mapping[Role, float]
    work_min: float
    elapsed_min: float
    time_basis: str
    convention: str
    edition: str
    exercises: tuple[ExerciseEnergy, ...]


def session_energy(
    session: Stage | Session,
    *,
    body_mass_kg: float,
    edition: int | str,
    convention: str = "oxygen",
    time_basis: str,
) -> SessionEnergy:
    """Energy of one session, with the range of its MET analogies.

    Parameters
    ----------
    session : Session or Stage
        Exercises in order, or a stage of one exercise, whose session is meant.
    body_mass_kg : float
        Body mass. [kg]
    edition : {"2011", "2024"}
        Adult edition that the analogies are read from.
    convention : {"oxygen", "compendium"}
        How a MET becomes energy.
    time_basis : {"elapsed", "working"}
        Whether the MET holds over the rests too; each exercise's over the rests that are
        counted to it, see :class:`repdose.plans.Session`.

    Returns
    -------
    SessionEnergy

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    No edition lists a leg raise: see :func:`repdose.evidence.training.variants.met_analogies`.

    *Valid for:* comparing plans under one set of assumptions. *Not valid for:* one person's
    cost, or energy spent in recovery after the session.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> stage = Stage(variant="lying_straight_leg", weeks=1, sessions_per_week=3, sets=3,
    ...               repetitions=12, rest_s=60)
    >>> session = session_energy(stage, body_mass_kg=73, edition=2011, time_basis="elapsed")
    >>> round(session.gross_kcal["central"], 1), session.elapsed_min
    (17.9, 5.0)
    """
    whole = session.week_sessions[0][1] if isinstance(session, Stage) else session
    each = tuple(
        _exercise_energy(
            part,
            body_mass_kg=body_mass_kg,
            edition=edition,
            convention=convention,
            time_basis=time_basis,
        )
        for part in whole.parts
    )
    minutes = [one.elapsed_min if time_basis == "elapsed" else one.work_min for one in each]
    shares = [mine / sum(minutes) for mine in minutes]
    return SessionEnergy(
        met={
            role: sum(share * one.met[role] for share, one in zip(shares, each, strict=True))
            for role in ROLES
        },
        gross_kcal={role: sum(one.gross_kcal[role] for one in each) for role in ROLES},
        net_kcal={role: sum(one.net_kcal[role] for one in each) for role in ROLES},
        met_min={role: sum(one.met_min[role] for one in each) for role in ROLES},
        work_min=whole.work_min,
        elapsed_min=whole.elapsed_min,
        time_basis=time_basis,
        convention=convention,
        edition=str(edition),
        exercises=each,
    )


def _exercise_energy(
    part: Part, *, body_mass_kg: float, edition: int | str, convention: str, time_basis: str
) -> ExerciseEnergy:
    rows = met_analogies(part.done.exercise, edition=edition)
    met = {role: rows[role].met.met for role in ROLES}

    def energy(net: bool) -> dict[Role, float]:
        return {
            role: float(
                session_energy_kcal(
                    met[role],
                    body_mass_kg,
                    part.work_min,
                    part.rest_min,
                    time_basis=time_basis,
                    convention=convention,
                    edition=edition,
                    net=net,
                )
            )
            for role in ROLES
        }

    minutes = part.elapsed_min if time_basis == "elapsed" else part.work_min
    return ExerciseEnergy(
        exercise=part.done.exercise,
        met=met,
        gross_kcal=energy(net=False),
        net_kcal=energy(net=True),
        met_min={role: float(met_minutes(met[role], minutes)) for role in ROLES},
        work_min=part.work_min,
        elapsed_min=part.elapsed_min,
    )


def weekly_energy(
    plan: Plan,
    *,
    body_mass_kg: float,
    edition: int | str,
    convention: str = "oxygen",
    time_basis: str,
) -> pd.DataFrame:
    """Energy and MET-minutes of each week of a plan.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    body_mass_kg, edition, convention, time_basis
        As in :func:`session_energy`.

    Returns
    -------
    DataFrame
        One row a week: week, stage, variant (ids of its exercises), sessions, and gross, net
        [kcal per week] and met_min [MET-min per week], each with suffix _low, _central, _high.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Examples
    --------
    >>> from repdose import progression
    >>> week = weekly_energy(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}]),
    ...     body_mass_kg=73, edition=2011, time_basis="elapsed")
    >>> round(week.gross_central.item(), 1)
    53.7
    """
    import pandas as pd

    spent = {
        stage: [
            (
                times,
                session_energy(
                    session,
                    body_mass_kg=body_mass_kg,
                    edition=edition,
                    convention=convention,
                    time_basis=time_basis,
                ),
            )
            for times, session in stage.week_sessions
        ]
        for stage in plan.stages
    }
    rows = []
    for week in plan:
        row: dict[str, object] = {
            "week": week.number,
            "stage": week.stage_number,
            "variant": week.stage.trained,
            "sessions": week.stage.sessions_per_week,
        }
        for name, of in (("gross", "gross_kcal"), ("net", "net_kcal"), ("met_min", "met_min")):
            for role in ROLES:
                row[f"{name}_{role}"] = sum(
                    times * getattr(one, of)[role] for times, one in spent[week.stage]
                )
        rows.append(row)
    return pd.DataFrame(rows)
