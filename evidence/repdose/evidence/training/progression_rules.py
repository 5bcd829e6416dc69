"""Named rules of progression, in words, with where they come from."""

from __future__ import annotations

from dataclasses import dataclass

from repdose.evidence.errors import unknown
from repdose.evidence.records import Record
from repdose.evidence.tables import records
from repdose.evidence.used import kept, read


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ProgressionRule(Record):
    """A rule by which a plan advances.

    Parameters
    ----------
    name, words : str
        Its name for reports, and the rule itself.
    extra_repetitions : int or None
        Repetitions by which the plan rises, where the rule says so.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    name: str
    words: str
    extra_repetitions: int | None

    @property
    def stated(self) -> str:
        return self.words


@kept
def by_id() -> dict[str, ProgressionRule]:
    """Every rule, without an entry in a ledger."""
    return records("progression_rules", ProgressionRule)


def progression_rule(name: str) -> ProgressionRule:
    """One rule by its id.

    Raises
    ------
    UnknownRecordError
        If there is none of that name.

    Examples
    --------
    >>> progression_rule("two_for_two").extra_repetitions
    2
    """
    if name not in by_id():
        raise unknown("progression rule", name, by_id())
    return read(by_id()[name])
