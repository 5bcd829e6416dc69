"""Tables of plans side by side, every column, for two plans of two stages, on paper."""

import math

import pandas as pd
import pytest
import two_sessions as sessions
import worked_reports as worked
from two_plans import (
    ABDOMEN,
    DONE,
    HIPS,
    IMPULSE,
    MAN,
    MET,
    MET_MIN,
    OTHER,
    PEAK,
    PLANS,
    RULES,
    TENSION,
    WORK,
    published,
)
from two_stages import PLAN, rows
from worked_mechanics import moments

from repdose import evidence as ev
from repdose import progression
from repdose.progression.totals import UNITS
from repdose.tables import progression_comparison as tables
from repdose.tables.sentences import progression_comparison as sentences


@pytest.mark.parametrize(
    ("sets", "printed"), [(2, 1.30), (4, 2.21), (6, 2.95), (9, 3.90), (12, 4.72)]
)
def test_the_gains_worked_here_are_those_in_print(sets, printed):
    assert published(sets) == pytest.approx(printed, abs=0.01)


@pytest.fixture(scope="module")
def frame():
    return tables.weekly(PLANS, indirect_weight=0.5, time_basis="elapsed", **MAN, **RULES)


def test_every_metric_of_every_week(frame):
    for metric, expected, unit in (
        ("gross_energy", {k: [1.4 * one for one in v] for k, v in MET_MIN.items()}, "kcal"),
        ("met_minutes", MET_MIN, "MET-min"),
        ("time_under_tension", TENSION, "s"),
        ("fractional_sets_iliopsoas", HIPS, "sets"),
        ("fractional_sets_rectus_abdominis", ABDOMEN, "sets"),
        ("mechanical_work", WORK, "J"),
        ("moment_time_impulse", IMPULSE, "N m s"),
        ("relative_peak", PEAK, ""),
        ("recommendations_met", MET, ""),
        (
            "response_iliopsoas",
            {k: [published(sets) for sets in v] for k, v in HIPS.items()},
            "%",
        ),
        (
            "response_rectus_abdominis",
            {k: [published(sets) for sets in v] for k, v in ABDOMEN.items()},
            "%",
        ),
    ):
        mine = frame[frame["metric"] == metric]
        assert mine["plan"].tolist() == ["A"] * 3 + ["B"] * 2, metric
        assert mine["week"].tolist() == [1, 2, 3, 1, 2]
        assert mine["variant"].tolist() == [name for weeks in DONE.values() for name, _ in weeks]
        values = expected["A"] + expected["B"]
        # the curve is printed to two decimals
        by = {"abs": 0.01} if metric.startswith("response") else {"rel": 1e-6}
        assert mine["value"].tolist() == pytest.approx(values, **by), metric
        assert set(mine["unit"]) == {unit}, metric
    found = tables.of_metric(frame, "met_minutes")
    assert {letter: list(mine) for letter, mine in found.items()} == {
        letter: pytest.approx(values) for letter, values in MET_MIN.items()
    }
    assert list(found["A"].index) == [1, 2, 3]
    assert tables.means(frame, "met_minutes")["B"] == pytest.approx(sum(MET_MIN["B"]) / 2)


def test_the_basis_and_the_segments_are_those_asked_for():
    other = tables.weekly(
        PLANS, indirect_weight=1.0, time_basis="working", segments="winter2009", **MAN, **RULES
    )
    energy = tables.of_metric(other, "gross_energy")["A"]
    assert energy.tolist() == pytest.approx([2.8 * 4 * 1.4, 3.8 * 6 * 1.4, 3.8 * 6 * 1.4])
    assert tables.of_metric(other, "fractional_sets_rectus_abdominis")["A"].tolist() == [4, 12, 12]
    a, b = moments(80, 1.80, "male", "winter2009")
    peak = worked.peak("flutter_kick", a, b)
    assert tables.of_metric(other, "peak_hip_moment")["A"].iloc[1] == pytest.approx(peak)
    relative = peak / worked.peak("lying_straight_leg", a, b)
    assert tables.of_metric(other, "relative_peak")["A"].iloc[1] == pytest.approx(relative)


