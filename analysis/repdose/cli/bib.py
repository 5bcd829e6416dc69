"""``repdose bib``: faults of a BibTeX file."""

from __future__ import annotations

from pathlib import Path

import click

from repdose.cli.terminal import Exit, say_problems


@click.command("bib")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--cited-in",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Markdown, LaTeX or notebook file that cites from it; may be repeated.",
)
def command(file: Path, cited_in: tuple[Path, ...]) -> Exit:
    """Check a BibTeX file; exit code 1 if something is wrong with it."""
    from repdose.evidence.bibliography.lint import lint

    return say_problems(lint(file, cited_in=cited_in), f"{file.name}: no problem found")
