"""A cited work: fields as the file has them, LaTeX decoded once asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from urllib.parse import quote

from repdose.evidence.bibliography.latex import decoded
from repdose.evidence.bibliography.names import Name, names

DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
PMID = re.compile(r"[1-9][0-9]{0,7}")
PMCID = re.compile(r"PMC[1-9][0-9]{0,8}")
_ADDRESS = re.compile(r"\\url\s*\{([^{}]*)\}|(https?://[^\s{}]+)", re.IGNORECASE)
_NOTED_PMID = re.compile(r"\bPMID\s*[:=]?\s*([0-9]+)", re.IGNORECASE)
_RESOLVER = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
#: What publishers' files have for signs that LaTeX would set otherwise in a DOI.
_LATEX_SIGNS = (
    (re.compile(r"\$?\\(?:text)?(?:less|lt)(?![A-Za-z])(?:\{\})?\s?\$?|\$<\$"), "<"),
    (re.compile(r"\$?\\(?:text)?(?:greater|gt)(?![A-Za-z])(?:\{\})?\s?\$?|\$>\$"), ">"),
)


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
        """Title with subtitle, in the case of the file."""
        return self.titled("title", "subtitle")

    def titled(self, title: str, subtitle: str) -> str:
        """What two fields have of one title."""
        parts = [part for name in (title, subtitle) if (part := self.text(name))]
        return (" " if parts and parts[0][-1] in ".:?!" else ": ").join(parts)

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
        # {\noopsort{1973b}}1973 sorts by what it does not print
        match = re.match(r"[\s{]*([0-9]{4})(?!\d)", re.sub(r"\{\\\w+\{[^{}]*\}\}", "", value))
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
        return self._eprint("pubmed", "pmid") or noted_pmid(self.fields)

    def _eprint(self, *kinds: str) -> str:
        """Number in an archive, if the entry names one of these."""
        kind = self.fields.get("eprinttype") or self.fields.get("archiveprefix") or ""
        return (
            identifier(self.fields.get("eprint", "")) if identifier(kind).lower() in kinds else ""
        )

    @cached_property
    def pmcid(self) -> str:
        """PubMed Central identifier with its PMC prefix; empty if there is none."""
        return identifier(self.fields.get("pmcid", "")).upper()

    @cached_property
    def url(self) -> str:
        """Address of the work if it is http or https, else ''.

        Where there is no field of its own: that in howpublished, else that at arXiv.
        """
        value = identifier(self.fields.get("url", "")) or self._published_at
        if not value and (number := self._eprint("arxiv")):
            value = f"https://arxiv.org/abs/{re.sub('^arxiv:', '', number, flags=re.IGNORECASE)}"
        return value if re.match(r"https?://[^\s<>\"'`]+$", value, re.IGNORECASE) else ""

    @cached_property
    def _published_at(self) -> str:
        found = _ADDRESS.search(self.fields.get("howpublished", ""))
        return identifier(found[1] or found[2]).rstrip(".,;") if found else ""

    @property
    def publisher(self) -> str:
        """Who published the work: a house or a body, or how it came out; no address."""
        names = ("publisher", "institution", "school", "organization", "howpublished")
        return self.text(*names[:4] if self._published_at else names)

    def link(self) -> str:
        """The best https address of the work: DOI, PubMed, its own; else ''."""
        if DOI.fullmatch(self.doi):
            return address(self.doi)
        if PMID.fullmatch(self.pmid):
            return f"https://pubmed.ncbi.nlm.nih.gov/{self.pmid}/"
        return self.url


def noted_pmid(fields: Mapping[str, str]) -> str:
    """The PubMed number that a note gives as ``PMID: 21681120``; empty if none does."""
    for name in ("note", "annote", "addendum"):
        noted = _NOTED_PMID.search(fields.get(name, ""))
        if noted:
            return noted.group(1)
    return ""


def identifier(value: str) -> str:
    """A DOI, number or address: braces and LaTeX escapes removed, nothing else touched."""
    for pattern, sign in _LATEX_SIGNS:
        value = pattern.sub(sign, value)
    return re.sub(r"\\([_%&#$~])", r"\1", value.replace("{", "").replace("}", "")).strip()


def address(doi: str) -> str:
    """Where a DOI resolves, every sign of it as an address may have it.

    Examples
    --------
    >>> address("10.1002/a(b)<c>#2")
    'https://doi.org/10.1002/a(b)%3Cc%3E%232'
    """
    return f"https://doi.org/{quote(doi, safe='/:;()@!$&*+,=._-~')}"
