"""What a formula says before it is evaluated: which columns it names, in any alphabet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from .data import plain

# Words of a formula that are no columns.
PYTHON = {"np", "contr", "True", "False", "None"}


def composed(name: str) -> str:
    """A name in the one form of its letters that Python reads, however they were typed."""
    return unicodedata.normalize("NFKC", name)


def _one_sided(formula: Any) -> str:
    """What stands right of the tilde."""
    if not isinstance(formula, str):
        raise ValueError(f"formula must be text such as '~ weekly_sets'; got {plain(formula)!r}")
    left, tilde, right = formula.partition("~")
    if tilde and left.strip():
        raise ValueError(
            f"formula {formula!r}: the effect is named by effect=, so the formula starts with ~"
        )
    right = right if tilde else left
    if not right.strip():
        raise ValueError(f"formula {formula!r} is empty; '~ 1' asks for the mean effect")
    if "|" in re.sub(r"`[^`]*`", "", right):
        raise ValueError(
            f"formula {formula!r}: random effects are not part of it; name them by "
            "levels= and slopes="
        )
    return right


def _refuse_powers(formula: str, right: str) -> None:
    """Refuse x**2 outside I(), which formula language reads as an interaction."""
    bare = re.sub(r"`[^`]+`|'[^']*'|\"[^\"]*\"", " ", right)
    outside = re.sub(r"\([^()]*\)|\{[^{}]*\}", "()", bare)
    power = re.search(r"[^\W\d][\w.]*\s*(\*\*|\^)\s*\d+", outside)
    if power:
        raise ValueError(
            f"formula {formula!r}: {power[0]!r} is an interaction in formula language; "
            f"for a power write I({power[0].replace('^', '**')})"
        )


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Words, names in backticks, quoted text and all else, in order.

    A word may hold letters, marks and digits of any alphabet, and dots.
    """

    def in_word(character: str) -> bool:
        return character in "_." or unicodedata.category(character)[0] in "LMN"

    at = 0
    while at < len(text):
        first = text[at]
        if first in "`'\"" and first in text[at + 1 :]:
            end = text.index(first, at + 1) + 1
            yield ("name" if first == "`" else "text"), text[at:end]
        elif in_word(first):
            end = next((i for i in range(at, len(text)) if not in_word(text[i])), len(text))
            yield "word", text[at:end]
        else:
            end = at + 1
            yield "other", first
        at = end


def variables(formula: Any, columns: Sequence[str]) -> tuple[str, list[str]]:
    """The formula as formulaic reads it, and the data columns that it names."""
    written, wanted = _variables(formula, tuple(columns))
    return written, list(wanted)


@lru_cache(maxsize=100)
def _variables(formula: Any, columns: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The formula as formulaic reads it, and the data columns that it names.

    Names with dots, or with letters that Python's own names cannot hold, are set in backticks.

    Raises
    ------
    ValueError
        If a name is no column; where a column needs backticks, they are shown.
    """
    right = _one_sided(formula)
    _refuse_powers(formula, right)
    known = {composed(column): column for column in columns}
    wanted: dict[str, None] = {}
    written = []
    pieces = list(_pieces(right))
    for i, (kind, piece) in enumerate(pieces):
        after = "".join(text for _, text in pieces[i + 1 :]).lstrip()
        name = piece
        if kind == "name":
            name = composed(piece[1:-1])
            _column(formula, name, known, columns, right)
        elif kind != "word" or piece[0].isdigit() or piece[0] == ".":
            written.append(piece)
            continue
        else:
            name = composed(piece)
            keyword = after.startswith("=") and not after.startswith("==")
            if name not in known:
                head, dot, _ = name.partition(".")
                if head not in PYTHON and not keyword and (dot or not after.startswith("(")):
                    wanted[_column(formula, head, known, columns, right)] = None
                written.append(piece)
                continue
            if after.startswith("(") or keyword:
                written.append(piece)
                continue
        wanted[known[name]] = None
        bare = kind == "word" and re.fullmatch(r"\w+", name)
        written.append(name if bare else f"`{name}`")
    if len({composed(name) for name in wanted}) < len(wanted):
        raise ValueError(f"formula {formula!r}: two columns have one name in other letters; rename")
    return "~ " + "".join(written).strip(), tuple(wanted)


def _column(
    formula: str, name: str, known: Mapping[str, str], columns: Sequence[str], right: str
) -> str:
    """The column of a name, or a ValueError that shows how to write the one that was meant."""
    if name in known:
        return known[name]
    meant = [column for column in columns if column in right and not column.isidentifier()]
    hint = f"; a column with such a name is written in backticks: ~ `{meant[0]}`" if meant else ""
    raise ValueError(
        f"formula {formula!r}: no column {name!r}; the data has {', '.join(columns)}{hint}"
    )