def test_sets_and_the_published_curve_at_them():
    found = tables.response(PLANS, "rectus_abdominis")
    assert list(found.columns) == [
        "plan",
        "week",
        "variant",
        "metric",
        "value",
        "unit",
        "sets",
        "extrapolated",
    ]
    assert found["sets"].tolist() == [2, 6, 6, 4, 4.5]
    # the source tabulates up to 42 sets
    assert found["extrapolated"].tolist() == [False] * 5
    many = [
        {**vars_of(OTHER), "weeks": 1, "sessions_per_week": 3, "sets": sets} for sets in (14, 15)
    ]
    beyond = tables.response({"A": progression.plan(many, title="many")}, "iliopsoas")
    assert beyond["extrapolated"].tolist() == [False, True]
    assert found["plan"].tolist() == ["A", "A", "A", "B", "B"]
    assert list(found.index) == [0, 1, 2, 3, 4]


def test_energy_of_the_mean_week_by_row():
    found = tables.energy_rows(PLANS, body_mass_kg=80.0, time_basis="elapsed", **RULES)
    assert list(found.columns) == ["low", "central", "high"]
    rates = {
        "A": [("lying_single_leg", 6), ("flutter_kick", 19.5), ("flutter_kick", 19.5)],
        "B": [("hanging_straight_leg", 2 * 220 / 60), ("lying_straight_leg", 12)],
    }
    for letter, weeks in rates.items():
        expected = [
            sum(worked.MET[variant][role][1] * minutes for variant, minutes in weeks)
            / len(weeks)
            * 1.4
            for role in range(3)
        ]
        assert found.loc[letter].tolist() == pytest.approx(expected)
        assert tables.met_range(found, letter) == {
            "low": pytest.approx(expected[0]),
            "high": pytest.approx(expected[2]),
            "kind": "assumption",
        }


def test_which_letter_is_which_plan():
    table = tables.plan_rows(PLANS)
    assert list(table.columns) == ["Plan", "Title", "Weeks", "Variants", "Made"]
    assert rows(table) == [
        ["A", "Two stages, on paper", 3, "single-leg raise → flutter kick", "by hand"],
        [
            "B",
            "Other, on paper",
            2,
            "hanging straight-leg raise → straight-leg raise",
            "by hand",
        ],
    ]
    assert tables.lettered([PLAN, OTHER]) == PLANS
    assert tables.label(PLAN) == "Two stages"


def test_a_title_is_short_up_to_its_first_comma():
    plan = progression.plan([{**vars_of(OTHER), "weeks": 1}], title="legs, up, down")
    assert tables.label(plan) == "Legs"


def test_rows_are_numbered_through_and_letters_keep_their_order(frame):
    assert list(frame.index) == list(range(len(frame)))
    turned = frame.sort_values("plan", ascending=False, kind="stable")
    assert list(tables.of_metric(turned, "gross_energy")) == ["B", "A"]


def test_a_small_rise_is_one_and_a_level_week_is_none():
    values = {"fractional_sets_iliopsoas": (8, 8), "moment_time_impulse": (200, 201)}
    frame = pd.DataFrame(
        {"plan": "A", "week": week, "metric": metric, "value": value}
        for metric, pair in {**values, "gross_energy": (200, 199)}.items()
        for week, value in enumerate(pair, start=1)
    )
    none = pytest.approx(math.nan, nan_ok=True)
    assert rows(tables.change_rows(frame)) == [
        ["A", none, none, pytest.approx(0.5), none, none, pytest.approx(-0.5)]
    ]


def test_a_plan_without_sets_hides_none_after_it_and_losses_have_a_minus(monkeypatch):
    frame = pd.DataFrame(
        {
            "plan": ["A", "B", "B"],
            "sets": [0.0, 2.0, 3.5],
            "value": [0.0, -1.25, 0.75],
            "extrapolated": [False, True, False],
        }
    )
    monkeypatch.setattr(tables, "response", lambda *_: frame)
    table = tables.response_rows(PLANS)
    assert table["Plan"].tolist() == ["B", "B"]
    assert rows(table)[0][2:] == ["2.0 to 3.5", "−1.2 to 0.8", "1 of 2"]


