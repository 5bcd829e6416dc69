"""Which trials a dose-response is estimated from, and the choices that made their effects."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

import evidence as ev
from analysis import dose_response, effect_sizes, metaregression
from analysis.dose_response import Refit
from analysis.metaregression import Fit
from analysis.screening import screen

DOMAIN = {"hypertrophy": "size", "strength": "strength"}
LEVELS = ("study", "arm", "es_id")
NEEDED = ("es_id", "study", "arm", "n", "domain", "mean_pre", "sd_pre", "mean_post")
FACTORS = ("freq", "sets_per_exercise", "exercises")
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
    def rows(self) -> pd.DataFrame:
        """Every row of the table, corrected unless `as_entered`."""
        if self.path:
            return own_table(Path(self.path))
        table = ev.trials("volume", raw=self.as_entered)
        return table if "flagged" in table else table.assign(flagged="", corrected="")

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Training arms of the outcome, with effect size and variance."""
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
        return effect_sizes.effects(rows[kept], measure="smcr", r=self.pre_post_r)

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
            levels=LEVELS,
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
            self.effects, formula=formula, levels=LEVELS, rho=self.rho, rho_within="arm"
        )

    def otherwise(self, **changes: Any) -> Trials:
        """The same trials with one choice made otherwise."""
        return replace(self, **changes)


def own_table(path: Path) -> pd.DataFrame:
    """A reader's CSV file, its columns checked.

    Raises
    ------
    ValueError
        Naming the file, and the column or row that will not do.
    """
    if not path.is_file():
        raise ValueError(f"table: no file {path.name!r} in {path.parent}; give its full path")
    try:
        rows = pd.read_csv(path)
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise ValueError(f"table {path.name}: not a CSV file in UTF-8 ({error})") from None
    absent = [name for name in NEEDED if name not in rows.columns]
    if absent:
        raise ValueError(f"table {path.name}: no column {', '.join(absent)}")
    if "weekly_sets" not in rows.columns:
        missing = [name for name in FACTORS if name not in rows.columns]
        if missing:
            raise ValueError(
                f"table {path.name}: no column weekly_sets, nor {', '.join(missing)} to compute it"
            )
        rows["weekly_sets"] = rows["freq"] * rows["sets_per_exercise"] * rows["exercises"]
    for name in ("control_arm", "authors_excluded"):
        rows[name] = rows[name].astype(bool) if name in rows.columns else False
    for name in ("flagged", "corrected"):
        rows[name] = rows[name].fillna("").astype(str) if name in rows.columns else ""
    return rows


def origin(trials: Trials) -> str:
    """Whose trials a report rests on, in a sentence that pins them."""
    if trials.path:
        path = Path(trials.path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return (
            f"The trials are those of {path.name}, SHA-256 {digest}; nothing in it was corrected."
        )
    rows = trials.rows
    changed, marked = ((rows[name] != "").sum() for name in ("corrected", "flagged"))
    return (
        f"The trials are the packaged ones [@{ev.dataset('volume').source}]: declared corrections "
        f"changed {changed} of {len(rows)} rows and flag {marked}; flagged rows are "
        f"{'left out' if trials.flagged == 'leave out' else 'kept'}."
    )
