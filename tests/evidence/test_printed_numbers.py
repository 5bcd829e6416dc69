"""Findings, guidelines and coefficients against a second transcription of the print.

From which copy of print each file was typed stands in evidence/data/copies.csv.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from repdose.evidence.tables import names, table

PUBLISHED = Path(__file__).parents[1] / "published"
# Table, and the columns that print decides: numbers, and words that judge them.
PRINTED = {
    "findings": (
        "value",
        "low",
        "high",
        "sd",
        "se",
        "plus_minus",
        "p",
        "n",
        "dose_low",
        "dose_high",
    ),
    "guidelines": ("low", "high", "grade", "items"),
    "energy_conventions": ("oxygen_ml_kg_min", "energy_kcal_l", "energy_kcal_kg_h"),
    "intensity_bands": ("low_met", "low_included", "high_met", "high_included"),
    "lusk": ("rq", "energy_kcal_l"),
    "metabolic_equations": ("coefficient", "valid_low", "valid_high"),
    "resting_equations": (
        "age_low_y",
        "age_high_y",
        "intercept",
        "per_kg",
        "per_stature",
        "per_y",
        "per_kg_lean",
        "stature_unit",
        "energy_unit",
    ),
    "claims": ("verdict", "confidence", "claimed_low", "claimed_high", "claimed_unit"),
}


def shipped():
    """What the tables hold: value by (record, column), empty cells left out."""
    cells = {
        (row["id"], column): row[column]
        for name, columns in PRINTED.items()
        for row in table(name).rows
        for column in columns
    }
    for row in table("findings").rows:
        if row["relation"] != "=":
            cells[row["id"], "relation"] = row["relation"]
    return {key: value for key, value in cells.items() if value is not None}


def typed_again():
    """The second transcription, in the same form but as text."""
    ours = {row["id"] for name in PRINTED for row in table(name).rows}
    elsewhere = {
        row["id"]
        for name in names()
        if "id" in table(name).columns
        for row in table(name).rows
        if row["id"] not in ours
    }
    cells = {}
    for path in PUBLISHED.glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            reader = csv.DictReader(file)
            if reader.fieldnames != ["record", "field", "value"]:
                continue
            for row in reader:
                if row["record"] in elsewhere:
                    continue  # a table with a test of its own
                key = (row["record"], row["field"])
                assert key not in cells, f"{path.name}:{reader.line_num} is there twice"
                cells[key] = row["value"]
    return cells


def disagreements(table_cells, print_cells):
    """Cells on one side alone, and cells whose value differs."""
    wrong = set(table_cells) ^ set(print_cells)
    for key in set(table_cells) & set(print_cells):
        ours, text = table_cells[key], print_cells[key]
        if isinstance(ours, bool):
            same = text == str(ours).lower()
        elif isinstance(ours, int | float):
            same = float(text) == ours
        else:
            same = text == ours
        if not same:
            wrong.add(key)
    return wrong


def test_every_printed_number_agrees_with_the_second_transcription_in_both_directions():
    assert disagreements(shipped(), typed_again()) == set()


def test_changing_any_one_number_is_noticed():
    cells, print_cells = shipped(), typed_again()
    for key, value in cells.items():
        if isinstance(value, bool):
            changed = not value
        elif isinstance(value, int | float):
            changed = value + 0.001
        else:
            changed = value + "x"
        assert disagreements({**cells, key: changed}, print_cells) == {key}


def test_leaving_any_one_number_out_is_noticed():
    cells, print_cells = shipped(), typed_again()
    for key in cells:
        fewer = {other: value for other, value in cells.items() if other != key}
        assert disagreements(fewer, print_cells) == {key}


@pytest.mark.parametrize("name", PRINTED)
def test_no_numeric_column_escapes_the_comparison(name):
    kinds = {item["name"]: item["type"] for item in table(name).schema["fields"]}
    numeric = {column for column, kind in kinds.items() if kind in ("number", "integer", "boolean")}
    assert numeric <= set(PRINTED[name])
