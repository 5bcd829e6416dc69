"""Shipped tables of risk by category of dose: as printed, and read by the grouped fit."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from repdose import evidence as ev
from repdose.dose_response import grouped

PUBLISHED = Path(__file__).parents[2] / "published"


def number(cell):
    try:
        return float(cell)
    except ValueError:
        return cell


def printed(name):
    with (PUBLISHED / name).open(encoding="utf-8", newline="") as file:
        return [
            tuple(number(cell) for name, cell in row.items() if name != "category")
            for row in csv.DictReader(file)
        ]


def held(frame, columns):
    return [
        tuple("" if value != value else value for value in row)
        for row in frame[columns].itertuples(index=False, name=None)
    ]


def test_leisure_activity_is_as_table_4_of_moore_prints_it():
    columns = ["study", "dose_low", "dose_high", "rr", "ci_low", "ci_high"]
    assert held(ev.trials("leisure_activity_mortality"), columns) == printed("moore2012.csv")


def test_strength_training_is_as_table_3_of_patel_prints_it():
    table = ev.trials("strength_training_mortality")
    columns = ["study", "outcome", "dose_low", "cases", "n", "rr", "ci_low", "ci_high"]
    assert held(table[table["study"] == "patel2020"], columns) == printed("patel2020.csv")


def test_strength_training_is_as_table_2_of_kamada_prints_it():
    table = ev.trials("strength_training_mortality")
    columns = ["study", "outcome", "dose_low", "cases", "n", "rr", "ci_low", "ci_high"]
    assert held(table[table["study"] == "kamada2017"], columns) == printed("kamada2017.csv")


@pytest.mark.parametrize(
    ("name", "study", "outcome", "total"),
    [
        ("mortality", "kamada2017", "death", 3055),  # its abstract
        ("mortality", "patel2020", "death", 18034),  # its abstract
        ("diabetes", "shiroma2017", "type 2 diabetes", 2120),  # its abstract
    ],
)
def test_cases_add_up_to_the_total_of_the_abstract(name, study, outcome, total):
    table = ev.trials(f"strength_training_{name}")
    rows = table[(table["study"] == study) & (table["outcome"] == outcome)]
    assert rows["cases"].sum() == total
    assert (rows["study_cases"] == total).all()


def test_what_the_articles_contradict_is_flagged_and_not_changed():
    table = ev.trials("strength_training_mortality").set_index("flagged")
    assert table.loc["patel2020_two_hours_lower_limit", "ci_low"] == 0.93
    assert (table.loc["kamada2017_cases_at_baseline", "study"] == "kamada2017").all()


def test_the_reference_fit_follows_from_the_shipped_table():
    """Doses by the midpoints and the half width: 0, 10, 39.5, 104.5, 195 and 0, 30, 90, 150."""
    table = ev.trials("strength_training_mortality")
    fit = grouped(table[table["outcome"] == "death"], shape="quadratic")
    doses = {study.name: study.dose.tolist() for study in fit.studies}
    assert doses["patel2020"] == [0, 30, 90, 150]
    assert doses["kamada2017"] == [0, 10, 39.5, 104.5, 194.5]
    assert fit.curve(60)["rr"].iloc[0] == pytest.approx(0.79, abs=0.005)


def test_six_cohorts_give_one_curve_of_leisure_activity():
    fit = grouped(ev.trials("leisure_activity_mortality"), covariance="independent")
    curve = fit.curve([7.5, 15])
    assert fit.k == 6
    assert (curve["pi_low"] < curve["ci_low"]).all()
    assert (curve["ci_high"] < 1).all()
    assert np.isfinite(fit.inference(kind="CR2")["p"]).all()
