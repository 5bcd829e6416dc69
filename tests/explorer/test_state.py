"""The explorer's state: checked, exported and read again, and the same numbers as its notebook."""

from __future__ import annotations

import json
import shlex

import pytest
import two_sessions as sessions
import yaml
from click.testing import CliRunner
from executed import run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from repdose import evidence as ev
from repdose.cli import app
from repdose.cli.run import parameters_given
from repdose.explorer import state as states
from repdose.inputs import cells, declared, notebooks, scenarios
from repdose.inputs.cells import ParameterError
from repdose.inputs.scenarios import ScenarioError
from repdose.inputs.yaml_strict import YamlError

SIT = {"variant": "lying_bent_knee", "sessions_per_week": 3, "sets": 2, "rest_s": 90.5}
OWN = {"title": "Mine: a plan, with a colon", "plan": [SIT | {"weeks": 2, "repetitions": 11}]}
STAGE = st.fixed_dictionaries(
    {
        "variant": st.sampled_from(["lying_bent_knee", "lying_straight_leg", "hanging_knee_raise"]),
        "weeks": st.integers(1, 5),
        "sessions_per_week": st.integers(1, 7),
        "sets": st.integers(1, 6),
        "repetitions": st.integers(1, 25),
        "rest_s": st.floats(0, 300, allow_subnormal=False),
    },
)
PLAN = st.one_of(
    st.sampled_from(["foundation", "to_hanging", "flutter_endurance"]),
    st.lists(STAGE, min_size=1, max_size=3),
    st.fixed_dictionaries(
        {
            "title": st.text("abc:#-'\"0 é", min_size=1, max_size=12).filter(str.strip),
            "plan": st.lists(STAGE, min_size=1, max_size=2),
        }
    ),
)
COMMON = {
    "body_mass_kg": st.floats(20, 300, allow_subnormal=False),
    "progression": PLAN,
    "edition": st.sampled_from(["2011", "2024"]),
    "convention": st.sampled_from(["oxygen", "compendium"]),
    "time_basis": st.sampled_from(["elapsed", "working"]),
}
ENERGY = st.fixed_dictionaries(
    COMMON
    | {
        "stature_m": st.floats(1.2, 2.3),
        "age_y": st.integers(18, 90),
        "sex": st.sampled_from(["female", "male"]),
    }
)
VOLUME = st.fixed_dictionaries(COMMON | {"indirect_weight": st.floats(0, 1)})
DOSE = st.fixed_dictionaries(
    {
        "outcome": st.sampled_from(["hypertrophy", "strength"]),
        "flagged": st.sampled_from(["keep", "leave out"]),
        "pre_post_r": st.floats(0.3, 0.95),
        "rho": st.floats(0.0, 0.9),
        "low_sets": st.floats(1, 10),
        "high_sets": st.floats(10.5, 30),
        "form": st.sampled_from(["averaged", "linear", "square root", "log"]),
        "left_out": st.lists(st.sampled_from(["Rhea2002", "Cannon2010"]), unique=True),
    }
)
RISK = st.fixed_dictionaries(
    {
        "progression": PLAN,
        "curve_shape": st.sampled_from(["quadratic", "spline", "root"]),
    }
)
QUICK = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=2, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def shown(state):
    """Each number whole: value and range bit for bit, label, unit, note and how it reads."""
    return {one.id: one.content() for one in state.results().numbers}


def stated(results):
    return {one["id"]: one for one in results["numbers"]}


def again(state):
    """Parameters that the command reads from each export."""
    notebook = notebooks.find(state.notebook)
    content = yaml.safe_load(state.yaml())
    scenario = scenarios.of(content, "mine", "mine.yaml") if "plan" in content else None
    by_file = notebooks.parameters(notebook, scenario, {} if scenario else content)
    words = shlex.split(state.command())
    pairs = [tuple(words[i + 1 : i + 3]) for i, word in enumerate(words) if word == "-p"]
    by_command = notebooks.parameters(notebook, *parameters_given(pairs, None))
    by_cell = declared.of_cell(state.cell(), state.notebook)()
    return by_file, by_command, by_cell.model_dump()


def the_same(state):
    """Every export stands for the state; a plan is the same by its stages."""
    mine = state.parameters.model_dump()
    by_file, by_command, by_cell = again(state)
    assert by_command == by_cell == mine
    assert {k: v for k, v in by_file.items() if k != "progression"} == {
        k: v for k, v in mine.items() if k != "progression"
    }
    read = state.from_yaml(state.yaml())
    assert shown(read) == shown(state)
    return by_file


