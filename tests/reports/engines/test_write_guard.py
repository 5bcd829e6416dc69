"""What a cell may touch: its own folder, on both engines, and with either guard alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap

import pytest
from report_notebooks import job

from repdose.reports import engines
from repdose.reports.engines import landlock
from repdose.reports.engines.write_guard import explained

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the guards differ on other systems"),
]

# Each changes something of the folder `there`, in which lie kept.txt, kept.db and a folder
PYTHONS = {
    "write": "open(f'{there}/new.txt', 'w')",
    "append": "open(f'{there}/kept.txt', 'a')",
    "descriptor": "os.open(f'{there}/new.txt', os.O_CREAT)",
    "rmtree": "shutil.rmtree(there)",
    "rmtree_quietly": "shutil.rmtree(there, ignore_errors=True)",
    "unlink_by_handle": "os.unlink('kept.txt', dir_fd=os.open(there, os.O_RDONLY))",
    "rmdir_by_handle": "os.rmdir('empty', dir_fd=os.open(there, os.O_RDONLY))",
    "rename_by_handle": (
        "h = os.open(there, os.O_RDONLY); os.rename('kept.txt', 'x', src_dir_fd=h, dst_dir_fd=h)"
    ),
    "move_in": "shutil.move(f'{there}/kept.txt', 'mine.txt')",
    "move_out": "open('mine.txt', 'w').close(); os.rename('mine.txt', f'{there}/new.txt')",
    "link": "os.link(f'{there}/kept.txt', 'mine')",
    "symlink": "os.symlink('/etc', f'{there}/new')",
    "through_a_link": "os.symlink(there, 'way'); open('way/new.txt', 'w')",
    "a_link_itself": "os.unlink(f'{there}/link')",
    "mkdir_of_caches": "os.makedirs(f'{there}/.cache/matplotlib')",
    "file_of_caches": "open(f'{there}/matplotlib/font.json', 'w')",
    "compiled": "open(f'{there}/__pycache__/x.pyc', 'w')",
    "truncate": "os.truncate(f'{there}/kept.txt', 0)",
    "chmod": "os.chmod(f'{there}/kept.txt', 0o777)",
    "chmod_by_handle": "os.chmod(os.open(f'{there}/kept.txt', os.O_RDONLY), 0o777)",
    "utime": "os.utime(f'{there}/kept.txt', (0, 0))",
    "touch": "pathlib.Path(f'{there}/kept.txt').touch()",
    "chown": "os.chown(f'{there}/kept.txt', os.getuid(), 12)",
    "setxattr": "os.setxattr(f'{there}/kept.txt', 'user.x', b'1')",
    "new_database": "sqlite3.connect(f'{there}/new.db').execute('create table t (x)')",
    "database": "sqlite3.connect(f'{there}/kept.db').execute('create table u (x)')",
    "socket": "socket.socket(socket.AF_UNIX).bind(f'{there}/new.sock')",
}
# What Python says nothing of
COMPILED = {
    "mkfifo": "os.mkfifo(f'{there}/new.fifo')",
    "open_by_handle": "os.open('new.txt', os.O_CREAT | os.O_WRONLY, dir_fd=handle)",
    "parquet": "pd.DataFrame({'a': [1]}).to_parquet(f'{there}/new.parquet', engine='pyarrow')",
    "libc": "assert ctypes.CDLL(None).unlink(f'{there}/kept.txt'.encode()) == 0",
    "program": "subprocess.run(['rm', '-r', there], check=True)",
    "shell": "subprocess.run(f'echo x > {there}/new.txt', shell=True, check=True)",
    "thread": "threads(lambda: ctypes.CDLL(None).rmdir(f'{there}/empty'.encode()))",
}
ALLOWED = {
    "own": "open('a.txt', 'w').write('x'); os.chmod('a.txt', 0o600); os.utime('a.txt')",
    "own_tree": "os.makedirs('b/c/.cache'); os.rename('b/c', 'd'); shutil.rmtree('b')",
    "own_database": "sqlite3.connect('own.db').execute('create table t (x)')",
    "own_link": "os.symlink(there, 'out'); os.unlink('out')",
    "memory": "sqlite3.connect(':memory:')",
    "read": "open(f'{there}/kept.txt').read()",
    "read_database": (
        "sqlite3.connect(f'file:{there}/kept.db?mode=ro', uri=True).execute('select * from t')"
    ),
    "nowhere": "open(os.devnull, 'w').write('x')",
    "temporary": "tempfile.TemporaryFile().write(b'x')",
    "processes": "multiprocessing.get_context('fork').Pool(1).map(abs, [-1])",
    "own_shell": "subprocess.run('echo x > s.txt; cat s.txt > /dev/null', shell=True, check=True)",
}
IMPORTS = (
    "import ctypes, json, multiprocessing, os, pathlib, shutil, socket, sqlite3, subprocess\n"
    "import tempfile, threading\n"
)
TRIES = """
def threads(work):
    found = []
    one = threading.Thread(target=lambda: found.append(work()))
    one.start(); one.join()
    assert found == [0]
said = {}
for name, code in tries.items():
    try:
        exec(code, {**globals(), 'there': there})
        said[name] = ''
    except Exception as error:
        said[name] = f'{type(error).__name__}: {error}'
