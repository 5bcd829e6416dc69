"""A build: every report of every scenario, validated first, made side by side, and an index."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.reports import combined, folders, manifest
from analysis.reports.engines import run_jobs
from analysis.reports.jobs import Job, Outcome
from analysis.reports.parameters import ParameterError, model, validate
from analysis.reports.scenarios import (
    GENERAL,
    Scenario,
    ScenarioError,
    find,
    names,
    notebooks_folder,
)
from analysis.reports.shipped import Notebook, notebooks

if TYPE_CHECKING:
    from analysis.reports.fork_engine import ForkServer


@dataclass(frozen=True)
class Plan:
    """What a build is going to do, all of it valid."""

    jobs: Sequence[Job]
    why: Mapping[str, Sequence[str]]  # by name of a job: what changed
    out: Path
    is_sweep: bool = False

    @property
    def stale(self) -> list[Job]:
        """Jobs that must run."""
        return [one for one in self.jobs if self.why[one.name]]


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
                checked = parameters(notebook, scenario)
            except ParameterError as error:
                named = f"{scenario.name}.yaml: " if scenario else ""
                problems.append(f"{named}{error}")
                continue
            jobs.append(job(notebook, scenario.name if scenario else GENERAL, checked, folder))
    if problems:
        raise ParameterError("\n".join(dict.fromkeys(problems)))
    return _planned(jobs, folder, force=force)


def plan_sweep(sweep: Path, out: Path, *, force: bool = False) -> Plan:
    """Every job of a sweep file, checked as a whole; see :func:`analysis.reports.sweeps.jobs`."""
    from analysis.reports import sweeps

    folder = folders.checked(out, notebooks_folder())
    return _planned(sweeps.jobs(sweep, folder), folder, force=force, is_sweep=True)


def _planned(jobs: list[Job], out: Path, *, force: bool, is_sweep: bool = False) -> Plan:
    why = {one.name: ["asked for"] if force else manifest.changed(one) for one in jobs}
    return Plan(jobs, why, out, is_sweep)


def parameters(
    notebook: Notebook, scenario: Scenario | None, given: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Checked parameters: those of the scenario that the notebook declares, then those given."""
    declared = model(notebook.name).model_fields
    values: dict[str, Any] = {}
    if scenario is not None:
        everything = {**scenario.parameters, "progression": scenario.progression}
        values = {name: value for name, value in everything.items() if name in declared}
    return validate(notebook.name, values | dict(given or {})).model_dump()


def job(notebook: Notebook, scenario: str, checked: Mapping[str, Any], out: Path) -> Job:
    """A job whose folder may be written to."""
    folder = folders.place(out, scenario, notebook.name)
    return Job(notebook.name, notebook.path, scenario, checked, folder)


def run(
    todo: Plan,
    *,
    workers: int,
    engine: str | None = None,
    scheduler: str | None = None,
    fail_fast: bool = False,
    warm: ForkServer | None = None,
    done: Callable[[Outcome], None] | None = None,
) -> list[Outcome]:
    """Make what is stale and write the index, and of a sweep the table of its numbers.

    Stopped by Ctrl-C, or with `fail_fast` by a failure, it lets what is running finish and
    writes what is done; the next build makes the rest.

    Returns
    -------
    list of Outcome
        One for each job that was looked at, in the order of the plan.
    """
    found: dict[str, Outcome] = {}
    halt = threading.Event()

    def count(outcome: Outcome) -> None:
        found[outcome.job.name] = outcome
        if fail_fast and outcome.status == "failed":
            halt.set()
        if done:
            done(outcome)

    for one in todo.jobs:
        if not todo.why[one.name]:
            count(Outcome(one, "unchanged"))
    running = run_jobs(
        todo.stale, engine=engine, workers=workers, scheduler=scheduler, warm=warm, halt=halt
    )
    with contextlib.closing(running):
        while True:
            try:
                if (outcome := next(running, None)) is None:
                    break
                count(outcome)
            except KeyboardInterrupt:
                if halt.is_set():  # for the second time
                    break
                halt.set()
    combined.write_index(todo.out)
    if todo.is_sweep:
        combined.write_table(todo.out, todo.jobs)
    return [found[one.name] for one in todo.jobs if one.name in found]
