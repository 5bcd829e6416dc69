"""References in print: APA, Vancouver, BibTeX, CSL-JSON and HTML of any sources.

A CSL processor (citeproc-py) sets the references by the styles in ``data/styles``. It is fed
CSL-JSON made here, since its own BibTeX reader fails on LaTeX markup in a title.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache, partial
from types import SimpleNamespace
from typing import Any

from repdose.evidence.bibliography.latex import decoded
from repdose.evidence.bibliography.names import OTHERS, Name, initials
from repdose.evidence.bibliography.works import DOI, PMCID, PMID, Source, address, identifier
from repdose.evidence.errors import EvidenceError
from repdose.evidence.places import place_of

STYLES = ("apa", "vancouver", "bibtex", "csl-json")
_CSL_FILES = place_of("data") / "styles"

_KINDS = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "collection": "book",
    "proceedings": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "techreport": "report",
    "report": "report",
    "manual": "report",
    "phdthesis": "thesis",
    "mastersthesis": "thesis",
    "thesis": "thesis",
    "online": "webpage",
    "electronic": "webpage",
}
#: What stands on pages of something; of others the field has how many they are.
_PARTS = ("article-journal", "chapter", "paper-conference")
_SOFTWARE = ("software", "softwareversion", "softwaremodule", "codefragment")
_THESES = {"phdthesis": "Doctoral dissertation", "mastersthesis": "Master's thesis"}
#: What biblatex puts for the keys that its entries may have as their type.
_TYPES = {
    **_THESES,
    "mathesis": "Master's thesis",
    "bathesis": "Bachelor's thesis",
    "candthesis": "Candidate thesis",
    "techreport": "Technical report",
    "resreport": "Research report",
}
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6"}
_Item = dict[str, Any]
#: How each style has given names; not left to the processor, which knows capitals alone.
_INITIALS: Mapping[str, Callable[[str], str]] = {
    "apa": initials,
    "vancouver": partial(initials, stop="", hyphen=""),
}

# The processor's own HTML leaves text in italics unescaped. It is made to set private-use
# characters instead, which no decoded field can hold, and everything is escaped afterwards.
_SLANT, _UPRIGHT = "\ue000", "\ue001"
_MARKED = SimpleNamespace(preformat=str, Italic=lambda text: f"{_SLANT}{text}{_UPRIGHT}")


def print_references(sources: Sequence[Source], style: str) -> str:
    """The sources as one text: a reference a line, or BibTeX, or CSL-JSON.

    APA is set in alphabetical order, the others in the order given.
    """
    if style not in STYLES:
        raise EvidenceError(f"style is {style!r}; allowed: {', '.join(STYLES)}")
    if style == "bibtex":
        return "\n\n".join(source.raw.strip() for source in sources)
    if style == "csl-json":
        return json.dumps([csl_item(source) for source in sources], indent=2, ensure_ascii=False)
    if style == "apa":
        sources = sorted(sources, key=alphabetical)
    return "\n".join(_set(sources, style)).replace(_SLANT, "").replace(_UPRIGHT, "")


def html_references(sources: Sequence[Source], suffixes: Mapping[str, str]) -> str:
    """APA references in alphabetical order as HTML list items, everything escaped.

    Parameters
    ----------
    sources : sequence of Source
    suffixes : mapping of str to str
        Letter after the year, by key, of works that would be cited alike.
    """
    sources = sorted(sources, key=alphabetical)
    return "\n".join(
        f'<li id="ref-{html.escape(source.key)}">{_linked(text, source)}</li>'
        for source, text in zip(sources, _set(sources, "apa", suffixes), strict=True)
    )


def _linked(text: str, source: Source) -> str:
    """A reference as HTML with its DOI and PubMed number made links."""
    text = html.escape(text, quote=False).replace(_SLANT, "<i>").replace(_UPRIGHT, "</i>")
    is_doi = DOI.fullmatch(source.doi)
    printed = f"https://doi.org/{source.doi}" if is_doi else source.url
    shown = html.escape(printed, quote=False)
    if printed and text.endswith(shown):
        to = address(source.doi) if is_doi else printed
        text = text.removesuffix(shown) + _anchor(to, printed)
    if PMID.fullmatch(source.pmid):
        pubmed = f"https://pubmed.ncbi.nlm.nih.gov/{source.pmid}/"
        text += f" PMID {_anchor(pubmed, source.pmid)}"
    return text


def _anchor(to: str, shown: str) -> str:
    secure = re.sub("^http:", "https:", to, flags=re.IGNORECASE)
    return f'<a href="{html.escape(secure)}">{html.escape(shown, quote=False)}</a>'


def in_text(source: Source) -> str:
    """How a work is named in a sentence, without its year: "Garber et al."."""
    persons = [name for name in (source.authors or source.editors) if name != OTHERS]
    short = source.text("shortauthor")
    if short or not persons:
        return short or f"“{source.title or source.key}”"
    if len(persons) > 2 or OTHERS in source.authors:
        return f"{persons[0].short} et al."
    return " & ".join(name.short for name in persons)


def alphabetical(source: Source) -> tuple[str, int, str, str]:
    """Sort key of a reference list: first author, year, title."""
    persons = source.authors or source.editors
    listed = " ".join(f"{name.short} {name.given}" for name in persons)
    return _plain(listed or source.title), source.year or 0, _plain(source.title), source.key


def _plain(text: str) -> str:
    """Letters and digits without accents, in lower case."""
    folded = unicodedata.normalize("NFKD", text.replace("ø", "o").replace("Ø", "O"))
    kept = (char for char in folded if char.isalnum() or char == " ")
    return "".join(kept).casefold()


def csl_item(source: Source) -> _Item:
    """A source as an item of CSL-JSON; what the entry does not give is left out."""
    form = source.text("type")
    is_software = source.kind in _SOFTWARE or form == "software"  # plain BibTeX knows no such entry
    kind = "software" if is_software else _KINDS.get(source.kind, "article")
    book = source.titled("booktitle", "booksubtitle") or source.titled("maintitle", "mainsubtitle")
    if source.kind == "inbook" and not book:
        kind = "book"  # whose title that of the entry is, to BibTeX
    journal = source.journal
    number = source.text("number", "issue")
    edition = source.text("edition")
    article = source.text("eid")
    page = _pages(source.fields.get("pages", "")) or article
    item: _Item = {
        "id": source.key,
        "type": kind,
        "author": [_csl_name(name) for name in source.authors],
        "editor": [_csl_name(name) for name in source.editors],
        "title": source.title,
        "container-title": journal or book,
        "container-title-short": source.text("shortjournal"),
        "edition": _ORDINALS.get(edition.lower(), re.sub(r"^(\d+)(st|nd|rd|th)$", r"\1", edition)),
        "volume": source.text("volume"),
        "issue" if kind == "article-journal" else "number": number,
        "page": page if kind in _PARTS or source.kind == "inbook" else "",
        "version": re.sub(r"^[vV](?=\d)", "", source.text("version")) if is_software else "",
        "genre": "" if is_software else _TYPES.get(form, form) or _THESES.get(source.kind, ""),
        "publisher": source.publisher,
        "publisher-place": source.text("address", "location"),
        "issued": {"date-parts": [[source.year]]} if source.year else None,
        "ISBN": identifier(source.fields.get("isbn", "")),
        "DOI": source.doi if DOI.fullmatch(source.doi) else "",
        "PMID": source.pmid if PMID.fullmatch(source.pmid) else "",
        "PMCID": source.pmcid if PMCID.fullmatch(source.pmcid) else "",
        "URL": source.url,
    }
    if kind == "article-journal" and article == page:
        item["number"] = article  # of the article, as CSL 1.0.2 has it
    return {name: value for name, value in item.items() if value}


def _pages(field: str) -> str:
    """Pages with plain hyphens; a range of one page as that page."""
    pages = re.sub(r"\s*[-–—‒]+\s*", "-", decoded(re.sub("-{2,}", "-", field)))
    first, mark, last = pages.partition("-")
    return first if mark and first == last else pages


def _csl_name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {part: value for part, value in parts.items() if value}


def _for_style(item: _Item, style: str, suffix: str) -> _Item:
    """What the two manuals want said otherwise than CSL-JSON says it."""
    item = dict(item)
    for name in item.get("author", []) + item.get("editor", []):
        if "given" in name:
            name["given"] = _INITIALS[style](name["given"])
    edition = item.get("edition", "")
    if edition.isdigit():
        item["edition"] = _ordinal(int(edition))
    if style == "vancouver":
        if item.get("genre") == _THESES["phdthesis"]:
            item["genre"] = "dissertation"
        item.setdefault("container-title-short", item.get("container-title", ""))
        if "page" in item:
            item["page"] = _shortened(item["page"])
        for name in item.get("author", []) + item.get("editor", []):
            if "suffix" in name:
                name["suffix"] = name["suffix"].rstrip(".")
        return item
    if suffix:
        item["year-suffix"] = suffix
    titles = ["title"] if item["type"] == "article-journal" else ["title", "container-title"]
    for name in titles:
        if name in item:
            # APA begins a subtitle with a capital
            item[name] = re.sub(r"([:?!] )([a-z])(?!\d)", lambda m: m[1] + m[2].upper(), item[name])
    page = item.get("page", "")
    is_article = item["type"] == "article-journal" and page == item.get("number")
    if page and (is_article or re.fullmatch(r"[A-RT-Za-z]+\d+", page)):  # S12 is a page
        item["page"] = f"Article {page}"
    if item["type"] == "software":
        item["genre"] = "Computer software"
    if item["type"] == "thesis" and "publisher" in item:
        item["genre"] = f"{item.get('genre', 'Thesis')}, {item.pop('publisher')}"
    if [{"literal": item.get("publisher")}] == item.get("author"):
        # APA names a body once that both wrote and published
        del item["publisher"]
    return item


def _shortened(pages: str) -> str:
    """A page range without the digits that its end repeats: 284-287 as 284-7."""
    # not left to the processor, which makes 1-9 of 1-19
    span = re.fullmatch(r"(\d+)-(\d+)", pages)
    if not span or len(span[1]) != len(span[2]) or span[1] >= span[2]:
        return pages
    first, last = span[1], span[2]
    same = next(place for place, digit in enumerate(first) if digit != last[place])
    return f"{first}-{last[same:]}"


def _ordinal(number: int) -> str:
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


@cache
def _style(name: str) -> Any:
    from citeproc import CitationStylesStyle

    return CitationStylesStyle(str(_CSL_FILES / f"{name}.csl"), validate=False)


def _set(
    sources: Sequence[Source], style: str, suffixes: Mapping[str, str] | None = None
) -> list[str]:
    """References in the order of `sources`, italics marked, set by the CSL processor."""
    letters = suffixes or {}
    items = [_for_style(csl_item(one), style, letters.get(one.key, "")) for one in sources]
    return [_reference(style, json.dumps(item, sort_keys=True)) for item in items]


@lru_cache(maxsize=4096)
def _reference(style: str, item: str) -> str:
    """One reference, from its item as JSON text; neither style sets it by its neighbours."""
    from citeproc import Citation, CitationItem, CitationStylesBibliography
    from citeproc.source.json import CiteProcJSON

    library = CitationStylesBibliography(
        _style(style), CiteProcJSON([{**json.loads(item), "id": "item"}]), _MARKED
    )
    library.register(Citation([CitationItem("item")]))
    [entry] = library.bibliography()
    return _tidy(str(entry))


def _tidy(text: str) -> str:
    """Marks that no style can avoid: "et al." joined as a name, a stop after another mark."""
    text = re.sub(r",? & et al\.", ", et al.", text)
    text = re.sub(rf"(?<!\.)\.({_UPRIGHT}?)\.(?= |$)", r".\1", text)
    text = re.sub(rf":({_UPRIGHT}?[.,])(?= |$)", r"\1", text)
    return re.sub(rf"([?!]{_UPRIGHT}?)\.(?= |$)", r"\1", text).strip()
