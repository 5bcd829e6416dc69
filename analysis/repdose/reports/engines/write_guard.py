"""Cells write into a folder that is thrown away, and nowhere else by accident."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# What takes away or puts in place, by audit event: how many of the arguments are paths
_CHANGES = {
    "os.mkdir": 1,
    "os.remove": 1,
    "os.rmdir": 1,
    "os.rename": 2,
    "os.link": 2,
    "os.symlink": 2,
    "os.truncate": 1,
}
# Compiled modules and caches of libraries; no file of the user's
_OF_LIBRARIES = ("__pycache__", ".cache", ".matplotlib", "matplotlib")


def guard(scratch: str) -> None:
    """From now on refuse to write outside `scratch`, for as long as the process lives.

    Temporary files go to the current folder, which lies in it. A report is what its notebook
    displays; a file written elsewhere would be lost on another computer, or overwrite something
    on this one. It catches slips and is no prison: a program that a cell starts can write
    where it likes.

    Raises
    ------
    PermissionError
        In the cell, at the call that would write.
    """
    os.environ["TMPDIR"] = tempfile.tempdir = os.getcwd()
    places = (scratch, "/dev", "/proc/self")
    allowed = tuple(os.path.join(os.path.realpath(place), "") for place in places)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            writes = set(mode) & set("wxa+") if mode else (flags or 0) & _WRITING
            paths = (path,) if writes else ()
        elif event in _CHANGES:
            paths = arguments[: _CHANGES[event]]
        else:  # thousands of others
            return
        for path in paths:
            if isinstance(path, str | bytes | os.PathLike):
                _refuse_outside(os.fsdecode(path), allowed)

    sys.addaudithook(hook)


def _refuse_outside(path: str, allowed: tuple[str, ...]) -> None:
    where = os.path.realpath(path)
    if (
        path == os.devnull
        or where.startswith(allowed)
        or set(Path(where).parts) & set(_OF_LIBRARIES)
    ):
        return
    raise PermissionError(
        f"a cell writes to its own folder only, which is not kept; it tried {path!r}. Show the "
        "result by report.figure, report.table or report.number instead"
    )
