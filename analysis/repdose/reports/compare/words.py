"""A difference between two builds in words: for a terminal, and for a pull request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from repdose.reports.compare.difference import Difference, NumberChange, SourceChange
from repdose.tables.numbers import MEANING, Number, rounded

# A comment on GitHub may have 65,536 characters; these keep any summary below half of that
ROWS = 40
NAMES = 20
CELL = 110


def text(difference: Difference) -> str:
    """The difference as plain text, all of it."""
    lines: list[str] = []
    for report in difference.changed:
        lines.append(report.name)
        lines += [f"  {_plain(change)}" for change in report.numbers]
        for name, (old, new) in report.parameters.items():
            lines.append(f"  parameter {name}: {old!r} -> {new!r}")
        for word, (gone, come) in (("assumption", report.assumptions), ("source", report.sources)):
            lines += [f"  {word} gone: {one}" for one in gone]
            lines += [f"  {word} new: {one}" for one in come]
    for title, names in _reports(difference):
        lines += [f"{title}: {name}" for name in names]
    for key, source in difference.sources.items():
        lines.append(f"source {key}: {_records(source)}")
    return "\n".join([*lines, headline(difference), _compared(difference)])


def headline(difference: Difference) -> str:
    """The difference in a sentence."""
    moved = difference.moved
    parts = [
        _count(len(moved), "number") + f" changed in {_count(_reports_of(moved), 'report')}"
        if moved
        else "",
        _count(sum(not report.numbers for report in difference.changed), "report")
        + " with other parameters, assumptions or sources",
        *(f"{_count(len(names), 'report')} {title}" for title, names in _reports(difference)),
        f"{_count(len(difference.sources), 'source')} with a changed record",
    ]
    told = [part for part in parts if part and not part.startswith("0 ")]
    return "; ".join(told) if difference else "nothing moved"


def markdown(difference: Difference) -> str:
    """The difference as a comment on a pull request: Markdown of bounded length."""
    lines = [f"### Reports: {_cell(headline(difference), 400)}", ""]
    if moved := difference.moved:
        lines += ["| Report | Number | Before | After | Change |"]
        lines += ["| --- | --- | --- | --- | ---: |"]
        lines += [_row(name, change) for name, change in moved[:ROWS]]
        lines += _more(len(moved) - ROWS, "number")
    for title, names in _reports(difference):
        lines += [f"**Reports {title}**", ""]
        lines += [f"- {_cell(name)}" for name in names[:NAMES]]
        lines += _more(len(names) - NAMES, "report")
    if other := list(_other(difference)):
        lines += ["**Parameters, assumptions and sources of reports**", "", *other[:NAMES]]
        lines += _more(len(other) - NAMES, "change")
    if difference.sources:
        lines += ["**Sources whose record changed**", ""]
        sources = list(difference.sources.items())
        lines += [f"- {_cell(key)}: {_cell(_records(one))}" for key, one in sources[:NAMES]]
        lines += _more(len(sources) - NAMES, "source")
    lines += [f"<sub>{_cell(_compared(difference), 200)}</sub>"]
    return "\n".join(lines)


def _compared(moved: Difference) -> str:
    words = f"{_count(moved.numbers, 'number')} of {_count(moved.reports, 'report')} compared"
    return f"{words}, relative tolerance {moved.tolerance:g}"


def _reports(difference: Difference) -> Iterator[tuple[str, list[str]]]:
    """Reports that only one build has, or that fail, under what is to be said of them."""
    for title, names in (
        ("added", difference.added),
        ("removed", difference.removed),
        ("that no longer fail", difference.mended),
        ("that now fail", _problems(difference.failing.items())),
        ("that still fail", _problems(difference.still_failing.items())),
    ):
        if names:
            yield title, list(names)


def _problems(failed: Iterable[tuple[str, str]]) -> list[str]:
    return [f"{name}: {problem}" for name, problem in failed]


def _reports_of(moved: Sequence[tuple[str, NumberChange]]) -> int:
    return len({name for name, _ in moved})


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def _plain(change: NumberChange) -> str:
    before, after = _sides(change)
    label = f"{change.either.id} ({change.either.label})"
    if change.what in ("added", "removed"):
        return f"{label}: {change.what}, {after or before}"
    return f"{label}: {before} -> {after}  {_change(change)}"


def _sides(change: NumberChange) -> tuple[str, str]:
    """How a number reads before and after, with as many digits as it takes to see the move."""
    old, new = change.old, change.new
    if old is None or new is None:
        return old.text if old else "", new.text if new else ""
    if change.what == "range":
        return _ranged(old), _ranged(new)
    if old.text != new.text:
        return old.text, new.text
    return _unrounded(old, new)


def _ranged(number: Number) -> str:
    return f"{number.text}, {MEANING[number.kind] or 'no range'}"


def _unrounded(old: Number, new: Number) -> tuple[str, str]:
    before = after = ""
    for digits in range(6, 18):  # 17 significant digits tell any two floats apart
        before, after = (_with(one, digits) for one in (old, new))
        if before != after:
            break
    return before, after


def _with(number: Number, digits: int) -> str:
    ends = "" if number.low is None else f" ({number.low:.{digits}g} to {number.high:.{digits}g})"
    return f"{number.value:.{digits}g}{ends} {number.unit}".rstrip()


def _change(change: NumberChange) -> str:
    """What kind of change it is, in a word or in percent."""
    if change.what == "unit":
        return "unit"
    if change.what == "range":
        return "meaning of the range"
    if change.what in ("added", "removed"):
        return change.what
    share = change.relative
    if share == 0:
        return "range only"
    if share is None:
        return "from zero"
    percent = 100 * share
    shown = f"{rounded(percent, 1)} %" if abs(percent) >= 0.1 else f"{percent:.1e} %"
    return shown if shown.startswith(("−", "-")) else f"+{shown}"


def _records(source: SourceChange) -> str:
    parts = ["bibliography entry"] if source.entry else []
    for name, fields in source.records.items():
        told = ", ".join(f"{key} {old!r} -> {new!r}" for key, (old, new) in fields.items())
        parts.append(f"record {name}: {told}")
    return f"{'; '.join(parts)} (in {_count(len(source.reports), 'report')})"


def _other(difference: Difference) -> Iterator[str]:
    for report in difference.changed:
        for name, (old, new) in report.parameters.items():
            yield f"- {_cell(report.name)}: parameter {_cell(f'{name}: {old!r} → {new!r}')}"
        for word, (gone, come) in (("assumption", report.assumptions), ("source", report.sources)):
            for one in gone:
                yield f"- {_cell(report.name)}: {word} gone: {_cell(one)}"
            for one in come:
                yield f"- {_cell(report.name)}: new {word}: {_cell(one)}"


def _row(name: str, change: NumberChange) -> str:
    before, after = _sides(change)
    label = _cell(change.either.label)
    shown = [
        _cell(name),
        f"**{label}**" if change.either.headline else label,
        _cell(before) or "–",
        _cell(after) or "–",
        _cell(_change(change)),
    ]
    return f"| {' | '.join(shown)} |"


def _more(left: int, word: str) -> list[str]:
    if left <= 0:
        return [""]
    return ["", f"… and {_count(left, f'more {word}')}; `repdose diff` lists all.", ""]


# What Markdown would take for its own inside a line; a backslash makes it text
_SPECIAL = re.compile(r"([\\`*_\[\]|~<&])")


def _cell(content: Any, limit: int = CELL) -> str:
    """Text that stays text in a table of a comment, on one line and not too long."""
    words = " ".join(str(content).split())
    if len(words) > limit:
        words = words[: limit - 1] + "…"
    # A zero-width space keeps a name after @ from being told of the comment
    return _SPECIAL.sub(r"\\\1", words).replace("@", "@\u200b")
