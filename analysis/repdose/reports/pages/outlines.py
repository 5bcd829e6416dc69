"""Drawings within a page, whose glyphs and other shapes stand in it once for all of them.

As images, which are documents of their own, each would have its own glyphs. The page's script
writes the file of a drawing again, from what its element says of its shapes.
"""

from __future__ import annotations

import re

from repdose.reports.pages import sanitized
from repdose.reports.pages.fragments import escape

# As repdose.plots writes it: what is drawn again is defined first, a line each
_DOCUMENT = re.compile(
    r"(?:<\?xml[^>]*>\s*)?<svg ([^>]*)>\s*<defs>(.*?)</defs>(.*)</svg>\s*", re.DOTALL
)
_SIZE = re.compile(r'(?<![\w:-])(?:width|height|viewBox|stroke-linejoin)="[^"]*"')
_ID = re.compile(r'(?<= id=")[^"]*(?=")')
_USED = re.compile(r'xlink:href="#([^"]*)"|url\(#([^)]*)\)')
# An element of a drawing that is closed as a page's parser writes it
_CLOSED = re.compile(r"></(?:path|use|circle|rect|image)>")


class Outlines:
    """Shapes that the drawings of one page have in common."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def drawing(self, svg: str, css: str) -> str:
        """A drawing as a part of the page; empty if it is none of ours.

        Parameters
        ----------
        svg : str
            Text of its file.
        css : {"wide", "narrow"}
            Class of its element: as it is drawn for a page, which may be saved, or for a phone.
        """
        found = _DOCUMENT.fullmatch(svg)
        if found is None:
            return ""
        given, defined, drawn = found.groups()
        ids: dict[str, str] = {}
        for element in filter(None, defined.split("\n")):
            if (name := _ID.search(element)) is not None:
                shape = _ID.sub("", self._renamed(element, ids))
                ids[name[0]] = self._ids.setdefault(shape, f"_{len(self._ids)}")
        said = " ".join(_SIZE.findall(given))
        if css == "wide":
            shapes = escape(" ".join(map("".join, ids.items())))
            said = f'data-shapes="{shapes}" {said} preserveAspectRatio="xMinYMin"'
        return _written(
            f'<svg class="{css}" {said}>{self._renamed(drawn.strip(), ids)}</svg>',
        )

    def html(self) -> str:
        """All that was shared, which is seen where it is used alone; empty if nothing was."""
        if not self._ids:
            return ""
        shapes = (_ID.sub(id, shape) for shape, id in self._ids.items())
        return _written(
            f'<svg class="spoken" aria-hidden="true"><defs>{"".join(shapes)}</defs></svg>'
        )

    @staticmethod
    def _renamed(text: str, ids: dict[str, str]) -> str:
        def renamed(use: re.Match[str]) -> str:
            shape, cut = use.groups()
            return f'href="#{ids.get(shape, "")}"' if shape else f"url(#{ids.get(cut, '')})"

        return _USED.sub(renamed, text)


def _written(drawing: str) -> str:
    """A drawing that acts on nothing, whoever has handed it over."""
    return _CLOSED.sub("/>", sanitized.drawing(drawing))
