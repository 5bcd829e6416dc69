"""Builds: the same bytes twice, only what is stale, written whole, refused before anything runs."""

from __future__ import annotations

import csv
import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
import time

import pandas as pd
import pytest
from report_notebooks import job

from repdose.inputs import cells, notebooks, scenarios
from repdose.inputs.validation import ParameterError
from repdose.reports import engines, folders, manifest
from repdose.reports.builds import build, jobs, planning, sweeps
from repdose.reports.builds import index as combined
from repdose.reports.builds.sweeps import SweepError
from repdose.reports.folders import OutputError
from repdose.reports.jobs import Outcome

SWEEP = "notebook: energy_cost\nscenario: foundation\n"


def made(out):
    """Every file of a folder by name, with its bytes."""
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def sweep(tmp_path_factory):
    """A small sweep, built once: file, output folder, plan."""
    folder = tmp_path_factory.mktemp("sweep")
    file = folder / "sweep.yaml"
    file.write_text(SWEEP + "grid: {body_mass_kg: [60.0, 80.0]}\n")
    todo = planning.of_sweep(file, folder / "out")
    outcomes = build.run(todo, workers=2)
    assert {outcome.status for outcome in outcomes} == {"made"}
    return file, folder / "out", todo


def test_index_links_every_report_with_the_numbers_of_its_results(sweep):
    _, out, todo = sweep
    index = (out / combined.INDEX).read_text("utf-8")
    assert len(todo.jobs) == 2
    for one in todo.jobs:
        where = one.folder.relative_to(out).as_posix()
        assert f'href="{where}/report.html"' in index
        assert (one.folder / "report.html").is_file()
        results = json.loads((one.folder / "results.json").read_text("utf-8"))
        headline = [number for number in results["numbers"] if number["headline"]]
        assert headline
        row = index.split(f'href="{where}/report.html"')[1].split("</tr>")[0]
        row = row.replace("\u00a0", " ")  # values stay with their units
        page = (one.folder / "report.html").read_text("utf-8")
        for number in headline:
            assert number["text"] in row
            assert number["label"] in page


def test_table_of_a_sweep_is_tidy_and_equal_to_the_results(sweep):
    _, out, todo = sweep
    with (out / combined.TABLE).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for one in todo.jobs:
        results = json.loads((one.folder / "results.json").read_text("utf-8"))
        own = {row["number"]: row for row in rows if row["report"] == one.scenario}
        assert own.keys() == {number["id"] for number in results["numbers"]}
        for number in results["numbers"]:
            row = own[number["id"]]
            assert float(row["value"]) == number["value"]
            assert row["unit"] == number["unit"]
            assert float(row["body_mass_kg"]) == one.parameters["body_mass_kg"]


def test_typed_table_of_a_sweep_has_the_same_rows_with_their_types(sweep):
    pytest.importorskip("pyarrow", reason="results.parquet needs the extra parquet")
    _, out, _ = sweep
    typed = pd.read_parquet(out / combined.TYPED_TABLE)
    read = pd.read_csv(out / combined.TABLE, dtype={"edition": str})
    assert typed.shape == read.shape
    pd.testing.assert_frame_equal(
        typed.astype(object).where(typed.notna(), None),
        read.astype(object).where(read.notna(), None),
    )
    assert typed["value"].dtype == typed["body_mass_kg"].dtype == float
    assert typed["age_y"].dtype == int


def test_second_build_makes_nothing_and_a_forced_one_the_same_bytes(sweep, monkeypatch):
    file, out, _ = sweep
    before = made(out)
    with monkeypatch.context() as idle:
        begun: list[object] = []
        idle.setattr(build, "_make_ahead", lambda *given: begun.append(given))
        for engine in (None, engines.ENGINES[0]):
            again = build.run(planning.of_sweep(file, out), workers=2, engine=engine)
            assert {outcome.status for outcome in again} == {"unchanged"}
    assert begun == []  # nothing is computed beside it either
    assert made(out) == before
    for name, value in (("TZ", "Asia/Tokyo"), ("LC_ALL", "C"), ("PYTHONHASHSEED", "7")):
        monkeypatch.setenv(name, value)
    forced = build.run(planning.of_sweep(file, out, force=True), workers=2)
    assert {outcome.status for outcome in forced} == {"made"}
    after = made(out)
    assert after.keys() == before.keys()
    for name, content in after.items():
        if not name.endswith(folders.MANIFEST):  # it tells the sources, which may be edited
            assert content == before[name], name


