"""Which records and tables a calculation has read, so that a report names exactly those."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache, wraps
from typing import Any, ParamSpec, TypeVar

from repdose.evidence.packs import Pack, in_force
from repdose.evidence.records import Record

R = TypeVar("R", bound=Record)
P = ParamSpec("P")
T = TypeVar("T")


class Used:
    """The records and tables read inside one ``with ledger()`` block."""

    def __init__(self) -> None:
        self._records: dict[str, Record] = {}
        self._tables: dict[str, str] = {}
        self._held: dict[Used, tuple[int, int]] = {}  # other ledgers, and what they held then

    def add(self, record: Record) -> None:
        """Count `record` as read (twice is once)."""
        self._records.setdefault(record.id, record)

    def add_tables(self, tables: Mapping[str, str]) -> None:
        """Count tables as read, given as SHA-256 by file name (twice is once)."""
        self._tables = {**tables, **self._tables}

    def add_all(self, other: Used) -> None:
        """Count as read whatever another ledger holds."""
        holds = len(other._records), len(other._tables)
        if self._held.get(other) == holds:
            return  # what a ledger has once read stays in it, so nothing has come to it
        self._held[other] = holds
        self._records = other._records | self._records
        self.add_tables(other._tables)

    def tables(self) -> dict[str, str]:
        """SHA-256 of each packaged table read, by file name, in alphabetical order.

        Examples
        --------
        >>> from repdose import evidence as ev
        >>> with ev.ledger() as used:
        ...     _ = ev.compendium("wheelchair")
        >>> list(used.tables())
        ['met_wheelchair.csv']
        """
        return dict(sorted(self._tables.items()))

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
    >>> from repdose import evidence as ev
    >>> with ev.ledger() as used:
    ...     _ = ev.met("02024", edition=2011)
    >>> used.sources()
    ['ainsworth2011']
    """
    used = Used()
    _open.set((*_open.get(), used))
    try:
        yield used
    finally:
        # Not by token: ledgers of reports need not end in the order in which they began
        _open.set(tuple(other for other in _open.get() if other is not used))


def read(record: R) -> R:
    """Enter `record` in every open ledger and hand it back."""
    for used in _open.get():
        used.add(record)
    return record


def enter_table(file: str, sha256: str) -> None:
    """Enter the table of a file, by the checksum of the bytes read, in every open ledger."""
    for used in _open.get():
        used.add_tables({file: sha256})


Made = tuple[str, str, tuple[Hashable, ...]]  # module, function, arguments
_made: dict[Made, None] = {}
_keeping: dict[tuple[str, str], Callable[..., Any]] = {}
_EVIDENCE = f"{__name__.rpartition('.')[0]}."


def made() -> list[Made]:
    """What this process has :func:`kept` of the shipped tables, by names alone, in order."""
    return list(_made)


def make(told: Iterable[Made]) -> None:
    """Make what another process has :func:`made`, as far as a function here keeps it.

    Of what it told nothing else is called: cells have run in it.
    """
    for module, function, arguments in told:
        if (keeps := _keeping.get((module, function))) is not None:
            keeps(*arguments)


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what `function` made for each set of arguments, and what it read to make it.

    Kept apart for each stack of packs in force, by their checksums: another pack is read anew.

    A table is read from disk once a process; whoever is handed what was made of it has read it
    all the same, so each call enters it in the open ledgers.
    """
    return kept_of_last(None)(function)


def kept_of_last(count: int | None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """As :func:`kept`, but of so many sets of arguments alone, those asked for last."""

    def keeping(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(count)
        def cached(of: tuple[Pack, ...], *args: Hashable, **kwargs: Hashable) -> tuple[T, Used]:
            with ledger() as used:
                value = function(*args, **kwargs)  # type: ignore[arg-type]
            by_names = not kwargs and all(isinstance(one, str) for one in args)
            if by_names and not of and function.__module__.startswith(_EVIDENCE):
                _made[function.__module__, function.__qualname__, args] = None
            return value, used

        @wraps(function)
        def handed_out(*args: P.args, **kwargs: P.kwargs) -> T:
            value, used = cached(in_force(), *args, **kwargs)  # type: ignore[arg-type]
            for ledger_open in _open.get():
                ledger_open.add_all(used)
            return value

        handed_out.cache_clear = cached.cache_clear  # type: ignore[attr-defined]
        if function.__module__.startswith(_EVIDENCE):
            _keeping[function.__module__, function.__qualname__] = handed_out
        return handed_out

    return keeping