def test_a_plan_made_by_rule_is_called_by_its_rule():
    from repdose.inputs.progressions import compared
    from repdose.inputs.validation import validate

    ruled = compared(validate("progression_comparison", {}))[3]
    assert tables.label(ruled) == "Two for two"
    table = tables.plan_rows({"D": ruled})
    assert rows(table)[0][2:] == [
        12,
        "straight-leg raise → single-leg raise → straight-leg raise with hip lift → "
        "hanging knee raise",
        "by rule",
    ]


def mean(values):
    return sum(values) / len(values)


def test_the_mean_week_of_dose_and_of_mechanics(frame):
    table = tables.mean_rows(frame, tables.DOSE)
    assert list(table.columns) == [
        "Plan",
        "Gross energy [kcal]",
        "Strength work [MET-min]",
        "Time under tension [min]",
        "Hip flexors [sets per muscle]",
        "Rectus abdominis [sets per muscle]",
    ]
    for row, letter in zip(rows(table), "AB", strict=True):
        assert row[0] == letter
        assert row[1:] == pytest.approx(
            [
                1.4 * mean(MET_MIN[letter]),
                mean(MET_MIN[letter]),
                mean(TENSION[letter]) / 60,
                mean(HIPS[letter]),
                mean(ABDOMEN[letter]),
            ]
        )
    table = tables.mean_rows(frame, tables.MECHANICS)
    assert list(table.columns) == [
        "Plan",
        "Mechanical work [kJ]",
        "Moment-time impulse [kN m s]",
        "Peak moment [% of straight-leg raise]",
        "Recommendations met [%]",
    ]
    for row, letter in zip(rows(table), "AB", strict=True):
        assert row[0] == letter
        assert row[1:] == pytest.approx(
            [
                mean(WORK[letter]) / 1000,
                mean(IMPULSE[letter]) / 1000,
                100 * mean(PEAK[letter]),
                100 * mean(MET[letter]),
            ],
            rel=1e-6,
        )
    assert tables.mean_digits() == {
        "Gross energy [kcal]": 0,
        "Strength work [MET-min]": 0,
        "Time under tension [min]": 1,
        "Hip flexors [sets per muscle]": 1,
        "Rectus abdominis [sets per muscle]": 1,
        "Mechanical work [kJ]": 1,
        "Moment-time impulse [kN m s]": 1,
        "Peak moment [% of straight-leg raise]": 0,
        "Recommendations met [%]": 0,
    }


SCALES = {"min": ("s", 60), "kJ": ("J", 1000), "kN m s": ("N m s", 1000), "%": ("", 0.01)}


def test_units_reported_are_those_of_the_models_times_the_scale(frame):
    units = frame.groupby("metric")["unit"].first()
    for metric, (_, unit, scale, _) in tables.REPORTED.items():
        plain = unit.removesuffix("/week").removesuffix(" per muscle per week")
        plain = plain.partition(" of ")[0]
        model, factor = SCALES.get(plain, (plain, 1))
        assert units[metric] == model, metric
        assert scale == pytest.approx(1 / factor)
    for metric, unit in UNITS.items():
        assert metric not in units.index or units[metric] == unit


