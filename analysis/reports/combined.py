"""What is written over a whole output folder: the index page and, of a sweep, one table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from analysis.reports import folders, manifest
from analysis.reports.jobs import Job, as_json
from analysis.reports.page import headline, index_page

INDEX = "index.html"
TABLE = "results.csv"
NUMBER_COLUMNS = ("number", "label", "value", "low", "high", "unit", "kind")


def write_index(out: Path) -> None:
    """Write ``index.html`` over every report that lies in the output folder."""
    rows: list[dict[str, Any]] = []
    for made in reports(out):
        where = made["folder"].relative_to(out).as_posix()
        row: dict[str, Any] = {
            "scenario": made["scenario"],
            "title": made.get("title", made["notebook"]),
            "folder": where,
            "page": f"{where}/report.html",
            "numbers": [],
            "failed": "",
        }
        if made["status"] == "complete":
            row["numbers"] = [
                {"label": item["label"], "text": item["text"], "range": item["kind"]}
                for item in headline(_results(made["folder"]))
            ]
        else:
            row |= {"page": f"{where}/error.html", "failed": made["problem"]}
        rows.append(row)
    _write_if_new(out / INDEX, index_page(rows))


def reports(out: Path) -> Iterator[dict[str, Any]]:
    """Manifest of each report in a folder, with where it lies, in order of name."""
    for path in sorted(out.glob(f"*/*/{folders.MANIFEST}")):
        if path.parent.name.startswith("."):  # left by a run that was killed
            continue
        made = manifest.read(path.parent)
        if made is not None:
            yield {**made, "folder": path.parent}


def write_table(out: Path, jobs: Sequence[Job]) -> None:
    """Write ``results.csv`` of a sweep: one row a number, with the parameters it belongs to."""
    names = list(jobs[0].parameters)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["report", "notebook", *names, *NUMBER_COLUMNS])
    for job in jobs:
        made = manifest.read(job.folder)
        if made is None or made["status"] != "complete":
            continue
        values = [_cell(job.parameters[name]) for name in names]
        for number in _results(job.folder)["numbers"]:
            parts = [number["id"], *(number[column] for column in NUMBER_COLUMNS[1:])]
            writer.writerow([job.scenario, job.notebook, *values, *parts])
    _write_if_new(out / TABLE, text.getvalue())


def _cell(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else as_json(value).strip()


def _results(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return found


def _write_if_new(path: Path, text: str) -> None:
    if not path.is_file() or path.read_text("utf-8") != text:
        folders.write_file(path, text)
