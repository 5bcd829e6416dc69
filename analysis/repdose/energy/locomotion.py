"""Oxygen into energy, and the ACSM equations for steady locomotion, as comparators.

None of the locomotion equations applies to leg raises: they are regressions on people who
walk, run, cycle or step steadily. They are here to put a leg raise's energy in proportion.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from repdose.arguments import BODY_MASS_KG, Floats, Range, checked
from repdose.evidence.body.metabolic_equations import EquationTerm, equation_terms, lusk

OXYGEN_L_MIN = Range(0, 8, "L/min")
# Catches a slip of unit; the ranges that the equations are meant for are in the evidence.
FASTEST_M_MIN = 500
GRADE = Range(0, 0.5, "as a fraction")
POWER_KGM_MIN = Range(0, 3000, "kg m/min")


def _meant(term: EquationTerm) -> Range:
    """What a term is meant for, by its source; speed has no upper end in print."""
    low = 0.0 if term.valid_low is None else term.valid_low
    high = FASTEST_M_MIN if term.valid_high is None else term.valid_high
    return Range(low, high, term.valid_unit)


def oxygen_equivalent_kcal_l(rq: Any) -> Floats:
    r"""Energy of a litre of oxygen at a non-protein respiratory quotient.

    Parameters
    ----------
    rq : float or array_like
        Non-protein respiratory quotient, within the table. [1]

    Returns
    -------
    float or ndarray
        Energy. [kcal/L]

    Raises
    ------
    ValueError
        If `rq` is outside the table, which begins at fat alone and ends at carbohydrate alone.

    Notes
    -----
    Linear between the rows of Lusk's table, which is itself linear to a thousandth.

    *Valid for:* steady rest and exercise without net lactate. *Not valid for:* heavy sets,
    where the respiratory quotient passes 1 for other reasons.

    References
    ----------
    :cite:`lusk1928`

    Examples
    --------
    >>> oxygen_equivalent_kcal_l(0.85)
    4.862
    """
    rows = lusk()
    quotients = [row.rq for row in rows]
    values = checked("rq", rq, Range(quotients[0], quotients[-1], ""))
    found = np.interp(values, quotients, [row.energy_kcal_l for row in rows])
    return float(found) if np.ndim(found) == 0 else found


def weir_kcal_min(oxygen_l_min: Any, carbon_dioxide_l_min: Any) -> Floats:
    r"""Energy expenditure from gas exchange, without urinary nitrogen.

    Parameters
    ----------
    oxygen_l_min, carbon_dioxide_l_min : float or array_like
        Oxygen uptake and carbon dioxide output; shapes broadcast. [L/min]

    Returns
    -------
    float or ndarray
        Energy expenditure. [kcal/min]

    Raises
    ------
    ValueError
        If a gas volume is outside its range.

    Notes
    -----
    .. math:: E = 3.94\,\dot V_{O_2} + 1.11\,\dot V_{CO_2}

    *Valid for:* steady gas exchange. *Not valid for:* the first minute of a set.

    References
    ----------
    :cite:`weir1949`

    Examples
    --------
    >>> round(weir_kcal_min(1.0, 0.85), 4)
    4.8835
    """
    terms = equation_terms("weir1949")
    oxygen = checked("oxygen_l_min", oxygen_l_min, OXYGEN_L_MIN)
    dioxide = checked("carbon_dioxide_l_min", carbon_dioxide_l_min, OXYGEN_L_MIN)
    return terms["oxygen"].coefficient * oxygen + terms["carbon_dioxide"].coefficient * dioxide


def walking_ml_kg_min(speed_m_min: Any, grade: Any = 0.0) -> Floats:
    r"""Gross oxygen uptake of walking by the ACSM equation.

    Parameters
    ----------
    speed_m_min : float or array_like
        Speed; the equation is meant from 50 m/min. [m/min]
    grade : float or array_like
        Slope as a fraction. [1]

    Returns
    -------
    float or ndarray
        Gross oxygen uptake. [mL/kg/min]

    Raises
    ------
    ValueError
        If the speed is below what the equation is meant for, or the grade out of range.

    Notes
    -----
    .. math:: \dot V_{O_2} = 3.5 + 0.1\,S + 1.8\,S\,G

    *Valid for:* steady walking. *Not valid for:* leg raises, to which it is a comparator.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> round(walking_ml_kg_min(100, 0.05), 1)
    22.5
    """
    return _locomotion("acsm_walking", speed_m_min, grade)


def running_ml_kg_min(speed_m_min: Any, grade: Any = 0.0) -> Floats:
    r"""Gross oxygen uptake of running by the ACSM equation.

    Parameters
    ----------
    speed_m_min : float or array_like
        Speed; the equation is meant from 134 m/min. [m/min]
    grade : float or array_like
        Slope as a fraction. [1]

    Returns
    -------
    float or ndarray
        Gross oxygen uptake. [mL/kg/min]

    Raises
    ------
    ValueError
        If the speed is below what the equation is meant for, or the grade out of range.

    Notes
    -----
    .. math:: \dot V_{O_2} = 3.5 + 0.2\,S + 0.9\,S\,G

    *Valid for:* steady running. *Not valid for:* leg raises, to which it is a comparator.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> running_ml_kg_min(160)
    35.5
    """
    return _locomotion("acsm_running", speed_m_min, grade)


def _locomotion(equation: str, speed_m_min: Any, grade: Any) -> Floats:
    terms = equation_terms(equation)
    speed = checked("speed_m_min", speed_m_min, _meant(terms["speed"]))
    slope = checked("grade", grade, GRADE)
    return (
        terms["rest"].coefficient
        + terms["speed"].coefficient * speed
        + terms["speed_times_grade"].coefficient * speed * slope
    )


def leg_cycling_ml_kg_min(power_kgm_min: Any, body_mass_kg: Any) -> Floats:
    r"""Gross oxygen uptake of leg cycling by the ACSM equation.

    Parameters
    ----------
    power_kgm_min : float or array_like
        Work rate. [kg m/min]
    body_mass_kg : float or array_like
        Body mass. [kg]

    Returns
    -------
    float or ndarray
        Gross oxygen uptake. [mL/kg/min]

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Notes
    -----
    .. math:: \dot V_{O_2} = 3.5 + 3.5 + 1.8\,P / M

    *Valid for:* steady cycling. *Not valid for:* leg raises, to which it is a comparator.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> round(leg_cycling_ml_kg_min(600, 70), 2)
    22.43
    """
    terms = equation_terms("acsm_leg_cycling")
    power = checked("power_kgm_min", power_kgm_min, POWER_KGM_MIN)
    mass = checked("body_mass_kg", body_mass_kg, BODY_MASS_KG)
    still = terms["rest"].coefficient + terms["unloaded"].coefficient
    return still + terms["power_per_mass"].coefficient * power / mass


def arm_cycling_ml_kg_min(power_kgm_min: Any, body_mass_kg: Any) -> Floats:
    r"""Gross oxygen uptake of arm cycling by the ACSM equation.

    Parameters
    ----------
    power_kgm_min : float or array_like
        Work rate; the equation is meant for 150 to 750 kg m/min. [kg m/min]
    body_mass_kg : float or array_like
        Body mass. [kg]

    Returns
    -------
    float or ndarray
        Gross oxygen uptake. [mL/kg/min]

    Raises
    ------
    ValueError
        If the work rate is outside what the equation is meant for, or the mass out of range.

    Notes
    -----
    .. math:: \dot V_{O_2} = 3.5 + 3\,P / M

    *Valid for:* steady arm cycling. *Not valid for:* leg raises, to which it is a comparator.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> round(arm_cycling_ml_kg_min(300, 70), 2)
    16.36
    """
    terms = equation_terms("acsm_arm_cycling")
    loaded = terms["power_per_mass"]
    power = checked("power_kgm_min", power_kgm_min, _meant(loaded))
    mass = checked("body_mass_kg", body_mass_kg, BODY_MASS_KG)
    return terms["rest"].coefficient + loaded.coefficient * power / mass


def stepping_ml_kg_min(steps_per_min: Any, step_height_m: Any) -> Floats:
    r"""Gross oxygen uptake of stepping up and down by the ACSM equation.

    Parameters
    ----------
    steps_per_min : float or array_like
        Steps up a minute; the equation is meant for 12 to 30. [1/min]
    step_height_m : float or array_like
        Height of the step; meant for 0.04 to 0.40 m. [m]

    Returns
    -------
    float or ndarray
        Gross oxygen uptake. [mL/kg/min]

    Raises
    ------
    ValueError
        If an argument is outside what the equation is meant for.

    Notes
    -----
    .. math:: \dot V_{O_2} = 3.5 + 0.2\,f + 1.33 \times 1.8\,h\,f

    *Valid for:* steady stepping. *Not valid for:* leg raises, to which it is a comparator.

    References
    ----------
    :cite:`bushman2020`

    Examples
    --------
    >>> round(stepping_ml_kg_min(30, 0.3048), 1)
    31.4
    """
    terms = equation_terms("acsm_stepping")
    rate, lift = terms["rate"], terms["lift"]
    steps = checked("steps_per_min", steps_per_min, _meant(rate))
    height = checked("step_height_m", step_height_m, _meant(lift))
    raised = lift.coefficient * terms["lowering_factor"].coefficient
    return terms["rest"].coefficient + rate.coefficient * steps + raised * height * steps
