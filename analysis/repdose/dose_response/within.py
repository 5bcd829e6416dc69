"""What arms of one trial show of the dose, which is randomised, apart from what trials show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from repdose.arguments import checked, choice
from repdose.dose_response.forms import FORMS, checked_doses
from repdose.dose_response.published import DOSE
from repdose.dose_response.splits import CONSTANT, Split, split
from repdose.dose_response.variances import Taken
from repdose.metaregression.groupings import codes, level_names
from repdose.metaregression.prepared import Prepared, prepare
from repdose.metaregression.robust import FEW_DF

if TYPE_CHECKING:
    from repdose.metaregression import Fit

STRAIGHT = "linear"
# Three knots at the 10, 50 and 90 % of the doses :cite:`harrell2015`: it holds the straight line,
# so that it is unbiased where the line is true, and bends where gains level off.
BENT = "spline"
# Forms whose columns the dose alone sets, so that they can be split.
SPLIT = tuple(name for name in FORMS if name not in ("constant", "emax"))


@dataclass(frozen=True)
class WithinBetween:
    """What arms of one trial and trials beside one another say of the dose, and what it rests on.

    Parameters
    ----------
    slopes : DataFrame
        Of a straight line, by ``within``, ``between`` and ``difference`` (within less between), as
        far as they can be had: estimate, se, df, statistic, p, ci_low, ci_high and note,
        cluster-robust (CR2).
    model : DataFrame
        The same with model-based standard errors, and studies less coefficients as df.
    forms : mapping of str to Split
        The fit of the straight line, and of each other form that the doses determine.
    comparing, constant : tuple of str
        Studies whose arms differ in dose, and those whose do not: the latter give no slope
        within.
    left_out : mapping of str to str
        Forms that the doses do not determine, and why.
    """

    slopes: pd.DataFrame
    model: pd.DataFrame
    forms: Mapping[str, Split]
    comparing: tuple[str, ...]
    constant: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)

    @property
    def fit(self) -> Fit:
        """The fit of both slopes of the straight line."""
        return self.forms[STRAIGHT].fit

    @property
    def leading(self) -> str:
        """What to lead with: ``within`` studies, or ``between`` them where no robust slope within
        is to be had."""
        se = {name: se for name, se in self.slopes["se"].items() if name != "difference"}
        return str(next((name for name, one in se.items() if not np.isnan(one)), next(iter(se))))

    def difference(self, low: float, high: float, *, form: str | None = None) -> dict[str, Any]:
        """The response at one dose less that at another, by what leads.

        Parameters
        ----------
        low, high : float
            Doses [dose unit].
        form : str, optional
            One of :attr:`forms`; by default :meth:`leading_form`.

        Returns
        -------
        dict
            ``form``, ``estimate``, ``low``, ``high`` (CR2), ``model_low``, ``model_high`` [unit of
            the effect], ``df`` and ``note``.

        Raises
        ------
        ValueError
            If a dose or the form will not do, both doses are the same, or nothing has a robust
            interval to lead with.
        """
        asked = self.leading_form(low, high) if form is None else choice("form", form, self.forms)
        found = self.forms[asked]
        contrast = self.contrast(low, high, form=asked)
        robust = found.table({"difference": contrast}).iloc[0]
        model = found.table({"difference": contrast}, kind=None).iloc[0]
        if form is None and np.isnan(robust["se"]):
            raise ValueError(
                f"no slope has a robust interval, neither between arms of one study nor from study "
                f"to study: {robust['note']}"
            )
        return {
            "form": asked,
            "estimate": float(robust["estimate"]),
            "low": float(robust["ci_low"]),
            "high": float(robust["ci_high"]),
            "model_low": float(model["ci_low"]),
            "model_high": float(model["ci_high"]),
            "df": float(robust["df"]),
            "note": str(robust["note"]),
        }

    def contrast(self, low: float, high: float, *, form: str) -> Any:
        """Weights of a form's coefficients in the difference between two doses."""
        start, end = float(checked("low", low, DOSE)), float(checked("high", high, DOSE))
        if start == end:
            raise ValueError(f"low and high are the same dose, {start:g}; give two that differ")
        return self.forms[form].contrast(start, end, part=self.leading)

    def leading_form(self, low: float, high: float) -> str:
        """The form to lead with between two doses: the spline, or else the straight line.

        Notes
        -----
        A straight line within studies says what a further set adds on average over all doses
        compared; where gains level off that is no answer for few sets. The spline needs a robust
        error with as many degrees of freedom as the t approximation does :cite:`tipton2015`.
        """
        return STRAIGHT if self.why_straight(low, high) else BENT

    def why_straight(self, low: float, high: float) -> str:
        """Why a straight line leads between two doses; empty where the spline does."""
        if self.leading != "within":
            return "no robust slope within trials is to be had"
        if BENT not in self.forms:
            return f"a bend {self.left_out.get(BENT, 'was not fitted')}"
        contrast = self.contrast(low, high, form=BENT)
        row = self.forms[BENT].table({"difference": contrast}).iloc[0]
        if row["df"] >= FEW_DF:
            return ""
        if row["df"] > 0:
            return f"a bend leaves {row['df']:.1f} degrees of freedom, fewer than {FEW_DF}"
        return f"a bend has no robust interval ({row['note'].split(':')[0]})"


