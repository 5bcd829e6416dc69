"""Trial data: as entered, as corrected, and corrections that expire."""

from __future__ import annotations

import csv
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from repdose import evidence as ev
from repdose.evidence import EvidenceError
from repdose.evidence.studies.corrections import (
    Correction,
    _correction,
    corrected,
    declared_corrections,
)
from repdose.evidence.tables import table

PINNED = Path(__file__).parents[2] / "published" / "volume_effect_sizes.csv"
VOLUME = table("volume_arms")
TIMES = ("pre", "session1", "week2", "week5", "week9", "post")


def volume(raw=True):
    return ev.trials("volume", raw=raw).set_index("es_id")


def row_of(es_id):
    return volume().loc[es_id]


def test_the_volume_table_has_the_376_rows_27_trials_of_its_source():
    raw = volume()
    assert len(raw) == 376
    assert raw["study"].nunique() == 27
    fitted = raw[~raw["control_arm"] & ~raw["authors_excluded"]]
    assert (len(fitted), fitted["study"].nunique()) == (332, 25)
    assert fitted["domain"].value_counts().to_dict() == {"strength": 181, "size": 151}


def test_no_effect_size_is_stored():
    assert not [name for name in VOLUME.columns if name.startswith(("yi", "vi"))]


def test_the_table_as_entered_agrees_with_the_pinned_sample():
    raw = volume()
    with PINNED.open(encoding="utf-8", newline="") as lines:
        pinned = list(csv.DictReader(lines))
    assert len(pinned) > 40
    for row in pinned:
        here = raw.loc[int(row["es_id"])]
        assert here["study"] == row["study"]
        for name in ("n", "mean_pre", "sd_pre", "mean_post", "weekly_sets"):
            assert here[name] == pytest.approx(float(row[name]), rel=1e-12), (row["es_id"], name)


def test_arms_are_nested_in_studies_as_entered_and_as_corrected():
    for raw in (True, False):
        frame = ev.trials("volume", raw=raw)
        assert (frame["arm"].str.partition(":")[0] == frame["study"]).all()


def test_corrected_rows_say_which_correction_touched_them():
    frame = volume(raw=False)
    assert frame.loc[272, "corrected"] == "cannon2010_three_set_arm"
    assert (
        frame.loc[369, "corrected"] == "hammarstrom2020_one_set_legs; hammarstrom2020_doi_ending_8"
    )
    assert frame.loc[1, "corrected"] == ""
    assert frame.loc[338, "flagged"] == "cunha2020_knee_extension"
    assert 35 not in frame.index  # excluded
    assert len(frame) == 375


def test_the_contralateral_table_has_the_totals_of_another_export_of_its_source():
    """Every cell of the 3,026 rows is in a total, by person, measure, leg, sets and time."""
    with (PINNED.parent / "contralateral.csv").open(encoding="utf-8", newline="") as lines:
        printed = list(csv.DictReader(lines))
    here = pd.DataFrame(table("contralateral").rows)
    assert len(here) == 3026
    groups = dict(list(here.groupby(["participant", "measure"])))
    assert len(printed) == len(groups) == 275
    parts = {"right_leg": ("leg", "R"), "three_sets": ("sets_per_exercise", 3)}
    for row in printed:
        rows = groups[row["participant"], row["measure"]]
        assert len(rows) == int(row["rows"])
        assert set(rows["sex"]) == {row["sex"]}
        assert set(rows["included"]) == {row["included"] == "true"}
        assert math.fsum(rows["value"]) == pytest.approx(float(row["total"]), rel=1e-13)
        times = {name: ("time", name) for name in row if name in TIMES}
        assert len(times) == 6
        for name, (column, label) in (parts | times).items():
            total = math.fsum(rows.loc[rows[column] == label, "value"])
            assert total == pytest.approx(float(row[name]), rel=1e-13), (row, name)


def test_attempts_of_the_contralateral_trial_are_counted_from_one():
    here = pd.DataFrame(table("contralateral").rows)
    alike = here.groupby(["participant", "measure", "leg", "time", "sets_per_exercise"])["attempt"]
    assert all(sorted(group) == list(range(1, len(group) + 1)) for _, group in alike)
    units = set(zip(here["measure"], here["unit"], strict=True))
    assert len(units) == here["measure"].nunique() == 7


def test_a_flag_changes_no_value():
    raw, frame = volume(), volume(raw=False)
    flagged = frame.index[(frame["flagged"] != "") & (frame["corrected"] == "")]
    assert len(flagged) > 20
    columns = list(raw.columns)
    assert frame.loc[flagged, columns].equals(raw.loc[flagged, columns])


def test_corrected_doses_recompute_weekly_sets():
    frame = volume(raw=False)
    assert frame.loc[366, "weekly_sets"] == pytest.approx(31 / 12)
    assert volume().loc[366, "weekly_sets"] == pytest.approx(3 * 31 / 12)


def test_each_arm_has_one_size_age_and_doi_after_correction_unless_flagged():
    frame = volume(raw=False)
    plain = frame[frame["flagged"] == ""]
    assert (plain.groupby("arm")["age_mean"].nunique() == 1).all()
    assert (plain.groupby("arm")["n"].nunique() == 1).all()
    dois = frame["doi"].dropna()
    assert dois.str.fullmatch(r"10\.\d{4,}/\S+").all()
    assert (frame.groupby("study")["doi"].nunique() <= 1).all()


