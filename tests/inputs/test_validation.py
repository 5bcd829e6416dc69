"""Parameters, scenarios and strict YAML: what is refused, and how the refusal reads."""

from __future__ import annotations

import json
import math

import pytest

from repdose.evidence.used import ledger
from repdose.inputs import cells, notebooks, scenarios, yaml_strict
from repdose.inputs.cells import ParameterError
from repdose.inputs.declared import NAMES, kind, model, of_cell, unit
from repdose.inputs.scenarios import ScenarioError
from repdose.inputs.validation import validate
from repdose.inputs.yaml_strict import YamlError
from repdose.reports.builds import planning

STAGE = {
    "variant": "lying_bent_knee",
    "weeks": 2,
    "sessions_per_week": 3,
    "sets": 3,
    "repetitions": 10,
    "rest_s": 60,
}
DECLARED = """\
body_mass_kg = 75.0  # type: float  [kg] body mass
load_kg = 12.5  # type: float  [kg] 0 to 250: load of the bar
grip = "wide"  # type: str  one of wide, narrow: how the bar is held
log = ""  # type: file  a training log of your own
notes = ["a"]  # type: list  what was noted
"""


@pytest.mark.parametrize("name", cells.names())
def test_every_line_of_a_parameters_cell_declares_one_parameter(name):
    source = cells.parameters_cell(cells.read_cells(notebooks.find(name).path))
    fields = model(name).model_fields
    assert len(source.strip().splitlines()) == len(fields)
    for line, (parameter, field) in zip(source.strip().splitlines(), fields.items(), strict=True):
        assert line.startswith(f"{parameter} = ")
        assert f"# type: {kind(field)}  " in line
        assert f"[{unit(field)}]" in line if unit(field) else "[" not in line.split("#")[1]
        assert parameter in NAMES


def test_a_name_of_ones_own_is_what_its_comment_says():
    made = of_cell(DECLARED, "mine")
    assert made().model_dump()["load_kg"] == 12.5
    fields = made.model_fields
    assert (kind(fields["load_kg"]), unit(fields["load_kg"])) == ("float", "kg")
    assert fields["load_kg"].description == "load of the bar"
    assert fields["grip"].description == "how the bar is held"
    assert fields["body_mass_kg"].description == "body mass"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("reps = 8", ["mine: reps", "# type: int"]),
        ("reps = 8  # type: int  [repetitions] of a set", ["mine: reps", "needs its range"]),
        ("reps = f(8)  # type: int  [a] 1 to 9: of a set", ["'reps = f(8)", "name = value"]),
        ("import os", ["'import os'", "name = value"]),
        ("reps = 8  # type: number  [a] 1 to 9: of a set", ["'number'", "float, int, str"]),
        ("body_mass_kg = 165.0  # type: float  [lb] body mass", ["float [lb]", "float [kg]"]),
        ("reps = (", ["not Python"]),
    ],
)
def test_a_line_that_declares_nothing_is_refused(line, words):
    with pytest.raises(ParameterError) as refusal:
        of_cell(line + "\n", "mine")
    for word in words:
        assert word in str(refusal.value)


def test_a_value_outside_what_an_own_cell_allows_is_refused(tmp_path):
    path = tmp_path / "mine.ipynb"
    cell = {"cell_type": "code", "metadata": {"tags": ["parameters"]}, "source": DECLARED}
    path.write_text(json.dumps({"nbformat": 4, "cells": [cell]}))
    with pytest.raises(ParameterError) as refusal:
        validate(path, {"load_kg": 300.0, "grip": "loose"})
    assert "mine: load_kg: read 300.0; allowed is a number, 0 to 250 kg" in str(refusal.value)
    assert "mine: grip: read 'loose'; allowed is one of wide, narrow" in str(refusal.value)


