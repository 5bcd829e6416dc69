"""Notebooks of one's own: found by file and in a folder, under names that tell them apart."""

from __future__ import annotations

import os

import pytest
from own_notebooks import PLAN, written

from repdose.inputs import notebooks, scenarios
from repdose.inputs.cells import ParameterError
from repdose.inputs.validation import validate

LOAD = "load_kg = 20.0  # type: float  [kg] 0 to 250: load of the bar"
OPENS = 'from repdose import reports\nreport = reports.Report("{}", globals())'


def test_a_notebook_is_named_by_its_report_else_by_its_file(tmp_path):
    written(tmp_path / "b.ipynb", LOAD, OPENS.format("squats"))
    written(tmp_path / "a.ipynb", LOAD, "load_kg")
    assert [one.name for one in notebooks.of_folder(tmp_path)] == ["a", "squats"]
    assert notebooks.find(str(tmp_path / "a.ipynb")).name == "a"


def test_names_that_would_go_to_one_folder_or_a_shipped_one_are_all_told(tmp_path):
    written(tmp_path / "a.ipynb", LOAD, OPENS.format("squats"))
    written(tmp_path / "b.ipynb", LOAD, OPENS.format("Squats"))
    written(tmp_path / "energy_cost.ipynb", LOAD)
    written(tmp_path / "d.ipynb", "x = 1")
    with pytest.raises(ParameterError) as refusal:
        notebooks.of_folder(tmp_path)
    told = str(refusal.value).splitlines()
    assert [line.split(":")[0] for line in told] == ["b.ipynb", "d", "energy_cost.ipynb"]
    assert "as that of a.ipynb" in told[0]
    assert "as a shipped one" in told[2]


def test_a_folder_without_notebooks_is_refused(tmp_path):
    with pytest.raises(ParameterError, match="no notebook in it"):
        notebooks.of_folder(tmp_path)
    with pytest.raises(ParameterError, match="no such folder"):
        notebooks.of_folder(tmp_path / "nowhere")


def test_a_plan_file_is_taken_from_the_notebook_s_folder_or_from_where_one_is(
    tmp_path, monkeypatch
):
    (tmp_path / "mine.yaml").write_text(PLAN)
    parameters = 'progression = "../mine.yaml"  # type: str  name of a scenario'
    path = written(tmp_path / "notebooks" / "n.ipynb", parameters)
    plan = scenarios.read(tmp_path / "mine.yaml").progression
    assert validate(path, {}).progression == plan
    monkeypatch.chdir(tmp_path)
    assert validate(path, {"progression": "mine.yaml"}).progression == plan
    with pytest.raises(ParameterError, match=r"gone\.yaml: cannot be read: no such file"):
        validate(path, {"progression": "gone.yaml"})
    os.remove("mine.yaml")
    with pytest.raises(ParameterError, match=r"n: progression: mine\.yaml: cannot be read"):
        validate(path, {})


def test_what_a_notebook_of_a_study_names_lies_in_the_study(tmp_path):
    (tmp_path / "mine.yaml").write_text(PLAN)
    study = tmp_path / "study"
    study.mkdir()
    (study / "datapackage.json").write_text('{"repdose": {"prefix": "mine"}}')
    parameters = 'progression = "{}"  # type: str  name of a scenario'
    for place in ("../../mine.yaml", str(tmp_path / "mine.yaml")):
        path = written(study / "notebooks" / "n.ipynb", parameters.format(place))
        with pytest.raises(ParameterError, match="lies outside the study study; put the file"):
            validate(path, {})
