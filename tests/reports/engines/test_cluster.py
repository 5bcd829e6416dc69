"""Reports made by workers of a cluster: the same bytes, and what is lost when a worker is."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from pathlib import Path

import pytest

distributed = pytest.importorskip("distributed")

import dask  # noqa: E402
from click.testing import CliRunner  # noqa: E402

from repdose.cli import app  # noqa: E402
from repdose.evidence.own_trials import template  # noqa: E402
from repdose.inputs import notebooks  # noqa: E402
from repdose.inputs.validation import validate  # noqa: E402
from repdose.reports import manifest  # noqa: E402
from repdose.reports.builds import jobs as jobs_of  # noqa: E402
from repdose.reports.engines import cluster as cluster_engine  # noqa: E402
from repdose.reports.engines import cluster_worker, run_jobs  # noqa: E402
from repdose.reports.engines.cluster import ClusterError  # noqa: E402

pytestmark = [
    pytest.mark.slow,
    # The library's own: ports taken by others, clean-up at the end of a killed worker
    pytest.mark.filterwarnings("ignore"),
    pytest.mark.skipif(sys.platform != "linux", reason="workers are killed by signals"),
]

# What a cell can do to the worker that its report is made on, and to the processes that fork
KILL = (
    "import psutil; next(one for one in psutil.Process().parents() "
    "if 'fork_server' not in ' '.join(one.cmdline())).kill()"
)
END_FORKS = "import psutil; psutil.Process().parent().parent().kill()"


@pytest.fixture(scope="module")
def cluster():
    # Each report is given up after its second worker, not its fourth: the same path, sooner
    with dask.config.set({"distributed.scheduler.allowed-failures": 1}), local(2) as made:
        yield made


def local(workers, threads=1):
    return distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=threads,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
    )


def notebook(folder, cell):
    """A notebook that runs a cell and states one number."""
    cells = [
        ("parameters", "body_mass_kg = 75.0  # type: float  [kg] body mass"),
        ("", cell),
        ("", 'from repdose.reports import Report\nreport = Report("energy_cost", globals())'),
        ("", 'report.number("mass", "Body mass", body_mass_kg, "kg")\nreport.provenance()'),
    ]
    content = {
        "cells": [
            {
                "cell_type": "code",
                "id": f"cell-{number}",
                "metadata": {"tags": [tag]} if tag else {},
                "source": textwrap.dedent(source),
                "outputs": [],
                "execution_count": None,
            }
            for number, (tag, source) in enumerate(cells)
        ],
        "metadata": {
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    path = folder / "own.ipynb"
    path.write_text(json.dumps(content), "utf-8")
    return path


def jobs(source, out, count):
    out = out.resolve()
    return [
        jobs_of.job(
            notebooks.Notebook("energy_cost", source),
            f"mass_{number}",
            validate("energy_cost", {"body_mass_kg": 60.0 + number}).model_dump(),
            out,
        )
        for number in range(count)
    ]


def written(out):
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.is_file()
    }


def test_a_report_of_a_worker_has_the_bytes_of_one_made_here(cluster, tmp_path):
    source = notebooks.find("energy_cost").path
    for name in ("here", "there"):
        (tmp_path / name).mkdir()
    here = list(run_jobs(jobs(source, tmp_path / "here", 2), engine=None, workers=1))
    there = list(
        cluster_engine.run(jobs(source, tmp_path / "there", 2), scheduler=cluster.scheduler_address)
    )
    assert [one.status for one in (*here, *there)] == ["made"] * 4
    assert written(tmp_path / "here") == written(tmp_path / "there")
    for one in there:
        assert manifest.changed(one.job) == []


def test_a_worker_killed_in_the_middle_of_a_sweep_costs_no_report(cluster, tmp_path):
    source = notebook(tmp_path, "import time; time.sleep(0.3)")
    every = jobs(source, tmp_path / "out", 12)
    victim = next(iter(cluster.workers.values())).process.pid
    found = []
    for outcome in cluster_engine.run(every, scheduler=cluster.scheduler_address):
        found.append(outcome)
        if len(found) == 2:
            os.kill(victim, signal.SIGKILL)
    assert {one.job.scenario: one.status for one in found} == {
        f"mass_{number}": "made" for number in range(12)
    }
    for job in every:
        results = json.loads((job.folder / "results.json").read_text("utf-8"))
        assert results["numbers"][0]["value"] == job.parameters["body_mass_kg"]


def test_a_report_that_kills_its_worker_once_is_made_elsewhere(cluster, tmp_path):
    # Of what outlives a cell's folder it may write to shared memory only
    flag = Path("/dev/shm") / f"repdose-{uuid.uuid4().hex}"
    source = notebook(
        tmp_path,
        f"""
        import pathlib
        flag = pathlib.Path({str(flag)!r})
        if body_mass_kg == 61.0 and not flag.exists():
            flag.touch()
            {KILL}
        """,
    )
    try:
        found = list(
            cluster_engine.run(
                jobs(source, tmp_path / "out", 3), scheduler=cluster.scheduler_address
            )
        )
        assert flag.exists()
    finally:
        flag.unlink(missing_ok=True)
    assert [one.status for one in found] == ["made"] * 3


def test_a_report_that_always_kills_its_worker_fails_alone(cluster, tmp_path):
    source = notebook(tmp_path, f"if body_mass_kg == 61.0:\n    {KILL}")
    every = jobs(source, tmp_path / "out", 6)
    found = {
        one.job.scenario: one
        for one in cluster_engine.run(every, scheduler=cluster.scheduler_address)
    }
    assert found.keys() == {job.scenario for job in every}
    assert [name for name, one in found.items() if one.status == "failed"] == ["mass_1"]
    assert "every worker that ran it was lost" in found["mass_1"].message
    assert sorted(path.name for path in every[1].folder.iterdir()) == [
        "error.html",
        "manifest.json",
    ]
    assert manifest.read(every[1].folder)["status"] == "failed"


def test_a_report_that_ends_the_process_that_forks_fails_alone(tmp_path):
    source = notebook(
        tmp_path, f"import time; time.sleep(0.2)\nif body_mass_kg == 61.0:\n    {END_FORKS}"
    )
    every = jobs(source, tmp_path / "out", 8)
    with local(1, threads=2) as both:
        found = list(cluster_engine.run(every, scheduler=both.scheduler_address))
    assert len(found) == len(every)
    (failed,) = [one for one in found if one.status == "failed"]
    assert failed.job.scenario == "mass_1"
    assert "the process that forks has ended" in failed.message
    assert manifest.read(failed.job.folder)["status"] == "failed"


@pytest.mark.skipif(sys.platform != "linux", reason="nothing forks there")
def test_a_report_that_is_lost_is_told_though_its_folder_is_still_written(tmp_path, monkeypatch):
    """Its other processes end some time after the one that forks."""
    said = "the process that forks has ended: killed"
    ends = threading.Event()
    writers = []

    def write(folder):
        while not ends.is_set():
            with contextlib.suppress(OSError):
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{time.monotonic_ns()}").write_text("half")

    class Lost:
        def make(self, job):
            writers.append(threading.Thread(target=write, args=(job.folder,)))
            writers[-1].start()
            time.sleep(0.05)
            raise cluster_worker.ForksLostError(said)

    class Made:
        def make(self, _job):
            return {"status": "made", "message": "", "seconds": 0.0}

    monkeypatch.setattr(cluster_worker, "scratch_folder", lambda: str(tmp_path / "scratch"))
    monkeypatch.setattr(cluster_worker, "_left", [])
    (tmp_path / "scratch").mkdir()
    (job,) = jobs(notebook(tmp_path, "1"), tmp_path / "out", 1)
    made_with = cluster_worker.made_with()
    task = {"job": job.plain(), "text": job.source.read_text("utf-8"), "made_with": made_with}
    monkeypatch.setattr(cluster_worker, "forks", Lost)
    for _ in range(5):
        with pytest.raises(cluster_worker.ForksLostError, match=said):
            cluster_worker.make(task)
    ends.set()
    for writer in writers:
        writer.join()
    monkeypatch.setattr(cluster_worker, "forks", Made)
    assert cluster_worker.make(task)["status"] == "made"
    assert list((tmp_path / "scratch").iterdir()) == []


FORKS_IN_TURN = """
import os, pathlib, sys, time
import psutil
from repdose.reports.engines import cluster_worker