@pytest.mark.parametrize("name", cells.names())
def test_defaults_are_valid_themselves(name):
    fields = model(name).model_fields
    given = {key: field.default for key, field in fields.items()}
    assert validate(name, given).model_dump() == validate(name, {}).model_dump()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"body_mas_kg": 80.0}, ["'body_mas_kg'", "did you mean body_mass_kg"]),
        ({"import os": 1}, ["'import os'", "is no parameter's name"]),
        ({"body_mass_kg": "180 lb"}, ["'180 lb'", "20 to 300 kg", "with no unit"]),
        ({"body_mass_kg": -70.0}, ["read -70.0", "20 to 300 kg"]),
        ({"body_mass_kg": math.nan}, ["read nan", "20 to 300 kg"]),
        ({"body_mass_kg": math.inf}, ["read inf", "20 to 300 kg"]),
        ({"body_mass_kg": True}, ["read True", "20 to 300 kg"]),
        ({"body_mass_kg": "75"}, ["read '75'", "no quotes"]),
        ({"stature_m": 175}, ["read 175", "1.2 to 2.3 m", "write 1.75"]),
        ({"age_y": 35.5}, ["read 35.5", "a whole number, 18 to 100 y"]),
        ({"sex": "woman"}, ["read 'woman'", "one of female, male"]),
        ({"edition": 2012}, ["2012", "one of 2011, 2024"]),
        ({"edition": True}, ["read True", "one of 2011, 2024"]),
        ({"progression": "fundation"}, ["no scenario 'fundation'", "foundation"]),
        ({"progression": []}, ["progression", "at least one stage"]),
        ({"progression": [{**STAGE, "rest_s": -5}]}, ["stage 1", "rest_s", "0 to 900 s"]),
        ({"progression": [{**STAGE, "variant": "leg_lift"}]}, ["stage 1", "'leg_lift'"]),
        ({"progression": 7}, ["progression", "list of stages"]),
        ({"progression": {"plan": [STAGE]}}, ["title and a plan"]),
    ],
)
def test_refusal_names_parameter_value_and_what_is_allowed(given, words):
    with pytest.raises(ParameterError) as refusal:
        validate("energy_cost", given)
    message = str(refusal.value)
    assert message.startswith("energy_cost: ")
    for word in words:
        assert word in message


def test_every_problem_is_named_at_once():
    with pytest.raises(ParameterError) as refusal:
        validate("energy_cost", {"stature_m": 175, "sex": "x", "weight": 80})
    assert len(str(refusal.value).splitlines()) == 3


def test_year_of_an_edition_may_be_a_number():
    assert validate("energy_cost", {"edition": 2011}).edition == "2011"


def test_unknown_notebook_names_near_ones():
    with pytest.raises(ParameterError, match="energy_cost"):
        validate("energy_costs", {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tempo: 2:10", ["f.yaml:1 tempo", "'2:10'", "base 60"]),
        ("a: 1\ncode: 02024", ["f.yaml:2 code", "'02024'", "leading zero"]),
        ("a: 010", ["'010'", "leading zero"]),
        ("sex: no", ["f.yaml:1 sex", "'no'", "true or false"]),
        ("a: On", ["'On'"]),
        ("mass: 7e1", ["'7e1'", "70.0"]),
        ("mass: 0x1F", ["'0x1F'", "another base"]),
        ("mass: 1_000", ["'1_000'", "underscores"]),
        ("mass: 70,5", ["'70,5'", "decimal point"]),
        ("mass: .nan", ["'.nan'", "finite"]),
        ("mass: -.inf", ["finite"]),
        ("when: 2026-01-02", ["date"]),
        ("a: 1\nb: 2\na: 3", ["f.yaml:3 a", "twice", "line 1"]),
        ("a: &x [1]\nb: *x", ["f.yaml:1", "anchor"]),
        ("a: !!python/name:os.system", ["f.yaml:1", "tag"]),
        ("a:\n  <<: {b: 1}", ["f.yaml:2"]),
        ("1: 2", ["f.yaml:1", "not a word"]),
        ("a: [1", ["f.yaml:", "not YAML"]),
        ("a: 1\n---\nb: 2", ["f.yaml", "not YAML"]),
        ("a: " + "[" * 20 + "]" * 20, ["levels deep"]),
        ("plan:\n- {rest_s: 1:30}", ["f.yaml:2 plan[1].rest_s", "'1:30'"]),
    ],
)
def test_yaml_that_is_not_what_it_looks_like_is_refused(text, words):
    with pytest.raises(YamlError) as refusal:
        yaml_strict.loads(text, name="f.yaml")
    for word in words:
        assert word in str(refusal.value)


def test_plain_yaml_is_read_as_it_looks():
    text = 'a: 1\nb: -2.5\nc: text here\nd: "010"\ne: true\nf: null\ng: [x, 0, 0.5, 1.0e+2]\n'
    assert yaml_strict.loads(text) == {
        "a": 1,
        "b": -2.5,
        "c": "text here",
        "d": "010",
        "e": True,
        "f": None,
        "g": ["x", 0, 0.5, 100.0],
    }


def test_alias_bomb_and_big_file_are_refused_at_once(tmp_path):
    bomb = "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a]\n" for i in range(9))
    path = tmp_path / "bomb.yaml"
    path.write_text(bomb)
    with pytest.raises(YamlError, match="anchor"):
        yaml_strict.load(path)
    path.write_text("a: " + "x" * yaml_strict.MAX_BYTES)
    with pytest.raises(YamlError, match="at most"):
        yaml_strict.load(path)
    path.write_bytes(b"a: \xff\xfe")
    with pytest.raises(YamlError, match="not UTF-8"):
        yaml_strict.load(path)
    with pytest.raises(YamlError, match="cannot be read"):
        yaml_strict.load(tmp_path / "missing.yaml")


