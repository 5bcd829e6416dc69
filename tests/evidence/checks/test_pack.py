"""A pack is opened if it is right, and refused with every fault of it by file, line and column."""

from __future__ import annotations

import zipfile

import pytest
from own_pack import BIB, TABLES, redescribed, swapped, without, write

from repdose import energy, progression, volume
from repdose import evidence as ev
from repdose.evidence import EvidenceError
from repdose.evidence.checks.pack import check, renew
from repdose.evidence.tables import resource
from repdose.evidence.training.variants import met_analogies


def refused(folder) -> list[str]:
    with pytest.raises(EvidenceError) as error, ev.pack(folder):
        pytest.fail("it was opened")
    return str(error.value).splitlines()


def test_a_pack_is_in_force_inside_its_block_and_nowhere_else(tmp_path):
    folder = write(tmp_path / "lab")
    assert check(folder) == []
    with ev.pack(folder) as opened, ev.ledger() as used:
        assert (opened.prefix, opened.version, opened.is_shipped) == ("mylab", "1.0", False)
        added = ["mylab.nordic_curl", "mylab.wall_sit", "mylab.step_up"]
        assert list(ev.exercises().index[-3:]) == added
        one = ev.exercise("mylab.nordic_curl")
        assert (one.name, one.pack) == ("Nordic curl (reader's own)", "mylab")
        assert ev.source("me2025").title == "Three exercises in one laboratory"
        assert ev.cite("me2025").startswith("Lee, A., & Kim, B.")
    assert used.sources() == ["me2025"]
    assert "mylab/exercises.csv" in used.tables()
    assert len(ev.exercises()) == 7
    for look_up, id in ((ev.exercise, "mylab.nordic_curl"), (ev.source, "me2025")):
        with pytest.raises(ev.UnknownRecordError):
            look_up(id)


def test_packs_nest_and_the_later_may_cite_the_earlier(tmp_path):
    theirs = swapped("set_credits", "step_up,quadriceps,", "step_up,common.adductors,")
    folder = write(tmp_path / "lab", set_credits=theirs)
    assert "no muscle 'common.adductors'" in refused(folder)[0]
    with ev.pack("common"), ev.pack(folder):
        sets = volume.weekly_sets(
            progression.plan(
                [
                    {"variant": id, "weeks": 1, "sessions_per_week": 2, "sets": 3, "rest_s": 90}
                    | {"repetitions": 8}
                    for id in ("mylab.step_up", "common.back_squat", "lying_bent_knee")
                ]
            )
        ).set_index(["week", "muscle"])
    assert sets.loc[(1, "common.adductors"), "direct"] == 2 * 3
    assert sets.loc[(1, "iliopsoas"), "fractional"] == 2 * 3 / 2
    assert sets.loc[(2, "common.quadriceps"), "direct"] == 2 * 3
    assert sets.loc[(3, "iliopsoas"), "direct"] == 2 * 3
    assert sets.loc[1, "group"]["mylab.hamstrings"] == "legs"


