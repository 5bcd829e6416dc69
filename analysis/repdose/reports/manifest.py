"""What a report was made from, component by component, so that a build knows what is stale."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from repdose.evidence import bibliography, errors, packs, tables
from repdose.evidence.tables import DATA
from repdose.inputs import cells
from repdose.reports import folders, holding, provenance, shapes
from repdose.reports.jobs import CellError, Job, as_json
from repdose.reports.pages import canonical
from repdose.reports.shapes import RefusedError, UnreadableError

_PACKAGES = (Path(__file__).resolve().parents[1], Path(errors.__file__).resolve().parent)
_SOURCES = (".py", ".j2", ".css", ".js", ".json", ".csl")
_FIGURE = re.compile(r"figures/[a-z][a-z0-9_]*\.(png|svg)")
#: What a manifest says, checked, or why it says nothing.
Written = dict[str, Any] | UnreadableError


class NoBuildError(ValueError):
    """A folder that was to hold reports and holds none."""


def complete(
    job: Job, results: Mapping[str, Any], files: Mapping[str, str | bytes]
) -> dict[str, Any]:
    """Manifest of a finished report."""
    # What a notebook reads that opens no report, nobody has seen: it may be any table
    read = sorted(results["data"]) or [one["path"] for one in tables.package()["resources"]]
    shipped = _is_shipped(job)
    made_from = Now().components(
        job.source, job.made_of, read, results["sources"], is_shipped=shipped
    )
    return {
        "status": "complete",
        "title": job.title,
        "subtitle": job.subtitle,
        **_said_of(job),
        "made_from": made_from,
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }


def failed(job: Job, error: CellError) -> dict[str, Any]:
    """Manifest of a report that failed: never taken for a finished one."""
    return {
        "status": "failed",
        **_said_of(job),
        "problem": error.problem,
    }


def _said_of(job: Job) -> dict[str, Any]:
    return {
        "notebook": job.notebook,
        "scenario": job.scenario,
        "parameters": dict(job.stated),
        "own_files": sorted(job.files),
        "declared": [pack for pack in job.packs if "files" in pack],
        "is_shipped": _is_shipped(job),
    }


def _is_shipped(job: Job) -> bool:
    return _is_shipped_text(job.source, job.notebook)


def _is_shipped_text(source: Path, name: str) -> bool:
    """Whether a notebook is the shipped one: by its text, since a worker is sent a copy."""
    shipped = cells.notebooks_folder() / f"{name}.ipynb"
    if source == shipped:
        return True
    try:
        return notebook_text(source) == notebook_text(shipped)
    except (OSError, ValueError, KeyError, TypeError):  # it failed because it is no notebook
        return False


class Now:
    """What reports would be made of at this moment; what many share is digested once."""

    def __init__(self) -> None:
        self._shared = {
            "package": package_digest(),
            "libraries": provenance.versions(),
            "export": provenance.export_versions(),
            "platform": f"{platform.system()} {platform.machine()}",
            "canonical form": canonical.VERSION,
        }
        # By name and the packs in force, from which what is named may come
        self._table = cache(lambda name, _packs: _table_digest(name))
        self._entry = cache(lambda key, _packs: entry_digest(key))
        self._notebook = cache(lambda source: digest(notebook_text(source)))
        self._is_shipped = cache(lambda source, name: _is_shipped_text(source, name))

    def components(
        self, source: Path, made_of: str, names: list[str], sources: list[str], *, is_shipped: bool
    ) -> dict[str, Any]:
        """What makes a report: its notebook, what it was given, as a digest, what it has read.

        A digest of each part that has content, the release of each part that is installed; the
        packs in force are those it is made with. How the processor adds is of a reader's own
        notebook only, which may show all digits of what it has computed.
        """
        opened = packs.in_force()
        arithmetic = {} if is_shipped else {"arithmetic": provenance.arithmetic()}
        return {
            **arithmetic,
            "notebook": self._notebook(source),
            "parameters": made_of,
            "data": {name: self._table(name, opened) for name in names},
            "packs": {pack.name: _pack_words(pack) for pack in opened},
            "schemas": {name: schema for name in names if (schema := schema_digest(name))},
            "bibliography": {key: self._entry(key, opened) for key in sources},
            **self._shared,
        }

    def of(self, job: Job, names: Iterable[str], sources: Iterable[str]) -> dict[str, Any]:
        """The :meth:`components` of a job that has read these tables and cited these sources."""
        with packs.stacked([packs.of_plain(plain) for plain in job.packs]):
            return self.components(
                job.source,
                job.made_of,
                sorted(names),
                sorted(sources),
                is_shipped=self._is_shipped(job.source, job.notebook),
            )


def notebook_text(source: Path) -> str:
    """Code and prose of a notebook, without outputs, ids and editors' metadata."""
    notebook = json.loads(source.read_text("utf-8"))
    return as_json(
        [
            [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
            for cell in notebook["cells"]
        ]
    )


@cache
def package_digest() -> str:
    """Digest of the package's source: code, templates and citation styles, wherever they lie."""
    files = {f"styles/{path.name}": str(path) for path in (DATA / "styles").glob("*")}
    for package in map(str, _PACKAGES):
        for folder, inner, names in os.walk(package):
            # A wheel holds tables, packs and notebooks too, which are digests of their own
            inner[:] = [name for name in inner if name not in ("data", "notebooks", "packs")]
            inside = os.path.relpath(folder, os.path.dirname(package)).replace(os.sep, "/")
            inside = f"{inside}/".removeprefix("repdose/")
            files |= {f"{inside}{name}": os.path.join(folder, name) for name in names}
    total = hashlib.sha256()
    for name, path in sorted(files.items()):
        if name.endswith(_SOURCES):
            total.update(name.encode("utf-8"))
            total.update(Path(path).read_bytes())
    return total.hexdigest()


def _table_digest(name: str) -> str:
    """Digest of a packaged table, or of a pack's, which its name begins with."""
    prefix, _, path = name.rpartition("/")
    if not prefix:
        return digest_of(DATA / name)
    held = next((pack.files for pack in packs.in_force() if pack.name == prefix), {})
    return digest(held[path]) if path in held else "missing"


def packs_of(written: Mapping[str, Any]) -> list[packs.Pack]:
    """The packs of a report that can be opened from here: in force, shipped, or declared in it."""
    held = {pack.name: pack for pack in packs.in_force()}
    own = {pack.name: pack for pack in map(packs.of_plain, written.get("declared", []))}
    names = written.get("made_from", {}).get("packs", {})
    shipped = {name: packs.load(name) for name in names if name in packs.shipped()}
    known = held | own | shipped
    return [known[name] for name in names if name in known]


def _pack_words(pack: packs.Pack) -> str:
    return f"{pack.version} {pack.sha256}"


def digest_of(path: Path) -> str:
    return provenance.checksum(path) if path.is_file() else "missing"


@cache
def schema_digest(name: str) -> str:
    """Digest of how a table is to be read; empty of a file that is no table."""
    for resource in tables.package()["resources"]:
        if resource["path"] == name.rpartition("/")[2]:  # a pack's is read by the same schema
            return digest(as_json({key: resource[key] for key in resource if key != "hash"}))
    return ""


def entry_digest(key: str) -> str:
    try:
        return digest(bibliography.source(key).raw)
    except KeyError:
        return "missing"


def digest(content: str | bytes) -> str:
    """SHA-256 in hexadecimal."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def read(folder: Path) -> dict[str, Any] | None:
    """Manifest of a report's folder, checked; None if there is none.

    Raises
    ------
    RefusedError
        If it is somebody else's, is a link or lies behind one, or names what is not in the folder.
    UnreadableError
        If it is damaged, or of another version.
    """
    raw = shapes.regular(folder / folders.MANIFEST, folder.parents[1], most=shapes.MOST_BYTES)
    return None if raw is None else shapes.manifest(raw, folders.MANIFEST)


def results(folder: Path, written: Mapping[str, Any]) -> dict[str, Any]:
    """What a finished report states, checked.

    Raises
    ------
    UnreadableError
        If its file is not the one that was written, or of another version.
    """
    return shapes.results(whole_results(folder, written), folders.RESULTS)


def whole_results(folder: Path, written: Mapping[str, Any]) -> bytes:
    """The file of a report's results, if it is the one that was written.

    Raises
    ------
    UnreadableError
        If it is not.
    """
    raw = shapes.regular(folder / folders.RESULTS, folder.parents[1], most=shapes.MOST_BYTES)
    if raw is None or digest(raw) != written["files"].get(folders.RESULTS):
        raise UnreadableError(f"{folders.RESULTS} is missing or was altered")
    return raw


def finished(folder: Path) -> dict[str, Any] | None:
    """Manifest of the finished report in a folder, be it beside a page on a later failure."""
    try:
        written = read(folder)
    except UnreadableError:
        return None
    if written is None or written["status"] == "complete":
        return written
    kept: dict[str, Any] | None = written.get("kept")
    return kept


def readers_own(folder: Path) -> list[str]:
    """What lies in a report's folder and no build has put there; a folder in it by its name."""
    made = finished(folder)
    ours = {folders.MANIFEST, folders.ERROR, *(made["files"] if made else ())}
    if made is None:  # of a version that cannot be read, say
        inside = (path.relative_to(folder).as_posix() for path in folder.glob("figures/*"))
        ours |= {"report.html", "report.ipynb", folders.RESULTS, *filter(_FIGURE.fullmatch, inside)}
    return list(_others(folder, folder, ours)) if folder.is_dir() else []


def _others(top: Path, folder: Path, ours: Iterable[str]) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        name = path.relative_to(top).as_posix()
        is_ours_too = any(one.startswith(f"{name}/") for one in ours)
        if is_ours_too and path.is_dir() and not path.is_symlink():
            yield from _others(top, path, ours)
        elif name not in ours:
            yield name


def reports(out: Path) -> Iterator[tuple[Path, Written | None]]:
    """Each folder where a report can lie, in order of name, with its manifest.

    Raises
    ------
    BusyError
        If a build is writing there.
    """
    holding.settled(out)
    for folder in places(out):
        try:
            yield folder, read(folder)
        except UnreadableError as error:
            yield folder, error


def places(out: Path) -> Iterator[Path]:
    """Each folder where a report can lie, in order of name."""
    for folder in _inside(out):
        yield from map(Path, _inside(folder))


def _inside(folder: str | Path) -> list[str]:
    """What lies in a folder, but for what a killed build left where nothing can be removed."""
    try:
        return [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name[0] != "."]
    except OSError:  # it is none, or cannot be looked into
        return []


def of_build(out: Path) -> Iterator[tuple[Path, Written]]:
    """The :func:`reports` that have a manifest, be it one that cannot be read.

    Raises
    ------
    NoBuildError
        If there is none, which is no build rather than one without faults.
    BusyError
        If a build is writing there.
    """
    any_report = False
    for folder, written in reports(out):
        if written is not None:
            any_report = True
            yield folder, written
    if not any_report:
        raise NoBuildError(
            f"{out}: no build: nothing below it is <scenario>/<notebook>/{folders.MANIFEST}; "
            "name the output folder of repdose build"
        )


def changed(job: Job, now: Now | None = None, *, untold: Container[str] = ()) -> list[str]:
    """Why a report must be made: each component that changed; nothing if it is up to date.

    Components in `untold` are left out, of a job that is known without them. Whoever asks for many
    reports has one :class:`Now` for all.

    Raises
    ------
    RefusedError
        If no build has left what lies there.
    """
    try:
        before = read(job.folder)
    except RefusedError:
        raise
    except UnreadableError as error:
        return [error.why]
    if before is None:
        return ["not made yet"]
    if before["status"] != "complete":
        return ["failed last time"]
    was = before["made_from"]
    reasons = []
    for name, value in (now or Now()).of(job, was["data"], was["bibliography"]).items():
        old = was.get(name)
        if value == old or name in untold:
            continue
        if isinstance(value, dict) and isinstance(old, dict):
            parts = sorted(k for k in value.keys() | old.keys() if value.get(k) != old.get(k))
            reasons.append(f"{name}: {', '.join(parts)}")
        else:
            reasons.append(name)
    return reasons or damaged(job.folder, before)


def damaged(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Files of a report that are missing or not as they were written.

    Raises
    ------
    RefusedError
        If one is a link, or no file.
    """
    for name, expected in manifest["files"].items():
        raw = shapes.regular(folder / name, folder.parents[1])
        if raw is None or digest(raw) != expected:
            return [f"file {name} is missing or was altered"]
    return []
