"""A pack's declared corrections of shipped numbers: the value expected, what replaces it, why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from repdose.evidence.records import Record


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PackCorrection(Record):
    """One cell of a shipped table that a pack replaces.

    Parameters
    ----------
    table, row, column : str
        The shipped table, its row by primary key (several columns joined by dots) and the column.
    expect, value : str
        What stands in the cell, as the table writes it, and what replaces it. Where something
        else stands there the correction has expired, and is refused.
    reason : str
        What is wrong with the shipped number.
    id, source, locator, checked : str
        Where the new value was seen; see :class:`repdose.evidence.records.Record`.
    """

    table: str
    row: str
    column: str
    expect: str
    value: str
    reason: str

    @property
    def stated(self) -> str:
        return (
            f"{self.table}, {self.row}, {self.column}: {self.value} for {self.expect}: "
            f"{self.reason}"
        )


def key_of(row: Mapping[str, object], key: str | Sequence[str]) -> str:
    """A row's primary key as a correction names it.

    Examples
    --------
    >>> key_of({"exercise": "flutter_kick", "edition": "2011"}, ["exercise", "edition"])
    'flutter_kick.2011'
    """
    return ".".join(str(row[name]) for name in ([key] if isinstance(key, str) else key))


def corrected(
    row: dict[str, str], key: str | Sequence[str], corrections: Mapping[str, list[PackCorrection]]
) -> Iterator[str]:
    """Put what a row is corrected to into it, and say what cannot be; see `PackCorrection`."""
    for one in corrections.get(key_of(row, key), []):
        read = row.get(one.column)
        if one.column in ([key] if isinstance(key, str) else key):
            yield f"{one.column}: correction {one.id}: it names the row, which stays as it is"
        elif read is None:
            yield (
                f"{one.column}: correction {one.id}: there is no such column; columns are "
                f"{', '.join(row)}"
            )
        elif read != one.expect:
            yield (
                f"{one.column}: correction {one.id} has expired: {read!r} stands there, expected "
                f"{one.expect!r}; if it was mended, remove the correction"
            )
        else:
            row[one.column] = one.value
            if "locator" in row:
                row["locator"] += (
                    f"; {one.column} corrected from {one.expect} ({one.id}: {one.source}, "
                    f"{one.locator})"
                )
