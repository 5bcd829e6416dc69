"""Which evidence is in force: the shipped tables, then each pack that was opened, in that order."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from repdose.evidence.errors import EvidenceError, near
from repdose.evidence.input_files import content_of, json_of
from repdose.evidence.places import place_of

DESCRIPTOR = "datapackage.json"
BIBLIOGRAPHY = "references.bib"
#: Bytes of a descriptor, and of a table or bibliography: each far above any.
MOST_DESCRIPTOR, MOST_TABLE = 1_000_000, 64_000_000
#: Tables that a pack may bring, by the schemas of the shipped ones; and its corrections of those.
TABLES = (
    *("exercises", "muscles", "set_credits", "met_analogies", "leg_raise_geometry"),
    *("met", "findings", "guidelines", "corrections"),
)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of evidence, its files as they were when it was opened.

    Parameters
    ----------
    prefix : str
        What its ids begin with, before a dot; empty for what a scenario declares itself.
    title, version : str
        As its descriptor has them.
    sha256 : str
        Of the descriptor and of every file it names.
    place : str
        Name of a shipped pack, or the folder in full; empty for what a scenario declares.
    is_shipped : bool
        Whether it comes with the package; of any other the numbers are the reader's own.
    files : mapping of str to bytes
        Content by path in the folder.
    tables : mapping of str to str
        Path of each table, and of the bibliography under :data:`BIBLIOGRAPHY`.
    """

    prefix: str
    title: str
    version: str
    sha256: str
    place: str
    is_shipped: bool
    files: Mapping[str, bytes] = field(compare=False, repr=False)
    tables: Mapping[str, str] = field(compare=False, repr=False)

    @property
    def name(self) -> str:
        """What messages and reports call it."""
        return self.prefix or "scenario"

    def file(self, path: str) -> str:
        """One of its files as messages name it."""
        return f"{self.name}/{path}"

    def qualified(self, id: str) -> str:
        """An id of its own as the rest of the house knows it."""
        return f"{self.prefix}.{id}" if self.prefix else id

    def stated(self) -> dict[str, Any]:
        """What a report says of it."""
        return {
            "name": self.name,
            "title": self.title,
            "version": self.version,
            "sha256": self.sha256,
            "readers_own": not self.is_shipped,
        }

    def plain(self) -> dict[str, Any]:
        """The pack as plain data, to be opened in another process."""
        if self.place:
            return {"place": self.place, "sha256": self.sha256}
        return {"files": {path: raw.decode("utf-8") for path, raw in self.files.items()}}


@cache
def shipped() -> tuple[str, ...]:
    """Names of the packs that come with the package.

    Examples
    --------
    >>> shipped()
    ('common',)
    """
    return tuple(sorted(path.name for path in place_of("packs").iterdir() if path.is_dir()))


def load(wanted: str | Path) -> Pack:
    """A pack by the path of its folder, or a shipped one by its name; its files are read.

    Raises
    ------
    EvidenceError
        A line for each fault of the folder and of its descriptor. What its tables hold is
        checked by :func:`repdose.evidence.checks.pack.checked`.
    """
    pack, faults = read(wanted)
    if faults:
        raise EvidenceError("\n".join(faults))
    assert pack is not None  # else there was a fault
    return pack


