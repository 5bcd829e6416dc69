"""What is written over a whole output folder: the index page and, of a sweep, one table."""

from __future__ import annotations

import contextlib
import csv
import importlib.util
import io
import itertools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from repdose.evidence import whole_files
from repdose.inputs import scenarios
from repdose.inputs.declared import kind, model
from repdose.reports import folders, manifest
from repdose.reports.folders import EXPLORE, INDEX, TABLE, TYPED_TABLE
from repdose.reports.jobs import Job, as_json
from repdose.reports.shapes import UnreadableError
from repdose.tables.numbers import headline

# What stands for the plan in the index where a shipped report is of no single plan
GENERAL = {
    "claim_audit": "Every claim of the article",
    "leg_raise_mechanics": "Every leg-raise variant",
    "progression_comparison": "Shipped plans and plans made by a rule",
}
NUMBER_COLUMNS = ("number", "label", "value", "low", "high", "unit", "kind")
_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)")
MEASURES = ("value", "low", "high")
AT_ONCE = 10_000  # rows of the tables that are held
Rows = list[dict[str, Any]]


def write_index(out: Path, ahead: Mapping[str, str] | None = None) -> None:
    """Write ``index.html`` over every report that lies in the output folder, and what it opens.

    The page to explore is taken from what was made `ahead` of it, if it is there.
    """
    from repdose.reports.builds import grid
    from repdose.reports.pages.site import index_page

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
    explored = grid.write_grid(out, plans, ahead)
    page = index_page(_by_question(rows), EXPLORE if explored else "")
    whole_files.write_file(out / INDEX, page)


def somebody_elses(out: Path, *, is_sweep: bool) -> list[str]:
    """What lies where a build writes over all reports, and no build has written."""
    marks = {INDEX: b'<body class="site">', EXPLORE: b'<body class="site">'}
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


def _scenario(row: Mapping[str, Any]) -> list[str | float]:
    """A scenario's place among others: 80 kg stand before 100 kg."""
    pieces = _NUMBER.split(row["scenario"])  # texts, and numbers between them
    return [float(one) if at % 2 else one for at, one in enumerate(pieces)]


def write_table(out: Path, jobs: Sequence[Job]) -> None:
    """Write the numbers of a sweep, one a row, with the parameters they belong to.

    ``results.csv`` always, and ``results.parquet`` where pyarrow is installed: the same rows,
    with the types of the columns kept.
    """
    kinds = _kinds(jobs[0])
    out.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as both:
        # The typed one is put in place first: what is said of both is said when both are there
        plain = both.enter_context(whole_files.replacing(out / TABLE))
        add = both.enter_context(_typed(out / TYPED_TABLE, kinds))
        plain.write(",".join(kinds).encode() + b"\n")
        rows = _rows(jobs)
        while some := list(itertools.islice(rows, AT_ONCE)):
            text = io.StringIO()
            csv.DictWriter(text, list(kinds), lineterminator="\n").writerows(some)
            plain.write(text.getvalue().encode("utf-8"))
            add(some)


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


@contextlib.contextmanager
def _typed(
    path: Path, kinds: Mapping[str, str]
) -> Iterator[Callable[[list[dict[str, Any]]], None]]:
    """The typed table, to which rows can be added; where pyarrow is not installed there is none."""
    if importlib.util.find_spec("pyarrow") is None:
        path.unlink(missing_ok=True)  # of another time: it would tell other numbers
        yield lambda _rows: None
        return
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    types = {"float": pyarrow.float64(), "int": pyarrow.int64()}
    schema = pyarrow.schema(
        [(name, types.get(kind, pyarrow.string())) for name, kind in kinds.items()]
    )
    with whole_files.replacing(path) as file, ParquetWriter(file, schema) as writer:
        yield lambda rows: writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))


def _cell(value: Any) -> Any:
    return value if isinstance(value, str | int | float) else as_json(value).strip()
