"""Forms of a dose-response relation: fitted to the same effects, compared and weighed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from repdose.evidence.waiting import steps
from repdose.metaregression.data import numbers, refuse
from repdose.metaregression.model import fits as fit_by

if TYPE_CHECKING:
    from repdose.dose_response.variances import Taken
    from repdose.metaregression import Fit

# Shapes that trials of weekly sets have been fitted with; {x} is the dose.
FORMS: Mapping[str, str] = {
    "constant": "~ 1",
    "linear": "~ {x}",
    "square root": "~ sqrt({x})",
    "log": "~ log1p({x})",
    "quadratic": "~ {x} + I({x}**2)",
    "spline": "~ rcs({x}, 3)",
    "emax": "~ emax({x})",
}
COEFFICIENTS: Mapping[str, int] = {
    "constant": 1,
    "linear": 2,
    "square root": 2,
    "log": 2,
    "quadratic": 3,
    "spline": 3,
    "emax": 3,
}
# The constant is the null form: without it an average takes for granted that the dose matters.
NULL = "constant"
AVERAGED = (NULL, "linear", "square root", "log", "quadratic", "spline")
# Rising forms of one coefficient, near copies of one another over the doses of trials.
NEAR_COPIES = ("linear", "square root", "log")
# In median sampling variances: less is zero.
ZERO = 1e-9


@dataclass(frozen=True)
class Weighed:
    """Forms fitted to the same effects.

    Parameters
    ----------
    table : DataFrame
        By form: ``formula``, ``parameters``, ``loglik``, ``aic``, ``converged``, ``boundary``,
        ``delta`` and ``weight`` of the ML fits, and ``zero``, the levels whose variance is zero
        in the REML fit. A form that is not averaged has a weight of zero.
    fits : mapping of str to Fit
        The REML fit of each form.
    left_out : mapping of str to str
        Forms that are not averaged, and why: those that cannot be fitted, which are not in the
        table, and those that have no robust interval.
    """

    table: pd.DataFrame
    fits: Mapping[str, Fit]
    left_out: Mapping[str, str]


def weighed(
    taken: Taken, *, dose: str, levels: Sequence[str], forms: Sequence[str] | None
) -> Weighed:
    """Fit forms to the same effects and weigh them by Akaike's criterion.

    Parameters
    ----------
    taken : Taken
        One row an effect; what is wrong with them is told by the first fit.
    dose : str
        Column of the dose.
    levels : sequence of str
        Nested groupings, outermost (the studies) first.
    forms : sequence of str, optional
        Forms to fit, each of which must do; by default :data:`AVERAGED`, as far as they do.

    Returns
    -------
    Weighed
        With at least one form that is averaged, and by default one that moves with the dose.

    Raises
    ------
    ValueError
        If a form that was asked for cannot be fitted or averaged, or none is left.
    """
    data, start = taken.effects, taken.start
    studies = data[levels[0]].nunique() if levels and levels[0] in data.columns else 0
    rows, fits, left_out = [], {}, {}
    refused: ValueError | None = None
    asked = list(AVERAGED if forms is None else forms)
    for form in steps(asked, "Fitting", rows=len(data)):
        formula, least = FORMS[form].format(x=dose), COEFFICIENTS[form] + 2
        try:
            # A prediction interval needs a degree of freedom beyond the coefficients'
            if studies and studies < least:
                raise ValueError(
                    f"form {form!r} needs {least} groups of {levels[0]!r} or more; there are "
                    f"{studies}"
                )
            likely, fits[form] = fit_by(taken.ready, formula, ("ML", "REML"), start=start)
        except ValueError as error:
            # what is wrong with the table itself is told by the null form, which has no dose
            if forms is not None or form == NULL:
                raise
            refused = refused or error
            few = f"needs {least} trials or more, and there are {studies}"
            left_out[form] = few if studies < least else "these doses cannot tell from another form"
            continue
        start = likely.fitted
        if why := _unsupported(fits[form]):
            left_out[form] = why
            refused = refused or ValueError(
                f"form {form!r} {why}: no robust interval can be had without more trials of other "
                "doses"
            )
        sigma2 = fits[form].sigma2
        zero = sigma2.index[sigma2 <= ZERO * np.median(fits[form].problem.v)]
        parameters = (likely.aic + 2 * likely.loglik) / 2
        likelihood = [likely.loglik, likely.aic, likely.converged, likely.boundary, ", ".join(zero)]
        rows.append([formula, round(parameters), *likelihood])
    kept = [form for form in fits if form not in left_out]
    if refused and (forms is not None or kept in ([], [NULL])):
        raise refused
    columns = ["formula", "parameters", "loglik", "aic", "converged", "boundary", "zero"]
    table = pd.DataFrame(rows, columns=columns, index=pd.Index(list(fits), name="form"))
    table["delta"] = table["aic"] - table["aic"].min()
    raw = np.exp(-(table["aic"] - table.loc[kept, "aic"].min()) / 2)
    raw[~table.index.isin(kept)] = 0.0
    table["weight"] = raw / raw.sum()
    return Weighed(table, fits, left_out)


def checked_doses(data: pd.DataFrame, dose: str) -> NDArray[np.float64]:
    """Doses of the effects, each a number of 0 or more.

    Raises
    ------
    ValueError
        Naming the column and the rows that hold none.
    """
    doses = numbers(data, dose, "dose")
    refuse(dose, "is below 0", doses < 0, data[dose], "a dose is 0 or more; correct those rows")
    return doses


def _unsupported(fit: Fit) -> str:
    """Why a form has no robust interval; empty if it has.

    A study that alone determines a direction of the coefficients is fitted exactly there, and
    leaves no residual that could tell its error.
    """
    moving = [place for place, term in enumerate(fit.terms) if term != "Intercept"]
    rows = fit.fitted.to_terms[moving or [0]]
    found = fit.sandwich("CR2")
    owners = dict.fromkeys(str(fit.labels[owner]) for owner in found.owners)
    if owners:
        return f"rests on {fit.problem.levels[0]} {', '.join(owners)} alone"
    if found.exact(rows).any():
        return "leaves no residual that could tell its error"
    if moving and (found.degrees_of_freedom(rows) < 1).any():
        return "has less than one degree of freedom for its robust error"
    return ""
