"""One build at a time in a folder: who holds it is told, the dead hold nothing, nothing is lost."""

from __future__ import annotations

import errno
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from click.testing import CliRunner
from report_notebooks import notebook

from repdose.cli import app
from repdose.evidence import whole_files
from repdose.reports import folders, holding
from repdose.reports.folders import OutputError
from repdose.reports.holding import LOCK, BusyError


def holder(out, *, leaves_child=False):
    """A process that holds a folder until it is killed, and its child until a file is there."""
    program = f"""
        import os, sys, time
        from pathlib import Path
        from repdose.reports import holding
        with holding.alone(Path(sys.argv[1])):
            if {leaves_child} and os.fork() == 0:
                while not Path(sys.argv[1] + ".done").exists():
                    time.sleep(0.02)
                os._exit(0)
            print("held", flush=True)
            time.sleep(600)
    """
    started = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(out)], stdout=subprocess.PIPE
    )
    assert started.stdout.readline() == b"held\n"
    return started


def build(*arguments):
    ran = CliRunner().invoke(app, ["build", *map(str, arguments)])
    assert "Traceback" not in ran.output
    return ran.exit_code, ran.stderr


def test_a_second_build_is_refused_and_told_whose_the_folder_is(tmp_path):
    out = tmp_path / "out"
    first = holder(out)
    try:
        for options in ([], ["--dry-run"]):
            code, said = build("-o", out, *options)
            assert code == 2
            assert said.startswith(f"repdose: {out}: a build is writing here (process {first.pid} ")
            assert f"on {socket.gethostname()}, since 20" in said
            assert "wait until it is done, or name another folder" in said
            assert said.count("\n") == 1
        for verb in (["check", "--reports", out], ["diff", out, out]):
            ran = CliRunner().invoke(app, [str(one) for one in verb])
            assert (ran.exit_code, ran.stdout) == (2, "")
            assert "a build is writing here" in ran.stderr
        assert os.listdir(out) == [LOCK]
    finally:
        first.kill()
        first.communicate()
    with holding.alone(out):  # the system has freed it
        assert holding.handles()
    assert os.listdir(out) == []


def test_the_lock_of_the_dead_is_free_once_what_they_had_begun_is_done(tmp_path):
    out = tmp_path / "out"
    first = holder(out, leaves_child=True)
    first.kill()
    first.wait()
    held = []

    def take():
        with holding.alone(out):
            held.append(1)

    waiting = threading.Thread(target=take)
    waiting.start()
    time.sleep(0.3)
    assert held == []  # its child still writes
    (tmp_path / "out.done").touch()
    waiting.join(60)
    assert held == [1]
    first.communicate()


def test_a_wait_for_the_dead_has_an_end(tmp_path, monkeypatch):
    out = tmp_path / "out"
    first = holder(out, leaves_child=True)
    first.kill()
    first.wait()
    monkeypatch.setattr(holding, "PATIENCE_S", 0.1)
    with pytest.raises(BusyError, match="a build is writing here"), holding.alone(out):
        pass
    (tmp_path / "out.done").touch()
    first.communicate()


def test_a_folder_made_for_a_build_that_is_refused_is_gone_again(tmp_path):
    out = tmp_path / "a" / "b"
    code, said = build("--scenario", "nobody", "-o", out)
    assert (code, "no scenario 'nobody'" in said) == (2, True)
    assert os.listdir(tmp_path) == []
    with holding.alone(out), holding.alone(out):
        (out / "kept.txt").write_text("x")
    assert os.listdir(out) == ["kept.txt"]


@pytest.mark.parametrize(
    ("host", "pid", "is_free"),
    [
        ("here", "dead", True),
        ("here", "own", False),
        ("elsewhere", "dead", False),
        ("here", -5, True),
        ("here", 10**30, False),
    ],
)
def test_without_locks_of_the_system_it_is_told_by_what_stands_there(
    tmp_path, monkeypatch, host, pid, is_free
):
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()

    def no_locks(*_):
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(whole_files.fcntl, "flock", no_locks)
    number = {"dead": ended.pid, "own": os.getpid()}.get(pid, pid)
    name = {"here": socket.gethostname()}.get(host, host)
    (tmp_path / LOCK).write_text(json.dumps({"pid": number, "host": name, "since": "then"}))
    if is_free:
        with holding.alone(tmp_path):
            pass
        assert os.listdir(tmp_path) == []
    else:
        said = rf"if that is no more, remove .*{LOCK}"
        with pytest.raises(BusyError, match=said), holding.alone(tmp_path):
            pass
        assert os.listdir(tmp_path) == [LOCK]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"pid": "x"}', '{"pid": 1}', "\xff" * 5000])
