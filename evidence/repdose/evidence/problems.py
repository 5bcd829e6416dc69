"""What a check found wrong, and where."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right.

    Parameters
    ----------
    file : str
        File it is in, as the reader would name it.
    line : int
        Line in that file, from 1; 0 if the problem is the file itself.
    key : str
        Bibliography key, record id or column it concerns; empty if none.
    rule : str
        Short name of the rule that was broken.
    message : str
        What was read, what is allowed and what to do.

    Examples
    --------
    >>> print(Problem("my.bib", 3, "smith2001", "year", "no year: it would render as n.d."))
    my.bib:3: smith2001: no year: it would render as n.d. [year]
    """

    file: str
    line: int
    key: str
    rule: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        subject = f"{self.key}: " if self.key else ""
        return f"{where}: {subject}{self.message} [{self.rule}]"
