"""Energy from a MET: gross and net, MET-minutes, and intensity."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Literal

import numpy as np

from repdose.arguments import (
    AGE_Y,
    BODY_MASS_KG,
    DURATION_MIN,
    MET,
    STATURE_M,
    Floats,
    checked,
    choice,
)
from repdose.evidence.compendia.conventions import energy_convention, intensity_bands
from repdose.evidence.compendia.met_tables import Met, edition_name
from repdose.evidence.compendia.met_tables import edition as edition_record
from repdose.evidence.used import kept

Convention = Literal["oxygen", "compendium"]
CONVENTIONS: tuple[Convention, ...] = ("oxygen", "compendium")


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
    return _one_met(name, edition_name(edition))


@kept
def _one_met(name: Convention, edition: str) -> float:
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
    met: Floats | Met,
    body_mass_kg: Floats,
    duration_min: Floats,
    convention: str = "oxygen",
    *,
    edition: int | str = "2024",
) -> Floats:
    r"""Gross energy expended at a constant MET, resting metabolism included.

    Parameters
    ----------
    met : float, array or Met
        Intensity, in METs of `edition`; a row of the Compendium counts as its number. [MET]
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
    met, mass, minutes = _energy_arguments(met, body_mass_kg, duration_min, edition)
    # What is one number for all comes first: fewer passes over long arrays
    per_met_kg = kcal_per_kg_h(convention, edition=edition) * minutes / 60
    return met * mass * per_met_kg


def net_energy_kcal(
    met: Floats | Met,
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
    met, mass, minutes = _energy_arguments(met, body_mass_kg, duration_min, edition)
    per_met_kg = kcal_per_kg_h(convention, edition=edition) * minutes / 60
    return (met - 1) * mass * per_met_kg


def met_minutes(met: Floats | Met, duration_min: Floats) -> Floats:
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
    from repdose.resting import resting_energy_kcal_day

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


def _energy_arguments(
    met: Floats | Met, body_mass_kg: Floats, duration_min: Floats, edition: int | str
) -> tuple[Floats, Floats, Floats]:
    if isinstance(met, Met):
        _same_baseline(met, edition)
    return (
        checked("met", met, MET),
        checked("body_mass_kg", body_mass_kg, BODY_MASS_KG),
        checked("duration_min", duration_min, DURATION_MIN),
    )


def _same_baseline(met: Met, edition: int | str) -> None:
    """Refuse a row of an edition whose one MET is not that of the edition asked for."""
    own, asked = edition_record(met.edition), edition_record(edition)
    fields = ("baseline_ml_kg_min", "baseline_kcal_kg_h")
    if any(getattr(own, field) != getattr(asked, field) for field in fields):
        raise ValueError(
            f"met is of edition {met.edition!r} and edition is {asked.edition!r}, whose one MET is "
            f"another; give edition={met.edition!r}"
        )
