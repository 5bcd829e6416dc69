"""Sets by muscle where there are more muscles than panels: a row each, of the last week."""

import pytest
from two_sessions import PLAN

from repdose import volume
from repdose.figures import weekly_volume as figures


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(figures, "MOST_PANELS", 4)
    return volume.weekly_sets(PLAN)


def test_each_muscle_has_a_row_from_direct_to_total_with_its_fractional_sets(many):
    figure, alt = figures.sets_by_muscle(many)
    (axes,) = figure.axes
    # fewest at the bottom: 2 hanging sets are indirect for the latissimus and the grip
    dots = axes.lines[0]
    assert dots.get_xdata().tolist() == [1, 1, 5.5, 6.5, 6.5, 11, 11]
    bands = [segment[:, 0].tolist() for segment in axes.collections[0].get_segments()]
    assert bands == [[0, 2], [0, 2], [0, 11], [2, 11], [2, 11], [11, 11], [11, 11]]
    assert len(axes.get_yticklabels()) == 7
    assert alt.startswith("Sets by muscle in week 3, most first; dot: fractional sets, band:")
    assert "rectus abdominis: 6.5 (2 to 11)" in alt
    assert figures.key_words(many) == "The last week. Dot"
    assert dots.get_marker() == "o"
    assert axes.get_xlim() == pytest.approx((0, 1.05 * 11))
    assert axes.get_xlabel() == "Sets per muscle per week"


def test_rows_are_of_the_last_week_with_room_for_the_longest_band(many):
    """Week 1 has a tenth of the sets, and the longest band is not that of the most sets."""
    columns = ["direct", "fractional", "total"]
    varied = many.astype(dict.fromkeys(columns, float))
    varied["direct"] = varied["direct"].clip(lower=1)  # no band begins at the axis
    varied.loc[varied["week"] == 1, columns] /= 10
    varied.loc[varied["muscle"] == "rectus_abdominis", "total"] = 20.0
    figure, alt = figures.sets_by_muscle(varied)
    (axes,) = figure.axes
    assert axes.lines[0].get_xdata().tolist() == [1, 1, 5.5, 6.5, 6.5, 11, 11]
    assert axes.get_xlim() == pytest.approx((0, 1.05 * 20))
    names = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
    # read from above: the most first, each with its muscle, and nothing between but a semicolon
    assert [one.split(": ")[0] for one in alt[alt.index(names[-1]) :].split("; ")] == names[::-1]
    assert "rectus abdominis: 6.5 (2 to 20)" in alt
    assert f". {names[-1]}: 11 (11 to 11); " in alt


def test_few_muscles_have_panels(monkeypatch):
    monkeypatch.setattr(figures, "MOST_PANELS", 7)  # as many as there are
    sets = volume.weekly_sets(PLAN)
    assert figures.loaded_muscles(sets)[:2] == ["iliopsoas", "rectus_femoris"]
    assert len(figures.loaded_muscles(sets)) == 7
    assert figures.key_words(sets) == "Line"
    figure, _ = figures.sets_by_muscle(sets)
    assert sum(axes.get_visible() for axes in figure.axes) == 7
