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
    from repdose.evidence import own_trials, whole_files
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
    # What the columns mean may be there alone, of a command that was killed in between
    is_other = beside.exists() and beside.read_bytes() != sidecar.encode("utf-8")
    for file in ([out] if out.exists() else []) + ([beside] if is_other else []):
        raise ValueError(f"{file} is there already; name another file, or remove it first")
    # Both are on the disk before either is put in its place
    with whole_files.replacing(out) as table, whole_files.replacing(beside) as columns_of_it:
        table.write(example().encode("utf-8"))
        columns_of_it.write(sidecar.encode("utf-8"))
    warn(f"{out} holds an invented example, {beside} says what each column means")
