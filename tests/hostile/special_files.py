"""What is no file, or no end of one, in the place of every file that the command reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import own_pack
from hostile.attack import (
    Case,
    Content,
    circle,
    device,
    fifo,
    folder,
    growing,
    nothing,
    of_size,
)

SOUND_BIB = """@article{lee2020, author = {Lee, Ann}, title = {A title}, journal = {A journal},
  year = {2020}, doi = {10.1000/example.1}}
"""
PIPE = "this is a pipe or a device, not a file; save it as one"
SAID = {
    "a pipe": (fifo, PIPE),
    "a device": (device, PIPE),
    "a folder": (folder, "this is a folder; name the file in it"),
    "a file that grows": (
        growing,
        "it holds more than the 0 bytes it had when it was opened; wait until it has been "
        "written, and name a copy",
    ),
    "a link to itself": (circle, "cannot be read: Too many levels of symbolic links"),
    "no file": (nothing, "cannot be read: no such file in .; give its full path"),
}


@dataclass(frozen=True)
class Reader:
    """A way in: which file it reads, by which arguments, and how it begins its refusal."""

    name: str
    file: str
    arguments: Sequence[str]
    first: str = "repdose: {file}: {said}"
    most: int = 0
    beside: Mapping[str, Content] = field(default_factory=dict)
    code: int = 2


def _pack(without: str) -> dict[str, Content]:
    """The files of a pack that is right but for one that is not there."""
    files: dict[str, Content] = {
        f"pack/{name}.csv": text for name, text in own_pack.TABLES.items() if name != without
    }
    if without != "references.bib":
        files["pack/references.bib"] = own_pack.BIB
    if without != "datapackage.json":
        described = {
            "title": "Mine",
            "version": "1",
            "licenses": [{"name": "CC0"}],
            "contributors": [{"title": "Ann Lee"}],
            "repdose": {"prefix": "mylab"},
            "bibliography": {"path": "references.bib"},
            "resources": [{"name": name, "path": f"{name}.csv"} for name in own_pack.TABLES],
        }
        files["pack/datapackage.json"] = json.dumps(described)
    return files


READERS = (
    Reader("bibliography", "x.bib", ["bib", "x.bib"], most=64_000_000),
    Reader(
        "text that cites",
        "x.md",
        ["bib", "ok.bib", "--cited-in", "x.md"],
        beside={"ok.bib": SOUND_BIB},
        most=64_000_000,
    ),
    Reader(
        "notebook that cites",
        "x.ipynb",
        ["bib", "ok.bib", "--cited-in", "x.ipynb"],
        beside={"ok.bib": SOUND_BIB},
        most=64_000_000,
    ),
    Reader("MET table", "x.csv", ["check", "--table", "x.csv"], most=500_000_000),
    Reader("scenario", "x.yaml", ["build", "--dry-run", "--scenario", "x.yaml"], most=1_000_000),
    Reader("sweep", "x.yaml", ["build", "--dry-run", "--sweep", "x.yaml"], most=1_000_000),
    Reader(
        "parameters",
        "x.yaml",
        ["run", "energy_cost", "-f", "x.yaml", "-o", "o.html"],
        most=1_000_000,
    ),
    Reader(
        "plan",
        "x.yaml",
        ["run", "energy_cost", "-p", "progression", "x.yaml", "-o", "o.html"],
        most=1_000_000,
    ),
    Reader("notebook", "x.ipynb", ["params", "x.ipynb"], most=200_000_000),
    Reader("notebook to run", "x.ipynb", ["run", "x.ipynb", "-o", "o.html"], most=200_000_000),
    Reader(
        "baseline",
        "x.json",
        ["diff", "x.json", "x.json"],
        "repdose: {file}: {said}; name the output folder of a build, or a baseline file",
        most=200_000_000,
    ),
)
#: What these readers say of a folder or of nothing is their own.
OWN = {
    ("baseline", "a folder"): "repdose: x.json: no build: nothing below it is …",
    ("notebook", "no file"): "repdose: x.ipynb: cannot be read: No such file or directory",
    ("notebook to run", "no file"): "repdose: x.ipynb: cannot be read: No such file or directory",
}


def cases() -> Iterator[Case]:
    """Every reader with everything that is no file, and with a file too large."""
    for reader in READERS:
        for what, (make, said) in SAID.items():
            first = OWN.get((reader.name, what), reader.first.format(file=reader.file, said=said))
            yield _case(reader, what, make, first)
        said = f"{reader.most + 1:,} bytes; at most {reader.most:,} are read"
        first = reader.first.format(file=reader.file, said=said)
        yield _case(reader, "too large a file", of_size(reader.most + 1), first)
    yield from _trials()
    yield from _packs()
    yield from _builds()
    yield from _results()


def _case(reader: Reader, what: str, make: Callable[..., object], first: str) -> Case:
    given = {**reader.beside, reader.file: make}
    return Case(reader.name, what, reader.arguments, reader.code, first, given)


def _trials() -> Iterator[Case]:
    """A table of trials, which is refused as a parameter is."""
    arguments = ["run", "dose_response", "-p", "table", "x.csv", "-o", "o.html"]
    first = "repdose: dose_response: table: x.csv cannot be used as it stands; nothing was run"
    for what in ("a pipe", "a device", "a folder", "a file that grows"):
        yield Case("trials", what, arguments, 2, first, {"x.csv": SAID[what][0]})
    yield Case("trials", "too large a file", arguments, 2, first, {"x.csv": of_size(500_000_001)})
    for what in ("a link to itself", "no file"):
        said = "repdose: dose_response: table: no file 'x.csv'; give the path of a CSV file, in …"
        yield Case("trials", what, arguments, 2, said, {"x.csv": SAID[what][0]})


def _packs() -> Iterator[Case]:
    """The files of a pack: what is wrong is told on standard output, as of any check."""
    check = ["check", "--pack", "pack"]
    no_pack = "out: pack: there is no datapackage.json in it, so it is no pack [pack]"
    for what in ("a pipe", "a device", "a folder", "a link to itself", "no file"):
        given = {**_pack("datapackage.json"), "pack/datapackage.json": SAID[what][0]}
        yield Case("descriptor of a pack", what, check, 1, no_pack, given)
    large = {**_pack("datapackage.json"), "pack/datapackage.json": of_size(1_000_001)}
    first = "out: pack/datapackage.json: 1,000,001 bytes; at most 1,000,000 are read [pack]"
    yield Case("descriptor of a pack", "too large a file", check, 1, first, large)
    for what in ("a pipe", "a device", "a folder", "a link to itself", "no file"):
        for file in ("exercises.csv", "references.bib"):
            given = {**_pack(file.removesuffix(".csv")), f"pack/{file}": SAID[what][0]}
            yield Case(f"{file} of a pack", what, check, 1, "out: pack/datapackage.json:…", given)


#: What a build has written of a report, as far as it is read before the results are.
WRITTEN = json.dumps(
    {
        **{"status": "complete", "notebook": "energy_cost", "scenario": "foundation"},
        **{"parameters": {}, "files": {"results.json": "0" * 64}},
        "made_from": {"data": {}, "bibliography": {}},
    }
)


def _results() -> Iterator[Case]:
    """The results of a report whose manifest is sound."""
    place = "build/foundation/energy_cost"
    for what in ("a pipe", "a device", "a file that grows"):
        make, _ = SAID[what]
        given = {f"{place}/manifest.json": WRITTEN, f"{place}/results.json": make}
        altered = "repdose: foundation/energy_cost: …"
        yield Case("results archived", what, ["archive", "build", "-o", "a.zip"], 2, altered, given)
        for verb in (["diff", "build", "build"], ["baseline", "build", "-o", "b.json"]):
            yield Case(f"results for {verb[0]}", what, verb, 2, "repdose: build…", given)


def _builds() -> Iterator[Case]:
    """The manifest and the results of a build."""
    for what in ("a pipe", "a device", "a folder", "a file that grows", "a link to itself"):
        given = {"build/foundation/energy_cost/manifest.json": SAID[what][0]}
        if what != "a link to itself":  # which is there and is not, so that both may be said
            stale = "out: foundation/energy_cost: …"
            yield Case("manifest", what, ["check", "--reports", "build"], 1, stale, given)
        refused = "repdose: …"
        yield Case(
            "manifest of an archive", what, ["archive", "build", "-o", "a.zip"], 2, refused, given
        )
        yield Case("manifest compared", what, ["diff", "build", "build"], 2, refused, given)
