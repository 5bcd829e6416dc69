"""Faults of any BibTeX file: what would render wrongly, resolve wrongly or not at all."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from repdose.evidence import bibliography
from repdose.evidence.bibliography.bibtex import read_bibtex
from repdose.evidence.bibliography.cited import cited_keys
from repdose.evidence.bibliography.latex import MAX_DEPTH, decoded, depth
from repdose.evidence.bibliography.names import corporate, faults, outside
from repdose.evidence.bibliography.works import (
    DOI,
    PMCID,
    PMID,
    Source,
    identifier,
    noted_pmid,
)
from repdose.evidence.errors import near
from repdose.evidence.hidden import unseen
from repdose.evidence.problems import Problem

_KEY = re.compile(r"[^\W_][\w:.+/-]*")
#: Words that stand in the names of bodies and hardly ever in those of persons.
_BODIES = re.compile(
    r"\b(Academy|Agency|Association|Bureau|Cent(?:er|re)s?|Collaboration|Collaborative|College"
    r"|Commission|Committee|[Cc]ommunity|Consortium|[Cc]ontributors|Corporation|Council|Department"
    r"|[Dd]evelopers|Federation|Foundation"
    r"|Government|Group|Institutes?|Institutet|Laboratory|Ministry|Network|Office|Organi[sz]ation"
    r"|Panel|Program(?:me)?|Project|Services?|Society|Team|Union|University|Inc|Ltd|GmbH)\b"
)
_MARKUP = re.compile(r"</?[A-Za-z][^<>]{0,200}>?|&(?:[A-Za-z]{2,8}|#\d{1,6});")
_NO_NAME = re.compile(r"^\s*and\b|\band\s*$|\band\s+and\b|\band\s+\{[\s{}]*\}(?:\s+and\b|\s*$)")
#: TeX commands that read, write or define; a reference needs none of them.
_COMMANDS = re.compile(
    r"\\(?:input|include|write|openin|openout|read|catcode|csname|def|edef|gdef|let|newcommand"
    r"|immediate|special|directlua)(?![A-Za-z])(?:18)?"
)
#: Entries that BibTeX wants an author of; any type that it does not know is misc to it.
_NEED_AUTHOR = frozenset(
    {
        *("article", "book", "mvbook", "inbook", "bookinbook", "suppbook", "incollection"),
        *("inproceedings", "conference", "techreport", "report", "phdthesis", "mastersthesis"),
        *("thesis", "unpublished", "inreference", "patent"),
    }
)
_NEED_BOOK = ("incollection", "inproceedings", "conference")
#: Entries that hold others together, or what others take from them.
_NO_WORKS = ("set", "xdata")
#: Fields that BibTeX's successors read as lists of names, split at each "and", as they do places;
#: no style prints them of an article.
_LISTS = ("school", "institution", "organization", "publisher")
_PRINTED = ("title", "subtitle", "journal", "journaltitle", "booktitle", "series")
#: What LaTeX reads as a mark of its own.
_BARE = re.compile(r"(?<!\\)[&%#]")
_RANGE = re.compile(r"([0-9]+)\s*[-–—]+\s*([0-9]+)")
_FORMULA = re.compile(r"[A-Z](?=\{\$)|\$[^$]+\$|\b(?:log|exp|ln)\([A-Z]\)")
#: Keys that are looked for among those of the file; who misses more has another file in hand.
MOST_LIKELY = 20
#: Below this similarity two titles are not of one work.
_SAME_TITLE = 0.6


def lint(path: str | Path, *, cited_in: Sequence[str | Path] = ()) -> list[Problem]:
    """Check a BibTeX file.

    Parameters
    ----------
    path : path-like
        The file. Bytes that are not UTF-8 are reported and the rest is checked as Latin-1.
    cited_in : sequence of path-like
        Markdown, LaTeX or notebook files that cite from it. If any is given, keys that are
        cited and not in the file, and keys that are in it and not cited, are reported.

    Returns
    -------
    list of Problem
        In the order of files and lines; empty if nothing is wrong.

    Raises
    ------
    EvidenceError
        If a file cannot be read at all.

    Notes
    -----
    Identifiers are compared with the package's own bibliography: the same work, known by DOI,
    PMID or title and year, must have the same identifiers there.

    Examples
    --------
    >>> import tempfile, os
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = os.path.join(folder, "my.bib")
    ...     with open(path, "w") as file:
    ...         _ = file.write("@article{a1,\\n author={Ann Lee}, title={T}, journal={J}}\\n")
    ...     [(problem.line, problem.key, problem.rule) for problem in lint(path)]
    [(1, 'a1', 'year')]
    """
    library = read_bibtex(path, lenient=True)
    file = library.file
    problems = list(library.problems)
    if not library.sources and not problems:
        message = "holds no entry, such as @article{key, ...}: this is no bibliography"
        problems.append(Problem(file, 1, "", "empty", message))
    works = [source for source in library.sources if source.kind not in _NO_WORKS]
    for source in works:
        problems.extend(
            Problem(file, source.lines.get(field, source.line), source.key, rule, message)
            for check in _CHECKS
            for field, rule, message in check(source)
        )
    problems.extend(_repeated(works))
    if Path(path).resolve() != bibliography.path().resolve():
        problems.extend(_contradictions(works))
    problems.extend(_references(library.sources))
    if cited_in:
        problems.extend(_use(library.sources, str(path), cited_in))
    return sorted(problems)


#: Field (empty if it is missing), rule and message.
_Found = Iterator[tuple[str, str, str]]


def _key(source: Source) -> _Found:
    if not _KEY.fullmatch(source.key):
        yield "", "key", "keys are letters, digits and _ : . + / - only; rename it"


def _author(source: Source) -> _Found:
    authors, editors = source.fields.get("author", ""), source.fields.get("editor", "")
    if not authors.strip("{} ") and not editors.strip("{} "):
        if source.kind in _NEED_AUTHOR:
            yield "", "author", "no author or editor: it would render under its title; add one"
        return
    for field, people in (("author", authors), ("editor", editors)):
        if _NO_NAME.search(people):
            yield field, "author", f"{people[:80]!r}: a name is missing beside an 'and'"
        yield from ((field, "name", fault) for fault in faults(people))
        body = _BODIES.search(outside(people))
        if body and "," not in _around(people, body.group()):
            yield (
                field,
                "corporate-author",
                f"{people[:80]!r} would be split into persons and initials; "
                "put a corporate author in its own braces: author = {{Name of the Body}}",
            )


def _around(field: str, word: str) -> str:
    """The one of several authors in which the word stands."""
    return next((name for name in field.split(" and ") if word in name), field)


def _title_and_year(source: Source) -> _Found:
    if not source.fields.get("title", "").strip("{} "):
        yield "title", "title", "no title; add one"
    journal = source.fields.get("journal") or source.fields.get("journaltitle")
    if source.kind == "article" and not journal:
        yield "", "journal", "an article without a journal; add it or use another entry type"
    if source.kind in _NEED_BOOK and not source.fields.get("booktitle"):
        yield "", "booktitle", "a part of a book without a booktitle; add it"
    pages = _RANGE.fullmatch(source.fields.get("pages", ""))
    if pages and len(pages[1]) == len(pages[2]) and pages[1] > pages[2]:  # 1011-31 is short
        yield "pages", "pages", f"pages end at {pages[2]} before they begin at {pages[1]}"
    if source.year is None:
        field = "year" if source.fields.get("year") else "date"
        read = source.fields.get(field)
        fault = f"year is {read[:20]!r}" if read else "no year"
        yield field, "year", f"{fault}: it would render as n.d.; give four digits"


def _identifiers(source: Source) -> _Found:
    doi = identifier(source.fields.get("doi", ""))
    shown = repr(doi[:80])
    if doi and not DOI.fullmatch(source.doi):
        yield "doi", "doi", f"{shown} is no DOI; one reads 10.1249/MSS.0b013e31821ece12"
    elif re.search(r"[.,;]$", doi):
        yield "doi", "doi", f"{shown} ends in a punctuation mark; remove it"
    elif entity := re.search(r"&(?:[A-Za-z]{2,8}|#[0-9]{1,6});", doi):
        yield "doi", "doi", f"{shown} holds {entity[0]!r}; write the sign that it stands for"
    elif doi != source.doi:
        yield "doi", "doi", f"{shown}: give the DOI alone, {source.doi}"
    pmid = repr(source.pmid[:40])
    if source.pmid and not PMID.fullmatch(source.pmid):
        yield "pmid", "pmid", f"{pmid} is no PMID; one has 1 to 8 digits and no leading zero"
    noted = noted_pmid(source.fields)
    if noted and source.pmid != noted:
        yield "pmid", "pmid", f"PMID is {pmid} in its field and {noted} in the note; keep one"
    if source.pmcid and not PMCID.fullmatch(source.pmcid):
        yield "pmcid", "pmcid", f"{source.pmcid[:40]!r} is no PMCID; one reads PMC5684266"
    url = identifier(source.fields.get("url", ""))
    if url and not source.url:
        yield "url", "url", f"{url[:80]!r} is no http or https address; references leave it out"


def _contents(source: Source) -> _Found:
    for field, value in source.fields.items():
        markup = _MARKUP.search(value) if field != "doi" else None
        if markup:
            shown = repr(markup.group()[:40])
            yield field, "markup", f"{field} holds {shown}; it is printed as it stands"
        elif field in _PRINTED and (mark := _BARE.search(value)):
            yield field, "escape", f"{field} holds a bare {mark[0]}; LaTeX wants it as \\{mark[0]}"
        if sign := unseen(re.sub(r"[\t\r]", " ", value)):
            yield field, "control", f"{field} holds the invisible character {sign!a}; remove it"
        if depth(value) > MAX_DEPTH:
            fault = f"nests braces deeper than {MAX_DEPTH}; LaTeX in it is lost"
            yield field, "braces", f"{field} {fault}"
        if field in _PRINTED and value.lstrip("{").startswith("\\") and not decoded(value):
            yield field, "macro", f"{field} is {value[:40]}, which LaTeX alone does not know"
        command = _COMMANDS.search(value)
        if command:
            shown = command.group()
            yield field, "command", f"{field} holds the TeX command {shown}; remove it"


def _case_and_lists(source: Source) -> _Found:
    """What a style would split or set in lower case."""
    places = source.fields.get("address", "") + source.fields.get("location", "")
    are_several = source.kind == "article" or " and " in outside(places)
    for field in () if are_several else _LISTS:
        whole = source.fields.get(field, "")
        if " and " in outside(whole) and not all(map(corporate, whole.split(" and "))):
            shown = whole[:80]
            message = f"{shown!r} is split at 'and'; put it in braces of its own if it is one name"
            yield field, "split-name", message
    title = source.fields.get("title", "")
    plain = outside(title)
    for formula in _FORMULA.finditer(title):
        is_changed = re.search("[A-Z]", outside(formula.group()))
        if plain[formula.start()] != " " and is_changed:
            message = f"a style would set {formula.group()!r} in lower case; brace the formula"
            yield "title", "formula", message


_CHECKS: tuple[Callable[[Source], _Found], ...] = (
    _key,
    _author,
    _title_and_year,
    _case_and_lists,
    _identifiers,
    _contents,
)


def comparable(title: str) -> str:
    """A title's letters and digits alone, to compare it with another's."""
    plain = re.sub(r"\\[A-Za-z]+", "", title)
    folded = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in folded if char.isalnum()).casefold()


def _traits(source: Source) -> dict[str, str]:
    """By what a work is known, wherever it is entered."""
    title = comparable(f"{source.fields.get('title', '')} {source.fields.get('subtitle', '')}")
    traits = {
        "DOI": source.doi.lower() if DOI.fullmatch(source.doi) else "",
        "PMID": source.pmid if PMID.fullmatch(source.pmid) else "",
        "title and year": f"{title} {source.year}" if len(title) > 15 and source.year else "",
    }
    return {name: value for name, value in traits.items() if value}


def _repeated(sources: Sequence[Source]) -> Iterator[Problem]:
    """Works under two keys, and keys that differ in case alone."""
    seen: dict[tuple[str, str], Source] = {}
    for source in sources:
        lower = seen.setdefault(("key", source.key.lower()), source)
        if lower is not source:
            message = f"differs in case alone from {lower.key} at line {lower.line}; rename one"
            yield Problem(source.file, source.line, source.key, "duplicate-key", message)
        others = {
            first.key: (first, name)
            for name, value in _traits(source).items()
            if (first := seen.setdefault((name, value), source)) is not source
            and (name != "title and year" or _by_the_same(first, source))
        }
        for first, name in others.values():
            message = f"the same {name} as {first.key} at line {first.line}; keep one of them"
            yield Problem(source.file, source.line, source.key, "duplicate-work", message)


def _by_the_same(one: Source, other: Source) -> bool:
    """Whether two works can have the same first author or editor."""
    first, second = (source.authors or source.editors for source in (one, other))
    return not first or not second or comparable(first[0].short) == comparable(second[0].short)


@cache
def _shipped() -> Mapping[tuple[str, str], Source]:
    return {
        trait: source
        for source in bibliography.ours().values()
        for trait in _traits(source).items()
    }


def _contradictions(sources: Sequence[Source]) -> Iterator[Problem]:
    """Identifiers that differ from those of the same work in the package."""
    for source in sources:
        traits = _traits(source)
        known = {
            shipped.key: (shipped, name)
            for name, value in traits.items()
            if (shipped := _shipped().get((name, value)))
        }
        for shipped, name in known.values():
            theirs = _traits(shipped)
            differing = [
                f"{kind} is {traits[kind]}, there {theirs[kind]}"
                for kind in ("DOI", "PMID")
                if kind in traits and kind in theirs and traits[kind] != theirs[kind]
            ]
            if name != "title and year" and not _alike(source, shipped):
                differing.append(f"the title is another: there {shipped.title[:60]!r}")
            if differing:
                message = (
                    f"by its {name} this is {shipped.key} of the package's references.bib, "
                    f"but {'; '.join(differing)}. Look both up"
                )
                yield Problem(source.file, source.line, source.key, "contradiction", message)


def _alike(one: Source, other: Source) -> bool:
    """Whether two titles can be of one work (one may be shortened)."""
    mine, theirs = (comparable(source.fields.get("title", "")) for source in (one, other))
    if not mine or mine in theirs or theirs in mine:
        return True
    return difflib.SequenceMatcher(None, mine, theirs).ratio() >= _SAME_TITLE


def _references(sources: Sequence[Source]) -> Iterator[Problem]:
    """Cross-references to entries that are not there, and rounds of them."""
    parents = {source.key: source.fields.get("crossref", "") for source in sources}
    settled: set[str] = set()
    for source in sources:
        wanted = parents[source.key]
        if wanted and wanted not in parents:
            message = f"crossref names {wanted!r}, which is no entry of the file"
            yield Problem(source.file, source.line, source.key, "crossref", message)
        way: dict[str, None] = {}
        key = source.key
        while key in parents and key not in settled and key not in way:
            way[key] = None
            key = parents[key]
        if key in way:
            names = [*way][[*way].index(key) :]
            message = f"crossref goes round: {' > '.join([*names[:5], key])}; leave one of them out"
            yield Problem(source.file, source.line, source.key, "crossref", message)
        settled.update(way)


def _use(sources: Sequence[Source], file: str, cited_in: Sequence[str | Path]) -> Iterator[Problem]:
    """Keys cited and not entered, and entered and not cited."""
    known = {source.key for source in sources}
    used: set[str] = set()
    likely_of: dict[str, str] = {}
    for text in cited_in:
        for key, line in cited_keys(text):
            used.add(key)
            if key not in known:
                if key not in likely_of and known and len(likely_of) < MOST_LIKELY:
                    likely_of[key] = f"; near it: {', '.join(near(key, known))}"
                likely = likely_of.get(key, "")
                message = f"cited and not in {file}{likely}"
                yield Problem(str(text), line, key, "undefined-key", message)
    for source in sources:
        if source.key not in used:
            message = "no given text cites it; cite it or remove it"
            yield Problem(file, source.line, source.key, "unused-key", message)
