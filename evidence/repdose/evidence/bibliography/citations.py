"""Citations in a text: ``[@key]``, and the roles of a docstring or a MyST page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

# Code comes first so that what it quotes is not taken for a citation.
_CITED = re.compile(
    r"(?P<fence>^(?P<mark>```+|~~~+)[^\n]*\n.*?^(?P=mark)[^\n]*$)"
    r"|\{cite(?::(?:p|t|ps|ts|alp|author|year))?\}`(?P<role>[^`\n]+)`"
    r"|(?<!`)(?P<code>(?P<tick>`++).+?(?<!`)(?P=tick)(?!`))"
    r"|(?<!\\)\[[^\[\]\n]+\]\(#ref-(?P<link>[A-Za-z0-9_][\w:.+-]*)\)"
    r"|(?<!\\)\[(?P<bracket>[^\[\]\n]*?-?@[^\[\]\n]*)\](?!\()",
    re.MULTILINE | re.DOTALL,
)
_ITEM = re.compile(r"^(?P<before>[^@]*?)-?@\{?(?P<key>[A-Za-z0-9_][\w:.#$%&+?<>~/-]*)\}?")


@dataclass(frozen=True)
class CitedItem:
    """One work in a citation, with the place in it ("p. 3") and words before it ("see")."""

    key: str
    locator: str = ""
    prefix: str = ""


@dataclass(frozen=True)
class Citation:
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
    citations: list[Citation] = []
    for match in _CITED.finditer(text):
        if match["role"] is not None:
            keys = [key.strip() for key in match["role"].split(",")]
            items = tuple(CitedItem(key) for key in keys if key)
        elif match["link"] is not None:
            items = (CitedItem(match["link"]),)
        elif match["bracket"] is not None:
            items = _items(match["bracket"])
        else:
            continue
        if items:
            linked = match["link"] is not None
            citations.append(Citation(match.start(), match.end(), items, linked))
    return citations


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
    for part in inside.split(";"):
        match = _ITEM.match(part.strip())
        # a letter before @ is an e-mail address
        if not match or re.search(r"\w$", match["before"]):
            return ()
        key = match["key"].rstrip(":.#$%&-+?<>~/")
        rest = part.strip()[match.start("key") + len(key) :].lstrip("}").strip(" ,")
        items.append(CitedItem(key, rest, match["before"].strip()))
    return tuple(items)
