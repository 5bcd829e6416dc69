"""How often the intervals of a grouped dose-response curve hold what is true.

    python benchmarks/grouped_coverage.py [--replicates 5000] [--studies 5 10 30]

Studies have three to five categories at doses of their own, ratios whose errors share the
reference, and curves that differ between studies. What is held against the 95 % intervals: the
mean curve (t and CR2) and the curve of one further study (prediction) at two doses. Written to
results/grouped_coverage.csv.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path

import numpy as np
import pandas as pd

from repdose.dose_response import grouped

RESULTS = Path(__file__).parent / "results" / "grouped_coverage.csv"
DOSES = (60.0, 150.0)  # minutes a week
SLOPES = np.array([-0.006, 3.0e-5])  # a J: lowest at 100
BETWEEN = np.array([[0.002**2, -0.6 * 0.002 * 1e-5], [-0.6 * 0.002 * 1e-5, 1e-5**2]])
RATE = 0.01  # events a person-year at no dose


def columns(dose: np.ndarray) -> np.ndarray:
    return np.column_stack([dose, dose**2])


def study(random: np.random.Generator, name: str) -> pd.DataFrame:
    """Counts of a cohort drawn from its own curve, and the ratios and SEs they give."""
    curve = random.multivariate_normal(SLOPES, BETWEEN)
    dose = np.concatenate([[0.0], np.sort(random.uniform(10, 200, random.integers(3, 6)))])
    years = random.uniform(5e3, 4e4, len(dose))
    cases = np.maximum(random.poisson(RATE * years * np.exp(columns(dose) @ curve)), 1)
    rate = cases / years
    error = np.sqrt(1 / cases + 1 / cases[0])
    error[0] = np.nan
    return pd.DataFrame(
        {
            "study": name,
            "design": "incidence-rate",
            "dose": dose,
            "cases": cases,
            "n": years,
            "log_rr": np.log(rate / rate[0]),
            "se": error,
        }
    )


def covered(studies: int, replicates: int, seed: int) -> pd.DataFrame:
    """Share of replicates in which each interval held the truth, by dose."""
    random = np.random.default_rng([seed, studies])
    true = columns(np.array(DOSES)) @ SLOPES
    held = []
    for _ in range(replicates):
        table = pd.concat([study(random, f"s{i}") for i in range(studies)])
        fit = grouped(table, shape="quadratic")
        further = columns(np.array(DOSES)) @ random.multivariate_normal(SLOPES, BETWEEN)
        row = {}
        for kind in ("t", "CR2"):
            curve = np.log(fit.curve(DOSES, kind=kind)[["ci_low", "ci_high"]])
            row[f"mean, {kind}"] = (curve["ci_low"] <= true) & (true <= curve["ci_high"])
        band = np.log(fit.curve(DOSES)[["pi_low", "pi_high"]])
        row["further study"] = (band["pi_low"] <= further) & (further <= band["pi_high"])
        held.append(pd.DataFrame(row).assign(dose=DOSES))
    return pd.concat(held).groupby("dose").mean()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--replicates", type=int, default=5000)
    parser.add_argument("--studies", type=int, nargs="+", default=[5, 10, 30])
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    found = []
    for studies in chosen.studies:
        shares = 100 * covered(studies, chosen.replicates, chosen.seed)
        print(f"{studies} studies, {chosen.replicates} replicates, held in % of them")
        print(shares.round(1).to_string(), flush=True)
        found.append(shares.reset_index().assign(studies=studies, replicates=chosen.replicates))
    pd.concat(found).round(2).to_csv(RESULTS, index=False, lineterminator="\n")
    error = 100 * math.sqrt(0.95 * 0.05 / chosen.replicates)
    print(f"Monte Carlo standard error at 95 %: {error:.2f} points")


if __name__ == "__main__":
    main()
