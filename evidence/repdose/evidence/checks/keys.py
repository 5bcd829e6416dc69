"""Are the bibliography's keys and the uses of them the same."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from repdose.evidence import bibliography, tables
from repdose.evidence.bibliography.bibtex import read_bibtex
from repdose.evidence.bibliography.cited import cited_keys
from repdose.evidence.checks.files import ROOT, checkout, named, read
from repdose.evidence.errors import near
from repdose.evidence.places import place_of
from repdose.evidence.problems import Problem

_ROLE = re.compile(r":cite:(?:[a-z]+:)?`([^`]+)`")
#: Columns that hold bibliography keys, several separated by "; ".
_KEYS = {"source", "cited"}


def keys() -> Iterator[Problem]:
    """Keys that are used and not entered, or entered and not used."""
    path = bibliography.path()
    sources = read_bibtex(path).sources
    entered = {source.key: source.line for source in sources}
    used: set[str] = set()
    for key, file, line in uses():
        used.add(key)
        if key not in entered:
            message = f"no such entry in references.bib; near it: {', '.join(near(key, entered))}"
            yield Problem(file, line, key, "undefined-key", message)
    names = {source.key: source.key for source in sources}
    names |= {source.doi.lower(): source.key for source in sources if source.doi}
    used |= mentioned(names)
    if checkout():
        for key, line in entered.items():
            if key not in used:
                message = "nothing uses it: no table, docstring, notebook or page; remove it"
                yield Problem(named(path), line, key, "unused-key", message)


def uses() -> Iterator[tuple[str, str, int]]:
    """Key, file and line of every use that must resolve."""
    for table in read()[0].values():
        for column in _KEYS.intersection(table.columns):
            for row, line in zip(table.rows, table.lines, strict=True):
                for key in str(row[column] or "").split("; "):
                    if key:
                        yield key, named(table.path), line
    corrections = tables.DATA / "corrections.yaml"
    text = corrections.read_text("utf-8")
    for match in re.finditer(r"^\s+source:\s*(\S+)\s*$", text, re.MULTILINE):
        yield match.group(1), named(corrections), text.count("\n", 0, match.start(1)) + 1
    for path in _modules():
        text = path.read_text("utf-8")
        for match in _ROLE.finditer(text):
            line = text.count("\n", 0, match.start()) + 1
            for key in match.group(1).split(","):
                # the role itself is explained in docstrings as :cite:`key`
                if key.strip() not in ("", "key"):
                    yield key.strip(), named(path), line
    for path in _pages():
        for key, line in cited_keys(path):
            yield key, named(path), line


def _modules() -> Iterator[Path]:
    for folder in ("evidence", "analysis") if checkout() else ("repdose",):
        yield from sorted((ROOT / folder).rglob("*.py"))


def _pages() -> Iterator[Path]:
    """Notebooks wherever they are, and in a checkout the pages about them."""
    folder = place_of("notebooks")
    pages = [path for kind in ("*.ipynb", "*.md") for path in sorted(folder.rglob(kind))]
    pages.append(tables.DATA / "README.md")
    if checkout():
        pages += [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    # a checkpoint is an editor's copy
    yield from (path for path in pages if ".ipynb_checkpoints" not in path.parts)


def mentioned(names: Mapping[str, str]) -> set[str]:
    """Keys that stand, or whose DOI stands, in a cell of a table or as a string in the code."""
    words: set[str] = set()
    for table in read()[0].values():
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
