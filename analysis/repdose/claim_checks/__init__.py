"""The numbers of a claim against the numbers of the evidence, computed each time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from repdose import energy
from repdose.arguments import choice
from repdose.claim_checks.comparison import (
    Comparison,
    Person,
    against,
    claimed_range,
    claimed_words,
)
from repdose.claim_checks.mechanics import MECHANICAL
from repdose.evidence import bibliography
from repdose.evidence.claim_audit import SEPARATOR, Claim, evidence_for
from repdose.evidence.compendia.met_tables import Met
from repdose.evidence.studies.study_findings import Finding
from repdose.evidence.training.recommendations import Guideline
from repdose.evidence.training.variants import muscles

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "compare",
]


def __dir__() -> list[str]:
    return sorted(__all__)


COLUMNS = ("claim", "quantity", "claimed", "found", "found_text", "unit", "within", "record")


def _met_values(claim: Claim, _person: Person) -> Iterator[Comparison]:
    claimed_range(claim)  # a claim without a number is refused, whatever it rests on
    for row in evidence_for(claim):
        if isinstance(row, Met):
            yield against(claim, f"{row.activity}, {row.edition} edition", row.met, "MET", row.id)


def _intensity_class(claim: Claim, _person: Person) -> Iterator[Comparison]:
    words = claim.claimed_text.split("; ")
    rows = [row for row in evidence_for(claim) if isinstance(row, Met)]
    values = [(row.activity, row.met, row.id) for row in rows]
    if claim.claimed_low is not None:
        values.insert(0, ("the MET value claimed", claim.claimed_low, "repdose.energy.intensity"))
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


def _tempo(claim: Claim, _person: Person) -> Iterator[Comparison]:
    low, high = claimed_range(claim)
    for row in evidence_for(claim):
        if isinstance(row, Guideline) and row.low is not None and row.high is not None:
            yield Comparison(
                quantity=row.words,
                claimed=f"{claimed_words(claim)} each way",
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
    claimed_range(claim)  # a claim without a number is refused, whatever it rests on
    for key in claim.cited_keys:
        year = int(bibliography.source(key).fields["year"])
        yield against(claim, f"year of {key}", year, "year", key)


def _pmid(claim: Claim, _person: Person) -> Iterator[Comparison]:
    claimed = claim.claimed_text.split(SEPARATOR)
    if len(claimed) != len(claim.cited_keys):
        raise ValueError(
            f"claim {claim.id} states {len(claimed)} PMIDs for {len(claim.cited_keys)} sources; "
            "give one for each, in the order of the column cited"
        )
    for key, words in zip(claim.cited_keys, claimed, strict=True):
        pmid = bibliography.source(key).pmid
        if not pmid:
            raise ValueError(f"claim {claim.id}: {key} has no PMID in the bibliography")
        yield Comparison(
            quantity=f"identifier of {bibliography.short(key)}",
            claimed=words,
            found=float(pmid),
            unit="PMID",
            within=words == str(pmid),
            record=key,
        )


def _portions(claim: Claim, _person: Person) -> Iterator[Comparison]:
    counted = sum(name.startswith("rectus_abdominis") for name in muscles())
    words = "parts of the rectus abdominis that sets are counted for"
    yield against(claim, words, counted, "muscle", "repdose.evidence.training.variants.muscles")


CHECKS: dict[str, Callable[[Claim, Person], Iterator[Comparison]]] = {
    "met values": _met_values,
    "intensity class": _intensity_class,
    "tempo": _tempo,
    "year": _year,
    "pmid": _pmid,
    "portions": _portions,
    **MECHANICAL,
}


def compare(claim: Claim, *, body_mass_kg: float, stature_m: float, sex: str) -> pd.DataFrame:
    """What a claim says in numbers beside what the evidence says, row by row.

    Parameters
    ----------
    claim : Claim
        As from :func:`repdose.evidence.claim_audit.claim`.
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
    >>> from repdose.evidence.claim_audit import claim
    >>> table = compare(claim("C01"), body_mass_kg=75.0, stature_m=1.75, sex="female")
    >>> table[["found", "within", "record"]].head(3).to_numpy().tolist()
    [[2.8, False, '2011:02024'], [3.5, False, '2011:02030'], [3.8, False, '2011:02022']]
    """
    import pandas as pd

    person = Person(body_mass_kg, stature_m, sex)
    rows: list[dict[str, Any]] = []
    if claim.check:
        compared = CHECKS[choice("check", claim.check, CHECKS)](claim, person)
        rows = [
            {"claim": claim.id, **{name: getattr(row, name) for name in COLUMNS[1:]}}
            for row in compared
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"within": object})
