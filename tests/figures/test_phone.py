"""Figures at the width of a phone: the same marks and words as on a page, in other places."""

from __future__ import annotations

import functools
import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from four_effects import CURVE, EFFECTS, SUMMARY
from matplotlib.ticker import FixedLocator
from two_plans import MAN, PLANS, RULES
from two_stages import PLAN, STAGES

from repdose import mechanics, multiverse, progression, uncertainty, volume
from repdose.dose_response import grouped
from repdose.figures import (
    activity_and_risk,
    assumptions,
    claim_audit,
    dose_response,
    energy_cost,
    leg_raise_mechanics,
    meta_analysis,
    progression_comparison,
    weekly_volume,
)
from repdose.multiverse import Choice, Option
from repdose.plots import style
from repdose.tables import leg_raise_mechanics as mechanics_tables
from repdose.tables import progression_comparison as comparison_tables

RUNS = [
    {**STAGES[0], "variant": variant, "weeks": 1}
    for variant in ("lying_straight_leg", "lying_hip_lift", "lying_single_leg")
]
WEEKLY = pd.DataFrame(
    {
        "week": [1, 2, 3],
        "gross_low": [23.0, 76.0, 90.0],
        "gross_central": [24.0, 90.0, 95.0],
        "gross_high": [63.0, 95.0, 100.0],
    }
)
STUDIES = pd.DataFrame({"yi": [0.3, -0.2], "vi": [0.04, 0.01]}, index=["Ash2001", "Birch2004"])
LEFT_OUT = pd.DataFrame(
    {"estimate": [0.02, 0.05], "low": [0.0, 0.01], "high": [0.04, 0.09], "distance": [0.9, 0.1]},
    index=["Ash", "Birch"],
)
LONG = "an option of more than thirty letters"


def choice(name, label, values, names):
    options = [
        Option(name=word, value=value, reason="for the test", source="repdose2026")
        for value, word in zip(values, names, strict=True)
    ]
    return Choice(name=name, options=options, default=names[1], kind="assumption", label=label)


def universe():
    """10 a + b: six outcomes, of which the default is 13; the longer way is up, to 33."""
    return multiverse.evaluate(
        lambda a, b: 10 * np.asarray(a) + b,
        [
            choice("a", "How many tens there are", (0, 1, 3), ("0", "1", LONG)),
            choice("b", "Ones", (1, 3), ("1", "3")),
        ],
        outcome="Number",
        unit="kg",
    )


def risks():
    dose = np.array([0, 30, 90, 150.0])
    one = pd.DataFrame(
        {"dose": dose, "log_rr": -0.006 * dose + 4e-5 * dose**2, "se": [np.nan, 0.05, 0.05, 0.1]}
    )
    fit = grouped(
        pd.concat([one.assign(study=name) for name in "abcd"]),
        shape="quadratic",
        covariance="independent",
        method="fixed",
    )
    return activity_and_risk.risk_curve(fit, unit="min/week", marks={"elapsed": 30.0})


def curves(**ends):
    return dose_response.curves(
        pd.concat(
            CURVE.assign(label=name, estimate=[0.1, 0.2, height], low=np.nan)
            for name, height in ends.items()
        ).assign(dose_unit="sets", outcome_unit="SD", quantity="gain")
    )


@functools.cache
def load():
    return mechanics.relative_load(body_mass_kg=80.0, stature_m=1.80)


def simulated():
    mass = uncertainty.body_mass(75, sd_kg=1)
    made = uncertainty.simulate(lambda mass: mass, {"mass": mass}, seed=1)
    return assumptions.simulated(made, outcome="Body mass", unit="kg", default=75.0)


@functools.cache
def compared():
    return comparison_tables.weekly(
        PLANS, indirect_weight=0.5, time_basis="elapsed", **MAN, **RULES
    )


