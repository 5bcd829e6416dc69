"""``repdose met``: the MET of an activity, with its source."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import click

from repdose import evidence as ev
from repdose.cli.terminal import json_option, rows_of, say, say_json
from repdose.evidence.compendia.met_tables import TABLES
from repdose.evidence.table_schema import plain_digits


@click.command("met")
@click.argument("words", metavar="CODE|WORDS", nargs=-1, required=True)
@click.option("--edition", help="2011, 2024, older-2024 or wheelchair; by default every one.")
@json_option
def command(words: tuple[str, ...], edition: str | None, as_json: bool) -> None:
    """Look up the MET of an activity, with its source."""
    wanted = " ".join(words)
    if (plain := plain_digits(wanted)) != wanted and re.fullmatch(r"[0-9]{5,7}", plain):
        raise ValueError(f"{wanted!r} has other digits than 0 to 9; write {plain}")
    if re.fullmatch(r"[0-9]+|[a-z][a-z0-9_]*\.[a-z0-9_]+", wanted):  # the latter is of a pack
        rows = [dataclasses.asdict(record) for record in _mets(wanted, edition)]
        if as_json:
            say_json(rows[0] if edition else rows)
            return
        for row in rows:
            say(
                f"{row['code']}  {row['met']:g} MET  edition {row['edition']}, {row['basis']}\n"
                f"       {row['heading']}: {row['activity']}\n"
                f"       {row['source']}, {row['locator']}; checked: {row['checked']}"
            )
        return
    chosen = edition or "2024"
    table = ev.search(wanted, edition=chosen)
    if table.empty:
        raise ev.UnknownRecordError(
            f"nothing in the {chosen} edition resembles {wanted!r}; try fewer or other words"
        )
    if as_json:
        say_json([{**row, "edition": chosen} for row in rows_of(table)])
        return
    say(f"Edition {chosen}")
    for row in rows_of(table):
        note = f"  ({row['note']})" if row["note"] else ""
        say(f"{row['code']}  {row['met']:>4g} MET  {row['activity']}{note}")


def _mets(code: str, edition: str | None) -> list[Any]:
    """The code in one edition, or in every edition that has it: none is preferred silently."""
    if edition is not None:
        return [ev.met(code, edition=edition)]
    records = []
    missing = None
    for name in TABLES:
        try:
            records.append(ev.met(code, edition=name))
        except ev.UnknownRecordError as error:
            missing = error if name == "2024" else missing
    if not records:
        assert missing is not None  # every edition refused it, 2024 among them
        raise missing
    return records
