"""Coverage of intervals: model-based beside CR2, confidence and prediction, 10 to 50 studies.

    python benchmarks/coverage.py              # writes benchmarks/results/coverage*.csv
    python benchmarks/coverage.py --replicates 200 --part worlds

Part `worlds`, an engine fed with what it assumes or not:

Effects of arms in studies are drawn from a known dose-response, and the intervals of each fit are
asked whether they hold the truth. Three worlds: the fitted model is right; the sampling errors of a
study's arms correlate while the fit takes them as independent; the slope differs between studies
while the fit has random intercepts only. The prediction interval is asked about the true effect of
a new arm in a new study. Nominal is 95 %.

Part `trials`, the design that the dose-response report fits: studies, arms, people, weekly sets and
assumed correlations of the packaged trials, and variances between trials, arms and outcomes as the
report estimates them. Truth is the report's straight line, or its averaged curve. People are drawn
and measured before and after, so every effect enters the variance it is given; outcomes of one
person correlate, and so do two limbs of one. `before` takes large-sample variances at each effect
itself, arms as independent and model-based intervals with containment degrees of freedom; `after`
is what the report does now: exact variances at one effect for all, limbs as correlated and CR2.
`randomised` is a straight line between arms of one trial times the sets; `line` and `averaged`
blend what arms and what trials show.

Part `arms`, the difference that leads the report, in each way that it could: between arms of one
trial by a `straight` line, by the `spline` that leads, and by the splits of all forms `averaged` by
the weights of the curve, its flat form as no difference. A difference varies so much between tables
that its mean tells a bias of a few percent only over tens of thousands of them. So the mean is
adjusted by what is known of the same tables: fits with the true variances are linear in the
effects, and their expectations are known exactly (controls). With the true variances the bias of
each form follows without a draw: `coverage_of_forms.csv`.
"""

from __future__ import annotations

import argparse
import csv
import math
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from repdose import dose_response, effect_sizes, metaregression
from repdose.dose_response import trial_tables
from repdose.dose_response.averaging import mixture_quantile
from repdose.dose_response.trials import Trials
from repdose.dose_response.within import SPLIT

RESULTS = Path(__file__).parent / "results" / "coverage.csv"
OF_TRIALS = RESULTS.with_name("coverage_of_trials.csv")
OF_ARMS = RESULTS.with_name("coverage_of_arms.csv")
OF_FORMS = RESULTS.with_name("coverage_of_forms.csv")
SEED = 20261122
STUDIES = (10, 20, 50)
WORLDS = {
    "model right": {"correlation": 0.0, "slope_sd": 0.0},
    "errors correlated, taken as independent": {"correlation": 0.7, "slope_sd": 0.0},
    "slopes differ, taken as equal": {"correlation": 0.0, "slope_sd": 0.015},
}
INTERCEPT, SLOPE = 0.2, 0.01
STUDY_SD, ARM_SD = 0.2, 0.1
AT = 12.0
# Weekly sets that the report compares.
LOW, HIGH = 5.0, 10.0
# The average over splits takes four times the fits of the others: in every fifth table.
AVERAGED_EVERY = 5
REPORTED_EVERY = 50


def sample(random: np.random.Generator, studies: int, correlation: float, slope_sd: float) -> tuple:
    """One table of effects, and the true effect of a new arm in a new study at the dose `AT`."""
    arms = random.integers(2, 7, size=studies)
    study = np.repeat(np.arange(studies), arms)
    k = len(study)
    dose = random.uniform(2, 30, k)
    participants = random.integers(8, 31, size=studies)[study]
    vi = 2 * (1 - 0.7) / participants
    shared = random.normal(size=studies)[study] * math.sqrt(correlation)
    error = (shared + random.normal(size=k) * math.sqrt(1 - correlation)) * np.sqrt(vi)
    intercept = INTERCEPT + random.normal(0, STUDY_SD, studies)
    slope = SLOPE + random.normal(0, slope_sd, studies)
    true = intercept[study] + slope[study] * dose + random.normal(0, ARM_SD, k)
    columns = {"study": study, "es_id": np.arange(k), "dose": dose, "yi": true + error, "vi": vi}
    new = INTERCEPT + random.normal(0, STUDY_SD) + random.normal(0, ARM_SD)
    return pd.DataFrame(columns), new + (SLOPE + random.normal(0, slope_sd)) * AT


