"""Figures of a meta-analysis: drawn apart from pyplot, alt text from their own numbers."""

from __future__ import annotations

import io
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from four_effects import CURVE, EFFECTS, SUMMARY

from repdose.effect_sizes import composite
from repdose.figures import dose_response
from repdose.figures import meta_analysis as figures
from repdose.plots.sheet import Sheet
from repdose.plots.style import WIDTH


def draw(name):
    if name == "forest":
        return figures.forest(composite(EFFECTS, rho=0.5), summary=SUMMARY, unit="SD")
    if name == "funnel":
        return figures.funnel(EFFECTS, centre=0.33, heterogeneity=0.02, unit="SD")
    if name == "orchard":
        table = pd.DataFrame({"trained": SUMMARY, "untrained": SUMMARY}).T
        return figures.orchard(EFFECTS, table, group="status", unit="SD")
    if name == "influence":
        left = pd.DataFrame(
            {
                "estimate": [0.02, 0.05],
                "low": [0.0, 0.01],
                "high": [0.04, 0.09],
                "distance": [0.9, 0.1],
            },
            index=["Ash", "Birch"],
        )
        return figures.influence(left, estimate=0.03, coefficients=2, unit="SD")
    if name == "bubble":
        return dose_response.bubble(EFFECTS, CURVE, dose="weekly_sets", dose_unit="sets", unit="SD")
    table = pd.concat(
        [
            CURVE.assign(label="one", low=np.nan, high=np.nan),
            CURVE.assign(label="two", estimate=CURVE["estimate"] * 2),
        ]
    ).assign(dose_unit="sets", outcome_unit="SD", quantity="gain")
    return dose_response.curves(table)


SAID = {
    "forest": [
        "3 studies",
        "-0.20 (Birch2004)",
        "0.91 (Cedar2010)",
        "0.33",
        "-0.42 to 1.08",
        "2 have",
    ],
    "funnel": ["4 effects", "around 0.33", "0.10 to 0.30"],
    "orchard": ["trained (2 effects) 0.33", "untrained (2 effects)", "0.11 to 0.55"],
    "influence": ["2 studies", "0.03", "0.02 (without Ash)", "Ash has the largest", "0.90"],
    "bubble": [
        "4 effects at 3 to 18 sets",
        "0.12 (0.02 to 0.22) at 1",
        "0.44 (0.24 to 0.64) at 20",
    ],
    "curves": ["2 dose-response curves", "one 0.44 at 20, extrapolated", "two 0.88 at 20"],
}


@pytest.mark.parametrize("name", SAID)
def test_alt_text_says_the_figures_numbers(name):
    figure, alt = draw(name)
    assert isinstance(figure, Sheet)
    for words in SAID[name]:
        assert words in alt, alt
    assert "nan" not in alt.lower()


@pytest.mark.parametrize("name", SAID)
def test_figures_are_one_column_wide_drawn_without_pyplot_and_the_same_each_time(name):
    before = plt.get_fignums()
    pictures = []
    for _ in range(2):
        figure, _ = draw(name)
        assert figure.get_size_inches()[0] == WIDTH
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", metadata={"Software": None})
        pictures.append(buffer.getvalue())
    assert pictures[0] == pictures[1]
    assert plt.get_fignums() == before


def lightness(colour):
    from matplotlib.colors import to_rgb

    return float(np.dot(to_rgb(colour), [0.2126, 0.7152, 0.0722]))


def test_series_differ_without_colour():
    shades = [figures.DARK, figures.MIDDLE, figures.LIGHT]
    values = sorted(lightness(shade) for shade in shades)
    assert min(np.diff(values)) > 0.15
    figure, _ = draw("curves")
    dashes = {line.get_linestyle() for line in figure.axes[0].lines if line.get_linewidth() == 2}
    assert len(dashes) == 2


def test_labels_at_line_ends_do_not_overlap_and_stay_on_the_figure():
    table = pd.concat(
        CURVE.assign(label=f"curve {i}", estimate=CURVE["estimate"] + i / 1000, low=np.nan)
        for i in range(4)
    ).assign(dose_unit="sets", outcome_unit="SD", quantity="gain")
    figure, _ = dose_response.curves(table)
    figure.canvas.draw()
    boxes = sorted((text.get_window_extent() for text in figure.axes[0].texts), key=lambda b: b.y0)
    assert len(boxes) == 4
    for lower, upper in pairwise(boxes):
        assert lower.y1 <= upper.y0 + 1
    assert max(box.x1 for box in boxes) <= figure.bbox.x1


def test_a_missing_column_an_empty_table_and_a_variance_of_zero_are_refused():
    with pytest.raises(ValueError, match="needs column vi"):
        figures.funnel(EFFECTS.drop(columns="vi"), centre=0, unit="SD")
    left = pd.DataFrame({"estimate": [0.1], "low": [0.0], "high": [0.2], "distance": [0.1]})
    for column in left:
        with pytest.raises(ValueError, match=f"needs column {column}"):
            figures.influence(left.drop(columns=column), estimate=0.1, coefficients=2, unit="SD")
    with pytest.raises(ValueError, match="no rows"):
        figures.funnel(EFFECTS.iloc[:0], centre=0, unit="SD")
    with pytest.raises(ValueError, match="vi must be above 0"):
        figures.funnel(EFFECTS.assign(vi=0.0), centre=0, unit="SD")
    with pytest.raises(ValueError, match="no row for status untrained"):
        figures.orchard(EFFECTS, pd.DataFrame({"trained": SUMMARY}).T, group="status", unit="SD")


def test_a_composite_of_wholly_correlated_effects_gains_no_precision():
    rows = EFFECTS.assign(vi=0.04)
    assert composite(rows, rho=1)["vi"].tolist() == pytest.approx([0.04, 0.04, 0.04])
    assert composite(rows, rho=0)["vi"].tolist() == pytest.approx([0.02, 0.04, 0.04])
    table = composite(EFFECTS, rho=0.5)
    assert table.loc["Ash2001"].tolist() == pytest.approx([2, 0.3, (0.05 + 0.5 * 2 * 0.02) / 4])
    with pytest.raises(ValueError, match="rho"):
        composite(EFFECTS, rho=1.2)
    with pytest.raises(ValueError, match="no column arm"):
        composite(EFFECTS, by="arm", rho=0.5)
