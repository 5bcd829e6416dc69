"""Exercises that a scenario declares: read as the reader's own, refused by file and key."""

from __future__ import annotations

import re

import pytest
from own_pack import write

from repdose import evidence as ev
from repdose.evidence import packs
from repdose.evidence.training.variants import met_analogies, set_credits
from repdose.inputs import notebooks, scenarios
from repdose.inputs.cells import ParameterError
from repdose.inputs.scenarios import ScenarioError

PUSH_UP = """\
  push_up:
    name: push-up
    sides: 1
    tempo: {up_s: 1.0, top_s: 0.0, down_s: 2.0, bottom_s: 0.0}
    met:
      2024: {low: "02024", central: "02022", high: "02020", reason: Calisthenics, at rising effort}
    credits: {latissimus_dorsi: indirect, rectus_abdominis: {role: direct, grade: b}}
    reason: Our judgement
"""
PUSH_UP = PUSH_UP.replace("Calisthenics, at", "Calisthenics at")
PLAN = """\
plan:
- {variant: push_up, weeks: 2, sessions_per_week: 3, sets: 3, repetitions: 10, rest_s: 60}
"""
SCENARIO = f"title: Mine\nexercises:\n{PUSH_UP}{PLAN}"


def read(tmp_path, text):
    path = tmp_path / "mine.yaml"
    path.write_text(text, "utf-8")
    return scenarios.read(path)


def refused(tmp_path, text) -> str:
    with pytest.raises(ScenarioError) as error:
        read(tmp_path, text)
    return str(error.value)


def test_a_declared_exercise_is_the_readers_own_in_every_record(tmp_path):
    mine = read(tmp_path, SCENARIO)
    with packs.stacked(mine.packs), ev.ledger() as used:
        assert ev.exercise("push_up").name == "push-up (reader's own)"
        assert {muscle: one.role for muscle, one in set_credits("push_up").items()} == {
            "latissimus_dorsi": "indirect",
            "rectus_abdominis": "direct",
        }
        rows = met_analogies("push_up", edition=2024)
        assert [row.met.code for row in rows.values()] == ["02024", "02022", "02020"]
        assert ev.source("readers_own").title.startswith("Exercises declared in the scenario")
    assert {one.pack for one in used.records() if "push_up" in one.id} == {"scenario"}
    # 3 sessions of 3 sets of 10 repetitions of 3 s
    assert mine.plan.weeks()[0].stage.sets == 3
    with packs.stacked(mine.packs):
        assert mine.plan.stages[0].work_min == 3 * 10 * 3 / 60
    with pytest.raises(ev.UnknownRecordError):
        ev.exercise("push_up")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    reason: Our judgement\n", "", "push_up: give its source (a key of the bibliography)"),
        (
            "    reason: Our judgement",
            "    source: nobody1999\n    locator: p. 1",
            "push_up: source: no source 'nobody",
        ),
        (
            "    reason: Our",
            "    source: garber2011\n    #",
            "push_up.locator: say where in the so",
        ),
        ('low: "02024"', "low: 2024", "push_up.met.2024.low: a code is text, in quotes"),
        ('low: "02024"', "low: true", "push_up.met.2024.low: a code is text, in quotes"),
        ('low: "02024"', "low: 0.2", "push_up.met.2024.low: met: 0.2 is outside 0.9 to 30"),
        ('low: "02024"', "low: 31", "push_up.met.2024.low: met: 31 is outside 0.9 to 30"),
        ('low: "02024"', "low: 3.9", "the rows are not in order low <= central <= high: 3.9, 3.8"),
        (
            "grade: b",
            "grade: b, source: garber2011",
            "credits.rectus_abdominis: locator: empty; a value is required",
        ),
        (
            "grade: b",
            "grade: b, locator: p. 3",
            "credits.rectus_abdominis.locator: 'p. 3' is of no source; give the source",
        ),
        (
            "    reason: Our",
            "    checked: abstract\n    reason: Our",
            "push_up.checked: 'abstract' is",
        ),
        (
            'low: "02024"',
            'low: "99999"',
            "met.2024.low: code: no code '99999' in the 2024",
        ),
        ('low: "02024"', 'low: "02020"', "met.2024.low: role: push_up, edition 2024: the rows are"),
        (
            'low: "02024", ',
            "",
            "push_up.met.2024: codes or METs for low, central, high and a reason",
        ),
        ("      2024:", "      2025:", "push_up.met.2025.low: edition: '2025' is not one of 2011"),
        ("latissimus_dorsi", "lats", "push_up.credits.lats: muscle: no muscle 'lats'"),
        ("latissimus_dorsi: indirect", "obliques: some", "obliques: role: 'some' is not one of di"),
        (
            "    sides: 1",
            "    side: 1",
            "push_up.side: unknown key; an exercise has name, set_unit",
        ),
        ("    sides: 1", "    sides: 3", "push_up: sides: '3' is not one of 1, 2"),
        ("down_s: 2.0, ", "", "push_up: down_s is empty; a set of repetitions needs"),
        ("down_s: 2.0", "down: 2.0", "push_up.tempo: a mapping of up_s, top_s, down_s, bottom_s"),
        ("  push_up:", "  flutter_kick:", "flutter_kick: id: 'flutter_kick' is a shipped id"),
        ("  push_up:", "  Push-up:", "Push-up: id: 'Push-up' does not match"),
    ],
)
def test_what_cannot_be_declared_is_refused_by_file_and_key(tmp_path, old, new, said):
    assert SCENARIO.count(old) == 1
    message = refused(tmp_path, SCENARIO.replace(old, new))
    assert said in message
    # Each fault stands in the line that was changed, or in that of the exercise
    changed = SCENARIO[: SCENARIO.index(old)].count("\n") + 1
    places = {int(line.split(":")[1].split()[0]) for line in message.splitlines()}
    assert all(re.match(r"mine.yaml:\d+ exercises", line) for line in message.splitlines())
    assert changed in places or places == {3}


