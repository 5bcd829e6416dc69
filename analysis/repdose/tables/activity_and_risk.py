"""Tables of the report on minutes of strength training and risk."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from repdose import evidence as ev
from repdose import multiverse, screening
from repdose.dose_response import GroupedFit, category_doses, grouped, leave_one_out
from repdose.dose_response.by_category.shapes import weighted_quantiles
from repdose.evidence import bibliography
from repdose.evidence.errors import UnknownRecordError
from repdose.evidence.studies.study_findings import finding
from repdose.evidence.used import kept
from repdose.multiverse import Multiverse
from repdose.plans import Plan
from repdose.tables.plans import stage_weeks
from repdose.volume import weekly_volume

TABLE = "strength_training_mortality"
LEISURE = "leisure_activity_mortality"
DIABETES = "strength_training_diabetes"
UNIT = "min/week"
# Time of a plan with the rests between sets, and without them.
BASES = ("elapsed", "working")
LEISURE_UNIT = "MET-h/week"
DEATH = "death"
# Shapes by the words of the parameter, as grouped takes them.
SHAPES = {"quadratic": "quadratic", "spline": "rcs(3)", "root": "fp(0.5, 1)"}
# Doses at which curves are shown as numbers.
DOSES = (10, 20, 30, 60, 90, 120, 150)
LEISURE_DOSES = (1, 3.75, 7.5, 15, 22.5)
# Dose at which cohorts are left out: the lower bound of the middle class.
LEFT_OUT_AT = 7.5
RATIO = 2  # decimals of a ratio
MEASURES = {"Value": 1, "Degrees of freedom": 0}  # decimals of the table of fit
BETWEEN = "Variance between cohorts [%]"
# Columns that hold ratios.
RATIOS = dict.fromkeys(
    ("Ratio", "95 % low", "95 % high", "Further cohort, low", "Further cohort, high",
     "Crude ratio", "Lowest ratio"),
    RATIO,
)  # fmt: skip
LEAST_P = 0.001  # smallest p that is printed
PER = 1000  # person-years that a rate is stated for
# The ratio that marks no difference, with its words.
NONE = (1.0, "the risk with none")
# Share of the person-years up to which the curve is drawn as well covered.
COVERED = 0.95
# Published results that are laid beside the curve, in this order.
BESIDE = (
    "momma2022.all_cause",
    "momma2022.lowest_all_cause",
    "momma2022.per_10_min_all_cause",
    "shailendra2022.any_all_cause",
    "shailendra2022.at_60_min_all_cause",
    "kamada2017.curve_above_one",
    "lee2023.at_1_to_59_min",
    "lee2023.at_60_to_149_min",
    "lee2023.from_150_min",
    "coleman2022.once_a_week",
    "coleman2022.seven_a_week",
    "garcia2023.risk_all_cause",
    "lee2019.steps_quartile_4",
    "paluch2022.steps_quartile_4",
)


def cohort(study: str) -> str:
    """How a cohort is named to a reader: as it is cited, or as its pooled article names it.

    Examples
    --------
    >>> cohort("kamada2017"), cohort("AARP")
    ('Kamada et al. 2017', 'AARP')
    """
    try:
        return bibliography.short(study)
    except UnknownRecordError:
        return study


def weekly_minutes(plan: Plan) -> pd.DataFrame:
    """Elapsed and working minutes of each week of a plan [min/week], rests in the first alone."""
    weekly = weekly_volume(plan)
    return pd.DataFrame(
        {
            "week": weekly["week"],
            "elapsed": weekly["elapsed_min"],
            "working": weekly["work_min"],
        }
    )


def mean_minutes(plan: Plan) -> dict[str, float]:
    """Elapsed and working minutes of an average week of a plan [min/week]."""
    weekly = weekly_minutes(plan)
    return {basis: float(weekly[basis].mean()) for basis in BASES}


@dataclass(frozen=True, eq=False)
class Risks:
    """The shipped cohorts of one outcome and the curve fitted to them.

    Parameters
    ----------
    curve_shape : {"quadratic", "spline", "root"}
        Shape of the curve.
    """

    curve_shape: str

    @cached_property
    def every(self) -> pd.DataFrame:
        """Classes of every cause of death, declared corrections marked."""
        return ev.trials(TABLE)

    @cached_property
    def rows(self) -> pd.DataFrame:
        """Classes of death from any cause."""
        return self.every[self.every["outcome"] == DEATH].reset_index(drop=True)

    @cached_property
    def fit(self) -> GroupedFit:
        """The curve of death from any cause."""
        return grouped(self.rows, shape=SHAPES[self.curve_shape])

    @cached_property
    def leisure(self) -> GroupedFit:
        """The curve of death on leisure activity in all [MET-h/week]."""
        return grouped(ev.trials(LEISURE), covariance="independent")

    @cached_property
    def covered(self) -> float:
        """Dose up to which 95 % of the person-years lie [min/week]."""
        doses, years = (
            np.concatenate([getattr(study, name) for study in self.fit.studies])
            for name in ("dose", "total")
        )
        return float(weighted_quantiles(doses, years, (COVERED,))[0])

    @cached_property
    def leisure_left_out(self) -> pd.DataFrame:
        """The ratio of that curve at :data:`LEFT_OUT_AT` without each cohort in turn."""
        return left_out(self.leisure, LEFT_OUT_AT)

    def choices(self, minutes: float) -> Multiverse:
        """The ratio at a dose over every defensible way to fit it."""
        return multiverse.risk_ratio(self.rows, minutes, unit=UNIT, shape=self.curve_shape)


@kept
def fitted(curve_shape: str) -> Risks:
    """The cohorts with all that is fitted to them, which no plan moves: once for all reports."""
    risks = Risks(curve_shape)
    _ = risks.fit, risks.covered, risks.leisure_left_out
    risks.choices(DOSES[0])  # the same fits give the ratio at any dose
    return risks


def categories(risks: Risks) -> pd.DataFrame:
    """Each class as printed, with the dose it was given and its crude ratio."""
    doses, rules = category_doses(risks.rows)
    rows = risks.rows.assign(dose=doses, rule=rules)
    rate = rows["cases"] / rows["n"]
    first = rate[rows["rr"] == 1].set_axis(rows.loc[rows["rr"] == 1, "study"])
    shares = risks.fit.categories().set_index(["study", "dose"])["vpc"]
    return pd.DataFrame(
        {
            "Cohort": rows["study"].map(cohort),
            f"Class [{UNIT}]": [
                _class(low, high)
                for low, high in zip(rows["dose_low"], rows["dose_high"], strict=True)
            ],
            f"Dose taken [{UNIT}]": rows["dose"],
            "By": rows["rule"],
            "Deaths": rows["cases"],
            "Person-years": rows["n"],
            "Ratio": rows["rr"],
            "95 % low": rows["ci_low"],
            "95 % high": rows["ci_high"],
            "Crude ratio": rate / rows["study"].map(first),
            BETWEEN: 100 * shares.reindex(list(zip(rows["study"], doses, strict=True))).to_numpy(),
        }
    )


def _class(low: float, high: float) -> str:
    if pd.isna(high):
        return f"{low:g} or more"
    return "none" if high == 0 else f"{low:g} to {high:g}"


def along(fit: GroupedFit, doses: tuple[float, ...], unit: str) -> pd.DataFrame:
    """The curve as numbers, with both intervals."""
    curve = fit.curve(doses)
    return pd.DataFrame(
        {
            f"Dose [{unit}]": curve["dose"],
            "Ratio": curve["rr"],
            "95 % low": curve["ci_low"],
            "95 % high": curve["ci_high"],
            "Further cohort, low": curve["pi_low"],
            "Further cohort, high": curve["pi_high"],
        }
    )


def left_out(fit: GroupedFit, dose: float) -> pd.DataFrame:
    """The ratio at a dose without each cohort in turn, the knots kept."""
    rows = []
    for name, other in {"none": fit, **leave_one_out(fit)}.items():
        there = other.curve(dose).iloc[0]
        rows.append(
            {
                "Left out": name,
                "Ratio": there["rr"],
                "95 % low": there["ci_low"],
                "95 % high": there["ci_high"],
                "Further cohort, low": there["pi_low"],
                "Further cohort, high": there["pi_high"],
            }
        )
    return pd.DataFrame(rows)


def for_a_plan(risks: Risks, plan: Plan) -> pd.DataFrame:
    """Weekly minutes of each stage, with and without rests, and the ratio at them."""
    minutes = weekly_minutes(plan).groupby(weekly_volume(plan)["stage"].to_numpy()).first()
    rows = []
    for weeks, stage, (_, own) in zip(
        stage_weeks(plan), plan.stages, minutes.iterrows(), strict=True
    ):
        row: dict[str, object] = {"Weeks": weeks, "Variant": stage.label}
        for basis in BASES:
            there = risks.fit.curve(own[basis]).iloc[0]
            row[f"{basis.capitalize()} [{UNIT}]"] = own[basis]
            row[f"Ratio, {basis}"] = (
                f"{there['rr']:.{RATIO}f} ({there['ci_low']:.{RATIO}f} to "
                f"{there['ci_high']:.{RATIO}f})"
            )
        rows.append(row)
    return pd.DataFrame(rows)


def baselines(risks: Risks) -> pd.Series:
    """Deaths a person-year of those who did none, by cohort."""
    none = risks.rows[risks.rows["dose_high"] == 0]
    return (none["cases"] / none["n"]).set_axis(none["study"])


def absolute(risks: Risks, minutes: float) -> pd.DataFrame:
    """Deaths in 1,000 person-years at a dose less those at none, by each cohort's own rate."""
    rows = []
    for study, rate in baselines(risks).items():
        there = risks.fit.risk_difference(minutes, baseline=rate, source=str(study)).iloc[0]
        rows.append(
            {
                "Rate at none of": cohort(there["source"]),
                f"At none [deaths per {PER:,} person-years]": PER * rate,
                f"At {minutes:.0f} {UNIT}": PER * there["risk"],
                "Difference": PER * there["difference"],
                "95 % low": PER * there["ci_low"],
                "95 % high": PER * there["ci_high"],
            }
        )
    return pd.DataFrame(rows)