def test_a_pack_that_was_changed_is_read_anew(tmp_path):
    folder = write(tmp_path / "lab")
    with ev.pack(folder) as before:
        assert ev.exercise("mylab.nordic_curl").down_s == 4
    write(folder, exercises=swapped("exercises", "1,1,0,4,0", "1,1,0,5,0"))
    with ev.pack(folder) as after:
        assert ev.exercise("mylab.nordic_curl").down_s == 5
    assert before.sha256 != after.sha256


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"exercises": swapped("exercises", 'lowered",me2025', 'lowered",')},
            r"mylab/exercises.csv:2: source: empty; a value is required [table]",
        ),
        (
            {"exercises": swapped("exercises", 'lowered",me2025', 'lowered",me2024')},
            "mylab/exercises.csv:2: source: no source 'me2024' in the bibliography of the pack or "
            "ours; near it: me2025",
        ),
        (
            {"set_credits": swapped("set_credits", "wall_sit,quadriceps", "wall_sit,quads")},
            "mylab/set_credits.csv:3: muscle: no muscle 'quads'; near it: ",
        ),
        (
            {"set_credits": swapped("set_credits", "wall_sit,quad", "lying_bent_knee,quad")},
            "mylab/set_credits.csv:3: exercise: 'lying_bent_knee' is no exercise of this pack",
        ),
        (
            {"set_credits": without("set_credits", "wall_sit")},
            "mylab/exercises.csv:3: wall_sit: no row of set_credits",
        ),
        (
            {
                "met_analogies": swapped(
                    "met_analogies", "wall_sit,2024,low,02024", "wall_sit,2024,low,02020"
                )
            },
            "mylab/met_analogies.csv:5: role: mylab.wall_sit, edition 2024: the rows are not in "
            "order low <= central <= high: 7.5, 2.8, 3.8 MET",
        ),
        (
            {
                "met_analogies": swapped(
                    "met_analogies", "wall_sit,2024,low,02024", "wall_sit,2024,low,99999"
                )
            },
            "mylab/met_analogies.csv:5: code: no code '99999' in the 2024 edition",
        ),
        (
            {"met_analogies": without("met_analogies", "wall_sit,2024,high")},
            "mylab/met_analogies.csv:5: role: mylab.wall_sit, edition 2024: no high row; add it",
        ),
        (
            {"exercises": swapped("exercises", "wall_sit,wall sit", "flutter_kick,wall sit")},
            "mylab/exercises.csv:3: id: 'flutter_kick' is a shipped id, which a pack may not "
            "redefine; take another, or declare a correction",
        ),
        (
            {"exercises": swapped("exercises", "step_up,step-up", "common.x,step-up")},
            "mylab/exercises.csv:4: id: 'common.x' does not match",
        ),
        (
            {"exercises": swapped("exercises", "1,0,1,0", "1,0,,0")},
            "mylab/exercises.csv:4: mylab.step_up: down_s is empty; a set of repetitions needs",
        ),
        (
            {"bib": BIB.replace("me2025", "garber2011")},
            "mylab/references.bib:1: garber2011: this key is taken by",
        ),
        ({"prefix": "common"}, "repdose.prefix: 'common' is a prefix of ours; take another"),
        ({"prefix": "garber2011"}, "prefix 'garber2011' is a key of the bibliography"),
    ],
)
def test_a_fault_is_named_by_file_line_and_column(tmp_path, changed, said):
    folder = write(tmp_path / "lab", **changed)
    assert any(said in line for line in refused(folder)), refused(folder)
    assert said.removeprefix("mylab/") in "\n".join(map(str, check(folder)))


def test_all_faults_of_a_pack_are_said_at_once(tmp_path):
    folder = write(
        tmp_path / "lab",
        exercises=swapped("exercises", "wall,Thighs", "wall,Thighs").replace("me2025", "me2024"),
        set_credits=swapped("set_credits", "wall_sit,quadriceps", "wall_sit,quads"),
        met_analogies=swapped("met_analogies", "wall_sit,2024,low,02024", "wall_sit,2024,low,1"),
    )
    lines = refused(folder)
    assert [line.split(":")[0] for line in lines] == ["mylab/met_analogies.csv"]
    folder = write(folder, met_analogies=TABLES["met_analogies"])
    write(folder, exercises=TABLES["exercises"].replace("me2025", "me2024"))
    write(
        folder,
        exercises=TABLES["exercises"].replace("me2025", "me2024"),
        set_credits=swapped("set_credits", "wall_sit,quadriceps", "wall_sit,quads"),
        met_analogies=without("met_analogies", "wall_sit,2024,high"),
    )
    files = [line.split(":")[0].removeprefix("mylab/") for line in refused(folder)]
    assert files == ["exercises.csv"] * 3 + ["met_analogies.csv", "set_credits.csv"]


