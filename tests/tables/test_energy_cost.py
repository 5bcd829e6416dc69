"""Tables of energy, volume, adherence and the reporting template, every column, on paper."""

import pytest
import two_sessions as sessions
from two_stages import NAMES, PER_MET_MIN, PERSON, PLAN, RULES, STAGES, WEEKS, rows, typed
from worked_reports import MET

from repdose import multiverse, progression, volume
from repdose.tables import cert, weekly_volume, words
from repdose.tables import energy_cost as tables
from repdose.tables import plans as plans_tables

SINGLE, KICK = (
    [MET[variant][role][1] for role in range(3)] for variant in ("lying_single_leg", "flutter_kick")
)


def close(values):
    return [pytest.approx(value) if isinstance(value, float) else value for value in values]


def test_the_stages_of_a_plan():
    table = plans_tables.plan_stages(PLAN)
    assert list(table.columns) == [
        "Weeks",
        "Variant",
        "Sessions a week",
        "Sets × repetitions",
        "Rest between sets [s]",
        "Working time [min]",
        "Elapsed time [min]",
    ]
    assert rows(table) == [
        ["1", NAMES[0], 2, "2 × 6 per leg", 60, 2.0, 3.0],
        ["2 to 3", NAMES[1], 3, "4 × 30 s", 90, 2.0, 6.5],
    ]


def test_a_set_of_both_legs_has_no_legs_of_its_own():
    stage = {**STAGES[0], "variant": "lying_straight_leg"}
    plan = progression.plan([stage, {**stage, "weeks": 3}, {**stage, "weeks": 1}])
    assert plans_tables.dose(plan.stages[0]) == "2 × 6"
    assert plans_tables.stage_weeks(plan) == ["1", "2 to 4", "5"]


@pytest.mark.parametrize(("basis", "minutes"), [("elapsed", (3.0, 6.5)), ("working", (2.0, 2.0))])
def test_energy_of_each_stage(basis, minutes):
    table = tables.energy_by_stage(
        PLAN,
        body_mass_kg=80.0,
        edition="2024",
        convention="oxygen",
        time_basis=basis,
    )
    assert list(table.columns) == [
        "Weeks",
        "Variant",
        "Session [kcal]",
        "Week, low [kcal]",
        "Week, central [kcal]",
        "Week, high [kcal]",
        "Week, net [kcal]",
        "Week [MET-min]",
    ]
    for row, weeks, name, times, minute, (low, central, high) in zip(
        rows(table), WEEKS, NAMES, (2, 3), minutes, (SINGLE, KICK), strict=True
    ):
        assert row == close(
            [
                weeks,
                name,
                central * minute * PER_MET_MIN,
                times * low * minute * PER_MET_MIN,
                times * central * minute * PER_MET_MIN,
                times * high * minute * PER_MET_MIN,
                times * (central - 1) * minute * PER_MET_MIN,
                times * central * minute,
            ]
        )


def test_energy_of_each_stage_on_paper():
    # 2.8 MET x 3 min x 1.4 kcal; two sessions; 1.8 MET above rest
    table = tables.energy_by_stage(PLAN, body_mass_kg=80.0, **RULES)
    first = table.iloc[0]
    assert first["Session [kcal]"] == pytest.approx(11.76)
    assert first["Week, central [kcal]"] == pytest.approx(23.52)
    assert first["Week, net [kcal]"] == pytest.approx(15.12)
    other = tables.energy_by_stage(
        PLAN, body_mass_kg=80.0, edition="2011", convention="compendium", time_basis="elapsed"
    )
    assert other["Week, high [kcal]"].tolist() == pytest.approx([64, 3 * 8 * 6.5 * 80 / 60])


