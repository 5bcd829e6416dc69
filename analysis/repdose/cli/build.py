"""``repdose build``: every report, and an index of them."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import click

from repdose.cli.terminal import Exit, Whole, error_text, say, warn
from repdose.evidence import own_study

MAX_JOBS = 64


@click.command("build")
@click.option(
    "--scenario",
    multiple=True,
    help="Scenario by name, or a scenario file; all of the study, or all shipped, by default.",
)
@click.option(
    "--notebooks",
    "own_notebooks",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of notebooks to make; those of the study, or the shipped ones, by default.",
)
@click.option("--shipped", is_flag=True, help="Make the shipped notebooks as well.")
@click.option(
    "--sweep", type=click.Path(path_type=Path), help="Sweep file: one notebook, many sets."
)
@click.option(
    "-j",
    "--jobs",
    type=Whole(1, MAX_JOBS),
    default=lambda: min(os.cpu_count() or 1, MAX_JOBS),
    help="Reports at a time; as many as there are processors by default.",
)
@click.option(
    "-o",
    "--output",
    "out",
    type=click.Path(path_type=Path),
    default=Path("build"),
    show_default=True,
    help="Output folder.",
)
@click.option("--force", is_flag=True, help="Make reports that are up to date as well.")
@click.option("--engine", help="fork or kernel; the faster one that works here by default.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Dask scheduler whose workers make the reports."
)
@click.option("--fail-fast/--keep-going", help="Stop at the first failure, or not.")
@click.option("--dry-run", is_flag=True, help="Say what would be made, and make nothing.")
@click.option("--why", is_flag=True, help="Print what changed since each report was made.")
def command(
    scenario: tuple[str, ...],
    own_notebooks: Path | None,
    shipped: bool,
    sweep: Path | None,
    jobs: int,
    out: Path,
    force: bool,
    engine: str | None,
    scheduler: str | None,
    fail_fast: bool,
    dry_run: bool,
    why: bool,
) -> Exit:
    """Make every report of every scenario, and an index of them.

    In a study's folder (repdose init) those of the study are made, elsewhere the shipped ones.
    """
    if sweep is not None and scenario:
        raise ValueError("give --scenario or --sweep; a sweep file names its own scenario")
    if sweep is not None and (own_notebooks is not None or shipped):
        raise ValueError("give --notebooks or --sweep; a sweep file names its own notebook")
    study = own_study.find()  # one that cannot be read is refused before anything is begun
    if scheduler is not None and study is not None:
        raise ValueError(
            "a study is built on this machine, as other machines have no references of it; leave "
            "--scheduler out"
        )
    if engine is not None and scheduler is not None:
        raise ValueError("give --engine or --scheduler; workers use the engine they have")
    with ExitStack() as stack:
        from repdose.inputs.cells import notebooks_folder
        from repdose.reports import folders, holding

        # Where nothing lies yet something has to be made: what that takes is imported meanwhile
        is_sure = not out.exists() and not (dry_run or scheduler)
        there = folders.checked(out, notebooks_folder())
        if dry_run:
            holding.settled(there)
        else:
            stack.enter_context(holding.alone(there))
        warm = None
        if is_sure:
            from repdose.reports.engines import warming

            warm = stack.enter_context(warming(jobs, engine=engine))
        from repdose.cli.outcomes import Progress, summary
        from repdose.reports.builds import build, planning
        from repdose.reports.jobs import Outcome

        if sweep is not None:
            todo = planning.of_sweep(sweep, out, force=force)
        else:
            todo = planning.of_scenarios(
                scenario,
                out,
                own_notebooks=own_notebooks,
                with_shipped=shipped,
                force=force,
            )
        if why or dry_run:
            for job in todo.jobs:
                say(f"{job.name}: {'; '.join(todo.why[job.name]) or 'up to date'}")
        if dry_run:
            warn(f"{len(todo.jobs)} reports, {len(todo.stale)} to make; nothing was run")
            return Exit.FINE
        outcomes: list[Outcome] = []
        problem = ""
        with Progress(len(todo.jobs)) as progress:

            def done(outcome: Outcome) -> None:
                outcomes.append(outcome)
                progress.done(outcome)

            try:
                outcomes = build.run(
                    todo,
                    workers=jobs,
                    engine=engine,
                    scheduler=scheduler,
                    fail_fast=fail_fast,
                    warm=warm,
                    done=done,
                )
            except build.UnwrittenError as error:  # what was made is there, and told
                problem = f"{error_text(error)}; the same command writes it once it can be written"
        code = summary(outcomes, len(todo.jobs), out)
        if problem:
            warn(f"repdose: {problem}")
        return Exit.NOTEBOOK_FAILED if problem else code
