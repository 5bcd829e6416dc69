"""Published equations for resting energy: coefficients as printed, by sex and age band."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record, row_of
from repdose.evidence.used import kept, read

SEXES = ("male", "female")
# Into kcal a day: the thermochemical calorie, 4.184 J.
KCAL_PER_UNIT = {"kcal/day": 1.0, "MJ/day": 1000 / 4.184}
CM_PER_UNIT = {"cm": 1.0, "m": 100.0}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class RestingEquation(Record):
    """One row of an equation: the coefficients for one sex and age band, as printed.

    Energy a day = intercept + per_kg x body mass + per_stature x stature + per_y x age
    + per_kg_lean x lean body mass, in `energy_unit`.

    Parameters
    ----------
    equation : str
        Name of the equation that the row belongs to.
    sex : {"male", "female"}
        Whom the row is for.
    age_low_y, age_high_y : float or None
        Age band [y]: low <= age < high; None where that side is open.
    intercept, per_kg, per_stature, per_y, per_kg_lean : float
        Coefficients as printed [energy_unit per kg, `stature_unit`, y, kg]; 0 where the
        equation has no such term.
    stature_unit : {"", "cm", "m"}
        Unit of stature in print.
    energy_unit : {"kcal/day", "MJ/day"}
        Unit of the result in print.
    population, note : str
        Whom the equation was derived from, and what a reader must know.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    equation: str
    sex: str
    age_low_y: float | None = None
    age_high_y: float | None = None
    intercept: float
    per_kg: float = 0.0
    per_stature: float = 0.0
    per_y: float = 0.0
    per_kg_lean: float = 0.0
    stature_unit: str = ""
    energy_unit: str
    population: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if self.sex not in SEXES:
            raise EvidenceError(
                f"equation row {self.id!r}: sex is {self.sex!r}; allowed: male, female"
            )
        if self.energy_unit not in KCAL_PER_UNIT:
            raise EvidenceError(
                f"equation row {self.id!r}: energy_unit is {self.energy_unit!r}; "
                f"allowed: {', '.join(KCAL_PER_UNIT)}"
            )
        if bool(self.per_stature) != (self.stature_unit in CM_PER_UNIT):
            raise EvidenceError(
                f"equation row {self.id!r}: per_stature and stature_unit go together"
            )

    @property
    def needs(self) -> tuple[str, ...]:
        """What the row asks for besides sex and age band, of mass, stature, age, lean mass."""
        asked = {
            "body_mass_kg": self.per_kg,
            "stature_m": self.per_stature,
            "age_y": self.per_y,
            "lean_mass_kg": self.per_kg_lean,
        }
        return tuple(name for name, coefficient in asked.items() if coefficient)

    @property
    def kcal_day(self) -> dict[str, float]:
        """The coefficients in kcal a day: intercept, and per kg, m of stature, y, kg lean."""
        energy = KCAL_PER_UNIT[self.energy_unit]
        stature = 100 / CM_PER_UNIT[self.stature_unit] if self.stature_unit else 1.0
        return {
            "intercept": self.intercept * energy,
            "body_mass_kg": self.per_kg * energy,
            "stature_m": self.per_stature * stature * energy,
            "age_y": self.per_y * energy,
            "lean_mass_kg": self.per_kg_lean * energy,
        }

    @property
    def stated(self) -> str:
        terms = (
            (self.per_kg, "body mass in kg"),
            (self.per_stature, f"stature in {self.stature_unit}"),
            (self.per_y, "age in y"),
            (self.per_kg_lean, "lean mass in kg"),
        )
        sums = "".join(
            f" {'−' if factor < 0 else '+'} {abs(factor):g} × {what}"
            for factor, what in terms
            if factor
        )
        return f"{self.intercept:g}{sums}, in {self.energy_unit}"


def _build(**cells: Any) -> RestingEquation:
    row = row_of(RestingEquation, cells)
    for name in ("per_kg", "per_stature", "per_y", "per_kg_lean"):
        row[name] = row[name] or 0.0
    return RestingEquation(**row)


@kept
def by_equation() -> dict[str, tuple[RestingEquation, ...]]:
    """Rows of every equation by its name, without an entry in a ledger."""
    by_name: dict[str, tuple[RestingEquation, ...]] = {}
    for row in tables.records("resting_equations", _build).values():
        by_name[row.equation] = (*by_name.get(row.equation, ()), row)
    return by_name


def names() -> tuple[str, ...]:
    """Names of the equations, in the order of the table.

    Examples
    --------
    >>> names()[:3]
    ('mifflin1990', 'mifflin1990_rounded', 'harris1918')
    """
    return tuple(by_equation())


def equation(name: str, sex: str | None = None) -> tuple[RestingEquation, ...]:
    """Rows of one equation, all entered in the open ledgers.

    Parameters
    ----------
    name : str
        One of :func:`names`.
    sex : {"male", "female"}, optional
        Only the rows for one sex.

    Returns
    -------
    tuple of RestingEquation
        By sex and rising age band, without gap or overlap.

    Raises
    ------
    UnknownRecordError
        If there is no such equation, or none for that sex.

    Examples
    --------
    >>> [(row.age_low_y, row.intercept, row.per_kg)
    ...  for row in equation("schofield1985_weight", "female")]
    [(18.0, 2.036, 0.062), (30.0, 3.538, 0.034), (60.0, 2.755, 0.038)]
    """
    if name not in by_equation():
        raise unknown("resting-energy equation", name, by_equation())
    rows = [row for row in by_equation()[name] if sex in (None, row.sex)]
    if not rows:
        raise unknown(f"row of {name} for sex", sex, {row.sex for row in by_equation()[name]})
    return tuple(read(row) for row in rows)
