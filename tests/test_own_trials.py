"""A reader's own table of trials: what is accepted, what is refused and with which remedy."""

from __future__ import annotations

import builtins
import os
import zipfile

import pytest

from analysis.dose_response import read_trials, refit
from evidence import EvidenceError
from evidence.own_trials import fields, read_own_trials, template
from evidence.tables import table

HEAD = "es_id,study,arm,n,domain,weekly_sets,mean_pre,sd_pre,mean_post,control_arm"
ROWS = (
    "1,A 2020,low,15,size,3,31.2,4.1,32.0,false",
    "2,A 2020,high,16,size,9,30.8,4.4,32.6,false",
    "3,B 2021,one,12,size,5,24.6,3.2,25.5,false",
    "4,B 2021,two,12,size,10,25.1,3.5,26.6,false",
)


@pytest.fixture
def write(tmp_path):
    def written(*lines, name="mine.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes("\n".join((*lines, "")).encode(encoding))
        return path

    return written


def faults(path):
    with pytest.raises(EvidenceError) as refused:
        read_own_trials(path)
    return str(refused.value).splitlines()


def changed(row, old, new):
    assert old in ROWS[row]
    return (*ROWS[:row], ROWS[row].replace(old, new, 1), *ROWS[row + 1 :])


def test_a_plain_table_is_read_as_it_stands(write):
    own = read_own_trials(write(HEAD, *ROWS))
    assert own.columns["weekly_sets"] == [3.0, 9.0, 5.0, 10.0]
    assert own.columns["control_arm"] == [False] * 4
    assert own.lines == (2, 3, 4, 5)
    assert own.notes == ()


def test_the_template_is_a_table_of_six_studies_and_one_effect_an_arm(tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(template(), "utf-8")
    trials = read_trials(path)
    assert len(trials.effects) == 12
    assert trials.effects.groupby("study")["arm"].nunique().tolist() == [2] * 6
    assert trials.levels == ("study", "arm")
    assert any("the level es_id was dropped" in note for note in trials.notes)
    curve = refit(trials)
    assert curve.studied_range == (3, 20)
    with pytest.raises(ValueError, match="forms: trials that were read bring their own"):
        refit(trials, forms=["linear"])


def test_levels_that_tell_nothing_apart_are_dropped_whichever_they_are(write):
    rows = [f"{i},S{i},only,12,size,{i + 2},24.6,3.2,25.{i},false" for i in range(1, 6)]
    trials = read_trials(write(HEAD, *rows))
    assert trials.levels == ("study",)
    assert sum("was dropped" in note for note in trials.notes) == 2


def test_all_faults_of_a_file_are_told_in_one_go_by_line_and_column(write):
    rows = list(ROWS)
    rows[1] = rows[1].replace(",false", ",")
    rows[2] = rows[2].replace("3,B", "2,B")
    rows[3] = rows[3].replace("25.1", '"25,1"')
    told = faults(write(HEAD, *rows))
    assert told == [
        "mine.csv:3 control_arm: empty; write true or false (yes, no, 1 and 0 will do)",
        "mine.csv:4 es_id: 2 repeats line 3; number each effect once",
        "mine.csv:5 mean_pre: '25,1' is not a number; use a decimal point: 25.1",
    ]


@pytest.mark.parametrize(
    ("row", "old", "new", "said"),
    [
        (0, "false", "maybe", "mine.csv:2 control_arm: 'maybe'; write true or false"),
        (0, "false", "NA", "mine.csv:2 control_arm: 'NA'; write true or false"),
        (1, "4.4", "0", "mine.csv:3 sd_pre: 0 is not above 0"),
        (1, "4.4", "", "mine.csv:3 sd_pre: empty; give the SD, or se_pre, or ci_low_pre"),
        (1, "4.4", "NR", "mine.csv:3 sd_pre: 'NR' is not a number; leave the cell empty if"),
        (1, "4.4", "=1+1", r"mine.csv:3 sd_pre: '=1\+1' is a formula; enter its value"),
        (1, "A 2020", "=A1", "mine.csv:3 study: '=A1' is a formula"),
        (2, "24.6", "２４.６", "mine.csv:4 mean_pre: '２４.６' is not a number; .*: 24.6"),
        (2, "24.6", "٢٤", "mine.csv:4 mean_pre: '٢٤' is not a number; .*: 24"),
        (2, "24.6", "24.6 mm", "mine.csv:4 mean_pre: '24.6 mm' is not a number"),
        (2, "24.6", "nan", "mine.csv:4 mean_pre: 'nan' is not a number"),
        (2, "24.6", "1e999", "mine.csv:4 mean_pre: too large a number: 1e999"),
        (2, "24.6", '"2\n4"', r"mine.csv:4 mean_pre: '2\\n4' is not a number"),
        (2, "25.5", "", "mine.csv:4 mean_post: empty; give mean_pre and mean_post, or mean_change"),
        (2, ",12,", ",2,", "mine.csv:4 n: 2 is outside 3 to 100000"),
        (2, ",12,", ",12.5,", "mine.csv:4 n: '12.5' is not a whole number"),
        (3, "size", "muscle", "mine.csv:5 domain: 'muscle' is not one of size, strength"),
        (3, ",10,", ",,", "mine.csv:5 weekly_sets: empty; a value is required"),
        (3, ",10,", ",-1,", "mine.csv:5 weekly_sets: -1 is outside 0 to 300"),
        (3, "25.1", "25,1", "mine.csv:5 mean_pre: '25,1' seems to have a decimal comma"),
        (3, ",false", "", "mine.csv:5: 9 cells where 10 columns are named"),
        (3, "B 2021", "", "mine.csv:5 study: empty; a value is required"),
    ],
)
def test_a_cell_that_will_not_do_is_refused_with_the_remedy(write, row, old, new, said):
    with pytest.raises(EvidenceError, match=f"^{said}") as refused:
        read_own_trials(write(HEAD, *changed(row, old, new)))
    assert len(str(refused.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("head", "said"),
    [
        (HEAD.replace("sd_pre", "spread"), "mine.csv:1 sd_pre: no such column, nor one in its"),
        (HEAD.replace("sd_pre", "sd_pree"), "mine.csv:1 sd_pree: no such column; if sd_pre is"),
        (HEAD.replace("mean_post", "mean_pre"), "mine.csv:1 mean_pre: the column is there 2 times"),
        (HEAD.replace("mean_post", "Mean Pre"), "mine.csv:1 mean_pre: the column is there 2 times"),
        (HEAD.replace("weekly_sets", "dose"), "mine.csv:1 weekly_sets: no such column, nor freq"),
        (HEAD.replace("domain", ""), "mine.csv:1: column 5 has cells and no name"),
        (HEAD.replace(",", "|"), "mine.csv:1: one column only"),
        ("Table 1,,,,,,,,,\n" + HEAD, "mine.csv:1: the column names stand in line 2; delete"),
        (HEAD + "\n" + HEAD, "mine.csv:2: a second line of column names; keep one"),
        (HEAD + "\n,,,people,,sets,mm,mm,mm,", "mine.csv:2: no number in it: a second line of"),
    ],
)
def test_a_header_that_will_not_do_is_refused_with_the_remedy(write, head, said):
    assert any(told.startswith(said) for told in faults(write(head, *ROWS)))


def test_a_file_of_unquoted_decimal_commas_is_told_once(write):
    rows = [row.replace(".", ",") for row in ROWS]
    assert faults(write(HEAD, *rows)) == [
        "mine.csv:1: 10 columns are named and every row has 13 cells; if numbers have decimal "
        "commas, write points, or separate cells by semicolons"
    ]


def test_a_cell_that_is_too_long_is_quoted_in_part(write):
    told = faults(write(HEAD, *changed(1, "4.4", "x" * 10_000)))
    assert len(told[0]) < 300
    assert "too large" in faults(write(HEAD, *changed(1, "2,A", f"{'9' * 5000},A")))[0]


def test_a_column_that_is_not_there_is_told_once(write):
    assert faults(write(HEAD.replace("sd_pre", "spread"), *ROWS)) == [
        "mine.csv:1 sd_pre: no such column, nor one in its place: se_pre, ci_low_pre with "
        "ci_high_pre, sd_change, se_change, ci_low_change with ci_high_change, t_change"
    ]


def test_the_end_of_a_file_with_many_faults_is_counted(write):
    rows = [row.replace("size", "power") for row in ROWS] * 20
    told = faults(write(HEAD, *rows))
    assert len(told) == 51
    assert told[-1] == "mine.csv: and 106 more"


@pytest.mark.parametrize(
    ("yes", "no"), [("yes", "no"), ("1", "0"), ("TRUE", "FALSE"), ("Yes", "No")]
)
def test_other_words_for_true_and_false_are_read_and_named(write, yes, no):
    rows = [row.replace("false", no) for row in ROWS]
    rows[3] = ROWS[3].replace("false", yes)
    own = read_own_trials(write(HEAD, *rows))
    assert own.columns["control_arm"] == [False, False, False, True]
    assert own.notes == (
        f"control_arm: {no!r} was read as false (3 cells).",
        f"control_arm: {yes!r} was read as true (1 cell).",
    )


@pytest.mark.parametrize(("mark", "name"), [(";", "semicolons"), ("\t", "tabs")])
def test_another_separator_and_a_decimal_comma_are_read_and_named(write, mark, name):
    rows = [row.replace(",", mark).replace(".", ",") for row in (HEAD, *ROWS)]
    own = read_own_trials(write(*rows))
    assert own.columns["mean_pre"] == [31.2, 30.8, 24.6, 25.1]
    assert own.notes == (
        f"Its cells are separated by {name}.",
        "12 numbers have a decimal comma: 31,2 was read as 31.2.",
    )


def test_a_comma_that_may_be_of_thousands_is_refused(write):
    rows = [row.replace(",", ";") for row in (HEAD, *changed(0, "31.2", "1.200"))]
    rows = [row.replace(".", ",") if "1.200" in row else row for row in rows]
    whole = [row.replace(".", "") if "1,200" not in row else row for row in rows]
    whole[1] = "1;A 2020;low;15;size;3;1,200;41;1,300;false"
    assert faults(write(*whole)) == [
        "mine.csv:2 mean_pre: '1,200' may be 1.200 or 1200; write which",
        "mine.csv:2 mean_post: '1,300' may be 1.300 or 1300; write which",
    ]


def test_a_comma_among_points_is_refused(write):
    rows = [row.replace(",", ";") for row in (HEAD, *ROWS)]
    rows[2] = rows[2].replace("30.8", "30,8")
    assert faults(write(*rows)) == [
        "mine.csv:3 mean_pre: '30,8' is not a number; use a decimal point: 30.8"
    ]


def test_letters_spaces_words_and_marks_that_are_plain_are_read_and_named(write):
    head = HEAD.upper().replace("MEAN_PRE", "mean pre") + ",Notes"
    rows = [f"{row},x" for row in changed(1, "size", "Hypertrophy ")]
    own = read_own_trials(write(head, *rows, ",,,,,,,,,,", encoding="utf-8-sig"))
    assert own.columns["domain"] == ["size"] * 4
    assert "A byte order mark stands at its start." in own.notes
    assert "domain: 'Hypertrophy' was read as size (1 cell)." in own.notes
    assert "domain: spaces at the end or start were left out (1 cell)." in own.notes
    assert "Columns that are not used: Notes." in own.notes
    assert any("'mean pre' as mean_pre" in note for note in own.notes)


def test_labels_of_arms_that_come_back_are_taken_within_their_study(write):
    rows = [row.replace("one", "low").replace("two", "high") for row in ROWS]
    own = read_own_trials(write(HEAD, *rows))
    assert own.columns["arm"] == ["A 2020:low", "A 2020:high", "B 2021:low", "B 2021:high"]
    assert "taken within its study" in own.notes[0]


def test_no_file_no_text_and_no_table_are_told_apart_at_once(write, tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "a pipe or a device" in faults(tmp_path / "pipe.csv")[0]
    assert "this is a folder" in faults(tmp_path)[0]
    assert "no such file" in faults(tmp_path / "none.csv")[0]
    assert "the file is empty" in faults(write(""))[0]
    assert "there is no row below" in faults(write(HEAD))[0]
    assert "mine.csv:3: a NUL byte" in faults(write(HEAD, ROWS[0], "2,A\0"))[0]
    assert "UTF-16" in faults(write(HEAD, *ROWS, encoding="utf-16"))[0]
    latin = write(HEAD, ROWS[0].replace("A 2020", "Rønnestad"), encoding="latin-1")
    assert "mine.csv:2: byte" in faults(latin)[0]
    assert "export the table anew" in faults(write(HEAD, '1,"A'))[0]


def workbook(path, rows, sheet="Data"):
    openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    book = openpyxl.Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.create_sheet("empty")
    return book, path


def cells():
    out = [HEAD.split(",")]
    for row in ROWS:
        id, study, arm, n, domain, sets, pre, sd, post, _ = row.split(",")
        out.append(
            [
                int(id),
                study,
                arm,
                int(n),
                domain,
                int(sets),
                float(pre),
                float(sd),
                float(post),
                False,
            ]
        )
    return out


def test_an_excel_workbook_is_read_as_the_same_table(write, tmp_path):
    book, path = workbook(tmp_path / "mine.xlsx", cells())
    book.save(path)
    own = read_own_trials(path)
    assert own.columns == read_own_trials(write(HEAD, *ROWS)).columns
    assert own.notes == ("It is a workbook; its sheet “Data” was read.",)


def test_faults_of_a_workbook_are_named_by_row_and_column(tmp_path):
    rows = cells()
    rows[2][7] = None
    book, path = workbook(tmp_path / "mine.xlsx", rows)
    book.save(path)
    assert faults(path)[0].startswith("mine.xlsx:3 sd_pre: empty; give the SD")


def test_a_workbook_that_cannot_be_told_is_refused(tmp_path):
    rows = cells()
    rows[2][7] = "=1+1"
    book, path = workbook(tmp_path / "mine.xlsx", rows)
    book.save(path)
    assert faults(path) == [
        "mine.xlsx:3: '=1+1' is a formula whose value was not saved; open and save the workbook, "
        "or enter the value"
    ]
    book, path = workbook(tmp_path / "two.xlsx", cells())
    book["empty"]["A1"] = "x"
    book.save(path)
    assert "the sheets Data, empty all hold cells" in faults(path)[0]
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 and no more")
    assert "a damaged workbook" in faults(tmp_path / "broken.xlsx")[0]
    with zipfile.ZipFile(tmp_path / "parts.xlsx", "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert "a damaged workbook" in faults(tmp_path / "parts.xlsx")[0]
    with zipfile.ZipFile(tmp_path / "text.docx", "w") as packed:
        packed.writestr("word/document.xml", "<document/>")
    assert "neither CSV text nor an Excel workbook" in faults(tmp_path / "text.docx")[0]
    (tmp_path / "old.xls").write_bytes(b"\xd0\xcf\x11\xe0 and no more")
    assert "CSV UTF-8" in faults(tmp_path / "old.xls")[0]


def test_without_openpyxl_a_workbook_is_refused_with_both_remedies(tmp_path, monkeypatch):
    path = tmp_path / "mine.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    plain = builtins.__import__

    def without(name, *args, **kwargs):
        if name == "openpyxl":
            raise ModuleNotFoundError(name)
        return plain(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    told = faults(path)[0]
    assert "CSV UTF-8" in told
    assert "repdose[excel]" in told


def test_the_layout_shares_its_columns_with_the_packaged_table():
    shipped = {item["name"]: item for item in table("volume_arms").schema["fields"]}
    shared = [item for item in fields() if item["name"] in shipped]
    assert len(shared) > 20
    for item in shared:
        assert item["type"] == shipped[item["name"]]["type"]
    assert all(item["description"] and item["type"] for item in fields())


def test_the_packaged_table_itself_can_be_read_as_a_readers_own():
    own = read_own_trials(table("volume_arms").path)
    assert len(own.lines) == 376
    assert own.columns["mean_pre"] == [row["mean_pre"] for row in table("volume_arms").rows]