def measures(risks: Risks) -> pd.DataFrame:
    """How well the curve fits and how far the cohorts differ, in words and numbers."""
    fit = risks.fit
    apart, good, both, bend = (
        fit.heterogeneity_test(),
        fit.goodness(),
        fit.test(),
        fit.nonlinearity() if "dose" in fit.shape.terms else None,
    )
    rows = [
        ("Cohorts differ from one curve", "Q", apart["q"], apart["df"], apart["p"]),
        ("Share of that beyond chance", "I² [%]", 100 * apart["i2"], None, None),
        ("Deviance from the common curve", "D", good["deviance"], good["df"], good["p"]),
        ("Share that the common curve explains", "R² [%]", 100 * good["r2"], None, None),
        ("Any association", "χ²", both["chi2"], both["df"], both["p"]),
    ]
    if bend is not None:
        rows.append(("Departure from a line", "χ²", bend["chi2"], bend["df"], bend["p"]))
    table = pd.DataFrame(rows, columns=["What", "Measure", "Value", "Degrees of freedom", "p"])
    table["p"] = [_p(p) for p in table["p"]]
    return table


def _p(p: float) -> str:
    if pd.isna(p):
        return ""
    return f"< {LEAST_P:g}" if p < LEAST_P else f"{p:.3f}"


