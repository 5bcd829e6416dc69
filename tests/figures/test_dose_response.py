"""Figures of effects and of curves along a dose: what is drawn, and what is said of it."""

import math
import re

import numpy as np
import pandas as pd
import pytest
from four_effects import CURVE, EFFECTS, SUMMARY
from scipy.special import ndtri
from two_stages import title

from repdose.figures import dose_response as figures
from repdose.figures import meta_analysis

Z = 1.959963984540054
STUDIES = pd.DataFrame(
    {"yi": [0.3, -0.2, 0.91], "vi": [0.04, 0.01, 0.09], "k": [2, 1, 3]},
    index=["Ash2001", "Birch2004", "Cedar2010"],
)


def ends(collection):
    """Of lines drawn at once: where each begins and ends."""
    return [(*one[0], *one[-1]) for one in collection.get_segments()]


def near(rows):
    return [pytest.approx(row) for row in rows]


def offsets(marks):
    return [tuple(point) for point in marks.get_offsets()]


def areas(variance):
    """From 4 to 150 points squared, in proportion to precision."""
    precision = [1 / one for one in variance]
    return [4 + 146 * one / max(precision) for one in precision]


def test_a_forest_has_each_study_with_its_interval_and_the_summary_below():
    figure, alt = meta_analysis.forest(STUDIES, summary=SUMMARY, unit="SD", title="Above")
    (axes,) = figure.axes
    studies, marks, prediction = axes.collections
    assert ends(studies) == near(
        [
            (-0.2 - Z * 0.1, 3, -0.2 + Z * 0.1, 3),
            (0.3 - Z * 0.2, 2, 0.3 + Z * 0.2, 2),
            (0.91 - Z * 0.3, 1, 0.91 + Z * 0.3, 1),
        ]
    )
    assert offsets(marks) == near([(-0.2, 3), (0.3, 2), (0.91, 1)])
    assert list(marks.get_sizes()) == pytest.approx(areas([0.01, 0.04, 0.09]))
    assert ends(prediction) == near([(-0.42, -0.6, 1.08, -0.6)])
    (diamond,) = axes.patches
    assert [tuple(point) for point in diamond.get_xy()[:4]] == near(
        [(0.11, -0.6), (0.33, -0.2), (0.55, -0.6), (0.33, -1.0)]
    )
    zero, mean = axes.lines
    assert (zero.get_xdata()[0], mean.get_xdata()[0]) == (0, 0.33)
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "Birch2004 (1)",
        "Ash2001 (2)",
        "Cedar2010 (3)",
        "Summary",
    ]
    assert list(axes.get_yticks()) == [3, 2, 1, -0.6]
    assert axes.get_ylim() == pytest.approx((-1.6, 3.8))
    assert axes.get_xlabel() == (
        "SD\nlines: 95 % confidence; line through the diamond: 95 % prediction"
    )
    assert title(axes) == "Above"
    # of Cedar's 0.91 ± 0.59 alone the interval is above zero
    assert alt == (
        "Forest plot of 3 studies. 1 have intervals wholly above zero; effects run from -0.20 "
        "(Birch2004) to 0.91 (Cedar2010). Summary 0.33, 95 % confidence 0.11 to 0.55, prediction "
        "-0.42 to 1.08 SD."
    )
    plain, _ = meta_analysis.forest(STUDIES.drop(columns="k"), summary=SUMMARY, unit="SD")
    assert [label.get_text() for label in plain.axes[0].get_yticklabels()][:2] == [
        "Birch2004",
        "Ash2001",
    ]
    assert title(plain.axes[0]) == ""


def test_an_interval_that_begins_at_zero_is_not_above_it():
    z = float(ndtri(0.975))
    level = pd.DataFrame({"yi": [z * 0.5, z * 0.5 + 0.1], "vi": [0.25, 0.25]}, index=["a", "b"])
    alt = meta_analysis.forest(level, summary=SUMMARY, unit="SD")[1]
    assert "Forest plot of 2 studies. 1 have intervals wholly above zero" in alt


def test_a_forest_of_many_studies_stays_on_a_screen():
    many = pd.concat([STUDIES] * 40)
    figure, _ = meta_analysis.forest(many, summary=SUMMARY, unit="SD")
    few, _ = meta_analysis.forest(STUDIES, summary=SUMMARY, unit="SD")
    assert figure.get_size_inches()[1] == 14
    assert few.get_size_inches()[1] == pytest.approx(1.3 + 0.22 * 5)


