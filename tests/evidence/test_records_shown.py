"""Records show themselves: a line in Python, value and source in Jupyter; a MET is its number."""

from __future__ import annotations

import html

import numpy as np
import pytest

from repdose import energy
from repdose import evidence as ev

RECORDS = [
    ev.met("02024", edition=2011),
    ev.finding("schoenfeld2017.effect_size_per_weekly_set"),
    ev.derived_finding("derived.pelland2026_size_per_root_set"),
    ev.exercise("lying_straight_leg"),
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_a_record_is_one_line_with_its_statement_and_source(record):
    shown = repr(record)
    assert "\n" not in shown
    assert record.stated in shown
    assert f"[{record.source}, {record.locator}; {record.checked}]" in shown


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.id)
def test_jupyter_shows_value_source_and_how_it_was_checked(record):
    shown = record._repr_html_()
    for part in (record.stated, record.source, record.locator, record.checked):
        assert html.escape(part) in shown


def test_a_met_counts_as_its_number():
    row = ev.met("02024", edition=2011)
    assert float(row) == 2.8
    assert f"{row:.1f}" == "2.8"
    # 2.8 MET x 80 kg x 10 min / 60 x 1.05 kcal/kg/h
    assert energy.gross_energy_kcal(row, 80, 10) == pytest.approx(39.2)
    assert energy.met_minutes(row, 10) == pytest.approx(28.0)
    assert energy.intensity(row) == energy.intensity(2.8)


def test_a_met_of_another_baseline_is_refused_with_what_to_give():
    row = next(ev.met(code, edition="older-2024") for code in ev.compendium("older-2024").index[:1])
    with pytest.raises(ValueError, match="give edition='older-2024'"):
        energy.gross_energy_kcal(row, 80, 10)
    assert np.isfinite(energy.gross_energy_kcal(row, 80, 10, edition="older-2024"))


def test_tab_lists_the_public_names_only():
    assert dir(ev) == sorted(ev.__all__)


def test_a_search_without_an_edition_says_which_it_read():
    found = ev.search("abdominal crunches")
    assert found.attrs["edition"] == "2024"
    assert found.equals(ev.search("abdominal crunches", edition=2024))
