"""``repdose run``: one notebook with parameters of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from repdose.cli.terminal import Exit, output_option, warn

if TYPE_CHECKING:
    from repdose.inputs.notebooks import Notebook
    from repdose.inputs.scenarios import Scenario
    from repdose.reports.engines.fork import ForkServer

SUFFIXES = (".html", ".ipynb")


@click.command("run")
@click.argument("wanted", metavar="NOTEBOOK")
@output_option("File: .html or .ipynb.")
@click.option(
    "-p",
    "--parameter",
    "given",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="One parameter; may be repeated.",
)
@click.option(
    "-f",
    "--file",
    type=click.Path(path_type=Path),
    help="YAML file: a scenario, or parameters by name.",
)
@click.option("--engine", help="fork or kernel; the faster one that works here by default.")
def command(
    wanted: str,
    out: Path,
    given: tuple[tuple[str, str], ...],
    file: Path | None,
    engine: str | None,
) -> Exit:
    """Run one notebook, shipped or a file of your own, with parameters of your own."""
    from repdose.reports.engines import warming

    # The processes that make the report import what they need while it is planned
    with warming(1, engine=engine) as warm:
        return _made(wanted, out, given, file, engine, warm)


def _made(
    wanted: str,
    out: Path,
    given: tuple[tuple[str, str], ...],
    file: Path | None,
    engine: str | None,
    warm: ForkServer | None,
) -> Exit:
    from repdose.cli.outcomes import failure
    from repdose.evidence import whole_files
    from repdose.evidence.packs import stacked
    from repdose.inputs import notebooks
    from repdose.inputs.cells import ParameterError, notebooks_folder
    from repdose.inputs.stated import plan_name
    from repdose.reports import folders
    from repdose.reports.builds import jobs
    from repdose.reports.engines import run_jobs

    notebook = notebooks.find(wanted)
    scenario, values = parameters_given(given, file)
    scenario, values = with_plan_file(notebook, scenario, values)
    if scenario is not None and not notebook.is_of_a_plan:
        raise ParameterError(
            f"{notebook.name} is of no single plan, so the scenario {scenario.name} says nothing "
            f"to it; give parameters by name, as repdose params {notebook.name} lists them"
        )
    if scenario is not None and (unknown := notebooks.undeclared(scenario, [notebook])):
        raise ParameterError("\n".join(unknown))
    opened = scenario.packs if scenario else ()
    with stacked(opened):
        parameters = notebooks.parameters(notebook, scenario, values)
    if out.suffix not in SUFFIXES:
        raise ParameterError(f"output {str(out)!r}: the file must end in {' or '.join(SUFFIXES)}")
    folders.checked_file(out, notebooks_folder())
    if out.resolve() == notebook.path.resolve():
        raise ParameterError(f"output {str(out)!r} is the notebook itself; name another file")
    named = plan_name(notebook.declared, parameters)
    results = out.with_name(f"{out.stem}.results.json")
    page = out.with_name(f"{out.stem}.error.html")
    with TemporaryDirectory(prefix="repdose-", ignore_cleanup_errors=True) as aside:
        with stacked(opened):
            job = jobs.job_in(Path(aside).resolve() / "report", notebook, named, parameters)
        outcomes = list(run_jobs([job], engine=engine, workers=1, warm=warm))
        made = {path.name: path.read_bytes() for path in job.folder.glob("*.*") if path.is_file()}
    if not outcomes:  # Ctrl-C
        return Exit.INTERRUPTED
    [outcome] = outcomes
    if outcome.status == "failed":
        warn(failure(outcome))
        if folders.ERROR in made:
            whole_files.write_file(page, made[folders.ERROR])
            warn(f"see {page}{f'; {out} is as it was made before' if out.exists() else ''}")
        return Exit.NOTEBOOK_FAILED
    put(out, results, made)
    page.unlink(missing_ok=True)
    warn(f"see {out}; its numbers are in {results}")
    return Exit.FINE


def put(out: Path, results: Path, files: Mapping[str, bytes]) -> None:
    """Put a page and its numbers in place: both are on the disk before either is."""
    from repdose.evidence import whole_files
    from repdose.reports import folders

    with whole_files.replacing(results) as numbers, whole_files.replacing(out) as shown:
        numbers.write(files[folders.RESULTS])
        shown.write(files[f"report{out.suffix}"])


def with_plan_file(
    notebook: Notebook, scenario: Scenario | None, given: dict[str, Any]
) -> tuple[Scenario | None, dict[str, Any]]:
    """The same, a plan that is given by its file taken for the scenario that stands there."""
    from repdose.inputs import scenarios
    from repdose.inputs.declared import of_kind

    for name in of_kind(notebook.declared, "plan"):
        value = given.get(name)
        if isinstance(value, str) and scenarios.is_path(value):
            others = {other: one for other, one in given.items() if other != name}
            return scenarios.find(value), others
    return scenario, given


def parameters_given(
    given: Iterable[tuple[str, str]], file: Path | None
) -> tuple[Scenario | None, dict[str, Any]]:
    """The scenario of a file, and parameters from a file and from the command line, these last."""
    from repdose.inputs import scenarios, yaml_strict
    from repdose.inputs.cells import ParameterError

    scenario: Scenario | None = None
    values: dict[str, Any] = {}
    if file is not None:
        content = yaml_strict.load(file)
        if not isinstance(content, dict):
            raise ParameterError(f"{file.name}: a mapping of parameters is required")
        if "plan" in content:
            scenario = scenarios.of(content, file.stem, file.name, path=file)
        else:
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
    return scenario, values