def test_the_one_set_legs_of_hammarstrom_2020_are_those_of_the_participant_data():
    legs = ev.trials("contralateral")
    legs = legs[legs["included"] & legs["time"].isin(["pre", "session1"])]
    best = legs.groupby(["participant", "sex", "sets_per_exercise", "measure"])["value"].max()
    summary = best.groupby(["sex", "sets_per_exercise", "measure"]).agg(["mean", "std"])
    tests = {
        366: ("female", "knee_extension_1rm"),
        367: ("female", "leg_press_1rm"),
        368: ("male", "knee_extension_1rm"),
        369: ("male", "leg_press_1rm"),
    }
    for es_id, (sex, measure) in tests.items():
        one, three = summary.loc[(sex, 1, measure)], summary.loc[(sex, 3, measure)]
        entered = row_of(es_id)[["mean_pre", "sd_pre"]].to_numpy(dtype=float)
        np.testing.assert_allclose(one.to_numpy(), entered, rtol=1e-9)
        assert abs(three["mean"] - entered[0]) > 0.1


def test_the_arithmetic_that_corrections_rest_on_holds():
    assert row_of(35)["sd_pre"] == 2 * row_of(35)["mean_pre"]
    printed = np.array([739, 701, 869.5, 715.4, 215, 207, 37, 42])
    rows = [104, 105, 106, 107, 108, 109, 230, 231]
    np.testing.assert_allclose([row_of(i)["sd_pre"] for i in rows], printed * 12**0.5, rtol=1e-9)
    arms = {"1L-3UB": 10, "3L-1UB": 11}
    for i in (112, 115, 116, 117, 118, 119):
        people = arms[row_of(i)["arm"].split(":")[1]]
        for sd, size in ((row_of(i)["sd_pre"], people), (row_of(i)["sd_post"], 5)):
            assert round(sd / size**0.5, 1) == pytest.approx(sd / size**0.5, abs=1e-6)


def one(identity):
    return declared_corrections()[identity]


def test_a_correction_expires_when_its_value_is_gone():
    stale = replace(one("mcbride2003_control_sd"), expect=(3.488,))
    with pytest.raises(
        EvidenceError, match=r"mcbride2003_control_sd has expired.*35 sd_pre is 34\.88"
    ):
        corrected(VOLUME, [stale])


def test_a_correction_of_a_row_or_column_that_is_not_there_is_refused():
    base = one("mcbride2003_control_sd")
    with pytest.raises(EvidenceError, match="no row es_id 999"):
        corrected(VOLUME, [replace(base, rows=(999,))])
    with pytest.raises(EvidenceError, match="no column 'sd'"):
        corrected(VOLUME, [replace(base, column="sd")])


def item(**changes):
    base = {
        "id": "made_up",
        "table": "volume_arms",
        "rows": [1],
        "column": "n",
        "expect": 15,
        "action": "set",
        "value": 14,
        "reason": "for the test",
        "evidence": "none",
        "established_by": "abstract",
        "source": "hammarstrom2021",
        "locator": "row 1",
        "checked": "second-hand",
    }
    given = {**base, **changes}
    if given["action"] != "set":
        del given["value"]
    return given


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"action": "delete"}, "action is 'delete'; allowed: set, exclude, flag"),
        ({"established_by": "not established"}, "can only be flagged"),
        ({"established_by": "hunch"}, "established_by is 'hunch'"),
        ({"rows": [1, 2], "expect": [15]}, "2 rows and 1 expected"),
        ({"source": ""}, "source is required"),
        ({"because": "typo"}, r"unknown \['because'\]"),
    ],
)
def test_a_correction_that_is_not_well_formed_is_refused(changes, said):
    with pytest.raises(EvidenceError, match=said):
        _correction(item(**changes), "corrections.yaml item 1")


def test_a_set_without_a_value_is_refused():
    cells = item()
    del cells["value"]
    with pytest.raises(EvidenceError, match=r"missing \['value'\]"):
        _correction(cells, "corrections.yaml item 1")


def test_every_correction_is_applied_and_its_source_is_in_the_bibliography():
    from repdose.evidence.tables import DATA

    keys = (DATA.parent.parent / "references.bib").read_text("utf-8")
    for correction in declared_corrections().values():
        assert isinstance(correction, Correction)
        assert f"{{{correction.source}," in keys
        corrected(table(correction.table), [correction])


def test_the_contralateral_data_hold_39_people_and_every_attempt():
    legs = ev.trials("contralateral")
    assert len(legs) == 2866 + 160
    strength = legs[legs["measure"] != "leg_lean_mass"]
    assert strength["participant"].nunique() == 39
    assert legs.groupby("participant")["sex"].nunique().max() == 1
    pairs = legs.groupby(["participant", "leg"])["sets_per_exercise"].nunique()
    assert (pairs == 1).all()  # a leg keeps its dose


def test_asking_for_trial_data_enters_the_data_set_in_the_ledger():
    with ev.ledger() as used:
        ev.trials("volume")
    assert used.sources() == ["hammarstrom2021"]


def test_unknown_trial_data_are_refused_with_what_there_is():
    with pytest.raises(KeyError, match="volume"):
        ev.trials("volumes")
