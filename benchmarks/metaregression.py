"""Three-level REML with CR2: this engine beside metafor and clubSandwich, memory, and growth.

Run as

    python benchmarks/metaregression.py            # 1,000 and 10,000 effects (R needs long)
    python benchmarks/metaregression.py --quick    # 1,000 effects beside R, nothing kept
    python benchmarks/metaregression.py --runs 3 --r-runs 0 --effects 1000 --growth 1000

Both sides read the same simulated tables on one thread, in turn, and their slopes and robust
errors are compared. Two layouts: balanced, with five effects in every study, and unbalanced, with
5 to 60 effects a study and one of 300, where large clusters make CR2 dear. A time counts
everything from the table of effects to the robust table of coefficients: formula, checks, fit,
CR2, degrees of freedom. Printed and kept are medians with the least and the largest over the
runs, and the conditions.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from machine import at_least, conditions, spread
from numpy.typing import NDArray

from analysis import metaregression

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "metaregression.csv"
PER_STUDY = 5
SMALLEST, LARGEST, ONE_LARGE = 5, 60, 300  # effects a study of the unbalanced layout
LAYOUTS = ("balanced", "unbalanced")
CAP_S = 3600
LEAST_EFFECTS = 400  # one study of 300 and a few beside it
QUICK = 1000


def studies(k: int, layout: str) -> NDArray[np.int64]:
    """The study of each of k effects."""
    if layout == "balanced":
        return np.arange(k) // PER_STUDY
    random = np.random.default_rng(2)
    sizes = [ONE_LARGE]
    while sum(sizes) < k:
        sizes.append(int(random.integers(SMALLEST, LARGEST + 1)))
    return np.repeat(np.arange(len(sizes)), sizes)[:k]


def simulated(k: int, layout: str) -> pd.DataFrame:
    """Effects of k arms, linear in weekly sets, in studies of that layout."""
    random = np.random.default_rng(1)
    study = studies(k, layout)
    dose = random.uniform(1, 30, k)
    vi = 0.1 * random.chisquare(20, k) / 20
    yi = 0.2 + 0.01 * dose + random.normal(0, 0.2, study.max() + 1)[study]
    yi += random.normal(0, 0.15, k) + random.normal(0, np.sqrt(vi))
    return pd.DataFrame(
        {"study": study, "es_id": np.arange(k), "weekly_sets": dose, "yi": yi, "vi": vi}
    )


def ours(data: pd.DataFrame) -> tuple[float, pd.Series]:
    """Seconds of one run, and the robust row of the slope."""
    began = time.perf_counter()
    fit = metaregression.fit(data, formula="~ weekly_sets", levels=["study", "es_id"])
    row = fit.robust("CR2").loc["weekly_sets"]
    return time.perf_counter() - began, row


def theirs(data: pd.DataFrame) -> tuple[list[float], str] | None:
    """Seconds, slope, CR2 error and degrees of freedom of one run by R, and R's versions."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "effects.csv"
        data.to_csv(path, index=False, float_format="%.17g")
        command = ["Rscript", str(HERE / "metaregression.R"), str(path)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=CAP_S, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"  R did not finish within {CAP_S} s")
            return None
    if done.returncode:
        print("  R failed:", (done.stderr.strip().splitlines() or ["without a word"])[-1])
        return None
    numbers, versions = done.stdout.strip().splitlines()
    return [float(value) for value in numbers.split()], f"R {versions}"


def beside_r(k: int, layout: str, runs: int, r_runs: int) -> dict[str, object]:
    """Times of both sides on one table, in turn: some of ours before and after each of R's."""
    data = simulated(k, layout)
    _, row = ours(data)  # caches
    mine: list[float] = []
    other: list[float] = []
    same = True
    for turn in range(max(r_runs, 1)):
        share = runs // max(r_runs, 1) + (turn < runs % max(r_runs, 1))
        mine += [ours(data)[0] for _ in range(share)]
        if r_runs:
            found = theirs(data)
            if found is None:
                break
            numbers, versions = found
            other.append(numbers[0])
            same &= bool(np.allclose([row["estimate"], row["se"]], numbers[1:3], rtol=1e-3))
            if turn == 0:
                print(f"  {versions}")
    line = f"k = {k:>6}, {layout:10}: {spread([1e3 * one for one in mine], 'ms', 1)}"
    if other:
        ratio = statistics.median(other) / statistics.median(mine)
        line += f"; metafor + clubSandwich {spread(other)}, {ratio:.0f} times as long"
        line += "; same slope and CR2 error" if same else "; RESULTS DIFFER"
    print(line, flush=True)
    return {
        "k": k,
        "layout": layout,
        "studies": int(data["study"].nunique()),
        "runs": len(mine),
        **_columns("seconds", mine),
        "metafor_runs": len(other),
        **_columns("metafor_seconds", other),
    }