@pytest.mark.parametrize("basis", ["elapsed", "working"])
def test_energy_of_each_exercise_session_and_week(basis):
    table = tables.energy_by_stage(
        sessions.PLAN, body_mass_kg=80.0, edition="2024", convention="oxygen", time_basis=basis
    )
    assert list(table.columns) == [
        "Weeks",
        "Session",
        "Exercise",
        "Gross, low [kcal]",
        "Gross, central [kcal]",
        "Gross, high [kcal]",
        "Net [kcal]",
        "MET-min",
    ]
    work = {name: seconds / 60 for name, seconds in sessions.SECONDS_OF_WORK.items()}
    minutes = sessions.ELAPSED_MIN if basis == "elapsed" else work

    def row(*variants):
        mets = [[MET[one][role][1] * minutes[one] for one in variants] for role in range(3)]
        low, central, high = map(sum, mets)
        net = central - sum(minutes[one] for one in variants)
        return [PER_MET_MIN * one for one in (low, central, high, net)] + [central]

    monday, thursday = list(minutes)[:2], list(minutes)[2:]
    names = ["straight-leg raise, lying", NAMES[0], NAMES[1], "hanging straight-leg raise"]
    expected = []
    for session, variants, called in (
        ("1, floor, Monday", monday, names[:2]),
        ("2, Thursday", thursday, names[2:]),
    ):
        for variant, name in zip(variants, called, strict=True):
            expected.append([session, name, *row(variant)])
        expected.append([session, "whole session", *row(*variants)])
    expected.append(["all", "whole week", *row(*minutes)])
    for found, mine in zip(rows(table), expected, strict=True):
        assert found == close(["1 to 3", *mine])


def test_a_week_of_one_session_costs_what_its_session_does():
    """Monday alone: 510 s and 180 s at 2.8 MET, of which 1 is rest."""
    alone = progression.plan([{"weeks": 2, "sessions": [sessions.MONDAY]}])
    table = tables.energy_by_stage(
        alone, body_mass_kg=80.0, edition="2024", convention="oxygen", time_basis="elapsed"
    )
    session, week = rows(table)[-2:]
    assert (session[2], week[2]) == ("whole session", "whole week")
    assert session[3:] == week[3:]
    minutes = (510 + 180) / 60
    assert week[-1] == pytest.approx(2.8 * minutes)
    assert week[-2] == pytest.approx(PER_MET_MIN * 1.8 * minutes)


def test_rows_that_stand_in_are_named_once_with_all_they_stand_in_for():
    table = tables.met_rows(PLAN, edition="2024")
    assert list(table.columns) == [
        "Analogy",
        "Code",
        "MET",
        "Activity of the row",
        "Stands in for",
        "Reason",
    ]
    printed = {row["code"]: row for row in typed("met_2024")}
    expected = {}
    for variant, name in zip(("lying_single_leg", "flutter_kick"), NAMES, strict=True):
        for row in typed("met_analogies"):
            if (row["exercise"], row["edition"]) == (variant, "2024"):
                code = row["code"]
                met = float(printed[code]["met"])
                key = (row["role"], code, met, printed[code]["activity"], row["reason"])
                expected.setdefault(key, []).append(name)
    found = {
        (role, code, met, activity, reason): names
        for role, code, met, activity, names, reason in rows(table)
    }
    assert found == {key: "; ".join(names) for key, names in expected.items()}
    assert len(table) == len(found) < 6
    assert table["MET"].is_monotonic_increasing
    assert list(table.index) == list(range(len(table)))
    assert tables.met_rows(PLAN, edition="2011")["MET"].max() == 8.0


def test_intensity_by_the_standard_met_and_by_the_persons_rest():
    table = tables.intensity_by_variant(PLAN, edition="2024", **PERSON)
    assert list(table.columns) == [
        "Variant",
        "MET, central",
        "Class, central",
        "Classes from low to high",
        "Corrected MET",
        "Class, corrected",
    ]
    # Harris and Benedict (1919), as the correction is published, over 3.5 mL/kg/min
    rest = (66.4730 + 5.0033 * 180 + 13.7516 * 80 - 6.7550 * 40) / 1440 / 5 / 80 * 1000
    assert rows(table) == [
        [NAMES[0], 2.8, "light", "light, vigorous", pytest.approx(2.8 * 3.5 / rest), "moderate"],
        [
            NAMES[1],
            3.8,
            "moderate",
            "light, moderate, vigorous",
            pytest.approx(3.8 * 3.5 / rest),
            "moderate",
        ],
    ]


def test_a_variant_of_two_stages_has_one_row():
    plan = progression.plan([*STAGES, STAGES[0]])
    assert tables.intensity_by_variant(plan, edition="2024", **PERSON)["Variant"].tolist() == NAMES


