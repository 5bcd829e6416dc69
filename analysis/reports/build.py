"""A build: every report of every scenario, validated first, made side by side, and an index."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.reports import folders, manifest
from analysis.reports.engines import run_jobs
from analysis.reports.jobs import Job, Outcome
from analysis.reports.parameters import ParameterError, validate
from analysis.reports.scenarios import (
    GENERAL,
    Scenario,
    ScenarioError,
    find,
    names,
    notebooks_folder,
)
from analysis.reports.shipped import Notebook, notebooks

INDEX = "index.html"


@dataclass(frozen=True)
class Plan:
    """What a build is going to do, all of it valid."""

    jobs: Sequence[Job]
    why: Mapping[str, Sequence[str]]  # by name of a job: what changed
    out: Path

    @property
    def stale(self) -> list[Job]:
        """Jobs that must run."""
        return [job for job in self.jobs if self.why[job.name]]


def plan(wanted: Iterable[str], out: Path, *, force: bool = False) -> Plan:
    """Every job of a build, checked as a whole before anything runs or is written.

    Parameters
    ----------
    wanted : iterable of str
        Names of shipped scenarios or paths of scenario files; all shipped ones if empty.
    out : Path
        Output folder.
    force : bool
        Make what is up to date as well.

    Raises
    ------
    YamlError, ScenarioError, ParameterError, OutputError
        Naming the file, key or parameter, what was read and what is allowed.
    """
    folder = folders.checked(out, notebooks_folder())
    chosen = [find(name) for name in wanted] or [find(name) for name in names()]
    repeated = {one.name for one in chosen if [two.name for two in chosen].count(one.name) > 1}
    if repeated:
        raise ScenarioError(f"scenario {min(repeated)!r} is asked for twice; name each once")
    jobs: list[Job] = []
    problems: list[str] = []
    for notebook in notebooks():
        for scenario in chosen if notebook.is_of_a_plan else [None]:
            try:
                jobs.append(job(notebook, scenario, folder))
            except ParameterError as error:
                named = f"{scenario.name}.yaml: " if scenario else ""
                problems.append(f"{named}{error}")
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    why = {one.name: ["asked for"] if force else manifest.changed(one) for one in jobs}
    return Plan(jobs, why, folder)


def job(
    notebook: Notebook,
    scenario: Scenario | None,
    out: Path,
    given: Mapping[str, Any] | None = None,
) -> Job:
    """One checked job: a notebook with the parameters of a scenario that it declares."""
    values: dict[str, Any] = {}
    if scenario is not None:
        everything = {**scenario.parameters, "progression": scenario.progression}
        values = {k: v for k, v in everything.items() if k in declared(notebook)}
    values |= given or {}
    parameters = validate(notebook.name, values).model_dump()
    name = scenario.name if scenario else GENERAL
    return Job(
        notebook.name,
        notebook.path,
        name,
        parameters,
        folders.place(out, name, notebook.name),
    )


def declared(notebook: Notebook) -> set[str]:
    """Names of a notebook's parameters."""
    from analysis.reports.parameters import model

    return set(model(notebook.name).model_fields)


def run(
    todo: Plan,
    *,
    workers: int,
    engine: str | None = None,
    done: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Make what is stale and write the index.

    Returns
    -------
    list of Outcome
        One for each job, in the order of the plan.
    """
    found: dict[str, Outcome] = {}
    for one in todo.jobs:
        if not todo.why[one.name]:
            found[one.name] = Outcome(one, "unchanged")
            if done:
                done(found[one.name])
    for outcome in run_jobs(todo.stale, engine=engine, workers=workers):
        found[outcome.job.name] = outcome
        if done:
            done(outcome)
    write_index(todo.out)
    return [found[one.name] for one in todo.jobs]


def write_index(out: Path) -> None:
    """Write ``index.html`` over every report that lies in the output folder."""
    from analysis.reports.page import headline, index_page, title

    rows: list[dict[str, Any]] = []
    for path in sorted(out.glob(f"*/*/{folders.MANIFEST}")):
        made = manifest.read(path.parent)
        if made is None or path.parent.name.startswith("."):
            continue
        where = path.parent.relative_to(out).as_posix()
        row: dict[str, Any] = {
            "scenario": made["scenario"],
            "title": made["notebook"],
            "folder": where,
            "page": f"{where}/report.html",
            "numbers": [],
            "failed": "",
        }
        if made["status"] == "complete":
            results = json.loads((path.parent / "results.json").read_text("utf-8"))
            notebook = json.loads((path.parent / "report.ipynb").read_text("utf-8"))
            row["title"] = title(notebook)
            row["numbers"] = [
                {"label": item["label"], "text": item["text"], "range": item["kind"]}
                for item in headline(results)
            ]
        else:
            row |= {"page": f"{where}/error.html", "failed": made["problem"]}
        rows.append(row)
    text = index_page(rows)
    path = out / INDEX
    if not path.is_file() or path.read_text("utf-8") != text:
        folders.write_file(path, text)