def _columns(name: str, times: list[float]) -> dict[str, float]:
    if not times:
        return dict.fromkeys((name, f"{name}_least", f"{name}_largest"), math.nan)
    return {
        name: statistics.median(times),
        f"{name}_least": min(times),
        f"{name}_largest": max(times),
    }


def grown(sizes: list[int], layout: str, runs: int) -> dict[str, float]:
    """Median times over more and more effects, as powers of their number."""
    medians = {}
    for k in sizes:
        data = simulated(k, layout)
        ours(data)
        times = [ours(data)[0] for _ in range(runs)]
        medians[k] = statistics.median(times)
        print(
            f"k = {k:>6}, {layout:10}: {spread([1e3 * one for one in times], 'ms', 1)}", flush=True
        )
    pairs = list(itertools.pairwise(sizes))
    powers = {
        f"{less} to {more}": math.log(medians[more] / medians[less]) / math.log(more / less)
        for less, more in pairs
    }
    if powers:
        print(
            f"time grows, {layout}, as effects to the power",
            {name: round(value, 2) for name, value in powers.items()},
        )
    return powers


def peak_mib(k: int, layout: str) -> float:
    """Growth of peak resident memory over a fit of k effects, in a process of its own [MiB]."""
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import metaregression as b\n"
        f"b.ours(b.simulated({LEAST_EFFECTS}, 'balanced'))\n"
        f"data = b.simulated({k}, {layout!r}); start = b.peak(); b.ours(data)\n"
        "print(b.peak() - start)"
    )
    environment = dict(os.environ, PYTHONPATH=str(HERE.parent))
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
    )
    return float(out.stdout)


def peak() -> float:
    """Peak resident memory of this process [MiB]; getrusage would report that of its parent."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise SystemExit("peak memory is read from /proc, which this system does not have")


def main() -> None:
    parser = argparse.ArgumentParser(description="speed, memory and growth")
    parser.add_argument("--quick", action="store_true", help="1,000 effects, nothing kept")
    parser.add_argument("--runs", type=at_least(1), default=15, help="of this engine, a table")
    parser.add_argument("--r-runs", type=at_least(0), default=3, help="of R; 0 leaves it out")
    sizes = at_least(LEAST_EFFECTS)
    parser.add_argument("--effects", type=sizes, nargs="+", default=[1000, 10_000])
    parser.add_argument("--growth", type=sizes, nargs="*", default=[1000, 10_000, 100_000])
    parser.add_argument("--layouts", choices=LAYOUTS, nargs="+", default=list(LAYOUTS))
    asked = parser.parse_args()
    effects = [QUICK] if asked.quick else asked.effects
    r_runs = asked.r_runs if shutil.which("Rscript") else 0
    before = conditions()
    print(
        f"median (least to largest) of {asked.runs} runs, one thread\nbefore: {before}", flush=True
    )
    if asked.r_runs and not r_runs:
        print("R is not installed: this engine alone")
    rows = [beside_r(k, layout, asked.runs, r_runs) for layout in asked.layouts for k in effects]
    if asked.quick:
        return
    growth = sorted(set(asked.growth))
    powers = {layout: grown(growth, layout, min(asked.runs, 7)) for layout in asked.layouts}
    memory = {
        layout: {k: peak_mib(k, layout) for k in growth if k > QUICK} for layout in asked.layouts
    }
    print("peak memory above start [MiB]", memory)
    print(f"after: {conditions()}")
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    summary = {"conditions": before, "growth_exponents": powers, "peak_mib": memory}
    RESULTS.with_suffix(".json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    if any(os.environ.get(name) != value for name, value in single.items()):
        # threads are counted when numpy is loaded, so the script starts again with one
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **single})
    main()
