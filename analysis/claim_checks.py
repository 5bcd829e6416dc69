"""The numbers of a claim against the numbers of the evidence, computed each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis import energy, mechanics
from analysis.arguments import choice
from analysis.mechanics.body_segments import leg
from evidence import bibliography
from evidence.claims import Claim, evidence_for
from evidence.compendium import Met
from evidence.findings import Finding
from evidence.guidelines import Guideline

if TYPE_CHECKING:
    import pandas as pd

M_PER_INCH = 0.0254  # exact, by definition
PERCENT = 100
LEVEL = 0.0  # a straight leg at horizontal, where gravity extends the hip most
STRAIGHT, BENT = "lying_straight_leg", "lying_bent_knee"
COLUMNS = ("claim", "quantity", "claimed", "found", "found_text", "unit", "within", "record")


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One number of the evidence beside what is claimed.

    Parameters
    ----------
    quantity : str
        What is compared.
    claimed : str
        The claim's number or words.
    found : float
        The evidence's number [unit].
    found_text : str
        The same in words: its class where a class is claimed, or a range.
    unit : str
        Unit of `found`.
    within : bool or None
        Whether it lies within what is claimed; None where it only puts the claim in
        proportion.
    record : str
        Id of the record, or the model, that it comes from.
    """

    quantity: str
    claimed: str
    found: float
    found_text: str = ""
    unit: str
    within: bool | None
    record: str


@dataclass(frozen=True, slots=True)
class Person:
    """Whose body a moment or an angle is computed for."""

    body_mass_kg: float
    stature_m: float
    sex: str

    def moment_share(self, angle_deg: float) -> float:
        """Straight-leg hip moment at an angle, in percent of that at horizontal."""
        at, level = (
            mechanics.hip_moment_nm(
                STRAIGHT,
                angle,
                body_mass_kg=self.body_mass_kg,
                stature_m=self.stature_m,
                sex=self.sex,
            )
            for angle in (angle_deg, LEVEL)
        )
        return float(PERCENT * at / level)


def _range(claim: Claim) -> tuple[float, float]:
    if claim.claimed_low is None or claim.claimed_high is None:
        raise ValueError(f"claim {claim.id} states no number for a check of {claim.check!r}")
    return claim.claimed_low, claim.claimed_high


def _claimed(claim: Claim) -> str:
    low, high = _range(claim)
    ends = f"{low:g}" if low == high else f"{low:g} to {high:g}"
    return ends if claim.claimed_unit == "year" else f"{ends} {claim.claimed_unit}"


def _met_values(claim: Claim, _person: Person) -> Iterator[Comparison]:
    low, high = _range(claim)
    for row in evidence_for(claim):
        if isinstance(row, Met):
            yield Comparison(
                quantity=f"{row.activity}, {row.edition} edition",
                claimed=_claimed(claim),
                found=row.met,
                unit="MET",
                within=low <= row.met <= high,
                record=row.id,
            )


def _intensity_class(claim: Claim, _person: Person) -> Iterator[Comparison]:
    words = claim.claimed_text.split("; ")
    rows = [row for row in evidence_for(claim) if isinstance(row, Met)]
    values = [(row.activity, row.met, row.id) for row in rows]
    if claim.claimed_low is not None:
        values.insert(0, ("the MET value claimed", claim.claimed_low, "analysis.energy.intensity"))
    for name, met, record in values:
        band = str(energy.intensity(met))
        yield Comparison(
            quantity=name,
            claimed=" to ".join(words),
            found=met,
            found_text=band,
            unit="MET",
            within=band in words,
            record=record,
        )


def _angle(claim: Claim, person: Person) -> Iterator[Comparison]:
    low, high = _range(claim)
    for row in evidence_for(claim):
        if isinstance(row, Finding) and row.value is not None:
            yield Comparison(
                quantity=f"{row.quantity} ({row.population})",
                claimed=_claimed(claim),
                found=row.value,
                unit=row.unit,
                within=low <= row.value <= high,
                record=row.id,
            )
    yield from _moment_share(claim, person)


def _moment_share(claim: Claim, person: Person) -> Iterator[Comparison]:
    for angle in dict.fromkeys(_range(claim)):
        yield Comparison(
            quantity=f"hip moment at {angle:g} degrees, share of that at horizontal",
            claimed=_claimed(claim),
            found=person.moment_share(angle),
            unit="%",
            within=None,
            record="analysis.mechanics.hip_moment_nm",
        )


