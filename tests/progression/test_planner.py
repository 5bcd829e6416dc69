"""Plans made by a rule: what the rule says, and what bounds it."""

from itertools import pairwise

import pytest

from repdose import mechanics, progression
from repdose.progression.planner import bounds, fractional_sets

PERSON = dict(body_mass_kg=75.0, stature_m=1.75, sex="male")


def made(rule="two_for_two", start="lying_bent_knee", goal="lying_straight_leg", weeks=6, **more):
    if rule == "load_2_to_10_percent":
        more = {**PERSON, **more}
    return progression.planned(start, goal, weeks, rule=rule, **more)


def test_garber_bounds_a_plan_on_all_three_sides():
    assert bounds("garber2011") == bounds("garber2011").__class__(
        sessions=(2, 3), sets=(2, 4), repetitions=(8, 12)
    )


def test_two_for_two_adds_two_repetitions_and_then_changes_the_variant():
    stages = made().stages
    assert [s.repetitions for s in stages] == [8, 10, 12, 8, 10, 12]
    assert [s.variant for s in stages] == ["lying_bent_knee"] * 3 + ["lying_straight_leg"] * 3


def test_volume_before_variant_fills_up_the_sets_first():
    stages = made("volume_before_variant", weeks=6, max_weekly_rise=2.0).stages
    assert [s.sets for s in stages] == [2, 3, 4, 2, 3, 4]
    assert [s.variant for s in stages] == ["lying_bent_knee"] * 3 + ["lying_straight_leg"] * 3


def test_range_before_load_starts_where_gravity_asks_least():
    stages = made("range_before_load", start="lying_straight_leg", goal="lying_single_leg").stages
    assert [s.range_deg for s in stages[:3]] == [(47.5, 90.0), (26.25, 90.0), (5.0, 90.0)]
    peaks = [
        mechanics.repetition("lying_straight_leg", start_deg=s.range_deg[0], **PERSON).peak_nm
        for s in stages[:3]
    ]
    assert peaks == sorted(peaks)


def test_a_load_step_raises_the_peak_moment_by_two_to_ten_percent():
    stages = made("load_2_to_10_percent", weeks=8).stages
    for before, after in pairwise(stages):
        if before.variant != after.variant:
            continue
        peak = [
            mechanics.repetition(s.variant, ankle_mass_kg=s.ankle_mass_kg, **PERSON).peak_nm
            for s in (before, after)
        ]
        assert 1.02 <= peak[1] / peak[0] <= 1.10


@pytest.mark.parametrize("rule", progression.RULES)
@pytest.mark.parametrize("rise", [0.5, 1.0])
@pytest.mark.parametrize("deload", [None, 4])
def test_no_week_leaves_the_guideline_or_the_weekly_rise(rule, rise, deload):
    plan = made(
        rule,
        goal="hanging_straight_leg",
        weeks=26,
        max_weekly_rise=rise,
        deload_every=deload,
        sets=2 if rule == "volume_before_variant" else 3,
    )
    assert plan.stages[-1].variant == "hanging_straight_leg"
    assert len(plan.weeks()) == 26
    allowed = bounds("garber2011")
    full = None
    for week in plan:
        stage = week.stage
        if deload and week.number % deload == 0:
            assert stage.sets == -(-full.sets // 2)
            assert stage.variant == full.variant
            continue
        assert allowed.sessions[0] <= stage.sessions_per_week <= allowed.sessions[1]
        assert allowed.sets[0] <= stage.sets <= allowed.sets[1]
        assert allowed.repetitions[0] <= stage.repetitions <= allowed.repetitions[1]
        if full is not None:
            before, now = fractional_sets(full, 0.5), fractional_sets(stage, 0.5)
            for muscle, sets in before.items():
                assert now.get(muscle, 0) <= sets * (1 + rise) * (1 + 1e-6)
        full = stage


def test_the_words_of_the_rule_travel_with_the_plan():
    plan = made(deload_every=3, weeks=10)
    assert "two repetitions more" in plan.rule
    assert "Every 3 weeks" in plan.rule
    assert "garber2011" in plan.rule


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"rule": "guess"}, "rule must be one of two_for_two"),
        ({"goal": "lying_bent_knee"}, "goal lying_bent_knee must be harder than start"),
        ({"goal": "flutter_kick"}, "flutter_kick is done in bouts"),
        ({"goal": "sit_up"}, "no exercise 'sit_up'"),
        ({"sets": 5}, "sets must be 2 to 4 by garber2011; got 5"),
        ({"repetitions": 20}, "repetitions must be 8 to 12 by garber2011; got 20"),
        ({"sessions_per_week": 5}, "sessions_per_week must be 2 to 3"),
        ({"sessions_per_week": "3"}, "sessions_per_week must be a whole number, 2 to 3 by garber"),
        ({"sets": 2.5}, "sets must be a whole number, 2 to 4 by garber2011; got 2.5"),
        ({"weeks": 6.5}, "weeks must be a whole number, 1 to 104 weeks; got 6.5"),
        ({"deload_every": 2.5}, "deload_every must be a whole number, 2 to 12 weeks; got 2.5"),
        ({"body_mass_kg": 19.0}, "body_mass_kg must be 20 to 300 kg; got 19"),
        ({"stature_m": 175.0}, "stature_m must be 1.2 to 2.3 m; got 175"),
        ({"sex": "woman"}, "sex must be one of female, male; got 'woman'"),
        ({"rest_s": -1}, "rest_s must be 0 to 900 s"),
        ({"weeks": 2}, "2 weeks reach lying_bent_knee by rule two_for_two, not"),
        ({"max_weekly_rise": 0}, "max_weekly_rise must be above 0"),
        ({"deload_every": 1}, "deload_every must be 2 to 12"),
        ({"guideline": "hhs2018"}, "'hhs2018' does not bound sessions on both sides"),
        ({"rule": "load_2_to_10_percent", "sex": None}, "needs body_mass_kg, stature_m and sex"),
        (
            {
                "goal": "hanging_straight_leg",
                "weeks": 20,
                "max_weekly_rise": 0.01,
                "sets": 2,
                "sessions_per_week": 2,
            },
            "no step from .* give a larger max_weekly_rise",
        ),
    ],
)
def test_what_cannot_be_planned_is_refused_with_what_would_do(changes, words):
    with pytest.raises(ValueError, match=words):
        made(**changes)
