"""Checklists for reporting an exercise programme: what each item asks, in our own words."""

from __future__ import annotations

from dataclasses import dataclass

from repdose.evidence.records import Record
from repdose.evidence.tables import records
from repdose.evidence.used import kept, read


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ReportingItem(Record):
    """One item of a reporting checklist.

    Parameters
    ----------
    item : str
        Its number on the checklist, as in ``7a``.
    category : str
        The heading it stands under, as in ``delivery``.
    words : str
        What it asks for, in this project's words.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    item: str
    category: str
    words: str

    @property
    def stated(self) -> str:
        return self.words


@kept
def by_id() -> dict[str, ReportingItem]:
    """Items of CERT, without an entry in a ledger."""
    return records("cert_items", ReportingItem)


def cert_items() -> tuple[ReportingItem, ...]:
    """The Consensus on Exercise Reporting Template: 16 items, 19 with their parts.

    Returns
    -------
    tuple of ReportingItem
        In the checklist's order.

    References
    ----------
    :cite:`slade2016`

    Examples
    --------
    >>> [row.item for row in cert_items() if row.category == "tailoring"]
    ['14a', '14b', '15']
    """
    return tuple(read(row) for row in by_id().values())
