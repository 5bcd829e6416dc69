"""Run every benchmark that says how fast the package is, and write one table of what they said.

    python benchmarks/run_all.py [--out docs/benchmarks.md] [--only reports explorer ...] [--quick]

Each runs in a process of its own, one after the other, on this machine, with the conditions before
it. A benchmark that fails is named with its last line, and the exit code is 1. What a benchmark
printed stands in the table as it was printed: nothing is rounded or chosen a second time.
``--quick`` takes the smallest size that says anything, to see that all of them run.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

from machine import conditions

HERE = Path(__file__).resolve().parent
# What each is asked for, and what it is asked for to see that it runs.
ASKED: dict[str, tuple[list[str], list[str]]] = {
    "reports": ([], ["--repeats", "1", "--reports", "2", "--idle", "3", "--long", "4"]),
    "figures": ([], ["--runs", "1"]),
    "explorer": ([], ["--runs", "2"]),
    "screening": ([], ["--rows", "400", "--runs", "1"]),
    "own_trials": ([], ["--rows", "2000", "--rounds", "1"]),
    "mechanics": ([], []),
    "uncertainty": ([], []),
    "bibliography": ([], ["200"]),
    "search": ([], []),
}


def run(name: str, arguments: list[str]) -> tuple[bool, str, float]:
    """Whether a benchmark ran to its end, what it printed, and how long it took [s]."""
    began = time.perf_counter()
    command = [sys.executable, str(HERE / f"{name}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE.parent)
    said = done.stdout.rstrip()
    if done.returncode:
        last = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        said = f"{said}\nfailed: {last}".lstrip()
    return not done.returncode, said, time.perf_counter() - began


def cell(text: str) -> str:
    """Lines of text in one cell of a Markdown table, columns of it kept apart."""
    lines = [line.replace("|", "\\|").replace("  ", "\u2002") for line in text.splitlines()]
    return "<br>".join(line.strip() for line in lines)


def asked(chosen: argparse.Namespace) -> str:
    """The options that a table was made with."""
    only = f" --only {' '.join(chosen.only)}" if chosen.only else ""
    return only + " --quick" * chosen.quick


def main() -> int:
    """Run those that were asked for and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--out", type=Path, help="file of the table; printed if none is named")
    parser.add_argument("--only", nargs="+", choices=sorted(ASKED), help="these alone")
    parser.add_argument("--quick", action="store_true", help="the smallest sizes")
    chosen = parser.parse_args()
    rows, failed = [], False
    for name in chosen.only or ASKED:
        before = conditions().splitlines()
        well, said, took = run(name, ASKED[name][chosen.quick])
        failed |= not well
        load = before[0].partition("load ")[2]
        rows.append(f"| `benchmarks/{name}.py` | {cell(said)} | {took:.0f} | {load} |")
        print(
            f"{name}: {'done' if well else 'FAILED'} in {took:.0f} s", file=sys.stderr, flush=True
        )
    machine, versions = conditions().splitlines()
    table = "\n".join(
        [
            "# Benchmarks",
            "",
            f"{machine.partition(', load')[0]}; {versions}.",
            f"Made by `python benchmarks/run_all.py{asked(chosen)}`; each row is what one script "
            "printed.",
            "",
            "| script | what it printed | s | load before it (1, 5, 15 min) |",
            "| --- | --- | ---: | --- |",
            *rows,
            "",
        ]
    )
    if chosen.out:
        chosen.out.write_text(table, "utf-8")
    else:
        print(table)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