@pytest.mark.parametrize("path", ["../exercises.csv", "/etc/passwd", "a//b.csv", "a\\b.csv", "C:x"])
def test_a_path_out_of_the_folder_is_refused(tmp_path, path):
    folder = write(tmp_path / "lab")
    (tmp_path / "exercises.csv").write_text(TABLES["exercises"], "utf-8")
    redescribed(folder, lambda content: content["resources"][0].update(path=path))
    (fault, *_) = refused(folder)
    assert "datapackage.json:" in fault
    assert f"exercises.path: {path!r} points outside the pack" in fault


def test_a_link_is_refused_be_it_a_file_a_folder_in_it_or_the_pack(tmp_path):
    folder = write(tmp_path / "lab")
    (tmp_path / "elsewhere.csv").write_text(TABLES["exercises"], "utf-8")
    (folder / "exercises.csv").unlink()
    (folder / "exercises.csv").symlink_to(tmp_path / "elsewhere.csv")
    assert "'exercises.csv' is a link" in refused(folder)[0]
    (tmp_path / "linked").symlink_to(write(tmp_path / "other"))
    assert "this is a link; name the folder itself" in refused(tmp_path / "linked")[0]


def test_a_zip_and_a_folder_that_is_no_pack_are_refused(tmp_path):
    packed = tmp_path / "lab.zip"
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("datapackage.json", "{}")
    assert "a pack is a folder; unpack it" in refused(packed)[0]
    (tmp_path / "empty").mkdir()
    assert "there is no datapackage.json in it" in refused(tmp_path / "empty")[0]
    assert (
        "no such folder, and no shipped pack of that name; shipped are common"
        in refused(tmp_path / "comon")[0]
    )


def test_a_wrong_hash_is_refused_and_renewed(tmp_path):
    folder = write(tmp_path / "lab")
    text = swapped("exercises", "1,1,0,4,0", "1,1,0,3,0")
    (folder / "exercises.csv").write_text(text, "utf-8")
    (fault,) = refused(folder)
    assert "lab/datapackage.json:" in fault
    assert "exercises.hash: the checksum of exercises.csv is sha256:" in fault
    assert "--renew" in fault
    assert [one.name for one in renew(folder)] == ["exercises"]
    with ev.pack(folder):
        assert ev.exercise("mylab.nordic_curl").down_s == 3
    with pytest.raises(EvidenceError, match="not yours to change"):
        renew("common")


def test_a_table_beside_those_of_a_pack_is_described_or_lies_elsewhere(tmp_path):
    folder = write(tmp_path / "lab")
    (folder / "trials").mkdir()
    (folder / "trials" / "mine.csv").write_text("a\n1\n", "utf-8")
    assert check(folder) == []
    (folder / "mine.csv").write_text("a\n1\n", "utf-8")
    (fault,) = refused(folder)
    assert fault.startswith("lab/mine.csv: no resource of datapackage.json describes it; add it")


def test_a_descriptor_may_have_a_byte_order_mark(tmp_path):
    folder = write(tmp_path / "lab", muscles=TABLES["muscles"] + "calf,calf,legs\n")
    path = folder / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    (folder / "muscles.csv").write_text(TABLES["muscles"], "utf-8")
    assert [one.name for one in renew(folder)] == ["muscles"]
    assert check(folder) == []


def test_a_fault_on_which_other_tables_hang_is_said_once(tmp_path):
    text = swapped("exercises", 'lowered",me2025', 'lowered",')
    assert len(refused(write(tmp_path / "lab", exercises=text))) == 1


def test_what_a_table_says_is_checked_whatever_its_checksum(tmp_path):
    folder = write(tmp_path / "lab")
    text = swapped("set_credits", "wall_sit,quadriceps", "wall_sit,quads")
    (folder / "set_credits.csv").write_text(text, "utf-8")
    assert [(one.file, one.key) for one in check(folder)] == [
        ("lab/datapackage.json", "set_credits.hash"),
        ("mylab/set_credits.csv", "muscle"),
    ]


