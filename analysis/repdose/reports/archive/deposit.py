"""A build as one file to deposit: an RO-Crate with reports, evidence, software and people.

The bytes are those of the content: names sorted, no clock, no user. What the archive says of
the making of a report is what the build recorded; a build keeps no times, as they would
differ from run to run, and so an action here has no end time.
"""

from __future__ import annotations

import csv
import datetime
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from repdose.evidence import bibliography, packs, tables, whole_files
from repdose.inputs import notebooks
from repdose.inputs.cells import notebooks_folder
from repdose.reports import folders, manifest, shapes
from repdose.reports.archive import about
from repdose.reports.archive import crate as ro
from repdose.reports.archive.crate_of_build import (
    EVIDENCE,
    REPORTS,
    SPREADSHEETS,
    Files,
    Made,
    described,
    inside,
)
from repdose.reports.archive.spreadsheets import csv_for_people
from repdose.reports.folders import EXPLORE, INDEX, TABLE, TYPED_TABLE
from repdose.reports.shapes import UnreadableError

NUMBERS = ("id", "label", "value", "low", "high", "unit", "kind", "headline", "note")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can name
_PLAIN = 0o100644 << 16  # a file that everybody may read
_FOLDER = 0o40755 << 16 | 0x10  # a folder, as Unix and as DOS say it
_UNIX = 3  # so that the same bytes come out on any system


class ArchiveError(ValueError):
    """A folder that cannot be archived, or an output that is refused."""


def archive(build: Path, out: Path, *, date: str = "", own_notebooks: Path | None = None) -> int:
    """Write an RO-Crate 1.2 of a build as a zip file.

    Parameters
    ----------
    build : Path
        Folder that ``repdose build`` wrote.
    out : Path
        File to write, ``.zip``; written aside and put in place whole.
    date : str
        Date of publication, ``YYYY-MM-DD``; the release date of the package if empty.
    own_notebooks : Path, optional
        Folder of the notebooks of one's own that reports were made from; that of the study one
        is in by default.

    Returns
    -------
    int
        Number of files in the archive.

    Raises
    ------
    ArchiveError
        If the folder is no build, a report was altered or made from evidence that the package
        no longer holds, or the output is refused.
    """
    folder = build.resolve()
    target = _checked(out, folder)
    when = _date(date or about.citation()["date-released"])
    own = notebooks.of_folder(own_notebooks) if own_notebooks else notebooks.own()
    reports = list(_reports(folder, own))
    for report in reports:
        _refuse_unlike(report)
    files = _files(folder, reports)
    opened = {pack.name: pack for one in reports for pack in manifest.packs_of(one.manifest)}
    with packs.stacked(list(opened.values())):
        files[ro.METADATA] = described(reports, files, when).encode("utf-8")
    made = {
        f"{REPORTS}/{one.name}/{name}": expected
        for one in reports
        for name, expected in one.manifest.get("files", {}).items()
    }
    with whole_files.replacing(target) as file:
        _write(file, files, made)
    return len(files)


def _checked(out: Path, build: Path) -> Path:
    if out.suffix.lower() != ".zip":
        raise ArchiveError(f"output {str(out)!r}: the file must end in .zip")
    target = folders.checked_file(out, notebooks_folder())
    if target.is_relative_to(build):
        raise ArchiveError(f"output {str(out)!r} lies inside the build; name a place outside")
    return target


def _date(text: str) -> str:
    try:
        return datetime.datetime.strptime(text, "%Y-%m-%d").date().isoformat()
    except ValueError:
        raise ArchiveError(f"date {text!r}: write it as 2026-11-30 (year-month-day)") from None


def _reports(build: Path, own: Sequence[notebooks.Notebook]) -> Iterator[Made]:
    """Every report of the build, with the file of its notebook: a shipped one, or one of `own`.

    Raises
    ------
    NoBuildError, ArchiveError
        If there is none, or one cannot be read, was altered, or its notebook is not there.
    """
    shipped = {one.name: one.path for one in notebooks.notebooks()}
    mine = {one.name: one.path for one in own}
    for folder, written in manifest.of_build(build):
        name = folder.relative_to(build).as_posix()
        if isinstance(written, UnreadableError):
            raise ArchiveError(f"{name}: {written}")
        is_shipped = written.get("is_shipped", True)
        source = (shipped if is_shipped else mine).get(written["notebook"])
        if source is None:
            raise ArchiveError(
                f"{name}: no notebook {written['notebook']!r} is shipped with the package"
                if is_shipped
                else f"{name}: made from a notebook of your own that is not in the study you are "
                "in; give the folder it is in by --notebooks DIR"
            )
        results = None
        try:
            if written["status"] == "complete":
                if damage := manifest.damaged(folder, written):
                    raise ArchiveError(f"{name}: {damage[0]}; run repdose build")
                results = manifest.results(folder, written)
            elif shapes.regular(folder / folders.ERROR, build) is None:
                raise ArchiveError(f"{name}: {folders.ERROR} is missing; run repdose build")
        except UnreadableError as error:
            raise ArchiveError(f"{name}: {error}") from None
        yield Made(name, folder, written, results, source)


