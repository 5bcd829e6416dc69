"""What goes wrong in or around a report fails that report, says why, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from report_notebooks import job, notebook

from repdose.reports import engines
from repdose.reports.builds import build, planning
from repdose.reports.engines import fork, kernel
from repdose.reports.engines.environment import surroundings
from repdose.reports.engines.fork import ForkServer
from repdose.reports.jobs import CellError
from repdose.reports.making import make

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "fork" not in engines.ENGINES, reason="the fork engine does not run on this system"
    ),
]

# What no traceback tells of, or what only one engine might notice
MISBEHAVES = {
    "no_such_magic": ("%nosuchmagic", "nosuchmagic"),
    "ends_itself": ("exit()", "the cell ended its own process"),
    "writes_outside": (
        "import pathlib\npathlib.Path.home().joinpath('left.txt').write_text('x')",
        "PermissionError: a cell writes to its own folder only",
    ),
    "removes_outside": (
        "import os\nfrom repdose import volume\nos.rename(volume.__file__, volume.__file__ + 'x')",
        "PermissionError: a cell writes to its own folder only",
    ),
    "ends_its_alarm": (
        "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nsignal.alarm(0)\n"
        "time.sleep(60)",
        "ran longer than 3 s",
    ),
}
BEHAVES = {
    "writes_inside": "open('kept.txt', 'w').write('x')\nimport os\nsorted(os.listdir())",
    "writes_temporary": "import tempfile\nwith tempfile.TemporaryFile() as f: f.write(b'x')",
}


def by_kernel(one):
    """Make a report with a kernel, each cell for at most 3 s."""
    with surroundings():
        return make(one, lambda it: kernel.execute(it, time_limit_s=3))


@pytest.mark.parametrize("name", MISBEHAVES)
def test_both_engines_fail_the_report_and_say_the_same(tmp_path, name):
    code, words = MISBEHAVES[name]
    one = job(tmp_path, name, code)
    [forked] = fork.run([one], ForkServer(1, time_limit_s=3.0), Event())
    assert forked.status == "failed"
    assert words in forked.message
    assert "cell 5" in forked.message
    if name != "ends_itself":  # a kernel goes on for a tenth of a second, and may reach the end
        assert by_kernel(one).status == "failed"
    assert not Path.home().joinpath("left.txt").exists()


def test_a_cell_may_write_to_its_own_folder_which_is_empty_and_not_kept(tmp_path):
    jobs = [job(tmp_path, name, code) for name, code in BEHAVES.items()]
    here = sorted(os.listdir())
    outcomes = list(fork.run(jobs, ForkServer(2), Event()))
    assert [(one.status, one.message) for one in outcomes] == [("made", "")] * 2
    assert sorted(os.listdir()) == here
    cells = json.loads((jobs[0].folder / "report.ipynb").read_text("utf-8"))["cells"]
    assert cells[4]["outputs"][0]["data"]["text/plain"] == "['kept.txt']"
    assert by_kernel(jobs[0]).status == "made"


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_what_fails_after_the_cells_fails_that_report_with_its_reason(tmp_path, engine):
    bad = job(tmp_path, "cites_nobody", "1")
    cited = json.loads(bad.source.read_text("utf-8"))
    cited["cells"][0]["source"] += "\nAs everybody knows [@nobody1900]."
    bad.source.write_text(json.dumps(cited), "utf-8")
    fine = job(tmp_path, "fine", "1")
    found = {
        one.job.scenario: one for one in engines.run_jobs([bad, fine], engine=engine, workers=2)
    }
    assert found["fine"].status == "made"
    assert found["cites_nobody"].status == "failed"
    assert "nobody1900" in found["cites_nobody"].message
    assert "nobody1900" in (bad.folder / "error.html").read_text("utf-8")


def test_where_the_forking_process_ends_every_report_left_is_named(tmp_path):
    """As when memory runs out for all of them."""
    kills = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
    jobs = [job(tmp_path, f"n{i}", kills if i == 0 else "1") for i in range(6)]
    outcomes = list(fork.run(jobs, ForkServer(1), Event()))
    assert {one.job.scenario for one in outcomes} == {one.scenario for one in jobs}
    later = [one.status for one in outcomes if one.job != jobs[0]]  # its own cells went on
    assert later == ["failed"] * 5
    assert "the process that runs the cells has ended" in outcomes[-1].message


def test_halted_it_yields_what_was_running_and_begins_nothing_more(tmp_path):
    jobs = [job(tmp_path, f"n{i}", "import time; time.sleep(0.3)") for i in range(8)]
    halt = Event()
    outcomes = []
    for outcome in fork.run(jobs, ForkServer(2), halt):
        outcomes.append(outcome)
        halt.set()
    done = {one.name for one in jobs if (one.folder / "manifest.json").is_file()}
    assert {one.job.name for one in outcomes} == done
    assert 1 <= len(done) < len(jobs)


def waiting_build(tmp_path, count):
    """A sweep of slow reports by the command, and its process."""
    slow = notebook(tmp_path / "slow.ipynb", "import time; time.sleep(1.5)")
    masses = [60.0 + i for i in range(count)]
    sweep = tmp_path / "sweep.yaml"
    sweep.write_text(f"notebook: {slow}\ngrid: {{body_mass_kg: {masses}}}\n")
    command = [sys.executable, "-m", "repdose", "build", "--sweep", str(sweep), "-j2"]
    return subprocess.Popen(
        [*command, "-o", str(tmp_path / "out")],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        # a shell that runs the tests in the background has them ignore Ctrl-C
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )


def until_one_is_done(tmp_path):
    for _ in range(600):
        if list(tmp_path.glob("out/*/*/manifest.json")):
            return
        time.sleep(0.05)
    pytest.fail("no report was made within 30 s")


def test_ctrl_c_finishes_what_runs_writes_the_index_and_can_go_on(tmp_path):
    running = waiting_build(tmp_path, 6)
    until_one_is_done(tmp_path)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130, said
    made = len(list(tmp_path.glob("out/*/*/manifest.json")))
    assert 1 <= made < 6
    assert f"{made} made, {6 - made} left; the same command makes them" in said
    index = (tmp_path / "out/index.html").read_text("utf-8")
    assert index.count("report.html") == made
    assert not list(tmp_path.glob("repdose-*"))
    again = build.run(planning.of_sweep(tmp_path / "sweep.yaml", tmp_path / "out"), workers=2)
    assert sorted(one.status for one in again) == sorted(
        ["unchanged"] * made + ["made"] * (6 - made)
    )


def test_a_killed_command_leaves_no_process_and_no_folder(tmp_path):
    running = waiting_build(tmp_path, 6)
    until_one_is_done(tmp_path)
    running.kill()
    running.communicate()
    for _ in range(200):
        if not list(tmp_path.glob("repdose-*")):
            break
        time.sleep(0.05)
    assert not list(tmp_path.glob("repdose-*"))
    assert not list(tmp_path.rglob("*.repdose-*"))


def test_no_answer_waits_for_a_question(tmp_path):
    """Many more reports than a pipe holds answers of, all failing at once."""
    jobs = [job(tmp_path, f"n{i}", "raise ValueError('x' * 60_000)") for i in range(6)]
    outcomes = list(fork.run(jobs, ForkServer(2), Event()))
    assert len(outcomes) == 6
    assert all(one.status == "failed" for one in outcomes)


def test_kernel_engine_raises_what_a_cell_raises(tmp_path):
    with surroundings(), pytest.raises(CellError, match="KeyError"):
        kernel.execute(job(tmp_path, "a", "{}['b']"))
