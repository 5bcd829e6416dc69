"""``repdose diff``: two builds compared number by number."""

from __future__ import annotations

from pathlib import Path

import click

from repdose.cli.terminal import Decimal, Exit, json_option, say, say_json


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--tolerance",
    type=Decimal(),
    help="How far a number may move, relative to its size; 1e-9 by default.",
)
@json_option
@click.option("--markdown", "as_markdown", is_flag=True, help="Print a comment for a pull request.")
def command(
    old: Path, new: Path, tolerance: float | None, as_json: bool, as_markdown: bool
) -> Exit:
    """Compare two builds, or a build and a baseline file; exit code 1 if something moved."""
    from repdose.reports.compare import baseline
    from repdose.reports.compare.difference import TOLERANCE, difference
    from repdose.reports.compare.words import markdown, text

    if as_json and as_markdown:
        raise ValueError("give --json or --markdown, not both")
    changes = difference(
        baseline.read(old),
        baseline.read(new),
        tolerance=TOLERANCE if tolerance is None else tolerance,
    )
    if as_json:
        say_json(changes.content())
    else:
        say(markdown(changes) if as_markdown else text(changes))
    return Exit.CHECK_FAILED if changes else Exit.FINE
