"""Citations in prose, ``[@key; @key2, p. 3]``, as links to the list of references."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from repdose.evidence import bibliography
from repdose.evidence.bibliography import citations
from repdose.reports.pages.fragments import escape


def keys(text: str) -> list[str]:
    """Bibliography keys cited in a text, in order, once each.

    Examples
    --------
    >>> keys("Sets count [@schoenfeld2017; @garber2011, p. 3] and more [@garber2011].")
    ['schoenfeld2017', 'garber2011']
    """
    cited = citations.parse_citations(text)
    return list(dict.fromkeys(item.key for citation in cited for item in citation.items))


def known(wanted: Iterable[str]) -> list[str]:
    """The keys of references.bib that `wanted` names, in alphabetical order, once each."""
    return sorted({bibliography.source(key).key for key in wanted})


def html(text: str) -> str:
    """Plain text as HTML: escaped, its citations made links.

    Examples
    --------
    >>> html("More sets, more growth <1 [@schoenfeld2017].")
    'More sets, more growth &lt;1 \
(<a href="#ref-schoenfeld2017">Schoenfeld et al. 2017</a>).'
    """
    return citations.replaced(text, escape, link)


def link(key: str) -> str:
    """One source as a link to its reference."""
    full = bibliography.source(key).key
    return f'<a href="#ref-{escape(full)}">{escape(bibliography.short(full))}</a>'


def markdown(text: str) -> str:
    """Markdown whose citations have become Markdown links, those that are links as they stand.

    Examples
    --------
    >>> print(markdown("It grows [@schoenfeld2017]."))
    It grows ([Schoenfeld et al. 2017](#ref-schoenfeld2017)).
    """

    def linked(key: str) -> str:
        words = re.sub(r"([\\`*_\[\]<>])", r"\\\1", bibliography.short(key))
        return f"[{words}](#ref-{bibliography.source(key).key})"

    return citations.replaced(text, lambda part: part, linked)


def listed(keys: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The list of references as an output's data and metadata."""
    items = bibliography.render_html(tuple(keys))
    data = {
        "text/html": f'<ul class="references">{items}</ul>',
        "text/plain": bibliography.cite(*keys),
    }
    return data, {"repdose": {"own": True, "references": True}}
