"""Writing a report as a whole: aside first, flushed to the disk, then put in its place."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from repdose.evidence import whole_files

MANIFEST, RESULTS, ERROR = "manifest.json", "results.json", "error.html"
#: What lies over all reports, and over those of a sweep.
INDEX, EXPLORE = "index.html", "explore.html"
TABLE, TYPED_TABLE = "results.csv", "results.parquet"
#: How the name of a folder ends that stands aside while another takes its place.
OLD = ".repdose-old"


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


def write_folder(
    folder: Path, files: Mapping[str, str | bytes], *, keep: Iterable[str] = ()
) -> None:
    """Put `files` in place of whatever `folder` held, all of them or none.

    What is named in `keep` stays in the folder as it is.

    Raises
    ------
    OSError, OutputError
        Naming the folder; what was there is as it was.
    """
    aside, old = _asides(folder)
    with whole_files.named(folder, aside, old):
        put_right(folder)
        try:
            aside.mkdir(parents=True)
            for name, content in files.items():
                path = aside / name
                path.parent.mkdir(exist_ok=True)
                _write(path, content)
            for name in keep:
                _carry(folder, aside, name)
            for inner in (aside, *(path for path in aside.rglob("*") if _is_folder(path))):
                whole_files.flush_folder(inner)
            _exchange(aside, folder, old)
            whole_files.flush_folder(folder.parent)
        finally:
            put_right(folder)


def put_right(folder: Path) -> None:
    """Put back what a killed process had moved aside, and remove what else it left.

    Nobody else may be writing the folder, see :mod:`repdose.reports.holding`.
    """
    aside, old = _asides(folder)
    if _is_folder(old) and not folder.exists():
        old.rename(folder)
    remove(aside)
    remove(old)


def _asides(folder: Path) -> tuple[Path, Path]:
    """Where a folder is written, and where the one before it stands meanwhile if it must."""
    return (
        folder.with_name(f".{folder.name}{whole_files.ASIDE}"),
        folder.with_name(f".{folder.name}{OLD}"),
    )


def remove(path: Path) -> None:
    """Remove a file or a folder, of a link the link, if it is there and can be removed."""
    if _is_folder(path):
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _exchange(new: Path, folder: Path, old: Path) -> None:
    """Put a folder in the place of another; in one step where the system can."""
    if not folder.exists():
        new.rename(folder)
    elif not _swapped(new, folder):
        # Killed in between, it is put right before anybody reads or writes here
        folder.rename(old)
        new.rename(folder)


def _swapped(one: Path, other: Path) -> bool:
    """Whether two folders have changed places in one step, which not every file system can."""
    if sys.platform != "linux":
        return False
    import ctypes

    try:
        rename = ctypes.CDLL(None).renameat2
    except (OSError, AttributeError):  # a C library that does not have it
        return False
    here, exchange = -100, 2  # AT_FDCWD and RENAME_EXCHANGE of <fcntl.h> and <linux/fs.h>
    return bool(rename(here, os.fsencode(one), here, os.fsencode(other), exchange) == 0)


def _carry(source: Path, target: Path, name: str) -> None:
    """Have what lies in one folder lie in another as well, so that either may be removed."""
    there, here = source / name, target / name
    if _is_folder(there) and _is_folder(here):
        for path in there.iterdir():
            _carry(source, target, path.relative_to(source).as_posix())
        return
    if os.path.lexists(here):
        raise OutputError(
            f"{name} in {source.name} is a file of your own where the report has one; move it"
        )
    here.parent.mkdir(parents=True, exist_ok=True)
    if _is_folder(there):
        shutil.copytree(there, here, symlinks=True, copy_function=_link)
    else:
        _link(there, here)


def _link(source: str | Path, target: str | Path) -> None:
    """The same file under a second name; a copy where the system has no such links."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _write(path: Path, content: str | bytes) -> None:
    with path.open("wb") as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
