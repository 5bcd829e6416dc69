"""Screening: what is wrong in the real table is found, what is planted is found, little else is."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from terminal import Terminal

from repdose import evidence as ev
from repdose.evidence.own_trials import read_own_trials, template
from repdose.evidence.waiting import MANY_ROWS
from repdose.screening import RULES, screen
from repdose.screening.design import stated_sets

RAW = ev.trials("volume", raw=True)


def of(found, rule):
    return found[found["rule"] == rule]


def rows_of(found, rule):
    return sorted({row for rows in of(found, rule)["rows"] for row in rows})


@pytest.fixture(scope="module")
def real():
    return screen(RAW)


@pytest.fixture(scope="module")
def base():
    """Trials in which nothing grave was found: what is planted here is the only error."""
    table = ev.trials("volume")
    table = table[table["flagged"] == ""].drop(columns=["corrected", "flagged"])
    found = screen(table)
    asked = (found["severity"] != "low") | (found["rule"] == "spread")
    odd = {row for rows in found.loc[asked, "rows"] for row in rows}
    return table[~table["es_id"].isin(odd)].reset_index(drop=True)


def test_crossed_arm_labels_and_a_dose_of_the_other_leg_are_found(real):
    assert rows_of(real, "arm_label_dose") == [272, 273, 274, 275, 366, 367, 368, 369]


def test_identifiers_filled_down_a_column_are_found(real):
    assert set(of(real, "fill_down")["study"]) == {"Mitchell2012", "Hammarström2020"}
    assert {351, 355, 105, 233} <= set(rows_of(real, "fill_down"))
    assert not {350, 354, 104, 230} & set(rows_of(real, "fill_down"))


def test_text_that_is_no_doi_is_found_with_what_to_enter(real):
    checks = of(real, "malformed_doi").set_index("study")["check"]
    assert checks["Wittke2017"] == "enter 10.1155/2017/3619398"
    assert "look the identifier up" in checks["Rhea2002"]


def test_spreads_that_look_like_standard_errors_and_slips_are_found(real):
    assert {264, 265, 266, 267, 198, 200, 202, 35} <= set(rows_of(real, "spread"))
    mcbride = of(real, "spread").set_index("study").loc["McBride2003"]
    assert mcbride["severity"] == "high"


def test_a_test_coded_for_the_wrong_part_of_the_body_is_found(real):
    assert {"Radaelli2014b", "Cunha2020"} <= set(of(real, "outcome_region")["study"])


def test_losses_that_become_gains_when_read_across_arms_are_found(real):
    assert rows_of(real, "implausible_change") == [338, 339]


def test_every_effect_beyond_3_comes_with_its_reason(real):
    found = of(real, "effect_beyond_3")
    assert rows_of(real, "effect_beyond_3") == [251, 266, 267, 372]
    assert found["evidence"].str.contains("the change is .* of the mean and the SD before").all()


def test_group_sizes_and_ages_that_change_within_an_arm_are_found(real):
    assert set(of(real, "group_size_changes")["study"]) == {"Cannon2010", "Rønnestad2007"}
    assert set(of(real, "arm_attribute_changes")["study"]) == {"Cannon2010", "Hacket2018"}


def test_shared_controls_are_named_without_alarm(real):
    found = of(real, "shared_control")
    assert set(found["study"]) == {"Correa2015", "Radaelli2015", "McBride2003", "Starkey1996"}
    assert (found["severity"] == "low").all()


def test_designs_that_only_look_wrong_raise_no_alarm(real):
    dose_rules = {"arm_label_dose", "dose_elsewhere", "dose_arithmetic", "exercises_differ"}
    alarms = real[real["rule"].isin(dose_rules)]
    averaged = {"Amirthalingam2017", "Hacket2018", "Aube2020"}  # sets averaged over exercises
    limbs = {"Bottaro2011", "Rønnestad2007", "Sooneste2013", "Mitchell2012"}  # dose differs by limb
    assert not set(alarms["study"]) & (averaged | limbs)


def test_few_rows_of_the_corrected_table_are_called_grave():
    found = screen(ev.trials("volume"))
    assert set(found.loc[found["severity"] == "high", "rule"]) <= {"spread", "implausible_change"}
    grave = {row for rows in found.loc[found["severity"] == "high", "rows"] for row in rows}
    flagged = ev.trials("volume").set_index("es_id")["flagged"]
    unexplained = {row for row in grave if flagged[row] == ""}
    assert unexplained <= {78, 79}


def test_findings_come_gravest_first_and_say_what_to_do(real):
    order = real["severity"].map({"high": 0, "medium": 1, "low": 2})
    assert order.is_monotonic_increasing
    assert real["check"].str.len().min() > 10
    assert real.attrs["not_run"] == {"change_score": ["mean_change"]}


def plant(table, rows, **values):
    changed = table.copy()
    index = changed.index[changed["es_id"].isin(rows)]
    assert len(index) == len(rows)
    for column, value in values.items():
        if callable(value):
            value = value(changed.loc[index])
        if changed[column].dtype.kind in "iub":
            changed[column] = changed[column].astype("float64")
        changed.loc[index, column] = value
    return changed


def only_new(changed, rule):
    """Rows of the rule's findings; the base has none but shared controls (tested below)."""
    return [list(rows) for rows in of(screen(changed), rule)["rows"]]


