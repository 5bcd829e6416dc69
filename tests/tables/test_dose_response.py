"""Tables of the dose-response report, over a curve whose values stand in the test."""

import math

import pandas as pd
import pytest
from two_stages import PLAN, rows, typed

from repdose.tables import dose_response as tables


class Curve:
    """A curve as the tables see one: 0.1 at no sets, 0.01 more a set; studied from 2 to 12."""

    studied_range = (2.0, 12.0)
    outcome = "hypertrophy"

    def response(self, doses, **_):
        return pd.DataFrame(
            {
                "dose": doses,
                "estimate": [0.1 + 0.01 * dose for dose in doses],
                "low": [0.05 + 0.01 * dose for dose in doses],
                "high": [0.25 + 0.01 * dose for dose in doses],
                "pi_low": [-0.4 + 0.01 * dose for dose in doses],
                "pi_high": [0.7 + 0.01 * dose for dose in doses],
                "extrapolated": [dose > 12 for dose in doses],
            }
        )

    def slope(self, doses):
        return [0.01 + dose / 1000 for dose in doses]


def column(table, words):
    (name,) = [name for name in table.columns if name.startswith(words)]
    return table[name].tolist()


def plain(cells):
    return [str(cell).replace("−", "-") for cell in cells]


def test_gain_intervals_and_slope_along_the_dose():
    table = tables.along_the_dose(Curve())
    assert column(table, "Weekly sets") == [2, 5, 10]
    assert column(table, f"Gain [{tables.UNIT}]") == pytest.approx([0.12, 0.15, 0.2])
    assert plain(column(table, "95 % confidence")) == [
        "0.07 to 0.27",
        "0.10 to 0.30",
        "0.15 to 0.35",
    ]
    assert plain(column(table, "95 % prediction")) == [
        "-0.38 to 0.72",
        "-0.35 to 0.75",
        "-0.30 to 0.80",
    ]
    slopes = column(table, f"Slope [{tables.UNIT} per set]")
    assert slopes == pytest.approx([0.012, 0.015, 0.02])


def test_the_gain_at_a_plans_most_direct_sets():
    table = tables.for_a_plan(Curve(), PLAN)
    assert column(table, "Muscle") == ["hip flexors (iliopsoas)", "rectus femoris"]
    assert column(table, "Direct sets, highest week") == [12, 12]
    assert column(table, f"Gain [{tables.UNIT}]") == pytest.approx([0.22, 0.22])
    assert plain(column(table, "95 % confidence")) == ["0.17 to 0.37"] * 2
    assert plain(column(table, "95 % prediction")) == ["-0.28 to 0.82"] * 2
    assert column(table, "Within the doses studied") == ["yes", "yes"]


def test_doses_to_draw_at_are_those_studied_and_some_beyond():
    assert tables.grid(Curve())[[0, -1]].tolist() == [2, 12]
    assert len(tables.grid(Curve())) == tables.POINTS
    assert tables.grid_beside([Curve()])[[0, -1]].tolist() == [1, 12 * tables.BEYOND]


def test_further_sets_to_a_step_that_can_be_seen(monkeypatch):
    found = pd.DataFrame(
        {
            "dose": [5.0, 10.0],
            "further": [4.0, math.inf],
            "reached": [9.0, math.inf],
            "extrapolated": [False, True],
        }
    )
    monkeypatch.setattr(tables.dose_response, "sets_to_next_step", lambda *_, **__: found)
    table = tables.next_steps(Curve(), 0.05, (5, 10))
    assert list(table.columns)[:3] == ["From weekly sets", "Further sets", "Reached at"]
    assert [row[:4] for row in rows(table)] == [
        [5, "4", "9", "yes"],
        [10, "not reached", "–", "no"],
    ]


def test_published_curves_with_their_units_and_limits():
    table = tables.published("hypertrophy")
    records = [row for row in typed("dose_response_curves") if row["outcome"] == "hypertrophy"]
    for heading, name in (
        ("Curve", "label"),
        ("Gives", "quantity"),
        ("Form", "form"),
        ("Dose", "dose_unit"),
        ("Outcome", "outcome_unit"),
        ("Not for", "not_valid_for"),
    ):
        assert sorted(table[heading]) == sorted(row[name] for row in records)
    schoenfeld = table[table["Curve"].str.contains("Schoenfeld 2017")]
    assert set(schoenfeld["Doses known to be studied"]) == {"1 to 10"}
