"""Oxygen uptake of steady locomotion by the ACSM equations: what a plan's energy is set beside.

None of the equations applies to leg raises: they are regressions on people who walk, run, cycle
or step steadily. They are here to put a leg raise's energy in proportion.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from repdose.arguments import BODY_MASS_KG, Floats, Range, checked, choice
from repdose.evidence.body.metabolic_equations import EquationTerm, equation_terms
from repdose.evidence.compendia.conventions import energy_convention

# Catches a slip of unit; the ranges that the equations are meant for are in the evidence.
FASTEST_M_MIN = 500
LIMITS = {
    "grade": Range(0, 0.5, "as a fraction"),
    "power_kgm_min": Range(0, 3000, "kg m/min"),
    "body_mass_kg": BODY_MASS_KG,
}
MODES = {
    "walking": ("speed_m_min", "grade"),
    "running": ("speed_m_min", "grade"),
    "leg_cycling": ("power_kgm_min", "body_mass_kg"),
    "arm_cycling": ("power_kgm_min", "body_mass_kg"),
    "stepping": ("steps_per_min", "step_height_m"),
}
# The dose whose range a term states, and what a term's coefficient multiplies.
_RANGED = {
    "speed": "speed_m_min",
    "power_per_mass": "power_kgm_min",
    "rate": "steps_per_min",
    "lift": "step_height_m",
}
_MULTIPLIES: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "rest": lambda _: 1.0,
    "unloaded": lambda _: 1.0,
    "speed": lambda dose: dose["speed_m_min"],
    "speed_times_grade": lambda dose: dose["speed_m_min"] * dose["grade"],
    "power_per_mass": lambda dose: dose["power_kgm_min"] / dose["body_mass_kg"],
    "rate": lambda dose: dose["steps_per_min"],
    "lift": lambda dose: dose["step_height_m"] * dose["steps_per_min"],
}


def oxygen_uptake_ml_kg_min(mode: str, **doses: Any) -> Floats:
    r"""Gross oxygen uptake of steady locomotion by the ACSM equation of its mode.

    Parameters
    ----------
    mode : {"walking", "running", "leg_cycling", "arm_cycling", "stepping"}
        Which equation.
    **doses : float or array_like
        Walking and running: speed_m_min [m/min] and grade as a fraction [1]. Cycling:
        power_kgm_min [kg m/min] and body_mass_kg [kg]. Stepping: steps_per_min [1/min] and
        step_height_m [m].

    Returns
    -------
    float or ndarray
        Gross oxygen uptake. [mL/kg/min]

    Raises
    ------
    ValueError
        If a dose is missing, not of this mode, or outside what the equation is meant for.

    Notes
    -----
    The sum of the published terms, as for walking

    .. math:: \dot V_{O_2} = 3.5 + 0.1\,S + 1.8\,S\,G

    *Valid for:* steady work of that mode. *Not valid for:* leg raises, to which it is a comparator.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> round(oxygen_uptake_ml_kg_min("walking", speed_m_min=100, grade=0.05), 1)
    22.5
    >>> round(oxygen_uptake_ml_kg_min("stepping", steps_per_min=30, step_height_m=0.3048), 1)
    31.4
    """
    needed = MODES[choice("mode", mode, tuple(MODES))]
    if doses.keys() != set(needed):
        given = ", ".join(doses) or "nothing"
        raise ValueError(f"{mode} takes {' and '.join(needed)}; got {given}")
    terms = equation_terms(f"acsm_{mode}")
    meant = {_RANGED[name]: _meant(term) for name, term in terms.items() if name in _RANGED}
    limits = {**meant, **{name: limit for name, limit in LIMITS.items() if name in needed}}
    if mode == "arm_cycling":  # the only one that states a range of power
        limits |= meant
    dose = {name: checked(name, doses[name], limits[name]) for name in needed}
    uptake: Any = 0.0
    for name, term in terms.items():
        if name in _MULTIPLIES:
            uptake = uptake + term.coefficient * _factor(name, terms) * _MULTIPLIES[name](dose)
    total: Floats = uptake
    return total


def _factor(name: str, terms: Mapping[str, EquationTerm]) -> float:
    """Stepping down again makes a multiple of the lift."""
    return terms["lowering_factor"].coefficient if name == "lift" else 1.0


def _meant(term: EquationTerm) -> Range:
    """What a term is meant for, by its source; speed has no upper end in print."""
    low = 0.0 if term.valid_low is None else term.valid_low
    high = FASTEST_M_MIN if term.valid_high is None else term.valid_high
    return Range(low, high, term.valid_unit)


def walking_min(gross_kcal: Any, *, body_mass_kg: Any, speed_m_min: Any) -> Floats:
    """Minutes of level walking with the same gross energy.

    Parameters
    ----------
    gross_kcal : float or array_like
        Gross energy to be matched. [kcal]
    body_mass_kg : float or array_like
        Body mass. [kg]
    speed_m_min : float or array_like
        Speed of the walk; the equation is meant from 50 m/min. [m/min]

    Returns
    -------
    float or ndarray
        Duration of the walk. [min]

    Raises
    ------
    ValueError
        If an argument is out of range.

    Notes
    -----
    Oxygen by :func:`oxygen_uptake_ml_kg_min`, energy by the convention ``oxygen`` (5 kcal/L).
    *Not valid for:* claims that a plan trains as walking does; only energies are set equal.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> round(walking_min(100, body_mass_kg=75, speed_m_min=80), 1)
    23.2
    """
    energy = checked("gross_kcal", gross_kcal, Range(0, 1e6, "kcal"))
    mass = checked("body_mass_kg", body_mass_kg, BODY_MASS_KG)
    uptake = oxygen_uptake_ml_kg_min("walking", speed_m_min=speed_m_min, grade=0.0)
    worth = energy_convention("oxygen").energy_kcal_l
    assert worth is not None  # the convention is stated by oxygen
    return energy / (uptake * mass * worth / 1000)
