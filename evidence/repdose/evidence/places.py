"""Where the shipped files lie that are no code: in the installed package, or around it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from repdose.evidence.errors import EvidenceError

_HERE = Path(__file__).resolve().parent
#: Inside the installed package; in a checkout the folder of evidence and the checkout itself.
_FOLDERS = (_HERE, *_HERE.parents[:3])


@cache
def place_of(name: str) -> Path:
    """Where a shipped file or folder lies, as in ``place_of("references.bib")``.

    Raises
    ------
    EvidenceError
        If it is in none of the places.
    """
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    raise EvidenceError(f"{name} is neither in the package nor beside it; reinstall repdose")