DRAW = {
    "energy": lambda: energy_cost.energy_by_week(PLAN, WEEKLY),
    "energy of three runs": lambda: energy_cost.energy_by_week(progression.plan(RUNS), WEEKLY),
    "sets": lambda: weekly_volume.sets_by_muscle(volume.weekly_sets(PLAN)),
    "specifications": lambda: assumptions.specification_curve(universe(), thresholds=[(13, "13")]),
    "tornado": lambda: assumptions.tornado(universe()),
    "simulated": simulated,
    "moments": lambda: leg_raise_mechanics.moment_by_angle(**MAN),
    "shares": lambda: leg_raise_mechanics.share_of_straight_leg(load()),
    "inertia": lambda: leg_raise_mechanics.inertial_share_by_tempo(
        mechanics_tables.repetitions(**MAN), **MAN
    ),
    "overview": lambda: progression_comparison.overview(compared(), comparison_tables.DOSE),
    "changes": lambda: progression_comparison.changes(compared()),
    "response": lambda: progression_comparison.response(compared()),
    "verdicts": lambda: claim_audit.verdict_bars(
        pd.DataFrame({"Verdict": ["supported", "the citation does not support it"], "Claims": 2})
    ),
    "curves": lambda: curves(**{"a name of 20 letters": 0.4, "another of 20 letters": 0.4}),
    "bubble": lambda: dose_response.bubble(
        EFFECTS, CURVE, dose="weekly_sets", dose_unit="sets", unit="SD"
    ),
    "forest": lambda: meta_analysis.forest(STUDIES, summary=SUMMARY, unit="SD"),
    "funnel": lambda: meta_analysis.funnel(EFFECTS, centre=0.33, unit="SD"),
    "orchard": lambda: meta_analysis.orchard(
        EFFECTS, pd.DataFrame({"trained": SUMMARY, "untrained": SUMMARY}).T, group="status", unit=""
    ),
    "influence": lambda: meta_analysis.influence(
        LEFT_OUT, estimate=0.03, coefficients=2, unit="SD per set"
    ),
    "risks": risks,
}


def on_a_phone(name):
    """The figure of a page, and the same as a phone shows it."""
    figure, _ = DRAW[name]()
    return figure, style.for_phone(figure)


def panels(figure):
    return [axes for axes in figure.axes if axes.get_visible()]


def grid(figure):
    """Lines and columns of the panels."""
    return figure.axes[0].get_subplotspec().get_gridspec().get_geometry()


def words(figure):
    """Every word that is written, wherever; a word may be parted at a hyphen."""
    written = [figure.get_supxlabel(), figure.get_supylabel()]
    beside = []  # once, where panels share them
    for axes in panels(figure):
        written += [text.get_text() for text in axes.texts]
        if isinstance(axes.yaxis.get_major_locator(), FixedLocator):  # names, not numbers
            beside += [text.get_text() for text in axes.get_yticklabels()]
        written += [axes.get_title(place) for place in ("left", "center", "right")]
        written += [axes.get_xlabel(), axes.get_ylabel()]
        key = axes.get_legend()
        written += [text.get_text() for text in key.get_texts()] if key else []
    every = " ".join([*written, *dict.fromkeys(beside)])
    return Counter(every.replace("-\n", "-").split())


def marks(axes):
    """Where everything drawn begins, ends and stands."""
    # A line across all of the axes may end where a name begins
    found = [
        line.get_xydata() if line.get_transform() is axes.transData else line.get_xdata()
        for line in axes.lines
    ]
    for part in axes.collections:
        found += [part.get_offsets(), *(path.vertices for path in part.get_paths())]
    # An option whose name takes two lines has two lines of the image
    found += [
        [row for row, _ in itertools.groupby(image.get_array().tolist())] for image in axes.images
    ]
    found += [[bar.get_x(), bar.get_width()] for bar in axes.patches if hasattr(bar, "get_width")]
    return [np.asarray(one, float) for one in found]


