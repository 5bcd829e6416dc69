"""What a report says of itself, read back: shapes, sizes, and names that stay in its folder."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from repdose.tables.numbers import Number

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_LONG = 200
_ANOTHER = "made by another version"
MOST_BYTES = 64_000_000  # a report of a hundred thousand numbers has less
#: Scenario and notebook, each of which is the name of a folder.
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}")


class UnreadableError(ValueError):
    """A report that cannot be read; a build makes it anew.

    Parameters
    ----------
    why : str
        What is wrong, without the report's folder.
    """

    advice = "make the report anew, or move the folder away"

    def __init__(self, why: str) -> None:
        super().__init__(f"{why}; {self.advice}")
        self.why = why


class RefusedError(UnreadableError):
    """What no build has left, or names something outside: nobody reads or replaces it."""

    advice = "no report is like that; move the folder away"


@dataclass(frozen=True, kw_only=True)
class _MadeFrom:
    data: dict[str, str]
    bibliography: dict[str, str]
    packs: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class _Declared:
    files: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class _Said:
    notebook: str
    scenario: str
    parameters: dict[str, Any]
    own_files: list[str] = field(default_factory=list)
    declared: list[_Declared] = field(default_factory=list)
    is_shipped: bool = True


@dataclass(frozen=True, kw_only=True)
class _Complete(_Said):
    status: Literal["complete"]
    made_from: _MadeFrom
    files: dict[str, str]
    title: str = ""
    subtitle: str = ""


@dataclass(frozen=True, kw_only=True)
class _Failed(_Said):
    status: Literal["failed"]
    problem: str
    kept: _Complete | None = None


@dataclass(frozen=True, kw_only=True)
class _Results:
    numbers: list[Number]
    sources: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


def manifest(raw: bytes, name: str) -> dict[str, Any]:
    """A manifest, checked; `name` is that of its file in messages.

    Raises
    ------
    RefusedError
        If it is somebody else's, or names what lies outside the report's folder.
    UnreadableError
        If it is damaged, or of another shape than this version writes.
    """
    damaged = f"its {name} is damaged or not of a report"
    content = _content(raw)
    if content is None:
        raise UnreadableError(damaged)
    if not (isinstance(content, dict) and content.keys() >= {"status", "notebook", "scenario"}):
        raise RefusedError(damaged)
    told = [content, kept] if isinstance(kept := content.get("kept"), dict) else [content]
    for one in told:
        for what in ("notebook", "scenario"):
            if isinstance(one.get(what), str) and not NAME.fullmatch(one[what]):
                raise RefusedError(f"its {name}: {what}: {one[what]!r:.80} is the name of none")
        of_data = one["made_from"].get("data") if isinstance(one.get("made_from"), dict) else None
        for names in (one.get("files"), of_data):
            if isinstance(names, dict):
                _refuse_outside(names, name)
    kind = _Failed if content["status"] == "failed" else _Complete
    _checked(kind, raw, name)
    if unknown := sorted(set(content.get("own_files", [])) - content["parameters"].keys()):
        raise UnreadableError(f"{_ANOTHER}: its {name}: own_files: {unknown[0]!r:.80}")
    for pack in content.get("declared", []):
        _refuse_outside(pack["files"], name)
    return content


def results(raw: bytes, name: str) -> dict[str, Any]:
    """What a report states, checked; every number with all that one has.

    Raises
    ------
    UnreadableError
        If it is of another shape than this version writes.
    """
    content = _content(raw)
    if not isinstance(content, dict):
        raise UnreadableError(f"{_ANOTHER}: its {name} is no object of JSON")
    stated = _checked(_Results, raw, name)
    _refuse_outside(stated.data, name)
    return {
        **content,
        "numbers": [number.content() for number in stated.numbers],
        "sources": stated.sources,
        "data": stated.data,
        "versions": stated.versions,
    }


def _refuse_outside(names: Iterable[str], file: str) -> None:
    """Refuse a name that is no path below a folder, on whatever system."""
    for name in names:
        is_odd = "\\" in name or ":" in name or not name.isprintable()
        if is_odd or any(part.strip(". ") == "" for part in name.split("/")):
            raise RefusedError(f"its {file} names {name!r:.80}, which is not in its folder")


def regular(path: Path, within: Path, *, most: int | None = None) -> bytes | None:
    """Content of a file below a folder, of at most so many bytes; None if there is none.

    Raises
    ------
    RefusedError
        If it is no file, is a link or lies behind one, or is larger.
    UnreadableError
        If it cannot be read.
    """
    name, step = path.name, os.fspath(path)
    try:
        found = os.stat(step)
        for _ in range(len(path.parts) - len(within.parts)):
            if stat.S_ISLNK(os.lstat(step).st_mode):
                raise RefusedError(f"{name} is a link, or lies behind one")
            step = os.path.dirname(step)
        if not stat.S_ISREG(found.st_mode):
            raise RefusedError(f"{name} is no file")
        if most is not None and found.st_size > most:
            raise RefusedError(f"{name} has {found.st_size:,} bytes; at most {most:,} are read")
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise UnreadableError(f"{name} cannot be read: {error.strerror}") from None


def _content(raw: bytes) -> Any:
    """JSON as plain data; None if it is none, or nested without end."""
    from pydantic_core import from_json

    # No float is as long, and Python writes no such int again
    if any(raw[at : at + _LONG].isdigit() for at in range(0, len(raw), _LONG)):
        return None
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError:
        return None


def _checked(kind: type, raw: bytes, name: str) -> Any:
    """What a file says, in its shape."""
    from pydantic import ValidationError

    try:
        return _adapter(kind).validate_json(raw, strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or "content"
        said = " ".join(first["msg"].removeprefix("Value error, ").split())
        raise UnreadableError(f"{_ANOTHER}: its {name}: {key:.80}: {said:.200}") from None


@cache
def _adapter(kind: type) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
