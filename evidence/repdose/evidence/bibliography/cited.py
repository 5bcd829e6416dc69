"""Which works a text cites, and where: Markdown, LaTeX and notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from repdose.evidence.bibliography import citations
from repdose.evidence.bibliography.bibtex import MAX_BYTES
from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import content_of, json_of

_TEX_CITED = re.compile(r"\\(?:[A-Za-z]*cite[A-Za-z]*)\*?(?:\[[^\]]*\]){0,2}\{([^{}]+)\}")


def cited_keys(path: str | Path) -> Iterator[tuple[str, int]]:
    """Keys that a Markdown, LaTeX or notebook file cites, each with its line in the file."""
    raw = content_of(path, most=MAX_BYTES, name=str(path))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{path}: cannot be read as UTF-8 text: {error}") from None
    if Path(path).suffix == ".ipynb":
        yield from _cited_in_notebook(str(path), text)
        return
    found = citations.each_citation(text)
    yield from _lined(text, ((each.start, item.key) for each in found for item in each.items))
    if Path(path).suffix == ".tex":
        cited = _TEX_CITED.finditer(text)
        keys = ((match.start(), key.strip()) for match in cited for key in match[1].split(","))
        yield from _lined(text, ((at, key) for at, key in keys if key))


def _lined(text: str, found: Iterable[tuple[int, str]]) -> Iterator[tuple[str, int]]:
    """Each key with its line; the places come in order, so that each line is counted once."""
    line, last = 1, 0
    for at, key in found:
        if at > last:
            line += text.count("\n", last, at)
            last = at
        yield key, line


def _cited_in_notebook(path: str, text: str) -> Iterator[tuple[str, int]]:
    try:
        cells = json_of(text, path)["cells"]
        pages = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (EvidenceError, KeyError, TypeError):
        raise EvidenceError(f"{path}: not a Jupyter notebook") from None
    last, place = 0, 0
    found = []
    for page in pages:
        for citation in citations.each_citation(page):
            for item in citation.items:
                # the file's line, where an editor or a review will look for it
                if place >= 0:  # one that is written in escapes stands where the last one does
                    written = item.key
                    if '"' in written or "\\" in written:
                        written = json.dumps(written, ensure_ascii=False)[1:-1]
                    place = text.find(written, last)
                    last = max(place, last)
                found.append((last, item.key))
    yield from _lined(text, found)
