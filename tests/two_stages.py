"""A plan of two stages for the tests of tables and figures, with its numbers worked on paper."""

from __future__ import annotations

import csv
from pathlib import Path

from repdose import progression

DATA = Path(__file__).parent.parent / "evidence" / "data"

# One leg after the other, 2 x 6 a leg at 5 s: 2 min of work, 1 of rest; bouts, 4 x 30 s: 2 min of
# work, 4.5 of rest.
STAGES = [
    {
        "variant": "lying_single_leg",
        "weeks": 1,
        "sessions_per_week": 2,
        "sets": 2,
        "repetitions": 6,
        "rest_s": 60,
    },
    {
        "variant": "flutter_kick",
        "weeks": 2,
        "sessions_per_week": 3,
        "sets": 4,
        "set_duration_s": 30,
        "rest_s": 90,
    },
]
PLAN = progression.plan(STAGES, title="two stages, on paper")
NAMES = ["single-leg raise, lying, other leg hovering", "flutter kick, lying"]
WEEKS = ["1", "2 to 3"]
PERSON = {"body_mass_kg": 80.0, "stature_m": 1.80, "age_y": 40, "sex": "male"}
RULES = {"edition": "2024", "convention": "oxygen", "time_basis": "elapsed"}
# kcal of a MET-minute at 80 kg: 3.5 mL/kg/min at 5 kcal/L
PER_MET_MIN = 3.5 / 1000 * 5 * 80


def typed(name: str) -> list[dict[str, str]]:
    """Rows of a shipped table as they stand in its file."""
    with open(DATA / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def rows(frame) -> list[list[object]]:
    """A table without its headings, for comparing whole."""
    return frame.to_numpy(dtype=object).tolist()


def title(axes) -> str:
    """Title of a panel, wherever the style puts it."""
    return axes.get_title("left") or axes.get_title()
