"""One build at a time in a folder: a lock with its owner, and what a killed one left put right."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from repdose.evidence import whole_files
from repdose.reports import folders

LOCK = ".repdose.lock"
#: How long the reports that a killed build had begun are waited for. [s]
PATIENCE_S = 60.0
_held: dict[Path, int] = {}


class BusyError(ValueError):
    """A folder that another build is writing; the message says which."""


@contextmanager
def alone(out: Path) -> Iterator[None]:
    """Be the only one who writes reports in a folder, inside the block; it is made if need be.

    The lock is the system's, which frees it when the last process of the build ends, however it
    ends: those that make reports inherit it by :func:`handles`. What stands in its file says
    whose it is. What a killed build has left is put right first. Inside another block of the
    same folder it does nothing.

    Raises
    ------
    BusyError
        If another build is writing there, by process, machine and time. Where a file system knows
        no locks, that is told by the file alone.
    """
    if out in _held:
        yield
        return
    missing = [one for one in (out, *out.parents) if not one.exists()]
    out.mkdir(parents=True, exist_ok=True)
    try:
        _held[out] = handle = _acquired(out)
        try:
            put_right(out)
            yield
        finally:
            del _held[out]
            _let_go(out / LOCK, handle)
    finally:
        for one in missing:  # if nothing was written
            with contextlib.suppress(OSError):
                one.rmdir()


def handles() -> list[int]:
    """What a process that writes reports for this one has to inherit."""
    return list(_held.values())


def settled(out: Path) -> None:
    """Before a build is read: put right what a killed one has left there.

    Raises
    ------
    BusyError
        If a build is writing there.
    OutputError
        If a report was left moved aside, and cannot be put back in a place that is read-only.
    """
    if out.resolve() in _held or not ((out / LOCK).exists() or any(_left(out))):
        return
    try:
        with alone(out.resolve()):
            pass
    except OSError as error:
        lost = [one for one in _left(out) if one.suffix == folders.OLD and not _place(one).exists()]
        if lost:
            raise folders.OutputError(
                f"{_place(lost[0])}: a killed build has left it as {lost[0].name}, and it cannot "
                f"be put back: {error.strerror}"
            ) from None


def put_right(out: Path) -> None:
    """Put back what a killed build had moved aside, and remove what else it left."""
    for path in list(_left(out)):
        if path.is_dir() and not path.is_symlink():
            folders.put_right(_place(path))
        else:
            with contextlib.suppress(OSError):  # another command is writing it, say
                handle, _ = whole_files.opened_alone(path)
                path.unlink(missing_ok=True)
                os.close(handle)


def _left(out: Path) -> Iterator[Path]:
    """What killed builds have left, in the folder and in the scenarios' folders."""
    for path in (*out.glob(".*"), *out.glob("*/.*")):
        is_inside = path.parent == out or not path.parent.is_symlink()
        if is_inside and path.suffix in (whole_files.ASIDE, folders.OLD):
            yield path


def _place(left: Path) -> Path:
    """Where something was to go, or had been."""
    return left.with_name(left.name[1:].rpartition(".")[0])


def _acquired(out: Path) -> int:
    """The lock of a folder, with this process as its owner."""
    lock = out / LOCK
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            handle, is_sure = whole_files.opened_alone(lock)
        except BlockingIOError:
            owner = _owner(lock)
            if not _is_gone(owner) or time.monotonic() > end:
                raise BusyError(_busy(out, owner)) from None
            time.sleep(0.1)  # what it had begun is being finished
            continue
        owner = {} if is_sure else _owner(lock)
        if not owner or _is_gone(owner):
            break
        os.close(handle)
        raise BusyError(f"{_busy(out, owner)}; if that is no more, remove {lock}")
    since = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    told = json.dumps({"pid": os.getpid(), "host": platform.node(), "since": since})
    with contextlib.suppress(OSError):  # on a full disk nobody can say whose it is
        os.ftruncate(handle, 0)
        os.write(handle, told.encode())
    return handle


def _busy(out: Path, owner: dict[str, Any]) -> str:
    who = " (process {pid} on {host}, since {since})".format_map(owner) if owner else ""
    return f"{out}: a build is writing here{who}; wait until it is done, or name another folder"


def _let_go(lock: Path, handle: int) -> None:
    """Remove a lock's file while it is held, as later it may be another's."""
    if os.name != "posix":  # there no open file can be removed
        os.close(handle)
    with contextlib.suppress(OSError):
        lock.unlink()
    if os.name == "posix":
        os.close(handle)


def _owner(lock: Path) -> dict[str, Any]:
    """Who has said that the lock is his; nothing if nobody has."""
    try:
        said = json.loads(lock.read_bytes()[:1000])
        if int(said["pid"]) <= 0:  # no process has such a number
            return {}
        return {"pid": int(said["pid"]), "host": str(said["host"]), "since": str(said["since"])}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def _is_gone(owner: dict[str, Any]) -> bool:
    """Whether a lock's owner is known to be no more: a process of this machine that has ended."""
    if os.name != "posix" or owner.get("host") != platform.node():
        return False
    try:
        os.kill(owner["pid"], 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):  # another user's, or a number that is none of a process
        pass
    return False