def test_a_funnel_has_effects_by_their_errors_and_both_regions():
    figure, alt = meta_analysis.funnel(
        EFFECTS, centre=0.33, heterogeneity=0.02, unit="SD", title="Above"
    )
    (axes,) = figure.axes
    shaded, marks = axes.collections
    errors = [0.1, 0.2, 0.3, 0.25]
    assert offsets(marks) == near(zip(EFFECTS["yi"], errors, strict=True))
    left, right, mean = axes.lines
    top = 0.3 * 1.05
    for line, side in ((left, -1), (right, 1)):
        assert line.get_linestyle() == "--"
        at = np.asarray(line.get_ydata())
        assert (at[0], at[-1]) == (0, pytest.approx(top))
        assert list(line.get_xdata()) == pytest.approx(
            list(0.33 + side * Z * np.sqrt(at**2 + 0.02))
        )
    assert list(mean.get_xdata()) == [0.33, 0.33]
    reach = shaded.get_paths()[0].vertices
    assert (reach[:, 0].min(), reach[:, 0].max()) == pytest.approx((0.33 - Z * top, 0.33 + Z * top))
    assert axes.get_ylim() == (pytest.approx(top), 0)
    assert (axes.get_xlabel(), axes.get_ylabel(), title(axes)) == (
        "SD",
        "Standard error",
        "Above",
    )
    words = [(text.get_text(), text.xy) for text in axes.texts]
    assert words == [
        ("shaded: sampling error alone", (0.98, 0.95)),
        ("dashed: heterogeneity added", (0.98, pytest.approx(0.89))),
    ]
    # 0.23, 0.17, 0.53 and 0.58 from the mean, within 0.34, 0.48, 0.65 and 0.56; the errors of
    # 0.25 and 0.3 lie above their median, and 0.91 of their effects above the mean
    assert alt == (
        "Funnel plot of 4 effects around 0.33 SD; standard errors run from 0.10 to 0.30. 3 lie "
        "inside the 95 % region with heterogeneity; of the 2 less precise effects 1 lie above the "
        "mean."
    )
    alone = meta_analysis.funnel(EFFECTS, centre=0.33, unit="SD")[1]
    # without heterogeneity 0.23 is not within 0.196
    assert "2 lie inside" in alone
    assert all(text.xycoords == "axes fraction" for text in axes.texts)
    bare = meta_analysis.funnel(EFFECTS, centre=0.33, unit="SD")[0]
    assert title(bare.axes[0]) == ""
    # three of one error, and one effect at the mean: neither is less precise, nor above it
    alike = pd.DataFrame({"yi": [0.1, 0.2, 0.3, 0.5], "vi": [0.01, 0.01, 0.01, 0.04]})
    assert (
        "of the 1 less precise effects 0 lie above"
        in (meta_analysis.funnel(alike, centre=0.5, unit="SD")[1])
    )
    assert (
        "of the 1 less precise effects 1 lie above"
        in (meta_analysis.funnel(alike, centre=0.05, unit="SD")[1])
    )
    with pytest.raises(ValueError, match="heterogeneity must be"):
        meta_analysis.funnel(EFFECTS, centre=0.33, heterogeneity=-0.1, unit="SD")


