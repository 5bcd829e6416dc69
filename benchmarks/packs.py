"""Time to plan a build whose scenario names a pack of many exercises, all of them checked.

    python benchmarks/packs.py [--exercises 100 1000 10000] [--runs 3]

Each run takes another pack, so that nothing is kept from the run before.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from repdose.evidence.checks.pack import renew
from repdose.evidence.tables import resource
from repdose.reports.builds import planning

DESCRIPTOR = """\
{"name": "many", "title": "Many exercises", "version": "RUN", "licenses": [{"name": "CC0-1.0"}],
 "contributors": [{"title": "Nobody"}], "repdose": {"prefix": "many"},
 "resources": [{"name": "exercises", "path": "exercises.csv"},
  {"name": "set_credits", "path": "set_credits.csv"},
  {"name": "met_analogies", "path": "met_analogies.csv"}]}
"""
SCENARIO = """\
title: One of many
packs: [./many]
plan:
- {variant: many.e0, weeks: 1, sessions_per_week: 3, sets: 3, repetitions: 8, rest_s: 120}
"""


def write(folder: Path, exercises: int, run: int) -> Path:
    """A scenario beside a pack of so many exercises."""
    said = "repdose2026,invented,full-text"
    rows = {
        "exercises": [
            f"e{n},exercise {n},repetitions,1,1,0,1,0,none,Invented,{said}"
            for n in range(exercises)
        ],
        "set_credits": [f"e{n},iliopsoas,direct,c,Invented,{said}" for n in range(exercises)],
        "met_analogies": [
            f"e{n},2024,{role},02024,Analogy: invented"
            for n in range(exercises)
            for role in ("low", "central", "high")
        ],
    }
    pack = folder / "many"
    pack.mkdir()
    (pack / "datapackage.json").write_text(DESCRIPTOR.replace("RUN", str(run)), "utf-8")
    for name, lines in rows.items():
        header = ",".join(field["name"] for field in resource(name)["schema"]["fields"])
        (pack / f"{name}.csv").write_text("\n".join([header, *lines, ""]), "utf-8")
    renew(pack)
    (folder / "one.yaml").write_text(SCENARIO, "utf-8")
    return folder / "one.yaml"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--exercises", type=int, nargs="+", default=[100, 1_000, 10_000])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        planning.of_scenarios([], Path(place) / "out")  # what every build reads
    print(f"{'exercises':>10} {'reports':>8} {'median s':>9} {'fastest':>8} {'slowest':>8}")
    for exercises in chosen.exercises:
        taken = []
        for run in range(chosen.runs):
            with tempfile.TemporaryDirectory() as place:
                scenario = write(Path(place), exercises, run)
                start = time.perf_counter()
                todo = planning.of_scenarios([str(scenario)], Path(place) / "out")
                taken.append(time.perf_counter() - start)
        print(
            f"{exercises:>10} {len(todo.jobs):>8} {statistics.median(taken):>9.2f} "
            f"{min(taken):>8.2f} {max(taken):>8.2f}"
        )


if __name__ == "__main__":
    main()
