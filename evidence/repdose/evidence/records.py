"""Records: frozen, and refusing to exist without a source and a place in it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from html import escape
from typing import TYPE_CHECKING, Any, Literal, get_args

from repdose.evidence.errors import EvidenceError, unknown

if TYPE_CHECKING:
    import pandas as pd


Checked = Literal["full-text", "abstract", "second-hand"]
CHECKED: tuple[str, ...] = get_args(Checked)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Record:
    """What every piece of evidence carries.

    Parameters
    ----------
    id : str
        Unique name of the record, as in ``schoenfeld2017.effect_size_per_weekly_set``.
    source : str
        Key in references.bib.
    locator : str
        Where in the source: table, page, code, "abstract".
    checked : {"full-text", "abstract", "second-hand"}
        How the number was seen by whoever entered it.
    pack : str
        The pack that it comes from; empty for what is shipped in the package's own tables.
    """

    id: str
    source: str
    locator: str
    checked: str
    pack: str = ""

    def __post_init__(self) -> None:
        for name in ("id", "source", "locator", "checked"):
            if not str(getattr(self, name) or "").strip():
                raise EvidenceError(
                    f"{type(self).__name__} {self.id!r}: {name} is required and is empty"
                )
        if self.checked not in CHECKED:
            raise EvidenceError(
                f"{type(self).__name__} {self.id!r}: checked is {self.checked!r}; "
                f"allowed: {', '.join(CHECKED)}"
            )
        for name in self.__dataclass_fields__:
            value = getattr(self, name)
            if isinstance(value, float) and not math.isfinite(value):
                raise EvidenceError(
                    f"{type(self).__name__} {self.id!r}: {name} is {value}; "
                    "a finite number is required"
                )

    @property
    def stated(self) -> str:
        """What the record says, in a line; each kind of record says it in its own way.

        Examples
        --------
        >>> from repdose import evidence as ev
        >>> ev.met("02024", edition=2011).stated
        'trunk calisthenics, light: sit-ups and abdominal crunches: 2.8 MET'
        """
        return self.id

    def __repr__(self) -> str:
        return f"<{self.stated} [{self.source}, {self.locator}; {self.checked}]>"

    def _repr_html_(self) -> str:
        """What Jupyter shows: the statement, then its source, place and how it was checked."""
        return (
            f'<div style="text-align:left"><strong>{escape(self.stated)}</strong><br>'
            f"{escape(self.source)}, {escape(self.locator)}<br>"
            f"<small>{escape(self.id)}; checked: {escape(self.checked)}</small></div>"
        )


def amount(value: float, unit: str) -> str:
    """A number with its unit, which a pure number does not have.

    Examples
    --------
    >>> amount(130, "% MVC"), amount(0.1, "1")
    ('130 % MVC', '0.1')
    """
    return f"{value:g}" if unit == "1" else f"{value:g} {unit}"


def row_of(record: type[Record], cells: Mapping[str, Any]) -> dict[str, Any]:
    """Cells of a CSV row as arguments of `record`: an empty text is "", not None."""
    texts = {item.name for item in fields(record) if item.type == "str"}
    return {name: "" if value is None and name in texts else value for name, value in cells.items()}


def frame(records: Any, source: str | None, kind: str) -> pd.DataFrame:
    """Records as a DataFrame indexed by id, all of them or one source's."""
    import pandas as pd

    records = list(records)
    names = [item.name for item in fields(records[0])]
    if not any(record.pack for record in records):
        names.remove("pack")
    if source is not None:
        known = {record.source for record in records}
        if source not in known:
            raise unknown(kind, source, known)
        records = [record for record in records if record.source == source]
    rows = [[getattr(record, name) for name in names] for record in records]
    return pd.DataFrame(rows, columns=names).set_index("id")