def test_an_orchard_has_every_effect_of_each_group_with_its_mean():
    other = {"estimate": 0.2, "ci_low": 0.1, "ci_high": 0.3, "pi_low": -0.5, "pi_high": 0.9}
    table = pd.DataFrame({"trained": SUMMARY, "untrained": other}).T
    rows = pd.concat([EFFECTS, EFFECTS.iloc[[3]].assign(status="alone", yi=0.4)], ignore_index=True)
    table.loc["alone"] = pd.Series(other)
    figure, alt = meta_analysis.orchard(rows, table, group="status", unit="SD", title="Above")
    (axes,) = figure.axes
    size = dict(zip(rows["yi"], areas(rows["vi"]), strict=True))
    parts = axes.collections
    # alone below, then untrained and trained, sorted and spread about their line
    for at, (drawn, effects, row) in enumerate(
        [
            (parts[0:3], [(0.4, 0)], other),
            (parts[3:6], [(-0.2, 0.7), (0.91, 1.3)], other),
            (parts[6:9], [(0.1, 1.7), (0.5, 2.3)], SUMMARY),
        ]
    ):
        marks, thin, thick = drawn
        assert offsets(marks) == near(effects)
        assert list(marks.get_sizes()) == pytest.approx([size[effect] for effect, _ in effects])
        assert ends(thin) == near([(row["pi_low"], at, row["pi_high"], at)])
        assert ends(thick) == near([(row["ci_low"], at, row["ci_high"], at)])
        assert thick.get_linewidth()[0] > thin.get_linewidth()[0]
    zero, *means = axes.lines
    assert list(zero.get_xdata()) == [0, 0]
    # white with a dark edge, so that a mean shows upon its own interval
    assert {line.get_marker() for line in means} == {"o"}
    assert {line.get_markeredgecolor() for line in means} == {figures.DARK}
    assert [(line.get_xdata()[0], line.get_ydata()[0]) for line in means] == [
        (0.2, 0),
        (0.2, 1),
        (0.33, 2),
    ]
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "alone\n1 effects",
        "untrained\n2 effects",
        "trained\n2 effects",
    ]
    assert axes.get_ylim() == pytest.approx((-0.6, 2.6))
    assert axes.get_xlabel() == "SD\nthick: 95 % confidence; thin: 95 % prediction"
    assert title(axes) == "Above"
    # rows may be called by any names
    named = rows.set_axis([f"row {place}" for place in range(len(rows))])
    bare, said_of_named = meta_analysis.orchard(named, table, group="status", unit="SD")
    assert said_of_named == alt
    assert title(bare.axes[0]) == ""
    said = "0.20, confidence 0.10 to 0.30, prediction -0.50 to 0.90"
    assert alt == (
        "Effects by status, SD: trained (2 effects) 0.33, confidence 0.11 to 0.55, prediction "
        f"-0.42 to 1.08; untrained (2 effects) {said}; alone (1 effects) {said}."
    )


def test_influence_has_the_estimate_without_each_study_and_how_far_coefficients_move():
    names = ["Ash", "Birch", "Cedar"]
    left_out = pd.DataFrame(
        {
            "estimate": [0.05, 0.02, 0.03],
            "low": [0.01, -0.03, math.nan],
            "high": [0.08, 0.04, math.nan],
            "distance": [0.1, 0.9, 0.2],
        },
        index=names,
    )
    figure, alt = meta_analysis.influence(
        left_out, estimate=0.031234, coefficients=2, unit="SD per set", title="Above"
    )
    left, right = figure.axes
    (lines,) = left.collections
    # without Cedar there is no interval, and no line
    drawn = [(*line[0], *line[-1]) for line in lines.get_segments() if len(line)]
    assert drawn == near([(-0.03, 3, 0.04, 3), (0.01, 1, 0.08, 1)])
    dots, whole, zero = left.lines
    assert (dots.get_marker(), dots.get_linestyle()) == ("o", "None")
    assert list(zip(dots.get_xdata(), dots.get_ydata(), strict=True)) == [
        (0.02, 3),
        (0.03, 2),
        (0.05, 1),
    ]
    assert whole.get_xdata()[0] == 0.031234
    assert zero.get_xdata()[0] == 0
    assert [label.get_text() for label in left.get_yticklabels()] == ["Birch", "Cedar", "Ash"]
    assert list(left.get_yticks()) == [3, 2, 1]
    (bars,) = right.collections
    assert ends(bars) == near([(0, 3, 0.9, 3), (0, 2, 0.2, 2), (0, 1, 0.1, 1)])
    # the median of chi-squared with two degrees of freedom is 2 ln 2
    (limit,) = right.lines
    assert limit.get_xdata()[0] == pytest.approx(2 * math.log(2))
    assert left.get_xlabel() == "SD per set without the study"
    assert right.get_xlabel() == "Cook's distance"
    # one line a study through both panels
    assert right.get_ylim() == left.get_ylim()
    assert list(right.get_yticks()) == list(left.get_yticks())
    assert title(left) == "Above"
    assert alt == (
        "Leave-one-out of 3 studies: the estimate is 0.03123 with all of them and runs from "
        "0.02 (without Birch) to 0.05 (without Ash). Birch has the largest Cook's distance, 0.90; "
        "half of a chi-squared distribution lies below 1.39."
    )
    # at most 0.63, which is less than half of 1.39
    near_by = left_out.assign(distance=left_out["distance"] * 0.7)
    far, _ = meta_analysis.influence(near_by, estimate=0.03, coefficients=2, unit="SD")
    assert not far.axes[1].lines
    assert title(far.axes[0]) == ""


