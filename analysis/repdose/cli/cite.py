"""``repdose cite``: references."""

from __future__ import annotations

import click

from repdose.cli.terminal import say


@click.command("cite")
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@click.option("--style", default="apa", help="apa, vancouver, bibtex or csl-json.")
def command(keys: tuple[str, ...], style: str) -> None:
    """Print references; a KEY may also be pmid:N or doi:D."""
    from repdose import evidence as ev

    say(ev.cite(*keys, style=style))
