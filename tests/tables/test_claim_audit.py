"""Tables of the claim audit, every column, against the rows of its files."""

import math
from collections import Counter
from types import SimpleNamespace

import pandas as pd
import pytest
import worked_reports as worked
from two_stages import rows, typed
from worked_mechanics import moments

from repdose.evidence import bibliography
from repdose.mechanics import hip_moment_nm
from repdose.tables import claim_audit as tables

WOMAN = {"body_mass_kg": 75.0, "stature_m": 1.75, "sex": "female"}
CLAIMS = typed("claims")


def test_verdicts_are_counted_with_and_without_a_citation():
    table = tables.verdicts()
    assert list(table.columns) == ["Verdict", "Claims", "With a citation", "Without"]
    every = Counter(row["verdict"] for row in CLAIMS)
    cited = Counter(row["verdict"] for row in CLAIMS if row["cited"])
    assert {row[0]: row[1:] for row in rows(table)} == {
        verdict: [count, cited[verdict], count - cited[verdict]] for verdict, count in every.items()
    }


def test_each_claim_as_its_row_has_it():
    table = tables.register()
    assert list(table.columns) == ["Claim", "What is claimed", "Cited as", "Verdict"]
    assert rows(table) == [
        [
            row["id"],
            f"{row['claim']} ({row['location']})",
            row["cited_as"],
            f"{row['verdict']} ({row['confidence']} confidence)",
        ]
        for row in CLAIMS
    ]


def test_what_each_verdict_rests_on():
    table = tables.grounds()
    assert list(table.columns) == [
        "Claim",
        "What the source says",
        "Source, place and how seen",
        "Numbers and findings",
    ]
    for found, row in zip(rows(table), CLAIMS, strict=True):
        assert found[:2] == [row["id"], row["source_says"]]
        short = bibliography.short(row["source"])
        assert found[2] == f"{short}: {row['locator']} ({row['checked']})"
        records = [one for one in row["records"].split(";") if one.strip()]
        if records:
            assert found[3].count("; ") >= len(records) - 1
        else:
            assert found[3] is None or pd.isna(found[3])


def test_numbers_claimed_beside_numbers_found():
    table = tables.comparisons(**WOMAN)
    assert list(table.columns) == [
        "Claim",
        "Claimed",
        "Compared with",
        "Found",
        "Within the claim",
    ]
    found = {(row[0], row[2]): row for row in rows(table)}

    def of(claim, words):
        return next(row for (id, said), row in found.items() if id == claim and words in said)

    def shown(claim, words):
        _, claimed, _, number, within = of(claim, words)
        return claimed, number, within if isinstance(within, str) else None

    # 2.8, 3.5 and 3.8 MET are not 3, and are light and moderate (from 3 MET)
    assert shown("C01", "[2011:02024]") == ("3 MET", "2.8 MET", "outside")
    assert shown("C01", "[2011:02105]") == ("3 MET", "3 MET", "within")
    assert shown("C02", "[2011:02024]") == ("light to moderate", "2.8 MET, light", "within")
    assert shown("C03", "[2011:02024]") == ("moderate", "2.8 MET, light", "outside")
    assert shown("C03", "[2011:02022]") == ("moderate", "3.8 MET, moderate", "within")
    # The cosine of the angle
    for degrees in (30, 45):
        share = 100 * math.cos(math.radians(degrees))
        row = shown("C07", f"hip moment at {degrees} degrees")
        assert row == ("30 to 45 degrees", f"{share:.1f} %", None)
    assert shown("C07", "women") == ("30 to 45 degrees", "36.9 degrees", "within")
    # Feet two and four inches up at the end of thigh and shank
    length = (0.3685 + 0.4323) / 1.735 * 1.75
    for inches in (2, 4):
        angle = math.degrees(math.asin(inches * 0.0254 / length))
        assert shown("C08", f"feet {inches} in up: angle")[1] == f"{angle:.1f} degrees"
        share = 100 * math.cos(math.radians(angle))
        assert shown("C08", f"feet {inches} in up: hip moment")[1] == f"{share:.1f} %"
    assert shown("C10", "[hhs2018]") == ("2011", "2018", "outside")
    assert shown("C21", "up [acsm2009") == ("2 s each way", "1 to 2 s", "within")
    a, b = moments(75, 1.75, "female")
    bent = 100 * worked.peak("lying_bent_knee", a, b) / worked.peak("lying_straight_leg", a, b)
    assert shown("C37", "peak hip moment of the bent-knee")[1] == f"{bent:.1f} %"
    # thigh level, shank straight down: a alone, of a and b
    assert shown("C37", "thigh level")[1] == f"{100 * a / (a + b):.1f} %"
    assert hip_moment_nm("lying_straight_leg", 0, **WOMAN) == pytest.approx(2 * worked.G * (a + b))


def test_every_claim_with_a_check_has_its_comparison_in_order():
    table = tables.comparisons(**WOMAN)
    checked = [row["id"] for row in CLAIMS if row["check"]]
    assert list(dict.fromkeys(table["Claim"])) == checked
    assert list(table.index) == list(range(len(table)))
    # what the package computed has no record in brackets
    computed = table[table["Compared with"].str.contains("hip moment")]
    assert not computed["Compared with"].str.contains(r"\[").any()


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ("repdose.energy.met_minutes", "MET-minutes"),
        ("repdose.mechanics.repetition", "MET-minutes"),
        ("garber2011.target", "MET-minutes [garber2011.target]"),
    ],
)
def test_a_number_of_a_record_names_it_and_one_that_is_computed_has_none(monkeypatch, record, said):
    found = {"claim": "c", "claimed": "5", "quantity": "MET-minutes", "record": record}
    found |= {"found": 5.0, "unit": "MET-min", "found_text": "", "within": True}
    monkeypatch.setattr(tables, "audited", lambda _: [SimpleNamespace(check="x")])
    monkeypatch.setattr(tables, "compare", lambda *_, **__: pd.DataFrame([found]))
    assert tables.comparisons(None, **WOMAN)["Compared with"].tolist() == [said]
