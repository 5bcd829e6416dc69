"""What a report has read is read once for those after it, and each still names it as its own."""

from __future__ import annotations

import subprocess
import sys

FIRST = """
import sys
from repdose import evidence as ev
from repdose.reports.engines import fork_cells
from repdose.tables.numbers import RESULTS_MIME
with ev.ledger() as used:
    ev.met("02024", edition=2011)
results = {"packs": [], "sources": ["garber2011"]}
answer = {"cells": [(0, 1, [{"data": {RESULTS_MIME: results}}])]}
fork_cells._tell(sys.argv[1], answer)
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
fork_cells.warm_by(sys.argv[1])
with (
    mock.patch.object(tables, "read_table", side_effect=AssertionError),
    mock.patch.object(citing, "_style", side_effect=AssertionError),
    ev.ledger() as used,
):
    assert ev.met("02024", edition=2011).met == 2.8
    citations.listed(["garber2011"])
print(used.sources(), list(used.tables()))
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
    assert not path.exists()
    program = "import sys\nfrom repdose.reports.engines import fork_cells\n"
    assert said(f"{program}fork_cells.warm_by(sys.argv[1])\nprint('fine')", path) == "fine\n"
