"""A study from the command: made, edited, checked, built, compared; and what is refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from own_notebooks import PLAN, written

from repdose import cli
from repdose.evidence.checks.pack import renew
from repdose.inputs import new_study

ENTRY = """@article{doe2025,
  author = {Doe, Jane}, title = {A trial of raises}, journal = {Journal of Examples},
  year = {2025}, volume = {1}, pages = {1--10}, doi = {10.1234/example.1}
}
"""


@pytest.fixture
def repdose(capsys):
    """Run the command in this process: exit code, stdout, stderr."""

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            cli.app(args=list(arguments), prog_name="repdose")
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def study(tmp_path, monkeypatch):
    """A study whose folder one is in."""
    root = new_study.create(tmp_path / "lab")
    monkeypatch.chdir(root)
    return root


def test_init_makes_a_study_that_check_and_build_find_whole(repdose, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = repdose("init", "lab")
    assert (code, out) == (0, "")
    assert "cd lab" in err
    assert repdose("init", "lab")[0] == 2
    monkeypatch.chdir("lab")
    assert repdose("check")[:2] == (0, "lab: references, notebooks and plans can be used\n")
    code, out, err = repdose("build", "--dry-run")
    assert (code, out) == (0, "first_plan/first_question: not made yet\n")
    assert not (tmp_path / "lab" / "build").exists()


def planned(repdose, *arguments):
    code, out, err = repdose("build", "--dry-run", *arguments)
    assert code == 0, err
    return {line.split(":")[0] for line in out.splitlines()}


def test_inside_a_study_its_own_are_built_unless_asked(repdose, study, monkeypatch):
    (study / "scenarios" / "mine.yaml").write_text(PLAN)
    own = {"first_plan/first_question", "mine/first_question"}
    assert planned(repdose) == own
    monkeypatch.chdir("scenarios")
    assert planned(repdose, "-o", "../build") == own
    monkeypatch.chdir(study)
    assert planned(repdose, "--scenario", "mine") == {"mine/first_question"}
    assert planned(repdose, "--scenario", "foundation") == {"foundation/first_question"}
    shipped = planned(repdose, "--shipped")
    assert own < shipped
    assert {"mine/energy_cost", "first_plan/weekly_volume", "general/claim_audit"} < shipped
    os.remove(study / "notebooks" / "first_question.ipynb")
    assert planned(repdose, "--shipped") == shipped - own
    assert repdose("build", "--dry-run")[0] == 2


def test_a_study_is_cited_run_and_described_from_inside(repdose, study):
    (study / "references.bib").write_text(ENTRY)
    renew(study)
    assert "A trial of raises" in repdose("cite", "@DOE2025")[1]
    assert "A trial of raises" in repdose("cite", "--all")[1]
    assert "progression = '../scenarios/first_plan.yaml'" in repdose("params", "first_question")[1]


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("references.bib", "@article{a1,\n author={Lee, A.}, title={T}", "references.bib:"),
        ("references.bib", ENTRY.replace("doe2025", "garber2011"), "references.bib:1: garber2011"),
        ("references.bib", "\xff", "references.bib"),
        ("scenarios/foundation.yaml", PLAN, "foundation.yaml: a shipped scenario has this name"),
        ("scenarios/first_plan.yml", PLAN, "first_plan.yml: there is first_plan.yaml as well"),
        ("scenarios/First_Plan.yaml", PLAN, "first_plan.yaml: there is First_Plan.yaml as well"),
        ("scenarios/Foundation.yaml", PLAN, "Foundation.yaml: a shipped scenario has this name"),
        ("scenarios/General.yaml", PLAN, "General.yaml: the name of a scenario becomes a folder"),
        ("scenarios/bad.yaml", "title: 2\nplan: []\n", "bad.yaml:1 title"),
        ("scenarios/bad.yaml", PLAN.replace("68.0", "680"), "bad.yaml:11 parameters.body_mass_kg"),
        ("datapackage.json", '{"repdose": 1', "datapackage.json: a study's descriptor"),
    ],
)
def test_a_fault_of_a_study_is_a_sentence_and_nothing_is_built(repdose, study, file, text, words):
    (study / file).write_text(text, encoding="latin-1")
    if file == "references.bib":
        renew(study)
    code, _, err = repdose("build")
    assert code == 2
    assert words in err
    assert "Traceback" not in err
    code, out, err = repdose("check")
    assert code in (1, 2)
    assert words in out + err
    assert not (study / "build").exists()


EVIDENCE = {
    "exercises": """\