def test_the_base_for_planting_is_quiet(base):
    found = screen(base)
    assert set(found["rule"]) == {"shared_control"}
    assert len(base) > 250


SE = {
    name: (lambda rows, name=name: rows[name] / np.sqrt(rows["n"]))
    for name in ("sd_pre", "sd_post")
}
PLANTED = [
    ("spread", [166], SE),
    ("spread", [282, 284, 286], SE),
    ("spread", [110, 111], SE),
    ("spread", [166], {"sd_pre": lambda rows: rows["sd_pre"] / np.sqrt(rows["n"])}),
    ("effect_beyond_3", [148], {"mean_post": lambda rows: rows["mean_pre"] + 4 * rows["sd_pre"]}),
    ("arm_label_dose", [148], {"sets_per_exercise": 3.0, "weekly_sets": 18.0}),
    ("arm_label_dose", [52, 62], {"sets_per_exercise": [3.0, 1.0], "weekly_sets": [9.0, 3.0]}),
    ("arm_label_dose", [72, 74], {"sets_per_exercise": [1.0, 4.0], "weekly_sets": [3.0, 12.0]}),
    ("dose_elsewhere", [155], {"sets_per_exercise": 4.0, "weekly_sets": 36.0}),
    ("dose_arithmetic", [166], {"weekly_sets": 42.0}),
    ("exercises_differ", [166], {"exercises": 2.0, "weekly_sets": 16.0}),
    (
        "fill_down",
        [167, 168],
        {"doi": ["10.1519/jsc.0000000000003414", "10.1519/jsc.0000000000003415"]},
    ),
    ("several_dois", [167], {"doi": "10.1000/another"}),
    ("several_dois", [166], {"doi": "10.1249/MSS.0000000000001764"}),
    ("malformed_doi", [166], {"doi": "10.1519 jsc"}),
    ("group_size_changes", [166], {"n": 19.0}),
    ("implausible_change", [166], {"mean_post": lambda rows: rows["mean_post"] * 10}),
    ("implausible_change", [340], {"mean_post": lambda rows: rows["mean_pre"] * 0.8}),
    ("outcome_region", [340], {"body_region": "lower"}),
    ("baseline_changes", [94], {"mean_pre": 46.6}),
]


@pytest.mark.parametrize(("rule", "rows", "values"), PLANTED)
def test_a_planted_error_is_found_in_its_rows(base, rule, rows, values):
    found = only_new(plant(base, rows, **values), rule)
    assert found, rule
    assert any(set(rows) & set(these) for these in found)
    assert sum(len(these) for these in found) <= 12  # and not in half of the table


def test_a_row_pasted_twice_is_found_under_its_own_or_another_id(base):
    again = base[base["es_id"] == 166]
    same = pd.concat([base, again], ignore_index=True)
    assert [166, 166] in only_new(same, "duplicate_rows")
    assert [166, 166] in only_new(same, "duplicate_id")
    other = pd.concat([base, again.assign(es_id=999, arm="Brigatto2019:G24")], ignore_index=True)
    assert [166, 999] in only_new(other, "duplicate_rows")


