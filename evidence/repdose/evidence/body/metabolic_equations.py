"""Terms of published equations for oxygen uptake and energy."""

from __future__ import annotations

from dataclasses import dataclass

from repdose.evidence import tables
from repdose.evidence.errors import unknown
from repdose.evidence.records import Record, amount
from repdose.evidence.used import kept, read


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class EquationTerm(Record):
    """One coefficient of a published metabolic equation.

    Parameters
    ----------
    equation : str
        The equation: weir1949, or an ACSM metabolic equation by its mode.
    term : str
        What the coefficient multiplies.
    coefficient : float
        As printed [unit].
    unit : str
        Unit of the coefficient.
    valid_low, valid_high : float or None
        Range of the term within which the equation is meant to be used [valid_unit].
    valid_unit : str
        Unit of that range.
    words : str
        What the term is.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`.
    """

    equation: str
    term: str
    coefficient: float
    unit: str
    valid_low: float | None = None
    valid_high: float | None = None
    valid_unit: str = ""
    words: str = ""

    @property
    def stated(self) -> str:
        return f"{self.words}: {amount(self.coefficient, self.unit)}"


@kept
def by_id() -> dict[str, EquationTerm]:
    """Terms of every equation, without an entry in a ledger."""
    return tables.records("metabolic_equations", EquationTerm)


def equation_terms(equation: str) -> dict[str, EquationTerm]:
    """Coefficients of one metabolic equation by term, all entered in the open ledgers.

    Parameters
    ----------
    equation : str
        As in ``acsm_walking`` or ``weir1949``.

    Returns
    -------
    dict of str to EquationTerm
        By term.

    Raises
    ------
    UnknownRecordError
        If there is no such equation.

    Examples
    --------
    >>> {name: term.coefficient for name, term in equation_terms("acsm_walking").items()}
    {'rest': 3.5, 'speed': 0.1, 'speed_times_grade': 1.8}
    """
    terms = {row.term: read(row) for row in by_id().values() if row.equation == equation}
    if not terms:
        raise unknown("metabolic equation", equation, {row.equation for row in by_id().values()})
    return terms