def test_two_packs_of_one_prefix_are_refused(tmp_path):
    one = write(tmp_path / "one")
    two = write(tmp_path / "two", exercises=swapped("exercises", "1,1,0,4,0", "1,1,0,3,0"))
    with ev.pack(one):
        assert "prefix 'mylab' is that of" in refused(two)[0]
        with ev.pack(one):  # the same once more
            assert ev.exercise("mylab.nordic_curl").down_s == 4
        assert ev.exercise("mylab.nordic_curl").down_s == 4


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c.pop("title"), "title: a line of text is required; read None"),
        (lambda c: c.pop("licenses"), "licenses: a list with at least one is required"),
        (lambda c: c["repdose"].update(prefix="My Lab"), "is a word like mylab"),
        (lambda c: c["resources"][0].update(name="exercise"), "no table 'exercise'; near it: exe"),
        (
            lambda c: c["resources"][0].update(name="trials"),
            "Trials of one's own are not read from a pack",
        ),
        (lambda c: c["resources"].append(c["resources"][0]), "this table is there twice"),
        (lambda c: c["resources"].pop(1), "muscles.csv: no resource of datapackage.json describes"),
    ],
)
def test_a_descriptor_is_refused_by_key(tmp_path, change, said):
    folder = write(tmp_path / "lab")
    redescribed(folder, change)
    assert said in "\n".join(refused(folder))


def test_a_descriptor_that_is_no_json_is_refused_by_line_and_column(tmp_path):
    folder = write(tmp_path / "lab")
    (folder / "datapackage.json").write_text('{\n "title": "A",\n "title" "B"}', "utf-8")
    assert "datapackage.json:3 column 10: Expecting ':' delimiter" in refused(folder)[0]
    (folder / "datapackage.json").write_text('{"title": "A", "title": "B"}', "utf-8")
    assert "key 'title' is there twice" in refused(folder)[0]


CORRECTION = """\
id,table,row,column,expect,value,reason,source,locator,checked
crunch,met_2024,02024,met,2.8,3.1,Measured again,me2025,table 2,full-text
"""


def test_a_shipped_number_is_corrected_where_the_pack_expects_it(tmp_path):
    folder = write(tmp_path / "lab", corrections=CORRECTION)
    with ev.pack(folder), ev.ledger() as used:
        row = ev.met("02024", edition=2024)
        assert row.met == 3.1
        assert "met corrected from 2.8 (mylab.crunch: me2025, table 2)" in row.locator
        assert ev.met("02024", edition=2011).met == 2.8
    assert "mylab.crunch" in [record.id for record in used.records()]
    assert used.sources() == ["ainsworth2011", "herrmann2024", "me2025"]
    assert ev.met("02024", edition=2024).met == 2.8


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (",2.8,3.1", ",2.7,3.1", "has expired: '2.8' stands there, expected '2.7'"),
        (",2.8,3.1", ",2.8,much", "'much' is not a number"),
        ("met_2024,", "met_2025,", "there is no shipped table 'met_2025'; near it: met_2024"),
        ("02024,", "99999,", "correction mylab.crunch: there is no row '99999'"),
        (",met,2.8", ",mets,2.8", "there is no such column; columns are code, met"),
        (",2.8,3.1", ",2.8,13.1", "the rows are not in order low <= central <= high"),
        (",met,2.8,3.1", ",code,02024,02023", "it names the row, which stays as it is"),
    ],
)
def test_a_correction_that_cannot_be_made_is_refused(tmp_path, old, new, said):
    folder = write(tmp_path / "lab", corrections=CORRECTION.replace(old, new))
    assert any(said in line for line in refused(folder)), refused(folder)
    if "order" not in said:  # which is of the rows that stand for an exercise, not of one cell
        (fault,) = refused(folder)
        assert fault.startswith("mylab/corrections.csv:2: ")