def test_the_largest_rise_and_fall():
    plan = progression.plan(
        [
            {
                "variant": "lying_straight_leg",
                "weeks": 1,
                "sessions_per_week": 2,
                "sets": count,
                "repetitions": 10,
                "rest_s": 60,
            }
            for count in (2, 3, 2, 4)
        ],
        title="up and down",
    )
    frame = tables.weekly(
        {"A": plan, "B": OTHER}, indirect_weight=0.5, time_basis="working", **MAN, **RULES
    )
    table = tables.change_rows(frame)
    assert list(table.columns) == [
        "Plan",
        *(
            f"{name}, {way} [%]"
            for name in ("Hip-flexor sets", "Moment-time impulse", "Gross energy")
            for way in ("rise", "fall")
        ),
    ]
    rise, fall = pytest.approx(100.0), pytest.approx(-100 / 3)
    assert rows(table)[0] == ["A", rise, fall, rise, fall, rise, fall]
    energy = 100 * (2.8 * 6 / (3.8 * 200 / 60) - 1)
    impulse = 100 * (IMPULSE["B"][1] / IMPULSE["B"][0] - 1)
    assert rows(table)[1] == [
        "B",
        125.0,
        pytest.approx(math.nan, nan_ok=True),
        pytest.approx(impulse, rel=1e-6),
        pytest.approx(math.nan, nan_ok=True),
        pytest.approx(energy),
        pytest.approx(math.nan, nan_ok=True),
    ]
    moves = tables.changes(tables.of_metric(frame, "fractional_sets_iliopsoas")["A"])
    assert list(moves.index) == [2, 3, 4]
    assert moves.tolist() == pytest.approx([0.5, -1 / 3, 1.0])


def test_a_plan_that_never_changes_has_neither_rise_nor_fall():
    steady = {"A": progression.plan([{**vars_of(OTHER), "weeks": 3}], title="steady"), "B": OTHER}
    frame = tables.weekly(steady, indirect_weight=0.5, time_basis="elapsed", **MAN, **RULES)
    assert pd.DataFrame(tables.change_rows(frame)).iloc[0, 1:].isna().all()


def vars_of(plan):
    stage = plan.stages[0]
    return {
        "variant": stage.variant,
        "sessions_per_week": stage.sessions_per_week,
        "sets": stage.sets,
        "repetitions": stage.repetitions,
        "rest_s": stage.rest_s,
    }


def test_recommendations_by_share_of_the_weeks():
    table = tables.adherence_rows(PLANS, guideline="garber2011", edition="2024")
    assert list(table.columns) == ["Recommendation", "Recommended", "A", "B"]
    assert rows(table) == [
        ["sessions a week", "2 to 3 sessions per week per muscle group", 100, 100],
        ["sets of an exercise", "2 to 4 sets", 100, 100],
        # A is done in bouts after its first week, of six repetitions
        ["repetitions in a set", "8 to 12 repetitions per set", 0, 100],
        ["rest between sets", "2 to 3 min", 0, 50],
        ["time between sessions", "at least 48 h per muscle group", 100, 100],
        ["major muscle groups", "chest, shoulders, back, hips, legs, trunk, arms", 0, 0],
    ]
    assert list(table.index) == [0, 1, 2, 3, 4, 5]
    assert sentences.not_compared(PLANS, edition="2024") == [
        "effort",
        "moderate aerobic minutes a day",
        "days of moderate aerobic exercise",
        "moderate aerobic minutes a week",
        "vigorous aerobic minutes a day",
        "days of vigorous aerobic exercise",
        "vigorous aerobic minutes a week",
        "aerobic MET-minutes a week",
    ]


def test_a_recommendation_that_one_plan_cannot_be_held_against_has_a_gap():
    bouts = progression.plan(
        [
            {
                "variant": "flutter_kick",
                "weeks": 1,
                "sessions_per_week": 1,
                "sets": 4,
                "set_duration_s": 30,
                "rest_s": 120,
            }
        ],
        title="bouts",
    )
    table = tables.adherence_rows(
        {"A": bouts, "B": OTHER}, guideline="garber2011", edition="2024"
    ).set_index("Recommendation")
    assert math.isnan(table.loc["repetitions in a set", "A"])
    assert table.loc["repetitions in a set", "B"] == 100
    assert "repetitions in a set" not in sentences.not_compared(
        {"A": bouts, "B": OTHER}, edition="2024"
    )
    assert "repetitions in a set" in sentences.not_compared({"A": bouts}, edition="2024")


def test_muscle_groups_left_out():
    assert sentences.untrained_words(PLANS) == (
        "No plan has a direct set for chest, shoulders, back and arms; the trunk gets none in A."
    )
    assert sentences.untrained_words({"B": OTHER}) == (
        "The plan has no direct set for chest, shoulders, back and arms."
    )


