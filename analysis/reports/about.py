"""Who made the package and under which licence: CITATION.cff and LICENSE, installed or not."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any


class AboutError(ValueError):
    """An installation that lacks its own citation file."""


@cache
def citation() -> dict[str, Any]:
    """Content of CITATION.cff, every value as text: a date stays as it is written."""
    import yaml

    content: dict[str, Any] = yaml.load(citation_file().read_text("utf-8"), yaml.BaseLoader)
    return content


def citation_file() -> Path:
    """CITATION.cff: inside the installed package, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    for folder in (package, package.parent):
        if (folder / "CITATION.cff").is_file():
            return folder / "CITATION.cff"
    raise AboutError("CITATION.cff is neither in the package nor beside it; reinstall repdose")


def licence_text() -> str:
    """The licence as it was installed with the package, from a bare checkout beside it."""
    try:
        text = metadata.distribution("repdose").read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        text = None
    return text or (citation_file().parent / "LICENSE").read_text("utf-8")
