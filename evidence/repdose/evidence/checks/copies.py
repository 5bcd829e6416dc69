"""From which copies of print the evidence was typed, and how much of it was typed twice.

The statements are the table ``copies``: a copy for the shipped rows, and a second one where
tests/published holds a transcription made from another copy. A transcription made from the
same copy guards against slips of the hand and is no second copy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache

from repdose.evidence import bibliography, tables
from repdose.evidence.bibliography.works import Source
from repdose.evidence.records import CHECKED
from repdose.evidence.table_schema import Table

#: What the table calls the bibliography, which is no table.
BIBLIOGRAPHY = "references"
#: What it calls the table of a file in tests/published that transcribes none.
NO_TABLE = "none"
#: Stands for a copy where nothing was copied: definitions and judgements of this project.
OWN = "own"
#: What identifies a source elsewhere.
IDENTIFIERS = ("doi", "pmid", "pmcid")
#: Trial data, thousands of rows that would hide how the rest stands.
_TRIALS = ("volume_arms", "contralateral")
_SEPARATOR = "; "


@dataclass(frozen=True, slots=True)
class Statement:
    """Whence some rows of a table were typed.

    Parameters
    ----------
    table : str
        Table of the data package, "references" for the bibliography, "none" for a file
        of tests/published that transcribes no table.
    records : tuple of str
        Patterns of row keys, as the shell writes them.
    copy, second_copy : str
        The copies; the second is empty where there is one only.
    transcriptions : tuple of str
        Files of tests/published that hold the rows.
    line : int
        Line of the table of statements.
    """

    table: str
    records: tuple[str, ...]
    copy: str
    second_copy: str
    transcriptions: tuple[str, ...]
    line: int

    def covers(self, key: str) -> bool:
        """Whether it speaks of the row with this key."""
        return key in self.records or any(
            fnmatchcase(key, pattern) for pattern in self.records if not pattern.isalnum()
        )


@cache
def statements() -> tuple[Statement, ...]:
    """Every statement, in the order of the table."""
    read = tables.table("copies")
    return tuple(
        Statement(
            str(row["table"]),
            tuple(str(row["records"]).split(_SEPARATOR)),
            str(row["copy"]),
            str(row["second_copy"] or ""),
            tuple(str(row["transcription"]).split(_SEPARATOR)) if row["transcription"] else (),
            line,
        )
        for row, line in zip(read.rows, read.lines, strict=True)
    )


def statement_of(table: str, key: str) -> Statement | None:
    """The statement that holds for a row: of those that cover it, the last."""
    matching = [item for item in statements() if item.table == table and item.covers(key)]
    return matching[-1] if matching else None


def from_print(table: Table) -> bool:
    """Whether a table's rows say whence they are."""
    return "source" in table.columns


def keys(table: Table) -> list[str]:
    """What the statements call the rows: the primary key, else the first column."""
    key = table.schema.get("primaryKey") or table.columns[0]
    columns = [key] if isinstance(key, str) else list(key)
    return ["/".join(str(row[column]) for column in columns) for row in table.rows]


def identifiers(sources: Mapping[str, Source]) -> Iterator[tuple[str, str, str]]:
    """Key, field and value of every identifier in the bibliography."""
    for key, source in sources.items():
        for field in IDENTIFIERS:
            value = getattr(source, field)
            if value:
                yield key, field, value


@dataclass(frozen=True, slots=True)
class Shares:
    """How many of a kind were typed from how many copies.

    Parameters
    ----------
    what : str
        What is counted.
    parts : mapping of str to int
        Count of each part.

    Examples
    --------
    >>> print(Shares("rows", {"two copies": 2, "one copy": 1}))
    rows: 3
      two copies      2   66.6 %
      one copy        1   33.3 %
    """

    what: str
    parts: Mapping[str, int]

    def __str__(self) -> str:
        total = sum(self.parts.values())
        wide = max(map(len, self.parts))
        lines = [f"{self.what}: {total:,}"]
        for name, count in self.parts.items():
            lines.append(f"  {name:<{wide}}  {count:>5,}  {_percent(count, total):>5} %")
        return "\n".join(lines)


def _percent(count: int, total: int) -> str:
    """A share in percent, cut to one decimal: never more than it is."""
    thousandths = 1000 * count // total if total else 0
    return f"{thousandths // 10}.{thousandths % 10}"


def shares() -> list[Shares]:
    """How much of what is shipped was typed from two copies, from one, and how it was seen.

    Returns
    -------
    list of Shares
        Rows with a source; the same without trial data; how they were checked, all of them and
        those typed from two copies and from one; identifiers of the bibliography. Definitions
        and judgements of this project are not counted.

    Notes
    -----
    A row counts as typed from two copies if each number in it is in a transcription made from
    another copy than the row; words are not typed twice. Percentages are cut, not rounded.

    Examples
    --------
    >>> [item.what for item in shares()][:2]
    ['rows from print', 'rows from print without trial data']
    """
    copies: Counter[tuple[bool, bool]] = Counter()
    seen: Counter[tuple[bool, str]] = Counter()
    for name in tables.names():
        table = tables.table(name)
        if not from_print(table):
            continue
        for key, row in zip(keys(table), table.rows, strict=True):
            statement = statement_of(name, key)
            if statement is not None and statement.copy == OWN:
                continue
            twice = bool(statement and statement.second_copy)
            copies[name in _TRIALS, twice] += 1
            seen[twice, str(row["checked"])] += 1
    listed: Counter[bool] = Counter()
    for key, field, _ in identifiers(bibliography.ours()):
        statement = statement_of(BIBLIOGRAPHY, f"{key}.{field}")
        listed[bool(statement and statement.second_copy)] += 1
    rest = {twice: copies[False, twice] for twice in (True, False)}
    every = {twice: rest[twice] + copies[True, twice] for twice in (True, False)}
    return [
        Shares("rows from print", _named(every)),
        Shares("rows from print without trial data", _named(rest)),
        Shares("checked", {level: seen[True, level] + seen[False, level] for level in CHECKED}),
        *(
            Shares(f"checked, {what}", {level: seen[twice, level] for level in CHECKED})
            for what, twice in (("two independent copies", True), ("one copy", False))
        ),
        Shares("identifiers in references.bib", _named(listed)),
    ]


def _named(counts: Mapping[bool, int]) -> dict[str, int]:
    return {"two independent copies": counts[True], "one copy": counts[False]}


def same_copy(one: str, other: str) -> bool:
    """Whether two names are of one copy, whatever their case, spaces and marks.

    Examples
    --------
    >>> same_copy("PMC5684266, abstract", "pmc5684266 (abstract)"), same_copy("print", "scan")
    (True, False)
    """
    plain: Sequence[str] = [
        "".join(char for char in name.casefold() if char.isalnum()) for name in (one, other)
    ]
    return plain[0] == plain[1]