def test_marks_grow_with_precision():
    assert meta_analysis.mark_areas([0.01, 0.04]).tolist() == pytest.approx([150, 4 + 146 / 4])


def test_a_bubble_has_effects_along_the_dose_with_the_curve_and_its_intervals():
    figure, alt = figures.bubble(
        EFFECTS, CURVE, dose="weekly_sets", dose_unit="sets", unit="SD", title="Above"
    )
    (axes,) = figure.axes
    marks, band = axes.collections
    assert offsets(marks) == near(zip(EFFECTS["weekly_sets"], EFFECTS["yi"], strict=True))
    assert list(marks.get_sizes()) == pytest.approx(areas(EFFECTS["vi"]))
    assert not len(marks.get_facecolor())  # rings, so that one behind another shows
    drawn = {tuple(point) for point in band.get_paths()[0].vertices}
    assert {(1.0, 0.02), (1.0, 0.22), (20.0, 0.24), (20.0, 0.64)} <= drawn
    zero, low, high, studied, beyond = axes.lines
    assert list(zero.get_ydata()) == [0, 0]
    assert list(low.get_ydata()) == [-0.3, -0.1, -0.05]
    assert list(high.get_ydata()) == [0.5, 0.7, 0.93]
    for line in (low, high, studied, beyond):
        assert list(line.get_xdata()) == [1, 10, 20]
    nan = math.nan
    assert list(studied.get_ydata()) == pytest.approx([nan, 0.31, nan], nan_ok=True)
    assert list(beyond.get_ydata()) == pytest.approx([0.12, nan, 0.44], nan_ok=True)
    assert (studied.get_linestyle(), beyond.get_linestyle()) == ("-", ":")
    assert {low.get_linestyle(), high.get_linestyle()} == {"--"}
    names = {text.get_text(): text.xy for text in axes.texts}
    assert names == {
        " mean": (20, 0.44),
        " 95 % confidence": (20, 0.64),
        " 95 % prediction": (20, 0.93),
    }
    assert (axes.get_xlabel(), axes.get_ylabel(), title(axes)) == ("Dose [sets]", "SD", "Above")
    assert alt == (
        "4 effects at 3 to 18 sets, with a curve from 0.12 (0.02 to 0.22) at 1 to 0.44 (0.24 to "
        "0.64) at 20; prediction interval there -0.05 to 0.93 SD."
    )
    whole, _ = figures.bubble(
        EFFECTS,
        CURVE.drop(columns="extrapolated"),
        dose="weekly_sets",
        dose_unit="sets",
        unit="SD",
    )
    assert list(whole.axes[0].lines[3].get_ydata()) == [0.12, 0.31, 0.44]
    assert title(whole.axes[0]) == ""


def test_curves_are_drawn_thin_beyond_the_doses_studied():
    table = pd.concat(
        [
            CURVE.assign(label="one", low=np.nan, high=np.nan),
            CURVE.assign(label="two", estimate=CURVE["estimate"] * 2, extrapolated=False),
        ]
    ).assign(dose_unit="sets", outcome_unit="SD", quantity="gain")
    figure, alt = figures.curves(table, title="Above")
    (axes,) = figure.axes
    zero, thick_one, thin_one, thick_two, thin_two = axes.lines
    nan = math.nan
    assert list(zero.get_ydata()) == [0, 0]
    assert list(thick_one.get_ydata()) == pytest.approx([nan, 0.31, nan], nan_ok=True)
    assert list(thin_one.get_ydata()) == [0.12, 0.31, 0.44]
    assert list(thick_two.get_ydata()) == list(thin_two.get_ydata()) == [0.24, 0.62, 0.88]
    assert thick_one.get_linewidth() > thin_one.get_linewidth()
    assert thin_one.get_linestyle() == thick_one.get_linestyle()
    assert thin_two.get_linestyle() == thick_two.get_linestyle()
    assert thick_one.get_linestyle() != thick_two.get_linestyle()
    for line in axes.lines[1:]:
        assert list(line.get_xdata()) == [1, 10, 20]
    # a curve without an interval has no band
    (band,) = axes.collections
    drawn = {tuple(point) for point in band.get_paths()[0].vertices}
    assert {(1.0, 0.02), (1.0, 0.22), (20.0, 0.24), (20.0, 0.64)} <= drawn
    assert {text.get_text(): text.xy for text in axes.texts} == {
        " one": (20, 0.44),
        " two": (20, 0.88),
    }
    assert axes.get_xlabel() == "Dose [sets]; thin: beyond the doses studied"
    assert (axes.get_ylabel(), title(axes)) == ("Gain [SD]", "Above")
    assert alt == (
        "2 dose-response curves, gain in SD over sets: one 0.44 at 20, extrapolated; two 0.88 at "
        "20."
    )
    # names have room to the right of the last dose, and no tick stands there
    assert axes.get_xlim()[1] > 20
    assert max(axes.get_xticks()) <= 20