def test_everything_that_yaml_reads_otherwise_is_named_at_once():
    with pytest.raises(YamlError) as refusal:
        yaml_strict.loads("a: 1:30\nb: {c: yes, c: 2}\nd: [1,5, 0x1]\n", name="p.yaml")
    told = [line.split(";")[0].split(": ")[0] for line in str(refusal.value).splitlines()]
    assert told == ["p.yaml:1 a", "p.yaml:2 b.c", "p.yaml:2 b.c", "p.yaml:3 d[3]"]


@pytest.mark.parametrize("name", scenarios.names())
def test_shipped_scenarios_give_every_notebook_valid_parameters(name):
    from repdose.inputs.notebooks import parameters

    scenario = scenarios.shipped(name)
    for notebook in notebooks.notebooks():
        if notebook.is_of_a_plan:
            assert parameters(notebook, scenario)["progression"] == name


def test_three_scenarios_are_shipped():
    assert scenarios.names() == ["flutter_endurance", "foundation", "to_hanging"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("plan: []", ["s.yaml:1 title", "s.yaml:1 plan", "at least one stage"]),
        ("title: T", ["s.yaml:1 plan", "at least one stage"]),
        ("title: T\nplan: []", ["s.yaml:2 plan", "at least one stage"]),
        ("title: T\nplan: x", ["s.yaml:2 plan"]),
        ("title: T\nplans: []", ["s.yaml:2 plans", "unknown key"]),
        (
            "title: 3\nplan: []\nparameters: x\nmore: 1",
            ["s.yaml:1 title", "s.yaml:2 plan", "s.yaml:3 parameters", "s.yaml:4 more"],
        ),
        ("- 1", ["title, plan, parameters"]),
        ("title: T\nplan: [{variant: lying_bent_knee}]", ["s.yaml:2 plan: stage 1", "missing"]),
    ],
)
def test_scenario_that_cannot_be_carried_out_names_file_and_key(tmp_path, text, words):
    path = tmp_path / "s.yaml"
    path.write_text(text)
    with pytest.raises(ScenarioError) as refusal:
        scenarios.find(str(path))
    for word in words:
        assert word in str(refusal.value)


def test_scenario_parameter_that_no_notebook_declares_is_an_error(tmp_path):
    path = tmp_path / "s.yaml"
    stage = ", ".join(f"{key}: {value}" for key, value in STAGE.items())
    path.write_text(f"title: T\nplan: [{{{stage}}}]\nparameters: {{body_mas_kg: 70.0}}\n")
    with pytest.raises(ParameterError, match=r"s\.yaml:3 parameters\.body_mas_kg: no notebook"):
        planning.of_scenarios([str(path)], tmp_path / "out")


def test_scenario_file_whose_name_would_leave_the_folder_is_refused(tmp_path):
    path = tmp_path / "..yaml"
    path.write_text("title: T\nplan: []\n")
    with pytest.raises(ScenarioError, match="name of a scenario"):
        scenarios.find(str(path))


@pytest.mark.parametrize("given", [{"low_sets": 10.0}, {"low_sets": 12.0}, {"high_sets": 4.5}])
def test_more_sets_are_compared_with_fewer(given):
    with pytest.raises(ParameterError, match="low_sets: read .* not below the high_sets of"):
        validate("dose_response", given)
    assert validate("dose_response", {"low_sets": 9.5}).low_sets == 9.5


def test_a_plan_that_was_made_before_counts_as_read_once_more():
    plans = [scenarios.shipped("foundation").plan]
    for _ in range(2):
        with ledger() as used:
            plans.append(scenarios.shipped("foundation").plan)
        assert {"exercises.csv"} <= used.tables().keys()
    assert plans[0] == plans[1] == plans[2]
    stages = [{"variant": "lying_bent_knee", "weeks": 2, "sessions_per_week": 2, "sets": 1}]
    stages[0] |= {"repetitions": 10, "rest_s": 60}
    assert scenarios.planned(stages, "Mine").title == "Mine"
    stages[0]["sets"] = 2
    assert [one.sets for one in scenarios.planned(stages, "Mine").stages] == [2]
    stages[0]["sets"] = True  # which is 1 to Python, and no count of sets
    with pytest.raises(ValueError, match="sets must be a whole number.*True"):
        scenarios.planned(stages, "Mine")
    with pytest.raises(ValueError, match="nan"):
        scenarios.planned([stages[0] | {"sets": 1, "rest_s": float("nan")}], "Mine")
