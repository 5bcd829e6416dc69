"""MET tables against a second transcription, and the errors that teach."""

from __future__ import annotations

import csv
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

import evidence as ev
from evidence.compendium import TABLES, mets
from evidence.compendium import edition as baseline

PUBLISHED = Path(__file__).parent / "published"
EDITIONS = tuple(TABLES)


def published(edition):
    """The second transcription of an edition: (MET, basis or None) by code."""
    with (PUBLISHED / f"{TABLES[edition]}.csv").open(encoding="utf-8") as file:
        return {row["code"]: (float(row["met"]), row.get("basis")) for row in csv.DictReader(file)}


def shipped(edition):
    return {row.code: row for row in mets(edition).values()}


def disagreements(rows, print_):
    """Codes on one side alone, and codes whose MET or basis differs."""
    wrong = sorted(set(rows) ^ set(print_))
    for code in set(rows) & set(print_):
        met, basis = print_[code]
        if rows[code].met != met or (basis is not None and rows[code].basis != basis):
            wrong.append(code)
    return wrong


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_met_agrees_with_the_second_transcription_in_both_directions(edition):
    assert disagreements(shipped(edition), published(edition)) == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_changing_any_one_met_is_noticed(edition):
    rows, print_ = shipped(edition), published(edition)
    for code, row in rows.items():
        changed = {**rows, code: replace(row, met=row.met + 0.1)}
        assert disagreements(changed, print_) == [code]


@pytest.mark.parametrize("edition", EDITIONS)
def test_dropping_or_adding_any_one_row_is_noticed(edition):
    rows, print_ = shipped(edition), published(edition)
    for code in rows:
        fewer = {key: row for key, row in rows.items() if key != code}
        assert disagreements(fewer, print_) == [code]
    some = next(iter(rows.values()))
    assert disagreements({**rows, "99999": some}, print_) == ["99999"]


def test_swapping_a_basis_is_noticed():
    rows, print_ = shipped("2024"), published("2024")
    other = {"measured": "estimated", "estimated": "measured"}
    for code, row in rows.items():
        changed = {**rows, code: replace(row, basis=other[row.basis])}
        assert disagreements(changed, print_) == [code]


@pytest.mark.parametrize(
    ("code", "edition", "met"),
    [
        ("02024", 2011, 2.8),
        ("02024", 2024, 2.8),
        ("02020", 2011, 8.0),
        ("02020", 2024, 7.5),
        ("02022", "2024", 3.8),
        ("02030", "2011", 3.5),
        ("02056", 2024, 3.0),
        ("02057", 2024, 6.5),
        ("07030", 2011, 0.95),
    ],
)
def test_a_met_is_found_by_code_and_edition(code, edition, met):
    row = ev.met(code, edition=edition)
    assert (row.code, row.met, row.edition) == (code, met, str(edition))
    assert row.id == f"{edition}:{code}"
    assert row.source
    assert code in row.locator


def test_the_edition_has_no_default():
    with pytest.raises(TypeError, match="edition"):
        ev.met("02024")


def test_an_unknown_edition_is_refused_with_the_editions():
    with pytest.raises(ev.UnknownRecordError, match=r"'2010'.*2011"):
        ev.met("02024", edition=2010)
    with pytest.raises(ev.UnknownRecordError, match=r"'2000'.*2011"):
        ev.compendium(2000)


def test_an_unknown_code_names_the_edition_near_codes_and_where_it_is():
    with pytest.raises(ev.UnknownRecordError) as error:
        ev.met("02056", edition=2011)
    message = str(error.value)
    assert "'02056' in the 2011 edition" in message
    assert "in edition 2024 (body-weight strength work" in message
    assert "02054" in message
    assert "02060" in message


def test_a_code_without_its_zero_is_explained():
    with pytest.raises(ev.UnknownRecordError, match="leading zero is missing: write '02024'"):
        ev.met("2024", edition=2011)
    with pytest.raises(ev.UnknownRecordError, match="codes are text"):
        ev.met(2024, edition=2011)


@pytest.mark.parametrize("code", ["", "abdominal crunch", "٠٢٠٢٤", None, "02024 "])
def test_what_is_no_code_gets_the_same_error(code):
    with pytest.raises(ev.UnknownRecordError, match="in the 2011 edition"):
        ev.met(code, edition=2011)


def test_a_met_is_frozen_and_needs_a_source():
    row = ev.met("02024", edition=2011)
    with pytest.raises(FrozenInstanceError):
        row.met = 3.0
    with pytest.raises(ev.EvidenceError, match="source is required"):
        replace(row, source="")
    with pytest.raises(ev.EvidenceError, match="above 0"):
        replace(row, met=0.0)


def test_looking_up_a_met_enters_it_in_the_ledger():
    with ev.ledger() as used:
        ev.met("02024", edition=2011)
        baseline(2024)
    assert [record.id for record in used.records()] == ["2011:02024", "edition:2024"]
    assert used.sources() == ["ainsworth2011", "herrmann2024"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_table_is_indexed_by_code_with_four_columns(edition):
    frame = ev.compendium(edition)
    assert list(frame.columns) == ["met", "heading", "activity", "basis"]
    assert frame.index.name == "code"
    assert frame.index.is_unique
    assert frame.notna().all().all()
    assert len(frame) == len(published(edition))


@pytest.mark.parametrize("edition", EDITIONS)
def test_labels_are_unique_in_an_edition(edition):
    labels = ev.compendium(edition)["activity"].str.lower().str.replace(r"\W+", " ", regex=True)
    assert labels.is_unique


def test_no_edition_has_a_leg_raise():
    for edition in EDITIONS:
        labels = ev.compendium(edition)["activity"]
        assert not labels.str.contains("leg raise|leg lift|knee raise|flutter", case=False).any()


def test_the_adult_editions_share_a_baseline_and_both_conventions():
    for edition in (2011, 2024):
        found = baseline(edition)
        assert (found.baseline_ml_kg_min, found.baseline_kcal_kg_h) == (3.5, 1.0)
