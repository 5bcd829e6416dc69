"""Two builds compared: what counts as moved, how it reads, and what is refused."""

import copy
import json
import re
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from repdose.cli import app
from repdose.reports.compare import baseline
from repdose.reports.compare.difference import difference
from repdose.reports.compare.words import CELL, NAMES, ROWS, headline, markdown, text
from repdose.reports.manifest import digest

ROOT = Path(__file__).parents[3]
LIMIT_OF_A_COMMENT = 65_536


def number(id="energy", value=100.0, low=90.0, high=130.0, unit="kcal/week", **other):
    ranged = {"low": low, "high": high, "kind": "assumption" if low is not None else "none"}
    return {"id": id, "label": f"The {id}", "value": value, "unit": unit, **ranged, **other}


def results(scenario="foundation", notebook="energy_cost", **other):
    return {
        "scenario": scenario,
        "notebook": notebook,
        "parameters": {"body_mass_kg": 75.0},
        "numbers": [number(), number("rest", 1600.0, None, None, "kcal/day", headline=True)],
        "assumptions": ["The MET holds over elapsed time."],
        "sources": ["ainsworth2011", "herrmann2024"],
        "records": [{"id": "2011:02024", "source": "ainsworth2011", "met": 2.8}],
        **other,
    }


def place(folder, *reports, bibliography=None):
    """A build's folder as far as a comparison reads it."""
    for report in reports:
        inside = folder / report["scenario"] / report["notebook"]
        inside.mkdir(parents=True, exist_ok=True)
        (inside / "results.json").write_text(json.dumps(report), "utf-8")
        files = {"results.json": digest((inside / "results.json").read_bytes())}
        made_from = {"data": {}, "bibliography": bibliography or {"ainsworth2011": "ab"}}
        named = {key: report[key] for key in ("notebook", "scenario", "parameters")}
        manifest = {"status": "complete", **named, "made_from": made_from, "files": files}
        (inside / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def failed(folder, scenario="foundation", notebook="energy_cost", problem="cell 3: KeyError: 'x'"):
    inside = folder / scenario / notebook
    inside.mkdir(parents=True)
    named = {"notebook": notebook, "scenario": scenario, "parameters": {}}
    manifest = {"status": "failed", **named, "problem": problem}
    (inside / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def compared(old, new, **options):
    builds = []
    for report in (old, new):
        raw = json.dumps(report)
        builds.append(baseline.Build({"foundation/energy_cost": baseline.parsed("test", raw)}))
    return difference(*builds, **options)


def altered(change):
    report = copy.deepcopy(results())
    change(report)
    return report


def run(*arguments):
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_build_does_not_differ_from_itself(tmp_path):
    there = place(tmp_path / "build", results(), results(notebook="weekly_volume"))
    ran = run("diff", there, there)
    assert ran.exit_code == 0
    assert ran.stdout.startswith("nothing moved\n4 numbers of 2 reports compared")


@pytest.mark.parametrize("part", ["value", "low", "high"])
def test_a_number_moves_when_any_part_of_it_leaves_the_tolerance(part):
    def move(factor):
        def change(report):
            report["numbers"][0][part] *= factor

        return altered(change)

    assert compared(results(), move(1.0011), tolerance=1e-3)
    assert not compared(results(), move(1.0009), tolerance=1e-3)
    assert compared(results(), move(1 + 1e-7))
    assert not compared(results(), move(1 + 1e-10))


def test_tolerance_zero_sees_the_last_digit_that_is_kept():
    def change(report):
        report["numbers"][1]["value"] = 1600.0001

    found = compared(results(), altered(change), tolerance=0.0)
    (name, moved), *others = found.moved
    assert (name, moved.either.id, others) == ("foundation/energy_cost", "rest", [])
    before, after = re.search(r": ([\d.]+) kcal/day -> ([\d.]+) kcal/day", text(found)).groups()
    assert float(before) == 1600.0
    assert float(after) == 1600.0001


def test_what_is_nothing_beside_a_printed_decimal_does_not_move_a_zero():
    zero = altered(lambda report: report.update(numbers=[number("net", 0.0, None, None, "kcal")]))
    dust = altered(lambda report: report.update(numbers=[number("net", 1e-17, None, None, "kcal")]))
    some = altered(lambda report: report.update(numbers=[number("net", 1e-3, None, None, "kcal")]))
    assert not compared(zero, dust)
    assert compared(zero, some)


@given(old=st.floats(-1e12, 1e12), new=st.floats(-1e12, 1e12), tolerance=st.floats(0, 0.5))
def test_comparison_does_not_depend_on_which_build_is_the_older(old, new, tolerance):
    one, two = (
        altered(lambda report, v=value: report.update(numbers=[number("x", v, None, None)]))
        for value in (old, new)
    )
    assert bool(compared(one, two, tolerance=tolerance)) == bool(
        compared(two, one, tolerance=tolerance)
    )


def test_a_changed_unit_is_a_difference_whatever_the_tolerance_and_has_no_percentage():
    def change(report):
        report["numbers"][1]["unit"] = "kJ/day"

    found = compared(results(), altered(change), tolerance=0.5)
    ((_, moved),) = found.moved
    assert moved.what == "unit"
    assert moved.relative is None
    assert "1,600 kcal/day -> 1,600 kJ/day  unit" in text(found)


def test_a_range_that_means_something_else_is_a_difference():
    def change(report):
        report["numbers"][0]["kind"] = "confidence"

    found = compared(results(), altered(change))
    assert "range over the stated assumptions" in text(found)
    assert "confidence interval" in text(found)


def test_a_number_that_lost_its_range_is_a_difference():
    lost = altered(lambda report: report["numbers"].__setitem__(0, number(low=None, high=None)))
    assert compared(results(), lost)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda r: r["numbers"].append(number("new_one")), "new_one (The new_one): added"),
        (lambda r: r["numbers"].pop(0), "energy (The energy): removed"),
        (lambda r: r["parameters"].update(body_mass_kg=80.0), "body_mass_kg: 75.0 -> 80.0"),
        (lambda r: r["parameters"].update(sex="male"), "sex: None -> 'male'"),
        (lambda r: r["assumptions"].append("Rest counts."), "assumption new: Rest counts."),
        (lambda r: r["assumptions"].clear(), "assumption gone: The MET holds"),
        (lambda r: r["sources"].append("hhs2018"), "source new: hhs2018"),
        (lambda r: r["records"][0].update(met=3.0), "record 2011:02024: met 2.8 -> 3.0"),
    ],
)
def test_every_kind_of_change_is_told(change, said):
    found = compared(results(), altered(change))
    assert found
    assert said in text(found)


