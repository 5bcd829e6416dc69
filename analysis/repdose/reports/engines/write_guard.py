"""Cells change files in a folder that is thrown away, and nowhere else.

Two guards stand beside each other. Linux's own (:mod:`repdose.reports.engines.landlock`) holds
whatever way a file is reached, by compiled code and by programs that a cell starts too, where the
kernel has it. Python's audit events come first: they say in a sentence what to do instead, and
they see changes of mode, owner and times, for which Linux's guard has no right; on other systems
they are the only guard, and see what goes through Python's own functions.

This catches slips, and is no sandbox for code that means harm: a cell may read what the user may
read, use the network, signal processes, and have a program change the mode or the times of a file.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from repdose.reports.engines import landlock

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# What takes away or puts in place, by audit event: the arguments that are a path, each with that
# of the folder it is relative to. The last part of the path is taken as it stands, be it a link.
_ENTRIES: dict[str, tuple[tuple[int, int], ...]] = {
    "os.mkdir": ((0, 2),),
    "os.remove": ((0, 1),),
    "os.rmdir": ((0, 1),),
    "os.rename": ((0, 2), (1, 3)),
    "os.link": ((0, 2), (1, 3)),  # what is changed by one name is changed by the other
    "os.symlink": ((1, 2),),
    "shutil.rmtree": ((0, 1),),
}
# What changes a file that is there: a link is followed. No path is relative to the argument 0
_CONTENTS: dict[str, tuple[int, int]] = {
    "os.chmod": (0, 2),
    "os.chown": (0, 3),
    "os.utime": (0, 3),
    "os.chflags": (0, 0),
    "os.setxattr": (0, 0),
    "os.removexattr": (0, 0),
}
# Where a cell may write besides: nothing that is written there is kept. Shared memory is there for
# the processes that a cell may start, terminals for the programs
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/ptmx")
_SHARED_MEMORY, _TERMINALS = "/dev/shm", "/dev/pts"

_WHAT = "a cell writes to its own folder only, which is not kept"
_INSTEAD = "Show the result by report.figure, report.table or report.number instead"
# How libraries say that the system refused a change
_REFUSED = re.compile(
    r"\bpermission denied\b|unable to open database file|readonly database|\[Errno (1|13|18)\]",
    re.IGNORECASE,
)


def guard(folder: str) -> None:
    """From now on refuse to change files outside `folder`, for as long as the process lives.

    Temporary files go to the current folder, which lies in it. A report is what its notebook
    displays; a file written elsewhere would be lost on another computer, or overwrite something
    on this one.

    Raises
    ------
    PermissionError
        In the cell, at the call that would write.
    """
    os.environ["TMPDIR"] = tempfile.tempdir = os.getcwd()
    shared = landlock.WRITE_FILE | landlock.TRUNCATE | landlock.MAKE_REG | landlock.REMOVE_FILE
    landlock.restrict(
        {
            folder: landlock.EVERY_CHANGE,
            _SHARED_MEMORY: shared,
            **dict.fromkeys((*_DEVICES, _TERMINALS), landlock.OF_A_FILE),
        }
    )
    folders = (folder, _SHARED_MEMORY, _TERMINALS)
    places = (os.path.join(os.path.realpath(one), "") for one in folders)
    sys.addaudithook(_hook((*places, *_DEVICES)))


def explained(problem: str) -> str:
    """What a cell failed with; where the system refused it a change, with what to do instead."""
    if _WHAT in problem or not _REFUSED.search(problem):
        return problem
    return f"{problem} (if that was to be written: {_WHAT}. {_INSTEAD})"


def _hook(allowed: tuple[str, ...]) -> Callable[[str, tuple[Any, ...]], None]:
    """What looks at each change before it is made, as Python tells of it."""

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if set(mode) & set("wxa+") if mode else (flags or 0) & _WRITING:
                refuse_outside(path, os.path.realpath)
        elif event in _ENTRIES:
            for path, folder in _ENTRIES[event]:
                refuse_outside(_joined(arguments[path], arguments[folder]), _entry)
        elif event in _CONTENTS:
            path, folder = _CONTENTS[event]
            handle = arguments[folder] if folder else -1
            refuse_outside(_joined(arguments[path], handle), os.path.realpath)
        elif event == "os.truncate":  # of a handle, the file was looked at when it was opened
            refuse_outside(arguments[0], os.path.realpath)
        elif event == "sqlite3.connect":
            refuse_outside(_database(arguments[0]), os.path.realpath)
        elif event == "socket.bind":
            refuse_outside(_socket(arguments[1]), _entry)

    def refuse_outside(path: Any, resolved: Callable[[str], str]) -> None:
        if not isinstance(path, str | bytes | os.PathLike):
            return  # a file that was opened before, and looked at then
        named = os.fsdecode(path)
        if named != os.devnull and not f"{resolved(named)}{os.sep}".startswith(allowed):
            raise PermissionError(f"{_WHAT}; it tried {named!r}. {_INSTEAD}")

    return hook


def _entry(path: str) -> str:
    """Where a name lies that is itself to be made or taken away, be it a link."""
    folder, name = os.path.split(os.path.abspath(path))
    return os.path.join(os.path.realpath(folder), name)


def _joined(path: Any, folder: Any) -> Any:
    """A path as it stands, or below the folder that a handle is of; of a file's handle, its own."""
    if isinstance(path, int):
        return _of_handle(path)
    if isinstance(folder, int) and folder >= 0:
        return os.path.join(_of_handle(folder), os.fsdecode(path))
    return path


def _of_handle(handle: int) -> str:
    if sys.platform == "darwin":
        import fcntl

        return fcntl.fcntl(handle, fcntl.F_GETPATH, bytes(1024)).rstrip(b"\0").decode()
    return os.readlink(f"/proc/self/fd/{handle}")


def _database(name: Any) -> Any:
    """The file that SQLite may change: none in memory, none that is opened to be read only."""
    text = os.fsdecode(name)
    if text in ("", ":memory:"):
        return None
    if not text.startswith("file:"):
        return text
    address = urlsplit(text)
    asked = parse_qs(address.query)
    if {"ro", "memory"} & set(asked.get("mode", [])) or "immutable" in asked:
        return None
    return unquote(address.path)


def _socket(address: Any) -> Any:
    """The file that a socket is bound to, if its address is one."""
    if isinstance(address, str | bytes) and os.fsencode(address)[:1] not in (b"", b"\0"):
        return address
    return None