def covered(low: float, high: float, truth: float) -> int:
    return int(low <= truth <= high)


def simulate(world: str, studies: int, replicates: int, seed: np.random.SeedSequence) -> dict:
    """Share of intervals that hold the truth."""
    random = np.random.default_rng(seed)
    hits: Counter = Counter()
    failed = 0
    for _ in range(replicates):
        data, new = sample(random, studies, **WORLDS[world])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", metaregression.ConvergenceWarning)
            fit = metaregression.fit(data, formula="~ dose", levels=["study", "es_id"])
        failed += not fit.converged
        model, robust = fit.coefficients.loc["dose"], fit.robust("CR2").loc["dose"]
        hits["slope_model"] += covered(model["ci_low"], model["ci_high"], SLOPE)
        hits["slope_cr2"] += covered(robust["ci_low"], robust["ci_high"], SLOPE)
        z = 1.959964 * model["se"]
        hits["slope_z"] += covered(model["estimate"] - z, model["estimate"] + z, SLOPE)
        mean = INTERCEPT + SLOPE * AT
        at = fit.predict({"dose": AT}).iloc[0]
        hits["mean_model"] += covered(at["ci_low"], at["ci_high"], mean)
        hits["prediction"] += covered(at["pi_low"], at["pi_high"], new)
        sandwich = fit.predict({"dose": AT}, kind="CR2").iloc[0]
        hits["mean_cr2"] += covered(sandwich["ci_low"], sandwich["ci_high"], mean)
        if WORLDS[world]["slope_sd"]:
            full = metaregression.fit(
                data, formula="~ dose", levels=["study", "es_id"], slopes={"study": "dose"}
            )
            row, wide = full.coefficients.loc["dose"], full.predict({"dose": AT}).iloc[0]
            hits["slope_random"] += covered(row["ci_low"], row["ci_high"], SLOPE)
            hits["prediction_random"] += covered(wide["pi_low"], wide["pi_high"], new)
    shares = {name: count / replicates for name, count in sorted(hits.items())}
    return {
        "world": world,
        "studies": studies,
        "replicates": replicates,
        "failed": failed,
        **shares,
    }