METS = """\
code,edition,met,heading,activity,basis,source,locator,checked
nordic_curl,2024,4.2,conditioning exercise,Nordic curls on a mat,measured,me2025,table 4,full-text
"""
OWN_ROW = swapped(
    "met_analogies", "nordic_curl,2024,high,02020", "nordic_curl,2024,high,nordic_curl"
)


def test_a_met_of_ones_own_is_a_row_beside_those_of_its_edition(tmp_path):
    folder = write(tmp_path / "lab", met=METS, met_analogies=OWN_ROW)
    assert check(folder) == []
    with ev.pack(folder), ev.ledger() as used:
        row = ev.met("mylab.nordic_curl", edition=2024)
        assert (row.met, row.source, row.pack) == (4.2, "me2025", "mylab")
        assert row.activity == "Nordic curls on a mat (reader's own)"
        analogies = met_analogies("mylab.nordic_curl", edition=2024)
        assert [one.met.met for one in analogies.values()] == [2.8, 3.8, 4.2]
        assert "mylab.nordic_curl" in ev.search("nordic curl", edition=2024).index
        with pytest.raises(ev.UnknownRecordError, match="near it in 2024: 02020, 02022, "):
            ev.met("02021", edition=2024)
        # 4.2 MET x 3.5 mL/kg/min x 70 kg x 10 min / 1000 x 5 kcal/L
        cost = energy.gross_energy_kcal(row, 70, 10, convention="oxygen", edition=2024)
        assert cost == pytest.approx(51.45)
    assert "mylab/met.csv" in used.tables()
    with pytest.raises(ev.UnknownRecordError, match="the code is in edition 2024"), ev.pack(folder):
        ev.met("mylab.nordic_curl", edition=2011)
    with pytest.raises(ev.UnknownRecordError, match="is there while its pack is open"):
        ev.met("mylab.nordic_curl", edition=2024)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("nordic_curl,2024", "02024,2024", "mylab/met.csv:2: code: '02024' does not match"),
        (",4.2,", ",42,", "mylab/met.csv:2: met: 42 is outside 0.9 to 30"),
        (",4.2,", ",3.2,", "not in order low <= central <= high: 2.8, 3.8, 3.2 MET"),
        ("me2025", "me2024", "mylab/met.csv:2: source: no source 'me2024'"),
        ("l,2024", "l,2011", "met_analogies.csv:4: code: no code 'mylab.nordic_curl' in the 2024"),
        ("measured", "guessed", "mylab/met.csv:2: basis: 'guessed' is not one of measured"),
    ],
)
def test_a_met_of_ones_own_is_refused_by_file_line_and_column(tmp_path, old, new, said):
    folder = write(tmp_path / "lab", met=METS.replace(old, new), met_analogies=OWN_ROW)
    assert any(said in line for line in refused(folder)), refused(folder)


def test_a_study_of_ones_own_is_a_finding_with_its_source(tmp_path):
    cells = {
        "id": "me2025.gain",
        "source": "me2025",
        "quantity": "gain in thickness",
        "outcome": "muscle thickness",
        "relation": "=",
        "value": "4.5",
        "unit": "%",
        "locator": "table 3",
        "checked": "full-text",
    }
    names = [item["name"] for item in resource("findings")["schema"]["fields"]]
    text = ",".join(names) + "\n" + ",".join(cells.get(name, "") for name in names) + "\n"
    with ev.pack(write(tmp_path / "lab", findings=text)):
        mine = ev.finding("mylab.me2025.gain")
        assert (mine.value, mine.source, mine.pack) == (4.5, "me2025", "mylab")
    wrong = text.replace("me2025.gain", "somebody.gain")
    write(tmp_path / "lab", findings=wrong)
    assert "findings.csv:2" in refused(tmp_path / "lab")[0]
    assert "does not begin with its source" in refused(tmp_path / "lab")[0]
