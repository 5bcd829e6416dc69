"""What is refused before a build: number of jobs, odd paths."""

from __future__ import annotations

import subprocess
import sys

from click.testing import CliRunner

from repdose.cli import app


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
