"""What a report was made with: versions, and checksums of packaged files."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

# Libraries whose release can move a reported number or what a figure shows: named in the report.
LIBRARIES = ("formulaic", "matplotlib", "numpy", "pandas", "SALib", "scipy")
# Those that can move the bytes of its files and no number. Figures: the layout and the PNG
# (their font comes with matplotlib); references: the reading of BibTeX and LaTeX, the styles.
EXPORT = (
    "bibtexparser",
    "citeproc-py",
    "ipython",
    "jinja2",
    "kiwisolver",
    "mistune",
    "nbconvert",
    "papermill",
    "pillow",
    "pygments",
    "pylatexenc",
)


@cache
def checksum(path: Path) -> str:
    """SHA-256 of a packaged file, in hexadecimal, as it was when first asked for."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@cache
def versions() -> dict[str, str]:
    """Versions of the package, of Python and of the :data:`LIBRARIES`."""
    own = {"repdose": package_version(), "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}


@cache
def export_versions() -> dict[str, str]:
    """Versions of the :data:`EXPORT` libraries."""
    return {name: version(name) for name in EXPORT}


def package_version() -> str:
    """Version of the installed package; "not installed" when run from a bare folder."""
    try:
        return version("repdose")
    except PackageNotFoundError:
        return "not installed"
