"""``repdose baseline``: what a build states, in one file to commit."""

from __future__ import annotations

from pathlib import Path

import click

from repdose.cli.terminal import output_option, warn


@click.command("baseline")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@output_option("File: .json.")
def command(folder: Path, out: Path) -> None:
    """Keep what a build states in one file, to commit and to compare later builds with."""
    from repdose.reports.compare import baseline

    build = baseline.read(folder)
    baseline.write(build, out)
    warn(f"{len(build.stated)} reports; compare with: repdose diff {out} {folder}")
