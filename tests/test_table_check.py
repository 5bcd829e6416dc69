"""A user's own MET table: each known way to break is refused with line, column and the fix."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidence as ev
from evidence import tables
from evidence.compendium import TABLES
from evidence.table_check import check_table

HEADER = "code,met,activity,source,locator"
GOOD = "02024,2.8,sit-ups,ainsworth2011,code 02024"


def problems(tmp_path, *lines, header=HEADER, encoding="utf-8"):
    file = tmp_path / "mine.csv"
    file.write_bytes(("\n".join((header, *lines)) + "\n").encode(encoding))
    return check_table(file)


def only(found):
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


@pytest.mark.parametrize("edition", TABLES)
def test_the_shipped_tables_pass(edition):
    assert check_table(tables.DATA / f"{TABLES[edition]}.csv") == []


def test_a_good_table_passes_in_any_column_order(tmp_path):
    assert problems(tmp_path, GOOD) == []
    line = "ainsworth2011,code 02024,sit-ups,2.8,02024"
    assert problems(tmp_path, line, header="source,locator,activity,met,code") == []


def test_a_byte_order_mark_and_blank_lines_do_no_harm(tmp_path):
    assert problems(tmp_path, GOOD, "", encoding="utf-8-sig") == []


@pytest.mark.parametrize(
    ("line", "column", "rule", "fix"),
    [
        ("2024,2.8,sit-ups,a2011,p. 1", "code", "leading-zero", "write 02024"),
        ("2024.0,2.8,sit-ups,a2011,p. 1", "code", "leading-zero", "write 02024"),
        ("202260,3.5,sit-ups,a2011,p. 1", "code", "leading-zero", "write 0202260"),
        ('02024,"2,8",sit-ups,a2011,p. 1', "met", "decimal-comma", "write 2.8"),
        ("02024,2,8,sit-ups,a2011,p. 1", "met", "decimal-comma", "write 2.8"),
        ("02024,2.8,sit-ups,,p. 1", "source", "source", "name the source"),
        ("02024,2.8,sit-ups,  ,p. 1", "source", "source", "name the source"),
        ("02024,2.8,sit-ups,a2011,", "locator", "locator", "name the locator"),
        ("02024,,sit-ups,a2011,p. 1", "met", "empty", "a value is required"),
        ("02024,39,sit-ups,a2011,p. 1", "met", "met", "outside 0.5 to 25"),
        ("02024,-2.8,sit-ups,a2011,p. 1", "met", "met", "not a number"),
        ("02024,nan,sit-ups,a2011,p. 1", "met", "met", "not a number"),
        ("02024,2.8,haka cafÃ©,a2011,p. 1", "activity", "mojibake", "write 'haka café'"),
        ("02024,2.8,girlâ€™s dance,a2011,p. 1", "activity", "mojibake", "girl’s dance"),
        ("02024,2.8,caf\ufffd,a2011,p. 1", "activity", "mojibake", "export the table anew"),
        ("02024,2.8,sit-ups ,a2011,p. 1", "activity", "space", "remove it"),
        ("02024,2.8,sit-ups, crunches,a2011,p. 1", "", "shifted", "in quotes"),
        ("02024,2.8,sit-ups,a2011", "", "shifted", "leave no cell out"),
    ],
)
def test_a_broken_row_is_refused_with_its_line_column_and_fix(tmp_path, line, column, rule, fix):
    problem = only(problems(tmp_path, "02022,3.8,push-ups,a2011,p. 1", line))
    assert (problem.file, problem.line, problem.key) == ("mine.csv", 3, column)
    assert problem.rule == rule
    assert fix in problem.message
    assert str(problem).startswith(f"mine.csv:3: {column}")


def test_text_decoded_twice_over_is_put_right(tmp_path):
    twice = "café".encode().decode("latin-1").encode().decode("latin-1")
    problem = only(problems(tmp_path, f"02024,2.8,{twice},a2011,p. 1"))
    assert "write 'café'" in problem.message


def test_honest_accents_are_left_alone(tmp_path):
    assert problems(tmp_path, "02024,2.8,Übung à la carte: plié,a2011,S. 1") == []


def test_a_shifted_row_says_where_its_values_are(tmp_path):
    found = problems(tmp_path, "sit-ups,02024,2.8,a2011,p. 1")
    by_column = {problem.key: problem.message for problem in found}
    assert set(by_column) == {"code", "met"} or set(by_column) == {"code"}
    assert "'02024' stands in column 'met', so the row is shifted" in by_column["code"]


def test_a_met_in_the_next_column_is_found(tmp_path):
    found = problems(tmp_path, "02024,sit-ups,2.8,a2011,p. 1")
    assert "'2.8' stands in column 'activity'" in only(found).message


def test_a_code_entered_twice_names_both_lines(tmp_path):
    problem = only(problems(tmp_path, GOOD, GOOD))
    assert (problem.line, problem.key, problem.rule) == (3, "code", "duplicate")
    assert "repeats line 2" in problem.message


@pytest.mark.parametrize("top", ["9.9", "9.99"])
def test_a_pile_up_at_the_top_is_refused(tmp_path, top):
    lines = [f"9910{number},{top},made-up sport {number},a2011,p. 1" for number in range(3)]
    found = problems(tmp_path, GOOD, *lines)
    assert [(problem.line, problem.key) for problem in found] == [
        (3, "met"),
        (4, "met"),
        (5, "met"),
    ]
    assert {problem.rule for problem in found} == {"clamped"}


def test_one_clamped_value_is_known_by_the_published_one(tmp_path):
    problem = only(problems(tmp_path, "12135,9.9,running at 14 mph,a2011,p. 1", GOOD))
    assert problem.rule == "clamped"
    assert "23 for 12135" in problem.message


def test_a_real_9_9_below_the_top_passes(tmp_path):
    lines = [f"9910{number},9.9,made-up sport {number},a2011,p. 1" for number in range(3)]
    assert problems(tmp_path, *lines, "99200,14.0,made-up race,a2011,p. 1") == []


@pytest.mark.parametrize(
    ("header", "column", "said"),
    [
        ("code;met;activity;source;locator", "", "separated by semicolons"),
        ("code\tmet\tactivity\tsource\tlocator", "", "separated by tabs"),
        ("Code,met,activity,source,locator", "Code", "write 'code'"),
        ("code,met,activity,source,locator,colour", "colour", "unknown column"),
        ("code,met,activity,source", "locator", "is missing"),
        ("code,met,met,activity,source,locator", "met", "2 times"),
    ],
)
def test_wrong_columns_are_refused(tmp_path, header, column, said):
    problem = only(problems(tmp_path, GOOD, header=header))
    assert (problem.line, problem.key) == (1, column)
    assert said in problem.message


@pytest.mark.parametrize(
    ("data", "rule", "line"),
    [
        (b"", "column", 1),
        (f"{HEADER}\n".encode(), "empty", 1),
        (f"{HEADER}\n{GOOD}\n02022,3.8,haka caf\xe9,a,b\n".encode("latin-1"), "encoding", 3),
        (f"{HEADER}\n{GOOD}\n".encode("utf-16"), "encoding", 1),
        (f'{HEADER}\n02024,2.8,"sit-ups,a2011,p. 1\n'.encode(), "csv", 2),
        (b"\x00" * 1000, "csv", 1),
        (b"\xff" * 10_000_000, "encoding", 1),
        (b"a" * 10_000_000, "csv", 1),
    ],
)
def test_what_is_no_table_gets_a_problem_and_no_crash(tmp_path, data, rule, line):
    file = tmp_path / "mine.csv"
    file.write_bytes(data)
    found = check_table(file)
    assert {problem.rule for problem in found} == {rule}
    assert found[0].line == line


def test_a_value_outside_the_vocabulary_is_refused(tmp_path):
    problem = only(problems(tmp_path, f"{GOOD},guessed", header=f"{HEADER},basis"))
    assert (problem.key, problem.line) == ("basis", 2)
    assert "measured, estimated, not stated" in problem.message
    assert problems(tmp_path, f"{GOOD},second-hand", header=f"{HEADER},checked") == []


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(ev.EvidenceError, match="no such file"):
        check_table(tmp_path / "none.csv")


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path):
    found = problems(tmp_path, '02024,2.8,"sit-ups\nslowly",a2011,p. 1', "2022,3.8,x,a2011,p. 1")
    assert only(found).line == 4


CELL = st.one_of(st.sampled_from(["02024", "2.8", "2,8", "", "a2011", "9.9"]), st.text(max_size=8))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(CELL, min_size=4, max_size=6).map(",".join), max_size=6), st.binary())
def test_any_bytes_below_the_header_give_problems_and_no_crash(tmp_path_factory, lines, tail):
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes("\n".join((HEADER, *lines)).encode("utf-8", "surrogatepass") + tail)
    for problem in check_table(file):
        assert problem.file == "any.csv"
        assert problem.line >= 1
        assert problem.message


def test_other_digits_than_0_to_9_are_refused_with_the_plain_ones(tmp_path):
    arabic = problems(tmp_path, "٠٢٠٢٤,٢.٨,sit-ups,ainsworth2011,code 02024")
    assert [(problem.key, problem.rule) for problem in arabic] == [
        ("code", "digits"),
        ("met", "digits"),
    ]
    assert "write 02024" in arabic[0].message
    full_width = only(problems(tmp_path, "02024,２.８,sit-ups,ainsworth2011,code 02024"))
    assert (full_width.key, full_width.rule) == ("met", "digits")
    assert "write 2.8" in full_width.message
