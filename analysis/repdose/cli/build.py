"""What ``repdose build``, ``run``, ``params`` and ``check --reports`` do and print."""

from __future__ import annotations

import sys
import time
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repdose.cli.terminal import Exit, error_text, say, say_json, warn
from repdose.inputs import notebooks, yaml_strict
from repdose.inputs.cells import ParameterError, notebooks_folder
from repdose.inputs.declared import of_kind
from repdose.inputs.scenarios import GENERAL, ScenarioError, find
from repdose.inputs.stated import plan_name
from repdose.inputs.validation import describe, validate
from repdose.reports import folders, manifest
from repdose.reports.builds import build as build_reports
from repdose.reports.builds import index, jobs, planning
from repdose.reports.jobs import Outcome
from repdose.reports.pages import pdf

if TYPE_CHECKING:
    from repdose.reports.engines.fork import ForkServer

RUN_SUFFIXES = (".html", ".ipynb")


@dataclass(frozen=True)
class Choices:
    """How a build is to be done."""

    out: Path
    workers: int
    force: bool
    engine: str | None
    scheduler: str | None
    fail_fast: bool
    dry_run: bool
    log: Path | None
    pdf: bool
    why: bool
    warm: ForkServer | None


def build(scenarios: Sequence[str], sweep: Path | None, choices: Choices) -> Exit:
    """Plan a build, run it, and say what came of it."""
    if sweep is not None and scenarios:
        raise ParameterError("give --scenario or --sweep; a sweep file names its own scenario")
    if choices.engine is not None and choices.scheduler is not None:
        raise ParameterError("give --engine or --scheduler; workers use the engine they have")
    if choices.pdf:
        pdf.browser()
    if choices.log is not None:
        folders.checked_file(choices.log, notebooks_folder())
    if sweep is not None:
        todo = planning.plan_sweep(sweep, choices.out, force=choices.force)
    else:
        todo = planning.plan(scenarios, choices.out, force=choices.force)
    if choices.why or choices.dry_run:
        for one in todo.jobs:
            say(f"{one.name}: {'; '.join(todo.why[one.name]) or 'up to date'}")
    if choices.dry_run:
        warn(f"{len(todo.jobs)} reports, {len(todo.stale)} to make; nothing was run")
        return Exit.FINE
    started = time.perf_counter()
    with Progress(len(todo.jobs)) as progress:
        outcomes = build_reports.run(
            todo,
            workers=choices.workers,
            engine=choices.engine,
            scheduler=choices.scheduler,
            fail_fast=choices.fail_fast,
            warm=choices.warm,
            done=progress.done,
        )
    seconds = time.perf_counter() - started
    code = summary(outcomes, len(todo.jobs), choices.out)
    # The reports are there by now, so a fault of what follows is no bad input
    if choices.log is not None:
        try:
            folders.write_file(choices.log, log_text(outcomes, seconds))
        except OSError as error:
            warn(f"repdose: --log: {error_text(error)}")
            code = code or Exit.CHECK_FAILED
    if choices.pdf:
        try:
            for outcome in outcomes:
                if outcome.status != "failed":
                    pdf.print_page(outcome.job.folder / "report.html")
        except (OSError, pdf.PdfError) as error:
            warn(f"repdose: --pdf: {error_text(error)}; no more pages were printed")
            code = code or Exit.CHECK_FAILED
    return code


def log_text(outcomes: Iterable[Outcome], seconds: float) -> str:
    """Wall times of a build: kept out of the reports, which are the same each time."""
    lines = [f"{one.seconds:9.3f} s  {one.status:9}  {one.job.name}" for one in outcomes]
    return "\n".join([*lines, f"{seconds:9.3f} s  whole build", ""])


def summary(outcomes: Sequence[Outcome], planned: int, out: Path) -> Exit:
    """Say what was made, and each failure with its notebook, cell and parameters."""
    counts = {"made": 0, "unchanged": 0, "failed": 0}
    for outcome in outcomes:
        counts[outcome.status] += 1
        if outcome.status == "failed":
            warn(failure(outcome))
    left = planned - len(outcomes)
    words = [f"{count} {name}" for name, count in counts.items() if count]
    words += [f"{left} left; the same command makes them"] if left else []
    warn(f"{', '.join(words) or 'nothing to make'}; see {out / index.INDEX}")
    if counts["failed"]:
        return Exit.NOTEBOOK_FAILED
    return Exit.INTERRUPTED if left else Exit.FINE


def failure(outcome: Outcome) -> str:
    """A failure in a line: notebook, scenario, cell, problem, parameters."""
    job = outcome.job
    given = ", ".join(f"{name}={_short(value)}" for name, value in job.parameters.items())
    return f"repdose: {job.name}: notebook {job.notebook}, {outcome.message}; parameters: {given}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."


