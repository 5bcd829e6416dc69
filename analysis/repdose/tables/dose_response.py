"""Tables of the dose-response report: the trials, what screening finds, fits and their doubts."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from repdose import dose_response, metaregression, volume
from repdose import evidence as ev
from repdose.dose_response import Curve, Refit, trial_tables
from repdose.dose_response.trials import UNITS, Trials
from repdose.evidence.training.variants import muscles
from repdose.plans import Plan
from repdose.tables.packaged_trials import once
from repdose.tables.sentences.dose_response import curve_name, signed
from repdose.tables.words import upper

NOUN = {"hypertrophy": "muscle size", "strength": "strength"}
UNIT = UNITS["smcr"]
# Assumed correlations that trials could have had; the report's own value is marked among them.
R_SWEEP = (0.5, 0.8, 0.9, 0.95)
RHO_SWEEP = (0.0, 0.6, 0.9)
LIMBS_SWEEP = (0.0, 0.6, 0.8)
# True effects at which a sampling variance can be taken, as the sensitivity table calls them.
VARIANCE_AT = {
    "common effect": "the common effect",
    "no effect": "no effect: weights by people",
    "own effect": "each effect itself",
}
# Doses at which the curve is tabled [sets per muscle per week], as far as they were studied.
TABLED = (2, 5, 10, 15, 20, 30, 40)
# Points of a drawn curve.
POINTS = 120
# How far a published curve is drawn: a multiple of the highest dose known to be studied.
BEYOND = 3
# What a further set is judged by: two arms compared, and the usual power of a trial.
TWO_ARMS, POWER = 2, 0.8
INTERVAL = "95 % confidence"
# Where a number cannot be had; a note beside it says why.
NONE = "none"
FORM_WORDS = {"linear": "straight line"}
# Decimals of standardised effects, of slopes per set.
EFFECT, SLOPE = 3, 4


def screening_counts(trials: Trials) -> pd.DataFrame:
    """Queries of screening by rule and severity."""
    queries = trials.queries
    table = pd.crosstab(queries["rule"].str.replace("_", " "), queries["severity"])
    ordered = [name for name in ("high", "medium", "low") if name in table.columns]
    return table[ordered].rename_axis("Rule").rename_axis(None, axis=1).reset_index()


def screening_queries(trials: Trials) -> pd.DataFrame:
    """The graver queries: rows, what was seen, what to check, and whether it is flagged."""
    queries = trials.queries
    graver = queries[queries["severity"] != "low"]
    flagged = dict(zip(trials.rows["es_id"], trials.rows["flagged"], strict=True))
    return pd.DataFrame(
        {
            "Study": graver["study"],
            "Rows": [_listed(rows) for rows in graver["rows"]],
            "Severity": graver["severity"],
            "What was seen": graver["evidence"],
            "What to check": graver["check"],
            "Declared": [
                "flagged" if any(flagged.get(row) for row in rows) else "open"
                for rows in graver["rows"]
            ],
        }
    )


def _listed(rows: list[Any], most: int = 8) -> str:
    words = ", ".join(str(row) for row in rows[:most])
    return words if len(rows) <= most else f"{words} and {len(rows) - most} more"


def corrections_declared(trials: Trials) -> pd.DataFrame:
    """Corrections that were applied to, or mark, the packaged rows."""
    if trials.as_entered or trials.path:
        return pd.DataFrame()
    table = ev.corrections().reset_index()
    table = table[table["table"] == ev.dataset("volume").table]
    shown = table[["id", "action", "rows", "column", "reason", "established_by"]].copy()
    shown["rows"] = [_listed(list(rows)) for rows in shown["rows"]]
    shown["id"] = shown["id"].str.replace("_", " ")
    return shown.rename(
        columns={
            "id": "Correction",
            "action": "Action",
            "rows": "Rows",
            "column": "Column",
            "reason": "What is wrong",
            "established_by": "Established by",
        }
    )


def forms(curve: Refit) -> pd.DataFrame:
    """Forms compared: parameters, Akaike's criterion, weight, and variances that are zero.

    A form that was fitted and is not averaged stands in it with a weight of 0 and the reason;
    variances that are zero have a column where there are any.
    """
    table = curve.forms.sort_values("aic")
    shown = {
        "Form": table.index,
        "Parameters": table["parameters"].to_numpy(),
        "AIC": table["aic"].to_numpy(),
        "Above the best": table["delta"].to_numpy(),
        "Weight": table["weight"].to_numpy(),
    }
    if table["zero"].any():
        shown["Variance of zero"] = [
            zero.replace("es_id", "effect") or "–" for zero in table["zero"]
        ]
    if any(form in curve.left_out for form in table.index):
        shown["Not averaged"] = [curve.left_out.get(form, "–") for form in table.index]
    return pd.DataFrame(shown)


def grid(curve: Refit) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Doses to draw a refit at: those that were studied."""
    low, high = curve.studied_range
    return np.linspace(low, high, POINTS)


