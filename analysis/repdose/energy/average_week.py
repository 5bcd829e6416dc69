"""Energy of an average week of a plan, at METs and a rest that the caller chooses."""

from __future__ import annotations

from collections.abc import Mapping

from repdose.arguments import Floats, Range, checked, choice
from repdose.energy import kcal_per_kg_h, session_energy_kcal
from repdose.evidence.choices import declared_options
from repdose.evidence.compendia.conventions import energy_convention
from repdose.evidence.compendia.met_tables import met
from repdose.evidence.used import kept_of_last
from repdose.plans import Plan

# Lying at rest between sets; its MET differs between the editions.
LYING_QUIETLY = "07011"
RESTS = "working_and_rests"
# Measured rest in the terms of each convention: oxygen uptake, or energy.
MEASURED_REST = {
    "oxygen": "byrne2005.resting_oxygen_uptake",
    "compendium": "byrne2005.resting_energy",
}
# As many as are compared, each of them asked for by every specification of a multiverse
PLANS = 8
# Bounds that catch a slip of unit, not a finding.
REST = Range(0, 10, "kcal/kg/h", above=True)


def average_week_kcal(
    plan: Plan,
    met_of: Mapping[str, Floats],
    body_mass_kg: Floats,
    *,
    time_basis: str,
    convention: str = "oxygen",
    edition: int | str = "2024",
    net: bool = False,
    rest_kcal_kg_h: Floats | None = None,
) -> Floats:
    r"""Energy of an average week of a plan, at given METs of its exercises.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    met_of : mapping of str to float or array
        MET by exercise. [MET]
    body_mass_kg : float or array
        Body mass. [kg]
    time_basis : {"elapsed", "working", "working_and_rests"}
        Whether the MET holds over the rests, the rests are left out, or they are added at the
        edition's row for lying quietly.
    convention, edition, net
        As in :func:`repdose.energy.session_energy_kcal`.
    rest_kcal_kg_h : float or array, optional
        The rest that one MET stands for, measured or predicted; by default the convention's.
        [kcal/kg/h]

    Returns
    -------
    float or array
        Energy, mean of the plan's weeks. [kcal per week]

    Raises
    ------
    ValueError
        If an argument is out of range, or an exercise has no MET.

    Notes
    -----
    .. math:: \bar E = \sum_s w_s \sum_k n_{sk} \sum_x E_{skx} \Big/ \sum_s w_s

    over stages of :math:`w_s` weeks, their sessions, done :math:`n_{sk}` times a week, and the
    sessions' exercises. With a rest of the
    person's own, METs are read as multiples of that rest, and never corrected first: a
    corrected MET times the own rest is the standard energy again, and times the standard rest
    it inflates.

    *Valid for, not valid for:* as :func:`repdose.energy.session_energy_kcal`.

    References
    ----------
    :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> from repdose import progression
    >>> week = progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}])
    >>> round(average_week_kcal(week, {"lying_straight_leg": 2.8}, 73, time_basis="elapsed"), 1)
    53.7
    """
    done = _done(plan)
    for _, name, *_ in done:
        choice("variant of the plan", name, met_of)
    basis, rest_met = basis_of(time_basis, edition)
    total: Floats = 0.0
    for times, name, work_min, rest_min in done:
        spent = session_energy_kcal(
            met_of[name],
            body_mass_kg,
            work_min,
            rest_min,
            time_basis=basis,
            convention=convention,
            edition=edition,
            rest_met=rest_met,
            net=net,
        )
        total = total + times * spent
    week = total / sum(stage.weeks for stage in plan.stages)
    if rest_kcal_kg_h is None:
        return week
    return at_own_rest(week, rest_kcal_kg_h, convention=convention, edition=edition)


@kept_of_last(PLANS)
def _done(plan: Plan) -> list[tuple[int, str, float, float]]:
    """Each exercise of each session: how often in the plan, its id, at work and at rest [min]."""
    return [
        (stage.weeks * times, part.done.exercise, part.work_min, part.rest_min)
        for stage in plan.stages
        for times, session in stage.week_sessions
        for part in session.parts
    ]


def at_own_rest(
    energy_kcal: Floats, rest_kcal_kg_h: Floats, *, convention: str, edition: int | str
) -> Floats:
    """Energy at a convention's rest as it is at a rest of the person's own.

    Parameters
    ----------
    energy_kcal : float or array
        At the rest of the convention. [kcal]
    rest_kcal_kg_h : float or array
        The own rest. [kcal/kg/h]
    convention, edition
        As in :func:`average_week_kcal`.

    Returns
    -------
    float or array
        Energy. [kcal]

    Raises
    ------
    ValueError
        If the rest is out of range.

    Examples
    --------
    >>> at_own_rest(105.0, 0.9, convention="oxygen", edition="2024")
    90.0
    """
    own = checked("rest_kcal_kg_h", rest_kcal_kg_h, REST)
    return energy_kcal * own / kcal_per_kg_h(convention, edition=edition)


def rest_from(measured: Floats, convention: str) -> Floats:
    """Rest as a study prints it for a convention (see `MEASURED_REST`), as energy.

    Parameters
    ----------
    measured : float or array
        Resting oxygen uptake [mL/kg/min] for "oxygen", energy [kcal/kg/h] for "compendium".
    convention : {"oxygen", "compendium"}
        How a MET becomes energy.

    Returns
    -------
    float or array
        Rest. [kcal/kg/h]

    Examples
    --------
    >>> round(rest_from(3.5, "oxygen"), 3)
    1.05
    """
    per_litre = energy_convention(convention).energy_kcal_l
    return measured if per_litre is None else measured * per_litre * 60 / 1000


def basis_of(time_basis: str, edition: int | str) -> tuple[str, float | None]:
    """The time basis of a session's energy, and the MET of its rests where they are added."""
    named = choice("time_basis", time_basis, declared_options("time_basis"))
    if named == RESTS:
        return "working", met(LYING_QUIETLY, edition=edition).met
    return named, None
