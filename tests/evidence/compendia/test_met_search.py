"""Search in the activity labels: what a user would type, and what should come up."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repdose import evidence as ev
from repdose.evidence import tables
from repdose.evidence.compendia.met_search import stemmed
from repdose.evidence.compendia.met_tables import TABLES


def codes(words, edition=2024, limit=5):
    return list(ev.search(words, edition=edition, limit=limit).index)


# What the first row should be, chosen by hand; the query is never the label's own wording.
@pytest.mark.parametrize(
    ("words", "edition", "first"),
    [
        ("abdominal crunch", 2024, "02024"),
        ("crunches", 2011, "02024"),
        ("core exercises", 2024, "02024"),
        ("kettlebell swing", 2024, "02058"),
        ("body weight exercises, high intensity", 2024, "02057"),
        ("weightlifting, vigorous", 2011, "02050"),
        ("stationary bike 50 watts", 2024, "01214"),
        ("stationary bicycle 100 W", 2011, "02012"),
        ("bicycling", 2011, "01015"),
        ("bicycling", 2024, "01014"),
        ("rowing ergometer 150 watts", 2024, "02073"),
        ("jump rope", 2011, "02068"),
        ("yoga", 2024, "02175"),
        ("pilates", 2024, "02105"),
        ("HIIT", 2024, "02210"),
        ("sleeping", 2011, "07030"),
        ("mow the lawn", 2024, "08095"),
        ("vacuuming", 2011, "05043"),
        ("hoovering", 2024, "05043"),
        ("washing dishes", 2024, "05041"),
        ("shoveling snow", 2024, "08200"),
        ("shovelling snow by hand", 2024, "08200"),
        ("ping-pong", 2024, "15660"),
        ("walking the dog", 2011, "17165"),
        ("climbing stairs", 2024, "17131"),
        ("swimming, breast stroke", 2011, "18265"),
        ("front crawl fast", 2024, "18280"),
        ("running 7.5 mph", 2011, "12080"),
        ("grocery shopping", 2011, "05060"),
        ("mail carrier", 2011, "11529"),
        ("sex", 2024, "14020"),
        ("chair yoga", "older-2024", "0219160"),
        ("push-ups", "older-2024", "0202260"),
        ("rowing 120 watts", "older-2024", "0207360"),
        ("arm ergometer 30 W", "wheelchair", "90104"),
        ("basketball", "wheelchair", "90501"),
    ],
)
def test_the_first_row_is_the_one_a_reader_would_choose(words, edition, first):
    found = ev.search(words, edition=edition)
    assert found.index[0] == first
    assert found["match"].iloc[0] == "exact"
    assert found["note"].iloc[0] == ""


@pytest.mark.parametrize(
    "words",
    ["leg raise", "leg raises", "Hanging leg raise", "flutter kicks", "knee-raise", "leg rasie"],
)
@pytest.mark.parametrize("edition", [2011, 2024])
def test_a_leg_raise_finds_trunk_work_and_says_that_there_is_no_such_row(words, edition):
    found = ev.search(words, edition=edition)
    assert found.index[0] == "02024"
    assert {"02022", "02020"} <= set(found.index)
    assert set(found["match"]) == {"near"}
    assert found["note"].str.startswith("No edition of the Compendium lists a leg raise").all()


def test_a_leg_raise_finds_the_nearest_row_for_older_adults():
    found = ev.search("leg raise", edition="older-2024")
    assert found.index[0] == "0202260"
    assert "no edition" in found["note"].iloc[0].lower()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("calisthanics vigorous", "calisthenics vigorous"),
        ("kettelbell", "kettlebell"),
        ("table tenis", "table tennis"),
        ("bycicling", "bicycling"),
        ("swiming", "swimming"),
        ("jumping jaks", "jumping jacks"),
        ("eliptical", "elliptical"),
    ],
)
def test_a_slip_of_the_finger_finds_what_was_meant(typed, meant):
    assert codes(typed) == codes(meant)


def test_a_word_read_otherwise_is_said():
    found = ev.search("table tenis", edition=2024)
    assert found["note"].iloc[0] == "'tenis' read as 'tennis'"
    assert found["match"].iloc[0] == "near"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sit-ups", "curl-ups"),
        ("sit up", "situps"),
        ("push-ups", "press-ups"),
        ("pull-ups", "chin-ups"),
        ("jumping jacks", "star jumps"),
        ("skipping rope", "rope skipping"),
        ("strength training", "weight lifting"),
        ("in-line skating", "rollerblading"),
        ("pushchair", "stroller"),
        ("aeroplane", "airplane"),
        ("plowed field", "ploughed field"),
        ("neighbors", "neighbours"),
        ("organized walking", "organised walking"),
        ("tidying rubbish", "tidying trash"),
        ("walking 3 mph", "walking 3.0 mph"),
        ("treadmill 5 km/h", "treadmill 5 kph"),
    ],
)
def test_two_names_of_one_thing_find_the_same_rows(one, other):
    assert codes(one) == codes(other) != []


def test_sit_ups_are_found_as_curl_ups_where_the_edition_calls_them_so():
    assert {"02022", "02024"} <= set(codes("sit-ups", edition=2024))
    assert {"02022", "02024"} <= set(codes("curl-ups", edition=2011))


def test_a_number_lies_in_a_range_of_its_own_unit():
    found = codes("walking 3.0 mph", limit=10)
    assert "17190" in found  # 2.8-3.4 mph
    assert "17152" not in found  # 2.0-2.4 mph
    assert "12120" not in codes("running 6 mph", limit=5)  # 10 mph, 6 min a mile


def test_what_a_row_lacks_is_said():
    found = ev.search("bodyweight squats underwater", edition=2024)
    assert found["match"].iloc[0] == "near"
    assert "does not name underwater" in found["note"].iloc[0]


def test_results_are_ranked_and_limited():
    found = ev.search("walking", edition=2024, limit=7)
    assert len(found) == 7
    assert found["score"].is_monotonic_decreasing
    assert found["score"].between(0, 100).all()
    expected = ["score", "match", "met", "heading", "activity", "basis", "note"]
    assert list(found.columns) == expected
    assert found.index.name == "code"


def test_nothing_alike_gives_an_empty_table_of_the_same_columns():
    found = ev.search("qwertyzzz", edition=2024)
    assert found.empty
    assert list(found.columns) == list(ev.search("yoga", edition=2024).columns)


@pytest.mark.parametrize("words", ["", "  ", "!?", "in general", "的"])
def test_words_that_name_nothing_are_refused(words):
    with pytest.raises(ev.EvidenceError, match="names no activity"):
        ev.search(words, edition=2024)


@pytest.mark.parametrize("limit", [0, -1, 2.5, True, "3"])
def test_a_limit_must_be_a_whole_number_above_0(limit):
    with pytest.raises(ev.EvidenceError, match="limit is"):
        ev.search("yoga", edition=2024, limit=limit)


def test_an_unknown_edition_is_refused():
    with pytest.raises(ev.UnknownRecordError, match="2010"):
        ev.search("yoga", edition=2010)


def test_a_very_long_query_is_answered():
    assert codes("yoga " * 10_000) == codes("yoga")


def test_a_search_reads_no_record():
    with ev.ledger() as used:
        ev.search("yoga", edition=2024)
    assert used.records() == []


def test_every_synonym_finds_a_row_in_some_edition():
    for row in tables.table("search_synonyms").rows:
        found = [ev.search(row["term"], edition=edition, limit=1) for edition in TABLES]
        assert any(not rows.empty for rows in found), row["term"]


def test_terms_with_the_same_stems_mean_the_same():
    meaning = {}
    for row in tables.table("search_synonyms").rows:
        term = tuple(word.stem for word in stemmed(row["term"]))
        assert meaning.setdefault(term, row["words"]) == row["words"], row["term"]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(words):
    try:
        found = ev.search(words, edition=2024)
    except ev.EvidenceError:
        return  # the right answer to words that name nothing
    assert found["score"].between(0, 100).all()
    assert (found["note"].ne("") == found["match"].eq("near")).all()