def _refuse_unlike(report: Made) -> None:
    """Refuse a report made from what the archive would not hold beside it."""
    if report.results is None:
        return
    was = report.manifest["made_from"]
    opened = manifest.packs_of(report.manifest)
    if odd := report.results["data"].keys() - was["data"].keys():
        raise ArchiveError(
            f"{report.name}: its results name {min(odd)!r:.80}, which its "
            f"{folders.MANIFEST} does not"
        )
    if closed := was.get("packs", {}).keys() - {pack.name for pack in opened}:
        raise ArchiveError(
            f"{report.name}: made with pack {min(closed)}, which is not open; give its folder, as "
            "in repdose --pack DIR archive"
        )
    with packs.stacked(opened):
        now = manifest.Now().components(
            report.source,
            "",
            sorted(was["data"]),
            sorted(was["bibliography"]),
            is_shipped=True,  # the processor is not looked at
        )
        for key in report.results["sources"]:
            if manifest.entry_digest(key) == "missing":
                raise ArchiveError(f"{report.name}: cites {key!r:.80}, which no bibliography has")
    for part in ("notebook", "data", "packs", "bibliography"):
        if was.get(part, {}) != now[part]:
            raise ArchiveError(
                f"{report.name}: its {part} has changed since it was made; run repdose build"
            )


def _files(build: Path, reports: Sequence[Made]) -> dict[str, bytes | Path]:
    """Every file of the archive by its name in it, but for the metadata."""
    files: dict[str, bytes | Path] = {}
    for report in reports:
        for name in report.files:
            files[f"{REPORTS}/{report.name}/{name}"] = report.folder / name
    for name in (INDEX, EXPLORE, TABLE, TYPED_TABLE):
        if (build / name).is_file() and not (build / name).is_symlink():
            files[f"{REPORTS}/{name}"] = build / name
    for name, source in sorted({one.manifest["notebook"]: one.source for one in reports}.items()):
        is_shipped = source.parent == notebooks_folder()
        files[f"notebooks/{name}.ipynb"] = source if is_shipped else _before_it_was_run(source)
    for resource in tables.package()["resources"]:
        name = resource["path"]
        files[f"{EVIDENCE}/{name}"] = tables.DATA / name
        files[f"{SPREADSHEETS}/{name}"] = csv_for_people(*_as_entered(tables.DATA / name))
    for report in reports:
        for pack in manifest.packs_of(report.manifest):
            for path, raw in pack.files.items():
                files[report.place_of(pack.file(path))] = raw
    for name in ("datapackage.json", "corrections.yaml", "README.md"):
        files[f"{EVIDENCE}/{name}"] = tables.DATA / name
    files[f"{SPREADSHEETS}/numbers.csv"] = csv_for_people(*_numbers(reports))
    files["references.bib"] = bibliography.path()
    files["CITATION.cff"] = about.citation_file()
    files["LICENSE"] = about.licence_text().encode("utf-8")
    return files


def _before_it_was_run(source: Path) -> bytes:
    """A notebook of one's own without what its cells showed when it was last saved."""
    content = json.loads(source.read_text("utf-8"))
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode("utf-8")


def _as_entered(path: Path) -> tuple[list[str], list[list[str]]]:
    """A table's cells as the file has them: not rounded, not converted."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, rows


def _numbers(reports: Sequence[Made]) -> tuple[list[str], list[list[Any]]]:
    """Every number of every report, one a row."""
    rows = [
        [*report.name.split("/"), *(number[key] for key in NUMBERS)]
        for report in reports
        for number in (report.results or {"numbers": ()})["numbers"]
    ]
    return ["scenario", "notebook", *NUMBERS], rows


def _write(file: BinaryIO, files: Files, made: Mapping[str, str]) -> None:
    """Write the archive; `made` has the digest of what reports hold, which must still be so."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        # The metadata first: a reader need not seek through the whole to learn what it is
        for name in sorted([*files, *inside(files)], key=lambda name: (name != ro.METADATA, name)):
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.create_system = _UNIX
            if name.endswith("/"):
                entry.external_attr = _FOLDER
                packed.writestr(entry, b"")
                continue
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = _PLAIN
            content = files[name]
            raw = content.read_bytes() if isinstance(content, Path) else content
            if name in made and manifest.digest(raw) != made[name]:
                raise ArchiveError(f"{name} was written anew meanwhile; archive once more")
            packed.writestr(entry, raw)
