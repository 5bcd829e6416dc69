"""Figures of energy and of sets: what is drawn, and what alt text and labels say of it."""

import re

import pandas as pd
import pytest
import worked_reports as worked
from two_stages import PLAN, STAGES, title

from repdose import progression, volume
from repdose.figures import energy_cost as figures
from repdose.figures import weekly_volume

WEEKLY = pd.DataFrame(
    {
        "week": [1, 2, 3],
        "gross_low": [23.0, 76.0, 1076.0],
        "gross_central": [24.0, 104.0, 1104.0],
        "gross_high": [63.0, 205.0, 1205.0],
    }
)


def segments(collection):
    return [[tuple(point) for point in one] for one in collection.get_segments()]


def test_energy_by_week_draws_its_rows_and_says_them():
    figure, alt = figures.energy_by_week(PLAN, WEEKLY)
    (axes,) = figure.axes
    (bars,) = axes.collections
    assert segments(bars) == [
        [(1, 23), (1, 63)],
        [(2, 76), (2, 205)],
        [(3, 1076), (3, 1205)],
    ]
    dots = axes.lines[0]
    assert list(dots.get_xdata()) == [1, 2, 3]
    assert list(dots.get_ydata()) == [24, 104, 1104]
    assert dots.get_marker() == "o"
    assert dots.get_linestyle() == "None"
    assert axes.get_xlabel() == "Week"
    assert axes.get_ylabel() == "Gross energy [kcal per week]"
    assert list(axes.get_xticks()) == [1, 2, 3]
    low, top = axes.get_ylim()
    assert low == 0
    assert 1205 < top < 2 * 1205
    assert axes.get_xlim() == pytest.approx((0.4, 4.4))
    assert alt == (
        "Gross energy by week. Week 1: 24 kcal (23 to 63 over the MET analogies). "
        "Week 3: 1,104 kcal (1,076 to 1,205)."
    )
    # the last week's ends are named at their heights, and the runs of weeks above them
    names = {text.get_text(): text for text in axes.texts}
    assert names["high analogy"].xy == (3, 1205)
    assert names["central"].xy == (3, 1104)
    assert names["low"].xy == (3, 1076)
    assert names["single-leg raise"].get_position()[0] == 1
    assert names["flutter kick"].get_position()[0] == 2.5
    assert all(
        1205 < names[name].get_position()[1] < top for name in ("single-leg raise", "flutter kick")
    )
    (parted,) = axes.lines[1:]
    assert list(parted.get_xdata()) == [1.5, 1.5]


def test_a_central_row_that_is_the_low_one_is_named_once():
    equal = WEEKLY.assign(gross_low=WEEKLY["gross_central"])
    figure, _ = figures.energy_by_week(PLAN, equal)
    names = [text.get_text() for text in figure.axes[0].texts]
    assert "central = low" in names
    assert not {"central", "low"} & set(names)
    assert sum(name == "high analogy" for name in names) == 1


def test_stages_of_one_variant_are_one_run_and_three_runs_take_two_lines():
    plan = progression.plan(
        [
            {**STAGES[0], "variant": "lying_straight_leg"},
            {**STAGES[0], "variant": "lying_straight_leg"},
            {**STAGES[0], "variant": "lying_hip_lift"},
            STAGES[0],
        ]
    )
    weekly = pd.concat([WEEKLY, WEEKLY.tail(1).assign(week=4)], ignore_index=True)
    figure, _ = figures.energy_by_week(plan, weekly)
    names = {text.get_text(): text.get_position()[0] for text in figure.axes[0].texts}
    assert names["straight-leg\nraise"] == 1.5
    assert names["straight-leg raise with\nhip lift"] == 3
    assert names["single-leg\nraise"] == 4
    lines = [list(line.get_xdata()) for line in figure.axes[0].lines[1:]]
    assert lines == [[2.5, 2.5], [3.5, 3.5]]


