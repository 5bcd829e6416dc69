"""Two plans of two stages side by side, and what each week of them brings, on paper."""

import math

import worked_reports as worked
from two_stages import PLAN
from worked_mechanics import moments

from repdose import progression

# Week 1: 2 x 2 x 10, 100 s of work and 120 of rest a session; week 2: 3 x 3 x 8, 120 and 120 s
OTHER = progression.plan(
    [
        {
            "variant": "hanging_straight_leg",
            "weeks": 1,
            "sessions_per_week": 2,
            "sets": 2,
            "repetitions": 10,
            "rest_s": 120,
        },
        {
            "variant": "lying_straight_leg",
            "weeks": 1,
            "sessions_per_week": 3,
            "sets": 3,
            "repetitions": 8,
            "rest_s": 60,
        },
    ],
    title="other, on paper",
)
PLANS = {"A": PLAN, "B": OTHER}
RULES = {"edition": "2024", "convention": "oxygen"}
MAN = {"body_mass_kg": 80.0, "stature_m": 1.80, "sex": "male"}
# MET-minutes of each week, elapsed
MET_MIN = {"A": [2.8 * 6, 3.8 * 19.5, 3.8 * 19.5], "B": [3.8 * 2 * 220 / 60, 2.8 * 12]}
HIPS, ABDOMEN = {"A": [4, 12, 12], "B": [4, 9]}, {"A": [2, 6, 6], "B": [4, 4.5]}
TENSION = {"A": [240, 360, 360], "B": [200, 360]}
# Of six that can be compared; bouts have no repetitions: sessions, sets and hours between are
# met always, repetitions and rest in B's first week, repetitions in its second
MET = {"A": [3 / 6, 3 / 5, 3 / 5], "B": [5 / 6, 4 / 6]}
DONE = {
    "A": [("lying_single_leg", 48), ("flutter_kick", 360), ("flutter_kick", 360)],
    "B": [("hanging_straight_leg", 40), ("lying_straight_leg", 72)],
}
A, B = moments(80, 1.80, "male")


def mechanical(of):
    return {
        letter: [count * of(variant, A, B) for variant, count in weeks]
        for letter, weeks in DONE.items()
    }


WORK, IMPULSE = mechanical(worked.work), mechanical(worked.impulse)
PEAK = {
    letter: [
        worked.peak(variant, A, B) / worked.peak("lying_straight_leg", A, B) for variant, _ in weeks
    ]
    for letter, weeks in DONE.items()
}


def published(sets):
    """Pelland 2026: a gain on the log scale with the root of sets + 1; 6.54 % at 20, as printed."""
    rate = math.log(1.0654) / (math.sqrt(21) - 1)
    return 100 * math.expm1(rate * (math.sqrt(sets + 1) - 1))
