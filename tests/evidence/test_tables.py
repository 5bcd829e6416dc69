"""A record needs a source, and a table is read strictly."""

import dataclasses
import os

import pytest

from repdose import evidence as ev
from repdose.evidence.errors import EvidenceError
from repdose.evidence.records import Record
from repdose.evidence.table_schema import read_table
from repdose.evidence.tables import names, table
from repdose.evidence.training.variants import Exercise

GOOD = dict(id="a", source="garber2011", locator="table 2", checked="abstract")
SCHEMA = {
    "fields": [
        {"name": "code", "type": "string", "constraints": {"required": True, "pattern": r"\d{5}"}},
        {"name": "met", "type": "number", "constraints": {"minimum": 0.9, "maximum": 23}},
        {"name": "n", "type": "integer"},
        {"name": "up", "type": "boolean"},
        {"name": "kind", "type": "string", "constraints": {"enum": ["x", "y"]}},
    ],
    "primaryKey": ["code"],
}


@pytest.mark.parametrize("missing", ["id", "source", "locator", "checked"])
@pytest.mark.parametrize("empty", ["", "  "])
def test_a_record_without_source_or_place_cannot_exist(missing, empty):
    with pytest.raises(EvidenceError, match=f"{missing} is required and is empty"):
        Record(**{**GOOD, missing: empty})


def test_a_recalled_fact_cannot_be_a_record():
    with pytest.raises(EvidenceError, match="allowed: full-text, abstract, second-hand"):
        Record(**{**GOOD, "checked": "recalled"})


def test_a_record_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Record(**GOOD).source = "me"


def test_a_record_refuses_a_number_that_is_none():
    row = dict(table("exercises").rows[0])
    assert Exercise(**row).id == "lying_bent_knee"
    with pytest.raises(EvidenceError, match="up_s is nan"):
        Exercise(**{**row, "up_s": float("nan")})


def test_the_ledger_lists_exactly_what_was_read():
    with ev.ledger() as outer:
        ev.met("02024", edition=2011)
        with ev.ledger() as inner:
            ev.met("02020", edition=2024)
            ev.met("02020", edition=2024)
    assert [record.id for record in inner.records()] == ["2024:02020"]
    assert outer.sources() == ["ainsworth2011", "herrmann2024"]
    with ev.ledger() as nothing:
        pass
    assert nothing.records() == []


def written(tmp_path, *lines, encoding="utf-8"):
    path = tmp_path / "t.csv"
    path.write_bytes("\n".join(("code,met,n,up,kind", *lines, "")).encode(encoding))
    return path


def test_a_good_table_keeps_its_types(tmp_path):
    read = read_table(written(tmp_path, "02024,2.8,3,true,x", "02020,,,,"), SCHEMA)
    assert read.rows[0] == {"code": "02024", "met": 2.8, "n": 3, "up": True, "kind": "x"}
    assert read.rows[1] == {"code": "02020", "met": None, "n": None, "up": None, "kind": None}
    assert list(read.frame().columns) == ["code", "met", "n", "up", "kind"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2024,2.8,3,true,x", r"t.csv:3 code: '2024' does not match"),
        (",2.8,3,true,x", "t.csv:3 code: empty; a value is required"),
        ("02020,39,3,true,x", "t.csv:3 met: 39 is outside 0.9 to 23"),
        ("02020,nan,3,true,x", "t.csv:3 met: 'nan' is not a number"),
        ('02020,"2,8",3,true,x', "t.csv:3 met: '2,8' is not a number; use a decimal point"),
        ("02020,２.８,3,true,x", "t.csv:3 met: '２.８' is not a number; .* digits 0 to 9: 2.8"),
        ("02020,2.8,٣,true,x", "t.csv:3 n: '٣' is not a whole number; .* digits 0 to 9: 3"),
        ("02020,2.8,3.5,true,x", "t.csv:3 n: '3.5' is not a whole number"),
        ("02020,2.8,3,yes,x", "t.csv:3 up: 'yes' is neither true nor false"),
        ("02020,2.8,3,true,z", "t.csv:3 kind: 'z' is not one of x, y"),
        ("02020,2.8,3,true", "t.csv:3: 4 cells where 5 columns are named"),
        ("02024,2.8,3,true,x", "t.csv:3 code: '02024' repeats line 2"),
        ("02020, 2.8,3,true,x", "t.csv:3 met: ' 2.8' has a space"),
    ],
)
def test_a_bad_cell_is_named_by_file_line_and_column(tmp_path, line, words):
    with pytest.raises(EvidenceError, match=words):
        read_table(written(tmp_path, "02024,2.8,3,true,x", line), SCHEMA)


def test_a_wrong_header_and_a_wrong_encoding_are_refused(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("code,value\n1,2\n")
    with pytest.raises(EvidenceError, match="t.csv:1: the columns are code, value; expected code"):
        read_table(path, SCHEMA)
    with pytest.raises(EvidenceError, match="t.csv:2: byte .* is not UTF-8"):
        read_table(written(tmp_path, "02024,2.8,3,true,é", encoding="latin-1"), SCHEMA)


def test_every_packaged_table_reads():
    for name in names():
        assert table(name).rows, name


def test_an_unknown_table_is_refused():
    with pytest.raises(EvidenceError, match="no table 'met_2012'; near it: met_20"):
        table("met_2012")


def test_all_faults_of_a_table_are_told_at_once(tmp_path):
    path = written(tmp_path, "02024,2.8,3,true,x", "02024,39,3,yes,x", "02020,2.8", "x,2.8,,,z")
    with pytest.raises(EvidenceError) as refused:
        read_table(path, SCHEMA)
    assert str(refused.value).splitlines() == [
        "t.csv:3 met: 39 is outside 0.9 to 23",
        "t.csv:3 up: 'yes' is neither true nor false",
        "t.csv:4: 2 cells where 5 columns are named",
        "t.csv:5 code: 'x' does not match \\d{5}",
        "t.csv:5 kind: 'z' is not one of x, y",
    ]


def test_a_folder_a_pipe_and_a_nul_byte_are_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(EvidenceError, match="pipe.csv: this is a pipe or a device"):
        read_table(tmp_path / "pipe.csv", SCHEMA)
    with pytest.raises(EvidenceError, match="this is a folder; name the file in it"):
        read_table(tmp_path, SCHEMA)
    with pytest.raises(EvidenceError, match="none.csv: cannot be read: no such file"):
        read_table(tmp_path / "none.csv", SCHEMA)
    with pytest.raises(EvidenceError, match="t.csv:2: a NUL byte"):
        read_table(written(tmp_path, "02024,2.8\0,3,true,x"), SCHEMA)
