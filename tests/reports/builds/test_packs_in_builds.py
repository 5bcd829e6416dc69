"""Reports made with packs: what they name, when they are stale, and both engines alike."""

from __future__ import annotations

import json
import zipfile
from html import unescape

import pytest
from click.testing import CliRunner
from own_pack import TABLES, swapped, write

from repdose.cli import app
from repdose.evidence import packs
from repdose.reports import engines
from repdose.reports.builds import build, planning

SCENARIO = """\
title: Three of mine
packs: [common, ./lab]
exercises:
  dragon_flag:
    name: dragon flag
    tempo: {up_s: 1.0, top_s: 0.0, down_s: 3.0, bottom_s: 0.0}
    met: {2024: {low: "02024", central: "02022", high: "02020", reason: Rising effort}}
    credits: {rectus_abdominis: direct}
    reason: Our judgement
plan:
- {variant: common.back_squat, weeks: 1, sessions_per_week: 3, sets: 3, repetitions: 8, rest_s: 120}
- {variant: mylab.nordic_curl, weeks: 1, sessions_per_week: 2, sets: 3, repetitions: 6, rest_s: 120}
- {variant: dragon_flag, weeks: 1, sessions_per_week: 2, sets: 3, repetitions: 6, rest_s: 120}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mine")
    write(folder / "lab")
    (folder / "mine.yaml").write_text(SCENARIO, "utf-8")
    return folder / "mine.yaml"


def planned(scenario, out, *names):
    todo = planning.of_scenarios([str(scenario)], out)
    jobs = [one for one in todo.jobs if one.notebook in names]
    return planning.Todo(jobs, todo.why, out)


@pytest.fixture(scope="module")
def made(scenario, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    outcomes = build.run(planned(scenario, out, "energy_cost", "assumptions"), workers=1)
    assert [outcome.message for outcome in outcomes] == ["", ""]
    return out


def results(out, notebook):
    return json.loads((out / "mine" / notebook / "results.json").read_text("utf-8"))


@pytest.mark.slow
def test_a_report_names_its_packs_and_marks_what_is_the_readers(made, scenario):
    stated = results(made, "energy_cost")
    lab = packs.load(scenario.parent / "lab")
    assert [(one["name"], one["readers_own"]) for one in stated["packs"]] == [
        ("common", False),
        ("mylab", True),
        ("scenario", True),
    ]
    assert stated["packs"][1]["sha256"] == lab.sha256
    assert {"common/exercises.csv", "mylab/met_analogies.csv"} <= stated["data"].keys()
    assert {"me2025", "readers_own"} <= set(stated["sources"])
    page = (made / "mine" / "energy_cost" / "report.html").read_text("utf-8")
    for said in (
        "Nordic curl (reader's own)",
        "dragon flag (reader's own)",
        f"Exercises of my laboratory, 1.0, {lab.sha256[:16]}; the reader's own",
        "Common resistance exercises, 0.3.0",
    ):
        assert said in unescape(page), said
    assert "back squat (reader" not in page


@pytest.mark.slow
def test_energy_is_that_of_the_packs_rows(made):
    numbers = {one["id"]: one["value"] for one in results(made, "energy_cost")["numbers"]}
    # kcal of a minute at 1 MET: 3.5 mL/kg/min x 75 kg x 5 kcal/L
    per_met_min = 3.5 * 75 * 5 / 1000
    squat = 5.0 * 3 * (3 * 8 * 3 + 2 * 120) / 60  # MET x sessions x minutes
    curl = 3.8 * 2 * (3 * 6 * 5 + 2 * 120) / 60  # 1 + 0 + 4 + 0 s
    flag = 3.8 * 2 * (3 * 6 * 4 + 2 * 120) / 60
    assert numbers["weekly_gross_energy"] == pytest.approx(per_met_min * (squat + curl + flag) / 3)


@pytest.mark.slow
def test_where_there_is_no_model_the_report_says_so_and_has_no_empty_number(made):
    page = (made / "mine" / "assumptions" / "report.html").read_text("utf-8")
    assert "Relative load: no model for this exercise" in page
    ids = [one["id"] for one in results(made, "assumptions")["numbers"]]
    assert "relative_load" not in ids
    assert {"weekly_gross_energy", "weekly_sets", "slope"} <= set(ids)


@pytest.mark.slow
def test_both_engines_make_the_same_of_packs(made, scenario, tmp_path):
    if "fork" not in engines.ENGINES:
        pytest.skip("the fork engine does not run on this system")
    (outcome,) = build.run(planned(scenario, tmp_path, "energy_cost"), workers=1, engine="kernel")
    assert outcome.message == ""
    for name in ("report.html", "results.json"):
        ours, theirs = (out / "mine" / "energy_cost" / name for out in (made, tmp_path))
        assert ours.read_bytes() == theirs.read_bytes()


@pytest.mark.slow
def test_a_changed_pack_makes_its_reports_stale_and_says_why(made, scenario):
    assert planned(scenario, made, "energy_cost").stale == []
    lab = scenario.parent / "lab"
    write(lab, exercises=swapped("exercises", "1,1,0,4,0", "1,1,0,5,0"))
    try:
        todo = planned(scenario, made, "energy_cost")
        assert todo.why["mine/energy_cost"] == ["data: mylab/exercises.csv", "packs: mylab"]
    finally:
        write(lab)


@pytest.mark.slow
def test_reports_with_packs_are_checked_and_archived_with_the_packs_named(made, scenario, tmp_path):
    run = CliRunner().invoke
    lab = str(scenario.parent / "lab")
    told = run(app, ["check", "--reports", str(made)])
    assert told.exit_code == 1
    assert "its pack mylab is not recorded by path; give repdose --pack" in told.stdout
    told = run(app, ["archive", str(made), "-o", str(tmp_path / "a.zip")])
    assert told.exit_code == 2
    assert "made with pack mylab, which is not open" in told.stderr
    told = run(app, ["--pack", lab, "archive", str(made), "-o", str(tmp_path / "a.zip")])
    assert (told.exit_code, told.stderr) == (0, told.stderr)
    with zipfile.ZipFile(tmp_path / "a.zip") as file:
        held = file.namelist()
        graph = {one["@id"]: one for one in json.loads(file.read(held[0]))["@graph"]}
    for name in ("mylab/exercises.csv", "common/references.bib", "scenario-mine/exercises.csv"):
        assert f"evidence/{name}" in held
    (action,) = [one for id, one in graph.items() if id == "#making-mine-energy_cost"]
    used = {one["@id"] for one in action["object"]}
    assert "evidence/mylab/exercises.csv" in used
    assert used <= graph.keys()


def test_a_faulty_pack_builds_nothing(tmp_path):
    write(tmp_path / "lab", set_credits=swapped("set_credits", "wall_sit,quad", "wall_sit,quads"))
    (tmp_path / "mine.yaml").write_text(SCENARIO, "utf-8")
    out = tmp_path / "out"
    mine = str(tmp_path / "mine.yaml")
    told = CliRunner().invoke(app, ["build", "--scenario", mine, "-o", str(out)])
    assert told.exit_code == 2
    assert (
        "mine.yaml:2 packs: mylab/set_credits.csv:3: muscle: no muscle 'quadsriceps'" in told.stderr
    )
    assert not out.exists()
    told = CliRunner().invoke(app, ["--pack", str(tmp_path / "lab"), "build", "-o", str(out)])
    assert told.exit_code == 2
    assert not out.exists()


def test_a_pack_is_checked_and_its_checksums_renewed_by_command(tmp_path):
    lab = write(tmp_path / "lab")
    run = CliRunner().invoke
    assert run(app, ["check", "--pack", str(lab)]).stdout.endswith("no problem found\n")
    text = swapped("exercises", "1,1,0,4,0", "1,1,0,5,0")
    (lab / "exercises.csv").write_text(text, "utf-8")
    told = run(app, ["check", "--pack", str(lab)])
    assert told.exit_code == 1
    assert "exercises.hash: the checksum of exercises.csv is" in told.stdout
    told = run(app, ["check", "--pack", str(lab), "--renew"])
    assert (told.exit_code, told.stdout.splitlines()[0]) == (
        0,
        "renewed the checksum of exercises.csv",
    )
    assert run(app, ["check", "--pack", "common"]).exit_code == 0
    told = run(app, ["--pack", str(lab), "cite", "me2025"])
    assert told.stdout.startswith("Lee, A., & Kim, B. (2025).")


@pytest.mark.slow
def test_ten_thousand_exercises_are_checked_and_a_plan_of_them_made(tmp_path):
    """How long it takes is in benchmarks."""
    numbers = range(10_000)
    rows = {
        "exercises": (
            f"e{n},exercise {n},repetitions,1,1,0,1,0,none,Invented,me2025,p. 2,full-text\n"
            for n in numbers
        ),
        "set_credits": (
            f"e{n},iliopsoas,direct,c,Invented,me2025,p. 2,full-text\n" for n in numbers
        ),
        "met_analogies": (
            f"e{n},2024,{role},02024,Analogy: invented\n"
            for n in numbers
            for role in ("low", "central", "high")
        ),
    }
    write(
        tmp_path / "lab",
        **{name: TABLES[name].splitlines(True)[0] + "".join(text) for name, text in rows.items()},
    )
    text = "title: Many\npacks: [./lab]\nplan:\n- " + SCENARIO.splitlines()[-1][2:]
    (tmp_path / "many.yaml").write_text(text.replace("dragon_flag", "mylab.e9999"), "utf-8")
    todo = planning.of_scenarios([str(tmp_path / "many.yaml")], tmp_path / "out")
    assert len(todo.stale) == len(todo.jobs)
    assert {one.packs[0]["place"] for one in todo.jobs if one.packs} == {str(tmp_path / "lab")}


@pytest.mark.slow
def test_a_plan_that_loads_one_muscle_is_reported_by_that_muscle(scenario, tmp_path):
    text = f"title: Curls\npacks: [{scenario.parent}/lab]\nplan:\n{SCENARIO.splitlines()[-2]}\n"
    (tmp_path / "mine.yaml").write_text(text, "utf-8")
    todo = planned(tmp_path / "mine.yaml", tmp_path / "out", "weekly_volume", "assumptions")
    assert [outcome.message for outcome in build.run(todo, workers=1)] == ["", ""]
    stated = results(tmp_path / "out", "weekly_volume")
    numbers = {one["id"]: one["value"] for one in stated["numbers"]}
    assert numbers["mylab_hamstrings_sets_last_week"] == 2 * 3
    assert "rectus_abdominis_sets_last_week" not in numbers
    assert "gives the hamstrings (reader's own) 6.0 sets" in stated["answer"]
