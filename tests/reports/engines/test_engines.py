"""Both engines give the same report, and a cell that misbehaves fails its report alone."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from threading import Event

import pytest
from report_notebooks import job

from repdose.reports import engines, making
from repdose.reports.builds import build, planning
from repdose.reports.engines import fork, kernel
from repdose.reports.engines.environment import surroundings
from repdose.reports.engines.fork import ForkServer
from repdose.reports.jobs import CellError
from repdose.reports.pages import canonical

pytestmark = pytest.mark.skipif(
    "fork" not in engines.ENGINES, reason="the fork engine does not run on this system"
)

EVERY_OUTPUT = (
    "import sys, warnings\nprint('a', end='')\nprint('b')",
    "print('err', file=sys.stderr)\nprint('c')",
    "import os\nobject()",
    "from IPython.display import HTML, Image, Markdown, clear_output, display, update_display\n"
    "handle = display({'text/plain': 'old'}, raw=True, display_id='x')\nHTML('<b>bold</b>')",
    "update_display({'text/plain': 'new'}, raw=True, display_id='x')\n"
    "print('gone')\nclear_output()\nprint('kept')\nMarkdown('*m*')",
    "print('gone too')\nclear_output(wait=True)\nprint('instead')",
    "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.title('shown by itself')",
    "fig, ax = plt.subplots()\nax.bar([1], [1])\nplt.show()\nprint('after')",
    "import pandas as pd\npd.DataFrame({'a': [1.5, 2], 'b': ['x', 'y']})",
    "import numpy as np\nnp.arange(3)",
    "x = 5;",
    "",
    "x; _ = 3\n{'b': 1, 'a': {3, 1, 2}}",
    "warnings.warn('careful')",
    "async def f():\n    return 7\nawait f()",
    "%timeit?\n!echo shell",
    "In[1][:5], sorted(Out), __name__",
    "os.environ['TZ'], os.environ['LC_ALL'], hash('a'), sys.stdout.isatty()",
    "class A:\n    def _repr_html_(self): return '<i>a</i>'\nA()",
)


def cells(folder):
    notebook = json.loads((folder / "report.ipynb").read_text("utf-8"))
    return notebook["cells"]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["fork", "kernel"])
def test_two_cells_that_use_one_name_are_refused_even_where_they_read_alike(tmp_path, engine):
    twice = "report.number('x', 'X', 1.0, 'kg')"
    [outcome] = engines.run_jobs([job(tmp_path, "twice", twice, twice)], engine=engine, workers=1)
    assert outcome.status == "failed"
    assert outcome.message.startswith("cell 6: ValueError: number 'x' is reported twice, here and")


@pytest.mark.slow
def test_every_kind_of_output_is_the_same_on_both_engines(tmp_path):
    one = job(tmp_path, "outputs", *EVERY_OUTPUT)
    other = dataclasses.replace(one, folder=tmp_path / "kernel" / "energy_cost")
    [forked] = engines.run_jobs([one], engine="fork", workers=1)
    [by_kernel] = engines.run_jobs([other], engine="kernel", workers=1)
    assert (forked.message, by_kernel.message) == ("", "")
    for ours, theirs in zip(cells(one.folder), cells(other.folder), strict=True):
        assert ours == theirs
    names = sorted(path.name for path in one.folder.iterdir())
    assert names == sorted(path.name for path in other.folder.iterdir())
    for name in ("report.html", "report.ipynb", "results.json"):
        assert (one.folder / name).read_bytes() == (other.folder / name).read_bytes()
    outputs = [output for cell in cells(one.folder) for output in cell.get("outputs", [])]
    images = [output for output in outputs if "image/png" in output.get("data", {})]
    assert len(images) == 2  # a figure shown by itself and one by plt.show()


@pytest.mark.slow
def test_every_shipped_notebook_is_the_same_on_both_engines(tmp_path):
    made = {}
    for engine in engines.ENGINES:
        todo = planning.of_scenarios(["to_hanging"], tmp_path / engine)
        outcomes = build.run(todo, workers=2, engine=engine)
        assert {outcome.status for outcome in outcomes} == {"made"}
        made[engine] = {
            path.relative_to(tmp_path / engine): path.read_bytes()
            for path in (tmp_path / engine).rglob("*")
            # A manifest also tells the sources of the package, which may change meanwhile
            if path.is_file() and path.name != "manifest.json"
        }
    assert made["fork"].keys() == made["kernel"].keys()
    for path, content in made["fork"].items():
        assert content == made["kernel"][path], path


@pytest.mark.slow
def test_cells_that_misbehave_fail_their_own_report_and_no_other(tmp_path):
    jobs = [
        job(tmp_path, "raises", "mass = 80\nraise ValueError('too <heavy>')"),
        job(tmp_path, "hangs", "while True: pass"),
        job(tmp_path, "hangs_in_c", "import time\ntime.sleep(3600)"),
        job(tmp_path, "dies", "import os\nos.abort()"),
        job(tmp_path, "exits", "import os\nos._exit(7)"),
        job(tmp_path, "killed", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"),
        job(tmp_path, "stops", "import sys\nsys.exit(0)"),
        job(tmp_path, "leaves", "import subprocess\nx = subprocess.Popen(['sleep', '3600'])"),
        job(tmp_path, "fine", "print(1)"),
    ]
    outcomes = {
        outcome.job.scenario: outcome
        for outcome in fork.run(jobs, ForkServer(3, time_limit_s=3.0), Event())
    }
    said = {name: (outcome.status, outcome.message) for name, outcome in outcomes.items()}
    assert said["raises"] == ("failed", "cell 5: ValueError: too <heavy>")
    assert said["hangs"] == ("failed", "cell 5: the cell ran longer than 3 s")
    assert said["hangs_in_c"] == ("failed", "cell 5: the cell ran longer than 3 s")
    assert said["dies"] == ("failed", "cell 5: the cell ended its own process (SIGABRT)")
    assert said["exits"] == ("failed", "cell 5: the cell ended its own process (exit code 7)")
    assert said["killed"][1].startswith("cell 5: the cell's process was killed")
    assert "report.provenance()" in said["stops"][1]
    assert said["leaves"] == ("made", "")
    assert said["fine"] == ("made", "")
    for one in jobs:
        names = sorted(path.name for path in one.folder.iterdir())
        if outcomes[one.scenario].status == "failed":
            assert names == ["error.html", "manifest.json"]
        else:
            assert "error.html" not in names
    page = (jobs[0].folder / "error.html").read_text("utf-8")
    for word in ("energy_cost", "raises", "cell 5", "too &lt;heavy&gt;", "body_mass_kg", "75.0"):
        assert word in page
    assert "<heavy>" not in page


@pytest.mark.slow
def test_kernel_engine_names_the_cell_that_raises_hangs_or_dies(tmp_path):
    with surroundings():
        with pytest.raises(CellError, match="ZeroDivisionError") as raised:
            kernel.execute(job(tmp_path, "a", "1 / 0"))
        assert raised.value.cell == 4
        with pytest.raises(CellError, match="longer than 2 s"):
            kernel.execute(job(tmp_path, "b", "while True: pass"), time_limit_s=2)
        with pytest.raises(CellError, match="ended its own process"):
            kernel.execute(job(tmp_path, "c", "import os; os._exit(1)"))


@pytest.mark.slow
def test_children_have_random_states_of_their_own_and_no_thread_is_alive_at_the_fork(tmp_path):
    code = (
        "import os, random, numpy as np\nreport.number('a', 'A', random.random(), '')\n"
        "report.number('b', 'B', np.random.random(), '')\n"
        "report.number('tasks', 'Threads', len(os.listdir(f'/proc/{os.getppid()}/task')), '')"
    )
    jobs = [job(tmp_path, name, code) for name in ("one", "two")]
    assert {outcome.status for outcome in fork.run(jobs, ForkServer(2), Event())} == {"made"}
    values = [
        [n["value"] for n in json.loads((one.folder / "results.json").read_text())["numbers"]]
        for one in jobs
    ]
    assert values[0][0] != values[1][0]
    assert values[0][1] != values[1][1]
    assert values[0][2] == 1


@pytest.mark.slow
def test_warming_reads_no_evidence_so_that_checksums_are_each_reports_own(tmp_path):
    one = job(tmp_path, "none", "report.parameters")
    [outcome] = fork.run([one], ForkServer(1), Event())
    assert outcome.status == "made", outcome.message
    read = json.loads((one.folder / "results.json").read_text())["data"]
    assert list(read) == [
        "exercises.csv",
        "leg_raise_geometry.csv",
    ]  # for the variants that the plan names


@pytest.mark.slow
def test_stopping_early_finishes_what_runs_and_starts_nothing_more(tmp_path):
    jobs = [job(tmp_path, f"n{i}", "import time; time.sleep(0.3)") for i in range(6)]
    running = fork.run(jobs, ForkServer(1), Event())
    next(running)
    running.close()
    done = [one for one in jobs if (one.folder / "manifest.json").is_file()]
    assert 1 <= len(done) < len(jobs)
    assert not list((tmp_path / "out").rglob("*.repdose-*"))


@pytest.mark.slow
def test_what_a_program_prints_lands_in_the_cell_that_started_it(tmp_path):
    """With a kernel it may land in the cell after, or nowhere."""
    one = job(tmp_path, "prints", "import os\nos.system('echo from a program')\nprint(1)", "2")
    [outcome] = fork.run([one], ForkServer(1), Event())
    assert outcome.status == "made", outcome.message
    outputs = cells(one.folder)[4]["outputs"]
    assert outputs[0]["text"] == "1\nfrom a program\n"


def test_unknown_engine_is_refused_by_name(tmp_path):
    with pytest.raises(ValueError, match="engine must be one of fork, kernel"):
        list(engines.run_jobs([job(tmp_path, "a")], engine="thread", workers=1))


def test_surroundings_are_put_back():
    before = dict(os.environ)
    with surroundings():
        assert os.environ["TZ"] == "UTC"
        runtime = os.environ["JUPYTER_RUNTIME_DIR"]
    assert dict(os.environ) == before
    assert not os.path.exists(os.path.dirname(runtime))


def test_canonical_text_names_no_place_address_or_process():
    text = (
        f"{sys.prefix}/lib/x.py {os.path.expanduser('~')}/a <A at 0x7f001234> "
        "/a/ipykernel_123/456.py:1: UserWarning \x1b[31mred\x1b[0m"
    )
    clean = canonical.scrubbed(text)
    assert sys.prefix not in clean
    assert clean.endswith("~/a <A at 0x…> <cell>:1: UserWarning red")


def test_canonical_notebook_merges_pieces_of_printed_text():
    pieces = [{"output_type": "stream", "name": "stdout", "text": part} for part in ("a", "b\n")]
    cell = {"cell_type": "code", "metadata": {}, "source": "", "execution_count": 1}
    [made] = canonical.canonical({"cells": [{**cell, "outputs": pieces}]})["cells"]
    assert made["outputs"] == [{"output_type": "stream", "name": "stdout", "text": "ab\n"}]
    assert pieces[0]["text"] == "a"  # the notebook it was given is left alone


def test_described_failure_has_the_cells_number_from_one():
    assert making.described(CellError(cell=0, source="", problem="x")) == "cell 1: x"


def test_a_long_word_is_scrubbed_in_a_moment():
    """It once took many minutes."""
    word = "x" * 300_000
    assert canonical.scrubbed(f"{word} /a/ipykernel_12/34.py {word}") == f"{word} <cell> {word}"
