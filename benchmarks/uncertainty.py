"""A million draws of a session's energy, against the bare NumPy arithmetic of the same draws.

    OMP_NUM_THREADS=1 python benchmarks/uncertainty.py

The aim is under 0.5 s from seed to outcome, and the model's checks and choices within 5 times
the bare arithmetic on the same arrays. Both are measured, with a multiverse of 10^5 next to them.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np
from scipy.special import ndtri

from repdose import energy, multiverse, uncertainty
from repdose.multiverse import Choice, Option

DRAWS = 1_000_000
REPEATS = 7
BODY_MASS_KG, SD_KG = 75.0, 1.5
WORK_MIN, REST_MIN, REST_MET = 3.0, 4.0, 1.3


def best(work: Callable[[], object]) -> float:
    """Shortest of several runs [s]: the others measure the machine's other work."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def bare(met: np.ndarray, mass: np.ndarray) -> np.ndarray:
    """Energy of work and rests, written out [kcal]."""
    per_min = 3.5 * 5 / 1000
    return per_min * met * mass * WORK_MIN + per_min * REST_MET * mass * REST_MIN


def main() -> None:
    """Print seconds and ratios."""
    inputs = {
        "met": uncertainty.analogy("lying_straight_leg", edition=2024),
        "body_mass_kg": uncertainty.body_mass(BODY_MASS_KG, sd_kg=SD_KG),
        "work_min": WORK_MIN,
        "rest_min": REST_MIN,
        "rest_met": REST_MET,
        "time_basis": "working",
    }

    def whole() -> uncertainty.Simulation:
        return uncertainty.simulate(energy.session_energy_kcal, inputs, draws=DRAWS, seed=1)

    made = whole()
    met, mass = made.inputs["met"], made.inputs["body_mass_kg"]
    low, central, high = (float(part) for part in inputs["met"].shape.split(", ")[1:])
    random = np.random.default_rng(1)

    def bare_whole() -> np.ndarray:
        u, v = random.random(DRAWS), random.random(DRAWS)
        turn = (central - low) / (high - low)
        drawn = np.where(
            u < turn,
            low + np.sqrt(u * (high - low) * (central - low)),
            high - np.sqrt((1 - u) * (high - low) * (high - central)),
        )
        return bare(drawn, BODY_MASS_KG + SD_KG * ndtri(v))

    def model() -> object:
        return energy.session_energy_kcal(
            met,
            mass,
            WORK_MIN,
            REST_MIN,
            time_basis="working",
            rest_met=REST_MET,
        )

    assert np.allclose(made.outcome, bare(met, mass), rtol=1e-12)
    ours, theirs = best(whole), best(bare_whole)
    print(
        f"seed to outcome, {DRAWS:,} draws: {ours:.3f} s, bare NumPy {theirs:.3f} s, "
        f"{ours / theirs:.1f} times"
    )
    ours, theirs = best(model), best(lambda: bare(met, mass))
    print(
        f"the same draws through the model: {1000 * ours:.1f} ms, bare arithmetic "
        f"{1000 * theirs:.1f} ms, {ours / theirs:.1f} times"
    )

    def options(values: np.ndarray) -> tuple[Option, ...]:
        return tuple(
            Option(name=str(i), value=float(value), reason="benchmark", source="repdose2026")
            for i, value in enumerate(values)
        )

    choices = [
        Choice(name="met", options=options(np.linspace(2, 8, 50)), default="0", kind="assumption"),
        Choice(
            name="body_mass_kg",
            options=options(np.linspace(50, 120, 50)),
            default="0",
            kind="assumption",
        ),
        Choice(
            name="duration_min",
            options=options(np.linspace(1, 60, 40)),
            default="0",
            kind="assumption",
        ),
    ]

    def universe() -> multiverse.Multiverse:
        return multiverse.evaluate(energy.gross_energy_kcal, choices, outcome="energy", unit="kcal")

    one_by_one = (
        best(lambda: [energy.gross_energy_kcal(2.8, 75.0, 10.0) for _ in range(1000)])
        * universe().count
        / 1000
    )
    together = best(lambda: universe().specifications)
    print(
        f"a multiverse of {universe().count:,} as a table: {together:.3f} s, one call a "
        f"specification {one_by_one:.2f} s, {one_by_one / together:.0f} times"
    )


if __name__ == "__main__":
    main()
