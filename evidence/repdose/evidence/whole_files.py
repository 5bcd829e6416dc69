"""Files put in place whole: written aside by one at a time, flushed to the disk, then renamed."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

try:
    import fcntl
except ImportError:  # on Windows
    fcntl = None  # type: ignore[assignment]

#: How the names of what is being written end; no file of a reader's is named so.
ASIDE = ".repdose-new"
_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
#: What a system says that cannot flush a folder, as some network folders.
_NO_FLUSH = {errno.EINVAL, errno.ENOTSUP, errno.EACCES}


def write_file(path: Path, content: str | bytes) -> None:
    """Put one file in place; what was there stays until all of it is on the disk.

    Raises
    ------
    OSError
        Naming `path`; what was there is as it was.
    """
    with replacing(path) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file to write, put in place of `path` once all of it is on the disk.

    Raises
    ------
    OSError
        Naming `path`; BlockingIOError if another process is writing it.
    """
    aside = path.with_name(f".{path.name}{ASIDE}")
    with named(path, aside):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, _ = opened_alone(aside)
        with os.fdopen(handle, "r+b") as file:
            try:
                file.truncate()  # what a process that was killed has left
                yield file
                file.flush()
                os.fsync(file.fileno())
                if fcntl is None:  # there an open file cannot be renamed
                    file.close()
                # While it is held, or another might already be writing it
                os.replace(aside, path)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
        flush_folder(path.parent)


def opened_alone(path: Path) -> tuple[int, bool]:
    """A file to be written, opened for this process alone, and whether that is certain.

    The system lets go of it when the process ends, however it ends. Where it knows no locks, as
    some network folders, it is opened all the same.

    Raises
    ------
    BlockingIOError
        If another process holds it.
    """
    while True:
        try:
            handle = os.open(path, _FLAGS, 0o666)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            path.unlink(missing_ok=True)  # a link: what it names is not ours to write
            continue
        try:
            is_sure = _locked(handle)
            held, there = os.fstat(handle), os.stat(path, follow_symlinks=False)
            if os.path.samestat(held, there):
                if stat.S_ISREG(held.st_mode):
                    return handle, is_sure
                path.unlink(missing_ok=True)
        except FileNotFoundError:  # whoever held it has put it in place or removed it
            pass
        except BlockingIOError:
            os.close(handle)
            said = "another process is writing it; wait until it is done"
            raise BlockingIOError(errno.EAGAIN, said, str(path)) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _locked(handle: int) -> bool:
    """Whether the system has locked an open file for this process; False where it knows no locks.

    Raises
    ------
    BlockingIOError
        If another has it.
    """
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise
    except OSError:
        return False
    return True


@contextmanager
def named(path: Path, *asides: Path) -> Iterator[None]:
    """Have what the system refuses name `path`, and neither nothing nor a file aside of it."""
    try:
        yield
    except OSError as error:
        about = os.fspath(error.filename) if isinstance(error.filename, str | os.PathLike) else ""
        if error.errno is None or (about and not about.startswith(tuple(map(str, asides)))):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


def flush_folder(folder: Path) -> None:
    """Make the names in a folder survive a crash, where the system can."""
    if os.name != "posix":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if error.errno not in _NO_FLUSH:
            raise
