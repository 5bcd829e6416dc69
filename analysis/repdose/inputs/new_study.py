"""A new study: a folder of the shape of this project, which can be built as it stands."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from importlib import metadata
from pathlib import Path

from repdose.evidence import own_study, tables, whole_files
from repdose.evidence.errors import EvidenceError
from repdose.evidence.packs import shipped
from repdose.evidence.table_schema import meanings

TEMPLATE = Path(__file__).resolve().parent / "study_template"
_SUFFIX = ".in"
#: How the name of a folder ends that holds a whole study which is being put in place.
_READY = ".repdose-ready"
#: Tables that a study begins with, empty.
TABLES = {
    "exercises": "Exercises of the study",
    "muscles": "Muscles that the package does not name",
    "set_credits": "Muscles that a set of an exercise counts for",
    "met_analogies": "MET rows that stand for an exercise",
    "met": "METs that the Compendium does not list",
    "findings": "Numbers that studies report",
}
#: What a descriptor says of whoever has not yet said so.
_PEOPLE = "whoever keeps this study"


class StudyError(ValueError):
    """A study that cannot be made there; nothing was written."""


def create(folder: Path) -> Path:
    """Make a study in a folder that is new or empty, all of it or nothing.

    One that was killed while it put a study in place is gone on with.

    Returns
    -------
    Path
        The folder, resolved.

    Raises
    ------
    StudyError
        If something is there already, if it would lie in another study, or if its name cannot
        become the prefix of its records.
    """
    target = folder.expanduser().resolve()
    aside, ready = (target.with_name(f".{target.name}{end}") for end in (whole_files.ASIDE, _READY))
    is_begun = ready.is_dir() and target.is_dir()
    files = {} if is_begun else _files(target.name, _checked(target, folder))
    is_new = not target.exists()
    try:
        if not is_begun:
            for left in (aside, ready):  # of a run that was killed
                shutil.rmtree(left, ignore_errors=True)
            for name, text in files.items():
                whole_files.write_file(aside / name, text)
            aside.rename(target if is_new else ready)
        if not is_new:  # it may be where the reader stands, and is not put in another's place
            _put(ready, target, folder)
        whole_files.flush_folder(target.parent)
    except OSError as error:
        if not (is_begun or is_new):
            for name in {name.partition("/")[0] for name in files}:
                part = target / name
                shutil.rmtree(part) if part.is_dir() else part.unlink(missing_ok=True)
            shutil.rmtree(ready, ignore_errors=True)
        raise StudyError(f"{folder}: cannot be written: {error.strerror}") from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def _put(ready: Path, target: Path, folder: Path) -> None:
    """Put each part of a study in its folder, where none of them is."""
    parts = sorted(ready.iterdir())
    if other := [part.name for part in parts if (target / part.name).exists()]:
        raise StudyError(f"{folder}: not empty, it has {other[0]}; name a new or an empty folder")
    for part in parts:
        part.rename(target / part.name)
    ready.rmdir()


def _checked(target: Path, folder: Path) -> str:
    """The prefix of a study that can be made there."""
    if target.exists() and not target.is_dir():
        raise StudyError(f"{folder}: a file is there; name a new or an empty folder")
    if target.is_dir() and (found := sorted(path.name for path in target.iterdir())):
        raise StudyError(
            f"{folder}: not empty, it has {found[0]}"
            f"{f' and {len(found) - 1} more' if len(found) > 1 else ''}; name a new or an empty "
            "folder"
        )
    if not target.parent.is_dir():
        raise StudyError(f"{folder}: there is no folder {target.parent.name} to make it in")
    try:
        around = own_study.around(target.parent)
    except EvidenceError as error:
        raise StudyError(f"{folder}: it would lie in a study: {error}") from None
    if around is not None:
        raise StudyError(
            f"{folder}: it would lie in the study {around.root.name}; make it beside that, or add "
            "plans and notebooks to the one you have"
        )
    prefix = re.sub(r"[^a-z0-9]+", "_", target.name.lower()).strip("_")
    if not re.fullmatch(r"[a-z][a-z0-9_]*", prefix):
        raise StudyError(
            f"{folder}: the name becomes the prefix of the study's records; begin it with a "
            "letter, a to z"
        )
    if prefix in ("repdose", *shipped()):
        raise StudyError(f"{folder}: {prefix!r} is a prefix of ours; take another name")
    return prefix


def _files(name: str, prefix: str) -> dict[str, str]:
    """Text of every file of a study, by its path."""
    said = {"name": name, "prefix": prefix, "version": metadata.version("repdose")}
    files = {
        path.relative_to(TEMPLATE).as_posix().removesuffix(_SUFFIX): re.sub(
            r"@(\w+)@", lambda match: said[match[1]], path.read_text("utf-8")
        )
        for path in sorted(TEMPLATE.rglob(f"*{_SUFFIX}"))
    }
    columns = []
    for table, title in TABLES.items():
        described = tables.resource(table)["schema"]["fields"]
        row = io.StringIO()
        csv.writer(row, lineterminator="\n").writerow(field["name"] for field in described)
        files[f"evidence/{table}.csv"] = row.getvalue()
        columns += [f"{table}.csv: {title}", *meanings(described), ""]
    files["evidence/columns.txt"] = "\n".join(columns)
    files[own_study.DESCRIPTOR] = _descriptor(name, prefix, files)
    return files


def _descriptor(name: str, prefix: str, files: dict[str, str]) -> str:
    """The study's descriptor, with the checksum of each file that it holds."""

    def held(name: str, path: str, title: str) -> dict[str, str]:
        digest = hashlib.sha256(files[path].encode("utf-8")).hexdigest()
        return {"name": name, "path": path, "title": title, "hash": f"sha256:{digest}"}

    content = {
        "name": prefix.replace("_", "-"),
        "title": name,
        "version": "0.1.0",
        "licenses": [{"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"}],
        "contributors": [{"title": _PEOPLE, "role": "author"}],
        "repdose": {"prefix": prefix},
        "bibliography": held("references", "references.bib", "Works of the study"),
        "resources": [
            held(table, f"evidence/{table}.csv", title) for table, title in TABLES.items()
        ],
    }
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
