"""Who made the package and under which licence: CITATION.cff and LICENSE, installed or not."""

from __future__ import annotations

from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from repdose.evidence.places import place_of


@cache
def citation() -> dict[str, Any]:
    """Content of CITATION.cff, every value as text: a date stays as it is written."""
    import yaml

    content: dict[str, Any] = yaml.load(citation_file().read_text("utf-8"), yaml.BaseLoader)
    return content


def citation_file() -> Path:
    """CITATION.cff: inside the installed package, beside it in a checkout."""
    return place_of("CITATION.cff")


def licence_text() -> str:
    """The licence as it was installed with the package, from a bare checkout beside it."""
    try:
        text = metadata.distribution("repdose").read_text("licenses/LICENSE")
    except metadata.PackageNotFoundError:
        text = None
    return text or (citation_file().parent / "LICENSE").read_text("utf-8")
