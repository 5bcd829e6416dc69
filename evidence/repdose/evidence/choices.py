"""Choices that an analysis has to make, each with its defensible options, reasons and sources."""

from __future__ import annotations

from dataclasses import dataclass

from repdose.evidence import tables
from repdose.evidence.errors import unknown
from repdose.evidence.records import Record
from repdose.evidence.used import kept, read


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

    @property
    def stated(self) -> str:
        return f"{self.label}: {self.name}"


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
