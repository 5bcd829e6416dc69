"""Pages and tables over all reports: left alone as they are, written anew once anything differs."""

from __future__ import annotations

import csv
import dataclasses
import json
import os

import pandas as pd
import pytest
from report_notebooks import job

from repdose.evidence import whole_files
from repdose.reports import folders, manifest
from repdose.reports.builds import overview
from repdose.reports.folders import EXPLORE, INDEX, TABLE, TYPED_TABLE
from repdose.reports.jobs import as_json

NUMBER = {
    **{"id": "n", "label": "N", "unit": "kcal", "low": None, "high": None, "kind": "none"},
    **{"headline": True, "digits": 1, "note": ""},
}


def mine(tmp_path, name):
    """A job whose plan is on no page to explore."""
    return dataclasses.replace(job(tmp_path, name), notebook="mine")


def put(job, value):
    """A finished report that states one number."""
    results = {"numbers": [NUMBER | {"value": value}], "sources": [], "data": {}, "versions": {}}
    files = {"report.html": "<p>", folders.RESULTS: as_json(results)}
    told = manifest.complete(job, {"sources": [], "data": ["met_2024.csv"]}, files)
    folders.write_folder(job.folder, {**files, folders.MANIFEST: as_json(told)})


@pytest.fixture
def sweep(tmp_path):
    jobs = [mine(tmp_path, name) for name in ("a", "b")]
    for one, value in zip(jobs, (1.5, 2.5), strict=True):
        put(one, value)
    out = tmp_path / "out"
    overview.write(out, jobs)
    return out, jobs


@pytest.fixture
def written(monkeypatch):
    """Names of the files that were put in place."""
    names = []
    replacing = whole_files.replacing
    monkeypatch.setattr(
        whole_files, "replacing", lambda path: names.append(path.name) or replacing(path)
    )
    return names


def values(out):
    with (out / TABLE).open(encoding="utf-8", newline="") as file:
        return [float(row["value"]) for row in csv.DictReader(file)]


def test_what_is_as_it_would_be_written_is_left_alone(sweep, written):
    out, jobs = sweep
    assert values(out) == [1.5, 2.5]
    overview.write(out, jobs)
    overview.write(out)
    assert written == []


def test_a_number_that_changed_changes_the_page_and_the_table(sweep, written):
    out, jobs = sweep
    put(jobs[1], 3.5)
    overview.write(out, jobs)
    assert {INDEX, TABLE, overview.WRITTEN} <= set(written)
    assert values(out) == [1.5, 3.5]
    assert "3.5\N{NO-BREAK SPACE}kcal" in (out / INDEX).read_text("utf-8")


@pytest.mark.parametrize("name", [INDEX, TABLE, TYPED_TABLE, overview.WRITTEN])
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_text("x")])
def test_a_page_or_a_table_that_was_altered_is_written_anew(sweep, name, damage):
    out, jobs = sweep
    if not (out / name).is_file():
        pytest.skip("results.parquet needs the extra parquet")
    was = (out / name).read_bytes()
    damage(out / name)
    overview.write(out, jobs)
    assert (out / name).read_bytes() == was


@pytest.mark.parametrize(
    "said", ["[]", "5", '"x"', '{"pages": 3}', "[" * 100_000, '{"pages": {"made_of": []}}', "\x00"]
)
def test_whatever_stands_in_its_file_everything_is_written(sweep, said):
    out, jobs = sweep
    (out / INDEX).write_text("altered")
    (out / overview.WRITTEN).write_text(said)
    overview.write(out, jobs)
    assert "2.5\N{NO-BREAK SPACE}kcal" in (out / INDEX).read_text("utf-8")
    assert json.loads((out / overview.WRITTEN).read_text("utf-8")).keys() == {"pages", "tables"}


def test_results_that_were_altered_or_are_gone_are_told_at_once(sweep):
    out, jobs = sweep
    path = jobs[0].folder / folders.RESULTS
    text = path.read_text("utf-8")
    path.write_text(text.replace("1.5", "9.5"))
    overview.write(out)
    assert "results.json is missing or was altered" in (out / INDEX).read_text("utf-8")
    path.write_text(text)
    overview.write(out)
    assert "was altered" not in (out / INDEX).read_text("utf-8")


def test_a_report_that_is_gone_or_new_changes_the_page(sweep, tmp_path):
    out, jobs = sweep
    put(mine(tmp_path, "c"), 4.5)
    overview.write(out)
    assert "4.5\N{NO-BREAK SPACE}kcal" in (out / INDEX).read_text("utf-8")
    folders.remove(jobs[0].folder)
    overview.write(out)
    assert "1.5\N{NO-BREAK SPACE}kcal" not in (out / INDEX).read_text("utf-8")


def test_a_page_of_another_code_is_written_anew(sweep, written, monkeypatch):
    out, jobs = sweep
    monkeypatch.setattr(manifest, "package_digest", lambda: "another")
    overview.write(out, jobs)
    assert {INDEX, TABLE} <= set(written)


def test_a_page_that_does_not_belong_there_any_more_is_removed(sweep):
    out, jobs = sweep
    (out / EXPLORE).write_text("of another time")
    overview.write(out, jobs)
    assert not (out / EXPLORE).exists()


@pytest.mark.parametrize("at", range(4))
def test_a_kill_between_two_files_is_mended_by_the_next_build(sweep, monkeypatch, at):
    out, jobs = sweep
    put(jobs[0], 7.5)
    replace, count = os.replace, iter(range(10))

    def killed(source, target):
        if next(count) == at:
            raise KeyboardInterrupt
        replace(source, target)

    monkeypatch.setattr(whole_files.os, "replace", killed)
    if at < 3 or (out / TYPED_TABLE).is_file():  # without that one there are three files
        with pytest.raises(KeyboardInterrupt):
            overview.write(out, jobs)
    monkeypatch.undo()
    overview.write(out, jobs)
    assert values(out) == [7.5, 2.5]
    assert "7.5\N{NO-BREAK SPACE}kcal" in (out / INDEX).read_text("utf-8")
    if (out / TYPED_TABLE).is_file():
        assert list(pd.read_parquet(out / TYPED_TABLE)["value"]) == [7.5, 2.5]


def test_tables_are_written_a_part_at_a_time(sweep, monkeypatch):
    out, jobs = sweep
    whole = (out / TABLE).read_bytes()
    monkeypatch.setattr(overview.index, "AT_ONCE", 1)
    put(jobs[1], 2.5)
    (out / TABLE).unlink()
    overview.write(out, jobs)
    assert (out / TABLE).read_bytes() == whole
    if (out / TYPED_TABLE).is_file():
        assert list(pd.read_parquet(out / TYPED_TABLE)["value"]) == [1.5, 2.5]