def other_outcomes(minutes: float) -> pd.DataFrame:
    """Ratio at a dose of outcomes that one cohort reports, each by a quadratic of its own."""
    every = pd.concat([ev.trials(TABLE), ev.trials(DIABETES)], ignore_index=True)
    rows = []
    for (study, outcome), one in every.groupby(["study", "outcome"], sort=False):
        if outcome == DEATH:
            continue
        fit = grouped(one, shape="quadratic", method="fixed")
        there, lowest = fit.curve(minutes).iloc[0], fit.nadir()
        rows.append(
            {
                "Outcome": outcome,
                "Cohort": cohort(str(study)),
                "Ratio": there["rr"],
                "95 % low": there["ci_low"],
                "95 % high": there["ci_high"],
                f"Lowest at [{UNIT}]": lowest["dose"],
                "Lowest ratio": lowest["rr"],
            }
        )
    return pd.DataFrame(rows)


def published() -> pd.DataFrame:
    """Published results beside the curve; each is read, so that its source is listed."""
    rows = []
    for id in BESIDE:
        found = finding(id)
        within = "" if found.low is None else f" ({found.low:g} to {found.high:g})"
        rows.append(
            {
                "Source": cohort(found.source),
                "What": found.quantity,
                "Value": f"{found.value:g}{within}",
                "Unit": found.unit,
                "In whom": found.population,
                "Seen in": found.locator
                if found.locator == found.checked
                else f"{found.locator}, {found.checked}",
            }
        )
    return pd.DataFrame(rows)


@kept
def _queries(name: str) -> pd.DataFrame:
    return screening.screen(ev.trials(name))


def screened() -> pd.DataFrame:
    """Findings of the rules for such tables, in all three that are shipped."""
    rows = []
    for name in (TABLE, DIABETES, LEISURE):
        for _, found in _queries(name).iterrows():
            rows.append(
                {
                    "Table": name.replace("_", " "),
                    "Rows": ", ".join(str(row) for row in found["rows"]),
                    "Study": cohort(found["study"]),
                    "Severity": found["severity"],
                    "What was seen": found["evidence"],
                    "What to check": found["check"],
                }
            )
    return pd.DataFrame(rows)


def declared() -> pd.DataFrame:
    """Contradictions of the print that are declared and marked, not mended."""
    every = ev.corrections()
    own = every[every["table"].isin([TABLE, DIABETES, LEISURE])]
    return pd.DataFrame(
        {
            "Rows": [", ".join(str(row) for row in rows) for rows in own["rows"]],
            "Column": own["column"],
            "What is wrong": own["reason"],
            "What shows it": own["evidence"],
            "Done": own["action"],
        }
    ).reset_index(drop=True)


def choices(universe: Multiverse) -> pd.DataFrame:
    """What each choice alone does to the ratio, the largest swing first."""
    return pd.DataFrame(
        {
            "Choice": row["label"],
            "Lowest with": row["low_option"] if row["swing"] else "any, it moves nothing",
            "Lowest ratio": row["low"],
            "Highest with": row["high_option"] if row["swing"] else "any",
            "Highest ratio": row["high"],
        }
        for _, row in universe.swing.iterrows()
    )
