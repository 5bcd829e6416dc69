"""The study that one is in: a folder with evidence, references, notebooks and plans of one's own.

Its shape is that of this project: ``datapackage.json`` (which has a ``repdose`` object),
``references.bib``, ``evidence/``, ``notebooks/`` and ``scenarios/``.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import content_of, json_of

DESCRIPTOR = "datapackage.json"
#: Far above any descriptor.
MOST_BYTES = 1_000_000
#: Where cells that run in a folder of their own find the study that their build was started in.
VARIABLE = "REPDOSE_STUDY"


@dataclass(frozen=True, slots=True)
class Study:
    """A study, by the folder it is.

    Parameters
    ----------
    root : Path
        The folder, links resolved.
    prefix : str
        What ids of its records begin with, as its descriptor has it.
    """

    root: Path
    prefix: str

    @property
    def bibliography(self) -> Path:
        """Its references.bib."""
        return self.root / "references.bib"

    @property
    def notebooks(self) -> Path:
        """Folder of its notebooks."""
        return self.root / "notebooks"

    @property
    def scenarios(self) -> Path:
        """Folder of its plans."""
        return self.root / "scenarios"

    def holds(self, path: Path) -> bool:
        """Whether a file lies in it, links followed."""
        return path.resolve().is_relative_to(self.root)


def find() -> Study | None:
    """The study that the process works for: the folder it is in, or the nearest around that.

    Raises
    ------
    EvidenceError
        If the descriptor of what looks like a study cannot be read.
    """
    if told := os.environ.get(VARIABLE):
        return at(Path(told))
    try:
        here = os.getcwd()  # with links followed
    except OSError:  # the folder was removed
        return None
    return _nearest(here)


def around(folder: Path) -> Study | None:
    """The study that a folder is, or that it lies in."""
    return _nearest(str(folder.resolve()))


def _nearest(place: str) -> Study | None:
    # Asked for at every citation, so by the text of paths
    while True:
        if os.path.exists(os.path.join(place, DESCRIPTOR)) and (study := at(Path(place))):
            return study
        place, below = os.path.dirname(place), place
        if place == below:
            return None


def at(folder: Path) -> Study | None:
    """The study that a folder is, if it is one."""
    try:
        changed = (folder / DESCRIPTOR).stat().st_mtime_ns
    except OSError:
        return None
    if not ((folder / "notebooks").is_dir() or (folder / "scenarios").is_dir()):
        return None  # a pack of evidence, or somebody's data
    return _described(folder, changed)


@cache
def _described(folder: Path, _changed_ns: int) -> Study | None:
    try:
        raw = content_of(folder / DESCRIPTOR, most=MOST_BYTES)
        if b'"repdose"' not in raw:
            return None
        prefix = json_of(raw, DESCRIPTOR)["repdose"]["prefix"]
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceError(
            f"{folder.name}/{DESCRIPTOR}: a study's descriptor is JSON with "
            f'"repdose": {{"prefix": "{folder.name.lower()}"}}; it cannot be read so: '
            f"{type(error).__name__}: {error}"
        ) from None
    return Study(folder.resolve(), str(prefix))
