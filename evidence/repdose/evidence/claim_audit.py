"""What an article claims, what its sources say, and the verdict.

The numeric checks of claims are computed by `repdose.claim_checks`, never stored.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from repdose.evidence import bibliography, tables
from repdose.evidence.compendia.conventions import bands
from repdose.evidence.compendia.met_tables import TABLES, mets
from repdose.evidence.errors import EvidenceError, near, unknown
from repdose.evidence.records import Record, frame, row_of
from repdose.evidence.studies.study_findings import by_id as findings_by_id
from repdose.evidence.table_schema import read_table
from repdose.evidence.training.recommendations import by_id as guidelines_by_id
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = (
    "supported",
    "partly supported",
    "citation does not support it",
    "not checkable here",
    "source mis-dated or mis-attributed",
    "uncited; contrary evidence found",
)
SEPARATOR = "; "


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Claim(Record):
    """One claim of an article and what became of it.

    Parameters
    ----------
    location : str
        Where in the article.
    claim : str
        The claim, paraphrased.
    cited_as : str
        How the article cites it, "none" where it does not.
    cited : str
        Bibliography keys of what it cites, separated by ``; ``.
    source_says : str
        What the source measured or says.
    verdict : str
        One of `VERDICTS`.
    confidence : {"high", "medium", "low"}
        How sure the verdict is.
    records : str
        Ids of the records that the verdict rests on, separated by ``; ``.
    check : str
        Kind of numeric check, empty where the claim has no number.
    claimed_low, claimed_high : float or None
        The number claimed [claimed_unit].
    claimed_unit, claimed_text : str
        Its unit; words claimed, separated by ``; ``, where words are checked.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`: the source that decides the verdict.
    """

    location: str
    claim: str
    cited_as: str
    cited: str = ""
    source_says: str
    verdict: str
    confidence: str
    records: str = ""
    check: str = ""
    claimed_low: float | None = None
    claimed_high: float | None = None
    claimed_unit: str = ""
    claimed_text: str = ""

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if self.verdict not in VERDICTS:
            raise EvidenceError(
                f"claim {self.id!r}: verdict is {self.verdict!r}; allowed: {', '.join(VERDICTS)}"
            )
        if (self.claimed_low is None) is not (self.claimed_high is None):
            raise EvidenceError(f"claim {self.id!r}: claimed_low and claimed_high go together")
        if self.claimed_low is not None and not self.claimed_unit:
            raise EvidenceError(f"claim {self.id!r}: a number is claimed without a unit")
        if self.check and self.claimed_low is None and not self.claimed_text:
            raise EvidenceError(
                f"claim {self.id!r}: check {self.check!r} needs what is claimed, a number or words"
            )

    @property
    def record_ids(self) -> tuple[str, ...]:
        """Ids of the records that the verdict rests on."""
        return tuple(self.records.split(SEPARATOR)) if self.records else ()

    @property
    def cited_keys(self) -> tuple[str, ...]:
        """Bibliography keys of what the article cites."""
        return tuple(self.cited.split(SEPARATOR)) if self.cited else ()

    @property
    def stated(self) -> str:
        return f"{self.claim} ({self.verdict})"


@kept
def shipped_claims() -> dict[str, Claim]:
    """The claims of the shipped audit, without an entry in a ledger."""
    return tables.records("claims", Claim)


def _from(path: Path | str) -> dict[str, Claim]:
    """Claims of a researcher's own table, in the layout of the shipped one."""
    path = Path(path)
    if not path.is_file():
        raise EvidenceError(f"{path.name}: no such file")
    table = read_table(path, tables.resource("claims")["schema"], name=path.stem)
    by_id: dict[str, Claim] = {}
    for row, line in zip(table.rows, table.lines, strict=True):
        where = f"{path.name}:{line}"
        try:
            claim = Claim(**row_of(Claim, row))
        except EvidenceError as error:
            raise EvidenceError(f"{where}: {error}") from None
        for key in (claim.source, *claim.cited_keys):
            if key not in bibliography.sources():
                raise EvidenceError(
                    f"{where}: {key!r} is no key of the bibliography; near it: "
                    f"{', '.join(near(key, bibliography.sources()))}"
                )
        for id in claim.record_ids:
            if _record(id) is None:
                raise EvidenceError(
                    f"{where} records: {id!r} is no finding, threshold, intensity class or MET "
                    "row (edition:code)"
                )
        by_id[claim.id] = claim
    return by_id


def _record(id: str) -> Record | None:
    """The record of that id, without an entry in a ledger."""
    edition, colon, _ = id.partition(":")
    known: Mapping[str, Record]
    if colon:
        known = mets(edition) if edition in TABLES else {}
    elif id.startswith("band."):
        known = {band.id: band for band in bands()}
    else:
        known = {**findings_by_id(), **guidelines_by_id()}
    return known.get(id)


def _claims(path: Path | str | None) -> dict[str, Claim]:
    return shipped_claims() if path is None else _from(path)


def claim(id: str, path: Path | str | None = None) -> Claim:
    """One claim by its id.

    Parameters
    ----------
    id : str
        As in ``C01``.
    path : path, optional
        A table of your own in the same layout, instead of the shipped one.

    Returns
    -------
    Claim
        The record; it is entered in every open ledger.

    Raises
    ------
    UnknownRecordError
        If there is none of that id.

    Examples
    --------
    >>> claim("C01").verdict
    'partly supported'
    """
    by_id = _claims(path)
    if id not in by_id:
        raise unknown("claim", id, by_id)
    return read(by_id[id])


def evidence_for(claim: Claim) -> tuple[Record, ...]:
    """The records that a verdict rests on, all entered in the open ledgers.

    Examples
    --------
    >>> [record.id for record in evidence_for(claim("C11"))]
    ['andersson1997.bilateral_leg_lift_abdominals', 'andersson1997.unilateral_leg_lift_abdominals']
    """
    records = []
    for id in claim.record_ids:
        record = _record(id)
        if record is None:
            raise unknown(f"record of claim {claim.id}:", id, findings_by_id())
        records.append(read(record))
    return tuple(records)


def claims(path: Path | str | None = None, *, verdict: str | None = None) -> pd.DataFrame:
    """All claims, to browse (no ledger entry).

    Parameters
    ----------
    path : path, optional
        A table of your own in the same layout, instead of the shipped one.
    verdict : str, optional
        Only claims with this verdict.

    Returns
    -------
    DataFrame
        One row a claim, indexed by id.

    Raises
    ------
    EvidenceError
        If a cell of the table at `path` breaks the layout, or names a source or record that
        is not there; the message is ``file:line column: what is wrong``.
    UnknownRecordError
        If there is no such verdict.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> len(ev.claims(verdict="supported"))
    2
    """
    if verdict is not None and verdict not in VERDICTS:
        raise unknown("verdict", verdict, VERDICTS)
    table = frame(_claims(path).values(), None, "claim")
    return table if verdict is None else table[table["verdict"] == verdict]


def verdict_counts(path: Path | str | None = None) -> dict[str, int]:
    """How many claims have each verdict, those without any included.

    Examples
    --------
    >>> verdict_counts()["citation does not support it"]
    9
    """
    verdicts = [claim.verdict for claim in _claims(path).values()]
    return {verdict: verdicts.count(verdict) for verdict in VERDICTS}


def template() -> str:
    """A table to fill in for another article: the columns, and one claim as an example.

    Returns
    -------
    str
        CSV text, which :func:`claims` reads.

    Examples
    --------
    >>> template().splitlines()[0].split(",")[:3]
    ['id', 'location', 'claim']
    """
    shipped = tables.table("claims")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(shipped.columns)
    writer.writerow(["" if cell is None else cell for cell in shipped.rows[0].values()])
    return text.getvalue()