def test_a_bent_knee_leaves_the_legs_without_a_direct_set():
    bent = progression.plan(
        [{**vars_of(OTHER), "variant": "lying_bent_knee", "weeks": 1}], title="bent"
    )
    assert sentences.untrained_words({"A": bent, "B": OTHER}) == (
        "No plan has a direct set for chest, shoulders, back and arms; the legs get none in A; "
        "the trunk gets none in A."
    )


def test_weeks_of_one_leg_are_explained():
    assert sentences.one_legged_words(PLANS) == (
        "In weeks with the single-leg raise each leg does the repetitions, one after the other, "
        "so that a set takes twice the time."
    )
    assert sentences.one_legged_words({"B": OTHER}) == ""


def test_sets_and_what_the_published_curve_says_at_them():
    table = tables.response_rows(PLANS)
    assert list(table.columns) == [
        "Muscle",
        "Plan",
        "Weekly sets",
        "Published gain in size over no sets [%]",
        "Weeks outside the doses published",
    ]

    def ends(low, high):
        return f"{published(low):.1f} to {published(high):.1f}".replace("-", "−")

    flexors, abdomen = "hip flexors (iliopsoas)", "rectus abdominis"
    assert rows(table) == [
        [flexors, "A", "4.0 to 12.0", ends(4, 12), "0 of 3"],
        [flexors, "B", "4.0 to 9.0", ends(4, 9), "0 of 2"],
        [abdomen, "A", "2.0 to 6.0", ends(2, 6), "0 of 3"],
        [abdomen, "B", "4.0 to 4.5", ends(4, 4.5), "0 of 2"],
    ]
    assert ends(2, 6) == "1.3 to 3.0"
    steady = progression.plan([{**vars_of(OTHER), "weeks": 2}], title="steady")
    one = rows(tables.response_rows({"A": steady}))[0]
    assert one == [flexors, "A", "4.0", f"{published(4):.1f}", "0 of 2"]


def test_lengths_and_names_in_words():
    assert sentences.weeks_words(PLANS) == "2 to 3 weeks long"
    assert sentences.weeks_words({"B": OTHER, "C": OTHER}) == "each 2 weeks long"
    values = pd.Series({"A": 31.2})
    assert sentences.named(values, {"A": PLAN}).to_dict() == {"Two stages": 31.2}


@pytest.fixture
def squats():
    """A leg raise, and squats after a leg raise; no model, and no direct set, of the squat."""
    week = {"weeks": 1, "sessions_per_week": 2, "sets": 3, "repetitions": 10, "rest_s": 60}
    raises = {**week, "variant": "lying_straight_leg"}
    with ev.pack("common"):
        plans = {
            "A": progression.plan([{**raises, "weeks": 2}], title="Raises"),
            "B": progression.plan([raises, {**week, "variant": "common.back_squat"}], title="Both"),
        }
        yield tables.weekly(
            plans,
            indirect_weight=0.5,
            time_basis="elapsed",
            body_mass_kg=75.0,
            stature_m=1.75,
            sex="male",
            edition="2024",
        )


def test_a_week_without_a_model_leaves_its_plan_without_mean_mechanics(squats):
    rows = tables.mean_rows(squats, ["gross_energy", "mechanical_work"]).set_index("Plan")
    said = "no model for this exercise"
    assert rows.loc["B", "Mechanical work [kJ]"] == said
    assert rows.loc["A", "Mechanical work [kJ]"] > 0
    # kcal: 2 sessions, 3.5 mL/kg/min x 75 kg x 5 kcal/L, MET x minutes; 10 x 5 s and 10 x 3 s
    raised = 2.8 * (3 * 50 + 2 * 60) / 60
    squatted = 5.0 * (3 * 30 + 2 * 60) / 60
    assert rows["Gross energy [kcal]"].tolist() == pytest.approx(
        [2 * 1.3125 * raised, 1.3125 * (raised + squatted)]
    )
    assert (
        tables.change_rows(squats).set_index("Plan").loc["B", "Moment-time impulse, fall [%]"]
        == said
    )


