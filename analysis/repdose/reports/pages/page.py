"""The report as a page: one HTML file that needs nothing else, and no network."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from repdose.reports.numbers import headline
from repdose.reports.pages import citations, editor
from repdose.reports.pages.assets import asset, policy
from repdose.reports.pages.fragments import escape

_HEADING = re.compile(r"<h([23])( [^>]*)?>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@cache
def _exporter() -> Any:
    from repdose.reports.pages.exporter import exporter

    return exporter()


def page(
    notebook: Mapping[str, Any], results: Mapping[str, Any] | None, title: str, subtitle: str = ""
) -> str:
    """An executed notebook as HTML.

    Parameters
    ----------
    notebook : mapping
        The canonical notebook.
    results : mapping or None
        What it reported; its headline numbers open the page.
    title, subtitle : str
        What the page is headed with.
    """
    import nbformat

    shown = copy.deepcopy(dict(notebook))
    for cell in shown["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = citations.markdown(cell["source"])
        for output in cell.get("outputs", []):
            own = output.get("metadata", {}).get("repdose", {})
            if "caption" in own:
                own["caption_html"] = citations.html(own["caption"])
            if "own" in own and "text/html" in output["data"]:
                output["data"]["text/html"] = editor.bare(output["data"]["text/html"])
    shown["cells"] = _answer_first(shown["cells"])
    resources = {
        "repdose": {
            "title": title,
            "subtitle": subtitle,
            "style": asset("style.css"),
            "script": asset("report.js"),
            "policy": policy("report.js"),
            "headline": headline(results) if results else [],
        }
    }
    body, _ = _exporter().from_notebook_node(nbformat.from_dict(shown), resources)  # type: ignore[no-untyped-call]
    return with_contents(str(body))


def _answer_first(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cells with what a report reads, and does not say, below its answer.

    The title and the question stay at the head, so that the first screen has the answer.
    """
    head, *others = cells
    answered = [
        at
        for at, cell in enumerate(others)
        for output in cell.get("outputs", [])
        if str(output.get("data", {}).get("text/html", "")).startswith('<p class="answer">')
    ]
    question, mark, rest = head["source"].partition("\n\n**Reads.**")
    if not answered or not mark or head["cell_type"] != "markdown":
        return cells
    below = {**head, "id": f"{head['id']}-below", "source": f"{mark}{rest}".strip()}
    at = answered[0] + 1
    return [{**head, "source": question}, *others[:at], below, *others[at:]]


def with_contents(body: str) -> str:
    """The page with an anchor at each heading and the table of contents in its place."""
    seen: set[str] = {"content"}
    items: list[str] = []

    def anchored(match: re.Match[str]) -> str:
        level, inner = match.group(1), match.group(3)
        words = _TAG.sub("", inner)
        stem = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "section"
        anchor, count = stem, 1
        while anchor in seen:
            count += 1
            anchor = f"{stem}-{count}"
        seen.add(anchor)
        css = ' class="inner"' if level == "3" else ""
        items.append(f'<li{css}><a href="#{escape(anchor)}">{words}</a></li>')
        return f'<h{level} id="{escape(anchor)}">{inner}</h{level}>'

    body = _HEADING.sub(anchored, body)
    listed = f"<ol>{''.join(items)}</ol>" if items else ""
    contents = (
        '<nav class="contents" aria-label="Contents"><details><summary>Contents</summary>'
        f'{listed}</details><div class="tools"><button type="button" id="show-code" '
        "hidden>Show all code</button></div></nav>"
    )
    return body.replace("<!--contents-->", contents, 1)