def handles():
    return sorted(path.resolve() for path in pathlib.Path("/proc/self/fd").iterdir())

scratch = pathlib.Path(sys.argv[1])
cluster_worker.scratch_folder = lambda: str(scratch)
before = handles()
for _ in range(2):
    forks = cluster_worker.forks()
    (server,) = psutil.Process().children()
    server.kill()
    until = time.monotonic() + 20
    while handles() != before and time.monotonic() < until:
        time.sleep(0.05)
print(handles() == before, list(scratch.iterdir()))
"""


def test_of_a_process_that_forks_nothing_is_left_once_it_has_ended(tmp_path):
    command = [sys.executable, "-c", FORKS_IN_TURN, str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (ran.stdout, ran.stderr) == ("True []\n", "")


def test_a_cell_that_raises_fails_alone_with_its_place(cluster, tmp_path):
    source = notebook(tmp_path, "1 / (body_mass_kg - 61)")
    found = {
        one.job.scenario: one
        for one in cluster_engine.run(
            jobs(source, tmp_path / "out", 3), scheduler=cluster.scheduler_address
        )
    }
    assert {name: one.status for name, one in found.items()} == {
        "mass_0": "made",
        "mass_1": "failed",
        "mass_2": "made",
    }
    assert "ZeroDivisionError" in found["mass_1"].message


def test_a_sweep_that_is_stopped_writes_what_was_running_and_begins_nothing(cluster, tmp_path):
    source = notebook(tmp_path, "import time; time.sleep(0.3)")
    every = jobs(source, tmp_path / "out", 20)
    running = cluster_engine.run(every, scheduler=cluster.scheduler_address)
    next(running)
    running.close()
    done = [job for job in every if job.folder.exists()]
    assert 1 <= len(done) <= 1 + cluster_engine.AHEAD * 2
    assert all(manifest.read(job.folder)["status"] == "complete" for job in done)


def test_a_sweep_without_any_worker_left_says_so_and_keeps_what_is_made(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_engine, "PATIENCE_S", 2.0)
    source = notebook(tmp_path, "import time; time.sleep(0.3)")
    every = jobs(source, tmp_path / "out", 8)
    with local(1) as alone:
        found = []
        for outcome in cluster_engine.run(every, scheduler=alone.scheduler_address):
            found.append(outcome)
            if len(found) == 1:
                alone.scale(0)
    assert len(found) == len(every)
    assert found[0].status == "made"
    left = [one for one in found if one.status == "failed"]
    assert left
    for one in left:
        assert "no worker is left" in one.message
        assert not one.job.folder.exists()  # so that the next build makes it


def test_a_worker_with_another_installation_is_refused_before_anything_is_run(
    cluster, tmp_path, monkeypatch
):
    monkeypatch.setattr(manifest, "package_digest", lambda: "another")
    cluster_worker.made_with.cache_clear()
    try:
        every = jobs(notebooks.find("energy_cost").path, tmp_path / "out", 1)
        with pytest.raises(ClusterError, match=r"worker tcp://127\.0\.0\.1:\d+ has package"):
            list(cluster_engine.run(every, scheduler=cluster.scheduler_address))
        assert not (tmp_path / "out").exists()
    finally:
        cluster_worker.made_with.cache_clear()


def test_a_worker_that_joined_late_with_another_installation_makes_nothing():
    theirs = cluster_worker.made_with() | {"numpy": "1.0.0"}
    with pytest.raises(cluster_worker.UnlikeError, match=r"numpy 1\.0\.0 in place of"):
        cluster_worker.make({"made_with": theirs})


def test_an_unreachable_scheduler_is_refused_within_seconds():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    start = time.monotonic()
    with pytest.raises(ClusterError, match=r"cannot be reached within 5 s"):
        list(cluster_engine.run([], scheduler=address))
    assert time.monotonic() - start < 30


def test_a_port_where_something_else_listens_is_refused_within_seconds():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        start = time.monotonic()
        with pytest.raises(ClusterError, match="cannot be reached"):
            list(cluster_engine.run([], scheduler=f"tcp://127.0.0.1:{silent.getsockname()[1]}"))
    assert time.monotonic() - start < 30


def test_a_scheduler_without_workers_is_refused(monkeypatch):
    monkeypatch.setattr(cluster_engine, "WORKERS_S", 0.5)
    with local(0) as empty, pytest.raises(ClusterError, match="has no workers"):
        list(cluster_engine.run([], scheduler=empty.scheduler_address))


@pytest.mark.parametrize(
    "wrong",
    ["", "localhost", "127.0.0.1:8786", "http://127.0.0.1:8786", "tcp://host:0", "tcp://a:b"],
)
def test_an_address_that_is_none_is_refused(wrong):
    with pytest.raises(ClusterError, match="write its address as tcp://host:8786"):
        list(cluster_engine.run([], scheduler=wrong))


@pytest.mark.parametrize("name", ["../report.html", "/x", "a/../../b", "a\\..\\b"])
def test_a_file_that_would_leave_its_report_is_refused(name):
    with pytest.raises(ClusterError, match="outside its report"):
        cluster_engine.checked_files({name: b""})


def test_a_report_that_cannot_be_written_fails_alone_and_says_why(cluster, tmp_path, monkeypatch):
    source = notebook(tmp_path, "")
    every = jobs(source, tmp_path / "out", 2)
    put = cluster_engine.folders.write_folder

    def full(folder, files, **options):
        if "mass_0" in str(folder):
            raise OSError(28, "No space left on device")
        put(folder, files, **options)

    monkeypatch.setattr(cluster_engine.folders, "write_folder", full)
    found = {
        one.job.scenario: one
        for one in cluster_engine.run(every, scheduler=cluster.scheduler_address)
    }
    assert found["mass_1"].status == "made"
    assert found["mass_0"].status == "failed"
    assert "No space left" in found["mass_0"].message


def test_the_command_refuses_an_unreachable_scheduler_and_writes_nothing(tmp_path):
    ran = CliRunner().invoke(
        app,
        ["build", "--scheduler", "tcp://127.0.0.1:1", "-o", str(tmp_path / "out")],
    )
    assert ran.exit_code == 2
    assert "cannot be reached" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_refuses_a_table_that_workers_do_not_have(tmp_path):
    (tmp_path / "mine.csv").write_text(template(), "utf-8")
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(f"notebook: dose_response\nsets: [{{table: {tmp_path / 'mine.csv'}}}]\n")
    ran = CliRunner().invoke(
        app,
        [
            *("build", "--sweep", str(sweep), "-o", str(tmp_path / "out")),
            *("--scheduler", "tcp://127.0.0.1:1"),
        ],
    )
    assert ran.exit_code == 2
    assert "table" in ran.stderr
    assert "leave --scheduler out" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_the_command_sweeps_on_a_cluster_and_makes_nothing_the_second_time(cluster, tmp_path):
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(
        "notebook: energy_cost\nscenario: foundation\ngrid: {body_mass_kg: [60.0, 80.0]}\n"
    )
    command = ["build", "--sweep", str(sweep), "-o", str(tmp_path / "out")]
    command += ["--scheduler", cluster.scheduler_address]
    first = CliRunner().invoke(app, command)
    assert (first.exit_code, "2 made" in first.stderr) == (0, True), first.stderr
    assert (tmp_path / "out/index.html").is_file()
    assert (tmp_path / "out/results.csv").is_file()
    again = CliRunner().invoke(app, command)
    assert (again.exit_code, "2 unchanged" in again.stderr) == (0, True), again.stderr
