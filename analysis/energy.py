"""Energy cost from METs: gross and net, MET-minutes, intensity, and whole sessions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from analysis.arguments import (
    AGE_Y,
    BODY_MASS_KG,
    DURATION_MIN,
    MET,
    STATURE_M,
    Floats,
    Range,
    checked,
    choice,
)
from analysis.plans import Plan, Stage
from evidence.compendium import edition as edition_record
from evidence.conventions import energy_convention, intensity_bands
from evidence.exercises import ROLES, Role, met_analogies

if TYPE_CHECKING:
    import pandas as pd

Convention = Literal["oxygen", "compendium"]
TimeBasis = Literal["elapsed", "working"]
CONVENTIONS: tuple[Convention, ...] = ("oxygen", "compendium")
TIME_BASES: tuple[TimeBasis, ...] = ("elapsed", "working")
# A rest between sets can be lying asleep at the least; above that as any MET.
REST_MET = Range(0.9, 25, "MET")


def kcal_per_kg_h(convention: str = "oxygen", *, edition: int | str = "2024") -> float:
    r"""Energy of one MET by a convention and an edition's resting baseline.

    Parameters
    ----------
    convention : {"oxygen", "compendium"}
        "oxygen": the edition's baseline in mL/kg/min at the convention's kcal per litre of
        oxygen. "compendium": the edition's baseline in kcal/kg/h.
    edition : {"2011", "2024", "older-2024", "wheelchair"}
        Edition of the Compendium.

    Returns
    -------
    float
        Energy of one MET. [kcal/kg/h]

    Raises
    ------
    ValueError
        If the edition does not define one MET in the convention's terms.

    Notes
    -----
    Adult editions call both 3.5 mL/kg/min and 1 kcal/kg/h one MET; at 5 kcal/L the first is
    1.05 kcal/kg/h, so that the two conventions differ by exactly 5 %.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`, :cite:`willis2024`

    Examples
    --------
    >>> round(kcal_per_kg_h("oxygen") / kcal_per_kg_h("compendium"), 12)
    1.05
    """
    name = choice("convention", convention, CONVENTIONS)
    baseline = edition_record(edition)
    equivalent = energy_convention(name).energy_kcal_l
    if equivalent is not None and baseline.baseline_ml_kg_min is not None:
        return baseline.baseline_ml_kg_min * equivalent * 60 / 1000
    if name == "compendium" and baseline.baseline_kcal_kg_h is not None:
        return baseline.baseline_kcal_kg_h
    other = "compendium" if name == "oxygen" else "oxygen"
    raise ValueError(
        f"convention {name!r} is not defined for edition {baseline.edition!r}, whose baseline is "
        f"stated in other units; use convention {other!r}"
    )


def gross_energy_kcal(
    met: Floats,
    body_mass_kg: Floats,
    duration_min: Floats,
    convention: str = "oxygen",
    *,
    edition: int | str = "2024",
) -> Floats:
    r"""Gross energy expended at a constant MET, resting metabolism included.

    Parameters
    ----------
    met : float or array
        Intensity, in METs of `edition`. [MET]
    body_mass_kg : float or array
        Body mass, 20 to 300. [kg]
    duration_min : float or array
        Time that the MET holds for. [min]
    convention : {"oxygen", "compendium"}
        How a MET becomes energy, see :func:`kcal_per_kg_h`.
    edition : {"2011", "2024", "older-2024", "wheelchair"}
        Edition whose baseline one MET is.

    Returns
    -------
    float or array
        Gross energy, of the arguments' common shape. [kcal]

    Raises
    ------
    ValueError
        If an argument is not finite or out of range.

    Notes
    -----
    .. math:: E = k \cdot \mathrm{MET} \cdot m \cdot t / 60

    with :math:`k` the energy of one MET in kcal/kg/h.

    *Valid for:* groups of adults at a steady effort. *Not valid for:* one person's true cost,
    because one MET is a convention and not that person's rest.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> round(gross_energy_kcal(2.8, 80, 10), 2)
    39.2
    >>> round(gross_energy_kcal(2.8, 80, 10, convention="compendium"), 2)
    37.33
    """
    met, mass, minutes = _energy_arguments(met, body_mass_kg, duration_min)
    return kcal_per_kg_h(convention, edition=edition) * met * mass * minutes / 60


def net_energy_kcal(
    met: Floats,
    body_mass_kg: Floats,
    duration_min: Floats,
    convention: str = "oxygen",
    *,
    edition: int | str = "2024",
) -> Floats:
    r"""Net energy: what the activity costs above one MET of rest.

    Parameters
    ----------
    met, body_mass_kg, duration_min, convention, edition
        As in :func:`gross_energy_kcal`.

    Returns
    -------
    float or array
        Net energy; below zero for a MET below one (sleep). [kcal]

    Raises
    ------
    ValueError
        If an argument is not finite or out of range.

    Notes
    -----
    .. math:: E_\mathrm{net} = k \, (\mathrm{MET} - 1) \, m \, t / 60

    *Valid for, not valid for:* as :func:`gross_energy_kcal`.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> round(net_energy_kcal(2.8, 80, 10), 2)
    25.2
    """
    met, mass, minutes = _energy_arguments(met, body_mass_kg, duration_min)
    return kcal_per_kg_h(convention, edition=edition) * (met - 1) * mass * minutes / 60


def met_minutes(met: Floats, duration_min: Floats) -> Floats:
    """MET-minutes: intensity times time, whoever the person.

    Parameters
    ----------
    met : float or array
        Intensity. [MET]
    duration_min : float or array
        Time that the MET holds for. [min]

    Returns
    -------
    float or array
        Volume of activity. [MET-min]

    Raises
    ------
    ValueError
        If an argument is not finite or out of range.

    Notes
    -----
    *Valid for:* comparing with weekly targets of aerobic activity. *Not valid for:* counting
    strength sessions towards such a target.

    References
    ----------
    :cite:`garber2011`

    Examples
    --------
    >>> met_minutes(4.0, 30)
    120.0
    """
    return checked("met", met, MET) * checked("duration_min", duration_min, DURATION_MIN)


def corrected_met(
    met: Floats, *, body_mass_kg: Floats, stature_m: Floats, age_y: Floats, sex: Any
) -> Floats:
    r"""MET relative to the person's own predicted rest.

    Parameters
    ----------
    met : float or array
        MET of an adult edition. [MET]
    body_mass_kg, stature_m, age_y : float or array
        The person. [kg], [m], [y]
    sex : {"female", "male"} or array of these
        As the resting equation uses it.

    Returns
    -------
    float or array
        Multiple of the person's own resting oxygen uptake. [MET]

    Raises
    ------
    ValueError
        If an argument is not finite or out of range.

    Notes
    -----
    .. math:: \mathrm{MET}_c = \mathrm{MET} \cdot 3.5 / \mathrm{RMR}

    with RMR in mL/kg/min from the Harris-Benedict equation at 5 kcal/L.

    *Valid for:* intensity class only. *Not valid for:* energy: a corrected MET times the
    person's own rest is the standard MET times 3.5 again, and multiplying it by 3.5 inflates
    the result.

    References
    ----------
    :cite:`kozey2010`, :cite:`harris1918`

    Examples
    --------
    >>> round(corrected_met(2.8, body_mass_kg=70, stature_m=1.75, age_y=35, sex="male"), 4)
    2.9607
    """
    from analysis.resting import resting_energy_kcal_day

    standard = checked("met", met, MET)
    mass = checked("body_mass_kg", body_mass_kg, BODY_MASS_KG)
    rest_kcal_day = resting_energy_kcal_day(
        mass,
        checked("stature_m", stature_m, STATURE_M),
        checked("age_y", age_y, AGE_Y),
        sex,
        equation="harris1918",
    )
    kcal_kg_h = rest_kcal_day / 24 / mass
    return standard * kcal_per_kg_h("oxygen") / kcal_kg_h


def intensity(met: Floats) -> Any:
    """Intensity class of an adult MET.

    Parameters
    ----------
    met : float or array
        Intensity. [MET]

    Returns
    -------
    str or array of str
        "sedentary" (to 1.5 MET), "light" (below 3), "moderate" (3 to below 6), "vigorous".

    Raises
    ------
    ValueError
        If `met` is not finite or out of range.

    Notes
    -----
    Bands are half open: a MET of exactly 3 is moderate and of exactly 6 vigorous; published
    tables differ on both edges. Sedentary behaviour also needs a sitting or lying posture,
    which a MET does not tell.

    *Valid for:* adults. *Not valid for:* children, or ratings of perceived effort.

    References
    ----------
    :cite:`herrmann2024`

    Examples
    --------
    >>> [str(name) for name in intensity([1.5, 2.9, 3.0, 6.0])]
    ['sedentary', 'light', 'moderate', 'vigorous']
    """
    values = np.asarray(checked("met", met, MET))
    bands = intensity_bands()
    names = np.full(values.shape, bands[0].band, dtype=object)
    for below, band in pairwise(bands):
        assert below.high_met is not None  # only the last band is open above
        above = values > below.high_met if below.high_included else values >= below.high_met
        names[above] = band.band
    return str(names[()]) if names.ndim == 0 else names


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
    resting = checked("rest_met", rest_met, REST_MET)
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
    No edition lists a leg raise: see :func:`evidence.exercises.met_analogies`.

    *Valid for:* comparing plans under one set of assumptions. *Not valid for:* one person's
    cost, or energy spent in recovery after the session.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> from analysis.progression import Stage
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
    >>> from analysis import progression
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


def _energy_arguments(
    met: Floats, body_mass_kg: Floats, duration_min: Floats
) -> tuple[Floats, Floats, Floats]:
    return (
        checked("met", met, MET),
        checked("body_mass_kg", body_mass_kg, BODY_MASS_KG),
        checked("duration_min", duration_min, DURATION_MIN),
    )
