"""Body segments: masses, centres of mass and radii of gyration, each with its end points.

A percentage belongs to the end points it was measured between. The two standard tables put
the proximal end of the thigh at different landmarks, so their numbers are kept apart here,
and whoever combines them has to say so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record, amount
from repdose.evidence.table_schema import Cell
from repdose.evidence.tables import records, table
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("deleva1996", "winter2009")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Segment(Record):
    """One body segment of one side.

    Parameters
    ----------
    segment : str
        Name of the segment.
    sex : {"female", "male", "both"}
        Whom the row describes; "both" where the source does not tell the sexes apart.
    proximal, distal : str
        End points. Fractions of length count from the proximal one.
    mass_fraction : float
        Share of body mass. [1]
    com_fraction : float
        Centre of mass from the proximal end point, share of the length. [1]
    rg_fraction : float or None
        Radius of gyration about the transverse axis through the centre of mass, share of
        the length; None where the source gives none. [1]
    length_fraction : float or None
        Length as a share of stature, on the source's reference body; None where the source
        gives no length. [1]
    """

    segment: str
    sex: str
    proximal: str
    distal: str
    mass_fraction: float
    com_fraction: float
    rg_fraction: float | None
    length_fraction: float | None

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        for name in ("mass_fraction", "com_fraction", "rg_fraction", "length_fraction"):
            value = getattr(self, name)
            if value is not None and not 0 < value < 1:
                raise EvidenceError(f"Segment {self.id!r}: {name} is {value}; a share is 0 to 1")

    @property
    def stated(self) -> str:
        return (
            f"{self.segment}, {self.sex}: {self.mass_fraction:.4g} of body mass, centre of mass "
            f"at {self.com_fraction:.4g} of the length from the {self.proximal}"
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SegmentLength(Record):
    """Length of a segment between two end points, as a share of stature. [1]"""

    segment: str
    proximal: str
    distal: str
    stature_fraction: float

    @property
    def stated(self) -> str:
        return (
            f"{self.segment}, {self.proximal} to {self.distal}: "
            f"{self.stature_fraction:g} of stature"
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReferenceBody(Record):
    """Stature [m] and body mass [kg] of the body that a segment table's lengths belong to."""

    sex: str
    stature_m: float
    body_mass_kg: float

    @property
    def stated(self) -> str:
        return f"{self.sex}: stature {self.stature_m:g} m, body mass {self.body_mass_kg:g} kg"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Constant(Record):
    """A number that the mechanics need beside the segments.

    Parameters
    ----------
    value : float
        The number.
    unit : str
        Its unit.
    basis : {"convention", "assumption", "definition"}
        What kind of number it is; none of them is a measurement.
    note : str
        What it is for.
    """

    value: float
    unit: str
    basis: str
    note: str

    @property
    def stated(self) -> str:
        return f"{self.id.replace('_', ' ')}: {amount(self.value, self.unit)}"


def _fraction(percent: Cell) -> float | None:
    return None if percent is None else float(percent) / 100


@kept
def bodies() -> dict[str, ReferenceBody]:
    """The bodies that segment lengths belong to, without an entry in a ledger."""
    return records("reference_bodies", ReferenceBody)


def _deleva(**row: Cell) -> Segment:
    """From print: percentages of body mass and of length, lengths in mm of a reference body."""
    length, stature = row.pop("length_mm"), bodies()[f"deleva1996.{row['sex']}"].stature_m
    mass, com = _fraction(row.pop("mass_pct")), _fraction(row.pop("com_pct"))
    about = _fraction(row.pop("rg_transverse_pct"))
    for other in ("rg_sagittal_pct", "rg_longitudinal_pct"):
        row.pop(other)
    return Segment(
        **row,  # type: ignore[arg-type]
        mass_fraction=mass,  # type: ignore[arg-type]
        com_fraction=com,  # type: ignore[arg-type]
        rg_fraction=about,
        length_fraction=None if length is None else float(length) / 1000 / stature,
    )


def _winter(**row: Cell) -> Segment:
    """From print: fractions, one row for both sexes, no lengths."""
    about = row.pop("rg_com_fraction")
    row.pop("rg_proximal_fraction")
    return Segment(**row, sex="both", rg_fraction=about, length_fraction=None)  # type: ignore[arg-type]


@kept
def segments_by_id() -> dict[str, Segment]:
    """Segments of both tables, without an entry in a ledger."""
    return {
        **records("segments_deleva1996", _deleva),
        **records("segments_winter2009", _winter),
    }


@kept
def lengths() -> dict[str, SegmentLength]:
    """Segment lengths as shares of stature, without an entry in a ledger."""
    return records("segment_lengths", SegmentLength)


@kept
def constants() -> dict[str, Constant]:
    """Constants of the mechanics, without an entry in a ledger."""
    return records("mechanics_constants", Constant)


def segment(id: str) -> Segment:
    """One segment of one table, in shares of body mass and of length.

    Parameters
    ----------
    id : str
        ``deleva1996.<sex>.<segment>`` or ``winter2009.<segment>``.

    Raises
    ------
    UnknownRecordError
        If there is no such segment; the message lists near ones.

    Notes
    -----
    Converted from print: :cite:`deleva1996` gives percentages, and lengths in millimetres of
    a reference body, here divided by that body's stature; :cite:`winter2009` gives
    fractions and no lengths. The axis is the transverse one, about which the hip and the
    knee flex; the source's naming of it is ambiguous, which for thigh and shank matters by
    less than 3 %.

    *Valid for*: adults like those measured. *Not valid for*: children, amputation, pregnancy.

    References
    ----------
    :cite:`deleva1996`, :cite:`winter2009`

    Examples
    --------
    >>> thigh = segment("deleva1996.female.thigh")
    >>> thigh.mass_fraction, thigh.proximal
    (0.1478, 'hip joint centre')
    """
    if id not in segments_by_id():
        raise unknown("segment", id, segments_by_id())
    return read(segments_by_id()[id])


def segments(source: str) -> pd.DataFrame:
    """A segment table as it is printed, indexed by id.

    Parameters
    ----------
    source : {"deleva1996", "winter2009"}
        Which table.

    Raises
    ------
    UnknownRecordError
        If there is no such table.

    Examples
    --------
    >>> float(segments("deleva1996").loc["deleva1996.male.shank", "length_mm"])
    434.0
    """
    if source not in TABLES:
        raise unknown("segment table", source, TABLES)
    return table(f"segments_{source}").frame().set_index("id")


def segment_length(segment: str) -> SegmentLength:
    """Length of a leg segment as a share of stature, after Drillis and Contini.

    Parameters
    ----------
    segment : {"thigh", "shank", "foot_length", "foot_height"}
        Which length.

    Raises
    ------
    UnknownRecordError
        If there is no such length.

    Notes
    -----
    The thigh runs from the greater trochanter, not from the hip joint centre: it belongs
    with the centres of mass of :cite:`winter2009`.

    References
    ----------
    :cite:`winter2009`, :cite:`drillis1966`

    Examples
    --------
    >>> segment_length("thigh").stature_fraction
    0.245
    """
    known = {id.removeprefix("drilliscontini."): record for id, record in lengths().items()}
    if segment not in known:
        raise unknown("segment length", segment, known)
    return read(known[segment])


def constant(id: str) -> Constant:
    """One number that the mechanics need beside the segments.

    Raises
    ------
    UnknownRecordError
        If there is no such constant.

    References
    ----------
    :cite:`bipm2019`

    Examples
    --------
    >>> constant("standard_gravity").value
    9.80665
    """
    if id not in constants():
        raise unknown("constant of the mechanics", id, constants())
    return read(constants()[id])