def test_change_scores_that_contradict_pre_and_post_are_found(base):
    changes = base.assign(
        mean_change=base["mean_post"] - base["mean_pre"],
        sd_change=np.sqrt(0.2) * base["sd_pre"] + (base["sd_post"] - base["sd_pre"]).abs(),
    )
    assert rows_of(screen(changes), "change_score") == []
    flipped = plant(changes, [340], mean_change=lambda rows: -rows["mean_change"])
    assert rows_of(screen(flipped), "change_score") == [340]
    narrow = plant(changes, [123], sd_change=0.1)
    assert rows_of(screen(narrow), "change_score") == [123]


def test_years_that_count_up_are_found(base):
    years = base.assign(year=2019.0)
    assert rows_of(screen(years), "fill_down") == []
    filled = plant(years, [166, 167, 168], year=[2019.0, 2020.0, 2021.0])
    assert rows_of(screen(filled), "fill_down") == [167, 168]


@pytest.mark.parametrize(
    ("arm", "sets"),
    [
        ("Hammarström2020:1SETFEMALE", 1),
        ("Mitchell2012:3SETS80", 3),
        ("Cannon2010:S3", 3),
        ("Ribeiro2015:G3S", 3),
        ("Sooneste2013:1set", 1),
        ("Bottaro2011:3K-1E", np.nan),
        ("Rønnestad2007:1L-3UB", np.nan),
        ("Correa2015:HVRT", np.nan),
    ],
)
def test_labels_state_their_sets_unless_they_differ_by_limb(arm, sets):
    assert stated_sets(arm) == pytest.approx(sets, nan_ok=True)


def test_a_table_under_other_ids_is_screened_by_them():
    renamed = RAW.rename(columns={"es_id": "row"}).assign(
        row=lambda rows: "r" + rows["row"].astype(str)
    )
    assert "r272" in rows_of(screen(renamed, id="row"), "arm_label_dose")


def test_missing_columns_stop_a_rule_and_are_named(real):
    found = screen(RAW[["es_id", "study", "arm", "doi"]])
    assert set(found["rule"]) == {"malformed_doi", "fill_down"}
    assert found.attrs["not_run"]["dose_elsewhere"] == ["sets_per_exercise", "muscle_group"]
    assert set(found.columns) == set(real.columns)


def test_a_table_without_id_study_or_arm_and_text_among_numbers_are_refused():
    with pytest.raises(ValueError, match="id="):
        screen(RAW.drop(columns="es_id"))
    with pytest.raises(ValueError, match="'arm'"):
        screen(RAW.drop(columns="arm"))
    with pytest.raises(ValueError, match="mean_pre must hold numbers"):
        screen(RAW.assign(mean_pre=RAW["mean_pre"].astype(str)))


def test_numbers_that_count_up_are_found_wherever_they_stand(base):
    inside = plant(base, [166, 167, 168], study=["Lee 2019 a", "Lee 2020 a", "Lee 2021 a"])
    assert [167, 168] in only_new(inside, "fill_down")
    label = plant(base, [166, 167, 168], outcome=["leg 1 press", "leg 2 press", "leg 3 press"])
    assert only_new(label, "fill_down") == [[167, 168]]
    dois = ["10.1519/jsc.34.x", "10.1519/jsc.35.x", "10.1519/jsc.36.x"]
    rows = base.index[base["study"] == base.set_index("es_id").loc[166, "study"]]
    one = base.assign(doi=base["doi"].where(~base.index.isin(rows), dois[0]))
    assert len(only_new(plant(one, [167, 168], doi=dois[1:]), "fill_down")) == 1


@pytest.mark.parametrize(
    "outcomes",
    [
        ["leg 1 press", "leg 2 press", "leg 4 press"],  # no step of one
        ["leg 1 press", "leg 2 press", "leg 2 press"],  # two rows may be chance
        ["leg 1 a 1", "leg 2 a 1", "leg 2 a 2"],  # another number counts
    ],
)
def test_labels_that_only_hold_numbers_are_no_series(base, outcomes):
    assert only_new(plant(base, [166, 167, 168], outcome=outcomes), "fill_down") == []


