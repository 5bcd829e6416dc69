"""``repdose claims``: what articles claim, what their sources say, and the verdict."""

from __future__ import annotations

import click

from repdose.cli.terminal import json_option, rows_of, say, say_json


@click.command("claims")
@click.option("--verdict", help="Only claims with this verdict.")
@json_option
def command(verdict: str | None, as_json: bool) -> None:
    """List what articles claim, what their sources say, and the verdict."""
    from repdose import evidence as ev

    rows = rows_of(ev.claims(verdict=verdict))
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['id']}  {row['verdict']}: {row['claim']}\n     {row['source_says']}")
