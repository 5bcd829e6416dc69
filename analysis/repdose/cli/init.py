"""``repdose init``: a study of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from repdose.cli.terminal import warn


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make a study: a FOLDER with a plan, a notebook, references, tables, tests and CI."""
    from repdose.inputs import new_study

    new_study.create(folder)
    warn(f"{folder} is a study; next: cd {folder}, then repdose build (its README.md has the rest)")
