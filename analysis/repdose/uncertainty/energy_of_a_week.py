"""The energy of a plan's average week as a model with uncertain inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from repdose.arguments import Floats, choice
from repdose.energy.average_week import MEASURED_REST, average_week_kcal, rest_from
from repdose.plans import Plan
from repdose.uncertainty.distributions import Distribution
from repdose.uncertainty.from_evidence import analogy, between_people, body_mass

RESTS = ("standard", "measured")
# How the MET is spread between its rows, the default first
SHAPES = ("pert", "triangular")


def weekly_energy(
    plan: Plan,
    *,
    body_mass_kg: float,
    body_mass_sd_kg: float,
    edition: int | str = "2024",
    convention: str = "oxygen",
    time_basis: str = "elapsed",
    net: bool = False,
    rest: str = "standard",
    shape: str = "pert",
) -> tuple[Callable[..., Floats], dict[str, Distribution]]:
    """Function and inputs for :func:`repdose.uncertainty.simulate` and `sobol`.

    Parameters
    ----------
    plan : Plan
        Weeks and what is done in them.
    body_mass_kg, body_mass_sd_kg : float
        Body mass and the SD of its error. [kg]
    edition, convention, time_basis, net
        Rules of counting, held fixed: as in :func:`repdose.energy.average_week.average_week_kcal`.
    rest : {"standard", "measured"}
        Whether one MET is the convention's rest, or the rest of one person out of those
        measured by :cite:`byrne2005`.
    shape : {"pert", "triangular"}
        How the MET is spread between its low, central and high row, see :func:`analogy`.

    Returns
    -------
    callable, dict of str to Distribution
        The function gives kcal per week.

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    *Valid for:* what the stated spreads amount to under one set of rules. *Not valid for:* the
    doubt about the rules themselves, which is larger: see :func:`repdose.multiverse.energy`.

    References
    ----------
    :cite:`byrne2005`, :cite:`ainsworth2011`, :cite:`herrmann2024`

    Examples
    --------
    >>> from repdose import progression, uncertainty
    >>> plan = progression.plan([{"variant": "lying_straight_leg", "weeks": 1,
    ...     "sessions_per_week": 3, "sets": 3, "repetitions": 12, "rest_s": 60}])
    >>> function, inputs = weekly_energy(plan, body_mass_kg=75, body_mass_sd_kg=1)
    >>> simulation = uncertainty.simulate(function, inputs, seed=1)
    >>> central_row_kcal = 55.1  # 2.8 x 3.5 x 75 / 200 x 5 min x 3 sessions
    >>> simulation.range[0] < central_row_kcal < simulation.range[1]
    True
    """
    own_rest = choice("rest", rest, RESTS) == "measured"
    names = {f"met_{name}": name for name in plan.exercises}
    inputs = {name: analogy(one, edition=edition, shape=shape) for name, one in names.items()}
    inputs["body_mass_kg"] = body_mass(body_mass_kg, sd_kg=body_mass_sd_kg)
    if own_rest:
        rule = choice("convention", convention, MEASURED_REST)
        inputs["rest"] = between_people(MEASURED_REST[rule])

    def week(*, body_mass_kg: Floats, rest: Floats | None = None, **mets: Any) -> Floats:
        return average_week_kcal(
            plan,
            {names[name]: value for name, value in mets.items()},
            body_mass_kg,
            time_basis=time_basis,
            convention=convention,
            edition=edition,
            net=net,
            rest_kcal_kg_h=None if rest is None else rest_from(rest, convention),
        )

    return week, inputs
