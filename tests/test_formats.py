"""The examples of docs/formats.md are read as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from repdose import evidence as ev
from repdose.dose_response import read_trials
from repdose.evidence import EvidenceError
from repdose.evidence.checks.pack import check, renew
from repdose.evidence.own_trials import fields
from repdose.evidence.packs import TABLES
from repdose.evidence.table_schema import meanings
from repdose.evidence.tables import resource
from repdose.inputs import new_study
from repdose.inputs.declared import of_cell, of_kind
from repdose.inputs.validation import choices, limits
from repdose.reports.builds import planning
from repdose.reports.builds.sweeps import SweepError

TEXT = (Path(__file__).parent.parent / "docs" / "formats.md").read_text("utf-8")
EXAMPLES = re.findall(r"```csv\n(.*?)```.*?```text\n(.*?)\n```", TEXT, re.DOTALL)


def test_there_are_examples_of_what_is_read_and_of_what_is_refused():
    assert len(EXAMPLES) == TEXT.count("```csv\n") == 4
    assert "mine.csv:" in EXAMPLES[-1][1]


@pytest.mark.parametrize(("table", "said"), EXAMPLES)
def test_an_example_is_read_or_refused_in_the_words_that_stand_below_it(tmp_path, table, said):
    path = tmp_path / "mine.csv"
    path.write_text(table, "utf-8")
    try:
        told = read_trials(path).notes
    except EvidenceError as refused:
        told = str(refused).splitlines()
    assert told == said.splitlines()


def test_every_column_is_listed_with_its_meaning():
    listed = re.search(r"```columns\n(.*?)\n```", TEXT, re.DOTALL)
    assert listed[1].splitlines() == list(meanings(fields()))


FILES = re.findall(r"```(?:json|csv|bib|yaml) (\S+)\n(.*?)```", TEXT, re.DOTALL)
COLUMNS = re.findall(r"```columns (\w+)\n(.*?)\n```", TEXT, re.DOTALL)


@pytest.fixture
def folder(tmp_path):
    """The files of the pack and of its scenario as they are printed, their checksums renewed."""
    for name, text in FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    renew(tmp_path / "mylab")
    return tmp_path


def test_the_pack_that_is_printed_can_be_opened(folder):
    assert check(folder / "mylab") == []
    with ev.pack(folder / "mylab"):
        assert ev.exercise("mylab.nordic_curl").source == "lee2025"
        assert ev.met("02024", edition=2024).met == 3.1


def test_the_scenario_that_is_printed_can_be_planned(folder):
    jobs = planning.of_scenarios([str(folder / "mine.yaml")], folder / "out").jobs
    packs = [[one.get("place") for one in job.packs] for job in jobs if job.scenario == "mine"]
    assert packs
    assert all(one == ["common", str(folder / "mylab"), None] for one in packs)


def test_a_pack_is_refused_in_the_words_that_are_printed(folder):
    for name, old, new in (
        ("set_credits", "wall_sit,quadriceps", "wall_sit,quads"),
        ("met_analogies", "wall_sit,2024,low,02024", "wall_sit,2024,low,99999"),
    ):
        path = folder / "mylab" / f"{name}.csv"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    renew(folder / "mylab")
    said = re.search(r"```refused\n(.*?)\n```", TEXT, re.DOTALL)
    assert list(map(str, check(folder / "mylab"))) == said[1].splitlines()


@pytest.mark.parametrize(("table", "listed"), COLUMNS, ids=[name for name, _ in COLUMNS])
def test_every_column_of_a_packs_table_is_listed_with_its_meaning(table, listed):
    assert listed.splitlines() == list(meanings(resource(table)["schema"]["fields"]))


def test_every_table_that_a_pack_may_bring_is_named():
    named = TEXT.split("### What a pack may bring")[1].split("###")[0]
    assert [table for table in TABLES if f"`{table}`" not in named] == []


SWEEPS = re.findall(r"```yml\n([^`]*)```\n\n```reports\n(\d+)\n```", TEXT, re.DOTALL)
REFUSED = re.findall(r"```yml\n([^`]*)```\n\n```text\n(.*?)\n```", TEXT, re.DOTALL)


def test_every_sweep_of_the_page_is_executed():
    assert (len(SWEEPS), len(REFUSED)) == (2, 1)
    assert TEXT.count("```yml") == len(SWEEPS) + len(REFUSED)


@pytest.mark.parametrize(("sweep", "count"), SWEEPS)
def test_a_sweep_makes_as_many_reports_as_stand_below_it(tmp_path, sweep, count):
    path = tmp_path / "sweep.yaml"
    path.write_text(sweep, "utf-8")
    assert len(planning.of_sweep(path, tmp_path / "out").jobs) == int(count)


@pytest.mark.parametrize(("sweep", "said"), REFUSED)
def test_a_sweep_is_refused_in_the_words_that_stand_below_it(tmp_path, sweep, said):
    path = tmp_path / "sweep.yaml"
    path.write_text(sweep, "utf-8")
    with pytest.raises(SweepError) as refusal:
        planning.of_sweep(path, tmp_path / "out")
    assert str(refusal.value).splitlines() == said.splitlines()


def test_the_parameters_cell_of_the_page_declares_what_it_says():
    (cell,) = re.findall(r"```python\n(.*?)\n```", TEXT, re.DOTALL)
    fields_of = of_cell(cell, "mine").model_fields
    assert list(fields_of) == ["progression", "body_mass_kg", "load_kg", "grip", "measured"]
    ranges = [limits(fields_of[name]) for name in ("body_mass_kg", "load_kg")]
    assert ranges == [(20, 300), (0, 250)]
    assert choices(fields_of["grip"]) == ("wide", "narrow")
    assert of_kind(of_cell(cell, "mine"), "file") == ["measured"]


def test_a_new_study_has_the_files_of_the_page(tmp_path):
    listed = re.search(r"```files\n(.*?)\n```", TEXT, re.DOTALL)
    root = new_study.create(tmp_path / "mystudy")
    made = [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]
    assert [line.split(": ")[0] for line in listed[1].splitlines()] == sorted(made)
