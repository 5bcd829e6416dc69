"""Results draw themselves on the caller's axes, and load matplotlib only when asked to."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from repdose import dose_response, metaregression, progression
from repdose.evidence.own_trials import template
from repdose.figures import dose_response as figures
from repdose.plots.weeks import bars, name_weeks

TRIALS = pd.DataFrame(
    {
        "study": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "arm": range(8),
        "weekly_sets": [3.0, 9, 4, 12, 6, 18, 5, 10],
        "yi": [0.2, 0.35, 0.1, 0.4, 0.3, 0.45, 0.15, 0.4],
        "vi": [0.02, 0.02, 0.03, 0.03, 0.01, 0.01, 0.04, 0.04],
    }
)
PLAN = [
    {"variant": "lying_bent_knee", "weeks": 2, "sessions_per_week": 3, "sets": 2, **rest}
    for rest in [{"repetitions": 10, "rest_s": 60}]
] + [
    {"variant": "lying_straight_leg", "weeks": 1, "sessions_per_week": 4, "sets": 3, **rest}
    for rest in [{"repetitions": 8, "rest_s": 60}]
]


@pytest.fixture
def axes():
    figure = Figure(layout="constrained")
    yield figure.subplots(1, 2)
    plt.close("all")


def fitted(formula="~ weekly_sets"):
    return metaregression.fit(TRIALS, formula=formula, levels=["study", "arm"])


def solid(axes):
    """Points of the one thick line, without what is not drawn of it."""
    [line] = [one for one in axes.lines if one.get_label() == "mean"]
    x, y = line.get_xdata(), line.get_ydata()
    return x[~np.isnan(y)], y[~np.isnan(y)]


def test_a_fit_draws_its_effects_and_its_line_on_the_axes_given(axes):
    ours, other = axes
    fit = fitted()
    assert fit.plot(ours) is ours
    assert not other.lines
    [marks] = [one for one in ours.collections if one.get_label() == "effects, by precision"]
    assert marks.get_offsets().tolist() == TRIALS[["weekly_sets", "yi"]].to_numpy().tolist()
    x, y = solid(ours)
    slope, start = (fit.coefficients.loc[t, "estimate"] for t in ("weekly_sets", "Intercept"))
    assert (x[0], x[-1]) == (3, 18)
    np.testing.assert_allclose(y, start + slope * x)
    # Weights 1/0.01 and 1/0.04: the most precise marks are the largest, 150 points squared
    areas = marks.get_sizes()
    assert areas.max() == pytest.approx(150)
    assert areas[4] == areas.max() > areas[6] == areas.min()


def test_a_fit_without_one_number_to_draw_along_is_refused(axes):
    with pytest.raises(ValueError, match="the moderators are none: use predict"):
        fitted("~ 1").plot(axes[0])
    assert not axes[0].collections


def test_a_bent_form_is_drawn_along_the_dose_and_not_along_its_column(axes):
    fit = fitted("~ sqrt(weekly_sets)")
    fit.plot(axes[0])
    x, y = solid(axes[0])
    assert (x[0], x[-1]) == (3, 18)
    np.testing.assert_allclose(y, fit.predict(x)["estimate"])


def test_a_refit_is_drawn_as_the_report_draws_it(axes):
    curve = dose_response.refit(
        TRIALS, outcome="hypertrophy", levels=["study", "arm"], forms=["constant", "linear"]
    )
    assert curve.plot(axes[0]) is axes[0]
    x, y = solid(axes[0])
    line = curve.response(x)
    np.testing.assert_allclose(y, line["estimate"])
    figure, _ = figures.bubble(
        TRIALS, line, dose="weekly_sets", dose_unit=curve.dose_unit, unit="Gain"
    )
    [report] = figure.axes
    assert len(report.lines) == len(axes[0].lines)
    np.testing.assert_allclose(solid(report)[1], y)
    assert axes[0].get_xlabel() == "Dose [sets per muscle per week]"
    assert axes[0].get_ylabel() == "Gain in hypertrophy [effect size]"
    assert [text.get_text() for text in axes[0].get_legend().get_texts()] == [
        "effects, by precision",
        "95 % confidence",
        "95 % prediction",
        "mean",
    ]


def test_a_published_curve_is_drawn_over_the_doses_studied(axes):
    curve = dose_response.curve_of("pelland2026.size_volume")
    low, high = curve.studied_range
    curve.plot(axes[0])
    [line] = [one for one in axes[0].lines if one.get_label() == curve.label]
    assert line.get_xdata()[0] == (low or 0)
    assert line.get_xdata()[-1] == high
    at = curve.response(high)
    assert line.get_ydata()[-1] == pytest.approx(at["estimate"].item())


def test_a_plan_is_drawn_with_its_weekly_sets_and_the_names_of_its_variants(axes):
    plan = progression.plan(PLAN, title="Mine")
    assert plan.plot(axes[0]) is axes[0]
    # 3 sessions of 2 sets in weeks 1 and 2, 4 of 3 in week 3
    assert [bar.get_height() for bar in axes[0].patches] == [6, 6, 12]
    assert [text.get_text() for text in axes[0].texts] == [
        "bent-knee leg raise, lying",
        "straight-leg raise, lying",
    ]
    assert axes[0].get_title(loc=mpl.rcParams["axes.titlelocation"]) == "Mine"


def test_each_run_of_weeks_has_its_name_above_its_middle_and_a_line_before_it():
    for names, middles, parted in (("aab", [1.5, 3], 2.5), ("abb", [1, 2.5], 1.5)):
        ours = Figure().subplots()
        bars(ours, [1, 2, 3], [6, 6, 12], list(names))
        assert [bar.get_x() + bar.get_width() / 2 for bar in ours.patches] == [1, 2, 3]
        assert all(bar.get_width() == 0.7 for bar in ours.patches)  # apart from each other
        assert [(text.get_text(), text.get_position()[0]) for text in ours.texts] == list(
            zip("ab", middles, strict=True)
        )
        (line,) = ours.lines
        assert list(line.get_xdata()) == [parted] * 2
        # from nothing, with room for the names above the highest bar
        assert ours.get_ylim() == pytest.approx((0, 1.22 * 12))
        assert {text.get_position()[1] for text in ours.texts} == {1.04 * 12}
        assert {text.get_va() for text in ours.texts} == {"bottom"}


def test_each_week_is_named_as_long_as_there_is_room():
    wide = Figure(figsize=(7.2, 4)).subplots()  # the axis is 0.775 of it, 5.6 inches
    for weeks, step in ((3, 1), (12, 1), (16, 1), (32, 2), (52, 4)):
        name_weeks(wide, range(1, weeks + 1))
        assert list(wide.get_xticks()) == list(range(1, weeks + 1, step))
    # 0.3 inches have no room for a week: the first is named
    least = Figure(figsize=(0.4, 4)).subplots()
    name_weeks(least, range(1, 4))
    assert list(least.get_xticks()) == [1]


def test_a_curve_of_bands_is_not_drawn_where_it_has_none(axes):
    # Ralston 2017: up to 5 weekly sets, and 10 or more
    curve = dose_response.curve_of("ralston2017.categories")
    curve.plot(axes[0])
    for line in axes[0].lines:
        x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
        assert ((x < 5) | (x >= 10)).tolist() == (~np.isnan(y)).tolist()


@pytest.mark.parametrize(
    "id",
    [one.id for outcome in dose_response.OUTCOMES for one in dose_response.curves(outcome=outcome)],
)
def test_each_curve_that_is_shipped_can_be_drawn(id, axes):
    dose_response.curve_of(id).plot(axes[0])
    assert not np.isnan(axes[0].lines[0].get_ydata()[-1])


def test_without_axes_new_ones_have_the_look_of_a_report_and_no_setting_stays_changed():
    before = dict(mpl.rcParams)
    made = fitted().plot()
    assert dict(mpl.rcParams) == before
    assert not made.spines["top"].get_visible()
    assert made.figure.number in plt.get_fignums()  # so that Jupyter shows it
    plt.close("all")


def test_own_trials_in_three_lines(tmp_path):
    (tmp_path / "mine.csv").write_text(template(), "utf-8")
    trials = dose_response.read_trials(tmp_path / "mine.csv")
    fit = dose_response.refit(trials)
    axes = fit.plot()
    [marks] = [one for one in axes.collections if one.get_label() == "effects, by precision"]
    assert marks.get_offsets()[:, 1].tolist() == trials.effects["yi"].tolist()
    plt.close("all")


def test_matplotlib_is_loaded_by_the_first_plot_alone():
    program = (
        "import sys\nfrom repdose import dose_response, metaregression, plans\n"
        f"plan = plans.plan({PLAN!r})\nplan._repr_html_()\n"
        "dose_response.curve_of('pelland2026.size_volume')._repr_html_()\n"
        "assert 'matplotlib' not in sys.modules\n"
        "import matplotlib; matplotlib.use('agg')\nplan.plot()\n"
        "assert 'matplotlib.pyplot' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
