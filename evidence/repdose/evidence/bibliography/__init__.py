"""The bibliography, ours and that of the study one is in: look up a source, cite it, list it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from repdose.evidence import own_study
from repdose.evidence.bibliography.bibtex import parse_bibtex, read_bibtex
from repdose.evidence.bibliography.citing import html_references, in_text, print_references
from repdose.evidence.bibliography.works import DOI, PMCID, Source
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.packs import BIBLIOGRAPHY, Pack, in_force
from repdose.evidence.places import place_of

_PREFIXED = re.compile(r"(pmid|pubmed|pmcid|pmc|doi)\s*:\s*(\S.*)", re.IGNORECASE)
_RESOLVER = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/(.+)", re.IGNORECASE)
LISTS = 64  # of references that are kept: reports of a notebook have the same one
#: A file of references of a study's own: where it lies, and when it was changed.
_Own = tuple[Path, int] | None
#: What there is to cite from beside ours: a study's own references, and the packs in force.
_Here = tuple[_Own, tuple[Pack, ...]]


@cache
def path() -> Path:
    """Where references.bib lies."""
    return place_of("references.bib")


def sources() -> Mapping[str, Source]:
    """Every source by key: of references.bib in its order, then of one's study, then of packs.

    Raises
    ------
    EvidenceError
        If a file has a fault, a study or a pack has a key of ours, or a pack one of another
        source; the message is ``file:line: what is wrong``.
    """
    return _sources(_here())


def _here() -> _Here:
    return _own(), in_force()


def ours() -> Mapping[str, Source]:
    """Every source of the package's own references.bib, whatever study one is in."""
    return _of_study(None)


def _own() -> _Own:
    """The references of the study one is in, if it has any."""
    study = own_study.find()
    if study is None:
        return None
    try:
        return study.bibliography, study.bibliography.stat().st_mtime_ns
    except OSError:
        return None


@cache
def _of_study(own: _Own) -> Mapping[str, Source]:
    if own is None:
        library = read_bibtex(path(), name=path().name)
        if library.problems:
            raise EvidenceError("\n".join(map(str, library.problems)))
        return {source.key: source for source in library.sources}
    ours = _of_study(None)
    library = read_bibtex(own[0], name=own[0].name)
    faults = list(map(str, library.problems))
    taken = {key.lower(): key for key in ours}
    for source in library.sources:
        if source.key.lower() in taken:
            key = taken[source.key.lower()]
            faults.append(
                f"{own[0].name}:{source.line}: {source.key}: the package has this key for "
                f"{ours[key].title!r:.60}; cite that if it is the same work, else choose another"
            )
    if faults:
        raise EvidenceError("\n".join(faults))
    return {**ours, **{source.key: source for source in library.sources}}


@cache
def _sources(here: _Here) -> Mapping[str, Source]:
    own, packs = here
    if not packs:
        return _of_study(own)
    known = dict(_sources((own, packs[:-1])))
    if own is None or Path(packs[-1].place) != own[0].parent:  # those of a study are there
        known.update(_of_pack(packs[-1], known))
    return known


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
        if other is not None and (source.key in ours() or not _same(source, other)):
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


@cache
def _by_identifier(here: _Here) -> Mapping[str, str]:
    """Key by ``pmid:...``, ``doi:...`` and ``pmcid:...``, in lower case."""
    known: dict[str, str] = {}
    for source in _sources(here).values():
        for kind in ("pmid", "doi", "pmcid"):
            value = getattr(source, kind)
            if value:
                known.setdefault(f"{kind}:{value.lower()}", source.key)
    return known


@cache
def _by_lower_key(here: _Here) -> Mapping[str, list[str]]:
    """Keys by their lower case."""
    known: dict[str, list[str]] = defaultdict(list)
    for key in _sources(here):
        known[key.lower()].append(key)
    return known


def source(key: str) -> Source:
    """One source, by its key or an identifier.

    Parameters
    ----------
    key : str
        A key in any case, also as ``@key``; ``pmid:`` or ``doi:`` or ``pmcid:`` with the
        identifier; or a DOI, bare or as an address.

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
    >>> source("https://doi.org/10.1249/MSS.0b013e318213fefb").key, source("@Garber2011").year
    ('garber2011', 2011)
    """
    return _source(key, _here())


def _source(key: str, here: _Here) -> Source:
    known = _sources(here)
    if key in known:
        return known[key]
    word = re.sub(r"^\[@(.*)\]$|^@", r"\1", key.strip())
    if len(alike := _by_lower_key(here).get(word.lower(), [])) == 1:
        return known[alike[0]]
    resolver = _RESOLVER.fullmatch(word)
    doi = resolver.group(1) if resolver else word if DOI.fullmatch(word) else ""
    prefixed = _PREFIXED.fullmatch(f"doi:{doi}" if doi else word)
    if not prefixed:
        raise unknown("source", key, known)
    kind, value = prefixed.group(1).lower(), prefixed.group(2).lower()
    kind = {"pubmed": "pmid", "pmc": "pmcid"}.get(kind, kind)
    if kind == "doi" and (resolver := _RESOLVER.fullmatch(value)):
        value = resolver.group(1)
    if kind == "pmcid" and not PMCID.fullmatch(value.upper()):
        value = f"pmc{value}"
    resolved = _by_identifier(here).get(f"{kind}:{value}")
    if resolved is None:
        raise unknown("source", key, _by_identifier(here))
    return known[resolved]


def _given(keys: tuple[str, ...], here: _Here) -> list[Source]:
    """The sources of these keys, each once, in order."""
    found = (_source(key, here) for key in keys)
    return list({entry.key: entry for entry in found}.values())


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
    return _printed(keys, style, _here())


@lru_cache(LISTS)
def _printed(keys: tuple[str, ...], style: str, here: _Here) -> str:
    return print_references(_given(keys, here), style)


def render_html(keys: list[str] | tuple[str, ...]) -> str:
    """APA references as HTML list items in alphabetical order, escaped, with https links.

    Each item has the id ``ref-KEY``.

    Raises
    ------
    UnknownRecordError
        If one of `keys` is no source.
    """
    return _html(tuple(keys), _here())


@lru_cache(LISTS)
def _html(keys: tuple[str, ...], here: _Here) -> str:
    return html_references(_given(keys, here), _suffixes(here))


@cache
def _suffixes(here: _Here) -> Mapping[str, str]:
    """The letter after the year, by key, of sources that would be cited alike."""
    alike: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for entry in _sources(here).values():
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
    return _short(key, _here())


@cache
def _short(key: str, here: _Here) -> str:
    entry = _source(key, here)
    return f"{in_text(entry)} {entry.year or 'n.d.'}{_suffixes(here).get(entry.key, '')}"
