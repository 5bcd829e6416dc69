"""Choices that an analysis has to make, each with its defensible options, reasons and sources."""

from __future__ import annotations

import re
from dataclasses import dataclass

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record
from repdose.evidence.used import kept, read

_WORDS = {"half": 0.5, "one": 1.0, "two": 2.0}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class DeclaredOption(Record):
    """One defensible way to make a choice.

    Parameters
    ----------
    choice, label, kind : str
        The choice, how it is printed, and whether it is a convention, an assumption, an
        estimate or a question.
    option, name : str
        The option, and how it is printed.
    value : float or None
        The number it stands for, where it is one.
    reason : str
        Why it is defensible.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`; the id is ``<choice>.<option>``.
    """

    choice: str
    label: str
    kind: str
    option: str
    name: str
    value: float | None = None
    reason: str

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        wanted = f"{self.choice}.{self.option}"
        if self.id != wanted:
            raise EvidenceError(f"choice {self.id!r}: its choice and option make {wanted!r}")
        if self.value is None:
            return
        said = {"name": _said(self.name)}
        if (number := _said(self.option)) is not None:
            said["option"] = number
        for column, number in said.items():
            if number != self.value:
                raise EvidenceError(
                    f"choice {self.id!r}: its {column} says {number}, its value is {self.value:g}"
                )

    @property
    def stated(self) -> str:
        return f"{self.label}: {self.name}"


def _said(text: str) -> float | None:
    """The number that a name begins with, in digits, as a fraction or in a word; else None."""
    word = re.split(r"[\s,]", text, maxsplit=1)[0]
    if word in _WORDS:
        return _WORDS[word]
    digits = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:/([0-9]+))?", word)
    return float(digits[1]) / float(digits[2] or 1) if digits else None


@kept
def by_choice() -> dict[str, dict[str, DeclaredOption]]:
    """Options of every choice by its name, without an entry in a ledger."""
    choices: dict[str, dict[str, DeclaredOption]] = {}
    for row in tables.records("choices", DeclaredOption).values():
        choices.setdefault(row.choice, {})[row.option] = row
    return choices


def declared_options(choice: str) -> dict[str, DeclaredOption]:
    """The defensible options of a choice by name, all entered in the open ledgers.

    Parameters
    ----------
    choice : str
        As in ``time_basis``.

    Returns
    -------
    dict of str to DeclaredOption
        In the order in which they are printed.

    Raises
    ------
    UnknownRecordError
        If no such choice is declared.

    Examples
    --------
    >>> list(declared_options("time_basis"))
    ['elapsed', 'working', 'working_and_rests']
    """
    if choice not in by_choice():
        raise unknown("choice with declared options", choice, by_choice())
    return {name: read(row) for name, row in by_choice()[choice].items()}
