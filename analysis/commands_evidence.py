"""What ``repdose met``, ``check``, ``bib`` and ``claims`` print."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import evidence as ev
from analysis.terminal import Exit, say, say_json, warn
from evidence.compendium import TABLES

if TYPE_CHECKING:
    import pandas as pd


def show_met(wanted: str, edition: str | None, *, as_json: bool) -> None:
    """Print the MET of a code, or the rows that resemble the words."""
    if re.fullmatch(r"\d+", wanted):
        found = [dataclasses.asdict(record) for record in _mets(wanted, edition)]
        if as_json:
            say_json(found[0] if edition else found)
            return
        for row in found:
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
        say_json([{**row, "edition": chosen} for row in _rows(table)])
        return
    say(f"Edition {chosen}")
    for row in _rows(table):
        note = f"  ({row['note']})" if row["note"] else ""
        say(f"{row['code']}  {row['met']:>4g} MET  {row['activity']}{note}")


def _mets(code: str, edition: str | None) -> list[Any]:
    """The code in one edition, or in every edition that has it: none is preferred silently."""
    if edition is not None:
        return [ev.met(code, edition=edition)]
    found = []
    missing = None
    for name in TABLES:
        try:
            found.append(ev.met(code, edition=name))
        except ev.UnknownRecordError as error:
            missing = error if name == "2024" else missing
    if not found:
        assert missing is not None  # every edition refused it, 2024 among them
        raise missing
    return found


def lint_bibliography(file: Path, cited_in: Sequence[Path] = ()) -> Exit:
    """Print what is wrong with a BibTeX file, and between it and the files that cite from it."""
    from evidence.lint import lint

    found = [str(problem) for problem in lint(file, cited_in=cited_in)]
    return _problems(found, f"{file.name}: no problem found")


def check_evidence(*, renew: bool = False) -> Exit:
    """Print every inconsistency of the package's evidence, and how much was typed twice."""
    from evidence import check, checksums, copies

    for changed in checksums.renew() if renew else []:
        say(f"renewed the checksum of {changed.path}")
    for left_out in check.not_checked():
        warn(f"not checked: {left_out}")
    problems = [str(problem) for problem in check.run()]
    if not problems:
        say("\n".join(map(str, copies.shares())))
    return _problems(problems, "evidence, bibliography and data package are consistent")


def _problems(found: list[str], well: str) -> Exit:
    for line in found:
        say(line)
    if found:
        warn(f"{len(found)} problem{'s' if len(found) > 1 else ''}")
        return Exit.CHECK_FAILED
    say(well)
    return Exit.FINE


def check_table(file: Path) -> Exit:
    """Print what is wrong with a MET table of one's own."""
    from evidence.table_check import check_table as found

    return _problems([str(problem) for problem in found(file)], f"{file.name}: it can be used")


def write_template(name: str, out: Path | None, *, columns: bool) -> None:
    """An example of a table on stdout, or in a file with its columns' meaning beside it."""
    from evidence import own_trials
    from evidence.claims import template as claims_template
    from evidence.tables import meanings, resource

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


def list_claims(verdict: str | None, *, as_json: bool) -> None:
    """Print the claims, what their sources say, and the verdicts."""
    rows = _rows(ev.claims(verdict=verdict))
    if as_json:
        say_json(rows)
        return
    for row in rows:
        say(f"{row['id']}  {row['verdict']}: {row['claim']}\n     {row['source_says']}")


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as plain data, what is missing as None."""
    rows: list[dict[str, Any]] = json.loads(table.reset_index().to_json(orient="records"))
    return rows
