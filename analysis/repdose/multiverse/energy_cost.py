"""Energy, MET-minutes and intensity of a plan under every defensible combination of choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from repdose.arguments import Floats
from repdose.energy import corrected_met, met_minutes
from repdose.energy.average_week import (
    LYING_QUIETLY,
    MEASURED_REST,
    at_own_rest,
    average_week_kcal,
    basis_of,
    rest_from,
)
from repdose.evidence.choices import declared_options
from repdose.evidence.compendia.met_tables import met
from repdose.evidence.studies.study_findings import finding
from repdose.evidence.training.variants import (
    ROLES,
    Role,
    editions_with_rows,
    met_analogies,
)
from repdose.multiverse.choices import Choice, Option
from repdose.multiverse.core import Multiverse, evaluate
from repdose.multiverse.declarations import declared
from repdose.plans import AnyStage, Plan
from repdose.resting import resting_energy_kcal_day


def energy(
    plan: Plan,
    *,
    body_mass_kg: float,
    stature_m: float | None = None,
    age_y: float | None = None,
    sex: str | None = None,
    edition: int | str = "2024",
    convention: str = "oxygen",
    time_basis: str = "elapsed",
) -> Multiverse:
    r"""Energy of an average week over MET rows, editions, conventions, gross and net, bases.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    body_mass_kg : float
        Body mass. [kg]
    stature_m, age_y, sex : float, float, {"female", "male"}, optional
        The rest of the person; with them the predicted rest is an option. [m], [y]
    edition, convention, time_basis : str
        Options of the default specification, whose MET row is the central one, whose energy
        is gross and whose rest is the standard one. The other options are evaluated too.

    Returns
    -------
    Multiverse
        Outcome in kcal/week.

    Raises
    ------
    ValueError
        If an argument is out of range, or only a part of the person is given.

    Notes
    -----
    With the standard rest the energy is :math:`\mathrm{MET} \cdot k \cdot m \cdot t`, and
    with a measured or predicted rest the same with that rest in the place of :math:`k`. A
    *corrected* MET is not an option: times the person's rest it is the standard energy again,
    and times the standard rest it inflates. Roles whose rows are the same for every variant
    of the plan are one option, so that nothing is counted twice.

    *Valid for:* how far the answer depends on choices. *Not valid for:* how likely an answer
    is, or one person's cost.

    References
    ----------
    :cite:`steegen2016`, :cite:`simonsohn2020`, :cite:`byrne2005`

    Examples
    --------
    >>> from repdose import progression
    >>> universe = energy(progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}]),
    ...     body_mass_kg=73)
    >>> universe.count, round(universe.default, 1), universe.most
    (144, 53.7, 'Stand-in exercise')
    """
    person = {"stature_m": stature_m, "age_y": age_y, "sex": sex}
    predicted_kcal_kg_h = _predicted(body_mass_kg, person)
    mets = _mets(plan)
    rests: dict[tuple[str, str], Floats | None] = {}
    for name, id in MEASURED_REST.items():
        rests["standard", name] = None
        measured = finding(id).value
        assert measured is not None  # tests hold both findings to print
        rests["measured", name] = rest_from(measured, name)
        rests["predicted", name] = predicted_kcal_kg_h

    # at the conventions' rest, of which the other baselines are multiples
    weeks: dict[tuple[Role, str, str, bool, str], Floats] = {}

    def average_week(
        *,
        met_row: Role = "central",
        edition: str = str(edition),
        convention: str,
        net: bool,
        time_basis: str,
        baseline: str,
    ) -> Floats:
        key = (met_row, edition, convention, net, time_basis)
        if key not in weeks:
            weeks[key] = average_week_kcal(
                plan,
                mets[met_row, edition],
                body_mass_kg,
                time_basis=time_basis,
                convention=convention,
                edition=edition,
                net=net,
            )
        own = rests[baseline, convention]
        if own is None:
            return weeks[key]
        return at_own_rest(weeks[key], own, convention=convention, edition=edition)

    return evaluate(
        average_week,
        [
            *met_row_choice(plan),
            declared("time_basis", default=time_basis),
            declared("net", default="gross", values={"gross": False, "net": True}),
            declared(
                "baseline",
                default="standard",
                without=() if predicted_kcal_kg_h is not None else ("predicted",),
            ),
            *edition_choice(plan, str(edition)),
            declared("convention", default=convention),
        ],
        outcome="Energy of an average week",
        unit="kcal/week",
    )


def weekly_met_minutes(
    plan: Plan, *, edition: int | str = "2024", time_basis: str = "elapsed"
) -> Multiverse:
    """MET-minutes of an average week over MET rows, editions and time bases.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    edition, time_basis : str
        Options of the default specification.

    Returns
    -------
    Multiverse
        Outcome in MET-min/week; rests count where they have a MET.

    Notes
    -----
    *Not valid for:* counting strength sessions towards an aerobic target.

    References
    ----------
    :cite:`steegen2016`, :cite:`garber2011`

    Examples
    --------
    >>> from repdose import progression
    >>> universe = weekly_met_minutes(progression.plan([{"variant": "lying_straight_leg",
    ...     "weeks": 1, "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}]))
    >>> round(universe.default, 1), universe.share(500)
    (42.0, 0.0)
    """
    mets = _mets(plan)

    def average_week(
        *, met_row: Role = "central", edition: str = str(edition), time_basis: str
    ) -> Floats:
        basis, rest_met = basis_of(time_basis, edition)
        total: Floats = 0.0
        for stage in plan.stages:
            for times, session in stage.week_sessions:
                for part in session.parts:
                    minutes = part.elapsed_min if basis == "elapsed" else part.work_min
                    spent = met_minutes(mets[met_row, edition][part.done.exercise], minutes)
                    if rest_met is not None:
                        spent += met_minutes(rest_met, part.rest_min)
                    total = total + stage.weeks * times * spent
        return total / sum(stage.weeks for stage in plan.stages)

    return evaluate(
        average_week,
        [
            *met_row_choice(plan),
            declared("time_basis", default=time_basis),
            *edition_choice(plan, str(edition)),
        ],
        outcome="MET-minutes of an average week",
        unit="MET-min/week",
    )


def intensity(
    stage: AnyStage,
    *,
    body_mass_kg: float,
    stature_m: float,
    age_y: float,
    sex: str,
    edition: int | str = "2024",
) -> Multiverse:
    """MET of a stage over MET rows, editions, MET scales and parts of the session.

    Parameters
    ----------
    stage : Stage or SessionsStage
        Exercises, sets, repetitions, tempo and rest. Of several exercises the MET is the mean
        over their working time in a week.
    body_mass_kg, stature_m, age_y, sex : float, float, float, {"female", "male"}
        The person, for the corrected MET. [kg], [m], [y]
    edition : {"2011", "2024"}
        Option of the default specification: its central row, standard, while working.

    Returns
    -------
    Multiverse
        Outcome in METs; `share` of the lower bound of an intensity class says how many
        specifications put the stage into that class or above it.

    References
    ----------
    :cite:`steegen2016`, :cite:`kozey2010`

    Examples
    --------
    >>> from repdose.progression import Stage
    >>> universe = intensity(Stage(variant="lying_straight_leg", weeks=1, sessions_per_week=3,
    ...     sets=3, repetitions=12, rest_s=60), body_mass_kg=75, stature_m=1.75, age_y=35,
    ...     sex="male")
    >>> round(universe.default, 2), 0 < universe.share(3) < 1
    (2.8, True)
    """
    plan = Plan((stage,))
    mets = _mets(plan)
    parts = [(times, part) for times, one in stage.week_sessions for part in one.parts]
    worked = sum(times * part.work_min for times, part in parts)

    def met_of_stage(
        *, met_row: Role = "central", edition: str = str(edition), phase: str, scale: str
    ) -> Floats:
        value: Floats = sum(
            times * part.work_min / worked * mets[met_row, edition][part.done.exercise]
            for times, part in parts
        )
        if phase == "session":
            rest = met(LYING_QUIETLY, edition=edition).met
            value = (value * stage.work_min + rest * stage.rest_min) / stage.elapsed_min
        if scale == "standard":
            return value
        return corrected_met(
            value, body_mass_kg=body_mass_kg, stature_m=stature_m, age_y=age_y, sex=sex
        )

    return evaluate(
        met_of_stage,
        [
            *met_row_choice(plan),
            declared("phase", default="work"),
            declared("scale", default="standard"),
            *edition_choice(plan, str(edition)),
        ],
        outcome="Intensity",
        unit="MET",
    )


def met_row_choice(plan: Plan) -> list[Choice]:
    """Roles of the MET rows; those with the same rows for the whole plan are one option.

    No choice where all of them are.
    """
    rows = declared_options("met_row")
    groups: dict[tuple[str, ...], list[Role]] = {}
    for role in ROLES:
        codes = tuple(
            met_analogies(variant, edition=edition)[role].met.code
            for variant in plan.exercises
            for edition in complete_editions(plan)
        )
        groups.setdefault(codes, []).append(role)
    names: dict[Role, str] = {
        "central" if "central" in roles else roles[0]: f"{' and '.join(roles)} MET"
        for roles in groups.values()
    }
    if len(names) == 1:
        return []
    return [
        Choice(
            name="met_row",
            options=[
                Option(name=name, value=role, reason=rows[role].reason, source=rows[role].source)
                for role, name in names.items()
            ],
            default=names["central"],
            kind=rows["central"].kind,
            label=rows["central"].label,
        )
    ]


def edition_choice(plan: Plan, default: str) -> list[Choice]:
    """The editions that have rows for the whole plan; no choice where it is one."""
    known = complete_editions(plan)
    if default not in known:
        met_analogies(plan.exercises[0], edition=default)  # refuses what is no edition
        raise ValueError(
            f"edition {default}: not every exercise of the plan has MET rows of it; those of "
            f"{' and '.join(known) or 'no edition'} are complete"
        )
    if len(known) == 1:
        return []
    without = tuple(one for one in declared_options("edition") if one not in known)
    return [declared("edition", default=default, without=without)]


def complete_editions(plan: Plan) -> list[str]:
    """Declared editions of which every exercise of a plan has rows."""
    return [
        edition
        for edition in declared_options("edition")
        if all(edition in editions_with_rows(variant) for variant in plan.exercises)
    ]


def _mets(plan: Plan) -> dict[tuple[Role, str], dict[str, float]]:
    """MET of each exercise by role and edition."""
    return {
        (role, edition): {
            variant: met_analogies(variant, edition=edition)[role].met.met
            for variant in plan.exercises
        }
        for role in ROLES
        for edition in complete_editions(plan)
    }


def _predicted(body_mass_kg: float, person: Mapping[str, Any]) -> float | None:
    """Predicted rest of the person [kcal/kg/h], None where no person is given."""
    absent = [name for name, value in person.items() if value is None]
    if len(absent) == len(person):
        return None
    if absent:
        raise ValueError(
            f"{', '.join(absent)}: give all of {', '.join(person)} for the predicted rest, or none"
        )
    day = resting_energy_kcal_day(body_mass_kg, **person, equation="mifflin1990")
    return float(np.asarray(day)) / 24 / body_mass_kg
