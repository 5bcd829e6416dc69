"""Time of screening a table of trials, by its number of rows.

    python benchmarks/screening.py [--rows 1000 10000 100000] [--runs 3]

The table repeats the shipped volume trials under new studies, each scaled by a factor of its own,
so that the share of rows with something to find stays that of a real table.
"""

from __future__ import annotations

import argparse
import math
import statistics
import time

import numpy as np
import pandas as pd

from repdose import evidence as ev
from repdose.screening import screen


def table(rows: int) -> pd.DataFrame:
    """A table of `rows` rows; every copy of the trials is a set of studies of its own."""
    trials = ev.trials("volume", raw=True)
    scale = np.random.default_rng(1)
    copies = []
    for number in range(math.ceil(rows / len(trials))):
        copy = trials.copy()
        copy["study"] = [f"{study} copy {number}" for study in copy["study"]]
        copy["doi"] = [f"{doi}.{number}x" for doi in copy["doi"]]
        copy["es_id"] += number * len(trials)
        means = ["mean_pre", "sd_pre", "mean_post", "sd_post"]
        copy[means] *= scale.uniform(0.99, 1.01)
        copies.append(copy)
    return pd.concat(copies, ignore_index=True).iloc[:rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    print(f"{'rows':>8} {'queries':>9} {'median s':>9} {'fastest':>8} {'slowest':>8}")
    medians = []
    for rows in chosen.rows:
        data, taken = table(rows), []
        for _ in range(chosen.runs):
            start = time.perf_counter()
            found = screen(data)
            taken.append(time.perf_counter() - start)
        medians.append(statistics.median(taken))
        print(
            f"{rows:>8} {len(found):>9} {medians[-1]:>9.2f} {min(taken):>8.2f} {max(taken):>8.2f}"
        )
    if len(medians) > 1:
        growth = math.log(medians[-1] / medians[0]) / math.log(chosen.rows[-1] / chosen.rows[0])
        print(f"time grows with rows to the power {growth:.2f}")


if __name__ == "__main__":
    main()
