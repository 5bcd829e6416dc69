"""How fast the explorer answers: a parameter moved, beside the models alone.

    .venv/bin/python benchmarks/explorer.py --runs 15

What is timed runs from setting a slider's value, as the browser's message does, to the moment the
numbers are handed back, and to that of the figure, which comes last. Processor time is told too:
on a machine that does other work it says more than the clock. The models alone are the same
parameters without a view.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import machine

from repdose import explorer


@dataclass(frozen=True)
class View:
    """How a view is opened, what is moved from where by how much, and the aim [ms].

    What is no number is chosen from `words` in turn.
    """

    label: str
    opened: Callable[[], Any]
    name: str
    first: float
    step: float
    aim: int = 0
    words: tuple[str, ...] = ()

    def value(self, place: int) -> Any:
        """What is set at a place of the run; never the same twice in a row."""
        if self.words:
            return self.words[(place + 1) % len(self.words)]
        return type(self.first)(round(self.first + place * self.step, 9))


VIEWS = (
    View("energy", explorer.energy_cost, "body_mass_kg", 60.0, 1.0, 100),
    View("volume", explorer.weekly_volume, "indirect_weight", 0.01, 0.01, 100),
    View("refit, averaged", explorer.dose_response, "rho", 0.3, 0.01, 500),
    View(
        "refit, one form",
        lambda: explorer.dose_response(form="square root"),
        *("rho", 0.3, 0.01, 500),
    ),
    View("refit, emax", lambda: explorer.dose_response(form="emax"), "rho", 0.3, 0.01),
    View("doses of a refit", explorer.dose_response, "high_sets", 11.0, 1.0, 500),
    View(
        "risk",
        explorer.activity_and_risk,
        *("curve_shape", 0.0, 0.0, 500),
        words=("quadratic", "spline", "root"),
    ),
    View("compare", lambda: explorer.compare(["foundation", "to_hanging"]), "weeks", 14, 1),
)
Times = dict[str, list[float]]


def measured(view: View, runs: int) -> Times:
    """Milliseconds to the numbers, to the figure, of processor, and of the models alone."""
    shown = view.opened()
    found: Times = {"numbers": [], "figure": [], "processor": [], "models alone": []}
    there = [0.0]
    for region in (shown.leading, shown.numbers):
        region.observe(lambda _: there.__setitem__(0, time.perf_counter()), "value")
    for run in range(runs):
        # of words the first round alone is refitted, as for whoever goes back to one
        value, other = view.value(2 * run), view.value(2 * run + 1)
        there[0] = 0.0
        began, worked = time.perf_counter(), time.process_time()
        control = shown._controls[view.name]
        (control.choice if view.words else control.slider).value = value
        done = time.perf_counter()
        assert shown.state.parameters.model_dump()[view.name] == value, shown.refused.value
        found["processor"].append(1000 * (time.process_time() - worked))
        if there[0]:  # a change too small to be printed is not sent
            found["numbers"].append(1000 * (there[0] - began))
        found["figure"].append(1000 * (done - began))
        began = time.perf_counter()
        shown.state.changed(**{view.name: other}).results()
        found["models alone"].append(1000 * (time.perf_counter() - began))
    return found


def main() -> None:
    """Time each view and print medians with their spread."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=machine.at_least(1), default=15)
    runs = parser.parse_args().runs
    print(machine.conditions())
    began = time.perf_counter()
    explorer.energy_cost()
    print(f"first view, with all it imports: {time.perf_counter() - began:.1f} s")
    for view in VIEWS:
        found = measured(view, runs)
        told = "; ".join(
            f"{name} {machine.spread(ms, 'ms', 0)}" for name, ms in found.items() if ms
        )
        print(f"{view.label}{f', aim {view.aim} ms' if view.aim else ''}: {told}")


if __name__ == "__main__":
    main()
