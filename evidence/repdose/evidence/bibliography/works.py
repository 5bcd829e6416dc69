"""A cited work and its names: fields as the file has them, LaTeX decoded once asked for."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from html import escape
from typing import Any

#: Deeper braces than anybody writes; the LaTeX decoder recurses once a brace.
MAX_DEPTH = 50

DOI = re.compile(r"10\.\d{4,9}/\S+")
PMID = re.compile(r"[1-9]\d{0,7}")
PMCID = re.compile(r"PMC[1-9]\d{0,8}")
_NOTED_PMID = re.compile(r"\bPMID\s*[:=]?\s*(\d+)", re.IGNORECASE)
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
_SPECIAL = re.compile(r"[\\{}$~]|--|``|''")


@dataclass(frozen=True)
class Name:
    """A person's name in its parts, or a corporate name as `literal`."""

    family: str = ""
    given: str = ""
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def short(self) -> str:
        """The name as it stands in a sentence."""
        return self.literal or " ".join(part for part in (self.particle, self.family) if part)


#: What "and others" stands for.
OTHERS = Name(literal="et al.")


@dataclass(frozen=True)
class Source:
    """One work that is cited, as its BibTeX entry describes it.

    Parameters
    ----------
    key : str
        Citation key.
    kind : str
        BibTeX entry type in lower case: article, book, techreport ...
    fields : Mapping of str to str
        The fields as they stand in the file, names in lower case, LaTeX not decoded.
    file : str
        Name of the file it was read from.
    line : int
        Line in that file at which the entry begins.
    raw : str
        The entry's own text.
    lines : Mapping of str to int
        Line in that file of each field.
    """

    key: str
    kind: str
    fields: Mapping[str, str] = field(repr=False)
    file: str = ""
    line: int = 0
    raw: str = field(default="", repr=False)
    lines: Mapping[str, int] = field(default_factory=dict, repr=False)

    def __repr__(self) -> str:
        return f"<{self._said()} [{self.key}]>"

    def _said(self) -> str:
        people = self.authors or self.editors
        named = people[0].short if people else ""
        named += " et al." if len(people) > 2 else "".join(f" & {one.short}" for one in people[1:])
        return f"{named} {self.year or 'n.d.'}: {self.title}".strip()

    def _repr_html_(self) -> str:
        """What Jupyter shows: who, when and what, then where it stands, with a link."""
        link = self.link()
        where = [part for part in (self.journal, self.key) if part]
        shown = f'<br><a href="{escape(link)}">{escape(link)}</a>' if link else ""
        return (
            f'<div style="text-align:left"><strong>{escape(self._said())}</strong><br>'
            f"{escape(', '.join(where))}{shown}</div>"
        )

    def text(self, *names: str) -> str:
        """The first of these fields that is not empty, LaTeX decoded; else ''."""
        return next((decoded(self.fields[name]) for name in names if self.fields.get(name)), "")

    @cached_property
    def title(self) -> str:
        """Title, in the case of the file."""
        return self.text("title")

    @cached_property
    def authors(self) -> tuple[Name, ...]:
        """Authors in order; the last is "et al." where the file says "and others"."""
        return names(self.fields.get("author", ""))

    @cached_property
    def editors(self) -> tuple[Name, ...]:
        """Editors in order."""
        return names(self.fields.get("editor", ""))

    @property
    def year(self) -> int | None:
        """Year of publication, or None if the entry gives no four-digit year."""
        value = self.fields.get("year") or self.fields.get("date") or ""
        match = re.match(r"[\s{]*(\d{4})(?!\d)", value)
        return int(match.group(1)) if match else None

    @cached_property
    def journal(self) -> str:
        """Full name of the journal; empty for other works."""
        return self.text("journal", "journaltitle")

    @cached_property
    def doi(self) -> str:
        """DOI without resolver or prefix; empty if there is none."""
        return _RESOLVER.sub("", identifier(self.fields.get("doi", "")))

    @cached_property
    def pmid(self) -> str:
        """PubMed number from `pmid`, from a PubMed `eprint`, or from `note`."""
        if self.fields.get("pmid"):
            return identifier(self.fields["pmid"])
        kind = self.fields.get("eprinttype") or self.fields.get("archiveprefix") or ""
        if identifier(kind).lower() in ("pubmed", "pmid"):
            return identifier(self.fields.get("eprint", ""))
        return noted_pmid(self.fields)

    @cached_property
    def pmcid(self) -> str:
        """PubMed Central identifier with its PMC prefix; empty if there is none."""
        return identifier(self.fields.get("pmcid", "")).upper()

    @cached_property
    def url(self) -> str:
        """Address of the work if it is http or https, else ''."""
        value = identifier(self.fields.get("url", ""))
        return value if re.match(r"https?://[^\s<>\"'`]+$", value, re.IGNORECASE) else ""

    def link(self) -> str:
        """The best https address of the work: DOI, PubMed, its own; else ''."""
        if DOI.fullmatch(self.doi):
            return f"https://doi.org/{self.doi}"
        if PMID.fullmatch(self.pmid):
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url


