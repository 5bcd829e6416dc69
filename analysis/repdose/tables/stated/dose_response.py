"""Numbers of the dose-response report that are read off its fits."""

from __future__ import annotations

from typing import Any

import pandas as pd

from repdose.dose_response.trials import Trials
from repdose.tables import between_arms
from repdose.tables import dose_response as tables
from repdose.tables.numbers import Number
from repdose.tables.sentences import dose_response as sentences
from repdose.tables.words import TWO_DECIMALS


def numbers(trials: Trials, low: float, high: float) -> list[Number]:
    """What the report states of the doses `low` and `high`.

    Parameters
    ----------
    trials : Trials
        Effects, with what was fitted to them.
    low, high : float
        Doses that are compared. [sets per muscle per week]
    """
    curve, slopes, noun = trials.curve, trials.slopes, tables.NOUN[trials.outcome]
    gain = curve.response([high]).iloc[0]
    form = slopes.leading_form(low, high)
    more = slopes.difference(low, high, form=form)
    line = slopes.difference(low, high, form="linear")
    along = curve.response([high], reference_dose=low).iloc[0]
    model = curve.response([high], reference_dose=low, kind=None).iloc[0]
    compared = f"{high:g} over {low:g} weekly sets"
    return [
        *(
            _between(
                row,
                ("ci_low", "ci_high"),
                id=f"slope_{name}",
                label=f"Slope per weekly set, {between_arms.SLOPES[str(name)]}",
                unit=f"{tables.UNIT} per set",
                digits=tables.SLOPE,
                headline=form == "linear" and name == slopes.leading,
                note=f"cluster-robust (CR2), {row['df']:.1f} degrees of freedom, "
                f"{sentences.p_text(row['p'])}",
            )
            for name, row in slopes.slopes.dropna(subset="se").iterrows()
        ),
        _between(
            gain,
            ("low", "high"),
            id="gain",
            label=f"Mean gain in {noun} with {high:g} weekly sets",
            digits=TWO_DECIMALS,
            headline=True,
            note=f"{sentences.of_forms(curve)}; cluster-robust (CR2)",
        ),
        _between(
            gain,
            ("pi_low", "pi_high"),
            kind="prediction",
            id="gain_of_a_new_arm",
            label=f"True gain in {noun} of {sentences.inside_prediction(trials.levels)} with "
            f"{high:g} weekly sets",
            digits=TWO_DECIMALS,
            note=sentences.mixture(curve),
        ),
        _between(
            more,
            ("low", "high"),
            id="difference",
            label=f"Gain with {compared}, {between_arms.SLOPES[slopes.leading]}",
            digits=tables.EFFECT,
            headline=True,
            note=f"{tables.FORM_WORDS.get(form, form)}; cluster-robust (CR2), {more['df']:.1f} "
            f"degrees of freedom; model-based {more['model_low']:.3f} to {more['model_high']:.3f}",
        ),
        _between(
            line,
            ("low", "high"),
            id="difference_straight",
            label=f"Gain with {compared}, {between_arms.SLOPES[slopes.leading]}, straight line",
            digits=tables.EFFECT,
            note=f"slope times sets; cluster-robust (CR2), {line['df']:.1f} degrees of freedom",
        ),
        _between(
            along,
            ("low", "high"),
            id="difference_averaged",
            label=f"Gain with {compared}, {sentences.curve_name(curve)}",
            digits=tables.EFFECT,
            note=f"{sentences.of_forms(curve)}; tail areas of CR2; model-based "
            f"{model['low']:.3f} to {model['high']:.3f}",
        ),
        Number(
            id="smallest_detectable_effect",
            label="Difference of two arms that one such trial would tell from none, 80 % power",
            value=float(tables.detectable_difference(trials)),
            unit=tables.UNIT,
            digits=TWO_DECIMALS,
            note="from sampling variances at no effect",
        ),
    ]


def _between(
    row: pd.Series[Any] | dict[str, float],
    ends: tuple[str, str],
    *,
    kind: str = "confidence",
    unit: str = tables.UNIT,
    **said: Any,
) -> Number:
    """An estimate with an interval, whose ends are the columns named."""
    low, high = (float(row[end]) for end in ends)
    return Number(value=float(row["estimate"]), low=low, high=high, kind=kind, unit=unit, **said)
