"""Checksums of the tables and of the bibliography: what the descriptor states, and what is so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from repdose.evidence import bibliography, tables, whole_files
from repdose.evidence.checks.files import DESCRIPTOR, checkout
from repdose.evidence.errors import EvidenceError


@dataclass(frozen=True, slots=True)
class Checksum:
    """A file's SHA-256, as the descriptor states it and as it is.

    Parameters
    ----------
    name : str
        What the descriptor calls the file.
    path : str
        Path in the descriptor.
    stated, actual : str
        Checksums, "sha256:" before the digits; `stated` is empty where there is none.
    """

    name: str
    path: str
    stated: str
    actual: str


def checksums() -> Iterator[Checksum]:
    """Every described file that is there: tables, then the bibliography."""
    yield from (checksum for checksum, _ in _held(_descriptor()))


def renew() -> list[Checksum]:
    """Write the checksums of all files into the descriptor.

    Returns
    -------
    list of Checksum
        Those that were stated otherwise; `stated` is what stood there.

    Raises
    ------
    EvidenceError
        In an installed package, whose files are not the reader's to change.
    """
    if not checkout():
        raise EvidenceError(
            "this is the installed package, whose tables are not yours to change; "
            "renew the checksums in a checkout of the project"
        )
    descriptor = _descriptor()
    changed = write_descriptor(tables.DATA / DESCRIPTOR, descriptor, _held(descriptor))
    tables.package.cache_clear()
    return changed


def write_descriptor(
    target: Path, descriptor: dict[str, Any], held: Iterable[tuple[Checksum, dict[str, Any]]]
) -> list[Checksum]:
    """Write a descriptor with the checksums as they are, if any was stated otherwise."""
    changed = []
    for checksum, holder in held:
        if checksum.stated != checksum.actual:
            holder["hash"] = checksum.actual
            changed.append(checksum)
    if changed:
        text = json.dumps(descriptor, indent=1, ensure_ascii=False)
        whole_files.write_file(target, f"{text}\n")
    return changed


def _descriptor() -> dict[str, Any]:
    descriptor: dict[str, Any] = json.loads((tables.DATA / DESCRIPTOR).read_text("utf-8"))
    return descriptor


def _held(descriptor: dict[str, Any]) -> Iterator[tuple[Checksum, dict[str, Any]]]:
    """Checksums, each with the part of the descriptor that holds it."""
    places = [(item, tables.DATA / item["path"]) for item in descriptor["resources"]]
    # no table, and so no resource; in the wheel it lies elsewhere than in a checkout
    places.append((descriptor["bibliography"], bibliography.path()))
    for holder, path in places:
        if path.is_file():  # what is missing is reported with the tables
            yield checksum_of(holder["name"], holder, path), holder


def checksum_of(name: str, holder: Mapping[str, Any], path: Path) -> Checksum:
    """The checksum of a file that `holder` describes."""
    actual = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    return Checksum(name, holder["path"], holder.get("hash", ""), actual)
