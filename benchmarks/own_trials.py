"""Time to read a table of one's own of 200,000 rows, clean and with faults, and to fit it.

Run: python benchmarks/own_trials.py
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from pathlib import Path

from repdose import dose_response
from repdose.evidence import EvidenceError
from repdose.evidence.own_trials import read_own_trials

parser = argparse.ArgumentParser()
parser.add_argument("--rows", type=int, default=200_000)
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()

HEAD = "es_id,study,arm,n,domain,weekly_sets,mean_pre,sd_pre,mean_post,sd_post,control_arm"
draw = random.Random(1)


def line(number: int, *, repeated: bool = False, boolean: str = "false") -> str:
    """One row, its numbers unlike those of other rows."""
    before = draw.uniform(15, 45)
    return (
        f"{1 if repeated else number},S{number // 4},S{number // 4}-{number // 2 % 2},"
        f"{draw.randint(8, 30)},size,{draw.randint(2, 30)},{before:.4f},{before / 8:.4f},"
        f"{before * 1.06:.4f},{before / 8:.4f},{boolean}"
    )


def seconds(text: str) -> tuple[float, str]:
    """Median time of reading the text as a file [s], and what came of it."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mine.csv"
        file.write_text(text, encoding="utf-8")
        for _ in range(options.rounds):
            start = time.perf_counter()
            try:
                found = f"{len(read_own_trials(file).frame())} rows read"
            except EvidenceError as error:
                found = f"refused, {len(str(error).splitlines())} lines told"
            times.append(time.perf_counter() - start)
    return statistics.median(times), found


numbers = range(1, options.rows + 1)
tables = {
    "clean": "\n".join([HEAD, *map(line, numbers)]),
    "semicolons, decimal commas": "\n".join([HEAD, *map(line, numbers)])
    .replace(",", ";")
    .replace(".", ","),
    "every boolean empty": "\n".join([HEAD, *(line(number, boolean="") for number in numbers)]),
    "every id repeated": "\n".join([HEAD, *(line(number, repeated=True) for number in numbers)]),
}
for name, text in tables.items():
    took, found = seconds(text)
    print(f"{name:<28}{took:6.2f} s  {found}")

for rows in (options.rows // 100, options.rows):
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "mine.csv"
        mine.write_text("\n".join([HEAD, *map(line, range(1, rows + 1))]), encoding="utf-8")
        start = time.perf_counter()
        trials = dose_response.read_trials(mine)
        queries, forms = len(trials.queries), len(trials.curve.fits)
        took = time.perf_counter() - start
    print(
        f"{'read, screened and fitted':<28}{took:6.2f} s  {rows:,} rows, {queries} queries, "
        f"{forms} forms"
    )
