"""What is written over a whole output folder: the index page and, of a sweep, one table."""

from __future__ import annotations

import csv
import importlib.util
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from repdose.evidence import whole_files
from repdose.inputs import scenarios
from repdose.inputs.declared import kind, model
from repdose.reports import folders, manifest
from repdose.reports.builds import grid
from repdose.reports.jobs import Job, as_json
from repdose.reports.pages.site import index_page
from repdose.reports.shapes import UnreadableError
from repdose.tables.numbers import headline

INDEX = "index.html"
# What stands for the plan in the index where a shipped report is of no single plan
GENERAL = {
    "claim_audit": "Every claim of the article",
    "leg_raise_mechanics": "Every leg-raise variant",
    "progression_comparison": "Shipped plans and plans made by a rule",
}
TABLE, TYPED_TABLE = "results.csv", "results.parquet"
NUMBER_COLUMNS = ("number", "label", "value", "low", "high", "unit", "kind")
MEASURES = ("value", "low", "high")


def write_index(out: Path) -> None:
    """Write ``index.html`` over every report that lies in the output folder."""
    plans: grid.Given = {}
    rows: list[dict[str, Any]] = []
    for folder, written in manifest.reports(out):
        if written is None:
            continue
        where = quote(folder.relative_to(out).as_posix())
        if isinstance(written, UnreadableError):
            rows += _unreadable(folder, where, written)
            continue
        grid.enter(plans, written)
        row: dict[str, Any] = {
            "scenario": written["scenario"],
            "title": written.get("title", written["notebook"]),
            "subtitle": written.get("subtitle", "") or _of_no_plan(written),
            "folder": where,
            "page": f"{where}/report.html",
            "numbers": [],
            "failed": "",
        }
        if written["status"] == "failed":
            row |= {"page": f"{where}/{folders.ERROR}", "failed": f"Failed: {written['problem']}"}
            row["kept"] = f"{where}/report.html" if written.get("kept") else ""
        else:
            try:
                row["numbers"] = [
                    {"label": item["label"], "text": item["text"], "range": item["kind"]}
                    for item in headline(manifest.results(folder, written))
                ]
            except UnreadableError as error:
                row["failed"] = f"{error.why}; build it again"
        rows.append(row)
    explored = grid.write_grid(out, plans)
    page = index_page(_by_question(rows), grid.PAGE if explored else "")
    if not _holds(out / INDEX, page):
        whole_files.write_file(out / INDEX, page)


def somebody_elses(out: Path, *, is_sweep: bool) -> list[str]:
    """What lies where a build writes over all reports, and no build has written."""
    marks = {INDEX: b'<body class="site">', grid.PAGE: b'<body class="site">'}
    if is_sweep:
        marks |= {TABLE: b"report,notebook,", TYPED_TABLE: b"notebook"}
    odd = [
        name
        for name, mark in marks.items()
        if (out / name).exists()
        and not ((out / name).is_file() and mark in (out / name).read_bytes())
    ]
    if not odd or any(out.glob(f"*/*/{folders.MANIFEST}")):  # of a build of another version
        return []
    return [f"{name} in {out} is none of a build; move it, or name another -o" for name in odd]


def _unreadable(folder: Path, where: str, error: UnreadableError) -> Iterator[dict[str, Any]]:
    """The row of a report that cannot be read, if it has a page to show."""
    for page in ("report.html", folders.ERROR):
        if (folder / page).is_file():
            yield {
                "scenario": folder.parent.name,
                "title": folder.name,
                "subtitle": "",
                "folder": where,
                "page": f"{where}/{page}",
                "numbers": [],
                "failed": str(error),
            }
            return


def _of_no_plan(written: Mapping[str, Any]) -> str:
    """What a report speaks of that has no plan; a notebook of the reader's own by its name."""
    if written["scenario"] != scenarios.GENERAL:
        return ""
    name = str(written["notebook"])
    return GENERAL.get(name, name.replace("_", " "))


def _by_question(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Reports grouped by the question they answer; a range of one kind is named once a group."""
    groups = []
    for title in sorted({row["title"] for row in rows}):
        asked = sorted((row for row in rows if row["title"] == title), key=_scenario)
        kinds = {number["range"] for row in asked for number in row["numbers"]} - {""}
        if len(kinds) == 1:
            for row in asked:
                row["numbers"] = [number | {"range": ""} for number in row["numbers"]]
        groups.append(
            {"title": title, "rows": asked, "range": kinds.pop() if len(kinds) == 1 else ""}
        )
    return groups


def _scenario(row: Mapping[str, Any]) -> str:
    return str(row["scenario"])


def write_table(out: Path, jobs: Sequence[Job]) -> None:
    """Write the numbers of a sweep, one a row, with the parameters they belong to.

    ``results.csv`` always, and ``results.parquet`` where pyarrow is installed: the same rows,
    with the types of the columns kept.
    """
    kinds = _kinds(jobs[0])
    rows = list(_rows(jobs))
    text = io.StringIO()
    writer = csv.DictWriter(text, list(kinds), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    plain, typed = out / TABLE, out / TYPED_TABLE
    same = _holds(plain, text.getvalue())
    # The typed one first: killed in between, a build finds the plain one old and writes both
    if importlib.util.find_spec("pyarrow") is None:
        typed.unlink(missing_ok=True)  # of another time: it would tell other numbers
    elif not same or not typed.is_file():
        whole_files.write_file(typed, _parquet(rows, kinds))
    if not same:
        whole_files.write_file(plain, text.getvalue())


def _kinds(job: Job) -> dict[str, str]:
    """Type of each column of the table: of the parameters as declared."""
    declared = model(job.source).model_fields
    of_parameters = {name: kind(declared[name]) for name in job.parameters}
    numbers = {name: "float" if name in MEASURES else "str" for name in NUMBER_COLUMNS}
    return {"report": "str", "notebook": "str", **of_parameters, **numbers}


def _rows(jobs: Sequence[Job]) -> Iterator[dict[str, Any]]:
    for job in jobs:
        try:
            written = manifest.read(job.folder)
            if written is None or written["status"] != "complete":
                continue
            results = manifest.results(job.folder, written)
        except UnreadableError:  # damaged, and a build that was stopped has not come to it
            continue
        of_report = {"report": job.scenario, "notebook": job.notebook}
        given = {name: _cell(value) for name, value in job.stated.items()}
        for number in results["numbers"]:
            stated = {column: number[column] for column in NUMBER_COLUMNS[1:]}
            yield {**of_report, **given, "number": number["id"], **stated}


def _parquet(rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, str]) -> bytes:
    import pyarrow
    from pyarrow.parquet import write_table as write

    types = {"float": pyarrow.float64(), "int": pyarrow.int64()}
    schema = pyarrow.schema(
        [(name, types.get(kind, pyarrow.string())) for name, kind in kinds.items()]
    )
    buffer = io.BytesIO()
    write(pyarrow.Table.from_pylist(list(rows), schema=schema), buffer)
    return buffer.getvalue()


def _cell(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else as_json(value).strip()


def _holds(path: Path, text: str) -> bool:
    """Whether the file is there and as it is to be."""
    return path.is_file() and path.read_bytes() == text.encode("utf-8")
