"""What a cell has shown, as a page shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from repdose.reports.figure_files import DRAWN, PAGE, PHONE, SVG
from repdose.reports.pages import citations, editor, fragments
from repdose.reports.pages.fragments import escape
from repdose.reports.pages.outlines import Outlines
from repdose.reports.pages.prose import prose
from repdose.reports.pages.sanitized import sanitized

# What acts has nothing to show without what it acts on
_ACTS = ("application/vnd.jupyter.widget-view+json", "application/javascript")
_IMAGES = ("image/png", "image/jpeg", SVG)


def shown(output: Mapping[str, Any], outlines: Outlines) -> str:
    """An output of a canonical notebook as HTML; empty where a page has nothing to show.

    What its drawings share with others of the page goes into `outlines`.
    """
    if output["output_type"] == "stream":
        return f'<pre class="stream {escape(output["name"])}">{escape(output["text"])}</pre>'
    if output["output_type"] == "error":
        traceback = escape("\n".join(output["traceback"]))
        return f'<pre class="stream error" role="alert">{traceback}</pre>'
    data, metadata = output["data"], output.get("metadata", {})
    own = metadata.get("repdose", {})
    if own.get("editor"):
        return ""
    if "figure" in own and DRAWN in data:
        # Made here, of drawings that act on nothing and of escaped words
        made = _drawn(own["figure"], data[DRAWN], own["alt"], outlines)
        return fragments.figure(own["figure"], made, caption=citations.html(own["caption"]))
    if any(kind in data for kind in _ACTS):
        return ""
    if "text/html" in data:
        # Whoever says that it is a report's own
        if own.get("own"):
            return sanitized(data.get(editor.ON_PAGE, data["text/html"]))
        return fragments.scrolled(sanitized(data["text/html"]), "Output")
    if "text/markdown" in data:
        return f'<div class="prose">{prose(data["text/markdown"])}</div>'
    for kind in _IMAGES:
        if kind in data:
            alt = metadata.get(kind, {}).get("alt", "Figure without a description")
            image = f'<img src={_address(kind, data[kind])} alt="{escape(alt)}">'
            return f"<figure>{fragments.picture(image, 'Figure')}</figure>"
    return f'<pre class="stream">{escape(data["text/plain"])}</pre>' if "text/plain" in data else ""


def _address(kind: str, content: str | list[str]) -> str:
    text = "".join(content)
    if kind == SVG:
        return fragments.embedded(text)
    return f'"data:{kind};base64,{escape(text).replace(chr(10), "")}"'


def _drawn(name: str, drawn: Mapping[str, str], alt: str, outlines: Outlines) -> str:
    """A figure of a report's own, and on a phone the drawing that was made for one."""
    wide = outlines.drawing(drawn[PAGE], "wide")
    narrow = outlines.drawing(drawn.get(PHONE, ""), "narrow")
    if wide:
        made = f'<div role="img" aria-label="{escape(alt)}">{wide}{narrow}</div>'
    else:
        made = f'<img src={fragments.embedded(drawn[PAGE])} alt="{escape(alt)}">'
    return made if narrow else fragments.picture(made, f"Figure, {name.replace('_', ' ')}")