class Progress:
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._bar: Any = None
        self._count = 0

    def __enter__(self) -> Progress:
        if self._total and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[rate]}"),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Reports", total=self._total, rate="")
            self._started = time.perf_counter()
        return self

    def done(self, outcome: Outcome) -> None:
        """Count one report."""
        if self._bar is not None:
            self._count += 1
            rate = self._count / (time.perf_counter() - self._started)
            self._bar.update(
                self._task, advance=1, description=outcome.job.name, rate=f"{rate:.1f}/s"
            )

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def run_one(wanted: str, given: Sequence[tuple[str, str]], file: Path | None, out: Path) -> Exit:
    """Run one notebook; write the page or the notebook, and its results beside it."""
    from repdose.reports.engines.kernel import execute
    from repdose.reports.engines.surroundings import surroundings
    from repdose.reports.jobs import CellError
    from repdose.reports.making import described, error_files, report_files

    notebook = notebooks.find(wanted)
    parameters = validate(notebook.path, parameters_given(given, file)).model_dump()
    if out.suffix not in RUN_SUFFIXES:
        raise ParameterError(
            f"output {str(out)!r}: the file must end in {' or '.join(RUN_SUFFIXES)}"
        )
    folders.checked_file(out, notebooks_folder())
    if out.resolve() == notebook.path.resolve():
        raise ParameterError(f"output {str(out)!r} is the notebook itself; name another file")
    named = plan_name(notebook.declared, parameters)
    job = jobs.job_in(out.parent, notebook, named, parameters)
    results = out.with_name(f"{out.stem}.results.json")
    try:
        with surroundings():
            files = report_files(job, execute(job))
    except CellError as error:
        page = out.with_name(f"{out.stem}.error.html")
        folders.write_file(page, error_files(job, error)["error.html"])
        for stale in (out, results):
            stale.unlink(missing_ok=True)
        warn(failure(Outcome(job, "failed", described(error))))
        warn(f"see {page}")
        return Exit.NOTEBOOK_FAILED
    folders.write_file(out, files[f"report{out.suffix}"])
    folders.write_file(results, files["results.json"])
    out.with_name(f"{out.stem}.error.html").unlink(missing_ok=True)
    return Exit.FINE


def parameters_given(given: Iterable[tuple[str, str]], file: Path | None) -> dict[str, Any]:
    """Parameters from a file and from the command line, the latter last."""
    values: dict[str, Any] = {}
    if file is not None:
        content = yaml_strict.load(file)
        if not isinstance(content, dict):
            raise ParameterError(f"{file.name}: a mapping of parameters is required")
        values |= content
    seen: set[str] = set()
    for name, text in given:
        if name in seen:
            raise ParameterError(f"{name} is given twice; give it once")
        seen.add(name)
        try:
            values[name] = yaml_strict.loads(text)
        except yaml_strict.YamlError as error:
            raise ParameterError(f"-p {name}: {str(error).removeprefix('value: ')}") from None
    return values


def show_parameters(wanted: str, *, as_json: bool) -> None:
    """Print a notebook's declared parameters."""
    notebook = notebooks.find(wanted)
    rows = describe(notebook.path)
    if as_json:
        say_json({"notebook": notebook.name, "parameters": rows})
        return
    for row in rows:
        within = ""
        if row["choices"]:
            within = f", one of {', '.join(row['choices'])}"
        elif row["minimum"] is not None:
            within = f", {row['minimum']:g} to {row['maximum']:g}"
        unit = f" [{row['unit']}]" if row["unit"] else ""
        say(
            f"{row['name']} = {row['default']!r}  {row['type']}{unit}{within}\n    {row['meaning']}"
        )


def check_reports(folder: Path) -> Exit:
    """Say which reports of a build are stale, which component has changed, what cannot be told."""
    if not folder.is_dir():
        raise ParameterError(f"{folder}: no such folder; name the output of a build")
    stale = untold = 0
    for report, made in manifest.of_build(folder):
        name = report.relative_to(folder).as_posix()
        if made is None:
            reasons, unseen = [manifest.UNREADABLE], {}
        else:
            unseen = not_recorded(made)
            reasons = changes(report, made, unseen)
        if reasons:
            stale += 1
            say(f"{name}: {'; '.join(reasons)}")
        elif unseen:
            untold += 1
            say(f"{name}: cannot be told: {'; '.join(unseen.values())}")
    if stale:
        warn(f"{stale} stale; run repdose build")
    if untold:
        warn(f"{untold} cannot be told from here; the command that built them, run again, can")
    if stale or untold:
        return Exit.CHECK_FAILED
    say("every report is up to date")
    return Exit.FINE


def not_recorded(made: Mapping[str, Any]) -> dict[str, str]:
    """Components of a report whose files a manifest does not say the place of, with the reason."""
    found = {}
    if not made.get("is_shipped", True):
        found["notebook"] = "its notebook is one of your own, not recorded by path"
    for name in made.get("own_files", []):
        own = made["parameters"][name]
        found["parameters"] = f"its own {name}, {own}, is not recorded by path"
    return found


def changes(folder: Path, made: Mapping[str, Any], unseen: Container[str]) -> list[str]:
    """Why a build would make a report anew; nothing if it would not."""
    there = {notebook.name: notebook for notebook in notebooks.notebooks()}
    if made["notebook"] not in there:
        return [f"no notebook {made['notebook']!r} is shipped"]
    notebook = there[made["notebook"]]
    try:
        given = parameters_now(notebook, made)
        job = jobs.job_in(folder, notebook, made["scenario"], given)
        return manifest.changed(job, untold=unseen)
    except ScenarioError as error:  # of a plan that was shipped and is no more
        return [str(error)]


def parameters_now(notebook: notebooks.Notebook, made: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a build would give the notebook now: by the shipped scenario's file, where of one."""
    name, given = made["scenario"], made["parameters"]
    if name == GENERAL:
        return jobs.parameters(notebook, None)
    # A file of the same name that is not shipped has the plan itself for its progression
    if any(given[own] == name for own in of_kind(notebook.declared, "plan")):
        return jobs.parameters(notebook, find(name))
    return dict(given)
