"""MET tables against a second transcription, and the errors that teach."""

from __future__ import annotations

import csv
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from repdose import evidence as ev
from repdose.evidence.compendia.met_tables import TABLES, mets
from repdose.evidence.compendia.met_tables import edition as baseline

PUBLISHED = Path(__file__).parents[2] / "published"
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


@pytest.mark.parametrize(
    ("edition", "rows"), [(2011, 821), (2024, 1111), ("older-2024", 99), ("wheelchair", 124)]
)
def test_every_edition_is_complete(edition, rows):
    assert len(ev.compendium(edition)) == rows


def test_the_2024_rows_are_measured_or_estimated_as_published():
    basis = ev.compendium(2024)["basis"].value_counts()
    assert dict(basis) == {"measured": 911, "estimated": 200}
    for edition in (2011, "older-2024", "wheelchair"):
        assert set(ev.compendium(edition)["basis"]) == {"not stated"}


def test_older_adults_and_wheelchair_users_have_baselines_of_their_own():
    assert baseline("older-2024").baseline_ml_kg_min == 2.7
    assert baseline("older-2024").baseline_kcal_kg_h is None
    assert baseline("wheelchair").baseline_kcal_kg_h == 0.992
    assert baseline("wheelchair").baseline_ml_kg_min is None


@pytest.mark.parametrize(
    ("code", "edition", "met"),
    [
        ("0202260", "older-2024", 3.5),
        ("0205460", "older-2024", 4.3),
        ("0205360", "older-2024", 2.3),
        ("0205160", "older-2024", 3.0),
        ("90125", "wheelchair", 2.1),
        ("90126", "wheelchair", 2.3),
        ("90127", "wheelchair", 1.5),
        ("90128", "wheelchair", 2.0),
        ("90335", "wheelchair", 0.8),
        ("90535", "wheelchair", 11.8),
    ],
)
def test_the_special_editions_have_their_own_codes(code, edition, met):
    assert ev.met(code, edition=edition).met == met


def test_the_places_that_disagree_are_named_in_the_locator():
    for edition, code, met, other in (
        (2011, "02068", 12.3, "11.0"),
        (2011, "12080", 11.5, "11.8"),
        (2011, "16030", 3.5, "2.8"),
        (2024, "19144", 15.8, "12.8"),
    ):
        row = ev.met(code, edition=edition)
        assert row.met == met
        assert other in row.locator


# Counted once from the two published code lists, independently of this package.
def test_the_crosswalk_has_the_published_counts():
    table = ev.crosswalk(2011, 2024)
    shared = table["met_old"].notna() & table["met_new"].notna()
    assert shared.sum() == 792
    assert table["met_changed"].sum() == 180
    assert (table["status"] == "dropped").sum() == 29
    assert (table["status"] == "added").sum() == 319
    higher = (table["met_new"] > table["met_old"])[shared].sum()
    lower = (table["met_new"] < table["met_old"])[shared].sum()
    assert (higher, lower) == (96, 84)
    redefined = table["status"] == "redefined"
    changed = table["status"] == "changed"
    assert changed.sum() + (redefined & table["met_changed"]).sum() == 180
    assert len(table) == 792 + 29 + 319


def test_re_used_codes_are_marked_redefined():
    status = ev.crosswalk(2011, 2024)["status"]
    reused = ["01015", "02001", "02003", "02005", "02117", "05051", "05052", "11529"]
    reused += ["17033", "17035", "17040", "17050", "17060"]
    assert set(status[reused]) == {"redefined"}
    kept = ["02024", "15700", "15702", "14010"]  # large jumps of the same activity
    assert list(status[kept]) == ["same", "changed", "changed", "changed"]


def test_a_redefined_code_names_two_activities():
    table = ev.crosswalk(2011, 2024)
    redefined = table[table["status"] == "redefined"]
    assert (redefined["activity_old"] != redefined["activity_new"]).all()
    assert redefined["reason"].str.match("2011 .*, 2024 ").all()
    assert (table.loc[table["status"] != "redefined", "reason"] == "").all()


def test_the_crosswalk_turns_round():
    back = ev.crosswalk("2024", "2011")
    there = ev.crosswalk(2011, 2024)
    assert list(back.index) == list(there.index)
    assert (back["status"] == "added").sum() == 29
    assert (back["status"] == "redefined").sum() == (there["status"] == "redefined").sum()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (2011, 2011, "the same"),
        (2024, "older-2024", "older-2024 has codes of its own"),
        ("wheelchair", 2024, "wheelchair has codes of its own"),
    ],
)
def test_editions_that_cannot_be_paired_by_code_are_refused(old, new, why):
    with pytest.raises(ev.EvidenceError, match=why):
        ev.crosswalk(old, new)


@pytest.mark.parametrize(
    ("edition", "counts"),
    [(2011, (52, 164, 350, 255)), (2024, (64, 190, 426, 431))],
)
def test_the_tables_fall_into_the_intensity_bands_as_counted(edition, counts):
    mets_ = ev.compendium(edition)["met"]
    bands = (
        (mets_ <= 1.5).sum(),
        ((mets_ > 1.5) & (mets_ < 3)).sum(),
        ((mets_ >= 3) & (mets_ < 6)).sum(),
        (mets_ >= 6).sum(),
    )
    assert bands == counts