def test_a_lock_file_of_anybody_holds_nothing(tmp_path, content):
    (tmp_path / LOCK).write_text(content, "latin-1")
    with holding.alone(tmp_path):
        assert json.loads((tmp_path / LOCK).read_text())["pid"] == os.getpid()
    assert os.listdir(tmp_path) == []


def left_by_a_kill(out):
    """A report moved aside, the new one not yet in its place, and what else a kill leaves."""
    folders.write_folder(out / "a" / "mine", {"report.html": "old"})
    (out / "a" / "mine").rename(out / "a" / f".mine{folders.OLD}")
    (out / "a" / f".mine{whole_files.ASIDE}").mkdir()
    (out / f".index.html{whole_files.ASIDE}").write_text("half")


def test_whoever_reads_a_build_puts_right_what_a_kill_left(tmp_path):
    left_by_a_kill(tmp_path)
    holding.settled(tmp_path)
    assert os.listdir(tmp_path) == ["a"]
    assert os.listdir(tmp_path / "a") == ["mine"]
    assert (tmp_path / "a" / "mine" / "report.html").read_text() == "old"


def test_hidden_files_and_folders_of_a_reader_are_left_alone(tmp_path):
    for name in (".bashrc.old", ".x.partial"):
        (tmp_path / name).write_text("mine")
        (tmp_path / "a" / name).mkdir(parents=True)
    outside = tmp_path / "far" / "outside"
    (outside / f".mine{folders.OLD}").mkdir(parents=True)
    out = tmp_path / "out"
    out.mkdir()
    (out / "linked").symlink_to(outside)
    (out / f".x{whole_files.ASIDE}").symlink_to(outside)
    for folder in (tmp_path, out):
        holding.put_right(folder)
    assert sorted(os.listdir(tmp_path)) == [".bashrc.old", ".x.partial", "a", "far", "out"]
    assert sorted(os.listdir(tmp_path / "a")) == [".bashrc.old", ".x.partial"]
    assert os.listdir(outside) == [f".mine{folders.OLD}"]
    assert os.listdir(out) == ["linked"]


def test_what_cannot_be_put_back_where_nothing_can_be_written_is_told(tmp_path, monkeypatch):
    left_by_a_kill(tmp_path)

    def read_only(*_):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(whole_files, "opened_alone", read_only)
    with pytest.raises(OutputError, match=r"mine: a killed build has left it as .*Read-only"):
        holding.settled(tmp_path)
    (tmp_path / "a" / f".mine{folders.OLD}").rename(tmp_path / "a" / "mine")
    holding.settled(tmp_path)  # rubbish alone keeps nobody from reading


def test_a_command_that_is_killed_leaves_a_folder_that_the_next_one_takes(tmp_path):
    out = tmp_path / "out"
    first = holder(out)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert os.listdir(out) == [LOCK]
    code, said = build("--scenario", "foundation", "-o", out, "--dry-run")
    assert code == 0, said
    assert os.listdir(out) == []


@pytest.mark.slow
def test_a_build_that_was_killed_is_gone_on_with_at_once(tmp_path):
    """The reports it had begun are still being written; nobody writes between them."""
    slow = notebook(tmp_path / "slow.ipynb", "import time; time.sleep(1)")
    sweep = tmp_path / "s.yaml"
    sweep.write_text(f"notebook: {slow}\ngrid: {{body_mass_kg: [60.0, 61.0, 62.0, 63.0]}}\n")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "repdose", "build", "--sweep", str(sweep), "-o", str(out)]
    first = subprocess.Popen([*command, "-j2"], stderr=subprocess.DEVNULL)
    for _ in range(1200):
        if list(out.glob("*/*/manifest.json")):
            break
        time.sleep(0.05)
    first.kill()
    first.wait()
    done = subprocess.run([*command, "-j2"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len(list(out.glob("*/*/manifest.json"))) == 4
    assert not list(out.rglob(".*"))
