"""A new study: whole or not at all, and of the shape that its descriptor says."""

from __future__ import annotations

import csv
import hashlib
import json
import os
from importlib import metadata

import pytest
import yaml

from repdose.evidence import own_study, tables
from repdose.inputs import new_study
from repdose.inputs.new_study import StudyError

FILES = {
    *(".github/workflows/ci.yml", ".gitignore", "README.md", "datapackage.json"),
    *("evidence/columns.txt", "evidence/exercises.csv", "evidence/findings.csv"),
    *(
        "evidence/met.csv",
        "evidence/met_analogies.csv",
        "evidence/muscles.csv",
        "evidence/set_credits.csv",
    ),
    *("notebooks/first_question.ipynb", "references.bib", "requirements.txt"),
    *("scenarios/first_plan.yaml", "tests/test_study.py"),
}


def made(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_study_has_the_shape_of_the_project_and_is_found_as_one(tmp_path):
    root = new_study.create(tmp_path / "My-Lab 2")
    assert made(root) == FILES
    assert own_study.at(root).prefix == "my_lab_2"
    assert list(tmp_path.iterdir()) == [root]
    for path in root.rglob("*"):
        assert not path.is_file() or "@name@" not in path.read_text("utf-8")
    assert (root / "requirements.txt").read_text() == f"repdose=={metadata.version('repdose')}\n"
    assert "My-Lab 2" in (root / "README.md").read_text("utf-8").splitlines()[0]


def test_its_descriptor_holds_each_table_with_our_columns_by_checksum(tmp_path):
    root = new_study.create(tmp_path / "lab")
    content = json.loads((root / "datapackage.json").read_text("utf-8"))
    assert content["repdose"] == {"prefix": "lab"}
    for held in (*content["resources"], content["bibliography"]):
        actual = hashlib.sha256((root / held["path"]).read_bytes()).hexdigest()
        assert held["hash"] == f"sha256:{actual}"
    for held in content["resources"]:
        with (root / held["path"]).open(newline="") as file:
            header, *rows = csv.reader(file)
        fields = tables.resource(held["name"])["schema"]["fields"]
        assert (header, rows) == ([field["name"] for field in fields], [])


def test_its_workflow_runs_what_its_readme_says(tmp_path):
    root = new_study.create(tmp_path / "lab")
    workflow = yaml.safe_load((root / ".github/workflows/ci.yml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["reports"]["steps"] if "run" in step]
    readme = (root / "README.md").read_text("utf-8")
    for command in ("pip install -r requirements.txt", "repdose check", "repdose build"):
        assert any(command in step for step in steps)
        assert command in readme
    assert any("repdose diff baseline.json build" in step for step in steps)
    assert workflow["permissions"] == {"contents": "read"}


def test_an_empty_folder_is_filled_where_it_is(tmp_path, monkeypatch):
    folder = tmp_path / "lab"
    folder.mkdir()
    before = folder.stat().st_ino
    monkeypatch.chdir(folder)
    new_study.create(folder / ".")
    assert folder.stat().st_ino == before
    assert made(folder) == FILES


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("full", "not empty, it has a.txt and 1 more"),
        ("full/a.txt", "a file is there"),
        ("nowhere/lab", "there is no folder nowhere"),
        ("2026", "begin it with a letter"),
        ("common", "'common' is a prefix of ours"),
        ("lab/inner", "it would lie in the study lab"),
        ("lab/notebooks/inner", "it would lie in the study lab"),
    ],
)
def test_what_cannot_be_a_study_is_refused_and_nothing_written(tmp_path, name, words):
    (tmp_path / "full").mkdir()
    for file in ("a.txt", "b.txt"):
        (tmp_path / "full" / file).write_text("")
    new_study.create(tmp_path / "lab")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(StudyError, match=words):
        new_study.create(tmp_path / name)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_disk_that_fails_half_way_leaves_nothing(tmp_path, monkeypatch):
    target = tmp_path / "lab"
    target.mkdir()
    rename, done = os.rename, []

    def fails(source, destination, **keywords):
        if len(done) == 3:
            raise OSError(28, "No space left on device")
        done.append(destination)
        return rename(source, destination, **keywords)

    monkeypatch.setattr(os, "rename", fails)
    with pytest.raises(StudyError, match="No space left"):
        new_study.create(target)
    assert len(done) == 3
    assert list(target.iterdir()) == []
    assert list(tmp_path.iterdir()) == [target]
