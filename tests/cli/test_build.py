"""What is refused before a build: number of jobs, odd paths."""

from __future__ import annotations

import errno
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner
from report_notebooks import notebook

from repdose.cli import app
from repdose.evidence import whole_files


def repdose(*arguments):
    ran = CliRunner().invoke(app, [str(one) for one in arguments])
    assert "Traceback" not in ran.stderr
    return int(ran.exit_code), ran.stdout, ran.stderr


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


@pytest.mark.slow
def test_what_was_made_is_told_where_the_index_cannot_be_written(tmp_path, monkeypatch):
    source = notebook(tmp_path / "mine.ipynb", "1 / (body_mass_kg - 60.0)")
    sweep = tmp_path / "s.yaml"
    sweep.write_text(f"notebook: {source}\ngrid: {{body_mass_kg: [60.0, 61.0]}}\n")
    out = tmp_path / "out"
    write = whole_files.write_file

    def full(path, content):
        if path == out / "index.html":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, content)

    monkeypatch.setattr(whole_files, "write_file", full)
    code, _, err = repdose("build", "--sweep", sweep, "-o", out)
    assert code == 3
    assert "cell 5: ZeroDivisionError" in err
    assert "1 made, 1 failed; see" in err
    assert f"repdose: {out / 'index.html'}: No space left on device; the same command" in err
    assert not list(out.glob(".*"))
    monkeypatch.undo()
    code, _, err = repdose("build", "--sweep", sweep, "-o", out)
    assert (code, "1 unchanged, 1 failed" in err) == (3, True)
    assert (out / "index.html").is_file()
