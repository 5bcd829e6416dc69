"""What ``repdose build``, ``run``, ``params`` and ``check --reports`` do and print."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.reports import build as building
from analysis.reports import folders, manifest, shipped, yaml_strict
from analysis.reports.jobs import Job, Outcome
from analysis.reports.parameters import ParameterError, describe, validate
from analysis.reports.scenarios import notebooks_folder
from analysis.terminal import Exit, say, say_json, warn

RUN_SUFFIXES = (".html", ".ipynb")


def build(
    scenarios: Sequence[str], out: Path, *, workers: int, force: bool, why: bool, engine: str | None
) -> Exit:
    """Plan a build, run it, and say what came of it."""
    todo = building.plan(scenarios, out, force=force)
    if why:
        for one in todo.jobs:
            say(f"{one.name}: {'; '.join(todo.why[one.name]) or 'up to date'}")
    with Progress(len(todo.jobs)) as progress:
        outcomes = building.run(todo, workers=workers, engine=engine, done=progress.done)
    return summary(outcomes, out)


def summary(outcomes: Iterable[Outcome], out: Path) -> Exit:
    """Say what was made, and each failure with its notebook, cell and parameters."""
    counts = {"made": 0, "unchanged": 0, "failed": 0}
    for outcome in outcomes:
        counts[outcome.status] += 1
        if outcome.status == "failed":
            warn(failure(outcome))
    words = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    warn(f"{words or 'nothing to make'}; see {out / building.INDEX}")
    return Exit.NOTEBOOK_FAILED if counts["failed"] else Exit.FINE


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

    def __enter__(self) -> Progress:
        if self._total and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
            from rich.progress import Progress as Bar

            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Reports", total=self._total)
        return self

    def done(self, outcome: Outcome) -> None:
        """Count one report."""
        if self._bar is not None:
            self._bar.update(self._task, advance=1, description=outcome.job.name)

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()


def run_one(wanted: str, given: Sequence[tuple[str, str]], file: Path | None, out: Path) -> Exit:
    """Run one notebook; write the page or the notebook, and its results beside it."""
    from analysis.reports.jobs import CellError, surroundings
    from analysis.reports.kernel_engine import execute
    from analysis.reports.making import described, error_files, report_files

    notebook = shipped.find(wanted)
    parameters = validate(notebook.name, parameters_given(given, file)).model_dump()
    if out.suffix not in RUN_SUFFIXES:
        raise ParameterError(
            f"output {str(out)!r}: the file must end in {' or '.join(RUN_SUFFIXES)}"
        )
    if out.is_dir():
        raise ParameterError(f"output {str(out)!r} is a folder; name a file")
    folders.checked(out.parent, notebooks_folder())
    if out.resolve() == notebook.path.resolve():
        raise ParameterError(f"output {str(out)!r} is the notebook itself; name another file")
    job = Job(notebook.name, notebook.path, name_of_plan(parameters), parameters, out.parent)
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


def name_of_plan(parameters: Mapping[str, Any]) -> str:
    """Which plan a report speaks of, in a few words."""
    progression = parameters.get("progression")
    if isinstance(progression, dict):
        return str(progression["title"])
    return progression if isinstance(progression, str) else "a plan of its own"


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
    notebook = shipped.find(wanted)
    rows = describe(notebook.name)
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
    """Say which reports of a build are stale, and which component has changed."""
    if not folder.is_dir():
        raise ParameterError(f"{folder}: no such folder; name the output of a build")
    found = list(stale(folder.resolve()))
    for name, reasons in found:
        say(f"{name}: {'; '.join(reasons)}")
    if found:
        warn(f"{len(found)} stale; run repdose build")
        return Exit.CHECK_FAILED
    say("every report is up to date")
    return Exit.FINE


def stale(folder: Path) -> Iterable[tuple[str, list[str]]]:
    """Reports of a folder that would be made anew, with the reasons."""
    there = {notebook.name: notebook for notebook in shipped.notebooks()}
    for path in sorted(folder.glob(f"*/*/{folders.MANIFEST}")):
        made = manifest.read(path.parent)
        if path.parent.name.startswith("."):
            continue
        name = path.parent.relative_to(folder).as_posix()
        if made is None or made.get("notebook") not in there:
            yield name, ["its manifest cannot be read, or its notebook is not shipped"]
            continue
        notebook = there[made["notebook"]]
        job = Job(
            notebook.name,
            notebook.path,
            made["scenario"],
            made.get("parameters", {}),
            path.parent,
        )
        if reasons := manifest.changed(job):
            yield name, reasons
