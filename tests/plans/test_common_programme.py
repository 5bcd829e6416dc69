"""A three-day whole-body programme of twelve `common` exercises over eight weeks, on paper."""

import pytest

from repdose import adherence, energy, progression, volume
from repdose import evidence as ev
from repdose.progression import totals

MONDAY = [
    {"exercise": "common.back_squat", "sets": 3, "repetitions": 8, "load_kg": 80, "rest_s": 150},
    {"exercise": "common.bench_press", "sets": 3, "repetitions": 8, "load_kg": 60, "rest_s": 150},
    {"exercise": "common.barbell_row", "sets": 3, "repetitions": 10, "load_kg": 50, "rest_s": 120},
    {"exercise": "common.plank", "sets": 2, "set_duration_s": 40, "rest_s": 60},
]
WEDNESDAY = [
    {
        "exercise": "common.deadlift",
        "sets": 3,
        "repetitions": 8,
        "load_percent_1rm": 75,
        "rest_s": 180,
    },
    {
        "exercise": "common.overhead_press",
        "sets": 3,
        "repetitions": 10,
        "load_kg": 35,
        "rest_s": 120,
    },
    {"exercise": "common.lat_pulldown", "sets": 3, "repetitions": 12, "load_kg": 45, "rest_s": 90},
    {
        "exercise": "common.standing_calf_raise",
        "sets": 2,
        "repetitions": 12,
        "load_kg": 60,
        "rest_s": 60,
    },
]
FRIDAY = [
    {"exercise": "common.lunge", "sets": 3, "repetitions": 10, "load_kg": 20, "rest_s": 120},
    {"exercise": "common.push_up", "sets": 3, "repetitions": 12, "rest_s": 90},
    {
        "exercise": "common.triceps_pushdown",
        "sets": 2,
        "repetitions": 12,
        "load_rpe": 8,
        "rest_s": 60,
    },
    {"exercise": "common.crunch", "sets": 2, "repetitions": 12, "rest_s": 60},
]
DAYS = {"monday": MONDAY, "wednesday": WEDNESDAY, "friday": FRIDAY}
# Seconds of work and of rest of each, and its central MET of 2024: repetitions of 3 s, of the calf
# raise 4 s, lunges on both sides; the last exercise of a day has one rest less
PAPER = {
    "monday": [(72, 450, 5.0), (72, 450, 3.5), (90, 360, 3.5), (80, 60, 2.8)],
    "wednesday": [(72, 540, 5.0), (90, 360, 3.5), (108, 270, 3.5), (96, 60, 3.5)],
    "friday": [(180, 360, 5.0), (108, 270, 3.8), (72, 120, 3.5), (72, 60, 2.8)],
}
# Direct and indirect sets a week
SETS = {
    "quadriceps": (3 + 3, 3),
    "gluteus_maximus": (3 + 3 + 3, 0),
    "adductors": (0, 3),
    "erector_spinae": (0, 3 + 3 + 3),
    "hamstrings": (0, 3 + 3),
    "gluteus_medius": (0, 3),
    "gastrocnemius": (2, 0),
    "soleus": (2, 0),
    "pectoralis_major": (3 + 3, 0),
    "triceps_brachii": (2, 3 + 3 + 3),
    "biceps_brachii": (0, 3 + 3),
    "anterior_deltoid": (3, 3 + 3),
    "lateral_deltoid": (3, 0),
    "posterior_deltoid": (0, 3 + 3),
    "upper_back": (3, 3 + 3),
    "upper_trapezius": (0, 3 + 3),
}
SHIPPED_MUSCLES = {
    "rectus_femoris": (0, 3 + 3),
    "rectus_abdominis": (2 + 2, 3),
    "obliques": (2, 2),
    "transversus_abdominis": (0, 2),
    "latissimus_dorsi": (3 + 3, 0),
    "forearm_flexors": (0, 3 + 3 + 3),
}


@pytest.fixture(autouse=True)
def common():
    with ev.pack("common"):
        yield


