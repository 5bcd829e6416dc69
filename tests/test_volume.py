"""Volume: sums over sessions, and which muscle a set counts for."""

import pytest
import two_sessions as sessions

from repdose import evidence as ev
from repdose import multiverse, progression, volume
from repdose.evidence.training.variants import exercises, muscles, set_credits
from repdose.inputs import scenarios


def plan(variant="lying_straight_leg", **changes):
    stage = {
        "variant": variant,
        "weeks": 2,
        "sessions_per_week": 3,
        "sets": 3,
        "repetitions": 10,
        "rest_s": 60,
    }
    return progression.plan([{**stage, **changes}])


def test_weekly_totals_are_the_sums_of_the_sessions():
    for name in scenarios.names():
        made = progression.plan(scenarios.shipped(name).stages)
        weekly = volume.weekly_volume(made)
        for week, row in zip(made, weekly.itertuples(), strict=True):
            sessions = [week.stage] * week.stage.sessions_per_week
            assert row.sets == sum(stage.sets for stage in sessions)
            assert row.repetitions == sum(volume.session_repetitions(s) for s in sessions)
            assert row.work_min == pytest.approx(sum(s.work_min for s in sessions))
            assert row.time_under_tension_s == pytest.approx(60 * row.work_min)


def test_a_one_legged_set_counts_once_and_its_repetitions_twice():
    row = volume.weekly_volume(plan("lying_single_leg")).iloc[0]
    assert (row["sets"], row["repetitions"]) == (9, 180)


@pytest.mark.parametrize(("weight", "fractional"), [(0.0, 0.0), (0.5, 4.5), (1.0, 9.0)])
def test_the_indirect_weight_moves_fractional_sets_from_direct_to_total(weight, fractional):
    sets = volume.weekly_sets(plan(), indirect_weight=weight).set_index("muscle")
    week = sets[sets["week"] == 1]
    assert week.loc["rectus_abdominis", "fractional"] == fractional
    assert week.loc["rectus_abdominis", ["direct", "total"]].tolist() == [0.0, 9.0]
    assert week.loc["iliopsoas", ["direct", "fractional", "total"]].tolist() == [9.0] * 3
    assert week.loc["forearm_flexors", ["direct", "fractional", "total"]].tolist() == [0.0] * 3


def test_every_variant_credits_known_muscles_with_a_graded_reason():
    for variant in exercises().index:
        credits = set_credits(variant)
        assert set(credits) <= set(muscles())
        assert credits["iliopsoas"].role == "direct"
        assert all(credit.reason and credit.grade in "abc" for credit in credits.values())


def test_judgement_is_never_graded_as_a_recording():
    for variant in exercises().index:
        for credit in set_credits(variant).values():
            assert (credit.source == "repdose2026") == (credit.grade == "c")


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan"), "half"])
def test_a_weight_outside_none_to_whole_is_refused(weight):
    with pytest.raises(ValueError, match="indirect_weight must be"):
        volume.weekly_sets(plan(), indirect_weight=weight)


def test_one_muscle_can_be_asked_for_and_an_unknown_one_is_refused():
    sets = volume.weekly_sets(plan(), muscle="obliques")
    assert set(sets["muscle"]) == {"obliques"}
    with pytest.raises(ValueError, match="no muscle 'oblique'; near it: obliques"):
        volume.weekly_sets(plan(), muscle="oblique")


@pytest.mark.parametrize(("weight", "cited"), [(0.5, True), (1.0, True), (0.3, False)])
def test_a_published_weight_is_cited_and_ones_own_is_not(weight, cited):
    with ev.ledger() as used:
        volume.weekly_sets(plan(), indirect_weight=weight)
    assert ("pelland2024preprint" in used.sources()) is cited


def test_sets_of_all_exercises_of_a_weeks_sessions_add_up():
    # Direct for the hips are all of 3 + 2 + 4 + 2 sets; for the abdomen the hanging raise alone
    sets = volume.weekly_sets(sessions.PLAN).set_index(["week", "muscle"])
    for week in (1, 2, 3):
        assert sets.loc[(week, "iliopsoas"), ["direct", "fractional", "total"]].tolist() == [
            11.0,
            11.0,
            11.0,
        ]
        assert sets.loc[(week, "rectus_abdominis"), ["direct", "fractional", "total"]].tolist() == [
            2.0,
            6.5,
            11.0,
        ]


def test_the_weakest_grade_of_several_credits_is_told():
    # hips: a for the straight leg, c for the others
    sets = volume.weekly_sets(sessions.PLAN, muscle="iliopsoas")
    assert sets["grade"].tolist() == ["c", "c", "c"]


def test_a_weeks_volume_of_sessions():
    week = volume.weekly_volume(sessions.PLAN).iloc[0]
    # 3 x 10, 2 x 6 a leg, 2 x 8; 150 + 120 + 120 + 80 s of work; 5 kg in the last alone
    assert (week["sessions"], week["sets"], week["repetitions"]) == (2, 11, 30 + 24 + 16)
    assert week["time_under_tension_s"] == 470
    assert week["elapsed_min"] == pytest.approx((690 + 740) / 60)
    assert (week["volume_load_kg"], week["sets_without_load"]) == (80, 9)


def test_without_a_load_there_is_no_volume_load_and_not_zero():
    weekly = volume.weekly_volume(plan())
    assert weekly["volume_load_kg"].isna().all()
    assert weekly["sets_without_load"].tolist() == weekly["sets"].tolist()


def test_ways_to_count_know_every_exercise_of_a_session():
    universe = multiverse.weekly_sets(sessions.PLAN)
    assert universe.default == 6.5
    # from the two direct sets of the hanging raise to every set whole
    assert universe.by("muscle").loc["rectus abdominis", ["low", "high"]].tolist() == [2.0, 11.0]