def test_what_each_choice_alone_does():
    universe = multiverse.energy(PLAN, **PERSON, **RULES)
    table = tables.choices(universe)
    unit = "kcal/week"
    assert list(table.columns) == [
        "Choice",
        "Lowest with",
        f"Lowest [{unit}]",
        "Highest with",
        f"Highest [{unit}]",
        f"Swing [{unit}]",
    ]

    # Minutes of the three weeks, by how often they are done: 2 x 3, and twice 3 x 6.5
    def week(single, kick, minutes=(3.0, 6.5), per=PER_MET_MIN):
        return (2 * single * minutes[0] + 6 * kick * minutes[1]) / 3 * per

    default = week(2.8, 3.8)
    low, high = week(SINGLE[0], KICK[0]), week(SINGLE[2], KICK[2])
    found = {row[0]: row[1:] for row in rows(table)}
    assert found["Stand-in exercise"] == close(["low MET", low, "high MET", high, high - low])
    worked = week(2.8, 3.8, (2.0, 2.0))
    assert found["Time the MET holds for"] == close(
        ["working time alone", worked, "elapsed time", default, default - worked]
    )
    net = week(1.8, 2.8)
    assert found["Gross or net"] == close(["net of rest", net, "gross", default, default - net])
    kilo = week(2.8, 3.8, per=80 / 60)
    assert found["Energy of one MET"] == close(
        ["1 kcal/kg/h", kilo, "3.5 mL/kg/min at 5 kcal/L", default, default - kilo]
    )
    assert found["Edition"][0] == "any, it moves nothing"
    assert found["Edition"][1:] == close([default, "any", default, 0.0])
    assert table[f"Swing [{unit}]"].is_monotonic_decreasing


def test_volume_of_each_stage():
    table = weekly_volume.volume_by_stage(PLAN)
    assert list(table.columns) == [
        "Weeks",
        "Variant",
        "Sessions",
        "Sets",
        "Repetitions",
        "Time under tension [s]",
    ]
    # both legs' repetitions: 2 x 2 x 6 x 2
    assert rows(table) == [
        ["1", NAMES[0], 2, 4, 48, 240.0],
        ["2 to 3", NAMES[1], 3, 12, "in bouts", 360.0],
    ]


def test_sets_of_each_muscle():
    table = weekly_volume.sets_by_muscle(PLAN, indirect_weight=0.25)
    assert list(table.columns) == ["Muscle", "Week 1", "Weeks 2 to 3"]
    assert rows(table) == [
        ["hip flexors (iliopsoas)", "4", "12"],
        ["rectus femoris", "4", "12"],
        ["rectus abdominis", "1 (0 to 4)", "3 (0 to 12)"],
        ["abdominal obliques", "1 (0 to 4)", "3 (0 to 12)"],
        ["transversus abdominis", "1 (0 to 4)", "3 (0 to 12)"],
    ]


def test_indirect_sets_that_count_nothing_are_still_shown():
    table = weekly_volume.sets_by_muscle(PLAN, indirect_weight=0)
    assert rows(table)[2] == ["rectus abdominis", "0 (0 to 4)", "0 (0 to 12)"]
    assert len(table) == 5


def test_why_a_set_counts():
    table = weekly_volume.credits(PLAN)
    assert list(table.columns) == ["Muscle", "Counts as", "Grade", "In", "Reason"]
    names = {row["id"]: row["name"] for row in typed("muscles")}
    variants = dict(zip(("lying_single_leg", "flutter_kick"), NAMES, strict=True))
    expected = [
        [names[row["muscle"]], row["role"], row["grade"], variants[row["exercise"]], row["reason"]]
        for muscle in names
        for variant in variants
        for row in typed("set_credits")
        if (row["muscle"], row["exercise"]) == (muscle, variant)
    ]
    assert rows(table) == expected
    twice = [{**STAGES[0], "variant": name} for name in ("hanging_knee_raise", "flutter_kick")]
    twice[1] = STAGES[1]
    braced = weekly_volume.credits(progression.plan(twice))
    alike = braced[braced["Reason"] == "Braces the trunk; no recording in this movement"]
    assert alike["In"].tolist() == ["hanging knee raise; flutter kick, lying"]


def test_least_and_most_sets_over_the_ways_to_count():
    table = weekly_volume.ways_to_count(multiverse.weekly_sets(PLAN))
    assert list(table.columns) == ["Muscle", "Least", "Default", "Most"]
    # no credit of these variants has grade a, so that the strictest count is none
    both = (4 + 12 + 12) / 3
    assert rows(table) == [
        close(["hip flexors (iliopsoas)", 0.0, both, 12.0]),
        close(["rectus femoris", 0.0, both, 12.0]),
        close(["rectus abdominis", 0.0, both / 2, 12.0]),
        close(["abdominal obliques", 0.0, both / 2, 12.0]),
        close(["transversus abdominis", 0.0, both / 2, 12.0]),
    ]


