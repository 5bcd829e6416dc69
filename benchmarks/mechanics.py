"""Hip moments of a million (person, angle) pairs: all at once against one call a pair.

    OMP_NUM_THREADS=1 python benchmarks/mechanics.py

The aim is under 0.2 s a million on one core. The other side, one call a pair, is timed on a
thousand pairs and scaled.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from repdose import mechanics

PAIRS = 1_000_000
SINGLE = 1_000
REPEATS = 5


def best(work: Callable[[], object]) -> float:
    """Shortest of several runs [s]: the others measure the machine's other work."""
    times = []
    for _ in range(REPEATS):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return min(times)


def main() -> None:
    """Print both times and their ratio for a straight-legged and a bent-kneed variant."""
    random = np.random.default_rng(20260101)
    body_mass_kg = random.uniform(45, 120, PAIRS)
    stature_m = random.uniform(1.5, 2.0, PAIRS)
    sex = np.where(random.random(PAIRS) < 0.5, "female", "male")
    angle_deg = random.uniform(50, 90, PAIRS)
    for variant in ("lying_straight_leg", "lying_bent_knee", "hanging_knee_raise"):
        for who, people in (("one sex", "male"), ("both sexes", sex)):

            def together(variant: str = variant, people: str | np.ndarray = people) -> object:
                return mechanics.hip_moment_nm(
                    variant, angle_deg, body_mass_kg=body_mass_kg, stature_m=stature_m, sex=people
                )

            def apart(variant: str = variant, people: str | np.ndarray = people) -> object:
                return [
                    mechanics.hip_moment_nm(
                        variant,
                        angle_deg[i],
                        body_mass_kg=body_mass_kg[i],
                        stature_m=stature_m[i],
                        sex=people if isinstance(people, str) else str(people[i]),
                    )
                    for i in range(SINGLE)
                ]

            assert np.allclose(together()[:SINGLE], apart(), rtol=1e-12)
            million, thousand = best(together), best(apart)
            each = thousand / SINGLE * PAIRS
            print(
                f"{variant:20} {who:10} {million:6.3f} s a million together, "
                f"{each:6.1f} s one by one: {each / million:5.0f} times"
            )


if __name__ == "__main__":
    main()
