"""What follows a build, and what is refused before it: log, PDF, number of jobs, odd paths."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from repdose.cli import app
from repdose.inputs import notebooks, scenarios
from repdose.reports import folders
from repdose.reports.builds import build
from repdose.reports.builds import jobs as jobs_reports
from repdose.reports.jobs import Outcome
from repdose.reports.pages import pdf

FAKE = {
    "slow": "#!/bin/sh\nexec sleep 60\n",
    "broken": "#!/bin/sh\nexit 1\n",
}


def repdose(*arguments):
    ran = CliRunner().invoke(app, [str(one) for one in arguments])
    assert "Traceback" not in ran.stderr
    return int(ran.exit_code), ran.stdout, ran.stderr


@pytest.fixture
def outcomes(monkeypatch, tmp_path):
    """A build whose reports are not made in earnest: one is fine, the other failed."""
    notebook, plan = notebooks.find("energy_cost"), scenarios.find("foundation")
    parameters = jobs_reports.parameters(notebook, plan)
    out = tmp_path / "out"
    jobs = [jobs_reports.job(notebook, name, parameters, out) for name in ("fine", "bad")]
    for job in jobs:
        folders.write_folder(job.folder, {"report.html": "<p>x</p>"})

    def run(*_, **__):
        return [Outcome(jobs[0], "made"), Outcome(jobs[1], "failed", "cell 2: no")]

    monkeypatch.setattr(build, "run", run)
    return jobs


def chromium(folder, kind, monkeypatch):
    folder.mkdir(exist_ok=True)
    program = folder / "chromium"
    program.write_text(FAKE[kind])
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.parametrize("log", ["a-file/log.txt", "a-folder", "x" * 300])
def test_a_log_that_cannot_be_written_is_refused_before_anything_is_made(tmp_path, log):
    (tmp_path / "a-file").write_text("")
    (tmp_path / "a-folder").mkdir()
    before = sorted(tmp_path.rglob("*"))
    code, _, err = repdose(
        "build", "--scenario", "foundation", "-o", tmp_path / "out", "--log", tmp_path / log
    )
    assert code == 2
    assert log[:6] in err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.usefixtures("outcomes")
def test_a_disk_full_at_the_log_hides_no_failure(tmp_path, monkeypatch):
    def full(path, _):
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(folders, "write_file", full)
    code, _, err = repdose("build", "-o", tmp_path / "out", "--log", tmp_path / "log.txt")
    assert code == 3
    summary, fault = err.index("1 made, 1 failed"), err.index("log.txt: No space left")
    assert err.index("bad/energy_cost: notebook energy_cost, cell 2: no") < summary < fault


@pytest.mark.skipif(sys.platform != "linux", reason="the programs stand-in is a shell's")
@pytest.mark.parametrize(
    ("kind", "said"),
    [("slow", r"not done with fine/energy_cost/report\.html after 1 s"), ("broken", "nothing of")],
)
def test_a_pdf_that_fails_is_said_after_the_summary(tmp_path, monkeypatch, outcomes, kind, said):
    chromium(tmp_path / "bin", kind, monkeypatch)
    monkeypatch.setattr(pdf, "_TIME_LIMIT_S", 1)
    code, _, err = repdose("build", "-o", tmp_path / "out", "--pdf")
    assert code == 3
    assert err.index("1 made, 1 failed") < re.search(said, err).start()
    with pytest.raises(pdf.PdfError, match=said):
        pdf.print_page(outcomes[0].folder / "report.html")


def test_many_processors_are_no_bad_input():
    program = (
        "import os, sys\nos.cpu_count = lambda: 128\nfrom repdose import cli\n"
        "sys.argv = ['repdose', 'build', '--scenario', 'fundation']\ncli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 2
    assert "no scenario 'fundation'" in done.stderr


def test_an_output_name_no_disk_can_hold_is_a_sentence(tmp_path):
    code, _, err = repdose("build", "--scenario", "foundation", "-o", tmp_path / ("x" * 300))
    assert code == 2
    assert "File name too long" in err
    assert list(tmp_path.iterdir()) == []
