"""What the claim audit shows agrees with the claims, and reads a table of one's own."""

from __future__ import annotations

import pandas as pd

from repdose import evidence as ev
from repdose.evidence.claim_audit import claim, evidence_for, template, verdict_counts
from repdose.figures import claim_audit as figures
from repdose.tables import claim_audit as tables

PERSON = {"body_mass_kg": 75.0, "stature_m": 1.75, "sex": "female"}


def test_the_table_of_verdicts_adds_up_to_the_claims():
    table = tables.verdicts()
    assert dict(zip(table["Verdict"], table["Claims"], strict=True)) == verdict_counts()
    assert (table["With a citation"] + table["Without"]).tolist() == table["Claims"].tolist()
    cited = (ev.claims()["cited"] != "").sum()
    assert table["With a citation"].sum() == cited


def test_the_bars_say_in_words_what_they_show():
    table = tables.verdicts()
    figure, alt = figures.verdict_bars(table)
    drawn = [bar.get_width() for bar in figure.axes[0].patches]
    assert drawn == table["Claims"].tolist()[::-1]
    said = "; ".join(f"{verdict}: {count}" for verdict, count in verdict_counts().items())
    assert alt == f"Claims by verdict. {said}."
    axes = figure.axes[0]
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert names == table["Verdict"].tolist()[::-1]
    assert [text.get_text() for text in axes.texts] == [f"{count}" for count in drawn]
    assert axes.get_xlabel() == "Claims"
    # from none to a little more than the most, so that its number has room
    low, high = axes.get_xlim()
    assert low == 0
    assert 1 < high / max(drawn) < 1.5


def test_every_claim_is_in_the_register_and_has_its_grounds():
    ids = list(ev.claims().index)
    assert tables.register()["Claim"].tolist() == ids
    grounds = tables.grounds().set_index("Claim")
    assert list(grounds.index) == ids
    stated = [record.stated for record in evidence_for(claim("C01"))]
    assert len(stated) > 1
    assert "2.8 MET" in stated[0]
    assert grounds.loc["C01", "Numbers and findings"] == "; ".join(stated)
    assert pd.isna(grounds.loc["C04", "Numbers and findings"])


def test_the_comparisons_are_those_of_the_claims_that_have_a_number():
    table = tables.comparisons(**PERSON)
    claims = ev.claims()
    assert set(table["Claim"]) == set(claims[claims["check"] != ""].index)
    first = table[table["Claim"] == "C01"]
    assert first["Found"].tolist()[:3] == ["2.8 MET", "3.5 MET", "3.8 MET"]
    assert first["Within the claim"].tolist()[0] == "outside"
    assert table[table["Claim"] == "C10"]["Found"].tolist() == ["2018"]


def test_the_report_enters_the_claims_and_what_they_rest_on_in_the_ledger():
    with ev.ledger() as used:
        tables.grounds()
    ids = {record.id for record in used.records()}
    assert ids >= {"C01", "C40", "2011:02024", "band.moderate", "workman2008.rectus_femoris"}


def test_a_table_of_ones_own_is_shown_the_same_way(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(template(), encoding="utf-8")
    assert tables.register(mine)["Claim"].tolist() == ["C01"]
    assert tables.verdicts(mine)["Claims"].sum() == 1
    assert set(tables.comparisons(mine, **PERSON)["Claim"]) == {"C01"}


def test_a_table_without_numbers_has_no_comparisons_and_the_same_columns(tmp_path):
    header, row = template().splitlines()
    mine = tmp_path / "mine.csv"
    mine.write_text(f"{header}\n{row.replace('met values,3.0,3.0,MET', ',,,')}\n", encoding="utf-8")
    table = tables.comparisons(mine, **PERSON)
    assert table.empty
    assert list(table.columns) == list(tables.comparisons(**PERSON).columns)
