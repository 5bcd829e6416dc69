"""Pages over reports: the index, and the page a failed report leaves."""

from __future__ import annotations

from typing import Any

from repdose.reports.jobs import CellError, Job
from repdose.reports.pages.assets import asset, filled, policy
from repdose.reports.pages.unbroken import page_joined


def error_page(job: Job, error: CellError) -> str:
    """The page of a report that failed: notebook, cell, parameters, what went wrong."""
    return _render(
        "error.html.j2",
        policy=policy(),
        notebook=job.notebook,
        scenario=job.scenario,
        cell=error.cell + 1 if error.cell >= 0 else None,
        problem=error.problem,
        source=error.source,
        traceback=error.traceback,
        parameters=sorted(job.stated.items()),
    )


def explore_page(views: list[dict[str, Any]], *, references: str, plans: str) -> str:
    """The page that shows precomputed views, one choice at a time.

    What it is made of is for whoever writes it to say, by the mark in its head.
    """
    return _render(
        "explore.html.j2",
        policy=policy("explore.js"),
        script=asset("explore.js"),
        views=views,
        references=references,
        plans=plans,
    )


def index_page(groups: list[dict[str, Any]], explore: str = "") -> str:
    """The page that links all reports, with their headline numbers, and one to `explore`."""
    return _render(
        "site.html.j2",
        policy=policy("site.js"),
        script=asset("site.js"),
        groups=groups,
        explore=explore,
    )


def _render(name: str, **values: Any) -> str:
    style = asset("style.css") + asset("site.css")
    return page_joined(filled(name, style=style, **values)) + "\n"
