"""The package's own bibliography, references.bib: look up a source, cite it, list it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from repdose.evidence.bibliography.bibtex import read_bibtex
from repdose.evidence.bibliography.citing import html_references, in_text, print_references
from repdose.evidence.bibliography.works import PMCID, Source
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.places import place_of

_PREFIXED = re.compile(r"(pmid|pubmed|pmcid|pmc|doi)\s*:\s*(\S.*)", re.IGNORECASE)
_RESOLVER = re.compile(r"https?://(?:dx\.)?doi\.org/(.+)", re.IGNORECASE)


@cache
def path() -> Path:
    """Where references.bib lies."""
    return place_of("references.bib")


@cache
def sources() -> Mapping[str, Source]:
    """Every source of the package by key, in the order of references.bib.

    Raises
    ------
    EvidenceError
        If the file has a fault; the message is ``file:line: what is wrong``.
    """
    library = read_bibtex(path(), name=path().name)
    if library.problems:
        raise EvidenceError("\n".join(map(str, library.problems)))
    return {source.key: source for source in library.sources}


@cache
def _identifiers() -> Mapping[str, str]:
    """Key by ``pmid:...``, ``doi:...`` and ``pmcid:...``, in lower case."""
    known: dict[str, str] = {}
    for source in sources().values():
        for kind in ("pmid", "doi", "pmcid"):
            value = getattr(source, kind)
            if value:
                known[f"{kind}:{value.lower()}"] = source.key
    return known


def source(key: str) -> Source:
    """One source, by its key or an identifier.

    Parameters
    ----------
    key : str
        A key of references.bib, ``pmid:`` or ``doi:`` or ``pmcid:`` with the identifier,
        or a DOI as an address.

    Returns
    -------
    Source
        Its key, authors, title, year, journal, identifiers and link.

    Raises
    ------
    UnknownRecordError
        If there is no such source; near keys are listed.

    Examples
    --------
    >>> source("pmid:21681120").key
    'ainsworth2011'
    >>> source("doi:10.1249/MSS.0b013e318213fefb").year
    2011
    """
    entry = sources().get(key)
    if entry is not None:
        return entry
    resolver = _RESOLVER.fullmatch(key.strip())
    prefixed = _PREFIXED.fullmatch(f"doi:{resolver.group(1)}" if resolver else key.strip())
    if not prefixed:
        raise unknown("source", key, sources())
    kind, value = prefixed.group(1).lower(), prefixed.group(2).lower()
    kind = {"pubmed": "pmid", "pmc": "pmcid"}.get(kind, kind)
    if kind == "pmcid" and not PMCID.fullmatch(value.upper()):
        value = f"pmc{value}"
    resolved = _identifiers().get(f"{kind}:{value}")
    if resolved is None:
        raise unknown("source", key, _identifiers())
    return sources()[resolved]


def _given(keys: tuple[str, ...]) -> list[Source]:
    """The sources of these keys, each once, in order."""
    return list({entry.key: entry for entry in map(source, keys)}.values())


def cite(*keys: str, style: str = "apa") -> str:
    """Full references.

    Parameters
    ----------
    *keys : str
        What `source` accepts; a source given twice is listed once.
    style : {"apa", "vancouver", "bibtex", "csl-json"}
        APA lists in alphabetical order, the others in the order given. Vancouver references
        come without the number, which belongs to the citing text.

    Returns
    -------
    str
        One reference a line; BibTeX entries; or a CSL-JSON array.

    Raises
    ------
    UnknownRecordError
        If there is no such source; near keys are listed.
    EvidenceError
        If no key is given or the style is not known.

    Examples
    --------
    >>> print(cite("krieger2010", style="vancouver"))  # doctest: +ELLIPSIS
    Krieger JW. Single vs. multiple sets ... J Strength Cond Res. 2010;24(4):1150-9. doi: ...
    """
    if not keys:
        raise EvidenceError("no key to cite; give at least one, as in cite('garber2011')")
    return print_references(_given(keys), style)


def render_html(keys: list[str] | tuple[str, ...]) -> str:
    """APA references as HTML list items in alphabetical order, escaped, with https links.

    Each item has the id ``ref-KEY``.

    Raises
    ------
    UnknownRecordError
        If one of `keys` is no source.
    """
    return html_references(_given(tuple(keys)), _suffixes())


@cache
def _suffixes() -> Mapping[str, str]:
    """The letter after the year, by key, of sources that would be cited alike."""
    alike: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for entry in sources().values():
        alike[in_text(entry), entry.year].append(entry.key)
    return {
        key: chr(ord("a") + place)
        for keys in alike.values()
        if len(keys) > 1
        for place, key in enumerate(sorted(keys))
    }


def short(key: str) -> str:
    """How a source is cited in a sentence.

    Sources of the bibliography that would be cited alike get a letter after the year.

    Examples
    --------
    >>> short("garber2011"), short("hhs2018"), short("escamilla2006ptj")
    ('Garber et al. 2011', 'HHS 2018', 'Escamilla et al. 2006b')
    """
    entry = source(key)
    return f"{in_text(entry)} {entry.year or 'n.d.'}{_suffixes().get(entry.key, '')}"
