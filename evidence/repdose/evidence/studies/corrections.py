"""Declared corrections of packaged tables: what print has wrong, what replaces it, and why."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from repdose.evidence.errors import EvidenceError
from repdose.evidence.records import Record
from repdose.evidence.table_schema import Cell, Table
from repdose.evidence.tables import DATA
from repdose.evidence.used import enter_table, kept

if TYPE_CHECKING:
    import pandas as pd


ACTIONS = ("set", "exclude", "flag")
GROUNDS = ("participant data", "abstract", "same table", "arithmetic", "not established")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Correction(Record):
    """One declared correction of a table; its source is where its evidence was seen.

    Parameters
    ----------
    table, rows, column
        Packaged table, primary keys of its rows, and the column in question.
    expect : tuple
        Value expected in each row; if another stands there the correction has expired.
    action : {"set", "exclude", "flag"}
        Replace the value, leave the rows out, or let it stand and mark the rows.
    value : object
        What "set" puts there; None empties the cell.
    reason, evidence : str
        What is wrong, and what shows it.
    established_by : str
        One of `GROUNDS`; a value is only set on grounds that establish it.
    """

    table: str
    rows: tuple[int, ...]
    column: str
    expect: tuple[Cell, ...]
    action: str
    value: Cell
    reason: str
    evidence: str
    established_by: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        for name, allowed in (("action", ACTIONS), ("established_by", GROUNDS)):
            if getattr(self, name) not in allowed:
                raise EvidenceError(
                    f"correction {self.id}: {name} is {getattr(self, name)!r}; "
                    f"allowed: {', '.join(allowed)}"
                )
        if not self.rows or len(self.rows) != len(self.expect):
            raise EvidenceError(
                f"correction {self.id}: {len(self.rows)} rows and {len(self.expect)} expected "
                "values; give one value, or one a row"
            )
        if self.action != "flag" and self.established_by == "not established":
            raise EvidenceError(
                f"correction {self.id}: what is not established can only be flagged"
            )

    @property
    def stated(self) -> str:
        return f"{self.table}, {self.column}: {self.reason}"


@kept
def declared_corrections() -> dict[str, Correction]:
    """The declared corrections by id, in file order."""
    import yaml

    content = (DATA / "corrections.yaml").read_bytes()
    enter_table("corrections.yaml", hashlib.sha256(content).hexdigest())
    items = yaml.safe_load(content.decode("utf-8"))
    declared: dict[str, Correction] = {}
    for number, item in enumerate(items, start=1):
        correction = _correction(item, f"corrections.yaml item {number}")
        if correction.id in declared:
            raise EvidenceError(f"corrections.yaml: {correction.id!r} is there twice")
        declared[correction.id] = correction
    return declared


def _correction(item: Any, where: str) -> Correction:
    """One item of the file as a record."""
    names = {field.name for field in fields(Correction)} - {"pack"}
    given = set(item) if isinstance(item, dict) else set()
    required = names if given and item.get("action") == "set" else names - {"value"}
    if given != required:
        raise EvidenceError(
            f"{where}: missing {sorted(required - given) or 'nothing'}, "
            f"unknown {sorted(given - required) or 'nothing'}"
        )
    rows = tuple(item["rows"])
    expect = item["expect"]
    expected = tuple(expect) if isinstance(expect, list) else (expect,) * len(rows)
    return Correction(**{"value": None, **item, "rows": rows, "expect": expected})


def corrected(
    source: Table, declared: Sequence[Correction]
) -> tuple[list[dict[str, Cell]], dict[int, list[Correction]]]:
    """Rows of a table after its corrections, and the corrections that touched each row.

    Parameters
    ----------
    source : Table
        A table whose primary key is one whole-number column.
    declared : sequence of Correction
        Those of this table.

    Returns
    -------
    rows : list of dict
        Copies, without the excluded rows.
    touched : dict
        Corrections by primary key.

    Raises
    ------
    EvidenceError
        If a correction names a row or column that is not there, or has expired: the value it
        expects to find is no longer the one in the table.
    """
    key = source.schema["primaryKey"]
    rows = {int(str(row[key])): dict(row) for row in source.rows}
    touched: dict[int, list[Correction]] = {}
    for correction in declared:
        if correction.column not in source.columns:
            raise EvidenceError(
                f"correction {correction.id}: {source.name} has no column {correction.column!r}"
            )
        for number, expected in zip(correction.rows, correction.expect, strict=True):
            if number not in rows:
                raise EvidenceError(
                    f"correction {correction.id}: {source.name} has no row {key} {number}"
                )
            printed = rows[number][correction.column]
            if printed != expected:
                raise EvidenceError(
                    f"correction {correction.id} has expired: {source.name} {key} {number} "
                    f"{correction.column} is {printed!r}, expected {expected!r}; if the source was "
                    "mended, remove the correction"
                )
            touched.setdefault(number, []).append(correction)
            if correction.action == "set":
                rows[number][correction.column] = correction.value
    left_out = {
        number
        for number, applied in touched.items()
        if any(correction.action == "exclude" for correction in applied)
    }
    return [row for number, row in rows.items() if number not in left_out], touched


def corrections() -> pd.DataFrame:
    """Every declared correction: what is wrong, what shows it, what is done; indexed by id.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.corrections()["action"].value_counts()["exclude"]
    np.int64(1)
    """
    import pandas as pd

    names = [field.name for field in fields(Correction) if field.name != "pack"]
    rows = [[getattr(item, name) for name in names] for item in declared_corrections().values()]
    return pd.DataFrame(rows, columns=names).set_index("id")