@QUICK
@given(ENERGY)
def test_energy_is_exported_and_is_what_the_notebook_states(given):
    state = states.of("energy_cost", **given)
    by_file = the_same(state)
    assert stated(run("energy_cost", **by_file).results) == shown(state)


@QUICK
@given(VOLUME)
def test_volume_is_exported_and_is_what_the_notebook_states(given):
    state = states.of("weekly_volume", **given)
    by_file = the_same(state)
    assert stated(run("weekly_volume", **by_file).results) == shown(state)


@pytest.mark.parametrize("notebook", ["energy_cost", "weekly_volume"])
def test_a_plan_of_whole_sessions_is_explored_as_the_notebook_states_it(notebook):
    own = {"title": sessions.PLAN.title, "plan": sessions.STAGES}
    state = states.of(notebook, progression=own)
    assert stated(run(notebook, **the_same(state)).results) == shown(state)


@pytest.mark.slow
@FEW
@given(DOSE)
def test_a_refit_is_exported_and_is_what_the_notebook_states(given):
    state = states.of("dose_response", **given)
    by_file = the_same(state)
    told = stated(run("dose_response", **by_file).results)
    assert {name: told[name] for name in shown(state)} == shown(state)


@pytest.mark.slow
@FEW
@given(RISK)
def test_a_risk_is_exported_and_is_what_the_notebook_states(given):
    state = states.of("activity_and_risk", **given)
    by_file = the_same(state)
    assert stated(run("activity_and_risk", **by_file).results) == shown(state)


@pytest.mark.slow
def test_a_comparison_is_exported_and_is_what_the_notebook_states():
    state = states.of("progression_comparison", progressions=["foundation", OWN], weeks=14)
    assert stated(run("progression_comparison", **the_same(state)).results) == shown(state)


@pytest.mark.slow
@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(ENERGY)
def test_the_command_states_what_was_shown_bit_for_bit(tmp_path_factory, given):
    folder = tmp_path_factory.mktemp("exported")
    state = states.of("energy_cost", **given)
    (folder / "mine.yaml").write_text(state.yaml(), "utf-8")
    arguments = ["run", "energy_cost", "-f", f"{folder}/mine.yaml", "-o", f"{folder}/mine.html"]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    results = json.loads((folder / "mine.results.json").read_text("utf-8"))
    assert stated(results) == shown(state)


def test_a_scenario_brings_its_parameters_and_its_file_does_too(tmp_path):
    state = states.of("energy_cost", "foundation")
    assert (state.parameters.sex, state.parameters.progression) == ("male", "foundation")
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(OWN | {"parameters": {"body_mass_kg": 61.5, "seed": 3}}))
    mine = states.of("energy_cost", str(path), age_y=40)
    assert mine.parameters.body_mass_kg == 61.5
    assert mine.parameters.age_y == 40
    assert mine.parameters.progression == OWN


def test_a_state_is_not_changed_by_another_made_of_it():
    state = states.of("energy_cost", "foundation")
    other = state.changed(body_mass_kg=90.0)
    assert (state.parameters.body_mass_kg, other.parameters.body_mass_kg) == (75.0, 90.0)
    with pytest.raises(AttributeError):
        state.notebook = "weekly_volume"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"body_mass_kg": 500.0}, "body_mass_kg: read 500.0; allowed is a number, 20 to 300 kg"),
        ({"stature_m": 175.0}, "if that was in cm, write 1.75"),
        ({"edition": "1999"}, "edition: read '1999'; allowed is one of 2011, 2024"),
        ({"bodymass": 80.0}, "did you mean body_mass_kg"),
    ],
)
def test_what_is_out_of_range_is_refused_with_the_range(given, words):
    with pytest.raises(ParameterError) as refused:
        states.of("energy_cost", "foundation").changed(**given)
    assert words in str(refused.value)
    assert "energy_cost: " not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("title: x\nplan: [{variant: plank}]", ScenarioError, "YAML plan: stage 1"),
        ("title: x\nplan:\n - {", YamlError, "YAML:"),
        ("body_mass_kg: 70,5", YamlError, "decimal point"),
        ("body_mass_kg: 7", ParameterError, "20 to 300 kg"),
        ("- 1", ParameterError, "a scenario, or parameters by name, is required"),
        ("title: x\nplan: []\nparameters: {progression: foundation}", ScenarioError, "plan"),
    ],
)
def test_a_yaml_with_a_fault_is_refused_in_a_sentence(text, error, words):
    with pytest.raises(error) as refused:
        states.of("energy_cost", "foundation").from_yaml(text)
    assert words in str(refused.value)