print(json.dumps(said))
"""


@pytest.fixture
def there(tmp_path):
    """A folder outside, and what it holds with mode, times and content."""
    folder = tmp_path / "there"
    for name in ("empty", "matplotlib", "__pycache__"):
        (folder / name).mkdir(parents=True)
    (folder / "kept.txt").write_text("kept")
    (folder / "link").symlink_to("kept.txt")
    import sqlite3

    with sqlite3.connect(folder / "kept.db") as made:
        made.execute("create table t (x)")
    made.close()
    for path in sorted(folder.rglob("*")):
        path.chmod(0o755)
        os.utime(path, (1e9, 1e9))
    return folder


def state(folder):
    return [
        (str(path), one.st_mode, one.st_mtime_ns, one.st_gid, one.st_size)
        for path in sorted(folder.rglob("*"))
        for one in [path.lstat()]
    ]


def tried(tmp_path, there, tries, engine):
    """What came of each try in one cell, by name; empty of what went through."""
    code = f"{IMPORTS}import pandas as pd\nthere = {str(there)!r}\ntries = {tries!r}\n"
    code += "handle = os.open(there, os.O_RDONLY)" + TRIES
    one = job(tmp_path, "tries", code)
    [outcome] = engines.run_jobs([one], engine=engine, workers=1)
    assert (outcome.status, outcome.message) == ("made", "")
    cells = json.loads((one.folder / "report.ipynb").read_text("utf-8"))["cells"]
    said = cells[4]["outputs"][0]["text"]
    return json.loads(said[said.index("{") : said.rindex("}") + 1])


@pytest.mark.parametrize("engine", engines.ENGINES)
def test_a_cell_changes_nothing_outside_and_is_told_what_to_do(tmp_path, there, engine):
    before = state(there)
    pytest.importorskip("pyarrow")
    compiled = COMPILED if landlock_is_there() else {}
    said = tried(tmp_path, there, PYTHONS | compiled | ALLOWED, engine)
    assert state(there) == before
    for name in PYTHONS:
        assert "a cell writes to its own folder only" in said[name], name
        assert "Show the result by report.figure" in said[name], name
    assert {name: said[name] for name in ALLOWED} == dict.fromkeys(ALLOWED, "")
    assert [name for name in compiled if not said[name]] == []


def landlock_is_there():
    code = "from repdose.reports.engines import landlock; print(landlock.restrict({}))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return ran.stdout == "True\n"


def alone(tmp_path, there, tries, without):
    """The same in a plain process, one guard taken away."""
    own = tmp_path / "own"
    own.mkdir()
    code = f"""
        import os, sys
        {IMPORTS.replace(chr(10), chr(10) + "        ")}
        import pandas as pd
        from repdose.reports.engines import landlock, write_guard
        os.chdir({str(own)!r})
        there, tries = {str(there)!r}, {tries!r}
        handle = os.open(there, os.O_RDONLY)
        {without}
        write_guard.guard({str(own)!r})
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code) + TRIES],
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def test_where_linux_has_no_guard_pythons_own_functions_are_still_guarded(tmp_path, there):
    before = state(there)
    without = "landlock._CREATE_RULESET = 9999  # as before Linux 5.13: no such call"
    said = alone(tmp_path, there, PYTHONS | ALLOWED, without)
    assert state(there) == before
    assert [name for name in PYTHONS if "a cell writes to" not in said[name]] == []
    assert {name: said[name] for name in ALLOWED} == dict.fromkeys(ALLOWED, "")


def test_linux_alone_keeps_every_file_and_its_content(tmp_path, there):
    """What it has no right for is how a file is marked: mode, owner, times, attributes."""
    if not landlock_is_there():
        pytest.skip("this Linux has no Landlock")
    marks = {"chmod", "chmod_by_handle", "utime", "touch", "chown", "setxattr"}
    tries = {name: code for name, code in (PYTHONS | COMPILED).items() if name not in marks}
    before = state(there)
    said = alone(tmp_path, there, tries | ALLOWED, "sys.addaudithook = lambda hook: None")
    assert state(there) == before
    through = {name for name in tries if not said[name]}
    assert through == {"rmtree_quietly"}  # which says nothing, and takes nothing away
    assert {name: said[name] for name in ALLOWED} == dict.fromkeys(ALLOWED, "")


def test_a_refusal_of_the_system_is_explained_and_nothing_else_is():
    for problem in (
        "PermissionError: [Errno 13] Failed to open local file '/x/y.parquet'",
        "OperationalError: attempt to write a readonly database",
        "OperationalError: unable to open database file",
    ):
        assert explained(problem).startswith(f"{problem} (if that was to be written: a cell")
    for problem in ("ValueError: 13", explained("PermissionError: Permission denied")):
        assert explained(problem) == problem


def test_a_guard_costs_a_process_no_file_of_its_own_and_no_handle(tmp_path):
    code = (
        "import os\nfrom repdose.reports.engines import landlock\n"
        "before = os.listdir('/proc/self/fd')\n"
        f"landlock.restrict({{{str(tmp_path)!r}: landlock.EVERY_CHANGE, '/gone': 2}})\n"
        "print(before == os.listdir('/proc/self/fd'))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"
    assert landlock.OF_A_FILE & ~landlock.EVERY_CHANGE == 0