nordic_curl,Nordic curl,repetitions,1,1,0,4,0,strap,Lowering,doe2025,p. 2,full-text
wall_sit,wall sit,seconds,1,,,,,wall,Back against a wall,doe2025,p. 2,full-text
step_up,step-up,repetitions,2,1,0,1,0,box,Onto a box,doe2025,p. 3,full-text
""",
    "muscles": "hamstrings,hamstrings,legs\nquadriceps,quadriceps as a whole,legs\n",
    "set_credits": """nordic_curl,hamstrings,direct,a,Recorded in it,doe2025,table 1,full-text
wall_sit,quadriceps,direct,c,It holds the knee,doe2025,p. 3,full-text
step_up,quadriceps,direct,b,It extends the knee,doe2025,p. 3,full-text
step_up,hamstrings,indirect,c,It extends the hip,doe2025,p. 3,full-text
""",
    "met_analogies": "".join(
        f"{exercise},2024,{role},{code},Analogy: calisthenics\n"
        for exercise in ("nordic_curl", "wall_sit", "step_up")
        for role, code in (("low", "02024"), ("central", "02022"), ("high", "02020"))
    ),
}
LEGS = """title: Legs
plan:
  - {variant: lab.nordic_curl, weeks: 3, sessions_per_week: 2, sets: 3, repetitions: 6, rest_s: 120}
  - {variant: lab.wall_sit, weeks: 2, sessions_per_week: 2, sets: 3, set_duration_s: 40, rest_s: 60}
  - {variant: lab.step_up, weeks: 1, sessions_per_week: 2, sets: 3, repetitions: 10, rest_s: 90}