def grid_beside(others: Sequence[Curve]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Doses to draw published curves at, some way beyond those known to be studied."""
    highs = [high for curve in others if (high := curve.studied_range[1]) is not None]
    return np.linspace(1, BEYOND * max(highs), POINTS)


def along_the_dose(curve: Refit) -> pd.DataFrame:
    """Averaged gain, its intervals, and the slope."""
    low, high = curve.studied_range
    inside = [float(dose) for dose in TABLED if low <= dose <= high]
    doses = np.array(inside or [low, high])
    answer = curve.response(doses)
    model = curve.response(doses, kind=None)
    return pd.DataFrame(
        {
            "Weekly sets": doses if np.any(doses % 1) else doses.astype(int),
            f"Gain [{UNIT}]": answer["estimate"],
            "95 % confidence (CR2)": intervals(answer, "low", "high"),
            "Model-based": intervals(model, "low", "high"),
            "95 % prediction": intervals(answer, "pi_low", "pi_high"),
            f"Slope [{UNIT} per set]": curve.slope(doses),
        }
    )


def intervals(table: pd.DataFrame, low: str, high: str, digits: int = 2) -> list[str]:
    """Intervals in words; "none" where there is none to be had, of which a note says why."""
    return [
        NONE if math.isnan(a) else f"{signed(a, digits)} to {signed(b, digits)}"
        for a, b in zip(table[low], table[high], strict=True)
    ]


def detectable_difference(trials: Trials) -> float:
    """Smallest difference that two arms of a typical trial would tell from none, at 80 % power."""
    return dose_response.smallest_detectable_effect(
        trials.variances_at_no_effect(), arms=TWO_ARMS, power=POWER
    )


def next_steps(curve: Refit, step: float, doses: tuple[float, ...]) -> pd.DataFrame:
    """Further sets to one more detectable step, from each dose."""
    steps = dose_response.sets_to_next_step(curve, doses, step=step)
    return pd.DataFrame(
        {
            "From weekly sets": steps["dose"],
            "Further sets": [
                "not reached" if np.isinf(n) else f"{n:.0f}" for n in steps["further"]
            ],
            "Reached at": ["–" if np.isinf(n) else f"{n:.0f}" for n in steps["reached"]],
            "Within the doses studied": [
                "no" if beyond else "yes" for beyond in steps["extrapolated"]
            ],
        }
    )


def other_choices(trials: Trials) -> Iterator[tuple[str, str, Trials]]:
    """One choice at a time made otherwise."""
    yield "as in this report", "", trials
    for r in R_SWEEP:
        if r != trials.r:
            yield "pre-post correlation", f"{r:g}", trials.otherwise(pre_post_r=r)
    for rho in RHO_SWEEP:
        if rho != trials.rho:
            yield "correlation within an arm", f"{rho:g}", trials.otherwise(rho=rho)
    for limbs in LIMBS_SWEEP if trial_tables.of_limbs(trials.effects).any() else ():
        if limbs != trials.r_limbs:
            yield "correlation of two limbs", f"{limbs:g}", trials.otherwise(r_limbs=limbs)
    for vtype in ("exact", "large-sample"):
        if vtype != trials.vtype:
            yield "sampling variance", vtype, trials.otherwise(vtype=vtype)
    for at, words in VARIANCE_AT.items():
        if at != trials.variance_at:
            yield "variance taken at", words, trials.otherwise(variance_at=at)
    if (trials.rows["flagged"] != "").any():
        other = "keep" if trials.flagged == "leave out" else "leave out"
        yield "flagged rows", other, trials.otherwise(flagged=other)
    other = "keep" if trials.screened == "leave out" else "leave out"
    yield "rows of the graver queries", other, trials.otherwise(screened=other)
    if not trials.path:
        yield "corrections", "none: as entered", trials.otherwise(as_entered=True)


@once
def sensitivity(trials: Trials, *, low_sets: float, high_sets: float) -> pd.DataFrame:
    """The difference between two doses when one choice at a time is made otherwise."""
    compared = f"{high_sets:g} over {low_sets:g} sets [{UNIT}]"
    whose = {"within": "arms of one trial", "between": "from trial to trial"}
    rows: list[dict[str, Any]] = []
    for choice, setting, other in other_choices(trials):
        row: dict[str, Any] = {"Choice": choice, "Setting": setting}
        try:
            answer = other.curve.response([high_sets], reference_dose=low_sets).iloc[0]
            leading = other.slopes.difference(low_sets, high_sets)
        except ValueError as error:
            if other is trials:
                raise
            # what is left without those rows may be too little to fit
            rows.append({**row, INTERVAL: f"cannot be fitted: {error}"})
            continue
        rows.append(
            {
                **row,
                "Effects": len(other.effects),
                compared: leading["estimate"],
                INTERVAL: f"{signed(leading['low'], EFFECT)} to {signed(leading['high'], EFFECT)}",
                "By": (
                    f"{FORM_WORDS.get(leading['form'], leading['form'])}, "
                    f"{whose[other.slopes.leading]}"
                ),
                upper(curve_name(other.curve)): (
                    f"{signed(answer['estimate'], EFFECT)} ({signed(answer['low'], EFFECT)} to "
                    f"{signed(answer['high'], EFFECT)})"
                ),
            }
        )
    return pd.DataFrame(rows)


@once
def in_percent(trials: Trials, *, low_sets: float, high_sets: float) -> dict[str, Any]:
    """The difference between two doses on the log ratio of means, in percent of the outcome.

    Returns
    -------
    dict
        ``value``, ``low``, ``high`` [percent], ``effects`` and ``left_out``, the number of effects
        without an SD after; empty where too few effects have one.
    """
    other = trials.otherwise(measure="log_response_ratio")
    try:
        more = other.slopes.difference(low_sets, high_sets)
    except ValueError:
        return {}
    names = {"value": "estimate", "low": "low", "high": "high"}
    percent = {name: 100 * float(np.expm1(more[column])) for name, column in names.items()}
    return {**percent, "effects": len(other.effects), "left_out": other.without_sd_after}


def published(outcome: str) -> pd.DataFrame:
    """Every published curve of the outcome: units, form, studied doses, what it is not for."""
    return pd.DataFrame(
        {
            "Curve": curve.label,
            "Gives": curve.quantity,
            "Form": curve.form,
            "Dose": curve.dose_unit,
            "Outcome": curve.outcome_unit,
            "Doses known to be studied": _range(curve.studied_range),
            "Not for": curve.not_valid_for,
        }
        for curve in dose_response.curves(outcome=outcome)
    )


def _range(ends: tuple[float | None, float | None]) -> str:
    low, high = ends
    return "not seen" if low is None or high is None else f"{low:g} to {high:g}"


def comparable(curve: Refit) -> list[Curve]:
    """Published curves that count dose and outcome as the refit does."""
    return [
        other
        for other in dose_response.curves(outcome=curve.outcome)
        if (other.dose_unit, other.outcome_unit) == (curve.dose_unit, curve.outcome_unit)
    ]


def for_a_plan(curve: Refit, plan: Plan) -> pd.DataFrame:
    """What the averaged curve gives at the plan's highest weekly sets of each muscle."""
    sets = volume.weekly_sets(plan)
    most = sets.groupby("muscle", sort=False)["direct"].max()
    most = most[most > 0]
    answer = curve.response(most.to_numpy(dtype=float))
    return pd.DataFrame(
        {
            "Muscle": [muscles()[str(name)][0] for name in most.index],
            "Direct sets, highest week": most.to_numpy(),
            f"Gain [{UNIT}]": answer["estimate"],
            "95 % confidence (CR2)": intervals(answer, "low", "high"),
            "95 % prediction": intervals(answer, "pi_low", "pi_high"),
            "Within the doses studied": [
                "no" if beyond else "yes" for beyond in answer["extrapolated"]
            ],
        }
    )


def small_studies(trials: Trials) -> pd.DataFrame:
    """Whether small groups gain more: Egger's slope on the part of the error that n makes.

    The whole standard error of a standardised effect contains the effect, so a slope on it would
    be there without any bias :cite:`pustejovsky2019`. Empty where all arms have as many people.
    """
    if trials.effects["n"].nunique() == 1:
        return pd.DataFrame()
    size = np.sqrt(2 * (1 - trials.r) / trials.effects["n"])
    fit = metaregression.fit(
        trials.effects.assign(error_of_size=size),
        formula="~ error_of_size",
        levels=trials.levels,
        **trials.errors(trials.effects),
    )
    table = fit.robust()
    known = table["p"].notna().to_numpy()
    shown = pd.DataFrame(
        {
            "Term": ["mean in very large groups", "slope on the error that group size makes"],
            "Estimate": table["estimate"].to_numpy(),
            "95 % confidence": intervals(table, "ci_low", "ci_high"),
            "p": table["p"].astype(object).where(known, NONE).to_numpy(),
            "Degrees of freedom": table["df"].astype(object).where(known, NONE).to_numpy(),
        }
    )
    return shown if known.all() else shown.assign(Note=table["note"].to_numpy())


def status_means(trials: Trials) -> pd.DataFrame:
    """Mean effect by training status with both intervals; empty without three trials of each."""
    effects, rows = trials.effects, {}
    if "training_status" not in effects:
        return pd.DataFrame()
    groups = effects.groupby("training_status")
    if len(groups) < 2 or groups["study"].nunique().min() < 3:
        return pd.DataFrame()
    for status, members in groups:
        rows[str(status)] = trials.mean_of(members)
    return pd.DataFrame(rows).T


def status_test(trials: Trials) -> tuple[float, float]:
    """Whether statuses differ at the same weekly sets: F statistic's p (CR2) and its df."""
    fit = metaregression.fit(
        trials.effects,
        formula="~ C(training_status) + weekly_sets",
        levels=trials.levels,
        **trials.errors(trials.effects),
    )
    terms = [term for term in fit.terms if term.startswith("C(training_status)")]
    test = fit.wald(terms, kind="CR2")
    return float(test["p"]), float(test["df_denominator"])
