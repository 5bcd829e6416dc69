"""Weekly totals and comparisons: sums of sessions, and the same numbers as the single models."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repdose import energy, mechanics, progression, session_load
from repdose.evidence.training.variants import exercises
from repdose.progression import comparison
from repdose.progression.totals import UNITS, weekly_totals

PERSON = dict(body_mass_kg=75.0, stature_m=1.75, sex="male", edition=2024)


def plan(title="", **changes):
    stage = {
        "variant": "lying_straight_leg",
        "weeks": 1,
        "sessions_per_week": 3,
        "sets": 3,
        "repetitions": 12,
        "rest_s": 60,
    }
    return progression.plan([{**stage, **changes}], title=title)


def metrics(made, week=1):
    totals = weekly_totals(made, **PERSON)
    return totals[totals["week"] == week].set_index("metric")["value"]


def test_work_and_impulse_of_a_week_are_those_of_its_repetitions():
    one = mechanics.repetition("lying_straight_leg", body_mass_kg=75.0, stature_m=1.75, sex="male")
    week = metrics(plan())
    assert week["mechanical_work"] == pytest.approx(108 * one.work_up_j)
    assert week["moment_time_impulse"] == pytest.approx(108 * one.moment_time_nms)
    assert week["peak_hip_moment"] == pytest.approx(one.peak_nm)


def test_a_one_legged_week_counts_each_legs_work():
    both, one = (metrics(plan(variant=v)) for v in ("lying_straight_leg", "lying_single_leg"))
    assert one["repetitions"] == 2 * both["repetitions"]
    assert one["mechanical_work"] == pytest.approx(both["mechanical_work"])


def test_energy_on_both_bases_is_the_energy_model_s():
    made = plan()
    week = metrics(made)
    for basis in energy.TIME_BASES:
        weekly = energy.weekly_energy(made, body_mass_kg=75.0, edition=2024, time_basis=basis).iloc[
            0
        ]
        assert week[f"gross_energy_{basis}"] == weekly["gross_central"]
        assert week[f"met_minutes_{basis}"] == weekly["met_min_central"]
    assert week["met_minutes_elapsed"] / week["met_minutes_working"] == pytest.approx(5 / 3)


def test_a_bout_has_as_many_repetitions_as_its_tempo_fits():
    made = plan(variant="flutter_kick", repetitions=None, set_duration_s=20)
    one = mechanics.repetition("flutter_kick", body_mass_kg=75.0, stature_m=1.75, sex="male")
    assert metrics(made)["mechanical_work"] == pytest.approx(3 * 3 * 20 * one.work_up_j)


def test_ratings_give_load_and_strain_and_no_rating_gives_none():
    assert "session_rpe_load" not in metrics(plan())
    week = metrics(plan(rpe=5))
    assert week["session_rpe_load"] == 3 * 5 * 5
    # Three days of 25 and four of none: mean 75/7, sample SD of the seven
    mean, spread = 75 / 7, (3 * (25 - 75 / 7) ** 2 / 6 + 4 * (75 / 7) ** 2 / 6) ** 0.5
    assert week["monotony"] == pytest.approx(mean / spread)
    assert week["strain"] == pytest.approx(75 * mean / spread)


def test_seven_equal_days_have_no_monotony_and_it_is_said():
    week = metrics(plan(rpe=5, sessions_per_week=7))
    assert "monotony" not in week
    with pytest.raises(ValueError, match="monotony is not defined .* all 25"):
        session_load.monotony([25.0] * 7)
    with pytest.raises(ValueError, match="seven loads, one a day"):
        session_load.strain([1.0, 2.0])


def test_change_from_week_to_week():
    assert session_load.weekly_change([4, 6, 0, 5]) == [None, 0.5, -1.0, None]
    assert session_load.weekly_change([]) == []


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: session_load.weekly_change([1.0, float("nan")]), "weekly must be .* got nan"),
        (lambda: session_load.weekly_change([1.0, -3.0]), "weekly must be 0 to .* got -3"),
        (lambda: session_load.even_days(0, 100.0), "sessions must be 1 to 14 .* got 0"),
        (lambda: session_load.even_days(2.5, 100.0), "sessions must be a whole number"),
        (lambda: session_load.even_days(3, [100.0]), "load must be one number"),
        (lambda: session_load.session_rpe_load(11, 30), "rpe must be 0 to 10"),
        (lambda: session_load.session_rpe_load(5, -30), "duration_min must be 0 to 1440 min"),
        (lambda: session_load.monotony([float("nan")] * 7), "daily_loads must be"),
    ],
)
def test_loads_that_cannot_be_are_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


ADDITIVE = [
    name
    for name in UNITS
    if name not in ("peak_hip_moment", "monotony", "strain")  # of one repetition, of a whole week
]
RATED = {"rpe": 6, "ankle_mass_kg": 1.0}


@pytest.mark.parametrize("metric", ADDITIVE)
@pytest.mark.parametrize("variant", exercises().index)
def test_every_weekly_total_is_the_sum_of_its_sessions(variant, metric):
    bouts = variant == "flutter_kick"
    dose = {"repetitions": None, "set_duration_s": 25} if bouts else {"repetitions": 9}
    week, session = (
        metrics(plan(variant=variant, sessions_per_week=sessions, **dose, **RATED))[metric]
        for sessions in (4, 1)
    )
    assert week == pytest.approx(sum([session] * 4))


def test_a_week_of_a_longer_plan_is_what_it_would_be_alone():
    stages = [
        {"variant": "lying_bent_knee", "repetitions": 8},
        {"variant": "flutter_kick", "set_duration_s": 30, "sets": 4},
        {"variant": "hanging_straight_leg", "repetitions": 10, "rest_s": 150},
    ]
    common = {"weeks": 1, "sessions_per_week": 3, "sets": 3, "rest_s": 60}
    together = progression.plan([{**common, **stage} for stage in stages])
    for week, stage in enumerate(stages, start=1):
        alone = metrics(progression.plan([{**common, **stage}]))
        assert metrics(together, week).equals(alone)


@given(
    mass=st.floats(20, 140),
    times=st.floats(1.01, 2.0),
    weeks=st.integers(1, 4),
    sets=st.integers(1, 6),
)
@settings(max_examples=20, deadline=None)
def test_weekly_energy_is_linear_in_mass_and_met_minutes_know_no_body(mass, times, weeks, sets):
    made = plan(weeks=weeks, sets=sets)
    one, more = (
        weekly_totals(made, **{**PERSON, "body_mass_kg": kg}).set_index(["metric", "week"])["value"]
        for kg in (mass, times * mass)
    )
    for basis in energy.TIME_BASES:
        for kind in ("gross", "net"):
            name = f"{kind}_energy_{basis}"
            assert more[name].to_numpy() == pytest.approx(times * one[name].to_numpy())
        assert more[f"met_minutes_{basis}"].equals(one[f"met_minutes_{basis}"])


def test_the_conventions_stay_five_percent_apart_in_every_week():
    made = plan(weeks=3)
    oxygen, compendium = (
        weekly_totals(made, **PERSON, convention=name).set_index(["metric", "week"])["value"]
        for name in ("oxygen", "compendium")
    )
    for basis in energy.TIME_BASES:
        name = f"gross_energy_{basis}"
        assert (oxygen[name] / compendium[name]).to_numpy() == pytest.approx(1.05, rel=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body_mass_kg": 19.9}, "body_mass_kg must be 20 to 300 kg; got 19.9"),
        ({"body_mass_kg": 301}, "body_mass_kg must be 20 to 300 kg; got 301"),
        ({"body_mass_kg": float("nan")}, "body_mass_kg must be 20 to 300 kg; got nan"),
        ({"body_mass_kg": "75"}, "body_mass_kg must be a number, 20 to 300 kg; got '75'"),
        ({"stature_m": 1.19}, "stature_m must be 1.2 to 2.3 m; got 1.19"),
        ({"stature_m": 175}, "stature_m must be 1.2 to 2.3 m; got 175"),
        ({"sex": "woman"}, "sex must be one of female, male"),
        ({"edition": 1993}, "no MET analogies for edition 1993"),
        ({"convention": "joules"}, "convention must be one of oxygen, compendium"),
        ({"segments": "dempster"}, "segments must be one of deleva1996, winter2009, mixed"),
    ],
)
@pytest.mark.parametrize("compared", [False, True], ids=["one plan", "compared"])
def test_a_person_outside_the_tables_is_refused_by_field_and_range(change, words, compared):
    person = {**PERSON, **change}
    total = (
        (lambda: comparison.compare([plan("one")], **person))
        if compared
        else (lambda: weekly_totals(plan(), **person))
    )
    with pytest.raises(ValueError, match=words):
        total()


def test_plans_compare_in_one_tidy_table():
    both = comparison.compare([plan("three"), plan("two", sessions_per_week=2)], **PERSON)
    assert list(both.columns) == ["plan", "week", "variant", "metric", "value", "unit"]
    assert not both.duplicated(["plan", "week", "metric"]).any()
    assert both["value"].notna().all()
    sets = both[both["metric"] == "fractional_sets_rectus_abdominis"].set_index("plan")["value"]
    assert sets.to_dict() == {"three": 4.5, "two": 3.0}
    assert set(both["metric"]) >= set(UNITS) - {"session_rpe_load", "monotony", "strain"}


@pytest.mark.parametrize("titles", [[], ["a", "a"], [""]])
def test_plans_without_a_title_of_their_own_are_not_compared(titles):
    with pytest.raises(ValueError, match="each with a title of its own"):
        comparison.compare([plan(title) for title in titles], **PERSON)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rpe": 11}, "stage 1: rpe must be 0 to 10"),
        ({"ankle_mass_kg": -1}, "stage 1: ankle_mass_kg must be 0 to 20"),
        ({"start_deg": 95}, "stage 1: start_deg must be 5 to 90 deg, the range of lying_straight"),
        ({"start_deg": 60, "end_deg": 50}, "start_deg must be below end_deg; got 60 and 50"),
    ],
)
def test_new_fields_of_a_stage_are_bounded(changes, words):
    with pytest.raises(ValueError, match=words):
        plan(**changes)
