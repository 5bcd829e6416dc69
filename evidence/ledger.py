"""Which records a calculation has read, so that a report cites exactly those."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from evidence.records import Record

R = TypeVar("R", bound=Record)


class Used:
    """The records read inside one ``with ledger()`` block."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}

    def add(self, record: Record) -> None:
        """Count `record` as read (twice is once)."""
        self._records.setdefault(record.id, record)

    def records(self) -> list[Record]:
        """Records read, in order of id."""
        return [self._records[key] for key in sorted(self._records)]

    def sources(self) -> list[str]:
        """Bibliography keys of the records read, in alphabetical order."""
        return sorted({record.source for record in self._records.values()})


_open: ContextVar[tuple[Used, ...]] = ContextVar("open ledgers", default=())


@contextmanager
def ledger() -> Iterator[Used]:
    """Collect the records that are read inside the block.

    Examples
    --------
    >>> import evidence as ev
    >>> with ev.ledger() as used:
    ...     _ = ev.met("02024", edition=2011)
    >>> used.sources()
    ['ainsworth2011']
    """
    used = Used()
    token = _open.set((*_open.get(), used))
    try:
        yield used
    finally:
        _open.reset(token)


def read(record: R) -> R:
    """Enter `record` in every open ledger and hand it back."""
    for used in _open.get():
        used.add(record)
    return record
