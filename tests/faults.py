"""A disk that fails at one step: each write, flush, folder, link and renaming counted, one refused.

It stands below the writing layer and above the system, so that every step is really done but the
one that is not: that raises what the system would raise, or kills the process before or after it.
"""

from __future__ import annotations

import contextlib
import errno
import io
import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from repdose.reports import folders

#: What a step may be answered with.
ERRORS = {name: getattr(errno, name) for name in ("ENOSPC", "EIO", "EINTR")}
_STEPS = ("mkdir", "rename", "replace", "fsync", "link", "unlink", "rmdir", "open")
_CHANGES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Disk:
    """Counts steps, and has the one numbered `at` fail by `how`, the name of an error or `kill`."""

    def __init__(self, at: int = -1, how: str = "") -> None:
        self.at = at
        self.how = how
        self.steps: list[str] = []

    def step(
        self,
        what: str,
        do: Callable[[], Any],
        *,
        path: object = None,
        partly: Callable[[], Any] | None = None,
    ) -> Any:
        """Take a step, unless it is the one that fails; `partly` is what is still done of it."""
        self.steps.append(what)
        if len(self.steps) - 1 != self.at:
            return do()
        if self.how == "kill after":
            with contextlib.suppress(OSError):  # of what is not there
                do()
        elif partly:
            partly()
        if self.how.startswith("kill"):
            os.kill(os.getpid(), signal.SIGKILL)
        number = ERRORS[self.how]
        named = (os.fspath(path),) if isinstance(path, str | Path) else ()  # as the system does
        raise OSError(number, os.strerror(number), *named)

    @property
    def was_hit(self) -> bool:
        return len(self.steps) > self.at


class _File:
    """An open file whose writes are steps."""

    def __init__(self, file: Any, disk: Disk) -> None:
        self._file = file
        self._disk = disk

    def write(self, content: Any) -> Any:
        def half() -> None:  # as a full disk takes some of it
            self._file.write(content[: len(content) // 2])
            self._file.flush()

        return self._disk.step("write", lambda: self._file.write(content), partly=half)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


@contextmanager
def installed(disk: Disk, *, swaps: bool = True) -> Iterator[Disk]:
    """Have all writing inside the block go over a disk; without `swaps` as on most systems."""

    def stepping(name: str) -> Callable[..., Any]:
        real = getattr(os, name)

        def call(*given: Any, **options: Any) -> Any:
            if name == "open" and not given[1] & _CHANGES:
                return real(*given, **options)
            if name == "fsync":  # counted, and not waited for
                return disk.step(name, lambda: None)
            return disk.step(name, lambda: real(*given, **options), path=given[0])

        return call

    really_opened, really_swapped = io.open, folders._swapped

    def opened(file: Any, mode: str = "r", *given: Any, **options: Any) -> Any:
        if not set(mode) & set("wax+"):
            return really_opened(file, mode, *given, **options)
        if isinstance(file, int):  # os.open was the step
            return _File(really_opened(file, mode, *given, **options), disk)
        real = disk.step("open", lambda: really_opened(file, mode, *given, **options), path=file)
        return _File(real, disk)

    def swapped(one: Path, other: Path) -> bool:
        return swaps and bool(disk.step("swap", lambda: really_swapped(one, other)))

    with (
        mock.patch.multiple(os, **{name: stepping(name) for name in _STEPS}),
        mock.patch.object(io, "open", opened),
        mock.patch.object(folders, "_swapped", swapped),
    ):
        yield disk


def killed_at(at: int, how: str, do: Callable[[], object], *, swaps: bool = True) -> bool:
    """Whether a child that does something was killed at a step; else it has ended by itself."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a fork beside threads
        child = os.fork()
    if child == 0:
        try:
            with installed(Disk(at, how), swaps=swaps):
                do()
        except BaseException:
            os._exit(9)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, -signal.SIGKILL), f"the child ended with {code}"
    return code != 0


def files(top: Path) -> dict[str, bytes]:
    """Every file and link below a folder by its name, with its content, and empty folders."""
    return {
        path.relative_to(top).as_posix(): os.fsencode(os.readlink(path))
        if path.is_symlink()
        else b""
        if path.is_dir()
        else path.read_bytes()
        for path in top.rglob("*")
        if path.is_symlink() or not path.is_dir() or not any(path.iterdir())
    }
