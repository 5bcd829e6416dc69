"""Figures of plans side by side: what is drawn, and what alt text and labels say of it."""

import itertools

import numpy as np
import pandas as pd
import pytest
from two_plans import (
    ABDOMEN,
    HIPS,
    IMPULSE,
    MAN,
    MET,
    MET_MIN,
    PEAK,
    PLANS,
    RULES,
    TENSION,
    WORK,
    published,
)
from two_stages import title

from repdose import evidence as ev
from repdose import progression
from repdose.figures import progression_comparison as figures
from repdose.tables import progression_comparison as tables


@pytest.fixture(scope="module")
def frame():
    return tables.weekly(PLANS, indirect_weight=0.5, time_basis="elapsed", **MAN, **RULES)


def scaled(values, by):
    return {letter: [by * one for one in mine] for letter, mine in values.items()}


OVERVIEW = {
    "Gross energy [kcal/week]": scaled(MET_MIN, 1.4),
    "Time under tension [min/week]": scaled(TENSION, 1 / 60),
    "Hip flexors [sets per muscle per week]": HIPS,
    "Rectus abdominis [sets per muscle per week]": ABDOMEN,
    "Mechanical work [kJ/week]": scaled(WORK, 1 / 1000),
    "Moment-time impulse [kN m s/week]": scaled(IMPULSE, 1 / 1000),
    "Peak moment [% of straight-leg raise]": scaled(PEAK, 100),
    "Recommendations met [%]": scaled(MET, 100),
}


def check(figure, alt, expected, said, *, digits=0, first_week=1, rel=1e-6, ends=None):
    """Every line of every panel, its letters, and the words about it."""
    words = []
    ends = ends or (lambda values: (values[0], values[-1]))
    panels = [axes for axes in figure.axes if axes.get_visible()]
    assert [title(axes).replace("\n", " ") for axes in panels] == list(expected)
    for axes, (heading, by_plan) in zip(panels, expected.items(), strict=True):
        for line, (_, values) in zip(axes.lines, by_plan.items(), strict=False):
            weeks = list(range(first_week, first_week + len(values)))
            assert list(line.get_xdata()) == weeks, heading
            assert list(line.get_ydata()) == pytest.approx(values, rel=rel, abs=1e-9), heading
        dashes = [str(line._unscaled_dash_pattern) for line in axes.lines[: len(by_plan)]]
        assert len(set(dashes)) == len(by_plan)
        written = [letter for text in axes.texts for letter in text.get_text().split(", ")]
        assert sorted(written) == list(by_plan)
        for text in axes.texts:
            assert text.get_bbox_patch() is not None  # other lines may go on behind it
            mine = by_plan[text.get_text().split(", ")[0]]
            assert text.xy[0] == first_week + len(mine) - 1
            low, high = axes.get_ylim()
            # where it ends, but for what labels give way to each other
            assert abs(text.xy[1] - mine[-1]) <= 0.1 * (high - low)
        words.append(
            f"{heading}: "
            + ", ".join(
                f"{letter} {low:.{digits}f} to {high:.{digits}f}"
                for letter, values in by_plan.items()
                for low, high in [ends(values)]
            )
        )
    assert figure.get_supxlabel() == "Week"
    assert alt.startswith(f"{said}{'; '.join(words)}.")


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        (tables.DOSE, dict(list(OVERVIEW.items())[:4])),
        (tables.MECHANICS, dict(list(OVERVIEW.items())[4:])),
    ],
)
def test_each_metric_has_its_panel_and_each_plan_its_line(frame, metrics, expected):
    figure, alt = figures.overview(frame, metrics)
    check(figure, alt, expected, "By week. From first to last week: ")
    for axes, by_plan in zip(figure.axes, expected.values(), strict=True):
        highest = max(max(values) for values in by_plan.values())
        assert axes.get_ylim() == pytest.approx((0, figures.ROOM * highest), rel=1e-6)


def test_a_title_of_more_than_36_letters_takes_two_lines_on_a_page(frame):
    figure, _ = figures.overview(frame, tables.MECHANICS)
    assert [title(axes) for axes in figure.axes][1:3] == [
        "Moment-time impulse [kN m s/week]",
        "Peak moment [% of\nstraight-leg raise]",  # 37 letters
    ]


def test_a_metric_that_the_plans_do_not_have_has_no_panel(frame):
    without = frame[frame["metric"] != "recommendations_met"]
    figure, alt = figures.overview(without, tables.MECHANICS)
    shown = [axes for axes in figure.axes if axes.get_visible()]
    assert len(shown) == 3
    assert len(figure.axes) == 4
    assert "Recommendations" not in alt