def test_wording_is_no_change():
    def change(report):
        report["answer"] = "Put otherwise."
        report["numbers"][0].update(label="Said otherwise", note="a note", headline=True)

    assert not compared(results(), altered(change))


def test_reports_added_removed_failing_and_mended_are_told(tmp_path):
    old = place(tmp_path / "old", results(), results(notebook="gone"), results(notebook="breaks"))
    new = place(tmp_path / "new", results(), results(notebook="come"), results(notebook="heals"))
    failed(old, notebook="heals")
    failed(new, notebook="breaks")
    ran = run("diff", old, new, "--json")
    assert ran.exit_code == 1
    found = json.loads(ran.stdout)
    assert found["added"] == ["foundation/come"]
    assert found["removed"] == ["foundation/gone"]
    assert found["mended"] == ["foundation/heals"]
    assert found["failing"] == {"foundation/breaks": "cell 3: KeyError: 'x'"}
    assert (found["reports_compared"], found["numbers_compared"]) == (1, 2)


def test_a_report_that_fails_as_before_is_told_and_is_no_difference(tmp_path):
    old = failed(place(tmp_path / "old", results()), notebook="broken")
    new = failed(place(tmp_path / "new", results()), notebook="broken")
    ran = run("diff", old, new)
    assert ran.exit_code == 0
    assert "that still fail: foundation/broken: cell 3" in ran.stdout


def test_a_changed_bibliography_entry_is_told_once_with_the_reports_that_cite_it(tmp_path):
    reports = [results(), results(notebook="weekly_volume")]
    old = place(tmp_path / "old", *reports)
    new = place(tmp_path / "new", *reports, bibliography={"ainsworth2011": "cd"})
    found = json.loads(run("diff", old, new, "--json").stdout)
    assert found["changed"] == []
    assert found["sources"] == {
        "ainsworth2011": {
            "bibliography_entry": True,
            "records": {},
            "reports": ["foundation/energy_cost", "foundation/weekly_volume"],
        }
    }


