"""From a job to a folder: what a report takes the place of, and what it leaves alone."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner
from report_notebooks import job as small_job
from report_notebooks import notebook

from repdose.cli import app
from repdose.reports import folders, making, manifest
from repdose.reports.builds import build, index, planning
from repdose.reports.jobs import CellError, Job, as_json
from repdose.reports.making import failed, put

ERROR = CellError(cell=4, source="1 / 0", problem="ZeroDivisionError: division by zero")
READ = {"data": {"met_2024.csv": ""}, "sources": []}


def report(job: Job, page: str = "old", **figures: str) -> dict[str, str | bytes]:
    """The files of a report whose page says something."""
    made: dict[str, str | bytes] = {
        "report.html": page,
        "report.ipynb": "{}",
        folders.RESULTS: as_json({"numbers": [], "sources": []}),
        **{f"figures/{name}.png": content for name, content in figures.items()},
    }
    return {**made, folders.MANIFEST: as_json(manifest.complete(job, READ, made))}


@pytest.fixture
def job(tmp_path):
    return small_job(tmp_path, "a")


def names(job):
    return sorted(
        path.relative_to(job.folder).as_posix() for path in job.folder.rglob("*") if path.is_file()
    )


OURS = ["manifest.json", "report.html", "report.ipynb", "results.json"]


def test_a_readers_own_files_stay_and_what_the_report_had_goes(job):
    put(job, report(job, one="1", two="2"))
    (job.folder / "notes.txt").write_text("mine")
    (job.folder / "figures" / "annotated.png").write_text("mine too")
    (job.folder / "raw" / "empty").mkdir(parents=True)
    (job.folder / "raw" / "data.csv").write_text("1,2")
    (job.folder / "alias").symlink_to("notes.txt")
    os.mkfifo(job.folder / "pipe")
    inode = (job.folder / "notes.txt").stat().st_ino
    for again in (report(job, "new", one="1"), report(job, "newer")):
        put(job, again)
        own = ["alias", "figures/annotated.png", "notes.txt", "raw/data.csv"]
        figures = [name for name in again if name.startswith("figures/")]
        assert names(job) == sorted([*OURS, *own, *figures])
        assert (job.folder / "notes.txt").stat().st_ino == inode  # a program may have it open
        assert (job.folder / "raw" / "empty").is_dir()
        assert os.readlink(job.folder / "alias") == "notes.txt"
        assert (job.folder / "pipe").is_fifo()
        assert manifest.changed(job) == manifest.damaged(job.folder, manifest.read(job.folder))
    assert os.listdir(job.folder.parent) == ["energy_cost"]


def test_without_hard_links_a_readers_own_files_are_copied(job, monkeypatch):
    put(job, report(job))
    (job.folder / "notes.txt").write_text("mine")
    os.utime(job.folder / "notes.txt", (1, 1))

    def none(*_, **__):
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    put(job, report(job, "new"))
    assert (job.folder / "notes.txt").read_text() == "mine"
    assert (job.folder / "notes.txt").stat().st_mtime == 1


def test_a_readers_file_where_the_report_has_one_is_not_overwritten(job):
    put(job, report(job))
    (job.folder / "figures").mkdir()
    (job.folder / "figures" / "one.png").write_text("drawn by hand")
    outcome = making.make(job, lambda _: (_ for _ in ()).throw(AssertionError))
    assert outcome.status == "failed"
    with pytest.raises(folders.OutputError, match=r"figures/one\.png in energy_cost is a file of"):
        put(job, report(job, "new", one="1"))
    assert (job.folder / "figures" / "one.png").read_text() == "drawn by hand"
    assert (job.folder / "report.html").read_text() == "old"


def test_an_error_page_lies_beside_the_finished_report_until_there_is_a_new_one(job):
    out = job.folder.parent.parent
    put(job, report(job, one="1"))
    (job.folder / "notes.txt").write_text("mine")
    before = {name: (job.folder / name).read_bytes() for name in names(job)}
    told = json.loads(before.pop("manifest.json"))
    for _ in range(2):  # a second failure keeps it too
        outcome = failed(job, ERROR, 0.0)
        assert outcome.message == (
            "cell 5: ZeroDivisionError: division by zero; the report made before is kept"
        )
        assert names(job) == sorted([*before, "error.html", "manifest.json"])
        assert {name: (job.folder / name).read_bytes() for name in before} == before
        assert manifest.read(job.folder)["kept"] == told
        assert manifest.changed(job) == ["failed last time"]
    index.write_index(out)
    page = (out / index.INDEX).read_text("utf-8")
    assert "Failed: cell 5: ZeroDivisionError" in page
    assert 'href="a/energy_cost/error.html"' in page
    assert 'href="a/energy_cost/report.html"' in page
    # Its numbers are told as those of no run, and never taken for the new ones
    ran = CliRunner().invoke(app, ["diff", str(out), str(out)])
    assert "that still fail: a/energy_cost: cell 5" in ran.stdout
    ran = CliRunner().invoke(app, ["baseline", str(out), "-o", str(out / "b.json")])
    assert (ran.exit_code, "a/energy_cost failed" in ran.stderr) == (2, True)
    put(job, report(job, "new"))
    assert names(job) == sorted([*OURS, "notes.txt"])
    assert manifest.read(job.folder)["status"] == "complete"


def test_a_first_failure_and_one_after_a_failure_leave_an_error_page_alone(job):
    for _ in range(2):
        assert failed(job, ERROR, 0.0).message == "cell 5: ZeroDivisionError: division by zero"
        assert names(job) == ["error.html", "manifest.json"]
        assert "kept" not in manifest.read(job.folder)


def test_a_report_of_another_version_keeps_its_readers_files_when_it_is_made_anew(job):
    put(job, report(job, one="1"))
    (job.folder / "notes.txt").write_text("mine")
    (job.folder / "figures" / "By Hand.png").write_text("mine")
    told = json.loads((job.folder / "manifest.json").read_text())
    del told["made_from"]
    for damage in (json.dumps(told), "{"):
        (job.folder / "manifest.json").write_text(damage)
        (why,) = manifest.changed(job)
        assert why.startswith(("made by another version: its manifest.json: made_from", "its man"))
        put(job, report(job, "new"))
        assert names(job) == sorted([*OURS, "notes.txt", "figures/By Hand.png"])


def test_a_full_disk_is_told_in_a_sentence_and_the_old_report_stays(job, monkeypatch):
    put(job, report(job))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(folders, "_write", full)
    outcome = making.make(job, lambda _: {"cells": [], "metadata": {}})
    assert outcome.status == "failed"
    assert "; its error page cannot be written: No space left on device" in outcome.message
    assert outcome.message.endswith("the report made before is kept")
    assert names(job) == OURS


@pytest.mark.slow
def test_a_build_that_fails_leaves_the_reports_of_the_one_before(tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    notebook(mine / "mine.ipynb", "report.number('x', 'X', 1 / (stature_m - 1.5), '')")
    content = json.loads((mine / "mine.ipynb").read_text())
    for cell in content["cells"]:
        cell["source"] = cell["source"].replace('Report("energy_cost"', 'Report("mine"')
    (mine / "mine.ipynb").write_text(json.dumps(content))
    plan = tmp_path / "plan.yaml"
    shipped = (planning.notebooks_folder() / "scenarios" / "foundation.yaml").read_text("utf-8")
    plan.write_text(shipped)

    def built():
        todo = planning.of_scenarios([str(plan)], tmp_path / "out", own_notebooks=mine)
        return [(one.status, one.message) for one in build.run(todo, workers=1)]

    assert built() == [("made", "")]
    folder = tmp_path / "out" / "plan" / "mine"
    page = (folder / "report.html").read_bytes()
    (folder / "notes.txt").write_text("mine")
    content["cells"][-2]["source"] = "1 / 0"
    (mine / "mine.ipynb").write_text(json.dumps(content))
    ((status, message),) = built()
    assert (status, "ZeroDivisionError" in message) == ("failed", True)
    assert (folder / "report.html").read_bytes() == page
    assert (folder / "notes.txt").read_text() == "mine"