def test_a_metric_that_is_zero_throughout_still_has_a_height(frame):
    zero = frame.assign(value=frame["value"].where(frame["metric"] != "gross_energy", 0.0))
    figure, _ = figures.overview(zero, tables.DOSE)
    assert figure.axes[0].get_ylim() == (0, 1)


def change(values):
    return [100 * (b / a - 1) for a, b in itertools.pairwise(values)]


def test_changes_from_the_week_before(frame):
    figure, alt = figures.changes(frame)
    expected = {
        "Sets for the hip flexors [%]": {k: change(v) for k, v in HIPS.items()},
        "Moment-time impulse [%]": {k: change(v) for k, v in IMPULSE.items()},
    }
    said = "Change from the week before. Least to most: "
    check(figure, alt, expected, said, first_week=2, ends=lambda values: (min(values), max(values)))
    # falls have room as rises have: no axis begins at nothing
    for axes, by_plan in zip(figure.axes, expected.values(), strict=True):
        assert axes.get_ylim()[0] < min(min(values) for values in by_plan.values())
    assert "Sets for the hip flexors [%]: A 0 to 200, B 125 to 125" in alt
    # sets and moments change on scales of their own
    assert figure.axes[0].get_ylim() != figure.axes[1].get_ylim()


def test_the_published_curve_at_each_weeks_sets(frame):
    outside = (frame["metric"] == "response_rectus_abdominis") & (frame["week"] == 1)
    outside &= frame["plan"] == "A"
    marked = frame.assign(extrapolated=frame["extrapolated"].eq(True) | outside)
    figure, alt = figures.response(marked)
    expected = {
        "Sets for the hip flexors": {k: list(map(published, v)) for k, v in HIPS.items()},
        "Sets for the rectus abdominis": {k: list(map(published, v)) for k, v in ABDOMEN.items()},
    }
    said = "Published gain in muscle size over no sets, in percent. From first to last week: "
    check(figure, alt, expected, said, digits=1, rel=1e-3)
    assert alt.endswith(". 1 plan-week lies outside the published doses and carries a ring.")
    first, second = figure.axes
    assert first.get_ylim() == second.get_ylim()
    assert first.get_ylabel() == "Gain over no sets [%]"
    for axes, rings in ((first, []), (second, [(1, published(2))])):
        zero, ringed = axes.lines[2:]
        assert list(zero.get_ydata()) == [0, 0]
        drawn = list(zip(ringed.get_xdata(), ringed.get_ydata(), strict=True))
        assert drawn == [(week, pytest.approx(value, rel=1e-3)) for week, value in rings]
        assert ringed.get_marker() == "o"
        assert ringed.get_linestyle() == "None"
    _, none = figures.response(frame)
    assert none.endswith(". No plan-week lies outside the published doses.")
    two = marked.assign(extrapolated=marked["extrapolated"] | outside.shift(1, fill_value=False))
    assert (
        "2 plan-weeks lie outside the published doses and carry a ring." in figures.response(two)[1]
    )


def test_ends_said_are_the_first_week_and_the_last():
    weeks = pd.DataFrame(
        {"plan": "A", "week": week, "metric": "gross_energy", "value": value, "extrapolated": False}
        for week, value in enumerate((30.0, 50.0, 70.0, 10.0), start=1)
    )
    assert "Gross energy [kcal/week]: A 30 to 10" in figures.overview(weeks, tables.DOSE)[1]


def test_a_label_has_the_colour_of_its_line_unless_lines_share_it(frame):
    figure, _ = figures.changes(frame)
    for axes in figure.axes:
        lines = dict(zip("AB", axes.lines, strict=False))
        assert {t.get_text(): t.get_color() for t in axes.texts} == {
            letter: line.get_color() for letter, line in lines.items()
        }
    turned = frame[frame["week"] <= 2].assign(value=1.0)
    turned["plan"] = turned["plan"].map({"A": "A", "B": "C"})
    extra = frame[(frame["plan"] == "B")].assign(value=lambda rows: 1.0 + rows["week"])
    figure, _ = figures.changes(pd.concat([extra, turned]))
    for axes in figure.axes:
        (shared,) = (text for text in axes.texts if text.get_text() == "A, C")
        assert shared.get_color() == figures.DARK