def within_between(
    data: pd.DataFrame,
    *,
    dose: str = "weekly_sets",
    arm: str = "arm",
    levels: Sequence[str] = ("study", "es_id"),
    effect: str = "yi",
    variance: str = "vi",
    rho: float = 0.0,
    rho_within: str | None = None,
    V: Any = None,
    forms: Sequence[str] = (BENT,),
) -> WithinBetween:
    """Slope over the dose within studies and between them, straight and in other forms.

    Parameters
    ----------
    data : DataFrame
        One row an effect.
    dose, arm, effect, variance : str
        Columns of the dose, the arm, the effect and its sampling variance.
    levels : sequence of str
        Nested groupings, outermost (the studies) first.
    rho, rho_within, V : float, str, array_like
        As :func:`repdose.metaregression.fit` takes them.
    forms : sequence of str
        Forms of :data:`repdose.dose_response.FORMS` beside the straight line, split alike.

    Returns
    -------
    WithinBetween
        Both slopes [unit of the effect per unit of dose], the test of their difference, and the
        split of each form.

    Raises
    ------
    ValueError
        If no dose differs, within studies or between them, a form is unknown or has no columns to
        split (the constant, an Emax), or the data will not do for a fit.

    Notes
    -----
    With :math:`\\bar d_i` the mean dose over the arms of study i,

    .. math:: y = \\beta_0 + \\beta_w (d - \\bar d_i) + \\beta_b \\bar d_i + \\ldots

    Arms of a study are allotted by chance, so :math:`\\beta_w` compares like with like;
    :math:`\\beta_b` also holds whatever else differs between studies with many sets and with few.
    A single slope is a blend of both, by their precision :cite:`enders2007`. Another form is split
    in the same way, column by column.

    *Valid for*: studies that compared doses. *Not valid for*: :math:`\\beta_b` as an effect of the
    dose.

    References
    ----------
    :cite:`enders2007`, :cite:`pustejovsky2018`

    Examples
    --------
    >>> rows = pd.DataFrame({"study": list("aabbccddee"), "arm": range(10), "es_id": range(10)})
    >>> rows["weekly_sets"] = [2.0, 4.0, 5.0, 9.0, 6.0, 12.0, 3.0, 6.0, 8.0, 10.0]
    >>> rows["yi"] = 0.1 * rows["weekly_sets"] + [0, 0.01, 0, -0.01, 0.01, 0, 0, 0.01, 0, 0.01]
    >>> slopes = within_between(rows.assign(vi=0.01), levels=["study", "es_id"])
    >>> round(float(slopes.slopes.loc["within", "estimate"]), 2)
    0.1
    """

    def prepared() -> Prepared:
        errors: dict[str, Any] = {"rho": rho, "rho_within": rho_within, "V": V}
        return prepare(data, effect=effect, variance=variance, levels=list(levels), **errors)

    taken = Taken(data, None, prepared)
    return split_apart(taken, dose=dose, arm=arm, levels=levels, forms=forms)


def split_apart(
    taken: Taken,
    *,
    levels: Sequence[str],
    dose: str = "weekly_sets",
    arm: str = "arm",
    forms: Sequence[str] = (BENT,),
) -> WithinBetween:
    """The slopes and splits of effects with their variances, as :func:`within_between` has them."""
    data = taken.effects
    study = level_names(data, levels)[0]
    codes(data, study, "levels")
    codes(data, arm, "arm")
    doses = checked_doses(data, dose)
    ends = pd.Series(doses).groupby(data[study].to_numpy(), sort=False).agg(["min", "max"])
    spread = ends["max"] - ends["min"]
    differs = spread > CONSTANT * float(doses.max())
    ready = taken.ready
    found = {STRAIGHT: split(ready, form=STRAIGHT, dose=dose, arm=arm, start=taken.start)}
    left_out = {}
    for form in forms:
        if choice("forms", form, SPLIT) == STRAIGHT:
            continue
        begun = found[STRAIGHT].fit.fitted
        try:
            found[form] = split(ready, form=form, dose=dose, arm=arm, start=begun)
        except ValueError:
            # the line through the same rows was fitted: what fails is the form at these doses
            left_out[form] = "cannot be told from these doses"
    line = found[STRAIGHT]
    terms = line.fit.terms
    contrasts: dict[str, Any] = {
        name: [float(term == name) for term in terms]
        for name in ("within", "between")
        if name in terms
    }
    if len(contrasts) == 2:
        contrasts["difference"] = [
            float(term == "within") - float(term == "between") for term in terms
        ]
    return WithinBetween(
        slopes=line.table(contrasts).rename_axis("slope"),
        model=line.table(contrasts, kind=None).rename_axis("slope"),
        forms=found,
        comparing=tuple(str(name) for name in spread.index[differs]),
        constant=tuple(str(name) for name in spread.index[~differs]),
        left_out=left_out,
    )
