"""Every figure of every default report: the numbers that alt text and caption give are drawn."""

import re

import numpy as np
import pytest
from executed import REPORTS, report

NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?!\w)")
# Said besides: how many draws are behind a histogram, which a table beside it gives; a parameter.
BESIDE = {
    ("assumptions", "simulation", "alt"): {"10000"},
    ("weekly_volume", "sets_by_muscle", "caption"): {"0.5"},
    ("progression_comparison", "overview", "caption"): {"0.5"},
    # counted from what is drawn in a test of its own
    ("dose_response", "funnel", "alt"): {"144", "95", "59", "18"},
    # the median of chi-squared with five degrees of freedom, beyond the longest bar
    ("dose_response", "influence", "alt"): {"4.35"},
    ("dose_response", "influence", "caption"): {"95", "2"},  # the level, and CR2
}


def numbers(text):
    """Numbers of a text without its citations, as they are printed."""
    plain = re.sub(r"\[@[^\]]*\]", "", text).replace("−", "-")
    return [one.rstrip(",") for one in NUMBER.findall(plain)]


def drawn(figure):
    """Values of everything drawn, how many of each kind there are, and numbers in its words."""
    values, counts, words = [], set(), []
    for axes in figure.axes:
        for line in axes.lines:
            values += [np.asarray(one, float) for one in line.get_data()]
            counts.add(len(line.get_xdata()))
        for part in axes.collections:
            if hasattr(part, "get_segments"):
                values += [np.ravel(one) for one in part.get_segments()]
                counts.add(len(part.get_segments()))
            else:
                values += [np.ravel(part.get_offsets())]
                values += [np.ravel(path.vertices) for path in part.get_paths()]
                counts.add(len(part.get_offsets()))
        for bar in axes.patches:
            values.append(np.ravel(bar.get_xy()))
            if hasattr(bar, "get_width"):
                values.append(np.array([bar.get_width(), bar.get_x() + bar.get_width()]))
        words += [text.get_text() for text in axes.texts]
        words += [text.get_text() for text in (*axes.get_xticklabels(), *axes.get_yticklabels())]
        words += [axes.get_xlabel(), axes.get_ylabel(), axes.get_title(), axes.get_title("left")]
    every = np.concatenate(values)
    return every[np.isfinite(every)], counts, {one for text in words for one in numbers(text)}


def stands_for(printed, value):
    decimals = len(printed.partition(".")[2])
    return printed in (f"{value:,.{decimals}f}", f"{value:.{decimals}f}", f"{value:.4g}")


@pytest.mark.parametrize(("notebook", "scenario"), REPORTS)
def test_numbers_in_words_about_a_figure_are_drawn_in_it(notebook, scenario):
    figures = report(notebook, scenario).figures
    assert figures
    for name, (figure, given) in figures.items():
        values, counts, written = drawn(figure)
        for where in ("alt", "caption"):
            beside = BESIDE.get((notebook, name, where), set())
            for printed in set(numbers(given[where])) - written - beside:
                if printed.isdigit() and int(printed) in counts:
                    continue
                near = values[np.abs(values - float(printed.replace(",", ""))) < 1]
                assert any(stands_for(printed, value) for value in near), (name, where, printed)


def test_the_draws_behind_the_histogram_are_those_tabled():
    made = report("assumptions", "foundation")
    assert set(made.tables["simulated"][0]["Draws"]) == {10000}
    assert len(made.results["numbers"])


def test_the_funnel_of_the_dose_report_counts_what_it_draws():
    figure, given = report("dose_response", "foundation").figures["funnel"]
    (axes,) = figure.axes
    left, right, mean = axes.lines
    effect, error = np.asarray(axes.collections[1].get_offsets()).T
    centre = mean.get_xdata()[0]
    inside = [
        np.interp(error, line.get_ydata(), side * (np.asarray(line.get_xdata()) - centre))
        >= side * (effect - centre)
        for line, side in ((left, -1), (right, 1))
    ]
    rough = error > np.median(error)
    assert given["alt"].endswith(
        f"{(inside[0] & inside[1]).sum()} lie inside the 95 % region with heterogeneity; of the "
        f"{rough.sum()} less precise effects {(effect[rough] > centre).sum()} lie above the mean."
    )