class Design:
    """The packaged trials of an outcome, and the truth that tables are drawn from."""

    def __init__(self, outcome: str) -> None:
        trials = Trials(outcome)
        self.outcome, self.r, self.rho = outcome, trials.r, trials.rho
        self.levels = list(trials.levels)
        columns = [*self.levels, "weekly_sets", "n"]
        effects = trials.effects.reset_index(drop=True)
        self.rows = effects[columns]
        self.correlations = trial_tables.sampling_errors(
            effects.assign(vi=1.0), rho=trials.rho, r_limbs=trials.r_limbs
        )
        codes = pd.factorize(effects["study"])[0]
        # scores of people are drawn as mixtures of independent ones
        self.mixing = np.zeros((len(effects), len(effects)))
        for study, block in enumerate(self.correlations):
            at = np.flatnonzero(codes == study)
            self.mixing[np.ix_(at, at)] = np.linalg.cholesky(block)
        self.members = [np.flatnonzero(codes == i) for i in range(len(self.correlations))]
        dose = self.rows["weekly_sets"].to_numpy()
        ends = [LOW, HIGH]
        intercept, slope = trials.line.coefficients["estimate"]
        self.truth = {
            "line": intercept + slope * dose,
            "curve": trials.curve.response(dose)["estimate"].to_numpy(),
        }
        self.at = {
            "line": intercept + slope * np.array(ends),
            "curve": trials.curve.response(ends)["estimate"].to_numpy(),
        }
        self.sigma2 = trials.line.sigma2.to_dict()
        self.groups = {name: pd.factorize(self.rows[name])[0] for name in self.levels}
        self.sigma = np.zeros((len(effects), len(effects)))
        for at, block in zip(self.members, self.covariance(trials.effects), strict=True):
            self.sigma[np.ix_(at, at)] = block
        for name, codes in self.groups.items():
            self.sigma += self.sigma2[name] * (codes[:, None] == codes)
        self.splits = {
            form: self.weights(split.fit.problem.x, split.contrast(LOW, HIGH))
            for form, split in trials.slopes_in_forms.forms.items()
        }
        controls = [self.splits["linear"], self.splits["spline"]]
        for form in ("linear", "spline"):
            fit = trials.curve.fits[form]
            low, high = fit._rows(pd.DataFrame({"weekly_sets": [LOW, HIGH]}))[0]
            controls += [self.weights(fit.problem.x, row) for row in (high, high - low)]
        self.controls = np.array(controls)

    def weights(self, x: np.ndarray, contrast: np.ndarray) -> np.ndarray:
        """Weights of the effects in a contrast that is fitted with the true variances."""
        times = np.linalg.solve(self.sigma, x)
        return np.asarray(contrast @ np.linalg.solve(x.T @ times, times.T))

    def sample(self, random: np.random.Generator, truth: str) -> pd.DataFrame:
        """Means and SDs of drawn people, measured before and after."""
        n = self.rows["n"].to_numpy()
        most = int(n.max())
        true = self.truth[truth]
        for name, codes in self.groups.items():
            true = true + random.normal(0, math.sqrt(self.sigma2[name]), codes.max() + 1)[codes]

        def correlated() -> np.ndarray:
            """Standard normal scores of people, correlated between their outcomes and limbs."""
            return self.mixing @ random.standard_normal((len(n), most))

        before = correlated()
        after = true[:, None] + self.r * before + math.sqrt(1 - self.r**2) * correlated()
        for scores in (before, after):
            scores[np.arange(most) >= n[:, None]] = np.nan
        return self.rows.assign(
            mean_pre=np.nanmean(before, axis=1),
            sd_pre=np.nanstd(before, axis=1, ddof=1),
            mean_post=np.nanmean(after, axis=1),
        )

    def covariance(self, data: pd.DataFrame) -> list[np.ndarray]:
        """Blocks of the sampling covariance, with the variances of a drawn table."""
        root = np.sqrt(data["vi"].to_numpy())
        pairs = zip(self.members, self.correlations, strict=True)
        return [block * np.outer(root[at], root[at]) for at, block in pairs]


def answers(design: Design, random: np.random.Generator) -> dict:
    """Estimates and intervals of one table for each truth."""
    levels = {"levels": design.levels}

    def curve_and_slope(table: pd.DataFrame, forms: list[str] | None) -> tuple:
        data, _ = dose_response.at_common_effect(
            table, r=design.r, **levels, covariance=design.covariance
        )
        shared = {**levels, "V": design.covariance(data)}
        curve = dose_response.refit(data, outcome=design.outcome, forms=forms, **shared)
        return curve, dose_response.within_between(data, **shared)

    table, bent = design.sample(random, "line"), design.sample(random, "curve")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", metaregression.ConvergenceWarning)
        old = effect_sizes.effects(table, r=design.r)
        arms = {"rho": design.rho, "rho_within": "arm"}
        line = metaregression.fit(old, formula="~ weekly_sets", **levels, **arms)
        straight, averaged = curve_and_slope(table, ["linear"]), curve_and_slope(bent, None)
    at, row = line.predict({"weekly_sets": HIGH}).iloc[0], line.coefficients.loc["weekly_sets"]
    slope = (row["estimate"], row["ci_low"], row["ci_high"])
    found = {
        ("line", "mean", "before"): (at["estimate"], at["ci_low"], at["ci_high"]),
        ("line", "difference", "before"): tuple((HIGH - LOW) * part for part in slope),
    }
    for truth, name, (curve, slopes) in (
        ("line", "after, line", straight),
        ("curve", "after, averaged", averaged),
    ):
        for what, reference in (("mean", None), ("difference", LOW)):
            one = curve.response([HIGH], reference_dose=reference).iloc[0]
            found[truth, what, name] = (one["estimate"], one["low"], one["high"])
        more = slopes.difference(LOW, HIGH, form="linear")
        found[truth, "difference", "after, randomised"] = (
            more["estimate"],
            more["low"],
            more["high"],
        )
    return found


