"""What lies over all reports of a folder, written anew once what it is made of has changed.

A file in the folder says what that was and what was written. So a build with nothing to do reads no
numbers again, and one that finds a page or a table altered writes it anew.
"""

from __future__ import annotations

import importlib.util
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from repdose.evidence import whole_files
from repdose.reports import folders, manifest, provenance, shapes
from repdose.reports.builds import index
from repdose.reports.folders import EXPLORE, INDEX, TABLE, TYPED_TABLE
from repdose.reports.jobs import Job, as_json, in_a_line

WRITTEN = "overview.json"


def write(out: Path, sweep: Sequence[Job] = (), ahead: Mapping[str, str] | None = None) -> None:
    """Write the pages over all reports and, of the jobs of a sweep, the tables of their numbers.

    What is as it would be written is left alone; a page made `ahead` is not computed again.
    """
    before, seen = _before(out), dict(_seen(out))
    made_of = _digest(seen, manifest.package_digest(), provenance.shipped())
    parts = {
        "pages": _written(
            *(out, before.get("pages"), made_of, (INDEX, EXPLORE)),
            write=lambda: index.write_index(out, ahead),
        )
    }
    if sweep:
        rows = [[job.name, job.stated, seen.get(_name(job.folder, out))] for job in sweep]
        typed = importlib.util.find_spec("pyarrow") is not None
        parts["tables"] = _written(
            *(out, before.get("tables"), _digest(rows, manifest.package_digest(), typed)),
            (TABLE, TYPED_TABLE),
            write=lambda: index.write_table(out, sweep),
        )
    if (told := before | parts) != before:
        whole_files.write_file(out / WRITTEN, as_json(told))


def _written(
    out: Path, before: Any, made_of: str, names: Sequence[str], *, write: Callable[[], None]
) -> dict[str, Any]:
    """What is to be said of some files, once they are as they are to be."""
    if before == (told := {"made_of": made_of, "files": _files(out, names)}):
        return told
    write()
    return {"made_of": made_of, "files": _files(out, names)}


def _before(out: Path) -> dict[str, Any]:
    """What the build before has said; nothing if that cannot be known."""
    try:
        raw = shapes.regular(out / WRITTEN, out, most=shapes.MOST_BYTES)
        said = json.loads(raw or b"{}")
    except (ValueError, RecursionError):  # it is none of a build, or was altered
        return {}
    return said if isinstance(said, dict) else {}


def _seen(out: Path) -> Iterator[tuple[str, Any]]:
    """By report: digests of all that an index or a table takes of it."""
    for folder in manifest.places(out):
        told = _content(folder / folders.MANIFEST, out)
        if told is not None:
            pages = [(folder / name).is_file() for name in ("report.html", folders.ERROR)]
            yield _name(folder, out), [told, _content(folder / folders.RESULTS, out), pages]


def _files(out: Path, names: Sequence[str]) -> dict[str, str | None]:
    return {name: _content(out / name, out) for name in names}


def _content(path: Path, out: Path) -> str | None:
    """Digest of a file, or why there is none; None if it is not there."""
    try:
        raw = shapes.regular(path, out)
    except shapes.UnreadableError as error:
        return error.why
    return None if raw is None else manifest.digest(raw)


def _name(folder: Path, out: Path) -> str:
    return os.path.relpath(folder, out).replace(os.sep, "/")


def _digest(*parts: Any) -> str:
    return manifest.digest(in_a_line(parts))
