"""Outlines in few signs: what a reader of SVG makes of them is where they go."""

from __future__ import annotations

import pytest
from matplotlib.path import Path

from repdose.plots.paths import data_of, name_of


@pytest.mark.parametrize(
    ("points", "codes", "data"),
    [
        ([(0, 0), (10, 0), (10, -5), (4, 4), (4, 4)], None, "m0 0h10v-5l-6 9h0"),
        ([(1, 2), (3, 2), (3, 4), (0, 0)], [1, 2, 2, 79], "m1 2h2v2z"),
        ([(1, 2), (3, 2), (5, 6), (7, 8)], [1, 2, 1, 2], "m1 2h2m2 4l2 2"),
        ([(0, 0), (1, 2), (3, 4), (5, 6)], [1, 4, 4, 4], "m0 0c1 2 3 4 5 6"),
        # A second curve led as far beyond its start as the first was before it; a third that is not
        (
            [(0, 0), (2, 4), (4, 4), (6, 4), (8, 0), (8, 2), (9, 2)],
            [1, 3, 3, 3, 3, 3, 3],
            "m0 0q2 4 4 4t4-4q0 2 1 2",
        ),
        # After a line nothing has led
        (
            [(0, 0), (0, 0), (4, 4), (9, 5), (9, 5), (9, 9)],
            [1, 3, 3, 2, 3, 3],
            "m0 0q0 0 4 4l5 1q0 0 0 4",
        ),
    ],
)
def test_a_path_is_told_in_steps(points, codes, data):
    assert data_of(Path(points, codes)) == data


def test_ids_are_short_and_each_is_another():
    names = [name_of(count) for count in range(200)]
    assert (names[0], names[51], names[52], names[104]) == ("a", "Z", "a1", "a2")
    assert len(set(names)) == 200
