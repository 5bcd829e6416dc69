"""Energy of whole sessions and weeks, with the range of the MET analogies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from repdose.arguments import DURATION_MIN, MET, Floats, checked, choice
from repdose.energy.conversion import gross_energy_kcal, met_minutes, net_energy_kcal
from repdose.evidence.training.variants import ROLES, Role, met_analogies
from repdose.plans import Plan, Stage

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
class SessionEnergy:
    """Energy of one session, at the low, central and high MET analogy.

    Parameters
    ----------
    met, gross_kcal, net_kcal, met_min : mapping
        By role "low", "central", "high": MET row [MET], gross and net energy [kcal],
        MET-minutes [MET-min]. The range is an assumption's, not a confidence interval.
    work_min, elapsed_min : float
        Working time, and working time with the rests between sets. [min]
    time_basis, convention, edition : str
        The choices the figures stand on.
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


def session_energy(
    stage: Stage,
    *,
    body_mass_kg: float,
    edition: int | str,
    convention: str = "oxygen",
    time_basis: str,
) -> SessionEnergy:
    """Energy of one session of a stage, with the range of its MET analogies.

    Parameters
    ----------
    stage : Stage
        Variant, sets, repetitions, tempo and rest.
    body_mass_kg : float
        Body mass. [kg]
    edition : {"2011", "2024"}
        Adult edition that the analogies are read from.
    convention : {"oxygen", "compendium"}
        How a MET becomes energy.
    time_basis : {"elapsed", "working"}
        Whether the MET holds over the rests too.

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
    rows = met_analogies(stage.variant, edition=edition)
    met = {role: rows[role].met.met for role in ROLES}

    def energy(net: bool) -> dict[Role, float]:
        return {
            role: float(
                session_energy_kcal(
                    met[role],
                    body_mass_kg,
                    stage.work_min,
                    stage.rest_min,
                    time_basis=time_basis,
                    convention=convention,
                    edition=edition,
                    net=net,
                )
            )
            for role in ROLES
        }

    minutes = stage.elapsed_min if time_basis == "elapsed" else stage.work_min
    return SessionEnergy(
        met=met,
        gross_kcal=energy(net=False),
        net_kcal=energy(net=True),
        met_min={role: float(met_minutes(met[role], minutes)) for role in ROLES},
        work_min=stage.work_min,
        elapsed_min=stage.elapsed_min,
        time_basis=time_basis,
        convention=convention,
        edition=str(edition),
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
        One row a week: week, stage, variant, sessions, and gross, net [kcal per week] and
        met_min [MET-min per week], each with suffix _low, _central, _high.

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

    sessions = {
        stage: session_energy(
            stage,
            body_mass_kg=body_mass_kg,
            edition=edition,
            convention=convention,
            time_basis=time_basis,
        )
        for stage in plan.stages
    }
    rows = []
    for week in plan:
        count, session = week.stage.sessions_per_week, sessions[week.stage]
        rows.append(
            {
                "week": week.number,
                "stage": week.stage_number,
                "variant": week.stage.variant,
                "sessions": count,
                **{f"gross_{role}": count * session.gross_kcal[role] for role in ROLES},
                **{f"net_{role}": count * session.net_kcal[role] for role in ROLES},
                **{f"met_min_{role}": count * session.met_min[role] for role in ROLES},
            }
        )
    return pd.DataFrame(rows)