parameters: {body_mass_kg: 70.0}
"""


def test_the_evidence_of_a_study_is_in_force_in_its_builds(repdose, study):
    (study / "references.bib").write_text(ENTRY)
    for table, rows in EVIDENCE.items():
        with (study / "evidence" / f"{table}.csv").open("a") as file:
            file.write(rows)
    (study / "scenarios" / "legs.yaml").write_text(LEGS)
    code, out, _ = repdose("check")
    assert code == 1
    assert "exercises.hash: the checksum of evidence/exercises.csv" in out
    code, _, err = repdose("build")
    assert (code, (study / "build").exists()) == (2, False)
    assert "exercises.hash" in err
    assert repdose("check", "--renew")[0] == 0
    assert repdose("check")[0] == 0
    code, _, err = repdose("build", "--scenario", "legs")
    assert code == 0, err
    out = study / "build" / "legs" / "first_question"
    results = json.loads((out / "results.json").read_text("utf-8"))
    # 3.8 MET; sessions of 5.5, 4 and 5 minutes with their rests, both sides of a step-up counted
    weeks = [5.5] * 3 + [4.0] * 2 + [5.0]
    mean = sum(3.8 * 3.5 * 70 / 200 * minutes * 2 for minutes in weeks) / 6
    assert results["numbers"][0]["value"] == pytest.approx(mean)
    assert "doe2025" in results["sources"]
    assert [pack["name"] for pack in results["packs"]] == ["lab"]
    assert "A trial of raises" in (out / "report.html").read_text("utf-8")
    assert repdose("check", "--reports", "build")[0] == 0


def test_faults_of_notebooks_are_all_told(repdose, study):
    told = (study / "notebooks" / "first_question.ipynb").read_text("utf-8")
    (study / "notebooks" / "copy.ipynb").write_text(told)
    parameters = "load_kg = 20.0  # type: float  [kg] 0 to 250: load of the bar"
    written(study / "notebooks" / "energy_cost.ipynb", parameters)
    code, _, err = repdose("build")
    assert code == 2
    assert "as that of copy.ipynb" in err
    assert "energy_cost.ipynb: its report is named 'energy_cost', as a shipped one" in err
    for name in ("copy", "energy_cost"):
        os.remove(study / "notebooks" / f"{name}.ipynb")
    written(study / "notebooks" / "lifts.ipynb", parameters, prose="# Lifts\n\nSo [@nobody1900].\n")
    code, out, _ = repdose("check")
    assert code == 1
    assert "lifts.ipynb cell 1: no source 'nobody1900'" in out


def test_a_plan_given_by_its_file_is_that_of_a_build(repdose, study, tmp_path):
    (tmp_path / "mine.yaml").write_text(PLAN)
    outside = str(tmp_path / "mine.yaml")
    assert (
        repdose("run", "first_question", "-p", "progression", "gone.yaml", "-o", "o.html")[0] == 2
    )
    code, _, err = repdose("run", "first_question", "-p", "progression", outside, "-o", "o.html")
    assert code == 0, err
    results = json.loads((study / "o.results.json").read_text("utf-8"))
    assert results["parameters"]["progression"]["title"] == "Two weeks, as in a test"
    assert results["parameters"]["body_mass_kg"] == 68.0
    # 2024, 02024 is 2.8 MET over 3 sets of 50 s and two rests of 120 s, three times a week
    (number,) = results["numbers"]
    assert number["value"] == pytest.approx(2.8 * 3.5 * 68 / 200 * (3 * 50 + 240) / 60 * 3)


def test_reports_of_a_study_are_known_to_be_stale_inside_it_alone(repdose, study, monkeypatch):
    assert repdose("build")[0] == 0
    assert repdose("check", "--reports", "build")[:2] == (0, "every report is up to date\n")
    monkeypatch.chdir(study.parent)
    code, out, _ = repdose("check", "--reports", "lab/build")
    assert code == 1
    for unseen in ("cannot be told", "its pack lab is not", "its notebook is one of your own"):
        assert unseen in out
    monkeypatch.chdir(study)
    plan = study / "scenarios" / "first_plan.yaml"
    plan.write_text(plan.read_text().replace("sets: 2", "sets: 4"))
    assert "first_plan/first_question: parameters" in repdose("check", "--reports", "build")[1]


@pytest.mark.slow
def test_every_step_of_a_study_s_workflow_runs_after_edits(study, tmp_path):
    """What a lab does: edit, keep the baseline, and then what its workflow runs, step by step."""
    (study / "references.bib").write_text(ENTRY)
    renew(study)
    notebook = study / "notebooks" / "first_question.ipynb"
    notebook.write_text(notebook.read_text("utf-8").replace("[@garber2011]", "[@doe2025]"))
    (study / "scenarios" / "mine.yaml").write_text(PLAN)
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    for name, command in (("repdose", "-m repdose"), ("python", "")):
        script = bin_folder / name
        script.write_text(f'#!/bin/sh\nexec {sys.executable} {command} "$@"\n')
        script.chmod(0o755)
    summary = tmp_path / "summary.md"
    around = os.environ | {
        "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}",
        "GITHUB_STEP_SUMMARY": str(summary),
    }

    def shell(step):
        command = ["bash", "-e", "-c", step]
        return subprocess.run(command, cwd=study, env=around, capture_output=True, text=True)

    first = shell("repdose build && repdose baseline build -o baseline.json")
    assert first.returncode == 0, first.stderr
    workflow = yaml.safe_load((study / ".github/workflows/ci.yml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["reports"]["steps"] if "run" in step]
    steps = [step for step in steps if "pip install" not in step]
    assert len(steps) == 4
    for step in steps:
        done = shell(step)
        assert done.returncode == 0, (step, done.stdout, done.stderr)
    page = (study / "build" / "mine" / "first_question" / "report.html").read_text("utf-8")
    assert re.search(r"href=#ref-doe2025[^>]*>Doe 2025", page)
    assert "A trial of raises" in page
    # A number that moves fails the comparison, and the summary says which
    plan = study / "scenarios" / "mine.yaml"
    plan.write_text(PLAN.replace("repetitions: 10", "repetitions: 12"))
    assert shell(steps[1]).returncode == 0
    assert shell(steps[2]).returncode == 1
    said = summary.read_text("utf-8").splitlines()
    assert [line for line in said if line.startswith("###")] == [
        "### Reports: nothing moved",
        "### Reports: 1 number changed in 1 report",
    ]
