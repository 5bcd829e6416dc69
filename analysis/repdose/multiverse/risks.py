"""The ratio of risk at a dose under every defensible way to fit the curve."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from repdose.arguments import Range, checked
from repdose.multiverse.choices import Choice
from repdose.multiverse.core import Multiverse, evaluate
from repdose.multiverse.declarations import declared

if TYPE_CHECKING:
    import pandas as pd

    from repdose.dose_response import GroupedFit
    from repdose.dose_response.by_category import Study

DOSE = Range(0, 1e9, "(unit of the table's dose)", above=True)
SHAPES: dict[str, dict[str, Any]] = {
    "quadratic": {"shape": "quadratic"},
    "spline": {"shape": "rcs(3)"},
    "spline_people": {"shape": "rcs(3)", "knots": "of those above none"},
    "root": {"shape": "fp(0.5, 1)"},
}
OPEN = {"half_width": "half-width", "fifth": "1.2 x lower", "half": "1.5 x lower"}
METHODS = {"reml": "REML", "ml": "ML", "fixed": "fixed"}
# Fits that are kept: those of a few tables in every way.
KEPT = 512


@dataclass(frozen=True)
class Classes:
    """A table, the same as another of the same columns and cells."""

    table: pd.DataFrame = field(compare=False)
    content: str

    @classmethod
    def of(cls, table: pd.DataFrame) -> Classes:
        """A table by its content."""
        return cls(table, repr((list(table.columns), table.to_dict("list"))))


def risk_ratio(
    table: pd.DataFrame, dose: float, *, unit: str = "", shape: str = "quadratic"
) -> Multiverse:
    """Ratio of risk at a dose against none, over shapes, dose rules, covariances and methods.

    Parameters
    ----------
    table : DataFrame
        Classes of one outcome, as for :func:`repdose.dose_response.grouped`, with ``dose_low``
        and ``dose_high``.
    dose : float
        Dose at which the curve is read [unit of the table's dose].
    unit : str
        That unit, as printed.
    shape : {"quadratic", "spline", "spline_people", "root"}
        Shape of the default specification; knots are part of it.

    Returns
    -------
    Multiverse
        Outcome: ratio of risk [1]. A choice that the table leaves no room for is not made:
        without person-years there are no knots by them and no covariance rebuilt from counts,
        and one study has no differences between studies.

    Raises
    ------
    ValueError
        If the table or the dose cannot be used.

    Notes
    -----
    *Valid for:* how far the ratio depends on choices. *Not valid for:* sampling error, which
    each fit's own interval has, and confounding, which none of the choices touches.

    References
    ----------
    :cite:`steegen2016`, :cite:`crippa2019`

    Examples
    --------
    >>> from repdose import evidence as ev
    >>> risks = ev.trials("strength_training_mortality")
    >>> found = risk_ratio(risks[risks["outcome"] == "death"], 60)
    >>> found.count, len(found.choices)
    (108, 4)
    """
    at = checked("dose", dose, DOSE)
    counted = {"n", "cases", "design"} <= set(table.columns) and table["n"].notna().all()
    choices: list[Choice] = [
        declared(
            "curve_shape",
            default=shape,
            without=() if counted else ("spline_people",),
            values=SHAPES,
        ),
        declared("open_class", default="half_width", values=OPEN),
    ]
    if counted:
        choices.append(declared("ratio_covariance", default="greenland1992"))
    if table["study"].nunique() > 1:
        choices.append(declared("between_studies", default="reml", values=METHODS))

    classes = Classes.of(table)

    def ratio(
        *,
        curve_shape: dict[str, Any],
        open_class: str,
        ratio_covariance: str = "independent",
        between_studies: str = "fixed",
    ) -> float:
        asked = (*curve_shape.items(),)
        fit = _fitted(classes, asked, open_class, ratio_covariance, between_studies)
        return float(fit.curve(at)["rr"].iloc[0])

    read = f"{at:.3g} {unit}".rstrip()
    return evaluate(ratio, choices, outcome=f"Ratio of risk at {read} against none", unit="")


@lru_cache(KEPT)
def _fitted(
    classes: Classes,
    curve_shape: tuple[tuple[str, Any], ...],
    open_class: str,
    covariance: str,
    method: str,
) -> GroupedFit:
    """One fit, at whatever dose it is read."""
    # Fits pull in most of the scientific stack; whoever asks for energy does not pay for it
    from repdose.dose_response import category_doses
    from repdose.dose_response.by_category import of_studies
    from repdose.dose_response.by_category.shapes import weighted_quantiles
    from repdose.metaregression.formulas import KNOT_QUANTILES

    table, asked = classes.table, dict(curve_shape)
    if "knots" in asked:
        doses, _ = category_doses(table, open_ended=open_class)
        some = (doses > 0).to_numpy()
        asked["knots"] = weighted_quantiles(
            doses.to_numpy()[some], table["n"].to_numpy()[some], KNOT_QUANTILES[3]
        )
    checked = _studies(classes, open_class, covariance)
    return of_studies(*checked, **asked, covariance=covariance, method=method)


@lru_cache(KEPT)
def _studies(classes: Classes, open_class: str, covariance: str) -> tuple[list[Study], list[str]]:
    """The studies of a table, checked once for all their curves."""
    from repdose.dose_response.by_category.categories import studies

    return studies(classes.table, covariance, open_class)
