"""Whatever a cell says arrives, however fast it says it, on both engines."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from report_notebooks import job, notebook

from repdose.cli import app
from repdose.reports import engines
from repdose.reports.engines.environment import surroundings
from repdose.reports.engines.kernel import execute
from repdose.reports.jobs import CellError

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        "fork" not in engines.ENGINES, reason="the fork engine does not run on this system"
    ),
]

FLOOD = "for i in range(10_000):\n    print(f'line {i}', flush=True)"
# The pictures of what a week of work puts out: a table, then a thousand lines, forty times
TABLES = (
    "import pandas as pd\nfrom IPython.display import display\nfor i in range(40):\n"
    "    display(pd.DataFrame({'which': [f'table {i} of 40']}))\n"
    "    for j in range(1000):\n        print(f'{i} {j}', flush=True)"
)
PROCESSES = (
    "import multiprocessing\ndef told(i):\n    print(f'from process {i}', flush=True)\n"
    "for i in range(4):\n"
    "    one = multiprocessing.get_context('fork').Process(target=told, args=(i,))\n"
    "    one.start()\n    one.join()"
)
THREADS = (
    "import threading\ndef told(i):\n    for j in range(2000):\n        print(f'<{i}-{j}>')\n"
    "every = [threading.Thread(target=told, args=(i,)) for i in range(4)]\n"
    "[one.start() for one in every]\n[one.join() for one in every];"
)


def outputs(folder):
    notebook = json.loads((folder / "report.ipynb").read_text("utf-8"))
    return [output for cell in notebook["cells"] for output in cell.get("outputs", [])]


def printed(folder):
    return "".join(one["text"] for one in outputs(folder) if one["output_type"] == "stream")


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_ten_thousand_flushed_lines_all_arrive_in_order(tmp_path, engine):
    one = job(tmp_path, "flood", FLOOD)
    [outcome] = engines.run_jobs([one], engine=engine, workers=1)
    assert (outcome.status, outcome.message) == ("made", "")
    assert printed(one.folder).split("\n")[:-1] == [f"line {i}" for i in range(10_000)]


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_forty_tables_under_a_flood_of_prints_all_arrive(tmp_path, engine):
    one = job(tmp_path, "tables", TABLES)
    [outcome] = engines.run_jobs([one], engine=engine, workers=1)
    assert (outcome.status, outcome.message) == ("made", "")
    page = (one.folder / "report.html").read_text("utf-8")
    for i in range(40):
        assert page.count(f"<td>table {i} of 40<") == 1
    lines = [f"{i} {j}" for i in range(40) for j in range(1000)]
    assert printed(one.folder).split("\n")[:-1] == lines


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_what_processes_and_threads_of_a_cell_print_arrives(tmp_path, engine):
    jobs = [job(tmp_path, "processes", PROCESSES), job(tmp_path, "threads", THREADS)]
    outcomes = engines.run_jobs(jobs, engine=engine, workers=1)
    assert [(one.status, one.message) for one in outcomes] == [("made", "")] * 2
    processes, threads = (printed(one.folder) for one in jobs)
    assert sorted(processes.split("\n")[:-1]) == [f"from process {i}" for i in range(4)]
    for i in range(4):
        for j in range(2000):
            assert threads.count(f"<{i}-{j}>") == 1


def test_a_process_of_a_cell_that_would_show_something_in_vain_says_so(tmp_path):
    code = PROCESSES.replace("print(f'from process {i}', flush=True)", "display('never seen')")
    one = job(tmp_path, "shows", code)
    [outcome] = engines.run_jobs([one], engine="fork", workers=1)
    assert (outcome.status, outcome.message) == ("made", "")
    assert "a process that a cell has started cannot show anything" in printed(one.folder)


def test_output_that_does_not_arrive_fails_the_report_and_is_not_called_a_long_cell(tmp_path):
    """What is no longer sent is not even told to have ended."""
    code = "get_ipython().kernel.iopub_thread._really_send = lambda *_, **__: None\nprint('lost')"
    with surroundings(), pytest.raises(CellError, match=r"output was lost: not all .* within 2 s"):
        execute(job(tmp_path, "deaf", code), time_limit_s=2)


@pytest.mark.parametrize("engine", [None, "kernel"])
def test_the_command_run_keeps_every_line_on_either_engine(tmp_path, engine):
    source = notebook(tmp_path / "flood.ipynb", FLOOD)
    out = tmp_path / "o.ipynb"
    chosen = ["--engine", engine] if engine else []
    ran = CliRunner().invoke(app, ["run", str(source), "-o", str(out), *chosen])
    assert ran.exit_code == 0, ran.stderr
    text = out.read_text("utf-8")
    assert all(f"line {i}\\n" in text for i in (0, 5000, 9999))
