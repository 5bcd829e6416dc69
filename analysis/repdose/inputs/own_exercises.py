"""Exercises that a scenario declares itself: read as a pack without a prefix, the reader's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from repdose.evidence import packs
from repdose.evidence.checks.pack import faults_of
from repdose.evidence.packs import BIBLIOGRAPHY, Pack
from repdose.evidence.records import CHECKED
from repdose.evidence.tables import resource
from repdose.evidence.training.variants import ROLES, TEMPO

#: Under which the reader's own judgement is cited where no source is given.
OWN = "readers_own"
KEYS = (
    *("name", "set_unit", "sides", "tempo", "equipment", "description", "met", "credits"),
    *("source", "locator", "checked", "reason"),
)
_TABLES = ("exercises", "set_credits", "met_analogies")
_CREDIT = ("role", "grade", "reason", "source", "locator", "checked")
_SOURCE = {"source": OWN, "locator": "declared in the scenario", "checked": "full-text"}


@dataclass
class _Declared:
    """Rows as they are gathered, and under which key of the scenario each was written."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {t: [] for t in _TABLES})
    keys: dict[tuple[str, int], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def add(self, table: str, key: str, **row: Any) -> None:
        """Enter a row of a table, written under a key."""
        self.rows[table].append(row)
        self.keys[table, len(self.rows[table]) + 1] = key  # below the header


def own_exercises(content: Any, where: str, title: str) -> tuple[Pack | None, list[str]]:
    """The pack that a scenario's ``exercises`` make on top of those in force, and their faults.

    Parameters
    ----------
    content : mapping
        Exercises by id: name, set_unit, sides, tempo, met (rows by edition), credits (roles by
        muscle) and source or reason; see ``docs/formats.md``.
    where, title : str
        The scenario's file and title.

    Returns
    -------
    Pack or None, list of str
        A line for each fault, with the key it is of; no pack if there is one.
    """
    if not isinstance(content, Mapping) or not content:
        return None, [f"{where} exercises: a mapping of exercises by id is required"]
    declared = _Declared()
    for id, given in content.items():
        key = f"exercises.{id}"
        if isinstance(given, Mapping):
            declared.faults += _exercise(declared, str(id), given, key)
        else:
            declared.faults.append(f"{key}: a mapping of {', '.join(KEYS)} is required")
    if declared.faults:
        return None, [f"{where} {fault}" for fault in declared.faults]
    pack = packs.declared(_files(declared, title))
    faults = [_told(declared, str(fault.file), fault.line, fault) for fault in faults_of(pack)]
    return (None if faults else pack), [f"{where} {fault}" for fault in faults]


def _exercise(declared: _Declared, id: str, given: Mapping[str, Any], key: str) -> Iterator[str]:
    for name in given:
        if name not in KEYS:
            yield f"{key}.{name}: unknown key; an exercise has {', '.join(KEYS)}"
    if not given.get("source") and not given.get("reason"):
        yield f"{key}: give its source (a key of the bibliography) or your reason"
    if given.get("source") and not given.get("locator"):
        yield f"{key}.locator: say where in the source"
    said = _source(given)
    tempo = given.get("tempo") or {}
    if not isinstance(tempo, Mapping) or not set(tempo) <= set(TEMPO):
        yield f"{key}.tempo: a mapping of {', '.join(TEMPO)} is required; read {tempo!r:.60}"
        tempo = {}
    declared.add(
        "exercises",
        key,
        **dict.fromkeys(TEMPO, "") | dict(tempo),
        id=id,
        name=given.get("name", ""),
        set_unit=given.get("set_unit", "repetitions"),
        sides=given.get("sides", 1),
        equipment=given.get("equipment", "not stated"),
        description=given.get("description") or given.get("reason") or given.get("name", ""),
        **said,
    )
    yield from _met(declared, id, given.get("met"), key, given.get("reason", ""))
    yield from _credits(declared, id, given.get("credits"), key, given)


def _met(declared: _Declared, id: str, met: Any, key: str, reason: str) -> Iterator[str]:
    if not isinstance(met, Mapping) or not met:
        yield f"{key}.met: MET rows by edition are required, as in 2024: {{low: '02024', ...}}"
        return
    for edition, rows in met.items():
        at = f"{key}.met.{edition}"
        if not isinstance(rows, Mapping) or set(rows) - {"reason"} != set(ROLES):
            yield f"{at}: codes for {', '.join(ROLES)} and a reason are required; read {rows!r:.80}"
            continue
        for role in ROLES:
            if not isinstance(rows[role], str):
                yield f"{at}.{role}: a code is text, in quotes, as '02024'; read {rows[role]!r}"
        why = rows.get("reason") or reason
        if not why:
            yield f"{at}.reason: say why these rows stand for it"
        for role in ROLES:
            row = {"edition": str(edition), "role": role, "code": rows[role], "reason": why}
            declared.add("met_analogies", f"{at}.{role}", exercise=id, **row)


def _credits(
    declared: _Declared, id: str, credits: Any, key: str, given: Mapping[str, Any]
) -> Iterator[str]:
    if not isinstance(credits, Mapping) or not credits:
        yield f"{key}.credits: direct or indirect by muscle is required, as in obliques: direct"
        return
    for muscle, credit in credits.items():
        at = f"{key}.credits.{muscle}"
        written = credit if isinstance(credit, Mapping) else {"role": credit}
        if unknown := set(written) - set(_CREDIT):
            yield f"{at}.{min(unknown)}: unknown key; a credit has {', '.join(_CREDIT)}"
        declared.add(
            "set_credits",
            at,
            exercise=id,
            muscle=str(muscle),
            role=written.get("role", ""),
            grade=written.get("grade", "c"),
            reason=written.get("reason") or given.get("reason") or "as the scenario declares",
            **_source({**given, **written}),
        )


def _source(given: Mapping[str, Any]) -> dict[str, Any]:
    """Source, locator and checked as given; the reader's own judgement where none is."""
    if not given.get("source"):
        return dict(_SOURCE)
    stated = {name: given.get(name, "") for name in _SOURCE}
    return {**stated, "checked": given.get("checked", CHECKED[-1])}


def _files(declared: _Declared, title: str) -> dict[str, str]:
    """The rows as the tables of a pack, and the entry that the reader's own judgement has."""
    files = {}
    for table, rows in declared.rows.items():
        text = io.StringIO()
        columns = [item["name"] for item in resource(table)["schema"]["fields"]]
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        files[f"{table}.csv"] = text.getvalue()
    plain = "".join(sign for sign in title if sign not in "{}\\%@#")
    files[BIBLIOGRAPHY] = (
        f"@misc{{{OWN},\n author = {{{{Reader's own}}}},\n"
        f" title = {{Exercises declared in the scenario: {plain}}},\n}}\n"
    )
    return files


def _told(declared: _Declared, file: str, line: int, fault: Any) -> str:
    """A fault of a row by the key it was written under."""
    table = file.rpartition("/")[2].removesuffix(".csv")
    key = declared.keys.get((table, line), "exercises")
    return f"{key}: {fault.key}: {fault.message}" if fault.key else f"{key}: {fault.message}"