@pytest.fixture
def plan():
    sessions = [{"weekday": day, "exercises": done} for day, done in DAYS.items()]
    return progression.plan([{"weeks": 8, "sessions": sessions}], title="whole body")


@pytest.mark.parametrize("basis", ["working", "elapsed"])
def test_energy(plan, basis):
    per_met_s = 3.5 / 1000 * 5 * 75 / 60  # 75 kg
    kcal = [
        [per_met_s * met * (work + rest * (basis == "elapsed")) for work, rest, met in day]
        for day in PAPER.values()
    ]
    settings = {"body_mass_kg": 75, "edition": 2024, "time_basis": basis}
    for session, each in zip(plan.stages[0].sessions, kcal, strict=True):
        spent = energy.session_energy(session, **settings)
        assert [one.gross_kcal["central"] for one in spent.exercises] == pytest.approx(each)
    weekly = energy.weekly_energy(plan, **settings)
    assert weekly["gross_central"].tolist() == pytest.approx([sum(map(sum, kcal))] * 8)
    if basis == "elapsed":  # 6404 + 6504 + 5178 MET-seconds
        assert weekly["met_min_central"].tolist() == pytest.approx([18086 / 60] * 8)


def test_weekly_sets_by_muscle(plan):
    sets = volume.weekly_sets(plan)
    last = sets[(sets["week"] == 8) & (sets["total"] > 0)].set_index("muscle")
    expected = {f"common.{name}": own for name, own in SETS.items()} | SHIPPED_MUSCLES
    found = {name: (row["direct"], row["indirect"]) for name, row in last.iterrows()}
    assert found == expected
    assert last["fractional"].to_dict() == {name: d + i / 2 for name, (d, i) in expected.items()}


def test_volume_load_says_how_many_sets_have_none(plan):
    week = volume.weekly_volume(plan).iloc[0]
    # 1920 + 1440 + 1500 + 1050 + 1620 + 1440, and lunges of 20 kg on both sides
    assert week["volume_load_kg"] == 8970 + 3 * 10 * 2 * 20
    assert week["sets_without_load"] == 2 + 3 + 3 + 2 + 2


def test_recommendations(plan):
    week = adherence.compare(plan).query("week == 1").set_index("criterion")
    row = week.loc["sessions a week"]
    assert row["verdict"] == "not met"
    assert row["planned"].startswith("a week: 1 for ")
    assert row["planned"].endswith("; 3 for gluteus maximus")
    assert week.loc["sets of an exercise", "verdict"] == "met"
    assert week.loc["repetitions in a set", "verdict"] == "met"
    assert week.loc["time between sessions", "verdict"] == "met"  # 48 h from Monday to Wednesday
    assert week.loc["major muscle groups", "verdict"] == "met"


def test_groups_left_untrained(plan):
    assert adherence.untrained(plan) == ()
    two = [{"weekday": day, "exercises": DAYS[day]} for day in ("monday", "wednesday")]
    without = progression.plan([{"weeks": 1, "sessions": two}])
    assert adherence.untrained(without) == ("arms",)
    row = adherence.compare(without).set_index("criterion").loc["major muscle groups"]
    assert row["why"] == "the plan leaves arms without direct sets"


def test_mechanics_says_that_there_is_no_model(plan):
    made = totals.hip_moments(plan.stages[0], body_mass_kg=75, stature_m=1.75, sex="male")
    assert set(made["model"]) == {"no model for this exercise"}
    for name in ("peak_hip_moment", "moment_time_impulse", "mechanical_work"):
        assert made[name].isna().all()
        assert made[name].dtype == "Float64"  # a value that is missing, and no number
    every = totals.weekly_totals(plan, body_mass_kg=75, stature_m=1.75, sex="male", edition=2024)
    first = every[every["week"] == 1].set_index("metric")
    assert first.loc["exercises_without_model", ["value", "unit"]].tolist() == [12, "exercises"]
    assert "peak_hip_moment" not in first.index
