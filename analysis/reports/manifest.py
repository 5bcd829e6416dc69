"""What a report was made from, component by component, so that a build knows what is stale."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from analysis.reports import canonical, folders, provenance
from analysis.reports.jobs import CellError, Job, as_json
from evidence import bibliography
from evidence.tables import DATA

_PACKAGES = (Path(__file__).resolve().parent.parent, DATA.parent)


def complete(
    job: Job,
    title: str,
    subtitle: str,
    results: Mapping[str, Any],
    files: Mapping[str, str | bytes],
) -> dict[str, Any]:
    """Manifest of a finished report."""
    return {
        "status": "complete",
        "title": title,
        "subtitle": subtitle,
        "notebook": job.notebook,
        "scenario": job.scenario,
        "parameters": dict(job.parameters),
        "made_from": components(job, sorted(results["data"]), results["sources"]),
        "files": {name: digest(content) for name, content in sorted(files.items())},
    }


def failed(job: Job, error: CellError) -> dict[str, Any]:
    """Manifest of a report that failed: never taken for a finished one."""
    return {
        "status": "failed",
        "notebook": job.notebook,
        "scenario": job.scenario,
        "parameters": dict(job.parameters),
        "problem": error.problem,
    }


def components(job: Job, tables: list[str], sources: list[str]) -> dict[str, Any]:
    """Digest of everything that makes a report, given the tables it read and what it cites."""
    return {
        "notebook": digest(notebook_text(job.source)),
        "parameters": digest(as_json(with_plan(job.parameters))),
        "package": package_digest(),
        "data": {name: _digest_of(DATA / name) for name in tables},
        "bibliography": {key: _entry(key) for key in sources},
        "libraries": provenance.versions(),
        "export": provenance.export_versions(),
        "platform": f"{platform.system()} {platform.machine()}",
        "canonical form": canonical.VERSION,
    }


def with_plan(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with the plan that a scenario's name stands for, since its file may change."""
    from analysis.reports import scenarios

    found = dict(parameters)
    if isinstance(name := found.get("progression"), str):
        found["progression"] = [name, scenarios.shipped(name).title, scenarios.shipped(name).stages]
    return found


def notebook_text(source: Path) -> str:
    """Code and prose of a notebook, without outputs, ids and editors' metadata."""
    notebook = json.loads(source.read_text("utf-8"))
    return as_json(
        [
            [cell["cell_type"], "".join(cell["source"]), cell["metadata"].get("tags", [])]
            for cell in notebook["cells"]
        ]
    )


@cache
def package_digest() -> str:
    """Digest of the source of both packages, templates included."""
    total = hashlib.sha256()
    for package in _PACKAGES:
        for path in sorted(package.rglob("*")):
            inside = path.relative_to(package).parts
            if "__pycache__" in inside or inside[0] in ("data", "notebooks"):
                continue
            if path.suffix in (".py", ".j2", ".css", ".js"):
                total.update("/".join((package.name, *inside)).encode("utf-8"))
                total.update(path.read_bytes())
    return total.hexdigest()


def _digest_of(path: Path) -> str:
    return provenance.checksum(path) if path.is_file() else "missing"


def _entry(key: str) -> str:
    try:
        return digest(bibliography.source(key).raw)
    except KeyError:
        return "missing"


def digest(content: str | bytes) -> str:
    """SHA-256 in hexadecimal."""
    raw = content.encode("utf-8") if isinstance(content, str) else content
    return hashlib.sha256(raw).hexdigest()


def read(folder: Path) -> dict[str, Any] | None:
    """Manifest of a folder, None if there is none that can be read."""
    try:
        content: dict[str, Any] = json.loads((folder / folders.MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return content


def changed(job: Job) -> list[str]:
    """Why a report must be made: each component that changed; nothing if it is up to date."""
    before = read(job.folder)
    if before is None:
        return ["not made yet"]
    if before.get("status") != "complete":
        return ["failed last time"]
    was = before["made_from"]
    now = components(job, sorted(was["data"]), sorted(was["bibliography"]))
    reasons = []
    for name, value in now.items():
        old = was.get(name)
        if value == old:
            continue
        if isinstance(value, dict) and isinstance(old, dict):
            parts = sorted(k for k in value.keys() | old.keys() if value.get(k) != old.get(k))
            reasons.append(f"{name}: {', '.join(parts)}")
        else:
            reasons.append(name)
    return reasons or damaged(job.folder, before)


def damaged(folder: Path, manifest: Mapping[str, Any]) -> list[str]:
    """Files of a report that are missing or not as they were written."""
    for name, expected in manifest["files"].items():
        try:
            same = digest((folder / name).read_bytes()) == expected
        except OSError:
            same = False
        if not same:
            return [f"file {name} is missing or was altered"]
    return []