AEROBIC = [
    ("moderate aerobic minutes a day", "at least 30 min per day"),
    ("days of moderate aerobic exercise", "at least 5 days per week"),
    ("moderate aerobic minutes a week", "at least 150 min per week"),
    ("vigorous aerobic minutes a day", "at least 20 min per day"),
    ("days of vigorous aerobic exercise", "at least 3 days per week"),
    ("vigorous aerobic minutes a week", "at least 75 min per week"),
    ("aerobic MET-minutes a week", "500 to 1,000 MET-min per week"),
]


def test_verdicts_by_stage_with_the_reasons():
    table = weekly_volume.adherence_by_stage(PLAN, guideline="garber2011", edition="2024")
    assert list(table.columns) == ["Recommendation", "Recommended", "Verdict", "Why"]
    sure = "within the recommendation"
    assert rows(table) == [
        ["sessions a week", "2 to 3 sessions per week per muscle group", "met", sure],
        ["sets of an exercise", "2 to 4 sets", "met", sure],
        [
            "repetitions in a set",
            "8 to 12 repetitions per set",
            "week 1: not met; weeks 2 to 3: not comparable",
            "week 1: below the 8 to 12 repetitions per set recommended for strength and power; "
            "weeks 2 to 3: the variant is done in bouts of time; the recommendation counts "
            "repetitions",
        ],
        [
            "effort",
            "work the muscle to fatigue but not to exhaustion",
            "not comparable",
            "the plan does not say it: work the muscle to fatigue but not to exhaustion",
        ],
        ["rest between sets", "2 to 3 min", "not met", "below the 2 to 3 min recommended"],
        [
            "time between sessions",
            "at least 48 h per muscle group",
            "met",
            f"week 1: 2 sessions spread evenly over the week; {sure}; "
            f"weeks 2 to 3: 3 sessions spread evenly over the week; {sure}",
        ],
        [
            "major muscle groups",
            "chest, shoulders, back, hips, legs, trunk, arms",
            "not met",
            "leg raises alone leave chest, shoulders, back, trunk and arms without direct sets",
        ],
        [
            "; ".join(name for name, _ in AEROBIC),
            "; ".join(recommended for _, recommended in AEROBIC),
            "not comparable",
            "the recommendation counts aerobic activity; strength days count separately",
        ],
    ]


def test_stages_that_agree_are_named_together():
    plan = progression.plan([STAGES[0], STAGES[1], STAGES[0]])
    table = weekly_volume.adherence_by_stage(plan, guideline="garber2011", edition="2024")
    verdict = table.set_index("Recommendation").loc["repetitions in a set", "Verdict"]
    assert verdict == "weeks 1, 4: not met; weeks 2 to 3: not comparable"


def test_a_plan_of_one_stage_has_one_verdict_each():
    table = weekly_volume.adherence_by_stage(
        progression.plan(STAGES[:1]), guideline="garber2011", edition="2024"
    )
    assert rows(table)[2][2:] == [
        "not met",
        "below the 8 to 12 repetitions per set recommended for strength and power",
    ]


def test_the_guideline_asked_for_is_the_one_compared():
    table = weekly_volume.adherence_by_stage(PLAN, guideline="hhs2018", edition="2024")
    first = table.set_index("Recommendation")
    assert "48 h" not in " ".join(table["Recommended"])
    assert first.loc["sessions a week", "Recommended"] == "at least 2 days per week"


def test_one_direct_set_a_week_is_one():
    least = progression.plan([{**STAGES[0], "sessions_per_week": 1, "sets": 1}])
    table = weekly_volume.response_to_sets(least)
    assert table["Direct sets, highest week"].tolist() == [1, 1]


def test_muscles_of_a_hanging_raise_in_the_order_of_the_table():
    hung = progression.plan([{**STAGES[0], "variant": "hanging_straight_leg"}])
    table = weekly_volume.response_to_sets(hung)
    assert table["Muscle"].tolist() == [
        "hip flexors (iliopsoas)",
        "rectus femoris",
        "rectus abdominis",
        "abdominal obliques",
    ]
    assert table["Direct sets, highest week"].tolist() == [4, 4, 4, 4]


