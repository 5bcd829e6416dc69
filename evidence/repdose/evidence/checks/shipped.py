"""Is everything sourced and consistent: the checks behind ``repdose check``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from repdose.evidence import bibliography, tables
from repdose.evidence.all_records import READERS
from repdose.evidence.bibliography.lint import lint
from repdose.evidence.checks.checksums import checksums
from repdose.evidence.checks.files import (
    DESCRIPTOR,
    by_id,
    checkout,
    data,
    line_of,
    located,
    named,
    read,
)
from repdose.evidence.checks.keys import keys
from repdose.evidence.checks.transcriptions import stated_copies, transcriptions
from repdose.evidence.errors import EvidenceError
from repdose.evidence.problems import Problem
from repdose.evidence.records import CHECKED
from repdose.evidence.studies.corrections import corrected, declared_corrections

_CORRECTIONS = "corrections.yaml"


def run() -> list[Problem]:
    """Every inconsistency of the package's evidence and bibliography.

    Returns
    -------
    list of Problem
        In order of file and line; empty if all is well. What an installed package does not
        carry is left out: `not_checked` says what.

    Notes
    -----
    Tables read by their schemas; each row with source, locator and checked level; ids that no
    other table has; checksums; corrections; references.bib itself, its keys in both directions;
    from which copies of print the rows were typed; and, in a checkout, the second transcriptions
    themselves.
    """
    problems = {problem for check in CHECKS for problem in check()}
    return sorted(problems)


def not_checked() -> list[str]:
    """What `run` has to leave out here, a sentence each; empty in a checkout."""
    if checkout():
        return []
    return [
        "second transcriptions: tests/published is not installed",
        "sources that nothing uses: README and docs, which may use them, are not installed",
    ]


def _tables() -> Iterator[Problem]:
    """Tables that do not fit their schema, and rows without a source."""
    by_name, problems = read()
    yield from problems
    for table in by_name.values():
        if "source" not in table.columns:
            continue
        file = named(table.path)
        for name in ("locator", "checked"):
            if name not in table.columns:
                yield Problem(file, 1, "", "record", f"has a source and no column {name!r}")
        for row, line in zip(table.rows, table.lines, strict=True):
            key = str(next(iter(row.values())))
            for name in ("source", "locator", "checked"):
                if name in row and not str(row[name] or "").strip():
                    yield Problem(file, line, key, "record", f"{name} is empty; it is required")
            if "checked" in row and row["checked"] and row["checked"] not in CHECKED:
                message = f"checked is {row['checked']!r}; allowed: {', '.join(CHECKED)}"
                yield Problem(file, line, key, "record", message)


def _records() -> Iterator[Problem]:
    """Tables whose rows their own records refuse."""
    for name, records in READERS.items():
        try:
            records()
        except EvidenceError as error:
            yield located(str(error), tables.DATA / f"{name}.csv", "record")


def _checksums() -> Iterator[Problem]:
    """Files whose bytes are not those that the descriptor names."""
    text = (tables.DATA / DESCRIPTOR).read_text("utf-8")
    for checksum in checksums():
        if checksum.stated != checksum.actual:
            message = (
                f"the checksum of {checksum.path} is {checksum.actual}, the descriptor has "
                f"{checksum.stated or 'none'}; if the change is meant, run repdose check --renew "
                "and name the changed number in CHANGELOG.md"
            )
            line = line_of(text, f'"path": "{checksum.path}"')
            yield Problem(data(DESCRIPTOR), line, checksum.name, "checksum", message)
    described = {resource["path"] for resource in tables.package()["resources"]}
    for path in sorted(tables.DATA.glob("*.csv")):
        if path.name not in described:
            message = f"no resource of {DESCRIPTOR} describes it"
            yield Problem(named(path), 0, "", "descriptor", message)


def _corrections() -> Iterator[Problem]:
    """Declared corrections that have expired or cannot be read."""
    path = tables.DATA / _CORRECTIONS
    text = path.read_text("utf-8")
    try:
        declared = declared_corrections().values()
    except EvidenceError as error:
        yield Problem(named(path), 0, "", "correction", str(error))
        return
    for correction in declared:
        line = line_of(text, f"id: {correction.id}\n")
        table = read()[0].get(correction.table)
        if table is None:
            if correction.table not in set(tables.names()):
                message = f"there is no table {correction.table!r}"
                yield Problem(named(path), line, correction.id, "correction", message)
            continue
        try:
            corrected(table, [correction])
        except EvidenceError as error:
            yield Problem(named(path), line, correction.id, "correction", str(error))


def _bibliography() -> Iterator[Problem]:
    """Faults of references.bib itself."""
    path = bibliography.path()
    for problem in lint(path):
        yield Problem(named(path), problem.line, problem.key, problem.rule, problem.message)


def repeated_ids() -> Iterator[Problem]:
    """Ids that two tables share: a ledger keeps one record an id, so one would be lost."""
    for id, (first, *others) in by_id().items():
        for table, place in others:
            message = f"{named(first[0].path)}:{first[0].lines[first[1]]} has this id too; rename"
            yield Problem(named(table.path), table.lines[place], id, "repeated-id", message)


CHECKS: tuple[Callable[[], Iterator[Problem]], ...] = (
    _tables,
    _records,
    repeated_ids,
    _checksums,
    _corrections,
    _bibliography,
    keys,
    transcriptions,
    stated_copies,
)
