"""Under what conditions a benchmark ran, and how its times are summed up.

python benchmarks/machine.py      # prints the conditions of this machine, now
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata

MEASURED = (
    "repdose",
    "papermill",
    "nbclient",
    "numpy",
    "scipy",
    "pandas",
    "matplotlib",
)


def conditions() -> str:
    """Cores, load and versions; nothing that names the machine."""
    load = " ".join(f"{one:.1f}" for one in os.getloadavg()) if hasattr(os, "getloadavg") else "-"
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in MEASURED if _has(name))
    return (
        f"{platform.system()} {platform.machine()}, {usable} cores usable, load {load} "
        f"(1, 5, 15 min)\nPython {platform.python_version()}, {versions}"
    )


def _has(name: str) -> bool:
    try:
        metadata.version(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def in_turn(sides: Mapping[str, Callable[[], float]], runs: int) -> dict[str, list[float]]:
    """Times of each side [s]: all sides once, then all again, so that a busy spell meets each.

    Every other round goes backwards, so that no side always comes after the same one.
    """
    times: dict[str, list[float]] = {name: [] for name in sides}
    for run in range(runs):
        for name in sides if run % 2 == 0 else reversed(list(sides)):
            times[name].append(sides[name]())
    return times


def spread(times: Sequence[float], unit: str = "s", digits: int = 2) -> str:
    """Median with the least and the largest, as in ``4.1 s (3.9 to 4.4)``."""
    low, high = min(times), max(times)
    return f"{statistics.median(times):.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f})"


def ratios(slow: Sequence[float], fast: Sequence[float]) -> list[float]:
    """How many times as long one side took as the other, round by round."""
    return [one / other for one, other in zip(slow, fast, strict=True)]


def at_least(least: int) -> Callable[[str], int]:
    """A type of an argument: a whole number from `least` on, refused in words below it."""

    def whole(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if number < least:
            raise argparse.ArgumentTypeError(f"a whole number from {least} on is needed: {text!r}")
        return number

    return whole


if __name__ == "__main__":
    print(conditions())
