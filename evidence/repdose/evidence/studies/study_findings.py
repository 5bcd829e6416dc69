"""Numbers printed in studies, each with its quantity, unit, interval and set unit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repdose.evidence import tables
from repdose.evidence.errors import EvidenceError, unknown
from repdose.evidence.records import Record, amount, frame
from repdose.evidence.used import kept, read

if TYPE_CHECKING:
    import pandas as pd


# What one "set" means in a study; findings that differ here must not meet in one model.
SET_UNITS = (
    "sets per muscle per week",
    "sets per exercise per week",
    "sets per exercise per session",
    "fractional sets per muscle per week",
    "fractional sets per muscle per session",
    "direct sets per muscle per session",
)
INTERVALS = ("95% CI", "95% CrI", "range")
_RELATED = {"=": "", ">": "above ", "<": "below ", "~": "about "}
RELATIONS = tuple(_RELATED)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Finding(Record):
    """One published result.

    Parameters
    ----------
    quantity : str
        What was estimated or measured.
    statement : str
        The finding in words of our own, where it is no number.
    relation : {"=", ">", "<", "~"}
        How `value` stands to the print: equal, above, below, about.
    value, low, high : float or None
        Estimate and its interval [unit].
    sd, se, plus_minus : float or None
        Standard deviation, standard error, or what is printed after a ± that is not said to
        be either [unit].
    unit : str
        Unit of `value`.
    interval : {"", "95% CI", "95% CrI", "range"}
        What `low` and `high` are.
    set_unit : str
        What is counted as a set (one of `SET_UNITS`), empty where no sets are involved.
    dose_low, dose_high : float or None
        Edges of the dose that the value belongs to, as printed [set_unit].
    p : float or None
        The study's own p value.
    n : int or None
        Participants behind the value.
    outcome, population, conditions, note : str
        What was improved or measured, in whom, how, and what a reader must know.
    id, source, locator, checked : str
        See :class:`repdose.evidence.records.Record`; the id is ``<source>.<name>``.
    """

    quantity: str
    statement: str = ""
    relation: str = "="
    value: float | None = None
    low: float | None = None
    high: float | None = None
    sd: float | None = None
    se: float | None = None
    plus_minus: float | None = None
    unit: str = ""
    interval: str = ""
    set_unit: str = ""
    dose_low: float | None = None
    dose_high: float | None = None
    p: float | None = None
    n: int | None = None
    outcome: str = ""
    population: str = ""
    conditions: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        Record.__post_init__(self)
        if self.id.removeprefix(f"{self.pack}.").partition(".")[0] != self.source:
            raise EvidenceError(
                f"finding {self.id!r}: the id does not begin with its source, {self.source!r}"
            )
        if self.value is None and not self.statement:
            raise EvidenceError(f"finding {self.id!r}: neither a value nor a statement")
        if self.value is not None and not self.unit:
            raise EvidenceError(f"finding {self.id!r}: value {self.value:g} has no unit")
        for name, allowed in (
            ("set_unit", ("", *SET_UNITS)),
            ("interval", ("", *INTERVALS)),
            ("relation", RELATIONS),
        ):
            if getattr(self, name) not in allowed:
                raise EvidenceError(
                    f"finding {self.id!r}: {name} is {getattr(self, name)!r}; "
                    f"allowed: {', '.join(map(repr, allowed))}"
                )
        if bool(self.interval) != (self.low is not None or self.high is not None):
            raise EvidenceError(f"finding {self.id!r}: interval and its ends go together")
        if (self.dose_low is not None or self.dose_high is not None) and not self.set_unit:
            raise EvidenceError(f"finding {self.id!r}: a dose in sets needs its set_unit")
        ends = [end for end in (self.low, self.value, self.high) if end is not None]
        if ends != sorted(ends):
            raise EvidenceError(f"finding {self.id!r}: low, value, high are out of order: {ends}")

    @property
    def stated(self) -> str:
        if self.value is None:
            ended = "" if self.p is None else f" (p = {self.p:g})"
            return f"{self.statement}{ended}"
        spread = ""
        if self.low is not None and self.high is not None:
            spread = f" ({self.interval.replace('%', ' %')} {self.low:g} to {self.high:g})"
        elif self.sd is not None:
            spread = f" (SD {self.sd:g})"
        elif self.se is not None:
            spread = f" (SE {self.se:g})"
        elif self.plus_minus is not None:
            spread = f" (± {self.plus_minus:g})"
        value = f"{_RELATED[self.relation]}{amount(self.value, self.unit)}"
        return f"{self.quantity}: {value}{spread}"


@kept
def by_id() -> dict[str, Finding]:
    """Every finding by its id, without an entry in a ledger."""
    return tables.records("findings", Finding)


def finding(id: str) -> Finding:
    """One published result by its id.

    Parameters
    ----------
    id : str
        ``<bibliography key>.<name>``.

    Returns
    -------
    Finding
        The record; it is entered in every open ledger.

    Raises
    ------
    UnknownRecordError
        If there is none of that name; the message lists near ones.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> slope = ev.finding("schoenfeld2017.effect_size_per_weekly_set")
    >>> slope.value, slope.unit, slope.set_unit
    (0.023, 'effect size per set', 'sets per muscle per week')
    """
    if id not in by_id():
        raise unknown("finding", id, by_id())
    return read(by_id()[id])


def findings(source: str | None = None) -> pd.DataFrame:
    """All published results, or those of one source, to browse (no ledger entry).

    Parameters
    ----------
    source : str, optional
        Bibliography key.

    Returns
    -------
    DataFrame
        One row a finding, indexed by id.

    Raises
    ------
    UnknownRecordError
        If no finding comes from `source`.

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> ev.findings("schoenfeld2015").loc["schoenfeld2015.squat_1rm_high_load", "value"]
    np.float64(19.6)
    """
    return frame(by_id().values(), source, "source of findings")
