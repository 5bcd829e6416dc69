"""Prose as HTML: Markdown as Jupyter's editors read it, its formulas as they are typed."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from repdose.reports.pages.fragments import escape
from repdose.reports.pages.sanitized import sanitized

if TYPE_CHECKING:
    from mistune import Markdown

CELLS = 512  # whose HTML is kept: most prose is the same in each report of a notebook
PLUGINS = ("strikethrough", "table", "url", "task_lists", "def_list", "math")


@lru_cache(CELLS)
def prose(markdown: str) -> str:
    """Markdown as HTML, of which a page takes over what shows something.

    Examples
    --------
    >>> prose("*More* sets, $x_1$ and $y_1$")
    '<p><em>More</em> sets, $x_1$ and $y_1$</p>\\n'
    """
    return sanitized(str(_markdown()(markdown)))


@cache
def _markdown() -> Markdown:
    import mistune

    renderer = mistune.HTMLRenderer(escape=False)
    made = mistune.create_markdown(renderer=renderer, plugins=PLUGINS)
    # Nothing in a page sets formulas
    renderer.register("block_math", lambda _, text: f"<p>$$\n{escape(text)}\n$$</p>\n")
    renderer.register("inline_math", lambda _, text: f"${escape(text)}$")
    return made
