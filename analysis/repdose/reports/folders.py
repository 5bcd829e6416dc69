"""Writing a report as a whole: aside first, flushed to the disk, then put in its place."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

MANIFEST, RESULTS = "manifest.json", "results.json"


class OutputError(ValueError):
    """An output place that must not be written to."""


def checked(out: Path, notebooks: Path) -> Path:
    """The output folder, resolved, or an error saying why it is refused.

    Raises
    ------
    OutputError
        If it is a file, lies inside the folder of the notebooks, or cannot be written to.
    """
    resolved = out.expanduser().resolve()
    if resolved.exists() and not resolved.is_dir():
        raise OutputError(f"output {str(out)!r} is a file; name a folder")
    if resolved == notebooks or notebooks in resolved.parents:
        raise OutputError(
            f"output {str(out)!r} lies inside the notebooks folder; name another folder"
        )
    nearest = resolved
    while not nearest.exists():
        nearest = nearest.parent
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(f"output {str(out)!r}: {nearest.name or '/'} cannot be written to")
    return resolved


def checked_file(out: Path, notebooks: Path) -> Path:
    """The output file, resolved, or an error: a folder, or a place that :func:`checked` refuses."""
    if out.expanduser().is_dir():
        raise OutputError(f"output {str(out)!r} is a folder; name a file")
    return checked(out.parent, notebooks) / out.name


def place(out: Path, *parts: str) -> Path:
    """A folder below `out` for a report; refused if a link leads out of it or it is not ours."""
    folder = out.joinpath(*parts)
    for step in (folder, *folder.parents):
        if step == out:
            break
        if step.is_symlink():
            raise OutputError(f"{step.relative_to(out)} is a link; remove it, or name another -o")
    if not folder.resolve().is_relative_to(out):
        raise OutputError(f"{'/'.join(parts)!r} leaves the output folder")
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder.relative_to(out)} is a file where a report's folder must go")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise OutputError(
            f"{folder.relative_to(out)} holds other files (no {MANIFEST}); "
            "move them, or name another -o"
        )
    return folder


def write_folder(folder: Path, files: Mapping[str, str | bytes]) -> None:
    """Put `files` in place of whatever `folder` held, all of them or none."""
    aside = folder.with_name(f".{folder.name}.partial")
    old = folder.with_name(f".{folder.name}.old")
    for left in (aside, old):  # of a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    try:
        aside.mkdir(parents=True)
        for name, content in files.items():
            path = aside / name
            path.parent.mkdir(exist_ok=True)
            _write(path, content)
        for inner in {(aside / name).parent for name in files} | {aside}:
            _flush(inner)
        if folder.exists():
            folder.rename(old)
        aside.rename(folder)
        _flush(folder.parent)
    finally:
        if old.exists() and not folder.exists():
            old.rename(folder)
        for left in (aside, old):
            shutil.rmtree(left, ignore_errors=True)


def write_file(path: Path, content: str | bytes) -> None:
    """Put one file in place: written aside, flushed, renamed."""
    with replacing(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, put in place of `path` once all of it is on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.partial")
    try:
        with aside.open("w+b") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        _flush(path.parent)
    finally:
        aside.unlink(missing_ok=True)


def _write(path: Path, content: str | bytes) -> None:
    with path.open("wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    """Make the names in a folder survive a crash, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