@pytest.mark.parametrize("name", DRAW)
def test_a_phone_shows_the_marks_and_the_words_of_the_page(name):
    figure, again = on_a_phone(name)
    assert again.get_size_inches()[0] == style.NARROW
    assert words(again) == words(figure)
    for shown, same in zip(panels(figure), panels(again), strict=True):
        if name in ("simulated", "tornado"):
            continue  # their lines make room for the words
        for one, other in zip(marks(shown), marks(same), strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(
    ("name", "page", "phone"),
    [
        ("moments", (1, 2), (2, 1)),
        ("shares", (1, 3), (3, 1)),
        ("sets", (2, 3), (3, 2)),
        ("overview", (2, 2), (4, 1)),
        ("response", (1, 2), (2, 1)),
    ],
)
def test_panels_stand_below_each_other_on_a_phone(name, page, phone):
    figure, again = on_a_phone(name)
    assert (grid(figure), grid(again)) == (page, phone)


def test_names_of_runs_of_weeks_take_as_many_lines_as_there_is_room_for():
    two, three = on_a_phone("energy"), on_a_phone("energy of three runs")
    shown = [
        "single-leg raise",
        "single-leg\nraise",
        "straight-leg\nraise",
        "straight-leg raise",
    ]
    # a tenth above the highest, and seven hundredths for each line of the longest name, or of
    # all names: on a phone "with hip lift" has a second line
    lines = [1, 2, 2, 4]
    for figure, name, count in zip((*two, *three), shown, lines, strict=True):
        (axes,) = figure.axes
        assert name in [text.get_text() for text in axes.texts]
        assert axes.get_ylim() == pytest.approx((0, 100 * (1.1 + 0.07 * count)))


def test_names_of_narrow_runs_stand_one_below_the_other_at_the_lines_that_part_them():
    _, again = on_a_phone("energy of three runs")
    (axes,) = again.axes
    # each two hundredths below the edge and then below the lines of those before
    heights = [108 + 7 * 4, 108 + 7 * 3, 108 + 7 * 1]
    named = axes.texts[:3]
    assert [text.get_text() for text in named] == [
        "straight-leg raise",
        "straight-leg raise\nwith hip lift",
        "single-leg raise",
    ]
    for text, start, height in zip(named, (0.5, 1.5, 2.5), heights, strict=True):
        assert text.xy == (start, pytest.approx(height))
        assert (text.get_ha(), text.get_va()) == ("left", "top")
    _, second, third = axes.lines
    for line, start, height in ((second, 1.5, heights[1]), (third, 2.5, heights[2])):
        assert list(line.get_xdata()) == [start, start]
        # as high as its name, as a share of the axes
        assert list(line.get_ydata()) == [0, pytest.approx(height / axes.get_ylim()[1])]


def test_choices_are_named_above_their_bars_on_a_phone():
    figure, again = on_a_phone("tornado")
    (page,), (phone,) = figure.axes, again.axes
    # 13 is the default, of 3 to 33 and of 11 to 13: the longer side is 20
    assert page.get_xlim() == pytest.approx((3 - 0.75 * 20, 33 + 0.75 * 20))
    assert phone.get_xlim() == pytest.approx((3 - 0.95 * 20, 33 + 0.95 * 20))
    assert (page.get_ylim(), phone.get_ylim()) == ((-0.5, 1.5), pytest.approx((-0.5, 1.7)))
    assert [bar.get_height() for bar in page.patches] == pytest.approx([0.42] * 2)
    assert [bar.get_height() for bar in phone.patches] == pytest.approx([0.3] * 2)
    names = ["Ones", "How many tens there are"]
    assert [text.get_text() for text in page.get_yticklabels()] == names
    assert [text.get_text() for text in phone.get_yticklabels()] == ["", ""]
    above = {text.get_text(): text for text in phone.texts if text.get_text() in names}
    for place, name in enumerate(names):
        at = above[name].get_position()
        # above its own bar and below the next, from the left edge of the axes
        assert at == (0, pytest.approx(place + 0.44))
        assert above[name].get_transform() == phone.get_yaxis_transform()
    # the default's line is whole on a page, and beside each bar on a phone, clear of the names
    ends = [bar.get_x() for bar in page.patches], [bar.get_width() for bar in page.patches]
    assert ends == ([bar.get_x() for bar in phone.patches], [b.get_width() for b in phone.patches])
    assert (len(page.lines), len(phone.lines)) == (1, 0)
    (parts,) = phone.collections
    assert np.array(parts.get_segments()) == pytest.approx(
        np.array([[[13, at - 0.4], [13, at + 0.26]] for at in (0, 1)])
    )
    # lines of 22 letters beside a bar on a page, and of 16 on a phone
    (long,) = (text.get_text() for text in page.texts if "thirty" in text.get_text())
    assert long == "an option of more\nthan thirty letters\n33"
    (long,) = (text.get_text() for text in phone.texts if "thirty" in text.get_text())
    assert long == "an option of\nmore than\nthirty letters\n33"


def test_a_long_option_takes_two_larger_lines_of_the_matrix_on_a_phone():
    figure, again = on_a_phone("specifications")
    page, phone = figure.axes[1], again.axes[1]
    assert [text.get_text() for text in page.get_yticklabels()][3] == LONG
    labels = phone.get_yticklabels()
    assert [text.get_text() for text in labels] == [
        "How many tens\nthere are",
        "0",
        "1",
        "an option of more\nthan thirty letters",
        "Ones",
        "1",
        "3",
    ]
    # in the middle of its lines: 0 and 1 are of the first heading, 4 and 5 of the long option
    assert list(phone.get_yticks()) == [0.5, 2, 3, 4.5, 6, 7, 8]
    assert [line.get_ydata()[0] for line in phone.lines] == [0.5, 6]
    assert len(phone.images[0].get_array()) == 9
    # so the curve keeps its height, and nine lines have that of seven and two more
    assert figure.get_size_inches()[1] == pytest.approx(2.3 + 0.185 * 7)
    assert again.get_size_inches()[1] == pytest.approx(2.3 + 0.185 * 9)
    assert labels[0].get_fontsize() > page.get_yticklabels()[0].get_fontsize()


def test_draws_are_named_in_two_lines_on_a_phone():
    figure, again = on_a_phone("simulated")
    (page,), (phone,) = figure.axes, again.axes
    top = max(bar.get_height() for bar in page.patches)
    assert phone.get_ylim() == pytest.approx((0, 1.5 * top))
    assert [text.get_text() for text in page.texts] == [
        "2.5 % 73",
        "median 75",
        "97.5 % 77",
        "default 75",
    ]
    assert [text.get_text() for text in phone.texts] == [
        "2.5 %\n73",
        "median\n75",
        "97.5 %\n77",
        "default 75",
    ]
    heights = [line.get_segments()[0][1][1] / top for line in phone.collections]
    assert heights == pytest.approx([1.06, 1.06, 1.06, 1.36])
    assert [text.get_position()[1] / top for text in phone.texts] == pytest.approx(
        [1.08, 1.08, 1.08, 1.38]
    )


def test_shares_have_more_room_for_their_numbers_on_a_phone():
    figure, again = on_a_phone("shares")
    page, phone = (one.axes[0].get_xlim()[1] for one in (figure, again))
    assert phone / page == pytest.approx(2.2 / 1.6)


def test_the_limit_of_the_inertial_share_is_named_at_its_free_end():
    for figure, end, side in zip(on_a_phone("inertia"), (4.0, 0.5), ("right", "left"), strict=True):
        (limit,) = (text for text in figure.axes[0].texts if text.get_text() == "10 %")
        assert limit.get_position() == (pytest.approx(end), pytest.approx(11))
        assert limit.get_ha() == side


def test_what_a_funnel_shades_is_said_below_it_on_a_phone():
    figure, again = on_a_phone("funnel")
    notes = ["shaded: sampling error alone", "dashed: heterogeneity added"]
    (page,), (phone,) = figure.axes, again.axes
    assert [text.get_text() for text in page.texts] == notes
    assert page.get_xlabel() == "SD"
    assert not phone.texts
    assert phone.get_xlabel() == "\n".join(["SD", *notes])


def test_names_of_curves_take_two_lines_on_a_phone_and_stay_apart():
    figure, again = on_a_phone("curves")
    gaps = []
    for one, lines in ((figure, 1), (again, 2)):
        (axes,) = one.axes
        low, high = axes.get_ylim()
        first, second = (text.get_position()[1] for text in axes.texts)
        # a second line takes 0.65 of the room of the first
        gaps.append(dose_response.APART * (high - low) * (1 + 0.65 * (lines - 1)))
        assert (first, second) == (0.4, pytest.approx(0.4 + gaps[-1]))
    assert [text.get_text() for text in again.axes[0].texts] == [
        " a name of\n 20 letters",
        " another of\n 20 letters",
    ]
    # the longest line has 11 letters with its space, 0.027 of the axis each
    left, right = again.axes[0].get_xlim()
    assert (right - 20) / (right - left) == pytest.approx(0.027 * 11)
    left, right = figure.axes[0].get_xlim()
    assert (right - 20) / (right - left) == pytest.approx(0.0135 * 22)


def test_cohorts_are_named_in_lines_of_three_on_a_phone():
    figure, again = on_a_phone("risks")
    # a mark at the last dose, 150, is whole on a phone too
    assert [one.axes[0].get_xlim()[1] for one in (figure, again)] == [153, 156]
    # one column for each cohort, up to three
    assert [one.axes[0].get_legend()._ncols for one in (figure, again)] == [4, 3]