def read(wanted: str | Path, *, hashes: bool = True) -> tuple[Pack | None, list[str]]:
    """A pack as far as it can be read, and the faults; `hashes` says whether they must hold."""
    is_shipped = str(wanted) in shipped()
    folder = place_of("packs") / str(wanted) if is_shipped else Path(wanted).expanduser()
    if fault := _no_folder(folder, str(wanted)):
        return None, [fault]
    folder = folder.resolve()
    where = f"{folder.name}/{DESCRIPTOR}"
    try:
        raw = content_of(folder / DESCRIPTOR, most=MOST_DESCRIPTOR, name=where)
        content = json_of(raw, where, hook=_once)
    except EvidenceError as error:
        return None, [str(error)]
    text = raw.decode("utf-8-sig")
    faults = [f"{where}{_line(text, key)} {key}: {said}" for key, said in _described(content)]
    if faults:
        return None, faults
    prefix = content["repdose"]["prefix"]
    if not is_shipped and prefix in (*shipped(), "repdose"):
        said = f"{prefix!r} is a prefix of ours; take another"
        return None, [f"{where}{_line(text, 'prefix')} repdose.prefix: {said}"]
    files: dict[str, bytes] = {}
    tables: dict[str, str] = {}
    held = [(item["name"], item) for item in content["resources"]]
    if "bibliography" in content:
        held.append((BIBLIOGRAPHY, content["bibliography"]))
    for name, item in held:
        path = item["path"]
        at = f"{where}{_line(text, json.dumps(path, ensure_ascii=False))} {name}"
        if said := _not_inside(folder, path):
            faults.append(f"{at}.path: {said}")
            continue
        try:
            files[path] = content_of(folder / path, most=MOST_TABLE, name=f"{folder.name}/{path}")
        except EvidenceError as error:
            faults.append(str(error))
            continue
        tables[name] = path
        actual = f"sha256:{hashlib.sha256(files[path]).hexdigest()}"
        if hashes and item.get("hash") != actual:
            faults.append(
                f"{at}.hash: the checksum of {path} is {actual}, the descriptor has "
                f"{item.get('hash') or 'none'}; if the change is meant, run repdose check --pack "
                f"{wanted} --renew"
            )
    # Beside tables of the pack a file is meant for one; elsewhere it is the reader's affair
    of_tables = {(folder / one).parent for name, one in tables.items() if name != BIBLIOGRAPHY}
    for path in sorted(one for holder in of_tables for one in holder.glob("*.csv")):
        held_there = {folder / one for one in files}
        if path not in held_there and not any(path.name in fault for fault in faults):
            faults.append(
                f"{folder.name}/{path.relative_to(folder).as_posix()}: no resource of {DESCRIPTOR} "
                "describes it; add it there, or move it to another folder"
            )
    files[DESCRIPTOR] = raw
    title, version = content["title"], content["version"]
    place = str(wanted) if is_shipped else str(folder)
    return Pack(prefix, title, version, _digest(files), place, is_shipped, files, tables), faults


def declared(files: Mapping[str, str]) -> Pack:
    """What a scenario declares itself, as tables without a folder or a prefix."""
    raw = {path: text.encode("utf-8") for path, text in files.items()}
    tables = {path.removesuffix(".csv"): path for path in raw}  # references.bib keeps its name
    title = "exercises that the scenario declares itself"
    return Pack("", title, "as declared", _digest(raw), "", False, raw, tables)


def of_plain(plain: Mapping[str, Any]) -> Pack:
    """The pack that another process sent as :meth:`Pack.plain` data.

    Raises
    ------
    EvidenceError
        If it cannot be read, or is no longer what it was.
    """
    if "files" in plain:
        return declared(plain["files"])
    return _as_it_was(plain["place"], plain["sha256"])


@lru_cache(maxsize=16)
def _as_it_was(place: str, sha256: str) -> Pack:
    """A pack of a certain content, read once a process: a sweep asks for it often."""
    pack = load(place)
    if pack.sha256 != sha256:
        raise EvidenceError(f"pack {pack.name} was changed while reports were made; build again")
    return pack


_open: ContextVar[tuple[Pack, ...]] = ContextVar("open packs", default=())


def in_force() -> tuple[Pack, ...]:
    """The packs that were opened, in order; the shipped tables lie below them."""
    return _open.get()


@contextmanager
def stacked(opened: Sequence[Pack]) -> Iterator[None]:
    """Put packs on top of those in force, inside the block.

    Raises
    ------
    EvidenceError
        If two different packs have one prefix.
    """
    added = [pack for pack in dict.fromkeys(opened) if pack not in in_force()]
    _refuse_twins([*in_force(), *added])
    _open.set((*_open.get(), *added))
    try:
        yield
    finally:
        # Not by token, as ledgers: in a notebook two cells may begin and end it
        _open.set(tuple(pack for pack in _open.get() if pack not in added))


def begin(plain: Sequence[Mapping[str, Any]]) -> None:
    """Put in force what another process had in force, for as long as this one lives."""
    _open.set(tuple(map(of_plain, plain)))


