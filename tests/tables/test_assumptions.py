"""Tables of the assumptions report, every column, for a plan of two stages, on paper."""

import numpy as np
import pandas as pd
import pytest
import worked_reports as worked
from scipy import stats
from two_stages import NAMES, PER_MET_MIN, PERSON, PLAN, RULES, STAGES, rows, typed

from repdose import evidence as ev
from repdose import multiverse, progression, uncertainty
from repdose.evidence import bibliography
from repdose.tables import assumptions as tables
from repdose.uncertainty import Sensitivity


@pytest.fixture(scope="module")
def cost():
    return multiverse.energy(PLAN, **PERSON, **RULES)


@pytest.fixture(scope="module")
def sets():
    return multiverse.weekly_sets(PLAN)


@pytest.fixture(scope="module")
def models():
    return {
        rest: uncertainty.weekly_energy(
            PLAN, body_mass_kg=80.0, body_mass_sd_kg=1.0, rest=rest, **RULES
        )
        for rest in ("standard", "measured")
    }


def week(single, kick, minutes=(3.0, 6.5), per=PER_MET_MIN):
    """Mean of a week of two sessions and two of three [kcal]."""
    return (2 * single * minutes[0] + 6 * kick * minutes[1]) / 3 * per


LOW, CENTRAL, HIGH = (
    [worked.MET[variant][role][1] for variant in ("lying_single_leg", "flutter_kick")]
    for role in range(3)
)
DEFAULT = week(*CENTRAL)


def test_shares_of_the_variance_are_percentages():
    frame = pd.DataFrame(
        {"first": [0.25], "total": [0.5], "total_ci": [0.125]}, index=["body_mass_kg"]
    )
    table = tables.sensitivities({"standard": Sensitivity(frame, 8)})
    assert rows(table) == [["standard", "Body mass [kg]", 25.0, 50.0, 12.5]]


def test_what_each_choice_alone_does(cost):
    table = tables.swings(cost)
    assert list(table.columns) == [
        "Choice",
        "Kind",
        "From",
        "Least with",
        "To",
        "Most with",
        "Swing",
    ]
    found = {row[0]: row[1:] for row in rows(table)}
    low, high = week(*LOW), week(*HIGH)
    assert found["Stand-in exercise"] == [
        "assumption",
        pytest.approx(low),
        "low MET",
        pytest.approx(high),
        "high MET",
        pytest.approx(high - low),
    ]
    net = week(*(met - 1 for met in CENTRAL))
    assert found["Gross or net"] == [
        "convention",
        pytest.approx(net),
        "net of rest",
        pytest.approx(DEFAULT),
        "gross",
        pytest.approx(DEFAULT - net),
    ]
    assert found["Edition"][-1] == pytest.approx(0)


def test_the_extremes_beside_the_default(cost):
    table = tables.extremes(cost)
    assert list(table.columns) == ["Choice", "Least", "Default", "Largest"]
    found = {row[0]: row[1:] for row in rows(table)}
    # the rows are dearer in 2011, and equal in 2024 and 2011 where they are least
    assert found["Stand-in exercise"] == ["low MET", "central MET", "high MET"]
    assert found["Time the MET holds for"] == [
        "working time alone",
        "elapsed time",
        "elapsed time",
    ]
    assert found["Gross or net"] == ["net of rest", "gross", "gross"]
    assert found["Edition"][1:] == ["2024", "2011"]
    assert found["Energy of one MET"][1:] == ["3.5 mL/kg/min at 5 kcal/L"] * 2


def test_every_option_with_its_reason_once(cost, sets):
    table = tables.options([cost, sets, cost])
    assert list(table.columns) == ["Choice", "Option", "Why it can be defended", "Source"]
    declared = {(row["label"], row["name"]): row for row in typed("choices")}
    found = [tuple(row[:2]) for row in rows(table)]
    assert len(found) == len(set(found))
    for label, name, reason, source in rows(table):
        assert (reason, source) == (
            declared[label, name]["reason"],
            bibliography.short(declared[label, name]["source"]),
        )
    assert "Ainsworth et al. 2011" in set(table["Source"])
    kinds = {row["label"]: row["kind"] for row in typed("choices")}
    shown = dict.fromkeys(label for label, _ in found)
    # muscle and weeks are questions: asked, not assumed
    assert set(shown) == {
        "Stand-in exercise",
        "Edition",
        "Energy of one MET",
        "Gross or net",
        "Time the MET holds for",
        "Rest one MET stands for",
        "What an indirect set counts",
        "Evidence that a set counts",
        "Set of a one-legged variant",
    }
    assert not any(kinds[label] == "question" for label in shown)