def test_sets_by_muscle_draws_direct_to_total_with_the_fractional_in_it():
    figure, alt = weekly_volume.sets_by_muscle(volume.weekly_sets(PLAN, indirect_weight=0.25))
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [title(axes) for axes in panels] == [
        "hip flexors (iliopsoas)",
        "rectus femoris",
        "rectus abdominis",
        "abdominal obliques",
        "transversus abdominis",
    ]
    assert len(figure.axes) == 6
    expected = {"hip flexors (iliopsoas)": ([4, 12, 12], [4, 12, 12], [4, 12, 12])}
    expected["rectus femoris"] = expected["hip flexors (iliopsoas)"]
    for axes in panels:
        direct, fractional, total = expected.get(title(axes), ([0, 0, 0], [1, 3, 3], [4, 12, 12]))
        (line,) = axes.lines
        assert list(line.get_xdata()) == [1, 2, 3]
        assert list(line.get_ydata()) == fractional
        assert line.get_drawstyle() == "steps-mid"
        (band,) = axes.collections
        heights = {tuple(point) for point in band.get_paths()[0].vertices}
        assert {(1, direct[0]), (1, total[0]), (3, direct[2]), (3, total[2])} <= heights
        assert min(height for _, height in heights) == direct[0]
        # a week is as wide as its number, half to each side
        assert {(1.5, total[0]), (1.5, total[1])} <= heights
        assert axes.get_ylim() == pytest.approx((0, 13.2))
    assert figure.get_supxlabel() == "Week"
    assert figure.get_supylabel() == "Sets per muscle per week"
    assert alt == (
        "Weekly sets by muscle; line: fractional sets, band: direct to total sets. "
        "hip flexors (iliopsoas), week 3: 12 (12 to 12); rectus femoris, week 3: 12 (12 to 12); "
        "rectus abdominis, week 3: 3 (0 to 12); abdominal obliques, week 3: 3 (0 to 12); "
        "transversus abdominis, week 3: 3 (0 to 12)."
    )


def test_a_muscle_has_a_panel_if_any_set_could_count_for_it():
    figure, _ = weekly_volume.sets_by_muscle(volume.weekly_sets(PLAN, indirect_weight=0))
    assert len([axes for axes in figure.axes if axes.get_visible()]) == 5
    hung = progression.plan([{**STAGES[0], "variant": "hanging_straight_leg"}])
    figure, _ = weekly_volume.sets_by_muscle(volume.weekly_sets(hung, indirect_weight=0.5))
    # seven muscles in three lines of three
    assert [axes.get_visible() for axes in figure.axes] == [True] * 7 + [False] * 2


def test_panels_are_as_high_as_the_most_that_could_count():
    sets = pd.DataFrame(
        {
            "muscle": "rectus_abdominis",
            "week": [1, 2],
            "direct": [0.0, 0.0],
            "fractional": [1.0, 3.0],
            "total": [4.0, 12.0],
        }
    )
    figure, _ = weekly_volume.sets_by_muscle(sets)
    assert figure.axes[0].get_ylim() == pytest.approx((0, 13.2))


def test_the_energy_of_a_report_is_drawn_as_its_numbers_say():
    from executed import report

    made = report("energy_cost", "foundation")
    figure, given = made.figures["energy_by_week"]
    plan = worked.PLANS["foundation"]
    numbers = [float(one.replace(",", "")) for one in re.findall(r"[\d,]*\d", given["alt"])]
    ends = []
    for week, stage in ((1, plan[:1]), (8, plan[-1:])):
        ends += [week, *(round(worked.kcal(stage, 75, row)) for row in (1, 0, 2))]
    assert numbers == ends
    low, high = segments(figure.axes[0].collections[0])[0]
    assert (low[1], high[1]) == pytest.approx(
        (worked.kcal(plan[:1], 75, 0), worked.kcal(plan[:1], 75, 2))
    )
