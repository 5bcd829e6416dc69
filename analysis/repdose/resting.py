"""Resting energy of an adult by published equations."""

from __future__ import annotations

from typing import Any

import numpy as np

from repdose.arguments import AGE_Y, BODY_MASS_KG, STATURE_M, Floats, Range, checked
from repdose.evidence.body.resting_equations import SEXES, RestingEquation
from repdose.evidence.body.resting_equations import equation as equation_rows

__all__ = [
    "resting_energy_kcal_day",
]


def __dir__() -> list[str]:
    return sorted(__all__)


LEAN_MASS_KG = Range(15, 150, "kg")


def resting_energy_kcal_day(
    body_mass_kg: Floats,
    stature_m: Floats,
    age_y: Floats,
    sex: Any,
    *,
    equation: str = "mifflin1990",
    lean_mass_kg: Floats | None = None,
) -> Floats:
    r"""Resting energy of an adult by a published equation.

    Parameters
    ----------
    body_mass_kg : float or array
        Body mass. [kg]
    stature_m : float or array
        Stature. [m]
    age_y : float or array
        Age. [y]
    sex : {"female", "male"} or array of these
        As the equations use it.
    equation : str
        Name of the equation, see :func:`repdose.evidence.body.resting_equations.names`.
    lean_mass_kg : float or array, optional
        Lean body mass, for the equation that asks for it. [kg]

    Returns
    -------
    float or array
        Resting energy, of the arguments' common shape. [kcal/day]

    Raises
    ------
    UnknownRecordError
        If there is no such equation.
    ValueError
        If an argument is out of range, the equation has no row for an age, or it asks for
        lean mass and none is given.

    Notes
    -----
    .. math:: E = c_0 + c_1 m + c_2 h + c_3 a

    with coefficients by sex and, in some equations, by age band (low <= age < high).

    *Valid for:* groups of healthy adults like those the equation was fitted to.
    *Not valid for:* one person's rest (a tenth more or less is common), or athletes.

    References
    ----------
    :cite:`mifflin1990`, :cite:`harris1918`, :cite:`schofield1985`, :cite:`henry2005`

    Examples
    --------
    >>> round(resting_energy_kcal_day(70, 1.75, 35, "male", equation="harris1918"), 4)
    1668.2375
    """
    values = {
        "body_mass_kg": checked("body_mass_kg", body_mass_kg, BODY_MASS_KG),
        "stature_m": checked("stature_m", stature_m, STATURE_M),
        "age_y": checked("age_y", age_y, AGE_Y),
    }
    if lean_mass_kg is not None:
        values["lean_mass_kg"] = checked("lean_mass_kg", lean_mass_kg, LEAN_MASS_KG)
    sexes = np.asarray(sex)
    odd = sexes[~np.isin(sexes, SEXES)]
    if odd.size:
        raise ValueError(
            f"sex must be female or male, as the equations use it; got {odd.flat[0]!r}"
        )
    shape = np.broadcast_shapes(sexes.shape, *(np.shape(value) for value in values.values()))
    sexes = np.broadcast_to(sexes, shape)
    arrays = {name: np.broadcast_to(value, shape) for name, value in values.items()}

    energy = np.full(shape, np.nan)
    for one in sorted(set(sexes.flat)):
        for row in equation_rows(equation, str(one)):
            people = (sexes == one) & _in_band(arrays["age_y"], row)
            if people.any():
                energy[people] = _row_energy(row, {name: a[people] for name, a in arrays.items()})
    if np.isnan(energy).any():
        age = arrays["age_y"][np.isnan(energy)].flat[0]
        raise ValueError(f"equation {equation!r} has no coefficients for age_y {age:g}")
    return float(energy) if energy.ndim == 0 else energy


def _in_band(age_y: Any, row: RestingEquation) -> Any:
    low = -np.inf if row.age_low_y is None else row.age_low_y
    high = np.inf if row.age_high_y is None else row.age_high_y
    return (low <= age_y) & (age_y < high)


def _row_energy(row: RestingEquation, values: dict[str, Any]) -> Any:
    for name in row.needs:
        if name not in values:
            raise ValueError(f"equation {row.equation!r} needs {name}; give it [kg]")
    coefficients = row.kcal_day
    return coefficients["intercept"] + sum(coefficients[name] * values[name] for name in row.needs)