@contextmanager
def _quiet(name: str) -> Iterator[None]:
    """Keep a library from logging what is reported as a problem anyway."""
    logger = logging.getLogger(name)
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def noted_pmid(fields: Mapping[str, str]) -> str:
    """The PubMed number that a note gives as ``PMID: 21681120``; empty if none does."""
    for name in ("note", "annote", "addendum"):
        noted = _NOTED_PMID.search(fields.get(name, ""))
        if noted:
            return noted.group(1)
    return ""


def identifier(value: str) -> str:
    """A DOI, number or address: braces and LaTeX escapes removed, nothing else touched."""
    return re.sub(r"\\([_%&#$~])", r"\1", value.replace("{", "").replace("}", "")).strip()


def decoded(value: str) -> str:
    """A field's text with LaTeX turned to Unicode, on one line."""
    if _SPECIAL.search(value):
        value = _decode(value)
    # control characters have no place in a reference and some break XML
    printable = "".join(char if char.isprintable() else " " for char in value)
    return re.sub(r"\s+", " ", printable).strip()


def _decode(value: str) -> str:
    bare = value.replace("{", "").replace("}", "")
    if "\\" not in bare and "$" not in bare:
        return (
            bare.replace("---", "—")
            .replace("--", "–")
            .replace("~", " ")
            .replace("``", "“")
            .replace("''", "”")
        )
    if depth(value) > MAX_DEPTH:
        return bare.replace("\\", "")
    from bibtexparser.library import Library as Blocks
    from bibtexparser.model import Entry, Field

    # an unescaped percent sign would swallow the rest of the line as a comment
    entry = Entry("misc", "one", [Field("text", re.sub(r"(?<!\\)%", r"\\%", value))])
    with _quiet("pylatexenc"):
        done = _decoder().transform(Blocks([entry])).entries
    return str(done[0]["text"]) if done else bare.replace("\\", "")


@cache
def _decoder() -> Any:
    from bibtexparser.middlewares import LatexDecodingMiddleware

    return LatexDecodingMiddleware(
        allow_inplace_modification=False, keep_braced_groups=False, keep_math_mode=False
    )


def depth(value: str) -> int:
    """How deep the braces of a field are nested."""
    now = deepest = 0
    for brace in re.findall("[{}]", value):
        now += 1 if brace == "{" else -1
        deepest = max(deepest, now)
    return deepest


def names(value: str) -> tuple[Name, ...]:
    """The persons and bodies of an author or editor field.

    Examples
    --------
    >>> [name.short for name in names("de Leva, Paolo and {World Health Organization}")]
    ['de Leva', 'World Health Organization']
    """
    if not value.strip():
        return ()
    from bibtexparser.middlewares.names import split_multiple_persons_names

    people = (_name(part) for part in split_multiple_persons_names(value) if part.strip())
    return tuple(name for name in people if name.family or name.literal)


def _name(value: str) -> Name:
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    value = value.strip()
    if value.lower() == "others":
        return OTHERS
    if corporate(value):
        return Name(literal=decoded(value))
    try:
        parts = parse_single_name_into_parts(value, strict=False)
    except Exception:  # a name that cannot be split is printed as it stands
        return Name(literal=decoded(value))
    family, given, particle, suffix = (
        decoded(" ".join(part)) for part in (parts.last, parts.first, parts.von, parts.jr)
    )
    if not family:
        return Name(literal=decoded(value))
    return Name(family, given, particle, suffix)


def corporate(value: str) -> bool:
    """Whether one pair of braces holds the whole name, as a corporate name needs."""
    if not (value.startswith("{") and value.endswith("}")):
        return False
    open_braces = 0
    for place, char in enumerate(value):
        open_braces += (char == "{") - (char == "}")
        if open_braces == 0:
            return place == len(value) - 1
    return False
