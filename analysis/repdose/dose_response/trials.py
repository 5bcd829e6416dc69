"""Which trials a dose-response is estimated from, and the choices that made their effects."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from repdose import effect_sizes
from repdose import evidence as ev
from repdose.arguments import choice
from repdose.dose_response import trial_tables
from repdose.dose_response.forms import FORMS
from repdose.dose_response.refits import WEEKLY_SETS, Refit, refit, refitted
from repdose.dose_response.variances import OWN_R, VARIANCE_AT, Taken, taken
from repdose.dose_response.within import BENT, SPLIT, WithinBetween, split_apart
from repdose.evidence.choices import DeclaredOption, declared_options
from repdose.evidence.errors import near
from repdose.evidence.input_files import content_of
from repdose.evidence.own_trials import read_own_trials
from repdose.metaregression import Fit
from repdose.metaregression.estimation import Estimate
from repdose.metaregression.model import fits
from repdose.metaregression.prepared import Prepared
from repdose.screening import screen

DOMAIN = {"hypertrophy": "size", "strength": "strength"}
LEVELS = ("study", "arm", "es_id")
# Assumed where no trial reports them; a report varies both to show what hangs on them. The
# correlation of two measurements is the declared option of the choice `r` for each outcome.
RHO = 0.6
# Of the errors of two limbs of one person in one outcome: an option of the choice `limbs`.
R_LIMBS = 0.6
# Choices that leave the arms as they are, and of those the ones that leave the correlations of
# their errors too.
SAME_ERRORS = {"pre_post_r", "measure", "vtype", "variance_at", "form"}
SAME_ARMS = SAME_ERRORS | {"rho", "r_limbs"}
# Forms that can be asked for; a flat one alone would take the answer for granted.
AVERAGE = "averaged"
CHOSEN = (AVERAGE, *(form for form in FORMS if form != "constant"))
RATIO_OF = ["mean_pre", "mean_post", "sd_pre", "sd_post"]
OUTCOME_UNITS = {"smcr": "effect size", "log_response_ratio": "log response ratio"}
UNITS = {"smcr": "pre-test SD", "log_response_ratio": "natural log of the ratio of means"}


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
        Assumed correlation of measurements before and after; 0 for the outcome's own.
    rho : float
        Assumed correlation of sampling errors within an arm: outcomes and times of the same people.
    r_limbs : float
        Assumed correlation of those of two limbs of the same people, in one outcome.
    measure : {"smcr", "log_response_ratio"}
        Scale of the effects: the change over the SD before, or the log ratio of the means.
    vtype : {"exact", "large-sample"}
        Sampling variance of a standardised change.
    variance_at : {"common effect", "no effect", "own effect"}
        True effect at which that variance is taken; "no effect" weighs by people alone, "own
        effect" lets weights follow the outcome.
    as_entered : bool
        Without the declared corrections.
    screened : {"keep", "leave out"}
        What happens to rows of the graver queries of screening.
    form : {"averaged", "linear", "square root", "log", "quadratic", "spline", "emax"}
        Form of the curve; "averaged" fits several and weighs them.
    left_out : tuple of str
        Trials that are left out, by the names in the column ``study``.
    """

    outcome: str
    path: str = ""
    flagged: str = "keep"
    pre_post_r: float = 0.0
    rho: float = RHO
    r_limbs: float = R_LIMBS
    measure: str = "smcr"
    vtype: str = "exact"
    variance_at: str = "common effect"
    as_entered: bool = False
    screened: str = "keep"
    form: str = AVERAGE
    left_out: tuple[str, ...] = ()
    _near: ClassVar[Trials | None] = None  # the same trials but for one choice

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
    def _trained(self) -> pd.Series[bool]:
        """Which rows are of training arms of the outcome."""
        rows = self.rows
        of_outcome = (rows["domain"] == DOMAIN[self.outcome]) & ~rows["control_arm"]
        return of_outcome & ~rows["authors_excluded"]

    @property
    def names(self) -> list[str]:
        """Trials that have training arms of the outcome, those that are left out among them."""
        return sorted(map(str, self.rows.loc[self._trained, "study"].unique()))

    @cached_property
    def arms(self) -> pd.DataFrame:
        """Training arms of the outcome, as the table has them."""
        rows, kept = self.rows, self._trained.copy()
        if self.flagged == "leave out":
            kept &= rows["flagged"] == ""
        if self.screened == "leave out":
            graver = self.queries[self.queries["severity"] != "low"]
            kept &= ~rows["es_id"].isin({row for ids in graver["rows"] for row in ids})
        for name in self.left_out:
            if name not in self.names:
                nearest = ", ".join(near(name, self.names)) or "none"
                raise ValueError(
                    f"left_out: no trial {name!r} has arms of this outcome; near it: {nearest}"
                )
        kept &= ~rows["study"].astype(str).isin(self.left_out)
        if not kept.any():
            raise ValueError(
                f"the table has no training arm with domain {DOMAIN[self.outcome]!r}; it has "
                f"{', '.join(sorted(map(str, rows['domain'].unique())))}"
            )
        return rows[kept]

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Nested groupings of the effects whose variances can be told apart, outermost first."""
        return trial_tables.levels_apart(self.arms, LEVELS)[0]

    @cached_property
    def notes(self) -> list[str]:
        """What was accepted, converted or dropped in a reader's table, a sentence each."""
        if not self.path:
            return []
        changes = trial_tables.change_notes(self.arms, r=self.r)
        return [*self._own[1], *changes, *trial_tables.levels_apart(self.arms, LEVELS)[1]]

    @property
    def r(self) -> float:
        """Correlation of measurements before and after, as it is used."""
        return self.pre_post_r or float(self.r_declared.value or 0)

    @property
    def r_declared(self) -> DeclaredOption:
        """The outcome's own correlation, with its reason and source."""
        return declared_options("r")[OWN_R[self.outcome]]

    @property
    def limbs_declared(self) -> DeclaredOption:
        """The correlation of two limbs that is assumed, with its reason and source."""
        return declared_options("limbs")[f"{R_LIMBS:g}"]

    @property
    def unit(self) -> str:
        """Unit of the effects."""
        return UNITS[self.measure]

    @cached_property
    def without_sd_after(self) -> int:
        """Arms that the log ratio leaves out, for want of an SD after or of the means."""
        if self.measure != "log_response_ratio":
            return 0
        return int(self.arms.reindex(columns=RATIO_OF).isna().any(axis=1).sum())

    @cached_property
    def _begun(self) -> tuple[Prepared | None, Estimate | None]:
        """What those leave to these: the rows, where they are the same, and the fit of the mean."""
        near = self._near
        if near is None or near.measure != self.measure:
            return None, None
        weighed = near.r == self.r and near.rho == self.rho and near.r_limbs == self.r_limbs
        try:
            ready = near._taken.ready if near.arms is self.arms else None
            return ready, near._taken.start if weighed else None
        except ValueError:  # which is theirs
            return None, None

    @cached_property
    def _taken(self) -> Taken:
        """Effects with their variances, and what fits of them begin with."""
        choice("variance_at", self.variance_at, VARIANCE_AT)
        rows = trial_tables.with_changes(self.arms, r=self.r)
        if self.measure == "log_response_ratio":
            if self.without_sd_after == len(rows):
                raise ValueError("a log ratio needs both means and the SD before and after")
            rows = self.arms.dropna(subset=RATIO_OF)
        alike, start = self._begun
        return taken(
            rows,
            self.errors,
            measure=self.measure,
            r=self.r,
            vtype=self.vtype,
            variance_at=self.variance_at,
            levels=self.levels,
            alike=alike,
            start=start,
        )

    @property
    def effects(self) -> pd.DataFrame:
        """Training arms of the outcome, with effect size and variance."""
        return self._taken.effects

    @property
    def at(self) -> float | None:
        """Effect that the sampling variances are taken at; None where each has its own or none."""
        return self._taken.at

    @cached_property
    def _correlations(self) -> list[Any]:
        """Of the sampling errors of all arms, which no variance moves."""
        return self._correlations_of(self.arms)

    def _correlations_of(self, rows: pd.DataFrame) -> list[Any]:
        return trial_tables.sampling_correlations(rows, rho=self.rho, r_limbs=self.r_limbs)

    def _covariance(self, effects: pd.DataFrame) -> list[Any]:
        whole = effects.index.equals(self.arms.index)
        correlations = self._correlations if whole else self._correlations_of(effects)
        return trial_tables.sampling_errors(effects, correlations)

    def errors(self, effects: pd.DataFrame) -> dict[str, Any]:
        """How sampling errors of some of the effects depend, as a fit takes it."""
        if trial_tables.of_limbs(effects).any():
            return {"V": self._covariance(effects)}
        return {"rho": self.rho, "rho_within": "arm"}

    def variances_at_no_effect(self) -> pd.Series:
        """Sampling variance of each effect if there were none, for what a trial could detect."""
        effects = effect_sizes.effects(
            self.effects, measure=self.measure, r=self.r, vtype=self.vtype, at=0.0
        )
        return effects["vi"]

    @cached_property
    def queries(self) -> pd.DataFrame:
        """What screening finds in the table as the report uses it."""
        return screen(self.rows)

    @cached_property
    def curve(self) -> Refit:
        """Forms fitted to the effects, averaged, or the one that is asked for."""
        choice("form", self.form, CHOSEN)
        return refitted(
            self._taken,
            dose="weekly_sets",
            levels=self.levels,
            forms=None if self.form == AVERAGE else [self.form],
            id=f"these trials, {self.form}",
            outcome=self.outcome,
            dose_unit=WEEKLY_SETS,
            outcome_unit=OUTCOME_UNITS[self.measure],
        )

    @cached_property
    def overall(self) -> Fit:
        """Mean effect without the dose."""
        return self.curve.fits.get("constant") or self._fit("~ 1")

    def mean_of(self, effects: pd.DataFrame) -> dict[str, float]:
        """Mean of some of the effects: estimate, robust and prediction interval [unit of yi]."""
        alone = refit(
            effects,
            outcome=self.outcome,
            forms=["constant"],
            levels=trial_tables.levels_apart(effects, LEVELS)[0],
            **self.errors(effects),
        )
        row = alone.response([1.0]).iloc[0]
        names = {"estimate": "estimate", "ci_low": "low", "ci_high": "high"}
        names |= {name: name for name in ("pi_low", "pi_high")}
        return {name: float(row[column]) for name, column in names.items()}

    @cached_property
    def line(self) -> Fit:
        """Straight line in the weekly sets."""
        return self._fit("~ weekly_sets")

    def _fit(self, formula: str) -> Fit:
        return fits(self._taken.ready, formula, ["REML"], start=self._taken.start)[0]

    @cached_property
    def slopes(self) -> WithinBetween:
        """What arms of one trial, and trials beside one another, say of the dose."""
        return self._split((BENT,))

    @cached_property
    def slopes_in_forms(self) -> WithinBetween:
        """The same in every form that can be split, to show what hangs on the form."""
        return self._split(SPLIT)

    def _split(self, forms: Sequence[str]) -> WithinBetween:
        return split_apart(self._taken, levels=self.levels, forms=forms)

    def otherwise(self, **changes: Any) -> Trials:
        """The same trials with one choice made otherwise."""
        other = replace(self, **changes)
        if not changes.keys() & {"path", "as_entered"}:
            # the table is the same: it is neither read nor screened a second time
            same = ("_own", "rows", "queries") if self.path else ("rows", "queries")
            other.__dict__.update({name: getattr(self, name) for name in same})
        other.__dict__["_near"] = self
        if not changes.keys() - SAME_ARMS:
            other.__dict__.update(arms=self.arms, levels=self.levels)
        if not changes.keys() - SAME_ERRORS and "_correlations" in self.__dict__:
            other.__dict__["_correlations"] = self._correlations
        return other


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
        :func:`repdose.dose_response.refit` takes it.

    Raises
    ------
    EvidenceError
        A line for each fault of the table: ``file:line column: what was read, what is allowed``.
    ValueError
        If the outcome is unknown, or the table has no training arm of it.

    Examples
    --------
    >>> import tempfile
    >>> from repdose.evidence.own_trials import template
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "mine.csv"
    ...     _ = file.write_text(template(), encoding="utf-8")
    ...     trials = read_trials(file)
    >>> trials.effects["study"].nunique(), trials.levels
    (6, ('study', 'arm'))
    """
    choice("outcome", outcome, DOMAIN)
    trials = Trials(outcome, path=str(path), **choices)
    _ = trials.arms  # read now, so that a fault of the table is told here
    return trials


def origin(trials: Trials) -> str:
    """Whose trials a report rests on, in a sentence that pins them."""
    if trials.path:
        path = Path(trials.path)
        digest = hashlib.sha256(content_of(path)).hexdigest()
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
