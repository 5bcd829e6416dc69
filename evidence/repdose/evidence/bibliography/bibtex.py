"""BibTeX text to sources: tolerant of what people write, decoded only where it is used.

`bibtexparser` splits the file; LaTeX is decoded field by field when first asked for,
since decoding takes nine tenths of the time of reading a bibliography.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from repdose.evidence.bibliography.works import Source, _quiet
from repdose.evidence.errors import EvidenceError
from repdose.evidence.problems import Problem

#: A bibliography of 100,000 entries is some 60 MB; beyond this it is not one.
MAX_BYTES = 64_000_000
MAX_BLOCKS = 200_000
_INHERITED = ("author", "editor", "year", "date", "publisher", "title")


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
        If the file cannot be read at all: missing, too large, not UTF-8.
    """
    file = name or str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise EvidenceError(f"{file}: cannot be read: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise EvidenceError(
            f"{file}: {len(data):,} bytes; at most {MAX_BYTES:,} are read. Split the file"
        )
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
    from bibtexparser import model
    from bibtexparser.entrypoint import parse_string

    with _quiet("bibtexparser"):
        library = parse_string(text)
    sources: list[Source] = []
    problems: list[Problem] = []
    strings = {item.key.lower(): str(item.value) for item in library.strings}
    for block in library.blocks:
        line = (block.start_line or 0) + 1
        if isinstance(block, model.Entry):
            sources.append(_source(block, file, line, strings, problems))
        elif isinstance(block, model.DuplicateBlockKeyBlock):
            first = (block.previous_block.start_line or 0) + 1
            message = f"the key is already used at line {first}; each work needs its own key"
            problems.append(Problem(file, line, block.key, "duplicate-key", message))
        elif isinstance(block, model.DuplicateFieldKeyBlock):
            entry: Any = block.ignore_error_block
            repeated = ", ".join(sorted(block.duplicate_keys))
            message = f"gives {repeated} more than once; keep one"
            problems.append(Problem(file, line, entry.key, "duplicate-field", message))
            sources.append(_source(entry, file, line, strings, problems))
        elif isinstance(block, model.ParsingFailedBlock):
            problems.append(Problem(file, line, "", "syntax", _reason(block.error)))
    return Library(file, tuple(_inherit(sources)), tuple(problems))


def _source(
    entry: Any, file: str, line: int, strings: Mapping[str, str], problems: list[Problem]
) -> Source:
    fields: dict[str, str] = {}
    lines: dict[str, int] = {}
    for item in entry.fields:
        value = str(item.value).strip()
        place = item.start_line + 1
        if item.enclosing == "no-enclosing":
            value, unknown = _joined(value, strings)
            if unknown and item.key.lower() != "month":
                message = f"{item.key} uses {unknown}, which no @string defines; put text in braces"
                problems.append(Problem(file, place, entry.key, "string", message))
        fields.setdefault(item.key.lower(), value)
        lines.setdefault(item.key.lower(), place)
    return Source(entry.key, entry.entry_type.lower(), fields, file, line, entry.raw or "", lines)


def _joined(value: str, strings: Mapping[str, str]) -> tuple[str, str]:
    """What ``name # "text"`` stands for, and the first name that is not defined."""
    unknown = ""
    parts = []
    for part in re.findall(r'"[^"]*"|\{[^{}]*\}|[^\s#"{}]+', value):
        if part[0] in '"{' or part.isdigit():
            parts.append(part.strip('"{}'))
        else:
            unknown = unknown or (part if part.lower() not in strings else "")
            parts.append(strings.get(part.lower(), part))
    return "".join(parts), unknown


def _inherit(sources: Sequence[Source]) -> Iterator[Source]:
    """Give an entry with a crossref what its parent says of the whole volume."""
    by_key = {source.key: source for source in sources}
    for source in sources:
        parent = by_key.get(source.fields.get("crossref", ""))
        if parent is None:
            yield source
            continue
        given = {name: parent.fields[name] for name in _INHERITED if parent.fields.get(name)}
        given["booktitle"] = given.pop("title", "")
        fields = {**given, **{name: value for name, value in source.fields.items() if value}}
        yield replace(source, fields=fields)


def _reason(error: Exception) -> str:
    """What the parser says, on one line and without its own line counting."""
    reason = str(getattr(error, "abort_reason", "") or error)
    return re.sub(r"\s+", " ", reason)[:200].strip() or "not BibTeX"
