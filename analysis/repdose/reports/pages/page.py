"""The report as a page: one HTML file that needs nothing else, and no network."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from repdose.reports.figure_files import DRAWN
from repdose.reports.pages import citations, editor, fragments
from repdose.reports.pages.assets import asset, policy
from repdose.reports.pages.fragments import escape
from repdose.reports.pages.sanitized import sanitized
from repdose.reports.pages.unbroken import page_joined
from repdose.tables.numbers import headline

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
            if not _with_figure(output) and "text/html" in output.get("data", {}):
                made = output["data"]["text/html"]
                if "own" in output.get("metadata", {}).get("repdose", {}):
                    made = editor.bare(made)
                # Whoever says that it is a report's own
                output["data"]["text/html"] = sanitized(made)
    shown["cells"], answer, figure = _lead(shown["cells"])
    _fold_appendix(shown["cells"])
    resources = {
        "repdose": {
            "title": title,
            "subtitle": subtitle,
            "style": asset("style.css"),
            "script": asset("report.js"),
            "policy": policy("report.js"),
            "headline": headline(results) if results else [],
            "answer": answer,
            "figure": figure,
            "name": f"{results['scenario']}-{results['notebook']}" if results else "report",
        }
    }
    body, _ = _exporter().from_notebook_node(nbformat.from_dict(shown), resources)  # type: ignore[no-untyped-call]
    return page_joined(with_contents(str(body)))


def _with_figure(output: dict[str, Any]) -> bool:
    """Show a figure of the report's own with its caption, in place of what an editor shows.

    Whether it is one: it is made here, of pictures that act on nothing and of escaped words.
    """
    own = output.get("metadata", {}).get("repdose", {})
    if "figure" not in own or DRAWN not in output["data"]:
        return False
    caption = citations.html(own["caption"])
    drawn = output["data"][DRAWN]
    made = fragments.figure(own["figure"], drawn, alt=own["alt"], caption=caption)
    output["data"], own["own"] = {"text/html": made}, True
    return True


def _lead(cells: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str, str]:
    """Cells without the answer and the first figure, and these two: they open the page.

    The first figure of a report is its question's. What a report reads and does not say stands
    below the cell of its answer, so that the first screen has the title, the question and these.
    """
    head, *others = cells
    answered = -1
    answer = figure = ""
    for at, cell in enumerate(others):
        for output in list(cell.get("outputs", [])):
            text = str(output.get("data", {}).get("text/html", ""))
            if answered < 0 and text.startswith('<p class="answer">'):
                answered, answer = at, text
            elif not figure and text.startswith("<figure id="):
                figure = text
            else:
                continue
            cell["outputs"].remove(output)
    question, mark, rest = head["source"].partition("\n\n**Reads.**")
    if answered < 0 or not mark or head["cell_type"] != "markdown":
        return cells, answer, figure
    below = {**head, "id": f"{head['id']}-below", "source": f"{mark}{rest}".strip()}
    at = answered + 1
    return [{**head, "source": question}, *others[:at], below, *others[at:]], answer, figure


def _fold_appendix(cells: list[dict[str, Any]]) -> None:
    """Mark the cells between which a part headed "Appendix" is folded on screen."""
    opened = False
    for cell in cells:
        if cell["cell_type"] != "markdown" or not cell["source"].startswith("## "):
            continue
        heading, _, rest = cell["source"].removeprefix("## ").partition("\n")
        fold: dict[str, Any] = {"ends": opened}
        opened = heading.startswith("Appendix")
        if opened:
            fold["heading"] = heading
            cell["source"] = rest.strip()
        cell["metadata"]["fold"] = fold
    if opened:
        cells[-1]["metadata"]["fold_ends"] = True


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
