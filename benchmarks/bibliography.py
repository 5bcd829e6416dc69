"""A bibliography of 20,000 entries: check it, cite twenty of its works, find 200,000 citations.

Both sides read the same file in the same run. The other side is what a loader commonly does:
bibtexparser with names split and every field's LaTeX decoded.

    python benchmarks/bibliography.py [ENTRIES [CITATIONS]]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from repdose.evidence.bibliography.bibtex import read_bibtex
from repdose.evidence.bibliography.citations import parse_citations
from repdose.evidence.bibliography.cited import cited_keys
from repdose.evidence.bibliography.citing import print_references
from repdose.evidence.bibliography.lint import lint

ENTRY = """@article{{author{n},
  author  = {{M{{\\"u}}ller, Anna and O'Brien, J. P. and {{Group {n}}} and de la Cruz, Luis}},
  title   = {{Effects of training volume number {n} on {{MET}} values: a $\\beta$-version {n}}},
  journal = {{Journal of Sports \\& Exercise}},
  year    = {{{year}}},
  volume  = {{{n}}},
  pages   = {{{n}--{last}}},
  doi     = {{10.1000/example.{n}}},
  pmid    = {{{pmid}}},
}}
"""


def written(folder: str, entries: int) -> Path:
    path = Path(folder) / "many.bib"
    path.write_text(
        "\n".join(
            ENTRY.format(n=n, year=1950 + n % 75, last=n + 9, pmid=90_000_000 + n)
            for n in range(1, entries + 1)
        ),
        "utf-8",
    )
    return path


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> None:
    entries = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    citations = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_file

    def eager() -> object:
        return parse_file(
            str(path),
            append_middleware=[
                middlewares.SeparateCoAuthors(),
                middlewares.SplitNameParts(),
                middlewares.LatexDecodingMiddleware(),
            ],
        )

    def ours() -> object:
        return print_references(read_bibtex(path).sources[:20], "apa")

    with tempfile.TemporaryDirectory() as folder:
        path = written(folder, entries)
        megabytes = path.stat().st_size / 1e6
        problems: list[object] = []
        checked = seconds(lambda: problems.extend(lint(path)))
        cited = seconds(ours)
        loaded = seconds(eager)
    text = "\n".join(
        f"A sentence [@author{n}; see @author{n + 1}, p. {n}] more." for n in range(citations // 2)
    )
    found = seconds(lambda: parse_citations(text))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.md"
        page.write_text(text, encoding="utf-8")
        lined = seconds(lambda: list(cited_keys(page)))
    print(f"{entries:,} entries, {megabytes:.1f} MB")
    print(f"check every entry              {checked:6.2f} s  ({len(problems)} problems)")
    print(f"read, cite 20 in APA           {cited:6.2f} s")
    print(f"bibtexparser, all decoded      {loaded:6.2f} s")
    print(f"find {citations:,} citations         {found:6.2f} s")
    print(f"the same of a file, with lines {lined:6.2f} s")
    print(f"reading and citing is {loaded / cited:.1f} times as fast as decoding everything first")


if __name__ == "__main__":
    main()