def test_nothing_names_a_place_a_user_or_a_host(sweep):
    _, out, _ = sweep
    names = [str(out.parent), os.path.expanduser("~") + "/", sys.prefix, sys.base_prefix]
    for name, content in made(out).items():
        for word in names:
            assert word.encode() not in content, (name, word)


def test_what_changed_is_named_component_by_component(sweep, tmp_path, monkeypatch):
    _, _, todo = sweep
    one = todo.jobs[0]
    assert manifest.changed(one) == []
    other = dict(one.parameters) | {"age_y": 50}
    notebook = notebooks.find(one.notebook)
    assert manifest.changed(jobs.job_in(one.folder, notebook, one.scenario, other)) == [
        "parameters"
    ]
    notebook = json.loads(one.source.read_text("utf-8"))
    notebook["cells"][0]["source"] = "# Another title\n"
    edited = tmp_path / "energy_cost.ipynb"
    edited.write_text(json.dumps(notebook))
    assert manifest.changed(dataclasses.replace(one, source=edited)) == [
        "arithmetic",  # named of a reader's own
        "notebook",
    ]
    notebook = json.loads(one.source.read_text("utf-8"))
    notebook["metadata"]["editor"] = "mine"
    for number, cell in enumerate(notebook["cells"]):
        cell["id"] = f"other-{number}"
    edited.write_text(json.dumps(notebook))
    assert manifest.changed(dataclasses.replace(one, source=edited)) == []
    versions = manifest.provenance.versions()
    monkeypatch.setattr(manifest.provenance, "versions", lambda: {**versions, "numpy": "0.1"})
    assert manifest.changed(one) == ["libraries: numpy"]
    monkeypatch.undo()
    monkeypatch.setattr(manifest, "entry_digest", lambda key: "x" if key == "herrmann2024" else "y")
    [reason] = manifest.changed(one)
    assert reason.startswith("bibliography: ")
    assert "herrmann2024" in reason


def test_data_table_that_changed_is_named(sweep, monkeypatch):
    _, _, todo = sweep
    digest = manifest.digest_of
    monkeypatch.setattr(
        manifest,
        "digest_of",
        lambda path: "new" if path.name == "met_2024.csv" else digest(path),
    )
    assert manifest.changed(todo.jobs[0]) == ["data: met_2024.csv"]


def test_report_that_is_damaged_or_unfinished_is_made_anew(sweep):
    one = sweep[2].jobs[0]
    page, told = one.folder / "report.html", one.folder / folders.MANIFEST
    content, before = page.read_bytes(), told.read_bytes()
    page.write_bytes(content[:-1])
    assert manifest.changed(one) == ["file report.html is missing or was altered"]
    page.unlink()
    assert manifest.changed(one) == ["file report.html is missing or was altered"]
    page.write_bytes(content)
    told.write_text("{")
    assert manifest.changed(one) == ["its manifest.json is damaged or not of a report"]
    told.write_bytes(before)
    assert manifest.changed(one) == []


@pytest.mark.slow
def test_failure_replaces_the_old_report_and_stops_the_build_where_asked(tmp_path):
    jobs = [job(tmp_path, f"n{i}", "raise ValueError('<b>no</b>')") for i in range(4)]
    folders.write_folder(jobs[0].folder, {"results.json": "{}", folders.MANIFEST: "{}"})
    todo = planning.Todo(jobs, {one.name: ["new"] for one in jobs}, tmp_path / "out")
    outcomes = build.run(todo, workers=1, fail_fast=True)
    assert {outcome.status for outcome in outcomes} == {"failed"}
    assert len(outcomes) < len(jobs)  # a report begun meanwhile is finished, and told
    names = sorted(path.name for path in jobs[0].folder.iterdir())
    assert names == ["error.html", "manifest.json"]
    assert len(list((tmp_path / "out").glob("*/*/error.html"))) == len(outcomes)
    index = (tmp_path / "out" / combined.INDEX).read_text("utf-8")
    assert "Failed: cell 5: ValueError: &lt;b&gt;no&lt;/b&gt;" in index
    assert 'href="n0/energy_cost/error.html"' in index