def test_a_baseline_file_stands_for_the_build_it_was_made_of(tmp_path):
    there = place(tmp_path / "build", results(), results(notebook="weekly_volume"))
    kept = tmp_path / "baseline.json"
    assert run("baseline", there, "-o", kept).exit_code == 0
    first = kept.read_bytes()
    assert run("diff", kept, there).exit_code == 0
    assert run("diff", kept, kept).exit_code == 0
    moved = altered(lambda report: report["numbers"][0].update(value=101.0))
    place(there, moved)
    ran = run("diff", kept, there)
    assert ran.exit_code == 1
    assert "100 (90 to 130) kcal/week -> 101 (90 to 130) kcal/week  +1.0 %" in ran.stdout
    assert run("baseline", kept, "-o", tmp_path / "again.json").exit_code == 0
    assert (tmp_path / "again.json").read_bytes() == first


def test_a_folder_of_results_alone_is_a_baseline(tmp_path):
    there = place(tmp_path / "build", results())
    kept = place(tmp_path / "kept", results())
    for path in kept.rglob("manifest.json"):
        path.unlink()
    assert run("diff", kept, there).exit_code == 0


def test_the_results_of_one_run_are_compared_as_they_lie(tmp_path):
    paths = []
    for name, value in (("old", 100.0), ("new", 102.5)):
        path = tmp_path / f"{name}.results.json"
        path.write_text(json.dumps(results(numbers=[number(value=value)])))
        paths.append(path)
    ran = run("diff", *paths)
    assert ran.exit_code == 1
    assert "+2.5 %" in ran.stdout


def test_the_summary_for_a_pull_request_shows_a_table_with_the_headline_number_first():
    def change(report):
        report["numbers"][0]["value"] = 110.0
        report["numbers"][1]["value"] = 1500.0

    shown = markdown(compared(results(), altered(change)))
    lines = shown.splitlines()
    assert lines[0] == "### Reports: 2 numbers changed in 1 report"
    assert lines[2:6] == [
        "| Report | Number | Before | After | Change |",
        "| --- | --- | --- | --- | ---: |",
        "| foundation/energy\\_cost | **The rest** | 1,600 kcal/day | 1,500 kcal/day | −6.2 % |",
        "| foundation/energy\\_cost | The energy | 100 (90 to 130) kcal/week "
        "| 110 (90 to 130) kcal/week | +10.0 % |",
    ]


def test_hostile_text_stays_text_in_the_summary():
    label = "<img src=x onerror=alert(1)> | `x` [a](javascript:b) @somebody\n# head"
    found = compared(
        results(), altered(lambda report: report["numbers"].append(number("bad", label=label)))
    )
    shown = markdown(found)
    (row,) = (line for line in shown.splitlines() if "img" in line)
    cells = re.split(r"(?<!\\)\|", row)
    assert len(cells) == 7
    assert "\\<img" in row
    assert "\\[a\\](" in row
    assert not re.search(r"@\w", shown)
    assert not any(line.startswith("# ") for line in shown.splitlines())


def test_a_summary_of_any_difference_fits_into_a_comment():
    many = [number(f"n{i}", float(i), None, None, label="long " * 90) for i in range(3000)]
    old = results(numbers=many, assumptions=[f"{'a' * 300}{i}" for i in range(500)])
    new = results(numbers=[], records=[dict(results()["records"][0], met="&" * 9000)])
    stated = [baseline.parsed("test", json.dumps(report)) for report in (old, new)]
    names = [f"scenario_{i}/{'&' * 200}" for i in range(500)]
    builds = [
        baseline.Build({"foundation/energy_cost": stated[0]}),
        baseline.Build({"foundation/energy_cost": stated[1]}, dict.fromkeys(names, "&" * 500)),
    ]
    shown = markdown(difference(*builds))
    assert len(shown) < LIMIT_OF_A_COMMENT
    assert "… and 2,960 more numbers" in shown
    assert (ROWS, NAMES, CELL) == (40, 20, 110)