def summarised(design: Design, found: list[dict]) -> list[dict]:
    """Bias, coverage and width of the estimates of many tables."""
    rows = []
    for truth, what, name in found[0]:
        estimate, least, largest = np.array([one[truth, what, name] for one in found]).T
        at_low, at_high = design.at[truth]
        true = {"mean": at_high, "difference": at_high - at_low}[what]
        inside = (least <= true) & (true <= largest)
        error = estimate.std() / abs(true) / math.sqrt(len(found))
        rows.append(
            {
                "outcome": design.outcome,
                "studies": design.groups["study"].max() + 1,
                "replicates": len(found),
                "truth": truth,
                "what": what,
                "how": name,
                "value": round(float(true), 5),
                "bias_percent": round(100 * (estimate.mean() / true - 1), 1),
                "bias_error": round(100 * error, 1),
                "coverage": round(float(inside.mean()), 4),
                "width": round(float((largest - least).mean()), 4),
            }
        )
    return rows


def simulate_trials(outcome: str, replicates: int, seed: np.random.SeedSequence) -> list[dict]:
    """Coverage, mean and width of the report's estimates, before and after."""
    design, random = Design(outcome), np.random.default_rng(seed)
    return summarised(design, [answers(design, random) for _ in range(replicates)])


def averaged_within(curve: dose_response.Refit, found: dose_response.WithinBetween) -> tuple:
    """Splits of all forms averaged by the curve's weights, the flat form as no difference."""
    weights = curve.forms["weight"].to_numpy()
    parts = [
        {"estimate": 0.0, "se": 0.0, "df": math.inf}
        if form == "constant"
        else found.forms[form].table({"d": found.contrast(LOW, HIGH, form=form)}).iloc[0]
        for form in curve.forms.index
    ]
    centre, se, df = (
        np.array([[part[name]] for part in parts]) for name in ("estimate", "se", "df")
    )
    ends = [mixture_quantile(centre, se, df, weights, share).item() for share in (0.025, 0.975)]
    return (float(weights @ centre[:, 0]), *ends)


def arms(design: Design, random: np.random.Generator, *, averaged: bool) -> dict:
    """The difference between arms of one trial in one table for each truth, and its controls."""
    found: dict = {}
    for truth in design.truth:
        data, _ = dose_response.at_common_effect(
            design.sample(random, truth),
            r=design.r,
            levels=design.levels,
            covariance=design.covariance,
        )
        shared = {"levels": design.levels, "V": design.covariance(data)}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", metaregression.ConvergenceWarning)
            slopes = dose_response.within_between(
                data, **shared, forms=SPLIT if averaged else ["spline"]
            )
            if averaged:
                curve = dose_response.refit(data, outcome=design.outcome, **shared)
                found[truth, "averaged"] = averaged_within(curve, slopes)
        for name, form in (("straight", "linear"), ("spline", "spline")):
            more = slopes.difference(LOW, HIGH, form=form)
            found[truth, name] = (more["estimate"], more["low"], more["high"])
        found[truth, "controls"] = design.controls @ data["yi"].to_numpy()
    return found


def adjusted(estimate: np.ndarray, controls: np.ndarray, expected: np.ndarray) -> tuple:
    """Mean of estimates adjusted by controls whose expectations are known, and its error."""
    x = np.column_stack([np.ones(len(estimate)), controls - expected])
    found = np.linalg.lstsq(x, estimate, rcond=None)[0]
    left = estimate - x @ found
    freedom = max(len(x) - x.shape[1], 1)
    return found[0], math.sqrt(left @ left / freedom / len(x))


