"""What a MET and a litre of oxygen are taken to be worth, and where intensity classes meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidence import tables
from evidence.errors import EvidenceError, unknown
from evidence.findings import row_of
from evidence.ledger import kept, read
from evidence.records import Record, amount


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyConvention(Record):
    """How a MET becomes energy.

    Parameters
    ----------
    convention : str
        Its name: ``oxygen`` or ``compendium``.
    oxygen_ml_kg_min : float or None
        Oxygen uptake of one MET [mL/kg/min].
    energy_kcal_l : float or None
        Energy of one litre of oxygen [kcal/L].
    energy_kcal_kg_h : float or None
        Energy of one MET, where the convention states it [kcal/kg/h].
    words : str
        The convention in words.
    id, source, locator, checked : str
        See :class:`evidence.records.Record`.
    """

    convention: str
    oxygen_ml_kg_min: float | None = None
    energy_kcal_l: float | None = None
    energy_kcal_kg_h: float | None = None
    words: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        by_oxygen = (self.oxygen_ml_kg_min, self.energy_kcal_l)
        if (self.energy_kcal_kg_h is None) is (None in by_oxygen):
            raise EvidenceError(
                f"convention {self.id!r}: give either oxygen_ml_kg_min with energy_kcal_l, "
                "or energy_kcal_kg_h"
            )

    @property
    def kcal_per_met_kg_min(self) -> float:
        """Energy of one MET [kcal per kg of body mass and minute]."""
        if self.oxygen_ml_kg_min is not None and self.energy_kcal_l is not None:
            return self.oxygen_ml_kg_min * self.energy_kcal_l / 1000
        assert self.energy_kcal_kg_h is not None  # one of the two, by __post_init__
        return self.energy_kcal_kg_h / 60

    @property
    def stated(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class IntensityBand(Record):
    """One intensity class on the MET scale.

    Parameters
    ----------
    band : str
        Its name: sedentary, light, moderate, vigorous.
    low_met, high_met : float or None
        Ends [MET]; None where the class is open.
    low_included, high_included : bool
        Whether an end belongs to the class.
    words : str
        The class in words.
    id, source, locator, checked : str
        See :class:`evidence.records.Record`.
    """

    band: str
    low_met: float | None = None
    low_included: bool
    high_met: float | None = None
    high_included: bool
    words: str

    @property
    def stated(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True, kw_only=True)
class OxygenEquivalent(Record):
    """Energy of a litre of oxygen at one non-protein respiratory quotient.

    Parameters
    ----------
    rq : float
        Non-protein respiratory quotient [1].
    energy_kcal_l : float
        Energy [kcal/L].
    id, source, locator, checked : str
        See :class:`evidence.records.Record`.
    """

    rq: float
    energy_kcal_l: float

    @property
    def stated(self) -> str:
        return f"{self.energy_kcal_l:g} kcal/L at a respiratory quotient of {self.rq:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EquationTerm(Record):
    """One coefficient of a published metabolic equation.

    Parameters
    ----------
    equation : str
        The equation: weir1949, or an ACSM metabolic equation by its mode.
    term : str
        What the coefficient multiplies.
    coefficient : float
        As printed [unit].
    unit : str
        Unit of the coefficient.
    valid_low, valid_high : float or None
        Range of the term within which the equation is meant to be used [valid_unit].
    valid_unit : str
        Unit of that range.
    words : str
        What the term is.
    id, source, locator, checked : str
        See :class:`evidence.records.Record`.
    """

    equation: str
    term: str
    coefficient: float
    unit: str
    valid_low: float | None = None
    valid_high: float | None = None
    valid_unit: str = ""
    words: str = ""

    @property
    def stated(self) -> str:
        return f"{self.words}: {amount(self.coefficient, self.unit)}"


def _conventions_row(**cells: Any) -> EnergyConvention:
    return EnergyConvention(**row_of(EnergyConvention, cells))


def _band_row(**cells: Any) -> IntensityBand:
    return IntensityBand(**row_of(IntensityBand, cells))


def _term_row(**cells: Any) -> EquationTerm:
    return EquationTerm(**row_of(EquationTerm, cells))


@kept
def _conventions() -> dict[str, EnergyConvention]:
    rows = tables.records("energy_conventions", _conventions_row).values()
    return {row.convention: row for row in rows}


@kept
def bands() -> tuple[IntensityBand, ...]:
    """The intensity classes from low to high, without an entry in a ledger."""
    return tuple(tables.records("intensity_bands", _band_row).values())


@kept
def _lusk() -> tuple[OxygenEquivalent, ...]:
    return tuple(tables.records("lusk", OxygenEquivalent).values())


@kept
def _terms() -> dict[str, EquationTerm]:
    return tables.records("metabolic_equations", _term_row)


def energy_convention(name: str) -> EnergyConvention:
    """One convention by its name.

    Parameters
    ----------
    name : {"oxygen", "compendium"}
        3.5 mL/kg/min at 5 kcal/L, or 1 kcal/kg/h; they differ by 5 %.

    Returns
    -------
    EnergyConvention
        The record; it is entered in every open ledger.

    Raises
    ------
    UnknownRecordError
        If there is none of that name.

    Examples
    --------
    >>> per_hour = [energy_convention(name).kcal_per_met_kg_min * 60
    ...             for name in ("oxygen", "compendium")]
    >>> round(per_hour[0] / per_hour[1], 3)
    1.05
    """
    if name not in _conventions():
        raise unknown("energy convention", name, _conventions())
    return read(_conventions()[name])


def energy_convention_names() -> tuple[str, ...]:
    """Names of the energy conventions."""
    return tuple(_conventions())


def intensity_bands() -> tuple[IntensityBand, ...]:
    """The intensity classes from low to high, all entered in the open ledgers.

    Returns
    -------
    tuple of IntensityBand
        Without gap or overlap on the MET scale of adults.

    Examples
    --------
    >>> [(band.band, band.low_met) for band in intensity_bands()]
    [('sedentary', None), ('light', 1.5), ('moderate', 3.0), ('vigorous', 6.0)]
    """
    return tuple(read(band) for band in bands())


def lusk() -> tuple[OxygenEquivalent, ...]:
    """Lusk's energy of a litre of oxygen by respiratory quotient, in rising order.

    Returns
    -------
    tuple of OxygenEquivalent
        All entered in the open ledgers.

    Examples
    --------
    >>> [(row.rq, row.energy_kcal_l) for row in lusk()][0]
    (0.707, 4.686)
    """
    return tuple(read(row) for row in _lusk())


def equation_terms(equation: str) -> dict[str, EquationTerm]:
    """Coefficients of one metabolic equation by term, all entered in the open ledgers.

    Parameters
    ----------
    equation : str
        As in ``acsm_walking`` or ``weir1949``.

    Returns
    -------
    dict of str to EquationTerm
        By term.

    Raises
    ------
    UnknownRecordError
        If there is no such equation.

    Examples
    --------
    >>> {name: term.coefficient for name, term in equation_terms("acsm_walking").items()}
    {'rest': 3.5, 'speed': 0.1, 'speed_times_grade': 1.8}
    """
    found = {row.term: read(row) for row in _terms().values() if row.equation == equation}
    if not found:
        raise unknown("metabolic equation", equation, {row.equation for row in _terms().values()})
    return found