def test_lines_that_end_in_one_point_share_a_label(frame):
    same = frame.assign(value=1.0)
    same = same[(same["plan"] == "A") | (same["week"] <= 2)]
    two = same[same["week"] <= 2]
    figure, _ = figures.changes(two)
    for axes in figure.axes:
        assert [text.get_text() for text in axes.texts] == ["A, B"]


def test_labels_that_would_touch_are_moved_apart_and_no_further():
    apart = figures.heights_apart(np.array([0.1, 0.5, 0.51, 0.52, 0.9]))
    assert (np.diff(apart) >= figures.APART - 1e-12).all()
    assert apart[[0, 4]].tolist() == pytest.approx([0.1, 0.9])
    # the three in the middle are spread about their mean
    assert apart[1:4].tolist() == pytest.approx([0.51 - figures.APART, 0.51, 0.51 + figures.APART])
    assert figures.heights_apart(np.array([0.2])).tolist() == [0.2]


@pytest.mark.parametrize(
    ("wanted", "placed"),
    [
        ([0, 2, 4], [0, 2, 4]),
        # those too near share the difference between them
        ([0, 0], [-0.5, 0.5]),
        ([0, 0.1, 0.2], [-0.9, 0.1, 1.1]),
        # and stay clear of a third on either side
        ([1, 1, 2.8], [0.5, 1.5, 2.8]),
        ([-0.8, 0.5, 1.3], [-0.8, 0.4, 1.4]),
    ],
)
def test_labels_are_put_apart_in_their_order(wanted, placed):
    found = figures.heights_apart(figures.APART * np.array(wanted, dtype=float))
    assert list(found / figures.APART) == pytest.approx(placed)


def test_plans_without_a_model_are_drawn_as_far_as_they_go_and_keep_their_dashes():
    squat = {"variant": "common.back_squat", "weeks": 2, "sessions_per_week": 2, "sets": 3}
    raises = {**squat, "variant": "lying_straight_leg"}
    reps = {"repetitions": 10, "rest_s": 60}
    given = {"indirect_weight": 0.5, "time_basis": "elapsed", **MAN, **RULES}
    with ev.pack("common"):
        one, other, third = (
            progression.plan([stage | reps], title=named)
            for stage, named in ((squat, "Squats"), (squat | {"sets": 2}, "Two"), (raises, "Legs"))
        )
        frame = tables.weekly({"A": one, "B": third}, **given)
        without = tables.weekly({"A": one, "B": other}, **given)
    dose, _ = figures.overview(frame, tables.DOSE)
    moved, alt = figures.overview(frame, tables.MECHANICS)
    assert "Mechanical work [kJ/week]: B " in alt
    (raised,) = moved.axes[0].lines
    legs = dose.axes[0].lines[1]
    assert (raised.get_color(), raised._unscaled_dash_pattern) == (
        legs.get_color(),
        legs._unscaled_dash_pattern,
    )
    assert "A 0 to 0, B 6 to 6" in figures.overview(frame, tables.DOSE)[1].partition("Hip fl")[2]
    assert figures.changes(frame)[1].count("B 0 to 0") == 2
    # no hip flexor is trained and no moment known: there is no change to draw
    assert not any(tables.changing(without, metric) for metric in figures.CHANGE)
    only = figures.overview(without, tables.MECHANICS)[1]
    assert only.startswith("By week. From first to last week: Recommendations met [%]: A ")


def test_a_week_in_between_that_trains_a_muscle_not_at_all_stays_in_its_place():
    raises = {"variant": "lying_straight_leg", "weeks": 1, "sessions_per_week": 3, "rest_s": 60}
    raises |= {"sets": 3, "repetitions": 10}
    with ev.pack("common"):
        weeks = [raises, raises | {"variant": "common.back_squat"}, raises | {"sets": 4}]
        plans = {"A": progression.plan(weeks, title="Mixed")}
        frame = tables.weekly(plans, indirect_weight=0.5, time_basis="elapsed", **MAN, **RULES)
    assert (
        "Hip flexors [sets per muscle per week]: A 9 to 12"
        in (figures.overview(frame, tables.DOSE)[1])
    )
    # from 9 sets to none; no share of none; the moment is known of weeks 1 and 3 alone
    assert tables.changing(frame, "fractional_sets_iliopsoas")["A"].to_dict() == {2: -1}
    assert not tables.changing(frame, "moment_time_impulse")
    assert tables.change_rows(frame).loc[0, "Moment-time impulse, rise [%]"] == (
        "no model for this exercise"
    )