def summarised_arms(design: Design, found: list[dict]) -> list[dict]:
    """Bias, coverage and width of the differences of many tables."""
    rows = []
    for truth in design.truth:
        true = float(np.diff(design.at[truth])[0])
        expected = design.controls @ design.truth[truth]
        for name in ("straight", "spline", "averaged"):
            tables = [one for one in found if (truth, name) in one]
            estimate, least, largest = np.array([one[truth, name] for one in tables]).T
            controls = np.array([one[truth, "controls"] for one in tables])
            mean, error = adjusted(estimate, controls, expected)
            inside = (least <= true) & (true <= largest)
            rows.append(
                {
                    "outcome": design.outcome,
                    "studies": design.groups["study"].max() + 1,
                    "replicates": len(tables),
                    "truth": truth,
                    "how": name,
                    "value": round(true, 5),
                    "bias_percent": round(100 * (mean / true - 1), 1),
                    "bias_error": round(100 * error / abs(true), 1),
                    "coverage": round(float(inside.mean()), 4),
                    "width": round(float((largest - least).mean()), 4),
                    "root_mean_square": round(float(np.sqrt(((estimate - true) ** 2).mean())), 4),
                }
            )
    return rows


def expected(design: Design) -> list[dict]:
    """Bias of each form between arms of one trial with known variances: no draw is needed."""
    rows = []
    for truth, (low, high) in design.at.items():
        for form, weights in design.splits.items():
            mean, true = weights @ design.truth[truth], high - low
            rows.append(
                {
                    "outcome": design.outcome,
                    "truth": truth,
                    "form": form,
                    "bias_percent": round(100 * (mean / true - 1), 1),
                    "se": round(math.sqrt(weights @ design.sigma @ weights), 4),
                }
            )
    return rows


def of_arms(replicates: int) -> None:
    """Both outcomes in turn, so that a run that is cut short has as many tables of each."""
    seeds = np.random.SeedSequence(SEED + 2).spawn(len(dose_response.OUTCOMES))
    designs = [Design(outcome) for outcome in dose_response.OUTCOMES]
    random = [np.random.default_rng(seed) for seed in seeds]
    exact = [row for design in designs for row in expected(design)]
    written(OF_FORMS, exact, list(exact[0]))
    found: list[list[dict]] = [[] for _ in designs]
    for done in range(1, replicates + 1):
        for design, source, tables in zip(designs, random, found, strict=True):
            tables.append(arms(design, source, averaged=done % AVERAGED_EVERY == 1))
        if done % REPORTED_EVERY == 0 or done == replicates:
            pairs = zip(designs, found, strict=True)
            rows = [row for design, tables in pairs for row in summarised_arms(design, tables)]
            written(OF_ARMS, rows, list(rows[0]))
            print(pd.DataFrame(rows).to_string(), flush=True)


def written(path: Path, rows: list[dict], names: list[str]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def worlds(replicates: int) -> None:
    seeds = np.random.SeedSequence(SEED).spawn(len(WORLDS) * len(STUDIES))
    rows = []
    for i, world in enumerate(WORLDS):
        for j, studies in enumerate(STUDIES):
            rows.append(simulate(world, studies, replicates, seeds[i * len(STUDIES) + j]))
            print(
                {k: round(v, 4) if isinstance(v, float) else v for k, v in rows[-1].items()},
                flush=True,
            )
    names = ["world", "studies", "replicates", "failed"]
    names += sorted({name for row in rows for name in row} - set(names))
    written(RESULTS, rows, names)


def of_trials(replicates: int) -> None:
    seeds = np.random.SeedSequence(SEED + 1).spawn(len(dose_response.OUTCOMES))
    rows = []
    for outcome, seed in zip(dose_response.OUTCOMES, seeds, strict=True):
        rows += simulate_trials(outcome, replicates, seed)
        print(pd.DataFrame(rows).to_string(), flush=True)
    written(OF_TRIALS, rows, list(rows[0]))


def main() -> None:
    parser = argparse.ArgumentParser(description="coverage of intervals by simulation")
    parser.add_argument("--replicates", type=int, help="2000 for worlds, else 1000")
    parser.add_argument("--part", choices=("worlds", "trials", "arms", "all"), default="all")
    given = parser.parse_args()
    if given.part in ("worlds", "all"):
        worlds(given.replicates or 2000)
    if given.part in ("trials", "all"):
        of_trials(given.replicates or 1000)
    if given.part in ("arms", "all"):
        of_arms(given.replicates or 1000)
    error = math.sqrt(0.95 * 0.05 / (given.replicates or 1000))
    print(f"Monte Carlo standard error at 0.95: {error:.4f}, or less")


if __name__ == "__main__":
    main()
