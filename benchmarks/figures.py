"""How long a report's figures take, beside matplotlib's own of the same calls.

    python benchmarks/figures.py --runs 9

A figure is what a notebook's cell does to show one: the function that draws it, and its picture
for a page and for a phone. The other side calls the same functions, and leaves artists, constrained
layout and the file to matplotlib. The sides are measured in turn, in processor time, once each
has drawn everything before.
"""

from __future__ import annotations

import argparse
import io
import time
from collections.abc import Callable
from typing import Any

import machine

from repdose import energy, mechanics, multiverse, volume
from repdose.figures import assumptions, energy_cost, leg_raise_mechanics, weekly_volume
from repdose.inputs import scenarios
from repdose.plots import style
from repdose.plots.sheet import Sheet
from repdose.reports.figure_files import written

WHO = {"body_mass_kg": 75.0, "edition": "2024", "convention": "oxygen", "time_basis": "elapsed"}
PERSON = {"stature_m": 1.75, "age_y": 35, "sex": "female"}
Draw = Callable[[], tuple[Sheet, str]]


def figures() -> dict[str, Draw]:
    """Figures of the foundation scenario that need no trials refitted, by name."""
    plan = scenarios.shipped("foundation").plan
    weekly = energy.weekly_energy(plan, **WHO)
    choices = multiverse.energy(plan, **WHO, **PERSON)
    sets = volume.weekly_sets(plan)
    load = mechanics.relative_load(body_mass_kg=75.0, stature_m=1.75)
    return {
        "energy by week": lambda: energy_cost.energy_by_week(plan, weekly),
        "one choice at a time": lambda: assumptions.tornado(choices),
        "every choice": lambda: assumptions.specification_curve(choices),
        "sets by muscle": lambda: weekly_volume.sets_by_muscle(sets),
        "leg raises compared": lambda: leg_raise_mechanics.share_of_straight_leg(load),
    }


def ours(draw: Draw) -> None:
    """A figure as a report has it."""
    written(draw()[0])


def matplotlibs(draw: Draw) -> None:
    """The same by matplotlib alone."""
    page, _ = draw()
    for sheet in (page, style.for_phone(page)):
        sheet.figure.savefig(io.BytesIO(), format="svg")


def timed(show: Callable[[Draw], None], draw: Draw) -> Callable[[], float]:
    """What draws once and says how long the processor took for it [ms]."""

    def once() -> float:
        began = time.process_time()
        show(draw)
        return 1000 * (time.process_time() - began)

    return once


def main() -> None:
    """Time each figure both ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=machine.at_least(1), default=9)
    runs = parser.parse_args().runs
    print(machine.conditions())
    style.use_style()
    for name, draw in figures().items():
        sides: dict[str, Any] = {"ours": timed(ours, draw), "theirs": timed(matplotlibs, draw)}
        machine.in_turn(sides, 1)
        found = machine.in_turn(sides, runs)
        times = machine.ratios(found["theirs"], found["ours"])
        print(
            f"{name}: {machine.spread(found['ours'], 'ms', 0)}; by matplotlib alone "
            f"{machine.spread(found['theirs'], 'ms', 0)}; {machine.spread(times, 'times', 1)}"
        )


if __name__ == "__main__":
    main()
