"""Is everything sourced and consistent: the checks behind ``repdose check``."""

from __future__ import annotations

import ast
import csv
import hashlib
import io
import json
import re
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from evidence import bibliography, tables
from evidence.bibtex import read_bibtex
from evidence.errors import EvidenceError, near
from evidence.lint import cited_keys, lint
from evidence.problems import Problem
from evidence.records import CHECKED
from evidence.trials import corrected, declared_corrections

#: The checkout, or the folder the package is installed in.
ROOT = Path(__file__).resolve().parent.parent
_DESCRIPTOR = "datapackage.json"
_CORRECTIONS = "corrections.yaml"
_ROLE = re.compile(r":cite:(?:[a-z]+:)?`([^`]+)`")
_LOCATED = re.compile(r"([\w.-]+\.(?:csv|yaml|json|bib)):(\d+):?\s*(.*)", re.DOTALL)
#: Columns that hold bibliography keys, several separated by "; ".
_KEYS = {"source", "cited"}
#: Where a second transcription of a MET table holds its numbers, by code.
_MET_COLUMNS = ("met", "basis")


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
    other table has; checksums; the frictionless library's own validation; corrections;
    references.bib itself, its keys in both directions; and, in a checkout, the second
    transcriptions of print.
    """
    problems = {problem for check in _CHECKS for problem in check()}
    return sorted(problems)


def not_checked() -> list[str]:
    """What `run` has to leave out here, a sentence each; empty in a checkout."""
    if _checkout():
        return []
    return [
        "second transcriptions: tests/published is not installed",
        "sources that nothing uses: README and docs, which may use them, are not installed",
    ]


def _checkout() -> bool:
    return (ROOT / "pyproject.toml").is_file() and (ROOT / "references.bib").is_file()


def _named(path: Path) -> str:
    """A file as the reader knows it, from the root of the project."""
    return path.resolve().relative_to(ROOT).as_posix()


def _data(name: str) -> str:
    return _named(tables.DATA / name)


def _line_of(text: str, wanted: str) -> int:
    """Line of the first occurrence, 0 if there is none."""
    place = text.find(wanted)
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


@cache
def _read() -> tuple[dict[str, tables.Table], tuple[Problem, ...]]:
    """Every table that can be read, and why the others cannot."""
    found: dict[str, tables.Table] = {}
    problems = []
    for name in tables.names():
        path = tables.DATA / tables.resource(name)["path"]
        try:
            found[name] = tables.table(name)
        except EvidenceError as error:
            problems.append(_located(str(error), path, "table"))
        except OSError as error:
            problems.append(Problem(_named(path), 0, "", "table", f"cannot be read: {error}"))
    return found, tuple(problems)


def _located(message: str, path: Path, rule: str) -> Problem:
    """A problem from an error that names ``file:line`` itself."""
    match = _LOCATED.search(message)
    if not match:
        return Problem(_named(path), 0, "", rule, message)
    return Problem(_data(match.group(1)), int(match.group(2)), "", rule, match.group(3))


def _tables() -> Iterator[Problem]:
    """Tables that do not fit their schema, and rows without a source."""
    found, problems = _read()
    yield from problems
    for table in found.values():
        if "source" not in table.columns:
            continue
        file = _named(table.path)
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
    import evidence

    for name in ("exercises", "findings", "guidelines", "claims", "published_curves"):
        try:
            getattr(evidence, name)()
        except EvidenceError as error:
            yield _located(str(error), tables.DATA / f"{name}.csv", "record")


def _checksums() -> Iterator[Problem]:
    """Tables whose bytes are not those that the descriptor names."""
    text = (tables.DATA / _DESCRIPTOR).read_text("utf-8")
    for resource in tables.package()["resources"]:
        path = tables.DATA / resource["path"]
        if not path.is_file():
            continue  # reported with the tables
        actual = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        if resource.get("hash") != actual:
            message = (
                f"the checksum of {resource['path']} is {actual}, the descriptor has "
                f"{resource.get('hash') or 'none'}; if the change is meant, enter the new one "
                "and name the changed number in CHANGELOG.md"
            )
            line = _line_of(text, f'"path": "{resource["path"]}"')
            yield Problem(_data(_DESCRIPTOR), line, resource["name"], "checksum", message)
    described = {resource["path"] for resource in tables.package()["resources"]}
    for path in sorted(tables.DATA.glob("*.csv")):
        if path.name not in described:
            message = f"no resource of {_DESCRIPTOR} describes it"
            yield Problem(_named(path), 0, "", "descriptor", message)


def _frictionless() -> Iterator[Problem]:
    """What the frictionless library finds wrong with the data package."""
    limit = csv.field_size_limit()
    with warnings.catch_warnings():
        # it warns of the packages it would need for formats that are not used here
        warnings.simplefilter("ignore")
        from frictionless import Package

        report = Package(str(tables.DATA / _DESCRIPTOR)).validate()
    csv.field_size_limit(limit)  # which importing it lifts for the whole process
    for error in report.errors:
        yield Problem(_data(_DESCRIPTOR), 0, "", "frictionless", error.message)
    for task in report.tasks:
        for error in task.errors:
            if error.type == "hash-count":
                continue  # reported with the checksums
            line = getattr(error, "row_number", None) or 0
            file = _data(str(task.place))
            yield Problem(file, line, task.name, "frictionless", error.message)


def _corrections() -> Iterator[Problem]:
    """Declared corrections that have expired or cannot be read."""
    path = tables.DATA / _CORRECTIONS
    text = path.read_text("utf-8")
    try:
        declared = declared_corrections().values()
    except EvidenceError as error:
        yield Problem(_named(path), 0, "", "correction", str(error))
        return
    for correction in declared:
        line = _line_of(text, f"id: {correction.id}\n")
        table = _read()[0].get(correction.table)
        if table is None:
            if correction.table not in set(tables.names()):
                message = f"there is no table {correction.table!r}"
                yield Problem(_named(path), line, correction.id, "correction", message)
            continue
        try:
            corrected(table, [correction])
        except EvidenceError as error:
            yield Problem(_named(path), line, correction.id, "correction", str(error))


def _bibliography() -> Iterator[Problem]:
    """Faults of references.bib itself."""
    path = bibliography.path()
    for problem in lint(path):
        yield Problem(_named(path), problem.line, problem.key, problem.rule, problem.message)


def _keys() -> Iterator[Problem]:
    """Keys that are used and not entered, or entered and not used."""
    path = bibliography.path()
    sources = read_bibtex(path).sources
    entered = {source.key: source.line for source in sources}
    used: set[str] = set()
    for key, file, line in _uses():
        used.add(key)
        if key not in entered:
            message = f"no such entry in references.bib; near it: {', '.join(near(key, entered))}"
            yield Problem(file, line, key, "undefined-key", message)
    names = {source.key: source.key for source in sources}
    names |= {source.doi.lower(): source.key for source in sources if source.doi}
    used |= _mentioned(names)
    if _checkout():
        for key, line in entered.items():
            if key not in used:
                message = "nothing uses it: no table, docstring, notebook or page; remove it"
                yield Problem(_named(path), line, key, "unused-key", message)


def _uses() -> Iterator[tuple[str, str, int]]:
    """Key, file and line of every use that must resolve."""
    for table in _read()[0].values():
        for column in _KEYS.intersection(table.columns):
            for row, line in zip(table.rows, table.lines, strict=True):
                for key in str(row[column] or "").split("; "):
                    if key:
                        yield key, _named(table.path), line
    corrections = tables.DATA / _CORRECTIONS
    text = corrections.read_text("utf-8")
    for match in re.finditer(r"^\s+source:\s*(\S+)\s*$", text, re.MULTILINE):
        yield match.group(1), _named(corrections), text.count("\n", 0, match.start(1)) + 1
    for path in _modules():
        text = path.read_text("utf-8")
        for match in _ROLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            for key in match.group(1).split(","):
                # the role itself is explained in docstrings as :cite:`key`
                if key.strip() not in ("", "key"):
                    yield key.strip(), _named(path), line
    for path in _pages():
        for key, line in cited_keys(path):
            yield key, _named(path), line


def _modules() -> Iterator[Path]:
    for package in ("evidence", "analysis"):
        yield from sorted((ROOT / package).rglob("*.py"))


def _pages() -> Iterator[Path]:
    """Notebooks wherever they are, and in a checkout the pages about them."""
    pages = [
        path
        for folder in (ROOT / "notebooks", ROOT / "analysis" / "notebooks")
        for kind in ("*.ipynb", "*.md")
        for path in sorted(folder.rglob(kind))
    ]
    pages.append(tables.DATA / "README.md")
    if _checkout():
        pages += [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    # a checkpoint is an editor's copy
    yield from (path for path in pages if ".ipynb_checkpoints" not in path.parts)


def _mentioned(names: Mapping[str, str]) -> set[str]:
    """Keys that stand, or whose DOI stands, in a cell of a table or as a string in the code."""
    words: set[str] = set()
    for table in _read()[0].values():
        for row in table.rows:
            for value in row.values():
                if isinstance(value, str):
                    words.update(re.split(r"[\s;,|]+", value))
    texts = [path.read_text("utf-8") for path in _modules()]
    for path in _pages():
        if path.suffix == ".ipynb":
            cells = json.loads(path.read_text("utf-8"))["cells"]
            texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    for text in texts:
        try:
            tree = ast.parse(text)
        except SyntaxError:
            continue  # a notebook's magic; an error in a module shows soon enough
        constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
        words.update(value for value in constants if isinstance(value, str))
    return {names[word.lower()] for word in words if word.lower() in names}


def _ids() -> Iterator[Problem]:
    """Ids that two tables share: a ledger keeps one record an id, so one would be lost."""
    for id, (first, *others) in _by_id().items():
        for table, place in others:
            message = f"{_named(first[0].path)}:{first[0].lines[first[1]]} has this id too; rename"
            yield Problem(_named(table.path), table.lines[place], id, "repeated-id", message)


def _transcriptions() -> Iterator[Problem]:
    """Numbers that differ from the second transcription of print."""
    if not _checkout():
        return
    for path in sorted((ROOT / "tests" / "published").glob("*.csv")):
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))
        header = list(reader.fieldnames or [])
        if header == ["record", "field", "value"]:
            for row in reader:
                where = (_named(path), reader.line_num)
                yield from _compare(row["record"], row["field"], row["value"], where)
        elif header[:2] == ["code", "met"]:
            rows = {row["code"]: row for row in reader}
            yield from _compare_met(path, rows)


@cache
def _by_id() -> Mapping[str, list[tuple[tables.Table, int]]]:
    """Tables and row numbers by record id."""
    found: dict[str, list[tuple[tables.Table, int]]] = defaultdict(list)
    for table in _read()[0].values():
        if table.columns and table.columns[0] == "id":
            for place, row in enumerate(table.rows):
                found[str(row["id"])].append((table, place))
    return found


def _compare(record: str, field: str, printed: str, where: tuple[str, int]) -> Iterator[Problem]:
    """One value of a second transcription with the table that holds the record."""
    holders = [item for item in _by_id().get(record, []) if field in item[0].columns]
    if not holders:
        yield Problem(*where, record, "transcription", f"no table has its {field}")
    for table, place in holders:
        value = table.rows[place][field]
        if not _same(value, printed):
            message = f"{field} is {value}, in {where[0]} {printed}"
            yield Problem(_named(table.path), table.lines[place], record, "transcription", message)


def _compare_met(path: Path, printed: Mapping[str, Mapping[str, str]]) -> Iterator[Problem]:
    """A MET table with its second transcription, code by code and in both directions."""
    table = _read()[0].get(path.stem)
    if table is None:
        return
    for row, line in zip(table.rows, table.lines, strict=True):
        code = str(row["code"])
        theirs = printed.get(code)
        if theirs is None:
            message = f"not in the second transcription ({_named(path)})"
            yield Problem(_named(table.path), line, code, "transcription", message)
            continue
        for column in _MET_COLUMNS:
            if column in theirs and not _same(row[column], theirs[column]):
                message = f"{column} is {row[column]}, in {_named(path)} {theirs[column]}"
                yield Problem(_named(table.path), line, code, "transcription", message)
    codes = {str(row["code"]) for row in table.rows}
    for code in sorted(set(printed) - codes):
        message = f"the second transcription ({_named(path)}) has it, the table does not"
        yield Problem(_named(table.path), 0, code, "transcription", message)


def _same(value: tables.Cell, printed: str) -> bool:
    if isinstance(value, bool):
        return printed == str(value).lower()
    if isinstance(value, int | float):
        try:
            return float(printed) == value
        except ValueError:
            return False
    return (value or "") == printed


_CHECKS: tuple[Callable[[], Iterator[Problem]], ...] = (
    _tables,
    _records,
    _ids,
    _checksums,
    _frictionless,
    _corrections,
    _bibliography,
    _keys,
    _transcriptions,
)
