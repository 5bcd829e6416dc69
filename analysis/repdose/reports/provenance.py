"""What a report was made with: versions, checksums of packaged files, records and packs."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from repdose.evidence import bibliography
from repdose.evidence.packs import in_force
from repdose.evidence.records import Record
from repdose.evidence.tables import DATA
from repdose.inputs.cells import notebooks_folder

# Libraries whose release can move a reported number or what a figure shows: named in the report.
LIBRARIES = ("formulaic", "matplotlib", "numpy", "pandas", "SALib", "scipy")
# Those that can move the bytes of its files and no number. Figures: the layout, and images in
# them (their font comes with matplotlib); references: the reading of BibTeX and LaTeX, the styles.
EXPORT = (
    "citeproc-py",
    "ipython",
    "jinja2",
    "kiwisolver",
    "mistune",
    "nh3",
    "papermill",
    "pillow",
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


def shipped() -> list[Any]:
    """All that is shipped or installed and no code of ours: what a page over all is made of too."""
    found = [bibliography.path(), *DATA.glob("*.csv"), *notebooks_folder().rglob("*")]
    shipped = {path.name: checksum(path) for path in sorted(found) if path.is_file()}
    return [shipped, versions(), {pack.name: pack.sha256 for pack in in_force()}]


@cache
def export_versions() -> dict[str, str]:
    """Versions of the :data:`EXPORT` libraries."""
    return {name: version(name) for name in EXPORT}


@cache
def arithmetic() -> str:
    """Which kernel numpy's linear algebra has chosen for the processor, as "openblas Haswell".

    Kernels add in different orders, which shows in the last digits.
    """
    import numpy  # noqa: F401 (loads the library that is asked for)
    from threadpoolctl import threadpool_info

    found = [one for one in threadpool_info() if one["user_api"] == "blas"]
    own = [one for one in found if "numpy" in one["filepath"]] or found
    words = {f"{one['internal_api']} {one.get('architecture', '')}".strip() for one in own}
    return ", ".join(sorted(words)) or "none that names itself"


def package_version() -> str:
    """Version of the installed package; "not installed" when run from a bare folder."""
    try:
        return version("repdose")
    except PackageNotFoundError:
        return "not installed"


def own_mark(record: Record) -> str:
    """The mark of a record that comes from the reader."""
    own = {pack.name for pack in in_force() if not pack.is_shipped}
    return " (reader's own)" if record.pack in own else ""


def pack_row(pack: Mapping[str, Any]) -> tuple[str, str]:
    """Name of a pack, and what a report says of it."""
    own = "; the reader's own" if pack["readers_own"] else ""
    return pack["name"], f"{pack['title']}, {pack['version']}, {pack['sha256'][:16]}{own}"