def _hover_height(claim: Claim, person: Person) -> Iterator[Comparison]:
    for inches in dict.fromkeys(_range(claim)):
        angle = float(
            mechanics.hover_angle_deg(
                inches * M_PER_INCH, stature_m=person.stature_m, sex=person.sex
            )
        )
        height = f"feet {inches:g} in up"
        yield Comparison(
            quantity=f"{height}: angle of the legs",
            claimed=_claimed(claim),
            found=angle,
            unit="degrees",
            within=None,
            record="analysis.mechanics.hover_angle_deg",
        )
        yield Comparison(
            quantity=f"{height}: hip moment, share of that at horizontal",
            claimed=_claimed(claim),
            found=person.moment_share(angle),
            unit="%",
            within=None,
            record="analysis.mechanics.hip_moment_nm",
        )
    low, high = _range(claim)
    for row in evidence_for(claim):
        if isinstance(row, Finding) and row.value is not None:
            found = row.value / PERCENT / M_PER_INCH  # the study states centimetres
            yield Comparison(
                quantity=row.quantity,
                claimed=_claimed(claim),
                found=found,
                unit="in",
                within=low <= found <= high if row.relation == "=" else None,
                record=row.id,
            )


def _bent_knee(claim: Claim, person: Person) -> Iterator[Comparison]:
    body = leg(person.body_mass_kg, person.stature_m, person.sex)
    yield Comparison(
        quantity="thigh level, shank hanging: hip moment, share of that with straight legs",
        claimed=_claimed(claim),
        found=float(PERCENT * body.thigh_kgm / (body.thigh_kgm + body.shank_kgm)),
        unit="%",
        within=None,
        record="analysis.mechanics.body_segments.leg",
    )
    peaks = [
        mechanics.repetition(
            variant,
            body_mass_kg=person.body_mass_kg,
            stature_m=person.stature_m,
            sex=person.sex,
        ).peak_nm
        for variant in (BENT, STRAIGHT)
    ]
    yield Comparison(
        quantity="peak hip moment of the bent-knee raise, share of the straight-leg raise",
        claimed=_claimed(claim),
        found=float(PERCENT * peaks[0] / peaks[1]),
        unit="%",
        within=None,
        record="analysis.mechanics.repetition",
    )


def _tempo(claim: Claim, _person: Person) -> Iterator[Comparison]:
    low, high = _range(claim)
    for row in evidence_for(claim):
        if isinstance(row, Guideline) and row.low is not None and row.high is not None:
            yield Comparison(
                quantity=row.words,
                claimed=f"{_claimed(claim)} each way",
                found=row.low,
                found_text=f"{row.low:g} to {row.high:g} {row.unit}",
                unit=row.unit,
                within=row.low <= low and high <= row.high,
                record=row.id,
            )
        elif isinstance(row, Finding) and row.value is not None:
            yield Comparison(
                quantity=row.quantity,
                claimed=f"{low + high:g} s a repetition",
                found=row.value,
                unit=row.unit,
                within=row.value == low + high,
                record=row.id,
            )


def _year(claim: Claim, _person: Person) -> Iterator[Comparison]:
    low, high = _range(claim)
    for key in claim.cited_keys:
        year = int(bibliography.source(key).fields["year"])
        yield Comparison(
            quantity=f"year of {key}",
            claimed=_claimed(claim),
            found=year,
            unit="year",
            within=low <= year <= high,
            record=key,
        )


CHECKS: dict[str, Callable[[Claim, Person], Iterator[Comparison]]] = {
    "met values": _met_values,
    "intensity class": _intensity_class,
    "angle above horizontal": _angle,
    "hover height": _hover_height,
    "moment share": _moment_share,
    "bent-knee moment": _bent_knee,
    "tempo": _tempo,
    "year": _year,
}


def compare(claim: Claim, *, body_mass_kg: float, stature_m: float, sex: str) -> pd.DataFrame:
    """What a claim says in numbers beside what the evidence says, row by row.

    Parameters
    ----------
    claim : Claim
        As from :func:`evidence.claims.claim`.
    body_mass_kg, stature_m : float
        The person whose angles and moments are computed; shares do not depend on the mass.
        [kg], [m]
    sex : {"female", "male"}
        Which segment parameters.

    Returns
    -------
    DataFrame
        One row a comparison: claim, quantity, claimed, found [unit], found_text, unit,
        within (None where a number only puts the claim in proportion), record. No rows
        for a claim without a numeric check.

    Raises
    ------
    ValueError
        If the person is outside the range of the segment tables.

    Notes
    -----
    Every record read is entered in the open ledgers. Nothing here is stored: change a
    finding and the comparison changes with it.

    *Valid for:* whether a number is the number of the source. *Not valid for:* the verdict,
    which a reader gives.

    Examples
    --------
    >>> from evidence.claims import claim
    >>> table = compare(claim("C01"), body_mass_kg=75.0, stature_m=1.75, sex="female")
    >>> table[["found", "within", "record"]].head(3).to_numpy().tolist()
    [[2.8, False, '2011:02024'], [3.5, False, '2011:02030'], [3.8, False, '2011:02022']]
    """
    import pandas as pd

    person = Person(body_mass_kg, stature_m, sex)
    rows: list[dict[str, Any]] = []
    if claim.check:
        made = CHECKS[choice("check", claim.check, CHECKS)](claim, person)
        rows = [
            {"claim": claim.id, **{name: getattr(row, name) for name in COLUMNS[1:]}}
            for row in made
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"within": object})
