"""Three-level REML with CR2: this engine beside metafor and clubSandwich, memory, and growth.

Run as

    python benchmarks/metaregression.py            # k = 1,000 and 10,000 (R needs minutes)
    python benchmarks/metaregression.py --quick    # k = 1,000 only

Three layouts: five effects in every study, 5 to 60 a study, and these with one study of 300. Both
sides read the same simulated tables on one thread, and their slopes and robust errors are compared.
Times are medians. The ratio counts everything from the table of effects to the robust table of
coefficients: formula, checks, fit, CR2, degrees of freedom.
"""

from __future__ import annotations

import argparse
import csv
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

from analysis import metaregression

HERE = Path(__file__).parent
RESULTS = HERE / "results" / "metaregression.csv"
PER_STUDY = 5
CAP_S = 3600


def simulated(k: int) -> pd.DataFrame:
    """Effects of k arms in k / 5 studies, linear in weekly sets."""
    return effects(np.full(k // PER_STUDY, PER_STUDY))


def unbalanced(*large: int) -> pd.DataFrame:
    """Thirty studies of 5 to 60 effects, and the large ones asked for."""
    sizes = np.random.default_rng(2).integers(5, 61, 30)
    return effects(np.array([*sizes, *large]))


def effects(sizes: np.ndarray) -> pd.DataFrame:
    """Effects in studies of these sizes."""
    random = np.random.default_rng(1)
    study = np.repeat(np.arange(len(sizes)), sizes)
    k = len(study)
    dose = random.uniform(1, 30, k)
    vi = 0.1 * random.chisquare(20, k) / 20
    yi = 0.2 + 0.01 * dose + random.normal(0, 0.2, len(sizes))[study] + random.normal(0, 0.15, k)
    yi += random.normal(0, np.sqrt(vi))
    return pd.DataFrame(
        {"study": study, "es_id": np.arange(k), "weekly_sets": dose, "yi": yi, "vi": vi}
    )


def ours(data: pd.DataFrame, repeats: int) -> tuple[float, pd.Series]:
    """Median seconds of several runs, and the robust row of the slope."""
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        fit = metaregression.fit(data, formula="~ weekly_sets", levels=["study", "es_id"])
        row = fit.robust("CR2").loc["weekly_sets"]
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds), row


def theirs(data: pd.DataFrame, repeats: int) -> list[float] | None:
    """Seconds, slope, CR2 error and degrees of freedom by R, or None where it is not installed."""
    if shutil.which("Rscript") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "effects.csv"
        data.to_csv(path, index=False, float_format="%.17g")
        command = ["Rscript", str(HERE / "metaregression.R"), str(path), str(repeats)]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=CAP_S, check=False
            )
        except subprocess.TimeoutExpired:
            print(f"  R did not finish within {CAP_S} s")
            return None
    if done.returncode:
        print("  R failed:", done.stderr.strip().splitlines()[-1])
        return None
    return [float(value) for value in done.stdout.split()]


def peak_mib(k: int) -> float:
    """Growth of peak resident memory over a fit of k effects, in a process of its own [MiB]."""
    code = (
        f"import sys; sys.path.insert(0, {str(HERE)!r}); import metaregression as b\n"
        "b.ours(b.simulated(200), 1)\n"
        f"data = b.simulated({k}); start = b.peak(); b.ours(data, 1); print(b.peak() - start)"
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
    parser.add_argument("--quick", action="store_true", help="k = 1,000 only beside R")
    quick = parser.parse_args().quick
    rows = []
    ours(simulated(1000), 3)  # imports and caches
    layouts = [
        ("5 a study", simulated(1000), 10),
        ("5 to 60 a study", unbalanced(), 5),
        ("5 to 60, and one of 300", unbalanced(300), 5),
    ]
    if not quick:
        layouts.append(("5 a study", simulated(10_000), 1))
    for layout, data, repeats in layouts:
        k = len(data)
        before, row = ours(data, 15)
        reference = theirs(data, repeats)
        # measured on both sides of R's run, because other work on the machine may come and go
        after, _ = ours(data, 15)
        seconds = (before + after) / 2
        line = f"{layout:<24} k = {k:>6}: {1e3 * seconds:8.1f} ms"
        ratio = math.nan
        if reference is not None:
            ratio = reference[0] / seconds
            same = np.allclose([row["estimate"], row["se"]], reference[1:3], rtol=1e-3)
            line += f"   metafor + clubSandwich {reference[0]:8.2f} s   {ratio:8.0f} times faster"
            line += "   same slope and CR2 error" if same else "   RESULTS DIFFER"
        print(line, flush=True)
        found = math.nan if reference is None else reference[0]
        rows.append(
            {"layout": layout, "k": k, "seconds": seconds, "metafor_seconds": found, "ratio": ratio}
        )
    growth = {}
    for k in (1000, 10_000, 100_000):
        growth[k] = ours(simulated(k), 7)[0]
        print(f"k = {k:>6}: {1e3 * growth[k]:8.1f} ms")
    slopes = {
        "1e3 to 1e4": math.log10(growth[10_000] / growth[1000]),
        "1e4 to 1e5": math.log10(growth[100_000] / growth[10_000]),
        "1e3 to 1e5": math.log10(growth[100_000] / growth[1000]) / 2,
    }
    print("time grows as k to the power", {name: round(value, 2) for name, value in slopes.items()})
    memory = {k: peak_mib(k) for k in (10_000, 100_000)}
    print("peak memory above start [MiB]", {k: round(value, 1) for k, value in memory.items()})
    if quick:
        return
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    summary = {"growth_exponents": slopes, "peak_mib": memory}
    RESULTS.with_suffix(".json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    if any(os.environ.get(name) != value for name, value in single.items()):
        # threads are counted when numpy is loaded, so the script starts again with one
        os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **single})
    main()
