"""HTML that a notebook has made itself, as far as a page takes it over: what it shows, no more.

A page's policy stops scripts and what would be fetched; it does not stop a page that leads away by
itself, nor markup that is left open and swallows the rest of the report.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import nh3

# What draws and nothing that points elsewhere, acts or moves
_DRAWN = {
    *("svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
    *("text", "tspan", "defs", "clipPath", "linearGradient", "radialGradient", "stop"),
    *("marker", "pattern", "desc"),
}
_DRAWING = {
    *("viewBox", "preserveAspectRatio", "width", "height", "x", "y", "x1", "x2", "y1", "y2"),
    *("cx", "cy", "r", "rx", "ry", "d", "points", "transform", "fill", "fill-opacity"),
    *("fill-rule", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap"),
    *("stroke-linejoin", "stroke-opacity", "opacity", "offset", "stop-color", "stop-opacity"),
    *("clip-path", "clip-rule", "gradientUnits", "gradientTransform", "font-size"),
    *("font-family", "font-weight", "text-anchor", "dominant-baseline", "dx", "dy"),
    *("patternUnits", "stroke-dashoffset"),
}
_ANYWHERE = {"class", "id", "style", "title", "role", "tabindex", "lang", "dir", "align", "open"}


def sanitized(html: str) -> str:
    """HTML without what leads away, asks for input, fetches or acts; every element closed.

    Tables, lists, links, pictures in the page itself, drawings and styles stay as they are.

    Examples
    --------
    >>> sanitized('<meta http-equiv="refresh" content="0;url=https://a.example"><b>1')
    '<b>1</b>'
    """
    return _cleaner().clean(html)


def drawing(svg: str) -> str:
    """The same of a drawing that a report has made: it may use its own shapes, and hold images.

    Examples
    --------
    >>> drawing('<svg><image href="https://a.example/1.png"/><use href="#a" onclick="b()"/></svg>')
    '<svg><image></image><use href="#a"></use></svg>'
    """
    return _cleaner("use", "image").clean(svg)


@cache
def _cleaner(*referring: str) -> nh3.Cleaner:
    """What cleans HTML, or a drawing in which some elements refer to others and hold data."""
    import nh3

    attributes = {tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}
    attributes |= dict.fromkeys(_DRAWN, _DRAWING)
    attributes |= {tag: {*_DRAWING, "href"} for tag in referring}
    attributes["*"] = _ANYWHERE
    attributes["table"] = {*attributes["table"], "border"}
    return nh3.Cleaner(
        tags={*nh3.ALLOWED_TAGS, *_DRAWN, *referring, "section", "style"},
        clean_content_tags={"script", "title", "textarea", "select", "noscript", "template"},
        attributes=attributes,
        generic_attribute_prefixes={"aria-", "data-"},
        url_schemes={"data"} if referring else {"data", "http", "https", "mailto"},
        link_rel=None,
    )