def test_the_range_within_each_muscle(sets):
    table = tables.by_option(sets, "muscle", "Muscle")
    assert list(table.columns) == ["Muscle", "Least", "Default", "Largest"]
    both = (4 + 12 + 12) / 3
    assert rows(table)[0] == ["hip flexors (iliopsoas)", 0.0, pytest.approx(both), 12.0]
    assert rows(table)[2] == ["rectus abdominis", 0.0, pytest.approx(both / 2), 12.0]


def test_shares_that_reach_a_threshold(cost, sets):
    table = tables.thresholds([(cost, 100, "a line"), (sets, 12, "many")])
    assert list(table.columns) == [
        "Outcome",
        "Threshold",
        "Least",
        "Default",
        "Largest",
        "Reach it [%]",
        "of",
    ]
    every = worked.every_energy(PLAN_ROWS, (80, 1.80, 40, "male"))
    counts = set_counts()
    assert rows(table) == [
        [
            "Energy of an average week",
            "100 kcal/week, a line",
            pytest.approx(min(every)),
            pytest.approx(DEFAULT),
            pytest.approx(max(every)),
            pytest.approx(100 * np.mean([one >= 100 for one in every])),
            216,
        ],
        [
            "Weekly sets",
            "12 sets per muscle per week, many",
            0.0,
            pytest.approx((4 + 12 + 12) / 6),
            12.0,
            pytest.approx(100 * np.mean([one >= 12 for one in counts])),
            180,
        ],
    ]


# The plan as worked_reports writes plans
PLAN_ROWS = [
    ("lying_single_leg", 1, 2, 2, 6, None, 60),
    ("flutter_kick", 2, 3, 4, None, 30, 90),
]


def set_counts():
    """Sets of every muscle under every credit, grade, end of the plan and one-legged set."""
    graded = {  # muscle: direct or not, grades in the two stages
        "iliopsoas": (True, "cc"),
        "rectus_femoris": (True, "bc"),
        "rectus_abdominis": (False, "cc"),
        "obliques": (False, "bc"),
        "transversus_abdominis": (False, "bc"),
    }
    found = []
    for direct, grades in graded.values():
        for weight in (0, 0.5, 1):
            for allowed in ("abc", "ab", "a"):
                for one in (1, 0.5):
                    credit = 1 if direct else weight
                    first, second = (
                        credit * sets * (grade in allowed)
                        for sets, grade in zip((4 * one, 12), grades, strict=True)
                    )
                    found += [(first + 2 * second) / 3, second]
    return found


def test_simulated_medians_and_ends(models):
    made = {(rest, "pert"): uncertainty.simulate(*model, seed=1) for rest, model in models.items()}
    table = tables.simulated(made)
    assert list(table.columns) == [
        "Rest one MET stands for",
        "MET between its rows",
        "Median",
        "2.5 %",
        "97.5 %",
        "Draws",
    ]
    median, low, high = worked.simulated(PLAN_ROWS, 80)
    first, second = rows(table)
    assert first == [
        "standard",
        "PERT",
        pytest.approx(median, rel=0.015),
        pytest.approx(low, rel=0.015),
        pytest.approx(high, rel=0.015),
        10_000,
    ]
    # measured rest is 2.6 of 3.5 mL/kg/min, and differs between people
    assert second[:2] == ["measured", "PERT"]
    assert second[2] == pytest.approx(median * 2.6 / 3.5, rel=0.02)
    assert (second[4] - second[3]) / second[2] > (high - low) / median


def test_what_was_drawn_and_from_what(models):
    made = {(rest, "pert"): uncertainty.simulate(*model, seed=1) for rest, model in models.items()}
    table = tables.inputs(made)
    assert list(table.columns) == ["Input", "Distribution", "What the spread is", "Why"]
    found = {row[0]: row[1:] for row in rows(table)}
    assert list(found) == [
        f"MET of {NAMES[0]}",
        f"MET of {NAMES[1]}",
        "Body mass [kg]",
        "Rest of one person",
    ]
    for name, low, central, high in zip(NAMES, LOW, CENTRAL, HIGH, strict=True):
        shape, kind, why = found[f"MET of {name}"]
        assert shape.endswith(f", {low:g}, {central:g}, {high:g}")
        assert kind == "an assumption"
        assert why.startswith("MET rows 02")
    assert found["Body mass [kg]"][:2] == [
        "normal, mean 80, SD 1",
        "stated error of measurement",
    ]
    assert found["Rest of one person"][:2] == [
        "normal, mean 2.6, SD 0.4",
        "spread between people in a study",
    ]


