"""The report as a page: one HTML file that needs nothing else, and no network."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup

from repdose.reports.pages import citations
from repdose.reports.pages.assets import asset, filled, policy
from repdose.reports.pages.fragments import escape
from repdose.reports.pages.outlines import Outlines
from repdose.reports.pages.outputs import shown
from repdose.reports.pages.prose import prose
from repdose.reports.pages.terse import terse
from repdose.reports.pages.unbroken import page_joined
from repdose.tables.numbers import headline

_HEADING = re.compile(r"<h([23])( [^>]*)?>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


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
    outlines = Outlines()
    cells, answer, figure = _lead(
        [
            _Cell(
                cell["cell_type"],
                cell["source"],
                [shown(output, outlines) for output in cell.get("outputs", [])],
            )
            for cell in notebook["cells"]
        ]
    )
    made = filled(
        "report.html.j2",
        title=title,
        subtitle=subtitle,
        style=asset("style.css"),
        script=asset("report.js"),
        policy=policy("report.js"),
        headline=headline(results) if results else [],
        answer=answer,
        figure=figure,
        outlines=outlines.html(),
        name=f"{results['scenario']}-{results['notebook']}" if results else "report",
        **_folded(cells),
    )
    return terse(page_joined(with_contents(made)))


@dataclass(frozen=True)
class _Cell:
    """A cell and what it shows, in pieces of HTML."""

    kind: str
    source: str
    shown: list[str] = field(default_factory=list)


def _lead(cells: list[_Cell]) -> tuple[list[_Cell], str, str]:
    """Cells without the answer and the first figure, and these two: they open the page.

    The first figure of a report is its question's. What a report reads and does not say stands
    below the cell of its answer, so that the first screen has the title, the question and these.
    """
    head, *others = cells
    answered = -1
    answer = figure = ""
    for at, cell in enumerate(others):
        for made in list(cell.shown):
            if answered < 0 and made.startswith('<p class="answer">'):
                answered, answer = at, made
            elif not figure and made.startswith("<figure id="):
                figure = made
            else:
                continue
            cell.shown.remove(made)
    question, mark, rest = head.source.partition("\n\n**Reads.**")
    if answered < 0 or not mark or head.kind != "markdown":
        return cells, answer, figure
    below = replace(head, source=f"{mark}{rest}".strip())
    at = answered + 1
    return [replace(head, source=question), *others[:at], below, *others[at:]], answer, figure


def _folded(cells: list[_Cell]) -> dict[str, Any]:
    """Cells as the template takes them; a part headed "Appendix" is folded on screen."""
    made: list[dict[str, Any]] = []
    opened = False
    for cell in cells:
        text = cell.source
        fold: dict[str, Any] = {}
        if cell.kind == "markdown" and text.startswith("## "):
            heading, _, rest = text.removeprefix("## ").partition("\n")
            fold["ends"] = opened
            if opened := heading.startswith("Appendix"):
                fold["appendix"], text = heading, rest.strip()
        if cell.kind == "markdown":
            made.append({**fold, "prose": Markup(prose(citations.markdown(text)))})
        elif cell.kind == "code":
            made.append({"code": text, "outputs": list(map(Markup, cell.shown))})
    return {"cells": made, "ends": opened}


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
