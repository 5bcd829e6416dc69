"""``repdose params``: what a notebook can be given."""

from __future__ import annotations

import click

from repdose.cli.terminal import json_option, say, say_json


@click.command("params")
@click.argument("wanted", metavar="NOTEBOOK")
@json_option
def command(wanted: str, as_json: bool) -> None:
    """Show the parameters of a notebook: type, unit, range, default, meaning."""
    from repdose.inputs import notebooks
    from repdose.inputs.validation import describe

    notebook = notebooks.find(wanted)
    rows = describe(notebook.path)
    if as_json:
        say_json({"notebook": notebook.name, "parameters": rows})
        return
    for row in rows:
        within = ""
        if row["choices"]:
            within = f", one of {', '.join(row['choices'])}"
        elif row["minimum"] is not None:
            within = f", {row['minimum']:g} to {row['maximum']:g}"
        unit = f" [{row['unit']}]" if row["unit"] else ""
        say(
            f"{row['name']} = {row['default']!r}  {row['type']}{unit}{within}\n    {row['meaning']}"
        )
