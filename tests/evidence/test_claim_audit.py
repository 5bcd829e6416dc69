"""The claim audit: claims tied to records and sources, with computed checks."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace

import pytest

from repdose import claim_checks
from repdose import evidence as ev
from repdose.claim_checks import CHECKS, compare, mechanics
from repdose.evidence import bibliography
from repdose.evidence.claim_audit import (
    VERDICTS,
    Claim,
    claim,
    evidence_for,
    template,
    verdict_counts,
)
from repdose.evidence.errors import EvidenceError, UnknownRecordError

PERSON = {"body_mass_kg": 75.0, "stature_m": 1.75, "sex": "male"}
IDS = list(ev.claims().index)


def of(id):
    return compare(claim(id), **PERSON)


def test_there_are_fifty_one_claims_and_their_verdicts_add_up():
    assert len(ev.claims()) == 51
    assert verdict_counts() == dict(zip(VERDICTS, (2, 24, 9, 7, 5, 4), strict=True))


def test_claims_can_be_picked_by_verdict():
    assert list(ev.claims(verdict="supported").index) == ["C18", "C41"]
    with pytest.raises(UnknownRecordError, match="partly supported"):
        ev.claims(verdict="partly")


@pytest.mark.parametrize("id", IDS)
def test_what_a_claim_rests_on_is_there_and_its_sources_are_in_the_bibliography(id):
    found = claim(id)
    records = evidence_for(found)
    assert len(records) == len(found.record_ids)
    for key in (found.source, *found.cited_keys, *(record.source for record in records)):
        assert key in bibliography.sources()


def test_reading_a_claim_and_its_evidence_enters_them_in_the_ledger():
    with ev.ledger() as used:
        evidence_for(claim("C36"))
    assert used.sources() == ["andersson1997", "workman2008"]
    assert "C36" in {record.id for record in used.records()}


def test_the_checks_and_the_claims_that_ask_for_them_are_the_same():
    assert set(ev.claims()["check"]) - {""} == set(CHECKS)


def test_about_three_mets_is_set_beside_the_rows_of_2011_and_2024():
    rows = of("C01").set_index("record")
    assert rows.loc["2011:02024", "found"] == 2.8
    assert rows.loc["2011:02030", "found"] == 3.5
    assert rows.loc["2011:02022", "found"] == 3.8
    within = rows["within"]
    assert list(within[within.astype(bool)].index) == ["2011:02105", "2024:02056"]


def test_three_mets_are_moderate_and_light_trunk_work_is_light():
    rows = of("C02").set_index("record")["found_text"]
    assert rows["repdose.energy.intensity"] == "moderate"
    assert rows["2011:02024"] == "light"
    assert list(of("C03")["within"]) == [False, True, True]


def test_the_angle_to_stop_at_is_set_beside_where_control_is_lost():
    rows = of("C07").set_index("record")
    assert rows.loc["lindegren2022.lowering_angle", "within"] is False
    assert rows.loc["krause2005.lowering_angle_women", "within"] is True
    shares = rows.loc[["repdose.mechanics.hip_moment_nm"], "found"]
    assert [round(share) for share in shares] == [87, 71]  # cosines of 30 and 45 degrees


def test_feet_two_to_four_inches_up_leave_nearly_all_of_the_moment():
    rows = of("C08")
    shares = rows[rows["unit"] == "%"]["found"]
    assert (shares > 99).all()
    angles = rows[rows["unit"] == "degrees"]["found"]
    leg = 0.0508 / math.sin(math.radians(angles.iloc[0]))
    assert 0.8 < leg < 0.9  # the leg that these angles belong to


def test_the_guideline_of_2011_is_of_2018():
    (row,) = of("C10").to_dict("records")
    assert (row["found"], row["within"]) == (2018, False)


def test_a_bent_knee_takes_about_a_quarter_off_the_static_moment():
    # thigh level and shank hanging: 77 % with the male segment table, worked by hand
    assert round(of("C37")["found"].iloc[0]) == 77


def test_two_seconds_each_way_are_a_moderate_velocity_of_2009():
    rows = of("C21").set_index("record")["within"]
    assert rows["acsm2009.resistance_concentric_seconds"] is True
    assert rows["acsm2009.resistance_eccentric_seconds"] is True


def test_the_top_of_the_range_has_half_to_seven_tenths_of_the_moment():
    assert [round(share) for share in of("C22")["found"]] == [71, 50]


def test_the_five_pmids_lead_to_the_works_that_the_article_names():
    rows = of("C41")
    assert rows["found"].tolist() == [21681120, 21694556, 25853914, 27433992, 22777332]
    assert rows["record"].tolist()[2] == "schoenfeld2015"
    assert rows["within"].tolist() == [True] * 5


def test_a_wrong_pmid_is_seen_and_a_missing_one_is_refused():
    wrong = replace(claim("C41"), claimed_text="21681120; 21694556; 25853914; 27433992; 22777333")
    assert compare(wrong, **PERSON)["within"].tolist() == [True] * 4 + [False]
    with pytest.raises(ValueError, match=r"C41 .* 1 PMIDs for 5 sources"):
        compare(replace(wrong, claimed_text="21681120"), **PERSON)
    with pytest.raises(ValueError, match="hhs2018 has no PMID"):
        compare(replace(wrong, cited="hhs2018", claimed_text="1"), **PERSON)


def test_at_an_even_tempo_lowering_holds_half_of_what_gravity_asks():
    # 2 s each way through the same angles: the same integral twice, so not more than half
    rows = of("C42").set_index("record")
    assert rows.loc["repdose.mechanics.repetition", "found"] == pytest.approx(50)
    assert rows.loc["repdose.mechanics.repetition", "within"] is False
    assert rows.loc["bigland1976.positive_to_negative_oxygen", "found"] == 6.34
    assert set(rows["claimed"]) == {"more than 50 %"}


def test_a_slow_way_down_holds_more_than_half(monkeypatch):
    slow = replace(mechanics.exercise("lying_straight_leg"), up_s=1.0, down_s=3.0)
    monkeypatch.setattr(mechanics, "exercise", lambda _: slow)
    row = of("C42").iloc[0]
    assert row["found"] == pytest.approx(75)
    assert row["within"] is True


def test_a_hip_lift_takes_the_hips_out_of_flexion_and_asks_nothing_of_their_flexors():
    rows = of("C43")
    # lever 0.1457 / 1.741 x 1.75 = 0.1465 m; arcsines of 0.0508 and 0.0762 over it
    turns = rows[rows["unit"] == "degrees"]
    assert turns["found"].tolist() == pytest.approx([-20.3, -31.4], abs=0.05)
    assert turns["within"].tolist() == [False, False]
    shares = rows[rows["unit"] == "%"]
    assert shares["found"].abs().max() < 1e-12
    assert shares["within"].tolist() == [False, False]
    # 9.80665 x 75 x (2 x 0.1986 + 0.6115 x 0.1117) = 342.4 N, at 0.1374 and 0.1251 m
    moments = rows[rows["unit"] == "N m"]["found"].tolist()
    assert moments == pytest.approx([47.0, 42.8], abs=0.1)


def test_lowered_legs_are_held_by_flexors_at_every_angle():
    rows = of("C44")
    assert rows["found_text"].tolist() == ["held by flexors"] * 2
    assert rows["within"].tolist() == [False, False]
    assert (rows["found"] > 0).all()
    # cosines of 47.5 and 5 degrees
    assert rows["found"].iloc[1] / rows["found"].iloc[0] == pytest.approx(0.6756 / 0.9962, rel=1e-3)


def test_the_rectus_abdominis_is_one_muscle_among_those_that_sets_are_counted_for():
    (row,) = of("C46").to_dict("records")
    assert (row["found"], row["within"]) == (1, False)


def test_the_two_labels_of_the_single_leg_raise_exclude_each_other():
    rows = of("C48")
    by = dict(list(rows.groupby(rows["quantity"].str.split().str[0])))
    # a hovering leg holds cos 5 = 0.996 throughout, a moving one (1 - sin 5) / 1.4835 = 0.615
    for name, share in (("peak", 100), ("mean", 50 * (0.9962 + 0.6153) / 0.6153), ("work", 50)):
        assert by[name]["found"].tolist() == pytest.approx([share, share], rel=1e-3)
    within = {name: part["within"].tolist() for name, part in by.items()}
    assert within == {"peak": [False, False], "mean": [True, False], "work": [False, True]}


@pytest.mark.parametrize(("id", "words"), [("C44", "abdominals"), ("C48", "above; beside")])
def test_words_that_a_check_does_not_know_are_refused_with_those_it_does(id, words):
    with pytest.raises(ValueError, match=f"claimed_text of {id} must be one of"):
        compare(replace(claim(id), claimed_text=words), **PERSON)


def test_a_check_follows_the_evidence_and_is_not_stored(monkeypatch):
    changed = tuple(record for record in evidence_for(claim("C01")) if record.id != "2024:02056")
    monkeypatch.setattr(claim_checks, "evidence_for", lambda _: changed)
    assert "2024:02056" not in set(of("C01")["record"])


def test_a_claim_without_a_number_has_no_rows_and_the_same_columns():
    assert of("C04").empty
    assert list(of("C04").columns) == list(of("C01").columns)


def test_a_person_out_of_range_is_refused():
    with pytest.raises(ValueError, match="stature_m"):
        compare(claim("C08"), body_mass_kg=75.0, stature_m=17.5, sex="male")


def test_the_template_is_a_table_that_reads_back(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(template(), encoding="utf-8")
    assert list(ev.claims(mine).index) == ["C01"]
    assert sum(verdict_counts(mine).values()) == 1


def edited(tmp_path, **change):
    """The template with cells changed, saved as a table of one's own."""
    header, row = list(csv.reader(io.StringIO(template())))
    for name, cell in change.items():
        row[header.index(name)] = cell
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, row])
    path = tmp_path / "mine.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"verdict": "true"}, r"mine\.csv:2 verdict: 'true' is not one of supported"),
        ({"source": ""}, r"mine\.csv:2 source: empty; a value is required"),
        ({"source": "ainsworth2010"}, r"mine\.csv:2: 'ainsworth2010' is no key .* ainsworth2011"),
        ({"cited": "ainsworth2011; nobody"}, r"mine\.csv:2: 'nobody' is no key"),
        ({"records": "2011:99999"}, r"mine\.csv:2 records: '2011:99999' is no finding"),
        ({"records": "2012:02024"}, r"mine\.csv:2 records: '2012:02024' is no finding"),
        ({"claimed_low": "3,0"}, r"mine\.csv:2 claimed_low: '3,0' is not a number; use a decimal"),
        ({"claimed_high": ""}, r"mine\.csv:2: .* go together"),
        ({"claimed_unit": ""}, r"mine\.csv:2: .* without a unit"),
        ({"id": "1"}, r"mine\.csv:2 id: '1' does not match"),
    ],
)
def test_a_table_of_ones_own_is_checked_by_file_and_line(tmp_path, change, message):
    with pytest.raises(EvidenceError, match=message):
        ev.claims(edited(tmp_path, **change))


def test_a_table_that_is_not_there_says_so(tmp_path):
    with pytest.raises(EvidenceError, match=r"mine\.csv: no such file"):
        ev.claims(tmp_path / "mine.csv")


def test_an_unknown_claim_names_near_ones():
    with pytest.raises(UnknownRecordError, match="C40"):
        claim("C400")


def test_a_check_needs_something_claimed():
    good = claim("C01")
    cells = {name: getattr(good, name) for name in Claim.__dataclass_fields__}
    with pytest.raises(EvidenceError, match="needs what is claimed"):
        Claim(**{**cells, "claimed_low": None, "claimed_high": None})