def test_shares_of_the_variance(models):
    found = {rest: uncertainty.sobol(*model, seed=1) for rest, model in models.items()}
    table = tables.sensitivities(found)
    assert list(table.columns) == [
        "Rest one MET stands for",
        "Input",
        "Alone [%]",
        "With others [%]",
        "Sampling error [%]",
    ]
    both = f"MET of {NAMES[0]} and {NAMES[1]}"
    by = {(row[0], row[1]): row[2:] for row in rows(table)}
    # The relative variances nearly add: (1/80)^2 for mass, (0.4/2.6)^2 for rest, the METs' own
    assert set(by) == {
        ("standard", both),
        ("standard", "Body mass [kg]"),
        ("measured", both),
        ("measured", "Body mass [kg]"),
        ("measured", "Rest of one person"),
    }
    mass, rest = (1 / 80) ** 2, (0.4 / 2.6) ** 2
    met = met_variance()
    for which, spreads in (("standard", mass + met), ("measured", mass + met + rest)):
        alone, total, error = by[which, both]
        assert alone == pytest.approx(100 * met / spreads, abs=4)
        assert alone - 1 <= total <= 100
        assert 0 < error < 10
    alone, total, error = by["measured", "Rest of one person"]
    assert alone == pytest.approx(100 * rest / (mass + met + rest), abs=4)
    assert total > alone
    assert error == pytest.approx(
        100 * found["measured"].indices.loc["rest", "total_ci"], rel=1e-12
    )
    assert total == pytest.approx(100 * found["measured"].indices.loc["rest", "total"], rel=1e-12)
    assert tables.most(found["standard"]) == both


def met_variance():
    """Relative variance of the energy that the METs make, moving together."""
    share = (np.arange(4000) + 0.5) / 4000
    total = np.zeros(4000)
    for low, mode, high, minutes in zip(LOW, CENTRAL, HIGH, (6, 39), strict=True):
        # PERT: a beta distribution with mean (low + 4 mode + high) / 6
        first, second = (1 + 4 * abs(mode - end) / (high - low) for end in (low, high))
        total += minutes * (low + (high - low) * stats.beta(first, second).ppf(share))
    return float(total.var() / total.mean() ** 2)


def test_limits_and_names_read_from_the_evidence(sets):
    assert tables.moderate_met() == 3.0
    assert tables.aerobic_met_minutes() == 500
    assert tables.most_sets() == 10
    assert tables.SLOPE_DIGITS == 3
    assert tables.muscle_name(sets) == "rectus abdominis"
    assert tables.variant_name("flutter_kick") == "flutter kick, lying"


def test_the_variant_compared_is_the_last_that_is_not_the_straight_leg():
    assert tables.compared(PLAN) == "flutter_kick"
    straight = {**STAGES[0], "variant": "lying_straight_leg"}
    assert tables.compared(progression.plan([STAGES[0], straight])) == "lying_single_leg"
    assert tables.compared(progression.plan([straight])) == "lying_straight_leg"
    turned = progression.plan([STAGES[1], STAGES[0]])
    assert tables.compared(turned) == "flutter_kick"


def test_a_plan_that_mechanics_knows_nothing_of_has_no_relative_load():
    with ev.pack("common"):
        squats = progression.plan(
            [{**STAGES[0], "variant": "common.back_squat"}], title="no leg raise"
        )
        assert tables.compared(squats) is None
    assert tables.NO_LOAD == (
        "Relative load: no model for this exercise. Mechanics knows the hip moment of leg raises, "
        "and the plan has none; every other number stands."
    )


def test_the_weeks_that_a_count_of_sets_stands_for(sets):
    # a plan of one week leaves nothing to choose
    assert tables.weeks_counted(sets) == "mean of the weeks"
    one = multiverse.weekly_sets(progression.plan([{**STAGES[0], "weeks": 1}]))
    assert tables.weeks_counted(one) == "its one week"
