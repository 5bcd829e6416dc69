"""The one place that opens a file which somebody names: a plain file, no larger than it may be.

A pipe or a device could be waited for, or read, without end. So what a path names is looked at
before it is opened, its size before it is read, and no more is read than it was said to have.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from repdose.evidence.errors import EvidenceError

#: Far above any table of trials, and well within a computer's memory.
MOST_BYTES = 500_000_000
#: A notebook with every figure in it, a build's results, a descriptor.
MOST_JSON = 200_000_000


def content_of(path: str | Path, *, most: int = MOST_BYTES, name: str = "") -> bytes:
    """Bytes of a plain file.

    Parameters
    ----------
    path : path-like
        The file; links are followed.
    most : int
        How many bytes it may have.
    name : str
        What to call it in messages; by default its name without the folder.

    Raises
    ------
    EvidenceError
        If there is no such file, if it is a folder, a pipe or a device, if it is larger than
        `most`, if it grows while it is read, or if the system refuses to read it.

    Examples
    --------
    >>> content_of("/dev/zero")
    Traceback (most recent call last):
        ...
    repdose.evidence.errors.EvidenceError: zero: this is a pipe or a device, not a file; \
save it as one
    """
    with opened(path, most=most, name=name) as (file, size):
        content = file.read(size + 1)
        if len(content) > size:
            raise EvidenceError(
                f"{name or Path(path).name}: it holds more than the {size:,} bytes it had when it "
                "was opened; wait until it has been written, and name a copy"
            )
    return content


@contextmanager
def opened(
    path: str | Path, *, most: int = MOST_BYTES, name: str = ""
) -> Iterator[tuple[BinaryIO, int]]:
    """A plain file, open, and how many bytes it has; refused as :func:`content_of` refuses it.

    Nothing is read, so that whoever only checks what a path names pays for no content.
    """
    path = Path(path)
    said = name or path.name or str(path)
    try:
        _refuse_all_but_files(os.stat(path).st_mode, said)
        # A pipe that has taken its place since then is opened without waiting for a writer
        with open(path, "rb", opener=_at_once) as file:
            status = os.fstat(file.fileno())
            _refuse_all_but_files(status.st_mode, said)
            if status.st_size > most:
                raise EvidenceError(f"{said}: {status.st_size:,} bytes; at most {most:,} are read")
            yield file, status.st_size
    except FileNotFoundError:
        raise EvidenceError(
            f"{said}: cannot be read: no such file in {path.parent}; give its full path"
        ) from None
    except OSError as error:
        raise EvidenceError(f"{said}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        if isinstance(error, EvidenceError):
            raise
        raise EvidenceError(f"{said}: no file can have this name: {error}") from None


def _at_once(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _refuse_all_but_files(mode: int, said: str) -> None:
    if stat.S_ISDIR(mode):
        raise EvidenceError(f"{said}: this is a folder; name the file in it")
    if not stat.S_ISREG(mode):
        raise EvidenceError(f"{said}: this is a pipe or a device, not a file; save it as one")


def json_of(
    content: str | bytes,
    where: str,
    *,
    hook: Callable[[list[tuple[str, Any]]], Any] | None = None,
) -> Any:
    """What a JSON text holds; `hook` makes its objects, as in :func:`json.loads`.

    Raises
    ------
    EvidenceError
        If it is not UTF-8 or no JSON, if its brackets are nested too deep, or if a number in it
        has more digits than can be read; `where` is the file in the message.

    Examples
    --------
    >>> json_of('{"a": 1,}', "mine.json")
    Traceback (most recent call last):
        ...
    repdose.evidence.errors.EvidenceError: mine.json:1 column 9: Expecting property name \
enclosed in double quotes; this is no JSON
    """
    try:
        text = content.decode("utf-8-sig") if isinstance(content, bytes) else content
        return json.loads(text, object_pairs_hook=hook)
    except UnicodeDecodeError as error:
        raise EvidenceError(f"{where}: byte {error.start} is not UTF-8; save it as UTF-8") from None
    except json.JSONDecodeError as error:
        raise EvidenceError(
            f"{where}:{error.lineno} column {error.colno}: {error.msg}; this is no JSON"
        ) from None
    except RecursionError:
        raise EvidenceError(f"{where}: its brackets are nested too deep to be read") from None
    except ValueError as error:
        if "integer string conversion" in str(error):
            raise EvidenceError(f"{where}: a number in it has thousands of digits") from None
        raise EvidenceError(f"{where}: {error}") from None  # what the hook refuses