def test_a_plan_has_no_place_where_plans_are_compared():
    state = states.of("progression_comparison")
    with pytest.raises(ParameterError, match="several plans are compared"):
        state.from_yaml(yaml.safe_dump(OWN))


def test_run_takes_a_scenario_as_it_takes_parameters(tmp_path):
    scenario = cells.notebooks_folder() / "scenarios" / "foundation.yaml"
    found, values = parameters_given([("body_mass_kg", "60.0")], scenario)
    assert (found.title, values) == (scenarios.shipped("foundation").title, {"body_mass_kg": 60.0})
    (tmp_path / "mine.yaml").write_text("body_mass_kg: 61.0\n")
    assert parameters_given([], tmp_path / "mine.yaml") == (None, {"body_mass_kg": 61.0})


def test_run_refuses_a_scenario_where_there_is_no_single_plan(tmp_path):
    scenario = cells.notebooks_folder() / "scenarios" / "foundation.yaml"
    out = str(tmp_path / "out.html")
    arguments = ["run", "progression_comparison", "-f", str(scenario), "-o", out]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2
    assert "is of no single plan" in done.output


def test_the_command_leaves_out_what_is_the_default():
    assert states.of("energy_cost").command() == "repdose run energy_cost -o energy_cost.html"
    changed = states.of("energy_cost", sex="male", body_mass_kg=62.5).command()
    assert "-p body_mass_kg 62.5 -p sex male" in changed


BRIDGE = """\
title: Bridge and plank
plan:
  - weeks: 2
    sessions:
      - exercises:
          - {exercise: my_bridge, sets: 3, repetitions: 10, rest_s: 60}
          - {exercise: common.plank, sets: 2, set_duration_s: 30, rest_s: 60}
packs: [common]
exercises:
  my_bridge:
    name: my bridge
    tempo: {up_s: 1, top_s: 0, down_s: 2, bottom_s: 0}
    met: {"2024": {low: "02024", central: "02022", high: "02020"}}
    credits: {common.gluteus_maximus: direct}
    reason: hips are raised off the floor
"""


def test_a_scenario_keeps_the_packs_and_the_exercises_that_it_brings(tmp_path):
    (tmp_path / "bridge.yaml").write_text(BRIDGE, "utf-8")
    opened = states.of("weekly_volume", str(tmp_path / "bridge.yaml"))
    typed = states.of("weekly_volume").from_yaml(BRIDGE)
    by_id = {one.id: one for one in typed.results().numbers}
    assert by_id["sets_last_week"].value == 5  # three of the bridge and two of the plank
    again = typed.changed(indirect_weight=0.5).from_yaml(typed.yaml())
    assert shown(opened) == shown(typed) == shown(again)
    (tmp_path / "mine.yaml").write_text(typed.yaml(), "utf-8")
    scenario, values = parameters_given([], tmp_path / "mine.yaml")
    assert [pack.name for pack in scenario.packs] == ["common", "scenario"]
    assert (scenario.title, values) == ("Bridge and plank", {})
    wanted = "repdose --pack common run weekly_volume -f mine.yaml -o weekly_volume.html"
    assert typed.command() == wanted


def test_what_is_kept_is_of_the_exercises_in_force():
    plank = "          - {exercise: common.plank, sets: 2, set_duration_s: 30, rest_s: 60}\n"
    alone = BRIDGE.replace(plank, "")
    indirect = alone.replace("gluteus_maximus: direct", "gluteus_maximus: indirect")
    direct, other = (
        {one.id: one for one in states.of("weekly_volume").from_yaml(text).results().numbers}
        for text in (alone, indirect)
    )
    name = "common_gluteus_maximus_sets_last_week"
    assert (direct[name].value, direct[name].low) == (3, 3)
    assert (other[name].value, other[name].low) == (1.5, 0)
    counted = "common_gluteus_maximus_sets_any_count"
    assert (direct[counted].value, other[counted].value) == (3, 1.5)


def test_a_row_that_names_the_exercise_is_no_analogy():
    squat = {"variant": "common.back_squat", "weeks": 1, "sessions_per_week": 2, "sets": 3}
    with ev.pack("common"):
        state = states.of("energy_cost", [squat | {"repetitions": 8, "rest_s": 120}])
    said = " ".join(state.results().notes)  # the block is over: the pack stays with the state
    assert "leg raise" not in said
    assert "has a row for every exercise planned" in said
    raises = " ".join(states.of("energy_cost").results().notes)
    assert "No edition of the Compendium lists a leg raise" in raises
