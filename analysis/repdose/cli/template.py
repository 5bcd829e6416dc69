"""``repdose template``: a valid example of a table of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from repdose.cli.terminal import output_option, say, warn


@click.command("template")
@click.argument("name")
@output_option("File: .csv; its columns' meaning is written beside.", required=False)
@click.option("--columns", is_flag=True, help="Print what each column means instead.")
def command(name: str, out: Path | None, columns: bool) -> None:
    """Write a valid example of a table of your own, to start from: trials, or claims."""
    from repdose.evidence import own_trials
    from repdose.evidence.claim_audit import template as claims_template
    from repdose.evidence.table_schema import meanings
    from repdose.evidence.tables import resource

    layouts: dict[str, tuple[Callable[[], str], Callable[[], Iterable[Mapping[str, Any]]]]] = {
        "trials": (own_trials.template, own_trials.fields),
        "claims": (claims_template, lambda: resource("claims")["schema"]["fields"]),
    }
    if name not in layouts:
        raise ValueError(f"no template {name!r}; there are {', '.join(layouts)}")
    example, fields = layouts[name]
    sidecar = "".join(f"{line}\n" for line in meanings(fields()))
    if out is None:
        say((sidecar if columns else example()).removesuffix("\n"))
        if not columns:
            warn(
                f"invented example; what each column means: repdose template {name} --columns, "
                "or -o FILE.csv, which writes both"
            )
        return
    if columns:
        raise ValueError("give --columns or -o, not both: -o writes the columns' meaning beside")
    if out.suffix != ".csv":
        raise ValueError(f"output {str(out)!r}: the file must end in .csv")
    beside = out.with_suffix(".columns.txt")
    for file in (out, beside):
        if file.exists():
            raise ValueError(f"{file} is there already; name another file, or remove it first")
    out.write_text(example(), encoding="utf-8")
    beside.write_text(sidecar, encoding="utf-8")
    warn(f"{out} holds an invented example, {beside} says what each column means")
