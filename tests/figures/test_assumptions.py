"""Figures of assumptions: what is drawn, and what alt text and labels say of it."""

from types import SimpleNamespace

import numpy as np
import pytest
from executed import report
from two_stages import title
from worked_reports import PEOPLE, PLANS, every_energy

from repdose import multiverse, uncertainty
from repdose.figures import assumptions as figures
from repdose.multiverse import Choice, Option


def choice(name, label, values, default):
    options = [
        Option(name=str(value), value=value, reason="for the test", source="repdose2026")
        for value in values
    ]
    return Choice(name=name, options=options, default=default, kind="assumption", label=label)


def universe(unit="kg", low=0):
    """10 a + b: six outcomes, of which the default is 11."""
    return multiverse.evaluate(
        lambda a, b: 10 * np.asarray(a) + b + low,
        [choice("a", "Tens", (0, 1, 2), "1"), choice("b", "Ones", (1, 3), "1")],
        outcome="Number",
        unit=unit,
    )


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_the_specification_curve_draws_every_outcome_and_what_makes_it():
    figure, alt = figures.specification_curve(
        universe(), thresholds=[(13, "thirteen"), (99, "never")], digits=1
    )
    curve, matrix = figure.axes
    outcomes = [1, 3, 11, 13, 21, 23]
    line, default, threshold = curve.lines
    assert list(line.get_xdata()) == [0.5, 1.5, 2.5, 3.5, 4.5, 5.5]
    assert list(line.get_ydata()) == outcomes
    assert (list(default.get_xdata()), list(default.get_ydata())) == ([2.5], [11])
    assert default.get_marker() == "o"
    assert list(threshold.get_ydata()) == [13, 13]
    (below,) = curve.collections
    heights = below.get_paths()[0].vertices
    assert {(0.5, 0), (2, 11), (3, 11), (5.5, 23)} <= {tuple(point) for point in heights}
    assert [(text.get_text(), text.xy) for text in curve.texts] == [
        ("default 11.0", (2.5, 11)),
        ("1.0", (0.5, 1)),
        ("23.0", (5.5, 23)),
        ("50 % reach 13, thirteen", (0.5, 13)),
    ]
    assert curve.get_ylim() == pytest.approx((0, 23 + 0.12 * 23))
    assert title(curve) == "Number [kg]"
    # the choice that moves most comes first, each under its heading
    labels = [text.get_text() for text in matrix.get_yticklabels()]
    assert labels == ["Tens", "0", "1", "2", "Ones", "1", "3"]
    assert list(matrix.get_yticks()) == list(range(7))
    bold = [
        at for at, text in enumerate(matrix.get_yticklabels()) if text.get_fontweight() == "bold"
    ]
    assert bold == [2, 5]
    (image,) = matrix.images
    assert np.asarray(image.get_array()).tolist() == [
        [0, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [0, 0, 1, 1, 0, 0],
        [0, 0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0, 0],
        [1, 0, 1, 0, 1, 0],
        [0, 1, 0, 1, 0, 1],
    ]
    assert image.get_extent() == [0, 6, 6.5, -0.5]
    assert matrix.get_xlim() == curve.get_xlim() == (0, 6)
    assert [line.get_ydata()[0] for line in matrix.lines] == [0, 4]
    assert matrix.get_xlabel() == "Specifications in order of their outcome"
    assert not any(spine.get_visible() for spine in matrix.spines.values())
    assert alt == (
        "Specification curve of 6 combinations. Number: 1.0 to 23.0 kg; the default is 11.0. "
        "50 % reach 13, thirteen. 0 % reach 99, never. "
        "What moves the default most: tens."
    )


@pytest.mark.parametrize(("tens", "side"), [("0", "left"), ("1", "left"), ("2", "right")])
def test_the_default_is_named_on_the_side_where_there_is_room(tens, side):
    # at 0.5, 2.5 or 4.5 of 6: below the curve to the right of it, or above to the left
    six = multiverse.evaluate(
        lambda a, b: 10 * np.asarray(a) + b,
        [choice("a", "Tens", (0, 1, 2), tens), choice("b", "Ones", (1, 3), "1")],
        outcome="Number",
        unit="kg",
    )
    named = figures.specification_curve(six)[0].axes[0].texts[0]
    assert named.get_text() == f"default {10 * int(tens) + 1}"
    assert named.get_ha() == side
    assert (named.get_position()[0] > 0, named.get_position()[1] < 0) == (side == "left",) * 2


@pytest.mark.parametrize(
    ("beyond", "places"), [(3, [(-8, -2)]), (20, [(-8, -2)]), (40, [(-4, 9)]), (-5, [(-4, 9)])]
)
def test_the_default_is_named_beside_it_where_a_line_would_strike_its_name(beyond, places):
    # from 0 to 100, with 12 above: a point of the curve's 125 or so is 0.8
    hundred = multiverse.evaluate(
        lambda a: np.asarray(a),
        [choice("a", "Tens", (0, 40, 100), "40")],
        outcome="Number",
        unit="",
    )
    figure, _ = figures.specification_curve(hundred, thresholds=[(40 + 0.8 * beyond, "that")])
    named = [text for text in figure.axes[0].texts if text.get_text() == "default 40"]
    assert [text.get_position() for text in named] == places


def test_an_end_that_is_the_default_has_one_number():
    for tens, shown in (("0", ["default 0", "2"]), ("2", ["default 2", "0"])):
        ends = multiverse.evaluate(
            lambda a: np.asarray(a),
            [choice("a", "Tens", (0, 1, 2), tens)],
            outcome="Number",
            unit="",
        )
        assert texts(figures.specification_curve(ends)[0].axes[0]) == shown


def test_equal_outcomes_keep_the_order_they_were_combined_in():
    # 40 specifications of two outcomes, so that a sort may shuffle those that are level
    level = multiverse.evaluate(
        lambda a, b: np.asarray(a) % 2 + 0 * np.asarray(b),
        [choice("a", "Tens", tuple(range(20)), "1"), choice("b", "Ones", (0, 1), "0")],
        outcome="Number",
        unit="",
    )
    figure, _ = figures.specification_curve(level)
    (image,) = figure.axes[1].images
    shown = np.asarray(image.get_array())[1:21]
    even, odd = list(range(0, 20, 2)), list(range(1, 20, 2))
    expected = [a for a in even for _ in (0, 1)] + [a for a in odd for _ in (0, 1)]
    assert shown.argmax(axis=0).tolist() == expected
    # the default is the first of its specifications, and is marked there
    assert figure.axes[0].lines[1].get_xdata()[0] == 20.5


def test_a_threshold_at_either_end_is_drawn_and_one_beyond_is_not():
    figure, _ = figures.specification_curve(
        universe(), thresholds=[(1, "least"), (23, "most"), (0.5, "below"), (23.5, "above")]
    )
    _, _, *lines = figure.axes[0].lines
    assert [line.get_ydata()[0] for line in lines] == [1, 23]


def test_a_share_is_rounded_once():
    # 199 of 200 reach 1
    many = multiverse.evaluate(
        lambda a: np.asarray(a),
        [choice("a", "Tens", tuple(range(200)), "1")],
        outcome="Number",
        unit="",
    )
    alt = figures.specification_curve(many, thresholds=[(60, "sixty"), (100, "hundred")])[1]
    assert "70 % reach 60, sixty. 50 % reach 100, hundred." in alt


def test_a_curve_below_zero_is_filled_from_its_least_and_needs_no_unit():
    figure, alt = figures.specification_curve(universe(unit="", low=-5))
    curve = figure.axes[0]
    assert curve.get_ylim() == pytest.approx((-4, 18 + 0.12 * 22))
    (below,) = curve.collections
    assert below.get_paths()[0].vertices[:, 1].min() == -4
    assert 0 not in below.get_paths()[0].vertices[:, 1]
    assert title(curve) == "Number"
    assert "Number: -4 to 18; the default is 6. What moves the default most" in alt


def test_equal_outcomes_have_a_height_to_be_drawn_in():
    flat = multiverse.evaluate(
        lambda a: np.zeros_like(np.asarray(a, float)),
        [choice("a", "Tens", (0, 1), "0")],
        outcome="Number",
        unit="",
    )
    low, high = figures.specification_curve(flat)[0].axes[0].get_ylim()
    assert (low, high) == pytest.approx((0, 0.12))


def test_more_specifications_than_columns_share_them():
    wide = multiverse.evaluate(
        lambda a, b: 30 * np.asarray(a) + b,
        [
            choice("a", "Tens", tuple(range(30)), "0"),
            choice("b", "Ones", tuple(range(30)), "0"),
        ],
        outcome="Number",
        unit="",
    )
    figure, _ = figures.specification_curve(wide)
    (image,) = figure.axes[1].images
    cells = np.asarray(image.get_array())
    assert cells.shape == (62, figures.COLUMNS)
    # 900 specifications in 360 columns: each column's shares of one choice add up to one
    assert cells[1:31].sum(axis=0) == pytest.approx(np.ones(figures.COLUMNS))
    # the first column has the first two specifications, 0 and 1 of the last thirty
    assert cells[32:35, 0].tolist() == [0.5, 0.5, 0]


def test_the_tornado_draws_what_each_choice_moves():
    figure, alt = figures.tornado(universe(), digits=1)
    (axes,) = figure.axes
    bars = [
        (bar.get_x(), bar.get_width(), bar.get_y() + bar.get_height() / 2) for bar in axes.patches
    ]
    assert bars == [
        (11, 2, pytest.approx(0)),
        (1, 20, pytest.approx(1)),
    ]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Ones", "Tens"]
    (line,) = axes.lines
    assert list(line.get_xdata()) == [11, 11]
    reach = 10
    found = {text.get_text(): (*text.get_position(), text.get_ha()) for text in axes.texts}
    assert found == {
        "3\n13.0": (pytest.approx(13 + 0.03 * reach), 0, "left"),
        "0\n1.0": (pytest.approx(1 - 0.03 * reach), 1, "right"),
        "2\n21.0": (pytest.approx(21 + 0.03 * reach), 1, "left"),
    }
    assert axes.get_xlim() == pytest.approx((1 - 7.5, 21 + 7.5))
    assert all(0 <= tick <= 26 for tick in axes.get_xticks())
    assert len(axes.get_xticks()) > 2
    assert axes.get_xlabel() == "Number [kg]; the line is the default, 11.0"
    assert alt == (
        "One choice at a time, from the default of 11.0 kg. Tens: 1.0 to 21.0; Ones: 11.0 to 13.0."
    )


def test_room_for_words_is_three_quarters_of_the_longer_side():
    for values, ends in (((0, 1, 3), (1, 31)), ((0, 3, 4), (1, 41))):
        default = str(values[1])
        far = multiverse.evaluate(
            lambda a: 10 * np.asarray(a) + 1,
            [choice("a", "Tens", values, default)],
            outcome="Number",
            unit="",
        )
        reach = max(ends[1] - (10 * values[1] + 1), 10 * values[1] + 1 - ends[0])
        assert reach == {31: 20, 41: 30}[ends[1]]
        low, high = figures.tornado(far)[0].axes[0].get_xlim()
        assert (low, high) == pytest.approx((ends[0] - 0.75 * reach, ends[1] + 0.75 * reach))
    flat = multiverse.evaluate(
        lambda a: 5 + 0 * np.asarray(a), [choice("a", "T", (0, 1), "0")], outcome="Number", unit=""
    )
    assert figures.tornado(flat)[0].axes[0].get_xlim()[1] == pytest.approx(5.75)


def test_a_choice_that_moves_nothing_says_so():
    still = multiverse.evaluate(
        lambda a, b: 10 * np.asarray(a) + 0 * np.asarray(b),
        [choice("a", "Tens", (0, 1), "1"), choice("b", "Ones", (1, 3), "1")],
        outcome="Number",
        unit="",
    )
    figure, alt = figures.tornado(still)
    (axes,) = figure.axes
    found = {text.get_text(): text.get_position() for text in axes.texts}
    assert found["alone, moves nothing"] == (pytest.approx(10 + 0.6), 0)
    assert set(found) == {"alone, moves nothing", "0\n0"}
    assert alt.endswith("from the default of 10. Tens: 0 to 10; Ones: 10 to 10.")
    assert axes.get_xlabel() == "Number; the line is the default, 10"


def test_a_tornado_that_goes_below_zero_keeps_its_ticks():
    figure, _ = figures.tornado(universe(low=-15))
    (axes,) = figure.axes
    assert min(axes.get_xticks()) < 0
    assert axes.spines["left"].get_visible()
    above, _ = figures.tornado(universe())
    assert not above.axes[0].spines["left"].get_visible()


@pytest.mark.parametrize(("low", "kept"), [(-1, True), (-1.5, False)])
def test_a_tornado_that_ends_at_zero_has_no_tick_below_it(low, kept):
    """The least that one choice gives is 1 above `low`."""
    figure, _ = figures.tornado(universe(low=low))
    (axes,) = figure.axes
    assert min(axes.get_xticks()) == 0 if kept else min(axes.get_xticks()) < 0
    assert axes.spines["left"].get_visible() is not kept


def test_a_bar_at_an_end_of_95_percent_is_within_them():
    # bars of a width of one, with their middles at 0.5, 1.5 ... 59.5
    made = SimpleNamespace(outcome=np.arange(61.0), range=(1.5, 58.5), middle=30.2)
    figure, alt = figures.simulated(made, outcome="Number", unit="kg", default=1.1)
    assert "median 30 kg" in alt  # no decimals where none are asked for
    assert alt.endswith("; default 1 kg.")
    colours = [bar.get_facecolor() for bar in figure.axes[0].patches]
    assert [colour == colours[30] for colour in colours] == [False, *[True] * 58, False]


def test_simulated_draws_are_a_histogram_with_their_median_and_ends():
    mass = uncertainty.body_mass(75, sd_kg=1)
    made = uncertainty.simulate(lambda mass: mass, {"mass": mass}, seed=1)
    figure, alt = figures.simulated(made, outcome="Body mass", unit="kg", default=75.0, digits=1)
    (axes,) = figure.axes
    heights, edges = np.histogram(made.outcome, bins=figures.BINS)
    assert [bar.get_height() for bar in axes.patches] == pytest.approx(
        list(heights / len(made.outcome))
    )
    assert sum(bar.get_height() for bar in axes.patches) == pytest.approx(1)
    assert [bar.get_x() for bar in axes.patches] == pytest.approx(list(edges[:-1]))
    assert axes.patches[0].get_width() == pytest.approx(edges[1] - edges[0])
    # a normal of mean 75 and SD 1 ends at 75 ± 1.96
    marks = [
        (line.get_segments()[0][0][0], line.get_segments()[0][1][1]) for line in axes.collections
    ]
    top = max(bar.get_height() for bar in axes.patches)
    assert marks == [
        (pytest.approx(75 - 1.96, abs=0.06), pytest.approx(1.06 * top)),
        (pytest.approx(75, abs=0.04), pytest.approx(1.06 * top)),
        (pytest.approx(75 + 1.96, abs=0.06), pytest.approx(1.06 * top)),
        (75, pytest.approx(1.19 * top)),  # the default, above the others
    ]
    assert all(line.get_segments()[0][0][1] == 0 for line in axes.collections)
    ends = [f"{end:.1f}" for end in np.quantile(made.outcome, [0.025, 0.5, 0.975])]
    shown = [f"2.5 % {ends[0]}", f"median {ends[1]}", f"97.5 % {ends[2]}", "default 75.0"]
    assert texts(axes) == shown
    for text, (at, _) in zip(axes.texts, marks, strict=True):
        assert text.get_position()[0] == at
        height = 1.21 if text.get_text().startswith("default") else 1.08
        assert text.get_position()[1] == pytest.approx(height * top)
    # the median's words begin at its line, away from that of a default on either side
    assert made.middle < 75  # as this seed has it
    assert [text.get_ha() for text in axes.texts] == ["center", "right", "center", "center"]
    lower, _ = figures.simulated(made, outcome="Body mass", unit="kg", default=74.0)
    assert lower.axes[0].texts[1].get_ha() == "left"
    # dark within the ends of 95 %, light outside
    colours = [bar.get_facecolor() for bar in axes.patches]
    middles = [bar.get_x() + bar.get_width() / 2 for bar in axes.patches]
    inside = [made.range[0] <= middle <= made.range[1] for middle in middles]
    dark = colours[inside.index(True)]
    assert [colour == dark for colour in colours] == inside
    assert axes.get_ylim() == pytest.approx((0, 1.32 * top))
    assert list(axes.get_yticks()) == []
    assert not axes.spines["left"].get_visible()
    assert axes.get_xlabel() == "Body mass [kg]"
    assert axes.get_ylabel() == "Share of the draws"
    assert alt == (
        f"Histogram of 10000 simulated values. Body mass: median {ends[1]} kg, 95 % from "
        f"{ends[0]} to {ends[2]} kg; default 75.0 kg."
    )


def test_the_curve_of_a_report_is_every_combination_worked_by_hand():
    figure, given = report("assumptions", "foundation").figures["energy_specifications"]
    every = sorted(every_energy(PLANS["foundation"], PEOPLE["foundation"]))
    assert list(figure.axes[0].lines[0].get_ydata()) == pytest.approx(every)
    assert f"Specification curve of {len(every)} combinations" in given["alt"]
    assert f"{every[0]:.0f} to {every[-1]:.0f} kcal/week" in given["alt"]
