"""Exercises that a scenario declares itself: read as a pack without a prefix, the reader's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from repdose.evidence import packs
from repdose.evidence.checks.pack import faults_of
from repdose.evidence.packs import BIBLIOGRAPHY, Pack
from repdose.evidence.problems import Problem
from repdose.evidence.records import CHECKED
from repdose.evidence.tables import resource
from repdose.evidence.training.variants import ROLES, TEMPO

#: Under which the reader's own judgement is cited where no source is given.
OWN = "readers_own"
KEYS = (
    *("name", "set_unit", "sides", "tempo", "equipment", "description", "met", "credits"),
    *("source", "locator", "checked", "reason"),
)
_TABLES = ("exercises", "set_credits", "met_analogies", "met")
_CREDIT = ("role", "grade", "reason", "source", "locator", "checked")
# Of numbers: a code without its quotes, and no MET
_LEAST_CODE = 1000
_SOURCE = {"source": OWN, "locator": "declared in the scenario", "checked": "full-text"}
#: Keys that lead to a value of the scenario, and what is wrong there.
_Keys = tuple[str, ...]
_Fault = tuple[_Keys, str]


@dataclass
class _Declared:
    """Rows of each table as they are gathered, with the keys that each was written under."""

    rows: dict[str, list[tuple[_Keys, dict[str, Any]]]] = field(
        default_factory=lambda: {table: [] for table in _TABLES}
    )

    def add(self, table: str, keys: _Keys, **row: Any) -> None:
        """Enter a row of a table, written under some keys."""
        # A text of several lines is one line here, so that rows and lines are the same
        one_line = {
            column: " ".join(cell.split()) if isinstance(cell, str) else cell
            for column, cell in row.items()
        }
        self.rows[table].append((keys, one_line))

    def take(self, other: _Declared) -> None:
        """Enter all rows of another."""
        for table, rows in other.rows.items():
            self.rows[table] += rows

    def keys(self, table: str, line: int) -> _Keys:
        """Keys that a row was written under, by its line in the table's file."""
        rows = self.rows.get(table, [])
        below = line - 2  # the header
        return rows[below][0] if 0 <= below < len(rows) else ("exercises",)


def own_exercises(
    content: Any, at: Callable[..., str], title: str
) -> tuple[Pack | None, list[str]]:
    """The pack that a scenario's ``exercises`` make on top of those in force, and their faults.

    Parameters
    ----------
    content : mapping
        Exercises by id: name, set_unit, sides, tempo, met (rows by edition), credits (roles by
        muscle) and source or reason; see ``docs/formats.md``.
    at : callable
        The scenario's file, and the line of what stands under the keys it is given.
    title : str
        The scenario's title.

    Returns
    -------
    Pack or None, list of str
        A line for each fault, with the line and the key it is of; no pack if there is one.
    """
    if not isinstance(content, Mapping) or not content:
        return None, [f"{at('exercises')} exercises: a mapping of exercises by id is required"]
    declared = _Declared()
    faults: list[_Fault] = []
    for id, given in content.items():
        keys = ("exercises", str(id))
        if not isinstance(given, Mapping):
            faults.append((keys, f"a mapping of {', '.join(KEYS)} is required"))
            continue
        one = _Declared()
        if wrong := list(_exercise(one, str(id), given, keys)):
            faults += wrong  # of what it has the tables would say no more
        else:
            declared.take(one)
    told = [f"{at(*keys)} {'.'.join(keys)}: {said}" for keys, said in faults]
    pack = packs.declared(_files(declared, title))
    told += [_told(declared, at, fault) for fault in faults_of(pack)]
    return (None if told else pack), told


def _exercise(
    declared: _Declared, id: str, given: Mapping[str, Any], keys: _Keys
) -> Iterator[_Fault]:
    for name in given:
        if name not in KEYS:
            yield (*keys, name), f"unknown key; an exercise has {', '.join(KEYS)}"
    if not given.get("source") and not given.get("reason"):
        yield keys, "give its source (a key of the bibliography) or your reason"
    if given.get("source") and not given.get("locator"):
        yield (*keys, "locator"), "say where in the source"
    yield from _unsourced(given, given, keys)
    tempo = given.get("tempo") or {}
    if not isinstance(tempo, Mapping) or not set(tempo) <= set(TEMPO):
        yield (*keys, "tempo"), f"a mapping of {', '.join(TEMPO)} is required; read {tempo!r:.60}"
        tempo = {}
    declared.add(
        "exercises",
        keys,
        **dict.fromkeys(TEMPO, "") | dict(tempo),
        id=id,
        name=given.get("name", ""),
        set_unit=given.get("set_unit", "repetitions"),
        sides=given.get("sides", 1),
        equipment=given.get("equipment", "not stated"),
        description=given.get("description") or given.get("reason") or given.get("name", ""),
        **_source(given),
    )
    yield from _met(declared, id, given, (*keys, "met"))
    yield from _credits(declared, id, given, (*keys, "credits"))