@pytest.mark.slow
def test_kill_at_any_moment_leaves_no_report_that_looks_finished_and_is_not(tmp_path):
    file = tmp_path / "sweep.yaml"
    file.write_text(SWEEP + "grid: {age_y: [20, 30, 40]}\n")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "repdose", "build", "--sweep", str(file), "-o", str(out)]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while not list(out.glob("*/*/manifest.json")) and time.monotonic() < deadline:
        time.sleep(0.02)
    running.send_signal(signal.SIGKILL)
    running.wait()
    time.sleep(3)  # the process that forks finishes what it had begun
    for path in out.glob("*/*"):
        if not path.name.startswith("."):
            assert manifest.damaged(path, manifest.read(path)) == []
    todo = planning.of_sweep(file, out)
    outcomes = build.run(todo, workers=2)
    assert {outcome.status for outcome in outcomes} <= {"made", "unchanged"}
    assert not list(out.rglob(".*"))


def test_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    folder = tmp_path / "report"
    folders.write_folder(folder, {"a.txt": "old", folders.MANIFEST: "{}"})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "_write", full)
    with pytest.raises(OSError, match="No space"):
        folders.write_folder(folder, {"a.txt": "new"})
    assert (folder / "a.txt").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report"]


def test_output_places_that_must_not_be_written_to_are_refused(tmp_path):
    notebooks = cells.notebooks_folder()
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(OutputError, match="is a file"):
        folders.checked(file, notebooks)
    with pytest.raises(OutputError, match="inside the notebooks folder"):
        folders.checked(notebooks / "out", notebooks)
    (tmp_path / "elsewhere").mkdir()
    out = tmp_path / "out"
    out.mkdir()
    (out / "foundation").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError, match="foundation is a link"):
        folders.place(out, "foundation", "energy_cost")
    with pytest.raises(OutputError, match="leaves the output folder"):
        folders.place(out, "..", "energy_cost")
    (out / "mine" / "energy_cost").mkdir(parents=True)
    (out / "mine" / "energy_cost" / "thesis.doc").write_text("x")
    with pytest.raises(OutputError, match="holds other files"):
        folders.place(out, "mine", "energy_cost")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to this user")
def test_read_only_output_folder_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="cannot be written to"):
        folders.checked(tmp_path / "out", cells.notebooks_folder())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sets: [{}]", ["notebook"]),
        ("notebook: energy_costs\nsets: [{}]", ["no notebook 'energy_costs'"]),
        (SWEEP, ["either grid or sets"]),
        (SWEEP + "sets: [{}]\ngrid: {age_y: [30]}", ["either grid or sets"]),
        (SWEEP + "sets: []", ["s.yaml sets"]),
        (SWEEP + "sets: [3]", ["sets[1]", "mapping"]),
        (SWEEP + "grid: {age_y: 30}", ["grid.age_y", "list of values"]),
        (SWEEP + "grid: {age_y: [30, 30]}", ["grid.age_y", "30 is there twice"]),
        (SWEEP + "grids: {}", ["grids", "unknown key"]),
        (SWEEP + "sets: [{age_y: 30}, {age_y: 35}, {age_y: 30}]", ["sets[3]", "repeats sets[1]"]),
        (SWEEP + "sets: [{}, {age_y: 35}]", ["sets[2]", "repeats sets[1]"]),
        (SWEEP + "grid: {body_mass_kg: [60.0, 600.0]}", ["body_mass_kg=600.0", "20 to 300 kg"]),
        ("notebook: energy_cost\nscenario: nope\nsets: [{}]", ["no scenario 'nope'"]),
    ],
)
def test_sweep_that_is_wrong_is_refused_by_key_and_set(tmp_path, text, words):
    path = tmp_path / "s.yaml"
    path.write_text(text)
    with pytest.raises(SweepError) as refusal:
        sweeps.jobs(path, tmp_path / "out")
    for word in words:
        assert word in str(refusal.value)
    assert not (tmp_path / "out").exists()