ALIKE = [
    "Brigatto2019 ",
    "brigatto2019",
    "Brigatto\u200b2019",
    "\uff22rigatto2019",  # a full-width B
]


@pytest.mark.parametrize("form", ALIKE, ids=ascii)
def test_a_study_split_in_two_by_a_space_or_a_form_is_found(base, form):
    assert (base.loc[base["es_id"].isin([166, 167]), "study"] == "Brigatto2019").all()
    found = of(screen(plant(base, [167], study=form)), "label_forms")
    assert found["rows"].tolist() == [[167]]
    assert found["severity"].tolist() == ["high"]
    assert found["check"].tolist() == ["type 'Brigatto2019' in every row"]


def test_names_with_accents_in_two_unicode_forms_are_one_study_and_two_letters_are_not(base):
    one, two = "Rønnestad\u00e92007", "Rønnestade\u03012007"
    assert only_new(plant(base, [166, 167, 168], study=[one, one, two]), "label_forms") == [[168]]
    other = plant(base, [166, 167, 168], study=["Lee", "Lee", "Lée"])
    assert only_new(other, "label_forms") == []


def test_arms_of_two_studies_under_one_label_are_two_arms(base):
    """Doses, group sizes and ages differ between the studies, as they may."""
    short = base.assign(arm=base["arm"].str.rpartition(":")[2])
    by_arm = short.groupby("arm")
    assert (by_arm["study"].nunique() > 1).any()
    assert (by_arm["n"].nunique() > 1).any()
    assert set(screen(short)["rule"]) == {"shared_control"}


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("study", None, "study is empty in row 3"),
        ("arm", "  ", "arm is empty in row 3"),
        ("control_arm", None, "control_arm must be true or false; got None in rows with es_id 3"),
        ("control_arm", "no", "control_arm must be true or false; got 'no' in rows with es_id"),
    ],
)
def test_what_has_no_study_no_arm_or_no_plain_truth_is_refused(column, value, says):
    table = RAW.astype({column: object}).copy()
    table.loc[2, column] = value
    with pytest.raises(ValueError, match=says):
        screen(table)


def test_ids_that_restart_in_every_study_name_rows_with_their_study(base):
    again = base.assign(es_id=base.groupby("study").cumcount() + 1)
    assert not len(of(screen(again), "duplicate_id"))
    first = again["study"].iloc[0]
    assert (again["study"] == first).sum() > 1
    again.loc[again.index[again["study"] == first][1], "es_id"] = 1
    assert rows_of(screen(again), "duplicate_id") == [f"{first}/1"]
    # one id in two studies of a table numbered throughout is still a slip
    pasted = base.copy()
    pasted.loc[len(pasted) - 1, "es_id"] = pasted["es_id"].iloc[0]
    assert rows_of(screen(pasted), "duplicate_id") == [pasted["es_id"].iloc[0]]


def test_every_finding_names_its_rows(real):
    assert (real["rows"].str.len() > 0).all()
    assert {row for rows in real["rows"] for row in rows} <= set(RAW["es_id"])


def test_every_rule_is_planted_or_seen(real):
    seen = {rule for rule, _, _ in PLANTED} | set(real["rule"])
    seen |= {"duplicate_rows", "duplicate_id", "change_score"}
    assert {rule.name for rule in RULES} == seen


def test_a_bar_is_shown_while_many_rows_are_read_and_screened(tmp_path, monkeypatch):
    head, *rows = template().splitlines()
    repeated = (row.split(",", 1)[1] for _ in range(MANY_ROWS // len(rows) + 1) for row in rows)
    written = {
        "few.csv": template(),
        "many.csv": "\n".join([head, *(f"{n},{row}" for n, row in enumerate(repeated, start=1))]),
    }
    for name, text in written.items():
        (tmp_path / name).write_text(text, "utf-8")
        is_shown = name == "many.csv"
        monkeypatch.setattr(sys, "stderr", shown := Terminal())
        frame = read_own_trials(tmp_path / name).frame()
        assert ("Reading" in shown.getvalue()) is is_shown
        assert screen(frame).empty is not is_shown  # of rows that stand there often
        assert ("Screening" in shown.getvalue()) is is_shown
        assert is_shown or shown.getvalue() == ""