def test_nothing_moved_reads_as_such():
    found = compared(results(), results())
    assert headline(found) == "nothing moved"
    assert markdown(found).splitlines()[0] == "### Reports: nothing moved"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "this is no JSON"),
        ("[]", "content"),
        ('{"reports": []}', "a list of reports is required"),
        ('{"reports": [{}]}', "report 1"),
        (json.dumps({"reports": [results(), results()]}), "report 2: foundation/energy_cost"),
        (json.dumps(results(numbers=[number(value="5")])), "numbers.0.value"),
        (json.dumps(results(numbers=[number(value=float("nan"))])), "must be finite"),
        (json.dumps(results(numbers=[number(low=200.0)])), "low 200 is above high"),
        (json.dumps(results(numbers=[number(), number()])), "stands there twice"),
        (json.dumps(results(records=[{"id": "x"}])), "an id and a source"),
    ],
)
def test_a_baseline_that_cannot_be_understood_is_refused_with_the_place(tmp_path, content, said):
    bad = tmp_path / "bad.json"
    bad.write_text(content)
    ran = run("diff", bad, place(tmp_path / "build", results()))
    assert ran.exit_code == 2
    assert "bad.json" in ran.stderr
    assert said in ran.stderr
    assert ran.stdout == ""


def test_what_is_no_build_is_refused(tmp_path):
    there = place(tmp_path / "build", results())
    empty = tmp_path / "empty"
    empty.mkdir()
    for wrong, said in (
        (empty, "no build"),
        (tmp_path / "nowhere", "no such file"),
    ):
        ran = run("diff", there, wrong)
        assert ran.exit_code == 2
        assert said in ran.stderr


def test_results_that_were_moved_or_lost_are_refused(tmp_path):
    there = place(tmp_path / "build", results())
    (there / "other").mkdir()
    (there / "foundation/energy_cost").rename(there / "other/energy_cost")
    ran = run("diff", there, there)
    assert ran.exit_code == 2
    assert "lies in other/energy_cost and says that it is foundation/energy_cost" in ran.stderr
    (there / "other/energy_cost/results.json").unlink()
    assert "results.json is missing" in run("diff", there, there).stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("-0.1", "tolerance must be from 0 to below 1"),
        ("1", "tolerance must be from 0 to below 1"),
        ("nan", "'nan' is not a number"),
        ("inf", "'inf' is not a number"),
    ],
)
def test_a_tolerance_that_is_none_is_refused(tmp_path, wrong, said):
    there = place(tmp_path / "build", results())
    ran = run("diff", there, there, f"--tolerance={wrong}")
    assert ran.exit_code == 2
    assert said in ran.stderr


def test_one_form_of_output_at_a_time(tmp_path):
    there = place(tmp_path / "build", results())
    assert run("diff", there, there, "--json", "--markdown").exit_code == 2


def test_a_build_with_a_failure_makes_no_baseline(tmp_path):
    there = failed(place(tmp_path / "build", results()), notebook="broken")
    kept = tmp_path / "baseline.json"
    ran = run("baseline", there, "-o", kept)
    assert ran.exit_code == 2
    assert "foundation/broken failed" in ran.stderr
    assert not kept.exists()


def test_the_workflow_writes_to_a_pull_request_only_where_nothing_of_it_is_run():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    jobs = workflow["jobs"]
    writing = {
        name: job["permissions"]
        for name, job in jobs.items()
        if "write" in job.get("permissions", {}).values()
    }
    assert writing == {"comment": {"pull-requests": "write"}}
    steps = jobs["comment"]["steps"]
    assert not any("run" in step or "checkout" in step.get("uses", "") for step in steps)
    assert jobs["comment"]["needs"] == "difference"
    assert "bash .ci/run" in [step.get("run") for step in jobs["test-and-report"]["steps"]]


@pytest.mark.skipif(sys.platform == "win32", reason="the step is a shell script")
@pytest.mark.parametrize(("value", "said"), [(100.0, "nothing moved"), (90.0, "1 number changed")])
def test_the_workflow_s_comparison_runs_as_written(tmp_path, value, said):
    import os
    import subprocess

    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text("utf-8"))
    (script,) = (
        step["run"]
        for step in workflow["jobs"]["difference"]["steps"]
        if "repdose diff" in step.get("run", "")
    )
    place(tmp_path / "base/build", results(numbers=[number(low=None, high=None)]))
    place(tmp_path / "build", results(numbers=[number(value=value, low=None, high=None)]))
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv/bin").symlink_to(Path(sys.executable).parent)
    summary = tmp_path / "summary.md"
    ran = subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=tmp_path,
        env=os.environ | {"GITHUB_STEP_SUMMARY": str(summary)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    assert said in (tmp_path / "difference.md").read_text("utf-8")
    assert said in summary.read_text("utf-8")