def _refuse_twins(packs: Sequence[Pack]) -> None:
    places: dict[str, Pack] = {}
    for pack in packs:
        other = places.setdefault(pack.prefix, pack)
        if other is not pack:
            raise EvidenceError(
                f"{pack.place}: prefix {pack.prefix!r} is that of {other.place} as well, which is "
                "open; give one of them another repdose.prefix"
                if pack.prefix
                else "two scenarios that declare exercises cannot be in force together"
            )


def _no_folder(folder: Path, wanted: str) -> str:
    """Why a path is no folder to read a pack from; empty if it is one."""
    if folder.is_symlink():
        return f"{wanted}: this is a link; name the folder itself"
    if folder.is_file():
        return f"{wanted}: this is a file, and a pack is a folder; unpack it and name the folder"
    if not folder.is_dir():
        return (
            f"{wanted}: no such folder, and no shipped pack of that name; shipped are "
            f"{', '.join(shipped())}"
        )
    if (folder / DESCRIPTOR).is_symlink() or not (folder / DESCRIPTOR).is_file():
        return f"{wanted}: there is no {DESCRIPTOR} in it, so it is no pack"
    return ""


def _not_inside(folder: Path, path: str) -> str:
    """Why a path is none of a file of the pack; empty if it is one."""
    parts = re.split(r"[/\\]", path)
    if path != "/".join(parts) or ".." in parts or "" in parts or ":" in path:
        return f"{path!r} points outside the pack; name a file below its folder, with /"
    if not (folder / path).is_file():
        return f"there is no file {path!r} in the pack"
    if (folder / path).resolve() != folder / path:
        return f"{path!r} is a link; put the file itself into the pack"
    return ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object, refused where a key is in it twice."""
    content = dict(pairs)
    if len(content) < len(pairs):
        twice = next(key for key, _ in pairs if [one for one, _ in pairs].count(key) > 1)
        raise ValueError(f"key {twice!r} is there twice")
    return content


def _described(content: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with a descriptor: key, and what is allowed."""
    if not isinstance(content, dict):
        yield "", "a JSON object is required"
        return
    for key in ("title", "version"):
        if not isinstance(content.get(key), str) or not content[key].strip():
            yield key, f"a line of text is required; read {content.get(key)!r}"
    for key in ("licenses", "contributors"):
        if not isinstance(content.get(key), list) or not content[key]:
            yield key, f"a list with at least one is required; read {content.get(key)!r}"
    own = content.get("repdose")
    prefix = own.get("prefix") if isinstance(own, dict) else None
    if not isinstance(prefix, str) or not _NAME.fullmatch(prefix):
        yield "prefix", f"repdose.prefix is a word like mylab (a-z, 0-9, _); read {prefix!r}"
    resources = content.get("resources")
    if not isinstance(resources, list):
        yield "resources", f"a list of tables is required; read {resources!r:.80}"
        resources = []
    seen: set[str] = set()
    for item in resources:
        name = item.get("name") if isinstance(item, dict) else None
        if not isinstance(name, str) or not isinstance(item.get("path"), str):
            yield "resources", f"a resource has a name and a path; read {item!r:.80}"
        elif name not in TABLES:
            close = ", ".join(near(name, TABLES, 3))
            yield (
                name,
                f"a pack has no table {name!r}; near it: {close}. All: {', '.join(TABLES)}. Trials "
                "of one's own are not read from a pack: give them as the report's parameter table",
            )
        elif name in seen:
            yield name, "this table is there twice"
        seen.add(str(name))
    bibliography = content.get("bibliography", {"path": ""})
    if not isinstance(bibliography, dict) or not isinstance(bibliography.get("path"), str):
        yield "bibliography", f"an object with path and hash is required; read {bibliography!r:.80}"


def _line(text: str, wanted: str) -> str:
    at = text.find(wanted if wanted.startswith('"') else f'"{wanted}"')
    return f":{text.count(chr(10), 0, at) + 1}" if at >= 0 else ""


def _digest(files: Mapping[str, bytes]) -> str:
    total = hashlib.sha256()
    for path, raw in sorted(files.items()):
        total.update(f"{path}\0{hashlib.sha256(raw).hexdigest()}\n".encode())
    return total.hexdigest()
