"""Which trials a dose-response is estimated from, and the choices that made their effects."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

import evidence as ev
from analysis import dose_response, effect_sizes, metaregression, trial_tables
from analysis.arguments import choice
from analysis.dose_response import Refit
from analysis.metaregression import Fit
from analysis.screening import screen
from evidence.own_trials import read_own_trials

DOMAIN = {"hypertrophy": "size", "strength": "strength"}
LEVELS = ("study", "arm", "es_id")
# Assumed where no trial reports them; a report varies both to show what hangs on them
PRE_POST_R, RHO = 0.9, 0.6


@dataclass(frozen=True)
class Trials:
    """The effects that a report rests on, and the choices that made them.

    Parameters
    ----------
    outcome : {"hypertrophy", "strength"}
        Which effects.
    path : str
        A CSV file of the reader's own; empty for the packaged trials.
    flagged : {"keep", "leave out"}
        What happens to rows that a declared correction marks.
    pre_post_r : float
        Assumed correlation of measurements before and after.
    rho : float
        Assumed correlation of sampling errors within an arm.
    as_entered : bool
        Without the declared corrections.
    screened : {"keep", "leave out"}
        What happens to rows of the graver findings of screening.
    """

    outcome: str
    path: str = ""
    flagged: str = "keep"
    pre_post_r: float = PRE_POST_R
    rho: float = RHO
    as_entered: bool = False
    screened: str = "keep"

    @cached_property
    def _own(self) -> tuple[pd.DataFrame, list[str]]:
        """A reader's table made ready, and what was done to it."""
        return trial_tables.ready(read_own_trials(self.path))

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Every row of the table, corrected unless `as_entered`."""
        if self.path:
            return self._own[0]
        table = ev.trials("volume", raw=self.as_entered)
        return table if "flagged" in table else table.assign(flagged="", corrected="")

    @cached_property
    def arms(self) -> pd.DataFrame:
        """Training arms of the outcome, as the table has them."""
        rows = self.rows
        kept = (rows["domain"] == DOMAIN[self.outcome]) & ~rows["control_arm"]
        kept &= ~rows["authors_excluded"]
        if self.flagged == "leave out":
            kept &= rows["flagged"] == ""
        if self.screened == "leave out":
            graver = self.findings[self.findings["severity"] != "low"]
            kept &= ~rows["es_id"].isin({row for found in graver["rows"] for row in found})
        if not kept.any():
            raise ValueError(
                f"the table has no training arm with domain {DOMAIN[self.outcome]!r}; it has "
                f"{', '.join(sorted(map(str, rows['domain'].unique())))}"
            )
        return rows[kept]

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Training arms of the outcome, with effect size and variance."""
        rows = trial_tables.with_changes(self.arms, r=self.pre_post_r)
        return effect_sizes.effects(rows, measure="smcr", r=self.pre_post_r)

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Nested groupings of the effects whose variances can be told apart, outermost first."""
        return trial_tables.levels_apart(self.arms, LEVELS)[0]

    @cached_property
    def notes(self) -> list[str]:
        """What was accepted, converted or dropped in a reader's table, a sentence each."""
        if not self.path:
            return []
        changes = trial_tables.change_notes(self.arms, r=self.pre_post_r)
        return [*self._own[1], *changes, *trial_tables.levels_apart(self.arms, LEVELS)[1]]

    @cached_property
    def findings(self) -> pd.DataFrame:
        """What screening finds in the table as the report uses it."""
        return screen(self.rows)

    @cached_property
    def curve(self) -> Refit:
        """Forms fitted to the effects, averaged."""
        return dose_response.refit(
            self.effects,
            outcome=self.outcome,
            levels=self.levels,
            rho=self.rho,
            rho_within="arm",
            name="these trials, averaged",
        )

    @cached_property
    def overall(self) -> Fit:
        """Mean effect without the dose."""
        return self._fit("~ 1")

    @cached_property
    def line(self) -> Fit:
        """Straight line in the weekly sets."""
        return self._fit("~ weekly_sets")

    def _fit(self, formula: str) -> Fit:
        return metaregression.fit(
            self.effects, formula=formula, levels=self.levels, rho=self.rho, rho_within="arm"
        )

    def otherwise(self, **changes: Any) -> Trials:
        """The same trials with one choice made otherwise."""
        return replace(self, **changes)


def read_trials(path: str | Path, *, outcome: str = "hypertrophy", **choices: Any) -> Trials:
    """Trials of one's own, to fit a dose-response to.

    Parameters
    ----------
    path : str or pathlib.Path
        CSV file or Excel workbook in the layout of docs/formats.md; ``repdose template trials``
        writes an example.
    outcome : {"hypertrophy", "strength"}
        Which of its effects.
    **choices
        Further choices of :class:`Trials`, as ``pre_post_r`` and ``rho``.

    Returns
    -------
    Trials
        With ``effects``, ``notes`` (what was accepted, converted or dropped) and ``curve``;
        :func:`analysis.dose_response.refit` takes it.

    Raises
    ------
    EvidenceError
        A line for each fault of the table: ``file:line column: what was read, what is allowed``.
    ValueError
        If the outcome is unknown, or the table has no training arm of it.

    Examples
    --------
    >>> import tempfile
    >>> from evidence.own_trials import template
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.csv"
    ...     _ = file.write_text(template(), encoding="utf-8")
    ...     trials = read_trials(file)
    >>> trials.effects["study"].nunique(), trials.levels
    (6, ('study', 'arm'))
    """
    choice("outcome", outcome, DOMAIN)
    found = Trials(outcome, path=str(path), **choices)
    _ = found.arms  # read now, so that a fault of the table is told here
    return found


def origin(trials: Trials) -> str:
    """Whose trials a report rests on, in a sentence that pins them."""
    if trials.path:
        path = Path(trials.path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        # A name of the reader's that looks like a citation is none
        name = path.name.replace("@", "(at)")
        return f"The trials are those of {name}, SHA-256 {digest}; nothing in it was corrected."
    rows = trials.rows
    changed, marked = ((rows[name] != "").sum() for name in ("corrected", "flagged"))
    return (
        f"The trials are the packaged ones [@{ev.dataset('volume').source}]: declared corrections "
        f"changed {changed} of {len(rows)} rows and flag {marked}; flagged rows are "
        f"{'left out' if trials.flagged == 'leave out' else 'kept'}."
    )
