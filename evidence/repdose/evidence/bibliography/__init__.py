"""The package's own bibliography, references.bib: look up a source, cite it, list it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from repdose.evidence.bibliography.bibtex import parse_bibtex, read_bibtex
from repdose.evidence.bibliography.citing import html_references, in_text, print_references
from repdose.evidence.bibliography.works import PMCID, Source
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.packs import BIBLIOGRAPHY, Pack, in_force
from repdose.evidence.places import place_of

_PREFIXED = re.compile(r"(pmid|pubmed|pmcid|pmc|doi)\s*:\s*(\S.*)", re.IGNORECASE)
_RESOLVER = re.compile(r"https?://(?:dx\.)?doi\.org/(.+)", re.IGNORECASE)


@cache
def path() -> Path:
    """Where references.bib lies."""
    return place_of("references.bib")


def sources() -> Mapping[str, Source]:
    """Every source by key: those of references.bib in its order, then those of packs in force.

    Raises
    ------
    EvidenceError
        If a file has a fault, or a pack has a key of ours or of another source; the message is
        ``file:line: what is wrong``.
    """
    return _sources(in_force())


@cache
def _sources(packs: tuple[Pack, ...]) -> Mapping[str, Source]:
    if packs:
        known = dict(_sources(packs[:-1]))
        known.update(_of_pack(packs[-1], known))
        return known
    library = read_bibtex(path(), name=path().name)
    if library.problems:
        raise EvidenceError("\n".join(map(str, library.problems)))
    return {source.key: source for source in library.sources}


def _of_pack(pack: Pack, known: Mapping[str, Source]) -> Mapping[str, Source]:
    """Sources that a pack adds to those that are known."""
    if BIBLIOGRAPHY not in pack.tables:
        return {}
    file = pack.file(pack.tables[BIBLIOGRAPHY])
    library = parse_bibtex(_text_of(pack), file=file)
    faults = list(map(str, library.problems))
    for source in library.sources:
        other = known.get(source.key)
        # Two packs may both have a work that neither can cite from the other
        if other is not None and (source.key in _sources(()) or not _same(source, other)):
            faults.append(
                f"{file}:{source.line}: {source.key}: this key is taken by {other.title!r:.60}; "
                "cite that if it is the same work, else choose another key"
            )
    if faults:
        raise EvidenceError("\n".join(faults))
    return {source.key: source for source in library.sources}


def _text_of(pack: Pack) -> str:
    try:
        return pack.files[pack.tables[BIBLIOGRAPHY]].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        file = pack.file(pack.tables[BIBLIOGRAPHY])
        raise EvidenceError(f"{file}: byte {error.start} is not UTF-8; save it as UTF-8") from None


def _same(one: Source, other: Source) -> bool:
    """Whether two entries are of one work."""
    return one.raw == other.raw or bool(one.doi and one.doi.lower() == (other.doi or "").lower())


def _identifiers() -> Mapping[str, str]:
    """Key by ``pmid:...``, ``doi:...`` and ``pmcid:...``, in lower case."""
    return _by_identifier(in_force())


@cache
def _by_identifier(packs: tuple[Pack, ...]) -> Mapping[str, str]:
    known: dict[str, str] = {}
    for source in _sources(packs).values():
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


def _suffixes() -> Mapping[str, str]:
    """The letter after the year, by key, of sources that would be cited alike."""
    return _lettered(in_force())


@cache
def _lettered(packs: tuple[Pack, ...]) -> Mapping[str, str]:
    alike: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for entry in _sources(packs).values():
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
