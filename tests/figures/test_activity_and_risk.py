"""The curve of risk as drawn, and what its alt text says of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.collections import PathCollection

from repdose.dose_response import grouped
from repdose.figures.activity_and_risk import risk_curve


@pytest.fixture(scope="module")
def fit():
    """Without error: -0.006 x + 4e-5 x², lowest at 75 with exp(-0.225) = 0.80."""
    x = np.array([0, 30, 90, 150.0])
    one = pd.DataFrame(
        {"dose": x, "log_rr": -0.006 * x + 4e-5 * x**2, "se": [np.nan, 0.05, 0.05, 0.1]}
    )
    table = pd.concat([one.assign(study="a"), one.assign(study="b"), one.assign(study="c")])
    return grouped(table, shape="quadratic", covariance="independent", method="fixed")


def test_the_alt_text_has_the_numbers_of_the_curve(fit):
    _, alt = risk_curve(fit, unit="min/week", marks={"elapsed": 30.0})
    assert alt.startswith("9 classes of 3 cohorts at 0 to 150 min/week")
    assert "lowest point drawn, 75: 0.80 (" in alt
    assert "elapsed, 30: 0.87 (" in alt  # exp(-0.144)
    assert "end, 150: 1.00 (" in alt


def test_everything_stands_in_the_figure_on_a_log_axis(fit):
    figure, _ = risk_curve(fit, unit="min/week", marks={"elapsed": 30.0}, covered=120.0)
    (axes,) = figure.axes
    assert axes.get_yscale() == "log"
    marks = [one for one in axes.collections if isinstance(one, PathCollection)]
    shown = np.concatenate([np.asarray(one.get_offsets()) for one in marks])
    assert len(shown) == 9
    assert shown[:3, 1] == pytest.approx(np.exp([-0.144, -0.216, 0.0]))
    sizes = marks[0].get_sizes()
    assert sizes[0] > sizes[2]  # a larger error, a smaller mark
    labels = [text.get_text() for text in axes.get_legend().get_texts()]
    assert labels == ["a", "b", "c"]
    assert "elapsed" in [text.get_text() for text in axes.texts]
    low, high = axes.get_ylim()
    assert low < np.exp(-0.225) < 1 < high
    # the grey ground begins where hardly anybody was studied
    grounds = [one for one in axes.patches if one.get_x() == 120.0]
    assert len(grounds) == 1
    bare, _ = risk_curve(fit, unit="min/week")
    assert not bare.axes[0].patches