def ending(**ends):
    """Curves without intervals that end at a dose and a height."""
    return pd.concat(
        CURVE.assign(label=name, dose=[1.0, 10.0, dose], estimate=[0.1, 0.2, height], low=np.nan)
        for name, (dose, height) in ends.items()
    ).assign(dose_unit="sets", outcome_unit="SD", quantity="gain")


def test_names_are_put_apart_from_the_lowest_line_up_wherever_it_ends():
    figure, alt = figures.curves(ending(z=(20.0, 0.40), a=(20.0, 0.402), m=(15.0, 0.414)))
    # said in the order of the table
    assert re.findall(r"(\w) 0.4\d at", alt) == ["z", "a", "m"]
    (axes,) = figure.axes
    low, high = axes.get_ylim()
    gap = figures.APART * (high - low)
    assert {text.get_text(): text.get_position() for text in axes.texts} == {
        " z": (20, 0.40),
        " a": (20, pytest.approx(0.40 + gap)),
        " m": (15, pytest.approx(0.40 + 2 * gap)),
    }


def test_names_have_the_room_they_need_and_at_most_three_fifths_of_the_axis():
    # the axis begins a twentieth of 19 sets before the first dose
    width = 20 - (1 - 0.95)
    short, _ = figures.curves(ending(z=(20.0, 0.4)))
    assert 20 < short.axes[0].get_xlim()[1] < 20 + 0.05 * width
    middle, _ = figures.curves(ending(**{"a name of 20 letters": (20.0, 0.4)}))
    assert 20 + 0.2 * width < middle.axes[0].get_xlim()[1] < 20 + 0.5 * width
    long, _ = figures.curves(ending(**{"a name " * 20: (20.0, 0.4)}))
    assert long.axes[0].get_xlim()[1] == pytest.approx(20 + width * 0.6 / 0.4)


def test_ticks_stand_at_the_first_and_the_last_dose_and_none_beyond():
    figure, _ = figures.curves(ending(z=(20.0, 0.4)))
    assert max(figure.axes[0].get_xticks()) == 20
    assert title(figure.axes[0]) == ""


def test_names_that_would_overlap_are_moved_up():
    table = pd.concat(
        CURVE.assign(label=f"{place}", estimate=CURVE["estimate"] + place / 1000)
        for place in range(3)
    ).assign(dose_unit="sets", outcome_unit="SD", quantity="gain", low=np.nan)
    figure, _ = figures.curves(table)
    (axes,) = figure.axes
    low, high = axes.get_ylim()
    gap = figures.APART * (high - low)
    heights = [text.get_position()[1] for text in axes.texts]
    assert heights == pytest.approx([0.44, 0.44 + gap, 0.44 + 2 * gap])
    assert {text.get_position()[0] for text in axes.texts} == {20}


@pytest.mark.parametrize("column", ["dose", "estimate", "low", "high", "pi_low", "pi_high"])
def test_a_curve_without_a_column_is_refused(column):
    with pytest.raises(ValueError, match=f"a figure needs column {column}"):
        figures.bubble(
            EFFECTS,
            CURVE.drop(columns=column),
            dose="weekly_sets",
            dose_unit="sets",
            unit="SD",
        )
