"""Parameters in a notebook: where they go, and that their cell says what they are."""

import dataclasses

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from papermill.translators import PythonTranslator
from report_notebooks import job

from repdose.reports.engines.given import notebook_of, written

VALUES = {
    "text": 'a "quoted" \\ line\n“é” \x00 {x}',
    "number": 82.5,
    "small": 1e-300,
    "whole": -3,
    "yes": True,
    "nothing": None,
    "plan": {"title": 'A "b"', "plan": [{"weeks": 2, "rest_s": 60.0, "tempo": None}]},
    "empty": [],
}


def test_the_cell_gives_each_name_its_value_and_reads_as_papermill_writes_it():
    text = written(VALUES)
    space: dict = {}
    exec(text, space)
    assert {name: space[name] for name in VALUES} == VALUES
    # Its own words, before whatever formatter is installed
    assert text == super(PythonTranslator, PythonTranslator).codify(VALUES)


@pytest.mark.parametrize(
    ("kinds", "place"),
    [(["prose", "parameters", "code"], 2), (["code"], 0), (["parameters", "injected", "code"], 1)],
)
def test_it_stands_below_the_parameters_that_are_declared_and_in_place_of_an_older_one(
    tmp_path, kinds, place
):
    cells = []
    for kind in kinds:
        made = new_markdown_cell("# A") if kind == "prose" else new_code_cell(kind)
        tags = {"parameters": ["parameters"], "injected": ["injected-parameters"]}.get(kind)
        made.metadata |= {"tags": tags} if tags else {}
        cells.append(made)
    path = tmp_path / "mine.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    given = {"body_mass_kg": 82.5}
    one = dataclasses.replace(job(tmp_path, "own"), source=path, parameters=given)
    found = notebook_of(one).cells
    sources = [kind if kind != "prose" else "# A" for kind in kinds if kind != "injected"]
    sources.insert(place, written(given))
    assert [cell.source for cell in found] == sources
    assert found[place].metadata["tags"] == ["injected-parameters"]


def test_a_job_without_parameters_runs_its_notebook_as_it_is(tmp_path):
    path = tmp_path / "mine.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell("x = 1")]), path)
    one = dataclasses.replace(job(tmp_path, "own"), source=path, parameters={})
    assert [cell.source for cell in notebook_of(one).cells] == ["x = 1"]
