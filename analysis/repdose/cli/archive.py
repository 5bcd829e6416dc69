"""``repdose archive``: a build packed to deposit."""

from __future__ import annotations

from pathlib import Path

import click

from repdose.cli.terminal import output_option, warn


@click.command("archive")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@output_option("File: .zip.")
@click.option(
    "--date",
    metavar="YYYY-MM-DD",
    default="",
    help="Date of publication; by default the software's release.",
)
@click.option(
    "--notebooks",
    "own_notebooks",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of your own notebooks, if reports are of any; those of the study by default.",
)
def command(folder: Path, out: Path, date: str, own_notebooks: Path | None) -> None:
    """Pack a build to deposit: an RO-Crate of reports, evidence, software and people."""
    from repdose.reports.archive.deposit import archive

    count = archive(folder, out, date=date, own_notebooks=own_notebooks)
    warn(f"{count} files in {out}")