def test_what_the_trials_found_at_the_most_direct_sets():
    table = weekly_volume.response_to_sets(PLAN)
    assert list(table.columns) == [
        "Muscle",
        "Direct sets, highest week",
        "Gain over 1 weekly set [effect size]",
        "Gain in its band of sets [effect size]",
        "Within the doses studied",
    ]
    # Schoenfeld 2017: 0.023 a weekly set; 0.520 at ten or more; studied from 1 to 10
    expected = [12.0, pytest.approx(0.023 * 11), pytest.approx(0.520), "no"]
    assert rows(table) == [
        ["hip flexors (iliopsoas)", *expected],
        ["rectus femoris", *expected],
    ]
    short = weekly_volume.response_to_sets(progression.plan(STAGES[:1]))
    # and 0.307 below five
    assert rows(short)[0][1:] == [4.0, pytest.approx(0.023 * 3), pytest.approx(0.307), "yes"]


def test_words_and_shares():
    assert words.percent(2, 8) == 25
    assert words.per_week(3.0) == 21.0
    assert plans_tables.EDITION_SOURCE == {"2011": "ainsworth2011", "2024": "herrmann2024"}
    assert words.TWO_DECIMALS == 2
    assert plans_tables.aerobic_target() == "500 to 1,000 MET-min per week"
    assert plans_tables.convention_words("compendium") == "one MET is 1 kcal per kg and hour"
    last = plans_tables.last_week(volume.weekly_sets(PLAN, indirect_weight=0.5))
    assert set(last["week"]) == {3}
    assert last.loc["rectus_abdominis", ["direct", "fractional", "total"]].tolist() == [0, 6, 12]


# The reporting template


def test_the_template_for_one_plan():
    table = cert.cert_rows(PLAN)
    assert list(table.columns) == ["Item", "What it asks for", "Reported"]
    asked = {row["item"]: row["words"] for row in typed("cert_items")}
    assert table["Item"].tolist()[:-1] == ["1", "7b", "8", "13"]
    for item, asks in zip(table["Item"][:-1], table["What it asks for"][:-1], strict=True):
        assert asks == asked[item]
    said = table["Reported"].tolist()
    assert said[0] == "none: the floor"
    assert said[1].startswith(f"{NAMES[0]} (week 1), then {NAMES[1]} (weeks 2 to 3)")
    assert "2 × (2 × 6 per leg)" in said[3]
    assert "3 × (4 × 30 s)" in said[3]
    left = [item for item in asked if item not in ("1", "7b", "8", "13")]
    assert rows(table)[-1] == [", ".join(left), "all other items", "not reported"]


def test_the_template_for_several_plans():
    weighted = progression.plan([{**STAGES[0], "ankle_mass_kg": 1.0}], title="weighted")
    hung = progression.plan([{**STAGES[0], "variant": "hanging_knee_raise"}], title="hung")
    table = cert.cert_overview({"A": PLAN, "B": weighted, "C": hung})
    assert list(table.columns) == ["Item", "What it asks for", "Plans"]
    assert [row[:2] for row in rows(table)] == [
        [row["item"], row["words"]] for row in typed("cert_items")
    ]
    plans = table.set_index("Item")["Plans"]
    assert plans["1"] == "filled from positions and ankle weights"
    assert plans["2"] == "not reported"
    assert plans["13"] == "filled from the plan's weeks"


def test_plans_that_differ_in_an_item_are_named():
    from repdose.inputs.progressions import compared
    from repdose.inputs.validation import validate

    ruled = compared(validate("progression_comparison", {}))[3]
    table = cert.cert_overview({"A": PLAN, "D": ruled, "B": PLAN})
    plans = table.set_index("Item")["Plans"]
    said = plans["7a"]
    assert said.startswith("A and B: not reported; D: filled from ")
    assert plans["15"] == "A and B: not reported; D: filled in part from the planner's rule"
    assert "within Garber et al. 2011" in " ".join(cert.cert_rows(ruled)["Reported"])


def test_a_tempo_of_its_own_is_in_the_minutes():
    plan = progression.plan(
        [{**STAGES[0], "tempo": {"up_s": 3, "top_s": 0, "down_s": 3, "bottom_s": 0}}]
    )
    assert plans_tables.plan_stages(plan)["Working time [min]"].tolist() == [2 * 6 * 6 * 2 / 60]


def test_how_exercises_share_a_session_is_said_of_whole_sessions_alone():
    assert tables.together_words(PLAN) == ""
    assert tables.together_words(sessions.PLAN) == (
        "Between two exercises stands the rest of the one just done, and it is counted to that "
        "one. The low end has every exercise at its low row, the high end every one at its high."
    )