def test_unknown_name_in_the_fortieth_set_is_found_before_the_first_runs(tmp_path):
    sets = [f"  - {{age_y: {18 + i}}}" for i in range(39)] + ["  - {age: 60}"]
    path = tmp_path / "s.yaml"
    path.write_text(SWEEP + "sets:\n" + "\n".join(sets) + "\n")
    with pytest.raises(SweepError, match=r"sets\[40\]: energy_cost: 'age'.*age_y"):
        sweeps.jobs(path, tmp_path / "out")


def test_ten_million_combinations_are_counted_and_refused_at_once(tmp_path):
    path = tmp_path / "s.yaml"
    ages = ", ".join(map(str, range(18, 98)))
    masses = ", ".join(f"{20 + i / 10}" for i in range(1500))
    statures = ", ".join(f"{1.2 + i / 100:.2f}" for i in range(100))
    path.write_text(
        SWEEP + f"grid:\n  age_y: [{ages}]\n  body_mass_kg: [{masses}]\n  stature_m: [{statures}]\n"
    )
    with pytest.raises(SweepError, match="12,000,000 reports; at most 100,000"):
        sweeps.jobs(path, tmp_path / "out")


def test_slugs_are_stable_readable_and_safe():
    assert sweeps.slug({"age_y": 30}, "a") == sweeps.slug({"age_y": 30}, "a")
    assert sweeps.slug({"age_y": 30}, "a") != sweeps.slug({"age_y": 30}, "b")
    odd = sweeps.slug({"progression": "../../etc", "x": [1]}, "a")
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]*", odd)
    assert "/" not in odd


def test_scenario_asked_for_twice_is_refused(tmp_path):
    with pytest.raises(scenarios.ScenarioError, match="twice"):
        planning.of_scenarios(["foundation", "foundation"], tmp_path / "out")


def test_scenario_file_with_a_value_out_of_range_names_file_and_parameter(tmp_path):
    text = (cells.notebooks_folder() / "scenarios" / "foundation.yaml").read_text("utf-8")
    path = tmp_path / "mine.yaml"
    text = text.replace("body_mass_kg: 75.0", "body_mass_kg: 180 lb\n  edition: 2012")
    path.write_text(text)
    line = text.splitlines().index("  body_mass_kg: 180 lb") + 1
    with pytest.raises(ParameterError) as refusal:
        planning.of_scenarios([str(path)], tmp_path / "out")
    # Once, though several notebooks have it
    told = [said.split(";")[0].split(": ") for said in str(refusal.value).splitlines()]
    assert [(where, words[:9]) for where, words, *_ in told] == [
        (f"mine.yaml:{line} parameters.body_mass_kg", "read '180"),
        (f"mine.yaml:{line + 1} parameters.edition", "read '201"),
    ]
    assert not (tmp_path / "out").exists()


def test_default_build_has_the_six_reports_of_the_three_scenarios(tmp_path):
    todo = planning.of_scenarios([], tmp_path / "out")
    wanted = {
        f"{scenario}/{notebook}"
        for scenario in ("foundation", "to_hanging", "flutter_endurance")
        for notebook in ("energy_cost", "weekly_volume")
    }
    assert wanted <= {one.name for one in todo.jobs}
    assert not (tmp_path / "out").exists()


def test_long_reports_are_begun_first_and_told_in_the_order_of_the_plan(tmp_path, monkeypatch):
    todo = planning.of_scenarios(["foundation", "to_hanging"], tmp_path / "out")
    assert set(build.FIRST) <= {one.notebook for one in todo.jobs}
    begun = []

    def run_jobs(jobs, **_):
        begun.extend(jobs)
        return (Outcome(one, "unchanged") for one in jobs)

    monkeypatch.setattr("repdose.reports.engines.run_jobs", run_jobs)
    monkeypatch.setattr(build.overview, "write", lambda *_: None)
    told = build.run(todo, workers=2)
    assert [outcome.job for outcome in told] == list(todo.jobs)
    names = [one.notebook for one in begun]
    assert list(dict.fromkeys(names))[: len(build.FIRST)] == list(build.FIRST)
    scenarios_of = [one.scenario for one in begun if one.notebook == "dose_response"]
    assert scenarios_of == ["foundation", "to_hanging"]
