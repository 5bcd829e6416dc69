"""``repdose build``: every report, and an index of them."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import click

from repdose.cli.terminal import Exit, say, warn

MAX_JOBS = 64


@click.command("build")
@click.option(
    "--scenario",
    multiple=True,
    help="Shipped scenario, or a scenario file; all shipped ones by default.",
)
@click.option(
    "--sweep", type=click.Path(path_type=Path), help="Sweep file: one notebook, many sets."
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1, MAX_JOBS),
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
    """Make every report of every scenario, and an index of them."""
    if sweep is not None and scenario:
        raise ValueError("give --scenario or --sweep; a sweep file names its own scenario")
    if engine is not None and scheduler is not None:
        raise ValueError("give --engine or --scheduler; workers use the engine they have")
    with ExitStack() as stack:
        from repdose.reports.engines import warming

        # Where nothing lies yet something has to be made: what that takes is imported meanwhile
        is_sure = not out.exists() and not (dry_run or scheduler)
        warm = stack.enter_context(warming(jobs, engine=engine)) if is_sure else None
        from repdose.cli.outcomes import Progress, summary
        from repdose.reports.builds import build, planning

        if sweep is not None:
            todo = planning.of_sweep(sweep, out, force=force)
        else:
            todo = planning.of_scenarios(scenario, out, force=force)
        if why or dry_run:
            for job in todo.jobs:
                say(f"{job.name}: {'; '.join(todo.why[job.name]) or 'up to date'}")
        if dry_run:
            warn(f"{len(todo.jobs)} reports, {len(todo.stale)} to make; nothing was run")
            return Exit.FINE
        with Progress(len(todo.jobs)) as progress:
            outcomes = build.run(
                todo,
                workers=jobs,
                engine=engine,
                scheduler=scheduler,
                fail_fast=fail_fast,
                warm=warm,
                done=progress.done,
            )
        return summary(outcomes, len(todo.jobs), out)
