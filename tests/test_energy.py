"""Energy against the arithmetic that is printed for it, and against its own invariants."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidence as ev
from analysis import energy, progression
from evidence.exercises import met_analogies
from evidence.tables import table

mass = st.floats(20, 300)
mets = st.floats(0.9, 20)
minutes = st.floats(0, 600)


def stage(**changes):
    given = dict(
        variant="lying_straight_leg",
        weeks=1,
        sessions_per_week=3,
        sets=3,
        repetitions=12,
        rest_s=60.0,
    )
    return progression.Stage(**{**given, **changes})


def test_gross_energy_of_the_worked_example():
    assert energy.gross_energy_kcal(2.8, 80, 10) == pytest.approx(39.2, rel=1e-12)
    compendium = energy.gross_energy_kcal(2.8, 80, 10, convention="compendium")
    assert compendium == pytest.approx(2.8 * 80 / 6, rel=1e-12)
    assert round(compendium, 2) == 37.33


@given(mets, mass, minutes)
def test_the_two_conventions_differ_by_exactly_five_percent(met, kg, min_):
    oxygen = energy.gross_energy_kcal(met, kg, min_)
    compendium = energy.gross_energy_kcal(met, kg, min_, "compendium")
    assert oxygen == pytest.approx(1.05 * compendium, rel=1e-12)


@given(mets, st.floats(20, 150), st.floats(0, 300))
def test_energy_is_linear_in_mass_and_in_time(met, kg, min_):
    once = energy.gross_energy_kcal(met, kg, min_)
    assert energy.gross_energy_kcal(met, 2 * kg, min_) == pytest.approx(2 * once, rel=1e-12)
    assert energy.gross_energy_kcal(met, kg, 2 * min_) == pytest.approx(2 * once, rel=1e-12)


def test_gross_minus_net_is_one_met_of_rest():
    difference = energy.gross_energy_kcal(3.8, 70, 30) - energy.net_energy_kcal(3.8, 70, 30)
    assert difference == pytest.approx(energy.gross_energy_kcal(1.0, 70, 30), rel=1e-12)


def test_arrays_in_arrays_out_and_scalars_stay_floats():
    out = energy.gross_energy_kcal(np.array([[2.8], [8.0]]), [60, 80, 100], 10)
    assert out.shape == (2, 3)
    assert out[0, 1] == pytest.approx(39.2)
    assert type(energy.gross_energy_kcal(2.8, 80, 10)) is float
    assert type(energy.met_minutes(4, 30)) is float


def test_editions_are_worth_their_own_baseline():
    assert energy.kcal_per_kg_h("oxygen", edition="older-2024") == pytest.approx(0.81)
    assert energy.kcal_per_kg_h("compendium", edition="wheelchair") == pytest.approx(0.992)
    with pytest.raises(ValueError, match="'oxygen' is not defined for edition 'wheelchair'"):
        energy.kcal_per_kg_h("oxygen", edition="wheelchair")
    with pytest.raises(ValueError, match="'compendium' is not defined for edition 'older-2024'"):
        energy.kcal_per_kg_h("compendium", edition="older-2024")


@pytest.mark.parametrize(
    ("person", "met", "expected"),
    [
        # The Harris-Benedict sums of the same people, divided through by hand
        (dict(body_mass_kg=70, stature_m=1.75, age_y=35, sex="male"), 2.8, 2.9607),
        (dict(body_mass_kg=70, stature_m=1.75, age_y=35, sex="male"), 3.8, 4.0181),
        (dict(body_mass_kg=70, stature_m=1.75, age_y=35, sex="male"), 7.5, 7.9305),
        (dict(body_mass_kg=60, stature_m=1.65, age_y=35, sex="female"), 2.8, 3.0892),
        (dict(body_mass_kg=100, stature_m=1.80, age_y=50, sex="male"), 2.8, 3.5201),
    ],
)
def test_corrected_mets_of_worked_people(person, met, expected):
    assert energy.corrected_met(met, **person) == pytest.approx(expected, abs=5e-5)


def test_a_corrected_met_times_the_persons_own_rest_is_the_standard_energy_again():
    person = dict(body_mass_kg=70.0, stature_m=1.75, age_y=35, sex="male")
    rest_kcal_day = 66.4730 + 13.7516 * 70 + 5.0033 * 175 - 6.7550 * 35
    corrected = energy.corrected_met(2.8, **person)
    assert corrected * rest_kcal_day / 1440 == pytest.approx(energy.gross_energy_kcal(2.8, 70, 1))


def test_intensity_classes_meet_where_the_guidelines_say():
    values = [0.95, 1.5, 1.51, 2.99, 3.0, 5.99, 6.0, 23.0]
    expected = ["sedentary"] * 2 + ["light"] * 2 + ["moderate"] * 2 + ["vigorous"] * 2
    assert list(energy.intensity(values)) == expected
    assert energy.intensity(2.8) == "light"
    assert energy.intensity(np.array([[2.8, 3.8]])).shape == (1, 2)


@pytest.mark.parametrize(
    ("edition", "counts"),
    [(2011, [52, 164, 350, 255]), (2024, [64, 190, 426, 431])],
)
def test_rows_of_each_edition_in_each_class(edition, counts):
    classes = list(energy.intensity(ev.compendium(edition)["met"].to_numpy()))
    names = ["sedentary", "light", "moderate", "vigorous"]
    assert [classes.count(name) for name in names] == counts


def test_a_lower_met_over_elapsed_time_equals_a_higher_one_over_work_alone():
    session = stage()
    assert (session.work_min, session.elapsed_min) == (3.0, 5.0)
    spent = dict(work_min=session.work_min, rest_min=session.rest_min)
    elapsed = energy.session_energy_kcal(2.8, 73, **spent, time_basis="elapsed")
    phases = energy.session_energy_kcal(3.8, 73, **spent, time_basis="working", rest_met=1.3)
    assert phases == pytest.approx(elapsed, rel=1e-12)


@pytest.mark.parametrize(
    ("met", "two_phase", "elapsed", "working"),
    [(3.8, 17.885, 24.2725, 14.5635), (2.8, 14.0525, 17.885, 10.731)],
)
def test_what_the_time_basis_does_to_one_session(met, two_phase, elapsed, working):
    # 73 kg, 3 min of work in 5 min, rests at 1.3 MET: k = 0.0175 x 73 kcal per MET and minute
    spent = dict(body_mass_kg=73, work_min=3, rest_min=2)
    found = [
        energy.session_energy_kcal(met, **spent, time_basis="working", rest_met=1.3),
        energy.session_energy_kcal(met, **spent, time_basis="elapsed"),
        energy.session_energy_kcal(met, **spent, time_basis="working"),
    ]
    assert found == pytest.approx([two_phase, elapsed, working], rel=1e-9)


def test_a_week_is_its_sessions_and_the_range_is_that_of_the_analogies():
    plan = progression.plan([stage()])
    settings = dict(body_mass_kg=80.0, edition=2011, time_basis="elapsed")
    session = energy.session_energy(plan.stages[0], **settings)
    week = energy.weekly_energy(plan, **settings).iloc[0]
    for role, met in {"low": 2.3, "central": 2.8, "high": 8.0}.items():
        by_hand = 0.0175 * met * 80 * 5
        assert session.gross_kcal[role] == pytest.approx(by_hand)
        assert week[f"gross_{role}"] == pytest.approx(3 * by_hand)
        assert week[f"met_min_{role}"] == pytest.approx(3 * met * 5)
    assert week["gross_low"] <= week["gross_central"] <= week["gross_high"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: energy.gross_energy_kcal(2.8, -70, 10), "body_mass_kg must be 20 to 300 kg"),
        (lambda: energy.gross_energy_kcal(2.8, float("nan"), 10), "body_mass_kg .* got nan"),
        (lambda: energy.gross_energy_kcal(0.5, 70, 10), "met must be 0.9 to 25 MET; got 0.5"),
        (lambda: energy.gross_energy_kcal(2.8, 70, float("inf")), "duration_min"),
        (lambda: energy.gross_energy_kcal("2.8", 70, 10), "met must be a number"),
        (lambda: energy.gross_energy_kcal(True, 70, 10), "met must be a number"),
        (lambda: energy.gross_energy_kcal(2.8, [70, 500], 10), r"got 500 at \(1,\)"),
        (lambda: energy.gross_energy_kcal(2.8, 70, 10, "joule"), "oxygen, compendium; got 'joule'"),
        (
            lambda: energy.session_energy_kcal(2.8, 70, 3, 2, time_basis="wall"),
            "time_basis must be one of elapsed, working; got 'wall'",
        ),
        (
            lambda: energy.session_energy_kcal(2.8, 70, 3, 2, time_basis="elapsed", rest_met=1.3),
            "rest_met goes with time_basis 'working'",
        ),
    ],
)
def test_bad_arguments_are_named_with_what_is_allowed(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_no_session_has_a_met_without_saying_which_rows_it_came_from():
    with ev.ledger() as used:
        energy.session_energy(stage(), body_mass_kg=70, edition=2024, time_basis="elapsed")
    assert {"2024:02024", "2024:02020"} <= {record.id for record in used.records()}
    assert "herrmann2024" in used.sources()


def test_every_variant_has_three_ordered_rows_with_a_reason_in_both_adult_editions():
    for variant in ev.exercises().index:
        for edition in ("2011", "2024"):
            rows = ev.exercise(variant) and list(met_analogies(variant, edition=edition).values())
            assert [row.role for row in rows] == ["low", "central", "high"]
            mets = [row.met.met for row in rows]
            # a central row that is also the lowest would leave the default outside its range
            assert mets == sorted(set(mets)), (variant, edition)
            assert all(len(row.reason) > 20 for row in rows)
    assert len(table("met_analogies").rows) == 7 * 2 * 3
