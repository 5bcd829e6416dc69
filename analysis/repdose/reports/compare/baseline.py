"""What a build states, read back: from its folder, or from the baseline file kept of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from repdose.evidence import whole_files
from repdose.evidence.errors import EvidenceError
from repdose.evidence.input_files import MOST_JSON, content_of, json_of
from repdose.reports import folders, manifest, shapes
from repdose.reports.jobs import as_json
from repdose.reports.shapes import UnreadableError
from repdose.tables.numbers import Number

if TYPE_CHECKING:
    from pydantic import TypeAdapter


class BaselineError(ValueError):
    """A folder or file that holds no results, or results that cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What one report states: as much of its ``results.json`` as a comparison needs."""

    notebook: str
    scenario: str
    parameters: dict[str, Any]
    numbers: list[Number]
    assumptions: list[str]
    sources: list[str]
    records: list[dict[str, Any]]
    # SHA-256 of each cited entry of the bibliography, where the manifest was at hand
    bibliography: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts = Counter(number.id for number in self.numbers)
        if repeated := sorted(one for one, count in counts.items() if count > 1):
            raise ValueError(f"number {repeated[0]!r} stands there twice")
        for record in self.records:
            if not isinstance(record.get("id"), str) or not isinstance(record.get("source"), str):
                raise ValueError(f"a record needs an id and a source; read {record!r}")

    @property
    def name(self) -> str:
        """Scenario and notebook, as messages have it."""
        return f"{self.scenario}/{self.notebook}"

    def content(self) -> dict[str, Any]:
        """The statement as plain data."""
        return {
            "notebook": self.notebook,
            "scenario": self.scenario,
            "parameters": self.parameters,
            "numbers": [number.content() for number in self.numbers],
            "assumptions": self.assumptions,
            "sources": self.sources,
            "records": self.records,
            "bibliography": self.bibliography,
        }


@dataclass(frozen=True)
class Build:
    """Reports by name; those of a folder are read when asked for, one at a time.

    Parameters
    ----------
    stated : mapping
        By name of a report, what it states, or the file that says so.
    failed : mapping
        By name of a report that failed, the problem.
    """

    stated: Mapping[str, Stated | Path]
    failed: Mapping[str, str] = field(default_factory=dict)

    def report(self, name: str) -> Stated:
        """What a report states.

        Raises
        ------
        BaselineError
            Naming the file and the key that does not fit, or the file that was altered.
        """
        place = self.stated[name]
        if isinstance(place, Stated):
            return place
        entries: dict[str, str] = {}
        raw: bytes | None
        try:
            if (written := manifest.read(place.parent)) is None:  # kept without one
                raw = shapes.regular(place, place.parents[2], most=shapes.MOST_BYTES)
            else:
                raw = manifest.whole_results(place.parent, written)
                entries = written["made_from"]["bibliography"]
        except UnreadableError as error:
            raise BaselineError(f"{place.parent}: {error}") from None
        if raw is None:
            raise BaselineError(f"{place}: is gone; run repdose build")
        stated = parsed(place, raw)
        if stated.name != name:
            raise BaselineError(f"{place}: lies in {name} and says that it is {stated.name}")
        stated.bibliography.update(entries)
        return stated

    def __iter__(self) -> Iterator[Stated]:
        return (self.report(name) for name in sorted(self.stated))


def read(place: Path) -> Build:
    """The reports of a build's folder, of a baseline file, or of one ``results.json``.

    Parameters
    ----------
    place : Path
        A folder with ``<scenario>/<notebook>/results.json`` in it, or a JSON file.

    Raises
    ------
    BaselineError
        If there is nothing of the kind, or a file that cannot be understood.
    """
    if place.is_dir():
        return _folder(place)
    raw = _content(place)
    try:
        content = json_of(raw, str(place))
    except EvidenceError as error:
        raise BaselineError(str(error)) from None
    parts = content.get("reports") if isinstance(content, dict) else None
    if parts is None:
        report = parsed(place, raw)
        return Build({report.name: report})
    if not isinstance(parts, list) or not parts:
        raise BaselineError(f"{place}: reports: a list of reports is required; read {parts!r:.60}")
    reports: dict[str, Stated | Path] = {}
    for number, part in enumerate(parts, start=1):
        report = parsed(f"{place}: report {number}", json.dumps(part).encode())
        if report.name in reports:
            raise BaselineError(f"{place}: report {number}: {report.name} stands there twice")
        reports[report.name] = report
    return Build(reports)


def _content(place: Path) -> bytes:
    try:
        return content_of(place, most=MOST_JSON, name=str(place))
    except EvidenceError as error:
        raise BaselineError(
            f"{error}; name the output folder of a build, or a baseline file"
        ) from None


def _folder(place: Path) -> Build:
    stated: dict[str, Stated | Path] = {}
    failed: dict[str, str] = {}
    for folder, state in manifest.reports(place):
        name = folder.relative_to(place).as_posix()
        if isinstance(state, UnreadableError):
            raise BaselineError(f"{folder}: {state}")
        if state is not None and state["status"] == "failed":
            failed[name] = state["problem"]
        elif (folder / folders.RESULTS).is_file():
            stated[name] = folder / folders.RESULTS
        elif state is not None:
            raise BaselineError(f"{folder}: {folders.RESULTS} is missing; run repdose build")
    if not stated and not failed:
        raise BaselineError(
            f"{place}: no build: nothing below it is <scenario>/<notebook>/{folders.RESULTS}"
        )
    return Build(stated, failed)


def write(build: Build, out: Path) -> None:
    """Write a baseline: one JSON file of what every report states.

    Raises
    ------
    BaselineError
        If a report failed: a baseline is what later builds are held to.
    """
    if build.failed:
        raise BaselineError(
            f"{min(build.failed)} failed; a baseline is made of a build without failures"
        )
    if out.is_dir():
        raise BaselineError(f"{out} is a folder; name a file")
    whole_files.write_file(out, as_json({"reports": [stated.content() for stated in build]}))


@cache
def _adapter() -> TypeAdapter[Stated]:
    from pydantic import TypeAdapter

    return TypeAdapter(Stated)


def parsed(where: Path | str, raw: bytes) -> Stated:
    from pydantic import ValidationError

    try:
        return _adapter().validate_json(raw, strict=True)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise BaselineError(
            f"{where}: {key or 'content'}: {first['msg'].removeprefix('Value error, ')}; "
            f"read {first['input']!r:.60}"
        ) from None
