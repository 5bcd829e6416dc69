"""BibTeX text to sources: tolerant of what people write, decoded only where it is used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from repdose.evidence.bibliography.entries import Entry, Fault, entries
from repdose.evidence.bibliography.works import Source
from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import content_of
from repdose.evidence.problems import Problem

#: A bibliography of 100,000 entries is some 60 MB; beyond this it is not one.
MAX_BYTES = 64_000_000
MAX_BLOCKS = 200_000
#: What an entry takes from the one that its crossref names: whatever is not that one's alone.
_INHERITED = frozenset(
    {
        *("author", "editor", "year", "date", "title", "subtitle", "booktitle", "booksubtitle"),
        *("maintitle", "mainsubtitle", "journal", "journaltitle", "shortjournal", "publisher"),
        *("institution", "school", "organization", "address", "location", "edition", "series"),
        *("volume", "number", "type", "version", "isbn"),
    }
)
#: Parts of a whole, for which the title of the whole is that of the book.
_PARTS = frozenset({"inbook", "incollection", "inproceedings", "conference", "suppbook"})


@dataclass(frozen=True)
class Library:
    """The sources of one file in its order, and what could not be read."""

    file: str
    sources: tuple[Source, ...]
    problems: tuple[Problem, ...]


def read_bibtex(path: str | Path, *, name: str = "", lenient: bool = False) -> Library:
    """Read a BibTeX file.

    Parameters
    ----------
    path : path-like
        File to read, UTF-8.
    name : str
        What to call the file in messages, if not by its path.
    lenient : bool
        Report bytes that are not UTF-8 as a problem and read on, instead of refusing
        the file.

    Raises
    ------
    EvidenceError
        If the file cannot be read at all: missing, too large, no file, not UTF-8.
    """
    file = name or str(path)
    data = content_of(path, most=MAX_BYTES, name=file)
    try:
        return parse_bibtex(data.decode("utf-8-sig"), file=file)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {data[error.start]:#04x} is not UTF-8; save the file as UTF-8"
    if not lenient:
        raise EvidenceError(f"{file}:{line}: {message}")
    library = parse_bibtex(data.decode("latin-1"), file=file)
    problem = Problem(file, line, "", "encoding", message)
    return Library(file, library.sources, (problem, *library.problems))


def parse_bibtex(text: str, *, file: str = "<text>") -> Library:
    """Read BibTeX text; what cannot be read becomes a problem with its line."""
    blocks = text.count("@")
    if blocks > MAX_BLOCKS:
        raise EvidenceError(
            f"{file}: {blocks:,} signs @; at most {MAX_BLOCKS:,} entries are read. "
            "This does not look like a bibliography"
        )
    sources: list[Source] = []
    problems: list[Problem] = []
    taken: dict[str, int] = {}
    for item in entries(text):
        if isinstance(item, Fault):
            problems.append(Problem(file, item.line, item.key, item.rule, item.message))
            continue
        if item.key in taken:
            message = (
                f"the key is already used at line {taken[item.key]}; each work needs its own key"
            )
            problems.append(Problem(file, item.line, item.key, "duplicate-key", message))
            continue
        taken[item.key] = item.line
        source = _source(item, file)
        if len(source.fields) < len(item.fields):
            names = [field.name for field in item.fields]
            repeated = ", ".join(sorted({name for name in names if names.count(name) > 1}))
            message = f"gives {repeated} more than once; keep one"
            problems.append(Problem(file, item.line, item.key, "duplicate-field", message))
        sources.append(source)
    return Library(file, tuple(_inherit(sources)), tuple(problems))


def _source(entry: Entry, file: str) -> Source:
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    for item in entry.fields:
        fields.setdefault(item.name, item.value)
        lines.setdefault(item.name, item.line)
    return Source(entry.key, entry.kind, fields, file, entry.line, entry.raw, lines)


def _inherit(sources: Sequence[Source]) -> Iterator[Source]:
    """Give an entry with a crossref what its parent says, and what that has of its own parent."""
    by_key = {source.key: source for source in sources}
    whole: dict[str, Source] = {}
    for source in sources:
        line: dict[str, Source] = {}  # from child to parent, to the end or to a round
        one: Source | None = source
        while one is not None and one.key not in whole and one.key not in line:
            line[one.key] = one
            one = by_key.get(one.fields.get("crossref", ""))
        for one in reversed(line.values()):
            parent = whole.get(one.fields.get("crossref", ""))
            whole[one.key] = _child(one, parent) if parent else one
        yield whole[source.key]


def _child(source: Source, parent: Source) -> Source:
    given = {name: value for name, value in parent.fields.items() if value and name in _INHERITED}
    if source.kind in _PARTS:
        for of_whole, of_book in (("title", "booktitle"), ("subtitle", "booksubtitle")):
            if value := given.pop(of_whole, ""):
                given.setdefault(of_book, value)
    elif source.fields.get("title"):
        given.pop("subtitle", "")
    if source.fields.get("date"):  # not the year of another
        given.pop("year", "")
    fields = {**given, **{name: value for name, value in source.fields.items() if value}}
    return replace(source, fields=fields)
