"""The report as a page: one HTML file that needs nothing else, and no network."""

from __future__ import annotations

import base64
import copy
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from analysis.reports import citations
from analysis.reports.fragments import escape
from analysis.reports.jobs import CellError, Job
from analysis.reports.numbers import MEANING, rounded
from analysis.reports.parameter_fields import published

TEMPLATE = Path(__file__).parent / "template"

_HEADING = re.compile(r"<h([23])( [^>]*)?>(.*?)</h\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


@cache
def asset(name: str) -> str:
    """Text of a file of the template."""
    return (TEMPLATE / name).read_text("utf-8")


@cache
def policy(script: str = "") -> str:
    """Content-Security-Policy: nothing from anywhere, and the one script known by its hash."""
    parts = ["default-src 'none'", "img-src data:", "style-src 'unsafe-inline'"]
    if script:
        digest = hashlib.sha256(asset(script).encode("utf-8")).digest()
        parts.append(f"script-src 'sha256-{base64.b64encode(digest).decode('ascii')}'")
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


@cache
def _exporter() -> Any:
    from analysis.reports.exporter import exporter

    return exporter()


def title(notebook: Mapping[str, Any]) -> str:
    """First heading of a notebook."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            match = re.search(r"^# +(.+)$", cell["source"], re.MULTILINE)
            if match:
                return match.group(1).strip()
    return "Report"


def page(notebook: Mapping[str, Any], results: Mapping[str, Any] | None, subtitle: str) -> str:
    """An executed notebook as HTML.

    Parameters
    ----------
    notebook : mapping
        The canonical notebook.
    results : mapping or None
        What it reported; its headline numbers open the page.
    subtitle : str
        Line below the title, as the scenario's name.
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
    shown["cells"] = _answer_first(shown["cells"])
    resources = {
        "repdose": {
            "title": title(notebook),
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


def headline(results: Mapping[str, Any]) -> list[dict[str, str]]:
    """Headline numbers of a report as text, for cards and for the index."""
    found = []
    for number in results["numbers"]:
        if not number["headline"]:
            continue
        digits = number["digits"]
        low, high, what = number["low"], number["high"], MEANING[number["kind"]]
        within = "" if low is None else f"{rounded(low, digits)} to {rounded(high, digits)}, {what}"
        if low is not None and rounded(low, digits) == rounded(high, digits):
            within = f"{rounded(low, digits)} at both ends of the {what}"
        found.append(
            {
                "label": number["label"],
                "main": rounded(number["value"], digits),
                "unit": number["unit"],
                "range": within,
                "text": number["text"],
                "kind": what,
            }
        )
    return found


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


def error_page(job: Job, error: CellError) -> str:
    """The page of a report that failed: notebook, cell, parameters, what went wrong."""
    return _render(
        "error.html.j2",
        policy=policy(),
        style=asset("style.css"),
        notebook=job.notebook,
        scenario=job.scenario,
        cell=error.cell + 1 if error.cell >= 0 else None,
        problem=error.problem,
        source=error.source,
        traceback=error.traceback,
        parameters=sorted(published(job.parameters).items()),
    )


def index_page(groups: list[dict[str, Any]]) -> str:
    """The page that links all reports, with their headline numbers."""
    return _render(
        "site.html.j2",
        policy=policy("site.js"),
        style=asset("style.css"),
        script=asset("site.js"),
        groups=groups,
    )


def _render(name: str, **values: Any) -> str:
    environment = Environment(autoescape=True)
    trusted = {"policy", "style", "script"}  # ours, and no place for data
    given = {key: Markup(value) if key in trusted else value for key, value in values.items()}
    return environment.from_string(asset(name)).render(**given) + "\n"