def _met(declared: _Declared, id: str, given: Mapping[str, Any], keys: _Keys) -> Iterator[_Fault]:
    met = given.get("met")
    if not isinstance(met, Mapping) or not met:
        yield keys, "MET rows by edition are required, as in 2024: {low: '02024', ...}"
        return
    for edition, rows in met.items():
        at = (*keys, str(edition))
        if not isinstance(rows, Mapping) or set(rows) - {"reason"} != set(ROLES):
            said = f"codes or METs for {', '.join(ROLES)} and a reason are required"
            yield at, f"{said}; read {rows!r:.80}"
            continue
        why = rows.get("reason") or given.get("reason")
        if not why:
            yield (*at, "reason"), "say why these rows stand for it"
        for role in ROLES:
            value, code = rows[role], rows[role]
            is_number = isinstance(value, int | float) and not isinstance(value, bool)
            if is_number and value < _LEAST_CODE:
                code = f"{id}_{role}"
                declared.add(
                    "met",
                    (*at, role),
                    code=code,
                    edition=str(edition),
                    met=value,
                    heading="declared in the scenario",
                    activity=f"{given.get('name', '')}, {role}",
                    basis="not stated",
                    **_source(given),
                )
            elif not isinstance(value, str):
                yield (
                    (*at, role),
                    f"a code is text, in quotes, as '02024', a MET is a number; read {value!r}",
                )
            row = {"edition": str(edition), "role": role, "code": code, "reason": why}
            declared.add("met_analogies", (*at, role), exercise=id, **row)


def _credits(
    declared: _Declared, id: str, given: Mapping[str, Any], keys: _Keys
) -> Iterator[_Fault]:
    credits = given.get("credits")
    if not isinstance(credits, Mapping) or not credits:
        yield keys, "direct or indirect by muscle is required, as in obliques: direct"
        return
    for muscle, credit in credits.items():
        at = (*keys, str(muscle))
        written = credit if isinstance(credit, Mapping) else {"role": credit}
        for name in sorted(set(written) - set(_CREDIT)):
            yield (*at, name), f"unknown key; a credit has {', '.join(_CREDIT)}"
        yield from _unsourced(written, {**given, **written}, at)
        declared.add(
            "set_credits",
            at,
            exercise=id,
            muscle=str(muscle),
            role=written.get("role", ""),
            grade=written.get("grade", "c"),
            reason=written.get("reason") or given.get("reason") or "as the scenario declares",
            # A place in one source is none in another
            **_source(written if written.get("source") else {**given, **written}),
        )


def _unsourced(
    written: Mapping[str, Any], given: Mapping[str, Any], keys: _Keys
) -> Iterator[_Fault]:
    """A place in no source, which would be dropped."""
    for name in ("locator", "checked"):
        if written.get(name) and not given.get("source"):
            yield (
                (*keys, name),
                f"{written[name]!r} is of no source; give the source, or leave it out",
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
        writer.writerows(row for _, row in rows)
        files[f"{table}.csv"] = text.getvalue()
    plain = "".join(sign for sign in title if sign not in "{}\\%@#")
    files[BIBLIOGRAPHY] = (
        f"@misc{{{OWN},\n author = {{{{Reader's own}}}},\n"
        f" title = {{Exercises declared in the scenario: {plain}}},\n}}\n"
    )
    return files


def _told(declared: _Declared, at: Callable[..., str], fault: Problem) -> str:
    """A fault of a row by the keys it was written under."""
    keys = declared.keys(fault.file.rpartition("/")[2].removesuffix(".csv"), fault.line)
    column = f"{fault.key}: " if fault.key else ""
    return f"{at(*keys, fault.key)} {'.'.join(keys)}: {column}{fault.message}"
