"""Sentences of the dose-response report, each chosen by the numbers it is about."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING

from repdose.dose_response import Refit
from repdose.dose_response.trial_tables import of_limbs
from repdose.dose_response.trials import DOMAIN, Trials
from repdose.metaregression.robust import FEW_DF
from repdose.tables.plans import of_leg_raises

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repdose.plans import Plan

# Two spreads within this factor of one another are "about as much".
ALIKE = 1.5
# p below which two slopes are said to differ.
DIFFER = 0.05
# Smallest p that is printed.
LEAST_P = 0.001
# The outermost levels of packaged trials, as a sentence calls them.
LEVEL_WORDS = {"study": "trial", "arm": "arm", "es_id": "outcome"}


def told(low: float, high: float) -> str:
    """Whether an interval leaves nothing out.

    Examples
    --------
    >>> told(0.1, 0.3), told(-0.1, 0.3)
    ('can tell from nothing', 'cannot tell from nothing')
    """
    return "can tell from nothing" if low > 0 or high < 0 else "cannot tell from nothing"


def unsure(df: float) -> str:
    """That a verdict rests on too few degrees of freedom; empty where it does not.

    Examples
    --------
    >>> unsure(2.08), unsure(9.6)
    (', with few degrees of freedom', '')
    """
    return ", with few degrees of freedom" * (df < FEW_DF)


def gained(noun: str, low: float, high: float, text: str, sets: float) -> str:
    """What the mean did, by where its interval lies."""
    did = "rose by" if low > 0 else "fell: it changed by" if high < 0 else "changed by"
    doubt = "" if low > 0 or high < 0 else ", which may be nothing"
    return f"mean {noun} {did} {text} at {sets:g} weekly sets per muscle{doubt}"


def changes(estimate: float) -> str:
    """The verb of a difference."""
    return "adds" if estimate >= 0 else "takes away, as a negative gain,"


def curve_name(curve: Refit) -> str:
    """What a curve is called: averaged, or by the one form that it has.

    Examples
    --------
    >>> from repdose.dose_response import trials
    >>> curve_name(trials.Trials("strength", form="square root").curve)
    'square root curve'
    """
    names = curve.averaged
    return f"{names[0]} curve" if len(names) == 1 else "averaged curve"


def of_forms(curve: Refit) -> str:
    """What a number read off a curve is averaged over."""
    names = curve.averaged
    if len(names) == 1:
        return f"the {names[0]} form alone"
    return f"averaged over {len(names)} forms of the curve"


def mixture(curve: Refit) -> str:
    """What a prediction interval is taken from."""
    names = curve.averaged
    if len(names) == 1:
        return f"quantiles of t by the {names[0]} form alone"
    return f"quantiles of the mixture of {len(names)} forms"


def averaged(curve: Refit, estimate: float, low: float, high: float, text: str) -> str:
    """What the averaged curve makes of the same comparison, and why it does not lead."""
    sentence = (
        f"Along the {curve_name(curve)} it {changes(estimate)} {text}, which these trials "
        f"{told(low, high)}"
    )
    if "constant" not in curve.forms.index:
        return f"{sentence}."
    flat = float(curve.forms["weight"]["constant"])
    return (
        f"{sentence}: averaging with a flat form, which holds {100 * flat:.0f} % of the weight, "
        "pulls a small difference towards zero."
    )


def p_text(p: float) -> str:
    """A p value as it is printed.

    Examples
    --------
    >>> p_text(0.0138), p_text(0.00002), p_text(0.9996)
    ('p = 0.014', 'p < 0.001', 'p > 0.999')
    """
    if p < LEAST_P:
        return f"p < {LEAST_P}"
    return f"p > {1 - LEAST_P}" if p > 1 - LEAST_P / 2 else f"p = {p:.3f}"


def signed(value: float, digits: int) -> str:
    """A number with a true minus sign, and no -0.

    Examples
    --------
    >>> signed(-0.12345, 3), signed(-0.0001, 2)
    ('−0.123', '0.00')
    """
    text = f"{value:.{digits}f}"
    return text.replace("-", "−") if text.strip("-0.") else text.lstrip("-")


def spread(sigma2: float, difference: float, unit: str, low: float, high: float) -> str:
    """True gains of trials, arms and outcomes against what a change of sets does.

    Parameters
    ----------
    sigma2 : float
        Variance of true effects, all levels together [unit squared].
    difference : float
        Difference between the doses compared [unit].
    unit : str
        Of both.
    low, high : float
        The doses compared [weekly sets].
    """
    sd, by = math.sqrt(sigma2), abs(difference)
    gap = f"the difference in mean gain between {low:g} and {high:g} weekly sets"
    if not sigma2:
        return "the trials show no spread of true gains beyond their sampling error"
    told_sd = f"true gains spread around the curve with an SD of {sd:.2f} {unit}"
    if by * ALIKE < sd:
        times = f"{sd / by:.0f} times" if by and sd / by < 100 else "far more than"
        return f"{told_sd}, {times} {gap}"
    if sd * ALIKE < by:
        return f"{told_sd}, less than {gap}"
    return f"{told_sd}, about as much as {gap}"


def zero_variances(curve: Refit) -> str:
    """Which variances are on their boundary, form by form; empty where none is."""
    table = curve.forms
    zero = table["zero"][table["zero"] != ""]
    if zero.empty:
        return ""
    if len(set(zero)) == 1 and len(zero) == len(table):
        where = "in every form"
    else:
        where = "in " + ", ".join(str(form) for form in zero.index)
    levels = sorted({level for cell in zero for level in str(cell).split(", ")})
    return (
        f"The variance between {' and '.join(f'{LEVEL_WORDS.get(one, one)}s' for one in levels)} "
        f"is zero, on its boundary, {where}: the trials do not tell it apart from the others, and "
        "the prediction intervals hold none of it."
    )


def inside_prediction(levels: Sequence[str]) -> str:
    """What a prediction interval holds.

    Examples
    --------
    >>> inside_prediction(["study", "arm", "es_id"])
    'a new outcome of a new arm in a new trial'
    """
    words = [f"a new {LEVEL_WORDS.get(level, level)}" for level in reversed(list(levels))]
    return " in ".join([" of ".join(words[:2]), *words[2:]])


def near_copies(curve: Refit) -> str:
    """That some forms are near copies, and what they hold together; empty without two of them."""
    names, least, weight = curve.near_copies()
    if not names:
        return ""
    correlate = f"{least:.2f}"
    correlate += " or more" * (correlate != "1.00")
    return (
        f"{', '.join(names[:-1]).capitalize()} and {names[-1]} are near copies over these doses "
        f"(columns correlate at {correlate}): together they hold {100 * weight:.0f} % of "
        "the weight, so their separate weights are no evidence for one of them."
    )


def one_form(curve: Refit) -> str:
    """That nothing is averaged where one form stands alone; empty where several do."""
    if len(curve.averaged) > 1:
        return ""
    return (
        f"Here the {curve.averaged[0]} form stands alone: nothing is averaged, and no interval "
        "holds the doubt about the form."
    )


def forms_left_out(curve: Refit) -> str:
    """Forms that are not averaged, and why; empty where all are."""
    if not curve.left_out:
        return ""
    why = "; ".join(f"{form}, which {reason}" for form, reason in curve.left_out.items())
    return f"Not in the average: {why}."


def outside(curve: Refit, low: float, high: float) -> str:
    """That a dose lies beyond those that were studied; empty where neither does."""
    beyond = [f"{dose:g}" for dose in (low, high) if curve.extrapolated(dose)]
    if not beyond:
        return ""
    least, most = curve.studied_range
    return (
        f"{' and '.join(beyond)} weekly sets lie outside the {least:g} to {most:g} that these "
        "trials studied: what is said of them is an extrapolation."
    )


def statuses(p: float, degrees: float) -> str:
    """Whether training statuses differ at the same weekly sets."""
    if p < DIFFER:
        return f"At the same weekly sets mean gains differ by training status ({p_text(p)}, CR2)."
    return (
        f"At the same weekly sets mean gains cannot be told apart by training status ({p_text(p)}, "
        f"CR2, {degrees:.0f} degrees of freedom)."
    )


def other_scale(percent: dict[str, float], text: str, compared: str) -> str:
    """The same comparison on the log ratio of means.

    Parameters
    ----------
    percent : dict
        As :func:`repdose.tables.dose_response.in_percent` gives it, not empty.
    text, compared : str
        The percentage as it is printed, and what is compared.
    """
    gone = int(percent["left_out"])
    why = f"; {gone} effects without an SD after are left out" if gone else ""
    return (
        f"On the log ratio of means, whose sampling variance holds no effect, {compared} "
        f"{changes(percent['value'])} {text}, which these trials "
        f"{told(percent['low'], percent['high'])}{why}."
    )


def reads(trials: Trials) -> str:
    """What the report rests on."""
    effects = trials.effects
    count = f"{len(effects)} effects of {effects['arm'].nunique()} arms in "
    count += f"{effects['study'].nunique()} trials"
    gone = f"; left out by choice: {', '.join(trials.left_out)}" if trials.left_out else ""
    if trials.path:
        return (
            f"This report reads a table of the reader's own, {Path(trials.path).name}: {count}; no "
            f"packaged trial is in it{gone}."
        )
    every = trials.rows["study"].nunique()
    return (
        f"This report reads {count}, of the {every} trials that a thesis compiled "
        f"[@hammarstrom2021], with declared corrections: those with training arms and "
        f"{DOMAIN[trials.outcome]} measured{gone}."
    )


def not_of_leg_raises(trials: Trials) -> str:
    """What the trials say of leg raises."""
    if trials.path:
        return (
            "Whether the trials of a reader's own table trained leg raises, the trunk or the "
            "iliopsoas, this report cannot know; it puts no shipped plan on their curve."
        )
    return (
        "None of these trials trained leg raises, and none measured the trunk or the iliopsoas; "
        "the rectus femoris was measured as a knee extensor."
    )


def illustration(plan: Plan) -> str:
    """What a plan on the curve of these trials is."""
    why = "no trial trained leg raises" if of_leg_raises(plan) else "the trials trained other plans"
    return f"an illustration, since {why}"


def variance_taken(trials: Trials) -> str:
    """At which true effect sampling variances are taken."""
    if trials.measure != "smcr":
        return "The sampling variance of a log ratio holds no effect."
    kind = "exact" if trials.vtype == "exact" else "large-sample"
    if trials.variance_at == "common effect":
        return (
            f"Sampling variances are the {kind} ones at one effect for all, {trials.at:.2f} "
            f"{trials.unit}, the mean fitted once with such variances; at each effect itself, "
            "weights would follow the outcome."
        )
    if trials.variance_at == "no effect":
        return f"Sampling variances are the {kind} ones at no effect: people alone set the weights."
    return (
        f"Sampling variances are the {kind} ones at each effect itself: weights follow the outcome."
    )


def correlation_taken(trials: Trials) -> str:
    """Which correlation of measurements is assumed, and where it comes from."""
    row = trials.r_declared
    given = (
        f"{row.reason[0].lower()}{row.reason[1:]} [@{row.source}]"
        if trials.r == row.value
        else f"this outcome's own would be {row.value:g} [@{row.source}]"
    )
    return (
        f"Measurements before and after are taken to correlate at {trials.r:g}: hardly any trial "
        f"prints it, and it enters every weight; {given}."
    )


def errors_depend(trials: Trials) -> str:
    """Which sampling errors are taken to correlate, and how far."""
    sentence = (
        f"Sampling errors of outcomes or times of the same people are taken to correlate at "
        f"{trials.rho:g}"
    )
    limbs = of_limbs(trials.effects)
    if not limbs.any():
        return f"{sentence}."
    row = trials.limbs_declared
    whose = trials.effects.loc[limbs, "study"].nunique()
    given = f"{row.reason[0].lower()}{row.reason[1:]} [@{row.source}]"
    return (
        f"{sentence}; in {whose} {'trial' if whose == 1 else 'trials'} ({int(limbs.sum())} "
        f"effects) arms are limbs of the same people, whose errors in one outcome are taken to "
        f"correlate at {trials.r_limbs:g}: {given}."
    )
