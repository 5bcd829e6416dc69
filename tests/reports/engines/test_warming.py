"""What a report has read is read once for those after it, and each still names it as its own."""

from __future__ import annotations

import subprocess
import sys

import pytest
from own_notebooks import written

FIRST = """
import sys
from repdose import evidence as ev
from repdose.reports.engines import fork_cells
from repdose.tables.numbers import RESULTS_MIME
with ev.ledger() as used:
    ev.met("02024", edition=2011)
results = {"packs": [], "sources": ["garber2011"]}
listed = {"data": {"text/html": '<ul><li id="ref-hhs2018">HHS (2018).</li></ul>'}}
answer = {"cells": [(0, 1, [listed, {"data": {RESULTS_MIME: results}}])]}
with open(sys.argv[1], "w") as told:
    fork_cells._tell(told, answer)
print(used.sources(), list(used.tables()))
"""
NEXT = """
import sys
from unittest import mock
from repdose import evidence as ev
from repdose.evidence import tables
from repdose.evidence.bibliography import citing
from repdose.reports.engines import fork_cells
from repdose.reports.pages import citations
with open(sys.argv[1]) as told:
    fork_cells.warm_by(told)
with (
    mock.patch.object(tables, "read_table", side_effect=AssertionError),
    mock.patch.object(citing, "_style", side_effect=AssertionError),
    ev.ledger() as used,
):
    assert ev.met("02024", edition=2011).met == 2.8
    citations.listed(["garber2011", "hhs2018"])
print(used.sources(), list(used.tables()))
"""
FORKED = """
import json, os, socket, sys
from pathlib import Path
from repdose.reports.engines import fork_cells
from repdose.tables.numbers import RESULTS_MIME
heard = []
def listen(told):
    told.seek(0)
    heard.append(json.loads(told.read())["sources"])
fork_cells.warm_by = listen
os.environ["IPYTHONDIR"] = f"{sys.argv[1]}/ipython"
fork_cells.warm()
(asked, asks), (ours, theirs) = socket.socketpair(), socket.socketpair()
cells = fork_cells.Cells(asked)
cells._woken = fork_cells._woken_by_children()
cells._fork("none", Path("none.ipynb"), theirs.detach())
shown = {RESULTS_MIME: {"packs": [], "sources": ["garber2011"]}}
cell = f"from IPython.display import display; display({shown}, raw=True)"
ours.sendall(json.dumps({"cells": [[0, cell]], "packs": []}).encode() + b"\\n")
while cells._running:
    cells._bury()
print(heard)
"""


def said(program, path):
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_next_report_reads_no_table_again_and_names_the_same_ones(tmp_path):
    path = tmp_path / "told"
    first = said(FIRST, path)
    assert "ainsworth2011" in first
    assert "met_2011.csv" in first
    assert said(NEXT, path) == first


def test_what_packs_have_is_not_told_and_what_nobody_told_is_no_fault(tmp_path):
    path = tmp_path / "told"
    assert said(FIRST.replace('"packs": []', '"packs": [{}]'), path)
    assert path.read_text() == ""
    program = "import sys\nfrom repdose.reports.engines import fork_cells\n"
    program += "with open(sys.argv[1]) as told:\n    fork_cells.warm_by(told)\nprint('fine')"
    assert said(program, path) == "fine\n"


@pytest.mark.skipif(sys.platform != "linux", reason="the fork engine is for Linux")
def test_a_report_whose_cells_may_not_write_outside_is_heard_where_the_next_is_forked(tmp_path):
    assert said(FORKED, tmp_path) == "[['garber2011']]\n"


FIRST_CELLS = """
import json
from pathlib import Path
from unittest import mock
from repdose.evidence.bibliography import citing
from repdose.inputs import declared, scenarios
from repdose.inputs.cells import notebooks_folder
from repdose.reports import running
from repdose.reports.engines import fork_cells, shell
from repdose.reports.pages import citations
path = notebooks_folder() / "energy_cost.ipynb"
fork_cells.warm()
fork_cells.warm_for(path)
prose, code = "", []
for cell in json.loads(path.read_text())["cells"]:
    if cell["cell_type"] == "code":
        code.append("".join(cell["source"]))
    else:
        prose += "".join(cell["source"])
with (
    mock.patch.object(declared, "create_model", side_effect=AssertionError),
    mock.patch.object(scenarios, "read", side_effect=AssertionError),
    mock.patch.object(running, "_collect", side_effect=AssertionError),
    mock.patch.object(citing, "_style", side_effect=AssertionError),
):
    [(_, first, _), (_, second, outputs)] = shell.run(enumerate(code[:2]), begins=lambda at: None)
    for text in code:
        running.names(text)
    citations.listed(citations.keys(prose))
with open("said", "w") as said:
    print(first, second, len(outputs), file=said)
"""


def test_what_the_cells_of_a_notebook_have_in_common_is_read_once_for_all(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", FIRST_CELLS], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "said").read_text() == "1 2 4\n"


@pytest.mark.parametrize(
    ("code", "is_there"), [("import matplotlib.pyplot as plt", True), ("", False)]
)
def test_pyplot_is_brought_once_for_a_notebook_that_takes_it(tmp_path, code, is_there):
    source = written(tmp_path / "one.ipynb", "n = 1", code)
    program = (
        "import sys\nfrom pathlib import Path\nfrom repdose.reports.engines import fork_cells\n"
        "fork_cells.warm()\nfork_cells.warm_for(Path(sys.argv[1]))\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    assert said(program, source) == f"{is_there}\n"
