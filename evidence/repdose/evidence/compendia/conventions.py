"""What a MET and a litre of oxygen are taken to be worth, and where intensity classes meet."""

from __future__ import annotations

from dataclasses import dataclass

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record
from repdose.evidence.used import kept, read


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
        See :class:`repdose.evidence.records.Record`.
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
    def stated(self) -> str:
        return self.words


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
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
        See :class:`repdose.evidence.records.Record`.
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


@kept
def conventions() -> dict[str, EnergyConvention]:
    """What a MET is worth, by convention, without an entry in a ledger."""
    rows = tables.records("energy_conventions", EnergyConvention).values()
    return {row.convention: row for row in rows}


@kept
def bands() -> tuple[IntensityBand, ...]:
    """The intensity classes from low to high, without an entry in a ledger."""
    return tuple(tables.records("intensity_bands", IntensityBand).values())


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
    >>> energy_convention("oxygen").energy_kcal_l, energy_convention("compendium").energy_kcal_kg_h
    (5.0, 1.0)
    """
    if name not in conventions():
        raise unknown("energy convention", name, conventions())
    return read(conventions()[name])


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