def test_every_fault_of_a_declaration_is_said_at_once_with_its_line(tmp_path):
    text = SCENARIO.replace("latissimus_dorsi", "lats").replace('low: "02024"', 'low: "99999"')
    text = text.replace("reason: Our judgement", 'reason: "Our\n\n      judgement"')
    starts = [line.partition(": ")[0] for line in refused(tmp_path, text).splitlines()]
    assert starts == [
        "mine.yaml:8 exercises.push_up.met.2024.low",
        "mine.yaml:9 exercises.push_up.credits.lats",
    ]


def test_a_fault_of_one_declaration_hides_none_of_another(tmp_path):
    other = PUSH_UP.replace("push_up", "pull_up").replace("    sides: 1", "    side: 1")
    text = SCENARIO.replace("latissimus_dorsi", "lats").replace(
        "exercises:\n", f"exercises:\n{other}"
    )
    assert [line.partition(": ")[0] for line in refused(tmp_path, text).splitlines()] == [
        "mine.yaml:5 exercises.pull_up.side",
        "mine.yaml:17 exercises.push_up.credits.lats",
    ]


def test_a_place_in_the_source_of_an_exercise_is_none_in_that_of_a_credit(tmp_path):
    text = SCENARIO.replace("    reason: Our judgement", "    source: hhs2018\n    locator: p. 56")
    text = text.replace("grade: b", "grade: b, source: garber2011, locator: table 2")
    with packs.stacked(read(tmp_path, text).packs):
        made = set_credits("push_up")
    assert [(one.source, one.locator) for one in made.values()] == [
        ("hhs2018", "p. 56"),
        ("garber2011", "table 2"),
    ]


def test_an_edition_without_rows_of_a_declared_exercise_is_refused_before_anything_runs(tmp_path):
    mine = read(tmp_path, SCENARIO)
    energy_cost = notebooks.find("energy_cost")
    with packs.stacked(mine.packs):
        assert notebooks.parameters(energy_cost, mine)["edition"] == "2024"
        with pytest.raises(ParameterError) as error:
            notebooks.parameters(energy_cost, mine, {"edition": "2011"})
    assert str(error.value) == (
        "energy_cost: edition: push_up has no MET rows of 2011, but of 2024; give an edition that "
        "it has, or add its rows"
    )


def test_mets_may_be_given_straight_and_are_the_readers_own(tmp_path):
    text = SCENARIO.replace('central: "02022", high: "02020"', "central: 3.5, high: 5")
    with packs.stacked(read(tmp_path, text).packs), ev.ledger() as used:
        rows = met_analogies("push_up", edition=2024)
        assert [row.met.met for row in rows.values()] == [2.8, 3.5, 5.0]
        assert rows["high"].met.activity == "push-up, high (reader's own)"
    assert {one.pack for one in used.records() if one.source == "readers_own"} == {"scenario"}
    assert ev.compendium(2024).index.str.fullmatch(r"\d{5}").all()


def test_packs_are_found_from_the_scenarios_folder_and_come_before_what_it_declares(tmp_path):
    write(tmp_path / "sub" / "lab")
    text = SCENARIO.replace("latissimus_dorsi", "mylab.quadriceps")
    text = text.replace("title: Mine\n", "title: Mine\npacks: [common, ./lab]\n")
    mine = read(tmp_path / "sub", text)
    assert [pack.name for pack in mine.packs] == ["common", "mylab", "scenario"]
    with packs.stacked(mine.packs):
        assert "mylab.quadriceps" in set_credits("push_up")


@pytest.mark.parametrize(
    ("named", "said"),
    [
        ("common", "packs: a list of shipped packs and folders is required; read 'common'"),
        ("[lab, ./lab2]", "prefix 'mylab' is that of"),
        ("[nowhere]", "nowhere: no such folder, and no shipped pack of that name; shipped are com"),
    ],
)
def test_packs_that_cannot_be_opened_are_refused_by_file_and_key(tmp_path, named, said):
    write(tmp_path / "lab")
    write(tmp_path / "lab2", muscles="id,name,group\nhamstrings,hams,legs\nquadriceps,q,legs\n")
    message = refused(tmp_path, f"title: Mine\npacks: {named}\nexercises:\n{PUSH_UP}{PLAN}")
    assert message.startswith("mine.yaml:2 packs: ")
    assert said in message
