"""Citations in a text: ``[@key]``, and the roles of a docstring or a MyST page."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import NamedTuple

# Where a citation or code may begin, whichever comes first
_NEXT = re.compile(
    r"^(?P<fence>```+|~~~+)"
    r"|\{cite(?::(?:p|t|ps|ts|alp|author|year))?\}`(?P<role>[^`\n]++)`"
    r"|(?P<ticks>`+)"
    r"|(?<!\\)\[(?:@(?P<key>[A-Za-z0-9_]++)\](?!\())?+",
    re.MULTILINE,
)
_TICKS = re.compile(r"`+")
_FENCES = re.compile(r"^(?:```+|~~~+)[^\n]*", re.MULTILINE)
_BRACKET = re.compile(r"\[(?P<inside>[^\[\]\n]++)\](?P<link>\(#ref-(?P<key>\w[\w:.+-]*+)\)|\()?")
_DOI = r"(?:doi:|(?:https?://)?(?:dx\.)?doi\.org/)?10\.[0-9]{4,9}(?:\.[0-9]+)*+/"
# A DOI may hold brackets of its own, so that the end of its citation has to be counted for
_OF_DOI = re.compile(rf"\[[^\[\]@\n]*+@\{{?{_DOI}", re.IGNORECASE)
#: Characters of a citation with brackets in it.
LONGEST = 500
_BOUND = re.compile(r"[\[\]\n]")
_ITEM = re.compile(
    r"([^@;]*+)@(?:"
    # Semicolons and commas are the DOI's own, unless a space or another work follows them
    rf"(?i:(\{{{_DOI}[^\s{{}}]++\}}|{_DOI}(?:[^\s;,]|[;,](?!\s|-?@|$))++))"
    r"|\{?(\w[\w:.#$%&+?<>~/-]*+)\}?"
    r")([^;]*+)(?:;|$)"
)


class CitedItem(NamedTuple):
    """One work in a citation, with the place in it ("p. 3") and words before it ("see")."""

    key: str
    locator: str = ""
    prefix: str = ""


class Citation(NamedTuple):
    """A citation in a text: its works, and where it stands (``text[start:end]``).

    One that is `linked` already reads as it should: words with a link to the list of references.
    """

    start: int
    end: int
    items: tuple[CitedItem, ...]
    linked: bool = False


def parse_citations(text: str) -> list[Citation]:
    """Citations in Markdown: ``[@key; see @key2, p. 3]`` and ``{cite:p}`key,key2```.

    So are links to the list of references, ``[words](#ref-key)``, as notebooks have them, whose
    editors know no citations. What stands in code is left alone, and so is the text of a link.

    Examples
    --------
    >>> [citation] = parse_citations("Light work [@ainsworth2011; see @garber2011, p. 3].")
    >>> [(item.key, item.prefix, item.locator) for item in citation.items]
    [('ainsworth2011', '', ''), ('garber2011', 'see', 'p. 3')]
    """
    return list(each_citation(text))


def each_citation(text: str) -> Iterator[Citation]:
    """Each citation, in one pass over the text."""
    code: _Code | None = None
    at = 0
    while match := _NEXT.search(text, at):
        start, at = match.span()
        begun = match.lastgroup
        if begun is None and (bracket := _BRACKET.match(text, start)):
            inside, link, key = bracket.groups()
            if key is not None:
                at = bracket.end()
                yield Citation(start, at, (CitedItem(key),), linked=True)
            elif link is None and "@" in inside:
                at = bracket.end()
                if items := _items(inside):
                    yield Citation(start, at, items)
        elif begun == "key":
            yield Citation(start, at, (CitedItem(match["key"]),))
        elif begun == "role":
            keys = [key.strip() for key in match["role"].split(",")]
            if items := tuple(CitedItem(key) for key in keys if key):
                yield Citation(start, at, items)
        elif begun is not None:
            code = code or _Code(text)
            at = code.end(match["fence"], start) if begun == "fence" else code.tick(start, at)
        elif _OF_DOI.match(text, start):
            end = _balanced(text, start)
            if end and (items := _items(text[start + 1 : end - 1])):
                yield Citation(start, end, items)
                at = end


def _balanced(text: str, start: int) -> int:
    """Behind the bracket that closes the one at `start` in its line, 0 if none near does."""
    depth = 0
    for match in _BOUND.finditer(text, start, start + LONGEST):
        if match[0] == "\n":
            break
        depth += 1 if match[0] == "[" else -1
        if depth == 0:
            return match.end()
    return 0


class _Code:
    """Where code ends, looked up in lists that are made once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ticks: dict[int, list[int]] = {}
        for match in _TICKS.finditer(text):
            self._ticks.setdefault(len(match[0]), []).append(match.start())
        self._fences = [(match.start(), match[0], match.end()) for match in _FENCES.finditer(text)]

    def tick(self, start: int, end: int) -> int:
        """Behind the ticks that close those from `start` to `end`; `end` if none do."""
        alike = self._ticks.get(end - start, [])
        later = bisect_right(alike, start)
        return alike[later] + end - start if later < len(alike) else end

    def end(self, mark: str, start: int) -> int:
        """Behind the line that closes a fence; where none does, the text's end, as in Markdown."""
        later = bisect_right(self._fences, start, key=lambda fence: fence[0])
        for place in range(later, len(self._fences)):
            _, line, behind = self._fences[place]
            if line.startswith(mark) and not line.strip("`~ \t\r"):
                return behind
        return len(self._text)


def replaced(text: str, other: Callable[[str], str], one: Callable[[str], str]) -> str:
    """A text whose citations are what `one` makes of each key, the rest what `other` makes of it.

    Examples
    --------
    >>> replaced("light work [@ainsworth2011; @garber2011, p. 3]", str.upper, str)
    'LIGHT WORK (ainsworth2011; garber2011, P. 3)'
    """
    parts: list[str] = []
    at = 0
    for citation in parse_citations(text):
        if citation.linked:  # it reads as it should
            continue
        works = [
            f"{other(item.prefix + ' ') if item.prefix else ''}"
            f"{one(item.key)}"
            f"{other(', ' + item.locator) if item.locator else ''}"
            for item in citation.items
        ]
        parts += [other(text[at : citation.start]), f"({'; '.join(works)})"]
        at = citation.end
    return "".join([*parts, other(text[at:])])


def _items(inside: str) -> tuple[CitedItem, ...]:
    """The works of a bracketed citation; none if a part of it is no citation."""
    items: list[CitedItem] = []
    at = 0
    while at < len(inside):
        match = _ITEM.match(inside, at)
        if not match:
            return ()
        at = match.end()
        before, doi, key, after = match.groups()
        if before[-1:] == "-":  # the author stands in the text
            before = before[:-1]
        if before[-1:].isalnum() or before[-1:] == "_":  # an e-mail address
            return ()
        if doi:
            bare = doi.strip("{}").rstrip(".,")
        else:
            bare = key.rstrip(":.#$%&-+?<>~/")
            after = f"{key[len(bare) :]}{after}" if bare != key else after
        locator = after.lstrip("}").strip(" ,") if after else ""
        items.append(CitedItem(bare, locator, before.strip() if before else ""))
    return tuple(items)