def test_the_curve_of_the_dose_report_is_said_in_the_order_it_is_drawn():
    figure, given = report("dose_response", "foundation").figures["curve"]
    (axes,) = figure.axes
    _, low, high, studied, _ = axes.lines
    marks, band = axes.collections
    doses = np.asarray(marks.get_offsets())[:, 0]
    shape = band.get_paths()[0].vertices
    ends = []
    for at in (0, -1):
        dose = studied.get_xdata()[at]
        heights = shape[shape[:, 0] == dose][:, 1]
        ends.append(
            f"{studied.get_ydata()[at]:.2f} ({heights.min():.2f} to {heights.max():.2f}) at "
            f"{dose:g}"
        )
    assert given["alt"].startswith(
        f"{len(doses)} effects at {doses.min():g} to {doses.max():g} sets per muscle per week, "
        f"with a curve from {ends[0]} to {ends[1]}; prediction interval there "
        f"{low.get_ydata()[-1]:.2f} to {high.get_ydata()[-1]:.2f}"
    )


def test_the_forest_and_the_orchard_of_the_dose_report_are_said_in_the_order_they_are_drawn():
    made = report("dose_response", "foundation")
    figure, given = made.figures["forest"]
    (axes,) = figure.axes
    intervals, marks, prediction = axes.collections
    above = sum(segment[0][0] > 0 for segment in intervals.get_segments())
    effects = np.asarray(marks.get_offsets())[:, 0]
    (diamond,) = axes.patches
    low, mean, high = (diamond.get_xy()[at][0] for at in (0, 1, 2))
    ((start, end),) = ([point[0] for point in one] for one in prediction.get_segments())
    names = [label.get_text().partition(" (")[0] for label in axes.get_yticklabels()]
    assert given["alt"].startswith(
        f"Forest plot of {len(effects)} studies. {above} have intervals wholly above zero; effects "
        f"run from {effects.min():.2f} ({names[0]}) to {effects.max():.2f} ({names[-2]}). Summary "
        f"{mean:.2f}, 95 % confidence {low:.2f} to {high:.2f}, prediction {start:.2f} to {end:.2f}"
    )
    figure, given = made.figures["status"]
    (axes,) = figure.axes
    parts, means = axes.collections, axes.lines[1:]
    labels = [label.get_text().partition("\n")[0] for label in axes.get_yticklabels()]
    for at, (name, mean) in enumerate(zip(labels, means, strict=True)):
        marks, thin, thick = parts[3 * at : 3 * at + 3]
        ends = [
            " to ".join(f"{point[0]:.2f}" for point in line.get_segments()[0])
            for line in (thick, thin)
        ]
        assert (
            f"{name} ({len(marks.get_offsets())} effects) {mean.get_xdata()[0]:.2f}, confidence "
            f"{ends[0]}, prediction {ends[1]}"
        ) in given["alt"]


def test_the_influence_plot_of_the_dose_report_is_said_as_it_is_drawn():
    figure, given = report("dose_response", "foundation").figures["influence"]
    left, right = figure.axes
    dots, whole, _ = left.lines
    without = dots.get_xdata()
    names = [label.get_text() for label in left.get_yticklabels()]
    cook = [segment[1][0] for segment in right.collections[0].get_segments()]
    assert given["alt"].startswith(
        f"Leave-one-out of {len(without)} studies: the estimate is "
        f"{whole.get_xdata()[0]:.4g} with all of them and runs from {without[0]:.4g} (without "
        f"{names[0]}) to {without[-1]:.4g} (without {names[-1]}). {names[int(np.argmax(cook))]} "
        f"has the largest Cook's distance, {max(cook):.2f}"
    )


def test_published_curves_beside_the_refit_end_where_they_are_said_to():
    made = report("dose_response", "foundation")
    figure, given = made.figures["published"]
    (axes,) = figure.axes
    ends = {f"{text.get_text().strip()} {text.xy[1]:.2f} at {text.xy[0]:g}" for text in axes.texts}
    assert all(end in given["alt"] for end in ends)
    # the lines are drawn thick and thin: two of each, after the line at zero
    assert given["alt"].startswith(f"{(len(axes.lines) - 1) // 2} dose-response curves, difference")
    assert "differences from 5 weekly sets" in given["caption"]
    at_five = [np.interp(5, *line.get_data()) for line in axes.lines[2::2]]
    # bands leap at five, and so between two points of what is drawn
    assert sum(abs(height) < 0.005 for height in at_five) == len(at_five) - 1
