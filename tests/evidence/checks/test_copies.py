"""Second transcriptions that are second: whence each row was typed, how much was typed twice."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil

import pytest
from copied_checkout import ROOT, checked, replaced, run_in, stamped

from repdose.cli.check import check_evidence
from repdose.evidence import tables
from repdose.evidence.checks import copies, shipped, transcriptions
from repdose.evidence.checks.copies import Shares

PUBLISHED = ROOT / "tests" / "published"
BIB = ROOT / "references.bib"


def typed(name):
    with (PUBLISHED / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


# The abstract names high load first: 5.3 against 8.6, 6.0 against 5.2, 9.3 against 9.5 %.
@pytest.mark.parametrize(
    ("muscle", "high", "low"),
    [("elbow_flexor", 5.3, 8.6), ("elbow_extensor", 6.0, 5.2), ("quadriceps", 9.3, 9.5)],
)
def test_thickness_after_high_and_low_loads_is_as_printed_in_table_and_transcription(
    muscle, high, low
):
    ours = {row["id"]: row["value"] for row in tables.table("findings").rows}
    again = {
        row["record"]: float(row["value"])
        for row in typed("schoenfeld2015.csv")
        if row["field"] == "value"
    }
    for values in (ours, again):
        assert values[f"schoenfeld2015.{muscle}_thickness_high_load"] == high
        assert values[f"schoenfeld2015.{muscle}_thickness_low_load"] == low


def test_every_row_from_print_says_whence_it_was_typed():
    assert list(transcriptions.stated_copies()) == []


def test_no_pair_names_the_same_copy():
    for item in copies.statements():
        assert not copies.same_copy(item.copy, item.second_copy), item


def stated(monkeypatch, *statements):
    """Problems when these statements stand after those of the table."""
    every = (*copies.statements(), *statements)
    monkeypatch.setattr(copies, "statements", lambda: every)
    return [problem.message for problem in transcriptions.stated_copies()]


def test_a_pair_of_one_copy_is_refused_however_it_is_written(monkeypatch):
    (message,) = stated(
        monkeypatch,
        copies.Statement(
            "findings",
            ("krieger2010.*",),
            "Abstract, ResearchGate 42345560",
            "abstract (ResearchGate 42345560)",
            ("krieger2010.csv",),
            99,
        ),
    )
    assert "from the same copy is no second one" in message


def test_a_second_copy_without_the_numbers_is_refused(monkeypatch):
    messages = stated(
        monkeypatch,
        copies.Statement(
            "findings", ("westcott2012.lean_mass_gain",), "notes", "print", ("krieger2010.csv",), 99
        ),
    )
    assert any("its value is not in krieger2010.csv" in message for message in messages)


def test_a_row_in_words_alone_cannot_be_said_to_be_typed_twice(monkeypatch):
    claim = copies.Statement("cert_items", ("cert.1",), "notes", "print", ("krieger2010.csv",), 99)
    key = copies.keys(tables.table("cert_items"))[0]
    messages = stated(monkeypatch, copies.Statement("cert_items", (key,), *_rest(claim)))
    assert any("its number is not in" in message for message in messages)


def _rest(item):
    return item.copy, item.second_copy, item.transcriptions, item.line


def test_statements_of_what_is_not_there_are_refused(monkeypatch):
    messages = stated(
        monkeypatch,
        copies.Statement("finding", ("*",), "notes", "", (), 99),
        copies.Statement("findings", ("schoenfeld2016.*",), "notes", "", (), 99),
        copies.Statement("findings", ("krieger2010.*",), "notes", "print", (), 99),
        copies.Statement("none", ("*",), "computed", "", ("nothing.json",), 99),
    )
    assert any("no table 'finding' has rows from print" in message for message in messages)
    assert any("no row of it is called 'schoenfeld2016.*'" in message for message in messages)
    assert any("a second copy without a transcription" in message for message in messages)
    assert any("there is no tests/published/nothing.json" in message for message in messages)


def test_the_last_statement_that_covers_a_row_holds():
    assert copies.statement_of("findings", "krieger2010.studies").second_copy
    assert not copies.statement_of("findings", "westcott2012.lean_mass_gain").second_copy
    assert copies.statement_of("met_2011", "02024").second_copy
    assert not copies.statement_of("met_2011", "02068").second_copy  # the copies differ
    assert not copies.statement_of("met_2024", "19144").second_copy


def test_shares_are_cut_and_never_rounded_up():
    whole = str(Shares("rows", {"two": 1999, "one": 1}))
    assert "99.9 %" in whole
    assert " 0.0 %" in whole
    assert "100" not in whole
    assert "66.6 %" in str(Shares("rows", {"two": 2, "one": 1}))


def twice(name):
    found = (copies.statement_of(name, key) for key in copies.keys(tables.table(name)))
    return sum(bool(item.second_copy) for item in found)


def test_rows_typed_from_two_copies_are_as_many_as_were_typed():
    # 2011: 820 codes on the web pages, three of them with another number
    assert len(typed("met_2011_web.csv")) == 820
    assert twice("met_2011") == 820 - 3
    # 2024: 214 codes in one extract, 417 more in another copy, one of them with another number
    assert len(typed("met_2024_extract.csv")) == 214
    assert len(typed("met_2024_database.csv")) == 417
    assert twice("met_2024") == 214 + 417 - 1
    assert twice("contralateral") == twice("volume_arms") == 0


def test_shares_add_up_to_the_rows_that_are_shipped():
    rows = {}
    for path in (ROOT / "evidence" / "data").glob("*.csv"):
        with path.open(encoding="utf-8") as file:
            read = list(csv.DictReader(file))
        if "source" in read[0]:
            rows[path.stem] = len(read)
    own = ("exercises", "leg_raise_geometry", "set_credits", "choices", "met_redefined", "claims")
    printed = sum(count for name, count in rows.items() if name not in own)
    printed -= 4 + 2  # definitions among the constants and the progression rules
    every, rest, seen, seen_twice, seen_once, identifiers = copies.shares()
    assert sum(every.parts.values()) == sum(seen.parts.values()) == printed
    assert sum(seen_twice.parts.values()) == every.parts["two independent copies"]
    assert sum(seen_once.parts.values()) == every.parts["one copy"]
    trials = rows["volume_arms"] + rows["contralateral"]
    assert sum(rest.parts.values()) == printed - trials
    assert every.parts["one copy"] - rest.parts["one copy"] == trials
    fields = BIB.read_text("utf-8").count
    listed = fields("\n  doi  ") + fields("\n  pmid  ") + fields("\n  pmcid  ")
    assert sum(identifiers.parts.values()) == listed


def test_one_changed_digit_of_any_identifier_is_noticed():
    path = PUBLISHED / "references.csv"
    rows = list(enumerate(typed("references.csv"), 2))
    assert list(transcriptions.compare_identifiers(path, rows)) == []
    for line, row in rows:
        last = row["value"][-1]
        other = {**row, "value": row["value"][:-1] + ("1" if last != "1" else "2")}
        changed = [(at, other if at == line else kept) for at, kept in rows]
        (problem,) = transcriptions.compare_identifiers(path, changed)
        assert (problem.key, problem.rule) == (row["key"], "transcription")
        at = BIB.read_text("utf-8").splitlines()[problem.line - 1]
        assert row["field"] in at


def test_an_identifier_on_one_side_alone_is_noticed():
    path = PUBLISHED / "references.csv"
    rows = list(enumerate(typed("references.csv"), 2))
    (problem,) = transcriptions.compare_identifiers(path, rows[1:])
    assert "is not typed again" in problem.message
    spare = (len(rows) + 2, {"key": "nobody1999", "field": "pmid", "value": "1"})
    (problem,) = transcriptions.compare_identifiers(path, [*rows, spare])
    assert problem.line == spare[0]


@pytest.mark.slow
def test_damage_to_copies_and_identifiers_is_found(checkout, tmp_path):
    root = tmp_path / "damaged"
    shutil.copytree(checkout, root)
    published = root / "tests" / "published"
    stated_line = replaced(
        root / "evidence" / "data" / "copies.csv",
        "PubMed record 16475061",
        '"abstract, publisher\'s page"',
    )
    stamped(root, "copies")
    pmid = replaced(root / "references.bib", "{22777332}", "{22777323}")
    replaced(published / "krieger2010.csv", "krieger2010.effect_size_1_set,value,0.24\n", "")
    replaced(published / "met_2011_web.csv", "02024,2.8,", "02024,2.9,")
    reason = replaced(published / "met_2011_web.csv", "02068,11.0,", "02068,12.3,")
    (published / "new2027.csv").write_text("record,field,value\n", "utf-8")
    problems, _ = checked(root)
    found = {(item.file, item.line, item.key, item.rule) for item in problems}
    stem = "tests/published"
    assert ("references.bib", pmid, "westcott2012", "transcription") in found
    assert {item.key for item in problems if item.rule == "checksum"} == {"references"}
    assert ("evidence/data/copies.csv", stated_line, "findings", "copy") in found
    assert {item.key for item in problems if "type it, or state" in item.message} == {
        "krieger2010.effect_size_1_set"
    }
    assert (f"{stem}/met_2011_web.csv", reason, "02068", "transcription") in found
    assert ("02024", "transcription") in {(item.key, item.rule) for item in problems}
    assert (f"{stem}/new2027.csv", 0, "", "copy") in found
    assert len(problems) == 7


RENEW = (
    "import json; from repdose.evidence.checks import checksums; "
    "print(json.dumps([item.path for item in checksums.renew()]))"
)


def test_renewing_writes_the_checksums_of_what_changed_and_nothing_else(checkout, tmp_path):
    root = tmp_path / "changed"
    shutil.copytree(checkout, root)
    descriptor = root / "evidence" / "data" / "datapackage.json"
    before = descriptor.read_text("utf-8")
    replaced(root / "evidence" / "data" / "lusk.csv", "4.686", "4.687")
    replaced(root / "references.bib", "{22777332}", "{22777323}")
    assert json.loads(run_in(root, RENEW).stdout) == ["lusk.csv", "references.bib"]
    after = descriptor.read_text("utf-8")
    lines = zip(before.splitlines(), after.splitlines(), strict=True)
    new = [line for old, line in lines if old != line]
    bytes_of = (root / "references.bib", root / "evidence" / "data" / "lusk.csv")
    sums = [hashlib.sha256(path.read_bytes()).hexdigest() for path in bytes_of]
    assert [any(digest in line for line in new) for digest in sums] == [True, True]
    assert len(new) == 2
    assert json.loads(run_in(root, RENEW).stdout) == []


def test_an_installed_package_renews_nothing(checkout, tmp_path):
    package = tmp_path / "repdose" / "evidence"
    shutil.copytree(checkout / "evidence" / "repdose" / "evidence", package)
    shutil.copytree(checkout / "evidence" / "data", package / "data")
    shutil.copy(BIB, package / "references.bib")
    done = run_in(tmp_path, RENEW)
    assert "in a checkout of the project" in done.stderr


def test_the_command_prints_the_shares(capsys):
    assert check_evidence() == 0
    out = capsys.readouterr().out
    for item in copies.shares():
        assert str(item) in out
    assert out.splitlines()[1].startswith("  two independent copies")


def test_the_checks_are_run_with_the_others():
    assert transcriptions.stated_copies in shipped.CHECKS
    assert transcriptions.transcriptions in shipped.CHECKS