def test_a_metric_without_a_mean_hides_none_after_it(squats):
    raised, squatted = 2 * 2.8 * 4.5, 2 * 5.0 * 3.5
    row = tables.change_rows(squats).set_index("Plan").loc["B"]
    assert row["Gross energy, rise [%]"] == pytest.approx(100 * (squatted / raised - 1))


def test_a_week_without_sets_is_a_row_like_any_other(squats):
    mine = squats[squats["metric"].eq("fractional_sets_iliopsoas") & squats["plan"].eq("B")]
    assert rows(mine[["week", "variant", "value", "unit"]]) == [
        [1, "lying_straight_leg", 6.0, "sets"],
        [2, "common.back_squat", 0.0, "sets"],
    ]


def test_exercises_without_a_model_are_counted_by_plan(squats):
    said = "There is no model of the hip moment for some exercises of a week: "
    tail = " Peak, impulse and work are those of the others, where there are any."
    assert tables.model_words(squats) == f"{said}plan B 1 exercise.{tail}"
    # the most of any week
    rows = [("A", 1, 1), ("A", 2, 3), ("B", 1, 1)]
    several = pd.DataFrame(rows, columns=["plan", "week", "value"])
    several["metric"] = "exercises_without_model"
    assert tables.model_words(several) == f"{said}plan A 3 exercises and plan B 1 exercise.{tail}"
    assert tables.model_words(squats[squats["plan"] == "A"]) == ""


def test_a_plan_of_whole_sessions_is_called_by_how_much_there_is():
    table = tables.plan_rows({"A": sessions.PLAN})
    assert table["Variants"].tolist() == ["4 exercises in 2 sessions"]


def test_the_guideline_asked_for_is_the_one_whose_shares_are_shown():
    table = tables.adherence_rows(PLANS, guideline="hhs2018", edition="2024")
    assert table["Recommended"].iloc[0] == "at least 2 days per week"


def test_plans_keep_the_order_they_are_given_in():
    turned = tables.response_rows({"B": OTHER, "A": PLAN})
    assert turned["Plan"].tolist() == ["B", "A", "B", "A"]


def test_no_mean_is_a_number_all_the_same(frame):
    assert tables.means(frame, "exercises_without_model").dtype == float


def test_a_week_without_sets_for_a_muscle_counts_as_none_in_the_mean(squats):
    # direct: 6 sets a week in the first of two
    assert tables.means(squats, "fractional_sets_iliopsoas").to_dict() == {"A": 6, "B": 3}


def test_sets_of_every_muscle_that_a_plan_trains():
    # Weeks of 4, 12 and 12 sets, and of 4 and 9; in B's first week trunk muscles are moved
    hips, held = [28 / 3, 13 / 2], [14 / 3, (4 + 4.5) / 2]
    expected = {
        "hip flexors (iliopsoas)": hips,
        "rectus femoris": hips,
        "rectus abdominis": held,
        "abdominal obliques": held,
        "transversus abdominis": [14 / 3, (2 + 4.5) / 2],
        "latissimus dorsi": [0, 2 / 2],
        "forearm flexors (grip)": [0, 2 / 2],
    }
    table = tables.sets_rows(PLANS, indirect_weight=0.5)
    assert list(table.columns) == ["Muscle", "A", "B"]
    assert list(table.index) == list(range(7))
    found = {muscle: [a, b] for muscle, a, b in table.itertuples(index=False)}
    assert list(found) == list(expected)
    for muscle, sets in expected.items():
        assert found[muscle] == pytest.approx(sets)
    direct = tables.sets_rows(PLANS, indirect_weight=0.0)
    assert direct["Muscle"].tolist() == list(expected)[:4]
    assert direct["B"].tolist() == [6.5, 6.5, 2, 2]
    # Sets of which a week has less than one are sets
    tenth = tables.sets_rows({"B": OTHER}, indirect_weight=0.1)
    assert tenth["B"].tolist() == pytest.approx([6.5, 6.5, 2.45, 2.45, 0.65, 0.2, 0.2])
