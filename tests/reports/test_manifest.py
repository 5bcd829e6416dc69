"""What a build records of a report, and what is told from it later: stale, untold, damaged."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace

import pytest
from click.testing import CliRunner
from report_notebooks import notebook

from repdose.cli import app
from repdose.evidence.own_trials import template
from repdose.inputs import cells, notebooks, scenarios
from repdose.inputs.validation import ParameterError, validate
from repdose.reports import folders, manifest
from repdose.reports.builds import index, jobs, planning, sweeps
from repdose.reports.builds.sweeps import SweepError
from repdose.reports.jobs import CellError, Job, as_json
from repdose.reports.making import error_files

RESULTS = as_json({"numbers": [], "sources": ["garber2011"], "data": {"met_2024.csv": ""}})
DATA = {"data": {"met_2024.csv": "", "corrections.yaml": ""}, "sources": ["garber2011"]}


def put(job: Job) -> Job:
    """A finished report as a build leaves it, its page and its numbers being empty."""
    files = {"report.html": "", "report.ipynb": "", folders.RESULTS: RESULTS}
    told = manifest.complete(job, DATA, files)
    folders.write_folder(job.folder, {**files, folders.MANIFEST: as_json(told)})
    return job


def planned(out, name="energy_cost", scenario="foundation", **given) -> Job:
    found = notebooks.find(name)
    parameters = notebooks.parameters(found, scenarios.find(scenario), given)
    return jobs.job(found, scenario, parameters, out.resolve())


def repdose(*arguments):
    ran = CliRunner().invoke(app, [str(one) for one in arguments])
    assert "Traceback" not in ran.stderr
    return int(ran.exit_code), ran.stdout, ran.stderr


def trials(folder, study="Invented A"):
    folder.mkdir(exist_ok=True)
    path = folder / "mine.csv"
    path.write_text(template().replace("Invented A", study), "utf-8")
    return path


@pytest.fixture
def own_scenarios(tmp_path, monkeypatch):
    """The folder of the shipped notebooks, in a copy that may be edited."""
    there = tmp_path / "package" / "notebooks"
    shutil.copytree(cells.notebooks_folder(), there)
    for module in (cells, planning):
        monkeypatch.setattr(module, "notebooks_folder", lambda: there)
    return there


def test_a_folder_without_reports_is_not_up_to_date(tmp_path):
    put(planned(tmp_path / "out"))
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "out" / "foundation"):
        code, out, err = repdose("check", "--reports", folder)
        assert (code, out) == (2, "")
        assert "<scenario>/<notebook>/manifest.json" in err
    assert repdose("check", "--reports", tmp_path / "out")[:2] == (
        0,
        "every report is up to date\n",
    )


def test_a_shipped_scenario_that_changed_makes_its_reports_stale_and_no_other(
    tmp_path, own_scenarios
):
    out = tmp_path / "out"
    put(planned(out))
    put(planned(out, scenario="to_hanging"))
    put(jobs.job(notebooks.find("energy_cost"), "a_set_0123", planned(out).parameters, out))
    assert repdose("check", "--reports", out)[0] == 0
    file = own_scenarios / "scenarios" / "foundation.yaml"
    file.write_text(file.read_text("utf-8").replace("body_mass_kg: 75.0", "body_mass_kg: 76.0"))
    code, said, err = repdose("check", "--reports", out)
    assert (code, said) == (1, "foundation/energy_cost: parameters\n")
    assert "1 stale" in err


def test_a_plan_that_changed_makes_stale_what_names_it_alone_or_among_others(
    tmp_path, own_scenarios
):
    out = tmp_path.resolve() / "out"
    found = notebooks.find("progression_comparison")
    put(jobs.job(found, scenarios.GENERAL, notebooks.parameters(found, None), out))
    put(planned(out))
    assert repdose("check", "--reports", out)[0] == 0
    file = own_scenarios / "scenarios" / "foundation.yaml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("repetitions: ", "repetitions: 1", 1))
    assert file.read_text("utf-8") != text
    said = repdose("check", "--reports", out)[1]
    assert (
        said == "foundation/energy_cost: parameters\ngeneral/progression_comparison: parameters\n"
    )


def test_a_scenario_that_is_gone_makes_its_reports_stale(tmp_path, own_scenarios):
    out = tmp_path / "out"
    put(planned(out))
    (own_scenarios / "scenarios" / "foundation.yaml").unlink()
    code, said, _ = repdose("check", "--reports", out)
    assert code == 1
    assert "foundation/energy_cost: no scenario 'foundation'" in said


def test_a_table_of_ones_own_is_digested_and_named_without_its_folder(tmp_path):
    path = trials(tmp_path / "private")
    job = put(planned(tmp_path / "out", "dose_response", table=str(path)))
    text = (job.folder / folders.MANIFEST).read_text("utf-8")
    assert json.loads(text)["parameters"]["table"] == "mine.csv"
    assert str(tmp_path) not in text
    assert manifest.changed(job) == []
    elsewhere = trials(tmp_path / "elsewhere")
    moved = planned(tmp_path / "out", "dose_response", table=str(elsewhere))
    assert manifest.changed(moved) == []
    trials(tmp_path / "private", "Invented again")
    again = planned(tmp_path / "out", "dose_response", table=str(path))
    assert manifest.changed(again) == ["parameters"]


def test_check_says_what_it_cannot_tell_of_a_table_or_a_notebook_of_ones_own(tmp_path):
    out = tmp_path / "out"
    put(planned(out, "dose_response", table=str(trials(tmp_path / "private"))))
    code, said, err = repdose("check", "--reports", out)
    assert code == 1
    assert said == (
        "foundation/dose_response: cannot be told: its own table, mine.csv, is not recorded by "
        "path\n"
    )
    assert "1 cannot be told" in err
    assert "stale" not in err
    shutil.rmtree(out)
    plain = planned(out)
    mine = notebook(tmp_path / "mine.ipynb")
    folder = out / "set" / "energy_cost"
    job = put(replace(plain, source=mine, scenario="a_set_0123", folder=folder))
    assert manifest.changed(job) == []
    code, said, err = repdose("check", "--reports", out)
    assert code == 1
    assert "set/energy_cost: cannot be told: its notebook is one of your own" in said
    error = CellError(cell=1, source="", problem="no")
    for files in ({}, error_files(job, error)):
        if files:
            folders.write_folder(job.folder, files)
        code, _, err = repdose("archive", out, "-o", tmp_path / "a.zip")
        assert code == 2
        assert "set/energy_cost: made from a notebook of your own" in err
        assert "run repdose build" not in err


def test_a_notebook_named_from_the_folder_one_is_in_is_found_from_any(tmp_path, monkeypatch):
    mine = notebook(tmp_path / "mine.ipynb")
    monkeypatch.chdir(tmp_path)
    assert notebooks.find("mine.ipynb").path == mine


def test_what_is_no_notebook_any_more_fails_as_one_of_ones_own(tmp_path):
    gone = tmp_path / "gone.ipynb"
    job = planned(tmp_path / "out")
    lost = replace(job, source=gone)
    for content in (None, "{", "{}", '{"cells": [1]}'):
        if content is not None:
            gone.write_text(content)
        assert (
            manifest.failed(lost, CellError(cell=-1, source="", problem=""))["is_shipped"] is False
        )


def test_a_copy_of_a_shipped_notebook_counts_as_shipped(tmp_path):
    job = planned(tmp_path / "out")
    copy = tmp_path / "sent.ipynb"  # as a worker of a cluster gets it
    shutil.copy(job.source, copy)
    put(replace(job, source=copy))
    assert repdose("check", "--reports", tmp_path / "out")[0] == 0


def test_a_relative_table_is_taken_from_the_folder_of_the_caller(tmp_path, monkeypatch):
    path = trials(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert validate("dose_response", {"table": "mine.csv"}).table == str(path)
    assert validate("dose_response", {"table": ""}).table == ""
    for missing in ("none.csv", "a\0b", "x" * 5000):
        with pytest.raises(ParameterError, match=r"dose_response: table: no file .*in full"):
            validate("dose_response", {"table": missing})
    with pytest.raises(ParameterError, match="this is a folder"):
        validate("dose_response", {"table": "."})


def test_sets_with_tables_go_to_places_that_tell_no_folder_and_never_meet(tmp_path):
    tables = [trials(tmp_path / name) for name in ("a", "b")]
    file = tmp_path / "s.yaml"
    file.write_text(f"notebook: dose_response\nsets: [{{table: {tables[0]}}}]\n")
    [job] = sweeps.jobs(file, tmp_path / "out")
    assert job.scenario.startswith("table-mine.csv_")
    file.write_text(f"notebook: dose_response\ngrid: {{table: [{tables[0]}, {tables[1]}]}}\n")
    with pytest.raises(SweepError, match="same file name; rename one"):
        sweeps.jobs(file, tmp_path / "out")


def test_sets_whose_digests_begin_alike_do_not_share_a_folder():
    one, other = sweeps.slug({}, "set 27025"), sweeps.slug({}, "set 40704")
    assert one[:8] == other[:8]  # found among the first fifty thousand
    assert one != other


@pytest.mark.parametrize(
    "foreign",
    ["", "[]", "{}", '"x"', '{"name": "app"}', '{"status": "complete"}', "[" * 100_000]
    + [
        json.dumps({"status": "complete", "notebook": "n", "scenario": "s", "parameters": {}} | odd)
        for odd in (
            {},
            {"status": "failed"},
            {"made_from": [], "files": {}},
            {"made_from": {"data": 1, "bibliography": {}}, "files": {}},
        )
    ],
)
def test_a_manifest_that_is_not_ours_stops_nothing_and_is_named(tmp_path, foreign):
    out = tmp_path / "out"
    put(planned(out))
    (out / "other" / "app").mkdir(parents=True)
    (out / "other" / "app" / folders.MANIFEST).write_text(foreign)
    index.write_index(out)
    assert "foundation/energy_cost" in (out / index.INDEX).read_text("utf-8")
    assert "other" not in (out / index.INDEX).read_text("utf-8")
    code, said, _ = repdose("check", "--reports", out)
    assert code == 1
    words = r"other/app: (its manifest\.json is damaged or not of a report|made by another version)"
    assert re.match(words, said)
    for command in (["archive", out, "-o", tmp_path / "a.zip"], ["diff", out, out]):
        code, _, err = repdose(*command)
        assert code == 2
        assert re.search(words, err)


def test_results_that_are_gone_are_told_in_the_index_and_stop_nothing(tmp_path):
    out = tmp_path / "out"
    job, other = put(planned(out)), put(planned(out, scenario="to_hanging"))
    for damage in (lambda path: path.write_text("{"), lambda path: path.unlink()):
        damage(other.folder / folders.RESULTS)
        index.write_index(out)
        assert "results.json is missing or was altered" in (out / index.INDEX).read_text("utf-8")
        index.write_table(out, [job, other])
    (out / index.INDEX).write_bytes(b"\xff of somebody else")
    index.write_index(out)
    assert b"\xff" not in (out / index.INDEX).read_bytes()


def test_a_table_of_a_sweep_tells_no_folder(tmp_path):
    out = tmp_path / "out"
    job = planned(out, "dose_response", table=str(trials(tmp_path / "private")))
    number = {
        "id": "n",
        "label": "N",
        "value": 1.0,
        "low": None,
        "high": None,
        "unit": "",
        "kind": "none",
    }
    files = {folders.RESULTS: as_json({"numbers": [number]})}
    told = manifest.complete(job, DATA, files)
    folders.write_folder(job.folder, {**files, folders.MANIFEST: as_json(told)})
    index.write_table(out, [job])
    text = (out / index.TABLE).read_text("utf-8")
    assert "mine.csv" in text
    assert str(tmp_path) not in text


def test_a_report_that_failed_tells_no_folder_in_its_manifest(tmp_path):
    job = planned(tmp_path / "out", "dose_response", table=str(trials(tmp_path / "private")))
    error = CellError(cell=1, source="", problem="no")
    assert str(tmp_path) not in error_files(job, error)[folders.MANIFEST]


def test_a_schema_that_changed_is_named_with_its_table(tmp_path, monkeypatch):
    job = put(planned(tmp_path / "out"))
    was = json.loads((job.folder / folders.MANIFEST).read_text("utf-8"))["made_from"]
    assert was["schemas"].keys() == {"met_2024.csv"}
    changed = json.loads(json.dumps(manifest.tables.package()))
    for resource in changed["resources"]:
        resource["hash"] = "sha256:of another content"
    monkeypatch.setattr(manifest.tables, "package", lambda: changed)
    manifest.schema_digest.cache_clear()
    assert manifest.changed(job) == []
    for resource in changed["resources"]:
        resource["schema"]["fields"][0]["type"] = "any"
    manifest.schema_digest.cache_clear()
    assert manifest.changed(job) == ["schemas: met_2024.csv"]
    manifest.schema_digest.cache_clear()


@pytest.mark.parametrize(
    "name", ["reports/template/conf.json", "data/styles/apa.csl", "reports/template/index.html.j2"]
)
def test_template_settings_and_citation_styles_are_part_of_the_package(tmp_path, monkeypatch, name):
    package = tmp_path / "package"
    (package / name).parent.mkdir(parents=True)
    (package / name).write_text("{}")
    (package / "data" / "met.csv").parent.mkdir(exist_ok=True)
    monkeypatch.setattr(manifest, "_PACKAGES", (package,))
    monkeypatch.setattr(manifest, "DATA", package / "data")

    def fresh():
        manifest.package_digest.cache_clear()
        return manifest.package_digest()

    before = fresh()
    (package / "data" / "met.csv").write_text("a table, which is digested by itself")
    assert fresh() == before
    (package / name).write_text("{ }")
    assert fresh() != before
    manifest.package_digest.cache_clear()


def test_what_moves_numbers_and_what_moves_bytes_is_recorded(tmp_path):
    job = put(planned(tmp_path / "out"))
    was = json.loads((job.folder / folders.MANIFEST).read_text("utf-8"))["made_from"]
    assert {"SALib", "formulaic", "scipy", "python", "repdose"} <= was["libraries"].keys()
    assert {"pillow", "kiwisolver", "pylatexenc"} <= was["export"].keys()


def test_the_package_is_the_same_where_a_wheel_holds_packs_tables_and_notebooks(
    tmp_path, monkeypatch
):
    code = tmp_path / "repdose"
    (code / "evidence").mkdir(parents=True)
    (code / "evidence" / "packs.py").write_text("a = 1\n")
    monkeypatch.setattr(manifest, "_PACKAGES", (code,))
    digest = manifest.package_digest.__wrapped__  # which is kept for a process
    checkout = digest()
    for place in ("packs/common/datapackage.json", "evidence/data/datapackage.json"):
        (code / place).parent.mkdir(parents=True)
        (code / place).write_text("{}")
    assert digest() == checkout
    (code / "evidence" / "packs.py").write_text("a = 2\n")
    assert digest() != checkout
