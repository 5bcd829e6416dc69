"""Time of grouped dose-response by number of studies, beside R on the same table.

    python benchmarks/grouped.py [--studies 50 500 5000] [--runs 3]

Each study has four ratios; the model is a one-stage restricted cubic spline by REML. R's dosresmeta
is timed where it is installed, else metafor's general function for the same model.
"""

from __future__ import annotations

import argparse
import math
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from repdose.dose_response import grouped

R = Path(__file__).with_suffix(".R")


def table(studies: int) -> pd.DataFrame:
    """Invented rates by category of dose, on a J-shaped curve that differs between studies."""
    random = np.random.default_rng(1)
    dose = np.sort(random.uniform(5, 200, (studies, 4)), axis=1)
    slope = random.normal([-0.006, 3e-5], [0.002, 1e-5], (studies, 2))
    error = random.uniform(0.05, 0.2, (studies, 4))
    effect = (
        slope[:, :1] * dose + slope[:, 1:] * dose**2 + error * random.standard_normal((studies, 4))
    )
    first = np.zeros((studies, 1))
    return pd.DataFrame(
        {
            "study": np.repeat([f"s{i}" for i in range(studies)], 5),
            "design": "incidence-rate",
            "dose": np.hstack([first, dose]).ravel(),
            "log_rr": np.hstack([first, effect]).ravel(),
            "se": np.hstack([first * np.nan, error]).ravel(),
            "n": random.uniform(500, 5000, studies * 5).round(),
            "cases": random.uniform(20, 300, studies * 5).round(),
        }
    )


def seconds(data: pd.DataFrame, runs: int) -> list[float]:
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        grouped(data, shape="rcs(3)")
        taken.append(time.perf_counter() - start)
    return taken


def in_r(data: pd.DataFrame, runs: int) -> tuple[str, list[float]] | None:
    """Name and seconds of R's package on the same table; None where R has neither."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        data.to_csv(path, index=False)
        run = subprocess.run(
            ["Rscript", str(R), str(path), str(runs)], capture_output=True, text=True, check=False
        )
    if run.returncode:
        return None
    peer, *taken = run.stdout.split()
    return peer, [float(one) for one in taken]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--studies", type=int, nargs="+", default=[50, 500, 5_000])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    medians = []
    print(f"{'studies':>8} {'median s':>9} {'fastest':>8} {'slowest':>8}  R")
    for studies in chosen.studies:
        data = table(studies)
        taken = seconds(data, chosen.runs)
        medians.append(statistics.median(taken))
        theirs = in_r(data, chosen.runs) if studies == chosen.studies[0] else None
        beside = "not measured"
        if theirs:
            median = statistics.median(theirs[1])
            beside = f"{theirs[0]} {median:.3f} s, {median / medians[-1]:.0f} x"
        print(f"{studies:>8} {medians[-1]:>9.4f} {min(taken):>8.4f} {max(taken):>8.4f}  {beside}")
    if len(medians) > 1:
        growth = math.log(medians[-1] / medians[0]) / math.log(
            chosen.studies[-1] / chosen.studies[0]
        )
        print(f"time grows with studies to the power {growth:.2f}")


if __name__ == "__main__":
    main()
