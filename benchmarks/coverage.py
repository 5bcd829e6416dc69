"""Coverage of intervals: model-based beside CR2, confidence and prediction, 10 to 50 studies.

    python benchmarks/coverage.py              # writes benchmarks/results/coverage.csv
    python benchmarks/coverage.py --replicates 200

Effects of arms in studies are drawn from a known dose-response, and the intervals of each fit are
asked whether they hold the truth. Three worlds: the fitted model is right; the sampling errors of a
study's arms correlate while the fit takes them as independent; the slope differs between studies
while the fit has random intercepts only. The prediction interval is asked about the true effect of
a new arm in a new study. Nominal is 95 %.
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

from analysis import metaregression

RESULTS = Path(__file__).parent / "results" / "coverage.csv"
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


def main() -> None:
    parser = argparse.ArgumentParser(description="coverage of intervals by simulation")
    parser.add_argument("--replicates", type=int, default=2000)
    replicates = parser.parse_args().replicates
    seeds = np.random.SeedSequence(SEED).spawn(len(WORLDS) * len(STUDIES))
    rows = []
    for i, world in enumerate(WORLDS):
        for j, studies in enumerate(STUDIES):
            rows.append(simulate(world, studies, replicates, seeds[i * len(STUDIES) + j]))
            print(
                {k: round(v, 4) if isinstance(v, float) else v for k, v in rows[-1].items()},
                flush=True,
            )
    error = math.sqrt(0.95 * 0.05 / replicates)
    print(f"Monte Carlo standard error at 0.95: {error:.4f}")
    RESULTS.parent.mkdir(exist_ok=True)
    names = ["world", "studies", "replicates", "failed"]
    names += sorted({name for row in rows for name in row} - set(names))
    with RESULTS.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
