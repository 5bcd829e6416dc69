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
def command(folder: Path, out: Path, date: str) -> None:
    """Pack a build to deposit: an RO-Crate of reports, evidence, software and people."""
    from repdose.reports.archive.deposit import archive

    warn(f"{archive(folder, out, date=date)} files in {out}")
